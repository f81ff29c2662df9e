"""Weights of features, by which the right candidate of a question stands out: softmax regression.

The loss of a question is -log of the share of exp(score) that its relevant candidates have among
all (ListNet's top-one probability: Cao et al., "Learning to rank", ICML 2007), scores being linear
in the features; L-BFGS finds the minimum, which is the only one where a question has one relevant
candidate.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch

from eval.learn.examples import Example
from retrieval.plan import SearchPlan
from retrieval.store.protocol import FloatArray

_PENALTY = 1e-5
_OUT = -1e9


def fitted(examples: Sequence[Example], plan: SearchPlan) -> FloatArray:
    """The weights of a plan's features, shape (features,).

    Args:
        examples: those without a relevant candidate teach nothing and are left out.
        plan: whose features.
    """
    useful = [example for example in examples if example.relevant.any()]
    table, there, right = _padded(useful, plan)
    share = torch.tensor([example.weight for example in useful])
    share = share / share.sum()
    # Features of one scale are learned in few steps.
    scale = table[there].std(dim=0).clamp(min=1e-6)
    table = table / scale
    weights = torch.zeros(table.shape[2], requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=100, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        scores = (table @ weights).masked_fill(~there, _OUT)
        all_of_them = torch.logsumexp(scores, 1)
        the_right = torch.logsumexp(scores.masked_fill(~right, _OUT), 1)
        value = (share * (all_of_them - the_right)).sum() + _PENALTY * (weights**2).sum()
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    return np.asarray((weights / scale).detach().numpy(), dtype=np.float32)


def _padded(
    examples: Sequence[Example], plan: SearchPlan
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Features (q, n, k), which candidates there are (q, n), which of them are relevant (q, n)."""
    tables = [torch.tensor(example.features(plan)) for example in examples]
    pad: Callable[..., torch.Tensor] = torch.nn.utils.rnn.pad_sequence
    there = pad([torch.ones(len(table), dtype=torch.bool) for table in tables], batch_first=True)
    right = pad([torch.tensor(example.relevant) for example in examples], batch_first=True)
    return pad(tables, batch_first=True), there, right


def quality(examples: Sequence[Example], plan: SearchPlan, weights: FloatArray) -> dict[str, float]:
    """Success@1, @5, @10 and RR@10 of a ranking by these weights; 0 where nothing is right."""
    ranks = np.array([_rank(example, plan, weights) for example in examples])
    found = {f"Success@{k}": float(np.mean(ranks <= k)) for k in (1, 5, 10)}
    return {**found, "RR@10": float(np.mean(np.where(ranks <= 10, 1 / ranks, 0)))}  # noqa: PLR2004


def _rank(example: Example, plan: SearchPlan, weights: FloatArray) -> float:
    """The rank of the first relevant candidate, from 1; infinite if there is none."""
    if not example.relevant.any():
        return np.inf
    scores = example.features(plan) @ weights
    best = scores[example.relevant].max()
    return 1.0 + float(np.sum(scores > best))

"""How far an answer's confidence can be trusted: the risk-coverage curve and its AUROC.

Of all questions, only the share answered of which the engine is surest (coverage): how many of
these answers are wrong (risk)? El-Yaniv & Wiener, "On the Foundations of Noise-free Selective
Classification", JMLR 2010. An answer is right when its first citation overlaps a gold span, so that
every answer to an unanswerable question is wrong. A refused question stands where its confidence
puts it, with what it would have cited (`Answer.closest`).

The AUROC is the chance that a right answer has more confidence than a wrong one, ties counting half
(Hanley & McNeil, Radiology 1982); its interval is a bootstrap over the questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.answers import Judged
from eval.bootstrap import CONFIDENCE, SEED
from eval.estimates import Estimate

RESAMPLES = 1_000

BEFORE_ENGINE = frozenset({"no_evidence"})
"""Reasons of refusals which a lower threshold would have answered."""

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """Coverages (rising, the last one the most that can be answered) with the risk at each.

    `coverage` and `risk` hold one value for each confidence that occurs; `set_at` is the coverage
    at which the engine itself stops answering. `auroc` is None where all answers are right, or all
    wrong.
    """

    coverage: tuple[float, ...]
    risk: tuple[float, ...]
    set_at: float
    auroc: Estimate | None

    def risk_at(self, coverage: float) -> float | None:
        """The risk where this share is answered; None where so much cannot be."""
        place = int(np.searchsorted(self.coverage, coverage - 1e-9))
        return self.risk[place] if place < len(self.risk) else None


def risk_coverage(judged: Sequence[Judged], seed: int = SEED) -> RiskCoverage:
    """The curve over questions (at least one), answerable and unanswerable."""
    could = [one for one in judged if could_answer(one)]
    scores = np.array([confidence(one) for one in could])
    right = np.array([one.right for one in could], dtype=np.bool_)
    order = np.argsort(-scores, kind="stable")
    wrong = np.cumsum(~right[order])
    number = np.arange(1, len(could) + 1)
    # Of answers with one confidence, all are shown or none.
    last = np.flatnonzero(np.diff(scores[order], append=-np.inf))
    return RiskCoverage(
        tuple((number[last] / len(judged)).tolist()),
        tuple((wrong[last] / number[last]).tolist()),
        sum(not one.refused for one in judged) / len(judged),
        auroc(scores, right, seed),
    )


def auroc(scores: Floats, positive: Flags, seed: int = SEED) -> Estimate | None:
    """How well scores tell the positive from the others, 0 to 1; None where there is one kind only.

    Args:
        scores: shape (n,); more for the positive.
        positive: shape (n,).
        seed: of the bootstrap.
    """
    if positive.all() or not positive.any():
        return None
    _, level = np.unique(scores, return_inverse=True)
    counts = np.zeros((2, level.max() + 1))
    np.add.at(counts, (positive.astype(np.intp), level), 1)
    # A positive and a negative never change kind, so each kind is drawn anew by itself.
    random = np.random.default_rng(seed)
    drawn = [
        random.multinomial(int(of_kind.sum()), of_kind / of_kind.sum(), size=RESAMPLES)
        for of_kind in counts
    ]
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(_auroc(drawn[0], drawn[1]), [tail, 1 - tail])
    mean = _auroc(counts[:1], counts[1:])[0]
    return Estimate(float(mean), float(low), float(high), len(scores))


def could_answer(one: Judged) -> bool:
    """Whether it is answered, or would be if the engine had to be less sure."""
    return not one.refused or (one.answer is not None and one.answer.reason in BEFORE_ENGINE)


def confidence(one: Judged) -> float:
    """Its answer's confidence."""
    return one.answer.confidence if one.answer else 0.0


def _auroc(negative: Floats | NDArray[np.int64], positive: Floats | NDArray[np.int64]) -> Floats:
    """From counts of negatives and positives at each score, rising; shapes (samples, scores)."""
    below = np.cumsum(negative, axis=1) - 0.5 * negative
    won = (positive * below).sum(axis=1)
    shares: Floats = won / (negative.sum(axis=1) * positive.sum(axis=1))
    return shares

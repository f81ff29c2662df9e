"""The gate before every engine: can these passages answer the question at all?

A logistic regression over five signals, learned from questions that videos answer and from
questions that they do not (`python -m eval.refusal` learns it, says how good it is, and writes the
weights). The signals are similarities and shares, so that they mean the same in any library.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from retrieval.answer.reading.evidence import THRESHOLD, Evidence, coverage
from retrieval.store.protocol import Candidate, QueryVectors

SUFFICIENT = 0.4
"""The least confidence at which a question is answered; where that stands, `eval.refusal` tells."""

SIGNALS = ("dense", "sentences", "words", "covered", "unknown")


def signals(
    question: QueryVectors, candidates: Sequence[Candidate], evidence: Sequence[Evidence]
) -> dict[str, float]:
    """What the gate goes by.

    `dense`, `sentences` and `words` are the best scores of any candidate in these legs, `covered`
    the share of the question's terms in the best evidence, and `unknown` the share that no segment
    has, as rare as they are; all about 0 to 1.

    Args:
        question: its vectors.
        candidates: with a score in each of the three legs; at least one.
        evidence: at least one unit.
    """
    best = max(evidence, key=lambda unit: unit.score)
    terms = frozenset(question.bm25.indices)
    return {
        "dense": max(candidate.scores["dense"] for candidate in candidates),
        "sentences": max(candidate.scores["sentences"] for candidate in candidates),
        "words": max(candidate.scores["words"] for candidate in candidates),
        "covered": coverage(terms, best.text),
        "unknown": question.unknown,
    }


def confidence(
    question: QueryVectors, candidates: Sequence[Candidate], evidence: Sequence[Evidence]
) -> float:
    """How likely it is, 0 to 1, that the evidence answers the question.

    An embedding model without word vectors has no candidates here, and nothing was learned for it:
    then the best evidence's score decides alone, by `evidence.THRESHOLD`.
    """
    if not evidence:
        return 0.0
    if not candidates:
        best = max(unit.score for unit in evidence)
        return _logistic(10 * (best - THRESHOLD) + math.log(SUFFICIENT / (1 - SUFFICIENT)))
    weights = learned_weights()
    found = signals(question, candidates, evidence)
    return _logistic(weights["bias"] + sum(weights[name] * found[name] for name in SIGNALS))


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, x))))


@cache
def learned_weights() -> Mapping[str, float]:
    """A weight for each signal, and the bias."""
    text = files("retrieval.answer.reading").joinpath("sufficiency.json").read_text("utf-8")
    weights: dict[str, float] = json.loads(text)["weights"]
    return weights

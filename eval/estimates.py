"""Means of runs with their 95 % intervals, as tables and plots show them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.bootstrap import SEED, intervals
from eval.runs import QuestionResult


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over `n` questions and the bounds of its interval (`eval.bootstrap`)."""

    mean: float
    low: float
    high: float
    n: int


def estimates(
    runs: Sequence[Sequence[QuestionResult]], measures: Sequence[str], seed: int = SEED
) -> list[dict[str, Estimate]]:
    """For each run its measures by name, in the order asked for.

    A measure that no question of a run has is left out. Runs that asked the same questions are
    resampled alike, all at once.
    """
    numbers: dict[str, int] = {}
    for question in (question for run in runs for question in run):
        numbers.setdefault(question.qid, len(numbers))
    values = np.full((len(numbers), len(runs), len(measures)), math.nan)
    for r, run in enumerate(runs):
        for question in run:
            scores = [question.measures.get(name, math.nan) for name in measures]
            values[numbers[question.qid], r] = scores
    found = intervals(values.reshape(len(numbers), len(runs) * len(measures)), seed=seed)
    shape = (len(runs), len(measures))
    means, lows, highs = (part.reshape(shape) for part in (found.mean, found.low, found.high))
    counts = (~np.isnan(values)).sum(axis=0)
    return [
        {
            name: Estimate(
                float(means[r, m]), float(lows[r, m]), float(highs[r, m]), int(counts[r, m])
            )
            for m, name in enumerate(measures)
            if counts[r, m]
        }
        for r in range(len(runs))
    ]

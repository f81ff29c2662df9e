"""The bootstrap: how far a mean over questions would move if other questions had been asked.

B times, as many units are drawn as there are, with replacement, and the mean is taken again; the
2.5 % and 97.5 % quantiles of these B means are the 95 % percentile interval (Efron & Tibshirani,
"An Introduction to the Bootstrap", 1993, ch. 13.3). For retrieval measures, where scores are far
from normal, see Sakai, "Evaluating Evaluation Metrics based on the Bootstrap", SIGIR 2006.

A unit is a question, or all questions of a video (`units`): questions of one video are not
independent of each other, and the interval by video holds for other videos, not only for other
questions on these. The mean stays that over questions: with S_u the sum of a unit's scores and n_u
their number, each resample's mean is sum(S_u) / sum(n_u), a ratio of two sums (Davison & Hinkley,
"Bootstrap Methods and their Application", 1997, ch. 2.2 and 3.8).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.runs import Matrix

RESAMPLES = 10_000
SEED = 0
CONFIDENCE = 0.95

_BLOCK = 4_000_000
"""So many counts are held at a time (32 MB)."""


@dataclass(frozen=True, slots=True)
class Intervals:
    """Means over questions with the bounds of their intervals, each of shape (m,).

    NaN where no question has the measure.
    """

    mean: Matrix
    low: Matrix
    high: Matrix


def intervals(
    values: Matrix,
    units: Sequence[Hashable] | None = None,
    seed: int = SEED,
    resamples: int = RESAMPLES,
) -> Intervals:
    """Means of columns and their 95 % percentile intervals.

    Args:
        values: shape (questions, m); NaN where a question has no value, which it then takes no
            part in. All columns share the same resamples.
        units: the unit that each question belongs to; None: each is its own.
        seed: of the resampling.
        resamples: B.
    """
    mean, low, high = np.full((3, values.shape[1]), np.nan)
    known = ~np.isnan(values).all(axis=0)
    if known.any():
        sums, counts = _by_unit(values[:, known], units)
        mean[known] = sums.sum(axis=0) / counts.sum(axis=0)
        # A resample may hold no question that has the measure: it has no mean then.
        with np.errstate(invalid="ignore"):
            means = [
                drawn @ sums / (drawn @ counts) for drawn in _draws(len(sums), resamples, seed)
            ]
        tail = (1 - CONFIDENCE) / 2
        bounds = np.nanquantile(np.vstack(means), [tail, 1 - tail], axis=0)
        low[known], high[known] = bounds
    # A sum of scores that cancel each other is 0, not the 1e-17 that floats make of it.
    return Intervals(*(np.round(part, 12) for part in (mean, low, high)))


def _by_unit(values: Matrix, units: Sequence[Hashable] | None) -> tuple[Matrix, Matrix]:
    """Sums and numbers of the values there are, each of shape (units, m)."""
    there = (~np.isnan(values)).astype(np.float64)
    values = np.nan_to_num(values)
    if units is None:
        return values, there
    numbers: dict[Hashable, int] = {}
    index = np.array([numbers.setdefault(unit, len(numbers)) for unit in units], dtype=np.intp)
    sums, counts = np.zeros((2, len(numbers), values.shape[1]))
    np.add.at(sums, index, values)
    np.add.at(counts, index, there)
    return sums, counts


def _draws(units: int, resamples: int, seed: int) -> Iterator[NDArray[np.float64]]:
    """How often each unit is drawn, in blocks of shape (some resamples, units)."""
    random = np.random.default_rng(seed)
    rows = max(1, _BLOCK // max(1, units))
    for begin in range(0, resamples, rows):
        size = min(rows, resamples - begin)
        drawn = random.integers(units, size=(size, units))
        drawn += np.arange(size)[:, None] * units
        counted = np.bincount(drawn.ravel(), minlength=size * units)
        yield counted.reshape(size, units).astype(np.float64)

"""Whether one run is better than another: a paired bootstrap over the questions that both asked.

For each question the difference of its two scores, B - A; for their mean the 95 % percentile
interval (`eval.bootstrap`; Efron & Tibshirani 1993, ch. 13; for retrieval Sakai, SIGIR 2006). Where
the interval contains 0, the verdict is "no difference". On retrieval runs the bootstrap agrees with
the randomisation test and with Student's t (Smucker, Allan & Carterette, "A Comparison of
Statistical Significance Tests for Information Retrieval Evaluation", CIKM 2007), but not where few
scores differ: four questions lost and none won put the interval below 0 (only exp(-4), less than
2.5 %, of the resamples miss all four), though four coins fall alike one time in eight. The
randomisation test flips the sign of each difference at random; with fewer than six differences it
cannot reach 5 % on both sides, as 2 / 2^5 > 0.05. So where fewer than `MIN_CHANGED` units changed,
the verdict is "no difference" too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from eval.bootstrap import SEED, intervals
from eval.runs import LOWER_IS_BETTER, Matrix, QuestionResult, StoredRun, values_of
from playhead.errors import DatasetError

Verdict = Literal["better", "worse", "no difference"]
Unit = Literal["question", "video"]

MIN_CHANGED = 6
FEW_UNITS = 20
"""With fewer units than this, percentile intervals are known to be too narrow."""

SAME = 1e-9
"""Scores nearer than this are the same."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure in two runs, over the `n` questions for which both have it.

    `a`, `b` are means, `difference` is b - a with its interval `low` to `high`, all in the
    measure's own unit. `better`, `worse` and `same` count questions, and like `verdict` they say
    how B did, whichever way the measure points. `only_a` and `only_b` count the questions for which
    one run has the measure and the other has not.
    """

    measure: str
    n: int
    a: float
    b: float
    difference: float
    low: float
    high: float
    verdict: Verdict
    better: int
    worse: int
    same: int
    only_a: int = 0
    only_b: int = 0


@dataclass(frozen=True, slots=True)
class Loss:
    """A question that lost from A to B in one measure; `lost` is positive."""

    measure: str
    before: QuestionResult
    after: QuestionResult
    lost: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Run B against run A over the questions that both asked.

    `units` is how many units were resampled; `only_a` and `only_b` count questions of one run.
    """

    a: StoredRun
    b: StoredRun
    pairs: tuple[tuple[QuestionResult, QuestionResult], ...]
    differences: tuple[Difference, ...]
    by: Unit
    units: int
    seed: int

    @property
    def only_a(self) -> int:
        """Questions that only run A asked."""
        return len(self.a.questions) - len(self.pairs)

    @property
    def only_b(self) -> int:
        """Questions that only run B asked."""
        return len(self.b.questions) - len(self.pairs)

    def worst(self, measure: str, n: int) -> list[Loss]:
        """The questions that lost most in a measure, most first; questions that lost only."""
        sign = -1 if measure in LOWER_IS_BETTER else 1
        losses = [
            Loss(measure, a, b, sign * (a.measures[measure] - b.measures[measure]))
            for a, b in self.pairs
            if measure in a.measures and measure in b.measures
        ]
        lost = [loss for loss in losses if loss.lost > SAME]
        return sorted(lost, key=lambda loss: -loss.lost)[:n]


def compare(
    a: StoredRun,
    b: StoredRun,
    measures: Sequence[str] = (),
    by: Unit = "question",
    seed: int = SEED,
) -> Comparison:
    """Compare run B with run A.

    Args:
        a: what it was before, or the other way to do it.
        b: what is judged.
        measures: by name; none means all that both runs have.
        by: the unit of resampling.
        seed: of the resampling.

    Raises:
        DatasetError: they are of different datasets, share no question, or one lacks a measure.
    """
    if a.dataset_hash != b.dataset_hash:
        raise DatasetError(
            f"{_name(a)} and {_name(b)} were measured on different datasets "
            f"({a.dataset_hash[:12]} and {b.dataset_hash[:12]})",
            "Measure both on the same one",
        )
    pairs = _pairs(a, b)
    names = _measures(a, b, measures)
    units = unit_names([question for question, _ in pairs], by)
    found = differences(pairs, names, units, seed)
    if not found:
        raise DatasetError(f"no question has {', '.join(names)} in both runs", "Measure again")
    return Comparison(a, b, pairs, found, by, len(set(units)), seed)


def differences(
    pairs: Sequence[tuple[QuestionResult, QuestionResult]],
    measures: Sequence[str],
    units: Sequence[str],
    seed: int = SEED,
) -> tuple[Difference, ...]:
    """What changed in each measure; measures that no pair has are left out.

    Args:
        pairs: the same question before and after.
        measures: by name.
        units: for each pair, the unit of resampling that it belongs to.
        seed: of the resampling.
    """
    before = values_of([a for a, _ in pairs], measures)
    after = values_of([b for _, b in pairs], measures)
    found = intervals(after - before, units, seed)
    columns = zip(measures, before.T, after.T, found.mean, found.low, found.high, strict=True)
    return tuple(
        _difference(name, a, b, (float(mean), float(low), float(high)), units)
        for name, a, b, mean, low, high in columns
        if not np.isnan(mean)
    )


def unit_names(questions: Sequence[QuestionResult], by: Unit) -> list[str]:
    """The unit of each question; one that was asked about no single video is a unit of its own."""
    if by == "question":
        return [f"question {question.qid}" for question in questions]
    return [
        f"question {question.qid}" if question.video_id is None else f"video {question.video_id}"
        for question in questions
    ]


def _difference(
    measure: str,
    before: Matrix,
    after: Matrix,
    interval: tuple[float, float, float],
    units: Sequence[str],
) -> Difference:
    mean, low, high = interval
    both = ~np.isnan(after - before)
    gain = (after - before)[both] * (-1 if measure in LOWER_IS_BETTER else 1)
    changed = {unit for unit, d in zip(np.array(units)[both], gain, strict=True) if abs(d) > SAME}
    verdict: Verdict = "no difference"
    if len(changed) >= MIN_CHANGED and (low > 0 or high < 0):
        verdict = "better" if (mean > 0) == (measure not in LOWER_IS_BETTER) else "worse"
    better, worse = int((gain > SAME).sum()), int((gain < -SAME).sum())
    return Difference(
        measure=measure,
        n=len(gain),
        a=float(before[both].mean()),
        b=float(after[both].mean()),
        difference=mean,
        low=low,
        high=high,
        verdict=verdict,
        better=better,
        worse=worse,
        same=len(gain) - better - worse,
        only_a=int((~np.isnan(before) & np.isnan(after)).sum()),
        only_b=int((np.isnan(before) & ~np.isnan(after)).sum()),
    )


def _pairs(a: StoredRun, b: StoredRun) -> tuple[tuple[QuestionResult, QuestionResult], ...]:
    after = {question.qid: question for question in b.questions}
    pairs = tuple((q, after[q.qid]) for q in a.questions if q.qid in after)
    if not pairs:
        raise DatasetError(
            f"{_name(a)} and {_name(b)} share no question",
            "Measure both on the same questions",
        )
    return pairs


def _measures(a: StoredRun, b: StoredRun, wanted: Sequence[str]) -> list[str]:
    shared = [name for name in a.measures if name in b.measures]
    if missing := [name for name in wanted if name not in shared]:
        raise DatasetError(
            f"not both runs have the measure {', '.join(missing)}",
            f"Both have {', '.join(shared)}" if shared else "Measure again",
        )
    if not shared:
        raise DatasetError("the runs share no measure", "Measure again")
    return list(dict.fromkeys(wanted)) or shared


def _name(run: StoredRun) -> str:
    return f"{run.config} on {run.dataset}"

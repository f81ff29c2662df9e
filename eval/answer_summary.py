"""What a run of questions and answers comes to: the figures that a report shows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.answer_runs import AnswerRun
from eval.answers import CITATIONS, DROPPED, SEEK, Judged
from eval.bootstrap import CONFIDENCE, SEED
from eval.confidence import RiskCoverage, auroc, confidence, could_answer, risk_coverage
from eval.estimates import Estimate, estimates
from eval.runs import QuestionResult

RESAMPLES = 1_000
COVERAGES = (0.25, 0.5, 0.75, 0.9, 1.0)
"""Where the risk is told in words; the whole curve is in the JSON and in the plot."""

_REFUSED = "refused"
_PARTICULAR = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”|\bS?\d[\d.,]*")

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Summary:
    """One engine's figures, those that apply.

    `measures` are means over questions (`eval.answers`); `refused` are shares by the kind of
    question: "answerable", "unanswerable", "without_own_video", "foreign", "foreign_learned".
    `seek_error` holds the "median" and the "p95" (seconds) over the answers of which it is defined,
    and `elsewhere` counts answers whose first citation lies in a video without gold. `foreign` is
    the AUROC of the confidence, answerable questions against foreign ones. `reasons` counts
    refusals, `drops` dropped claims, `notices` notices, each by its wording. `latency_ms` has p50
    and p95 of each step.
    """

    engine: str
    measures: Mapping[str, Estimate]
    refused: Mapping[str, Estimate]
    seek_error: Mapping[str, Estimate]
    elsewhere: int
    curve: RiskCoverage
    foreign: Estimate | None
    claims_shown: int
    claims_dropped: int
    drops: Mapping[str, int]
    reasons: Mapping[str, int]
    notices: Mapping[str, int]
    latency_ms: Mapping[str, Mapping[str, float]]

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return asdict(self)


def summary_of(run: AnswerRun) -> Summary:
    """Sum up a run (of at least one question)."""
    (measures,) = estimates([run.results], [*CITATIONS, DROPPED])
    errors = np.array([r.measures[SEEK] for r in run.results if SEEK in r.measures])
    answers = [one.answer for one in run.judged if one.answer is not None]
    drops = Counter(drop_kind(d.reason) for answer in answers for d in answer.dropped)
    return Summary(
        engine=run.engine,
        measures=measures,
        refused=refusals_of(run),
        seek_error=_seek(errors),
        elsewhere=sum(bool(o.question.gold) and not o.refused for o in run.judged) - len(errors),
        curve=risk_coverage(run.judged),
        foreign=_told_from_foreign(run),
        claims_shown=sum(len(answer.claims) for answer in answers),
        claims_dropped=drops.total(),
        drops=dict(drops.most_common()),
        reasons=_counts(answer.reason for answer in answers),
        notices=_counts(answer.notice for answer in answers),
        latency_ms=_latency(run),
    )


def refusals_of(run: AnswerRun) -> dict[str, Estimate]:
    """The share of questions refused, by their kind; kinds that were not asked are left out."""
    kinds: dict[str, Sequence[Judged]] = {
        "answerable": [one for one in run.judged if one.question.gold],
        "unanswerable": [one for one in run.judged if not one.question.gold],
        "without_own_video": run.without_own_video,
        **run.foreign,
    }
    asked = {name: _refused(judged) for name, judged in kinds.items() if judged}
    return {name: estimates([results], [_REFUSED])[0][_REFUSED] for name, results in asked.items()}


def drop_kind(reason: str) -> str:
    """A reason without ids, quotes, numbers and what follows a colon: those are one claim's."""
    general = _PARTICULAR.sub("…", reason.partition(":")[0].partition("(")[0])
    return " ".join(general.split())


def _refused(judged: Sequence[Judged]) -> list[QuestionResult]:
    return [
        QuestionResult(one.question.qid, None, one.question.text, {_REFUSED: float(one.refused)})
        for one in judged
    ]


def _told_from_foreign(run: AnswerRun) -> Estimate | None:
    own = [one for one in run.judged if one.question.gold and could_answer(one)]
    foreign = [one for one in run.foreign.get("foreign", ()) if could_answer(one)]
    if not own or not foreign:
        return None
    scores = np.array([confidence(one) for one in (*own, *foreign)])
    return auroc(scores, np.arange(len(scores)) < len(own))


def _seek(errors: Floats) -> dict[str, Estimate]:
    if not errors.size:
        return {}
    return {"median": _quantile(errors, 0.5), "p95": _quantile(errors, 0.95)}


def _quantile(values: Floats, at: float) -> Estimate:
    """A quantile with its percentile interval by the bootstrap (`eval.bootstrap`)."""
    random = np.random.default_rng(SEED)
    drawn = random.choice(values, size=(RESAMPLES, values.size))
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(np.quantile(drawn, at, axis=1), [tail, 1 - tail])
    return Estimate(float(np.quantile(values, at)), float(low), float(high), values.size)


def _counts(words: Iterable[str | None]) -> dict[str, int]:
    return dict(Counter(word for word in words if word is not None).most_common())


def _latency(run: AnswerRun) -> dict[str, dict[str, float]]:
    """p50 and p95 of each step in milliseconds, and of all steps of a question together.

    The questions' vectors were there already, so that embedding is timed by itself; "total" is of
    the questions for which it was.
    """
    steps: dict[str, list[float]] = {"embed": list(run.embedding_ms.values())}
    totals = []
    for one in run.judged:
        timings = dict(one.answer.timings_ms) if one.answer else {}
        timings.pop("embed", None)
        for name, milliseconds in timings.items():
            steps.setdefault(name, []).append(milliseconds)
        if timings and one.question.qid in run.embedding_ms:
            totals.append(run.embedding_ms[one.question.qid] + sum(timings.values()))
    steps["total"] = totals
    return {name: _percentiles(times) for name, times in steps.items() if times}


def _percentiles(times: Sequence[float]) -> dict[str, float]:
    p50, p95 = np.percentile(times, [50, 95])
    return {"p50": round(float(p50), 2), "p95": round(float(p95), 2)}

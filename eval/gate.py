"""A gate: the scores of one day, kept in a file, below which a later day must not fall.

The file keeps each question's scores, so that a later run is compared with it question by question
(`eval.compare`). Measuring is deterministic; what moves a score is a change, and a change that is
no worse on the whole still moves some questions up and some down. A measure fails where

- the drop is beyond that noise: the verdict of the paired bootstrap is "worse", or
- the drop is large: more than `TOLERANCE` on average, and at least `MIN_WORSE` more questions got
  worse than better. The intervals of a small set (the twenty questions without an answer, say) are
  so wide that the first rule alone would hardly ever fail.

What that means, simulated with four measures at once (200 times each; share of runs that fail):

    questions   half the ranks drawn anew   a tenth   and one answer in ten lost   one in five
           73                        .065         0                     .53 to .79   .96 to 1.0
           20                         .17       .01                     .31 to .53   .78 to .79

Every question that changed is told as well, failed or not.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eval.compare import Difference, differences
from eval.runs import UNITS, QuestionResult
from playhead.errors import DatasetError

TOLERANCE = 0.1
MIN_WORSE = 3

_DIGITS = 6

Scores = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Baseline:
    """What was measured once: for each question its measures by name, and on which dataset."""

    dataset: str
    dataset_hash: str
    config: str
    questions: Scores

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure that some question has, in order of first appearance."""
        names = (name for scores in self.questions.values() for name in scores)
        return tuple(dict.fromkeys(names))


@dataclass(frozen=True, slots=True)
class Finding:
    """How one measure did against the baseline, and why that is a failure, if it is one."""

    difference: Difference
    reason: str | None

    def __str__(self) -> str:
        """In words: was, is, interval, questions."""
        d = self.difference
        return (
            f"{d.measure} was {d.a:.3f} and is {d.b:.3f} ({d.difference:+.3f}, 95 % interval "
            f"{d.low:+.3f} to {d.high:+.3f}; of {d.n} questions {d.worse} worse, {d.better} better)"
        )


@dataclass(frozen=True, slots=True)
class Change:
    """A question whose scores are not what they were: by measure, what it was and what it is."""

    qid: str
    question: str
    scores: Mapping[str, tuple[float | None, float | None]]


def baseline_of(
    questions: Sequence[QuestionResult], dataset: str, dataset_hash: str, config: str
) -> Baseline:
    """A baseline of what has just been measured; shares between 0 and 1 only, no seconds."""
    return Baseline(
        dataset,
        dataset_hash,
        config,
        {
            question.qid: {
                name: value for name, value in _rounded(question).items() if name not in UNITS
            }
            for question in questions
        },
    )


def merged(*parts: Sequence[QuestionResult]) -> tuple[QuestionResult, ...]:
    """One result for each question with the measures of all parts (retrieval, answers)."""
    whole: dict[str, QuestionResult] = {}
    for question in (question for part in parts for question in part):
        known = whole.get(question.qid)
        measures = {**known.measures, **question.measures} if known else question.measures
        whole[question.qid] = replace(question, measures=measures, found=())
    return tuple(whole.values())


def gate(questions: Sequence[QuestionResult], baseline: Baseline) -> list[Finding]:
    """Compare with a baseline; one finding for each of its measures.

    Raises:
        DatasetError: a question or a measure of the baseline was not measured.
    """
    measured = {question.qid: question for question in questions}
    if missing := [qid for qid in baseline.questions if qid not in measured]:
        raise DatasetError(
            f"the baseline has {len(missing)} questions that were not measured ({missing[0]})",
            "Measure the whole dataset, or write a new one with --write-baseline",
        )
    pairs = [
        (replace(measured[qid], measures=scores), _as_kept(measured[qid]))
        for qid, scores in baseline.questions.items()
    ]
    found = differences(pairs, baseline.measures, [after.qid for _, after in pairs])
    if missing := sorted(set(baseline.measures) - {difference.measure for difference in found}):
        raise DatasetError(
            f"the baseline has the measure {missing[0]}, which was not measured",
            "Write a new one with --write-baseline",
        )
    return [Finding(difference, _reason(difference)) for difference in found]


def changes(questions: Sequence[QuestionResult], baseline: Baseline) -> list[Change]:
    """The questions whose scores changed in a measure that the baseline keeps."""
    found = []
    for question in questions:
        before = baseline.questions.get(question.qid, {})
        after = _rounded(question)
        scores = {
            name: (before.get(name), after.get(name))
            for name in baseline.measures
            if before.get(name) != after.get(name)
        }
        if scores:
            found.append(Change(question.qid, question.question, scores))
    return found


def read_baseline(path: Path, dataset_hash: str) -> Baseline:
    """Read a baseline of the dataset with this hash.

    Raises:
        DatasetError: it cannot be read, is no baseline, or is one of another dataset.
    """
    try:
        kept = json.loads(path.read_text("utf-8"))
        baseline = Baseline(
            str(kept["dataset"]),
            str(kept["dataset_sha256"]),
            str(kept["config"]),
            {
                qid: {name: float(value) for name, value in scores.items()}
                for qid, scores in kept["questions"].items()
            },
        )
    except OSError as error:
        raise DatasetError(
            f"the baseline {path} cannot be read: {error.strerror}", "Make one: --write-baseline"
        ) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DatasetError(
            f"{path} is no baseline: {error!r}", "Write a new one with --write-baseline"
        ) from error
    if baseline.dataset_hash != dataset_hash:
        raise DatasetError(
            f"the baseline {path} is of another dataset ({baseline.dataset}, "
            f"{baseline.dataset_hash[:12]}; this one is {dataset_hash[:12]})",
            "If the dataset was changed on purpose, write a new one with --write-baseline",
        )
    return baseline


def write_baseline(path: Path, baseline: Baseline) -> None:
    """Write a baseline: one question a line, so that version control shows what changed.

    Raises:
        DatasetError: it cannot be written.
    """
    head = {
        "dataset": baseline.dataset,
        "dataset_sha256": baseline.dataset_hash,
        "config": baseline.config,
    }
    lines = [
        f"  {json.dumps(qid)}: {json.dumps(scores)}" for qid, scores in baseline.questions.items()
    ]
    body = ",\n".join(lines)
    text = json.dumps(head, indent=1)[:-2] + f',\n "questions": {{\n{body}\n }}\n}}\n'
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(text, "utf-8")
        part.replace(path)
    except OSError as error:
        raise DatasetError(f"{path} cannot be written: {error.strerror}") from error


def _as_kept(question: QuestionResult) -> QuestionResult:
    """Rounded as the baseline is: what only rounding moved would count as one more question."""
    return replace(question, measures=_rounded(question))


def _rounded(question: QuestionResult) -> dict[str, float]:
    return {name: round(value, _DIGITS) for name, value in question.measures.items()}


def _reason(difference: Difference) -> str | None:
    if difference.verdict == "worse":
        return "beyond noise"
    drop, net = -difference.difference, difference.worse - difference.better
    if drop > TOLERANCE and net >= MIN_WORSE:
        return f"more than {TOLERANCE}"
    return None

"""Measures answers: whether the right questions are refused, and the others cite the right place.

For each question, 0 or 1 where no other range is given, and undefined where it does not apply. Of a
question that some video answers:

    answered             it was not refused
    cited_right          its first citation lies, by at least half, in a gold span; 0 if refused
    citation_hit@1       its first citation overlaps a gold span; 0 if refused
    citation_precision   the share (0 to 1) of its citations that overlap a gold span; undefined if
                         refused
    citation_recall      the share (0 to 1) of its gold spans that some citation overlaps; 0 if
                         refused
    citation_seek_error  seconds from the first citation's start to the start of the nearest gold
                         span; undefined if refused, or if that lies in another video

Of one that no video answers: `refused_unanswerable`. Of any from which a model made claims:
`claims_dropped`, the share (0 to 1) of them that failed a check.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval.dataset import Question, Span
from eval.runs import QuestionResult
from playhead.errors import QuestionError
from playhead.types import Answer, Citation

GATED = ("refused_unanswerable", "answered", "cited_right")
"""The measures that a baseline keeps (`eval.gate`): those it has been compared by all along."""

CITATIONS = ("citation_precision", "citation_recall", "citation_hit@1", "cited_right")
SEEK = "citation_seek_error"
DROPPED = "claims_dropped"

_DIGITS = 6

Ask = Callable[[Question], Answer]
"""Answers a question of a dataset, or refuses."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A question, what came of it, and how good that is.

    `answer` is None where the question cannot be asked (an empty one); it counts as refused.
    `found` is what the answer cites, in order; `closest` what a refusal offers instead.
    """

    question: Question
    answer: Answer | None
    measures: Mapping[str, float]
    found: tuple[Mapping[str, Any], ...]
    closest: tuple[Mapping[str, Any], ...]

    @property
    def refused(self) -> bool:
        """Every claim of an answer has a citation, so that one without any is a refusal."""
        return not self.found

    @property
    def right(self) -> bool:
        """Whether what it cites first answers it; of a refusal, what it would have cited."""
        return any(row["overlaps"] for row in (self.found or self.closest)[:1])

    @property
    def result(self) -> QuestionResult:
        """Its measures, as runs keep them."""
        question = self.question
        return QuestionResult(
            question.qid, question.video_id, question.text, self.measures, self.found
        )

    def as_row(self) -> dict[str, Any]:
        """As a line of `queries.jsonl`, with what is known of the answer besides."""
        row = self.result.as_row()
        if self.answer is None:
            return {**row, "answer": None}
        answer = self.answer
        return {
            **row,
            "answer": {
                "refused": answer.refused,
                "reason": answer.reason,
                "engine": answer.engine,
                "kind": answer.kind,
                "way": answer.way,
                "confidence": round(answer.confidence, _DIGITS),
                "claims": [claim.text for claim in answer.claims],
                "dropped": [{"text": d.text, "reason": d.reason} for d in answer.dropped],
                "notice": answer.notice,
                "closest": [dict(row) for row in self.closest],
                "timings_ms": dict(answer.timings_ms),
            },
        }


def judge_answers(questions: Sequence[Question], ask: Ask) -> Iterator[Judged]:
    """Ask questions, and judge each answer by the gold spans."""
    for question in questions:
        try:
            answer = ask(question)
        except QuestionError:
            yield Judged(question, None, measures_of(question, None), (), ())
            continue
        found = tuple(_row(citation, question) for citation in answer.citations)
        closest = tuple(_row(citation, question) for citation in answer.closest)
        yield Judged(question, answer, measures_of(question, answer), found, closest)


def measures_of(question: Question, answer: Answer | None) -> dict[str, float]:
    """Every measure that applies to an answer (None: the question cannot be asked)."""
    cited = answer.citations if answer else ()
    measures: dict[str, float] = {}
    if not question.gold:
        measures["refused_unanswerable"] = float(not cited)
    else:
        measures |= _citation_measures(question, cited)
    if answer and (answer.way or answer.dropped) and (made := _claims_made(answer)):
        measures[DROPPED] = round(len(answer.dropped) / made, _DIGITS)
    return measures


def _claims_made(answer: Answer) -> int:
    """How many claims came from a model; where it proved none, what is shown is not its own."""
    own = answer.claims if answer.engine.startswith("llm:") else ()
    return len(own) + len(answer.dropped)


def in_gold(video_id: str, start: float, end: float, question: Question) -> bool:
    """Whether at least half of what was cited (seconds) lies in a span that answers a question."""
    half = 0.5 * (end - start)
    return any(
        min(end, span.end) - max(start, span.start) >= half for span in question.gold_in(video_id)
    )


def seek_error(citation: Citation, question: Question) -> float | None:
    """Seconds between a citation's start and that of the nearest gold span of its video.

    None where its video has none.
    """
    starts = [span.start for span in question.gold_in(citation.video_id)]
    return min((abs(citation.start - start) for start in starts), default=None)


def _citation_measures(question: Question, cited: Sequence[Citation]) -> dict[str, float]:
    hits = [any(_overlaps(c, span, question) for span in question.gold) for c in cited]
    reached = [any(_overlaps(c, span, question) for c in cited) for span in question.gold]
    measures = {
        "answered": float(bool(cited)),
        "cited_right": float(any(_in_gold(c, question) for c in cited[:1])),
        "citation_hit@1": float(any(hits[:1])),
        "citation_recall": _share(reached),
    }
    if cited:
        measures["citation_precision"] = _share(hits)
        error = seek_error(cited[0], question)
        if error is not None:
            measures[SEEK] = round(error, 3)
    return measures


def _overlaps(citation: Citation, span: Span, question: Question) -> bool:
    here = citation.video_id == (span.video_id or question.video_id)
    return here and citation.start < span.end and span.start < citation.end


def _in_gold(citation: Citation, question: Question) -> bool:
    return in_gold(citation.video_id, citation.start, citation.end, question)


def _share(held: Sequence[bool]) -> float:
    return round(math.fsum(held) / len(held), _DIGITS)


def _row(citation: Citation, question: Question) -> dict[str, Any]:
    return {
        "segment_id": citation.segment_id,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "relevant": _in_gold(citation, question),
        "overlaps": any(_overlaps(citation, span, question) for span in question.gold),
    }

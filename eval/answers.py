"""Measures answers: whether the right questions are refused, and the others cite the right place.

Three measures, each 0 or 1 for a question and undefined where it does not apply:

    refused_unanswerable   of a question that no video answers: it was refused
    answered               of a question that some video answers: it was not refused
    cited_right            of the same: it was answered, and its first citation lies in a gold span
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from eval.build import open_index
from eval.configs import DEFAULT
from eval.dataset import Dataset, Question
from eval.runs import QuestionResult
from playhead.errors import QuestionError
from playhead.progress import OnProgress, ignore_progress
from playhead.types import Answer, Citation
from retrieval.answer.answerer import Answerer
from retrieval.answer.engine import Engine
from retrieval.embedding import Embedder
from retrieval.search import Searcher

MEASURES = ("refused_unanswerable", "answered", "cited_right")


class Asked(Protocol):
    """What answers questions; an `Answerer` is one."""

    def ask(self, question: str) -> Answer:
        """Answer a question, or refuse."""


def evaluate_answers(
    dataset: Dataset,
    embedder: Embedder,
    engine: Engine,
    cache: Path,
    on_progress: OnProgress = ignore_progress,
) -> tuple[QuestionResult, ...]:
    """Ask every question of a dataset, as `playhead ask` would of a library of its videos.

    Args:
        dataset: whose videos and questions.
        embedder: the model.
        engine: makes the answers.
        cache: where indexes are kept (`eval.build`).
        on_progress: told of segments indexed, of all.

    Raises:
        PlayheadError: the cache cannot be written, or the index or the engine failed.
    """
    with open_index(dataset, DEFAULT, embedder, cache, on_progress) as index:
        answerer = Answerer(index.store, Searcher(index.store, embedder), engine)
        return tuple(measure_answers(dataset.questions, answerer))


def measure_answers(questions: Sequence[Question], asked: Asked) -> Iterator[QuestionResult]:
    """The measures of each question; `found` is what its answer cites, in order.

    A question that cannot be asked (an empty one) counts as refused.
    """
    for question in questions:
        try:
            citations = asked.ask(question.text).citations
        except QuestionError:
            citations = ()
        found = tuple(_cited(citation, question) for citation in citations)
        measures = _measures(question, found)
        yield QuestionResult(question.qid, question.video_id, question.text, measures, found)


def in_gold(video_id: str, start: float, end: float, question: Question) -> bool:
    """Whether at least half of what was cited (seconds) lies in a span that answers a question."""
    half = 0.5 * (end - start)
    return any(
        min(end, span.end) - max(start, span.start) >= half for span in question.gold_in(video_id)
    )


def _measures(question: Question, cited: Sequence[Mapping[str, object]]) -> dict[str, float]:
    """Every claim of an answer has a citation, so that one without any is a refusal."""
    if not question.gold:
        return {"refused_unanswerable": float(not cited)}
    right = any(citation["relevant"] for citation in cited[:1])
    return {"answered": float(bool(cited)), "cited_right": float(right)}


def _cited(citation: Citation, question: Question) -> dict[str, object]:
    return {
        "segment_id": citation.segment_id,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "relevant": in_gold(citation.video_id, citation.start, citation.end, question),
    }

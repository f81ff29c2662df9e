"""Measures answers: whether the right questions are refused, and the others cite the right place.

Three measures, each 0 or 1 for a question and undefined where it does not apply:

    refused_unanswerable   of a question that no video answers: it was refused
    answered               of a question that some video answers: it was not refused
    cited_right            of the same: it was answered, and its first citation lies in a gold span
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from eval.dataset import Dataset, Question
from eval.retrieval import build
from eval.runs import QuestionResult
from playhead.types import Answer, Citation
from retrieval.answer.answerer import Answerer
from retrieval.answer.engine import Engine
from retrieval.embedding import Embedder
from retrieval.index import SegmentIndexer
from retrieval.search import Searcher
from retrieval.store.edge import EdgeStore

MEASURES = ("refused_unanswerable", "answered", "cited_right")


class Asked(Protocol):
    """What answers questions; an `Answerer` is one."""

    def ask(self, question: str) -> Answer:
        """Answer a question, or refuse."""


def evaluate_answers(
    dataset: Dataset, embedder: Embedder, engine: Engine
) -> tuple[QuestionResult, ...]:
    """Ask every question of a dataset, of an index in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="playhead-eval-") as folder:
        store = EdgeStore(Path(folder) / "index", embedder.name)
        try:
            build(dataset, SegmentIndexer(store, embedder))
            answerer = Answerer(store, Searcher(store, embedder), engine)
            return tuple(measure_answers(dataset.questions, answerer))
        finally:
            store.close()


def measure_answers(questions: Sequence[Question], asked: Asked) -> Iterator[QuestionResult]:
    """The measures of each question; `found` is what its answer cites, in order."""
    for question in questions:
        answer = asked.ask(question.text)
        found = tuple(_cited(citation, question) for citation in answer.citations)
        yield QuestionResult(
            question.qid, question.video_id, question.text, _measures(question, answer), found
        )


def in_gold(video_id: str, start: float, end: float, question: Question) -> bool:
    """Whether at least half of what was cited (seconds) lies in a span that answers a question."""
    half = 0.5 * (end - start)
    return any(
        min(end, span.end) - max(start, span.start) >= half for span in question.gold_in(video_id)
    )


def _measures(question: Question, answer: Answer) -> dict[str, float]:
    if not question.gold:
        return {"refused_unanswerable": float(answer.refused)}
    first = answer.citations[:1]
    right = any(in_gold(cited.video_id, cited.start, cited.end, question) for cited in first)
    return {"answered": float(not answer.refused), "cited_right": float(right)}


def _cited(citation: Citation, question: Question) -> dict[str, object]:
    return {
        "segment_id": citation.segment_id,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "relevant": in_gold(citation.video_id, citation.start, citation.end, question),
    }

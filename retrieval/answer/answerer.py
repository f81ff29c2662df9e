"""A question becomes an answer: search, passages, evidence, engine, citations."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from playhead.types import Answer, Citation, Claim, Passage
from retrieval.answer.engine import Drafted, Engine, ProvenClaim
from retrieval.answer.evidence import THRESHOLD, Evidence, evidence_in
from retrieval.passages import passages_of
from retrieval.question import clean_question
from retrieval.search import Searcher
from retrieval.store.protocol import Store

MAX_HITS = 5
"""So many hits, with their neighbours, are read for an answer."""


class Answerer:
    """Answers questions about the videos of a store.

    Args:
        store: the index.
        searcher: searches that store.
        engine: makes claims of evidence.
    """

    def __init__(self, store: Store, searcher: Searcher, engine: Engine) -> None:
        self._store = store
        self._searcher = searcher
        self._engine = engine

    def ask(self, question: str, video_ids: Collection[str] = ()) -> Answer:
        """Answer a question, or refuse with a reason.

        Args:
            question: what somebody wants to know.
            video_ids: answer from these videos only; empty means all.

        Raises:
            QuestionError: the question is empty or far too long.
            StoreError: the index does not answer.
        """
        question = clean_question(question)
        if self._store.count() == 0:
            return _answer(question, Drafted((), "none", "empty_library"), (), {})
        timings: dict[str, float] = {}
        with _timed(timings, "embed"):
            vectors = self._searcher.vectors(question)
        with _timed(timings, "search"):
            hits = self._searcher.find(vectors, MAX_HITS, video_ids=video_ids)
            passages = passages_of(hits, self._store)
            evidence = evidence_in(passages, vectors, self._store)
        with _timed(timings, "answer"):
            drafted = self._draft(question, evidence)
        return _answer(question, drafted, passages, timings)

    def _draft(self, question: str, evidence: Sequence[Evidence]) -> Drafted:
        """The gate stands before every engine: no model is asked what the videos do not say."""
        if max((unit.score for unit in evidence), default=0.0) < THRESHOLD:
            return Drafted((), "none", "no_evidence")
        return self._engine.draft(question, evidence)


def _answer(
    question: str, drafted: Drafted, passages: Sequence[Passage], timings: dict[str, float]
) -> Answer:
    claims, citations = _number(drafted.claims)
    return Answer(
        question=question,
        claims=claims,
        citations=citations,
        refused=not claims,
        reason=drafted.reason,
        engine=drafted.engine,
        passages=tuple(passages),
        notice=drafted.notice,
        timings_ms=timings,
    )


def _number(proven: Sequence[ProvenClaim]) -> tuple[tuple[Claim, ...], tuple[Citation, ...]]:
    """Claims with marks, and the citations behind them: one number for one piece of evidence."""
    numbers: dict[Evidence, int] = {}
    claims = tuple(
        Claim(
            claim.text,
            tuple(numbers.setdefault(unit, len(numbers) + 1) for unit in claim.evidence),
        )
        for claim in proven
    )
    return claims, tuple(_citation(n, unit) for unit, n in numbers.items())


def _citation(n: int, unit: Evidence) -> Citation:
    return Citation(
        n=n,
        video_id=unit.video.id,
        title=unit.video.title,
        start=unit.start,
        end=unit.end,
        quote=unit.text,
        segment_id=unit.segment.id,
        source=unit.video.source,
        draft=unit.video.draft,
    )


@contextmanager
def _timed(timings: dict[str, float], name: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    timings[name] = round((time.perf_counter() - started) * 1000, 2)

"""What is read for a question: the passages that may answer it, their evidence, and how likely."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playhead.types import Passage
from retrieval.answer.engine import Kind
from retrieval.answer.evidence import Evidence, evidence_in
from retrieval.answer.sufficiency import confidence
from retrieval.passages import passages_of
from retrieval.search import Searcher
from retrieval.store.protocol import Store

MAX_HITS = 5
"""So many hits, with their neighbours, are read for an answer."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read. `confidence`, 0 to 1, is how likely it answers the question at all."""

    question: str
    kind: Kind = "moment"
    passages: tuple[Passage, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    confidence: float = 0.0
    timings_ms: dict[str, float] = field(default_factory=dict)


class Reader:
    """Reads in a store.

    Args:
        store: the index.
        searcher: searches that store.
    """

    def __init__(self, store: Store, searcher: Searcher) -> None:
        self._store = store
        self._searcher = searcher

    def read(self, question: str, video_ids: Collection[str] = ()) -> Reading:
        """Search, and read what was found with its neighbours.

        Raises:
            QuestionError: the question is empty or far too long.
            StoreError: the index does not answer.
        """
        timings: dict[str, float] = {}
        with timed(timings, "embed"):
            vectors = self._searcher.vectors(question)
        with timed(timings, "search"):
            found = self._searcher.look(vectors, MAX_HITS, video_ids=video_ids)
            passages = passages_of(found.hits, self._store)
            evidence = evidence_in(passages, vectors, self._store)
            likely = confidence(vectors, found.candidates, evidence)
        return Reading(question, "moment", tuple(passages), tuple(evidence), likely, timings)


@contextmanager
def timed(timings: dict[str, float], name: str) -> Iterator[None]:
    """Notes how long a step takes, in milliseconds."""
    started = time.perf_counter()
    yield
    timings[name] = round((time.perf_counter() - started) * 1000, 2)

"""What is read for a question: the passages that may answer it, their evidence, and how likely.

By the kind of question: what a search finds, what is spread over whole videos, the videos that
speak of something, or what was said next to a place that was cited before.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from playhead.types import Answer, Citation, Passage
from retrieval.answer.engine import Kind
from retrieval.answer.questions.followup import Rewriter, Understood, understood
from retrieval.answer.questions.routing import route_of
from retrieval.answer.reading.evidence import Evidence, evidence_in
from retrieval.answer.reading.nearby import evidence_next_to
from retrieval.answer.reading.overview import videos_in, wider_evidence
from retrieval.answer.reading.speakers import of_speaker_asked_for, only_by
from retrieval.answer.reading.sufficiency import confidence
from retrieval.passages import passages_of
from retrieval.search import Searcher
from retrieval.store.protocol import Store

MAX_HITS = 5
"""So many hits, with their neighbours, are read for an answer."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read for a question that stands alone.

    `confidence`, 0 to 1, is how likely it answers the question at all; `timings_ms` how long each
    step took.
    """

    question: str
    kind: Kind = "moment"
    passages: tuple[Passage, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    confidence: float = 0.0
    timings_ms: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Only:
    """What may be read: these videos, these speakers; empty means all."""

    video_ids: Collection[str]
    speakers: Collection[str]


class Reader:
    """Reads in a store.

    Args:
        store: the index.
        searcher: searches that store.
        rewriter: makes questions that follow on others stand alone; by rules where there is none.
    """

    def __init__(self, store: Store, searcher: Searcher, rewriter: Rewriter | None = None) -> None:
        self._store = store
        self._searcher = searcher
        self._rewriter = rewriter

    def read(
        self,
        question: str,
        video_ids: Collection[str] = (),
        turns: Sequence[Answer] = (),
        speakers: Collection[str] = (),
    ) -> Reading:
        """Read what may answer a question.

        Args:
            question: as cleaned by `retrieval.question.clean_question`.
            video_ids: read these videos only; empty means all.
            turns: the answers that it may follow on, oldest first.
            speakers: let only what these say themselves be evidence; empty means everybody.

        Raises:
            StoreError: the index does not answer.
        """
        timings: dict[str, float] = {}
        with timed(timings, "understand"):
            meant = understood(
                question, turns, self._rewriter, lambda: videos_in(self._store, video_ids)
            )
        only = _Only(_within(meant.video_ids, video_ids), speakers)
        return self._beside(meant, speakers, timings) or self._read(meant.question, only, timings)

    def _read(self, question: str, only: _Only, timings: dict[str, float]) -> Reading:
        route = route_of(question)
        if route.kind == "moment":
            return self._moment(question, only, timings)
        with timed(timings, "search"):
            wider = wider_evidence(
                route, self._searcher, self._store, only.video_ids, speakers=only.speakers
            )
        if wider and wider[1]:
            passages, evidence = wider
            return Reading(question, route.kind, tuple(passages), tuple(evidence), 1.0, timings)
        if wider is None:
            return self._moment(question, only, timings)
        # No video speaks of it: what comes closest is no answer.
        near = self._moment(route.about or question, only, timings)
        return replace(near, question=question, kind=route.kind, confidence=0.0)

    def _moment(self, question: str, only: _Only, timings: dict[str, float]) -> Reading:
        """Search, and read what was found with its neighbours."""
        with timed(timings, "embed"):
            vectors = self._searcher.vectors(question)
        with timed(timings, "search"):
            found = self._searcher.look(
                vectors, MAX_HITS, video_ids=only.video_ids, speakers=only.speakers
            )
            passages = tuple(passages_of(found.hits, self._store))
            said = evidence_in(passages, vectors, self._store, found.scores)
            own = only_by(only.speakers, said)
            likely = confidence(vectors, found.candidates, own)
            evidence = tuple(of_speaker_asked_for(question, own))
        return Reading(question, "moment", passages, evidence, likely, timings)

    def _beside(
        self, meant: Understood, speakers: Collection[str], timings: dict[str, float]
    ) -> Reading | None:
        """What was said next to a place, if that is asked for and there is anything."""
        place: Citation | None = meant.after or meant.before
        if place is None:
            return None
        with timed(timings, "search"):
            vectors = self._searcher.vectors(meant.question) if meant.asks_for else None
            passages, said = evidence_next_to(
                place,
                self._store,
                "after" if meant.after else "before",
                vectors,
                same_speaker=meant.same_speaker,
            )
        evidence = only_by(speakers, said)
        if not evidence:
            return None
        evidence = of_speaker_asked_for(meant.question, evidence)
        # Where only what comes next is asked for, whatever was said there answers.
        likely = confidence(vectors, (), evidence) if vectors else 1.0
        return Reading(meant.question, "moment", tuple(passages), tuple(evidence), likely, timings)


def _within(meant: Sequence[str], chosen: Collection[str]) -> Collection[str]:
    """The videos that a question keeps to, among those chosen; these where none of them is."""
    if not chosen:
        return meant
    return [video_id for video_id in meant if video_id in chosen] or chosen


@contextmanager
def timed(timings: dict[str, float], name: str) -> Iterator[None]:
    """Notes how long a step takes, in milliseconds; what it took before is added."""
    started = time.perf_counter()
    yield
    spent = (time.perf_counter() - started) * 1000
    timings[name] = round(timings.get(name, 0.0) + spent, 2)

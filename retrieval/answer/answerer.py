"""A question becomes an answer: search, passages, evidence, gate, engine, citations."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Sequence

from playhead.types import Answer
from retrieval.answer.citing import cited, closest
from retrieval.answer.engine import Drafted, Engine, ProvenClaim, Task
from retrieval.answer.questions.followup import Rewriter
from retrieval.answer.reading.reader import Reader, Reading, timed
from retrieval.answer.reading.sufficiency import SUFFICIENT
from retrieval.question import clean_question
from retrieval.search import Searcher
from retrieval.store.protocol import Store


class Answerer:
    """Answers questions about the videos of a store.

    Args:
        store: the index.
        searcher: searches that store.
        engine: makes claims of evidence.
        rewriter: makes questions that follow on others stand alone; by rules where there is none.
    """

    def __init__(
        self,
        store: Store,
        searcher: Searcher,
        engine: Engine,
        rewriter: Rewriter | None = None,
    ) -> None:
        self._store = store
        self._reader = Reader(store, searcher, rewriter)
        self._engine = engine

    def ask(
        self,
        question: str,
        video_ids: Collection[str] = (),
        turns: Sequence[Answer] = (),
        speakers: Collection[str] = (),
    ) -> Answer:
        """Answer a question, or refuse with a reason.

        Args:
            question: what somebody wants to know.
            video_ids: answer from these videos only; empty means all.
            turns: the answers before, oldest first, on which the question may follow.
            speakers: answer only with what these say themselves (`Searcher.speakers_named`); empty
                means everybody.

        Raises:
            QuestionError: the question is empty or far too long.
            StoreError: the index does not answer.
        """
        *_, answer = self.stream(question, video_ids, turns, speakers)
        return answer

    def stream(
        self,
        question: str,
        video_ids: Collection[str] = (),
        turns: Sequence[Answer] = (),
        speakers: Collection[str] = (),
    ) -> Iterator[Answer]:
        """The answer as it grows, claim by claim, each proven before it is seen; the last is whole.

        Arguments and errors are those of `ask`.
        """
        question = clean_question(question)
        if self._store.count() == 0:
            yield _answer(question, Reading(question), Drafted((), "none", "empty_library"))
            return
        reading = self._reader.read(question, video_ids, turns, speakers)
        with timed(reading.timings_ms, "answer"):
            drafted = yield from self._growing(question, reading)
        yield _answer(question, reading, drafted)

    def _growing(self, question: str, reading: Reading) -> Generator[Answer, None, Drafted]:
        """The answer with each claim that is proven; the last is left to the caller."""
        drafting = self._draft(reading)
        shown: list[ProvenClaim] = []
        while True:
            try:
                shown.append(next(drafting))
            except StopIteration as end:
                drafted: Drafted = end.value
                return drafted
            yield _answer(question, reading, Drafted(tuple(shown), ""))

    def _draft(self, reading: Reading) -> Generator[ProvenClaim, None, Drafted]:
        """The gate stands before every engine: no model is asked what the videos do not say."""
        if not reading.evidence or reading.confidence < SUFFICIENT:
            return Drafted((), "none", "no_evidence")
        task = Task(reading.question, reading.evidence, reading.kind)
        return (yield from self._engine.draft(task))


def _answer(question: str, reading: Reading, drafted: Drafted) -> Answer:
    claims, citations = cited(drafted.claims)
    return Answer(
        question=question,
        claims=claims,
        citations=citations,
        refused=not claims,
        reason=drafted.reason,
        engine=drafted.engine,
        passages=reading.passages,
        notice=drafted.notice,
        timings_ms=dict(reading.timings_ms),
        closest=() if claims else closest(reading.evidence),
        standalone=reading.question if reading.question != question else None,
        kind=reading.kind,
        confidence=reading.confidence,
        dropped=drafted.dropped,
        way=drafted.way,
    )

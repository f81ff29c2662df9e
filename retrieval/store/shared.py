"""The default store as every command uses it: the index in a folder, whichever process has it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Concatenate, ParamSpec, TypeVar

from playhead.errors import PlayheadError, StoreLockedError
from playhead.types import Hit, Segment
from retrieval.plan import Leg, SearchPlan
from retrieval.store.edge import EdgeStore
from retrieval.store.owner import Owner
from retrieval.store.protocol import (
    Candidate,
    FloatArray,
    QueryVectors,
    SegmentPoint,
    SegmentRecord,
)
from retrieval.store.remote import NobodyAnswersError, Visitor
from retrieval.store.schema import Key

_RETRY_SECONDS = 0.2
_P = ParamSpec("_P")
_T = TypeVar("_T")


class SharedStore:
    """A store in a folder that several processes use at once.

    Where another process answers for the index, that one is asked. Where none does, it is opened
    here; and where the one that answered has ended, the same question goes on to whoever is next.

    Args:
        store: the store in the folder, for when the index is opened here.
    """

    def __init__(self, store: EdgeStore) -> None:
        card = store.folder.with_name(f"{store.folder.name}.owner")
        self._here = store
        self._owner = Owner(store, card)
        self._visitor = Visitor(card, store.embedding_model)

    @contextmanager
    def sharing(self) -> Iterator[None]:
        """Answer for the index while it lasts: at once, or when another process lets go of it.

        Raises:
            StoreError: no other process could come here.
            LibraryError: the index folder cannot be written.
        """
        ended = threading.Event()
        heir = threading.Thread(target=self._inherit, args=(ended,), daemon=True)
        if not self._owner.open():
            heir.start()
        try:
            yield
        finally:
            ended.set()
            if heir.is_alive():
                heir.join()
            self._owner.close()

    def _inherit(self, ended: threading.Event) -> None:
        while not ended.wait(_RETRY_SECONDS):
            with suppress(PlayheadError):
                if self._owner.open():
                    return

    def upsert(self, points: Sequence[SegmentPoint]) -> None:
        """Write points."""
        self._ask(EdgeStore.upsert, list(points))

    def revise(self, records: Sequence[SegmentRecord], revisions: Sequence[str]) -> None:
        """Replace what is stored of segments but their vectors."""
        self._ask(EdgeStore.revise, list(records), list(revisions))

    def query(
        self,
        vectors: QueryVectors,
        plan: SearchPlan,
        limit: int = 10,
        video_ids: Collection[str] = (),
        speakers: Collection[str] = (),
    ) -> list[Hit]:
        """The best `limit` segments."""
        return self._ask(EdgeStore.query, vectors, plan, limit, list(video_ids), list(speakers))

    def candidates(
        self,
        vectors: QueryVectors,
        legs: Sequence[Leg],
        depth: int,
        video_ids: Collection[str] = (),
        speakers: Collection[str] = (),
    ) -> list[Candidate]:
        """What dense and bm25 find first, scored by all legs."""
        among = list(video_ids), list(speakers)
        return self._ask(EdgeStore.candidates, vectors, legs, depth, *among)

    def idf(self, terms: Collection[int]) -> dict[int, float]:
        """How rare terms are."""
        return self._ask(EdgeStore.idf, list(terms))

    def hits(self, scores: Mapping[Key, float]) -> list[Hit]:
        """Segments by (video id, ordinal), as hits."""
        return self._ask(EdgeStore.hits, dict(scores))

    def segments(self, keys: Collection[Key]) -> dict[Key, Segment]:
        """Segments by (video id, ordinal), in one batch."""
        return self._ask(EdgeStore.segments, list(keys))

    def records(self, keys: Collection[Key]) -> dict[Key, SegmentRecord]:
        """Segments with their videos and revisions, in one batch."""
        return self._ask(EdgeStore.records, list(keys))

    def sentence_vectors(self, keys: Collection[Key]) -> dict[Key, FloatArray]:
        """The vectors of segments' sentences, in one batch."""
        return self._ask(EdgeStore.sentence_vectors, list(keys))

    def delete(self, video_id: str, from_ordinal: int = 0) -> None:
        """Delete a video's segments from an ordinal on."""
        self._ask(EdgeStore.delete, video_id, from_ordinal)

    def count(self, video_id: str | None = None, revision: str | None = None) -> int:
        """How many segments there are."""
        return self._ask(EdgeStore.count, video_id, revision)

    def video_counts(self, speakers: Collection[str] = ()) -> dict[str, int]:
        """How many segments each video has."""
        return self._ask(EdgeStore.video_counts, list(speakers))

    def speaker_counts(self, video_ids: Collection[str] = ()) -> dict[str, int]:
        """In how many segments each speaker speaks."""
        return self._ask(EdgeStore.speaker_counts, list(video_ids))

    def clear(self) -> None:
        """Delete the index."""
        self._ask(EdgeStore.clear)

    def optimize(self) -> None:
        """Build the HNSW graph, where the index is not shared (see `EdgeStore.optimize`)."""
        self._ask(EdgeStore.optimize)

    def close(self) -> None:
        """Close the index if it is open here, and hang up; neither ends `sharing`."""
        self._here.close()
        self._visitor.close()

    def _ask(
        self,
        method: Callable[Concatenate[EdgeStore, _P], _T],
        *arguments: _P.args,
        **options: _P.kwargs,
    ) -> _T:
        """Do it where the index is."""
        if not self._owner.is_open:
            with suppress(NobodyAnswersError):
                there: _T = self._visitor.ask((method, arguments, options))
                return there
        try:
            return method(self._here, *arguments, **options)
        except StoreLockedError as locked:
            # By a process that was not there before, or did not answer yet.
            try:
                there = self._visitor.ask((method, arguments, options))
            except NobodyAnswersError:
                raise locked from None
            return there

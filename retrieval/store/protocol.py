"""What a store of segments can do, and the values that go in and out of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from playhead.types import Hit, Segment, Video
from retrieval.plan import Leg, SearchPlan

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SparseVector:
    """The non-zero dimensions of a sparse vector and their values, of equal length."""

    indices: list[int]
    values: list[float]


@dataclass(frozen=True, slots=True)
class SegmentVectors:
    """What a segment is found by.

    `dense` is the segment's embedding, shape (d,); `sentences` has one row for each unit of
    sentences, shape (n, d), n >= 1; both of unit length. `bm25` holds term weights. `words` has one
    row for each word, shape (m, w), m >= 0; None where the model gives none.
    """

    dense: FloatArray
    sentences: FloatArray
    bm25: SparseVector
    words: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class SegmentPoint:
    """A segment as it is stored: its video, its vectors and the revision of the transcript."""

    segment: Segment
    video: Video
    vectors: SegmentVectors
    revision: str


@dataclass(frozen=True, slots=True)
class SegmentRecord:
    """What is stored of a segment beside its vectors."""

    segment: Segment
    video: Video
    revision: str


@dataclass(frozen=True, slots=True)
class QueryVectors:
    """A question as it is compared.

    `dense` has shape (d,); None where only BM25 is asked. `words` has a row for each word, shape
    (n, w), as long as the word counts: its products with a segment's words are added up.
    `terms_idf` is the sum of the IDF of the terms of `bm25`, where that is wanted, and `unknown`
    the share of it, 0 to 1, that falls to terms which no segment has. `text` is the question
    itself, which a reranker reads.
    """

    dense: FloatArray | None
    bm25: SparseVector
    words: FloatArray | None = None
    terms_idf: float = 0.0
    text: str = ""
    unknown: float = 0.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A segment that a leg found, with its score in every leg that was asked (0 for no term)."""

    video_id: str
    ordinal: int
    scores: Mapping[Leg, float]

    @property
    def key(self) -> tuple[str, int]:
        """What it is fetched by."""
        return self.video_id, self.ordinal


class Store(Protocol):
    """An index of segments. Everything in it can be made again from the library's files.

    Every method may raise `StoreError`: the index is locked by another process, was made with
    another embedding model, or does not answer.
    """

    def upsert(self, points: Sequence[SegmentPoint]) -> None:
        """Write points; one whose segment id is there already is replaced."""

    def revise(self, records: Sequence[SegmentRecord], revisions: Sequence[str]) -> None:
        """Replace all that is stored of segments but their vectors, which stay as they are.

        A segment that has no longer the revision that `revisions` says is left alone: somebody else
        wrote it meanwhile, perhaps with other vectors.
        """

    def query(
        self,
        vectors: QueryVectors,
        plan: SearchPlan,
        limit: int = 10,
        video_ids: Collection[str] = (),
        speakers: Collection[str] = (),
    ) -> list[Hit]:
        """The best `limit` segments, best first, of all videos or of `video_ids` only.

        With `speakers`, names as `Sentence.speaker` has them, only those in which one of them
        speaks.

        One leg alone, or several fused by the engine (for a learned fusion see `candidates`).

        Raises:
            ValueError: the plan has a leg for which the question was not embedded, or its fusion
                is a learned one.
        """

    def candidates(
        self,
        vectors: QueryVectors,
        legs: Sequence[Leg],
        depth: int,
        video_ids: Collection[str] = (),
        speakers: Collection[str] = (),
    ) -> list[Candidate]:
        """What dense and bm25, as far as asked, find first, `depth` each, scored by all `legs`.

        Of the videos and speakers that `query` would ask.

        Raises:
            ValueError: a leg for which the question was not embedded.
        """

    def idf(self, terms: Collection[int]) -> dict[int, float]:
        """How rare terms are: ln(1 + (N - n + 0.5) / (n + 0.5)) for a term in n of N segments.

        That is what the engine's BM25 weighs them by. It may leave out segments without any term,
        and count deleted ones until the store is opened again.
        """

    def hits(self, scores: Mapping[tuple[str, int], float]) -> list[Hit]:
        """Segments by (video id, ordinal) as hits, in the order given."""

    def segments(self, keys: Collection[tuple[str, int]]) -> dict[tuple[str, int], Segment]:
        """Segments by (video id, ordinal), in one batch; keys that do not exist are left out."""

    def records(self, keys: Collection[tuple[str, int]]) -> dict[tuple[str, int], SegmentRecord]:
        """The same with their videos and revisions."""

    def sentence_vectors(
        self, keys: Collection[tuple[str, int]]
    ) -> dict[tuple[str, int], FloatArray]:
        """`SegmentVectors.sentences` by (video id, ordinal), in one batch; rounded, as stored."""

    def delete(self, video_id: str, from_ordinal: int = 0) -> None:
        """Delete a video's segments from an ordinal on; none there is no error."""

    def count(self, video_id: str | None = None, revision: str | None = None) -> int:
        """How many segments there are: in all, of a video, of a revision of its transcript."""

    def video_counts(self, speakers: Collection[str] = ()) -> dict[str, int]:
        """How many segments each video has: all, or those in which one of `speakers` speaks."""

    def speaker_counts(self, video_ids: Collection[str] = ()) -> dict[str, int]:
        """In how many segments each speaker speaks, of all videos or of `video_ids` only.

        An index that knows of no speaker, which an earlier Playhead made, names none.
        """

    def clear(self) -> None:
        """Delete the whole index, whatever made it; the next write makes a new one."""

    def optimize(self) -> None:
        """Build what makes search fast, after many writes; searches are right without it."""

    def close(self) -> None:
        """Flush and let go of the index. The store opens again when it is used again."""

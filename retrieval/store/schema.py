"""The schema of a point, shared by the stores: vector names, ids and payload.

A payload is enough to answer from: a reader needs no file of the library. Words' times stay in
the library; a sentence's own start and end are what a citation needs.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any, Literal

import numpy as np

from playhead.errors import StoreError
from playhead.types import Hit, Segment, Sentence, Video
from retrieval.bm25 import idf as rarity
from retrieval.plan import Leg, SearchPlan
from retrieval.speakers import speakers_of
from retrieval.store.protocol import (
    Candidate,
    FloatArray,
    QueryVectors,
    SegmentPoint,
    SegmentRecord,
)

SCHEMA_VERSION = 2
DENSE: Leg = "dense"
SENTENCES: Leg = "sentences"
WORDS: Leg = "words"
BM25: Leg = "bm25"
SPEAKERS = "speakers"
"""The field of a payload that names who speaks, where anybody is named."""

_NAMESPACE = uuid.UUID("6f3c1f5e-6d0b-5a52-9b52-0b8ad8a4c1de")
_VIDEO_FIELDS = [field.name for field in fields(Video)]

Payload = dict[str, Any]
Key = tuple[str, int]
"""(video id, ordinal): what neighbours are found by."""


def segment_id(video_id: str, ordinal: int) -> str:
    """The id of a video's n-th segment."""
    return f"{video_id}:{ordinal}"


def point_id(segment: str) -> str:
    """A segment's point id: the same segment is always the same point."""
    return str(uuid.uuid5(_NAMESPACE, segment))


def payload_of(point: SegmentPoint | SegmentRecord) -> Payload:
    """What is stored beside a segment's vectors."""
    content = content_of(point.segment, point.video)
    return {**content, "revision": point.revision}


def content_of(segment: Segment, video: Video) -> Payload:
    """What is stored of a segment and its video.

    Speakers and doubts only where there are any: whatever has none is as it always was, and need
    not be indexed again.
    """
    speakers = speakers_of(segment.sentences)
    return {
        "video_id": segment.video_id,
        "ordinal": segment.ordinal,
        "start": segment.start,
        "end": segment.end,
        "sentences": [_stored(sentence) for sentence in segment.sentences],
        "video": asdict(video),
        **({SPEAKERS: speakers} if speakers else {}),
    }


def _stored(sentence: Sentence) -> list[Any]:
    said = [sentence.text, sentence.start, sentence.end, sentence.speaker]
    return [*said, sentence.doubt] if sentence.doubt else said


PLACE = ["video_id", "ordinal"]
"""The fields of a payload that say where in which video a segment lies."""


def segment_of(payload: Payload | None) -> Segment:
    """The segment a payload holds.

    Raises:
        StoreError: the payload was not written by `payload_of`.
    """
    try:
        payload = payload or {}
        sentences = tuple(
            Sentence(text, start, end, speaker=speaker, doubt=next(iter(doubt), None))
            for text, start, end, speaker, *doubt in payload["sentences"]
        )
        video_id, ordinal = payload["video_id"], payload["ordinal"]
        identity = segment_id(video_id, ordinal)
        return Segment(identity, video_id, ordinal, payload["start"], payload["end"], sentences)
    except (KeyError, TypeError, ValueError) as error:
        raise _foreign(error) from error


def video_of(payload: Payload | None) -> Video:
    """The video a payload holds.

    Raises:
        StoreError: the payload was not written by `payload_of`.
    """
    try:
        stored = (payload or {})["video"]
        return Video(**{name: stored[name] for name in _VIDEO_FIELDS})
    except (KeyError, TypeError) as error:
        raise _foreign(error) from error


def embedded(vectors: QueryVectors) -> FloatArray:
    """The question's embedding.

    Raises:
        ValueError: it has none, and a leg needs it.
    """
    if vectors.dense is None:
        raise ValueError("the question was not embedded: only bm25 can be asked")
    return vectors.dense


def words_of(vectors: QueryVectors) -> FloatArray:
    """The question's words, at least one row: a question without any is near nothing.

    Raises:
        ValueError: it has none, and a leg needs them.
    """
    if vectors.words is None:
        raise ValueError("the question's words were not embedded")
    return rows_of(vectors.words)


def rows_of(words: FloatArray) -> FloatArray:
    """Words' vectors, at least one: a text without words has zeros, which are near nothing."""
    return words if len(words) else np.zeros((1, words.shape[1]), dtype=np.float32)


def first_looks(legs: Sequence[Leg]) -> list[Leg]:
    """The legs that search; the others look again at what these find."""
    return [leg for leg in legs if leg in (DENSE, BM25)] or [DENSE]


def engine_fusion(plan: SearchPlan) -> Literal["dbsf", "rrf"]:
    """How the engine is to fuse the legs of a plan.

    Raises:
        ValueError: it cannot, because the fusion was learned.
    """
    if plan.fusion == "learned":
        raise ValueError("the engine knows no learned fusion: rank the candidates")
    return plan.fusion


def placing_leg(legs: Sequence[Leg]) -> Leg:
    """The leg that says where candidates lie: one that scores them all.

    Without dense all candidates are what bm25 found. A segment may have no words.
    """
    return next(leg for leg in (DENSE, BM25, SENTENCES, WORDS) if leg in legs)


def candidates_in(found: Mapping[Leg, Iterable[Any]]) -> list[Candidate]:
    """Scored points of each leg, of either store, as candidates; ties in the same order always.

    Points of the `placing_leg` have payloads.
    """
    by_leg = {leg: {point.id: point.score for point in points} for leg, points in found.items()}
    candidates = [
        Candidate(
            *_key_of(point.payload),
            {leg: scores.get(point.id, 0.0) for leg, scores in by_leg.items()},
        )
        for point in found[placing_leg(list(found))]
    ]
    return sorted(candidates, key=lambda candidate: candidate.key)


def idf_in(term: int, points: Sequence[Any]) -> float | None:
    """A term's IDF out of its best point and that point's score; None where no point has it.

    The engine does not tell it, but a score is the term's weight in the point, which is stored,
    times its IDF.
    """
    if not points:
        return None
    (best,) = points
    stored = best.vector[BM25]
    weights: dict[int, float] = dict(zip(stored.indices, stored.values, strict=True))
    return float(best.score / weights[term])


def idf_of_all(found: Mapping[int, float | None], count: Callable[[], int]) -> dict[int, float]:
    """The IDF of each term; one that no point has is in none of `count()` segments."""
    unknown = rarity(0, count()) if None in found.values() else 0.0
    return {term: unknown if idf is None else idf for term, idf in found.items()}


def hits_in(points: Iterable[Any]) -> list[Hit]:
    """Scored points, of either store, as hits in the same order."""
    return [
        Hit(segment_of(point.payload), point.score, video_of(point.payload)) for point in points
    ]


def hits_by(records: Iterable[Any], scores: Mapping[Key, float]) -> list[Hit]:
    """Records, of either store, as hits with their scores, in the order of these."""
    found = {_key_of(record.payload): record.payload for record in records}
    return [
        Hit(segment_of(found[key]), score, video_of(found[key]))
        for key, score in scores.items()
        if key in found
    ]


def segments_in(records: Iterable[Any]) -> dict[Key, Segment]:
    """Records, of either store, as segments by their key."""
    found = (segment_of(record.payload) for record in records)
    return {(segment.video_id, segment.ordinal): segment for segment in found}


def records_in(records: Iterable[Any]) -> dict[Key, SegmentRecord]:
    """Records, of either store, with all that is in them, by the segments' key."""
    return {_key_of(record.payload): _record_of(record.payload) for record in records}


def sentence_vectors_in(records: Iterable[Any]) -> dict[Key, FloatArray]:
    """The vectors of the sentences of records, of either store, by the segments' key."""
    return {
        _key_of(record.payload): np.asarray(record.vector[SENTENCES], dtype=np.float32)
        for record in records
    }


def _record_of(payload: Payload) -> SegmentRecord:
    try:
        return SegmentRecord(segment_of(payload), video_of(payload), payload["revision"])
    except KeyError as error:
        raise _foreign(error) from error


def _key_of(payload: Payload | None) -> Key:
    try:
        payload = payload or {}
        return payload["video_id"], payload["ordinal"]
    except (KeyError, TypeError) as error:
        raise _foreign(error) from error


def _foreign(error: Exception) -> StoreError:
    return StoreError(
        f"the index holds a point that Playhead did not write ({error!r})",
        "Run `playhead library reindex`",
    )

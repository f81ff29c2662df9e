"""The schema of a point, shared by the stores: vector names, ids and payload.

A payload is enough to answer from: a reader needs no file of the library. Words' times stay in
the library; a sentence's own start and end are what a citation needs.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import asdict, fields
from typing import Any

import numpy as np

from playhead.errors import StoreError
from playhead.types import Hit, Segment, Sentence, Video
from retrieval.plan import Leg
from retrieval.store.protocol import FloatArray, QueryVectors

SCHEMA_VERSION = 1
DENSE: Leg = "dense"
SENTENCES: Leg = "sentences"
BM25: Leg = "bm25"
CANDIDATES = 100
"""How many candidates each leg hands to the fusion, or to the second look."""

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


def payload_of(segment: Segment, video: Video, revision: str) -> Payload:
    """What is stored beside a segment's vectors."""
    return {
        "video_id": segment.video_id,
        "ordinal": segment.ordinal,
        "revision": revision,
        "start": segment.start,
        "end": segment.end,
        "sentences": [[s.text, s.start, s.end, s.speaker] for s in segment.sentences],
        "video": asdict(video),
    }


def segment_of(payload: Payload | None) -> Segment:
    """The segment a payload holds.

    Raises:
        StoreError: the payload was not written by `payload_of`.
    """
    try:
        payload = payload or {}
        sentences = tuple(
            Sentence(text, start, end, speaker=speaker)
            for text, start, end, speaker in payload["sentences"]
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


def hits_in(points: Iterable[Any]) -> list[Hit]:
    """Scored points, of either store, as hits in the same order."""
    return [
        Hit(segment_of(point.payload), point.score, video_of(point.payload)) for point in points
    ]


def segments_in(records: Iterable[Any]) -> dict[Key, Segment]:
    """Records, of either store, as segments by their key."""
    found = (segment_of(record.payload) for record in records)
    return {(segment.video_id, segment.ordinal): segment for segment in found}


def sentence_vectors_in(records: Iterable[Any]) -> dict[Key, FloatArray]:
    """The vectors of the sentences of records, of either store, by the segments' key."""
    return {
        _key_of(record.payload): np.asarray(record.vector[SENTENCES], dtype=np.float32)
        for record in records
    }


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

"""Segments become findable: embedded, and written to the store under their video's revision."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence

import numpy as np

from playhead.progress import OnProgress, ProgressEvent, ignore_progress
from playhead.types import Segment, Video
from retrieval.bm25 import document_terms
from retrieval.embedding import Embedder
from retrieval.store.protocol import SegmentPoint, SegmentVectors, Store
from retrieval.store.schema import SCHEMA_VERSION, payload_of
from retrieval.units import unit_text, units_of

_BATCH_SEGMENTS = 64


class SegmentIndexer:
    """Keeps a store in step with transcripts.

    Args:
        store: where the points go.
        embedder: the model that the store was made for.
    """

    def __init__(self, store: Store, embedder: Embedder) -> None:
        self._store = store
        self._embedder = embedder

    def index(
        self,
        video: Video,
        segments: Sequence[Segment],
        on_progress: OnProgress = ignore_progress,
    ) -> bool:
        """Make the store hold just these segments of the video.

        Returns:
            Whether anything had to be written.
        """
        revision = revision_of(video, segments)
        if self._holds(video.id, len(segments), revision):
            return False
        for done, batch in _batches(segments):
            points = self._points(video, batch, revision)
            on_progress(ProgressEvent("embed", done + len(batch), len(segments)))
            self._store.upsert(points)
            on_progress(ProgressEvent("index", done + len(batch), len(segments)))
        self._store.delete(video.id, from_ordinal=len(segments))
        return True

    def holds(self, video: Video, segments: Sequence[Segment]) -> bool:
        """Whether the store holds just these segments of the video, at this revision."""
        return self._holds(video.id, len(segments), revision_of(video, segments))

    def _holds(self, video_id: str, count: int, revision: str) -> bool:
        return self._store.count(video_id) == count == self._store.count(video_id, revision)

    def _points(
        self, video: Video, segments: Sequence[Segment], revision: str
    ) -> list[SegmentPoint]:
        """Embed segments and their units in one call, which keeps the batches full."""
        units = [units_of(segment.sentences) for segment in segments]
        texts = [segment.text for segment in segments]
        texts += [unit_text(unit) for of_segment in units for unit in of_segment]
        vectors = self._embedder.encode(texts)
        dense, rest = vectors[: len(segments)], vectors[len(segments) :]
        ends = np.cumsum([len(of_segment) for of_segment in units])[:-1]
        return [
            SegmentPoint(
                segment, video, SegmentVectors(own, rows, document_terms(segment.text)), revision
            )
            for segment, own, rows in zip(segments, dense, np.split(rest, ends), strict=True)
        ]


def revision_of(video: Video, segments: Sequence[Segment]) -> str:
    """A digest of all that the store keeps of a video, so that a change of any of it shows."""
    payloads = [payload_of(segment, video, "") for segment in segments]
    content = json.dumps([SCHEMA_VERSION, payloads], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _batches(segments: Sequence[Segment]) -> Iterator[tuple[int, Sequence[Segment]]]:
    for first in range(0, len(segments), _BATCH_SEGMENTS):
        yield first, segments[first : first + _BATCH_SEGMENTS]

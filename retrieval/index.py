"""Segments become findable: embedded, and written to the store under their video's revision.

A segment that says what it said before is not embedded again: only what is stored beside its
vectors changes. Each point is at every moment of one revision, vectors and all, so a run that is
killed leaves some of the old and some of the new, and the next one finishes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence

import numpy as np

from playhead.progress import OnProgress, ProgressEvent, ignore_progress
from playhead.types import Segment, Video
from retrieval.bm25 import document_terms
from retrieval.embedding import Embedder
from retrieval.store.protocol import (
    FloatArray,
    SegmentPoint,
    SegmentRecord,
    SegmentVectors,
    Store,
)
from retrieval.store.schema import SCHEMA_VERSION, content_of
from retrieval.units import segment_text, unit_text, units_of

_BATCH_SEGMENTS = 64


class SegmentIndexer:
    """Keeps a store in step with transcripts.

    Args:
        store: where the points go.
        embedder: the model that the store was made for.
        titles: whether a segment is found by its video's title too. It does not help
            (docs/retrieval.md), and is here to be measured.
    """

    def __init__(self, store: Store, embedder: Embedder, *, titles: bool = False) -> None:
        self._store = store
        self._embedder = embedder
        self._titles = titles

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
        fresh = self._without_known(video, segments, revision)
        known = len(segments) - len(fresh)
        for done, batch in _batches(fresh):
            points = self._points(video, batch, revision)
            on_progress(ProgressEvent("embed", known + done + len(batch), len(segments)))
            self._store.upsert(points)
            on_progress(ProgressEvent("index", known + done + len(batch), len(segments)))
        self._store.delete(video.id, from_ordinal=len(segments))
        return True

    def holds(self, video: Video, segments: Sequence[Segment]) -> bool:
        """Whether the store holds just these segments of the video, at this revision."""
        return self._holds(video.id, len(segments), revision_of(video, segments))

    def _holds(self, video_id: str, count: int, revision: str) -> bool:
        return self._store.count(video_id) == count == self._store.count(video_id, revision)

    def _without_known(
        self, video: Video, segments: Sequence[Segment], revision: str
    ) -> list[Segment]:
        """The segments to embed; the others get the new revision and keep their vectors."""
        stored = self._store.records([(video.id, segment.ordinal) for segment in segments])
        fresh: list[Segment] = []
        known: list[SegmentRecord] = []
        revisions: list[str] = []
        for segment in segments:
            before = stored.get((video.id, segment.ordinal))
            now = SegmentRecord(segment, video, revision)
            if before is None or self._found_by(before) != self._found_by(now):
                fresh.append(segment)
            else:
                known.append(now)
                revisions.append(before.revision)
        self._store.revise(known, revisions)
        return fresh

    def _found_by(self, record: SegmentRecord) -> tuple[str, list[str]]:
        """All texts that a segment's vectors are made of."""
        segment = record.segment
        units = [unit_text(unit) for unit in units_of(segment.sentences)]
        return self._text(record.video, segment), units

    def _points(
        self, video: Video, segments: Sequence[Segment], revision: str
    ) -> list[SegmentPoint]:
        """Embed segments and their units in as few calls as can be, which keeps batches full."""
        texts = [self._text(video, segment) for segment in segments]
        units = [units_of(segment.sentences) for segment in segments]
        said = [unit_text(unit) for of_segment in units for unit in of_segment]
        own, words, rest = self._embedded(texts, said)
        ends = np.cumsum([len(of_segment) for of_segment in units])[:-1]
        return [
            SegmentPoint(
                segment,
                video,
                SegmentVectors(dense, rows, document_terms(text), of_words),
                revision,
            )
            for segment, text, dense, of_words, rows in zip(
                segments, texts, own, words, np.split(rest, ends), strict=True
            )
        ]

    def _embedded(
        self, texts: list[str], said: list[str]
    ) -> tuple[FloatArray, list[FloatArray | None], FloatArray]:
        """Vectors of segments, of their words where the model has them, and of units."""
        if self._embedder.has_words:
            whole = self._embedder.encode_words(texts)
            dense = np.stack([of_segment.dense for of_segment in whole])
            return dense, [of_segment.words for of_segment in whole], self._embedder.encode(said)
        vectors = self._embedder.encode(texts + said)
        return vectors[: len(texts)], [None] * len(texts), vectors[len(texts) :]

    def _text(self, video: Video, segment: Segment) -> str:
        text = segment_text(segment)
        return f"{video.title}: {text}" if self._titles else text


def revision_of(video: Video, segments: Sequence[Segment]) -> str:
    """A digest of all that the store keeps of a video, so that a change of any of it shows."""
    payloads = [content_of(segment, video) for segment in segments]
    content = json.dumps([SCHEMA_VERSION, payloads], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _batches(segments: Sequence[Segment]) -> Iterator[tuple[int, Sequence[Segment]]]:
    for first in range(0, len(segments), _BATCH_SEGMENTS):
        yield first, segments[first : first + _BATCH_SEGMENTS]

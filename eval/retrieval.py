"""Measures search on a dataset, through the project's own ingest and index."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from ir_measures import RR, Measure, Success, calc_aggregate, nDCG
from ir_measures.util import Qrel, ScoredDoc

from eval.dataset import Dataset, DatasetVideo, Question, is_relevant
from ingest.captions.timing import tidy_cues
from ingest.captions.transcript import transcript_of_cues
from ingest.segments import segments_of
from playhead.types import Hit, Segment
from retrieval.bm25 import query_terms
from retrieval.embedding import Embedder
from retrieval.index import SegmentIndexer
from retrieval.plan import PLANS
from retrieval.store.edge import EdgeStore
from retrieval.store.protocol import QueryVectors, Store

DEPTH = 10
MEASURES: tuple[Measure, ...] = (
    Success @ 1,
    Success @ 3,
    Success @ 5,
    Success @ 10,
    RR @ 10,
    nDCG @ 10,
)


@dataclass(frozen=True, slots=True)
class Run:
    """How one way to search did: measures by name, and the store's latency in milliseconds."""

    mode: str
    metrics: dict[str, float]
    latency_ms: dict[str, float]


def evaluate(dataset: Dataset, embedder: Embedder, modes: Sequence[str]) -> list[Run]:
    """Index a dataset in a folder of its own, never in the user's library, and measure search."""
    with tempfile.TemporaryDirectory(prefix="playhead-eval-") as folder:
        store = EdgeStore(Path(folder) / "index", embedder.name)
        try:
            segments = build(dataset, SegmentIndexer(store, embedder))
            return measure(dataset, segments, store, embedder, modes)
        finally:
            store.close()


def build(dataset: Dataset, indexer: SegmentIndexer) -> dict[str, tuple[Segment, ...]]:
    """Index a dataset's videos; returns the segments of each."""
    made = {}
    for entry in dataset.videos:
        made[entry.video.id] = segments_of_entry(entry)
        indexer.index(entry.video, made[entry.video.id])
    return made


def segments_of_entry(entry: DatasetVideo) -> tuple[Segment, ...]:
    """A dataset video's 30-second segments, cut as ingest cuts captions."""
    transcript = transcript_of_cues(tidy_cues(entry.cues), "captions:sidecar", None)
    return segments_of(entry.video.id, transcript.sentences)


def measure(
    dataset: Dataset,
    segments: dict[str, tuple[Segment, ...]],
    store: Store,
    embedder: Embedder,
    modes: Sequence[str],
) -> list[Run]:
    """Ask every answerable question in each mode, all videos together.

    A question that finds nothing scores 0 and stays in the mean.
    """
    questions = [question for question in dataset.questions if question.gold]
    dense = embedder.encode([question.text for question in questions])
    vectors = [
        QueryVectors(row, query_terms(question.text))
        for question, row in zip(questions, dense, strict=True)
    ]
    qrels = list(_qrels(questions, segments))
    return [_run(mode, questions, vectors, qrels, store) for mode in modes]


def _run(
    mode: str,
    questions: Sequence[Question],
    vectors: Sequence[QueryVectors],
    qrels: Sequence[Qrel],
    store: Store,
) -> Run:
    found: list[ScoredDoc] = []
    seconds: list[float] = []
    for question, vector in zip(questions, vectors, strict=True):
        started = time.perf_counter()
        hits = store.query(vector, PLANS[mode], DEPTH)
        seconds.append(time.perf_counter() - started)
        found += _scored(question, hits)
    results = calc_aggregate(MEASURES, qrels, found)
    metrics = {str(measure): round(float(results[measure]), 4) for measure in MEASURES}
    p50, p95, p99 = np.percentile(seconds, [50, 95, 99]) * 1000
    latency = {"p50": round(p50, 3), "p95": round(p95, 3), "p99": round(p99, 3)}
    return Run(mode, metrics, latency)


def _scored(question: Question, hits: Sequence[Hit]) -> Iterator[ScoredDoc]:
    """Ranks as scores: the order is the store's own also where scores tie."""
    for rank, hit in enumerate(hits):
        yield ScoredDoc(question.qid, hit.segment.id, float(DEPTH - rank))


def _qrels(
    questions: Sequence[Question], segments: dict[str, tuple[Segment, ...]]
) -> Iterator[Qrel]:
    for question in questions:
        for video_id in question.video_ids:
            for segment in segments.get(video_id, ()):
                yield Qrel(question.qid, segment.id, int(is_relevant(segment, question)))

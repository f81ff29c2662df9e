"""What the stores cost: insert, open, hybrid search and memory, side by side in one run.

    python -m eval.bench.store 10000 100000

Compares Qdrant Edge with qdrant-client's local mode (`QdrantClient(path=...)`) on random segments:
vectors of 384 dimensions, 5 sentences and about 40 terms each. Each store runs in a process of its
own, so that its peak memory is its own. The query's embedding is not part of it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

import numpy as np
from numpy.typing import NDArray

from playhead.types import Segment, Sentence, Video
from retrieval.store.edge import EdgeStore
from retrieval.store.protocol import (
    FloatArray,
    QueryVectors,
    SegmentPoint,
    SegmentVectors,
    SparseVector,
    Store,
)
from retrieval.store.server import ServerStore

DIMENSION = 384
SENTENCES = 5
TERMS = 40
VOCABULARY = 30_000
SEGMENTS_PER_VIDEO = 120
QUERIES = {"edge": 500, "local": 5}
BATCH = 1_000
_SENTENCE = "What is said takes about this much room in a sentence."
Figures = dict[str, float]


def main() -> None:
    """Measure each store at each size and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="+", type=int, help="numbers of segments")
    parser.add_argument("--one", choices=QUERIES, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measure(arguments.one, arguments.sizes[0])))
        return
    print(f"{'segments':>9} {'store':>6} {'insert s':>9} {'optimize s':>10} {'open s':>7}", end="")
    print(f" {'hybrid p50 ms':>13} {'p95 ms':>8} {'filtered ms':>11} {'peak MiB':>9}")
    for size in arguments.sizes:
        rows = {name: _in_own_process(name, size) for name in QUERIES}
        for name, row in rows.items():
            _print_row(size, name, row)
        ratio = rows["edge"]["hybrid_p50_ms"] / rows["local"]["hybrid_p50_ms"]
        print(f"{size:>9} hybrid, edge / local: 1/{1 / ratio:.0f}")


def measure(name: str, size: int) -> Figures:
    """All figures of one store at one size."""
    with tempfile.TemporaryDirectory(prefix="playhead-bench-") as folder:
        store, close = _store(name, Path(folder))
        insert = _seconds_to_insert(store, size)
        started = time.perf_counter()
        store.optimize()
        optimize = time.perf_counter() - started
        close()
        started = time.perf_counter()
        store, close = _store(name, Path(folder))
        store.count()
        opened = time.perf_counter() - started
        plain = _query_milliseconds(store, QUERIES[name], ())
        filtered = _query_milliseconds(store, QUERIES[name], (_video_id(0), _video_id(1)))
        close()
    p50, p95 = np.percentile(plain, [50, 95])
    return {
        "insert_s": insert,
        "optimize_s": optimize,
        "open_s": opened,
        "hybrid_p50_ms": float(p50),
        "hybrid_p95_ms": float(p95),
        "filtered_p50_ms": float(np.median(filtered)),
        "peak_mib": getrusage(RUSAGE_SELF).ru_maxrss / 1024,
    }


def random_points(size: int, seed: int = 0) -> Iterator[list[SegmentPoint]]:
    """Segments with random vectors, in batches; the same for every store."""
    rng = np.random.default_rng(seed)
    for first in range(0, size, BATCH):
        count = min(BATCH, size - first)
        rows = _unit(rng.standard_normal((count * (1 + SENTENCES), DIMENSION)))
        rows = rows.reshape(count, 1 + SENTENCES, DIMENSION)
        yield [_point(first + n, rows[n], _terms(rng, TERMS)) for n in range(count)]


def _in_own_process(name: str, size: int) -> Figures:
    command = [sys.executable, "-m", "eval.bench.store", "--one", name, str(size)]
    result = subprocess.run(command, check=True, stdout=subprocess.PIPE)  # noqa: S603 - ourselves
    figures: Figures = json.loads(result.stdout)
    return figures


def _print_row(size: int, name: str, row: Figures) -> None:
    print(
        f"{size:>9} {name:>6} {row['insert_s']:>9.1f} {row['optimize_s']:>10.1f} "
        f"{row['open_s']:>7.2f} {row['hybrid_p50_ms']:>13.2f} {row['hybrid_p95_ms']:>8.2f} "
        f"{row['filtered_p50_ms']:>11.2f} {row['peak_mib']:>9.0f}",
        flush=True,
    )


def _store(name: str, folder: Path) -> tuple[Store, Callable[[], None]]:
    """A store, and how to close it."""
    if name == "edge":
        edge = EdgeStore(folder / "index", "random")
        return edge, edge.close
    from qdrant_client import QdrantClient

    # Local mode says that it ignores payload indexes, and that it is slow for this many points.
    warnings.simplefilter("ignore")
    client = QdrantClient(path=str(folder / "local"))
    return ServerStore(client, "random"), client.close


def _seconds_to_insert(store: Store, size: int) -> float:
    """Time inside the store alone: making the random points does not count."""
    seconds = 0.0
    for points in random_points(size):
        started = time.perf_counter()
        store.upsert(points)
        seconds += time.perf_counter() - started
    return seconds


def _query_milliseconds(store: Store, count: int, video_ids: tuple[str, ...]) -> list[float]:
    rng = np.random.default_rng(1)
    times = []
    for _ in range(count):
        vectors = QueryVectors(_unit(rng.standard_normal((1, DIMENSION)))[0], _terms(rng, 5))
        started = time.perf_counter()
        store.query(vectors, video_ids=video_ids)
        times.append((time.perf_counter() - started) * 1000)
    return times


def _point(number: int, rows: FloatArray, terms: SparseVector) -> SegmentPoint:
    video_id, ordinal = _video_id(number // SEGMENTS_PER_VIDEO), number % SEGMENTS_PER_VIDEO
    start = 30.0 * ordinal
    sentences = tuple(
        Sentence(
            "What is said takes about this much room in a sentence.",
            start + 6 * n,
            start + 6 * n + 5,
        )
        for n in range(SENTENCES)
    )
    segment = Segment(f"{video_id}:{ordinal}", video_id, ordinal, start, start + 29, sentences)
    video = Video(video_id, "A random talk", "/videos/talk.mp4", 3600.0)
    return SegmentPoint(segment, video, SegmentVectors(rows[0], rows[1:], terms), "r")


def _video_id(number: int) -> str:
    return f"{number:016x}"


def _terms(rng: np.random.Generator, count: int) -> SparseVector:
    """Terms as frequent as words are (Zipf's law)."""
    indices = np.unique(rng.zipf(1.3, count) % VOCABULARY)
    return SparseVector(indices.tolist(), [1.0] * len(indices))


def _unit(rows: NDArray[np.float64]) -> FloatArray:
    return np.asarray(rows / np.linalg.norm(rows, axis=-1, keepdims=True), dtype=np.float32)


if __name__ == "__main__":
    main()

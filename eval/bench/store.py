"""What the stores cost: insert, open, hybrid search and memory, side by side in one run.

    python -m eval.bench.store 10000 100000

Compares Qdrant Edge with qdrant-client's local mode (`QdrantClient(path=...)`) on random segments:
vectors of 384 dimensions, 5 sentences, 38 words and about 40 terms each. Building and searching run
in a process each, so that peak memory is their own. A search is what the product does, without the
question's embedding. Local mode commits each point to SQLite; TMPDIR on a RAM disk spares it the
waiting.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

import numpy as np
from numpy.typing import NDArray

from playhead.types import Segment, Sentence, Video
from retrieval.bm25 import query_terms
from retrieval.search import Searcher
from retrieval.store.edge import EdgeStore
from retrieval.store.protocol import (
    FloatArray,
    SegmentPoint,
    SegmentVectors,
    SparseVector,
    Store,
)
from retrieval.store.server import ServerStore
from retrieval.words import WORD_DIMENSION, TextVectors

DIMENSION = 384
SENTENCES = 5
WORDS = 38
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
    parser.add_argument("--part", nargs=3, metavar=("PART", "STORE", "FOLDER"), help="internal")
    arguments = parser.parse_args()
    if arguments.part:
        part, name, folder = arguments.part
        print(json.dumps(_PARTS[part](name, Path(folder), arguments.sizes[0])))
        return
    print(" ".join(f"{title:>13}" for title in ("segments", "store", *_COLUMNS)))
    for size in arguments.sizes:
        rows = {name: measure(name, size) for name in QUERIES}
        for name, row in rows.items():
            cells = (f"{row[title]:13.2f}" for title in _COLUMNS)
            print(f"{size:>13} {name:>13}", *cells, flush=True)
        print(f"hybrid p50, edge / local: 1/{rows['local'][_HYBRID] / rows['edge'][_HYBRID]:.0f}")


def measure(name: str, size: int) -> Figures:
    """All figures of one store at one size; building and searching in a process each."""
    figures: Figures = {}
    with tempfile.TemporaryDirectory(prefix="playhead-bench-") as folder:
        for part in _PARTS:
            command = [sys.executable, "-m", "eval.bench.store", str(size)]
            command += ["--part", part, name, folder]
            result = subprocess.run(  # noqa: S603 - ourselves
                command, check=True, stdout=subprocess.PIPE
            )
            figures |= json.loads(result.stdout)
    return figures


def build(name: str, folder: Path, size: int) -> Figures:
    """Insert random points and optimize."""
    store, close = _store(name, folder)
    insert = _seconds_to_insert(store, size)
    started = time.perf_counter()
    store.optimize()
    optimize = time.perf_counter() - started
    close()
    return {"insert s": insert, "optimize s": optimize, "build MiB": _peak_mib()}


def search(name: str, folder: Path, _size: int) -> Figures:
    """Open what `build` made, and ask."""
    started = time.perf_counter()
    store, close = _store(name, folder)
    store.count()
    opened = time.perf_counter() - started
    plain = _query_milliseconds(store, QUERIES[name], ())
    filtered = _query_milliseconds(store, QUERIES[name], (_video_id(0), _video_id(1)))
    close()
    p50, p95 = np.percentile(plain, [50, 95])
    return {
        "open s": opened,
        _HYBRID: float(p50),
        "p95 ms": float(p95),
        "filtered ms": float(np.median(filtered)),
        "search MiB": _peak_mib(),
    }


_PARTS = {"build": build, "search": search}
_HYBRID = "hybrid p50 ms"
_COLUMNS = (
    "insert s", "optimize s", "build MiB",
    "open s", _HYBRID, "p95 ms", "filtered ms", "search MiB",
)  # fmt: skip


def random_points(size: int, seed: int = 0) -> Iterator[list[SegmentPoint]]:
    """Segments with random vectors, in batches; the same for every store."""
    rng = np.random.default_rng(seed)
    for first in range(0, size, BATCH):
        count = min(BATCH, size - first)
        rows = _unit(rng.standard_normal((count * (1 + SENTENCES), DIMENSION)))
        rows = rows.reshape(count, 1 + SENTENCES, DIMENSION)
        words = _unit(rng.standard_normal((count, WORDS, WORD_DIMENSION)))
        yield [_point(first + n, rows[n], words[n], _terms(rng, TERMS)) for n in range(count)]


def _peak_mib() -> float:
    """The most memory this process had, mapped files that it touched among it."""
    return getrusage(RUSAGE_SELF).ru_maxrss / 1024


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


class _RandomEmbedder:
    """A model whose vectors have nothing to do with the text; words have the given terms."""

    name = "random"
    has_words = True

    def __init__(self) -> None:
        self._rng = np.random.default_rng(1)

    def encode(self, texts: Sequence[str]) -> FloatArray:
        return _unit(self._rng.standard_normal((len(texts), DIMENSION)))

    def encode_words(self, texts: Sequence[str]) -> list[TextVectors]:
        made = []
        for text, dense in zip(texts, self.encode(texts), strict=True):
            terms = tuple((term,) for term in query_terms(text).indices)
            words = _unit(self._rng.standard_normal((len(terms), WORD_DIMENSION)))
            made.append(TextVectors(dense, words, terms))
        return made


def _query_milliseconds(store: Store, count: int, video_ids: tuple[str, ...]) -> list[float]:
    searcher = Searcher(store, _RandomEmbedder())
    rng = np.random.default_rng(2)
    times = []
    for _ in range(count):
        question = " ".join(str(number % VOCABULARY) for number in rng.zipf(1.3, 5))
        started = time.perf_counter()
        searcher.search(question, video_ids=video_ids)
        times.append((time.perf_counter() - started) * 1000)
    return times


def _point(number: int, rows: FloatArray, words: FloatArray, terms: SparseVector) -> SegmentPoint:
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
    return SegmentPoint(segment, video, SegmentVectors(rows[0], rows[1:], terms, words), "r")


def _video_id(number: int) -> str:
    return f"{number:016x}"


def _terms(rng: np.random.Generator, count: int) -> SparseVector:
    """Terms as frequent as words are (Zipf's law)."""
    numbers = np.unique(rng.zipf(1.3, count) % VOCABULARY)
    return SparseVector([_term(int(number)) for number in numbers], [1.0] * len(numbers))


@cache
def _term(number: int) -> int:
    """The term of a number as a word."""
    return query_terms(str(number)).indices[0]


def _unit(rows: NDArray[np.float64]) -> FloatArray:
    return np.asarray(rows / np.linalg.norm(rows, axis=-1, keepdims=True), dtype=np.float32)


if __name__ == "__main__":
    main()

"""What the store adds to indexing: time with the store, against embedding alone.

    python -m eval.bench.indexing [SEGMENTS]

Embeds the texts of random word sequences as long as speech (75 words a segment, 5 sentences), once
alone and once through the indexer into Qdrant Edge, in turn, and prints the ratio.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from playhead.types import Segment, Sentence, Video
from retrieval.embedding import SentenceTransformerEmbedder
from retrieval.index import SegmentIndexer
from retrieval.store.edge import EdgeStore
from retrieval.store.protocol import FloatArray
from retrieval.words import TextVectors

_TEXT = """
time year people way day man thing woman life child world school state family student group
country problem hand part place case week company system program question work government
number night point home water room mother area money story fact month lot right study book
eye job word business issue side kind head house service friend father power hour game line
"""
_WORDS = _TEXT.split()


class TimedEmbedder:
    """An embedder that counts the seconds it takes."""

    def __init__(self, inner: SentenceTransformerEmbedder) -> None:
        self.name = inner.name
        self.seconds = 0.0
        self._inner = inner
        self.has_words = inner.has_words

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """As the model encodes them."""
        started = time.perf_counter()
        vectors = self._inner.encode(texts)
        self.seconds += time.perf_counter() - started
        return vectors

    def encode_words(self, texts: Sequence[str]) -> list[TextVectors]:
        """As the model encodes them."""
        started = time.perf_counter()
        vectors = self._inner.encode_words(texts)
        self.seconds += time.perf_counter() - started
        return vectors


def main() -> None:
    """Index, and say which share was not embedding."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("segments", nargs="?", type=int, default=1_000)
    count = parser.parse_args().segments
    embedder = TimedEmbedder(SentenceTransformerEmbedder())
    embedder.encode(["warm up"])
    embedder.seconds = 0.0
    with tempfile.TemporaryDirectory(prefix="playhead-bench-") as folder:
        store = EdgeStore(Path(folder) / "index", embedder.name)
        started = time.perf_counter()
        SegmentIndexer(store, embedder).index(_VIDEO, _segments(count))
        store.optimize()
        total = time.perf_counter() - started
        store.close()
    added = total / embedder.seconds - 1
    print(f"{count} segments: embedding {embedder.seconds:.1f} s, all {total:.1f} s, +{added:.1%}")


_VIDEO = Video("0" * 16, "Random words", "/videos/words.mp4", 0.0)


def _segments(count: int) -> list[Segment]:
    rng = np.random.default_rng(0)
    return [_segment(ordinal, rng) for ordinal in range(count)]


def _segment(ordinal: int, rng: np.random.Generator) -> Segment:
    start = 30.0 * ordinal
    sentences = tuple(
        Sentence(" ".join(rng.choice(_WORDS, 15)) + ".", start + 6 * n, start + 6 * n + 5)
        for n in range(5)
    )
    return Segment(f"{_VIDEO.id}:{ordinal}", _VIDEO.id, ordinal, start, start + 29, sentences)


if __name__ == "__main__":
    main()

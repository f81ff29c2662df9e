"""Small stand-ins, injected through public seams: test values, and a fast embedder."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from playhead.text import split_words
from playhead.types import Segment, Sentence, Video
from retrieval.bm25 import document_terms, query_terms
from retrieval.store.protocol import FloatArray, SegmentPoint, SegmentVectors
from retrieval.units import unit_text, units_of
from retrieval.words import TextVectors


class HashEmbedder:
    """An embedder without a model: texts that share words are near each other.

    Each word has a fixed random direction; a text is the normalised sum of its words'.
    """

    name = "hash"

    def __init__(self, dimension: int = 32, *, words: bool = False) -> None:
        self._dimension = dimension
        self.has_words = words

    def encode(self, texts: Sequence[str]) -> FloatArray:
        return np.stack([self._vector(text) for text in texts])

    def encode_words(self, texts: Sequence[str]) -> list[TextVectors]:
        return [self._text_vectors(text) for text in texts]

    def _text_vectors(self, text: str) -> TextVectors:
        known = [(word, tuple(query_terms(word).indices)) for word in split_words(text)]
        known = [(word, terms) for word, terms in known if terms]
        rows = [self._vector(word) for word, _ in known]
        words = np.stack(rows) if rows else np.zeros((0, self._dimension), dtype=np.float32)
        return TextVectors(self._vector(text), words, tuple(terms for _, terms in known))

    def _vector(self, text: str) -> FloatArray:
        words = split_words(text.casefold()) or [""]
        vector = np.sum([self._direction(word) for word in words], axis=0)
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)

    def _direction(self, word: str) -> FloatArray:
        seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big")
        return np.random.default_rng(seed).standard_normal(self._dimension).astype(np.float32)


def video(video_id: str = "a" * 16, title: str = "Talk", **fields: object) -> Video:
    """A video; `fields` override the defaults."""
    defaults = {"source": f"/videos/{title}.mp4", "duration": 600.0, "engine": "captions:sidecar"}
    return Video(video_id, title, **{**defaults, **fields})  # type: ignore[arg-type]


def segments(video_id: str, *texts: str, seconds: float = 20.0) -> list[Segment]:
    """Segments in a row; each text's sentences are split at `|` and share its time."""
    made = []
    for ordinal, text in enumerate(texts):
        parts = [part.strip() for part in text.split("|")]
        step = seconds / len(parts)
        begin = ordinal * seconds
        sentences = tuple(
            Sentence(part, begin + n * step, begin + (n + 1) * step) for n, part in enumerate(parts)
        )
        made.append(
            Segment(f"{video_id}:{ordinal}", video_id, ordinal, begin, begin + seconds, sentences)
        )
    return made


def points(of: Video, found: Sequence[Segment], revision: str = "r1") -> list[SegmentPoint]:
    """Points as the indexer makes them, embedded by a `HashEmbedder`."""
    embedder = HashEmbedder(words=True)
    return [
        SegmentPoint(
            segment,
            of,
            SegmentVectors(
                own.dense,
                embedder.encode([unit_text(unit) for unit in units_of(segment.sentences)]),
                document_terms(segment.text),
                own.words,
            ),
            revision,
        )
        for segment, own in zip(
            found, embedder.encode_words([segment.text for segment in found]), strict=True
        )
    ]


class FixedReranker:
    """A reranker that gives the same scores whatever it is asked, and keeps what it was asked."""

    name = "fixed"

    def __init__(self, *scores: float) -> None:
        self._scores = np.array(scores, dtype=np.float32)
        self.asked: list[tuple[str, list[str]]] = []

    def scores(self, question: str, texts: Sequence[str]) -> FloatArray:
        self.asked.append((question, list(texts)))
        return self._scores[: len(texts)]

"""Questions embedded once: their vectors are kept by content, so that the next run has them."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from eval.build import code_of, model_key, unwritable
from playhead.progress import OnProgress, ProgressEvent, ignore_progress
from retrieval.embedding import Embedder
from retrieval.store.protocol import FloatArray
from retrieval.words import WORD_DIMENSION, TextVectors

KEPT = 30
"""So many files of vectors stay in the cache."""

MAKERS = ("retrieval.bm25", "retrieval.embedding", "retrieval.words")
"""The modules that decide what a question's vectors are."""

_BATCH = 256
_ARRAYS = ("dense", "words", "words_of_text", "terms", "terms_of_word")


class KnownEmbedder:
    """An embedder that knows the vectors of some texts, and asks another for all else.

    Args:
        known: vectors by text.
        embedder: the other, of the same model.
    """

    def __init__(self, known: Mapping[str, TextVectors], embedder: Embedder) -> None:
        self._known = known
        self._embedder = embedder

    @property
    def name(self) -> str:
        """What the model is called."""
        return self._embedder.name

    @property
    def has_words(self) -> bool:
        """Whether `encode_words` can be used."""
        return self._embedder.has_words

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Vectors of unit length, shape (len(texts), d)."""
        if not all(text in self._known for text in texts):
            return self._embedder.encode(texts)
        return np.stack([self._known[text].dense for text in texts])

    def encode_words(self, texts: Sequence[str]) -> list[TextVectors]:
        """The same vectors, with those of the words beside them."""
        if not all(text in self._known for text in texts):
            return self._embedder.encode_words(texts)
        return [self._known[text] for text in texts]


def embed_questions(
    texts: Sequence[str],
    embedder: Embedder,
    cache: Path,
    on_progress: OnProgress = ignore_progress,
) -> KnownEmbedder:
    """Embed texts, or read their vectors where they have been embedded before.

    Args:
        texts: questions as they are searched for.
        embedder: the model.
        cache: a folder, which may not be there yet.
        on_progress: told of questions embedded.

    Raises:
        LibraryError: the cache cannot be written.
    """
    unique = list(dict.fromkeys(texts))
    if not unique:
        return KnownEmbedder({}, embedder)
    key = json.dumps([model_key(embedder.name), code_of(MAKERS), unique])
    path = cache / "questions" / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.npz"
    vectors = _read(path, len(unique))
    if vectors is None:
        vectors = _embedded(unique, embedder, on_progress)
        try:
            _write(path, vectors)
        except OSError as error:
            raise unwritable(cache, error) from error
    return KnownEmbedder(dict(zip(unique, vectors, strict=True)), embedder)


def embedding_seconds(texts: Sequence[str], embedder: Embedder) -> dict[str, float]:
    """How long it takes to embed each text alone, as a search does; the model is loaded before."""
    _vectors([""], embedder)
    seconds = {}
    for text in texts:
        started = time.perf_counter()
        _vectors([text], embedder)
        seconds[text] = time.perf_counter() - started
    return seconds


def _vectors(texts: Sequence[str], embedder: Embedder) -> list[TextVectors]:
    if embedder.has_words:
        return embedder.encode_words(texts)
    none = np.zeros((0, WORD_DIMENSION), dtype=np.float32)
    return [TextVectors(row, none, ()) for row in embedder.encode(texts)]


def _embedded(
    texts: Sequence[str], embedder: Embedder, on_progress: OnProgress
) -> list[TextVectors]:
    vectors = []
    for first in range(0, len(texts), _BATCH):
        vectors += _vectors(texts[first : first + _BATCH], embedder)
        done = min(first + _BATCH, len(texts))
        on_progress(ProgressEvent("embed questions", done, len(texts)))
    return vectors


def _read(path: Path, count: int) -> list[TextVectors] | None:
    """The vectors in a file; None where it is not there, or damaged."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            dense, words, rows, terms, sizes = (stored[name] for name in _ARRAYS)
            if (rows.sum(), sizes.sum()) != (len(words), len(terms)) or len(words) != len(sizes):
                return None
            by_word = np.split(terms, np.cumsum(sizes)[:-1]) if len(sizes) else []
            ends = np.cumsum(rows)
            vectors = [
                TextVectors(own, words[end - n : end], _tuples(by_word[end - n : end]))
                for own, n, end in zip(dense, rows, ends, strict=True)
            ]
    except (OSError, ValueError, TypeError, EOFError, KeyError, BadZipFile):
        return None
    if len(vectors) != count:
        return None
    os.utime(path)
    return vectors


def _tuples(terms: Sequence[FloatArray]) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(of_word.tolist()) for of_word in terms)


def _write(path: Path, vectors: Sequence[TextVectors]) -> None:
    """Keep vectors, whole or not at all, and drop those not used for longest."""
    arrays = (
        np.stack([text.dense for text in vectors]),
        np.concatenate([text.words for text in vectors]),
        np.array([len(text.words) for text in vectors], dtype=np.int64),
        np.array([term for text in vectors for word in text.terms for term in word], np.int64),
        np.array([len(word) for text in vectors for word in text.terms], dtype=np.int64),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with partial.open("wb") as file:
            np.savez(file, **dict(zip(_ARRAYS, arrays, strict=True)))  # type: ignore[arg-type]
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    files = sorted(path.parent.iterdir(), key=lambda file: file.stat().st_mtime, reverse=True)
    for old in files[KEPT:]:
        old.unlink(missing_ok=True)

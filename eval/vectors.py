"""Questions embedded once: their vectors are kept by content, so that the next run has them."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from eval.build import model_key, unwritable
from playhead.progress import OnProgress, ProgressEvent, ignore_progress
from retrieval.embedding import Embedder
from retrieval.store.protocol import FloatArray

KEPT = 30
"""So many files of vectors stay in the cache."""

_BATCH = 256
_DIMENSIONS = 2


class KnownEmbedder:
    """An embedder that knows the vectors of some texts, and asks another for all else.

    Args:
        known: vectors by text.
        embedder: the other, of the same model.
    """

    def __init__(self, known: Mapping[str, FloatArray], embedder: Embedder) -> None:
        self._known = known
        self._embedder = embedder
        self.name = embedder.name

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Vectors of unit length, shape (len(texts), d)."""
        rows = [self._known[text] for text in texts if text in self._known]
        return np.stack(rows) if rows and len(rows) == len(texts) else self._embedder.encode(texts)


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
    key = json.dumps([model_key(embedder.name), unique])
    path = cache / "questions" / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.npy"
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
    embedder.encode([""])
    seconds = {}
    for text in texts:
        started = time.perf_counter()
        embedder.encode([text])
        seconds[text] = time.perf_counter() - started
    return seconds


def _embedded(texts: Sequence[str], embedder: Embedder, on_progress: OnProgress) -> FloatArray:
    batches = []
    for first in range(0, len(texts), _BATCH):
        batches.append(embedder.encode(texts[first : first + _BATCH]))
        done = min(first + _BATCH, len(texts))
        on_progress(ProgressEvent("embed questions", done, len(texts)))
    return np.concatenate(batches)


def _read(path: Path, count: int) -> FloatArray | None:
    try:
        vectors = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    if vectors.dtype != np.float32 or vectors.ndim != _DIMENSIONS or len(vectors) != count:
        return None
    os.utime(path)
    return np.asarray(vectors, dtype=np.float32)


def _write(path: Path, vectors: FloatArray) -> None:
    """Keep vectors, whole or not at all, and drop those not used for longest."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with partial.open("wb") as file:
            np.save(file, vectors)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    files = sorted(path.parent.iterdir(), key=lambda file: file.stat().st_mtime, reverse=True)
    for old in files[KEPT:]:
        old.unlink(missing_ok=True)

"""The words of a text that carry meaning, each as a vector in its context.

A question's words are compared with a segment's one by one, which tells apart what the vectors of
whole texts blur (late interaction: Khattab and Zaharia, ColBERT, SIGIR 2020). The vectors are the
embedding model's own, of its last layer: nothing is trained for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from retrieval.bm25 import query_terms
from retrieval.store.protocol import FloatArray

WORD_DIMENSION = 128
"""A third of the model's. On TutorialVQA it finds what all 384 find, in a third of the room."""


@dataclass(frozen=True, slots=True)
class TextVectors:
    """A text as vectors of unit length.

    `dense`, shape (d,), is the text's; `words`, shape (n, `WORD_DIMENSION`), has a row for each of
    its words that BM25 would look for (no "the", no "how"). `terms` holds these words' terms, as
    BM25 knows them, in the same order.
    """

    dense: FloatArray
    words: FloatArray
    terms: tuple[tuple[int, ...], ...]


def text_vectors(
    text: str,
    dense: FloatArray,
    pieces: FloatArray,
    word_ids: Sequence[int | None],
    offsets: Sequence[tuple[int, int]],
) -> TextVectors:
    """Put word pieces together to words, and leave out those that say nothing.

    Args:
        text: what was embedded.
        dense: its vector, shape (d,).
        pieces: a vector for each word piece, shape (m, d).
        word_ids: which word each piece belongs to, None for the model's own marks; m of them.
        offsets: where in the text each piece lies, in characters; m of them.
    """
    rows, terms = [], []
    for members in _words(word_ids):
        start, end = offsets[members[0]][0], offsets[members[-1]][1]
        if known := _terms(text[start:end]):
            rows.append(pieces[members].mean(axis=0))
            terms.append(known)
    words = np.stack(rows) @ projection(pieces.shape[1]) if rows else np.zeros((0, WORD_DIMENSION))
    lengths = np.linalg.norm(words, axis=1, keepdims=True)
    return TextVectors(dense, np.asarray(words / lengths, dtype=np.float32), tuple(terms))


def _words(word_ids: Sequence[int | None]) -> list[list[int]]:
    """The positions of each word's pieces, in order."""
    words: dict[int, list[int]] = {}
    for position, word in enumerate(word_ids):
        if word is not None:
            words.setdefault(word, []).append(position)
    return list(words.values())


@lru_cache(maxsize=100_000)
def _terms(word: str) -> tuple[int, ...]:
    return tuple(query_terms(word).indices)


@cache
def projection(dimension: int) -> FloatArray:
    """An orthonormal basis of random directions, shape (dimension, `WORD_DIMENSION`).

    It keeps inner products nearly as they are, whatever the data (Johnson and Lindenstrauss, 1984;
    Dasgupta and Gupta, "An elementary proof", Random Structures & Algorithms 2003). It is the same
    on every machine, so that an index can move: the stream of `RandomState` is frozen, and the
    decomposition is unique once the diagonal of R is positive.
    """
    normal = np.random.RandomState(0).standard_normal((dimension, WORD_DIMENSION))
    basis, upper = np.linalg.qr(normal)
    return np.asarray(basis * np.sign(np.diag(upper)), dtype=np.float32)

"""Text to term weights, by the BM25 that Qdrant Edge carries (a server's is the same)."""

from __future__ import annotations

from functools import lru_cache

from qdrant_edge import Bm25, Bm25Config

from retrieval.store.protocol import SparseVector


def document_terms(text: str) -> SparseVector:
    """The terms of a text that is stored, weighted by frequency and length."""
    vector = _bm25().embed_document(text)
    return SparseVector(list(vector.indices), list(vector.values))


def query_terms(text: str) -> SparseVector:
    """The terms of a question; the engine weighs them by how rare they are (IDF)."""
    vector = _bm25().embed_query(text)
    return SparseVector(list(vector.indices), list(vector.values))


@lru_cache(maxsize=1)
def _bm25() -> Bm25:
    return Bm25(Bm25Config(avg_len=AVERAGE_TERMS, ascii_folding=True))


AVERAGE_TERMS = 40
"""How many terms (words less stop words) 30 seconds of speech have, about."""

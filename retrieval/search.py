"""A question becomes hits: the segments that most likely answer it."""

from __future__ import annotations

from collections.abc import Collection

from playhead.types import Hit
from retrieval.bm25 import query_terms
from retrieval.embedding import Embedder
from retrieval.plan import DEFAULT_PLAN, SearchPlan
from retrieval.question import clean_question
from retrieval.store.protocol import QueryVectors, Store


class Searcher:
    """Searches a store.

    Args:
        store: the index.
        embedder: the model that the index was made with; not loaded for BM25 alone.
    """

    def __init__(self, store: Store, embedder: Embedder) -> None:
        self._store = store
        self._embedder = embedder

    def search(
        self,
        question: str,
        limit: int = 10,
        plan: SearchPlan = DEFAULT_PLAN,
        video_ids: Collection[str] = (),
    ) -> list[Hit]:
        """The best `limit` segments for a question, best first.

        Args:
            question: what somebody wants to know.
            limit: at most so many hits.
            plan: which legs to ask, and how to fuse them.
            video_ids: search these videos only; empty means all.

        Raises:
            QuestionError: the question is empty or far too long.
            StoreError: the index does not answer.
        """
        return self._store.query(self.vectors(question, plan), plan, limit, video_ids)

    def vectors(self, question: str, plan: SearchPlan = DEFAULT_PLAN) -> QueryVectors:
        """The question as the store compares it."""
        question = clean_question(question)
        dense = self._embedder.encode([question])[0] if plan.embeds else None
        return QueryVectors(dense, query_terms(question))

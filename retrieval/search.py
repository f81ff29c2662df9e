"""A question becomes hits: the segments that most likely answer it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from playhead.types import Hit
from retrieval.bm25 import idf as rarity
from retrieval.bm25 import query_terms
from retrieval.embedding import Embedder
from retrieval.plan import CANDIDATES, DEFAULT_PLAN, SearchPlan
from retrieval.question import clean_question
from retrieval.ranking import ranked
from retrieval.reranker import RERANKED, Reranker, reranked
from retrieval.speakers import in_own_words, speakers_named
from retrieval.store.protocol import Candidate, FloatArray, QueryVectors, Store
from retrieval.words import TextVectors


@dataclass(frozen=True, slots=True)
class Found:
    """Hits, best first, and the candidates they were ranked among, with their scores.

    Candidates and scores, by (video id, ordinal), are empty where none are weighed.
    """

    hits: list[Hit]
    candidates: tuple[Candidate, ...] = ()
    scores: Mapping[tuple[str, int], float] = field(default_factory=dict)


class Searcher:
    """Searches a store.

    Args:
        store: the index.
        embedder: the model that the index was made with; not loaded for BM25 alone.
        reranker: puts the best hits in its own order, whatever the plan; none by default.
    """

    def __init__(self, store: Store, embedder: Embedder, reranker: Reranker | None = None) -> None:
        self._store = store
        self._embedder = embedder
        self._reranker = reranker

    def search(
        self,
        question: str,
        limit: int = 10,
        plan: SearchPlan = DEFAULT_PLAN,
        video_ids: Collection[str] = (),
        speakers: Collection[str] = (),
    ) -> list[Hit]:
        """The best `limit` segments for a question, best first.

        Args:
            question: what somebody wants to know.
            limit: at most so many hits.
            plan: which legs to ask, and how to fuse them. Where the embedding model has no
                words, its `without_words` is used.
            video_ids: search these videos only; empty means all.
            speakers: search only where one of these speaks (`speakers_named`), and cut each hit
                down to what they say; empty means everybody.

        Raises:
            QuestionError: the question is empty or far too long.
            StoreError: the index does not answer.
            RerankerError: the reranker cannot be used.
        """
        hits = self.look(self.vectors(question, plan), limit, plan, video_ids, speakers).hits
        return [own for hit in hits if (own := in_own_words(hit, speakers))] if speakers else hits

    def speakers_named(self, name: str | None, video_ids: Collection[str] = ()) -> list[str]:
        """Who is meant by a name, or by a part of it, of those who speak in some videos, or all.

        Nobody in particular where no name is given, or there is nothing to search.

        Raises:
            QuestionError: nobody there is called so.
            StoreError: the index does not answer.
        """
        if name is None or self._store.count() == 0:
            return []
        return speakers_named(name, self._store.speaker_counts(video_ids))

    def find(
        self,
        vectors: QueryVectors,
        limit: int = 10,
        plan: SearchPlan = DEFAULT_PLAN,
        video_ids: Collection[str] = (),
    ) -> list[Hit]:
        """The best `limit` segments for a question that is embedded already, by the same plan.

        Raises:
            ValueError: there is a reranker, and the question's text is not among the vectors.
            StoreError: the index does not answer.
            RerankerError: the reranker cannot be used.
        """
        return self.look(vectors, limit, plan, video_ids).hits

    def look(
        self,
        vectors: QueryVectors,
        limit: int = 10,
        plan: SearchPlan = DEFAULT_PLAN,
        video_ids: Collection[str] = (),
        speakers: Collection[str] = (),
    ) -> Found:
        """What `find` finds, whole, with what it was chosen from; where `speakers` speak, if given.

        The other arguments, and the errors, are the same.
        """
        if self._reranker is None:
            return self._found(vectors, limit, plan, video_ids, speakers)
        if not vectors.text:
            raise ValueError("a question without its text cannot be reranked")
        found = self._found(vectors, max(limit, RERANKED), plan, video_ids, speakers)
        return replace(found, hits=reranked(found.hits, vectors.text, self._reranker)[:limit])

    def _found(
        self,
        vectors: QueryVectors,
        limit: int,
        plan: SearchPlan,
        video_ids: Collection[str],
        speakers: Collection[str],
    ) -> Found:
        plan = self._possible(plan)
        if not plan.is_weighed:
            return Found(self._store.query(vectors, plan, limit, video_ids, speakers))
        candidates = self.candidates(vectors, plan, limit, video_ids, speakers)
        order = ranked(candidates, plan, vectors.terms_idf)
        scores = {candidate.key: score for candidate, score in order}
        hits = self._store.hits(dict(list(scores.items())[:limit]))
        return Found(hits, tuple(candidates), scores)

    def candidates(
        self,
        vectors: QueryVectors,
        plan: SearchPlan = DEFAULT_PLAN,
        limit: int = 10,
        video_ids: Collection[str] = (),
        speakers: Collection[str] = (),
    ) -> list[Candidate]:
        """What is ranked for a question."""
        depth = max(CANDIDATES, limit)
        return self._store.candidates(vectors, plan.legs, depth, video_ids, speakers)

    def vectors(self, question: str, plan: SearchPlan = DEFAULT_PLAN) -> QueryVectors:
        """The question as the store compares it."""
        question = clean_question(question)
        plan = self._possible(plan)
        terms = query_terms(question)
        if not plan.embeds:
            return QueryVectors(None, terms, text=question)
        if not plan.is_weighed and "words" not in plan.legs:
            dense = self._embedder.encode([question])[0]
            return QueryVectors(dense, terms, text=question)
        (embedded,) = self._embedder.encode_words([question])
        idf = self._store.idf(terms.indices)
        words = _weighted(embedded, idf)
        unknown = _unknown(idf, self._store.count())
        return QueryVectors(embedded.dense, terms, words, sum(idf.values()), question, unknown)

    def _possible(self, plan: SearchPlan) -> SearchPlan:
        return plan if self._embedder.has_words else plan.without_words


def _unknown(idf: Mapping[int, float], total: int) -> float:
    """The share of the terms' IDF that falls to those which none of `total` segments has."""
    # One segment that has a term makes it a third as rare; scores are of single precision.
    nowhere = rarity(0, total) - 1e-3
    return sum(value for value in idf.values() if value >= nowhere) / max(sum(idf.values()), 1e-6)


def _weighted(question: TextVectors, idf: Mapping[int, float]) -> FloatArray:
    """A question's words, as long as they are rare; the lengths add up to 1."""
    rarity = np.array([max(idf.get(term, 0.0) for term in terms) for terms in question.terms])
    share = rarity / rarity.sum() if rarity.sum() > 0 else np.zeros(len(rarity))
    return np.asarray(question.words * share[:, None], dtype=np.float32)

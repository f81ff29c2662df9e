"""Search with a reranker: what it is given, and that its order is what comes out."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from playhead.types import Hit
from retrieval.answer.answerer import Answerer
from retrieval.answer.extractive import ExtractiveEngine
from retrieval.bm25 import query_terms
from retrieval.index import SegmentIndexer
from retrieval.llamaindex import PlayheadRetriever
from retrieval.plan import PLANS, SearchPlan
from retrieval.reranker import RERANKED, CrossEncoderReranker
from retrieval.search import Searcher
from retrieval.store.protocol import QueryVectors, Store
from tests.fakes import FixedReranker, HashEmbedder, segments, video
from tests.retrieval.plans import ALL_PLANS, plan_name

COUNT = RERANKED + 5
TALK = segments("talk", *(f"Loaf number {n} rises in oven {n % 7}." for n in range(COUNT)))
QUESTION = "Which loaf rises in oven 3?"


@pytest.fixture
def filled(store: Store) -> Store:
    """One talk, in a store of each kind."""
    SegmentIndexer(store, HashEmbedder(words=True)).index(video("talk"), TALK)
    return store


def found(store: Store, reranker: FixedReranker | None = None, **asked: object) -> list[Hit]:
    searcher = Searcher(store, HashEmbedder(words=True), reranker)
    return searcher.search(QUESTION, **asked)  # type: ignore[arg-type]


def ids(hits: Sequence[Hit]) -> list[str]:
    return [hit.segment.id for hit in hits]


@pytest.fixture
def upwards() -> FixedReranker:
    """Says of the last that it is the best."""
    return FixedReranker(*range(COUNT))


@pytest.mark.parametrize("plan", ALL_PLANS, ids=plan_name)
def test_the_best_thirty_are_reranked_whatever_the_plan(
    plan: SearchPlan, filled: Store, upwards: FixedReranker
) -> None:
    best = found(filled, upwards, limit=3, plan=plan)
    ((question, texts),) = upwards.asked
    assert (question, len(texts)) == (QUESTION, RERANKED)
    assert [hit.segment.text for hit in best] == texts[::-1][:3]
    assert [hit.score for hit in best] == [RERANKED - 1, RERANKED - 2, RERANKED - 3]
    assert {hit.video for hit in best} == {video("talk")}


def test_it_reads_the_question_and_what_was_found(filled: Store, upwards: FixedReranker) -> None:
    Searcher(filled, HashEmbedder(words=True), upwards).search(f"  {QUESTION}\n", 1)
    as_found = found(filled, limit=RERANKED)
    assert upwards.asked == [(QUESTION, [hit.segment.text for hit in as_found])]


def test_beyond_thirty_hits_the_order_stays(filled: Store, upwards: FixedReranker) -> None:
    as_found = ids(found(filled, limit=COUNT))
    best = found(filled, upwards, limit=COUNT)
    assert ids(best) == as_found[:RERANKED][::-1] + as_found[RERANKED:]
    scores = [hit.score for hit in best]
    assert scores == sorted(scores, reverse=True)


def test_where_nothing_is_found_it_is_not_asked(filled: Store) -> None:
    broken = CrossEncoderReranker("/nowhere")
    searcher = Searcher(filled, HashEmbedder(words=True), broken)
    assert searcher.search("zeppelin", plan=PLANS["bm25"]) == []
    assert searcher.search(QUESTION, video_ids=["none"]) == []


def test_vectors_without_the_question_are_a_mistake(filled: Store, upwards: FixedReranker) -> None:
    bare = QueryVectors(None, query_terms(QUESTION))
    plan = PLANS["bm25"]
    with pytest.raises(ValueError, match="without its text"):
        Searcher(filled, HashEmbedder(), upwards).find(bare, plan=plan)
    assert Searcher(filled, HashEmbedder()).find(bare, plan=plan)


def test_answers_and_nodes_are_made_of_what_it_puts_first(
    filled: Store, upwards: FixedReranker
) -> None:
    searcher = Searcher(filled, HashEmbedder(words=True), upwards)
    best = ids(found(filled, upwards, limit=5))
    answer = Answerer(filled, searcher, ExtractiveEngine()).ask(QUESTION)
    assert answer.passages[0].hit.segment.id == best[0]
    assert {passage.hit.segment.id for passage in answer.passages} <= set(best)
    nodes = PlayheadRetriever(filled, searcher, 5).retrieve(QUESTION)
    assert [node.node_id for node in nodes] == best

"""Search as it is by default: candidates of every leg, ranked by what was learned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from playhead.types import Hit, Segment
from retrieval.bm25 import query_terms
from retrieval.index import SegmentIndexer
from retrieval.plan import CANDIDATES, DEFAULT_PLAN, PLANS, SearchPlan
from retrieval.ranking import ranked
from retrieval.search import Searcher
from retrieval.store.protocol import FloatArray, Store
from retrieval.words import TextVectors
from tests.fakes import HashEmbedder, segments, video
from tests.retrieval.plans import ALL_PLANS, LEARNED_PLANS, plan_name

COOKING = segments(
    "cooking",
    "Welcome to the kitchen, everybody.",
    "Slice the onions very thinly.",
    "Melt the butter in a heavy pan.",
    "Add onions to the butter and stir.",
    "Serve it warm with fresh bread.",
)
SAILING = segments(
    "sailing", "Hoist the main sail.", "Watch the wind and the sail.", "Tack to port."
)


class WordlessEmbedder(HashEmbedder):
    """A model that gives no words, and says so when it is asked for them."""

    def encode_words(self, texts: Sequence[str]) -> list[TextVectors]:
        raise AssertionError("there are no words to be had")


def filled(store: Store, *talks: Sequence[Segment], words: bool = True) -> Searcher:
    """A search of some videos."""
    embedder = HashEmbedder(words=True) if words else WordlessEmbedder()
    indexer = SegmentIndexer(store, embedder)
    for talk in talks:
        indexer.index(video(talk[0].video_id), talk)
    return Searcher(store, embedder)


@pytest.fixture
def searcher(store: Store) -> Searcher:
    """Searches two videos, in each store in turn."""
    return filled(store, COOKING, SAILING)


def places(hits: Sequence[Hit]) -> list[tuple[str, int]]:
    return [(hit.segment.video_id, hit.segment.ordinal) for hit in hits]


@pytest.mark.parametrize("plan", LEARNED_PLANS, ids=plan_name)
def test_hits_are_the_candidates_as_they_rank(searcher: Searcher, plan: SearchPlan) -> None:
    vectors = searcher.vectors("How do I melt butter?")
    best = ranked(searcher.candidates(vectors, plan), plan, vectors.terms_idf)
    hits = searcher.find(vectors, 10, plan)
    assert places(hits) == [candidate.key for candidate, _ in best]
    assert [hit.score for hit in hits] == pytest.approx([score for _, score in best], abs=1e-5)
    assert hits[0].segment == COOKING[2]
    assert hits[0].video == video("cooking")
    assert len(hits) == len(COOKING) + len(SAILING)


@pytest.mark.parametrize("plan", ALL_PLANS, ids=plan_name)
def test_what_was_said_is_found(searcher: Searcher, plan: SearchPlan) -> None:
    for wanted in (COOKING[1], COOKING[3], SAILING[1]):
        assert searcher.search(wanted.text, 1, plan)[0].segment == wanted


def test_an_empty_store_has_no_hits(store: Store) -> None:
    searcher = Searcher(store, HashEmbedder(words=True))
    for plan in ALL_PLANS:
        assert searcher.search("butter", plan=plan) == []


@pytest.mark.parametrize("plan", LEARNED_PLANS, ids=plan_name)
@pytest.mark.parametrize("question", ["What is said of butter?", "the of and", "?", "zeppelins"])
def test_a_library_of_one_segment(store: Store, plan: SearchPlan, question: str) -> None:
    searcher = filled(store, segments("v", "Melt the butter."))
    (hit,) = searcher.search(question, plan=plan)
    assert hit.segment.id == "v:0"
    assert np.isfinite(hit.score)


@pytest.mark.parametrize("question", ["what is it and how", "?!", "🎬"])
def test_a_question_of_stop_words_only(searcher: Searcher, question: str) -> None:
    vectors = searcher.vectors(question)
    assert vectors.words is not None
    assert (vectors.bm25.indices, len(vectors.words), vectors.terms_idf) == ([], 0, 0.0)
    hits = searcher.find(vectors)
    assert len(hits) == len(COOKING) + len(SAILING)
    assert np.isfinite([hit.score for hit in hits]).all()


def test_words_nobody_said_leave_the_meaning(searcher: Searcher) -> None:
    vectors = searcher.vectors("zeppelin balloon")
    assert len(searcher.find(vectors)) == len(COOKING) + len(SAILING)


@pytest.mark.parametrize("plan", LEARNED_PLANS, ids=plan_name)
def test_limit(searcher: Searcher, plan: SearchPlan) -> None:
    everything = searcher.search("the wind and the sail", 100, plan)
    assert len(everything) == len(COOKING) + len(SAILING)
    for limit in (1, 3):
        assert (
            places(searcher.search("the wind and the sail", limit, plan))
            == (places(everything)[:limit])
        )


def test_more_hits_than_a_leg_hands_over_can_be_asked_for(store: Store) -> None:
    count = CANDIDATES + 20
    searcher = filled(store, segments("v", *[f"Butter number {n} is here." for n in range(count)]))
    assert len(searcher.search("butter", CANDIDATES)) == CANDIDATES
    assert len(searcher.search("butter", count)) == count
    assert len(searcher.search("butter", count + 50)) == count


@pytest.mark.parametrize("plan", LEARNED_PLANS, ids=plan_name)
def test_only_the_videos_asked_for(searcher: Searcher, plan: SearchPlan) -> None:
    question = "Hoist the main sail and slice the onions"
    assert {place[0] for place in places(searcher.search(question, 10, plan))} == {
        "cooking", "sailing"
    }  # fmt: skip
    for talk in (COOKING, SAILING):
        hits = searcher.search(question, 10, plan, [talk[0].video_id])
        assert sorted(places(hits)) == [(s.video_id, s.ordinal) for s in talk]
    assert searcher.search(question, 10, plan, ["none"]) == []


def test_a_video_is_found_however_many_others_fit_better(store: Store) -> None:
    crowd = segments("crowd", *["Hoist the main sail."] * (CANDIDATES + 50))
    searcher = filled(store, crowd, COOKING)
    hits = searcher.search("Hoist the main sail.", video_ids=["cooking"])
    assert sorted(places(hits)) == [("cooking", n) for n in range(len(COOKING))]


@pytest.mark.parametrize("plan", LEARNED_PLANS, ids=plan_name)
def test_equal_ones_come_in_order_of_video_and_time(store: Store, plan: SearchPlan) -> None:
    """Always: what was cited yesterday is cited today, on every machine."""
    talks = [segments(name, *["Hoist the main sail."] * 12) for name in ("b", "a", "c")]
    searcher = filled(store, *talks)
    plan = replace(plan, context=False) if plan.legs == DEFAULT_PLAN.legs else plan
    vectors = searcher.vectors("Hoist the main sail")
    hits = searcher.find(vectors, 36, plan)
    for score in {round(hit.score, 3) for hit in hits}:
        alike = [place for hit, place in zip(hits, places(hits), strict=True)
                 if round(hit.score, 3) == score]  # fmt: skip
        assert alike == sorted(alike)
    assert len({round(hit.score, 3) for hit in hits}) < 12
    for limit in (1, 7, 36):
        assert places(searcher.find(vectors, limit, plan)) == places(hits)[:limit]


@pytest.mark.parametrize("plan", ALL_PLANS, ids=plan_name)
def test_a_model_without_words_searches_by_the_other_legs(store: Store, plan: SearchPlan) -> None:
    searcher = filled(store, COOKING, SAILING, words=False)
    vectors = searcher.vectors("Slice onions", plan)
    assert vectors.words is None
    hits = searcher.find(vectors, 10, plan)
    by_engine = store.query(vectors, plan.without_words, 10)
    assert {place: hit.score for place, hit in zip(places(hits), hits, strict=True)} == (
        pytest.approx({p: h.score for p, h in zip(places(by_engine), by_engine, strict=True)})
    )
    assert hits[0].segment == COOKING[1]


def test_a_plan_without_words_asks_the_model_for_none(store: Store) -> None:
    filled(store, COOKING, SAILING)

    class Silent(WordlessEmbedder):
        has_words = True

        def __init__(self) -> None:
            self._dimension = 32

    searcher = Searcher(store, Silent())
    for plan in ALL_PLANS:
        if "words" not in plan.legs and not plan.is_weighed:
            assert searcher.search("Slice onions", 1, plan)[0].segment == COOKING[1]
    # One leg alone is not weighed, whatever its fusion.
    assert searcher.search("Slice onions", 1, SearchPlan(("dense",), "learned"))


def test_words_count_by_how_rare_they_are(searcher: Searcher, store: Store) -> None:
    vectors = searcher.vectors("sail butter zeppelin and the butter")
    assert vectors.words is not None
    lengths: FloatArray = np.linalg.norm(vectors.words, axis=1)
    rarity = store.idf(query_terms("sail butter zeppelin").indices)
    sail, butter, zeppelin = (
        rarity[query_terms(w).indices[0]] for w in ("sail", "butter", "zeppelin")
    )
    assert zeppelin > butter
    whole = sail + 2 * butter + zeppelin
    np.testing.assert_allclose(lengths * whole, [sail, butter, zeppelin, butter], atol=1e-4)
    assert lengths.sum() == pytest.approx(1, abs=1e-5)
    assert vectors.terms_idf == pytest.approx(sail + butter + zeppelin, abs=1e-4)


def test_a_segment_that_goes_while_it_is_found_is_left_out(store: Store) -> None:
    searcher = filled(store, COOKING)
    vectors = searcher.vectors("butter")
    look = store.hits

    def hits(scores: dict[tuple[str, int], float]) -> list[Hit]:
        store.delete("cooking", from_ordinal=2)
        return look(scores)

    store.hits = hits  # type: ignore[method-assign,assignment]
    assert sorted(places(searcher.find(vectors))) == [("cooking", 0), ("cooking", 1)]


def test_bm25_alone_needs_no_rarity(store: Store) -> None:
    searcher = filled(store, COOKING)
    vectors = searcher.vectors("butter", PLANS["bm25"])
    assert (vectors.dense, vectors.words, vectors.terms_idf) == (None, None, 0.0)

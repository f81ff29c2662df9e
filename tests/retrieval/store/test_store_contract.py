"""What every store promises, tried on all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module
from typing import get_args

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playhead.errors import StoreError, StoreMismatchError
from playhead.types import Doubt, Hit, Segment, Sentence, Video
from retrieval.bm25 import query_terms
from retrieval.index import SegmentIndexer
from retrieval.plan import LEGS, PLANS, Leg, SearchPlan
from retrieval.store.edge import EdgeStore
from retrieval.store.meta import IndexMeta
from retrieval.store.protocol import QueryVectors, SegmentRecord, SparseVector, Store
from retrieval.store.schema import SCHEMA_VERSION, SPEAKERS
from tests.fakes import HashEmbedder, points, segments, video
from tests.retrieval.plans import ENGINE_PLANS, FUSED, plan_name

SEES_MEANING = [plan for plan in ENGINE_PLANS if plan.embeds]
COOKING = segments("cooking", "Slice the onions thinly.", "Melt butter in a pan.", "Serve it warm.")
SAILING = segments("sailing", "Hoist the main sail.", "Watch the wind.|Then tack to port quickly.")


def question(text: str) -> QueryVectors:
    """As the searcher makes it, but that all words count alike."""
    (of_text,) = HashEmbedder(words=True).encode_words([text])
    words = of_text.words / max(1, len(of_text.words))
    return QueryVectors(of_text.dense, query_terms(text), words)


def ids(hits: Sequence[Hit]) -> list[str]:
    return [hit.segment.id for hit in hits]


@pytest.fixture
def filled(store: Store) -> Store:
    """A store of two videos."""
    store.upsert(points(video("cooking"), COOKING))
    store.upsert(points(video("sailing"), SAILING))
    return store


def test_an_empty_store_answers(store: Store) -> None:
    assert store.count() == store.count("cooking") == store.count("cooking", "r1") == 0
    assert store.video_counts() == store.video_counts(["Ann"]) == store.speaker_counts() == {}
    assert store.candidates(question("onions"), LEGS, 10) == []
    assert store.idf(query_terms("onions").indices) == dict.fromkeys(
        query_terms("onions").indices, 0.0
    )
    assert store.hits({("cooking", 0): 1.0}) == []
    assert store.segments([("cooking", 0)]) == {}
    assert store.sentence_vectors([("cooking", 0)]) == {}
    assert store.records([("cooking", 0)]) == {}
    store.revise([record(SAILING[0], "r2")], ["r1"])
    store.revise([], [])
    for plan in ENGINE_PLANS:
        assert store.query(question("onions"), plan) == []
    store.delete("cooking")
    store.upsert([])
    store.optimize()
    store.clear()
    store.close()
    assert store.count() == 0


def test_writing_twice_is_writing_once(filled: Store) -> None:
    filled.upsert(points(video("cooking"), COOKING))
    assert filled.count() == 5
    assert len(filled.query(question("onions"), FUSED, limit=100)) == 5


def test_a_segment_written_again_is_replaced_whole(filled: Store) -> None:
    again = segments("cooking", "Peel the carrots.")
    filled.upsert(points(video("cooking", "New title"), again, "r2"))
    assert filled.segments([("cooking", 0)]) == {("cooking", 0): again[0]}
    assert filled.query(question("onions"), PLANS["bm25"]) == []
    (hit,) = filled.query(question("carrots"), PLANS["bm25"])
    assert (hit.segment, hit.video.title) == (again[0], "New title")
    assert (filled.count("cooking", "r1"), filled.count("cooking", "r2")) == (2, 1)
    rows = filled.sentence_vectors([("cooking", 0)])["cooking", 0]
    np.testing.assert_allclose(rows[0], HashEmbedder().encode([again[0].text])[0], atol=4e-3)


@pytest.mark.parametrize("plan", ENGINE_PLANS, ids=plan_name)
def test_every_plan_finds_what_was_said(filled: Store, plan: SearchPlan) -> None:
    for wanted in [*COOKING, *SAILING]:
        hits = filled.query(question(wanted.text), plan)
        assert (hits[0].segment, hits[0].video) == (wanted, video(wanted.video_id))
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
        assert len(set(ids(hits))) == len(hits)


def test_bm25_finds_only_segments_with_a_word_of_the_question(filled: Store) -> None:
    assert ids(filled.query(question("butter or wind"), PLANS["bm25"], limit=10)) in (
        ["cooking:1", "sailing:1"],
        ["sailing:1", "cooking:1"],
    )


def test_bm25_needs_no_dense_vector(filled: Store) -> None:
    vectors = QueryVectors(None, query_terms("butter"))
    assert ids(filled.query(vectors, PLANS["bm25"])) == ["cooking:1"]


@pytest.mark.parametrize("plan", ENGINE_PLANS, ids=plan_name)
def test_a_question_without_terms_breaks_no_plan(filled: Store, plan: SearchPlan) -> None:
    none = np.zeros((0, 32), dtype=np.float32)
    vectors = QueryVectors(question("onions").dense, SparseVector([], []), none)
    hits = filled.query(vectors, plan)
    assert len(hits) == (0 if plan == PLANS["bm25"] else 5)


@pytest.mark.parametrize("plan", SEES_MEANING, ids=plan_name)
def test_limit(filled: Store, plan: SearchPlan) -> None:
    everything = filled.query(question("the sail"), plan, limit=100)
    assert len(everything) == 5
    for limit in (1, 3):
        assert filled.query(question("the sail"), plan, limit) == everything[:limit]


def test_a_leg_needs_its_vector(filled: Store) -> None:
    for plan in SEES_MEANING:
        with pytest.raises(ValueError, match="not embedded"):
            filled.query(QueryVectors(None, query_terms("butter")), plan)


@pytest.mark.parametrize("legs", [("dense", "bm25"), LEGS])
def test_a_learned_fusion_is_not_the_engine_s(filled: Store, legs: tuple[Leg, ...]) -> None:
    with pytest.raises(ValueError, match="rank the candidates"):
        filled.query(question("onions"), SearchPlan(legs, "learned"))
    assert filled.query(question("onions"), SearchPlan(("dense",), "learned"))


def test_sentences_look_again_at_what_other_legs_find(store: Store) -> None:
    """A sentence that fits is found where dense or BM25 finds its segment, not otherwise."""
    crowd = segments("crowd", *["Hoist the main sail."] * 150)
    mixed = segments("mixed", "Hoist the main sail.|Then melt some butter and slice the onions.")
    store.upsert(points(video("crowd"), crowd))
    store.upsert(points(video("mixed"), mixed))
    asked = QueryVectors(question("Hoist the main sail.").dense, query_terms("butter"))
    alone = store.query(asked, SearchPlan(("sentences",)), limit=100)
    assert {hit.video.id for hit in alone} == {"crowd"}
    assert ids(store.query(asked, SearchPlan(("sentences", "bm25")), limit=1)) == ["mixed:0"]
    among = store.query(asked, SearchPlan(("sentences",)), video_ids=["mixed"])
    assert ids(among) == ["mixed:0"]


@pytest.mark.parametrize("plan", ENGINE_PLANS, ids=plan_name)
def test_only_the_videos_asked_for(filled: Store, plan: SearchPlan) -> None:
    vectors = question("Slice the onions thinly. Watch the wind.")
    assert {hit.video.id for hit in filled.query(vectors, plan)} == {"cooking", "sailing"}
    for video_id in ("cooking", "sailing"):
        hits = filled.query(vectors, plan, video_ids=[video_id])
        assert {hit.video.id for hit in hits} == {video_id}
    both = filled.query(vectors, plan, video_ids={"cooking", "sailing", "none"})
    assert {hit.video.id for hit in both} == {"cooking", "sailing"}
    assert filled.query(vectors, plan, video_ids=["none"]) == []


def said_by(video_id: str, *turns: tuple[str | None, str]) -> list[Segment]:
    """A segment for each turn, of one sentence by a speaker."""
    return [
        replace(segment, sentences=tuple(replace(s, speaker=speaker) for s in segment.sentences))
        for segment, (speaker, _) in zip(
            segments(video_id, *[text for _, text in turns]), turns, strict=True
        )
    ]


MEETING = said_by(
    "meeting",
    ("Ann Lee", "Slice the onions thinly."),
    ("Bob", "Watch the wind."),
    (None, "Slice the bread."),
)
CALL = said_by("call", ("Bob", "Slice the onions again."))


@pytest.fixture
def spoken(filled: Store) -> Store:
    """The two videos, and two more in which speakers are named."""
    filled.upsert(points(video("meeting"), MEETING))
    filled.upsert(points(video("call"), CALL))
    return filled


@pytest.mark.parametrize("plan", ENGINE_PLANS, ids=plan_name)
def test_only_the_speakers_asked_for(spoken: Store, plan: SearchPlan) -> None:
    asked = question("Slice the onions thinly. Watch the wind.")
    everybody = spoken.query(asked, plan)
    assert {hit.video.id for hit in everybody} == {"cooking", "sailing", "meeting", "call"}
    assert ids(spoken.query(asked, plan, speakers=["Ann Lee"])) == ["meeting:0"]
    both = spoken.query(asked, plan, speakers={"Ann Lee", "Bob", "nobody"})
    assert set(ids(both)) == {"meeting:0", "meeting:1", "call:0"}
    assert ids(spoken.query(asked, plan, video_ids=["call"], speakers=["Bob"])) == ["call:0"]
    for names in (["nobody"], ["ann lee"], ["Ann"]):
        assert spoken.query(asked, plan, speakers=names) == []
    assert spoken.query(asked, plan, video_ids=["call"], speakers=["Ann Lee"]) == []


@pytest.mark.parametrize("legs", [LEGS, ("bm25",), ("dense",)])
def test_candidates_of_the_speakers_asked_for(spoken: Store, legs: tuple[Leg, ...]) -> None:
    asked = question("Slice the onions thinly. Watch the wind.")
    found = spoken.candidates(asked, legs, 10, speakers=["Bob"])
    assert [candidate.key for candidate in found] == [("call", 0), ("meeting", 1)]
    among = spoken.candidates(asked, legs, 10, video_ids=["meeting"], speakers=["Bob"])
    assert [candidate.key for candidate in among] == [("meeting", 1)]
    assert spoken.candidates(asked, legs, 10, speakers=["nobody"]) == []


def test_who_speaks_and_where(spoken: Store) -> None:
    assert spoken.speaker_counts() == {"Ann Lee": 1, "Bob": 2}
    assert spoken.speaker_counts(["meeting"]) == {"Ann Lee": 1, "Bob": 1}
    assert spoken.speaker_counts(["cooking"]) == spoken.speaker_counts(["none"]) == {}
    assert spoken.video_counts(["Bob"]) == {"meeting": 1, "call": 1}
    assert spoken.video_counts(["nobody"]) == {}
    spoken.delete("meeting")
    assert spoken.speaker_counts() == {"Bob": 1}


@pytest.fixture
def of_before_speakers(open_store: Callable[..., Store], monkeypatch: pytest.MonkeyPatch) -> None:
    """An index as an earlier Playhead made it: it indexed no speakers, and stored none."""
    with monkeypatch.context() as patch:
        for module in ("shard", "server"):
            known = import_module(f"retrieval.store.{module}")._PAYLOAD_INDEXES
            patch.delitem(known, SPEAKERS)
        patch.setattr(EdgeStore, "_index_speakers", lambda store, shard: None)
        patch.setattr("retrieval.store.schema.speakers_of", lambda sentences: [])
        store = open_store()
        store.upsert(points(video("meeting"), MEETING))
        store.close()


@pytest.mark.usefixtures("of_before_speakers")
@pytest.mark.parametrize("anew", ["upsert", "revise"])
def test_an_index_that_knew_no_speakers(open_store: Callable[..., Store], anew: str) -> None:
    """It works as ever, knows of nobody, and knows who speaks in what is written from then on."""
    store = open_store()
    assert (store.speaker_counts(), store.video_counts(["Bob"])) == ({}, {})
    assert len(store.query(question("Watch the wind."), FUSED)) == 3
    assert store.query(question("Watch the wind."), FUSED, speakers=["Bob"]) == []
    if anew == "upsert":
        store.upsert(points(video("meeting"), MEETING, "r2"))
    else:
        records = [SegmentRecord(segment, video("meeting"), "r2") for segment in MEETING]
        store.revise(records, ["r1"] * 3)
    assert store.speaker_counts() == {"Ann Lee": 1, "Bob": 1}
    assert ids(store.query(question("Watch the wind."), FUSED, speakers=["Bob"])) == ["meeting:1"]


def test_a_video_is_found_however_many_others_fit_better(store: Store) -> None:
    crowd = segments("crowd", *["Hoist the main sail."] * 150)
    store.upsert(points(video("crowd"), crowd))
    store.upsert(points(video("cooking"), COOKING))
    hits = store.query(question("Hoist the main sail."), FUSED, video_ids=["cooking"])
    assert len(hits) == 3


def test_segments_by_key(filled: Store) -> None:
    keys = [("sailing", 1), ("cooking", 2), ("cooking", 3), ("none", 0), ("sailing", 1)]
    assert filled.segments(keys) == {("sailing", 1): SAILING[1], ("cooking", 2): COOKING[2]}
    assert filled.segments([]) == {}


def test_sentence_vectors_by_key(filled: Store) -> None:
    # "Watch the wind." is too short to stand alone.
    texts = ["Then tack to port quickly."]
    found = filled.sentence_vectors([("sailing", 1), ("none", 0)])
    assert found.keys() == {("sailing", 1)}
    np.testing.assert_allclose(found["sailing", 1], HashEmbedder().encode(texts), atol=4e-3)


def test_sentence_vectors_keep_their_order(store: Store) -> None:
    texts = [f"This is the sentence with number {n}." for n in range(20)]
    (segment,) = segments("v", "|".join(texts))
    store.upsert(points(video("v"), [segment]))
    rows = store.sentence_vectors([("v", 0)])["v", 0]
    assert rows.dtype == np.float32
    np.testing.assert_allclose(rows, HashEmbedder().encode(texts), atol=4e-3)


def record(segment: Segment, revision: str, title: str = "Talk") -> SegmentRecord:
    return SegmentRecord(segment, video(segment.video_id, title), revision)


def scores(store: Store, plan: SearchPlan) -> dict[str, float]:
    """How near every segment is, to the last bit."""
    asked = question("Watch the main sail in the wind.")
    return {hit.segment.id: hit.score for hit in store.query(asked, plan, limit=100)}


def test_records_by_key(filled: Store) -> None:
    filled.upsert(points(video("cooking", "New title"), COOKING[:1], "r2"))
    assert filled.records([("cooking", 0), ("sailing", 1), ("none", 0)]) == {
        ("cooking", 0): record(COOKING[0], "r2", "New title"),
        ("sailing", 1): record(SAILING[1], "r1"),
    }


def test_a_revised_segment_keeps_its_vectors(filled: Store) -> None:
    """All else is as it is said to be, be it nothing like what the vectors were made of."""
    before = [scores(filled, plan) for plan in ENGINE_PLANS]
    rows = filled.sentence_vectors([("sailing", 1)])["sailing", 1]
    (named,) = segments("sailing", "Tack now.")
    named = replace(named, id="sailing:1", ordinal=1)
    filled.revise([record(named, "r2", "New title")], ["r1"])
    filled.close()
    assert filled.records([("sailing", 0), ("sailing", 1)]) == {
        ("sailing", 0): record(SAILING[0], "r1"),
        ("sailing", 1): record(named, "r2", "New title"),
    }
    assert [scores(filled, plan) for plan in ENGINE_PLANS] == before
    np.testing.assert_array_equal(filled.sentence_vectors([("sailing", 1)])["sailing", 1], rows)
    assert (filled.count("sailing", "r1"), filled.count("sailing", "r2")) == (1, 1)


def test_what_another_process_wrote_meanwhile_is_not_revised(filled: Store) -> None:
    filled.upsert(points(video("sailing"), SAILING[:1], "r2"))
    filled.revise([record(segment, "r3") for segment in SAILING], ["r1", "r1"])
    assert filled.records([("sailing", 0)])["sailing", 0].revision == "r2"
    assert filled.records([("sailing", 1)])["sailing", 1].revision == "r3"
    assert filled.count() == 5


def test_delete_from_an_ordinal(filled: Store) -> None:
    filled.delete("cooking", from_ordinal=1)
    assert filled.video_counts() == {"cooking": 1, "sailing": 2}
    assert filled.segments([("cooking", n) for n in range(3)]).keys() == {("cooking", 0)}
    filled.delete("cooking", from_ordinal=1)
    filled.delete("cooking")
    filled.delete("none")
    assert filled.video_counts() == {"sailing": 2}
    assert set(ids(filled.query(question("onions"), FUSED))) == {"sailing:0", "sailing:1"}


def test_counts(filled: Store) -> None:
    filled.upsert(points(video("cooking"), COOKING[:1], "r2"))
    assert filled.count() == 5
    assert filled.count("cooking") == 3
    assert filled.count("cooking", "r1") == 2
    assert filled.count(revision="r1") == 4
    assert filled.count("sailing", "r2") == 0
    assert filled.video_counts() == {"cooking": 3, "sailing": 2}


def test_optimising_changes_no_result(filled: Store) -> None:
    before = filled.query(question("the sail"), FUSED)
    filled.optimize()
    assert filled.query(question("the sail"), FUSED) == before


def test_clear_forgets_everything(filled: Store) -> None:
    filled.clear()
    assert filled.count() == 0
    assert filled.query(question("onions"), FUSED) == []
    filled.upsert(points(video("sailing"), SAILING))
    assert filled.video_counts() == {"sailing": 2}


def test_a_closed_store_opens_again_when_used(filled: Store) -> None:
    filled.close()
    filled.close()
    assert ids(filled.query(question("onions"), PLANS["bm25"])) == ["cooking:0"]


def test_another_store_finds_what_the_first_wrote(
    filled: Store, open_store: Callable[..., Store]
) -> None:
    filled.close()
    assert open_store().video_counts() == {"cooking": 3, "sailing": 2}


USES: list[Callable[[Store], object]] = [
    lambda store: store.count(),
    lambda store: store.video_counts(),
    lambda store: store.speaker_counts(),
    lambda store: store.query(question("onions"), FUSED),
    lambda store: store.candidates(question("onions"), LEGS, 10),
    lambda store: store.idf(query_terms("onions").indices),
    lambda store: store.hits({("cooking", 0): 1.0}),
    lambda store: store.segments([("cooking", 0)]),
    lambda store: store.sentence_vectors([("cooking", 0)]),
    lambda store: store.records([("cooking", 0)]),
    lambda store: store.revise([record(SAILING[0], "r2")], ["r1"]),
    lambda store: store.delete("cooking"),
    lambda store: store.upsert(points(video("cooking"), COOKING)),
]


def test_an_index_of_another_embedding_model_is_not_used(
    filled: Store, open_store: Callable[..., Store]
) -> None:
    filled.close()
    for use in USES:
        with pytest.raises(StoreMismatchError, match=r"'hash'.*'other'.*playhead library reindex"):
            use(open_store("other"))
    assert open_store().count() == 5


# Not while it is shared: its owner could not use what takes its place.
@pytest.mark.parametrize("open_store", ["edge", "server"], indirect=True)
def test_an_index_of_another_embedding_model_can_be_cleared(
    filled: Store, open_store: Callable[..., Store]
) -> None:
    filled.close()
    other = open_store("other")
    other.clear()
    other.upsert(points(video("sailing"), SAILING))
    assert other.count() == 2


@pytest.fixture
def of_schema_1(open_store: Callable[..., Store], monkeypatch: pytest.MonkeyPatch) -> None:
    """An index as an earlier Playhead made it: of schema 1."""
    with monkeypatch.context() as patch:
        for module in ("shard", "server"):
            earlier = partial(IndexMeta, schema=1)
            patch.setattr(f"retrieval.store.{module}.IndexMeta", earlier)
        store = open_store()
        store.upsert(points(video("cooking"), COOKING))
        store.close()


@pytest.mark.usefixtures("of_schema_1")
def test_an_index_of_an_earlier_schema_is_not_used(open_store: Callable[..., Store]) -> None:
    for use in USES:
        with pytest.raises(
            StoreMismatchError,
            match=f"has schema 1, this Playhead writes {SCHEMA_VERSION}. Run `playhead library rei",
        ):
            use(open_store())


@pytest.mark.usefixtures("of_schema_1")
def test_an_index_of_an_earlier_schema_can_be_cleared(open_store: Callable[..., Store]) -> None:
    store = open_store()
    store.clear()
    store.upsert(points(video("sailing"), SAILING))
    store.close()
    assert open_store().video_counts() == {"sailing": 2}


def test_vectors_of_another_length_are_refused(filled: Store) -> None:
    short = QueryVectors(HashEmbedder(8).encode(["x"])[0], query_terms("x"))
    with pytest.raises(StoreError):
        filled.query(short, PLANS["dense"])
    assert filled.count() == 5


def test_a_shorter_transcript_leaves_no_leftovers(store: Store) -> None:
    indexer = SegmentIndexer(store, HashEmbedder(words=True))
    indexer.index(video("v"), segments("v", *[f"Old segment number {n}." for n in range(70)]))
    assert store.count("v") == 70
    new = segments("v", "New words here.", "And some more.")
    indexer.index(video("v"), new)
    assert store.video_counts() == {"v": 2}
    assert {hit.segment for hit in store.query(question("old segment"), FUSED)} == set(new)


# To the millisecond: of longer decimals the engine may get the last bit wrong.
TIMES = st.integers(min_value=0, max_value=10**8).map(lambda milliseconds: milliseconds / 1000)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
DOUBTS = st.none() | st.sampled_from(get_args(Doubt))
SENTENCES = st.builds(Sentence, TEXTS, TIMES, TIMES, speaker=st.none() | TEXTS, doubt=DOUBTS)
SEGMENTS = st.builds(
    lambda sentences, start, end: Segment("v:7", "v", 7, start, end, tuple(sentences)),
    st.lists(SENTENCES, min_size=1, max_size=4),
    TIMES,
    TIMES,
)
VIDEOS = st.builds(
    Video,
    st.just("v"),
    TEXTS,
    TEXTS,
    TIMES,
    media=st.sampled_from(["video", "audio"]),
    added=TEXTS,
    engine=TEXTS,
    language=st.none() | TEXTS,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(of=VIDEOS, segment=SEGMENTS)
def test_what_was_stored_comes_back(store: Store, of: Video, segment: Segment) -> None:
    (point,) = points(of, [segment])
    store.upsert([point])
    assert store.segments([("v", 7)]) == {("v", 7): segment}
    vectors = QueryVectors(point.vectors.dense, SparseVector([], []))
    (hit,) = store.query(vectors, PLANS["dense"], limit=5)
    assert (hit.segment, hit.video) == (segment, of)

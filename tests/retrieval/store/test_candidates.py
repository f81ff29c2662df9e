"""What is ranked: candidates, how rare terms are, and hits by key; all stores, against numpy."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import numpy as np
import pytest

from playhead.text import split_words
from retrieval.bm25 import document_terms, query_terms
from retrieval.plan import LEGS, Leg
from retrieval.store.protocol import Candidate, QueryVectors, SegmentPoint, SparseVector, Store
from retrieval.store.server import ServerStore
from tests.fakes import HashEmbedder, points, segments, video

Key = tuple[str, int]

VOCABULARY = split_words(
    "onion butter pan sail wind port tack kettle loaf oven crust yeast salt flour mast rope anchor "
    "harbour tide keel rudder whisk spoon plate"
)
# By how much stored words and sentences may be off: an index in a folder keeps few bits of them.
ROUNDING: dict[Leg, float] = {"dense": 1e-3, "sentences": 8e-3, "words": 6e-2, "bm25": 1e-3}
LEG_SETS: list[tuple[Leg, ...]] = [
    ("dense",),
    ("bm25",),
    ("dense", "bm25"),
    ("dense", "sentences"),
    ("bm25", "words"),
    ("words", "sentences", "dense"),
    ("dense", "sentences", "bm25"),
    LEGS,
]


def talk(video_id: str, count: int, seed: int) -> list[SegmentPoint]:
    """A video of random sentences; each text is said once."""
    rng = random.Random(seed)
    texts = [
        "|".join(" ".join(rng.choices(VOCABULARY, k=rng.randint(4, 7))) for _ in range(3))
        for _ in range(count)
    ]
    return points(video(video_id), segments(video_id, *texts))


def wordless(video_id: str, ordinal: int) -> SegmentPoint:
    """A segment of stop words only: it has no row of words, and no terms."""
    (segment,) = segments(video_id, "And then it was that.")
    (point,) = points(video(video_id), [replace(segment, id=f"{video_id}:{ordinal}")])
    assert point.vectors.words is not None
    assert (len(point.vectors.words), point.vectors.bm25.indices) == (0, [])
    return replace(point, segment=replace(point.segment, ordinal=ordinal))


POINTS = [*talk("long", 30, 1), *talk("short", 5, 2), wordless("long", 30)]
QUESTION = "butter in the pan or salt on a crust?"


def asked(text: str = QUESTION) -> QueryVectors:
    (of_text,) = HashEmbedder(words=True).encode_words([text])
    words = of_text.words / max(1, len(of_text.words))
    return QueryVectors(of_text.dense, query_terms(text), words)


def idf(term: int, among: Sequence[SegmentPoint]) -> float:
    count = sum(term in point.vectors.bm25.indices for point in among)
    return math.log(1 + (len(among) - count + 0.5) / (count + 0.5))


def counted(store: Store, among: Sequence[SegmentPoint] = POINTS) -> list[SegmentPoint]:
    """The segments by which a store tells how rare a term is."""
    return [p for p in among if p.vectors.bm25.indices or isinstance(store, ServerStore)]


def scores(
    point: SegmentPoint, vectors: QueryVectors, among: Sequence[SegmentPoint]
) -> dict[Leg, float]:
    """What each leg gives a segment, by its definition."""
    said = point.vectors
    assert vectors.dense is not None
    assert vectors.words is not None
    assert said.words is not None
    weights = dict(zip(said.bm25.indices, said.bm25.values, strict=True))
    terms = zip(vectors.bm25.indices, vectors.bm25.values, strict=True)
    return {
        "dense": float(said.dense @ vectors.dense),
        "sentences": float((said.sentences @ vectors.dense).max()),
        "words": float((vectors.words @ said.words.T).max(axis=1, initial=-9).sum())
        if len(said.words)
        else 0.0,
        "bm25": sum(v * idf(t, among) * weights[t] for t, v in terms if t in weights),
    }


def brute_force(
    store: Store, legs: Sequence[Leg], depth: int, video_ids: Collection[str] = ()
) -> dict[Key, dict[Leg, float]]:
    vectors = asked()
    known = {
        (p.segment.video_id, p.segment.ordinal): scores(p, vectors, counted(store))
        for p in POINTS
        if not video_ids or p.video.id in video_ids
    }
    found: set[Key] = set()
    for leg in [leg for leg in legs if leg in ("dense", "bm25")] or ["dense"]:
        order = sorted(known, key=lambda key: -known[key][leg])
        found |= {key for key in order[:depth] if leg == "dense" or known[key][leg] > 0}
    return {key: {leg: known[key][leg] for leg in legs} for key in found}


def check(candidates: Sequence[Candidate], wanted: dict[Key, dict[Leg, float]]) -> None:
    assert {candidate.key for candidate in candidates} == set(wanted)
    for candidate in candidates:
        expected = wanted[candidate.key]
        assert set(candidate.scores) == set(expected)
        for leg, score in candidate.scores.items():
            assert score == pytest.approx(expected[leg], abs=ROUNDING[leg])


@pytest.fixture
def filled(store: Store) -> Store:
    store.upsert(POINTS)
    return store


@pytest.mark.parametrize("legs", LEG_SETS, ids="+".join)
def test_candidates_are_those_of_brute_force(filled: Store, legs: tuple[Leg, ...]) -> None:
    everything = filled.candidates(asked(), legs, 100)
    check(everything, brute_force(filled, legs, 100))
    keys = [candidate.key for candidate in everything]
    assert keys == sorted(keys)
    check(filled.candidates(asked(), legs, 4), brute_force(filled, legs, 4))
    again = filled.candidates(asked(), legs, 100)
    assert [candidate.key for candidate in again] == keys
    # The stand-in for a server may round a product in another way the next time.
    assert again == everything or isinstance(filled, ServerStore)


def test_depth_and_legs_decide_what_is_found(store: Store) -> None:
    """The test above can tell them apart."""
    assert 4 < len(brute_force(store, ("dense", "bm25"), 4)) <= 8
    assert len(brute_force(store, ("dense",), 100)) == len(POINTS)
    assert 0 < len(brute_force(store, ("bm25",), 100)) < len(POINTS)


@pytest.mark.parametrize("legs", LEG_SETS, ids="+".join)
@pytest.mark.parametrize("video_ids", [["short"], {"short", "long", "none"}, ["none"]])
def test_candidates_of_some_videos(
    filled: Store, legs: tuple[Leg, ...], video_ids: Collection[str]
) -> None:
    for depth in (3, 100):
        found = filled.candidates(asked(), legs, depth, video_ids)
        check(found, brute_force(filled, legs, depth, video_ids))


def test_a_segment_without_words_is_near_none(filled: Store) -> None:
    found = {c.key: c.scores for c in filled.candidates(asked(), LEGS, 100)}
    own = found["long", 30]
    assert (own["words"], own["bm25"]) == (0.0, 0.0)


def test_a_question_without_words_is_near_none(filled: Store) -> None:
    nothing = replace(asked(), bm25=SparseVector([], []), words=np.zeros((0, 32), dtype=np.float32))
    found = filled.candidates(nothing, LEGS, 100)
    assert len(found) == len(POINTS)
    assert {score for c in found for score in (c.scores["words"], c.scores["bm25"])} == {0.0}


def test_a_word_counts_for_as_much_as_it_is_long(filled: Store) -> None:
    """Which is why words are compared by their products: a cosine would undo it."""
    whole = asked()
    assert whole.words is not None
    one, tenth = (replace(whole, words=whole.words * scale) for scale in (1.0, 0.1))
    for full, less in zip(
        filled.candidates(one, LEGS, 100), filled.candidates(tenth, LEGS, 100), strict=True
    ):
        assert less.scores["words"] == pytest.approx(full.scores["words"] / 10, abs=1e-3)


@pytest.mark.parametrize(
    ("legs", "vectors"),
    [
        (("dense", "bm25"), QueryVectors(None, query_terms("butter"))),
        (("sentences",), QueryVectors(None, query_terms("butter"))),
        (LEGS, replace(asked(), words=None)),
    ],
)
def test_a_leg_needs_its_vector(
    filled: Store, legs: tuple[Leg, ...], vectors: QueryVectors
) -> None:
    with pytest.raises(ValueError, match="not embedded"):
        filled.candidates(vectors, legs, 10)


def test_candidates_of_deleted_segments_are_gone(filled: Store) -> None:
    filled.delete("long")
    found = filled.candidates(asked(), LEGS, 100)
    assert [c.key for c in found] == [("short", n) for n in range(5)]


def test_an_index_without_words_has_all_other_legs(store: Store) -> None:
    bare = [replace(p, vectors=replace(p.vectors, words=None)) for p in POINTS]
    store.upsert(bare)
    legs: tuple[Leg, ...] = ("dense", "sentences", "bm25")
    check(store.candidates(asked(), legs, 100), brute_force(store, legs, 100))


def terms_of(*words: str) -> list[int]:
    return [term for word in words for term in query_terms(word).indices]


UNKNOWN = terms_of("zeppelin")


def test_idf_is_the_formula_for_known_and_unknown_terms(filled: Store) -> None:
    wanted = {term: idf(term, counted(filled)) for term in terms_of(*VOCABULARY)}
    assert len({round(value, 6) for value in wanted.values()}) > 5
    wanted |= {term: idf(term, POINTS) for term in UNKNOWN}
    assert filled.idf(list(wanted)) == pytest.approx(wanted, abs=1e-4)
    assert filled.idf(UNKNOWN) == pytest.approx({UNKNOWN[0]: idf(UNKNOWN[0], POINTS)}, abs=1e-4)
    assert filled.idf([]) == {}


def test_idf_of_a_term_that_all_have(store: Store) -> None:
    made = points(video("v"), segments("v", *[f"Butter number {n}." for n in range(6)]))
    store.upsert(made)
    (butter,) = terms_of("butter")
    assert store.idf([butter])[butter] == pytest.approx(math.log(1 + 0.5 / 6.5), abs=1e-4)


@pytest.mark.parametrize("change", ["deleted", "replaced", "written again"])
def test_idf_is_of_the_segments_that_are_there(
    store: Store, open_store: Callable[..., Store], change: str
) -> None:
    """What was there before makes no term less rare, once the store has been opened again."""
    before = [*talk("long", 30, 1), *talk("short", 5, 2)]
    store.upsert(before)
    left = before
    if change == "deleted":
        store.delete("long", from_ordinal=10)
        left = [p for p in before if p.video.id == "short" or p.segment.ordinal < 10]
    else:
        again = talk("long", 30, 3) if change == "replaced" else before[:30]
        store.upsert(again)
        left = [*again, *before[30:]]
    store.close()
    wanted = {term: idf(term, left) for term in [*terms_of(*VOCABULARY), *UNKNOWN]}
    assert open_store().idf(list(wanted)) == pytest.approx(wanted, abs=1e-3)


def test_idf_is_what_the_engine_weighs_terms_by(filled: Store) -> None:
    """Also with segments gone that it may not have forgotten yet."""
    filled.delete("long", from_ordinal=10)
    by_key = {(p.segment.video_id, p.segment.ordinal): p.vectors.bm25 for p in POINTS}
    for word in ("butter", "salt", "crust"):
        (term,) = terms_of(word)
        rarity = filled.idf([term])[term]
        vectors = QueryVectors(None, query_terms(word))
        found = filled.candidates(vectors, ("bm25",), 100)
        assert found
        for one in found:
            said = by_key[one.key]
            weight = dict(zip(said.indices, said.values, strict=True))[term]
            assert one.scores["bm25"] == pytest.approx(rarity * weight, abs=1e-4)


def test_hits_come_in_the_order_given(filled: Store) -> None:
    wanted = {("short", 3): 0.5, ("long", 7): 0.9, ("none", 0): 0.8, ("short", 0): -1.0}
    hits = filled.hits(wanted)
    assert [(h.segment.video_id, h.segment.ordinal, h.score) for h in hits] == [
        ("short", 3, 0.5),
        ("long", 7, 0.9),
        ("short", 0, -1.0),
    ]
    by_key = {(p.segment.video_id, p.segment.ordinal): p for p in POINTS}
    for hit in hits:
        point = by_key[hit.segment.video_id, hit.segment.ordinal]
        assert (hit.segment, hit.video) == (point.segment, point.video)
    assert filled.hits({}) == []
    assert filled.hits({("none", 0): 1.0, ("short", 99): 1.0}) == []


def test_the_terms_of_a_question_are_those_of_what_was_said() -> None:
    """A term's weight in a question is 1, so that a score is a share of the sum of IDFs."""
    assert set(query_terms(QUESTION).values) == {1.0}
    said = set(document_terms("Butter, salt and crusts: pans.").indices)
    assert set(query_terms(QUESTION).indices) == said

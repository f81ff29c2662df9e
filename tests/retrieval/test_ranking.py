"""Candidates become a ranking by learned weights: features by hand, and what never matters."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from importlib.resources import files
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.settings import DEFAULT_EMBEDDING_MODEL
from retrieval.plan import DEFAULT_PLAN, LEGS, SearchPlan
from retrieval.ranking import (
    feature_names,
    features,
    is_learned,
    learned_weights,
    ranked,
    variant,
)
from retrieval.store.protocol import Candidate
from tests.retrieval.plans import LEARNED_PLANS, plan_name


def candidate(video_id: str, ordinal: int, *scores: float) -> Candidate:
    """A candidate with a score for each leg, 0 where none is given."""
    given_scores = dict(zip(LEGS, scores, strict=False))
    return Candidate(video_id, ordinal, {leg: given_scores.get(leg, 0.0) for leg in LEGS})


# Scores by leg: dense, sentences, words, bm25.
TALK = [
    candidate("a", 0, 0.5, 0.6, 0.7, 4.0),
    candidate("a", 1, 0.4, 0.5, 0.9, 0.0),
    candidate("a", 2, 0.3, 0.8, 0.6, 2.0),
    candidate("b", 7, 0.2, 0.3, 0.4, 6.0),
]


def table(plan: SearchPlan, terms_idf: float = 8.0) -> dict[str, list[float]]:
    columns = features(TALK, plan, terms_idf).T.tolist()
    return {
        name: [round(value, 6) for value in column]
        for name, column in zip(feature_names(plan), columns, strict=True)
    }


def test_features_by_hand() -> None:
    assert table(DEFAULT_PLAN) == {
        "dense": [0.5, 0.4, 0.3, 0.2],
        "sentences": [0.6, 0.5, 0.8, 0.3],
        "words": [0.7, 0.9, 0.6, 0.4],
        "bm25": [0.5, 0.0, 0.25, 0.75],
        # One that is no candidate has the lowest score: 0.3, and 0.4.
        "sentences, neighbours": [0.8, 1.4, 0.8, 0.6],
        "words, neighbours": [1.3, 1.3, 1.3, 0.8],
        "sentences, video": [0.8, 0.8, 0.8, 0.3],
        "words, video": [0.9, 0.9, 0.9, 0.4],
    }


def test_features_of_fewer_legs_and_of_none_but_its_own() -> None:
    whole = table(DEFAULT_PLAN)
    for plan in LEARNED_PLANS:
        assert table(plan) == {name: whole[name] for name in feature_names(plan)}
    alone = replace(DEFAULT_PLAN, context=False)
    assert feature_names(alone) == list(LEGS)
    assert "words, video" not in feature_names(SearchPlan(("dense", "sentences", "bm25")))


def test_neighbours_are_of_the_same_video() -> None:
    apart = [candidate("a", 3, 0, 0.9, 0.9), candidate("b", 4, 0, 0.5, 0.1)]
    rows = features(apart, DEFAULT_PLAN, 1.0)
    names = feature_names(DEFAULT_PLAN)
    np.testing.assert_allclose(rows[:, names.index("sentences, neighbours")], [1.0, 1.0])
    np.testing.assert_allclose(rows[:, names.index("words, neighbours")], [0.2, 0.2])


def test_a_question_without_terms_divides_by_nothing() -> None:
    wordless = [replace(c, scores={**c.scores, "bm25": 0.0}) for c in TALK]
    rows = features(wordless, DEFAULT_PLAN, terms_idf=0.0)
    assert np.isfinite(rows).all()
    assert (rows[:, list(LEGS).index("bm25")] == 0).all()


@pytest.mark.parametrize("plan", LEARNED_PLANS, ids=plan_name)
def test_a_score_is_the_weighted_sum_of_the_features(plan: SearchPlan) -> None:
    weights = learned_weights()[variant(plan)]
    rows = table(plan)
    by_hand = {
        c.key: sum(weights[name] * rows[name][n] for name in weights) for n, c in enumerate(TALK)
    }
    found = ranked(TALK, plan, 8.0)
    assert {c.key: score for c, score in found} == pytest.approx(by_hand, abs=1e-4)
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)


def test_no_candidates_no_ranking() -> None:
    assert ranked([], DEFAULT_PLAN, 1.0) == []


def test_one_candidate() -> None:
    ((only, score),) = ranked(TALK[:1], DEFAULT_PLAN, 8.0)
    assert only == TALK[0]
    assert math.isfinite(score)


def test_what_was_not_learned_is_not_ranked() -> None:
    unknown = SearchPlan(("dense", "bm25"), "learned")
    assert not is_learned(unknown)
    with pytest.raises(KeyError):
        ranked(TALK, unknown, 1.0)


def test_the_order_of_legs_does_not_matter() -> None:
    backwards = replace(DEFAULT_PLAN, legs=LEGS[::-1])
    forwards = {c.key: score for c, score in ranked(TALK, DEFAULT_PLAN, 8.0)}
    assert {c.key: s for c, s in ranked(TALK, backwards, 8.0)} == pytest.approx(forwards, abs=1e-5)


def test_equal_ones_come_in_the_order_given() -> None:
    plan = replace(DEFAULT_PLAN, context=False)
    alike = [candidate("v", n, 0.5, 0.5, 0.5, 1.0) for n in (4, 1, 9, 3)]
    assert [c.ordinal for c, _ in ranked(alike, plan, 1.0)] == [4, 1, 9, 3]


COSINES = st.floats(-1, 1, width=32)
CANDIDATES = st.lists(
    st.builds(
        lambda place, cosines, bm25: candidate(*place, *cosines, bm25),
        st.tuples(st.sampled_from("ab"), st.integers(0, 5)),
        st.tuples(COSINES, COSINES, COSINES),
        st.floats(0, 40, width=32),
    ),
    max_size=12,
    unique_by=lambda c: c.key,
)
IDF = st.floats(0, 50)


@given(CANDIDATES, IDF, st.randoms(use_true_random=False))
def test_the_order_of_candidates_does_not_matter(candidates, terms_idf, random) -> None:
    shuffled = random.sample(candidates, len(candidates))
    for plan in LEARNED_PLANS:
        once = {c.key: score for c, score in ranked(candidates, plan, terms_idf)}
        again = {c.key: score for c, score in ranked(shuffled, plan, terms_idf)}
        assert again == pytest.approx(once, rel=1e-5, abs=1e-5)


@given(CANDIDATES, IDF)
def test_a_ranking_is_the_candidates_best_first(candidates, terms_idf) -> None:
    for plan in LEARNED_PLANS:
        found = ranked(candidates, plan, terms_idf)
        assert sorted(c.key for c, _ in found) == sorted(c.key for c in candidates)
        scores = [score for _, score in found]
        assert all(map(math.isfinite, scores))
        assert scores == sorted(scores, reverse=True)


@given(CANDIDATES.filter(len), IDF)
def test_more_of_every_leg_is_no_worse(candidates, terms_idf) -> None:
    """Without context a segment that beats another in every leg comes before it."""
    plan = replace(DEFAULT_PLAN, context=False)
    places = {c.key: n for n, (c, _) in enumerate(ranked(candidates, plan, terms_idf))}
    for one, other in product(candidates, repeat=2):
        if all(one.scores[leg] > other.scores[leg] + 1e-3 for leg in LEGS):
            assert places[one.key] < places[other.key]


def test_weights_of_legs_are_positive() -> None:
    """A leg whose weight were negative would mean that being nearer is worse."""
    for weights in learned_weights().values():
        assert all(weight > 0 for name, weight in weights.items() if name in LEGS)


def test_it_was_learned_for_the_default_model() -> None:
    written = json.loads(files("retrieval").joinpath("ranking.json").read_text("utf-8"))
    assert written["embedding_model"] == DEFAULT_EMBEDDING_MODEL


def test_every_variant_has_just_its_features() -> None:
    assert set(learned_weights()) == {variant(plan) for plan in LEARNED_PLANS}
    for plan in LEARNED_PLANS:
        weights = learned_weights()[variant(plan)]
        assert list(weights) == feature_names(plan)
        assert all(math.isfinite(weight) for weight in weights.values())
    assert is_learned(DEFAULT_PLAN)

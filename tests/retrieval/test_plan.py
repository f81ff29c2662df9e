"""A plan checks what it is made of."""

from __future__ import annotations

from typing import Any

import pytest

from retrieval.plan import DEFAULT_PLAN, LEGS, PLANS, Leg, SearchPlan
from tests.retrieval.plans import ALL_PLANS, ENGINE_PLANS, LEARNED_PLANS, plan_name


@pytest.mark.parametrize(
    ("legs", "fusion", "complaint"),
    [
        ((), "dbsf", "needs a leg: dense, sentences, words, bm25"),
        (("dense", "colbert"), "dbsf", "no leg 'colbert', only dense, sentences, words, bm25"),
        (("bm25", "bm25"), "rrf", "twice: bm25, bm25"),
        (("dense", "bm25"), "best", "no fusion 'best', only learned, dbsf, rrf"),
    ],
)
def test_what_is_no_plan_is_refused(legs: Any, fusion: Any, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        SearchPlan(legs, fusion)


def test_only_bm25_alone_needs_no_embedding() -> None:
    assert [plan for plan in ALL_PLANS if not plan.embeds] == [PLANS["bm25"]]
    assert len(set(ENGINE_PLANS)) == 4 + 2 * 11


def test_hybrid_is_the_default() -> None:
    assert PLANS["hybrid"] == DEFAULT_PLAN == SearchPlan(LEGS, "learned")
    assert DEFAULT_PLAN.context


def test_one_leg_alone_is_not_weighed() -> None:
    assert not any(plan.is_weighed for plan in ENGINE_PLANS)
    assert not any(SearchPlan((leg,), "learned").is_weighed for leg in LEGS)
    assert all(plan.is_weighed for plan in LEARNED_PLANS)
    assert DEFAULT_PLAN in LEARNED_PLANS


@pytest.mark.parametrize("plan", ALL_PLANS, ids=plan_name)
def test_without_words_nothing_is_left_that_needs_them(plan: SearchPlan) -> None:
    less = plan.without_words
    assert "words" not in less.legs
    assert not less.is_weighed
    assert less.legs == (tuple(leg for leg in plan.legs if leg != "words") or ("dense",))
    assert less.fusion == ("dbsf" if plan.fusion == "learned" else plan.fusion)
    assert less.without_words == less


@pytest.mark.parametrize(
    ("legs", "looks"),
    [
        (("words",), ("dense",)),
        (("sentences",), ("dense",)),
        (("words", "bm25"), ("dense", "bm25")),
        (LEGS, ("dense", "bm25")),
    ],
)
def test_a_second_look_is_at_what_dense_finds_and_bm25_if_asked(
    legs: tuple[Leg, ...], looks: tuple[Leg, ...]
) -> None:
    assert SearchPlan(legs).first_looks == looks

"""A plan checks what it is made of."""

from __future__ import annotations

from typing import Any

import pytest

from retrieval.plan import DEFAULT_PLAN, PLANS, SearchPlan
from tests.retrieval.plans import ALL_PLANS


@pytest.mark.parametrize(
    ("legs", "fusion", "complaint"),
    [
        ((), "dbsf", "needs a leg: dense, sentences, bm25"),
        (("dense", "colbert"), "dbsf", "no leg 'colbert', only dense, sentences, bm25"),
        (("bm25", "bm25"), "rrf", "twice: bm25, bm25"),
        (("dense", "bm25"), "best", "no fusion 'best', only dbsf, rrf"),
    ],
)
def test_what_is_no_plan_is_refused(legs: Any, fusion: Any, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        SearchPlan(legs, fusion)


def test_only_bm25_alone_needs_no_embedding() -> None:
    assert [plan for plan in ALL_PLANS if not plan.embeds] == [PLANS["bm25"]]
    assert len(set(ALL_PLANS)) == 11


def test_hybrid_is_the_default() -> None:
    assert PLANS["hybrid"] == DEFAULT_PLAN == SearchPlan(("dense", "sentences", "bm25"), "dbsf")

"""Every plan there can be: each set of legs, under each fusion where there is one to do."""

from __future__ import annotations

from itertools import combinations

from retrieval.plan import FUSIONS, LEGS, SearchPlan

ALL_PLANS = [SearchPlan((leg,)) for leg in LEGS] + [
    SearchPlan(legs, fusion)
    for count in range(2, len(LEGS) + 1)
    for legs in combinations(LEGS, count)
    for fusion in FUSIONS
]
SEES_MEANING = [plan for plan in ALL_PLANS if plan.embeds]


def plan_name(plan: SearchPlan) -> str:
    """`dense+bm25-rrf`: for the names of tests."""
    legs = "+".join(plan.legs)
    return legs if len(plan.legs) == 1 else f"{legs}-{plan.fusion}"

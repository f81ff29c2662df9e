"""Every plan there can be: each set of legs, under each fusion where there is one to do."""

from __future__ import annotations

from itertools import combinations

from retrieval.plan import FUSIONS, LEGS, SearchPlan
from retrieval.ranking import is_learned

LEG_SETS = [legs for count in range(1, len(LEGS) + 1) for legs in combinations(LEGS, count)]
ENGINE_PLANS = [SearchPlan((leg,)) for leg in LEGS] + [
    SearchPlan(legs, fusion)
    for legs in LEG_SETS
    for fusion in FUSIONS
    if len(legs) > 1 and fusion != "learned"
]
"""What a store does by itself."""

LEARNED_PLANS = [
    plan
    for legs in LEG_SETS
    for context in (True, False)
    if is_learned(plan := SearchPlan(legs, "learned", context))
]
"""What the searcher ranks."""

ALL_PLANS = ENGINE_PLANS + LEARNED_PLANS
FUSED = SearchPlan(LEGS, "dbsf")
"""Every leg, fused by the engine."""


def plan_name(plan: SearchPlan) -> str:
    """`dense+bm25-rrf`: for the names of tests."""
    legs = "+".join(plan.legs)
    alone = "" if plan.context else "-alone"
    return legs if len(plan.legs) == 1 else f"{legs}-{plan.fusion}{alone}"

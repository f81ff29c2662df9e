"""The engine without a model: whole sentences of the transcript, so that nothing can be invented.

The best unit and what was said right after it; then another place, if it fits nearly as well. On
TutorialVQA the next sentence is right in 92 of 100 cases in which the best one is, the second-best
sentence in 20 of 100.
"""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.answer.engine import Drafted, ProvenClaim
from retrieval.answer.evidence import THRESHOLD, Evidence
from retrieval.units import is_short

ENGINE = "extractive"
MAX_PLACES = 2
NEARLY = 0.9
"""A second place is shown if it scores at least this share of the best."""


class ExtractiveEngine:
    """Answers with sentences of the passages."""

    def draft(self, question: str, evidence: Sequence[Evidence]) -> Drafted:  # noqa: ARG002
        """The best evidence, or a refusal where none reaches the threshold."""
        places = _places(evidence)
        if not places:
            return Drafted((), ENGINE, "no_evidence")
        shown: dict[str, Evidence] = {}
        for place in places:
            for unit in (place, _next(place, evidence)):
                if unit is not None:
                    shown.setdefault(unit.text, unit)
        return Drafted(tuple(ProvenClaim(text, (unit,)) for text, unit in shown.items()), ENGINE)


def _places(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The best unit of each of the best passages; what is said twice is shown once."""
    ranked = sorted(evidence, key=lambda unit: -unit.score)
    least = max(THRESHOLD, NEARLY * ranked[0].score) if ranked else THRESHOLD
    places: list[Evidence] = []
    for unit in ranked:
        new = all(unit.passage != p.passage and unit.text != p.text for p in places)
        if unit.score >= least and new and len(places) < MAX_PLACES:
            places.append(unit)
    return places


def _next(place: Evidence, evidence: Sequence[Evidence]) -> Evidence | None:
    """What was said right after; murmurs in between ("Yeah.") are left out."""
    units = {unit.position: unit for unit in evidence if unit.passage == place.passage}
    position = place.position + 1
    while position in units and is_short(units[position].sentences):
        position += 1
    return units.get(position)

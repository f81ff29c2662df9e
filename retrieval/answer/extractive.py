"""The engine without a model: whole sentences of the transcript, so that nothing can be invented.

The best unit and what was said right after it; then another place, if it fits nearly as well. On
TutorialVQA the next sentence is right in 92 of 100 cases in which the best one is, the second-best
sentence in 20 of 100.
"""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.answer.engine import Drafted, ProvenClaim
from retrieval.answer.evidence import THRESHOLD, Evidence
from retrieval.units import asks, is_short

ENGINE = "extractive"
MAX_PLACES = 2
NEARLY = 0.9
"""A second place is shown if it scores at least this share of the best."""
MAX_MURMURS = 2
"""What comes after more than so many short turns is another matter."""


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
    """What was said right after, up to the next question.

    Murmurs in between ("Yeah.") are left out, unless the place itself is as short: an answer.
    """
    units = {unit.position: unit for unit in evidence if unit.passage == place.passage}
    for position in range(place.position + 1, place.position + 2 + MAX_MURMURS):
        unit = units.get(position)
        if unit is None or asks(unit.sentences):
            return None
        if is_short(place.sentences) or not is_short(unit.sentences):
            return unit
    return None

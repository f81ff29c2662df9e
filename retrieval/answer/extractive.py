"""The engine without a model: whole sentences of the transcript, so that nothing can be invented.

The best unit and what was said right after it, and the question before it to which it is a mere
"Yes."; then another place, if it fits nearly as well. On TutorialVQA the next sentence is right in
92 of 100 cases in which the best one is, the second-best sentence in 20 of 100.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

from retrieval.answer.engine import Drafted, Kind, ProvenClaim, Task
from retrieval.answer.reading.evidence import Evidence
from retrieval.units import asks, is_short

ENGINE = "extractive"
MAX_PLACES = 2
NEARLY = 0.9
"""A second place is shown if it scores at least this share of the best."""
MOST: dict[Kind, int] = {"summary": 6, "mentions": 12}
"""So many units tell what videos are about, or which speak of something."""
MAX_MURMURS = 2
"""What comes after more than so many short turns is another matter."""


class ExtractiveEngine:
    """Answers with sentences of the passages."""

    def draft(self, task: Task) -> Generator[ProvenClaim, None, Drafted]:
        """The best evidence, or a refusal where there is none that says something."""
        claims = tuple(ProvenClaim(unit.text, (unit,)) for unit in _chosen(task))
        yield from claims
        return Drafted(claims, ENGINE, None if claims else "no_evidence")


def _chosen(task: Task) -> list[Evidence]:
    """What is shown, in its order; what is said twice is shown once."""
    if task.kind != "moment":
        return _fairest(task)
    shown: dict[str, Evidence] = {}
    for place in _places(task.evidence):
        asked = _asked(place, task.evidence)
        for unit in (asked, place, _next(place, task.evidence)):
            if unit is not None:
                shown.setdefault(unit.text, unit)
    return list(shown.values())


def _asked(place: Evidence, evidence: Sequence[Evidence]) -> Evidence | None:
    """The question that a place of few words replies to: "Yes." alone could be said of anything."""
    if not is_short(place.sentences):
        return None
    for unit in evidence:
        if (unit.passage, unit.position) == (place.passage, place.position - 1):
            return unit if asks(unit.sentences) else None
    return None


def _fairest(task: Task) -> list[Evidence]:
    """Of evidence that was chosen for a whole video or library already: the best, in its order."""
    best = sorted(task.evidence, key=lambda unit: -unit.score)[: MOST[task.kind]]
    return [unit for unit in task.evidence if unit in best]


def _places(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The best unit of each of the best passages; what is said twice is shown once."""
    ranked = sorted(evidence, key=lambda unit: -unit.score)
    # Whether any place answers has been judged before (`sufficiency`); what only asks never does.
    least = max(0.0, NEARLY * ranked[0].score) if ranked else 0.0
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

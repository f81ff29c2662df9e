"""Whose words are asked for, where captions tell who speaks: "What did Marit say about that?"."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from retrieval.answer.reading.evidence import Evidence
from retrieval.speakers import name_words

ANOTHER_SPEAKER = 0.5
"""What counts of the score of what somebody else says."""

_SAYING = (
    r"(?:says?|said|mentions?|mentioned|thinks?|asks?|asked|promised?|announced?|explains?|"
    r"explained|suggests?|suggested|proposed?|wants?|wanted|reports?|reported|recommends?|"
    r"recommended|tells?|told|argues?|argued|answers?|answered|complains?|complained)"
)
_NAME = r"(?-i:[A-Z])[\w'’.-]*"
_SAYS = re.compile(
    rf"\b(?:did|does|do|has|had|will|would) (?P<asked>(?:the )?[\w'’.-]+(?: [\w'’.-]+){{0,3}}?) "
    rf"{_SAYING}\b|\b(?:according to|says|said) (?P<told>(?:the )?{_NAME}(?: {_NAME})*)",
    re.IGNORECASE,
)


def of_speaker_asked_for(question: str, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The evidence, in its order; what others say counts less where somebody's words are asked for.

    Nothing changes where the question names none of those who speak there.
    """
    named = next((s for m in _SAYS.finditer(question) if (s := _speakers(m, evidence))), None)
    return [_favouring(named, unit) for unit in evidence] if named else list(evidence)


def without_speaker(question: str) -> str:
    """A question without whose words it asks for: "what did say after that?"."""
    return _SAYS.sub(" ", question)


def only_by(speakers: Collection[str], evidence: Sequence[Evidence]) -> list[Evidence]:
    """What some speakers say themselves; all of it where none are given."""
    return [unit for unit in evidence if not speakers or unit.speaker in speakers]


def by_speaker(speaker: str, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The evidence, in its order; what others say counts less."""
    return [_favouring(frozenset([speaker]), unit) for unit in evidence]


def _speakers(match: re.Match[str], evidence: Sequence[Evidence]) -> frozenset[str]:
    """Those who speak and have all the words of a name: "Briggs-Tate" for "Cllr Briggs-Tate"."""
    wanted = name_words(match["asked"] or match["told"]) - {"the"}
    known = {unit.speaker for unit in evidence if unit.speaker}
    return frozenset(speaker for speaker in known if wanted and wanted <= name_words(speaker))


def _favouring(speakers: frozenset[str], unit: Evidence) -> Evidence:
    theirs = unit.speaker is None or unit.speaker in speakers
    return unit if theirs or unit.score <= 0 else replace(unit, score=unit.score * ANOTHER_SPEAKER)

"""How much a unit tells of what its video is about, by its words alone.

Two things: whether it has the words of what is spoken of just there, and whether it can be
understood, and says something, when it is read by itself.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain

from playhead.types import Segment
from retrieval.bm25 import query_terms
from retrieval.units import Unit, asks, is_short, unit_text

PART_SECONDS = 120.0
"""About so long one matter is spoken of."""

GOOD_WORDS = (14, 45)
"""Fewer words than the first tell little, more than the second are read by nobody."""

_LEAST_PARTS = 6
_MOST_TERMS = 5
_NEXT_PART = 0.7
_COMMON = 0.3
_ONCE = 0.3  # What is said once hardly counts: log2(1.3).
_TITLE_TERMS = 2
_LEAST_LETTERS = 3
_ASKED, _CHATTED, _LEANING, _LINKED, _BROKEN, _CLIPPED = 0.3, 0.4, 0.75, 0.9, 0.85, 0.85
_POINTING = 1.2
_ANNOUNCED = 1.15

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_NUMBER = re.compile(
    r"\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|hundred|thousand|"
    r"million|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|half|quarter|percent|first|second|third"
)
_CHATTER = re.compile(
    r"\b(?:welcome|thank(?:s| you)|hello|good (?:morning|afternoon|evening)|see you|hear me|"
    r"on mute|unmute|(?:my|your) screen|bye|subscribe|any(?: other)? questions|take a break|"
    r"next slide|coffee|cup of tea|lunch|fire alarm|question (?:box|form)|the button|"
    r"my name is|sorry|apologi[sz]e|nice to|next (?:week|time)|"
    r"let'?s (?:start|begin|move on|get started)|go round|the recording|"
    r"willkommen|danke|guten (?:tag|morgen|abend)|tschüss|bonjour|bienvenue|merci|au revoir|"
    r"hola|bienvenid[oa]s?|gracias|buen[oa]s (?:días|tardes))\b",
    re.IGNORECASE,
)
_LINKS = (
    r"(?:and|but|so|or|because|'cause|which|then|well|yeah|yes|no|ok(?:ay)?|right|also|oh|like|now)"
)
_LINK = re.compile(rf"^{_LINKS}\b", re.IGNORECASE)
_LEANS = re.compile(
    rf"^(?:(?:{_LINKS}|u[mh]+|er|mm+|i mean|you know)\b[,. ]*)*(?:it|that|this|he|she|they|those|"
    r"these|there|him|her|them|its|their|same)\b",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\b(?:it|that|this|he|she|they|them|him|her|those|these|i|me|my|you)\b", re.IGNORECASE
)
_BREAKS = re.compile(
    r"\b(?:u[mh]+|er|i mean|you know|sort of|kind of)\b|\b(\w+),? \1\b|[—–-]$|…$", re.I
)
_ANNOUNCES = re.compile(
    r"\b(?:today (?:we|i|it)|in this (?:video|lecture|talk|session|meeting|workshop)|"
    r"this is the|we (?:will |have )?(?:decided?|agreed?|announce)|decision|proposal|recommend\w*|"
    r"conclusion|to sum up|in summary|"
    r"the (?:goal|aim|plan|problem|point|reason|result|main|key|idea)|is (?:about|called))\b",
    re.IGNORECASE,
)


class Topics:
    """What a video speaks of, minute by minute.

    Args:
        segments: of one video, in order; not all, where it is long.
    """

    def __init__(self, segments: Sequence[Segment]) -> None:
        self.seconds = max(1.0, *(segment.end for segment in segments))
        self._parts = max(_LEAST_PARTS, round(self.seconds / PART_SECONDS))
        self._terms = {segment.id: terms_of(segment.text) for segment in segments}
        said = [Counter[int]() for _ in range(self._parts)]
        for segment in segments:
            said[self._part(segment.start)].update(self._terms[segment.id])
        spread = Counter(term for part in said for term in part)
        # As the IDF of documents: what is said in every part is no topic of any.
        self._rarity = {t: math.log(self._parts / n) + _COMMON for t, n in spread.items()}
        self._weights = [self._weights_in(part, said) for part in range(self._parts)]

    def of_segment(self, segment: Segment, title: frozenset[int]) -> tuple[float, float]:
        """How much a segment says of what is spoken of around it, from 0, and of the title.

        `title` has the `title_terms`; one share of them is 0 to 1.
        """
        terms = self._terms[segment.id]
        return self._weight(segment.start, terms), _named(terms, title)

    def of_unit(self, unit: Unit, title: frozenset[int]) -> tuple[float, float]:
        """The same of a unit."""
        terms = terms_of(unit_text(unit))
        return self._weight(unit[0].start, terms), _named(terms, title)

    def title_terms(self, title: str) -> frozenset[int]:
        """The terms of a title that are spoken of, too."""
        return terms_of(title).intersection(self._rarity)

    def _weight(self, start: float, terms: Iterable[int]) -> float:
        known = filter(None, map(self._weights[self._part(start)].get, terms))
        return sum(sorted(known)[-_MOST_TERMS:])

    def _weights_in(self, part: int, said: Sequence[Counter[int]]) -> dict[int, float]:
        """How much each term counts in a part: what is said often there, and nowhere else."""
        before = said[part - 1] if part else Counter[int]()
        after = said[part + 1] if part + 1 < len(said) else Counter[int]()
        return {
            term: math.log2(count + _NEXT_PART * (before[term] + after[term]) + _ONCE)
            * self._rarity[term]
            for term, count in said[part].items()
        }

    def _part(self, start: float) -> int:
        return min(self._parts - 1, int(start / self.seconds * self._parts))


def _named(terms: frozenset[int], title: frozenset[int]) -> float:
    return min(_TITLE_TERMS, len(terms & title)) / _TITLE_TERMS


def wording(unit: Unit) -> float:
    """How well a unit can be read alone, from 0 to a little above 1."""
    text = unit_text(unit)
    count = max(1, len(_WORD.findall(text)))
    least, most = GOOD_WORDS
    share = min(1.0, count / least) * min(1.0, most / count)
    share *= _ASKED if asks(unit) else 1.0
    announces = _ANNOUNCES.search(text)
    share *= _CHATTED if _CHATTER.search(text) and not announces else 1.0
    if _LEANS.search(text):
        share *= _LEANING
    elif _LINK.search(text):
        share *= _LINKED
    if is_short(unit[:1]):
        share *= _CLIPPED
    share *= _BROKEN ** min(3, len(_BREAKS.findall(text)))
    share *= 1.0 - _POINTING * min(0.5, len(_POINTS.findall(text)) / count)
    return share * (_ANNOUNCED if announces else 1.0)


def terms_of(text: str) -> frozenset[int]:
    """The terms of a text that can be a topic: no numbers, no very short words."""
    return frozenset(chain.from_iterable(map(_terms, _WORD.findall(text.casefold()))))


@lru_cache(maxsize=100_000)
def _terms(word: str) -> tuple[int, ...]:
    telling = len(word) >= _LEAST_LETTERS and not _NUMBER.fullmatch(word)
    return tuple(query_terms(word).indices) if telling else ()

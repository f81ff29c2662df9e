"""Sentences as units of evidence: what is embedded beside a segment, and what can be cited.

A unit is one sentence, or several where they are too short to say something alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from playhead.text import join_words, split_words
from playhead.types import Sentence

Unit = tuple[Sentence, ...]

MIN_UNIT_WORDS = 4
"""Sentences shorter than this say too little alone ("Yes." "Okay, so."): they join the next."""


def units_of(sentences: Sequence[Sentence]) -> list[Unit]:
    """A segment's sentences as units, in order; the last may be short."""
    units: list[Unit] = []
    pending: list[Sentence] = []
    for sentence in sentences:
        pending.append(sentence)
        if len(split_words(unit_text(pending))) >= MIN_UNIT_WORDS:
            units.append(tuple(pending))
            pending = []
    if pending:
        units.append(tuple(pending))
    return units


def unit_text(unit: Sequence[Sentence]) -> str:
    """What is said in a unit."""
    return join_words(sentence.text for sentence in unit)

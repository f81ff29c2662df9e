"""Cues put in order, and the times of their words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from ingest.captions.cue import Cue
from ingest.captions.markup import is_note
from ingest.captions.rolling import undo_rolling
from ingest.spread import spread_words
from playhead.text import split_words
from playhead.types import Word, WordTimes

# Characters a second of usual speech, for a cue whose end is missing or before its start.
_SPEECH_RATE = 15.0


def tidy_cues(cues: Sequence[Cue]) -> list[Cue]:
    """Cues in order of start, each word once; only different people speak at the same time.

    Where both of two cues name their speaker, and not the same one, each keeps its own times:
    people talk while others talk. Any other cues take turns: those that start together share their
    time, and an overlap ends at the next start.

    Text that scrolls is undone (see `undo_rolling`); of two equal cues shown at the same time one
    stays; a cue that ends before it starts gets the time that its text takes to say.
    """
    ordered = sorted((cue for cue in cues if cue.text.strip()), key=lambda cue: cue.start)
    once = [_with_head(cue) for cue in undo_rolling([_with_end(cue) for cue in ordered])]
    spoken = [cue for cue in _without_doubles(once) if not is_note(cue.text)]
    apart = _without_ties(spoken)
    return [
        _within(cue, cue.start, min(cue.end, limit))
        for cue, limit in zip(apart, _limits(apart), strict=True)
    ]


def words_of_cues(cues: Sequence[Cue]) -> tuple[list[list[Word]], WordTimes]:
    """The timed words of each cue of `tidy_cues`, and whether their times are measured.

    Each word lies within its cue, and in a cue no word starts before the one before it. Cues
    without word times get theirs by length (see `spread_words`), a cue of one word gets its own
    times. They count as measured only if some have word times and all the others are one word.
    """
    words = [
        list(cue.words) or spread_words(split_words(cue.text), cue.start, cue.end) for cue in cues
    ]
    known = [bool(cue.words) for cue in cues]
    measured = any(known) and all(
        own or len(spread) == 1 for own, spread in zip(known, words, strict=True)
    )
    return words, "measured" if measured else "interpolated"


def _with_end(cue: Cue) -> Cue:
    if cue.end > cue.start:
        return cue
    return replace(cue, end=round(cue.start + len(cue.text) / _SPEECH_RATE, 3))


def _with_head(cue: Cue) -> Cue:
    """A cue whose words above the first inline time turned out to be new: they get time, too."""
    if not any(word.end <= cue.start for word in cue.words):
        return cue
    head = sum(word.start <= cue.start for word in cue.words)
    until = cue.words[head].start if head < len(cue.words) else cue.end
    spread = spread_words([word.text for word in cue.words[:head]], cue.start, until)
    return replace(cue, words=(*spread, *cue.words[head:]))


def _without_doubles(cues: Sequence[Cue]) -> list[Cue]:
    """Cues less those that say the same at the same time as one before (shadows, two layers)."""
    kept: list[Cue] = []
    for cue in cues:
        if not any(_same_time(other, cue) for other in kept[-3:]):
            kept.append(cue)
    return kept


def _same_time(first: Cue, second: Cue) -> bool:
    same = first.text == second.text and second.start < first.end
    return same and first.takes_turns_with(second)


def _limits(cues: Sequence[Cue]) -> list[float]:
    """For each cue the start of the next one with which it takes turns."""
    limits: list[float] = []
    following: dict[str | None, float] = {}
    for cue in reversed(cues):
        voices = following if cue.voice is None else (cue.voice, None)
        limits.append(min((following.get(voice, math.inf) for voice in voices), default=math.inf))
        following[cue.voice] = cue.start
    return limits[::-1]


def _without_ties(cues: Sequence[Cue]) -> list[Cue]:
    """Cues of which only different speakers' start together: others follow, by length."""
    limits = _limits(cues)
    apart: list[Cue] = []
    for _, tied in groupby(range(len(cues)), key=lambda i: cues[i].start):
        for group in _turn_takers(cues, list(tied)):
            end = min(max(cues[i].end for i in group), limits[group[-1]])
            apart += _shared([cues[i] for i in group], end)
    return sorted(apart, key=lambda cue: cue.start)


def _turn_takers(cues: Sequence[Cue], tied: list[int]) -> list[list[int]]:
    """Cues (by position) in groups that take turns: one, or one for each speaker."""
    if any(cues[i].voice is None for i in tied):
        return [tied]
    groups: dict[str | None, list[int]] = {}
    for i in tied:
        groups.setdefault(cues[i].voice, []).append(i)
    return list(groups.values())


def _shared(group: Sequence[Cue], end: float) -> Sequence[Cue]:
    """Cues that start together, one after the other until `end`."""
    if len(group) == 1:
        return group
    shares = spread_words([cue.text for cue in group], group[0].start, end)
    return [_within(cue, s.start, s.end) for cue, s in zip(group, shares, strict=True)]


def _within(cue: Cue, start: float, end: float) -> Cue:
    """A cue with other times, its words clipped to them and in order."""
    words: list[Word] = []
    earliest = start
    for word in cue.words:
        begin = min(max(word.start, earliest), end)
        words.append(replace(word, start=begin, end=min(max(word.end, begin), end)))
        earliest = begin
    return replace(cue, start=start, end=end, words=tuple(words))

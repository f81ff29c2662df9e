"""Captions that scroll: each shows the line before once more above the new one.

Video sites write recognised speech so, in WebVTT with cues of 10 ms between the lines and inline
times for the new words, and in SubRip converted from it with neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.captions.cue import Cue, Turn
from playhead.text import join_words, split_words

# Cues that follow each other within this time (seconds) can be one scrolling text.
_TOUCHING = 0.5
# A cue this short (seconds) is not for reading: it holds the old line while the text scrolls.
_FILLER = 0.05
# A rolling pair may be chance; two are needed, or one that only scrolling explains.
_ENOUGH_POINTS = 2
# Words that must agree where it is not known that they are a whole line.
_LOOSE = 3


def undo_rolling(cues: Sequence[Cue]) -> list[Cue]:
    """Cues (sorted by start) with every word once; unchanged where they do not scroll.

    A repetition that was really said survives: in captions that do not scroll, always; in those
    that do, wherever the repeated words are shown as new.
    """
    if not _is_rolling(cues):
        return list(cues)
    kept: list[Cue] = []
    shown = _Shown()
    end = float("-inf")
    for before, cue in zip([None, *cues], cues, strict=False):
        tokens = split_words(cue.text)
        carried = shown.carried(tokens, _limit(before, cue, tokens))
        if carried == len(tokens) and not _touches(end, cue):
            # Nothing new, after a pause: it was said again.
            carried = 0
        shown.show(tokens, carried)
        end = cue.end
        if carried < len(tokens):
            kept.append(_without_first(cue, tokens, carried))
    return kept


def _touches(end: float, cue: Cue) -> bool:
    return cue.start <= end + _TOUCHING


def _limit(before: Cue | None, cue: Cue, tokens: list[str]) -> int:
    """How many words can be old: none where another speaks; those timed later than the cue not."""
    if before is not None and not cue.takes_turns_with(before):
        return 0
    return sum(word.end <= cue.start for word in cue.words) if cue.words else len(tokens)


class _Shown:
    """What the cue before showed, and how many words each cue added to that: the lines."""

    def __init__(self) -> None:
        self.tokens: list[str] = []
        self.added: list[int] = []

    def carried(self, tokens: list[str], limit: int) -> int:
        """How many of a cue's first words are old."""
        # Whole lines, as many as agree: all of them in a filler cue and in text that grows.
        for first in range(len(self.added)):
            count = sum(self.added[first:])
            if 0 < count <= limit and tokens[:count] == self.tokens[-count:]:
                return count
        longest = _overlap(self.tokens, tokens[:limit])
        return longest if longest >= _LOOSE else 0

    def show(self, tokens: list[str], carried: int) -> None:
        """Take note of a cue of which the first `carried` words were old."""
        sums = {sum(self.added[first:]): first for first in range(len(self.added))}
        lines = self.added[sums[carried] :] if carried in sums else [carried] * bool(carried)
        self.added = lines if carried == len(tokens) else [*lines, len(tokens) - carried]
        self.tokens = tokens


def _is_rolling(cues: Sequence[Cue]) -> bool:
    """Whether most cues that touch the one before repeat its end before they go on."""
    pairs = points = rolling = 0
    shown = _Shown()
    end = float("-inf")
    for before, cue in zip([None, *cues], cues, strict=False):
        tokens = split_words(cue.text)
        carried = shown.carried(tokens, _limit(before, cue, tokens))
        if _touches(end, cue) and (_is_filler(cue) or tokens != shown.tokens):
            pairs += 1
            gained = _evidence(cue, len(tokens), carried)
            points += gained
            rolling += gained > 0
        shown.show(tokens, carried)
        end = cue.end
    return points >= _ENOUGH_POINTS and rolling * 2 >= pairs


def _is_filler(cue: Cue) -> bool:
    return cue.end - cue.start <= _FILLER


def _evidence(cue: Cue, count: int, carried: int) -> int:
    """Points for scrolling by a cue of which `carried` of `count` words are old, as it seems.

    0 none, 1 possible, 2 sure: a filler, or inline times that begin after the old words.
    """
    if not carried or (carried == count and not _is_filler(cue)):
        return 0
    return _ENOUGH_POINTS if carried == count or cue.words else 1


def _overlap(old: list[str], new: list[str]) -> int:
    """The longest end of one list of words that the other begins with."""
    longest = min(len(old), len(new))
    return next((n for n in range(longest, 0, -1) if old[-n:] == new[:n]), 0)


def _without_first(cue: Cue, tokens: list[str], count: int) -> Cue:
    """A cue less its first `count` words; who spoke at that place goes on."""
    if not count:
        return cue
    speaker = next(
        (turn.speaker for turn in reversed(cue.turns) if turn.word <= count), cue.speaker
    )
    turns = tuple(Turn(turn.word - count, turn.speaker) for turn in cue.turns if turn.word >= count)
    text = join_words(tokens[count:])
    return replace(cue, text=text, speaker=speaker, words=cue.words[count:], turns=turns)

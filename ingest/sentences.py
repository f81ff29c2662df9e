"""Sentences out of words: by punctuation where there is some, by pauses where there is none."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from itertools import pairwise

from ingest.punctuation import begins_lower, begins_upper, is_mark, sentence_ends
from playhead.types import Sentence, Word

# Below one sentence end in this many words, punctuation is not what makes sentences. Speech has
# one in 5 to 25; recognisers that write no punctuation still write "Mr." and "U.S.".
_WORDS_PER_END = 80
# Above this a sentence is taken for a stretch where punctuation is missing.
_MAX_SENTENCE_WORDS = 100
_MAX_SENTENCE_SECONDS = 60.0
# What a sentence may come to where only pauses tell. Shorter scraps look like evidence for
# anything: of four words, "the crew the shuttle" was found to answer what a shuttle costs.
_MAX_PHRASE_WORDS = 30
_MAX_PHRASE_SECONDS = 15.0
_MIN_PHRASE_WORDS = 6
# Pauses (seconds) that end a phrase; those that end it even after fewer words than the minimum,
# and a punctuated sentence unless it visibly goes on; those that end anything.
_PAUSE = 0.6
_LONG_PAUSE = 2.0
_SILENCE = 5.0
# Where nobody pauses, commas and cue borders count as pauses of this length (seconds).
_COMMA = 0.3
_BORDER = 0.3
_GOES_ON = (",", ";", ":", "-", "–", "—", "、", "，", "；", "：")


def sentences_of(
    words: Sequence[Word],
    *,
    speakers: Sequence[str | None] = (),
    breaks: Collection[int] = (),
    borders: Collection[int] = (),
) -> tuple[Sentence, ...]:
    """The sentences that words (in order of time) make; joined, they are the words again.

    Punctuation decides where at least one word in 80 ends a sentence, save in stretches of over
    100 words or a minute without an end. Elsewhere pauses of 0.6 s decide, and no sentence has
    more than 30 words or 15 seconds: the longest pause within that makes the cut.

    Args:
        words: what was said.
        speakers: who says each word, where known; a sentence ends before another named speaker,
            and a word without a speaker goes on with the sentence it stands in.
        breaks: words (by position) with which a new sentence must begin.
        borders: words with which a new caption begins: good places where nothing else tells.
    """
    speakers = speakers or [None] * len(words)
    starts = _starts(words, speakers, breaks, frozenset(borders))
    return tuple(
        Sentence.of(tuple(words[start:end]), speakers[start])
        for start, end in pairwise([*starts, len(words)])
    )


def _starts(
    words: Sequence[Word],
    speakers: Sequence[str | None],
    breaks: Collection[int],
    borders: frozenset[int],
) -> list[int]:
    """The positions of the words that begin a sentence, in order."""
    if not words:
        return []
    ends = sentence_ends([word.text for word in words])
    punctuated = sum(ends) * _WORDS_PER_END >= len(words)
    forced = set(breaks) | _speaker_changes(speakers)
    forced |= {i for i, ended in enumerate(ends, 1) if ended and i < len(words)}
    if punctuated:
        forced |= {i for i in range(1, len(words)) if _is_apart(words[i - 1], words[i])}
    else:
        forced |= _capitalised_borders(words, borders)
    cuts = sorted({0, len(words), *(i for i in forced if 0 < i < len(words))})
    starts: list[int] = []
    for start, end in pairwise(cuts):
        starts.append(start)
        if not punctuated or _is_run_on(words, start, end):
            starts += _phrase_starts(words, start, end, borders)
    return starts


def _speaker_changes(speakers: Sequence[str | None]) -> set[int]:
    """Where a named speaker follows somebody else."""
    return {
        i
        for i, (before, speaker) in enumerate(pairwise(speakers), 1)
        if speaker is not None and speaker != before
    }


def _is_apart(word: Word, after: Word) -> bool:
    """Whether silence parts two words although no full stop does: a heading, say."""
    pause = after.start - word.end
    goes_on = word.text.endswith(_GOES_ON) or begins_lower(after.text)
    return pause >= _SILENCE or (pause >= _LONG_PAUSE and not goes_on)


def _capitalised_borders(words: Sequence[Word], borders: frozenset[int]) -> set[int]:
    """Captions written as sentences without full stops: most begin with a capital, few words do."""
    inner = [i for i in borders if 0 < i < len(words)]
    capital = {i for i in inner if begins_upper(words[i].text)}
    lower = sum(begins_lower(word.text) for word in words)
    return capital if 2 * len(capital) > len(inner) and 2 * lower > len(words) else set()


def _is_run_on(words: Sequence[Word], start: int, end: int) -> bool:
    seconds = words[end - 1].end - words[start].start
    return end - start > _MAX_SENTENCE_WORDS or seconds > _MAX_SENTENCE_SECONDS


def _phrase_starts(
    words: Sequence[Word], start: int, end: int, borders: frozenset[int]
) -> list[int]:
    """Where to cut the stretch from `start` to `end` by its pauses; not `start` itself."""
    starts: list[int] = []
    while (cut := _next_cut(words, start, end, borders)) is not None:
        starts.append(cut)
        start = cut
    return starts


def _next_cut(words: Sequence[Word], start: int, end: int, borders: frozenset[int]) -> int | None:
    """The first clear pause, else the longest before the phrase grows too long; None at the end."""
    longest = -math.inf
    best: int | None = None
    for i in range(start + 1, end):
        pause = words[i].start - words[i - 1].end
        if pause >= (_PAUSE if i - start >= _MIN_PHRASE_WORDS else _LONG_PAUSE):
            return i
        worth = pause + _comma(words[i - 1]) + _BORDER * (i in borders)
        scrap = min(i - start, end - i) < _MIN_PHRASE_WORDS or is_mark(words[i].text)
        # Of equal pauses the latest.
        if worth >= longest and not scrap:
            longest, best = worth, i
        if _is_too_long(words, start, i):
            return best or i
    return None


def _is_too_long(words: Sequence[Word], start: int, last: int) -> bool:
    seconds = words[last].end - words[start].start
    return last - start >= _MAX_PHRASE_WORDS or seconds > _MAX_PHRASE_SECONDS


def _comma(word: Word) -> float:
    return _COMMA if word.text.endswith(_GOES_ON) else 0.0

"""Which sentences a recogniser may have made up: text over silence, loops, and long guesses.

Whisper invents whole sentences in about 1 % of recordings, most where people pause long ("Careless
Whisper", https://arxiv.org/abs/2402.08021); over music and applause it writes what it has often
read, or one thing in a loop (https://arxiv.org/abs/2501.11378). Its own guards are three bounds
(https://arxiv.org/abs/2212.04356, section 4.5; faster-whisper's `no_speech_threshold`,
`log_prob_threshold` and `compression_ratio_threshold` are the same), none of which
faster-whisper looks at when it works in batches.
"""

from __future__ import annotations

import math
import re
import zlib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ingest.asr.recogniser import Span, Stretch
from playhead.types import Doubt, Sentence, Word

# Whisper's own bounds: silence is what passes the first and the last, a loop is what compresses
# better than the second, and below the last it tries again.
_NO_SPEECH, _COMPRESSION, _UNSURE = 0.6, 2.4, -1.0
# A loop is something said three times in a row, of six words in all. In 5,336 sentences of
# tutorials, lectures and meetings one word came three times in a row nine times ("up, up, up") and
# never four times; of several words, two came three times ("leave it", "this one's changed").
_TIMES, _WORDS = 3, 6
# The longest thing that is looked for in a loop, in words: as much as is said in 30 seconds.
_LONGEST = 100
# A word that overlaps with this much speech may have been said there (seconds): recognisers draw
# words into the pauses beside them.
_SAID_SECONDS = 0.3
# What a word without a length is taken to last (seconds): the finest of Whisper's times.
_FRAME_SECONDS = 0.02
_NO_LETTERS = re.compile(r"[\W_]+")


def with_doubts(
    sentences: Sequence[Sentence], stretches: Sequence[Stretch], speech: Sequence[Span]
) -> tuple[Sentence, ...]:
    """The same sentences, those marked that may be made up.

    The first of these that most of a sentence's words pass is its doubt:

    - "silence": nobody is heard to speak there, or the word's stretch passes Whisper's test for
      silence: a probability of no speech above 0.6 and a mean log probability below -1.
    - "repetition": the word is part of a loop, or of a stretch that compresses to less than
      1/2.4. Six such words are enough in a long sentence. The first time in a loop is marked as
      the others: nothing tells whether that one was said.
    - "unsure": the mean log probability of the word's stretch is below -1; or that of the
      sentence's own words is.

    Args:
        sentences: a transcript's, in order of time.
        stretches: how sure the recogniser was. Words outside them have probabilities that cannot
            be compared with Whisper's, and nobody doubts them for those.
        speech: where somebody speaks, by a voice detector: in order, apart from each other.
    """
    words = [word for sentence in sentences for word in sentence.words]
    around = _around(words, sorted(stretches, key=lambda stretch: stretch.start))
    compressing = {s for s in stretches if _compression(s.text) > _COMPRESSION}
    heard, looped = _heard(words, speech), _looped(words)
    silent = [not said or _is_silent(s) for said, s in zip(heard, around, strict=True)]
    repeated = [loop or s in compressing for loop, s in zip(looped, around, strict=True)]
    marked: list[Sentence] = []
    end = 0
    for sentence in sentences:
        start, end = end, end + len(sentence.words)
        doubt: Doubt | None = None
        if _most(silent[start:end]):
            doubt = "silence"
        elif _most(repeated[start:end]) or sum(repeated[start:end]) >= _WORDS:
            doubt = "repetition"
        elif _is_unsure(sentence.words, around[start:end]):
            doubt = "unsure"
        marked.append(replace(sentence, doubt=doubt))
    return tuple(marked)


def _most(flags: Sequence[bool]) -> bool:
    return 2 * sum(flags) > len(flags)


def _around(words: Sequence[Word], stretches: Sequence[Stretch]) -> list[Stretch | None]:
    """The stretch that the middle of each word lies in; `stretches` are in order of start."""
    starts = [stretch.start for stretch in stretches]
    found: list[Stretch | None] = []
    for word in words:
        middle = (word.start + word.end) / 2
        last = bisect_right(starts, middle) - 1
        found.append(stretches[last] if last >= 0 and middle <= stretches[last].end else None)
    return found


def _is_silent(stretch: Stretch | None) -> bool:
    return stretch is not None and stretch.no_speech > _NO_SPEECH and _is_guess(stretch)


def _is_guess(stretch: Stretch | None) -> bool:
    return stretch is not None and stretch.avg_logprob < _UNSURE


def _is_unsure(words: Sequence[Word], around: Sequence[Stretch | None]) -> bool:
    """By the stretches that its words lie in, or by their own probabilities where in one."""
    if _most([_is_guess(stretch) for stretch in around]):
        return True
    own = [
        # A probability of 0 has no logarithm; nothing that was written has one.
        math.log(max(word.probability, 1e-9))
        for word, stretch in zip(words, around, strict=True)
        if stretch is not None and word.probability is not None
    ]
    return bool(own) and math.fsum(own) / len(own) < _UNSURE


def _heard(words: Sequence[Word], speech: Sequence[Span]) -> list[bool]:
    """Whether there is speech in half of each word, or in as much of it as a word takes."""
    ends = [end for _, end in speech]
    found: list[bool] = []
    for word in words:
        until = max(word.end, word.start + _FRAME_SECONDS)
        spoken = 0.0
        for at in range(bisect_right(ends, word.start), len(speech)):
            if speech[at][0] >= until:
                break
            spoken += min(speech[at][1], until) - max(speech[at][0], word.start)
        found.append(spoken >= min((until - word.start) / 2, _SAID_SECONDS))
    return found


def _compression(text: str) -> float:
    """How many times shorter zlib makes a text.

    Of one byte for a character: in UTF-8, where Whisper takes it, every honest half minute in
    Devanagari or Cyrillic letters passes the bound, which was set for Latin ones.
    """
    characters = bytes(ord(character) % 256 for character in text)
    return len(characters) / len(zlib.compress(characters))


def _looped(words: Sequence[Word]) -> list[bool]:
    """Whether each word is part of a loop; marks alone (a dash, say) are part of none."""
    plain = [_NO_LETTERS.sub("", word.text.casefold()) for word in words]
    places = [place for place, text in enumerate(plain) if text]
    known: dict[str, int] = {}
    numbers = np.array([known.setdefault(plain[at], len(known)) for at in places], dtype=np.int64)
    flags = [False] * len(words)
    for period in range(1, min(_LONGEST, len(places) // _TIMES) + 1):
        again = numbers[period:] == numbers[:-period]
        # Where words begin, and cease, to be what they were one period before.
        turns = np.flatnonzero(np.diff(again, prepend=False, append=False))
        for start, end in zip(turns[::2], turns[1::2], strict=True):
            if end + period - start >= max(_TIMES * period, _WORDS):
                for at in places[start : end + period]:
                    flags[at] = True
    return flags

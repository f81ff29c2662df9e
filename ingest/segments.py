"""Segments out of sentences: the units of retrieval, whole sentences of at most 30 seconds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from ingest.punctuation import is_mark
from ingest.spread import spread_words
from playhead.text import split_words
from playhead.types import MAX_SEGMENT_SECONDS, Segment, Sentence, Word

# A cut makes no part shorter than this share of the most, if it can be helped.
_LEAST_SHARE = 1 / 6
# A comma is worth a pause of this length (seconds).
_COMMA = 0.5
_COMMAS = (",", ";", ":", ".", "!", "?", "–", "—", "、", "，", "；", "：", "。")


def segments_of(
    video_id: str, sentences: Sequence[Sentence], max_seconds: float = MAX_SEGMENT_SECONDS
) -> tuple[Segment, ...]:
    """The segments that sentences (in order of time) make; joined, they are the transcript.

    A segment takes sentences for as long as the first start and the last end lie within
    `max_seconds`; their times may overlap. Only a longer sentence is cut, at a word: at the longest
    pause or a comma. Its parts are sentences themselves. A word longer than `max_seconds` is bad
    data: its end moves.
    """
    if max_seconds <= 0:
        raise ValueError(f"max_seconds must be above 0, not {max_seconds}")
    runs: list[list[Sentence]] = []
    for sentence in sentences:
        for part in parts_of(sentence, max_seconds):
            if runs and _seconds([*runs[-1], part]) <= max_seconds:
                runs[-1].append(part)
            else:
                runs.append([part])
    return tuple(
        Segment(f"{video_id}:{ordinal}", video_id, ordinal, _start(run), _end(run), tuple(run))
        for ordinal, run in enumerate(runs)
    )


def _start(run: Sequence[Sentence]) -> float:
    """Where a run of sentences starts: not always with its first, where one was cut."""
    return min(sentence.start for sentence in run)


def _end(run: Sequence[Sentence]) -> float:
    """Where a run of sentences ends: not always with its last, where times overlap."""
    return max(run[0].start, *(sentence.end for sentence in run))


def _seconds(run: Sequence[Sentence]) -> float:
    return _end(run) - _start(run)


def parts_of(sentence: Sentence, most: float = MAX_SEGMENT_SECONDS) -> list[Sentence]:
    """A sentence, or the parts of one that lasts longer than `most` (seconds)."""
    start, end = sentence.start, sentence.end
    if end - start <= most:
        return [sentence]
    words = sentence.words or tuple(spread_words(split_words(sentence.text), start, end))
    if not words:
        return [replace(sentence, end=_clipped(start, end, most))]
    parts: list[Sentence] = []
    while words:
        cut = _cut(words, most)
        head = words[:cut]
        if head[-1].end - head[0].start > most:
            last = head[-1]
            head = (*head[:-1], replace(last, end=_clipped(head[0].start, last.end, most)))
        parts.append(replace(Sentence.of(head, sentence.speaker), doubt=sentence.doubt))
        words = words[cut:]
    return parts


def _cut(words: Sequence[Word], most: float) -> int:
    """How many of the words make the first part; at least one, even if it is too long."""
    start, end = words[0].start, words[-1].end
    fitting = 0
    while fitting < len(words) and words[fitting].end - start <= most:
        fitting += 1
    if fitting == len(words):
        return fitting
    least = most * _LEAST_SHARE
    cuts = range(1, fitting + 1)
    good = [
        cut
        for cut in cuts
        if words[cut - 1].end - start >= 2 * least and end - words[cut].start >= least
    ]
    # Of equal places the latest: fewest parts.
    return max(good or cuts, key=lambda cut: (_worth(words[cut - 1], words[cut]), cut), default=1)


def _worth(word: Word, after: Word) -> float:
    """How good a place between two words is for a cut, as the length of a pause (seconds)."""
    if is_mark(after.text):
        return -1.0
    comma = _COMMA if word.text.endswith(_COMMAS) else 0.0
    return max(0.0, after.start - word.end) + comma


def _clipped(start: float, end: float, most: float) -> float:
    """The latest end up to `end` with `end - start` at most `most`, in floating point too."""
    end = min(end, start + most)
    while end - start > most:
        end = math.nextafter(end, start)
    return end

"""From the raw text of one caption to a cue, with the word times that the text may hold."""

from __future__ import annotations

from itertools import accumulate

from ingest.captions.cue import Cue
from ingest.captions.markup import Payload, read_payload
from ingest.spread import spread_words
from playhead.text import split_words
from playhead.types import Word


def cue_of(start: float, end: float, raw: str) -> Cue:
    """The cue of a raw caption (VTT, SRT or SubStation text with its line breaks), in seconds.

    Its text is empty where nothing is said in it.
    """
    payload = read_payload(raw)
    words = _timed_words(payload, start, end) if payload.stamps else ()
    return Cue(start, end, payload.text, payload.speaker, words, payload.turns)


def _timed_words(payload: Payload, start: float, end: float) -> tuple[Word, ...]:
    """Words with the inline times of their caption; one time may stand for several words.

    Words on the lines above the first inline time are on screen from the start: they get no
    time to be said in.
    """
    end = max(start, end)
    texts = split_words(payload.text)
    words = [Word(text, start, start) for text in texts[: payload.carried]]
    clipped = (min(max(stamp or start, start), end) for stamp in payload.stamps)
    times = list(accumulate(clipped, max))
    at = payload.carried
    while at < len(texts):
        last = at + 1
        while last < len(texts) and payload.stamps[last] == payload.stamps[at]:
            last += 1
        until = times[last] if last < len(texts) else end
        words += spread_words(texts[at:last], times[at], max(times[at], until))
        at = last
    return tuple(words)

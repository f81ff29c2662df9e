"""Word times where only those of a longer text are known."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from playhead.types import Word

# Speakers pause at punctuation. As characters, at the usual 15 a second: a quarter of a second at
# a comma, half a second at a full stop. Measured on 1,807 pairs of sentences with known times,
# spread as if they were one caption: the second starts .34 s off on average (.41 s without the
# pauses), with no lean to early or late (.23 s early without).
_PAUSES = {",": 4, ";": 4, ":": 4, "、": 4, "，": 4, ".": 8, "!": 8, "?": 8, "…": 8, "。": 8}


def spread_words(texts: Sequence[str], start: float, end: float) -> list[Word]:
    """Words spread over `start` to `end` (seconds, end >= start), one after the other.

    A word gets time by its length: its characters, one for the space after it, and the pause that
    its punctuation makes before the next word. Times are rounded to milliseconds, and never leave
    the span.
    """
    if not texts:
        return []
    lengths = [len(text) + 1 + _PAUSES.get(text.rstrip("\"'”’»)]」』")[-1:], 0) for text in texts]
    lengths[-1] = len(texts[-1]) + 1
    reached = list(accumulate(lengths, initial=0))
    span = end - start
    times = [min(max(round(start + span * r / reached[-1], 3), start), end) for r in reached]
    times[0], times[-1] = start, end
    return [
        Word(text, begin, until)
        for text, begin, until in zip(texts, times[:-1], times[1:], strict=True)
    ]

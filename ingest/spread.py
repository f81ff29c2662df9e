"""Word times where only those of a longer text are known."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from playhead.types import Word


def spread_words(texts: Sequence[str], start: float, end: float) -> list[Word]:
    """Words spread over `start` to `end` (seconds, end >= start), one after the other.

    A word gets time by its length: its characters and one for the space after it. Times are
    rounded to milliseconds, and never leave the span.
    """
    if not texts:
        return []
    reached = list(accumulate((len(text) + 1 for text in texts), initial=0))
    span = end - start
    times = [min(max(round(start + span * r / reached[-1], 3), start), end) for r in reached]
    times[-1] = end
    return [
        Word(text, begin, until)
        for text, begin, until in zip(texts, times[:-1], times[1:], strict=True)
    ]

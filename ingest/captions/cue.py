"""The caption cue: what every caption source becomes before it is a transcript."""

from __future__ import annotations

from dataclasses import dataclass

from playhead.types import Word


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption as shown on screen; times in seconds from the start of the media.

    `text` is plain and on one line: no tags, no entities. `speaker` is set where the source names
    one. `words` is non-empty only where the source has word times of its own.
    """

    start: float
    end: float
    text: str
    speaker: str | None = None
    words: tuple[Word, ...] = ()

"""The caption cue: what every caption source becomes before it is a transcript."""

from __future__ import annotations

from dataclasses import dataclass

from playhead.types import Word


@dataclass(frozen=True, slots=True)
class Turn:
    """A mark in a cue that somebody begins to speak: at which of its words, and who if named."""

    word: int
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption as shown on screen; times in seconds from the start of the media.

    `text` is plain and on one line: no tags, no entities, no speaker marks. `speaker` is who
    speaks its first word, where the source names one. `words` is non-empty only where the source
    has word times of its own; it then holds every word of `text`. `turns` are the speaker marks
    found, in order; a cue that has only a `speaker` needs none.
    """

    start: float
    end: float
    text: str
    speaker: str | None = None
    words: tuple[Word, ...] = ()
    turns: tuple[Turn, ...] = ()

    @property
    def voice(self) -> str | None:
        """Who says all of it; None where that is not known, or several people speak."""
        return self.speaker if all(turn.speaker == self.speaker for turn in self.turns) else None

    def takes_turns_with(self, other: Cue) -> bool:
        """Whether they cannot be said at the same time: not by two people, as far as is known."""
        return self.voice is None or other.voice is None or self.voice == other.voice

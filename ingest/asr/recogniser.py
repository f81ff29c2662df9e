"""What a speech recogniser is to the rest of the room, and what goes in and out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ingest.audio import SAMPLE_RATE, Audio
from playhead.types import Word

Span = tuple[float, float]
"""Start and end, in seconds from the start of the media."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """What is recognised at once, and kept once it is: some windows of a recording.

    `audio` is the sound from the first window's start to the last one's end. `windows` are what a
    recogniser hears one by one, `speech` where somebody speaks in them.
    """

    audio: Audio
    windows: tuple[Span, ...]
    speech: tuple[Span, ...]

    @property
    def start(self) -> float:
        """Where it starts in the media."""
        return self.windows[0][0]

    @property
    def end(self) -> float:
        """Where it ends in the media."""
        return self.windows[-1][1]

    def sound(self, start: float, end: float) -> Audio:
        """The sound between two times of the media."""
        first = round((start - self.start) * SAMPLE_RATE)
        return self.audio[first : first + round((end - start) * SAMPLE_RATE)]


@dataclass(frozen=True, slots=True)
class Stretch:
    """How sure a recogniser was of a stretch of text that it wrote in one go.

    `avg_logprob` is the mean of its tokens' natural log probabilities, `no_speech` the probability
    that nobody speaks there.
    """

    start: float
    end: float
    text: str
    avg_logprob: float
    no_speech: float


@dataclass(frozen=True, slots=True)
class Heard:
    """What was recognised of a chunk: words in order of time, with the language they are in."""

    words: tuple[Word, ...]
    language: str | None
    stretches: tuple[Stretch, ...] = ()


class Recogniser(Protocol):
    """Turns sound into words with measured times; equal sound always gives equal words."""

    @property
    def engine(self) -> str:
        """What transcripts by it say made them: "whisper:small", "pocketsphinx"."""
        ...

    @property
    def window_seconds(self) -> float:
        """The longest window that it can hear at once."""
        ...

    @property
    def joins_windows(self) -> bool:
        """Whether it does better with neighbouring speech in one window."""
        ...

    @property
    def chunk_windows(self) -> int:
        """How many windows make a chunk."""
        ...

    def hear(self, chunk: Chunk, language: str | None) -> Heard:
        """The words of a chunk; times are seconds from the start of the media.

        Args:
            chunk: what to listen to.
            language: ISO 639-1; None lets it find out.

        Raises:
            RecogniserError: the recogniser failed.
        """
        ...

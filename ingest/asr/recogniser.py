"""What a speech recogniser is to the rest of the room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ingest.audio import Audio
from playhead.progress import OnProgress
from playhead.types import Word


@dataclass(frozen=True, slots=True)
class Recognition:
    """The words of a recording in order of time (none if nobody speaks), and their language."""

    words: tuple[Word, ...]
    language: str | None


class Recogniser(Protocol):
    """Turns sound into words with measured times. Its language is settled when it is made."""

    @property
    def engine(self) -> str:
        """What transcripts by it say made them: "whisper:small", "pocketsphinx"."""
        ...

    def recognise(self, audio: Audio, on_progress: OnProgress) -> Recognition:
        """The words of a recording; times are seconds from the start of `audio`.

        Raises:
            RecogniserError: the recogniser failed.
        """
        ...

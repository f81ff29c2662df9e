"""What one says of how a file is to be taken in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from playhead.settings import DEFAULT_WHISPER_MODEL

Asr = Literal["auto", "captions", "whisper", "pocketsphinx"]
"""Whether to recognise: only without captions, never, or in any case and by what."""


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """How to come by a transcript.

    All but `asr`, `language` (ISO 639-1; None: find out) and `media_url` are for recognition:
    `vocabulary` is names and terms to expect, `diarize` tells voices apart, `threads` is how many
    of the processor's to use (0: all). Captions in another language than `language` are not taken.
    `allow_private` lets what comes from the web come from addresses that are not the internet's.
    `media_url` tells where the media lies for those who will play it; `{stem}` in it stands for
    the file's name without its suffixes.
    """

    asr: Asr = "auto"
    model: str = DEFAULT_WHISPER_MODEL
    language: str | None = None
    device: str = "auto"
    media_url: str | None = None
    vocabulary: tuple[str, ...] = ()
    diarize: bool = False
    threads: int = 0
    allow_private: bool = False


DEFAULT_OPTIONS = IngestOptions()
"""Captions, else Whisper in the language that it hears."""

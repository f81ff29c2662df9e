"""The recognisers by name."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from ingest.asr.recogniser import Recogniser
from ingest.asr.sphinx import SphinxRecogniser
from ingest.asr.whisper import WhisperRecogniser
from ingest.diarization import Diarizer

RecogniserName = Literal["whisper", "pocketsphinx"]


# Loading takes seconds and the files of a batch all want the same one.
@lru_cache(maxsize=1)
def load_recogniser(
    name: RecogniserName,
    model: str,
    language: str | None,
    device: str,
    *,
    hotwords: str | None = None,
    threads: int = 0,
) -> Recogniser:
    """The recogniser of a name; all but `language` is for Whisper (see `WhisperRecogniser`).

    Raises:
        RecogniserError: it is not installed, or its model, device or language is not to be had.
    """
    if name == "pocketsphinx":
        return SphinxRecogniser(language)
    return WhisperRecogniser(model, language, device, hotwords=hotwords, threads=threads)


@lru_cache(maxsize=1)
def load_diarizer(device: str) -> Diarizer:
    """What tells speakers apart.

    Raises:
        RecogniserError: it is not installed, or its model is not to be had.
    """
    return Diarizer(device=device)

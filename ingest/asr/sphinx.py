"""Speech recognition with pocketsphinx: rough, English only, and its model is in its wheel.

For machines that can reach no model hub. Its transcripts are drafts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from ingest.asr.recogniser import Recognition
from ingest.asr.vad import speech_chunks
from ingest.audio import SAMPLE_RATE, Audio
from playhead.errors import RecogniserError
from playhead.progress import OnProgress, ProgressEvent
from playhead.types import Word

_FRAMES_PER_SECOND = 100
_MAX_CHUNK_SECONDS = 20.0
_FULL_SCALE = 32767
# Wider beams, and a wider look around in the second pass, than the defaults: word error rate 24.7 %
# for 25.3 % on a public speech in one natural voice, 39.4 for 40.8 and 20.4 for 21.1 on synthetic
# voices, for 1.4 times the work (a fifth of the recording's length on one core).
_SEARCH = {"beam": 1e-60, "wbeam": 1e-40, "fwdflatsfwin": 50, "fwdflatefwid": 2}
# The dictionary numbers the other ways to pronounce a word: "the(2)".
_PRONUNCIATION = re.compile(r"\(\d+\)$")


class SphinxRecogniser:
    """The `Recogniser` that needs no download.

    Raises:
        RecogniserError: pocketsphinx is not installed, or another language than English is wanted.
    """

    engine = "pocketsphinx"

    def __init__(self, language: str | None = None) -> None:
        if language not in (None, "en"):
            raise RecogniserError(
                f"pocketsphinx knows English only, not {language!r}",
                "Use --asr whisper, or put captions beside the file",
            )
        self._decoder = _decoder()

    def recognise(self, audio: Audio, on_progress: OnProgress) -> Recognition:
        """The words of a recording; times are seconds from the start of `audio`."""
        total = audio.size / SAMPLE_RATE
        words: list[Word] = []
        # Forget the noise of the recording before: equal sound shall give equal words.
        self._decoder.reinit_feat()
        for start, end in speech_chunks(audio, _MAX_CHUNK_SECONDS):
            chunk = audio[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)]
            words += self._words(chunk, start)
            on_progress(ProgressEvent("transcribe", end, total))
        on_progress(ProgressEvent("transcribe", total, total))
        return Recognition(tuple(words), "en")

    def _words(self, chunk: Audio, offset: float) -> Iterator[Word]:
        pcm = (np.clip(chunk, -1.0, 1.0) * _FULL_SCALE).astype("<i2")
        self._decoder.start_utt()
        # The whole chunk at once: cepstral means are then those of the chunk, not of the past.
        self._decoder.process_raw(pcm.tobytes(), full_utt=True)
        self._decoder.end_utt()
        for segment in self._decoder.seg() or ():
            # Silence and noises: <s>, <sil>, [NOISE].
            if not segment.word.startswith(("<", "[")):
                yield Word(
                    text=_PRONUNCIATION.sub("", segment.word),
                    start=round(offset + segment.start_frame / _FRAMES_PER_SECOND, 3),
                    end=round(offset + (segment.end_frame + 1) / _FRAMES_PER_SECOND, 3),
                    probability=min(1.0, segment.prob),
                )


def _decoder() -> Any:  # noqa: ANN401 - pocketsphinx has no types
    try:
        from pocketsphinx import Decoder

        return Decoder(loglevel="FATAL", **_SEARCH)
    except (ImportError, OSError, RuntimeError) as error:
        raise RecogniserError(
            f"pocketsphinx or its model is not installed: {error}",
            "Install it with: pip install pocketsphinx",
        ) from error

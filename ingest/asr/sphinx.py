"""Speech recognition with pocketsphinx: rough, English only, and its model is in its wheel.

For machines that can reach no model hub. Its transcripts are drafts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from ingest.asr.recogniser import Chunk, Heard
from ingest.audio import Audio
from playhead.errors import RecogniserError
from playhead.types import Word

_FRAMES_PER_SECOND = 100
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
    window_seconds = 20.0
    joins_windows = False
    chunk_windows = 4

    def __init__(self, language: str | None = None) -> None:
        if language not in (None, "en"):
            raise RecogniserError(
                f"pocketsphinx knows English only, not {language!r}",
                "Use --asr whisper, or put captions beside the file",
            )
        self._decoder = _decoder()

    def hear(self, chunk: Chunk, language: str | None) -> Heard:  # noqa: ARG002
        """The words of a chunk; times are seconds from the start of the media."""
        # Forget the noise of what came before: equal sound shall give equal words.
        self._decoder.reinit_feat()
        words: list[Word] = []
        for start, end in chunk.windows:
            words += self._words(chunk.sound(start, end), start)
        return Heard(tuple(words), "en")

    def _words(self, audio: Audio, offset: float) -> Iterator[Word]:
        pcm = (np.clip(audio, -1.0, 1.0) * _FULL_SCALE).astype("<i2")
        self._decoder.start_utt()
        # The whole window at once: cepstral means are then its own, not of the past.
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

"""Where somebody speaks: the stretches of a recording that are worth recognising."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ingest.asr.recogniser import Span
from ingest.audio import SAMPLE_RATE, Audio

# Tuned for pocketsphinx (see ingest/asr/sphinx.py); faster-whisper's own batches use the same
# silence. A chunk begins and ends with this much of what is around the speech.
_MIN_SILENCE_MS = 160
_PAD_MS = 200
# -60 dB of full scale: what nobody can have spoken.
_SILENCE = 1e-3


def speech_chunks(audio: Audio, max_seconds: float) -> list[Span]:
    """The stretches of speech, in order, apart from each other, none longer than `max_seconds`.

    Silero VAD (https://github.com/snakers4/silero-vad) as faster-whisper brings it. Speech without
    a pause is cut at `max_seconds`. Takes about 5 s of one core for an hour that is not silent, and
    three times the memory of `audio`.
    """
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(
        min_silence_duration_ms=_MIN_SILENCE_MS,
        speech_pad_ms=_PAD_MS,
        max_speech_duration_s=max_seconds,
    )
    # Digital silence needs no model to be known.
    if np.abs(audio).max(initial=0.0) <= _SILENCE:
        return []
    found = get_speech_timestamps(audio, options)
    return [(speech["start"] / SAMPLE_RATE, speech["end"] / SAMPLE_RATE) for speech in found]


def merged(chunks: Sequence[Span], max_seconds: float) -> list[Span]:
    """Neighbours made one while they fit into `max_seconds`, with the silence between them.

    "Cut & Merge" of WhisperX (https://arxiv.org/abs/2303.00747, section 3.1): a recogniser that
    knows sentences does better with context.
    """
    result: list[Span] = []
    for start, end in chunks:
        if result and end - result[-1][0] <= max_seconds:
            result[-1] = (result[-1][0], end)
        else:
            result.append((start, end))
    return result

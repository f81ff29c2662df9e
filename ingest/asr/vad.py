"""Where somebody speaks: the stretches of a recording that are worth recognising."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ingest.audio import SAMPLE_RATE, Audio

Chunk = tuple[float, float]
"""Start and end of a stretch of the recording, in seconds."""

# Tuned for pocketsphinx (see ingest/asr/sphinx.py); faster-whisper's own batches use the same
# silence. A chunk begins and ends with this much of what is around the speech.
_MIN_SILENCE_MS = 160
_PAD_MS = 200
# The detector takes three times the memory of what it is given, so it gets pieces. They end in
# the quietest tenth of a second of their last half minute: a sentence is not cut there.
_PIECE_SECONDS = 600
_SEARCH_SECONDS = 30
_QUIET_SECONDS = 0.1
# -60 dB of full scale: what nobody can have spoken.
_SILENCE = 1e-3


def speech_chunks(audio: Audio, max_seconds: float) -> list[Chunk]:
    """The stretches of speech, in order, apart from each other, none longer than `max_seconds`.

    Silero VAD (https://github.com/snakers4/silero-vad) as faster-whisper brings it. Speech without
    a pause is cut at `max_seconds`. Takes about 5 s of one core for an hour that is not silent.
    """
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(
        min_silence_duration_ms=_MIN_SILENCE_MS,
        speech_pad_ms=_PAD_MS,
        max_speech_duration_s=max_seconds,
    )
    return [
        ((start + found["start"]) / SAMPLE_RATE, (start + found["end"]) / SAMPLE_RATE)
        for start, end in _pieces(audio)
        # Digital silence needs no model to be known.
        if np.abs(audio[start:end]).max(initial=0.0) > _SILENCE
        for found in get_speech_timestamps(audio[start:end], options)
    ]


def merged(chunks: Sequence[Chunk], max_seconds: float) -> list[Chunk]:
    """Neighbours made one while they fit into `max_seconds`, with the silence between them.

    "Cut & Merge" of WhisperX (https://arxiv.org/abs/2303.00747, section 3.1): a recogniser that
    knows sentences does better with context.
    """
    result: list[Chunk] = []
    for start, end in chunks:
        if result and end - result[-1][0] <= max_seconds:
            result[-1] = (result[-1][0], end)
        else:
            result.append((start, end))
    return result


def _pieces(audio: Audio) -> Iterator[tuple[int, int]]:
    start = 0
    while audio.size - start > _PIECE_SECONDS * SAMPLE_RATE:
        end = start + _PIECE_SECONDS * SAMPLE_RATE
        search_from = end - _SEARCH_SECONDS * SAMPLE_RATE
        cut = search_from + _quietest(audio[search_from:end])
        yield start, cut
        start = cut
    yield start, audio.size


def _quietest(audio: Audio) -> int:
    """The sample in the middle of the quietest tenth of a second."""
    width = int(_QUIET_SECONDS * SAMPLE_RATE)
    energy = np.square(audio[: audio.size // width * width]).reshape(-1, width).sum(axis=1)
    return int(energy.argmin()) * width + width // 2

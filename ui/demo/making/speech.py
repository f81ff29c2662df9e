"""Speech from text by flite, sentence by sentence, so that every sentence's times are exact."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import wave
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from playhead.errors import PlayheadError

RATE = 16_000
"""Samples a second: what flite's voices were recorded at."""

_PEAK = 0.6
_AUDIBLE = 0.01
_MARGIN = RATE // 50

Samples = NDArray[np.float32]


def find_flite() -> str:
    """Where the flite program is.

    Raises:
        PlayheadError: it is not installed.
    """
    if found := shutil.which("flite"):
        return found
    raise PlayheadError(
        "the talks are spoken by flite, which is not installed", "Run: apt install flite"
    )


def speak(text: str, voice: str, pace: float, say: Mapping[str, str]) -> Samples:
    """One sentence as mono samples in -1 to 1 at `RATE`, without silence around it.

    `pace` above 1 is slower. `say` respells words that the synthesiser would mispronounce.
    """
    for written, spoken in say.items():
        text = re.sub(rf"\b{re.escape(written)}\b", spoken, text)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sentence.wav"
        options = ["-voice", voice, "-set", f"duration_stretch={pace}"]
        command = [find_flite(), *options, "-t", text, "-o", str(path)]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - no shell, own text
        return trimmed(_read(path))


def _read(path: Path) -> Samples:
    with wave.open(str(path)) as file:
        if file.getframerate() != RATE or file.getnchannels() != 1:
            raise PlayheadError(
                f"this voice of flite does not speak in mono at {RATE} Hz",
                "Choose slt or rms in the script",
            )
        data = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    return (data / 32768).astype(np.float32)


def trimmed(samples: Samples) -> Samples:
    """Speech without the silence around it, as loud as all other."""
    start, end = audible(samples)
    return samples[start:end] * np.float32(_PEAK / np.abs(samples).max())


def audible(samples: Samples) -> tuple[int, int]:
    """Where the speech begins and ends, with 20 ms around it that keep a soft consonant whole."""
    loud = np.nonzero(np.abs(samples) > _AUDIBLE * np.abs(samples).max())[0]
    return max(0, int(loud[0]) - _MARGIN), int(loud[-1]) + _MARGIN

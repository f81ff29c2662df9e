"""What the model learns from: the demo's talks as they are decoded, and more in the same voices."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.audio import decode_audio
from ui.demo.making.speech import RATE, Samples, audible, trimmed
from ui.demo.making.talk_script import read_script
from ui.demo.training.timed_speech import Timed, Utterance, speak_timed

FRAMES_PER_SECOND = 100

_DEMO = Path(__file__).parent.parent
_RECORDINGS = Path(str(files("eval"))) / "data" / "recordings" / "videos.jsonl"
_VOICES = ("rms", "slt")
_PLAIN = re.compile(r"[A-Za-z0-9',.?!% -]+")
_SENTENCES = 45

Mel = NDArray[np.float16]
"""Base-10 logarithms of the mel spectrum, (80, frames), neither clipped nor scaled yet."""


@dataclass(frozen=True, slots=True)
class Track:
    """A recording with the true times of its words and sounds; the same in several qualities."""

    name: str
    mels: tuple[Mel, ...]
    words: tuple[Timed, ...]
    sounds: tuple[Timed, ...]

    @property
    def duration(self) -> float:
        """Seconds."""
        return int(self.mels[0].shape[1]) / FRAMES_PER_SECOND


def talk_words(name: str) -> tuple[tuple[Timed, ...], tuple[Timed, ...]]:
    """The words and the sounds of one of the demo's talks: flite says it all once more."""
    script = read_script(_DEMO / "scripts" / f"{name}.md")
    truth = json.loads((_DEMO / "truth.json").read_text(encoding="utf-8"))[name]
    words: list[Timed] = []
    sounds: list[Timed] = []
    for sentence in truth["sentences"]:
        spoken = speak_timed(sentence["text"], script.voice, script.pace, script.say)
        assert spoken  # noqa: S101 - the scripts are written in words
        _append(words, sounds, spoken, sentence["start"])
    return tuple(words), tuple(sounds)


def talk_track(name: str, noise: np.random.Generator) -> Track:
    """One of the demo's talks, decoded as the product decodes it."""
    audio = decode_audio(_DEMO / "talks" / f"{name}.mp4")
    shifted = [audio, *(_noisy(np.roll(audio, shift), noise) for shift in (40, 80, -40))]
    return Track(name, tuple(log_mel(samples) for samples in shifted), *talk_words(name))


def more_tracks(chance: random.Random, noise: np.random.Generator) -> Iterator[Track]:
    """What people said in the evaluation's recordings, said by the talks' voices."""
    sentences = list(sentences_of_recordings())
    for number, first in enumerate(range(0, len(sentences), _SENTENCES)):
        yield _spoken(f"more-{number}", sentences[first : first + _SENTENCES], chance, noise)


def sentences_of_recordings() -> Iterator[str]:
    """Those that flite reads as they are written."""
    for line in _RECORDINGS.read_text(encoding="utf-8").splitlines():
        for segment in json.loads(line)["segments"]:
            text = segment["text"].replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
            for sentence in re.split(r"(?<=[.?!]) ", re.sub(r",?\s*[\u2013\u2014]\s*", ", ", text)):
                if _PLAIN.fullmatch(sentence) and sentence[-1] in ".?!":
                    yield sentence


def log_mel(samples: Samples) -> Mel:
    """As faster-whisper's `FeatureExtractor` computes it, before it clips and scales."""
    extractor = _extractor()
    spectrum = extractor.stft(
        np.pad(samples, (0, extractor.hop_length)),
        extractor.n_fft,
        extractor.hop_length,
        window=np.hanning(extractor.n_fft + 1)[:-1].astype(np.float32),
        return_complex=True,
    )
    power = np.abs(spectrum[:, :-2].astype(np.complex64)) ** 2
    mel: Mel = np.log10(np.maximum(extractor.mel_filters @ power, 1e-10)).astype(np.float16)
    return mel


@cache
def _extractor() -> Any:  # noqa: ANN401 - faster-whisper has no types
    from faster_whisper.feature_extractor import FeatureExtractor

    return FeatureExtractor()


def _spoken(
    name: str, sentences: Sequence[str], chance: random.Random, noise: np.random.Generator
) -> Track:
    voice, pace = chance.choice(_VOICES), chance.uniform(0.92, 1.08)
    words: list[Timed] = []
    sounds: list[Timed] = []
    parts = [_silence(0.5)]
    at = parts[0].size
    for sentence in sentences:
        if spoken := speak_timed(sentence, voice, pace, {}):
            _append(words, sounds, spoken, at / RATE)
            parts += [trimmed(spoken.samples), _silence(chance.uniform(0.3, 0.9))]
            at += parts[-2].size + parts[-1].size
    audio = np.concatenate(parts)
    audio = _noisy(audio, noise) if chance.choice((True, False)) else audio
    return Track(name, (log_mel(audio),), tuple(words), tuple(sounds))


def _silence(seconds: float) -> Samples:
    return np.zeros(int(seconds * RATE), np.float32)


def _append(words: list[Timed], sounds: list[Timed], spoken: Utterance, start: float) -> None:
    """Add what was spoken, where its sound begins at `start` once its silence is cut."""
    moved = start - audible(spoken.samples)[0] / RATE
    words.extend(word.later(moved) for word in spoken.words)
    sounds.extend(sound.later(moved) for sound in spoken.sounds)


def _noisy(samples: Samples, noise: np.random.Generator) -> Samples:
    level = 10 ** noise.uniform(-4.5, -2.5)
    hiss = noise.standard_normal(len(samples)).astype(np.float32)
    return (samples + np.float32(level) * hiss).astype(np.float32)


def texts(tracks: Iterable[Track]) -> Iterator[str]:
    """What the tracks say."""
    for track in tracks:
        yield " " + " ".join(word.text for word in track.words)

"""When each slide shows and each sentence is spoken, and the captions that follow from it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from playhead.timecodes import cue_time
from ui.demo.making.speech import RATE, Samples, speak
from ui.demo.making.talk_script import TalkScript

FRAMES_PER_SECOND = 5

_BEFORE_SLIDE_SPEAKS = 0.3
_AFTER_SLIDE_SPOKE = 0.7
_AFTER_TALK = 0.8
_LONGEST_CUE = 7.0
_LINE = 44
_CUE = 2 * _LINE - 6  # so that two lines always suffice
_COMMA = 0.4  # how far from the middle a comma is still the better place to cut


@dataclass(frozen=True, slots=True)
class Spoken:
    """One sentence with its times, in seconds from the start of the talk."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """A whole talk: the sentences, where each slide starts (whole frames), and all the sound."""

    sentences: tuple[Spoken, ...]
    slide_starts: tuple[float, ...]
    samples: Samples

    @property
    def duration(self) -> float:
        """Seconds; a whole number of frames."""
        return len(self.samples) / RATE


def build_timeline(script: TalkScript) -> Timeline:
    """Speak a whole talk. A slide begins on a frame, shortly before its first sentence."""
    sound: list[Samples] = []
    sentences: list[Spoken] = []
    slide_starts: list[float] = []
    at = 0
    for slide in script.slides:
        slide_starts.append(at / RATE)
        at += _add(sound, _silence(_BEFORE_SLIDE_SPEAKS))
        for i, text in enumerate(slide.sentences):
            if i:
                at += _add(sound, _silence(script.pause))
            spoken = speak(text, script.voice, script.pace, script.say)
            times = (round(n / RATE, 3) for n in (at, at + len(spoken)))
            sentences.append(Spoken(text, *times))
            at += _add(sound, spoken)
        last = slide is script.slides[-1]
        at += _add(sound, _until_frame(at, _AFTER_TALK if last else _AFTER_SLIDE_SPOKE))
    return Timeline(tuple(sentences), tuple(slide_starts), np.concatenate(sound))


def _add(sound: list[Samples], samples: Samples) -> int:
    sound.append(samples)
    return len(samples)


def _silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), np.float32)


def _until_frame(at: int, seconds: float) -> Samples:
    """Silence of at least `seconds` that ends where a video frame begins."""
    frame = RATE // FRAMES_PER_SECOND
    end = math.ceil((at + seconds * RATE) / frame) * frame
    return np.zeros(end - at, np.float32)


def captions(sentences: tuple[Spoken, ...]) -> str:
    """The sentences as WebVTT (https://www.w3.org/TR/webvtt1/)."""
    cues = [cue for sentence in sentences for cue in _cues(sentence)]
    blocks = [
        f"{cue_time(cue.start)} --> {cue_time(cue.end)}\n{_two_lines(cue.text)}\n" for cue in cues
    ]
    return "\n".join(["WEBVTT\n", *blocks])


def _cues(sentence: Spoken) -> Iterator[Spoken]:
    """Parts of a sentence that fit on two lines and stay up to 7 s; timed by their characters."""
    seconds = sentence.end - sentence.start
    count = max(math.ceil(seconds / _LONGEST_CUE), math.ceil(len(sentence.text) / _CUE))
    parts = _split(sentence.text, count, _CUE)
    start = sentence.start
    for i, part in enumerate(parts):
        last = i == len(parts) - 1
        end = sentence.end if last else start + seconds * (len(part) + 1) / len(sentence.text)
        yield Spoken(part, start, end)
        start = end


def _split(text: str, count: int, longest: int) -> list[str]:
    """`count` parts of about one length, cut at spaces, rather after a comma."""
    if count == 1 or " " not in text:
        return [text]
    target = len(text) / count
    spaces = [match.start() for match in re.finditer(" ", text)]
    fitting = [i for i in spaces if i <= longest and len(text) - i - 1 <= longest * (count - 1)]
    bonus = _COMMA * target
    cut = min(fitting or spaces, key=lambda i: abs(i - target) - bonus * (text[i - 1] == ","))
    return [text[:cut], *_split(text[cut + 1 :], count - 1, longest)]


def _two_lines(text: str) -> str:
    return "\n".join(_split(text, 2, _LINE)) if len(text) > _LINE else text

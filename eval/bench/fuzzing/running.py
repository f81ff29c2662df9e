"""One file through the product, in a child process that may not eat and may not hang."""

from __future__ import annotations

import json
import os
import resource
import signal
import time
import traceback
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from eval.bench.fuzzing.clips import RATE, samples, sentences
from eval.bench.fuzzing.verdicts import TOLERANCE, Expected, Found, Verdict, verdict_of
from ingest.audio import Audio, decode_audio
from ingest.conversion import convert
from ingest.library import VideoLibrary
from ingest.media import probe
from ingest.options import IngestOptions
from ingest.pipeline import ingest_file
from ingest.playable import conversion_of
from ingest.poster import poster
from playhead.errors import PlayheadError

Way = Literal["captions", "sound", "player"]
WAYS: tuple[Way, ...] = ("captions", "sound", "player")
"""What is looked at: the transcript from captions, the decoded sound, or the playable version."""

SECONDS = 20.0
"""How long a file of half a minute may take."""
MEBIBYTES = 500
"""How much memory it may take, beside what the libraries take."""

_ADDRESS_SPACE = 4 << 30
_CORRELATION = 0.5
_LOOK_SECONDS = 2
_TEMPLATE = RATE


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a file ended: the verdict and what it rests on."""

    verdict: Verdict
    detail: str
    seconds: float = 0.0
    mebibytes: float = 0.0


def run(path: Path, way: Way, expected: Expected, folder: Path) -> Outcome:
    """What comes of a file; `folder` is where the child leaves its library and its words."""
    started = time.perf_counter()
    report, noise = folder / "report.json", folder / "noise.txt"
    child = os.fork()
    if not child:
        _be_the_child(path, way, expected, folder, report, noise)
    status = _waited(child, started + SECONDS)
    seconds = time.perf_counter() - started
    if status is None:
        return Outcome("hang", f"not done after {SECONDS:.0f} s", seconds)
    if not report.exists():
        return Outcome("crash", f"exit status {os.waitstatus_to_exitcode(status)}", seconds)
    outcome = replace(Outcome(**json.loads(report.read_text("utf-8"))), seconds=seconds)
    if outcome.mebibytes > MEBIBYTES:
        return replace(outcome, verdict="memory", detail=f"{outcome.mebibytes:.0f} MiB")
    if words := noise.read_text("utf-8", errors="replace").strip():
        return replace(outcome, verdict="noise", detail=words[:200])
    return outcome


def _waited(child: int, until: float) -> int | None:
    """A child's exit status; None if it had to be killed."""
    while time.perf_counter() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _be_the_child(
    path: Path, way: Way, expected: Expected, folder: Path, report: Path, noise: Path
) -> None:
    sink = os.open(noise, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(sink, 1)
    os.dup2(sink, 2)
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
    before = _peak()
    outcome = _judged(path, way, expected, folder)
    outcome = replace(outcome, mebibytes=_peak() - before)
    report.write_text(json.dumps(asdict(outcome)), "utf-8")
    os._exit(0)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _judged(path: Path, way: Way, expected: Expected, folder: Path) -> Outcome:
    try:
        found = _LOOKS[way](path, expected, folder)
    except PlayheadError as error:
        return Outcome(*verdict_of(expected, str(error)))
    except BaseException:
        return Outcome("traceback", traceback.format_exc()[-700:])
    return Outcome(*verdict_of(expected, found))


def _read(path: Path, expected: Expected, folder: Path) -> list[Found]:  # noqa: ARG001
    done = ingest_file(path, VideoLibrary(folder / "home"), IngestOptions(asr="captions"))
    said = {sentence.text: sentence for sentence in done.transcript.sentences}
    return [said[one.text].start if one.text in said else None for one in sentences()]


def _heard(path: Path, expected: Expected, folder: Path) -> list[Found]:  # noqa: ARG001
    probe(path)
    poster(path)
    audio = decode_audio(path)
    return [_place_in(audio, one.start, expected.place(one.start)) for one in sentences()]


def _played(path: Path, expected: Expected, folder: Path) -> list[Found]:
    """Where sentences are in the playable version: where the sound had them, or it is a fault."""
    conversion = conversion_of(path)
    heard = _heard(path, expected, folder)
    if conversion is None:
        return heard
    target = folder / f"playable{conversion.suffix}"
    convert(path, conversion, target)
    played = _heard(target, expected, folder)
    for one, other in zip(heard, played, strict=True):
        if one is not None and (other is None or abs(one - other) > TOLERANCE):
            raise AssertionError(f"heard at {heard}, played at {played}")
    return played


_LOOKS = {"captions": _read, "sound": _heard, "player": _played}


def _place_in(audio: Audio, second: float, expected: float | None) -> Found:
    """Where in the sound is what the clip has at a second, looking around where it should be."""
    if expected is None:
        return None
    wanted = samples()[round(second * RATE) :][:_TEMPLATE].astype(np.float64)
    begin = max(0, round((expected - _LOOK_SECONDS) * RATE))
    around = audio[begin:][: 2 * _LOOK_SECONDS * RATE + _TEMPLATE].astype(np.float64)
    if around.size < _TEMPLATE:
        return None
    # The correlation at every place, over the energy of the sound there.
    size = around.size + _TEMPLATE
    spectrum = np.fft.rfft(around, size) * np.conj(np.fft.rfft(wanted, size))
    products = np.fft.irfft(spectrum, size)[: around.size - _TEMPLATE + 1]
    energy = np.concatenate([[0.0], np.cumsum(around**2)])
    energy = energy[_TEMPLATE:] - energy[:-_TEMPLATE]
    likeness = products / np.linalg.norm(wanted) / np.sqrt(np.maximum(energy, 1e-3))
    best = int(np.argmax(likeness))
    return (begin + best) / RATE if likeness[best] > _CORRELATION else None

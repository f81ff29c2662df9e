"""One file through the product, in a child process that may not eat and may not hang."""

from __future__ import annotations

import json
import os
import resource
import signal
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.bench.fuzzing.clips import RATE, samples, sentences
from ingest.audio import Audio, decode_audio
from ingest.conversion import convert
from ingest.library import VideoLibrary
from ingest.options import IngestOptions
from ingest.pipeline import ingest_file
from ingest.playable import conversion_of
from ingest.poster import poster
from playhead.errors import PlayheadError

ENDS = ("right", "one line", "short", "altered")
"""How a file may end: in the truth, in one clear line, in some of the truth, or, where the damage
is in the content, in what that came to."""
FAILURES = ("wrong", "noise", "traceback", "memory", "hang", "crash")

_LIMIT_MEBIBYTES, _ADDRESS_SPACE = 400, 4 << 30
_TOLERANCE, _LONGEST_LINE = 0.3, 400
_LOOK, _TEMPLATE, _LIKE = 2, RATE, 0.5

Found = float | None
Place = Callable[[float], Found]


@dataclass(frozen=True, slots=True)
class Case:
    """A file to try.

    `way` is what is looked at: the transcript made of "captions", the "sound" as recognisers get
    it, or what is played by a "player". `place` tells where a player plays what the clip has at a
    second (None where it is cut off); `ends` what may come of it. `make` writes the file, and what
    lies beside it, into a folder.
    """

    kind: str
    name: str
    way: str
    ends: Sequence[str]
    make: Callable[[Path], Path]
    place: Place = lambda second: second


def run(case: Case, folder: Path, limit: float) -> tuple[str, str]:
    """How a case ends, and why; the folder is where the file and the child's library go."""
    path = case.make(folder)
    report, noise = folder / "report.json", folder / "noise.txt"
    started, status = time.perf_counter(), None
    child = os.fork()
    if not child:
        _be_the_child(case, path, report, noise)
    while status is None and time.perf_counter() < started + limit:
        time.sleep(0.002)
        done, code = os.waitpid(child, os.WNOHANG)
        status = code if done else None
    if status is None:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return "hang", f"not done after {limit:.0f} s"
    if not report.exists():
        return "crash", f"exit status {os.waitstatus_to_exitcode(status)}"
    end, why, mebibytes = json.loads(report.read_text("utf-8"))
    if mebibytes > _LIMIT_MEBIBYTES:
        return "memory", f"{mebibytes:.0f} MiB"
    words = noise.read_text("utf-8", errors="replace").strip()
    return ("noise", words) if words else (end, why)


def _be_the_child(case: Case, path: Path, report: Path, noise: Path) -> None:
    sink = os.open(noise, os.O_WRONLY | os.O_CREAT)
    os.dup2(sink, 1)
    os.dup2(sink, 2)
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        end, why = _end_of(case, _LOOKS[case.way](case, path))
    except PlayheadError as error:
        is_clear = "\n" not in str(error) and len(str(error)) <= _LONGEST_LINE
        end, why = "one line" if is_clear else "wrong", str(error)
    except BaseException:
        end, why = "traceback", traceback.format_exc()[-900:]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if end in ENDS and end not in case.ends:
        end, why = "wrong", why or "taken as if it were whole"
    report.write_text(json.dumps([end, why, (peak - before) / 1024]), "utf-8")
    os._exit(0)


def _end_of(case: Case, found: Sequence[Found]) -> tuple[str, str]:
    pairs = [(case.place(start), at) for (_, start, _), at in zip(sentences(), found, strict=True)]
    off = [
        (place, at)
        for place, at in pairs
        if place is not None and (at is None or abs(at - place) > _TOLERANCE)
    ]
    end = "altered" if any(at is not None for _, at in off) else "short" if off else "right"
    return end, f"should be, is: {off}" if off else ""


def _read(case: Case, path: Path) -> list[Found]:  # noqa: ARG001
    library = VideoLibrary(path.parent / "home")
    transcript = ingest_file(path, library, IngestOptions(asr="captions")).transcript
    said = {sentence.text: sentence.start for sentence in transcript.sentences}
    return [said.get(text) for text, _, _ in sentences()]


def _heard(case: Case, path: Path) -> list[Found]:
    poster(path)
    audio = decode_audio(path)
    return [_place_in(audio, start, case.place(start)) for _, start, _ in sentences()]


def _played(case: Case, path: Path) -> list[Found]:
    """Where sentences are in the playable version: where they were heard, or it is a fault."""
    heard, conversion = _heard(case, path), conversion_of(path)
    if conversion is None:
        return heard
    target = path.parent / f"playable{conversion.suffix}"
    convert(path, conversion, target)
    played = _heard(case, target)
    for one, other in zip(heard, played, strict=True):
        if one is not None and (other is None or abs(one - other) > _TOLERANCE):
            raise AssertionError(f"heard at {heard}, played at {played}")
    return played


_LOOKS = {"captions": _read, "sound": _heard, "player": _played}
WAYS = tuple(_LOOKS)


def _place_in(audio: Audio, second: float, expected: Found) -> Found:
    """Where in the sound is what the clip has at a second, looking around where it should be."""
    wanted = samples()[round(second * RATE) :][:_TEMPLATE].astype(np.float64)
    begin = max(0, round(((expected or 0.0) - _LOOK) * RATE))
    around = audio[begin:][: 2 * _LOOK * RATE + _TEMPLATE].astype(np.float64)
    if expected is None or around.size < _TEMPLATE:
        return None
    # The correlation at every place, over the energy of the sound there.
    size = around.size + _TEMPLATE
    spectrum = np.fft.rfft(around, size) * np.conj(np.fft.rfft(wanted, size))
    products = np.fft.irfft(spectrum, size)[: around.size - _TEMPLATE + 1]
    sums = np.concatenate([[0.0], np.cumsum(around**2)])
    energy = np.maximum(sums[_TEMPLATE:] - sums[:-_TEMPLATE], 1e-3)
    likeness = products / np.linalg.norm(wanted) / np.sqrt(energy)
    best = int(np.argmax(likeness))
    return (begin + best) / RATE if likeness[best] > _LIKE else None

"""What taking files in costs beyond recognition itself, what --jobs gives, and how memory grows.

    python -m eval.bench.ingest [--model FOLDER] [--hours 10]

Prints three tables of ratios. Without a model, the weights are random, in the shape of Whisper
base: it writes nonsense in the time that base takes. Have nothing else run beside it.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np

from eval.bench.random_whisper import make_random_whisper
from ingest.asr.whisper_model import load_model
from ingest.audio import SAMPLE_RATE, Audio, decode_audio
from ingest.library import VideoLibrary
from ingest.options import IngestOptions
from ingest.pipeline import ingest_file

_TALK = Path(__file__).parents[2] / "ui" / "demo" / "talks" / "lightning.mp4"
_ROUNDS = 3
_FILES = 4
_MINUTE = 60 * SAMPLE_RATE
# What one file needs of memory, on its own.
_TAKE_IN = """
import resource, sys
from pathlib import Path
from ingest.library import VideoLibrary
from ingest.options import IngestOptions
from ingest.pipeline import ingest_file

how = IngestOptions("whisper", model=sys.argv[3], language="en")
ingest_file(Path(sys.argv[1]), VideoLibrary(Path(sys.argv[2])), how)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--hours", type=int, default=10)
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        place = Path(folder)
        model = str(arguments.model or make_random_whisper(place / "random-base"))
        speech = decode_audio(_TALK)
        overhead(place, speech, model)
        at_once(place, speech, model)
        memory(place, speech, model, arguments.hours)


def overhead(place: Path, speech: Audio, model: str) -> None:
    """Taking a file in, against faster-whisper's own pipeline on the same file."""
    path = write_flac(place / "talk.flac", [speech])
    ours, theirs = [], []
    for number in range(_ROUNDS + 1):
        theirs.append(_seconds(lambda: _directly(path, model)))
        home = place / f"overhead-{number}"
        ours.append(_seconds(lambda home=home: _taken_in(path, home, model)))  # type: ignore[misc]
    # The first of each loads the model.
    direct, whole = median(theirs[1:]), median(ours[1:])
    print(f"\nOverhead over faster-whisper's batched pipeline, {speech.size / SAMPLE_RATE:.0f} s")
    print(f"faster-whisper {direct:.2f} s, playhead {whole:.2f} s: {whole / direct:.3f} x")


def at_once(place: Path, speech: Audio, model: str) -> None:
    """The same files with one job and with two."""
    files = place / "files"
    files.mkdir()
    for number in range(_FILES):
        write_flac(files / f"{number}.flac", [np.roll(speech, number * SAMPLE_RATE)])
    taken = {
        jobs: _seconds(lambda jobs=jobs: _ingest(place / f"jobs-{jobs}", files, model, jobs))  # type: ignore[misc]
        for jobs in (1, 2)
    }
    print(f"\nplayhead ingest --jobs, {_FILES} files of {speech.size / SAMPLE_RATE:.0f} s")
    print(f"1: {taken[1]:.1f} s, 2: {taken[2]:.1f} s: {taken[1] / taken[2]:.2f} x as fast")


def memory(place: Path, speech: Audio, model: str, hours: int) -> None:
    """The most memory that a long recording takes, against one of an hour."""
    print("\nPeak memory of taking in a recording: a minute of speech in every ten")
    peaks: list[float] = []
    for length in (1, hours):
        path = write_flac(place / f"{length}h.flac", _long(speech, length))
        command = [sys.executable, "-c", _TAKE_IN, str(path), str(place / f"h{length}"), model]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603
        peaks.append(int(said) / 1024)
        path.unlink()
        print(f"{length} h: {peaks[-1]:.0f} MiB, {peaks[-1] / peaks[0]:.2f} x", flush=True)


def write_flac(path: Path, pieces: Iterable[Audio]) -> Path:
    """Write sound of one channel."""
    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream("flac", rate=SAMPLE_RATE)
        stream.layout = "mono"
        for piece in pieces:
            samples = (piece * 32767).astype(np.int16).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
            frame.sample_rate = SAMPLE_RATE
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def _long(speech: Audio, hours: int) -> Iterator[Audio]:
    for number in range(hours * 6):
        yield np.roll(speech, number * SAMPLE_RATE)[:_MINUTE]
        yield np.zeros(9 * _MINUTE, np.float32)


def _directly(path: Path, model: str) -> None:
    from faster_whisper import BatchedInferencePipeline
    from faster_whisper.audio import decode_audio as decoded

    pipeline = BatchedInferencePipeline(_model(model))
    segments, _ = pipeline.transcribe(
        decoded(str(path)), language="en", word_timestamps=True, batch_size=4
    )
    for _ in segments:
        pass


def _taken_in(path: Path, home: Path, model: str) -> None:
    ingest_file(path, VideoLibrary(home), IngestOptions("whisper", model=model, language="en"))


def _ingest(home: Path, files: Path, model: str, jobs: int) -> None:
    script = shutil.which("playhead", path=str(Path(sys.executable).parent)) or "playhead"
    command = [script, "--home", str(home), "ingest", str(files), "--asr", "whisper"]
    options = ["--model", model, "--language", "en", "--jobs", str(jobs)]
    subprocess.run([*command, *options], check=True, stdout=subprocess.DEVNULL)  # noqa: S603


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


_loaded: dict[str, object] = {}


def _model(name: str) -> object:
    return _loaded.setdefault(name, load_model(name, "cpu"))


if __name__ == "__main__":
    main()

"""The command line as its users meet it, and what it leaves on the disk."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playhead.settings import DEFAULT_EMBEDDING_MODEL
from playhead.timecodes import cue_time
from retrieval.store.edge import EdgeStore

SCRIPT = Path(sys.executable).with_name("playhead")
"""The command as it is installed, for what only a process of its own can show."""

KEEPER = "The keeper lights the lamp at dusk."
LENS = "The lens was ground in Paris by Fresnel."
STORM = "Count the seconds between lightning and thunder."
BREAD = "Bread rises because yeast makes gas."
BREAD_START, BREAD_END = 3753.4, 3757.4
LIGHTHOUSE_URL = "https://www.youtube.com/watch?v=lighthouse"
BREAD_URL = "https://videos.example/bread.mp4"


@dataclass(frozen=True)
class Run:
    """What one command came to."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def done(self) -> Run:
        """Itself, having made sure that it worked and had nothing to say on stderr."""
        assert (self.status, self.err) == (0, "")
        return self

    def failure(self) -> str:
        """The one line in which an expected failure is told."""
        assert self.status == 1, self
        assert self.out == ""
        return self.complaint()

    def complaint(self) -> str:
        """The one line on stderr: what and why, and what to do."""
        assert self.err.endswith("\n"), self
        (line,) = self.err.splitlines()
        assert line.startswith("playhead: ")
        assert line.endswith(".")
        return line


Playhead = Callable[..., Run]


def write_captions(path: Path, *texts: str, start: float = 1.0, seconds: float = 4.0) -> Path:
    """A WebVTT file: one cue for each text, one after the other."""
    cues = [
        f"{cue_time(start + n * seconds)} --> {cue_time(start + (n + 1) * seconds)}\n{text}\n"
        for n, text in enumerate(texts)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["WEBVTT\n", *cues]), "utf-8")
    return path


def folders(home: Path) -> list[str]:
    """The video folders, and whatever else was left among them."""
    videos = home / "videos"
    return sorted(p.name for p in videos.iterdir() if p.name != ".lock") if videos.exists() else []


def indexed(home: Path) -> dict[str, int]:
    """How many segments of each video are in the index."""
    store = EdgeStore(home / "index", DEFAULT_EMBEDDING_MODEL, lock_wait=0)
    try:
        return store.video_counts()
    finally:
        store.close()


def files_of(folder: Path) -> dict[str, bytes]:
    """Everything below a folder, to see that nothing was touched."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@contextmanager
def another_process(script: str, *arguments: str, says: str) -> Iterator[subprocess.Popen[str]]:
    """A script in its own process: it says a word when it is ready, and ends with its stdin."""
    with subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == f"{says}\n"
        yield process
        assert process.stdin
        process.stdin.close()

"""Real runs of the command line that can be killed, and what they leave, to compare."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np

from playhead.settings import DEFAULT_EMBEDDING_MODEL
from retrieval.store.edge import EdgeStore
from retrieval.store.schema import BM25, DENSE, SENTENCES, WORDS

# Loads what takes seconds once, and forks for each command. Their workers come from one server that
# has loaded all, too: it is not theirs, so they are not to look whether it still runs.
_NURSERY = """
import json, os, sys
import multiprocessing.forkserver as forkserver
import qdrant_edge, sentence_transformers, torch, transformers
import ui.batch, ui.cli
from retrieval.embedding import SentenceTransformerEmbedder, _loaded
from retrieval.index import SegmentIndexer
_loaded(SentenceTransformerEmbedder().name)
forkserver.set_forkserver_preload(["ui.workers", "av", "ctranslate2", "faster_whisper"])
forkserver.ensure_running()
print("ready", flush=True)
for line in sys.stdin:
    order = json.loads(line)
    if isinstance(order, int):
        print(os.waitstatus_to_exitcode(os.waitpid(order, 0)[1]), flush=True)
        continue
    child = os.fork()
    if not child:
        os.setsid()
        forkserver._forkserver.ensure_running = lambda: None
        silent = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(silent, descriptor)
        os._exit(ui.cli.exit_status(order))
    print(child, flush=True)
"""


class Nursery:
    """Starts commands as processes of their own, quickly."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def start(self, *arguments: str | Path) -> int:
        """Begin `playhead ARGUMENTS`; gives the process id."""
        return self._ask([str(argument) for argument in arguments])

    def wait(self, pid: int) -> int:
        """How a command ended: its exit status, or less than 0 if it was killed."""
        return self._ask(pid)

    def _ask(self, order: object) -> int:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{json.dumps(order)}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def nursery() -> Iterator[Nursery]:
    """A place to start commands from."""
    with subprocess.Popen(
        [sys.executable, "-c", _NURSERY],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        # A process with threads is not to be forked.
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        yield Nursery(process)


def kill(pid: int, *, everything: bool) -> None:
    """`kill -9`: of the command, or of all the processes that it started, too."""
    with suppress(ProcessLookupError):
        (os.killpg if everything else os.kill)(pid, signal.SIGKILL)


def files_in(home: Path) -> dict[str, Any]:
    """What the library's files say, less when a video was added."""
    found: dict[str, Any] = {}
    for path in sorted(path for path in home.rglob("*") if path.is_file()):
        name = str(path.relative_to(home))
        if path.name == "video.json":
            found[name] = json.loads(path.read_text("utf-8")) | {"added": None}
        elif not name.startswith("index") and path.suffix != ".lock" and path.name != ".lock":
            found[name] = path.read_bytes()
    return found


def points_in(home: Path) -> dict[str, Any]:
    """Every point of the index: its payload, less when its video was added, and its vectors."""
    store = EdgeStore(home / "index", DEFAULT_EMBEDDING_MODEL, lock_wait=0)
    try:
        counts = store.video_counts()
        assert store.count() == sum(counts.values())
        keys = [(video, n) for video, count in counts.items() for n in range(count)]
        # The store itself never gives all vectors away.
        records = store._retrieve(keys, vectors=[DENSE, SENTENCES, BM25, WORDS])
    finally:
        store.close()
    assert len(records) == len(keys)
    return {record.id: (_timeless(record.payload), record.vector) for record in records}


def assert_same_points(one: dict[str, Any], other: dict[str, Any]) -> None:
    """The same points, vectors and all."""
    assert one.keys() == other.keys()
    for key, (payload, vectors) in one.items():
        assert payload == other[key][0]
        assert vectors.keys() == other[key][1].keys()
        for name, vector in vectors.items():
            np.testing.assert_allclose(_numbers(vector), _numbers(other[key][1][name]), atol=1e-5)


def _timeless(payload: dict[str, Any]) -> dict[str, Any]:
    # The revision is a digest of what holds the time, too.
    return payload | {"video": payload["video"] | {"added": None}, "revision": None}


def _numbers(vector: Any) -> Any:
    if hasattr(vector, "indices"):
        return sorted(zip(vector.indices, vector.values, strict=True))
    return vector

"""What other processes do to an index while a test watches: run as `python -m`, one task a process.

Each task prints a line when it has come to where the test waits for it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from retrieval.store.edge import EdgeStore
from retrieval.store.protocol import Store
from retrieval.store.shared import SharedStore
from tests.fakes import points, segments, video


def say(line: str) -> None:
    """Tell the test."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def hold(store: EdgeStore) -> None:
    """Open the index and keep it until the test says so."""
    store.count()
    say("ready")
    sys.stdin.readline()
    store.close()


def write_on_and_on(store: EdgeStore) -> None:
    """Write one video after another until killed; print each that is safely in."""
    for number in range(100_000):
        name = f"v{number}"
        store.upsert(points(video(name), segments(name, "One thing was said.", "Then another.")))
        say(name)


def open_and_write(store: Store) -> None:
    """Write three videos, letting go of the index after each."""
    own = str(os.getpid())
    say("ready")
    sys.stdin.readline()
    for number in range(3):
        name = f"{own}-{number}"
        store.upsert(points(video(name), segments(name, "One thing was said.")))
        store.close()


def share(store: EdgeStore) -> None:
    """Answer for the index until the test says so."""
    with SharedStore(store).sharing():
        say("ready")
        sys.stdin.readline()


def visit_and_write(store: EdgeStore) -> None:
    """As `open_and_write`, but through whoever has the index."""
    open_and_write(SharedStore(store))


TASKS = {
    task.__name__: task for task in (hold, write_on_and_on, open_and_write, share, visit_and_write)
}

if __name__ == "__main__":
    TASKS[sys.argv[1]](EdgeStore(Path(sys.argv[2]), "hash", lock_wait=30))

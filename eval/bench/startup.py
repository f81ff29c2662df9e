"""How long the command line takes to start, against Python itself.

    python -m eval.bench.startup

Runs `python -c pass`, `playhead --help`, and `playhead search` and `ask` on a one-video library in
turn, each in a new process, and prints the median of each and its ratio to bare Python.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 5
_CAPTIONS = "WEBVTT\n\n00:00:01.000 --> 00:00:05.000\nThe new office opens in the spring.\n"
_PLAYHEAD = [sys.executable, "-c", "from ui.cli import run; run()"]


def main() -> None:
    """Print a line for each command."""
    with tempfile.TemporaryDirectory(prefix="playhead-bench-") as folder:
        environment = os.environ | {"PLAYHEAD_HOME": folder}
        captions = Path(folder) / "talk.vtt"
        captions.write_text(_CAPTIONS)
        _seconds([*_PLAYHEAD, "ingest", str(captions), "--media-url", "http://x/v"], environment)
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "playhead --help": [*_PLAYHEAD, "--help"],
            "playhead search --mode bm25": [*_PLAYHEAD, "search", "office", "--mode", "bm25"],
            "playhead search": [*_PLAYHEAD, "search", "When does the office open?"],
            "playhead ask": [*_PLAYHEAD, "ask", "When does the office open?"],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, command in commands.items():
                times[name].append(_seconds(command, environment))
    bare = statistics.median(times["python -c pass"])
    for name, seconds in times.items():
        median = statistics.median(seconds)
        print(f"{name:30} {median:6.2f} s  {median / bare:6.1f} x bare Python")


def _seconds(command: list[str], environment: dict[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run(  # noqa: S603 - ourselves
        command, env=environment, check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - started


if __name__ == "__main__":
    main()

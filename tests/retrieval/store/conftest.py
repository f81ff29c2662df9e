"""Other processes that use the index of a test."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.retrieval.store.processes import Start

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
def start(index_folder: Path) -> Iterator[Start]:
    """Starts another process that does a task of `other_process` with the index."""
    started: list[subprocess.Popen[str]] = []

    def starts(task: str) -> subprocess.Popen[str]:
        module = "tests.retrieval.store.other_process"
        process = subprocess.Popen(
            [sys.executable, "-m", module, task, str(index_folder)],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield starts
    for process in started:
        process.kill()
        process.communicate()

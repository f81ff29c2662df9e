"""Logging is silent unless asked for, and always on stderr."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
TALK = """
import logging
from playhead.log import configure
configure(verbose={verbose})
logging.getLogger("retrieval.search").debug("detail")
logging.getLogger("retrieval.search").warning("trouble")
logging.getLogger("httpx").warning("chatter")
"""


@pytest.mark.parametrize(("verbose", "told"), [(False, ["trouble"]), (True, ["detail", "trouble"])])
def test_what_is_told(verbose: bool, told: list[str]) -> None:
    # In a process of its own: logging is set up once for a whole process.
    code = TALK.format(verbose=verbose)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert done.stdout == ""
    assert [line.rsplit(": ", 1)[1] for line in done.stderr.splitlines()] == told

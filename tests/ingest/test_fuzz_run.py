"""A short run of the media fuzzer: nothing may hang, crash, eat memory, or come out wrong."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the fuzzer forks")
@pytest.mark.timeout(400)
def test_no_file_of_a_short_run_fails():
    command = [sys.executable, "-m", "eval.bench.fuzz", "--cases", "60", "--limit", "90"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].split()[:2] == ["all", "60"]

"""Talking to the other processes of a test (see `other_process`)."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

Start = Callable[[str], "subprocess.Popen[str]"]


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def tell(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.write("\n")
    process.stdin.flush()

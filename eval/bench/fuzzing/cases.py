"""A case: a file made to be trouble, how it is looked at, and what should come of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from eval.bench.fuzzing.clips import FORMATS, Recipe, write_clip
from eval.bench.fuzzing.running import Way
from eval.bench.fuzzing.verdicts import Expected

Make = Callable[[Path, Random], Path]
"""Writes the file (and what lies beside it) into a folder, and gives its path."""


@dataclass(frozen=True, slots=True)
class Case:
    """A file to try."""

    kind: str
    name: str
    way: Way
    expected: Expected
    make: Make


@cache
def base(name: str) -> bytes:
    """The clip in one of the usual formats."""
    return written(FORMATS[name])


def written(recipe: Recipe) -> bytes:
    """A clip's bytes."""
    with TemporaryDirectory() as folder:
        return write_clip(Path(folder) / f"clip{recipe.suffix}", recipe).read_bytes()

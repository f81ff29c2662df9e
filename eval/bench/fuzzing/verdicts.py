"""What should come of a file, and whether it did."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from eval.bench.fuzzing.clips import sentences

End = Literal["right", "one line", "short", "altered"]
"""How a file may end: the truth, one clear line, some of the truth, or what the damage made of it.
"""

Verdict = Literal[
    "right", "one line", "short", "altered",
    "wrong", "noise", "traceback", "memory", "hang", "crash",
]  # fmt: skip
"""How a file ended; those after `altered` are failures."""

Found = float | None
"""When a sentence of the clip is said by the transcript or in the sound; None if it is not there."""

TOLERANCE = 0.3
"""Seconds by which a time may be off."""

_LONGEST_LINE = 400

Place = Callable[[float], float | None]
"""Where a player would play what the clip has at a second; None where that is cut off."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What should come of a file: one of `ends`, with what the clip has at a second at `place`."""

    ends: frozenset[End]
    place: Place = lambda second: second


def right(place: Place = lambda second: second) -> Expected:
    """The content is intact: it must come out, each word where a player plays it."""
    return Expected(frozenset({"right"}), place)


def refused() -> Expected:
    """There is nothing right to be had: one line must say so."""
    return Expected(frozenset({"one line"}))


def right_or_refused(place: Place = lambda second: second) -> Expected:
    """Damaged, but what comes out must be true."""
    return Expected(frozenset({"right", "one line"}), place)


def some_or_refused() -> Expected:
    """Nothing tells that it is cut off: what comes out must be true, the rest may be missing."""
    return Expected(frozenset({"right", "one line", "short"}))


def anything() -> Expected:
    """The damage may be anywhere, in the words and their times, too."""
    return Expected(frozenset({"right", "one line", "short", "altered"}))


def verdict_of(expected: Expected, result: str | Sequence[Found]) -> tuple[Verdict, str]:
    """The verdict on an error's line, or on where the clip's sentences were found; and why."""
    if isinstance(result, str):
        if "\n" in result or len(result) > _LONGEST_LINE:
            return "wrong", f"not one clear line: {result}"
        end: End = "one line"
        detail = result
    else:
        end, detail = _end_of(expected, result)
    return (end, detail) if end in expected.ends else ("wrong", detail or "taken as if whole")


def _end_of(expected: Expected, found: Sequence[Found]) -> tuple[End, str]:
    places = [expected.place(said.start) for said in sentences()]
    pairs = [pair for pair in zip(places, found, strict=True) if pair[0] is not None]
    off = [(p, at) for p, at in pairs if p is None or at is None or abs(at - p) > TOLERANCE]
    detail = ", ".join(f"{p:.2f} -> {'missing' if at is None else f'{at:.2f}'}" for p, at in off)
    if any(at is not None for _, at in off):
        return "altered", detail
    return ("short", detail) if off else ("right", "")

"""Seconds as people and players write them."""

from __future__ import annotations


def clock(seconds: float) -> str:
    """A time for people, rounded down: `0:07`, `14:32`, `1:02:33`."""
    minutes, s = divmod(max(0, int(seconds)), 60)
    hours, m = divmod(minutes, 60)
    return f"{hours}:{m:02}:{s:02}" if hours else f"{m}:{s:02}"


def cue_time(seconds: float, separator: str = ".") -> str:
    """A time in a caption file, to the millisecond: `00:14:32.500` (SRT's separator is a comma)."""
    milliseconds = max(0, round(seconds * 1000))
    s, ms = divmod(milliseconds, 1000)
    minutes, s = divmod(s, 60)
    hours, m = divmod(minutes, 60)
    return f"{hours:02}:{m:02}:{s:02}{separator}{ms:03}"

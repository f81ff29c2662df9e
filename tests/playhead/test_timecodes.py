"""Times as people and players read them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.timecodes import clock, cue_time

SECONDS = st.floats(min_value=0, max_value=1_000_000)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0:00"),
        (7.99, "0:07"),
        (59.999, "0:59"),
        (60, "1:00"),
        (872, "14:32"),
        (3599.9, "59:59"),
        (3753, "1:02:33"),
        (36_000, "10:00:00"),
        (-3, "0:00"),
    ],
)
def test_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text


@given(SECONDS)
def test_clock_is_the_time_rounded_down(seconds: float) -> None:
    total = 0
    for part in clock(seconds).split(":"):
        total = total * 60 + int(part)
    assert total == int(seconds)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "00:00:00.000"),
        (872.5, "00:14:32.500"),
        (3753.0016, "01:02:33.002"),
        (59.9996, "00:01:00.000"),
        (-1, "00:00:00.000"),
    ],
)
def test_cue_time(seconds: float, text: str) -> None:
    assert cue_time(seconds) == text


def test_subrip_writes_a_comma() -> None:
    assert cue_time(872.5, ",") == "00:14:32,500"


@given(SECONDS)
def test_cue_time_is_the_time_to_the_millisecond(seconds: float) -> None:
    text = cue_time(seconds)
    parts = re.fullmatch(r"(\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3})", text)
    assert parts, text
    hours, minutes, whole, thousandths = map(int, parts.groups())
    assert abs(hours * 3600 + minutes * 60 + whole + thousandths / 1000 - seconds) <= 0.000_501

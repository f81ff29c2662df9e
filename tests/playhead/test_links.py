"""A link opens the right video at the right moment."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.links import is_url, moment_link


@pytest.mark.parametrize(
    ("source", "link"),
    [
        (
            "https://www.youtube.com/watch?v=abc",
            "https://www.youtube.com/watch?v=abc&t=75s",
        ),
        ("https://youtu.be/abc?t=3&si=x", "https://youtu.be/abc?si=x&t=75s"),
        ("https://m.youtube.com/watch?v=abc", "https://m.youtube.com/watch?v=abc&t=75s"),
        ("https://example.org/talk.mp4", "https://example.org/talk.mp4#t=75.5"),
        ("https://example.org/a?b=c#old", "https://example.org/a?b=c#t=75.5"),
        ("HTTP://EXAMPLE.org/talk", "http://EXAMPLE.org/talk#t=75.5"),
        # A site that only looks like one that has a parameter of its own.
        ("https://notyoutube.com/watch?v=abc", "https://notyoutube.com/watch?v=abc#t=75.5"),
    ],
)
def test_link_of_a_url(source: str, link: str) -> None:
    assert moment_link(source, 75.5) == link


def test_a_time_given_before_is_replaced_not_repeated() -> None:
    link = moment_link("https://www.youtube.com/watch?t=1s&v=abc&t=9", 75.5)
    assert parse_qs(urlsplit(link).query) == {"v": ["abc"], "t": ["75s"]}


def test_a_path_becomes_a_file_link() -> None:
    link = moment_link("/talks/What is #1? 100%.mp4", 12.25)
    assert link == "file:///talks/What%20is%20%231%3F%20100%25.mp4#t=12.25"


def test_a_relative_path_is_made_absolute(tmp_path: Path) -> None:
    # The tests run in tmp_path.
    assert moment_link("talk.mp4", 0) == f"{tmp_path.as_uri()}/talk.mp4#t=0"


@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1))
def test_a_file_link_leads_back_to_the_file_whatever_its_name(name: str) -> None:
    path = f"/talks/_{name}"
    link = urlsplit(moment_link(path, 1.5))
    assert (link.scheme, unquote(link.path), link.fragment) == ("file", path, "t=1.5")


@pytest.mark.parametrize(
    ("start", "fragment"),
    [
        (0, "t=0"),
        (10, "t=10"),
        (100.0, "t=100"),
        (7.104, "t=7.1"),
        (0.05, "t=0.05"),
        (-2, "t=0"),
        (46.6667, "t=46.66"),
        (0.29, "t=0.29"),
        (75.999, "t=75.99"),
    ],
)
def test_seconds_are_short_and_never_negative(start: float, fragment: str) -> None:
    assert urlsplit(moment_link("https://example.org/x", start)).fragment == fragment


@given(st.floats(min_value=0, max_value=1_000_000))
def test_a_link_starts_at_most_ten_milliseconds_before_and_never_after(start: float) -> None:
    fragment = urlsplit(moment_link("https://example.org/x", start)).fragment
    assert start - 0.01 - 1e-8 <= float(fragment.removeprefix("t=")) <= start + 1e-8


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ("https://example.org", True),
        ("HTTPS://example.org", True),
        ("http://127.0.0.1/x", True),
        ("/talks/https.mp4", False),
        ("talk.mp4", False),
        ("file:///talk.mp4", False),
        ("", False),
    ],
)
def test_what_is_a_url(source: str, url: bool) -> None:
    assert is_url(source) is url

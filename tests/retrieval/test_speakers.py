"""Who is meant by a name that somebody types, and what a hit is cut down to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.errors import QuestionError
from playhead.types import Hit
from retrieval.speakers import (
    MAX_NAMES_TOLD,
    in_own_words,
    name_words,
    speakers_named,
    speakers_of,
)
from tests.fakes import segments, video

KNOWN = ["Ann", "Ann Lee", "ANN LEE", "Hannah", "Cllr Briggs-Tate", "Zoë", "田中", "Bob (on phone)"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ann", ["ANN LEE", "Ann", "Ann Lee"]),
        ("Ann Lee", ["ANN LEE", "Ann Lee"]),
        (" lee,  ANN ", ["ANN LEE", "Ann Lee"]),
        ("lee", ["ANN LEE", "Ann Lee"]),
        ("briggs-tate", ["Cllr Briggs-Tate"]),
        ("Briggs", ["Cllr Briggs-Tate"]),
        ("Zoe\u0308", ["Zoë"]),
        ("田中", ["田中"]),
        ("bob", ["Bob (on phone)"]),
        ("bob (ON PHONE)", ["Bob (on phone)"]),
    ],
)
def test_a_whole_name_or_a_whole_word_of_it(typed: str, meant: list[str]) -> None:
    assert speakers_named(typed, KNOWN) == meant


@pytest.mark.parametrize("typed", ["an", "annlee", "Olga", "", " ", "?!", "Ann Bob"])
def test_nobody_is_called_so(typed: str) -> None:
    with pytest.raises(QuestionError) as caught:
        speakers_named(typed, KNOWN)
    line = str(caught.value)
    assert line.startswith(f"nobody called {typed!r} speaks in these videos. Those who do: ANN LEE")
    assert "\n" not in line


def test_of_many_some_are_named() -> None:
    many = [f"Speaker {n:03}" for n in range(MAX_NAMES_TOLD + 30)]
    with pytest.raises(QuestionError, match=r"Speaker 000, .*Speaker 011 and 30 others\.$"):
        speakers_named("ann", many)


def test_where_no_speaker_is_known_the_way_out_is_named() -> None:
    with pytest.raises(QuestionError, match=r"not known who speaks.*playhead library reindex"):
        speakers_named("ann", [])


@given(st.lists(st.text(min_size=1, max_size=12), max_size=6), st.text(max_size=12))
def test_whoever_is_found_has_all_the_words(known: list[str], typed: str) -> None:
    try:
        named = speakers_named(typed, known)
    except QuestionError:
        assert not any(name_words(typed) and name_words(typed) <= name_words(n) for n in known)
        return
    assert named
    assert all(name_words(typed) <= name_words(name) for name in named)
    assert set(named) <= set(known)


def spoken() -> Hit:
    (segment,) = segments("v", "Where is it?|In the shed.|Thanks.|And the key?")
    speakers = ["Bob", "Ann", None, "Ann"]
    sentences = tuple(
        replace(sentence, speaker=speaker)
        for sentence, speaker in zip(segment.sentences, speakers, strict=True)
    )
    return Hit(replace(segment, sentences=sentences), 0.5, video("v"))


def test_a_hit_in_a_speaker_s_own_words() -> None:
    hit = spoken()
    own = in_own_words(hit, ["Ann"])
    assert own
    assert own.segment.text == "In the shed. And the key?"
    assert (own.segment.start, own.segment.end) == (5.0, 20.0)
    assert (own.segment.id, own.score, own.video) == (hit.segment.id, hit.score, hit.video)


def test_where_they_say_nothing_there_is_no_hit() -> None:
    assert in_own_words(spoken(), ["Olga"]) is None


def test_speakers_each_once_in_order() -> None:
    assert speakers_of(spoken().segment.sentences) == ["Bob", "Ann"]
    assert speakers_of([]) == []

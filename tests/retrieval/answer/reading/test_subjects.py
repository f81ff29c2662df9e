"""What a video speaks of, as phrases that fit into a question."""

from __future__ import annotations

import math
from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.types import Segment
from retrieval.answer.reading.subjects import Subject, subjects_of
from retrieval.bm25 import document_terms
from tests.fakes import segments

TALK = segments(
    "ship",
    "So we look at the gun deck.|The gun deck was built far too low.",
    "Then July came.|In July the harbour of Leeds was frozen.|The captain stopped the test.",
    "We went down to the gun deck.|Ships from Leeds came into the harbour.|It was July.",
    "The captain stopped the test again.|My chisel was blunt.|So I sharpened my chisel.",
    "There was nothing in Leeds.|Thirty percent of July was rain.|Her chisel was mine.",
)


def even(terms: Collection[int]) -> dict[int, float]:
    """As if all words were equally rare."""
    return dict.fromkeys(terms, 1.0)


def texts(found: list[Subject]) -> list[str]:
    return [subject.text for subject in found]


def test_subjects_are_noun_phrases_as_they_are_said() -> None:
    found = texts(subjects_of(TALK, even))
    assert found[0] == "the gun deck"
    assert "the harbour" in found
    assert "Leeds" in found


def test_what_is_no_subject() -> None:
    found = " ".join(texts(subjects_of(TALK, even))).split()
    assert not {"July", "thirty", "percent", "stopped", "nothing", "came"} & set(found)


def test_what_is_somebodys_is_the_thing() -> None:
    assert "the chisel" in texts(subjects_of(TALK, even))


def test_no_two_share_a_word() -> None:
    found = subjects_of(TALK, even)
    for n, subject in enumerate(found):
        assert subject.terms == frozenset(document_terms(subject.text).indices)
        assert all(not subject.terms & other.terms for other in found[:n])
    assert [subject.weight for subject in found] == sorted(
        (subject.weight for subject in found), reverse=True
    )


def test_what_is_rare_in_the_library_stands_out() -> None:
    rare = frozenset(document_terms("harbour").indices)

    def idf(terms: Collection[int]) -> dict[int, float]:
        return {term: 9.0 if term in rare else 0.1 for term in terms}

    assert texts(subjects_of(TALK, idf))[0] == "the harbour"


@pytest.mark.parametrize(
    "sentence",
    [
        "Der Kapitän von dem Schiff hat in dem Hafen die Kanonen an das Deck gebracht.",
        "Le capitaine du navire a dit que les canons du pont sont dans le port.",
        "船长把大炮搬到了港口的甲板上。",
        "",
    ],
)
def test_another_language_has_none(sentence: str) -> None:
    assert subjects_of(segments("v", *[sentence] * 5), even) == []


def test_no_segments() -> None:
    assert subjects_of([], even) == []


WORDS = "the a of my Vasa gun deck ship 's sank , . ? — 12 über 面 don't x-ray"
words = st.sampled_from(WORDS.split())


@given(st.lists(st.lists(words, max_size=30), max_size=4))
def test_any_talk(said: list[list[str]]) -> None:
    """Whatever is said: the same subjects again, each made of words that are said."""
    talk: list[Segment] = segments("v", *(" ".join(line) or "." for line in said))
    found = subjects_of(talk, even)
    assert found == subjects_of(talk, even)
    spoken = " ".join(segment.text for segment in talk).casefold()
    for subject in found:
        assert subject.text.removeprefix("the ").casefold() in " ".join(spoken.split())
        assert math.isfinite(subject.weight)
        assert subject.weight > 0

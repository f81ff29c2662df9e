"""Sentences as units: nothing lost, nothing too short to say something alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.text import split_words
from playhead.types import Sentence
from retrieval.units import MIN_UNIT_WORDS, unit_text, units_of

WORDS = st.lists(st.sampled_from(["yes", "so", "dough", "rises", "世", "界"]), max_size=7)
SENTENCES = st.lists(
    st.builds(
        lambda words, start: Sentence(" ".join(words), start, start + 1), WORDS, st.floats(0)
    ),
    max_size=9,
)


@given(SENTENCES)
def test_units_joined_in_order_are_the_sentences(sentences: list[Sentence]) -> None:
    assert [sentence for unit in units_of(sentences) for sentence in unit] == sentences


@given(SENTENCES)
def test_only_the_last_unit_may_be_short(sentences: list[Sentence]) -> None:
    for unit in units_of(sentences)[:-1]:
        assert len(split_words(unit_text(unit))) >= MIN_UNIT_WORDS


@given(SENTENCES)
def test_a_unit_ends_with_the_sentence_that_makes_it_long_enough(
    sentences: list[Sentence],
) -> None:
    for unit in units_of(sentences):
        assert len(split_words(unit_text(unit[:-1]))) < MIN_UNIT_WORDS


def test_the_least_number_of_words() -> None:
    assert MIN_UNIT_WORDS == 4


@pytest.mark.parametrize(
    ("texts", "units"),
    [
        ([], []),
        (["Yes."], ["Yes."]),
        (["Yes.", "Let it rise now."], ["Yes. Let it rise now."]),
        (["Let it rise now.", "Okay."], ["Let it rise now.", "Okay."]),
        (["One two three.", "Four."], ["One two three. Four."]),
        (["让它发起来。", "好"], ["让它发起来。", "好"]),
    ],
)
def test_short_sentences_join_the_next(texts: list[str], units: list[str]) -> None:
    sentences = [Sentence(text, n, n + 1) for n, text in enumerate(texts)]
    assert [unit_text(unit) for unit in units_of(sentences)] == units

"""Sentences as units: nothing lost, nothing too short to say something alone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.text import split_words
from playhead.types import Sentence
from retrieval.store.schema import SCHEMA_VERSION
from retrieval.units import (
    MIN_UNIT_WORDS,
    Unit,
    asks,
    hesitates,
    is_short,
    runs_of,
    unit_text,
    units_of,
)

TEXTS = st.builds(
    lambda words, mark: " ".join(words) + mark,
    st.lists(st.sampled_from(["yes", "so", "dough", "rises", "世", "界"]), max_size=7),
    st.sampled_from(["", ".", "?"]),
)
SPEAKERS = st.sampled_from([None, "Ann", "Bob"])
SENTENCES = st.lists(
    st.builds(
        lambda text, start, who: Sentence(text, start, start + 1, (), who),
        TEXTS,
        st.floats(0),
        SPEAKERS,
    ),
    max_size=9,
)


def of(*texts: str, who: str = "") -> list[Sentence]:
    """Sentences; `who` has a letter for the speaker of each."""
    names = list(who) or [None] * len(texts)
    pairs = zip(texts, names, strict=True)
    return [Sentence(text, n, n + 1, (), name) for n, (text, name) in enumerate(pairs)]


def texts_of(units: Sequence[Unit]) -> list[str]:
    return [unit_text(unit) for unit in units]


@given(SENTENCES)
def test_runs_joined_in_order_are_the_sentences(sentences: list[Sentence]) -> None:
    assert [sentence for run in runs_of(sentences) for sentence in run] == sentences


@given(SENTENCES)
def test_no_run_has_the_words_of_two_speakers(sentences: list[Sentence]) -> None:
    for run in runs_of(sentences):
        assert len({sentence.speaker for sentence in run} - {None}) <= 1


@given(SENTENCES)
def test_a_run_either_asks_or_does_not(sentences: list[Sentence]) -> None:
    for run in runs_of(sentences):
        assert asks(run) == any(asks((sentence,)) for sentence in run)


@given(SENTENCES)
def test_a_run_starts_with_its_own_first_word(sentences: list[Sentence]) -> None:
    for run in runs_of(sentences):
        assert len(run) == 1 or all(is_short((sentence,)) for sentence in run)
        assert len(run) == 1 or is_short(run[:-1])


@given(SENTENCES)
def test_units_are_the_runs_that_are_long_enough_or_the_longest(sentences: list[Sentence]) -> None:
    runs, units = runs_of(sentences), units_of(sentences)
    assert units == [run for run in runs if run in units]
    assert bool(units) == bool(sentences)
    if any(not is_short(run) for run in runs):
        assert units == [run for run in runs if not is_short(run)]
    elif runs:
        (unit,) = units
        assert len(split_words(unit_text(unit))) == max(len(split_words(t)) for t in texts_of(runs))


def test_the_least_number_of_words() -> None:
    assert MIN_UNIT_WORDS == 4


@pytest.mark.parametrize(
    ("texts", "runs"),
    [
        ([], []),
        (["Yes."], ["Yes."]),
        (["Yes.", "Let it rise now."], ["Yes.", "Let it rise now."]),
        (["Let it rise now.", "Okay."], ["Let it rise now.", "Okay."]),
        (["One two three.", "Four.", "Five."], ["One two three. Four.", "Five."]),
        (["Why?", "Who?", "Me.", "And you."], ["Why? Who?", "Me. And you."]),
        (["让它发起来。", "好"], ["让它发起来。", "好"]),
    ],
)
def test_short_sentences_go_together(texts: list[str], runs: list[str]) -> None:
    assert texts_of(runs_of(of(*texts))) == runs


def test_a_meeting() -> None:
    said = of(
        "Okay.", "Yes.", "So what is the budget?", "Hm.", "Twelve fifty.", "In euros.", "Yes.",
        who="ABABCCA",
    )  # fmt: skip
    assert texts_of(runs_of(said)) == [
        "Okay.", "Yes.", "So what is the budget?", "Hm.", "Twelve fifty. In euros.", "Yes."
    ]  # fmt: skip
    assert texts_of(units_of(said)) == ["So what is the budget?", "Twelve fifty. In euros."]
    assert texts_of(units_of(said[:2])) == ["Okay."]


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Who writes the report?", True),
        ("“Why?”", True),
        ("What?!", True),
        ("谁写报告？", True),
        ("من كتب التقرير؟", True),
        ("What do you think, Ann?", True),
        ("If it rains, where do we go then?", True),
        ("It rises, right?", False),
        ("Das reicht, nicht wahr?", False),
        ("It is done, isn't it?", False),
        ("Stop!", False),
        ("", False),
    ],
)
def test_what_only_asks(text: str, question: bool) -> None:
    assert asks(of(text)) == question


@pytest.mark.parametrize("text", ["Hm.", "Mm-hmm.", "Uh, um…", "Er.", "Oh!", "Ah. Eh. Huh?", "Uhm"])
def test_mere_sound(text: str) -> None:
    assert hesitates(of(text))


@pytest.mark.parametrize("text", ["Me.", "Home.", "Yes.", "Um, no.", "Uhura", "", "…", "嗯"])
def test_more_than_sound(text: str) -> None:
    assert not hesitates(of(text))


# What every index holds depends on it: with another result here every index of before is useless,
# and SCHEMA_VERSION has to say so.
PINNED_SCHEMA = 2
PINNED = of(
    "Okay.", "Yes.", "So what is the budget for it?", "Hm.", "Twelve.", "In euros.", "No, not yet.",
    "Why?", "It was 1,000.", "面包怎么做。", "Good.", "It is C++, right?", "So.",
    who="ABABCCCABBAAA",
)  # fmt: skip
PINNED_UNITS = [
    "So what is the budget for it?",
    "Twelve. In euros. No, not yet.",
    "面包怎么做。",
    "It is C++, right?",
]


def test_another_way_to_part_sentences_is_another_schema() -> None:
    assert (SCHEMA_VERSION, texts_of(units_of(PINNED))) == (PINNED_SCHEMA, PINNED_UNITS)

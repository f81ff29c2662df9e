"""The numbers of a text, however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answer.checks.numbers import numbers_in


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("no number", set()),
        ("", set()),
        ("five", {"5"}),
        ("Five and 6.", {"5", "6"}),
        ("1,000 or 1000", {"1000"}),
        ("2.5, 2.50", {"2.5"}),
        ("it is 14:32.", {"14:32"}),
        ("seventeen", {"17"}),
        ("forty-five", {"45"}),
        ("forty five", {"45"}),
        ("three hundred", {"300"}),
        ("three hundred and fifty", {"350"}),
        ("two thousand", {"2000"}),
        ("two thousand three hundred and one", {"2301"}),
        ("3 million", {"3000000"}),
        ("2.5 million", {"2500000"}),
        ("one two three", {"1", "2", "3"}),
        ("sixteen twenty-eight", {"1628"}),
        ("nineteen ninety", {"1990"}),
        ("a hundred", {"100"}),
        ("a thousand and one nights", {"1000", "1"}),
        ("it was 5. Six came.", {"5", "6"}),
        ("someone had tension", set()),
        ("GPT4", {"4"}),
    ],
)
def test_numbers(text: str, numbers: set[str]) -> None:
    assert numbers_in(text) == numbers


@given(st.integers(min_value=0, max_value=10**12))
def test_separators_make_no_difference(number: int) -> None:
    assert numbers_in(f"it has {number:,} rows") == numbers_in(f"it has {number} rows") != set()


@given(st.text(max_size=60))
def test_any_text_has_numbers_that_are_digits(text: str) -> None:
    for number in numbers_in(text):
        assert any(character.isdigit() for character in number)

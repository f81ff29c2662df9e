"""The words that claims and transcripts are compared by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answer.checks.tokens import tokens

ALIKE = [
    ("It isn't twenty-five.", "it is not 25."),
    ("They won't go; they can't.", "They will not go; they cannot."),
    ("It’s Mary’s horse", "it is mary's horse"),
    ("The dogs' bowl", "the dog bowl"),
    ("She baked, he bakes", "she bake, he bake"),
    ("1,000 children", "a thousand child".replace("a ", "")),
    ("I'd say forty, you know.", "forty, ."),
    ("We're going to see, and Mary's not going to.", "We will see, and Mary's not going to."),
    ("I'm here and you're there", "i am here and you are there"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_what_is_one(one: str, other: str) -> None:
    assert tokens(one) == tokens(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It is longer.", "It is long."),
        ("It might rain.", "It may rain."),
        ("the best", "the better"),
        ("3.5", "35"),
        ("14:32", "14 32"),
        ("fewer", "few"),
        ("C++", "C"),
        ("x < 5", "x > 5"),
        ("2½ cups", "2 cups"),
    ],
)
def test_what_is_not(one: str, other: str) -> None:
    assert tokens(one) != tokens(other)


@given(st.text(max_size=60))
def test_any_text_has_tokens(text: str) -> None:
    assert all(token == token.casefold() and token.strip() for token in tokens(text))

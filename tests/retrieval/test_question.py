"""What may be asked, and what is refused before anything is searched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.errors import QuestionError
from retrieval.question import MAX_QUESTION_CHARACTERS, clean_question


def test_single_spaces() -> None:
    assert clean_question("  What \n\tis\u3000it?  ") == "What is it?"


@pytest.mark.parametrize("blank", ["", " ", "\n\t \u3000\u2028"])
def test_nothing_is_no_question(blank: str) -> None:
    with pytest.raises(QuestionError, match="empty"):
        clean_question(blank)


@pytest.mark.parametrize(("length", "shown"), [(2_001, "2,001"), (100_000, "100,000")])
def test_a_question_far_too_long(length: int, shown: str) -> None:
    with pytest.raises(QuestionError, match=f"{shown} characters, at most 2,000"):
        clean_question("x" * length)


def test_spaces_around_do_not_count() -> None:
    longest = "x" * MAX_QUESTION_CHARACTERS
    assert clean_question(f"  {longest}{' ' * 5_000}") == longest


def test_bytes_that_are_no_text() -> None:
    from_the_shell = b"caf\xe9?".decode("utf-8", "surrogateescape")
    with pytest.raises(QuestionError, match="UTF-8"):
        clean_question(from_the_shell)


@given(st.text(min_size=1, max_size=80))
def test_a_clean_question_stays_as_it_is(text: str) -> None:
    try:
        question = clean_question(text)
    except QuestionError:
        assert not text.strip() or any("\ud800" <= character <= "\udfff" for character in text)
    else:
        assert clean_question(question) == question
        assert "".join(question.split()) == "".join(text.split())

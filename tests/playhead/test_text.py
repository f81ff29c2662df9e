"""Splitting and joining loses nothing that can be seen, in any script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.text import join_words, printable, split_words

# Words of every kind that meet in a transcript, so that the joints between scripts are tried.
RUNNING_TEXT = st.lists(
    st.one_of(
        st.text(max_size=8),
        st.sampled_from(["Hello,", "世界", "こんにちは。", "42", "\u3000", "\n", "é", "A"]),
    ),
    max_size=12,
).map("".join)


def visible(text: str) -> str:
    return "".join(character for character in text if not character.isspace())


@given(RUNNING_TEXT)
def test_split_and_join_lose_no_visible_character(text: str) -> None:
    words = split_words(text)
    assert "".join(words) == visible(text)
    assert visible(join_words(words)) == visible(text)


@given(RUNNING_TEXT)
def test_joined_words_split_into_the_same_words(text: str) -> None:
    words = split_words(text)
    joined = join_words(words)
    assert split_words(joined) == words
    assert join_words(split_words(joined)) == joined


@given(RUNNING_TEXT)
def test_no_word_is_empty_or_has_a_space_in_it(text: str) -> None:
    assert all(word and not any(c.isspace() for c in word) for word in split_words(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        (" \t\n", []),
        ("Hello, world!", ["Hello,", "world!"]),
        ("  many   spaces ", ["many", "spaces"]),
        ("你好", ["你", "好"]),
        ("はい。「え」", ["は", "い", "。", "「", "え", "」"]),
        ("カナ\u3000かな", ["カ", "ナ", "か", "な"]),
        ("用Python写", ["用", "Python", "写"]),
        ("안녕 하세요", ["안녕", "하세요"]),
    ],
)
def test_words_of_a_text(text: str, words: list[str]) -> None:
    assert split_words(text) == words


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ([], ""),
        (["one"], "one"),
        (["one", "two"], "one two"),
        (["你", "好"], "你好"),
        (["用", "Python", "写"], "用 Python 写"),
    ],
)
def test_text_of_words(words: list[str], text: str) -> None:
    assert join_words(words) == text


def test_what_is_no_character_is_shown_as_one() -> None:
    assert printable("caf\udce9.mp4") == "caf?.mp4"


@given(st.text())
def test_text_is_printable_as_it_is(text: str) -> None:
    assert printable(text) == text

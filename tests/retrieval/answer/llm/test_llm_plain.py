"""What a model writes is shown as plain text, character for character as it was checked."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answer.llm.plain import plain_text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("  two\n lines\u2028here\t", "two lines here"),
        ("fo\u200brty fo\u200drty fo\u200crty fo\u00adrty", "forty forty forty forty"),
        ("4\u200d5", "45"),
        ("\u202eforty\u202c", "forty"),
        ("a\x00b\x1b[31mc", "a b [31mc"),
        ("\ud800x\ue000\U000e0041", "x"),
        ("e\u0301", "é"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\u200dx\u200d", "x"),
        ("", ""),
    ],
)
def test_plain_text(text: str, plain: str) -> None:
    assert plain_text(text) == plain


@given(st.text())
def test_it_is_one_printable_line_and_stays_so(text: str) -> None:
    plain = plain_text(text)
    assert len(plain.splitlines()) <= 1
    assert plain.encode().decode() == plain
    assert not {unicodedata.category(char) for char in plain} & {"Cc", "Cs", "Zl", "Zp"}
    assert plain_text(plain) == plain

"""Lies made of words that were all said: each was thought of to get past the checks.

Who did what to whom, where to and when, who says so, what was only asked, wished or supposed: with
small words put in or left out, clauses cut short, subjects shared and pronouns led astray. In
`lies.txt` stands what was said ("Ann: …" where it matters by whom), then lies ("-"), then what is
true beside them ("+").
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.answer.checks.said import Said
from retrieval.answer.checks.support import check_support

CASES = Path(__file__).with_name("lies.txt").read_text(encoding="utf-8").split("\n\n")
SPEAKERS = ("Ann", "Bob", "Grace", "Omar", "A")


def claims(mark: str) -> Iterator[tuple[str, str]]:
    """What was said, and what is claimed of it."""
    for case in CASES:
        lines = case.splitlines()
        said = "\n".join(line for line in lines if line[:2] not in {"- ", "+ "})
        yield from ((said, line[2:]) for line in lines if line.startswith(mark))


def read(text: str) -> Said:
    """Lines of a transcript, as they are cited."""
    parted = [line.partition(": ") for line in text.splitlines()]
    told = [(by, said) if by in SPEAKERS else (None, by + mark + said) for by, mark, said in parted]
    return Said(tuple(said for _, said in told), tuple(by for by, _ in told), language="en")


@pytest.mark.parametrize(("said", "lie"), list(claims("- ")))
def test_words_that_were_said_do_not_make_it_true(said: str, lie: str) -> None:
    assert check_support(lie, read(said))


@pytest.mark.parametrize(("said", "claim"), list(claims("+ ")))
def test_what_is_true_beside_them(said: str, claim: str) -> None:
    assert check_support(claim, read(said)) is None

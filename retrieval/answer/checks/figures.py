"""Every number of a claim was said, and of the same thing: forty minutes are not forty hours."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.answer.checks.lexicon import FREE, GUARDS
from retrieval.answer.checks.said import Said
from retrieval.answer.checks.source import Source
from retrieval.answer.checks.tokens import tokens


def check_figures(claim: str, said: Said) -> str | None:
    """Why a claim's numbers are not those that were said; None if they are.

    A number's unit is the word that follows it at once, where that says something: it must then
    follow the same number in what was said.
    """
    words, source = tokens(claim), Source(said)
    figures = [(n, word) for n, word in enumerate(words) if word[0].isdigit()]
    if missing := [word for _, word in figures if word not in source.places]:
        return f"has numbers that were not said: {', '.join(dict.fromkeys(missing))}"
    for n, figure in figures:
        unit = _unit(words, n)
        signs = {_negative(source.words, place) for place in source.places[figure]}
        if _negative(words, n) not in signs:
            return f"says {figure} with another sign"
        said_of = {_unit(source.words, place) for place in source.places[figure]}
        if unit is not None and unit not in said_of:
            return f"says {figure} of something else: {unit}"
    return None


def _negative(words: Sequence[str], n: int) -> bool:
    return n > 0 and words[n - 1] == "minus"


def _unit(words: Sequence[str], n: int) -> str | None:
    """What the n-th word, a number, is a number of."""
    following = words[n + 1 : n + 2]
    return next((word for word in following if word not in FREE and word not in GUARDS), None)

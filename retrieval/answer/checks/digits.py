"""Values of numbers in digits, by the marks of a language, and of spelled-out ones (text2num)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from text_to_num import find_numbers

from retrieval.answer.checks import vocabulary as words
from retrieval.answer.checks.words import Token, stem

_COMMAS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
_STOPS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?")
_DECIMAL = re.compile(r"\d+[.,]\d+")
_FRACTION = re.compile(r"(\d+)/(\d+)")
_AFTER_A_SECOND = words.word_set(
    """
    ago later behind before after or and per of to for more so if
    """
)


@dataclass(frozen=True, slots=True)
class Spelled:
    """A spelled-out number up to and without a token."""

    end: int
    value: Fraction
    ordinal: bool


def digit_values(text: str, language: str) -> frozenset[Fraction]:
    """What a number in digits may mean; nothing for what is none, such as `1.2.3`.

    A mark before exactly three digits is a thousands mark where the language writes it so; where
    it writes decimals so, it may be either.
    """
    if text.isdigit():
        return frozenset({Fraction(int(text))})
    if part := _FRACTION.fullmatch(text):
        return frozenset({Fraction(int(part[1]), int(part[2]))} if int(part[2]) else ())
    found: set[Fraction] = set()
    usual, other = (_COMMAS, _STOPS) if language == words.ENGLISH else (_STOPS, _COMMAS)
    if usual.fullmatch(text) or other.fullmatch(text):
        stops = _STOPS.fullmatch(text) is not None
        found.add(Fraction(text.translate(_without(stops=stops))))
    if _DECIMAL.fullmatch(text) and not usual.fullmatch(text):
        found.add(Fraction(text.replace(",", ".")))
    return frozenset(found)


def _without(*, stops: bool) -> dict[int, str | None]:
    return {ord("."): None, ord(","): "."} if stops else {ord(","): None}


class _Heard:
    """A token as text2num wants it."""

    def __init__(self, tokens: Sequence[Token], at: int, language: str) -> None:
        self._token = tokens[at]
        self._other = (
            self._token.is_number
            or self._token.text in {"o", "ones"}
            or (language == words.ENGLISH and _is_time(tokens, at))
        )

    def text(self) -> str:
        return self._token.text

    def nt_separated(self, previous: object) -> bool:  # noqa: ARG002 - text2num's interface
        return self._token.breaks

    def not_a_number_part(self) -> bool:
        return self._other


def spelled_numbers(tokens: Sequence[Token], language: str) -> dict[int, Spelled]:
    """The spelled-out numbers of a text by the token that they begin with."""
    heard = [_Heard(tokens, at, language) for at in range(len(tokens))]
    return {
        found.start: Spelled(found.end, Fraction(str(found.value)), found.is_ordinal)
        for found in find_numbers(heard, language, threshold=0)
        if not tokens[found.start].text.endswith(("hundreds", "thousands", "millions", "billions"))
    }


def _is_time(tokens: Sequence[Token], at: int) -> bool:
    """Whether `second` is a unit here: `a second ago`, `one second`, `a thirty-second clip`."""
    if tokens[at].text != "second" or at == 0 or tokens[at].breaks:
        return False
    before = tokens[at - 1].text
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if before in {"per", "split", "half"}:
        return True
    if before in {"a", "each", "every", "one"}:
        said = after and not after.breaks and after.text not in _AFTER_A_SECOND
        return not (said and after and stem(after.text) is not None)
    dated = (at > 1 and tokens[at - 2].text == "the") or (after is not None and after.text == "of")
    return not dated and _counts(before)


def _counts(word: str) -> bool:
    if word[0].isdigit():
        return True
    found = find_numbers([_Word(word)], words.ENGLISH, threshold=0)
    return bool(found) and not found[0].is_ordinal


class _Word:
    """A word alone, as text2num wants it."""

    def __init__(self, text: str) -> None:
        self._text = text

    def text(self) -> str:
        return self._text

    def nt_separated(self, previous: object) -> bool:  # noqa: ARG002 - text2num's interface
        return False

    def not_a_number_part(self) -> bool:
        return False

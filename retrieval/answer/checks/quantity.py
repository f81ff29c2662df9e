"""A number or date of a text, with all that tells it from another."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Kind = Literal["number", "ordinal", "day", "pair", "clock", "decade", "word"]
Value = Fraction | str


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number or date of a text, from its first token up to and without `end`.

    `values` are all that it may mean. `compared` says how exact it is ("at most"), `role` what its
    preposition makes of it ("until"), `partner` the other end of a range. One that is not `firm`
    need not be said ("one of them"); one that does not `govern` belongs to another ("a week").
    """

    kind: Kind
    values: frozenset[Value]
    start: int
    end: int
    unit: str | None = None
    parts: tuple[int, int] | None = None
    compared: str | None = None
    role: str | None = None
    partner: frozenset[Value] | None = None
    spans: bool = False
    firm: bool = True
    governs: bool = True


def word(text: str, start: int, end: int) -> Quantity:
    """What is compared by its letters: a code, a month, "next week"."""
    return Quantity("word", frozenset({text}), start, end)

"""Bare numbers, before their unit: in digits or spelled out, with what multiplies them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from retrieval.answer.checks import vocabulary as words
from retrieval.answer.checks.cursor import Cursor
from retrieval.answer.checks.digits import digit_values

_HALF = Fraction(1, 2)
_FRACTIONS = {"half": _HALF, "quarter": Fraction(1, 4)}
SUFFIXES = {"k": 10**3, "mn": 10**6, "mio": 10**6, "bn": 10**9, "mrd": 10**9}
ORDINAL_ENDS = frozenset({"st", "nd", "rd", "th"})
EACH = frozenset({"per", "each", "every"})


@dataclass(frozen=True, slots=True)
class Core:
    """A bare number, before its unit."""

    values: frozenset[Fraction]
    end: int
    kind: Literal["number", "ordinal", "pair", "decade"] = "number"
    parts: tuple[int, int] | None = None
    article: bool = False

    @property
    def whole(self) -> int:
        """Its value where it is one whole number, else -1."""
        (value, *others) = self.values
        return -1 if others or value.denominator != 1 else int(value)


class CoreReader(Cursor):
    """Reads the bare numbers of a text."""

    def core(self, at: int) -> Core | None:
        """The number that begins here, with what multiplies it."""
        if not 0 <= at < len(self.tokens):
            return None
        core = self._simple(at)
        if core is None or core.kind != "number":
            return core
        return self._scaled(core)

    def _simple(self, at: int) -> Core | None:
        token = self.tokens[at]
        if token.is_number:
            return self._digits(at)
        if at in self.spelled:
            return self._spelled_out(at)
        if token.spaceless:
            return self._spaceless(at)
        if self.english:
            return self._part(at)
        half = words.HALVES.get(token.text) if self.language == "de" else None
        return Core(frozenset({half}), at + 1) if half else None

    def _digits(self, at: int) -> Core | None:
        token = self.tokens[at]
        values = digit_values(token.text, self.language)
        if not values:
            return None
        leading = token.gap.endswith(".") and not token.gap[:-1].strip()
        if leading and token.text.isdigit() and (len(token.gap) > 1 or at == 0):
            values = frozenset({Fraction(f"0.{token.text}")})  # ".5"
        suffix = self.text(at + 1) if at + 1 < len(self.tokens) else ""
        if suffix and (self.tokens[at + 1].glued or self.tokens[at + 1].gap == "'"):
            if suffix in ORDINAL_ENDS or (suffix == "e" and not self.english):
                return Core(values, at + 2, "ordinal")
            if suffix == "s" and all(value % 10 == 0 and value >= 10 for value in values):  # noqa: PLR2004
                return Core(values, at + 2, "decade")
            if suffix in SUFFIXES:
                return Core(frozenset(v * SUFFIXES[suffix] for v in values), at + 2)
        if "/" in suffix and token.text.isdigit() and self.joins(at + 1):
            (part,) = digit_values(suffix, self.language) or (Fraction(0),)
            if 0 < part < 1:
                return Core(frozenset({int(token.text) + part}), at + 2)  # 2 1/2
        return Core(values, at + 1)

    def _spelled_out(self, at: int) -> Core:
        number = self.spelled[at]
        core = Core(
            frozenset({number.value}), number.end, "ordinal" if number.ordinal else "number"
        )
        if number.ordinal:
            return core
        if self.text(at) in words.ARTICLES[self.language] and number.end == at + 1:
            core = replace(core, article=True)
        if part := self._parts_of(core):
            return part
        return self._with_point(core) or self._pair(core) or core

    def _parts_of(self, core: Core) -> Core | None:
        """`two thirds`, `three quarters`, `one half`."""
        (value,) = core.values
        text = self.text(core.end)
        if not self.joins(core.end):
            return None
        after = self.spelled.get(core.end)
        if after and after.ordinal and (text.endswith("s") or (value == 1 and text != "first")):
            return self._of(Core(frozenset({value / after.value}), after.end))
        if text.removesuffix("s") in _FRACTIONS and (value > 1) == (text[-1] == "s"):
            return self._of(
                Core(frozenset({value * _FRACTIONS[text.removesuffix("s")]}), core.end + 1)
            )
        if text == "halves":
            return self._of(Core(frozenset({value / 2}), core.end + 1))
        return None

    def _part(self, at: int) -> Core | None:  # noqa: PLR0911 - one for each word
        """`half`, `a quarter`, `a third of`, `a dozen`, `point eight`, `twice`."""
        text = self.text(at)
        if text in {"a", "an", "one"} and self.joins(at + 1):
            third = self.spelled.get(at + 1)
            if third and third.ordinal and self.text(third.end) == "of":
                return self._of(Core(frozenset({1 / third.value}), third.end))
            if self.text(at + 1) in _FRACTIONS:
                return self._of(Core(frozenset({_FRACTIONS[self.text(at + 1)]}), at + 2))
            if self.text(at + 1) == "dozen":
                return Core(frozenset({Fraction(12)}), at + 2)
        if text == "half":
            return self._of(Core(frozenset({_HALF}), at + 1))
        if text == "dozen":
            return Core(frozenset({Fraction(12)}), at + 1)
        if text == "point" and self.joins(at + 1):
            return self._with_point(Core(frozenset({Fraction(0)}), at))
        if text in words.MULTIPLES and (text != "once" or self.text(at + 1) in {"a", "an", *EACH}):
            return Core(frozenset({Fraction(words.MULTIPLES[text])}), at + 1)
        return None

    def _of(self, core: Core) -> Core:
        """Past `of a` where a unit or scale follows: `half a million`, `a quarter of an hour`."""
        at = core.end + (self.text(core.end) == "of")
        at += self.text(at) in {"a", "an"}
        scale = self.spelled.get(at)
        scaled = scale is not None and scale.value in words.SCALES
        unit = self.text(at) in self.units and self.text(at) not in words.SHORT_UNITS
        if self.joins(at) and (scaled or unit or self.text(at) == "dozen"):
            return replace(core, end=at)
        return core

    def _with_point(self, core: Core) -> Core | None:
        """`three point oh five`: what text2num leaves apart."""
        if self.text(core.end) != "point" or (core.values != {0} and not self.joins(core.end)):
            return None
        at, zeros = core.end + 1, ""
        while self.text(at) in {"oh", "o", "zero"} and self.joins(at):
            zeros, at = zeros + "0", at + 1
        (value,) = core.values
        after = self.spelled.get(at)
        if after is None or after.value.denominator != 1 or after.ordinal or not self.joins(at):
            return None
        return Core(frozenset({value + Fraction(f"0.{zeros}{after.value}")}), after.end)

    def _pair(self, core: Core) -> Core | None:
        """`sixteen twenty-eight`, `two oh six`: digits said in two groups, a year or a price."""
        if not self.english or not 0 < core.whole < 100 or not self.joins(core.end):  # noqa: PLR2004
            return None
        zero = self.text(core.end) in {"oh", "o"}
        second = self.spelled.get(core.end + zero)
        if second is None or second.ordinal or not self.joins(core.end + zero):
            return None
        low, high = (1, 9) if zero else (10, 99)
        if not low <= second.value <= high or second.value.denominator != 1:
            return None
        if not zero and second.value in words.SCALES:
            return None
        value = 100 * core.whole + second.value
        parts = (core.whole, int(second.value))
        return Core(frozenset({value}), second.end, "pair", parts)

    def _spaceless(self, at: int) -> Core | None:
        """Chinese and Japanese numerals."""
        total = part = digit = 0
        end = at
        while (text := self.text(end)) in words.SPACELESS_DIGITS or (
            text in words.SPACELESS_SCALES
        ):
            if text in words.SPACELESS_DIGITS:
                digit = 10 * digit + words.SPACELESS_DIGITS[text]
            elif (scale := words.SPACELESS_SCALES[text]) < 10**4:
                part, digit = part + (digit or 1) * scale, 0
            else:
                total, part, digit = total + (part + digit or 1) * scale, 0, 0
            end += 1
        if end == at:
            return None
        counts = end > at + 1 or self.text(end) in words.SPACELESS_COUNTERS
        return Core(frozenset({Fraction(total + part + digit)}), end, article=not counts)

    def _scaled(self, core: Core) -> Core:
        """A number with what follows it: `and a half`, `million`, `dozen`."""
        half, end = self.and_a_part(core.end)
        values, last = {value + half for value in core.values}, Fraction(1)
        while end < len(self.tokens) and self.joins(end):
            scale = self.spelled.get(end)
            if scale and not scale.ordinal and scale.value in words.SCALES:
                last, end = scale.value, scale.end
            elif self.text(end) == "dozen" and end > core.end - 1 and values != {12}:
                last, end = Fraction(12), end + 1
            else:
                break
            values = {value * last for value in values}
        if last > 1:
            half, end = self.and_a_part(end)
            values = {value + half * last for value in values}
        article = core.article and end == core.end
        return replace(core, values=frozenset(values), end=end, article=article)

    def and_a_part(self, at: int) -> tuple[Fraction, int]:
        """`and a half`, `and a quarter`, `and three quarters`: how much, and its end."""
        if self.english and self.text(at) == "and" and self.joins(at):
            if self.text(at + 1) == "a" and self.text(at + 2) in _FRACTIONS:
                return _FRACTIONS[self.text(at + 2)], at + 3
            if self.text(at + 1) == "three" and self.text(at + 2) == "quarters":
                return Fraction(3, 4), at + 3
        return Fraction(0), at

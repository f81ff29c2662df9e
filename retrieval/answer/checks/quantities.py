"""What the numbers of a text are: a value with its unit, a day, a time, how exact it is said to be.

Spelled-out numbers are found by text2num; what it leaves apart is joined: "2 and a half million",
"half an hour", "nineteen oh five", "the 10th of March".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from retrieval.answer.checks import vocabulary as words
from retrieval.answer.checks.cores import EACH, ORDINAL_ENDS, SUFFIXES
from retrieval.answer.checks.digits import digit_values
from retrieval.answer.checks.moments import MomentReader
from retrieval.answer.checks.quantity import Quantity, Value, word
from retrieval.answer.checks.words import Token, stem, tokens_of

_AFTER_PRONOUN = words.word_set(
    """
    of is was can could should must may might will would has had have who which that does
    did goes says said needs wants gets another always never also just really
    """
)
_BEFORE_PRONOUN = frozenset({"this", "that", "which", "no", "any", "some", "every", "each"})
_RANGE = words.word_set("to until till or bis oder à ou o of tot til")


def language_of(code: str | None) -> str:
    """The language whose number words are read: English where it is unknown or none of them."""
    known = (code or "").replace("_", "-").split("-")[0].casefold()
    return known if known in words.LANGUAGES else words.ENGLISH


def quantities_of(tokens: Sequence[Token], language: str) -> list[Quantity]:
    """The numbers and dates of a text, in order."""
    return _joined(_QuantityReader(tokens, language).read(), tokens)


def numbers_in(text: str, language: str | None = None) -> list[Quantity]:
    """The numbers and dates of a text, in order, spelled out or not."""
    return quantities_of(tokens_of(text), language_of(language))


class _QuantityReader(MomentReader):
    """Reads one text's quantities from left to right."""

    def read(self) -> list[Quantity]:
        """All quantities."""
        found: list[Quantity] = []
        at = 0
        while at < len(self.tokens):
            quantity = self._at(at)
            if quantity is None:
                at += 1
                continue
            found += [*self._code_of_letters(quantity), self._qualified(quantity)]
            at = quantity.end
        return found

    def _at(self, at: int) -> Quantity | None:
        return (
            self._code(at)
            or self.clock(at)
            or self.day(at)
            or self.named(at)
            or self._rate(at)
            or self._measured(at)
        )

    def _code(self, at: int) -> Quantity | None:
        """Letters and digits in one: `F8`, `192.168.0.1`."""
        end = at + 1
        while end < len(self.tokens) and self.tokens[end].glued and _plain(self.tokens[end]):
            end += 1
        token = self.tokens[at]
        if token.is_number:
            odd = not digit_values(token.text, self.language) and ":" not in token.text
            odd = odd or token.text.count(":") > 1
            if not odd and (end == at + 1 or (end == at + 2 and self._is_suffix(at + 1))):
                return None
        elif (
            end == at + 1 or not _plain(token) or not any(t.is_number for t in self.tokens[at:end])
        ):
            return None
        return word("".join(t.text for t in self.tokens[at:end]), at, end)

    def _is_suffix(self, at: int) -> bool:
        """Whether letters after digits are a unit or a scale, not part of a name."""
        text = self.text(at)
        known = text in self.units or text in SUFFIXES or text in ORDINAL_ENDS
        return known or text in {"am", "pm", "s", "e", "ish"}

    def _code_of_letters(self, quantity: Quantity) -> Iterator[Quantity]:
        """`F eight` may be what is written `F8`."""
        before = self.text(quantity.start - 1)
        plain = quantity.kind == "number" and quantity.start and self.joins(quantity.start)
        if (
            plain
            and len(before) == 1
            and before.isascii()
            and before.isalpha()
            and (before != "a" or self.tokens[quantity.start - 1].raw == "A")
        ):
            for value in quantity.values:
                code = word(f"{before}{value}", quantity.start - 1, quantity.start)
                yield replace(code, firm=False, governs=False)

    def _rate(self, at: int) -> Quantity | None:
        """`a week`, `per hour`, `every day`, `daily`: one of a unit."""
        text = self.text(at)
        if self.english and text in words.OFTEN:
            return _rated(words.OFTEN[text], at, at + 1)
        articles = {"a", "an", *EACH} if self.english else words.ARTICLES[self.language]
        slash = "/" in self.tokens[at].gap and self.units.get(text) in words.SCALED
        if slash:
            return _rated(self.units[text], at, at + 1)
        if text not in articles or not self.joins(at + 1):
            return None
        unit = self.units.get(self.text(at + 1))
        if unit is None or unit in words.NO_ARTICLE or self.text(at + 1) in words.SHORT_UNITS:
            return None
        if at + 1 in self.spelled:
            return None  # "A second button" is another one.
        half, end = self.and_a_part(at + 2)
        after = self.is_numeric(at - 1) or self.text(at - 1) in {"times", "once", "twice", "%"}
        after = after or (at > 1 and self.text(at - 1) in self.units)
        rated = _rated(unit, at, end)
        governs = text not in EACH and not (after and self.joins(at))
        return replace(rated, values=frozenset({Fraction(1) + half}), governs=governs)

    def _measured(self, at: int) -> Quantity | None:
        """A number with its unit."""
        start, sign = at, None
        if self.text(at) in words.CURRENCY_SIGNS:
            sign, at = self.units[self.text(at)], at + 1
        core = self.core(at) if at < len(self.tokens) else None
        if core is None:
            return None
        unit, end = (None, core.end) if core.kind == "decade" else self._unit(core.end)
        if self.text(at) in words.MULTIPLES:
            unit = "times"
        half, end = self.and_a_part(end) if unit else (Fraction(0), end)
        values = {value + half for value in core.values}
        if self._is_negative(start):
            values = {-value for value in values}
        counted = unit is not None or self._counts(core.end)
        firm = not core.article or (counted and not self.tokens[at].spaceless)
        return Quantity(
            core.kind, frozenset(values), start, end, sign or unit, core.parts,
            firm=firm, governs=firm,
        )  # fmt: skip

    def _is_negative(self, at: int) -> bool:
        """A minus sign or word before a number; a dash between two words is none."""
        gap = self.tokens[at].gap
        signed = gap.endswith("-") and (
            gap[:-1].endswith((" ", "(", "\n")) or (gap == "-" and at == 0)
        )
        return signed or (self.joins(at) and self.text(at - 1) in {"minus", "negative", "moins"})

    def _counts(self, at: int) -> bool:
        """Whether "one" before a word counts it: not in "one of them", "this one"."""
        if not self.english or not self.joins(at):
            return False
        before = self.text(at - 2) if at > 1 else ""
        text = self.text(at)
        pronoun = text in _AFTER_PRONOUN or before in _BEFORE_PRONOUN or stem(text) is None
        return not pronoun

    def _unit(self, at: int) -> tuple[str | None, int]:  # noqa: PLR0911
        """The unit that begins here, and its end."""
        if not self.joins(at):
            return None, at
        token, text, after = self.tokens[at], self.text(at), self.text(at + 1)
        if not token.text.isascii() and token.glued and text not in self.units:
            counter = text in {"个", "個", "か", "ヶ"}
            return (text + after, at + 2) if counter else (text[0], at + 1)
        if (text, after) in {("per", "cent"), ("pour", "cent"), ("por", "ciento"),
                             ("por", "cento"), ("per", "cento")}:  # fmt: skip
            return "percent", at + 2
        if text in {"percentage", "square", "cubic"} and after in self.units:
            return f"{text} {self.units[after]}".replace("percentage ", ""), at + 2
        if text in words.SHORT_UNITS and not self.tokens[at - 1].is_number:
            return None, at
        unit = self.units.get(text)
        if unit == "degree":
            return self._degrees(at + 1)
        return (unit, at + 1) if unit else (None, at)

    def _degrees(self, at: int) -> tuple[str, int]:
        scale = {"c": "celsius", "f": "fahrenheit"}.get(self.text(at)) or self.units.get(
            self.text(at)
        )
        if self.joins(at) and scale in {"celsius", "fahrenheit"}:
            return scale, at + 1
        return "degree", at

    def _qualified(self, quantity: Quantity) -> Quantity:
        """With how exact it is and what its preposition makes of it."""
        if quantity.kind == "word":
            return replace(quantity, role=self._role(quantity.start))
        compared, start = self._comparator(quantity.start)
        if compared is None:
            compared = self._comparator_after(quantity.end)
        role = self._role(start)
        if self.text(quantity.start) in EACH:
            role = "every"
        return replace(quantity, compared=compared, role=role)

    def _comparator(self, at: int) -> tuple[str | None, int]:
        table = words.COMPARATORS[self.language]
        if self.text(at - 1) in {"a", "the"} and at > 1 and self.joins(at):
            at -= 1
        for length in (3, 2, 1):
            begin = at - length
            if begin < 0 or not all(self.joins(n) for n in range(begin + 1, at + 1)):
                continue
            kind = table.get(tuple(self.text(n) for n in range(begin, at)))
            if kind is None:
                continue
            if kind == "about" and self.text(begin - 1) in words.SPEECH_BEFORE_ABOUT:
                continue
            return kind, begin
        return None, at

    def _comparator_after(self, at: int) -> str | None:
        pair = (self.text(at), self.text(at + 1))
        if not self.joins(at):
            return None
        return words.AFTER_COMPARATORS.get(pair) or words.AFTER_COMPARATORS.get(pair[:1])

    def _role(self, at: int) -> str | None:
        if self.text(at - 1) == "the":
            at -= 1
        return (
            words.ROLES[self.language].get(self.text(at - 1)) if at > 0 and self.joins(at) else None
        )


def _joined(found: list[Quantity], tokens: Sequence[Token]) -> list[Quantity]:
    """Ranges and alternatives know each other: `10 to 15 minutes`, `three or four`."""
    for n in range(len(found) - 1):
        one, other = found[n], found[n + 1]
        if one.kind != other.kind or one.kind == "word" or not (one.firm and other.firm):
            continue
        if not _is_range(one, other, tokens):
            continue
        if one.unit is None:
            one = replace(one, unit=other.unit)
        spans = one.role == "from"
        found[n] = replace(one, partner=other.values, spans=spans)
        role = other.role if spans else one.role
        found[n + 1] = replace(other, partner=one.values, spans=spans, role=role)
    return found


def _is_range(one: Quantity, other: Quantity, tokens: Sequence[Token]) -> bool:
    between = [token for token in tokens[one.end : other.start] if token.text != "a"]
    first = tokens[other.start]
    if not between:
        listed = first.gap.strip() == "," and one.unit is None and one.kind == "number"
        rises = one.kind == "number" and min(map(_size, other.values)) > max(map(_size, one.values))
        return first.hyphenated or (listed and rises)
    if len(between) > 1 or between[0].breaks or first.breaks:
        return False
    spread = tokens[one.start - 1].text == "between" if one.start else False
    return between[0].text in _RANGE or (between[0].text == "and" and spread)


def _size(value: Value) -> Fraction:
    return value if isinstance(value, Fraction) else Fraction(0)


def _rated(unit: str, start: int, end: int) -> Quantity:
    return Quantity("number", frozenset({Fraction(1)}), start, end, unit, governs=False)


def _plain(token: Token) -> bool:
    """Whether it is of Latin letters or digits, which may stand in one word."""
    return token.text.isascii() and token.text.isalnum()

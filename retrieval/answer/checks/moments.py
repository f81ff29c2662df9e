"""Times of day, days, months and "next week" in a text."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from retrieval.answer.checks import vocabulary as words
from retrieval.answer.checks.cores import CoreReader
from retrieval.answer.checks.quantity import Quantity, word

_MAX_DAY = 31
_MAX_HOUR = 24
_HOUR = 60
_NOON = 12


class MomentReader(CoreReader):
    """Reads the dates and times of a text."""

    def clock(self, at: int) -> Quantity | None:
        """A time of day."""
        if self.english and (past := self._past(at)):
            return past
        hour, minute, end = self._hour(at)
        if hour < 0:
            return None
        half, after = self._half_of_day(end, hour)
        if after == end and ":" not in self.text(at):
            return None
        fixed = half is not None or hour > _NOON
        if half is not None:
            hour = hour % _NOON + (_NOON if half == "pm" else 0)
        return Quantity(
            "clock",
            frozenset({Fraction(_HOUR * hour + minute)}),
            at,
            after,
            "fixed" if fixed else None,
        )

    def _hour(self, at: int) -> tuple[int, int, int]:
        """Hour, minute and end of what may be a time; -1 for none."""
        text = self.text(at)
        parts = text.replace(".", ":").split(":") if text[:1].isdigit() else []
        if len(parts) == 2 and len(parts[1]) == 2 and all(part.isdigit() for part in parts):  # noqa: PLR2004
            return _valid_hour(int(parts[0]), int(parts[1]), at + 1)
        core = self.core(at)
        if core is None or core.kind not in {"number", "pair"}:
            return (-1, 0, at)
        hour, minute = core.parts or (core.whole, 0)
        return _valid_hour(hour, minute, core.end)

    def _half_of_day(self, at: int, hour: int) -> tuple[str | None, int]:
        """`am` or `pm` where it is said, and where that ends."""
        end = at
        if self.text(at) in {"o'clock", "oclock"}:
            end = at + 1
        if self.text(end) in {"am", "pm"} and self.joins(end):
            return self.text(end), end + 1
        dotted = self.text(end) in {"a", "p"} and self.text(end + 1) == "m" and hour <= _NOON
        if dotted and self.tokens[end + 1].gap.strip() in {".", ""}:
            return f"{self.text(end)}m", end + 2
        if self.follows(end, "in", "the", "morning"):
            return "am", end + 3
        if self.follows(end, "at", "night"):
            return "pm", end + 2
        for part in ("afternoon", "evening"):
            if self.follows(end, "in", "the", part):
                return "pm", end + 3
        return None, end

    def _past(self, at: int) -> Quantity | None:
        """`half past nine`, `quarter to nine`."""
        part, way = self.text(at), self.text(at + 1)
        minutes = {("half", "past"): 30, ("quarter", "past"): 15, ("quarter", "to"): -15}
        if (part, way) not in minutes or not self.joins(at + 2):
            return None
        hour, _, end = self._hour(at + 2)
        if hour < 0:
            return None
        half, end = self._half_of_day(end, hour)
        if half is not None:
            hour = hour % _NOON + (_NOON if half == "pm" else 0)
        total = Fraction(_HOUR * hour + minutes[part, way])
        return Quantity("clock", frozenset({total}), at, end, "fixed" if half else None)

    def _month(self, at: int) -> str | None:
        """The month that a word names."""
        text = self.text(at)
        beside = self.is_numeric(at + 1) or self.is_numeric(at - 1)
        if text in words.SHORT_MONTHS and self.english:
            return words.SHORT_MONTHS[text] if beside else None
        found = words.MONTHS[self.language].get(text)
        if found is None or text not in words.UNSURE_MONTHS:
            return found
        token = self.tokens[at]
        after = {"of", "in", "last", "next", "this", "by", "until", "since", "early", "late", "mid"}
        named = token.raw[0].isupper() and (at > 0 and not token.begins)
        return found if named or beside or self.text(at - 1) in after else None

    def day(self, at: int) -> Quantity | None:
        """`March 10`, `the 10th of March`, or a month alone."""
        if month := self._month(at):
            number = at + 1 + (self.text(at + 1) == "the")
            day = self.core(number) if self.joins(number) or self.dotted(number) else None
            if day and 0 < day.whole <= _MAX_DAY:
                return Quantity("day", frozenset(day.values), at, day.end, month)
            return replace(word(month, at, at + 1), governs=False)
        day = self.core(at)
        if day is None or not 0 < day.whole <= _MAX_DAY or day.kind not in {"number", "ordinal"}:
            return None
        end = day.end + (self.text(day.end) == "of")
        near = self.text(end) and (self.joins(end) or self.dotted(end))
        month = self._month(end) if near else None
        if month:
            return Quantity("day", frozenset(day.values), at, end + 1, month)
        return None

    def named(self, at: int) -> Quantity | None:
        """`Monday`, `next week`, `yesterday`, `the nineties`."""
        text = self.text(at)
        if self.english and text in words.RELATIVE and self.joins(at + 1):
            period = self._weekday(at + 1) or self._month(at + 1) or self.text(at + 1)
            if period in words.PERIODS or " " in period:
                when = word(f"{words.RELATIVE[text]} {period}", at, at + 2)
                return replace(when, governs=False)
        if day := self._weekday(at):
            return replace(word(day, at, at + 1), governs=False)
        if text in words.WHEN:
            return replace(word(text, at, at + 1), governs=False)
        if self.english and text in words.DECADES:
            return Quantity("decade", frozenset({Fraction(words.DECADES[text])}), at, at + 1)
        if text in {"hundreds", "thousands", "millions", "billions", "dozens"} and self.english:
            return word(text, at, at + 1)
        return None

    def _weekday(self, at: int) -> str | None:
        text = self.text(at)
        if self.english and text in words.SHORT_WEEKDAYS:
            token = self.tokens[at]
            named = token.raw[0].isupper() and at > 0 and not token.begins
            return words.SHORT_WEEKDAYS[text] if named else None
        return words.WEEKDAYS[self.language].get(text)


def _valid_hour(hour: int, minute: int, end: int) -> tuple[int, int, int]:
    valid = 0 <= hour <= _MAX_HOUR and 0 <= minute < _HOUR
    return (hour, minute, end) if valid else (-1, 0, end)

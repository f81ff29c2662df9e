"""The numbers in a text, spelled out or in digits, as the digits they mean.

Speech says "two thousand", "3 million" and "sixteen twenty-eight"; a claim may write 2,000,
3,000,000 and 1628. English number words only: in other languages digits are compared.
"""

from __future__ import annotations

import re

_NUMBER_OR_WORD = re.compile(r"\d[\d,.:]*|[^\W\d_]+")
_SMALL = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_TWO_DIGITS = {float(number) for number in range(10, 100)}
_UNITS = {float(number) for number in range(1, 10)}
_TENS = {word for word, number in _SMALL.items() if number >= 20}  # noqa: PLR2004
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}


def numbers_in(text: str) -> set[str]:
    """Every number of a text, in digits without separators: `{"2000", "14:32", "2.5"}`."""
    found: set[str] = set()
    run: list[str] = []
    for word in [*_NUMBER_OR_WORD.findall(text.casefold()), ""]:
        if _is_number(word) or (word == "and" and run and run[-1] == "hundred"):
            run.append(word)
        elif run:
            found.update(_values(run))
            run = []
    return found


def _is_number(word: str) -> bool:
    return word[:1].isdigit() or word in _SMALL or word == "hundred" or word in _SCALES


def _values(run: list[str]) -> list[str]:
    """The numbers that a run of number words means; two of two digits are a year."""
    groups: list[float | str] = []
    total = part = 0.0
    previous = ""  # The word before, where the number it belongs to may still go on.
    for word in [word for word in run if word != "and"]:
        if word == "hundred":
            part = (part or 1) * 100
        elif word in _SCALES:
            total, part = total + (part or 1) * _SCALES[word], 0
        elif (value := _value(word)) is None:
            groups.append(word.strip(".,:"))
            previous = ""
            continue
        else:
            if previous and not _continues(previous, value):
                groups.append(total + part)
                total = part = 0
            part += value
        previous = word
    if previous:
        groups.append(total + part)
    if year := _year(groups):
        groups = [year]
    return [group if isinstance(group, str) else f"{group:.10g}" for group in groups]


def _year(groups: list[float | str]) -> float | None:
    """`sixteen twenty-eight`: two numbers of two digits each, read as one of four."""
    match groups:
        case [float(century), float(rest)] if {century, rest} <= _TWO_DIGITS:
            return 100 * century + rest
        case _:
            return None


def _value(word: str) -> float | None:
    """A word's value; None for what is no plain number, such as a time of day."""
    if word in _SMALL:
        return float(_SMALL[word])
    try:
        return float(word.strip(".,:").replace(",", ""))
    except ValueError:
        return None


def _continues(previous: str, value: float) -> bool:
    """Whether a number goes on: after a scale, or units after tens (`forty five`)."""
    if previous == "hundred" or previous in _SCALES:
        return True
    return previous in _TENS and value in _UNITS

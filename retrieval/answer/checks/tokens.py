"""A text as the words that a claim and a transcript are compared by.

Lemmas in lower case, numbers in digits, units and contractions spelled out, marks as tokens of
their own: so "It isn't twenty-five kg." and "it is not 25 kilograms" are one.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import simplemma
from text_to_num import alpha2digit

from retrieval.answer.checks.lexicon import IRREGULAR, KEPT, PRONOUNS

LANGUAGE = "en"

_WHOLE = {
    "'cause": "because", "won't": "will not", "can't": "can not", "cannot": "can not",
    "shan't": "shall not", "ain't": "is not", "let's": "let us", "gonna": "going to",
    "wanna": "want to", "gotta": "got to",
}  # fmt: skip
_ENDS = {"n't": " not", "'re": " are", "'ve": " have", "'ll": " will", "'d": " would", "'m": " am"}
_CONTRACTED = re.compile(r"(?<!\w)(" + "|".join(_WHOLE) + r")\b")
_ENDED = re.compile(r"(?<=[^\W\d_])(" + "|".join(_ENDS) + r")\b")
_IS = re.compile(
    rf"\b({'|'.join(sorted(PRONOUNS))}|what|who|where|how)'s\b|\b(\w+)'s(?=(?: not)? going to\b)"
)
_FUTURE = re.compile(r" (?:am|is|are)( not)? going to (?!the\b|an?\b)")
_POSSESSIVE = re.compile(r"'(?!\w|s\b)")
_HYPHEN = re.compile(r"(?<=\w)-(?=\w)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_SIGNS = {"%": "percent", "°": "degree", "$": "dollar", "€": "euro", "£": "pound", "¥": "yen"}
_SIGN = re.compile(f"[{''.join(_SIGNS)}]")
_MONEY = re.compile(r"([$€£¥])\s?(\d+(?:[.,]\d+)*(?: ?(?:thousand|million|billion|trillion))?)")
_UNITS = {
    "kg": "kilogram", "g": "gram", "mg": "milligram", "lb": "pound", "lbs": "pound",
    "oz": "ounce", "km": "kilometre", "m": "metre", "cm": "centimetre", "mm": "millimetre",
    "ft": "foot", "l": "litre", "ml": "millilitre", "h": "hour", "hr": "hour",
    "hrs": "hour", "min": "minute", "mins": "minute", "s": "second", "sec": "second",
    "secs": "second", "ms": "millisecond", "c": "celsius", "f": "fahrenheit", "k": "thousand",
}  # fmt: skip
_UNIT = re.compile(rf"(?<=\d) ?({'|'.join(unit for unit in _UNITS)})\b")
_HALVES = {"a": "antemeridian", "p": "postmeridian"}
_NOON = re.compile(r"(?<=\d) ?([ap])\.?m\b\.?")
_MINUS = re.compile(r"(?<![\w.,])[-−](?=\d)")
_FRACTION = re.compile("[¼-¾⅐-⅞]")
_SCALED = re.compile(r"\b(\d+(?:\.\d+)?) (1000(?:000)*)\b")
_YEAR = re.compile(r"\b(1\d|20) (?:(\d\d)|oh (\d))\b")
_TOKEN = re.compile(
    r"\d+(?:st|nd|rd|th)\b|\d+(?:[.:]\d+)*|[^\W\d_]+|'s\b|[,.;:!?—–()\"+#<>=≠≤≥±×÷^⁄]"
)
_FILLERS = re.compile(r"\bi(?:'d| would) say\b|\bi mean\b|\byou (?:know|see)\b|\bor something\b")
_APOSTROPHES = str.maketrans("’‘", "''")


def tokens(text: str) -> list[str]:
    """The words and marks of a text, in order."""
    return [_lemma(found) for found in _TOKEN.findall(_plain(text))]


def _plain(text: str) -> str:
    text = text.translate(_APOSTROPHES).casefold()
    text = _FRACTION.sub(lambda found: f" {unicodedata.normalize('NFKC', found[0])} ", text)
    text = _FILLERS.sub(" ", text)
    text = text.replace("up to ", "upto ")
    text = _CONTRACTED.sub(lambda found: _WHOLE[found[1]], text)
    text = _ENDED.sub(lambda found: _ENDS[found[1]], text)
    text = _POSSESSIVE.sub(" ", _IS.sub(r"\1\2 is", text))
    text = _FUTURE.sub(r" will\1 ", text)
    text = _MINUS.sub("minus ", text).replace("per cent", "percent")
    text = _numbers(_HYPHEN.sub(" ", _THOUSANDS.sub("", _MONEY.sub(r"\2 \1", text))))
    text = _NOON.sub(lambda found: f" {_HALVES[found[1]]}", text)
    text = _UNIT.sub(lambda found: f" {_UNITS[found[1]]}", text)
    return _SIGN.sub(lambda found: f" {_SIGNS[found[0]]} ", text)


def _numbers(text: str) -> str:
    """Numbers in digits: `two million` and `2 million` as one, years as such."""
    text = alpha2digit(text, LANGUAGE, threshold=0)
    text = _SCALED.sub(lambda found: f"{float(found[1]) * int(found[2]):.15g}", text)
    # "Nineteen ninety-eight" and "nineteen oh five"; with a mark between they are two numbers.
    return _YEAR.sub(lambda found: found[1] + (found[2] or f"0{found[3]}"), text)


@lru_cache(maxsize=50_000)
def _lemma(word: str) -> str:
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word in KEPT or not word[0].isalpha():
        return word
    if word.endswith(("er", "est")):
        return word  # "Longer" is not "long".
    return simplemma.lemmatize(word, lang=LANGUAGE).casefold()

"""Words that change what a sentence says, and words that do not."""

from __future__ import annotations

import re


def words(text: str) -> tuple[str, ...]:
    """A list of words, written as text."""
    return tuple(text.split())


ONES = words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
TENS = words("twenty thirty forty fifty sixty seventy eighty ninety")
VALUES = {word: value for value, word in enumerate(ONES)} | {
    word: 10 * value for value, word in enumerate(TENS, start=2)
}

_WORD = f"(?:{'|'.join([*VALUES, 'hundred', 'thousand', 'million'])})"
_LINK = r"(?:[ -]|(?:(?<=hundred)|(?<=thousand)) and )"
SPELLED = re.compile(
    rf"\b(?:a (?=hundred|thousand|million))?{_WORD}(?:{_LINK}{_WORD})*\b(?!-)", re.IGNORECASE
)
"""A number in words; "one" alone is one too, which is often none ("this one")."""
_LARGE = {"thousand": 1_000, "million": 1_000_000}
DIGITS = re.compile(r"(?<![\w.:/,-])\d+(?:[.,]\d+)*(?![\w:/%-])")
"""A number in digits that is no part of a time, a code or a word."""

MONTHS = words(
    "January February March April May June July August September October November December"
)
WEEKDAYS = words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
ORDINALS = words(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)

UNITS = {
    "second": "minute",
    "minute": "hour",
    "hour": "minute",
    "day": "week",
    "week": "month",
    "month": "year",
    "year": "month",
    "gram": "kilogram",
    "kilo": "gram",
    "kilogram": "gram",
    "millimetre": "centimetre",
    "centimetre": "metre",
    "metre": "kilometre",
    "kilometre": "metre",
    "mile": "kilometre",
    "inch": "foot",
    "litre": "millilitre",
    "cent": "euro",
    "euro": "dollar",
    "dollar": "euro",
    "pound": "euro",
    "degree": "percent",
    "packet": "byte",
}
"""A unit and one of another size, in the singular."""

_OPPOSITES = """
up down; open closed; opened closed; before after; early late; earlier later; high low; higher
lower; big small; bigger smaller; large small; larger smaller; long short; longer shorter; hot cold;
warm cool; wet dry; thick thin; heavy light; heavier lighter; fast slow; faster slower; quickly
slowly; cheap expensive; cheaper dearer; easy hard; easier harder; old new; older newer; good bad;
better worse; best worst; inside outside; above below; top bottom; full empty; strong weak; wide
narrow; loud quiet; clean dirty; rise fall; rises falls; rose fell; increase decrease; increases
decreases; increased decreased; grows shrinks; grew shrank; win lose; won lost; buy sell; bought
sold; start stop; starts stops; started stopped; begins ends; began ended; accept reject; accepted
rejected; agreed refused; likes hates; liked hated; love hate; remember forget; remembered forgot;
near far; positive negative; possible impossible; safe dangerous; public private; internal external;
north south; east west; summer winter; morning evening; yesterday tomorrow; succeeded failed; works
fails; saves wastes; added removed; add remove; adds removes; pull push; enough insufficient
"""
OPPOSITES = {
    one: other
    for pair in _OPPOSITES.replace("\n", " ").split(";")
    for one, other in (pair.split(), pair.split()[::-1])
}

QUANTITIES = (
    (r"\ball (?=of (?!that|this|it\b)|the |our |these |those |their )", "hardly any of "),
    (r"\beveryone\b", "hardly anyone"),
    (r"\beverybody\b", "nobody"),
    (r"\beverything\b", "nothing"),
    (r"\balways\b", "rarely"),
    (r"\bnever\b", "always"),
    (r"\bsometimes\b", "always"),
    (r"\busually\b", "rarely"),
    (r"\boften\b", "rarely"),
    (r"\bmost (?=of )", "few "),
    (r"\bsome (?=of |people)", "all "),
    (r"\bsomebody\b", "nobody"),
    (r"(?<!how )(?<!How )(?<!so )(?<!as )\bmany\b(?! (?:more|less|as)\b)", "few"),
    (r"(?<!any )(?<!no )(?<!once )(?<!or )\bmore(?= than\b)", "less"),
    (r"\bless(?= than\b)", "more"),
    (r"\bboth\b(?! (?:sides|ways))", "neither"),
    (r"\ba few\b", "all"),
    (r"\bat least\b", "at most"),
    (r"\bat most\b", "at least"),
    (r"\bhalf of\b", "all of"),
    (r"\bfirst\b", "last"),
    (r"\blast\b(?! (?:year|week|month|time|night))", "first"),
)
"""What is said of how many or how often, and what contradicts it; nothing that follows from it."""

CONTRACTIONS = {
    "isn't": "is not",
    "aren't": "are not",
    "wasn't": "was not",
    "weren't": "were not",
    "don't": "do not",
    "doesn't": "does not",
    "didn't": "did not",
    "won't": "will not",
    "can't": "cannot",
    "couldn't": "could not",
    "wouldn't": "would not",
    "shouldn't": "should not",
    "hasn't": "has not",
    "haven't": "have not",
    "hadn't": "had not",
}
PRONOUNS = {
    "I'm": "I am",
    "we're": "we are",
    "they're": "they are",
    "you're": "you are",
    "I'll": "I will",
    "we'll": "we will",
    "they'll": "they will",
    "it'll": "it will",
    "I've": "I have",
    "we've": "we have",
    "they've": "they have",
    "you've": "you have",
}
"""These can always be written out, but not always be drawn together ("as they are")."""

INFLECTIONS = (
    (r"\b(?:are|is) going to\b", "will"),
    (r"(?<=[a-z])(?:'re|'s) going to\b", " will"),
    (r"\bgonna\b", "going to"),
    (r"(?<!\w)'cause\b", "because"),
    (r"\bkinda\b", "kind of"),
    (r"\bcentimetre", "centimeter"),
)
"""The same in other forms."""

FILLER = re.compile(
    r"(,?)\s*(?<![\w'-])(?:u+m+|u+h+|e+r+m*|hm+|you know|I mean)(?![\w'-])(,?)(?=\s)", re.IGNORECASE
)
STAMMER = re.compile(
    r"\b(the|a|an|i|it|it's|to|in|of|we|you|and|that's|he|she|they|is)(?:, | )(?=\1\b)",
    re.IGNORECASE,
)
"""What is said twice in a row, by the first time."""
LEADING = re.compile(
    r"^(?:(?:so|and|but|well|okay|ok|right|yeah|yes|oh|ah|um|uh|now|alright)[,.]?\s+)+(?=\w)",
    re.IGNORECASE,
)
NEGATIVE = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|nowhere|without|cannot|hardly|barely|unless"
    r"|except|but)\b|n't\b|\bun\w+|\bim(?:possible|proper)\w*",
    re.IGNORECASE,
)
"""Words with which a sentence is negative already, or so hedged that its opposite is not clear."""


def value_of(number: str) -> int:
    """What a number in words or digits amounts to; -1 where that is not clear."""
    if number.isdigit():
        return int(number)
    total, group = 0, 0
    for word in re.split(r"[ -]+", number.casefold()):
        if word in VALUES:
            group += VALUES[word]
        elif word == "hundred":
            group = 100 * max(group, 1)
        elif word in _LARGE:
            total, group = total + _LARGE[word] * max(group, 1), 0
        elif word not in ("a", "and"):
            return -1
    return total + group


def forms_of(value: int) -> tuple[str, ...]:
    """How a number from 0 to 199 may be written: in digits and in words."""
    hundreds, rest = divmod(value, 100)
    ten, one = divmod(rest, 10)
    tens = TENS[ten - 2] + (f"-{ONES[one]}" if one else "")
    spelled = ONES[rest] if rest < len(ONES) else tens
    if hundreds:
        spelled = f"hundred and {spelled}" if rest else "hundred"
    return str(value), spelled, spelled.replace("-", " ")

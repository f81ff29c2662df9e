"""A text as the words that a claim and a transcript are compared by.

Lemmas in lower case, numbers in digits, contractions spelled out, marks as tokens of their own: so
"It isn't twenty-five." and "it is not 25" are one.
"""

from __future__ import annotations

import re
from functools import lru_cache

import simplemma
from text_to_num import alpha2digit

from retrieval.answer.checks.lexicon import IRREGULAR, KEPT, PRONOUNS

LANGUAGE = "en"

_WHOLE = {
    "won't": "will not", "can't": "can not", "cannot": "can not", "shan't": "shall not",
    "ain't": "is not", "let's": "let us", "gonna": "going to", "wanna": "want to",
    "gotta": "got to",
}  # fmt: skip
_ENDS = {"n't": " not", "'re": " are", "'ve": " have", "'ll": " will", "'d": " would", "'m": " am"}
_CONTRACTED = re.compile(r"\b(" + "|".join(_WHOLE) + r")\b")
_ENDED = re.compile(r"(?<=[^\W\d_])(" + "|".join(_ENDS) + r")\b")
_IS = re.compile(rf"\b({'|'.join(sorted(PRONOUNS))}|what|who|where|how)'s\b")
_POSSESSIVE = re.compile(r"'s?(?!\w)")
_HYPHEN = re.compile(r"(?<=\w)-(?=\w)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_TOKEN = re.compile(r"\d+(?:st|nd|rd|th)\b|\d+(?:[.:]\d+)*|[^\W\d_]+|[,.;:!?—–()\"]")
_FILLERS = re.compile(r"\bi(?:'d| would) say\b|\bi mean\b|\byou know\b|\bor something\b")
_APOSTROPHES = str.maketrans("’‘", "''")


def tokens(text: str) -> list[str]:
    """The words and marks of a text, in order."""
    return [_lemma(found) for found in _TOKEN.findall(_plain(text))]


def _plain(text: str) -> str:
    text = text.translate(_APOSTROPHES).casefold()
    text = _FILLERS.sub(" ", text)
    text = _CONTRACTED.sub(lambda found: _WHOLE[found[1]], text)
    text = _ENDED.sub(lambda found: _ENDS[found[1]], text)
    text = _POSSESSIVE.sub(" ", _IS.sub(r"\1 is", text))
    text = alpha2digit(_HYPHEN.sub(" ", text), LANGUAGE, threshold=0)
    return _THOUSANDS.sub("", text)


@lru_cache(maxsize=50_000)
def _lemma(word: str) -> str:
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word in KEPT or not word[0].isalpha():
        return word
    if word.endswith(("er", "est")):
        return word  # "Longer" is not "long".
    return simplemma.lemmatize(word, lang=LANGUAGE).casefold()

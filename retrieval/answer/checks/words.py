"""The words of a text as the checks compare them: in one spelling, with what stands before each.

Signs that look alike become one: typographic quotes, dashes, full-width letters, digits of any
script, fractions and raised digits.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from retrieval.answer.checks.vocabulary import word_set
from retrieval.bm25 import document_terms

_SPACELESS = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(
    r"\d+(?:[.,:/]\d+)*"
    rf"|[{_SPACELESS}]"
    rf"|(?:[^\W\d_{_SPACELESS}][\u0300-\u036f]*)+(?:'[^\W\d_{_SPACELESS}]+)*"
    r"|[%°$€£¥₹~≈<>≤≥+]"
)
_ALIKE = str.maketrans(
    {"‘": "'", "’": "'", "ʼ": "'", "`": "'", "“": '"', "”": '"', "„": '"', "º": "°"}
    | dict.fromkeys("\u2010\u2011\u2012\u2212", "-")
)  # fmt: skip
_HYPHENS = {"-", "–"}
_BREAK = re.compile(r"[.,;:!?…()\[\]{}\"«»—|、。,!?]|[-–]\s|\^|>>|[\r\n]")
_SENTENCE_END = re.compile(r"[.!?…。]|>>|[\r\n]")
_AND = word_set(
    """
    and or but then while whereas plus und oder aber et ou mais y pero e ma
    """
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign: as written, casefolded, and all that stands before it."""

    raw: str
    text: str
    gap: str

    @property
    def breaks(self) -> bool:
        """Whether a mark stands between it and the word before."""
        return bool(_BREAK.search(self.gap))

    @property
    def begins(self) -> bool:
        """Whether it begins a sentence."""
        return bool(_SENTENCE_END.search(self.gap))

    @property
    def turns(self) -> bool:
        """Whether another part of the sentence begins here."""
        return self.breaks or self.text in _AND

    @property
    def hyphenated(self) -> bool:
        """Whether only a hyphen or short dash joins it to the word before."""
        return self.gap in _HYPHENS

    @property
    def glued(self) -> bool:
        """Whether nothing stands between it and the word before."""
        return not self.gap

    @property
    def is_number(self) -> bool:
        """Whether it is written in digits."""
        return self.text[0].isdigit()

    @property
    def spaceless(self) -> bool:
        """Whether it is a character of a script without spaces."""
        return bool(re.match(f"[{_SPACELESS}]", self.text))


def tokens_of(text: str) -> list[Token]:
    """The words, numbers and signs of a text, in order; the first has the gap "" if it begins."""
    plain = plain_text(text)
    found: list[Token] = []
    end = 0
    for match in _TOKEN.finditer(plain):
        raw = match.group()
        found.append(Token(raw, raw.casefold(), plain[end : match.start()]))
        end = match.end()
    return found


def plain_text(text: str) -> str:
    """A text with one character for each of those that look alike."""
    return _plain(text.translate(_ALIKE)).translate(_ALIKE)


def _plain(text: str) -> str:
    written: list[str] = []
    for character in text:
        plain = unicodedata.normalize("NFKC", character)
        if "⁄" in plain:
            plain = f" {plain.replace('⁄', '/')} "  # 2½ is not 21/2.
        elif plain.isdigit() and plain != character and unicodedata.category(character) == "No":
            plain = f"^{plain}"  # 10² is not 102.
        elif plain.isdecimal():
            plain = str(unicodedata.decimal(plain))
        written.append(plain)
    return unicodedata.normalize("NFC", "".join(written))


@lru_cache(maxsize=50_000)
def stem(word: str) -> int | None:
    """What words of one stem have in common, as a number; None for a word that says nothing."""
    terms = document_terms(word).indices
    return terms[0] if len(terms) == 1 else hash(word) if terms else None

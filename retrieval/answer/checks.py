"""What a claim must pass before it is shown. What fails is dropped, never repaired.

Numbers and names of a claim must occur in the sentences it cites, a negation must not appear or
vanish, and the meaning must be close. Each check may refuse a true claim; none is there to let a
false one pass.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from playhead.text import split_words
from retrieval.answer.evidence import Evidence
from retrieval.answer.reply import CitedSentence, ClaimReply
from retrieval.embedding import Embedder

MIN_SIMILARITY = 0.5
"""The least cosine between a claim and the words it cites."""

_NUMBER = re.compile(r"\d[\d,.:]*")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_TOKEN = re.compile(f"{_NUMBER.pattern}|{_WORD.pattern}")
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot)\b|n['’]t\b", re.IGNORECASE
)
_SPELLED = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
    "hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000,
}  # fmt: skip


def check_citation(cited: CitedSentence, sentences: dict[str, Evidence]) -> str | None:
    """Why a citation cannot stand: an unknown id, or a quote that was not said there."""
    unit = sentences.get(cited.sentence)
    if unit is None:
        return f"cites {cited.sentence!r}, which is not in the passages"
    quote = _spoken(cited.quote)
    if not quote.strip() or quote not in _spoken(unit.text):
        return f"quotes words that are not in {cited.sentence}"
    return None


def check_claim(
    claim: ClaimReply, sentences: dict[str, Evidence], embedder: Embedder
) -> str | None:
    """Why a claim cannot be shown; None if it can."""
    if not claim.text.strip() or not claim.evidence:
        return "says nothing, or cites nothing"
    for cited in claim.evidence:
        if problem := check_citation(cited, sentences):
            return problem
    said = " ".join(sentences[cited.sentence].text for cited in claim.evidence)
    return check_words(claim.text, said) or _check_meaning(claim.text, said, embedder)


def check_words(claim: str, said: str) -> str | None:
    """Why a claim's numbers, names or negation are not those of what was said."""
    if missing := sorted(numbers_of(claim) - numbers_of(said)):
        return f"has numbers that were not said: {', '.join(missing)}"
    words = {_bare(word) for word in _WORD.findall(said)}
    if missing := [name for name in _names(claim) if _bare(name) not in words]:
        return f"has names that were not said: {', '.join(missing)}"
    if bool(_NEGATION.search(claim)) != bool(_NEGATION.search(said)):
        return "negates what was said, or leaves a negation out"
    return None


def numbers_of(text: str) -> set[str]:
    """The numbers of a text as digits; spelled-out ones word by word."""
    digits = {match.strip(".,:").replace(",", "") for match in _NUMBER.findall(text)}
    spelled = {
        str(_SPELLED[w]) for word in _WORD.findall(text) if (w := word.casefold()) in _SPELLED
    }
    return digits | spelled


def _names(text: str) -> Sequence[str]:
    """Capitalised words that do not begin a sentence."""
    names = []
    for match in _WORD.finditer(text):
        before = text[: match.start()].rstrip(" \"'“‘(")
        begins = not before or before[-1] in ".!?:"
        if not begins and match.group()[0].isupper() and match.group() != "I":
            names.append(match.group())
    return names


def _check_meaning(claim: str, said: str, embedder: Embedder) -> str | None:
    one, other = embedder.encode([claim, said])
    similarity = float(one @ other)
    if similarity < MIN_SIMILARITY:
        return f"means something else than what it cites (cosine {similarity:.2f})"
    return None


def _spoken(text: str) -> str:
    """Words and numbers in their order, each between spaces, so that only whole ones are found."""
    spaced = " ".join(split_words(text.casefold()))
    return f" {' '.join(token.strip('.,:') for token in _TOKEN.findall(spaced))} "


def _bare(name: str) -> str:
    """A name as it is compared: without a possessive."""
    return name.casefold().removesuffix("'s").removesuffix("’s")

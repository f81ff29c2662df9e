"""What a claim must pass before it is shown. What fails is dropped, never repaired.

Numbers and names of a claim must occur in the sentences it cites, a negation must not appear or
vanish, and the meaning must be close. Each check may refuse a true claim; none is there to let a
false one pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from playhead.text import split_words
from retrieval.answer.checks.numbers import numbers_in
from retrieval.answer.checks.said import said_in
from retrieval.answer.evidence import Evidence
from retrieval.answer.reply import CitedSentence, ClaimReply
from retrieval.bm25 import document_terms
from retrieval.embedding import Embedder

MIN_SIMILARITY = 0.5
"""The least cosine between a claim and the words it cites."""

_NUMBER = re.compile(r"\d[\d,.:]*")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_TOKEN = re.compile(f"{_NUMBER.pattern}|{_WORD.pattern}")
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot)\b|n['’]t\b", re.IGNORECASE
)


class Checker:
    """Judges claims.

    Args:
        embedder: compares a claim with what it cites.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def problem(self, claim: ClaimReply, sentences: dict[str, Evidence]) -> str | None:
        """Why a claim cannot be shown; None if it can."""
        if not claim.text.strip() or not claim.evidence:
            return "says nothing, or cites nothing"
        for cited in claim.evidence:
            if problem := check_citation(cited, sentences):
                return problem
        said = said_in(sentences[cited.sentence] for cited in claim.evidence).text
        return check_words(claim.text, said) or _check_meaning(claim.text, said, self._embedder)


def check_citation(cited: CitedSentence, sentences: dict[str, Evidence]) -> str | None:
    """Why a citation cannot stand: an unknown id, or a quote that was not said there."""
    unit = sentences.get(cited.sentence)
    if unit is None:
        return f"cites {cited.sentence!r}, which is not in the passages"
    quote = _spoken(cited.quote)
    if not quote.strip() or quote not in _spoken(unit.text):
        return f"quotes words that are not in {cited.sentence}"
    return None


def check_words(claim: str, said: str) -> str | None:
    """Why a claim's numbers, names or negation are not those of what was said."""
    if missing := sorted(numbers_in(claim) - numbers_in(said)):
        return f"has numbers that were not said: {', '.join(missing)}"
    if missing := [name for name in _names(claim) if not _occurs(name, said)]:
        return f"has names that were not said: {', '.join(missing)}"
    if bool(_NEGATION.search(claim)) != bool(_NEGATION.search(said)):
        return "negates what was said, or leaves a negation out"
    return None


def _names(text: str) -> Iterator[str]:
    """Capitalised words; one that begins a sentence only if it is no common word ("The", "At")."""
    for match in _WORD.finditer(text):
        before = text[: match.start()].rstrip(" \"'“‘(")
        begins = not before or before[-1] in ".!?:"
        common = match.group() == "I" or (begins and not document_terms(match.group()).indices)
        if match.group()[0].isupper() and not common:
            yield match.group()


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


def _occurs(name: str, said: str) -> bool:
    """Whether a name was said, or a word of the same stem, since a sentence may begin with any."""
    if _bare(name) in {_bare(word) for word in _WORD.findall(said)}:
        return True
    stem = document_terms(name).indices
    return bool(stem) and set(stem) <= set(document_terms(said).indices)


def _bare(name: str) -> str:
    """A name as it is compared: without a possessive."""
    return name.casefold().removesuffix("'s").removesuffix("’s")

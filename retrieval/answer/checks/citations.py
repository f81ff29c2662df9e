"""Whether what a claim cites is there: ids of this very request, and quotes that were said."""

from __future__ import annotations

import re

from playhead.text import split_words
from retrieval.answer.reading.evidence import Evidence
from retrieval.answer.reply import CitedSentence, ClaimReply

_NUMBER = re.compile(r"\d[\d,.:]*")
_TOKEN = re.compile(rf"{_NUMBER.pattern}|[^\W\d_]+(?:['’][^\W\d_]+)?|[$€£¥%°]")
_ELLIPSIS = re.compile(r"…|\.\.\.")


def check_citations(claim: ClaimReply, sentences: dict[str, Evidence]) -> str | None:
    """Why a claim's citations cannot stand; None if they can, and there is one at least."""
    if not claim.evidence:
        return "cites nothing"
    problems = (_check_citation(cited, sentences) for cited in claim.evidence)
    return next(filter(None, problems), None)


def _check_citation(cited: CitedSentence, sentences: dict[str, Evidence]) -> str | None:
    """An unknown id, or a quote that was not said there."""
    unit = sentences.get(cited.sentence)
    if unit is None:
        return f"cites {cited.sentence[:40]!r}, which is not in the passages"
    if not _was_said(cited.quote, unit.text):
        return f"quotes words that are not in {cited.sentence}"
    return None


def _was_said(quote: str, said: str) -> bool:
    """Whether a text has all parts of a quote between its ellipses, in order; one at least."""
    rest = _spoken(said)
    parts = [spoken for part in _ELLIPSIS.split(quote) if (spoken := _spoken(part)).strip()]
    for part in parts:
        _, found, after = rest.partition(part)
        if not found:
            return False
        rest = f" {after}"
    return bool(parts)


def _spoken(text: str) -> str:
    """Words and numbers in their order, each between spaces, so that only whole ones are found."""
    spaced = " ".join(split_words(text.casefold()))
    found = (token.strip(".,:").replace("’", "'") for token in _TOKEN.findall(spaced))
    return f" {' '.join(found)} "

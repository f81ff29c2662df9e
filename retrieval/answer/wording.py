"""An answer in words, the same wherever it is read: a terminal, a page, a tool's reply."""

from __future__ import annotations

from collections.abc import Sequence

from playhead.types import Answer, Citation, Claim

LOW_CONFIDENCE = "low-confidence audio: listen"
"""What stands beside words that a recogniser may have made up, wherever they are shown."""

REFUSALS = {
    "empty_library": "There is nothing to search yet: `playhead ingest PATH` adds videos.",
    "no_evidence": "The videos do not answer this.",
    "insufficient": "The videos do not answer this, says the language model.",
    "unsupported": "Nothing that the language model said was supported by what it cited.",
}
"""What a refusal says, by its `retrieval.answer.engine.Reason`."""


def marked_text(answer: Answer) -> str | None:
    """The claims as running text, each with its marks: `… seven. [1]`; None for a refusal."""
    if answer.refused:
        return None
    return " ".join(marked(claim, answer.citations) for claim in answer.claims)


def marked(claim: Claim, citations: Sequence[Citation]) -> str:
    """A claim with its marks, and a word of warning where what proves it may be made up."""
    marks = "".join(f"[{n}]" for n in claim.citations)
    warning = f" ({LOW_CONFIDENCE})" if is_doubtful(claim, citations) else ""
    return f"{claim.text} {marks}{warning}"


def is_doubtful(claim: Claim, citations: Sequence[Citation]) -> bool:
    """Whether any of what proves a claim may be made up."""
    return any(citation.doubt for citation in citations if citation.n in claim.citations)


def refusal_text(answer: Answer) -> str:
    """Why nothing is answered, as a sentence."""
    return REFUSALS[answer.reason or "no_evidence"]

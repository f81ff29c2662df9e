"""An answer in words, the same wherever it is read: a terminal, a page, a tool's reply."""

from __future__ import annotations

from playhead.types import Answer, Claim

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
    return " ".join(map(marked, answer.claims))


def marked(claim: Claim) -> str:
    """A claim with its marks."""
    return f"{claim.text} {''.join(f'[{n}]' for n in claim.citations)}"


def refusal_text(answer: Answer) -> str:
    """Why nothing is answered, as a sentence."""
    return REFUSALS[answer.reason or "no_evidence"]

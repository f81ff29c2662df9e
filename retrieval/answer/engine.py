"""What an answer engine is: from scored evidence to claims, each pointing at what proves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

from retrieval.answer.evidence import Evidence

Reason = Literal["empty_library", "no_evidence", "insufficient", "unsupported"]
REASONS: tuple[Reason, ...] = get_args(Reason)
"""Why an answer was refused: nothing to search in; nothing found that answers; the model judged the
passages insufficient; nothing that the model claimed was supported by what it cited."""


@dataclass(frozen=True, slots=True)
class ProvenClaim:
    """A claim and the evidence that proves it, at least one."""

    text: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Drafted:
    """What an engine made: proven claims, or none and the reason for it.

    `engine` names what made them in the end; `notice` tells the reader of trouble on the way.
    """

    claims: tuple[ProvenClaim, ...]
    engine: str
    reason: Reason | None = None
    notice: str | None = None


class Engine(Protocol):
    """Turns evidence into claims."""

    def draft(self, question: str, evidence: Sequence[Evidence]) -> Drafted:
        """Claims that answer the question.

        Args:
            question: as cleaned by `retrieval.question.clean_question`.
            evidence: every unit of the passages, in their order; never empty.
        """

"""What an answer engine is: from scored evidence to claims, each pointing at what proves it."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

from playhead.types import Dropped
from retrieval.answer.reading.evidence import Evidence

Reason = Literal["empty_library", "no_evidence", "insufficient", "unsupported"]
REASONS: tuple[Reason, ...] = get_args(Reason)
"""Why an answer was refused: nothing to search in; nothing found that answers; the model judged the
passages insufficient; nothing that the model claimed was supported by what it cited."""

Kind = Literal["moment", "summary", "mentions"]
"""What a question asks for: something that is said somewhere; what whole videos are about; which
videos speak of something."""

Way = Literal["schema", "json", "text"]
"""How a server held its model to the form of a reply: by the schema, to JSON only, not at all."""


@dataclass(frozen=True, slots=True)
class Task:
    """A question and what may answer it: every unit of the passages, in their order; never none.

    Of a `summary` the higher scores are spread over the videos: so many of the best as there is
    room for are a fair selection.
    """

    question: str
    evidence: tuple[Evidence, ...]
    kind: Kind = "moment"


@dataclass(frozen=True, slots=True)
class ProvenClaim:
    """A claim and the evidence that proves it, at least one."""

    text: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Drafted:
    """What an engine made: proven claims, or none and the reason for it.

    `engine` names what made them in the end; `notice` tells the reader of trouble on the way;
    `dropped` are the claims that failed a check; `way` is how the model was held to its form.
    """

    claims: tuple[ProvenClaim, ...]
    engine: str
    reason: Reason | None = None
    notice: str | None = None
    dropped: tuple[Dropped, ...] = ()
    way: Way | None = None


class Engine(Protocol):
    """Turns evidence into claims."""

    def draft(self, task: Task) -> Generator[ProvenClaim, None, Drafted]:
        """Yields each claim as soon as it is proven, and returns how it ended, with all of them."""

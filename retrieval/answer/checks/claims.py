"""What a claim must pass before it is shown. What fails is dropped, never repaired.

Each check may refuse a true claim; none is there to let a false one pass. In order: it says
something, it cites what is there, its numbers were said, and it says what was said (`support`); or,
with an entailment model, its names were said and it follows from what was said.
"""

from __future__ import annotations

from collections.abc import Iterator

from retrieval.answer.checks.citations import check_citations
from retrieval.answer.checks.entailment import Entailment, check_entailment
from retrieval.answer.checks.figures import check_figures
from retrieval.answer.checks.names import check_names
from retrieval.answer.checks.said import said_in
from retrieval.answer.checks.substance import check_substance
from retrieval.answer.checks.support import check_support
from retrieval.answer.reading.evidence import Evidence
from retrieval.answer.reply import ClaimReply


class Checker:
    """Judges claims.

    Args:
        entailment: decides instead of the words whether a claim follows from what it cites.
    """

    def __init__(self, entailment: Entailment | None = None) -> None:
        self._entailment = entailment

    def problem(self, claim: ClaimReply, sentences: dict[str, Evidence]) -> str | None:
        """Why a claim cannot be shown; None if it can.

        Args:
            claim: as a model made it.
            sentences: those of its request, by their ids.

        Raises:
            EntailmentError: the entailment model cannot be used.
        """
        return next(filter(None, self._problems(claim, sentences)), None)

    def _problems(self, claim: ClaimReply, sentences: dict[str, Evidence]) -> Iterator[str | None]:
        """What each check finds; a check that fails is the last that is made."""
        yield check_substance(claim.text)
        yield check_citations(claim, sentences)
        cited = [sentences[one.sentence] for one in claim.evidence]
        said = said_in(cited, tuple(sentences.values()))
        yield check_figures(claim.text, said)
        if self._entailment is None:
            yield check_support(claim.text, said)
        else:
            yield check_names(claim.text, said)
            yield check_entailment(claim.text, said, self._entailment)

"""What a claim may draw on: the sentences that it cites, and who says them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from retrieval.answer.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Said:
    """Cited sentences, in the order of the transcript, as one.

    `by` tells for each of the texts who says it, None where that is not known. Speakers and
    `titles` (of the videos) may be named in a claim, since they are shown beside the citation.
    `language` is a code such as "en", None where it is not known.
    """

    texts: tuple[str, ...]
    by: tuple[str | None, ...] = ()
    titles: tuple[str, ...] = ()
    language: str | None = None

    @property
    def text(self) -> str:
        """What is said in them all."""
        return " ".join(self.texts)

    @property
    def speakers(self) -> tuple[str, ...]:
        """Who says it, each once."""
        return tuple(dict.fromkeys(speaker for speaker in self.by if speaker))


def said_in(units: Iterable[Evidence]) -> Said:
    """What is said in some units, each once."""
    cited = sorted(dict.fromkeys(units), key=lambda unit: (unit.passage, unit.position))
    languages = {unit.video.language for unit in cited}
    return Said(
        texts=tuple(unit.text for unit in cited),
        by=tuple(unit.speaker for unit in cited),
        titles=tuple(dict.fromkeys(unit.video.title for unit in cited)),
        language=languages.pop() if len(languages) == 1 else None,
    )

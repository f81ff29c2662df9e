"""What a claim may draw on: the sentences that it cites, and who says them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retrieval.answer.checks.lexicon import ENGLISH
from retrieval.answer.reading.evidence import Evidence

ENGLISH_CODE = "en"
_EVERY = 12  # Of so many English words one, at least, is of the commonest.


@dataclass(frozen=True, slots=True)
class Said:
    """Cited sentences, in the order of the transcript, as one.

    `by` tells for each of the texts who says it, None where that is not known. Speakers and
    `titles` (of the videos) may be named in a claim, since they are shown beside the citation.
    `language` is a code such as "en", None where it is not known and does not seem to be English.
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


def said_in(units: Iterable[Evidence], passages: Sequence[Evidence] = ()) -> Said:
    """What is said in some units, each once.

    Args:
        units: what a claim cites.
        passages: what else was read, by which the language is known where no video tells it.
    """
    cited = sorted(dict.fromkeys(units), key=lambda unit: (unit.passage, unit.position))
    videos = {unit.video.id for unit in cited}
    around = [unit for unit in passages if unit.video.id in videos]
    return Said(
        texts=tuple(unit.text for unit in cited),
        by=tuple(unit.speaker for unit in cited),
        titles=tuple(dict.fromkeys(unit.video.title for unit in cited)),
        language=_language(cited, around),
    )


def _language(cited: Sequence[Evidence], around: Sequence[Evidence]) -> str | None:
    told = {unit.video.language for unit in cited}
    if None not in told:
        codes = {str(language).split("-")[0].casefold() for language in told}
        return codes.pop() if len(codes) == 1 else None
    text = " ".join(unit.text for unit in (*cited, *around))
    return ENGLISH_CODE if seems_english(text) else None


def seems_english(text: str) -> bool:
    """Whether enough of a text's words are ones that hardly any other language has."""
    words = [word.strip(".,!?:;") for word in text.casefold().replace("’", "'").split()]
    return sum(word in ENGLISH for word in words) >= max(1, len(words) / _EVERY)

"""Who speaks, where captions or a diarizer tell it: names as they are known, and as people type."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import replace

from playhead.errors import QuestionError
from playhead.types import Hit, Sentence

MAX_NAMES_TOLD = 12
"""So many of those who do speak are named to who asks for somebody else."""

_WORD = re.compile(r"[^\W_]+")


def speakers_of(sentences: Iterable[Sentence]) -> list[str]:
    """Who speaks, each once, in order; none where that is not known."""
    return list(dict.fromkeys(s.speaker for s in sentences if s.speaker))


def name_words(name: str) -> frozenset[str]:
    """The words of a name, as names are compared: "Ann LEE" is "ann" and "lee"."""
    return frozenset(_WORD.findall(unicodedata.normalize("NFKC", name).casefold()))


def speakers_named(name: str, known: Collection[str]) -> list[str]:
    """The speakers that a user means: by the whole name, or by whole words of it.

    Args:
        name: as typed; "ann" means "Ann" and "Ann Lee".
        known: everybody who speaks.

    Raises:
        QuestionError: nobody is called so.
    """
    words = name_words(name)
    named = [speaker for speaker in sorted(known) if words and words <= name_words(speaker)]
    if named:
        return named
    if not known:
        raise QuestionError(
            "it is not known who speaks in these videos",
            "Captions may tell names; what was indexed by an earlier Playhead needs "
            "`playhead library reindex`",
        )
    told = sorted(known)[:MAX_NAMES_TOLD]
    others = f" and {len(known) - len(told)} others" if len(known) > len(told) else ""
    raise QuestionError(
        f"nobody called {name!r} speaks in these videos",
        f"Those who do: {', '.join(told)}{others}",
    )


def in_own_words(hit: Hit, speakers: Collection[str]) -> Hit | None:
    """A hit cut down to what some speakers say in it; None if they say nothing."""
    own = tuple(s for s in hit.segment.sentences if s.speaker in speakers)
    if not own:
        return None  # On a server somebody else may have replaced it in the meantime.
    end = max(sentence.end for sentence in own)
    return replace(hit, segment=replace(hit.segment, start=own[0].start, end=end, sentences=own))

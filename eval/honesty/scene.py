"""What a model sees of a request: numbered sentences, each of some speaker in some passage."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Any

from eval.honesty.words import words
from retrieval.bm25 import document_terms

MIN_WORDS, MAX_WORDS = 5, 45
MIN_TERMS = 3
MAX_SHARED = 0.25
"""Of the terms of a claim, so many may occur in a sentence that is to prove nothing of it."""

_CUT_OFF = re.compile(r"[?\[\]\"“”]|^\W*[—–-]|[—–-]\W*$")
_SUBJECTS = frozenset(
    words(
        "the a an it this that these those there they he she her his its their some most many all "
        "two three four five six seven eight nine ten it's that's there's they're every no"
    )
)
_SMALL_WORDS = _SUBJECTS.union(
    words(
        "we you your our in on at from for with by about after before when as so and but because "
        "only one we're what what's which where not to"
    )
)
_PERSON = re.compile(
    r"\b(?:I|we|you|my|our|your|me|us|let's|I'\w+|we'\w+|you'\w+)(?![\w'])", re.IGNORECASE
)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|can|could|would|does|did|do|goes|went|took|gave|makes"
    r"|made|got|gets|came|comes|\w+ed)\b|'(?:s|re|ve|ll|m)\b"
)
_UNSURE = re.compile(r"\b(?:if|whether|unless|maybe|perhaps|guess|suppose|wish)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A sentence of a request by its id; `passage` counts from 0."""

    id: str
    text: str
    speaker: str | None
    passage: int


@dataclass(frozen=True, slots=True)
class Scene:
    """The sentences of a request, and those of an earlier one."""

    sentences: tuple[Numbered, ...]
    earlier: tuple[Numbered, ...] = ()

    @property
    def speakers(self) -> tuple[str, ...]:
        """Who speaks, each once."""
        return tuple(dict.fromkeys(one.speaker for one in self.sentences if one.speaker))


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence to make a claim of, and its words in the form to start from."""

    text: str
    said: Numbered
    scene: Scene
    random: Random


@dataclass(frozen=True, slots=True)
class MadeClaim:
    """A claim as the simulated model makes it, and what is known of it.

    `evidence` is pairs of a sentence's id and the quote from it. `based_on` is the sentence it was
    made from.
    """

    kind: str
    text: str
    evidence: tuple[tuple[str, str], ...]
    based_on: str
    true: bool = False

    def as_json(self) -> dict[str, Any]:
        """In the form of a reply."""
        cited = [{"sentence": name, "quote": quote} for name, quote in self.evidence]
        return {"text": self.text, "evidence": cited}


def sentences_in(request: Mapping[str, Any]) -> tuple[Numbered, ...]:
    """The numbered sentences in a chat request: the first JSON list in its last message."""
    content = str(request["messages"][-1]["content"])
    passages, _ = json.JSONDecoder().raw_decode(content, content.index("["))
    return tuple(
        _numbered(name, said, number)
        for number, passage in enumerate(passages)
        for name, said in passage["sentences"].items()
    )


def is_plain(text: str) -> bool:
    """Whether it is a whole statement with something in it, that claims can be made from."""
    words = len(text.split())
    whole = MIN_WORDS <= words <= MAX_WORDS and not _CUT_OFF.search(text)
    return whole and len(terms(text)) >= MIN_TERMS


def is_sure(text: str) -> bool:
    """Whether it is said without an if or a maybe, so that its opposite is false."""
    return not _UNSURE.search(text)


def unrelated(claim: str, said: str) -> bool:
    """Whether a sentence says so little of what a claim says that it cannot prove it."""
    claimed = terms(claim)
    return len(claimed & terms(said)) <= MAX_SHARED * len(claimed)


@lru_cache(maxsize=4096)
def terms(text: str) -> frozenset[int]:
    """The stems of its content words."""
    return frozenset(document_terms(text).indices)


def lowered(text: str) -> str:
    """For the middle of a sentence: without its capital, unless that is of "I" or a name."""
    return text[:1].lower() + text[1:] if _first(text) in _SMALL_WORDS else text


def can_be_framed(text: str) -> bool:
    """Whether "She says that" can stand before it: a statement, about no "I" and no "you"."""
    begins = _first(text) in _SUBJECTS
    return begins and bool(_FINITE.search(text)) and not _PERSON.search(text)


def is_clause(text: str) -> bool:
    """Whether it has a verb of its own, as far as its form tells."""
    return bool(_FINITE.search(text))


def names_person(text: str) -> bool:
    """Whether it speaks of an "I" or a "you"."""
    return bool(_PERSON.search(text))


def _first(text: str) -> str:
    return text.split(maxsplit=1)[0].casefold().rstrip(",") if text.split() else ""


def _numbered(name: str, said: object, passage: int) -> Numbered:
    if isinstance(said, dict):
        return Numbered(name, str(said["text"]), str(said["speaker"]), passage)
    return Numbered(name, str(said), None, passage)

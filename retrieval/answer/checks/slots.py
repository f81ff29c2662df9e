"""The small words around what a claim reads: who it is of, where to, and when.

They may be put in and left out freely where a claim goes on elsewhere. Between two words that were
said one after the other they decide what the words have to do with each other: "moved to", "moved
from"; "reported", "was reported by"; "they owe us", "we owe them".
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import takewhile

from retrieval.answer.checks.lexicon import (
    AUXILIARIES,
    BREAKS,
    CAUSES,
    FREE,
    GENITIVE,
    PERSONS,
    PREPOSITIONS,
    PRONOUNS,
)
from retrieval.answer.checks.reading import Step
from retrieval.answer.checks.source import Source

_NAMED = "they"
"""What stands for a speaker's name: it is told of them as of anybody."""
_FUTURE = frozenset(["will", "shall"])
_LINKS = PREPOSITIONS | {"of"}
_SHORT = frozenset(["be", "have"])


def altered(words: Sequence[str], steps: Sequence[Step], source: Source) -> str | None:
    """What a claim makes of the small words around those it reads; None if it keeps to them."""
    words = [word if word in FREE or word in source.places else _NAMED for word in words]
    last = None
    for step in steps:
        for problem in _problems(words, last, step, source, alone=len(steps) == 1):
            return f"{problem}: {step.word}"
        last = step
    return None


def _problems(
    words: Sequence[str], last: Step | None, step: Step, source: Source, *, alone: bool
) -> Iterator[str]:
    claimed, said = _before(words, step.position), _before(source.words, step.place)
    if _others(claimed, said) or _others(
        _after(words, step.position), _after(source.words, step.place)
    ):
        yield "puts another in the place of who was meant"
    if _FUTURE & {*claimed} != _FUTURE & {*said}:
        yield "tells of another time"
    if alone or (last and _adjacent(last, step, source)):
        if _LINKS & {*claimed} != _LINKS & {*said}:
            yield "changes the way it is put together"
        yield from _other_verb(claimed, said)
    elif PRONOUNS & {*claimed} and PRONOUNS & {*said}:
        yield from _other_verb(_since_pronoun(claimed), _since_pronoun(said))
    # Many a sentence just begins with "so".
    causes = (CAUSES if last else CAUSES - {"so"}) & {*_before(words, step.position, breaks=False)}
    if causes - {*_before(source.words, step.place, breaks=False)}:
        yield "gives another cause"


def _adjacent(last: Step, step: Step, source: Source) -> bool:
    return (
        source.clause[last.place] == source.clause[step.place]
        and last.place < step.place
        and not source.skipped(last.place, step.place)
    )


def _other_verb(claimed: Sequence[str], said: Sequence[str]) -> Iterator[str]:
    """Another auxiliary, but for what a short form after a noun may stand for."""
    other = AUXILIARIES & ({*claimed} ^ {*said})
    if GENITIVE in said:
        other -= _SHORT
    if other:
        yield "tells it with another verb"


def _others(claimed: Sequence[str], said: Sequence[str]) -> bool:
    """Whether a pronoun stands where another person's or thing's was."""
    of = PRONOUNS.intersection(said)
    return bool(of) and any(not _may_mean(word, of) for word in PRONOUNS.intersection(claimed))


def _may_mean(pronoun: str, said: Collection[str]) -> bool:
    """Whether a pronoun may be told of one that was said: "they" of "we", not "we" of "they"."""
    if pronoun in said:
        return True
    if pronoun in PERSONS:
        return False
    return not (pronoun in {"he", "she"} and {"he", "she"}.intersection(said))


def _since_pronoun(slot: Sequence[str]) -> list[str]:
    return list(takewhile(lambda word: word not in PRONOUNS, reversed(slot)))


def _before(words: Sequence[str], place: int, *, breaks: bool = True) -> list[str]:
    """The free words before a place, in their order; not past the beginning of its clause."""
    found = takewhile(lambda word: _is_small(word, breaks=breaks), reversed(words[:place]))
    return list(found)[::-1]


def _after(words: Sequence[str], place: int) -> list[str]:
    return list(takewhile(_is_small, words[place + 1 :]))


def _is_small(word: str, *, breaks: bool = True) -> bool:
    return word in FREE and not (breaks and word in BREAKS)

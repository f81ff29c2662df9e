"""How a claim is read out of what was said: each of its words at the place where it was said.

Of all ways to read it, the one with the fewest leaps is taken (dynamic programming over the words
of the claim, as in the alignment of Needleman and Wunsch, 1970, without gaps in the claim). What
leaps are left over join words that were not said together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from retrieval.answer.checks.lexicon import (
    AUXILIARIES,
    BREAKS,
    CAUSES,
    CONDITIONS,
    FREE,
    PERSONS,
    PREPOSITIONS,
    PRONOUNS,
)
from retrieval.answer.checks.source import Source

_ARTICLES = frozenset(["the", "a", "an"])
_AND = frozenset(["and", "but"])
_JOINING = CAUSES | CONDITIONS
_SKIPPED = 0.05
_NEXT_SENTENCE = 1.0
_BACK = 1.3
_AGAIN = 1.4
_ELSEWHERE = 0.3


@dataclass(frozen=True, slots=True)
class Step:
    """A word of a claim, which is its `position`-th, and the place in the source it is read at."""

    word: str
    position: int
    place: int


def read(claim: Sequence[str], source: Source) -> list[Step]:
    """The words of a claim that are not free and were said, each with its place."""
    said = [
        (position, word, source.places[word])
        for position, word in enumerate(claim)
        if word not in FREE and word in source.places
    ]
    best: list[dict[int, tuple[float, int | None]]] = []
    for n, (_, _, places) in enumerate(said):
        best.append({place: _cheapest(place, best[n - 1] if n else {}, source) for place in places})
    at = min(best[-1], key=lambda place: best[-1][place][0]) if best else None
    steps: list[Step] = []
    for (position, word, _), costs in zip(reversed(said), reversed(best), strict=True):
        assert at is not None  # noqa: S101 - every word has a place, and each but the first a previous
        steps.append(Step(word, position, at))
        at = costs[at][1]
    return steps[::-1]


def _cheapest(
    place: int, before: dict[int, tuple[float, int | None]], source: Source
) -> tuple[float, int | None]:
    if not before:
        return 0.0, None
    ways = ((cost + _leap(last, place, source), last) for last, (cost, _) in before.items())
    return min(ways, key=lambda way: way[0])


def _leap(last: int, place: int, source: Source) -> float:
    """What it costs to read on at another place."""
    if place > last:
        skipped = _SKIPPED * len(source.skipped(last, place))
        return skipped if source.together(last, place) else _NEXT_SENTENCE + skipped
    if place == last:
        return _AGAIN
    return _BACK + (0 if source.together(last, place) else _ELSEWHERE)


def torn(claim: Sequence[str], steps: Sequence[Step], source: Source) -> list[tuple[str, str]]:
    """Pairs of words that follow each other in a claim, and were not said together.

    It may leave words out, go on with the next sentence where it begins another clause itself, and
    put what was named before in the place of a pronoun.
    """
    pairs = []
    n = 1
    while n < len(steps):
        last, step = steps[n - 1], steps[n]
        if _reads_on(claim, last, step, source):
            n += 1
        elif back := _detour(claim, steps, n, source) or _turned(claim, steps, n, source):
            n = back
        else:
            pairs.append((last.word, step.word))
            n += 1
    return pairs


def _reads_on(claim: Sequence[str], last: Step, step: Step, source: Source) -> bool:
    if step.place <= last.place:
        return _moved(claim, last, step, source)
    between = claim[last.position + 1 : step.position]
    if not source.skipped(last.place, step.place):
        one_clause = _AND.isdisjoint(source.words[last.place : step.place])
        apart = not source.together(last.place, step.place)
        # "Because A, B" must not be made of "because A, and B".
        parting = _AND if claim[0] in _JOINING else BREAKS
        return one_clause or apart or not parting.isdisjoint(between)
    if any(word in BREAKS - CAUSES for word in between):
        return _may_end(last, source) and _same_subject(between, last, step, source)
    if source.together(last.place, step.place):
        return _skips_phrase(between, last, step, source)
    return source.named_before(step.place) and not PRONOUNS.intersection(between)


def _skips_phrase(between: Sequence[str], last: Step, step: Step, source: Source) -> bool:
    """Whether all that is left out is a phrase with a preposition, before another or a condition.

    "Bake it (for forty minutes) until it is brown"; not "it costs fifty (to sixty) euros".
    """
    if source.clause[last.place] != source.clause[step.place]:
        return False
    links = PREPOSITIONS.intersection(source.small_before(step.place))
    resumes = step.word in CONDITIONS or (links and links == PREPOSITIONS.intersection(between))
    return bool(resumes) and source.words[last.place + 1] in PREPOSITIONS


def _moved(claim: Sequence[str], last: Step, step: Step, source: Source) -> bool:
    """Whether a clause was moved as a whole: "if A, B" and "B if A" say the same.

    One of the two must begin with the word that joins them; that it begins with the same word in
    the source, `slots` looks after, and a condition is read as any other word.
    """
    if not source.together(last.place, step.place):
        return False
    whole = not source.content_after(last.place) and not source.content_before(step.place)
    if not whole or _AND.intersection(source.words[step.place : last.place]):
        return False
    between = claim[last.position + 1 : step.position + 1]
    return bool(_JOINING.intersection([claim[0], *between]))


def _may_end(last: Step, source: Source) -> bool:
    """Whether a clause may be left here: cut before its verb, two subjects would share the next.

    Left out may be what a preposition begins: "the starter is fed at eight (in the morning)".
    """
    return not source.content_after(last.place) or source.words[last.place + 1] in PREPOSITIONS


def _same_subject(between: Sequence[str], last: Step, step: Step, source: Source) -> bool:
    """Whether what goes on is about the same: a speaker's own doing, or nobody else came between.

    "It" and "they" may be taken along past what is left out; "he" and "she" may not.
    """
    pronouns = set(source.pronouns_before(step.place))
    if not pronouns or pronouns & PERSONS or not source.skipped(last.place, step.place):
        return True
    return bool(PRONOUNS.intersection(between)) and not pronouns & {"he", "she"}


def begun_late(claim: Sequence[str], steps: Sequence[Step], source: Source) -> str | None:
    """Why a claim cannot begin a clause where it does; None if it can.

    What a clause begins with tells who does it, or who says so: "the lid of the kettle broke", "my
    boss assumes that it broke". Only a name for a thing may be taken out of the middle.
    """
    read_at = {step.place for step in steps}
    for n, step in enumerate(steps):
        clause = source.clause[step.place]
        if n and source.clause[steps[n - 1].place] == clause and steps[n - 1].place < step.place:
            continue
        if _is_name(claim, steps, n, source):
            continue
        if left_out := [at for at in source.content_before(step.place) if at not in read_at]:
            first = " ".join(source.words[at] for at in left_out)
            return f"leaves out what comes before {step.word!r}: {first}"
    return None


def _is_name(claim: Sequence[str], steps: Sequence[Step], n: int, source: Source) -> bool:
    """Whether a claim reads no more than one word of a clause, and makes no verb of it."""
    step = steps[n]
    ends = n + 1 == len(steps)
    if not ends and source.clause[steps[n + 1].place] == source.clause[step.place]:
        return False
    small = {*claim[steps[n - 1].position + 1 if n else 0 : step.position]}
    small.update(source.small_before(step.place))
    if ends:
        small |= {*claim[step.position + 1 :]}
    return not AUXILIARIES & small


def _turned(claim: Sequence[str], steps: Sequence[Step], n: int, source: Source) -> int | None:
    """Where a claim reads on after it made a statement of an order; None if it does not.

    "The loaf bakes for an hour" of "Bake the loaf for an hour": only where the order begins a
    clause, so that nobody else can be meant to do it.
    """
    thing, deed = steps[n - 1], steps[n]
    begins = not any(
        source.clause[place] == source.clause[deed.place]
        for place in range(deed.place)
        if source.words[place] not in FREE - PRONOUNS
    )
    if not (thing.word.isalpha() and deed.word.isalpha()):
        return None
    # An article tells that it is a thing: not "told Mary" of "Mary told".
    if not _ARTICLES.intersection(source.words[thing.place - 1 : thing.place]):
        return None
    adjacent = deed.place < thing.place and not source.skipped(deed.place, thing.place)
    if not (begins and adjacent and source.together(deed.place, thing.place)):
        return None
    goes_on = n + 1 == len(steps) or _reads_on(claim, thing, steps[n + 1], source)
    return n + 2 if goes_on else None


_MOST_NAMED = 4


def _detour(claim: Sequence[str], steps: Sequence[Step], n: int, source: Source) -> int | None:
    """Where a claim reads on after it has named what a pronoun stands for; None if it does not.

    "They printed the passes in order" of "the passes" and "they printed them in order".
    """
    last = steps[n - 1]
    between = claim[last.position + 1 : steps[n].position]
    replaced = source.named_after(last.place) and not PRONOUNS.intersection(between)
    if not replaced or steps[n].place > last.place:
        return None
    for m in range(n, min(n + _MOST_NAMED, len(steps))):
        named = steps[n : m + 1]
        # What a question asks about need not be what the next speaker means.
        if source.sentence[named[-1].place] in source.questions:
            return None
        if any(not _follow(a, b, source) for a, b in pairwise(named)):
            return None
        if m + 1 == len(steps):
            return m + 1
        then = steps[m + 1].place
        if then > last.place and not source.skipped(last.place, then):
            return m + 2
    return None


def _follow(one: Step, other: Step, source: Source) -> bool:
    return other.place > one.place and not source.skipped(one.place, other.place)

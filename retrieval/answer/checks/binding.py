"""Which words of a text stand with which of its numbers.

A word belongs to the number that it follows or precedes at once; else to the nearer one in its part
of the sentence, in its sentence, or at all. Where two numbers are equally near it belongs to both,
and then the side on which it stands counts too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from retrieval.answer.checks.quantities import quantities_of
from retrieval.answer.checks.quantity import Quantity
from retrieval.answer.checks.vocabulary import CHANGES, UNITS
from retrieval.answer.checks.words import Token, stem, tokens_of

Side = Literal["left", "right"]
Tie = tuple[Quantity, Side]

_NEAR = 5
_AT_ONCE, _SAME_PART, _SAME_SENTENCE, _ELSEWHERE = range(4)


@dataclass(frozen=True)
class Read:
    """A text's tokens and numbers."""

    tokens: tuple[Token, ...]
    quantities: tuple[Quantity, ...]
    language: str

    @cached_property
    def governors(self) -> tuple[Quantity, ...]:
        """The numbers that words stand with."""
        return tuple(quantity for quantity in self.quantities if quantity.governs)

    @cached_property
    def words(self) -> dict[int, int]:
        """The words that say something and are no number: token to stem."""
        numbers = {n for q in self.governors for n in range(q.start, q.end)}
        stems = {n: stem(token.text) for n, token in enumerate(self.tokens) if n not in numbers}
        return {n: found for n, found in stems.items() if found is not None}

    @cached_property
    def ties(self) -> dict[int, tuple[int, list[Tie]]]:
        """What each of the words stands with: how near, and which numbers."""
        return {n: self._ties(n) for n in self.words}

    def written(self, quantity: Quantity) -> str:
        """A number as it stands in the text."""
        tokens = self.tokens[quantity.start : quantity.end]
        gaps = ["", *(token.gap for token in tokens[1:])]
        return "".join(gap + token.raw for gap, token in zip(gaps, tokens, strict=True))

    def stem_before(self, quantity: Quantity, skip: int = 0) -> int | None:
        """The word right before a number."""
        at = quantity.start - 1 - skip
        return stem(self.tokens[at].text) if at >= 0 else None

    def changes_before(self, quantity: Quantity) -> bool:
        """Whether a word of change stands before a number: "it rose sharply to 5"."""
        near = self.tokens[max(0, quantity.start - _NEAR) : quantity.start]
        return any(token.text in CHANGES for token in near)

    def next_stem(self, quantity: Quantity) -> int | None:
        """The word right after a number; None where a mark or a mere function word follows."""
        at = quantity.end
        if at >= len(self.tokens) or self.tokens[at].breaks:
            return None
        return self.words.get(at)

    def stems_beside(self, quantity: Quantity) -> set[int]:
        """The nearest words on both sides of a number."""
        before = [n for n in self.words if n < quantity.start][-1:]
        after = [n for n in self.words if n >= quantity.end][:1]
        return {self.words[n] for n in [*before, *after]}

    def units_near(self, quantity: Quantity, distance: int) -> set[str]:
        """The units that stand around a number and belong to no other."""
        taken = {n for q in self.quantities for n in range(q.start, q.end)}
        begin, end = max(0, quantity.start - distance), quantity.end + distance
        near = [n for n in range(begin, min(end, len(self.tokens))) if n not in taken]
        units = UNITS[self.language]
        return {units[self.tokens[n].text] for n in near if self.tokens[n].text in units}

    def _ties(self, at: int) -> tuple[int, list[Tie]]:
        left = next((q for q in reversed(self.governors) if q.end <= at), None)
        right = next((q for q in self.governors if q.start > at), None)
        near: list[tuple[int, Tie]] = []
        if left:
            near.append((self._distance(left.end, at, at), (left, "right")))
        if right:
            near.append((self._distance(at + 1, right.start, right.start), (right, "left")))
        least = min((distance for distance, _ in near), default=_ELSEWHERE)
        return least, [tie for distance, tie in near if distance == least]

    def _distance(self, begin: int, end: int, last: int) -> int:
        """How far apart two are: the tokens in between, and the mark before the last of them."""
        between = self.tokens[begin : last + 1]
        if any(token.begins for token in between):
            return _ELSEWHERE
        if any(token.breaks for token in between) or any(t.turns for t in self.tokens[begin:end]):
            return _SAME_SENTENCE
        return _SAME_PART if any(n in self.words for n in range(begin, end)) else _AT_ONCE


_FILLER = re.compile(r"(?:,\s*)?\b(?:um+|uh+|er|erm|hmm+|mm+)\b,?", re.IGNORECASE)


def read(texts: Sequence[str], language: str) -> Read:
    """Texts as one, each beginning a sentence."""
    tokens = tuple(_tokens(texts))
    return Read(tokens, tuple(quantities_of(tokens, language)), language)


def _tokens(texts: Sequence[str]) -> Iterator[Token]:
    for text in texts:
        for n, token in enumerate(tokens_of(_FILLER.sub("", text))):
            yield token if n else Token(token.raw, token.text, f"\n{token.gap}")


def stands_alike(claimed: Quantity, said: Sequence[Quantity], claim: Read, spoken: Read) -> bool:
    """Whether no word that stands close to a claim's number was said close to another only."""
    for n, tie, places in _shared(claimed, claim, spoken):
        if claim.ties[n][0] > _SAME_PART:
            continue
        close = [spoken.ties[place] for place in places]
        if not any(far > _SAME_PART or _is_tied(ties, tie, said) for far, ties in close):
            return False
    return True


def told_apart(claimed: Quantity, said: Sequence[Quantity], claim: Read, spoken: Read) -> bool:
    """Whether a word shows that a claim's number is this one of what was said and no other."""
    for _, tie, places in _shared(claimed, claim, spoken):
        ties = [found for n in places for found in spoken.ties[n][1] if found[1] == tie[1]]
        if ties and all(quantity in said for quantity, _ in ties):
            return True
    return False


def _shared(claimed: Quantity, claim: Read, spoken: Read) -> Iterator[tuple[int, Tie, list[int]]]:
    """The words of a claim that stand with a number, and where they were said."""
    for n, (distance, ties) in claim.ties.items():
        if len(ties) == 1 and ties[0][0] == claimed and distance <= _SAME_SENTENCE:
            places = [place for place, found in spoken.words.items() if found == claim.words[n]]
            if places:
                yield n, ties[0], places


def _is_tied(ties: Sequence[Tie], wanted: Tie, said: Sequence[Quantity]) -> bool:
    """Whether a word stands with one of these numbers; on the same side where it is in doubt."""
    alone = len(ties) == 1
    return any(
        (quantity in said or any(_are_range(quantity, one) for one in said))
        and (alone or side == wanted[1])
        for quantity, side in ties
    )


def _are_range(one: Quantity, other: Quantity) -> bool:
    """Whether two are the ends of a range: what stands with it stands with both."""
    return one.partner == other.values and other.partner == one.values

"""What was said as tokens, each with the sentence and the clause it stands in, and who says it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import groupby, takewhile

from retrieval.answer.checks.lexicon import BREAKS, FREE, GUARDS, MARKS, PERSONS, PRONOUNS, STOPS
from retrieval.answer.checks.said import Said
from retrieval.answer.checks.tokens import tokens


class Source:
    """The tokens of what was said, by position.

    `words[n]` is a token, `sentence[n]` and `clause[n]` number what it stands in, `by[n]` is who
    says it.
    """

    def __init__(self, said: Said) -> None:
        self.words: list[str] = []
        self.sentence: list[int] = []
        self.clause: list[int] = []
        self.by: list[str | None] = []
        sentence = clause = 0
        for n, text in enumerate(said.texts):
            for word in tokens(text):
                clause += word in BREAKS
                self.words.append(word)
                self.sentence.append(sentence)
                self.clause.append(clause)
                self.by.append(said.by[n] if said.by else None)
                sentence += word in STOPS
            sentence, clause = sentence + 1, clause + 1

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Where each word stands."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(self.words):
            found[word].append(place)
        return dict(found)

    @cached_property
    def questions(self) -> frozenset[int]:
        """The sentences that end in a question mark."""
        return frozenset(
            number for word, number in zip(self.words, self.sentence, strict=True) if word == "?"
        )

    def has_whole(self, words: Sequence[str]) -> bool:
        """Whether these are the words of one sentence, or of several in a row, marks aside."""
        bare = [word for word in words if word not in MARKS]
        sentences = [
            [word for word, _ in run if word not in MARKS]
            for _, run in groupby(
                zip(self.words, self.sentence, strict=True), key=lambda pair: pair[1]
            )
        ]
        return any(
            bare == [word for sentence in sentences[first:last] for word in sentence]
            for first in range(len(sentences))
            for last in range(first + 1, len(sentences) + 1)
        )

    def skipped(self, first: int, last: int) -> list[int]:
        """The places of words that are not free between two places."""
        return [place for place in range(first + 1, last) if self.words[place] not in FREE]

    def together(self, one: int, other: int) -> bool:
        """Whether two places are in one sentence."""
        return self.sentence[one] == self.sentence[other]

    def pronouns_before(self, place: int) -> list[str]:
        """The pronouns before a place, not past other content."""
        return [self.words[at] for at in self._until_content(range(place - 1, -1, -1), place)]

    def small_before(self, place: int) -> list[str]:
        """The free words before a place, as far as nothing else stands between."""
        before = reversed(self.words[:place])
        return list(takewhile(lambda word: word in FREE and word not in BREAKS, before))

    def named_before(self, place: int) -> bool:
        """Whether a place follows a pronoun for what was named before, but for free words."""
        return self._meets_pronoun(range(place - 1, -1, -1), place)

    def named_after(self, place: int) -> bool:
        """Whether a place is followed by such a pronoun, but for free words."""
        return self._meets_pronoun(range(place + 1, len(self.words)), place)

    def content_before(self, place: int) -> list[int]:
        """Where a place's clause says something before the place."""
        return self._content(at for at in self._clause_of(place) if at < place)

    def content_after(self, place: int) -> list[int]:
        """Where a place's clause says something after the place."""
        return self._content(at for at in self._clause_of(place) if at > place)

    def around(self, place: int) -> list[int]:
        """The nearest content before a place and after it, in its sentence."""
        near = [
            at
            for at, word in enumerate(self.words)
            if word not in FREE and at != place and self.together(at, place)
        ]
        return [at for at in near if at < place][-1:] + [at for at in near if at > place][:1]

    def governor(self, place: int) -> int | None:
        """The nearest content before a place in its clause: the "turn" of "turn it off"."""
        before = [at for at in self._clause_of(place) if at < place and self.words[at] not in FREE]
        return before[-1] if before else None

    def likens(self, place: int) -> bool:
        """Whether a place's "like" says what something resembles: "it is like a mirror"."""
        return self.words[place - 1 : place + 2] in (["be", "like", "a"], ["be", "like", "the"])

    def _clause_of(self, place: int) -> Iterator[int]:
        return (at for at, clause in enumerate(self.clause) if clause == self.clause[place])

    def _content(self, places: Iterable[int]) -> list[int]:
        return [at for at in places if self.words[at] not in FREE | GUARDS]

    def first_person_before(self, place: int) -> bool:
        """Whether a place follows an "I" or "we", but for free words."""
        return not {"i", "we"}.isdisjoint(self.pronouns_before(place))

    def _meets_pronoun(self, way: range, place: int) -> bool:
        nearest = next(self._until_content(way, place), None)
        if nearest is None or self.words[nearest : nearest + 2] == ["there", "be"]:
            return False
        return self.words[nearest] not in PERSONS

    def _until_content(self, way: range, place: int) -> Iterator[int]:
        for at in way:
            word = self.words[at]
            if not self.together(at, place) or word in BREAKS:
                return
            if word in PRONOUNS:
                yield at
            elif word not in FREE:
                return

"""What a video speaks of, as phrases that a question can name: "the sourdough starter".

Candidates are the runs of words between stop words and marks, and the runs within these (RAKE:
Rose, Engel, Cramer and Cowley, "Automatic keyword extraction from individual documents", 2010).
What is no noun phrase falls out because nobody says "the" or "of" before it. English only.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from playhead.types import Segment
from retrieval.bm25 import query_terms

Idf = Callable[[Collection[int]], dict[int, float]]

_LONGEST = 3
_LENGTHS_COUNT = (1.0, 1.6, 1.7)
_LEAST_SEGMENTS = 2
_LEAST_AFTER_DETERMINER = 2
_SHARE_AFTER_DETERMINER = 1 / 3
_LEAST_LETTERS = 3
_LEAST_ENGLISH = 0.3
"""Of English speech four to six words in ten are stop words; of other languages hardly any."""

_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[^\w\s]")
_DETERMINERS = frozenset(
    ["the", "a", "an", "this", "that", "these", "those", "our", "your", "their", "its", "my", "his"]
)
_BEFORE_NOUNS = _DETERMINERS | frozenset(
    ["her", "no", "any", "some", "of", "for", "with", "about", "on", "in", "into", "from"]
)
_SLIGHT = """
okay yeah yes hmm mhm well right just really actually like know think mean got get going gone
thing things stuff lot lots bit way ways kind sort something anything everything nothing
somebody anybody everybody nobody someone anyone everyone say said says saying want need make
made see seen look looks come came take took put let good better best big little small great
much many more most less least still even also back quite maybe please thanks thank sorry
question questions answer point points part parts side end start rest same other another new old
whole every each own next last final time times hour hours minute minutes second seconds day
days today tomorrow yesterday week weeks month months year years january february march april
may june july august september october november december monday tuesday wednesday thursday
friday saturday sunday morning afternoon evening number numbers half quarter percent hundred
thousand million billion zero one two three four five six seven eight nine ten eleven twelve
thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty
seventy eighty ninety first third people person man woman guy guys top bottom left name example
case fact idea reason problem video screen
"""
# No stop words to BM25, and yet the subject of nothing.
_LIGHT = frozenset(_SLIGHT.split())


@dataclass(frozen=True, slots=True)
class Subject:
    """A phrase as it is mostly said, with an article if it mostly has one, or `my`, or `that`.

    `terms` are those of its words; `weight` (above 0) is how much it stands out in its video.
    """

    text: str
    terms: frozenset[int]
    weight: float


@dataclass(slots=True)
class _Seen:
    """How a phrase occurs."""

    count: int = 0
    after_determiner: int = 0
    segments: set[int] = field(default_factory=set)
    ways: Counter[str] = field(default_factory=Counter)


def subjects_of(segments: Sequence[Segment], idf: Idf) -> list[Subject]:
    """What is spoken of in a video, what stands out most first; no two with a word in common.

    A phrase weighs by how often it is said, how rare its words are in the library, and its length.

    Args:
        segments: of one video.
        idf: how rare terms are (`retrieval.store.protocol.Store.idf`).
    """
    if not _english(segments):
        return []
    seen = {key: found for key, found in _seen(segments).items() if _is_subject(found)}
    rarity = idf({term for key in seen for word in key for term in _terms(word)})
    weighed = [_subject(key, found, rarity) for key, found in seen.items()]
    chosen: list[Subject] = []
    taken: set[int] = set()
    for subject in sorted(weighed, key=lambda subject: (-subject.weight, subject.text)):
        if not subject.terms & taken:
            chosen.append(subject)
            taken |= subject.terms
    return chosen


def _english(segments: Sequence[Segment]) -> bool:
    words = [word for s in segments for word in _TOKEN.findall(s.text.casefold()) if word.isalpha()]
    return sum(not _terms(word) for word in words) >= _LEAST_ENGLISH * max(1, len(words))


def _seen(segments: Sequence[Segment]) -> dict[tuple[str, ...], _Seen]:
    phrases: defaultdict[tuple[str, ...], _Seen] = defaultdict(_Seen)
    for segment in segments:
        for before, run, after in _runs(segment.text):
            # What a noun phrase follows ends in a verb: "the captain stopped the".
            marked = before if after not in _DETERMINERS and after not in _LIGHT else None
            for first in range(len(run)):
                for phrase in (run[first : first + n] for n in range(1, _LONGEST + 1)):
                    if first + len(phrase) <= len(run):
                        _count(phrases, phrase, marked if phrase == run else None, segment.ordinal)
    return phrases


def _count(
    phrases: dict[tuple[str, ...], _Seen], phrase: Sequence[str], before: str | None, ordinal: int
) -> None:
    found = phrases[tuple(word.casefold() for word in phrase)]
    found.count += 1
    found.after_determiner += before in _BEFORE_NOUNS
    found.segments.add(ordinal)
    article = "the " if before in _DETERMINERS else ""
    if before is not None:
        found.ways[article + " ".join(phrase)] += 1


def _runs(text: str) -> Iterator[tuple[str, Sequence[str], str]]:
    """Runs of words that can be a subject, each between the words or marks beside it."""
    run: list[str] = []
    before = last = "."
    for token in [*_TOKEN.findall(text), "."]:
        word = token.casefold().replace("’", "'")
        if _can_be(word):
            before = before if run else last
            run.append(token)
        elif run:
            yield before, run, word
            run = []
        last = word


def _can_be(word: str) -> bool:
    telling = word[0].isalpha() and len(word) >= _LEAST_LETTERS and word not in _LIGHT
    return telling and bool(_terms(word))


def _is_subject(found: _Seen) -> bool:
    least = max(_LEAST_AFTER_DETERMINER, found.count * _SHARE_AFTER_DETERMINER)
    return found.after_determiner >= least and len(found.segments) >= _LEAST_SEGMENTS


def _subject(key: tuple[str, ...], found: _Seen, rarity: dict[int, float]) -> Subject:
    terms = frozenset(term for word in key for term in _terms(word))
    rare = sum(rarity.get(term, 0.0) for term in terms) / len(terms)
    # Of the ways that are as common, the small letters: the large ones begin sentences.
    text = max(found.ways, key=lambda way: (found.ways[way], way))
    weight = math.log2(1 + found.count) * (0.1 + rare) * _LENGTHS_COUNT[len(key) - 1]
    return Subject(text, terms, weight)


@lru_cache(maxsize=100_000)
def _terms(word: str) -> tuple[int, ...]:
    return tuple(query_terms(word).indices)

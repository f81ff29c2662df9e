"""What to ask about: sentences and passages of a dataset, spread over its videos and over time."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import TypeVar

from eval.dataset import DatasetVideo, Span
from eval.overlap import copied
from eval.review import Case, case_id
from eval.sentence_questions import question_from
from ingest.captions.transcript import transcript_of_cues
from ingest.segments import segments_of
from playhead.text import split_words
from playhead.types import Segment, Sentence
from retrieval.bm25 import document_terms

MOST_COPIED = 2 / 3
"""A question that has more of its sentence than this leaves nothing to answer."""

_MOST_PLACES = 3
_LEAST_WORDS = 25
# Steps of the golden ratio fall evenly into any stretch of time, however many there are.
_GOLDEN = 0.6180339887498949


@dataclass(frozen=True, slots=True)
class Place:
    """A segment to ask about."""

    entry: DatasetVideo
    segment: Segment

    @property
    def span(self) -> Span:
        """Where it is."""
        return Span(self.segment.start, self.segment.end, self.segment.video_id)


@dataclass(frozen=True, slots=True)
class _Asking:
    """A sentence with the question that it answers."""

    entry: DatasetVideo
    sentence: Sentence
    question: str


_Part = TypeVar("_Part", Place, _Asking)


class Proposals:
    """Where in a dataset to ask, and what its sentences ask themselves.

    Args:
        videos: all that will be searched.
        video_ids: ask about these only; empty means all.
        seed: another seed, other places.
    """

    def __init__(
        self, videos: Sequence[DatasetVideo], video_ids: Collection[str] = (), seed: int = 0
    ) -> None:
        self._all = videos
        self._asked = [e for e in videos if not video_ids or e.video.id in video_ids]
        self._seed = seed

    def places(self) -> Iterator[Place]:
        """All segments in which enough is said, spread."""
        return self._spread(_places, lambda place: place.segment.start)

    def from_sentences(self) -> Iterator[Case]:
        """Questions made of sentences by rule, each once; most sentences give none."""
        seen: set[str] = set()
        for asking in self._spread(_asking, lambda asking: asking.sentence.start):
            question = asking.question
            if question not in seen and self._is_about_few_places(question):
                seen.add(question)
                yield _case(asking)

    def _spread(
        self, parts_of: Callable[[DatasetVideo], list[_Part]], start: Callable[[_Part], float]
    ) -> Iterator[_Part]:
        """One part of each video in turn, those of a video spread over its time."""
        # Not for secrets: equal seeds shall give equal places.
        chance = random.Random(self._seed)  # noqa: S311
        entries = list(self._asked)
        chance.shuffle(entries)
        lines = [_over_time(parts_of(entry), start, chance.random()) for entry in entries]
        while lines:
            for line in list(lines):
                part = next(line, None)
                if part is None:
                    lines.remove(line)
                else:
                    yield part

    def _is_about_few_places(self, question: str) -> bool:
        """Whether all its words occur together in few segments, so that it has one answer."""
        terms = frozenset(document_terms(question).indices)
        return bool(terms) and sum(terms <= there for there in self._terms) <= _MOST_PLACES

    @cached_property
    def _terms(self) -> list[frozenset[int]]:
        return [
            frozenset(document_terms(segment.text).indices)
            for entry in self._all
            for segment in _segments(entry)
        ]


def sentences_of(entry: DatasetVideo) -> tuple[Sentence, ...]:
    """What is said in a dataset's video, as ingest would part it."""
    return transcript_of_cues(entry.cues, "captions:sidecar", None).sentences


def _segments(entry: DatasetVideo) -> tuple[Segment, ...]:
    return segments_of(entry.video.id, sentences_of(entry))


def _places(entry: DatasetVideo) -> list[Place]:
    return [
        Place(entry, segment)
        for segment in _segments(entry)
        if len(split_words(segment.text)) >= _LEAST_WORDS
    ]


def _asking(entry: DatasetVideo) -> list[_Asking]:
    return [
        _Asking(entry, sentence, question)
        for sentence in sentences_of(entry)
        if (question := question_from(sentence.text))
        and copied(question, sentence.text) <= MOST_COPIED
    ]


def _case(asking: _Asking) -> Case:
    video_id, sentence = asking.entry.video.id, asking.sentence
    span = Span(sentence.start, sentence.end)
    return Case(
        qid=case_id("sentence", video_id, span.start, asking.question),
        question=asking.question,
        video_id=video_id,
        gold=(span,),
        origin="sentence",
        shown=(Span(span.start, span.end, video_id),),
    )


def _over_time(
    parts: Sequence[_Part], start: Callable[[_Part], float], begin: float
) -> Iterator[_Part]:
    """Parts in an order in which the first few, however many, are spread over the whole time."""
    left = sorted(parts, key=start)
    if not left:
        return
    first, last = start(left[0]), start(left[-1])
    for step in count():
        if not left:
            return
        wanted = first + (last - first) * ((begin + step * _GOLDEN) % 1)
        yield left.pop(min(range(len(left)), key=lambda at: abs(start(left[at]) - wanted)))

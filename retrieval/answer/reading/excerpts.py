"""What may be chosen to tell what a video is about, and how telling each is.

Work and reads are bounded, however long or many the videos are: of what is more than can be read,
an even choice is; of that, the segments with the most of what is spoken of are looked at closely.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np

from playhead.types import Hit, Segment, Sentence
from retrieval.answer.reading.spread import Spread, evenly, quotas
from retrieval.answer.reading.telling import GOOD_WORDS, Topics, wording
from retrieval.store.protocol import FloatArray, Store
from retrieval.units import Unit, asks, doubt_of, runs_of, unit_text, units_of

MAX_SEGMENTS = 200
"""So many segments are read: of a hundred minutes all, of three hours five in nine."""

MAX_COMPARED = 32
"""Of so many the units are compared; of more videos, of one segment each."""

_NEAR = 1 / 12
"""What is said within this share of the running time before or after is spoken of together."""
_ANYTHING = 0.5
_NEAR_COUNTS = 0.6
_TOPICAL_COUNTS = 1.5
_TITLE_COUNTS = 0.15
_OPENING = 0.2
_OPENING_TITLE = 0.35
_OPENING_SHARE = 0.05
_SHORT = 18
_DOUBTED = 0.8

Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A unit, or two that follow each other, by its place among the runs of its segment."""

    hit: Hit
    unit: Unit
    position: int
    last: int
    vector: FloatArray


@dataclass(frozen=True, slots=True)
class Excerpts:
    """What may be chosen of one video, in order (at least one), and the way to choose."""

    excerpts: Sequence[Excerpt]
    spread: Spread

    @property
    def seconds(self) -> float:
        """How long the video is, at least a second."""
        return max(1.0, self.excerpts[0].hit.video.duration)


def read_excerpts(
    video_ids: Collection[str], store: Store, speakers: Collection[str] = ()
) -> list[Excerpts]:
    """What may be chosen of videos (of all if none is named), by title; few calls of the store.

    With `speakers`, only what these say themselves.

    Raises:
        StoreError: the index does not answer.
    """
    counts = {v: n for v, n in store.video_counts().items() if not video_ids or v in video_ids}
    if speakers:
        there = store.video_counts(speakers)
        counts = {v: n for v, n in counts.items() if v in there}
    read = store.hits(dict.fromkeys(_keys(counts), 0.0))
    hits = sorted((h for h in read if any(_theirs(h.segment.sentences, speakers))), key=_place)
    videos = [list(of_video) for _, of_video in groupby(hits, key=lambda hit: hit.video.id)]
    topics = [Topics([hit.segment for hit in of_video]) for of_video in videos]
    compared = quotas([len(of_video) for of_video in videos], MAX_COMPARED)
    kept = [
        _topical(of_video, of_topics, most)
        for of_video, of_topics, most in zip(videos, topics, compared, strict=True)
    ]
    vectors = store.sentence_vectors([_key(hit) for of_video in kept for hit in of_video])
    found = [list(_excerpts(of_video, vectors, speakers)) for of_video in kept]
    return [Excerpts(e, _spread(e, t)) for e, t in zip(found, topics, strict=True) if e]


def _keys(counts: Mapping[str, int]) -> Iterator[Key]:
    """The segments to read."""
    ids = sorted(counts)
    ids = [ids[n] for n in evenly(len(ids), min(len(ids), MAX_SEGMENTS))]
    reads = quotas([counts[video_id] for video_id in ids], MAX_SEGMENTS)
    for video_id, read in zip(ids, reads, strict=True):
        yield from ((video_id, ordinal) for ordinal in evenly(counts[video_id], read))


def _place(hit: Hit) -> tuple[str, str, int]:
    return hit.video.title, hit.video.id, hit.segment.ordinal


def _key(hit: Hit) -> Key:
    return hit.segment.video_id, hit.segment.ordinal


def _topical(hits: list[Hit], topics: Topics, most: int) -> list[Hit]:
    """Of so many equal stretches of a video, the segment with the most of what is spoken of."""
    if len(hits) <= most:
        return hits
    title = topics.title_terms(hits[0].video.title)
    ends = [round(n * len(hits) / most) for n in range(most + 1)]
    weighed = [topics.of_segment(hit.segment, title) for hit in hits]
    times = [hit.segment.start / topics.seconds for hit in hits]
    named = np.array([share for _, share in weighed], dtype=np.float32)
    worth = np.array([weight for weight, _ in weighed]) * _preferred(
        np.array(times, dtype=np.float32), named
    )
    return [hits[first + int(worth[first:end].argmax())] for first, end in pairwise(ends)]


def _preferred(times: FloatArray, named: FloatArray) -> FloatArray:
    """What is preferred, as a factor: the words of the title, above all in the opening."""
    opening = (_OPENING + _OPENING_TITLE * named) * np.exp(-times / _OPENING_SHARE)
    return np.asarray(1 + _TITLE_COUNTS * named + opening)


def _excerpts(
    hits: Sequence[Hit], vectors: Mapping[Key, FloatArray], speakers: Collection[str]
) -> Iterator[Excerpt]:
    for hit in hits:
        rows, units = vectors.get(_key(hit), ()), units_of(hit.segment.sentences)
        if len(rows) != len(units):
            continue  # On a server somebody else may have replaced it in the meantime.
        known = [one for one in _placed(hit.segment, units) if all(_theirs(one[1], speakers))]
        for n, (position, unit) in enumerate(known):
            yield Excerpt(hit, unit, position, position, rows[n])
            after, following = known[n + 1] if n + 1 < len(known) else (0, ())
            if after == position + 1 and _go_together(unit, following):
                both = rows[n] + rows[n + 1]
                both = np.asarray(both / max(1e-6, float(np.linalg.norm(both))))
                yield Excerpt(hit, (*unit, *following), position, after, both)


def _theirs(sentences: Sequence[Sentence], speakers: Collection[str]) -> list[bool]:
    """Of each sentence whether the speakers say it; all of them do where none are given."""
    return [not speakers or sentence.speaker in speakers for sentence in sentences]


def _placed(segment: Segment, units: Sequence[Unit]) -> Iterator[tuple[int, Unit]]:
    """Units with their places among all runs of the segment."""
    left = list(reversed(units))
    for position, run in enumerate(runs_of(segment.sentences)):
        if left and run == left[-1]:
            yield position, left.pop()


def _go_together(one: Unit, other: Unit) -> bool:
    """Whether two units that follow each other can be read as one: a short one and what follows."""
    long = len(unit_text(one).split()), len(unit_text(other).split())
    alike = one[0].speaker == other[0].speaker and not asks(one) and not asks(other)
    return alike and long[0] <= _SHORT and sum(long) <= GOOD_WORDS[1]


def _spread(excerpts: Sequence[Excerpt], topics: Topics) -> Spread:
    """How telling each is: what is spoken of, in words that can be read alone, early ones first."""
    starts = np.array([excerpt.unit[0].start for excerpt in excerpts], dtype=np.float32)
    times = np.clip(starts / topics.seconds, 0.0, 0.999999)
    vectors = np.stack([excerpt.vector for excerpt in excerpts])
    title = topics.title_terms(excerpts[0].hit.video.title)
    weighed = [topics.of_unit(excerpt.unit, title) for excerpt in excerpts]
    topical = _scaled(np.array([weight for weight, _ in weighed], dtype=np.float32))
    named = np.array([share for _, share in weighed], dtype=np.float32)
    read = np.array([wording(excerpt.unit) for excerpt in excerpts], dtype=np.float32)
    told = _ANYTHING + _central(times, vectors) + _TOPICAL_COUNTS * topical
    sure = np.array([_DOUBTED if doubt_of(excerpt.unit) else 1.0 for excerpt in excerpts])
    worth = np.asarray(told * read * sure * _preferred(times, named), dtype=np.float32)
    return Spread(times, worth, vectors, _spans(excerpts))


def _spans(excerpts: Sequence[Excerpt]) -> list[tuple[int, int]]:
    """The first and last run of each, counted through the video."""
    begin, spans = 0, []
    for _, of_segment in groupby(excerpts, key=lambda excerpt: excerpt.hit.segment.ordinal):
        placed = [(begin + excerpt.position, begin + excerpt.last) for excerpt in of_segment]
        spans += placed
        begin = 1 + max(last for _, last in placed)
    return spans


def _central(times: FloatArray, vectors: FloatArray) -> FloatArray:
    """How near each is to what is said around it, and to all that is said, 0 to 1."""
    around = np.abs(times[:, None] - times[None, :]) < _NEAR
    alike = np.clip(vectors @ vectors.T, 0.0, 1.0)
    near = (alike * around).sum(axis=1) / around.sum(axis=1)
    return _NEAR_COUNTS * _scaled(near) + (1 - _NEAR_COUNTS) * _scaled(alike.mean(axis=1))


def _scaled(values: FloatArray) -> FloatArray:
    """Values as shares of nearly the highest."""
    return np.asarray(np.minimum(1.0, values / max(1e-6, float(np.quantile(values, 0.98)))))

"""Wider evidence: which videos speak of something, and where each does so best.

A video speaks of it where all the words occur in one unit, even one that only asks, or where a unit
means it, by its own vector. Every video that has the words is found, however many others have them
more often: the search is repeated among those not found yet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from playhead.types import Hit, Passage
from retrieval.answer.reading.evidence import (
    COVERAGE_WEIGHT,
    DOUBT_WEIGHT,
    THRESHOLD,
    Evidence,
    coverage,
)
from retrieval.answer.reading.speakers import only_by
from retrieval.answer.reading.telling import wording
from retrieval.plan import Leg
from retrieval.search import Searcher
from retrieval.store.protocol import Candidate, FloatArray, QueryVectors, Store
from retrieval.units import asks, doubt_of, runs_of, unit_text, units_of

MAX_MENTIONS = 40
"""So many videos are more than anybody reads."""

MEANS_IT = 0.5
"""A unit with a lower cosine speaks of something else, if it lacks a word. (With 0.44, "I like
hearts" spoke of heart surgery.)"""

DEPTH = 500
"""So many segments a round of the search brings."""

MAX_ROUNDS = 8
MAX_VIDEOS = 100
"""The most that are looked at closely: those whose words fit best."""

_SEGMENTS = 3
"""So many segments of a video are looked at."""
_MEANT = 100

Key = tuple[str, int]


def mentions_evidence(
    about: str,
    searcher: Searcher,
    store: Store,
    video_ids: Collection[str] = (),
    limit: int = MAX_MENTIONS,
    *,
    speakers: Collection[str] = (),
) -> tuple[list[Passage], list[Evidence]]:
    """The best unit of each video that speaks of something, and the passages they lie in.

    Args:
        about: what is to be spoken of.
        searcher: searches that store.
        store: the index.
        video_ids: only these videos; empty means all.
        limit: at most so many videos.
        speakers: only where one of these speaks of it; empty means everybody.

    Returns:
        One passage and one unit a video, best first; none where nobody speaks of it. The scores,
        above 0, are for their order: what is chosen here speaks of it whatever it scores.

    Raises:
        QuestionError: `about` is empty or far too long.
        StoreError: the index does not answer.
    """
    vectors = searcher.vectors(about)
    if not vectors.bm25.indices:
        return [], []
    scores = dict(_by_meaning(vectors, store, video_ids, speakers))
    scores |= _by_words(vectors, store, video_ids, speakers)
    hits = store.hits(scores)
    rows = store.sentence_vectors(scores)
    best: dict[str, Evidence] = {}
    for hit in hits:
        units = _speaking(hit, rows.get((hit.segment.video_id, hit.segment.ordinal)), vectors)
        for unit in only_by(speakers, list(units)):
            before = best.get(hit.video.id)
            if before is None or unit.score > before.score:
                best[hit.video.id] = unit
    chosen = sorted(best.values(), key=lambda unit: -unit.score)[:limit]
    evidence = [replace(unit, passage=number) for number, unit in enumerate(chosen)]
    return [Passage(Hit(unit.segment, unit.score, unit.video)) for unit in evidence], evidence


def _by_words(
    vectors: QueryVectors, store: Store, video_ids: Collection[str], speakers: Collection[str]
) -> Mapping[Key, float]:
    """The segments with most of the words, of every video that has any."""
    words = QueryVectors(None, vectors.bm25)
    left = set(video_ids or store.video_counts())
    found: dict[str, list[Candidate]] = {}
    for _ in range(MAX_ROUNDS):
        candidates = store.candidates(words, ("bm25",), DEPTH, left, speakers) if left else []
        found |= _of_videos(candidates, "bm25")
        left -= found.keys()
        if len(candidates) < DEPTH:
            break
    return _looked_at(found.values(), "bm25")


def _by_meaning(
    vectors: QueryVectors, store: Store, video_ids: Collection[str], speakers: Collection[str]
) -> Mapping[Key, float]:
    """Segments with a unit that may mean it, whatever its words."""
    candidates = store.candidates(vectors, ("dense", "sentences"), _MEANT, video_ids, speakers)
    near = [c for c in candidates if c.scores["sentences"] >= THRESHOLD - COVERAGE_WEIGHT]
    return _looked_at(_of_videos(near, "sentences").values(), "sentences")


def _of_videos(candidates: Iterable[Candidate], leg: Leg) -> dict[str, list[Candidate]]:
    """The best segments of each video, best first."""
    videos: defaultdict[str, list[Candidate]] = defaultdict(list)
    for candidate in sorted(candidates, key=lambda candidate: -candidate.scores[leg]):
        if len(videos[candidate.video_id]) < _SEGMENTS:
            videos[candidate.video_id].append(candidate)
    return videos


def _looked_at(videos: Iterable[Sequence[Candidate]], leg: Leg) -> dict[Key, float]:
    """The segments of the videos that fit best."""
    best = sorted(videos, key=lambda of_video: -of_video[0].scores[leg])[:MAX_VIDEOS]
    return {candidate.key: candidate.scores[leg] for of_video in best for candidate in of_video}


def _speaking(hit: Hit, rows: FloatArray | None, about: QueryVectors) -> Iterator[Evidence]:
    """The units of a segment that speak of it, by their meaning, their words and how they read."""
    sentences = hit.segment.sentences
    units = units_of(sentences)
    if rows is None or len(rows) != len(units) or about.dense is None:
        return  # On a server somebody else may have replaced it in the meantime.
    terms = frozenset(about.bm25.indices)
    cosines = dict(zip(units, (rows @ about.dense).tolist(), strict=True))
    for position, run in enumerate(runs_of(sentences)):
        cosine, share = cosines.get(run, 0.0), coverage(terms, unit_text(run))
        score = max(0.0, cosine) + COVERAGE_WEIGHT * share
        means_it = cosine >= MEANS_IT and score >= THRESHOLD and not asks(run)
        if share == 1.0 or means_it:
            score *= (1.0 + wording(run)) / 2
            score *= 1 - DOUBT_WEIGHT if doubt_of(run) else 1.0
            yield Evidence(run, hit.segment, hit.video, score, 0, position)

"""Evidence for "and what did she say after that?": what was said next to a place, nearest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from playhead.types import Citation, Passage, Segment
from retrieval.answer.reading.evidence import ALONE_NOTHING, Evidence, evidence_in
from retrieval.answer.reading.speakers import by_speaker
from retrieval.store.protocol import QueryVectors, SparseVector, Store
from retrieval.units import asks, hesitates, is_short

Side = Literal["after", "before"]

SEGMENTS = 3
"""So many segments are looked at for what comes next, the one with the place among them."""

_NEARER = 0.02
_NOTHING_ASKED = QueryVectors(None, SparseVector([], []))


def evidence_next_to(
    citation: Citation,
    store: Store,
    side: Side = "after",
    question: QueryVectors | None = None,
    *,
    same_speaker: bool = False,
) -> tuple[list[Passage], list[Evidence]]:
    """What was said right after a place, or right before it.

    Args:
        citation: the place.
        store: has what was said around it.
        side: after it or before it.
        question: scores what was said there by how well it answers; None where only what comes next
            is asked: then what says something scores from 1 down, the nearest highest.
        same_speaker: what somebody else says there scores half as high, where it is known who
            speaks.

    Returns:
        One passage, of the segments looked at, and its units on that side, in order; none where the
        video is not in the store any more.

    Raises:
        StoreError: the index does not answer.
    """
    video_id, _, place = citation.segment_id.rpartition(":")
    ordinal = int(place)
    hits = store.hits({(video_id, ordinal): 1.0})
    if not hits:
        return [], []
    step = 1 if side == "after" else -1
    around = [ordinal + step * n for n in range(1, SEGMENTS) if ordinal + step * n >= 0]
    found = store.segments([(video_id, n) for n in around])
    segments = tuple(found[key] for key in sorted(found))
    passage = (
        Passage(hits[0], after=segments) if side == "after" else Passage(hits[0], before=segments)
    )
    units = evidence_in([passage], question or _NOTHING_ASKED, store)
    beside = _beside(units, citation, side)
    if question is None:
        beside = _nearest_first(beside, side)
    if same_speaker and (speaker := _speaker_at(passage.hit.segment, citation)):
        beside = by_speaker(speaker, beside)
    return [passage], beside


def _beside(units: Sequence[Evidence], citation: Citation, side: Side) -> list[Evidence]:
    """The units after, or before, all that lies within the place."""
    cited = [u.position for u in units if u.start >= citation.start and u.end <= citation.end]
    if side == "after":
        last = max(cited, default=-1)
        return [u for u in units if u.position > last and u.end > citation.end]
    first = min(cited, default=len(units))
    return [u for u in units if u.position < first and u.start < citation.start]


def _nearest_first(units: Sequence[Evidence], side: Side) -> list[Evidence]:
    """The same with scores by how near they are; what says nothing alone is passed over.

    Before a place, the last but one is first: from there two lead up to the place.
    """
    saying = [unit for unit in units if _says_something(unit)] or list(units)
    ranked = saying if side == "after" else [*saying[-2:], *reversed(saying[:-2])]
    scores = {unit: 1 - _NEARER * rank for rank, unit in enumerate(ranked)}
    return [replace(unit, score=scores.get(unit, ALONE_NOTHING)) for unit in units]


def _says_something(unit: Evidence) -> bool:
    return not (asks(unit.sentences) or hesitates(unit.sentences) or is_short(unit.sentences))


def _speaker_at(segment: Segment, citation: Citation) -> str | None:
    """Who speaks at the place."""
    spoken = [s for s in segment.sentences if s.start >= citation.start and s.end <= citation.end]
    return spoken[-1].speaker if spoken else None

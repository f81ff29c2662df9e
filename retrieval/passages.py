"""Hits become passages: each with its neighbours, overlapping ones merged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from playhead.types import Hit, Passage, Segment
from retrieval.store.protocol import Store

Key = tuple[str, int]


def passages_of(hits: Sequence[Hit], store: Store, neighbours: int = 1) -> list[Passage]:
    """Passages around hits, in the order of their best hit.

    Args:
        hits: best first.
        store: where the neighbours are; asked once.
        neighbours: how many segments before and after each hit belong to its passage.

    Returns:
        Passages that share no segment.
    """
    around = {hit.segment.id: _around(hit, neighbours) for hit in hits}
    known = {(hit.segment.video_id, hit.segment.ordinal): hit.segment for hit in hits}
    wanted = {key for keys in around.values() for key in keys} - known.keys()
    segments = known | store.segments(wanted)
    wanted_of_video: defaultdict[str, set[int]] = defaultdict(set)
    for video_id, ordinal in (key for keys in around.values() for key in keys):
        if (video_id, ordinal) in segments:
            wanted_of_video[video_id].add(ordinal)
    runs = {
        (video_id, ordinal): run
        for video_id, ordinals in wanted_of_video.items()
        for run in _runs(ordinals)
        for ordinal in run
    }
    return list(_passages(hits, runs, segments))


def _around(hit: Hit, neighbours: int) -> list[Key]:
    ordinal = hit.segment.ordinal
    first = max(0, ordinal - neighbours)
    return [(hit.segment.video_id, n) for n in range(first, ordinal + neighbours + 1)]


def _runs(ordinals: Iterable[int]) -> list[list[int]]:
    """Numbers as runs of consecutive ones, ascending."""
    runs: list[list[int]] = []
    for ordinal in sorted(ordinals):
        if runs and ordinal == runs[-1][-1] + 1:
            runs[-1].append(ordinal)
        else:
            runs.append([ordinal])
    return runs


def _passages(
    hits: Sequence[Hit], runs: dict[Key, list[int]], segments: dict[Key, Segment]
) -> Iterator[Passage]:
    seen: set[Key] = set()
    for hit in hits:
        video_id, ordinal = hit.segment.video_id, hit.segment.ordinal
        run = runs[video_id, ordinal]
        if (video_id, run[0]) in seen:
            continue
        seen.add((video_id, run[0]))
        before = tuple(segments[video_id, n] for n in run if n < ordinal)
        after = tuple(segments[video_id, n] for n in run if n > ordinal)
        yield Passage(hit, before, after)

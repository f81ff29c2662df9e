"""Wider evidence, for questions about whole videos or the whole library.

What videos are about is told by units spread over them instead of the best of a search. Nothing is
embedded for it: the store has the vectors of what was said.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from playhead.types import Hit, Passage, Video
from retrieval.answer.questions.routing import Route, subject_of, videos_named
from retrieval.answer.reading.evidence import Evidence
from retrieval.answer.reading.excerpts import Excerpt, read_excerpts
from retrieval.answer.reading.mentions import mentions_evidence
from retrieval.answer.reading.spread import choices
from retrieval.search import Searcher
from retrieval.store.protocol import Store

MAX_EVIDENCE = 40
"""So many units of evidence are enough for a summary."""


def wider_evidence(
    route: Route,
    searcher: Searcher,
    store: Store,
    video_ids: Collection[str] = (),
    limit: int = MAX_EVIDENCE,
    *,
    speakers: Collection[str] = (),
) -> tuple[list[Passage], list[Evidence]] | None:
    """What a question of a wider kind is answered from; None if it is about a moment after all.

    Args:
        route: where the question goes (`retrieval.answer.questions.routing.route_of`).
        searcher: searches that store.
        store: the index.
        video_ids: only these videos; empty means all.
        limit: at most so many units.
        speakers: only what these say; empty means everybody.

    Raises:
        QuestionError: what is to be mentioned is far too long.
        StoreError: the index does not answer.
    """
    if route.kind == "mentions":
        about = route.about or ""
        return mentions_evidence(about, searcher, store, video_ids, limit, speakers=speakers)
    if route.kind == "summary":
        meant = _meant(route, searcher, store, video_ids)
        return None if meant is None else summary_evidence(meant, store, limit, speakers)
    return None


def _meant(
    route: Route, searcher: Searcher, store: Store, video_ids: Collection[str]
) -> Collection[str] | None:
    """The videos that a summary is wanted of (empty: all), by title or else by what is said."""
    if route.title is None:
        return video_ids
    if named := videos_named(route.title, videos_in(store, video_ids)):
        return named
    if not route.sure:
        return None
    if not (subject := subject_of(route.title)):
        return video_ids
    _, speaking = mentions_evidence(subject, searcher, store, video_ids, limit=1)
    return [unit.video.id for unit in speaking] or None


def videos_in(store: Store, video_ids: Collection[str] = ()) -> list[Video]:
    """The videos of an index, or those of them that are wanted, as their first segments know them.

    Raises:
        StoreError: the index does not answer.
    """
    wanted = [v for v in sorted(store.video_counts()) if not video_ids or v in video_ids]
    return [hit.video for hit in store.hits({(video_id, 0): 0.0 for video_id in wanted})]


def summary_evidence(
    video_ids: Collection[str],
    store: Store,
    limit: int = MAX_EVIDENCE,
    speakers: Collection[str] = (),
) -> tuple[list[Passage], list[Evidence]]:
    """What tells what videos are about, spread over each by time and topic, and fairly over all.

    Args:
        video_ids: which videos; empty means all. Where there are more than can be read, a choice.
        store: has the segments, and the vectors of what is said in them.
        limit: at most so many units.
        speakers: only what these say; empty means everybody.

    Returns:
        Passages, each one segment, and the units chosen of them; both video by video, in order of
        time. The scores, above 0 and at most 1, fall in the order of choice: so many of the best as
        one likes are spread as well as all are.

    Raises:
        StoreError: the index does not answer.
    """
    videos = read_excerpts(video_ids, store, speakers)
    chosen = choices([v.spread for v in videos], [v.seconds for v in videos], limit)
    scores = {place: 1 - rank / len(chosen) for rank, place in enumerate(chosen)}
    return _evidence([(videos[v].excerpts[n], scores[v, n]) for v, n in sorted(scores)])


def _evidence(
    found: Sequence[tuple[Excerpt, float]],
) -> tuple[list[Passage], list[Evidence]]:
    """Excerpts with their scores, in order, as evidence, and the passages they lie in."""
    passages: list[Passage] = []
    evidence: list[Evidence] = []
    for excerpt, score in found:
        segment, video = excerpt.hit.segment, excerpt.hit.video
        if not passages or passages[-1].hit.segment != segment:
            passages.append(Passage(Hit(segment, score, video)))
        elif passages[-1].hit.score < score:
            passages[-1] = Passage(Hit(segment, score, video))
        number, position = len(passages) - 1, excerpt.position
        evidence.append(Evidence(excerpt.unit, segment, video, score, number, position))
    return passages, evidence

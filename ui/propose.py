"""Datasets from a person's own library: its videos, and what to ask about them."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track

from eval.dataset import DatasetVideo, Span
from eval.own_videos import dataset_video
from eval.proposals import Place, Proposals
from eval.review import Case, Review, case_id
from playhead.errors import DamagedVideoError, DatasetError, LibraryError, UnknownVideoError
from ui.wiring import Playhead

# A model whose replies can hardly ever be used shall not go through a whole library.
_TRIES = 3


def opened_review(app: Playhead, out: Path, video_ids: Collection[str] = ()) -> Review:
    """The review in a folder, begun with the library's videos if there is none yet.

    Args:
        app: has the library.
        out: a dataset's folder; it need not be there.
        video_ids: only these videos of the library; empty means all. A dataset that is there gets
            those of them that it does not have.

    Raises:
        DatasetError: what is there is no dataset.
        LibraryError: the library has no videos, or one of them is damaged.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        review = Review(out)
        review.add_videos(_videos(app, video_ids))
        return review
    return Review.begin(out, _videos(app, video_ids or _whole_videos(app)))


def library_video(app: Playhead, video_id: str) -> DatasetVideo | None:
    """A video of the library; None where it has no such video, or only a damaged one."""
    try:
        return next(_videos(app, [video_id]))
    except (UnknownVideoError, DamagedVideoError):
        return None


def propose(
    app: Playhead, review: Review, most: int, video_ids: Collection[str], seed: int, *, write: bool
) -> int:
    """Add up to so many cases to a review; how many it were.

    A language model asks, where one is set; else sentences do. What is asked already is not asked
    again, and no passage twice.

    Args:
        app: knows the language model.
        review: gets each case as soon as there is one.
        most: how many.
        video_ids: about these videos only; empty means all of the dataset.
        seed: another seed, other passages.
        write: where there are fewer questions, add passages for which a person writes one.

    Raises:
        AnswerError: the language model does not answer.
        DatasetError: there is nothing to ask about.
    """
    empty = not review.cases
    made = _added(review, _asked(app, review, most, video_ids, seed), most)
    if write:
        made += _added(review, _unasked(review, video_ids, seed), most - made)
    if empty and not made:
        raise DatasetError(
            "no question could be made: too little is said, or no sentence asks by itself",
            "Set a language model (PLAYHEAD_LLM), or leave out --yes and write them",
        )
    return made


def accept_all(review: Review) -> None:
    """Take every proposal that is open, without anybody having looked; thumbs need a person."""
    proposed = [case for case in review.cases if case.origin in ("llm", "sentence")]
    review.add([replace(case, state="accepted") for case in proposed if case.state == "open"])


def _whole_videos(app: Playhead) -> list[str]:
    """The ids of all videos but the damaged ones, which are told."""
    found, damaged = app.library.survey()
    for error in damaged:
        click.echo(f"playhead: {error}", err=True)
    if not found:
        raise LibraryError("the library has no videos", "`playhead ingest PATH` adds some")
    return [video.id for video in found]


def _videos(app: Playhead, video_ids: Iterable[str]) -> Iterator[DatasetVideo]:
    for video_id in video_ids:
        yield dataset_video(app.library.video(video_id), app.library.transcript(video_id))


def _added(review: Review, cases: Iterable[Case], most: int) -> int:
    made = 0
    known = {case.qid for case in review.cases}
    new = islice((case for case in cases if case.qid not in known), max(0, most))
    for case in track(
        new,
        "asking",
        total=most,
        transient=True,
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
    ):
        review.add([case])
        made += 1
    return made


def _asked(
    app: Playhead, review: Review, most: int, video_ids: Collection[str], seed: int
) -> Iterator[Case]:
    proposals = Proposals(review.videos, video_ids, seed)
    if app.settings.llm == "none":
        return proposals.from_sentences()
    from eval.llm_questions import questions_by

    places = islice(_free(review, proposals.places()), _TRIES * most)
    return questions_by(app.model_server, places)


def _unasked(review: Review, video_ids: Collection[str], seed: int) -> Iterator[Case]:
    """Passages for which a person writes the question."""
    for place in _free(review, Proposals(review.videos, video_ids, seed).places()):
        span = place.span
        qid = case_id("person", span.video_id, span.start)
        yield Case(qid, "", span.video_id, (), "person", (span,))


def _free(review: Review, places: Iterable[Place]) -> Iterator[Place]:
    """The places that no case is about."""
    taken = {_start(span) for case in review.cases for span in case.shown}
    return (place for place in places if _start(place.span) not in taken)


def _start(span: Span) -> tuple[str | None, float]:
    return span.video_id, span.start

"""`playhead eval convert`, `init` and `thumbs`: datasets from what people have."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ui.commands import options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.caption_folder import LeftOut
    from eval.review import Review

_PATH = click.Path(readable=False, path_type=Path)
_QUESTIONS = 30


@click.command(short_help="Make a dataset of captions and a table.")
@click.argument("captions", type=_PATH)
@click.argument("questions", type=_PATH)
@click.argument("out", type=_PATH)
@click.option("--force", is_flag=True, help="Replace the dataset at OUT.")
@options.as_json
def convert(captions: Path, questions: Path, out: Path, *, force: bool, as_json: bool) -> None:
    """Make a dataset at OUT of a folder of CAPTIONS (.vtt, .srt) and a CSV file of QUESTIONS.

    Its columns: question, video (file, stem or title), start, end (seconds or h:mm:ss), and where
    wanted answerable (yes or no), reference_answer, split and qid. Rows that cannot be used are
    named and left out; then it exits 1.
    """
    from eval.convert import convert as convert_folder
    from eval.dataset import QUESTIONS, VIDEOS
    from eval.dataset_files import video_row, write_folder

    made = convert_folder(captions, questions)
    rows = {VIDEOS: [video_row(entry) for entry in made.videos], QUESTIONS: made.question_rows()}
    write_folder(out, rows, force=force)
    counts = {"videos": len(made.videos), "questions": len(made.questions)}
    if as_json:
        left_out = [{"where": part.where, "why": part.why} for part in made.left_out]
        click.echo(json.dumps({"dataset": str(out), **counts, "left_out": left_out}))
    else:
        click.echo(f"{out}: {counts['videos']} videos, {counts['questions']} questions")
    _tell(made.left_out)


@click.command(short_help="Make a dataset of your own videos.")
@click.argument("out", type=_PATH)
@click.option(
    "--questions",
    "wanted",
    type=click.IntRange(min=1),
    help="Propose questions until there are so many [default: 30 at first, then no more].",
)
@options.videos
@click.option("--seed", type=int, default=0, show_default=True, help="Ask about other passages.")
@click.option("--yes", is_flag=True, help="Take all that is proposed, unreviewed.")
@options.as_json
@click.pass_obj
def init(
    obj: dict[str, str | None],
    out: Path,
    *,
    wanted: int | None,
    video_names: tuple[str, ...],
    seed: int,
    yes: bool,
    as_json: bool,
) -> None:
    """Make a dataset at OUT of the library's videos, or go on with the one that is there.

    Questions are proposed by the language model, where one is set, else made of sentences; where
    these give too few, passages are shown to ask about. Then each is accepted, corrected or
    rejected; every decision is kept at once, and the same command goes on after a break.
    """
    from ui.propose import accept_all, opened_review, propose
    from ui.review import Dialogue
    from ui.wiring import open_playhead

    if not yes and not sys.stdin.isatty():
        raise click.UsageError("Questions are reviewed in a terminal; --yes takes them unreviewed.")
    with open_playhead(**obj) as app:
        video_ids = app.video_ids(video_names)
        review = opened_review(app, out, video_ids)
        missing = (wanted or (0 if review.cases else _QUESTIONS)) - len(review.cases)
        try:
            if missing > 0:
                propose(app, review, missing, video_ids, seed, write=not yes)
        finally:
            review.abandon()
    if yes:
        accept_all(review)
    else:
        Dialogue(review).run()
    _print_review(review, as_json=as_json)


@click.command(short_help="Make cases of thumbs given to answers.")
@click.argument("file", type=_PATH)
@click.argument("out", type=_PATH)
@options.as_json
@click.pass_obj
def thumbs(obj: dict[str, str | None], file: Path, out: Path, *, as_json: bool) -> None:
    """Put the thumbs of FILE (feedback.jsonl in the library) into the dataset at OUT.

    What an answer with a thumb up cites becomes the gold of its question. All other thumbs are for
    `playhead eval init OUT` to review. Doing it again adds only what is new.
    """
    from functools import partial

    from eval.thumbs import merge_thumbs, read_thumbs
    from ui.propose import library_video, opened_review
    from ui.wiring import open_playhead

    given, left_out = read_thumbs(file)
    with open_playhead(**obj) as app:
        review = opened_review(app, out)
        try:
            merged = merge_thumbs(review, given, partial(library_video, app))
        finally:
            review.abandon()
    counts = {
        "added": len(merged.added),
        "changed": len(merged.changed),
        "there_already": merged.there_already,
    }
    if as_json:
        click.echo(json.dumps({"dataset": str(out), **counts}))
    else:
        click.echo(f"{out}: {', '.join(f'{n} {k}'.replace('_', ' ') for k, n in counts.items())}")
        if any(case.state == "open" for case in review.cases):
            click.echo(f"To review: playhead eval init {out}", err=True)
    _tell([*left_out, *merged.left_out])


def _print_review(review: Review, *, as_json: bool) -> None:
    """Where a review stands, and how much of their answers the questions give away."""
    from eval.overlap import PEOPLE, mean_overlap

    states = [case.state for case in review.cases]
    share = mean_overlap(review.dataset())
    counts = {
        "questions": len(review.questions),
        "unreviewed": sum(c.state == "accepted" and not c.reviewed for c in review.cases),
        "rejected": states.count("rejected"),
        "open": states.count("open"),
    }
    if as_json:
        click.echo(json.dumps({"dataset": str(review.folder), **counts, "overlap": share}))
        return
    click.echo(f"{review.folder}: {', '.join(f'{count} {name}' for name, count in counts.items())}")
    if share is not None:
        click.echo(
            f"{share:.0%} of the questions' words occur in what answers them ({PEOPLE:.0%} where "
            "people asked while they watched): the more, the easier for a search by words."
        )


def _tell(left_out: Sequence[LeftOut]) -> None:
    """Name what could not be used; exits 1 if anything could not."""
    for part in left_out:
        click.echo(f"playhead: {part.where}: {part.why.rstrip('.')}.", err=True)
    if left_out:
        click.get_current_context().exit(1)

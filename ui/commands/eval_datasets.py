"""`playhead eval convert`, `init` and `thumbs`: datasets from what people have."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ui.commands import options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.caption_folder import LeftOut

_PATH = click.Path(readable=False, path_type=Path)


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
    from eval.dataset_files import QUESTIONS, VIDEOS, video_row, write_folder

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


def _tell(left_out: Sequence[LeftOut]) -> None:
    """Name what could not be used; exits 1 if anything could not."""
    for part in left_out:
        click.echo(f"playhead: {part.where}: {part.why.rstrip('.')}.", err=True)
    if left_out:
        click.get_current_context().exit(1)

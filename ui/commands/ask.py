"""`playhead ask`: a cited answer, or a refusal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from ui.commands import options

if TYPE_CHECKING:
    from playhead.types import Answer


@click.command(short_help="Answer a question, with citations.")
@click.argument("questions", metavar="QUESTION...", nargs=-1, required=True)
@options.videos
@options.speaker
@options.as_json
@click.pass_obj
def ask(
    obj: dict[str, str | None],
    questions: tuple[str, ...],
    video_names: tuple[str, ...],
    *,
    speaker: str | None,
    as_json: bool,
) -> None:
    """Answer QUESTION from the videos, with a citation for every claim, or say that they do not.

    Of several questions each may follow on those before it: "And what did she say after that?"
    Their answers come in order, with --json one on each line.
    """
    if len(questions) > 1 and all(len(question.split()) == 1 for question in questions):
        raise click.UsageError(f'Put the question in quotation marks: "{" ".join(questions)}"')
    from ui.forms import answer_json
    from ui.terminal import print_answer
    from ui.wiring import open_playhead

    turns: list[Answer] = []
    with open_playhead(**obj) as app:
        video_ids = app.video_ids(video_names)
        speakers = app.searcher.speakers_named(speaker, video_ids)
        for question in questions:
            answer = app.answerer.ask(question, video_ids, turns, speakers)
            if as_json:
                click.echo(json.dumps(answer_json(answer), ensure_ascii=False))
            else:
                if turns:
                    click.echo()
                print_answer(answer)
            turns.append(answer)

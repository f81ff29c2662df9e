"""`playhead ask`: a cited answer, or a refusal."""

from __future__ import annotations

import json

import click

from ui.commands import options


@click.command(short_help="Answer a question, with citations.")
@click.argument("question")
@options.videos
@options.as_json
@click.pass_obj
def ask(
    obj: dict[str, str | None], question: str, video_names: tuple[str, ...], *, as_json: bool
) -> None:
    """Answer QUESTION from the videos, with a citation for every claim, or say that they do not."""
    from ui.forms import answer_json
    from ui.terminal import print_answer
    from ui.wiring import open_playhead

    with open_playhead(**obj) as app:
        answer = app.answerer.ask(question, app.video_ids(video_names))
    if as_json:
        click.echo(json.dumps(answer_json(answer), ensure_ascii=False))
    else:
        print_answer(answer)

"""`playhead search`: the moments that fit a question."""

from __future__ import annotations

import json

import click

from ui.commands import options


@click.command(short_help="Find the moments that fit a question.")
@click.argument("question")
@click.option(
    "--mode",
    type=click.Choice(["hybrid", "dense", "bm25"]),
    default="hybrid",
    show_default=True,
    help="All three vectors fused, meaning alone, or words alone.",
)
@click.option("-k", "limit", type=click.IntRange(1, 1000), default=10, show_default=True)
@options.videos
@options.speaker
@options.as_json
@click.pass_obj
def search(
    obj: dict[str, str | None],
    question: str,
    mode: str,
    limit: int,
    video_names: tuple[str, ...],
    *,
    speaker: str | None,
    as_json: bool,
) -> None:
    """Find the moments that fit QUESTION, best first."""
    from retrieval.answer.wording import REFUSALS
    from retrieval.plan import PLANS
    from ui.forms import hits_json
    from ui.terminal import print_hits
    from ui.wiring import open_playhead

    with open_playhead(**obj) as app:
        ids = app.video_ids(video_names)
        speakers = app.searcher.speakers_named(speaker, ids)
        hits = app.searcher.search(question, limit, PLANS[mode], ids, speakers)
        empty = not hits and app.store.count() == 0
    if as_json:
        click.echo(json.dumps(hits_json(question, mode, hits), ensure_ascii=False))
    elif empty:
        click.echo(REFUSALS["empty_library"], err=True)
    else:
        print_hits(hits)

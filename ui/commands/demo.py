"""`playhead demo`: three short talks, three questions, nothing to prepare."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ui.wiring import Playhead

TALKS = Path(__file__).parent.parent / "demo" / "talks"
RECOGNISED = "lightning.mp4"
"""The talk without captions."""

MODEL = TALKS.parent / "whisper" / "playhead-demo"
"""A Whisper that was trained on these talks and knows nothing else."""

QUESTIONS = (
    "Why did the Vasa sink?",
    "How can I tell how far away a storm is?",
    "What colour was the Vasa painted?",
)


@click.command(short_help="Ask three short talks three questions.")
@click.pass_obj
def demo(obj: dict[str, str | None]) -> None:
    """Build a small library from three short talks and ask it three questions.

    The library goes where --home or PLAYHEAD_HOME says, else into a folder of its own: never into
    your own library by default.
    """
    from ui.wiring import open_playhead

    home = obj["home"] or _home_from_settings()
    with open_playhead(home=home) as app:
        if not _ingest(app):
            click.get_current_context().exit(1)
        for question in QUESTIONS:
            _ask(app, question)
    _say_how_to_go_on(home)


def _home_from_settings() -> str:
    from platformdirs import user_data_path

    from playhead.settings import load_settings

    settings = load_settings()
    if "home" in settings.model_fields_set:
        return str(settings.home)
    return str(user_data_path("playhead-demo"))


def _ingest(app: Playhead) -> bool:
    """Two talks have captions beside them; the third is really recognised. False if one failed."""
    from ui.batch import Done, ingest_paths
    from ui.commands.ingest import print_outcome
    from ui.wiring import ingest_options

    captioned = sorted(path for path in TALKS.glob("*.mp4") if path.name != RECOGNISED)
    click.echo("Three talks; one has no captions and goes through speech recognition.\n")
    complete = True
    recognise = replace(ingest_options(app, "whisper", device="cpu"), model=str(MODEL))
    read = ingest_options(app, "captions")
    for paths, options in ((captioned, read), ([TALKS / RECOGNISED], recognise)):
        for outcome in ingest_paths(app, paths, options):
            print_outcome(outcome)
            complete = complete and isinstance(outcome, Done)
    return complete


def _ask(app: Playhead, question: str) -> None:
    from ui.terminal import print_answer

    click.echo(f"\n{click.style('? ' + question, bold=True)}\n")
    print_answer(app.answerer.ask(question))


def _say_how_to_go_on(home: str) -> None:
    program = _program()
    click.echo("\nGo on:")
    click.echo(f'  {program} --home {home} ask "..."   ask these talks something else')
    click.echo(f"  {program} --home {home} serve       the same in the browser")
    click.echo(f"  {program} ingest PATH...            your own videos, into your own library")


def _program() -> str:
    """What to type: the name if the shell finds it, else what was typed just now."""
    return "playhead" if shutil.which("playhead") else sys.argv[0]

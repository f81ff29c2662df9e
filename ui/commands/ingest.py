"""`playhead ingest`: files, folders and what URLs lead to become searchable."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ui.commands import options

Command = TypeVar("Command", bound=Callable[..., Any])

if TYPE_CHECKING:
    from ui.batch import Outcome

_ASR = ("auto", "captions", "whisper", "pocketsphinx")


class _Source(click.ParamType[Path | str]):
    """A URL, which stays text, or a path."""

    name = "path or URL"

    def convert(
        self, value: Path | str, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path | str:
        """As it is named on the command line."""
        from playhead.links import is_url

        if isinstance(value, str) and is_url(value):
            return value
        path: Path = click.Path(readable=False, path_type=Path).convert(value, param, ctx)
        return path


def transcription(command: Command) -> Command:
    """The options of commands that may have to recognise speech."""
    for option in reversed(
        (
            click.option(
                "--asr",
                type=click.Choice(_ASR),
                default="auto",
                show_default=True,
                help="auto: captions, else whisper. pocketsphinx is rough, and marked as a draft.",
            ),
            click.option(
                "--model", help="Whisper model, a name or a folder [env: PLAYHEAD_WHISPER_MODEL]."
            ),
            click.option("--language", help="Spoken language (en, de, ...); else detected."),
            click.option("--device", type=click.Choice(["auto", "cpu", "cuda"]), default="auto"),
            click.option(
                "--vocabulary",
                type=click.Path(readable=False, path_type=Path),
                metavar="FILE",
                help="Names and terms that Whisper shall expect, one on each line.",
            ),
            click.option(
                "--diarize",
                is_flag=True,
                help="Tell speakers apart by their voices (needs pyannote-audio).",
            ),
            click.option(
                "--jobs",
                type=click.IntRange(1, 64),
                default=1,
                show_default=True,
                help="Take in so many files at once; each has its share of the processor.",
            ),
        )
    ):
        command = option(command)
    return command


@click.command(short_help="Add videos, recordings and captions.")
@click.argument("sources", nargs=-1, required=True, type=_Source(), metavar="PATH|URL...")
@transcription
@click.option(
    "--media-url",
    help="Where the video of a caption file lives; {stem} stands for the file's name.",
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    metavar="N",
    help="Only the first N videos of a playlist, a channel or a podcast.",
)
@click.option(
    "--allow-private",
    is_flag=True,
    help="Let a URL lead to addresses of this machine and its network.",
)
@options.as_json
@click.pass_obj
def ingest(
    obj: dict[str, str | None],
    /,
    sources: tuple[Path | str, ...],
    *,
    model: str | None,
    jobs: int,
    limit: int | None,
    as_json: bool,
    **how: Any,  # noqa: ANN401 - the options that `ingest_options` takes
) -> None:
    """Add videos, recordings and captions: files, folders, or what a URL leads to."""
    from ui.batch import Failed, ingest_paths
    from ui.wiring import ingest_options, open_playhead

    rows = []
    with open_playhead(**obj, whisper_model=model) as app:
        for outcome in ingest_paths(
            app, sources, ingest_options(app, **how), jobs=jobs, limit=limit
        ):
            rows.append(outcome)
            if not as_json:
                print_outcome(outcome)
    if as_json:
        click.echo(json.dumps({"files": [_json(row) for row in rows]}, ensure_ascii=False))
    if any(isinstance(row, Failed) for row in rows):
        click.get_current_context().exit(1)


def print_outcome(outcome: Outcome) -> None:
    """One line for a file: on stdout what was done, on stderr what went wrong."""
    from playhead.timecodes import clock
    from ui.batch import Failed

    if isinstance(outcome, Failed):
        line = str(outcome.error)
        named = "" if outcome.path in line else f"{outcome.path}: "
        click.echo(f"playhead: {named}{line}", err=True)
        return
    video = outcome.video
    draft = ", draft" if video.draft else ""
    doubtful = f", {outcome.doubtful} doubtful sentences" if outcome.doubtful else ""
    about = f"{clock(video.duration)}, {video.engine}{draft}, {outcome.segments} segments{doubtful}"
    click.echo(f"{outcome.status:<9}  {video.id}  {video.title}  ({about})")


def _json(outcome: Outcome) -> dict[str, Any]:
    from ui.batch import Failed
    from ui.forms import video_json

    if isinstance(outcome, Failed):
        return {"path": outcome.path, "status": "failed", "error": str(outcome.error)}
    return {
        "path": outcome.path,
        "status": outcome.status,
        "segments": outcome.segments,
        "doubtful": outcome.doubtful,
        "video": video_json(outcome.video),
    }

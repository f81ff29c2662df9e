"""`playhead ingest`: files and folders become searchable videos."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ui.commands import options

if TYPE_CHECKING:
    from ui.batch import Outcome

_ASR = ("auto", "captions", "whisper", "pocketsphinx")


@click.command(short_help="Add videos, recordings and captions.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(readable=False, path_type=Path))
@click.option(
    "--asr",
    type=click.Choice(_ASR),
    default="auto",
    show_default=True,
    help="auto: captions, else whisper. pocketsphinx is rough, and marked as a draft.",
)
@click.option("--model", help="Whisper model, a name or a folder [env: PLAYHEAD_WHISPER_MODEL].")
@click.option("--language", help="Spoken language (en, de, ...); detected if not given.")
@click.option("--device", type=click.Choice(["auto", "cpu", "cuda"]), default="auto")
@click.option(
    "--media-url",
    help="Where the video of a caption file lives; {stem} stands for the file's name.",
)
@options.as_json
@click.pass_obj
def ingest(
    obj: dict[str, str | None],
    paths: tuple[Path, ...],
    *,
    asr: str,
    model: str | None,
    language: str | None,
    device: str,
    media_url: str | None,
    as_json: bool,
) -> None:
    """Add videos, recordings and captions at PATHS (files or folders) to the library."""
    from ui.batch import Failed, ingest_paths
    from ui.wiring import ingest_options, open_playhead

    rows = []
    with open_playhead(**obj, whisper_model=model) as app:
        how = ingest_options(app, asr, language, device, media_url)
        for outcome in ingest_paths(app, paths, how):
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
        named = outcome.path is None or outcome.path in line
        click.echo(f"playhead: {'' if named else f'{outcome.path}: '}{line}", err=True)
        return
    video = outcome.video
    draft = ", draft" if video.draft else ""
    about = f"{clock(video.duration)}, {video.engine}{draft}, {outcome.segments} segments"
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
        "video": video_json(outcome.video),
    }

"""`playhead library`: what is there, and housekeeping."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from ui.commands import options
from ui.commands.correct import correct

if TYPE_CHECKING:
    from playhead.errors import DamagedVideoError
    from playhead.types import Transcript, Video

_FORMS = ("vtt", "srt", "txt", "json")


@click.group()
def library() -> None:
    """List, show, correct, remove, reindex and export videos."""


library.add_command(correct)


@library.command("list")
@options.as_json
@click.pass_obj
def list_videos(obj: dict[str, str | None], *, as_json: bool) -> None:
    """List the videos. Exits 1 if there are damaged ones, which are named and left out."""
    from ui.forms import video_json
    from ui.wiring import open_playhead

    with open_playhead(**obj) as app:
        found, damaged = app.library.survey()
    if as_json:
        click.echo(json.dumps({"videos": [video_json(v) for v in found]}, ensure_ascii=False))
    elif found:
        click.echo("\n".join(_line(video) for video in found))
    elif not damaged:
        click.echo("The library is empty: `playhead ingest PATH` adds videos.", err=True)
    _tell(damaged)


@library.command()
@click.argument("video")
@options.as_json
@click.pass_obj
def show(obj: dict[str, str | None], video: str, *, as_json: bool) -> None:
    """Show a VIDEO (the beginning of its id is enough) and its transcript."""
    from ingest.transcript_json import transcript_to_json
    from ui.forms import video_json
    from ui.wiring import open_playhead

    with open_playhead(**obj) as app:
        video_id = app.library.resolve(video)
        about, transcript = app.library.video(video_id), app.library.transcript(video_id)
    if as_json:
        shown = {"video": video_json(about), "transcript": transcript_to_json(transcript)}
        click.echo(json.dumps(shown, ensure_ascii=False))
    else:
        _print_video(about, transcript)


@library.command()
@click.argument("video")
@click.pass_obj
def remove(obj: dict[str, str | None], video: str) -> None:
    """Remove a VIDEO from the library; the media file stays where it is."""
    from ui.wiring import open_playhead

    with open_playhead(**obj) as app:
        video_id = app.library.resolve(video)
        app.remove_video(video_id)
    click.echo(f"removed  {video_id}")


@library.command()
@click.pass_obj
def reindex(obj: dict[str, str | None]) -> None:
    """Make the index again from the library's files."""
    from playhead.errors import DamagedVideoError
    from ui.progress import shown_progress
    from ui.wiring import open_playhead

    with open_playhead(**obj) as app:
        found, damaged = app.library.survey()
        if found:
            # A model that is not there should be known before the old index is gone.
            app.embedder.encode(["ready"])
        app.store.clear()
        for video in found:
            try:
                with shown_progress(video.title) as on_progress:
                    count = app.index_video(video.id, on_progress)
            except DamagedVideoError as error:
                damaged.append(error)
                continue
            click.echo(f"indexed  {video.title}  ({count} segments)")
        app.store.optimize()
    _tell(damaged)


@library.command()
@click.argument("video")
@click.option("--format", "form", type=click.Choice(_FORMS), default="vtt", show_default=True)
@click.pass_obj
def export(obj: dict[str, str | None], video: str, form: str) -> None:
    """Print a VIDEO's transcript as captions, text or JSON."""
    from ingest.export import export_transcript
    from ui.wiring import open_playhead

    with open_playhead(**obj) as app:
        transcript = app.library.transcript(app.library.resolve(video))
    click.echo(export_transcript(transcript, form), nl=False)  # type: ignore[arg-type]


def _tell(damaged: list[DamagedVideoError]) -> None:
    """Name what was left out; exits 1 if anything was."""
    for error in damaged:
        click.echo(f"playhead: {error}", err=True)
    if damaged:
        click.get_current_context().exit(1)


def _line(video: Video) -> str:
    from playhead.timecodes import clock

    draft = ", draft" if video.draft else ""
    return f"{video.id}  {clock(video.duration):>8}  {video.title}  ({video.engine}{draft})"


def _print_video(video: Video, transcript: Transcript) -> None:
    from playhead.timecodes import clock

    click.echo(_line(video))
    click.echo(
        f"source: {video.source}\nadded: {video.added}, word times: {transcript.word_times}\n"
    )
    for sentence in transcript.sentences:
        speaker = f"{sentence.speaker}: " if sentence.speaker else ""
        click.echo(f"{clock(sentence.start):>8}  {speaker}{sentence.text}")

"""`playhead library correct`: what was heard wrong is put right, at the times it was said."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

import click

from ingest.correction import (
    changed_sentences,
    rename_speaker,
    replace_words,
    transcript_from_text,
    transcript_to_text,
)
from playhead.errors import CorrectionError, PlayheadError
from playhead.types import Transcript
from ui.commands import options

if TYPE_CHECKING:
    from ui.wiring import Playhead

_Pairs = Sequence[tuple[str, str]]
_Place = dict[str, str | int]


@click.command()
@click.argument("video")
@click.option(
    "--replace",
    "replaced",
    nargs=2,
    multiple=True,
    metavar="OLD NEW",
    help="Put words in the place of others, everywhere; capitals count. May be repeated.",
)
@click.option(
    "--speaker",
    "renamed",
    nargs=2,
    multiple=True,
    metavar="OLD NEW",
    help='Call a speaker something else ("" is nobody\'s name). May be repeated.',
)
@click.option(
    "--text",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Take the text of a file, as the editor had it.",
)
@options.as_json
@click.pass_obj
def correct(
    obj: dict[str, str | None],
    video: str,
    replaced: _Pairs,
    renamed: _Pairs,
    text: Path | None,
    *,
    as_json: bool,
) -> None:
    """Correct words and speakers in the transcript of a VIDEO, in your editor or by options.

    Without an option the transcript opens in $VISUAL or $EDITOR, a line for each sentence. Words
    that stay keep their times; only the segments that changed are embedded again.
    """
    from ui.progress import shown_progress
    from ui.wiring import open_playhead

    if text is not None and (replaced or renamed):
        raise click.UsageError("give either --text or --replace and --speaker")
    if not all(old.split() for old, _ in replaced):
        raise click.UsageError("--replace: OLD must have at least one word")
    with open_playhead(**obj) as app:
        video_id = app.library.resolve(video)
        title, before = app.library.video(video_id).title, app.library.transcript(video_id)
        # What would fail in the end is better known before somebody writes for an hour.
        app.library.check_writable()
        app.store.count()
        app.store.close()
        after, places = _by_options(before, replaced, renamed)
        with ExitStack() as kept:
            if not (replaced or renamed or text):
                text = kept.enter_context(_kept_if_it_fails(transcript_to_text(before)))
                _edit(text)
            if text is not None:
                after = _from_file(before, text)
            _save(app, video_id, before, after)
        # Also where nothing is new: a run that was killed may have left this undone.
        with shown_progress(title) as on_progress:
            app.index_video(video_id, on_progress)
    changed = changed_sentences(before, after)
    if as_json:
        done = {"video_id": video_id, "changed_sentences": changed, "places": places}
        click.echo(json.dumps(done, ensure_ascii=False))
        return
    for place in places:
        click.echo(f"{place['old']!r} is now {place['new']!r}  (places: {place['places']})")
    status = f"corrected  {video_id}  {title}  (sentences: {changed})"
    click.echo(status if changed else f"unchanged  {video_id}  {title}")


def _by_options(
    transcript: Transcript, replaced: _Pairs, renamed: _Pairs
) -> tuple[Transcript, list[_Place]]:
    """The corrected transcript, and in how many places each change was made."""
    places: list[_Place] = []
    for old, new in replaced:
        transcript, count = replace_words(transcript, old, new)
        places.append({"what": "words", "old": old, "new": new, "places": count})
    for old, new in renamed:
        transcript, count = rename_speaker(transcript, old, new)
        places.append({"what": "speaker", "old": old, "new": new, "places": count})
    return transcript, places


@contextmanager
def _kept_if_it_fails(content: str) -> Iterator[Path]:
    """A file to work on, deleted when all is well; else the error says where the work is."""
    with NamedTemporaryFile(
        "w", encoding="utf-8", prefix="playhead-", suffix=".txt", delete=False
    ) as file:
        file.write(content)
    path = Path(file.name)
    untouched = path.read_bytes()
    try:
        yield path
    except PlayheadError as error:
        if not path.exists() or path.read_bytes() == untouched:
            path.unlink(missing_ok=True)
            raise
        remedy = f"Nothing was changed; your text is {path}: mend it and give it with --text"
        raise type(error)(error.problem, f"{error.remedy}. {remedy}".lstrip(". ")) from error
    path.unlink()


def _edit(path: Path) -> None:
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not named and not sys.stdin.isatty():
        raise CorrectionError("there is no terminal for an editor", "Set EDITOR, or use --replace")
    try:
        click.edit(filename=str(path))
    except click.ClickException as error:
        raise CorrectionError(error.message, "Set EDITOR to one that works") from error


def _from_file(before: Transcript, path: Path) -> Transcript:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise CorrectionError(f"{path} cannot be read: {reason}", "Save it as UTF-8") from error
    return transcript_from_text(before, text)


def _save(app: Playhead, video_id: str, before: Transcript, after: Transcript) -> None:
    """Put the correction into the library, unless somebody else was there in the meantime."""
    if app.library.transcript(video_id) != before:
        raise CorrectionError(
            "the transcript was replaced while it was being corrected", "Correct the new one"
        )
    if after == before:
        return
    picture = app.library.poster_path(video_id)
    app.library.save(
        app.library.video(video_id),
        after,
        picture.read_bytes() if picture else None,
        # What it was made from is the same: ingesting that again leaves the correction alone.
        app.library.fingerprint(video_id) or "",
    )

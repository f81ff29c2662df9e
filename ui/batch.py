"""Many files into the library, one after the other; a bad one is reported and left behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.options import IngestOptions
from ingest.pipeline import Status, ingest_file, media_url_of
from ingest.sources import find_sources
from playhead.errors import DamagedVideoError, IngestError, SourceError
from playhead.text import printable
from playhead.types import Video
from ui.progress import shown_progress
from ui.wiring import Playhead


@dataclass(frozen=True, slots=True)
class Done:
    """A file that is in the library now, indexed in so many segments."""

    path: str
    status: Status
    video: Video
    segments: int


@dataclass(frozen=True, slots=True)
class Failed:
    """A file, or a place where files were looked for, that came to nothing; and why."""

    path: str | None
    error: IngestError | DamagedVideoError


Outcome = Done | Failed


def ingest_paths(app: Playhead, paths: Sequence[Path], options: IngestOptions) -> Iterator[Outcome]:
    """Take in every file, telling of each as it is done.

    Raises:
        LibraryError: the library cannot be written; nothing else would work either.
        StoreError: the index cannot be used, likewise.
    """
    # What would fail every file is better known before hours of recognition.
    app.library.check_writable()
    app.store.count()
    places: dict[str, Path] = {}
    for found in find_sources(paths, media_url=options.media_url):
        if isinstance(found, SourceError):
            yield Failed(None, found)
        elif (first := places.setdefault(_place(found, options), found)) != found:
            # It would take the place of the one before it.
            yield Failed(str(found), _one_url_for_two(first, found))
        else:
            yield _outcome(app, found, options)
    app.store.optimize()


def _place(path: Path, options: IngestOptions) -> str:
    """Where the media will be said to lie: no two files of a batch may claim the same."""
    return media_url_of(options.media_url, path) if options.media_url else str(path)


def _one_url_for_two(first: Path, second: Path) -> SourceError:
    return SourceError(
        f"{second} cannot have the URL of {first}: --media-url names one video",
        "Put {stem} into it, which stands for a file's name, or give one file at a time",
    )


def _outcome(app: Playhead, path: Path, options: IngestOptions) -> Outcome:
    # Others may use the index while speech is recognised here.
    app.store.close()
    try:
        with shown_progress(path.name) as on_progress:
            taken = ingest_file(path, app.library, options, on_progress)
            count = app.index_video(taken.video.id, on_progress)
    except (IngestError, DamagedVideoError) as error:
        return Failed(printable(str(path)), error)
    return Done(str(path), taken.status, taken.video, count)

"""Many files into the library, one after the other; a bad one is reported and left behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ingest.pipeline import IngestOptions
from playhead.errors import DamagedVideoError, IngestError, PlayheadError
from playhead.types import Video
from ui.wiring import Playhead


@dataclass(frozen=True, slots=True)
class Done:
    """A file that is in the library now, indexed in so many segments."""

    path: str
    status: Literal["added", "replaced", "unchanged"]
    video: Video
    segments: int


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that is not, and why."""

    path: str
    error: PlayheadError


Outcome = Done | Failed


def ingest_paths(app: Playhead, paths: Sequence[Path], options: IngestOptions) -> Iterator[Outcome]:
    """Take in every file, telling of each as it is done.

    Raises:
        LibraryError: the library cannot be written; nothing else would work either.
        StoreError: the index cannot be used, likewise.
    """
    app.library.check_writable()
    app.store.count()  # A wrong model or a foreign owner is better known before hours of work.
    for source in find_sources(paths, options):
        try:
            yield _ingest(app, source, options)
        except (IngestError, DamagedVideoError) as error:
            yield Failed(str(source.path), error)
    app.store.optimize()


def _ingest(app: Playhead, source: Source, options: IngestOptions) -> Done:
    """One file, through to the index. The index is let go of while speech is recognised."""
    app.store.close()
    with shown_progress(source.path.name) as on_progress:
        taken = ingest_file(source, app.library, options, on_progress)
        count = app.index_video(taken.video, taken.transcript, on_progress)
    return Done(str(source.path), taken.status, taken.video, count)

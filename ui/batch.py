"""Many files into the library; a bad one is reported and left behind.

Workers take files in, each in a process of its own, while the one before is indexed here.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from typing import Self, TypeVar

from ingest.options import IngestOptions
from ingest.pipeline import Status, media_url_of
from ingest.sources import Unusable, find_sources
from ingest.web.listing import find_web_videos
from playhead.errors import DamagedVideoError, IngestError, SourceError, StoreLockedError
from playhead.text import printable
from playhead.types import Video
from ui.progress import ProgressDisplay
from ui.wiring import Playhead
from ui.workers import Source, Taken, Worker, name_of

PATIENCE_SECONDS = 600.0
"""How long to wait for another process that has the index."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Done:
    """A file that is in the library now, indexed in so many segments.

    In `doubtful` of its sentences the recogniser may have made words up.
    """

    path: str
    status: Status
    video: Video
    segments: int
    doubtful: int = 0


@dataclass(frozen=True, slots=True)
class Failed:
    """A file, or a place where files were looked for, that came to nothing; and why."""

    path: str
    error: IngestError | DamagedVideoError


Outcome = Done | Failed


def ingest_paths(
    app: Playhead,
    paths: Sequence[Path | str],
    options: IngestOptions,
    *,
    jobs: int = 1,
    limit: int | None = None,
) -> Iterator[Outcome]:
    """Take in every file, telling of each as it is done.

    Args:
        app: where to.
        paths: files, folders with all that is in them, and URLs (as str) with all they lead to.
        options: how; `threads` is what all jobs share (0: all of the processor's).
        jobs: how many files are taken in at once; more than one end in any order.
        limit: no more than so many videos of a URL.

    Raises:
        LibraryError: the library cannot be written; nothing else would work either.
        StoreError: the index cannot be used, likewise.
    """
    # What would fail every file is better known before hours of recognition.
    app.library.check_writable()
    _patiently(app.store.count)
    app.store.close()
    shared = replace(options, threads=max(1, (options.threads or os.cpu_count() or 1) // jobs))
    with ProgressDisplay() as display, _Crew(app.settings.home, jobs, display) as crew:
        for result in crew.take_in(_found(paths, options, limit), shared):
            outcome = result if isinstance(result, Failed) else _indexed(app, display, *result)
            with display.hidden():
                yield outcome
    _patiently(app.store.optimize)


def _patiently(work: Callable[[], T]) -> T:
    """Do what needs the index, be it after another process that indexes a long video.

    Raises:
        StoreLockedError: it is still at it.
    """
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return work()
        except StoreLockedError:
            if time.monotonic() >= until:
                raise


def _found(
    paths: Sequence[Path | str], options: IngestOptions, limit: int | None
) -> Iterator[Source | Failed]:
    files = [path for path in paths if isinstance(path, Path)]
    yield from _files(files, options)
    for url in (path for path in paths if isinstance(path, str)):
        for found in find_web_videos(url, limit=limit, allow_private=options.allow_private):
            yield Failed(url, found) if isinstance(found, SourceError) else found


def _files(paths: Sequence[Path], options: IngestOptions) -> Iterator[Source | Failed]:
    places: dict[str, Path] = {}
    for found in find_sources(paths, media_url=options.media_url):
        if isinstance(found, Unusable):
            yield _failed(found.path, found.error)
        elif (first := places.setdefault(_place(found, options), found)) != found:
            # It would take the place of the one before it.
            yield _failed(found, _one_url_for_two(first, found))
        else:
            yield found


def _place(path: Path, options: IngestOptions) -> str:
    """Where the media will be said to lie: no two files of a batch may claim the same."""
    return media_url_of(options.media_url, path) if options.media_url else str(path)


def _one_url_for_two(first: Path, second: Path) -> SourceError:
    return SourceError(
        f"{second} cannot have the URL of {first}: --media-url names one video",
        "Put {stem} into it, which stands for a file's name, or give one file at a time",
    )


def _title(source: Source) -> str:
    """What its progress goes by."""
    return source.name if isinstance(source, Path) else source.title or source.url


def _failed(source: Source, error: IngestError | DamagedVideoError) -> Failed:
    return Failed(printable(name_of(source)), error)


def _indexed(app: Playhead, display: ProgressDisplay, source: Source, taken: Taken) -> Outcome:
    try:
        with display.of(_title(source)) as on_progress:
            count = _patiently(lambda: app.index_video(taken.video.id, on_progress))
    except DamagedVideoError as error:
        return _failed(source, error)
    finally:
        # Others may use the index while speech is recognised here.
        app.store.close()
    return Done(name_of(source), taken.status, taken.video, count, taken.doubtful)


class _Crew:
    """Several workers on a row of files; a context manager that stops them at its end."""

    def __init__(self, home: Path, jobs: int, display: ProgressDisplay) -> None:
        self._jobs = jobs
        self._display = display
        self._workers = [Worker(home) for _ in range(jobs)]
        self._idle: SimpleQueue[Worker] = SimpleQueue()
        for worker in self._workers:
            self._idle.put(worker)
        self._threads = ThreadPoolExecutor(jobs, "ingest")
        self._pending: dict[Future[tuple[Source, Taken] | Failed], None] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for future in self._pending:
            future.cancel()
        # Again and again: one that has just begun may start its process after it was stopped.
        while wait(self._pending, 0.05).not_done:
            self._stop()
        self._stop()
        self._threads.shutdown()

    def take_in(
        self, found: Iterator[Source | Failed], options: IngestOptions
    ) -> Iterator[tuple[Source, Taken] | Failed]:
        """What comes of each file; with one worker in the order given, else as they are done.

        Raises:
            PlayheadError: what would fail every other file, too.
        """
        while True:
            # One more than there are workers: it is begun while one that is done is indexed.
            while len(self._pending) <= self._jobs and (item := next(found, None)) is not None:
                self._pending[self._begun(item, options)] = None
            if not self._pending:
                return
            first = list(self._pending)[: self._jobs]
            for future in wait(first, return_when=FIRST_COMPLETED).done:
                del self._pending[future]
                yield future.result()

    def _begun(
        self, item: Source | Failed, options: IngestOptions
    ) -> Future[tuple[Source, Taken] | Failed]:
        if not isinstance(item, Failed):
            return self._threads.submit(self._take_in, item, options)
        known: Future[tuple[Source, Taken] | Failed] = Future()
        known.set_result(item)
        return known

    def _take_in(self, source: Source, options: IngestOptions) -> tuple[Source, Taken] | Failed:
        worker = self._idle.get()
        try:
            with self._display.of(_title(source)) as on_progress:
                return source, worker.take_in(source, options, on_progress)
        except (IngestError, DamagedVideoError) as error:
            return _failed(source, error)
        finally:
            self._idle.put(worker)

    def _stop(self) -> None:
        for worker in self._workers:
            worker.stop()

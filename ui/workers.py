"""Files become videos in a process of their own.

There a recogniser may compute for hours while others go on with what is done, or a damaged file may
crash a decoder; and it can be stopped at once, for the library stays whole however it ends.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Thread
from typing import NoReturn

from ingest.library import VideoLibrary
from ingest.media import probe
from ingest.options import IngestOptions
from ingest.pipeline import Ingested, Status, ingest_file
from ingest.sources import sidecar_of
from ingest.tracks import choose_track
from ingest.web.listing import WebVideo
from playhead import log
from playhead.errors import IngestError, PlayheadError
from playhead.progress import OnProgress, ProgressEvent
from playhead.types import Video

Source = Path | WebVideo
"""What becomes a video: a file, or something on the web."""

# Answers come first where both want the processor.
_NICENESS = 10


@dataclass(frozen=True, slots=True)
class Taken:
    """A video as it now is in the library; in `doubtful` of its sentences words may be made up."""

    video: Video
    status: Status
    doubtful: int


class Worker:
    """Takes in one file after the other; its process starts with the first and ends by `stop`.

    Args:
        home: the library's folder.
        captions_first: whether a recogniser that the options name is asked only for files that
            have no captions.
        is_background: whether the processor is wanted more by others.
    """

    def __init__(
        self, home: Path, *, captions_first: bool = False, is_background: bool = False
    ) -> None:
        self._setting = _Setting(home, captions_first, is_background)
        # The last is a pipe that nobody writes to: it closes when this process ends, however.
        self._process: tuple[BaseProcess, Connection, Connection] | None = None

    def take_in(self, source: Source, options: IngestOptions, on_progress: OnProgress) -> Taken:
        """What comes of a file.

        Raises:
            PlayheadError: as `ingest_file`; an IngestError, too, if its process ended.
        """
        connection = self._ready()
        try:
            connection.send((source, options))
            while isinstance(message := connection.recv(), ProgressEvent):
                on_progress(message)
        except (EOFError, OSError) as error:
            self.stop()
            raise IngestError(
                f"{name_of(source)} made the program that reads it break down",
                "Copy or download it again",
            ) from error
        except BaseException:
            self.stop()
            raise
        if isinstance(message, Taken):
            return message
        raise message

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        running, self._process = self._process, None
        if running is not None:
            running[0].kill()
            running[0].join()

    def _ready(self) -> Connection:
        if self._process is None:
            context = _context()
            ours, theirs = context.Pipe()
            life, death = context.Pipe(duplex=False)
            is_verbose = logging.getLogger(__name__).isEnabledFor(logging.DEBUG)
            place = _Place(str(Path.cwd()), dict(os.environ), is_verbose)
            process = context.Process(
                target=_work, args=(theirs, life, self._setting, place), daemon=True
            )
            process.start()
            theirs.close()
            life.close()
            self._process = process, ours, death
        return self._process[1]


def name_of(source: Source) -> str:
    """How a user knows it."""
    return str(source) if isinstance(source, Path) else source.url


@dataclass(frozen=True, slots=True)
class _Setting:
    """What all files of a worker have in common."""

    home: Path
    captions_first: bool
    is_background: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a process works; the server that forks them was started earlier, elsewhere."""

    folder: str
    environment: dict[str, str]
    is_verbose: bool

    def move_in(self) -> None:
        os.chdir(self.folder)
        os.environ.clear()
        os.environ.update(self.environment)
        log.configure(verbose=self.is_verbose)


def _context() -> ForkServerContext | SpawnContext:
    """A fork of a process that has not begun anything is quick, and safe beside threads."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def _work(connection: Connection, life: Connection, setting: _Setting, place: _Place) -> None:
    """Take in files until nobody sends any more."""
    # Ctrl-C is for the parent, which stops this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_die_with_the_parent, args=(life,), daemon=True).start()
    place.move_in()
    log.share_no_semaphore()
    if setting.is_background and hasattr(os, "nice"):
        os.nice(_NICENESS)
    library = VideoLibrary(setting.home)
    while True:
        try:
            source, options = connection.recv()
        except (EOFError, OSError):
            return
        try:
            if setting.captions_first and isinstance(source, Path):
                options = _captions_first(source, options)
            connection.send(_taken(_take_in(source, library, options, connection.send)))
        except PlayheadError as error:
            connection.send(error)


def _take_in(
    source: Source, library: VideoLibrary, options: IngestOptions, on_progress: OnProgress
) -> Ingested:
    if isinstance(source, Path):
        return ingest_file(source, library, options, on_progress)
    from ingest.web.fetching import ingest_web_video

    return ingest_web_video(
        source, library, options, on_progress, allow_private=options.allow_private
    )


def _taken(done: Ingested) -> Taken:
    doubtful = sum(sentence.doubt is not None for sentence in done.transcript.sentences)
    return Taken(done.video, done.status, doubtful)


def _die_with_the_parent(life: Connection) -> NoReturn:
    """What a killed parent wanted, its successor begins again: both at once would be too much."""
    with suppress(EOFError, OSError):
        life.recv_bytes()
    os._exit(1)


def _captions_first(path: Path, options: IngestOptions) -> IngestOptions:
    """The same options, but captions instead of a recogniser where there are any."""
    if options.asr in ("auto", "captions"):
        return options
    if sidecar_of(path) is None:
        info = probe(path)
        if choose_track(info.tracks, options.language, info.language) is None:
            return options
    return replace(options, asr="auto")

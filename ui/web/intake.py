"""Files become videos in a process of their own.

There a recogniser may compute for minutes without a pause, or a damaged file may crash a decoder,
while the page goes on; and it can be stopped at once, for the library stays whole however it ends.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from pathlib import Path

from ingest.library import VideoLibrary
from ingest.media import probe
from ingest.options import IngestOptions
from ingest.pipeline import ingest_file
from ingest.sources import sidecar_of
from ingest.tracks import choose_track
from playhead.errors import IngestError, PlayheadError
from playhead.progress import OnProgress, ProgressEvent

# Answers come first where both want the processor.
_NICENESS = 10


class Intake:
    """Takes in one file after the other; its process starts with the first and ends by `stop`."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._process: tuple[BaseProcess, Connection] | None = None

    def take_in(self, path: Path, options: IngestOptions, on_progress: OnProgress) -> str:
        """The id of the video that comes of a file.

        Where `options` name a recogniser, it is asked only if the file has no captions.

        Raises:
            PlayheadError: as `ingest_file`; an IngestError, too, if its process ended.
        """
        connection = self._ready()
        try:
            connection.send((path, options))
            while isinstance(message := connection.recv(), ProgressEvent):
                on_progress(message)
        except (EOFError, OSError) as error:
            self.stop()
            raise IngestError(
                f"{path} made the program that reads it break down", "Copy or download it again"
            ) from error
        except BaseException:
            self.stop()
            raise
        if isinstance(message, PlayheadError):
            raise message
        return str(message)

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
            process = context.Process(target=_work, args=(theirs, self._home), daemon=True)
            process.start()
            theirs.close()
            self._process = process, ours
        return self._process[1]


def _context() -> ForkServerContext | SpawnContext:
    """A fork of a process that has not begun anything is quick, and safe beside threads."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def _work(connection: Connection, home: Path) -> None:
    """Take in files until nobody sends any more."""
    # Ctrl-C is for the server, which stops this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(_NICENESS)

    def tell(message: ProgressEvent | PlayheadError | str) -> None:
        try:
            connection.send(message)
        except OSError:
            # The server is gone. What it wanted, its successor begins again.
            raise SystemExit from None

    library = VideoLibrary(home)
    while True:
        try:
            path, options = connection.recv()
        except (EOFError, OSError):
            return
        try:
            tell(ingest_file(path, library, _for(path, options), tell).video.id)
        except PlayheadError as error:
            tell(error)


def _for(path: Path, options: IngestOptions) -> IngestOptions:
    """The same options, but captions instead of a recogniser where there are any."""
    if options.asr in ("auto", "captions"):
        return options
    if sidecar_of(path) is None:
        info = probe(path)
        if choose_track(info.tracks, options.language, info.language) is None:
            return options
    return replace(options, asr="auto")

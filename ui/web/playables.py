"""The versions of the library's media that browsers can play: kept, and made one at a time.

They lie in `playable/` of the library's folder and can be deleted at any time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread

from filelock import FileLock, Timeout

from ingest.conversion import UNFINISHED, convert, write_error
from ingest.playable import SUFFIXES, Conversion
from playhead.errors import PlayheadError
from playhead.progress import ProgressEvent

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Work:
    """One conversion that waits, goes on, or failed (`error`); seconds of media done and in all."""

    video_id: str
    path: Path
    conversion: Conversion
    total: float
    done: float = 0.0
    error: str | None = None
    unwanted: bool = False


class Playables:
    """Converts in the background; several servers of one library do not get into each other's way.

    Args:
        folder: where they are kept.
        is_wanted: whether a video is still in the library.
    """

    def __init__(self, folder: Path, is_wanted: Callable[[str], bool]) -> None:
        self._folder, self._is_wanted = folder, is_wanted
        self._works: dict[str, Work] = {}
        self._waiting: SimpleQueue[Work] = SimpleQueue()
        self._lock = Lock()
        self._worker: Thread | None = None
        if folder.is_dir():
            # Another server that converts just now will tidy up itself.
            with suppress(OSError, Timeout), self._alone(timeout=0):
                self._tidy()

    def kept(self, video_id: str) -> Path | None:
        """The playable version of a video, if there is one."""
        names = (self._folder / (video_id + suffix) for suffix in SUFFIXES)
        return next((path for path in names if path.is_file()), None)

    def work(self, video_id: str) -> Work | None:
        """The conversion of a video that waits, goes on, or failed last."""
        return self._works.get(video_id)

    def begin(self, video_id: str, path: Path, conversion: Conversion, seconds: float) -> None:
        """Convert a file when its turn comes, unless it waits or is worked on already."""
        with self._lock:
            known = self._works.get(video_id)
            if known is not None and known.error is None:
                return
            work = Work(video_id, path, conversion, seconds)
            self._works[video_id] = work
            self._waiting.put(work)
            if self._worker is None:
                # A daemon: the command must not wait hours for it to end.
                self._worker = Thread(target=self._run, name="playables", daemon=True)
                self._worker.start()

    def forget(self, video_id: str) -> None:
        """Delete the playable version of a video, and stop making one."""
        with self._lock:
            work = self._works.pop(video_id, None)
            if work is not None:
                work.unwanted = True
            self._delete_kept(video_id)

    def _run(self) -> None:
        while True:
            self._do(self._waiting.get())

    def _do(self, work: Work) -> None:
        try:
            with self._alone():
                self._tidy()
                if not work.unwanted and self.kept(work.video_id) is None:
                    self._convert(work)
        except _UnwantedError:
            return
        except PlayheadError as error:
            work.error = self._shown(error, work)
        except OSError as error:
            work.error = self._shown(write_error(self._folder, error), work)
        except Exception:
            _log.exception("%s could not be converted", work.path)
            work.error = f"{work.path.name} cannot be converted."
        else:
            self._settle(work)

    def _convert(self, work: Work) -> None:
        def note(event: ProgressEvent) -> None:
            if work.unwanted:
                raise _UnwantedError
            work.done, work.total = event.done, event.total or work.total

        target = self._folder / (work.video_id + work.conversion.suffix)
        convert(work.path, work.conversion, target, note)

    def _settle(self, work: Work) -> None:
        with self._lock:
            if work.unwanted:
                self._delete_kept(work.video_id)
            else:
                del self._works[work.video_id]

    def _shown(self, error: PlayheadError, work: Work) -> str:
        """The line for a page, whose readers need not know where files lie on this machine."""
        line = str(error).replace(str(work.path), work.path.name)
        return line.replace(str(self._folder), self._folder.name)

    def _alone(self, timeout: float = -1) -> FileLock:
        self._folder.mkdir(parents=True, exist_ok=True)
        return FileLock(self._folder / ".lock", timeout=timeout)

    def _tidy(self) -> None:
        """Delete what a killed run left, and what was made of videos that are gone."""
        for path in self._folder.iterdir():
            is_left = path.name.startswith(UNFINISHED)
            if is_left or (path.suffix in SUFFIXES and not self._is_wanted(path.stem)):
                path.unlink(missing_ok=True)

    def _delete_kept(self, video_id: str) -> None:
        kept = self.kept(video_id)
        if kept is not None:
            # Windows keeps a file that is being played; it is tidied up later.
            with suppress(PermissionError):
                kept.unlink(missing_ok=True)


class _UnwantedError(Exception):
    """The video was removed while it was converted."""

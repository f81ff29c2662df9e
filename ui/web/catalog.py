"""The library's videos as the page lists them: read again only when something changed."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from threading import Lock

from playhead import __version__
from playhead.types import Video
from ui.wiring import Playhead

# Those that say whether a video is whole, and what it is.
_TELLING = ("video.json", "transcript.json")


class Catalog:
    """The videos of the library now, whoever added them.

    To list them from the files means to read every transcript. Whether any of that would come out
    otherwise than before, the files' sizes and times tell in a few milliseconds.
    """

    def __init__(self, app: Playhead) -> None:
        self._app = app
        self._folder = app.settings.home / "videos"
        self._lock = Lock()
        self._listed: tuple[str, list[Video]] = ("", [])

    def videos(self) -> list[Video]:
        """All whole videos, by title.

        Raises:
            LibraryError: the library cannot be read.
        """
        with self._lock:
            version = self.version
            if self._listed[0] != version:
                self._listed = version, self._app.library.videos()
            return list(self._listed[1])

    @property
    def version(self) -> str:
        """Changes whenever a video is added, replaced or removed."""
        digest = hashlib.sha256(__version__.encode())
        for line in sorted(self._stamps()):
            digest.update(line.encode(errors="replace"))
        return digest.hexdigest()[:16]

    def _stamps(self) -> Iterator[str]:
        """A line for each file that tells of a video."""
        # A folder that is not there yet, or a video that is removed just now, is no news.
        with contextlib.suppress(OSError), os.scandir(self._folder) as entries:
            for name in [entry.name for entry in entries if not entry.name.startswith(".")]:
                for file in _TELLING:
                    with contextlib.suppress(OSError):
                        found = (self._folder / name / file).stat()
                        yield f"{name}/{file} {found.st_ino} {found.st_size} {found.st_mtime_ns}\n"

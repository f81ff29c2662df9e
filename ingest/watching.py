"""Folders under watch: which media files lie there, and which of them are whole by now.

They are looked through again and again, which works on every disk. Notifications of the system's
do not come from network drives, and would not tell that a file is whole.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from ingest.sources import CAPTION_SUFFIXES, MEDIA_SUFFIXES, caption_stem

Look = tuple[str, int, int]
"""A file's name, size (bytes) and time of change (nanoseconds)."""
Looks = tuple[Look, ...]
"""Those of a media file, and of captions that may belong to it."""

# Beside the file itself, which has its full size already, or none: Firefox, Chrome, aria2, others.
_DOWNLOADING = (".part", ".crdownload", ".aria2", ".tmp")


class Settling:
    """Tells of each file when it is whole: when it looked the same for a while.

    Args:
        seconds: for how long.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._since: dict[str, tuple[Looks, float]] = {}
        self._told: dict[str, Looks] = {}

    def ready(self, found: Mapping[str, Looks], now: float) -> list[str]:
        """The files that are whole, each once as long as it looks as it does.

        Args:
            found: how all files look now; one that is missing is forgotten.
            now: the time (seconds), of a clock that does not go back.
        """
        since = self._since
        self._since = {
            path: since[path] if path in since and since[path][0] == looks else (looks, now)
            for path, looks in found.items()
        }
        self._told = {path: looks for path, looks in self._told.items() if path in found}
        whole = [
            path
            for path, (looks, start) in self._since.items()
            if now - start >= self._seconds and self._told.get(path) != looks
        ]
        self._told.update((path, found[path]) for path in whole)
        return whole

    def again(self, paths: Collection[str]) -> None:
        """Tell of these once more, after as long as if they had changed."""
        for path in paths:
            self._told.pop(path, None)
            self._since.pop(path, None)


def media_below(folder: Path) -> dict[str, Looks] | None:
    """How the media files below a folder look, by path, in order of name; None without a folder.

    Left out is what is hidden, empty, being downloaded, or cannot be read.
    """
    found: dict[str, Looks] = {}
    visited: set[tuple[int, int]] = set()
    folders = [folder]
    while folders:
        here = folders.pop()
        try:
            about = here.stat()
            if (about.st_dev, about.st_ino) in visited:
                continue
            visited.add((about.st_dev, about.st_ino))
            with os.scandir(here) as entries:
                visible = [entry for entry in entries if not entry.name.startswith(".")]
        except OSError:
            if here == folder:
                return None
            continue
        visible.sort(key=lambda entry: entry.name)
        found.update(_media_in(visible))
        folders += [Path(entry.path) for entry in reversed(visible) if _is_folder(entry)]
    return found


def _media_in(entries: Collection[os.DirEntry[str]]) -> Iterator[tuple[str, Looks]]:
    """The media files among what lies in one folder."""
    unfinished: set[str] = set()
    captions: dict[str, list[Look]] = {}
    media: list[tuple[str, os.DirEntry[str]]] = []
    for entry in entries:
        stem, dot, ending = entry.name.rpartition(".")
        suffix = dot + ending.lower()
        if suffix in MEDIA_SUFFIXES:
            media.append((stem, entry))
        elif suffix in CAPTION_SUFFIXES:
            look = _look(entry)
            for owner in {stem, caption_stem(Path(entry.name))}:
                captions.setdefault(owner, []).append(look)
        elif suffix in _DOWNLOADING:
            unfinished.add(stem)
    for stem, entry in media:
        if entry.name not in unfinished:
            look = _look(entry)
            if look[1] > 0:
                yield entry.path, (look, *captions.get(stem, ()))


def _look(entry: os.DirEntry[str]) -> Look:
    """How a file looks; of size 0 where it is none, or gone meanwhile."""
    with suppress(OSError):
        about = entry.stat()
        if stat.S_ISREG(about.st_mode):
            return entry.name, about.st_size, about.st_mtime_ns
    return entry.name, 0, 0


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False

"""Folders that appear, change and vanish whole, however a run ends.

A new version is written beside the old one, under a hidden name, and synced. Then the old one
steps aside under another hidden name and the new one takes its place. A folder cannot be replaced
by one rename, so a run killed between these two leaves only the version that stepped aside:
`current_folder` finds it there, and `recover` puts it back.

Nothing here locks: callers hold a lock while they change a parent folder.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

_NEW = ".new-"
_OLD = ".old-"
_GONE = ".gone-"


def current_folder(parent: Path, name: str) -> Path | None:
    """Where the newest whole version of a folder is now; None if there is none."""
    for folder in (parent / name, parent / (_OLD + name)):
        if folder.exists():
            return folder
    return None


def folder_names(parent: Path) -> list[str]:
    """The names of the folders that are there, whole, in order."""
    entries = {entry.name.removeprefix(_OLD) for entry in parent.iterdir()}
    return sorted(name for name in entries if not name.startswith("."))


def has_leftovers(parent: Path) -> bool:
    """Whether a killed run, or one that goes on now, left anything to `recover`."""
    return any(entry.name.startswith((_NEW, _OLD, _GONE)) for entry in parent.iterdir())


def recover(parent: Path) -> None:
    """Put back what stepped aside, and delete what was half-written or half-deleted."""
    for entry in list(parent.iterdir()):
        if entry.name.startswith((_NEW, _GONE)):
            _delete(entry)
        elif entry.name.startswith(_OLD):
            name = entry.name.removeprefix(_OLD)
            if (parent / name).exists():
                _delete(entry)
            else:
                entry.rename(parent / name)


def replace_folder(parent: Path, name: str, files: Mapping[str, bytes]) -> None:
    """Make the folder `name` hold exactly these files. If this fails, what was there still is.

    Raises:
        OSError: it could not be written; nothing half-written remains.
    """
    new, old, target = parent / (_NEW + name), parent / (_OLD + name), parent / name
    try:
        new.mkdir()
        for file, content in files.items():
            _write_synced(new / file, content)
        _sync_folder(new)
        if target.exists():
            target.rename(old)
        new.rename(target)
    except BaseException:
        _delete(new)
        if old.exists() and not target.exists():
            old.rename(target)
        raise
    _sync_folder(parent)
    _delete(old)


def remove_folder(parent: Path, name: str) -> None:
    """Remove the folder `name`: gone at once, then deleted.

    Raises:
        OSError: it could not be moved.
    """
    gone = parent / (_GONE + name)
    (parent / name).rename(gone)
    _sync_folder(parent)
    _delete(gone)


def _delete(path: Path) -> None:
    """Delete a folder, or whatever stands in its place; what resists stays for `recover`."""
    with contextlib.suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _write_synced(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    # Windows cannot open folders, and keeps renames in order without.
    with contextlib.suppress(PermissionError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

"""Files that readers sent: written to disk as they come, and kept whole or not at all.

media/<video_id>/<name>           a video or recording, with its captions beside it if there are
media/.coming/<token><suffixes>   one that is still coming, or captions that wait for their video

The folder's name is the content's, so that the same video sent twice is one file, whatever it is
called, and so that removing a video can touch nothing but what was sent for it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import shutil
import time
import unicodedata
from collections.abc import AsyncIterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import BinaryIO

from anyio.to_thread import run_sync
from fastapi import HTTPException

from ingest.captions.files import read_captions
from ingest.identity import file_id
from ingest.library import VideoLibrary
from ingest.media import probe
from ingest.sources import MEDIA_SUFFIXES, caption_stem, is_captions
from playhead.errors import IngestError, LibraryError, UnknownVideoError
from playhead.text import without_controls

_MAX_CAPTIONS_BYTES = 64 * 2**20
_BLOCK = 2**20
# Names may have 255 bytes on most disks.
_MAX_NAME_BYTES = 200
_TOKEN = re.compile(r"[0-9a-f]{32}")
_ID = re.compile(r"[0-9a-f]{16}")
# Nobody sends one file for longer: what is older was left by a server that was killed.
_FORGOTTEN_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came whole: what it was called, and where it waits."""

    name: str
    path: Path

    @property
    def token(self) -> str:
        """By which it can be named later."""
        return self.path.name.partition(".")[0]


class Uploads:
    """The folder of what readers sent."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._coming = self._folder / ".coming"
        self._lock = Lock()

    async def receive(self, name: str, chunks: AsyncIterable[bytes], limit: int) -> Upload:
        """A file as its bytes come; whatever goes wrong, nothing of it stays.

        Raises:
            HTTPException: it is too large (413), no media and no captions (415), or there is no
                room for it (507).
        """
        name = safe_name(name)
        path = self._coming / (secrets.token_hex(16) + _tail(name))
        if is_captions(path):
            limit = min(limit, _MAX_CAPTIONS_BYTES)
        with _disk_errors():
            await run_sync(self._make_room)
        try:
            with _disk_errors():
                await _write(path, chunks, limit)
            await run_sync(_check, path, name)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return Upload(name, path)

    def waiting_captions(self, token: str) -> Upload:
        """Captions that were sent before, by their token.

        Raises:
            HTTPException: there are none (404).
        """
        found = list(self._coming.glob(f"{token}.*")) if _TOKEN.fullmatch(token) else []
        if not found or not is_captions(found[0]):
            raise HTTPException(404, "These captions are not here (any more): send them again.")
        return Upload(found[0].name, found[0])

    def keep(self, media: Upload, captions: Upload | None) -> Path:
        """Give a video its place, with its captions beside it; where it lies now."""
        folder = self._folder / file_id(media.path)
        with self._lock, _disk_errors():
            folder.mkdir(exist_ok=True)
            kept = _media_in(folder)
            if kept is None:
                kept = media.path.replace(folder / media.name)
            media.path.unlink(missing_ok=True)
            if captions is not None:
                for other in folder.iterdir():
                    if other != kept:
                        other.unlink()
                captions.path.replace(folder / (kept.stem + _tail(captions.path.name)))
        return kept

    def settle(self, video_id: str, library: VideoLibrary) -> None:
        """Keep what was sent for a video only if the library plays it from there."""
        folder = self._folder / video_id
        with self._lock:
            try:
                used = library.video(video_id).source.startswith(f"{folder.resolve()}{os.sep}")
            except UnknownVideoError:
                used = False
            except LibraryError:
                # It is damaged: what it can be made from again must not be lost, too.
                used = True
            if not used:
                shutil.rmtree(folder, ignore_errors=True)

    def recover(self, library: VideoLibrary) -> list[Path]:
        """What came whole to a server that was killed before it was in the library.

        What it left otherwise is deleted.
        """
        if not self._folder.is_dir():
            return []
        self._make_room()
        folders = [path for path in self._folder.iterdir() if _ID.fullmatch(path.name)]
        found = {folder.name: _media_in(folder) for folder in sorted(folders)}
        lost = [path for name, path in found.items() if path and not library.has(name)]
        for name in found.keys() - {path.parent.name for path in lost}:
            self.settle(name, library)
        return lost

    def is_ours(self, path: Path) -> bool:
        """Whether a file was sent by a reader."""
        return path.parent.parent == self._folder

    def _make_room(self) -> None:
        self._coming.mkdir(parents=True, exist_ok=True)
        for path in self._coming.iterdir():
            if path.stat().st_mtime < time.time() - _FORGOTTEN_SECONDS:
                path.unlink(missing_ok=True)


def safe_name(name: str) -> str:
    """A name for a file from what a stranger called it: no folder, nothing hidden, not too long.

    Raises:
        HTTPException: it is not the name of media or captions (415).
    """
    base = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    base = " ".join(without_controls(base).encode(errors="ignore").decode().split()).lstrip(". ")
    path = Path(base or "_")
    if path.suffix.lower() not in MEDIA_SUFFIXES and not is_captions(path):
        raise HTTPException(
            415,
            f"{base or 'A file without a name'} is no video, no recording and no captions,"
            f" by its name. Send one of {' '.join(sorted(MEDIA_SUFFIXES))} .vtt .srt.",
        )
    tail = _tail(base)
    stem = base.removesuffix(tail).encode()[: _MAX_NAME_BYTES - len(tail)]
    return stem.decode(errors="ignore").strip() + tail


def _tail(name: str) -> str:
    """The end of a name that says what it is: `.mp4`, `.vtt`, `.en-US.vtt`."""
    path = Path(name)
    return name.removeprefix(caption_stem(path)) if is_captions(path) else path.suffix


async def _write(path: Path, chunks: AsyncIterable[bytes], limit: int) -> None:
    size, block = 0, bytearray()
    with path.open("xb") as file:
        async for chunk in chunks:
            size += len(chunk)
            if size > limit:
                raise HTTPException(413, f"This is more than {limit:,} bytes, the most for one.")
            block += chunk
            if len(block) >= _BLOCK:
                await run_sync(file.write, bytes(block))
                block.clear()
        await run_sync(_finish, file, bytes(block))


def _finish(file: BinaryIO, block: bytes) -> None:
    file.write(block)
    file.flush()
    os.fsync(file.fileno())


def _check(path: Path, name: str) -> None:
    """See that the content is what the name says."""
    try:
        if is_captions(path):
            read_captions(path)
        else:
            probe(path)
    except IngestError as error:
        raise HTTPException(415, str(error).replace(str(path), name)) from error


def _media_in(folder: Path) -> Path | None:
    files = folder.iterdir() if folder.is_dir() else iter(())
    return next((path for path in files if path.suffix.lower() in MEDIA_SUFFIXES), None)


@contextlib.contextmanager
def _disk_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
        reason = "No room left on the server's disk." if full else f"{error.strerror}."
        raise HTTPException(507, f"This cannot be kept here. {reason}") from error

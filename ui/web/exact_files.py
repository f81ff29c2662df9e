"""Reading just the file that was named: nothing that a link leads to, and nothing but media."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from starlette.responses import FileResponse
from starlette.types import Receive, Scope, Send

MEDIA_TYPES = {
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    # Browsers refuse QuickTime by its name, and play what is in it.
    ".mov": "video/mp4",
    ".webm": "video/webm",
    ".mkv": "video/x-matroska",
    ".avi": "video/x-msvideo",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".aac": "audio/aac",
}
"""What media files are served as, by suffix; there is no other type."""

PIECE_BYTES = 2**20
# As many digits as the size of any file has.
_WITHOUT_END = re.compile(rb"bytes=(\d{1,18})-")

_FILE = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_FOLDER = getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_DIRECTORY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_BY_STEPS = os.open in os.supports_dir_fd and bool(_NO_LINK)


def open_exactly(path: Path) -> int:
    """A descriptor, to be closed by the caller, of the regular file at an absolute path.

    No part of the path may be a link, and nothing that happens meanwhile makes one followed.

    Raises:
        OSError: there is none.
    """
    if not path.is_absolute() or ".." in path.parts:
        raise FileNotFoundError(f"{path} is no plain path")
    descriptor = _opened_by_steps(path) if _BY_STEPS else _opened_at_once(path)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise FileNotFoundError(f"{path} is no regular file")
    return descriptor


def _opened_by_steps(path: Path) -> int:
    folder = os.open(path.anchor, _FOLDER)
    try:
        for name in path.parts[1:-1]:
            inner = os.open(name, _FOLDER | _NO_LINK, dir_fd=folder)
            os.close(folder)
            folder = inner
        return os.open(path.name, _FILE | _NO_LINK, dir_fd=folder)
    finally:
        os.close(folder)


def _opened_at_once(path: Path) -> int:
    """Where folders cannot be opened (Windows), and links need an administrator."""
    if path.resolve(strict=True) != path:
        raise FileNotFoundError(f"{path} leads elsewhere")
    return os.open(path, _FILE)


class OpenFileResponse(FileResponse):
    """A file that is open already, whole or in ranges; closes it at the end.

    Of a range without an end comes the first piece: players ask for the next when they need it.
    They would else keep the connection for as long as the video is open, and a browser has six for
    all its tabs: with three long videos open, no other page of ours would load. Chromium's cache
    would ask for the rest by its end, and read it as slowly; so it may not keep anything.
    """

    chunk_size = 256 * 1024

    def __init__(self, descriptor: int, path: Path) -> None:
        self._descriptor = descriptor
        by_number = Path("/dev/fd", str(descriptor))
        super().__init__(
            by_number if _BY_STEPS else path,
            media_type=MEDIA_TYPES[path.suffix.lower()],
            stat_result=os.fstat(descriptor),
            headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"},
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One response."""
        try:
            await super().__call__(_ending(scope), receive, send)
        finally:
            self.close()

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._descriptor)


def _ending(scope: Scope) -> Scope:
    """The same request, its range with an end."""
    headers = [
        (name, _with_end(value) if name == b"range" else value) for name, value in scope["headers"]
    ]
    return {**scope, "headers": headers}


def _with_end(asked: bytes) -> bytes:
    found = _WITHOUT_END.fullmatch(asked)
    return b"bytes=%d-%d" % (int(found[1]), int(found[1]) + PIECE_BYTES - 1) if found else asked

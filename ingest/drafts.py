"""What is recognised so far of a recording, on disk: killed in hour three, go on from there.

drafts/<video_id>.lock             held by whoever recognises it
drafts/<video_id>-<maker>.jsonl    a line for each chunk, written when it is recognised

A line that a crash cut off is left out when the file is read, and cut away before the next one is
written. When the video is in the library, its draft goes.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from filelock import FileLock

from ingest.asr.recogniser import Chunk, Heard, Stretch
from ingest.library import write_error
from playhead.types import Word

_FOLDER = "drafts"
# Another version's lines are not read.
_VERSION = 1


class Draft:
    """What was recognised of one video by one recogniser.

    Args:
        home: the library's folder.
        video_id: of which video.
        maker: what recognises it, with every setting that changes its words.

    Raises (all methods):
        LibraryError: the folder cannot be read or written.
    """

    def __init__(self, home: Path, video_id: str, maker: str) -> None:
        self._home = home
        digest = hashlib.sha256(f"{_VERSION}:{maker}".encode()).hexdigest()[:8]
        self._path = home / _FOLDER / f"{video_id}-{digest}.jsonl"
        self._heard, self._size = _read(self._path)

    def heard(self, chunk: Chunk) -> Heard | None:
        """What was recognised of a chunk; None if it was not yet."""
        return self._heard.get(_key(chunk))

    def keep(self, chunk: Chunk, heard: Heard) -> None:
        """Write down what was recognised of a chunk: after this no crash loses it."""
        line = json.dumps([_key(chunk), _to_json(heard)], ensure_ascii=False) + "\n"
        with _writing(self._home):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab") as file:
                file.truncate(self._size)
                file.write(line.encode())
                file.flush()
                os.fsync(file.fileno())
                self._size = file.tell()

    def discard(self) -> None:
        """Forget it: the video is in the library."""
        with _writing(self._home):
            self._path.unlink(missing_ok=True)


@contextmanager
def alone(home: Path, video_id: str) -> Iterator[None]:
    """Be the only one who recognises this video; waits for another process that does.

    Raises:
        LibraryError: the folder cannot be written.
    """
    with _writing(home):
        (home / _FOLDER).mkdir(parents=True, exist_ok=True)
        lock = FileLock(home / _FOLDER / f"{video_id}.lock")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _writing(home: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise write_error(home, error) from error


def _key(chunk: Chunk) -> str:
    """What is recognised equally: the same sound at the same place, in the same windows."""
    windows = json.dumps([(round(start, 3), round(end, 3)) for start, end in chunk.windows])
    return f"{zlib.crc32(windows.encode()):08x}{zlib.crc32(chunk.audio.tobytes()):08x}"


def _read(path: Path) -> tuple[dict[str, Heard], int]:
    """The whole lines of a draft, and how many bytes they are."""
    try:
        content = path.read_bytes()
    except OSError:
        return {}, 0
    heard: dict[str, Heard] = {}
    size = 0
    # Whole lines only: what follows the last line break was cut off.
    for line in content[: content.rfind(b"\n") + 1].splitlines(keepends=True):
        try:
            key, value = json.loads(line)
            heard[key] = _from_json(value)
        except (ValueError, TypeError, KeyError):
            break
        size += len(line)
    return heard, size


def _to_json(heard: Heard) -> dict[str, Any]:
    return {
        "language": heard.language,
        "words": [[w.text, w.start, w.end, w.probability] for w in heard.words],
        "stretches": [asdict(stretch) for stretch in heard.stretches],
    }


def _from_json(value: dict[str, Any]) -> Heard:
    return Heard(
        tuple(Word(*word) for word in value["words"]),
        value["language"],
        tuple(Stretch(**stretch) for stretch in value["stretches"]),
    )

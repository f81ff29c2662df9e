"""The library on disk: one folder for each video, which is there whole or not at all.

videos/<video_id>/video.json        what it is, where it came from, what was made from what
                  transcript.json   the truth
                  captions.vtt      the same for players and people
                  poster.jpg        where there is one
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from ingest.export import export_transcript
from ingest.folders import (
    current_folder,
    folder_names,
    has_leftovers,
    recover,
    remove_folder,
    replace_folder,
)
from ingest.transcript_json import (
    transcript_from_json,
    transcript_to_json,
    video_from_json,
    video_to_json,
)
from playhead.errors import DamagedVideoError, DiskFullError, LibraryError, UnknownVideoError
from playhead.types import Transcript, Video

_VIDEO = "video.json"
_TRANSCRIPT = "transcript.json"
_CAPTIONS = "captions.vtt"
_POSTER = "poster.jpg"
_ID = re.compile(r"[0-9a-f]{16}")
_MIN_PREFIX = 4
# Another process holds the lock for as long as it writes one video.
_LOCK_SECONDS = 30.0
_DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_SEE_IDS = "See the ids with: playhead library list"


class VideoLibrary:
    """The videos under a library's home folder. Making one touches nothing on disk.

    Reading needs no write permission. Whatever a killed run left is set right when the library is
    next used, where it can be written.

    Raises (all methods):
        LibraryError: the folder cannot be read, created or written.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._videos = home / "videos"
        self._settled = False

    @property
    def home(self) -> Path:
        """The library's folder."""
        return self._home

    def has(self, video_id: str) -> bool:
        """Whether a video is here, be it damaged or not."""
        return self._folder(video_id) is not None

    def video(self, video_id: str) -> Video:
        """A video by its id.

        Raises:
            UnknownVideoError: there is none.
            DamagedVideoError: its video.json is not what it should be.
        """
        return _parsed_video(video_id, self._read_json(video_id, _VIDEO))

    def transcript(self, video_id: str) -> Transcript:
        """A video's transcript.

        Raises:
            UnknownVideoError: there is no such video.
            DamagedVideoError: its transcript.json is not what it should be.
        """
        value = self._read_json(video_id, _TRANSCRIPT)
        with _naming(video_id, _TRANSCRIPT):
            return transcript_from_json(value)

    def videos(self) -> list[Video]:
        """All whole videos, by title."""
        return self.survey()[0]

    def damaged(self) -> list[DamagedVideoError]:
        """What is wrong with each damaged video."""
        return self.survey()[1]

    def survey(self) -> tuple[list[Video], list[DamagedVideoError]]:
        """All whole videos by title, and what is wrong with each of the others."""
        whole: list[Video] = []
        damaged: list[DamagedVideoError] = []
        for video_id in self._ids():
            # One that another process removes just now is no news.
            with contextlib.suppress(UnknownVideoError):
                try:
                    whole.append(self._whole(video_id)[0])
                except DamagedVideoError as error:
                    damaged.append(error)
        return sorted(whole, key=lambda video: (video.title.casefold(), video.id)), damaged

    def fingerprint(self, video_id: str) -> str | None:
        """What a video's transcript was made from; None where there is no whole video."""
        try:
            return self._whole(video_id)[1]
        except (UnknownVideoError, DamagedVideoError):
            return None

    def poster_path(self, video_id: str) -> Path | None:
        """Where a video's picture is, if it has one."""
        return self._file(video_id, _POSTER)

    def captions_path(self, video_id: str) -> Path | None:
        """Where a video's captions are, if the video is here."""
        return self._file(video_id, _CAPTIONS)

    def resolve(self, prefix_or_id: str) -> str:
        """The id of the one video whose id begins so (at least 4 characters of it).

        Raises:
            UnknownVideoError: there is no such video, or more than one.
        """
        prefix = prefix_or_id.strip().lower()
        if len(prefix) < _MIN_PREFIX:
            raise UnknownVideoError(
                f"{prefix_or_id!r} is too short for a video id: at least {_MIN_PREFIX} characters",
                _SEE_IDS,
            )
        found = [video_id for video_id in self._ids() if video_id.startswith(prefix)]
        if not found:
            raise _unknown(prefix_or_id)
        if len(found) > 1:
            raise UnknownVideoError(
                f"{prefix_or_id!r} is the beginning of {len(found)} video ids: {', '.join(found)}",
                "Give more of it",
            )
        return found[0]

    def save(
        self, video: Video, transcript: Transcript, poster: bytes | None, fingerprint: str
    ) -> None:
        """Put a video into the library, in place of an older version of it if there is one.

        Raises:
            DiskFullError: no room left; what was there before still is, and nothing else.
            ValueError: the video's id is none.
        """
        if not _ID.fullmatch(video.id):
            raise ValueError(f"a video id is 16 lowercase hex digits, not {video.id!r}")
        transcript_json = _encoded(transcript_to_json(transcript))
        about = {"fingerprint": fingerprint, "transcript_sha256": _sha256(transcript_json)}
        files = {
            _VIDEO: _encoded(video_to_json(video) | about),
            _TRANSCRIPT: transcript_json,
            _CAPTIONS: export_transcript(transcript, "vtt").encode(errors="replace"),
        }
        if poster is not None:
            files[_POSTER] = poster
        with self._writing():
            replace_folder(self._videos, video.id, files)

    def check_writable(self) -> None:
        """Make sure that a video could be saved, before the work of hours is done for nothing."""
        with self._writing():
            pass

    def remove(self, video_id: str) -> None:
        """Take a video out of the library, whole or damaged; its media stays where it is.

        Raises:
            UnknownVideoError: there is none.
        """
        if not self.has(video_id):
            raise _unknown(video_id)
        with self._writing():
            if not (self._videos / video_id).exists():
                raise _unknown(video_id)
            remove_folder(self._videos, video_id)

    def _ids(self) -> list[str]:
        self._settle()
        with self._reading():
            try:
                names = folder_names(self._videos)
            except FileNotFoundError:
                return []
            return [name for name in names if _ID.fullmatch(name)]

    def _folder(self, video_id: str) -> Path | None:
        self._settle()
        with self._reading():
            return current_folder(self._videos, video_id) if _ID.fullmatch(video_id) else None

    def _file(self, video_id: str, name: str) -> Path | None:
        folder = self._folder(video_id)
        with self._reading():
            return folder / name if folder and (folder / name).is_file() else None

    def _whole(self, video_id: str) -> tuple[Video, str]:
        """A video and its fingerprint, with its transcript checked, too."""
        about = self._read_json(video_id, _VIDEO)
        video = _parsed_video(video_id, about)
        fingerprint = about.get("fingerprint")
        if not isinstance(fingerprint, str):
            raise _damaged(video_id, _VIDEO, "'fingerprint' is missing or not a text")
        # The digest is the quick way: a transcript of one hour takes 30 ms to read in full. One
        # that somebody corrected by hand has another digest and may be in order all the same.
        if _sha256(self._read(video_id, _TRANSCRIPT)) != about.get("transcript_sha256"):
            self.transcript(video_id)
        return video, fingerprint

    def _read_json(self, video_id: str, name: str) -> Any:  # noqa: ANN401 - whatever is in it
        content = self._read(video_id, name)
        try:
            return json.loads(content)
        except (ValueError, RecursionError) as error:
            raise _damaged(video_id, name, "it is not JSON") from error

    def _read(self, video_id: str, name: str) -> bytes:
        # A second look, for the folder may have been replaced between the first and the reading.
        for _ in range(2):
            folder = self._folder(video_id)
            if folder is None:
                raise _unknown(video_id)
            try:
                return (folder / name).read_bytes()
            except OSError as error:
                reason = f"it cannot be read ({error.strerror or error})"
        raise _damaged(video_id, name, reason)

    def _settle(self) -> None:
        """Set right what a killed run left, once, if that can be done now."""
        if self._settled:
            return
        self._settled = True
        with contextlib.suppress(OSError):
            if has_leftovers(self._videos):
                with FileLock(self._videos / ".lock", timeout=0):
                    recover(self._videos)

    @contextlib.contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise LibraryError(
                f"the library folder {self._home} cannot be read: {error.strerror or error}",
                "Check its permissions, or name another folder with PLAYHEAD_HOME",
            ) from error

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            self._videos.mkdir(parents=True, exist_ok=True)
            with FileLock(self._videos / ".lock", timeout=_LOCK_SECONDS):
                recover(self._videos)
                yield
        except Timeout as error:
            raise LibraryError(
                f"another process has been writing to the library {self._home} for long",
                "Try again when it is done",
            ) from error
        except OSError as error:
            raise write_error(self._home, error) from error


def write_error(home: Path, error: OSError) -> LibraryError:
    """What it means that something in the library's folder could not be written."""
    if error.errno in _DISK_FULL:
        return DiskFullError(
            f"no room left for the library folder {home}",
            "Free some space, or name a folder on another disk with PLAYHEAD_HOME",
        )
    return LibraryError(
        f"the library folder {home} cannot be written: {error.strerror or error}",
        "Check its permissions, or name another folder with PLAYHEAD_HOME",
    )


def _parsed_video(video_id: str, value: object) -> Video:
    with _naming(video_id, _VIDEO):
        video = video_from_json(value)
    if video.id != video_id:
        raise _damaged(video_id, _VIDEO, f"it is that of {video.id}")
    return video


def _unknown(video_id: str) -> UnknownVideoError:
    return UnknownVideoError(f"no video {video_id!r} in the library", _SEE_IDS)


def _damaged(video_id: str, name: str, what: str, remedy: str = "") -> DamagedVideoError:
    return DamagedVideoError(
        f"the {name} of video {video_id} is damaged: {what}",
        remedy or f"Ingest the video again, or: playhead library remove {video_id}",
    )


@contextlib.contextmanager
def _naming(video_id: str, name: str) -> Iterator[None]:
    """Errors about a file's content name the file."""
    try:
        yield
    except DamagedVideoError as error:
        raise _damaged(video_id, name, error.problem, error.remedy) from error


def _encoded(value: dict[str, Any]) -> bytes:
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode()
    except UnicodeEncodeError:
        # A file name that is no text in its file system's encoding: JSON can escape it.
        return json.dumps(value, allow_nan=False, separators=(",", ":")).encode()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()

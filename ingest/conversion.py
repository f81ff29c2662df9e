"""The playable version of a media file: written whole or not at all.

It keeps the timeline: its 0:00 is where the earliest stream of the file starts, as in
`ingest.media.origin`. What is encoded anew becomes H.264 with AAC, or Opus beside a copied VP8.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.media import (
    check_file,
    open_media,
    origin,
    packet_end,
    picture_stream,
    sound_stream,
    stated_duration,
)
from ingest.playable import Conversion
from ingest.playable_tracks import CopiedTrack, EncodedPicture, EncodedSound, OutputTrack
from playhead.errors import DiskFullError, LibraryError, MediaError
from playhead.progress import OnProgress, ProgressEvent, ignore_progress

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer
    from av.video.frame import VideoFrame

UNFINISHED = ".new-"
"""How the names of files begin that are being written, or were when their run was killed."""

_MUXERS = {".mp4": "mp4", ".m4a": "mp4", ".webm": "webm"}
_REPORT_EVERY_SECONDS = 1.0
_DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def convert(
    path: Path,
    conversion: Conversion,
    target: Path,
    on_progress: OnProgress = ignore_progress,
) -> None:
    """Write the playable version of a media file; its folder is made where there is none.

    `target` appears by one rename, when all of it is on the disk. Until then it has a hidden name
    beside it, and is deleted if anything fails, be it that `on_progress` raises.

    Raises:
        SourceError: there is no such file, or it cannot be read.
        MediaError: it is damaged.
        DiskFullError: no room left.
        LibraryError: the folder cannot be written.
    """
    check_file(path)
    unfinished = target.with_name(UNFINISHED + target.name)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            unfinished.touch()
            _write(path, conversion, unfinished, on_progress)
            _sync(unfinished)
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise _write_error(target.parent, error) from error


def _write(path: Path, conversion: Conversion, target: Path, on_progress: OnProgress) -> None:
    first = _first_frame(path) if conversion.picture == "encode" else None
    with open_media(path) as source, _output(target, conversion.suffix) as output:
        tracks = _tracks(source, output, conversion, first)
        start, total = origin(source), stated_duration(source)
        reached = reported = 0.0
        for packet in source.demux([track.source for track in tracks.values()]):
            for made in tracks[packet.stream_index].made_of(packet):
                output.mux(made)
            end = packet_end(packet)
            reached = max(reached, float(end - start) if end is not None else 0.0)
            if reached >= reported + _REPORT_EVERY_SECONDS:
                reported = reached
                on_progress(ProgressEvent("convert", reached, total))
        for track in tracks.values():
            for made in track.rest():
                output.mux(made)
    if not reached:
        raise MediaError(f"{path} is damaged: nothing of it can be read")
    on_progress(ProgressEvent("convert", reached, reached))


def _tracks(
    source: InputContainer,
    output: OutputContainer,
    conversion: Conversion,
    first: VideoFrame | None,
) -> dict[int, OutputTrack]:
    """What becomes of the streams, by their index in the source."""
    start = origin(source)
    picture, sound = picture_stream(source), sound_stream(source)
    tracks: list[OutputTrack] = []
    if picture is not None and first is not None:
        tracks.append(EncodedPicture(picture, output, start, first))
    elif picture is not None:
        tracks.append(CopiedTrack(picture, output, start))
    if sound is not None and conversion.sound == "encode":
        is_webm = conversion.suffix == ".webm"
        tracks.append(EncodedSound(sound, output, start, "libopus" if is_webm else "aac"))
    elif sound is not None:
        tracks.append(CopiedTrack(sound, output, start))
    return {track.source.index: track for track in tracks}


def _first_frame(path: Path) -> VideoFrame:
    """The first picture, which knows its size and which way up it is.

    Raises:
        MediaError: there is none that can be decoded.
    """
    from av import VideoFrame

    with open_media(path) as container:
        for frame in container.decode(picture_stream(container)):
            if isinstance(frame, VideoFrame):
                return frame
    raise MediaError(f"{path} is damaged: nothing of its picture can be decoded")


@contextmanager
def _output(target: Path, suffix: str) -> Iterator[OutputContainer]:
    """The file that is written; that its disk is full comes out as an OSError."""
    import av

    # The index at the beginning, so that a player can seek before it has read the whole.
    options = {} if suffix == ".webm" else {"movflags": "+faststart"}
    try:
        with av.open(str(target), "w", _MUXERS[suffix], options=options) as output:
            yield output
    except av.FFmpegError as error:
        # Whatever else FFmpeg complains of is about what it reads.
        if error.errno in _DISK_FULL:
            raise OSError(error.errno, error.strerror) from error
        raise


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _write_error(folder: Path, error: OSError) -> LibraryError:
    if error.errno in _DISK_FULL:
        return DiskFullError(
            "no room left for a version that browsers can play",
            "Free some space and try again",
        )
    return LibraryError(
        f"{folder} cannot be written: {error.strerror or error}", "Check its permissions"
    )

"""The playable version of a media file: written whole or not at all.

It keeps the timeline: its 0:00 is where the earliest stream of the file starts, as in
`ingest.media.origin`. What is encoded anew becomes H.264 with AAC, or Opus beside a copied VP8.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.media import (
    check_file,
    open_media,
    origin,
    packet_end,
    packets_of,
    picture_stream,
    pictures_of,
    sound_stream,
    stated_duration,
)
from ingest.playable import Conversion
from ingest.playable_tracks import CopiedTrack, EncodedPicture, EncodedSound, OutputTrack
from playhead.errors import DiskFullError, LibraryError, MediaError
from playhead.progress import OnProgress, ProgressEvent, ignore_progress

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer
    from av.packet import Packet
    from av.stream import Stream
    from av.video.frame import VideoFrame

UNFINISHED = ".new-"
"""How the names of files begin that are being written, or were when their run was killed."""

_MUXERS = {".mp4": "mp4", ".m4a": "mp4", ".webm": "webm"}
_REPORT_EVERY_SECONDS = 1.0
# As in `ingest.audio`: what jumps back further was joined, what jumps ahead further is broken.
_OVERLAP_SECONDS, _LONGEST_GAP_SECONDS = 1, 3600
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
        raise write_error(target.parent, error) from error


def _write(path: Path, conversion: Conversion, target: Path, on_progress: OnProgress) -> None:
    first = _first_frame(path) if conversion.picture == "encode" else None
    with open_media(path) as source, _output(target, conversion.suffix) as output:
        tracks = _tracks(source, output, conversion, first)
        clock, total = _Clock(origin(source)), stated_duration(source)
        reported = 0.0
        for packet in packets_of(source, *(track.source for track in tracks.values())):
            clock.move(packet)
            for made in tracks[packet.stream_index].made_of(packet):
                output.mux(made)
            if clock.reached >= reported + _REPORT_EVERY_SECONDS:
                reported = float(clock.reached)
                on_progress(ProgressEvent("convert", reported, total))
        for track in tracks.values():
            for made in track.rest():
                output.mux(made)
    if not clock.reached:
        raise MediaError(f"{path} is damaged: nothing of it can be read")
    on_progress(ProgressEvent("convert", float(clock.reached), float(clock.reached)))


class _Clock:
    """Moves packets onto a timeline that starts at 0 and does not jump.

    Where recordings were joined end to end their clock does, as one for all streams; each then
    follows the one before it.
    """

    def __init__(self, start: Fraction) -> None:
        self.reached = Fraction(0)
        self._shift = -start
        self._last: dict[int, Fraction] = {}

    def move(self, packet: Packet[Stream]) -> None:
        """Correct a packet's times."""
        stamp = packet.pts if packet.dts is None else packet.dts
        if stamp is None:
            return
        at = stamp * packet.time_base + self._shift
        is_back = at < self._last.get(packet.stream_index, at) - _OVERLAP_SECONDS
        if is_back or at > self.reached + _LONGEST_GAP_SECONDS:
            self._shift += self.reached - at
            at = self.reached
        self._last[packet.stream_index] = at
        moved = round(self._shift / packet.time_base)
        packet.pts = None if packet.pts is None else packet.pts + moved
        packet.dts = None if packet.dts is None else packet.dts + moved
        self.reached = max(self.reached, packet_end(packet) or at)


def _tracks(
    source: InputContainer,
    output: OutputContainer,
    conversion: Conversion,
    first: VideoFrame | None,
) -> dict[int, OutputTrack]:
    """What becomes of the streams, by their index in the source."""
    picture, sound = picture_stream(source), sound_stream(source)
    tracks: list[OutputTrack] = []
    if picture is not None and first is not None:
        tracks.append(EncodedPicture(picture, output, first))
    elif picture is not None:
        tracks.append(CopiedTrack(picture, output))
    if sound is not None and conversion.sound == "encode":
        is_webm = conversion.suffix == ".webm"
        tracks.append(EncodedSound(sound, output, "libopus" if is_webm else "aac"))
    elif sound is not None:
        tracks.append(CopiedTrack(sound, output))
    return {track.source.index: track for track in tracks}


def _first_frame(path: Path) -> VideoFrame:
    """The first picture, which knows its size and which way up it is.

    Raises:
        MediaError: there is none that can be decoded.
    """
    with open_media(path) as container:
        stream = picture_stream(container)
        frame = next(pictures_of(container, stream), None) if stream else None
    if frame is not None:
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


def write_error(folder: Path, error: OSError) -> LibraryError:
    """Why playable versions cannot be written to their folder."""
    if error.errno in _DISK_FULL:
        return DiskFullError(
            "no room left for a version that browsers can play",
            "Free some space and try again",
        )
    return LibraryError(
        f"{folder} cannot be written: {error.strerror or error}", "Check its permissions"
    )

"""What a media file holds, without decoding it; and the one door to PyAV's containers."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.languages import two_letter
from playhead.errors import MediaError, SourceError
from playhead.text import printable

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_TEXT_CODECS = frozenset({"mov_text", "subrip", "srt", "webvtt", "ass", "ssa", "text"})
_COPY_AGAIN = "Copy or download it again"
# Twice a film in 8K. A damaged or hostile picture of more would take gigabytes.
_PICTURE_LIMIT = {"max_pixels": str(1 << 26)}
# Programs that write a WAV file to a pipe put this or more in place of its size.
_RIFF_STREAM = 0x7FFF0000
# How much may be missing at the end before it is called damage.
_MISSING_SECONDS, _MISSING_SHARE = 2.0, 0.05
# Formats whose files can be joined end to end: the clock restarts.
_JOINABLE = frozenset({"ogg", "mpeg", "mpegts"})
_OVERLAP_SECONDS = 1.0
# What lies further ahead than this has a broken timestamp.
_LONGEST_GAP_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class SubtitleTrack:
    """A subtitle track that is text; `index` is the stream's, `language` ISO 639-1 if known."""

    index: int
    codec: str
    language: str | None = None
    default: bool = False
    forced: bool = False


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What a media file holds.

    `duration` is in seconds. Cover art is no video. `language` is what the file says of its sound
    (ISO 639-1), and `title` what it says of itself.
    """

    duration: float
    has_video: bool
    has_audio: bool
    title: str | None = None
    language: str | None = None
    tracks: tuple[SubtitleTrack, ...] = ()


def probe(path: Path) -> MediaInfo:
    """What a media file holds; decodes nothing.

    Raises:
        SourceError: there is no such file, or it cannot be read.
        MediaError: it is no video and no audio recording, truncated, or so damaged that it cannot
            be opened.
    """
    with open_media(path) as container:
        audio = sound_stream(container)
        info = MediaInfo(
            duration=_duration(container, path),
            has_video=picture_stream(container) is not None,
            has_audio=audio is not None,
            title=container.metadata.get("title"),
            language=two_letter(audio.language) if audio else None,
            tracks=tuple(_text_tracks(container)),
        )
    if not info.has_video and not info.has_audio:
        raise MediaError(f"{path} is not a video or an audio recording", _COPY_AGAIN)
    return info


@contextmanager
def open_media(path: Path, **options: str) -> Iterator[InputContainer]:
    """A media file opened with PyAV; whatever PyAV raises inside comes out as a MediaError.

    Args:
        path: the file.
        options: FFmpeg's, for the format.

    Raises:
        SourceError: there is no such file, or it cannot be read.
        MediaError: it is no media, or it is damaged.
    """
    import av

    check_file(path)
    try:
        # A playlist under the name of a video must not make us fetch what it names.
        container = av.open(
            str(path.absolute()),
            metadata_errors="ignore",
            options={"protocol_whitelist": "file", **_PICTURE_LIMIT, **options},
        )
    except (av.FFmpegError, ValueError, OSError) as error:
        raise _cannot_be_opened(path) from error
    try:
        with container:
            yield container
    except av.FFmpegError as error:
        raise MediaError(f"{path} is damaged: {error.strerror}", _COPY_AGAIN) from error


def packets_of(container: InputContainer, *streams: Stream) -> Iterator[Packet[Stream]]:
    """The packets of some streams, or of all, in the order of the file."""
    # FFmpeg may find another stream on the way, as where recordings of broadcasts were joined.
    # PyAV does not know it, and stumbles over it when everything else has been read.
    with suppress(IndexError):
        yield from container.demux(*streams)


def pictures_of(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """The pictures of a video stream that can be decoded; damaged and gigantic ones cannot."""
    import av

    stream.codec_context.options = _PICTURE_LIMIT
    for packet in packets_of(container, stream):
        with suppress(av.error.InvalidDataError, av.error.ArgumentError):
            yield from (frame for frame in packet.decode() if isinstance(frame, av.VideoFrame))


def is_cover(stream: Stream) -> bool:
    """Whether a video stream is only the picture on the cover of a recording."""
    from av.stream import Disposition

    return bool(stream.disposition & Disposition.attached_pic)


def picture_stream(container: InputContainer) -> VideoStream | None:
    """The first video stream that is no cover art and has a decoder."""
    streams = (stream for stream in container.streams.video if stream.codec_context)
    return next((stream for stream in streams if not is_cover(stream)), None)


def sound_stream(container: InputContainer) -> AudioStream | None:
    """The audio stream that a player would choose; None if there is none with a decoder."""
    from av.audio.stream import AudioStream

    best = container.streams.best("audio")
    return best if isinstance(best, AudioStream) and best.codec_context else None


def origin(container: InputContainer) -> Fraction:
    """The timestamp that players show as 0:00, in seconds: where the earliest stream starts.

    Never negative: what lies before zero is the encoder's priming, and is not played.
    """
    return Fraction(max(0, container.start_time or 0), 1_000_000)


def check_file(path: Path) -> None:
    """See that there is a file that can be read, with something in it.

    Raises:
        SourceError: there is no such file, it cannot be read, or its name is no text.
        MediaError: it is empty.
    """
    if printable(str(path)) != str(path):
        raise SourceError(f"{path} has a name that is not UTF-8", "Rename it")
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise SourceError(f"{path} is a folder, not a file")
        if not stat.S_ISREG(mode):
            raise SourceError(f"{path} is not a regular file")
        with path.open("rb") as file:
            first = file.read(1)
    except FileNotFoundError as error:
        raise SourceError(f"{path} does not exist", "Check the path") from error
    except OSError as error:
        raise _unreadable(path, error) from error
    if not first:
        raise MediaError(f"{path} is empty (0 bytes)", _COPY_AGAIN)


def _head(path: Path) -> tuple[bytes, int]:
    """The first bytes of a file, and how many it has."""
    try:
        with path.open("rb") as file:
            return file.read(12), os.fstat(file.fileno()).st_size
    except OSError as error:
        # It may have been deleted since it was opened.
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> SourceError:
    return SourceError(f"{path} cannot be read: {error.strerror}", "Check that you may read it")


def _cannot_be_opened(path: Path) -> MediaError:
    if _head(path)[0][4:8] == b"ftyp":
        return MediaError(
            f"{path} is truncated, or its recording was never finished: its index is missing",
            _COPY_AGAIN,
        )
    return MediaError(f"{path} is not a video or an audio recording that can be read", _COPY_AGAIN)


def is_guess(seconds: float, container: InputContainer) -> bool:
    """Whether a stated duration is only the file's size divided by its bit rate.

    FFmpeg does so for formats without an index (ADTS, MP3 without a Xing header), and is wrong
    where the bit rate varies.
    """
    codecs = [stream.codec_context for stream in container.streams if stream.codec_context]
    bit_rate = sum(codec.bit_rate or 0 for codec in codecs)
    guess = container.size * 8 / bit_rate if bit_rate else 0.0
    return abs(seconds - guess) <= seconds * 0.01


def stated_duration(container: InputContainer) -> float | None:
    """How long the file says it is, in seconds; None where it does not, or nobody knows."""
    stated = Fraction(container.duration or 0, 1_000_000)
    if container.format.name.startswith("matroska"):
        # Its duration is the time at the end, whatever the time at the start.
        stated -= origin(container)
    return float(stated) if stated > 0 and not is_guess(float(stated), container) else None


def check_riff_size(path: Path) -> None:
    """WAV and AVI files tell their size, but FFmpeg goes by what is there.

    Raises:
        MediaError: much of the file is not there.
    """
    head, size = _head(path)
    stated = int.from_bytes(head[4:8], "little")
    known = head[:4] == b"RIFF" and stated < _RIFF_STREAM
    if known and size < stated * (1 - _MISSING_SHARE):
        raise truncated(path, f"{stated:,} bytes", f"{size:,}")


def truncated(path: Path, stated: str, found: str) -> MediaError:
    """The error for a file that says how long it is, and is not."""
    return MediaError(
        f"{path} is truncated: it should have {stated} but breaks off after {found}",
        _COPY_AGAIN,
    )


def much_is_missing(missing: float, total: float) -> bool:
    """Whether so many seconds of so many are too many to be passed over."""
    return missing > max(_MISSING_SECONDS, total * _MISSING_SHARE)


def _duration(container: InputContainer, path: Path) -> float:
    """How long it is: by its own word if it ends there, else by its last packet.

    Raises:
        MediaError: much of what it says it has is not there.
    """
    import av

    check_riff_size(path)
    stated, start = stated_duration(container), origin(container)
    end = _End(start, stated or 0.0)
    if stated is None:
        # Recordings made in a browser do not say how long they are.
        end.read(container)
        return end.played
    with suppress(av.FFmpegError):
        container.seek(round((start + Fraction(stated - _MISSING_SECONDS)) * 1_000_000))
        end.read(container)
    if much_is_missing(abs(end.any - stated), stated) or container.format.name in _JOINABLE:
        # What it says is wrong, or goes for its last part, or there is no index to find its end by.
        end = _End(start)
        with open_media(path) as again, suppress(av.FFmpegError):
            end.read(again)
    if much_is_missing(stated - end.any, stated):
        raise truncated(path, f"{stated:.0f} s", f"{end.any:.0f} s")
    return max(stated, end.played) if much_is_missing(end.played - stated, stated) else stated


class _End:
    """Where the packets of a container end, in seconds: those that are played, and any.

    Where recordings were joined end to end, each follows the one before it.
    """

    def __init__(self, start: Fraction, expected: float = 0.0) -> None:
        self.played = self.any = 0.0
        self._start, self._expected = float(start), expected
        self._last: dict[int, float] = {}

    def read(self, container: InputContainer) -> None:
        """Go on to the end of a container."""
        for packet in packets_of(container):
            end = packet_end(packet)
            if end is None:
                continue
            until = float(end) - self._start
            if until > max(self.any, self._expected) + _LONGEST_GAP_SECONDS:
                continue
            if packet.stream.type in ("audio", "video"):
                until = self._joined(packet, until)
                self.played = max(self.played, until)
            self.any = max(self.any, until)

    def _joined(self, packet: Packet[Stream], until: float) -> float:
        """Where a packet ends if its clock may have been restarted before it."""
        # The order of decoding tells: that of showing goes back and forth.
        stamp = packet.pts if packet.dts is None else packet.dts
        at = float((stamp or 0) * packet.time_base)
        back = self._last.get(packet.stream_index, at) - at
        self._last[packet.stream_index] = at
        if back <= _OVERLAP_SECONDS:
            return until
        self._start += until - self.any
        return self.any


def packet_end(packet: Packet[Stream]) -> Fraction | None:
    """Where a packet ends on its container's clock, in seconds; None for one without a time."""
    start = packet.dts if packet.pts is None else packet.pts
    return None if start is None else (start + (packet.duration or 0)) * packet.time_base


def _text_tracks(container: InputContainer) -> Iterator[SubtitleTrack]:
    from av.stream import Disposition

    for stream in container.streams.subtitles:
        codec = stream.codec_context.name if stream.codec_context else ""
        if codec in _TEXT_CODECS:
            yield SubtitleTrack(
                index=stream.index,
                codec=codec,
                language=two_letter(stream.language),
                default=bool(stream.disposition & Disposition.default),
                forced=bool(stream.disposition & Disposition.forced),
            )

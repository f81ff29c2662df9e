"""What a media file holds, without decoding it; and the one door to PyAV's containers."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager
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
    from av.video.stream import VideoStream

_TEXT_CODECS = frozenset({"mov_text", "subrip", "srt", "webvtt", "ass", "ssa", "text"})
_COPY_AGAIN = "Copy or download it again"


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
        MediaError: it is no video and no audio recording, or so damaged that it cannot be opened.
    """
    with open_media(path) as container:
        audio = sound_stream(container)
        info = MediaInfo(
            duration=_duration(container),
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
def open_media(path: Path) -> Iterator[InputContainer]:
    """A media file opened with PyAV; whatever PyAV raises inside comes out as a MediaError.

    Raises:
        SourceError: there is no such file, or it cannot be read.
        MediaError: it is no media, or it is damaged.
    """
    import av

    check_file(path)
    try:
        # A playlist under the name of a video must not make us fetch what it names.
        container = av.open(
            str(path.absolute()), metadata_errors="ignore", options={"protocol_whitelist": "file"}
        )
    except (av.FFmpegError, ValueError, OSError) as error:
        raise _cannot_be_opened(path) from error
    try:
        with container:
            yield container
    except av.FFmpegError as error:
        raise MediaError(f"{path} is damaged: {error.strerror}", _COPY_AGAIN) from error


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
        raise SourceError(
            f"{path} cannot be read: {error.strerror}", "Check that you may read it"
        ) from error
    if not first:
        raise MediaError(f"{path} is empty (0 bytes)", _COPY_AGAIN)


def _cannot_be_opened(path: Path) -> MediaError:
    with path.open("rb") as file:
        looks_like_mp4 = file.read(12)[4:8] == b"ftyp"
    if looks_like_mp4:
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


def _duration(container: InputContainer) -> float:
    stated = stated_duration(container)
    if stated is not None:
        return stated
    # Recordings made in a browser do not say how long they are; their last packet does.
    start = origin(container)
    ends = (end for packet in container.demux() if (end := packet_end(packet)) is not None)
    return float(max((end - start for end in ends), default=Fraction(0)))


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

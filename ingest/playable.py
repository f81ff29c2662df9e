"""What a browser can play as it is, and what has to be done to the rest.

Streams that browsers know are copied into a container that they know, which takes seconds for an
hour; the others are encoded anew. `ingest.conversion` does it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ingest.media import open_media, origin, packets_of, picture_stream, sound_stream
from playhead.errors import MediaError

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.video.stream import VideoStream

Way = Literal["copy", "encode"]

SUFFIXES = (".mp4", ".webm", ".m4a")
"""How a conversion's name may end."""

_MP4_PICTURES, _MP4_SOUNDS = frozenset({"h264", "vp9", "av1"}), frozenset({"aac", "mp3"})
_WEBM_PICTURES, _WEBM_SOUNDS = frozenset({"vp8", "vp9", "av1"}), frozenset({"opus", "vorbis"})
_NONE: frozenset[str] = frozenset()
# FFmpeg's name of a format: how its files may be called, and what browsers play in them.
_FORMATS = {
    "mov,mp4,m4a,3gp,3g2,mj2": (
        frozenset({".mp4", ".m4v", ".mov", ".m4a"}),
        _MP4_PICTURES,
        _MP4_SOUNDS,
    ),
    "matroska,webm": (frozenset({".webm"}), _WEBM_PICTURES, _WEBM_SOUNDS),
    "mp3": (frozenset({".mp3"}), _NONE, frozenset({"mp3"})),
    "wav": (frozenset({".wav"}), _NONE, frozenset({"pcm_u8", "pcm_s16le", "pcm_s24le"})),
    "flac": (frozenset({".flac"}), _NONE, frozenset({"flac"})),
    "ogg": (frozenset({".ogg", ".opus"}), _NONE, frozenset({"opus", "vorbis", "flac"})),
}
# Formats that tell when a picture is to be shown; the others tell only when to decode it.
_TIMED = ("mov", "matroska", "mpegts", "flv")
# With 4:2:2, 4:4:4 or 10 bits browsers show nothing, though it is H.264.
_H264_PIXELS = frozenset[str | None]({"yuv420p", "yuvj420p"})
# About a minute of MP3, which shows whether its bit rate varies.
_MP3_PACKETS = 2000
# Encoders start a few hundredths late, which nobody hears.
_LATE_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Conversion:
    """What makes a file playable: how the new file ends, and what is done with each stream."""

    suffix: str
    picture: Way | None
    sound: Way | None


def conversion_of(path: Path) -> Conversion | None:
    """What has to be done so that browsers can play a file; None where they play it as it is.

    Reads headers and, of an MP3 file, the first minute.

    Raises:
        SourceError: there is no such file, or it cannot be read.
        MediaError: it is no media, or it cannot be opened.
    """
    with open_media(path) as container:
        picture, sound = picture_stream(container), sound_stream(container)
        if picture is None and sound is None:
            raise MediaError(f"{path} is not a video or an audio recording", "Copy it again")
        if _plays(path, container, picture, sound):
            return None
        return _conversion(container, picture, sound)


def _plays(
    path: Path,
    container: InputContainer,
    picture: VideoStream | None,
    sound: AudioStream | None,
) -> bool:
    known = _FORMATS.get(container.format.name)
    if known is None:
        return False
    suffixes, pictures, sounds = known
    return (
        path.suffix.lower() in suffixes
        and (picture is None or _is_shown(picture, pictures))
        # Browsers play the first of several; another was transcribed.
        and (sound is None or (_codec(sound) in sounds and sound is container.streams.audio[0]))
        and _seeks(path, container, sound)
    )


def _seeks(path: Path, container: InputContainer, sound: AudioStream | None) -> bool:
    """Whether a browser can jump to any moment of it, and comes out there.

    What a browser recorded itself tells no duration. Chromium does not take a late start for its
    0:00, and in MP3 it reckons from the bit rate where a moment lies.
    """
    if container.format.name == "mp3":
        packets = packets_of(container, *([sound] if sound else []))
        sizes = [packet.size for packet in islice(packets, _MP3_PACKETS)]
        # The last of a file is empty, the one before may be short; padding is one byte.
        return not sizes or max(sizes[:-2], default=0) - min(sizes[:-2], default=0) <= 1
    is_whole = container.duration is not None and not _is_fragmented(path)
    return is_whole and origin(container) <= _LATE_SECONDS


def _is_fragmented(path: Path) -> bool:
    """Whether an MP4 file has its index in many pieces, which a player must go through one by one.

    Each box is its length in 4 bytes and its name in 4; see ISO/IEC 14496-12, section 4.2.
    """
    with path.open("rb") as file:
        while len(head := file.read(16)) == 16:  # noqa: PLR2004 - bytes
            length, name = int.from_bytes(head[:4]), head[4:8]
            if length == 1:
                length = int.from_bytes(head[8:])
            if name == b"moof" or length < 8:  # noqa: PLR2004 - bytes
                return name == b"moof"
            file.seek(length - 16, os.SEEK_CUR)
    return False


def _conversion(
    container: InputContainer, picture: VideoStream | None, sound: AudioStream | None
) -> Conversion:
    shown, heard = (_way(container, picture, _WEBM_PICTURES), _way(container, sound, _WEBM_SOUNDS))
    is_vp8 = picture is not None and _codec(picture) == "vp8"
    # VP8 goes into no other container.
    if shown != "encode" and (heard != "encode" or is_vp8):
        return Conversion(".webm", shown, heard)
    return Conversion(
        ".m4a" if picture is None else ".mp4",
        _way(container, picture, _MP4_PICTURES),
        _way(container, sound, _MP4_SOUNDS),
    )


def _way(
    container: InputContainer, stream: VideoStream | AudioStream | None, known: frozenset[str]
) -> Way | None:
    if stream is None:
        return None
    if stream.type == "video" and not container.format.name.startswith(_TIMED):
        return "encode"
    return "copy" if _is_shown(stream, known) else "encode"


def _is_shown(stream: VideoStream | AudioStream, known: frozenset[str]) -> bool:
    """Whether browsers can decode a stream, if they know these codecs."""
    context = stream.codec_context
    if context.type == "video" and _codec(stream) == "h264":
        return "h264" in known and context.pix_fmt in _H264_PIXELS
    return _codec(stream) in known


def _codec(stream: VideoStream | AudioStream) -> str:
    """The codec's own name, whichever decoder stands for it (`libdav1d` for `av1`)."""
    return stream.codec_context.codec.canonical_name

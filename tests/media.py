"""Small real media files, made on the fly: tones, pictures, subtitle tracks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.packet import Packet
from numpy.typing import NDArray

Samples = NDArray[np.float32]

RATE = 16_000
_FRAME = 1024
_ASS_HEADER = b"""[Script Info]
ScriptType: v4.00+
[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, Bold, Italic, Alignment
Style: Default,Arial,16,&Hffffff,0,0,2
[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


@dataclass(frozen=True)
class Subtitles:
    """A subtitle track to write: its cues are (start, end, payload as the container keeps it)."""

    codec: str
    cues: Sequence[tuple[float, float, str]]
    language: str | None = None


def tone(seconds: float, hertz: float = 440.0, level: float = 0.3) -> Samples:
    """A tone of one channel at 16 kHz."""
    time = np.arange(round(seconds * RATE)) / RATE
    return (level * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


def silence(seconds: float) -> Samples:
    """Digital silence at 16 kHz."""
    return np.zeros(round(seconds * RATE), np.float32)


def bars(width: int, height: int) -> NDArray[np.uint8]:
    """A picture that shows something: red to the left, white to the right, dark at the bottom."""
    picture = np.zeros((height, width, 3), np.uint8)
    picture[:, : width // 2, 0] = 255
    picture[:, width // 2 :] = 255
    picture[height * 3 // 4 :] = 20
    return picture


def write_media(
    path: Path,
    *,
    sound: Samples | Sequence[tuple[float, Samples]] | None = None,
    codec: str | None = None,
    pictures: Sequence[NDArray[np.uint8]] = (),
    pictures_start: float = 0.0,
    subtitles: Sequence[Subtitles] = (),
    title: str | None = None,
    options: dict[str, str] | None = None,
) -> Path:
    """Write a media file; its format follows from the name.

    `sound` is the samples, or pieces of them with the seconds at which they begin. `pictures` are
    shown for a second each.
    """
    pieces = [(0.0, sound)] if isinstance(sound, np.ndarray) else list(sound or [])
    with av.open(str(path), "w", options=options or {}) as container:
        if title:
            container.metadata["title"] = title
        picture_stream = _picture_stream(container, pictures)
        sound_stream = _sound_stream(container, codec) if pieces else None
        tracks = [_subtitle_stream(container, track) for track in subtitles]
        packets = [*_pictures(picture_stream, pictures, pictures_start)]
        packets += _sound(sound_stream, pieces)
        for stream, track in zip(tracks, subtitles, strict=True):
            packets += _cues(stream, track)
        for packet in sorted(packets, key=lambda packet: packet.dts * packet.time_base):
            container.mux(packet)
    return path


def add_cover(path: Path) -> Path:
    """Put an ID3 tag with a picture before an MP3 file."""
    picture = b"\0image/png\0\x03\0" + _png(bars(64, 48))
    frame = b"APIC" + len(picture).to_bytes(4, "big") + b"\0\0" + picture
    size = bytes((len(frame) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    path.write_bytes(b"ID3\x03\0\0" + size + frame + path.read_bytes())
    return path


def hold_upright(path: Path) -> Path:
    """Mark an MP4 file's picture to be shown a quarter turn clockwise, as phones do."""
    content = path.read_bytes()
    # The matrix of the track header.
    unit = (0x10000).to_bytes(4, "big")
    none, minus = bytes(4), (-0x10000).to_bytes(4, "big", signed=True)
    corner = (0x40000000).to_bytes(4, "big")
    plain = unit + none * 3 + unit + none * 3 + corner
    turned = none + unit + none + minus + none * 4 + corner
    at = content.index(plain, content.index(b"tkhd"))
    path.write_bytes(content[:at] + turned + content[at + len(plain) :])
    return path


def _png(picture):
    encoder = av.CodecContext.create("png", "w")
    encoder.height, encoder.width = picture.shape[:2]
    encoder.pix_fmt, encoder.time_base = "rgb24", Fraction(1)
    frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
    return b"".join(bytes(packet) for packet in (*encoder.encode(frame), *encoder.encode(None)))


def _picture_stream(container, pictures):
    if not len(pictures):
        return None
    stream = container.add_stream("mpeg4", rate=1)
    stream.height, stream.width = pictures[0].shape[:2]
    stream.pix_fmt = "yuv420p"
    return stream


def _sound_stream(container, codec):
    # Matroska would take AC-3, which knows no rate as low as ours.
    matroska = container.format.name == "matroska"
    codec = codec or ("flac" if matroska else container.default_audio_codec)
    stream = container.add_stream(codec, rate=RATE)
    stream.layout = "mono"
    return stream


def _subtitle_stream(container, track):
    stream = container.add_stream(track.codec)
    stream.codec_context.subtitle_header = _ASS_HEADER
    if track.language:
        stream.metadata["language"] = track.language
    return stream


def _pictures(stream, pictures, start) -> Iterator[Packet]:
    if stream is None:
        return
    for number, picture in enumerate(pictures):
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts, frame.time_base = round((start + number) * 1000), Fraction(1, 1000)
        yield from stream.encode(frame)
    yield from stream.encode(None)


def _sound(stream, pieces) -> Iterator[Packet]:
    if stream is None:
        return
    for at, samples in pieces:
        for begin in range(0, samples.size, _FRAME):
            part = samples[begin : begin + _FRAME]
            frame = av.AudioFrame.from_ndarray(
                (part * 32767).astype(np.int16)[None], format="s16", layout="mono"
            )
            frame.sample_rate, frame.time_base = RATE, Fraction(1, RATE)
            frame.pts = round(at * RATE) + begin
            yield from stream.encode(frame)
    yield from stream.encode(None)


def _cues(stream, track) -> Iterator[Packet]:
    for start, end, text in track.cues:
        payload = text.encode()
        if track.codec == "mov_text":
            payload = len(payload).to_bytes(2, "big") + payload
        packet = Packet(payload)
        packet.stream, packet.time_base = stream, Fraction(1, 1000)
        packet.pts = packet.dts = round(start * 1000)
        packet.duration = round((end - start) * 1000)
        yield packet

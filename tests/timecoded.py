"""Media that tell the time: each second has a picture and a sound of its own, of 32 there are."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from ingest.audio import SAMPLE_RATE, decode_audio
from ingest.media import origin

_BITS = 5
_SIZE = (48, 80)
_FPS = 5
_RATE = 48_000
_LOWEST, _STEP = 400, 60


def write_timecoded(
    path: Path,
    *,
    picture: str | None = "libx264",
    sound: str | None = "aac",
    seconds: float = 8.0,
    picture_from: float = 0.0,
    sounds: Sequence[tuple[float, float]] = ((0.0, 8.0),),
    pixels: str = "yuv420p",
    picture_options: dict[str, str] | None = None,
    sound_options: dict[str, str] | None = None,
    **container_options: str,
) -> Path:
    """Write a file with a picture until `seconds`, and sound from and to the given seconds."""
    with av.open(str(path), "w", options=container_options) as container:
        packets = []
        if picture:
            stream = container.add_stream(picture, rate=_FPS, options=picture_options or {})
            stream.height, stream.width = _SIZE
            stream.pix_fmt = pixels
        if sound:
            heard = container.add_stream(sound, rate=_RATE, options=sound_options or {})
            heard.layout = "mono"
        if picture:
            for n in range(round((seconds - picture_from) * _FPS)):
                packets += stream.encode(_picture(picture_from + n / _FPS))
            packets += stream.encode(None)
        if sound:
            for start, end in sounds:
                for begin in range(round(start * _RATE), round(end * _RATE), 1024):
                    packets += heard.encode(_sound(begin, min(begin + 1024, round(end * _RATE))))
            packets += heard.encode(None)
        for packet in sorted(packets, key=lambda packet: packet.dts * packet.time_base):
            container.mux(packet)
    return path


def seconds_seen(path: Path, *places: float) -> list[int]:
    """Which second a file shows at each place, on the clock of `ingest.media.origin`."""
    with av.open(str(path)) as container:
        start = origin(container)
        frames = [
            (float(frame.pts * container.streams.video[0].time_base - start), _second(frame))
            for frame in container.decode(video=0)
        ]
    return [max(frame for frame in frames if frame[0] <= at + 0.01)[1] for at in places]


def seconds_heard(path: Path, *places: float) -> list[int | None]:
    """Which second a file lets hear at each place; None for silence."""
    audio = decode_audio(path)
    return [_heard(audio[round(at * SAMPLE_RATE) :][: SAMPLE_RATE // 4]) for at in places]


def _picture(at: float) -> av.VideoFrame:
    picture = np.zeros((*_SIZE, 3), np.uint8)
    width = _SIZE[1] // _BITS
    for bit in range(_BITS):
        if int(at + 0.01) >> bit & 1:
            picture[:, bit * width : (bit + 1) * width] = 255
    frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
    frame.pts, frame.time_base = round(at * 1000), Fraction(1, 1000)
    return frame


def _second(frame: av.VideoFrame) -> int:
    row = frame.to_ndarray(format="gray")[frame.height // 2]
    width = frame.width // _BITS
    return sum(int(row[bit * width + width // 2] > 127) << bit for bit in range(_BITS))


def _sound(begin: int, end: int) -> av.AudioFrame:
    time = np.arange(begin, end) / _RATE
    hertz = _LOWEST + _STEP * (np.floor(time) % 2**_BITS)
    samples = (12_000 * np.sin(2 * np.pi * hertz * (time % 1))).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(samples[None], format="s16", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = _RATE, begin, Fraction(1, _RATE)
    return frame


def _heard(samples: np.ndarray) -> int | None:
    if samples.size == 0 or np.abs(samples).max() < 0.05:
        return None
    spectrum = np.abs(np.fft.rfft(samples))
    hertz = float(np.argmax(spectrum)) * SAMPLE_RATE / samples.size
    return round((hertz - _LOWEST) / _STEP)

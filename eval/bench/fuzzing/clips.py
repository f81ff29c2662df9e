"""Half a minute of a demo talk in any container, with any codec, at any times."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from av.packet import Packet

TALKS = Path(__file__).parents[3] / "ui" / "demo" / "talks"
SECONDS = 30
RATE = 16_000
_TALK = "vasa"
_MS = Fraction(1, 1000)
_FRAME = 1024
_ASS_HEADER = b"[Script Info]\nScriptType: v4.00+\n[Events]\n"

Clock = Callable[[str, float], float]
"""Where what belongs at a second is written: (kind of stream, second) -> timestamp in seconds."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of the talk and when it is said, in seconds."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a clip is written."""

    suffix: str
    sound: str | None = "aac"
    picture: str | None = "libx264"
    subtitles: str | None = None
    rate: int = RATE
    layout: str = "mono"
    clock: Clock = field(default=lambda _kind, second: second)
    sound_tracks: int = 1
    options: tuple[tuple[str, str], ...] = ()
    caption: Callable[[str], str] = field(default=lambda text: text)


FORMATS = {
    "mp4": Recipe(".mp4", subtitles="mov_text"),
    "mp4 for the web": Recipe(".mp4", subtitles="mov_text", options=(("movflags", "faststart"),)),
    "mp4 in fragments": Recipe(
        ".mp4", subtitles="mov_text", options=(("movflags", "frag_keyframe+empty_moov+delay_moov"),)
    ),
    "mkv": Recipe(".mkv", subtitles="subrip"),
    "webm": Recipe(".webm", "libopus", "libvpx", "webvtt", rate=48_000),
    "mp3": Recipe(".mp3", "libmp3lame", None),
    "ogg": Recipe(".ogg", "libopus", None, rate=48_000),
    "wav": Recipe(".wav", "pcm_s16le", None),
    "flac": Recipe(".flac", "flac", None),
    "ts": Recipe(".ts"),
    "avi": Recipe(".avi", "libmp3lame", "mpeg4"),
    "aac": Recipe(".aac", "aac", None),
}
"""The usual formats."""


@cache
def sentences() -> tuple[Said, ...]:
    """What is said in the clip."""
    truth = json.loads((TALKS.parent / "truth.json").read_text("utf-8"))
    said = (Said(**sentence) for sentence in truth[_TALK]["sentences"])
    return tuple(one for one in said if one.end < SECONDS - 0.5)


@cache
def samples() -> NDArray[np.int16]:
    """The sound of the clip: one channel, 16,000 samples a second."""
    import av

    with av.open(str(TALKS / f"{_TALK}.mp4")) as container:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        frames = container.decode(audio=0)
        parts = [one.to_ndarray()[0] for frame in frames for one in resampler.resample(frame)]
    whole: NDArray[np.int16] = np.concatenate(parts)[: SECONDS * RATE]
    return whole


def captions(start: float = 0.0) -> str:
    """The clip's captions as WebVTT, `start` seconds late."""
    from playhead.timecodes import cue_time

    cues = (
        f"{cue_time(one.start + start)} --> {cue_time(one.end + start)}\n{one.text}\n"
        for one in sentences()
    )
    return "WEBVTT\n\n" + "\n".join(cues)


def write_clip(path: Path, recipe: Recipe) -> Path:
    """Write the clip to `path`."""
    import av

    with av.open(str(path), "w", options=dict(recipe.options)) as container:
        packets: list[Packet[Any]] = []
        if recipe.picture:
            packets += _pictures(container, recipe)
        if recipe.sound:
            packets += _sounds(container, recipe)
        if recipe.subtitles:
            packets += _cues(container, recipe)
        for packet in sorted(packets, key=lambda one: one.dts * one.time_base):
            container.mux(packet)
    return path


def _pictures(container: Any, recipe: Recipe) -> Iterator[Packet[Any]]:  # noqa: ANN401
    import av

    stream = container.add_stream(recipe.picture, rate=5)
    stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
    stream.codec_context.time_base = _MS
    column = np.arange(96, dtype=np.uint8)
    for number in range(SECONDS * 5):
        picture = np.tile(column * 2 + np.uint8(number % 64), (64, 1))
        frame = av.VideoFrame.from_ndarray(picture, format="gray").reformat(format="yuv420p")
        frame.pts = round(recipe.clock("picture", number / 5) * 1000)
        frame.time_base = _MS
        yield from stream.encode(frame)
    yield from stream.encode(None)


def _sounds(container: Any, recipe: Recipe) -> Iterator[Packet[Any]]:  # noqa: ANN401
    import av

    streams = [
        container.add_stream(recipe.sound, rate=recipe.rate, layout=recipe.layout)
        for _ in range(recipe.sound_tracks)
    ]
    for stream in streams:
        resampler = av.AudioResampler(
            format=stream.codec_context.format, layout=recipe.layout, rate=recipe.rate
        )
        for begin in range(0, samples().size, _FRAME):
            part = np.ascontiguousarray(samples()[begin : begin + _FRAME][None])
            frame = av.AudioFrame.from_ndarray(part, format="s16", layout="mono")
            frame.sample_rate = RATE
            at = recipe.clock("sound", begin / RATE)
            for one in resampler.resample(frame):
                one.pts, one.time_base = round(at * recipe.rate), Fraction(1, recipe.rate)
                yield from stream.encode(one)
        yield from stream.encode(None)


def _cues(container: Any, recipe: Recipe) -> Iterator[Packet[Any]]:  # noqa: ANN401
    import av

    stream = container.add_stream(recipe.subtitles)
    stream.codec_context.subtitle_header = _ASS_HEADER
    for said in sentences():
        payload = recipe.caption(said.text).encode("utf-8", "surrogateescape")
        if recipe.subtitles == "mov_text":
            payload = len(payload).to_bytes(2, "big") + payload
        packet = av.Packet(payload)
        packet.stream, packet.time_base = stream, _MS
        packet.pts = packet.dts = round(recipe.clock("subtitles", said.start) * 1000)
        packet.duration = round((said.end - said.start) * 1000)
        yield packet

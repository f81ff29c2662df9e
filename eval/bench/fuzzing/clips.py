"""Half a minute of a demo talk in any container, with any codec, at any times."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playhead.timecodes import cue_time

SECONDS, RATE = 30, 16_000
_TALK = Path(__file__).parents[3] / "ui" / "demo" / "talks" / "vasa.mp4"
_MS, _FRAME = Fraction(1, 1000), 1024

Clock = Callable[[str, float], float]
"""Where what belongs at a second is written: (kind of stream, second) -> timestamp in seconds."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a clip is written."""

    suffix: str
    sound: str = "aac"
    picture: str | None = "libx264"
    subtitles: str | None = None
    rate: int = RATE
    layout: str = "mono"
    tracks: int = 1
    clock: Clock = field(default=lambda _kind, second: second)
    flags: str = ""


FORMATS = {
    "mp4": Recipe(".mp4", subtitles="mov_text"),
    "mp4 for the web": Recipe(".mp4", subtitles="mov_text", flags="faststart"),
    "mp4 in fragments": Recipe(".mp4", flags="frag_keyframe+empty_moov+delay_moov"),
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
def sentences() -> tuple[tuple[str, float, float], ...]:
    """What is said in the clip: text, start and end in seconds."""
    truth = json.loads((_TALK.parents[1] / "truth.json").read_text("utf-8"))[_TALK.stem]
    said = ((one["text"], one["start"], one["end"]) for one in truth["sentences"])
    return tuple(one for one in said if one[2] < SECONDS - 0.5)


@cache
def samples() -> NDArray[np.int16]:
    """The sound of the clip: one channel, 16,000 samples a second."""
    import av

    with av.open(str(_TALK)) as container:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        frames = container.decode(audio=0)
        parts = [one.to_ndarray()[0] for frame in frames for one in resampler.resample(frame)]
    whole: NDArray[np.int16] = np.concatenate(parts)[: SECONDS * RATE]
    return whole


def captions() -> str:
    """The clip's captions as WebVTT."""
    cues = (f"{cue_time(start)} --> {cue_time(end)}\n{text}\n" for text, start, end in sentences())
    return "WEBVTT\n\n" + "\n".join(cues)


@cache
def clip(recipe: Recipe) -> bytes:
    """The bytes of the clip as the recipe has it."""
    import av

    with TemporaryDirectory() as folder:
        path = Path(folder) / f"clip{recipe.suffix}"
        options = {"movflags": recipe.flags} if recipe.flags else {}
        with av.open(str(path), "w", options=options) as container:
            packets = [*_pictures(container, recipe)] if recipe.picture else []
            packets += _sounds(container, recipe)
            packets += _cues(container, recipe) if recipe.subtitles else []
            for packet in sorted(packets, key=lambda one: one.dts * one.time_base):
                container.mux(packet)
        return path.read_bytes()


def _pictures(container: Any, recipe: Recipe) -> Iterator[Any]:  # noqa: ANN401 - PyAV's own
    import av

    stream = container.add_stream(recipe.picture, rate=5)
    stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
    stream.codec_context.time_base = _MS
    for number in range(SECONDS * 5):
        picture = np.tile(np.arange(96, dtype=np.uint8) * 2 + np.uint8(number % 64), (64, 1))
        frame = av.VideoFrame.from_ndarray(picture, format="gray").reformat(format="yuv420p")
        frame.pts, frame.time_base = round(recipe.clock("picture", number / 5) * 1000), _MS
        yield from stream.encode(frame)
    yield from stream.encode(None)


def _sounds(container: Any, recipe: Recipe) -> Iterator[Any]:  # noqa: ANN401
    import av

    rate, layout = recipe.rate, recipe.layout
    add = partial(container.add_stream, recipe.sound, rate=rate, layout=layout)
    for stream in [add() for _ in range(recipe.tracks)]:
        resampler = av.AudioResampler(stream.codec_context.format, layout, rate)
        for begin in range(0, samples().size, _FRAME):
            part = np.ascontiguousarray(samples()[begin : begin + _FRAME][None])
            frame = av.AudioFrame.from_ndarray(part, format="s16", layout="mono")
            frame.sample_rate = RATE
            for one in resampler.resample(frame):
                one.pts = round(recipe.clock("sound", begin / RATE) * rate)
                one.time_base = Fraction(1, rate)
                yield from stream.encode(one)
        yield from stream.encode(None)


def _cues(container: Any, recipe: Recipe) -> Iterator[Any]:  # noqa: ANN401
    import av

    stream = container.add_stream(recipe.subtitles)
    stream.codec_context.subtitle_header = b"[Script Info]\nScriptType: v4.00+\n[Events]\n"
    for text, start, end in sentences():
        length = len(text.encode()).to_bytes(2, "big") if recipe.subtitles == "mov_text" else b""
        packet = av.Packet(length + text.encode())
        packet.stream, packet.time_base = stream, _MS
        packet.pts = packet.dts = round(recipe.clock("subtitles", start) * 1000)
        packet.duration = round((end - start) * 1000)
        yield packet

"""A recording of two hours to play in benchmarks: an MP4 as cameras write it, and its captions.

H.264 at 25 frames a second with a key frame every 10 seconds, AAC, and the index at the end of the
file. Ten seconds are encoded and then repeated: what is shown does not matter, where it lies does.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from playhead.timecodes import cue_time

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.video.stream import VideoStream

SECONDS = 7200
TOPICS = (
    "lighthouse", "orchard", "tramway", "library", "swimming pool", "cemetery", "windmill",
    "fire station", "playground", "fish market", "bandstand", "greenhouse", "ferry", "museum",
    "skating rink", "allotment", "planetarium", "bakery", "drawbridge", "observatory",
)  # fmt: skip
"""What the council decided on, each once, at `topic_seconds`."""

_FPS, _GOP = 25, 250
_WIDTH, _HEIGHT = 640, 360
_X264 = {"preset": "ultrafast", "g": str(_GOP), "sc_threshold": "0", "crf": "30"}
_RATE, _FRAME = 48_000, 1024
_CUE_SECONDS = 6
_SMALL_TALK = (
    "The chair thanked everybody who had come in spite of the rain.",
    "Somebody in the second row wanted to know when there would be a break.",
    "The minutes of the last meeting were read and nobody objected.",
    "A councillor said that the papers had come too late to be read.",
    "The clerk counted the hands twice before she wrote the figure down.",
)


def topic_seconds(number: int) -> int:
    """When the topic of that number comes up: spread over the time, in no order."""
    return _CUE_SECONDS * (number * 7 % len(TOPICS) * (SECONDS // len(TOPICS) // _CUE_SECONDS) + 17)


def make_long_video(path: Path) -> Path:
    """Write the recording, with a `.vtt` beside it; what is there stays."""
    if not path.exists():
        part = path.with_suffix(".part.mp4")
        _write_media(part)
        path.with_suffix(".vtt").write_text(_captions(), "utf-8")
        part.rename(path)
    return path


def _captions() -> str:
    """One sentence every six seconds: small talk, and each topic once."""
    topics = {topic_seconds(n): topic for n, topic in enumerate(TOPICS)}
    cues = ["WEBVTT\n"]
    for number, start in enumerate(range(0, SECONDS, _CUE_SECONDS)):
        text = _SMALL_TALK[number % len(_SMALL_TALK)]
        if topic := topics.get(start):
            text = f"The council decided that the {topic} gets {number} thousand crowns this year."
        cues.append(f"{cue_time(start)} --> {cue_time(start + _CUE_SECONDS)}\n{text}\n")
    return "\n".join(cues)


def _write_media(path: Path) -> None:
    import av

    with av.open(str(path), "w") as container:
        picture = container.add_stream("libx264", rate=_FPS, options=_X264)
        picture.width, picture.height, picture.pix_fmt = _WIDTH, _HEIGHT, "yuv420p"
        sound = container.add_stream("aac", rate=_RATE, layout="mono")
        pictures = [bytes(packet) for packet in _encoded(picture, _pictures())]
        sounds = [bytes(packet) for packet in _encoded(sound, _sounds())]
        tracks = (
            _repeated(picture, pictures, Fraction(1, _FPS)),
            _repeated(sound, sounds, Fraction(_FRAME, _RATE)),
        )
        for packet in heapq.merge(*tracks, key=_seconds):
            container.mux(packet)


def _encoded(stream: VideoStream | AudioStream, frames: Iterable[Any]) -> Iterator[Any]:
    for frame in frames:
        yield from stream.encode(frame)
    yield from stream.encode(None)


def _repeated(
    stream: VideoStream | AudioStream, payloads: Sequence[bytes], step: Fraction
) -> Iterator[Any]:
    """Packets over and over for the whole time; the first of each round is a key frame."""
    import av

    for number in range(int(SECONDS / step)):
        packet = av.Packet(payloads[number % len(payloads)])
        packet.stream, packet.time_base = stream, step
        packet.pts = packet.dts = number
        packet.duration = 1
        packet.is_keyframe = number % len(payloads) == 0 or stream.type == "audio"
        yield packet


def _seconds(packet: Any) -> Fraction:  # noqa: ANN401 - PyAV's types name no packet of a kind
    return Fraction(packet.pts * packet.time_base)


def _pictures() -> Iterator[Any]:
    """Grain over a slope that moves: as hard to compress as a room with people."""
    import av

    rng = np.random.default_rng(0)
    slope = np.arange(_WIDTH) / _WIDTH * 160 + np.arange(_HEIGHT)[:, None] / 8
    for number in range(_GOP):
        grain = rng.integers(0, 24, (_HEIGHT, _WIDTH))
        picture = (np.roll(slope, number * 3, axis=1) + grain).astype(np.uint8)
        yield av.VideoFrame.from_ndarray(picture, format="gray").reformat(format="yuv420p")


def _sounds() -> Iterator[Any]:
    import av

    time = np.arange(_FRAME * _GOP, dtype=np.float32) / _RATE
    samples = (0.2 * np.sin(2 * np.pi * 220 * time)).astype(np.float32)
    for part in samples.reshape(1, -1, _FRAME).swapaxes(0, 1):
        frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="mono")
        frame.sample_rate = _RATE
        yield frame

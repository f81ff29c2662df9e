"""Makes the demo's talks: `python -m ui.demo.make_talks`, run by a developer, not by the demo.

Each script becomes a video: flite speaks it sentence by sentence, Pillow draws its slides, PyAV
writes H.264 and AAC. Beside the videos it writes their captions, the true times of every sentence
and the evaluation set (`make_dataset`). The same scripts and flite give the same talks.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import OutputContainer
from av.video.frame import PictureType
from PIL import Image

from playhead.errors import PlayheadError
from ui.demo.make_dataset import DATASET, write_dataset
from ui.demo.making.canvas import HEIGHT, WIDTH
from ui.demo.making.slides import draw_slides
from ui.demo.making.speech import RATE, Samples, find_flite
from ui.demo.making.talk_script import TalkScript, read_script
from ui.demo.making.timeline import FRAMES_PER_SECOND, Timeline, build_timeline, captions

HERE = Path(__file__).parent

_AUDIO_BITS_PER_SECOND = 32_000
# One thread and no macroblock tree, so that the same input gives the same bytes. Slides are still:
# B-frames would save nothing, and a key frame where a slide begins is enough for a jump into it.
_X264 = {
    "crf": "21",
    "preset": "slow",
    "tune": "stillimage",
    "x264-params": "keyint=250:scenecut=0:bframes=0:mbtree=0:threads=1",
}


def main() -> int:
    """Make every talk; returns the exit status."""
    try:
        find_flite()
        scripts = [read_script(path) for path in sorted((HERE / "scripts").glob("*.md"))]
        timelines = {script.name: _make_talk(script) for script in scripts}
        truth = {script.name: _truth(script, timelines[script.name]) for script in scripts}
        _write(HERE / "truth.json", json.dumps(truth, indent=1, ensure_ascii=False) + "\n")
        write_dataset(DATASET)
    except PlayheadError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _make_talk(script: TalkScript) -> Timeline:
    timeline = build_timeline(script)
    talks = HERE / "talks"
    talks.mkdir(exist_ok=True)
    # Made elsewhere and moved, so that a run that is cut short leaves no broken video.
    with tempfile.TemporaryDirectory(dir=HERE) as folder:
        made = Path(folder) / f"{script.name}.mp4"
        write_video(made, script.title, timeline, draw_slides(script))
        made.replace(talks / made.name)
    if script.captions:
        _write(talks / f"{script.name}.vtt", captions(timeline.sentences))
    sys.stderr.write(f"{script.name}.mp4: {timeline.duration:.1f} s\n")
    return timeline


def write_video(path: Path, title: str, timeline: Timeline, slides: Sequence[Image.Image]) -> None:
    """Write an MP4 that shows each slide from its start and plays the whole sound."""
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        container.metadata["title"] = title
        video = container.add_stream("libx264", rate=FRAMES_PER_SECOND, options=_X264)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        audio = container.add_stream("aac", rate=RATE, layout="mono")
        audio.bit_rate = _AUDIO_BITS_PER_SECOND
        audio.metadata["language"] = "eng"
        ends = (*timeline.slide_starts[1:], timeline.duration)
        for slide, start, end in zip(slides, timeline.slide_starts, ends, strict=True):
            _show(container, video, slide, range(_frame(start), _frame(end)))
            _play(container, audio, timeline.samples, round(start * RATE), round(end * RATE))
        container.mux(video.encode(None))
        container.mux(audio.encode(None))


def _frame(seconds: float) -> int:
    return round(seconds * FRAMES_PER_SECOND)


def _show(
    container: OutputContainer, stream: av.VideoStream, slide: Image.Image, numbers: range
) -> None:
    for number in numbers:
        frame = av.VideoFrame.from_ndarray(np.asarray(slide), format="rgb24")
        frame.pts, frame.time_base = number, Fraction(1, FRAMES_PER_SECOND)
        frame.pict_type = PictureType.I if number == numbers.start else PictureType.NONE
        container.mux(stream.encode(frame))


def _play(
    container: OutputContainer, stream: av.AudioStream, samples: Samples, start: int, end: int
) -> None:
    sound = np.round(samples[start:end] * 32767).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(sound[np.newaxis, :], format="s16", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
    container.mux(stream.encode(frame))


def _truth(script: TalkScript, timeline: Timeline) -> dict[str, object]:
    slides = zip(script.slides, timeline.slide_starts, strict=True)
    return {
        "title": script.title,
        "duration": timeline.duration,
        "slides": [{"heading": slide.heading, "start": start} for slide, start in slides],
        "sentences": [
            {"text": sentence.text, "start": sentence.start, "end": sentence.end}
            for sentence in timeline.sentences
        ],
    }


def _write(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


if __name__ == "__main__":
    sys.exit(main())

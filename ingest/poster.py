"""A picture to know a video by."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ingest.media import is_cover, open_media, picture_stream, pictures_of
from playhead.errors import MediaError

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_WIDTH = 640
# Where to look, as shares of the duration; films fade in, talks begin with a title.
_PLACES = (0.1, 0.3, 0.5)
# The spread of brightness (standard deviation, of 255) below which a frame shows nothing.
_PLAIN = 10.0
# From 2 (best) to 31.
_JPEG_QUALITY = 4


def poster(path: Path) -> bytes | None:
    """A JPEG at most 640 pixels wide: a frame at a tenth of the duration, else the cover art.

    Where that frame is black or otherwise plain, one further on. None if the file has no picture,
    a gigantic one, or none that can be decoded.

    Raises:
        SourceError: there is no such file, or it cannot be read.
    """
    with contextlib.suppress(MediaError), open_media(path) as container:
        stream = picture_stream(container) or next(filter(is_cover, container.streams.video), None)
        if stream is None:
            return None
        is_film = not is_cover(stream)
        frames = _frames(container, stream) if is_film else pictures_of(container, stream)
        frame = _best_frame(frames) if is_film else next(frames, None)
        if frame is not None:
            return _jpeg(_shown(frame, stream.sample_aspect_ratio))
    return None


def _frames(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    for place in _PLACES:
        # Without a duration there is nowhere to go but the start.
        offset = int((container.duration or 0) * place)
        container.seek((container.start_time or 0) + offset)
        frame = next(pictures_of(container, stream), None)
        if frame is not None:
            yield frame


def _best_frame(frames: Iterator[VideoFrame]) -> VideoFrame | None:
    """The first frame that shows something, else the one that shows most."""
    best: tuple[float, VideoFrame] | None = None
    for frame in frames:
        spread = float(np.std(frame.reformat(width=160, height=90, format="gray").to_ndarray()))
        if best is None or spread > best[0]:
            best = (spread, frame)
        if spread >= _PLAIN:
            break
    return best[1] if best else None


def _shown(frame: VideoFrame, pixel_aspect: Fraction | None) -> VideoFrame:
    """The frame as players show it: with square pixels, the right way up, and not too large."""
    from av import VideoFrame

    width = frame.width * float(pixel_aspect or 1)
    on_its_side = frame.rotation % 180 == 90  # noqa: PLR2004 - degrees
    scale = min(1.0, _WIDTH / (frame.height if on_its_side else width))
    small = frame.reformat(
        width=max(1, round(width * scale)),
        height=max(1, round(frame.height * scale)),
        format="rgb24",
    )
    pixels = small.to_ndarray().astype(np.uint8, copy=False)
    upright = np.ascontiguousarray(np.rot90(pixels, frame.rotation // 90))
    return VideoFrame.from_ndarray(upright, format="rgb24")


def _jpeg(frame: VideoFrame) -> bytes:
    from av.codec import CodecContext

    encoder = CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height = frame.width, frame.height
    encoder.pix_fmt = "yuvj420p"
    encoder.time_base = Fraction(1)
    encoder.qmin = encoder.qmax = _JPEG_QUALITY
    picture = frame.reformat(format="yuvj420p")
    return b"".join(bytes(packet) for packet in (*encoder.encode(picture), *encoder.encode(None)))

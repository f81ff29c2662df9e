"""One stream of a media file on its way into another: copied, or decoded and encoded anew.

The packets that come in have their times already on the new file's timeline.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, Protocol, TypeVar

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from av.filter import Graph
    from av.frame import Frame
    from av.packet import Packet
    from av.stream import Stream
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

F = TypeVar("F")

# Talks and slides: readable, without hours of encoding.
_LONGER_SIDE, _SHORTER_SIDE = 1280, 720
_X264 = {"preset": "superfast", "crf": "23"}
_CLOCK = 90_000
_KEY_FRAME_SECONDS = 2
_DEFAULT_RATE, _HIGHEST_RATE = 25, 60
_SOUND_RATE = 48_000
_BITS_PER_CHANNEL = 80_000
# Turns of a picture (degrees counterclockwise) as FFmpeg's filters do them.
_TURNS = {
    90: [("transpose", "cclock")],
    -180: [("hflip", ""), ("vflip", "")],
    -90: [("transpose", "clock")],
}


class OutputTrack(Protocol):
    """A stream of the new file, made of one of the old."""

    source: Stream

    def made_of(self, packet: Packet[Stream]) -> Iterator[Packet[Stream]]:
        """The packets to write because of this one, which was read."""
        ...

    def rest(self) -> Iterator[Packet[Stream]]:
        """The packets to write after everything was read."""
        ...


class CopiedTrack:
    """A stream as it is."""

    def __init__(self, source: VideoStream | AudioStream, output: OutputContainer) -> None:
        self.source: Stream = source
        self._to = output.add_stream_from_template(source, opaque=True)
        self._last = -(2**62)

    def made_of(self, packet: Packet[Stream]) -> Iterator[Packet[Stream]]:
        """The packet itself."""
        if not packet.size:
            return
        if packet.dts is not None:
            # A file whose clock stands still somewhere cannot be written.
            self._last = packet.dts = max(packet.dts, self._last + 1)
            packet.pts = None if packet.pts is None else max(packet.pts, packet.dts)
        packet.stream = self._to
        yield packet

    def rest(self) -> Iterator[Packet[Stream]]:
        """Nothing."""
        yield from ()


class EncodedPicture:
    """A picture as H.264 in 8 bits with square pixels, at most 1280 by 720, the right way up."""

    def __init__(self, source: VideoStream, output: OutputContainer, first: VideoFrame) -> None:
        source.thread_type = "AUTO"
        self.source: Stream = source
        self._decoder = source.codec_context
        self._size = _even_size(first, source.sample_aspect_ratio)
        self._turning = _turning(first.rotation, *self._size)
        rate = min(source.average_rate or Fraction(_DEFAULT_RATE), Fraction(_HIGHEST_RATE))
        self._to = output.add_stream("libx264", rate=rate, options=dict(_X264))
        on_its_side = first.rotation % 180 == 90  # noqa: PLR2004 - degrees
        self._to.width, self._to.height = self._size[::-1] if on_its_side else self._size
        self._to.pix_fmt = "yuv420p"
        self._to.codec_context.time_base = Fraction(1, _CLOCK)
        self._to.codec_context.gop_size = max(1, round(rate * _KEY_FRAME_SECONDS))
        self._last = -1

    def made_of(self, packet: Packet[Stream]) -> Iterator[Packet[Stream]]:
        """What the frames in it are encoded to."""
        # An empty packet would tell the decoder that this is the end.
        if packet.size:
            yield from self._encoded(packet)

    def rest(self) -> Iterator[Packet[Stream]]:
        """What decoder and encoder held back."""
        yield from self._encoded(None)
        yield from self._to.encode(None)

    def _encoded(self, packet: Packet[Stream] | None) -> Iterator[Packet[Stream]]:
        for frame in _decoded(self._decoder.decode, packet):
            at = _seconds_at(frame, self.source)
            ticks = self._last if at is None else round(at * _CLOCK)
            if ticks > self._last:
                self._last = ticks
                shown = self._shown(frame)
                shown.pts, shown.time_base = ticks, Fraction(1, _CLOCK)
                yield from self._to.encode(shown)

    def _shown(self, frame: VideoFrame) -> VideoFrame:
        small = frame.reformat(*self._size, "yuv420p", dst_color_range="MPEG")
        # The encoder would take its word for which frames are key frames.
        small.pict_type = 0
        if self._turning is None:
            return small
        self._turning.vpush(small)
        return self._turning.vpull()


class EncodedSound:
    """Sound of one or two channels, without holes: what is missing becomes silence."""

    def __init__(
        self,
        source: AudioStream,
        output: OutputContainer,
        codec: Literal["aac", "libopus"],
    ) -> None:
        self.source: Stream = source
        self._decoder = source.codec_context
        channels = min(2, source.codec_context.channels)
        self._layout = "mono" if channels == 1 else "stereo"
        self._to = output.add_stream(codec, rate=_SOUND_RATE, layout=self._layout)
        self._to.bit_rate = _BITS_PER_CHANNEL * channels
        self._filling: Graph | None = None
        self._format: tuple[str, str, int] | None = None
        self._end = 0

    def made_of(self, packet: Packet[Stream]) -> Iterator[Packet[Stream]]:
        """What the frames in it are encoded to."""
        if packet.size:
            yield from self._encoded(packet)

    def rest(self) -> Iterator[Packet[Stream]]:
        """What decoder, filters and encoder held back."""
        yield from self._encoded(None)
        yield from self._drained()
        yield from self._to.encode(None)

    def _encoded(self, packet: Packet[Stream] | None) -> Iterator[Packet[Stream]]:
        for frame in _decoded(self._decoder.decode, packet):
            frame_format = (frame.format.name, frame.layout.name, frame.sample_rate)
            if self._filling is None or frame_format != self._format:
                yield from self._drained()
                # Nothing but the first piece begins at 0.
                self._filling = _filling(frame, self._layout, from_0=self._format is None)
                self._format = frame_format
            at = _seconds_at(frame, self.source)
            place = self._end if at is None else round(at * frame.sample_rate)
            yield from self._silence(frame, place)
            yield from self._laid(frame, place)

    def _silence(self, like: AudioFrame, until: int) -> Iterator[Packet[Stream]]:
        """All but the last second of a hole: the filter would fill it at once, in memory."""
        while until - self._end >= like.sample_rate:
            yield from self._laid(_silent_second(like), self._end)

    def _laid(self, frame: AudioFrame, place: int) -> Iterator[Packet[Stream]]:
        frame.pts, frame.time_base = place, Fraction(1, frame.sample_rate)
        self._end = place + frame.samples
        if self._filling is not None:
            self._filling.push(frame)
            yield from self._pulled(self._filling)

    def _drained(self) -> Iterator[Packet[Stream]]:
        if self._filling is not None:
            self._filling.push(None)
            yield from self._pulled(self._filling)
            self._filling = None

    def _pulled(self, graph: Graph) -> Iterator[Packet[Stream]]:
        import av

        while True:
            try:
                frame = graph.pull()
            except (av.BlockingIOError, av.EOFError):
                return
            if isinstance(frame, av.AudioFrame):
                yield from self._to.encode(frame)


def _decoded(
    decode: Callable[[Packet[Stream] | None], list[F]], packet: Packet[Stream] | None
) -> list[F]:
    """The frames in a packet; damaged ones are passed over, as players do."""
    import av

    try:
        return decode(packet)
    except av.error.InvalidDataError:
        return []


def _seconds_at(frame: Frame, source: Stream) -> Fraction | None:
    # The last frames of a decoder do not tell their time base: it is the stream's.
    if frame.pts is None or source.time_base is None:
        return None
    return frame.pts * source.time_base


def _filling(frame: AudioFrame, layout: str, *, from_0: bool) -> Graph:
    """Lays samples at their times: browsers would play on over a gap, and be early after it."""
    from av.filter import Graph

    graph = Graph()
    graph.link_nodes(
        graph.add_abuffer(
            sample_rate=frame.sample_rate,
            format=frame.format.name,
            layout=frame.layout.name,
            time_base=Fraction(1, frame.sample_rate),
        ),
        graph.add("aresample", f"{_SOUND_RATE}:async=1{':first_pts=0' if from_0 else ''}"),
        graph.add("aformat", f"channel_layouts={layout}"),
        graph.add("abuffersink"),
    ).configure()
    return graph


def _silent_second(like: AudioFrame) -> AudioFrame:
    from av import AudioFrame

    silent = AudioFrame(like.format.name, like.layout.name, like.sample_rate)
    silent.sample_rate = like.sample_rate
    middle = b"\x80" if like.format.name.startswith("u8") else b"\0"
    for plane in silent.planes:
        plane.update(middle * plane.buffer_size)
    return silent


def _even_size(frame: VideoFrame, pixel_aspect: Fraction | None) -> tuple[int, int]:
    """Within the largest size, and even, as 4:2:0 wants it."""
    width, height = frame.width * float(pixel_aspect or 1), frame.height
    longer, shorter = max(width, height), min(width, height)
    scale = min(1.0, _LONGER_SIDE / longer, _SHORTER_SIDE / shorter)
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


def _turning(rotation: int, width: int, height: int) -> Graph | None:
    from av.filter import Graph
    from av.video.format import VideoFormat

    if rotation not in _TURNS:
        return None
    graph = Graph()
    buffer = graph.add_buffer(
        width=width,
        height=height,
        format=VideoFormat("yuv420p"),
        time_base=Fraction(1, _CLOCK),
    )
    filters = [graph.add(name, argument) for name, argument in _TURNS[rotation]]
    graph.link_nodes(buffer, *filters, graph.add("buffersink")).configure()
    return graph

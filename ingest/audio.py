"""The sound of a media file as 16 kHz mono samples, each at its true time; in pieces, if long."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ingest.media import (
    check_riff_size,
    is_guess,
    much_is_missing,
    open_media,
    origin,
    packet_end,
    packets_of,
    sound_stream,
    stated_duration,
    truncated,
)
from playhead.errors import MediaError
from playhead.progress import OnProgress, ProgressEvent, ignore_progress

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.resampler import AudioResampler
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream

Audio = NDArray[np.float32]
"""Samples of one channel, 16,000 a second, from -1 to 1; index 0 is the start of the media."""

SAMPLE_RATE = 16_000

_COPY_AGAIN = "Copy or download it again"
_SAMPLE_BYTES = 4
# No format goes below 4 kHz; a damaged header may, and every sample would become thousands.
_LOWEST_RATE = 1000
_FULL_SCALE = np.float32(1 << 15)
# Timestamps in milliseconds jitter; a pause or an overlap that can be heard is longer.
_JITTER_SECONDS = 0.05
# A clock that jumps back further than this was restarted: recordings joined end to end.
_OVERLAP_SECONDS = 1.0
# A gap beyond the end of the file, or longer than this, is a broken timestamp.
_LONGEST_GAP_SECONDS = 3600.0
_REPORT_EVERY_SECONDS = 10.0
# Pieces end in the quietest tenth of a second of their last half minute: no word is cut there.
_PIECE_SECONDS = 600
_SEARCH_SECONDS = 30
_QUIET_SECONDS = 0.1


def decode_audio(path: Path, on_progress: OnProgress = ignore_progress) -> Audio:
    """All the sound of a media file; see `sound_pieces`. Takes 230 MB for an hour.

    Raises:
        SourceError: there is no such file, or it cannot be read.
        MediaError: it is no media, has no sound, is truncated, or is damaged.
    """
    return np.concatenate(list(sound_pieces(path, on_progress)))


def sound_pieces(path: Path, on_progress: OnProgress = ignore_progress) -> Iterator[Audio]:
    """The sound of a media file, in pieces of at most ten minutes that follow on each other.

    A gap between its packets becomes silence of that length. Time runs as in players: from where
    the earliest stream of the file starts. Damaged packets are skipped as players skip them, while
    they are few. Equal files give equal pieces.

    Raises:
        SourceError: there is no such file, or it cannot be read.
        MediaError: it is no media, has no sound, is truncated, or is damaged.
    """
    with open_media(path) as container:
        reading = _Reading(container, path, on_progress)
        timeline = _Timeline(reading.total)
        for frame in reading.frames():
            timeline.add(frame, None if frame.time is None else frame.time - float(reading.start))
            yield from timeline.full_pieces()
        reading.check()
        yield from timeline.rest()


def check_sound(path: Path, on_progress: OnProgress = ignore_progress) -> float:
    """See that a file has sound and is whole, without decoding it; gives its length in seconds.

    Raises:
        SourceError: there is no such file, or it cannot be read.
        MediaError: it is no media, has no sound, or is truncated.
    """
    with open_media(path) as container:
        reading = _Reading(container, path, on_progress)
        for _ in reading.packets():
            pass
        return reading.check_end()


def no_sound(path: Path) -> MediaError:
    """The error for media without an audio stream that can be decoded."""
    return MediaError(
        f"{path} has no sound, or none that can be decoded",
        f"Put captions beside it ({path.stem}.vtt)",
    )


class _Reading:
    """One pass over a file's packets: decodes the sound, and sees whether the file is whole.

    Where the audio stream says how long it is, it must reach that. Where only the container says
    so, any stream may: sound may rightly end before the picture.
    """

    def __init__(self, container: InputContainer, path: Path, on_progress: OnProgress) -> None:
        stream = sound_stream(container)
        if stream is None:
            raise no_sound(path)
        if stream.rate < _LOWEST_RATE:
            raise MediaError(f"{path} is damaged: {stream.rate} samples a second", _COPY_AGAIN)
        check_riff_size(path)
        self.start = origin(container)
        self.total = stated_duration(container)
        self._container, self._stream, self._path = container, stream, path
        self._on_progress = on_progress
        self._stated = _stated_end(container, stream)
        self._reached = 0.0
        self._sound_from: float | None = None
        self._sound_to = 0.0
        self._decoded = 0.0
        self._is_damaged = False

    def packets(self) -> Iterator[Packet[Stream]]:
        """The packets of the sound, in the order of the file."""
        wanted = () if self._stream.duration is None else (self._stream,)
        reported = 0.0
        for packet in packets_of(self._container, *wanted):
            self._note_times(packet)
            if packet.stream_index == self._stream.index:
                yield packet
            if self._reached >= reported + _REPORT_EVERY_SECONDS:
                reported = self._reached
                self._on_progress(ProgressEvent("decode", reported, self.total))

    def frames(self) -> Iterator[AudioFrame]:
        """The decoded sound, in the order of the file."""
        for packet in self.packets():
            yield from self._decode(packet)

    def check_end(self) -> float:
        """Raises MediaError where the file breaks off; else reports the end, and gives it."""
        if self._stated and much_is_missing(self._stated - self._reached, self._stated):
            raise truncated(self._path, f"{self._stated:.0f} s", f"{self._reached:.0f} s")
        self._on_progress(ProgressEvent("decode", self._reached, self._reached))
        return self._reached

    def check(self) -> None:
        """Raises MediaError where much of the sound is missing; else reports the end."""
        self.check_end()
        if not self._decoded:
            raise MediaError(
                f"{self._path} is damaged: nothing of its sound can be decoded", _COPY_AGAIN
            )
        missing = self._sound_to - (self._sound_from or 0.0) - self._decoded
        # Gaps alone are no damage: some programs record nothing while nobody speaks.
        if self._is_damaged and much_is_missing(missing, self._reached):
            raise MediaError(
                f"{self._path} is damaged: {missing:.0f} s of its sound are unreadable",
                _COPY_AGAIN,
            )

    def _note_times(self, packet: Packet[Stream]) -> None:
        end = packet_end(packet)
        if end is None:
            return
        until = float(end - self.start)
        self._reached = max(self._reached, until)
        if packet.stream_index == self._stream.index:
            length = float((packet.duration or 0) * packet.time_base)
            self._sound_from = until - length if self._sound_from is None else self._sound_from
            self._sound_to = max(self._sound_to, until)

    def _decode(self, packet: Packet[Stream]) -> Iterator[AudioFrame]:
        import av

        try:
            for frame in packet.decode():
                if isinstance(frame, av.AudioFrame):
                    self._decoded += frame.samples / frame.sample_rate
                    yield frame
        except av.error.InvalidDataError:
            self._is_damaged = True


def _stated_end(container: InputContainer, stream: AudioStream) -> float | None:
    """Where the sound should end by the file's own word, in seconds, if it says so."""
    if stream.duration is None or stream.time_base is None:
        return stated_duration(container)
    end = ((stream.start_time or 0) + stream.duration) * stream.time_base
    stated = float(end - origin(container))
    return None if is_guess(stated, container) else stated


class _Timeline:
    """Sound laid at its true times, in a buffer from which whole pieces are taken.

    Frames that follow each other form a run, which is resampled as one. A run ends where the
    timestamps jump or the format of the samples changes.
    """

    def __init__(self, duration: float | None) -> None:
        self._duration = duration
        self._buffer = bytearray()
        self._taken = 0
        self._resampler: AudioResampler | None = None
        self._format: tuple[str, str, int] | None = None
        self._end = 0.0
        self._shift = 0.0
        self._to_drop = 0

    def add(self, frame: AudioFrame, at: float | None) -> None:
        """Lay a frame at `at` seconds, or after the one before it where that is None."""
        place = self._end if at is None else at + self._shift
        frame_format = (frame.format.name, frame.layout.name, frame.sample_rate)
        if frame_format != self._format or abs(place - self._end) > _JITTER_SECONDS:
            self._end_run()
            self._format = frame_format
            self._start_run(place)
        # Its place is settled; the resampler would only complain of the jitter.
        frame.pts = None
        self._end += frame.samples / frame.sample_rate
        self._resample(frame)

    def full_pieces(self) -> Iterator[Audio]:
        """What is laid, as long as it is more than a piece."""
        while len(self._buffer) > _PIECE_SECONDS * SAMPLE_RATE * _SAMPLE_BYTES:
            search_from = (_PIECE_SECONDS - _SEARCH_SECONDS) * SAMPLE_RATE
            tail = np.frombuffer(
                self._buffer, np.float32, _SEARCH_SECONDS * SAMPLE_RATE, search_from * _SAMPLE_BYTES
            )
            yield self._take(search_from + _quietest(tail))

    def rest(self) -> Iterator[Audio]:
        """The end, after the last frame."""
        self._end_run()
        yield from self.full_pieces()
        yield self._take(len(self._buffer) // _SAMPLE_BYTES)

    def _take(self, count: int) -> Audio:
        size = count * _SAMPLE_BYTES
        piece = np.frombuffer(bytes(self._buffer[:size]), np.float32)
        self._buffer = self._buffer[size:]
        self._taken += count
        return piece

    def _start_run(self, place: float) -> None:
        from av.audio.resampler import AudioResampler

        if self._is_believable(place):
            offset = round(place * SAMPLE_RATE) - self._taken - len(self._buffer) // _SAMPLE_BYTES
            self._buffer.extend(bytes(max(0, offset) * _SAMPLE_BYTES))
            self._to_drop = max(0, -offset)
            self._end = place
        else:
            self._shift += self._end - place
        # To 16 bits: only for those does FFmpeg mix channels without going beyond full scale.
        self._resampler = AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)

    def _is_believable(self, place: float) -> bool:
        jump = place - self._end
        if self._duration is not None and place > self._duration + _OVERLAP_SECONDS:
            return False
        return -_OVERLAP_SECONDS <= jump <= _LONGEST_GAP_SECONDS

    def _end_run(self) -> None:
        if self._resampler is not None:
            self._resample(None)
            self._resampler = None

    def _resample(self, frame: AudioFrame | None) -> None:
        if self._resampler is None:
            return
        for resampled in self._resampler.resample(frame):
            samples = resampled.to_ndarray().reshape(-1)
            kept = samples[self._to_drop :].astype(np.float32) / _FULL_SCALE
            self._buffer += kept.tobytes()
            self._to_drop = max(0, self._to_drop - samples.size)


def _quietest(audio: Audio) -> int:
    """The sample in the middle of the quietest tenth of a second."""
    width = int(_QUIET_SECONDS * SAMPLE_RATE)
    energy = np.square(audio[: audio.size // width * width]).reshape(-1, width).sum(axis=1)
    return int(energy.argmin()) * width + width // 2

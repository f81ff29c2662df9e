"""The sound of a media file as 16 kHz mono samples, each at its true time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ingest.media import (
    is_guess,
    open_media,
    origin,
    packet_end,
    sound_stream,
    stated_duration,
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
# Programs that write a WAV file to a pipe put this or more in place of its size.
_RIFF_STREAM = 0x7FFF0000
_REPORT_EVERY_SECONDS = 10.0
# How much may be missing at the end, or be undecodable, before it is called damage.
_MISSING_SECONDS, _MISSING_SHARE = 2.0, 0.05


def decode_audio(path: Path, on_progress: OnProgress = ignore_progress) -> Audio:
    """All the sound of a media file; a gap between its packets becomes silence of that length.

    Time runs as in players: from where the earliest stream of the file starts. Takes 230 MB for an
    hour. Damaged packets are skipped as players skip them, while they are few.

    Raises:
        SourceError: there is no such file, or it cannot be read.
        MediaError: it is no media, has no sound, is truncated, or is damaged.
    """
    with open_media(path) as container:
        stream = sound_stream(container)
        if stream is None:
            raise no_sound(path)
        if stream.rate < _LOWEST_RATE:
            raise MediaError(f"{path} is damaged: {stream.rate} samples a second", _COPY_AGAIN)
        _check_riff_size(path)
        reading = _Reading(container, stream, on_progress)
        timeline = _Timeline(reading.total)
        for frame in reading.frames():
            timeline.add(frame, None if frame.time is None else frame.time - float(reading.start))
        reading.check(path)
    return timeline.samples()


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

    def __init__(
        self, container: InputContainer, stream: AudioStream, on_progress: OnProgress
    ) -> None:
        self.start = origin(container)
        self.total = stated_duration(container)
        self._container, self._stream, self._on_progress = container, stream, on_progress
        self._stated = _stated_end(container, stream)
        self._reached = 0.0
        self._sound_from: float | None = None
        self._sound_to = 0.0
        self._decoded = 0.0
        self._is_damaged = False

    def frames(self) -> Iterator[AudioFrame]:
        """The decoded sound, in the order of the file."""
        wanted = () if self._stream.duration is None else (self._stream,)
        reported = 0.0
        for packet in self._container.demux(*wanted):
            self._note_times(packet)
            if packet.stream_index == self._stream.index:
                yield from self._decode(packet)
            if self._reached >= reported + _REPORT_EVERY_SECONDS:
                reported = self._reached
                self._on_progress(ProgressEvent("decode", reported, self.total))

    def check(self, path: Path) -> None:
        """Raises MediaError where much of the sound is missing; else reports the end."""
        if self._stated and _much_is_missing(self._stated - self._reached, self._stated):
            raise _truncated(path, f"{self._stated:.0f} s", f"{self._reached:.0f} s")
        missing = self._sound_to - (self._sound_from or 0.0) - self._decoded
        # Gaps alone are no damage: some programs record nothing while nobody speaks.
        if self._is_damaged and _much_is_missing(missing, self._reached):
            raise MediaError(
                f"{path} is damaged: {missing:.0f} s of its sound are unreadable",
                _COPY_AGAIN,
            )
        self._on_progress(ProgressEvent("decode", self._reached, self._reached))

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


def _check_riff_size(path: Path) -> None:
    """WAV and AVI files tell their size, but FFmpeg goes by what is there.

    Raises:
        MediaError: much of the file is not there.
    """
    with path.open("rb") as file:
        head = file.read(12)
    stated, size = int.from_bytes(head[4:8], "little"), path.stat().st_size
    known = head[:4] == b"RIFF" and stated < _RIFF_STREAM
    if known and size < stated * (1 - _MISSING_SHARE):
        raise _truncated(path, f"{stated:,} bytes", f"{size:,}")


def _truncated(path: Path, stated: str, found: str) -> MediaError:
    return MediaError(
        f"{path} is truncated: it should have {stated} but breaks off after {found}",
        _COPY_AGAIN,
    )


def _much_is_missing(missing: float, total: float) -> bool:
    return missing > max(_MISSING_SECONDS, total * _MISSING_SHARE)


class _Timeline:
    """Sound laid at its true times, in one growing buffer.

    Frames that follow each other form a run, which is resampled as one. A run ends where the
    timestamps jump or the format of the samples changes.
    """

    def __init__(self, duration: float | None) -> None:
        self._duration = duration
        self._buffer = bytearray()
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

    def samples(self) -> Audio:
        """Everything laid so far, without a copy."""
        self._end_run()
        return np.frombuffer(self._buffer, dtype=np.float32)

    def _start_run(self, place: float) -> None:
        from av.audio.resampler import AudioResampler

        if self._is_believable(place):
            offset = round(place * SAMPLE_RATE) - len(self._buffer) // _SAMPLE_BYTES
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

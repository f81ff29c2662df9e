"""Subtitle tracks: captions that travel inside the media file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ingest.captions.amount import check_amount
from ingest.captions.cue import Cue
from ingest.captions.raw import cue_of
from ingest.media import SubtitleTrack, open_media, origin, packets_of

# Fields of a SubStation event as containers keep it; the text is the last and may hold commas.
# https://www.matroska.org/technical/subtitles.html#ssaass-subtitles
_ASS_FIELDS, _ASS_NAME = 9, 3


def choose_track(
    tracks: Sequence[SubtitleTrack], language: str | None, sound_language: str | None = None
) -> SubtitleTrack | None:
    """The track that is most likely what is said; None if there is none.

    Where `language` (ISO 639-1) is given, no track in another language will do. Otherwise first
    comes one in the language of the sound, then the default, one without a language, English.
    Forced tracks only translate what is said in a foreign language: they never count.
    """
    usable = [track for track in tracks if not track.forced]
    if language is not None:
        usable = [track for track in usable if track.language in (language, None)]
    spoken = language or sound_language
    return min(usable, key=lambda track: _rank(track, spoken), default=None)


def subtitle_cues(path: Path, track: SubtitleTrack) -> list[Cue]:
    """The cues of a subtitle track; those without words, or before the start, are left out.

    Raises:
        SourceError: there is no such file, or it cannot be read.
        MediaError: the file is damaged.
        CaptionsError: there is far more text than can be said.
    """
    packets: list[tuple[float, float, bytes]] = []
    # FFmpeg cuts text where an MP4 file's edit list does, and loses its times over it.
    with open_media(path, advanced_editlist="0") as container:
        stream = container.streams[track.index]
        zero = origin(container)
        for packet in packets_of(container, stream):
            if packet.pts is None or not packet.size:
                continue
            start = float(packet.pts * packet.time_base - zero)
            end = start + float((packet.duration or 0) * packet.time_base)
            packets.append((start, end, bytes(packet)))
    check_amount([(start, packet) for start, _, packet in packets], path)
    cues = [_cue(track.codec, packet, start, end) for start, end, packet in packets]
    return [cue for cue in cues if cue.text and cue.start >= 0]


def _rank(track: SubtitleTrack, spoken: str | None) -> tuple[bool, bool, bool, bool, int]:
    return (
        spoken is None or track.language != spoken,
        not track.default,
        track.language is not None,
        track.language != "en",
        track.index,
    )


def _cue(codec: str, packet: bytes, start: float, end: float) -> Cue:
    if codec == "mov_text":
        # 3GPP TS 26.245, 5.17: the length of the text comes first, its styles come after.
        length = int.from_bytes(packet[:2], "big")
        return cue_of(start, end, _text(packet[2 : 2 + length]))
    text = _text(packet)
    if codec not in ("ass", "ssa"):
        return cue_of(start, end, text)
    fields = text.split(",", _ASS_FIELDS - 1)
    cue = cue_of(start, end, fields[-1])
    name = fields[_ASS_NAME].strip() if len(fields) == _ASS_FIELDS else ""
    return replace(cue, speaker=cue.speaker or name or None)


def _text(data: bytes) -> str:
    utf16 = data.startswith((b"\xfe\xff", b"\xff\xfe"))
    return data.decode("utf-16" if utf16 else "utf-8", errors="replace").rstrip("\0")

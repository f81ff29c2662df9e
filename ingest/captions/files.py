"""Caption files: WebVTT and SubRip as they are found, rather than as they are specified.

One tolerant reader serves both. The libraries for these formats lose what matters here: words
(a caption that ends in a number), whole captions (times without hours, or with the other format's
decimal mark), or they read comments and identifiers as speech.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from pathlib import Path

from ingest.captions.amount import check_amount
from ingest.captions.cue import Cue
from ingest.captions.decode import decode_captions
from ingest.captions.markup import seconds_of
from ingest.captions.raw import cue_of
from playhead.errors import CaptionsError

_MAX_BYTES = 16 * 1024 * 1024
_TIME = r"(?:\d{1,6}:)?\d{1,2}:\d{1,2}(?:[.,]\d{1,9})?"
_TIMING = re.compile(rf"\s*({_TIME})\s*--?>\s*({_TIME})(?:\s.*)?")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_COMMENT = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")


def read_captions(path: Path) -> list[Cue]:
    """The cues of a .vtt or .srt file, in the order of the file and with its own times.

    Nothing is repaired here but the text: see `ingest.captions.timing.tidy_cues`. Cues without
    text are left out.

    Raises:
        CaptionsError: it cannot be read, holds no captions, none of them has text, or far more of
            it than can be said.
    """
    lines = _LINE_BREAK.split(decode_captions(_bytes_of(path), path))
    vtt = lines[0].startswith("WEBVTT") or path.suffix.lower() == ".vtt"
    raw_cues = _raw_cues(lines, vtt=vtt)
    if not raw_cues:
        raise CaptionsError(
            f"{path} holds no captions: no line such as 00:00:01.000 --> 00:00:02.500",
            "Give a WebVTT (.vtt) or SubRip (.srt) file",
        )
    texts = ["\n".join(raw.lines) for raw in raw_cues]
    check_amount([(raw.start, text) for raw, text in zip(raw_cues, texts, strict=True)], path)
    cues = [cue_of(raw.start, raw.end, text) for raw, text in zip(raw_cues, texts, strict=True)]
    cues = [cue for cue in cues if cue.text]
    if not cues:
        raise CaptionsError(f"no caption in {path} has any words", "Replace or remove that file")
    return cues


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
    except OSError as error:
        problem = f"{path} cannot be read: {error.strerror or error}"
        raise CaptionsError(problem, "Check that you may read it") from error
    if len(content) > _MAX_BYTES:
        raise CaptionsError(f"{path} is too large to be captions (over {_MAX_BYTES >> 20} MiB)")
    return content


_Timing = re.Match[str] | None


@dataclass(slots=True)
class _RawCue:
    start: float
    end: float
    lines: list[str] = field(default_factory=list)


def _raw_cues(lines: list[str], *, vtt: bool) -> list[_RawCue]:
    """The cues with their lines as they are; blocks are parted by empty lines."""
    cues: list[_RawCue] = []
    for block in _blocks(lines):
        timings = [_TIMING.fullmatch(line) for line in block]
        first = next((n for n, timing in enumerate(timings) if timing), len(block))
        if cues and not (vtt and _is_apart(block, first, cues[-1])):
            # SubRip texts may hold empty lines, and WebVTT from video sites begins with one that
            # some tools strip to nothing.
            _add_text(cues[-1], block[:first], numbered=first < len(block) or first == 1)
        _add_timed(block, timings, cues)
    return cues


def _is_apart(block: list[str], first: int, last_cue: _RawCue) -> bool:
    """Whether the lines above a block's first time are an identifier or a comment (WebVTT)."""
    timed = first < len(block)
    return timed or bool(last_cue.lines) or bool(_COMMENT.match(block[0]))


def _blocks(lines: list[str]) -> list[list[str]]:
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def _add_timed(block: list[str], timings: list[_Timing], cues: list[_RawCue]) -> None:
    """Add the cues of a block: one, or several where the empty lines between them are missing."""
    ends = [number for number, timing in enumerate(timings) if timing]
    ends.append(len(block))
    for number, timing in enumerate(timings):
        if timing:
            end = ends[bisect_right(ends, number)]
            cues.append(_RawCue(seconds_of(timing[1]), seconds_of(timing[2])))
            _add_text(cues[-1], block[number + 1 : end], numbered=end < len(block))


def _add_text(cue: _RawCue, lines: list[str], *, numbered: bool) -> None:
    """Add lines to a cue, less the number of the next cue if the last one is that."""
    cue.lines += lines[:-1] if numbered and lines and lines[-1].strip().isdecimal() else lines

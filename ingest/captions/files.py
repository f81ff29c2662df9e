"""Caption files: WebVTT and SubRip as they are found, rather than as they are specified.

One tolerant reader serves both. The libraries for these formats lose what matters here: words
(a caption that ends in a number), whole captions (times without hours, or with the other format's
decimal mark), or they read comments and identifiers as speech.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

from ingest.captions.cue import Cue
from ingest.captions.decode import decode_captions
from ingest.captions.markup import Payload, read_payload, seconds_of
from ingest.spread import spread_words
from playhead.errors import CaptionsError
from playhead.text import split_words
from playhead.types import Word

_MAX_BYTES = 64 * 1024 * 1024
_TIME = r"(?:\d{1,6}:)?\d{1,2}:\d{1,2}(?:[.,]\d{1,9})?"
_TIMING = re.compile(rf"\s*({_TIME})\s*--?>\s*({_TIME})(?:\s.*)?")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_COMMENT = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")


def read_captions(path: Path) -> list[Cue]:
    """The cues of a .vtt or .srt file, in the order of the file and with its own times.

    Nothing is repaired here but the text: see `ingest.captions.timing.tidy_cues`. Cues without
    text are left out.

    Raises:
        CaptionsError: it cannot be read, holds no captions, or none of them has text.
    """
    raw_cues = _raw_cues(_LINE_BREAK.split(decode_captions(_bytes_of(path), path)))
    if not raw_cues:
        raise CaptionsError(
            f"{path} holds no captions: no line such as 00:00:01.000 --> 00:00:02.500",
            "Give a WebVTT (.vtt) or SubRip (.srt) file",
        )
    cues = [cue for raw in raw_cues if (cue := _cue(raw)).text]
    if not cues:
        raise CaptionsError(f"no caption in {path} has any words")
    return cues


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise CaptionsError(f"{path} cannot be read: {error.strerror or error}") from error
    if len(content) > _MAX_BYTES:
        raise CaptionsError(f"{path} is too large to be captions (over {_MAX_BYTES >> 20} MiB)")
    return content


@dataclass(slots=True)
class _RawCue:
    start: float
    end: float
    lines: list[str] = field(default_factory=list)


def _raw_cues(lines: list[str]) -> list[_RawCue]:
    """The cues with their lines as they are; blocks are parted by empty lines."""
    vtt = lines[0].startswith("WEBVTT")
    cues: list[_RawCue] = []
    # Whether text without times of its own still belongs to the last cue.
    open_cue = False
    for block in _blocks(lines):
        if any(_TIMING.fullmatch(line) for line in block):
            _read_timed(block, cues)
            open_cue = True
        elif _COMMENT.match(block[0]):
            open_cue = False
        elif open_cue and not (vtt and any(cues[-1].lines)) and not _is_number(block):
            # SubRip texts may hold empty lines, and WebVTT from video sites begins with one that
            # some tools strip to nothing.
            cues[-1].lines += block
    return cues


def _blocks(lines: list[str]) -> list[list[str]]:
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def _read_timed(block: list[str], cues: list[_RawCue]) -> None:
    """Add the cues of a block: one, or several where the empty lines between them are missing."""
    first = True
    for number, line in enumerate(block):
        timing = _TIMING.fullmatch(line)
        if timing:
            first = False
            cues.append(_RawCue(seconds_of(timing[1]), seconds_of(timing[2])))
        elif not first and not _is_identifier(block, number):
            cues[-1].lines.append(line)


def _is_identifier(block: list[str], number: int) -> bool:
    """Whether a line is the number of a cue that follows without an empty line before it."""
    timed_next = number + 1 < len(block) and _TIMING.fullmatch(block[number + 1])
    return bool(timed_next) and _is_number([block[number]])


def _is_number(block: list[str]) -> bool:
    return len(block) == 1 and block[0].strip().isdecimal()


def _cue(raw: _RawCue) -> Cue:
    payload = read_payload("\n".join(raw.lines))
    words = _timed_words(payload, raw.start, raw.end) if payload.stamps else ()
    return Cue(raw.start, raw.end, payload.text, payload.speaker, words, payload.turns)


def _timed_words(payload: Payload, start: float, end: float) -> tuple[Word, ...]:
    """Words with the inline times of their caption; one time may stand for several words.

    Words on the lines above the first inline time are on screen from the start: they get no
    time to be said in.
    """
    end = max(start, end)
    texts = split_words(payload.text)
    words = [Word(text, start, start) for text in texts[: payload.carried]]
    clipped = (min(max(stamp or start, start), end) for stamp in payload.stamps)
    times = list(accumulate(clipped, max))
    at = payload.carried
    while at < len(texts):
        last = at + 1
        while last < len(texts) and payload.stamps[last] == payload.stamps[at]:
            last += 1
        until = times[last] if last < len(texts) else end
        words += spread_words(texts[at:last], times[at], max(times[at], until))
        at = last
    return tuple(words)

"""Transcripts in the forms that other programs and people read."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Literal

from ingest.punctuation import is_mark
from ingest.spread import spread_words
from ingest.transcript_json import transcript_to_json
from playhead.text import join_words, split_words
from playhead.timecodes import cue_time
from playhead.types import Sentence, Transcript, Word

ExportForm = Literal["vtt", "srt", "txt", "json"]

# What viewers can read at a time: two lines of 42 characters for at most 7 seconds.
_LINE_WIDTH = 42
_LINES = 2
_CUE_SECONDS = 7.0
# WebVTT demands that a cue ends after it starts.
_SHORTEST = 0.001


def export_transcript(transcript: Transcript, form: ExportForm) -> str:
    """A transcript as WebVTT, SubRip, plain text (a line for each sentence) or JSON.

    Captions hold at most two lines of 42 characters (21 of the wide ones of East Asia) and at
    most 7 seconds, where words and their times allow. WebVTT and plain text name the speakers.
    """
    if form == "vtt":
        return _vtt(transcript)
    if form == "srt":
        return _srt(transcript)
    if form == "txt":
        return _txt(transcript)
    return json.dumps(transcript_to_json(transcript), ensure_ascii=False, indent=1) + "\n"


def _vtt(transcript: Transcript) -> str:
    blocks = ["WEBVTT\n"]
    for sentence in transcript.sentences:
        voice = f"<v {_escaped(sentence.speaker)}>" if sentence.speaker else ""
        for words in _cues(sentence):
            lines = "\n".join(_escaped(line) for line in _lines(words))
            blocks.append(f"{_times(words, '.')}\n{voice}{lines}\n")
    return "\n".join(blocks)


def _srt(transcript: Transcript) -> str:
    cues = [words for sentence in transcript.sentences for words in _cues(sentence)]
    return "\n".join(
        f"{number}\n{_times(words, ',')}\n{chr(10).join(_lines(words))}\n"
        for number, words in enumerate(cues, 1)
    )


def _txt(transcript: Transcript) -> str:
    lines: list[str] = []
    speaker: str | None = None
    for sentence in transcript.sentences:
        turns = sentence.speaker is not None and sentence.speaker != speaker
        lines.append(f"{sentence.speaker}: {sentence.text}\n" if turns else f"{sentence.text}\n")
        speaker = sentence.speaker
    return "".join(lines)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _times(words: Sequence[Word], separator: str) -> str:
    start = words[0].start
    end = max(words[-1].end, start + _SHORTEST)
    return f"{cue_time(start, separator)} --> {cue_time(end, separator)}"


def _cues(sentence: Sentence) -> Iterator[list[Word]]:
    """The words of a sentence as captions; a sentence without words has some spread over it."""
    cue: list[Word] = []
    texts = split_words(sentence.text)
    for unit in _units(sentence.words or spread_words(texts, sentence.start, sentence.end)):
        if cue and not _fits([*cue, *unit]):
            yield cue
            cue = []
        cue += unit
    if cue:
        yield cue


def _fits(words: Sequence[Word]) -> bool:
    return words[-1].end - words[0].start <= _CUE_SECONDS and len(_lines(words)) <= _LINES


def _lines(words: Sequence[Word]) -> list[str]:
    """Words in as few lines as hold them; a word wider than a line has its own."""
    lines: list[list[str]] = [[]]
    for unit in _units(words):
        texts = [word.text for word in unit]
        if lines[-1] and _width(join_words([*lines[-1], *texts])) > _LINE_WIDTH:
            lines.append([])
        lines[-1] += texts
    return [join_words(line) for line in lines]


def _units(words: Sequence[Word]) -> list[list[Word]]:
    """Words in groups that stay together: marks that are words of their own begin no line.

    In scripts without spaces every full stop and bracket is such a word.
    """
    units: list[list[Word]] = []
    said = True
    for word in words:
        speaks = not is_mark(word.text)
        if units and not (said and speaks):
            units[-1].append(word)
            said = said or speaks
        else:
            units.append([word])
            said = speaks
    return units


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)

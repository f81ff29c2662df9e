"""Transcripts and videos as JSON: the form in which the library keeps them.

    {"version": 1, "engine": "whisper:small", "language": "en", "word_times": "measured",
     "sentences": [{"speaker": "Ann", "words": [["Hello", 0.5, 0.8, 0.97], ["there.", 0.8, 1.1]]}]}

A word is its text, start, end, and its probability where one is known. A sentence is its words; one
without any has `text`, `start` and `end` instead. `doubt` is why its words may be made up. Times
are seconds, to the millisecond.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, TypeVar, get_args

from playhead.errors import DamagedVideoError
from playhead.types import Doubt, MediaKind, Sentence, Transcript, Video, Word, WordTimes

VERSION = 1
_WORD_TIMES: tuple[WordTimes, ...] = ("measured", "interpolated")
_DOUBTS: tuple[Doubt, ...] = get_args(Doubt)
_MEDIA: tuple[MediaKind, ...] = ("video", "audio")
_T = TypeVar("_T")


def transcript_to_json(transcript: Transcript) -> dict[str, Any]:
    """A transcript as values that `json.dumps` takes.

    Times are rounded to milliseconds and probabilities to 4 decimals. A time below 0 becomes 0,
    an end before its start becomes its start, and a probability comes to lie within 0 to 1, so
    that whatever was written can be read.
    """
    return {
        "version": VERSION,
        "engine": transcript.engine,
        "language": transcript.language,
        "word_times": transcript.word_times,
        "sentences": [_sentence_to_json(sentence) for sentence in transcript.sentences],
    }


def transcript_from_json(value: object) -> Transcript:
    """The transcript that `transcript_to_json` wrote.

    Raises:
        DamagedVideoError: the value is anything else; the problem says what is wrong where.
    """
    fields = _Fields(value, "transcript")
    fields.check_version()
    return Transcript(
        sentences=tuple(
            _sentence_from_json(sentence, f"sentence {number}")
            for number, sentence in enumerate(fields.items("sentences"), 1)
        ),
        language=fields.text_or_none("language"),
        engine=fields.text("engine"),
        word_times=fields.one_of("word_times", _WORD_TIMES),
    )


def video_to_json(video: Video) -> dict[str, Any]:
    """A video as values that `json.dumps` takes; its duration is rounded to milliseconds."""
    return {
        "version": VERSION,
        "id": video.id,
        "title": video.title,
        "source": video.source,
        "duration": _rounded(video.duration),
        "media": video.media,
        "added": video.added,
        "engine": video.engine,
        "language": video.language,
    }


def video_from_json(value: object) -> Video:
    """The video that `video_to_json` wrote; fields it does not know are left alone.

    Raises:
        DamagedVideoError: the value is anything else; the problem says what is wrong.
    """
    fields = _Fields(value, "video")
    fields.check_version()
    return Video(
        id=fields.text("id"),
        title=fields.text("title"),
        source=fields.text("source"),
        duration=fields.seconds("duration"),
        media=fields.one_of("media", _MEDIA),
        added=fields.text("added"),
        engine=fields.text("engine"),
        language=fields.text_or_none("language"),
    )


def _rounded(seconds: float) -> float:
    return max(0.0, round(seconds, 3))


def _sentence_to_json(sentence: Sentence) -> dict[str, Any]:
    about = {"speaker": sentence.speaker, "doubt": sentence.doubt}
    written: dict[str, Any] = {name: value for name, value in about.items() if value is not None}
    if sentence.words:
        return written | {"words": [_word_to_json(word) for word in sentence.words]}
    start = _rounded(sentence.start)
    end = max(start, _rounded(sentence.end))
    return written | {"text": sentence.text, "start": start, "end": end}


def _word_to_json(word: Word) -> list[Any]:
    start = _rounded(word.start)
    written = [word.text, start, max(start, _rounded(word.end))]
    if word.probability is None:
        return written
    return [*written, min(1.0, max(0.0, round(word.probability, 4)))]


def _sentence_from_json(value: object, where: str) -> Sentence:
    fields = _Fields(value, where)
    speaker = fields.text_or_none("speaker")
    doubt = fields.one_of("doubt", _DOUBTS) if "doubt" in fields.values else None
    if "words" not in fields.values:
        start, end = fields.seconds("start"), fields.seconds("end")
        return Sentence(
            fields.text("text"), start, _in_order(start, end, where), (), speaker, doubt
        )
    words = tuple(
        _word_from_json(word, f"{where}, word {number}")
        for number, word in enumerate(fields.items("words"), 1)
    )
    if not words:
        raise DamagedVideoError(f"{where} has no words")
    return replace(Sentence.of(words, speaker), doubt=doubt)


def _word_from_json(value: object, where: str) -> Word:
    if not isinstance(value, list) or len(value) not in (3, 4) or not isinstance(value[0], str):
        raise DamagedVideoError(f"{where} is not a text, a start and an end")
    start, end = _number(value[1], where), _number(value[2], where)
    probability = _number(value[3], where) if value[3:] else None
    if probability is not None and probability > 1:
        raise DamagedVideoError(f"{where} has a probability above 1")
    return Word(value[0], start, _in_order(start, end, where), probability)


def _in_order(start: float, end: float, where: str) -> float:
    if end < start:
        raise DamagedVideoError(f"{where} ends before it starts")
    return end


def _number(value: object, where: str) -> float:
    """A number that is finite and not negative."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if 0 <= number < math.inf:
            return number
    raise DamagedVideoError(f"{where} is not a number from 0")


class _Fields:
    """The fields of a JSON object, read with a judgement on their types."""

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, dict):
            raise DamagedVideoError(f"{where} is not a JSON object")
        self.values: dict[Any, Any] = value
        self._where = where

    def check_version(self) -> None:
        version = self.values.get("version")
        if type(version) is not int or version < 1:
            raise self._wrong("version", "not a version number")
        if version > VERSION:
            raise DamagedVideoError(
                f"{self._where} was written by a newer Playhead (its format is {version})",
                "Update Playhead",
            )

    def text(self, name: str) -> str:
        value = self.values.get(name)
        if not isinstance(value, str):
            raise self._wrong(name, "not a text")
        return value

    def text_or_none(self, name: str) -> str | None:
        return None if self.values.get(name) is None else self.text(name)

    def seconds(self, name: str) -> float:
        return _number(self.values.get(name), f"{self._where}: {name!r}")

    def items(self, name: str) -> list[Any]:
        value = self.values.get(name)
        if not isinstance(value, list):
            raise self._wrong(name, "not a list")
        return value

    def one_of(self, name: str, allowed: tuple[_T, ...]) -> _T:
        value = self.values.get(name)
        if type(value) is not str or value not in allowed:
            raise self._wrong(name, f"none of {', '.join(map(str, allowed))}")
        return allowed[allowed.index(value)]

    def _wrong(self, name: str, what: str) -> DamagedVideoError:
        state = what if name in self.values else "missing"
        return DamagedVideoError(f"{self._where}: {name!r} is {state}")

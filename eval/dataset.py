"""Evaluation datasets: videos with transcripts, and questions with the spans that answer them.

A folder with `videos.jsonl` and `questions.jsonl` (UTF-8, one JSON object a line):

    {"video_id", "title", "duration", "segments": [{"id", "start", "end", "text", "speaker"?}]}
    {"qid", "video_id", "question", "answerable", "gold": [{"start", "end", "video_id"?}], "split"?}

`segments` are the source's own sentences or turns; Playhead cuts its own segments from them.
`gold` is empty where `answerable` is false. A span lies in the question's video unless it names
its own, as it does where several videos answer one question together. Times are seconds.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from ingest.captions.cue import Cue
from playhead.errors import DatasetError
from playhead.types import Segment, Video

VIDEOS = "videos.jsonl"
QUESTIONS = "questions.jsonl"
Row = TypeVar("Row")

_FORMAT = f"A dataset is a folder with {VIDEOS} and {QUESTIONS}, one JSON object a line"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a video, in seconds; `video_id` None: of the question's video."""

    start: float
    end: float
    video_id: str | None = None


@dataclass(frozen=True, slots=True)
class DatasetVideo:
    """A video of a dataset, with its transcript as cues."""

    video: Video
    cues: tuple[Cue, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the spans that answer it; none where it is unanswerable.

    `video_id` is the video it was asked about; None where it was asked about none or several.
    """

    qid: str
    video_id: str | None
    text: str
    gold: tuple[Span, ...]
    split: str | None = None

    @property
    def video_ids(self) -> tuple[str, ...]:
        """The videos that answer it, in order of its spans; its own if none does."""
        ids = [span.video_id or self.video_id for span in self.gold] or [self.video_id]
        return tuple(dict.fromkeys(found for found in ids if found is not None))

    def gold_in(self, video_id: str) -> tuple[Span, ...]:
        """The spans of one video that answer it."""
        return tuple(span for span in self.gold if (span.video_id or self.video_id) == video_id)


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset, read whole."""

    name: str
    videos: tuple[DatasetVideo, ...]
    questions: tuple[Question, ...]


def read_dataset(folder: Path) -> Dataset:
    """Read a dataset folder.

    Raises:
        DatasetError: a file is missing or empty, a line is not what it should be, an id is there
            twice, or a question points to a video that is not there.
    """
    videos = read_videos(folder)
    questions = _unique(folder / QUESTIONS, _question, lambda question: question.qid)
    known = {entry.video.id for entry in videos}
    for number, question in questions:
        for video_id in question.video_ids:
            if video_id not in known:
                raise _bad_line(folder / QUESTIONS, number, f"there is no video {video_id!r}")
    return Dataset(
        folder.resolve().name,
        videos,
        tuple(question for _, question in questions),
    )


def read_videos(folder: Path) -> tuple[DatasetVideo, ...]:
    """The videos of a dataset folder, whose questions may be yet to come.

    Raises:
        DatasetError: as `read_dataset`.
    """
    rows = _unique(folder / VIDEOS, _video, lambda entry: entry.video.id)
    return tuple(entry for _, entry in rows)


def dataset_hash(folder: Path) -> str:
    """The SHA-256 of a dataset's two files, by which results say what they were measured on.

    Raises:
        DatasetError: one cannot be read.
    """
    digest = hashlib.sha256()
    for name in (VIDEOS, QUESTIONS):
        content = _bytes(folder / name)
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def is_relevant(segment: Segment, question: Question) -> bool:
    """Whether a retrieved segment answers a question.

    It overlaps a gold span of its video by at least half of the shorter of the two.
    """
    return any(
        _overlap(segment, span) >= 0.5 * min(segment.end - segment.start, span.end - span.start)
        for span in question.gold_in(segment.video_id)
    )


def _overlap(segment: Segment, span: Span) -> float:
    return min(segment.end, span.end) - max(segment.start, span.start)


def _unique(
    path: Path, parse: Callable[[dict[str, Any]], Row], id_of: Callable[[Row], str]
) -> list[tuple[int, Row]]:
    """The rows of a file with the numbers of their lines; at least one, each id once."""
    rows = list(_rows(path, parse))
    first: dict[str, int] = {}
    for number, row in rows:
        before = first.setdefault(id_of(row), number)
        if before != number:
            raise _bad_line(path, number, f"{id_of(row)!r} is in line {before} already")
    if not rows:
        raise DatasetError(f"{path} is empty", _FORMAT)
    return rows


def _rows(path: Path, parse: Callable[[dict[str, Any]], Row]) -> Iterator[tuple[int, Row]]:
    try:
        # Not splitlines: that also splits at characters which JSON allows within a string.
        lines = _bytes(path).decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise DatasetError(f"{path} is not UTF-8: {error}", _FORMAT) from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield number, parse(_object(json.loads(line)))
            except KeyError as error:
                raise _bad_line(path, number, f"{error} is missing") from error
            except (TypeError, ValueError, AttributeError, ArithmeticError) as error:
                raise _bad_line(path, number, str(error)) from error
            except RecursionError as error:
                raise _bad_line(path, number, "it is nested too deep") from error


def _object(row: object) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise TypeError("it is no JSON object")
    return row


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror}", _FORMAT) from error


def _bad_line(path: Path, number: int, reason: str) -> DatasetError:
    return DatasetError(f"{path}, line {number} is not as it should be: {reason}", _FORMAT)


def _video(row: dict[str, Any]) -> DatasetVideo:
    cues = tuple(
        Cue(
            _seconds(part["start"]),
            _seconds(part["end"]),
            _text(part["text"]),
            _text(part["speaker"]) if part.get("speaker") else None,
        )
        for part in row["segments"]
    )
    video_id = _id(row["video_id"])
    # A path may hold bytes that are no text in its file system's encoding.
    source = row.get("url") or f"dataset:{video_id}"
    if not isinstance(source, str):
        raise TypeError(f"{source!r} is no URL")
    video = Video(video_id, _text(row["title"]), source, _seconds(row["duration"]))
    return DatasetVideo(video, cues)


def _question(row: dict[str, Any]) -> Question:
    gold = tuple(_span(span) for span in row["gold"])
    video_id = None if row["video_id"] is None else _id(row["video_id"])
    split = None if row.get("split") is None else _text(row["split"])
    if any(span.video_id is None for span in gold) and video_id is None:
        raise ValueError("a gold span names no video, and neither does its question")
    answerable = row.get("answerable", bool(gold))
    if answerable is not bool(gold):
        has = "there are gold spans" if gold else "there is no gold span"
        raise ValueError(f"'answerable' is {json.dumps(answerable)}, but {has}")
    return Question(_id(row["qid"]), video_id, _text(row["question"]), gold, split)


def _span(row: dict[str, Any]) -> Span:
    video_id = None if row.get("video_id") is None else _id(row["video_id"])
    span = Span(_seconds(row["start"]), _seconds(row["end"]), video_id)
    if span.end < span.start:
        raise ValueError(f"a gold span ends before it starts ({span.start:g} to {span.end:g})")
    return span


def _id(value: object) -> str:
    """An id; many datasets have numbers."""
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise TypeError(f"{value!r} is no id")
    return _text(str(value))


def _seconds(value: object) -> float:
    seconds = float(value) if isinstance(value, int | float) else math.nan
    if not 0 <= seconds < math.inf:
        raise ValueError(f"{value!r} is no time in seconds")
    return seconds


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    value.encode()  # A lone surrogate, which JSON can hold, is no text either.
    return value

"""Evaluation datasets: videos with transcripts, and questions with the spans that answer them.

A folder with `videos.jsonl` and `questions.jsonl` (UTF-8, one JSON object a line):

    {"video_id", "title", "duration", "segments": [{"id", "start", "end", "text", "speaker"?}]}
    {"qid", "video_id", "question", "answerable", "gold": [{"start", "end"}], "split"?}

`segments` are the source's own sentences or turns; Playhead cuts its own segments from them.
`gold` is empty where `answerable` is false. Times are seconds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from ingest.captions.cue import Cue
from playhead.errors import DatasetError
from playhead.types import Segment, Video

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a video, in seconds."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class DatasetVideo:
    """A video of a dataset, with its transcript as cues."""

    video: Video
    cues: tuple[Cue, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the spans of one video that answer it; none where it is unanswerable."""

    qid: str
    video_id: str | None
    text: str
    gold: tuple[Span, ...]
    split: str | None = None


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset, read whole."""

    name: str
    videos: tuple[DatasetVideo, ...]
    questions: tuple[Question, ...]


def read_dataset(folder: Path) -> Dataset:
    """Read a dataset folder.

    Raises:
        DatasetError: a file is missing, or a line is not what it should be.
    """
    videos = tuple(_rows(folder / "videos.jsonl", _video))
    questions = tuple(_rows(folder / "questions.jsonl", _question))
    return Dataset(folder.resolve().name, videos, questions)


def is_relevant(segment: Segment, question: Question) -> bool:
    """Whether a retrieved segment answers a question.

    It lies in the question's video and overlaps a gold span by at least half of the shorter of
    the two.
    """
    if segment.video_id != question.video_id:
        return False
    return any(
        _overlap(segment, span) >= 0.5 * min(segment.end - segment.start, span.end - span.start)
        for span in question.gold
    )


def _overlap(segment: Segment, span: Span) -> float:
    return min(segment.end, span.end) - max(segment.start, span.start)


def _rows(path: Path, parse: Callable[[dict[str, Any]], Row]) -> Iterator[Row]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(
            f"{path} cannot be read: {error}", "A dataset is a folder with two JSON-lines files"
        ) from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield parse(json.loads(line))
            except (KeyError, TypeError, ValueError) as error:
                raise DatasetError(
                    f"{path}, line {number} is not as it should be: {error!r}"
                ) from error


def _video(row: dict[str, Any]) -> DatasetVideo:
    cues = tuple(
        Cue(float(part["start"]), float(part["end"]), part["text"], part.get("speaker"))
        for part in row["segments"]
    )
    source = row.get("url") or f"dataset:{row['video_id']}"
    video = Video(str(row["video_id"]), row["title"], source, float(row["duration"]))
    return DatasetVideo(video, cues)


def _question(row: dict[str, Any]) -> Question:
    gold = tuple(Span(float(span["start"]), float(span["end"])) for span in row["gold"])
    return Question(row["qid"], row["video_id"], row["question"], gold, row.get("split"))

"""Evaluation datasets: videos with transcripts, and questions with the spans that answer them.

A folder with `videos.jsonl` and `questions.jsonl` (UTF-8, one JSON object a line):

    {"video_id", "title", "duration", "segments": [{"id", "start", "end", "text", "speaker"?}]}
    {"qid", "video_id", "question", "answerable", "gold": [{"start", "end", "video_id"?}], "split"?}

`segments` are the source's own sentences or turns; Playhead cuts its own segments from them.
`gold` is empty where `answerable` is false. A span lies in the question's video unless it names
its own, as it does where several videos answer one question together. Times are seconds.
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
        DatasetError: a file is missing, or a line is not what it should be.
    """
    videos = tuple(_rows(folder / "videos.jsonl", _video))
    questions = tuple(_rows(folder / "questions.jsonl", _question))
    return Dataset(folder.resolve().name, videos, questions)


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
    gold = tuple(
        Span(float(span["start"]), float(span["end"]), span.get("video_id")) for span in row["gold"]
    )
    question = Question(row["qid"], row["video_id"], row["question"], gold, row.get("split"))
    if any(span.video_id is None for span in gold) and question.video_id is None:
        raise ValueError("a gold span names no video, and neither does its question")
    return question

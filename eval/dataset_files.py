"""Dataset folders written: whole or not at all, and never over something that is not a dataset.

The format is in `eval.dataset`. Rows may hold more than that reads (`origin`, `reviewed`,
`reference_answer`); whoever changes a dataset keeps what they do not know.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from eval.dataset import QUESTIONS, VIDEOS, Dataset, DatasetVideo, Question, Span
from playhead.errors import DatasetError
from playhead.text import printable

REVIEW = "review.jsonl"
"""Cases under review (see `eval.review`); a dataset that replaces another has none."""

Row = dict[str, Any]

# Line breaks to many readers, though not to JSON.
_BREAKS = {ord(char): f"\\u{ord(char):04x}" for char in "\x85\u2028\u2029"}


def write_dataset(dataset: Dataset, folder: Path, *, force: bool = False) -> None:
    """Write a dataset that `eval.dataset.read_dataset` reads back (under the folder's name).

    Of videos it keeps id, title, source and duration, of cues text, times and speaker.

    Raises:
        DatasetError: as `write_folder`.
    """
    rows = {
        VIDEOS: [video_row(entry) for entry in dataset.videos],
        QUESTIONS: [question_row(question) for question in dataset.questions],
    }
    write_folder(folder, rows, force=force)


def write_folder(folder: Path, files: Mapping[str, Sequence[Row]], *, force: bool = False) -> None:
    """Make a folder of JSON-lines files, in one step.

    Args:
        folder: where; folders above it are made.
        files: the rows of each file.
        force: replace the files of a folder that is there; all else in it stays.

    Raises:
        DatasetError: it is there (and not empty) without `force`, or it cannot be written. Then
            everything is as it was.
    """
    with _telling(folder):
        if folder.is_dir() and any(folder.iterdir()):
            if not force:
                raise DatasetError(
                    f"{folder} is there already", "Name another folder, or replace it with --force"
                )
            replace_files(folder, files)
            if REVIEW not in files:
                (folder / REVIEW).unlink(missing_ok=True)
            return
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = folder.parent / f".{folder.name}.{os.getpid()}"
        try:
            fresh.mkdir()
            for name, rows in files.items():
                _write(fresh / name, rows)
            fresh.rename(folder)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


def replace_files(folder: Path, files: Mapping[str, Sequence[Row]]) -> None:
    """Replace JSON-lines files in a folder: first all are written, then each takes its place.

    Raises:
        DatasetError: they cannot be written.
    """
    fresh = {folder / name: folder / f".{name}.{os.getpid()}" for name in files}
    with _telling(folder):
        try:
            for path, rows in zip(fresh.values(), files.values(), strict=True):
                _write(path, rows)
            for path, written in fresh.items():
                written.replace(path)
        finally:
            for written in fresh.values():
                with suppress(OSError):
                    written.unlink(missing_ok=True)


def read_rows(path: Path) -> list[Row]:
    """The rows of a JSON-lines file as they are.

    Raises:
        DatasetError: it cannot be read, or a line is not a JSON object.
    """
    return [row for _, row in numbered_rows(path)]


def numbered_rows(path: Path) -> Iterator[tuple[int, Row]]:
    """The same, each with the number of its line."""
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(
            f"{path} cannot be read: {getattr(error, 'strerror', None) or error}",
            "Give a file of JSON lines in UTF-8",
        ) from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield number, _row(path, number, line)


def video_row(entry: DatasetVideo) -> Row:
    """A video as a line of `videos.jsonl`."""
    video = entry.video
    row: Row = {"video_id": video.id, "title": video.title}
    if video.source != f"dataset:{video.id}":
        row["url"] = video.source
    segments = []
    for number, cue in enumerate(entry.cues):
        segment: Row = {"id": number, "start": cue.start, "end": cue.end, "text": cue.text}
        segments.append(segment | ({"speaker": cue.speaker} if cue.speaker else {}))
    return row | {"duration": video.duration, "segments": segments}


def question_row(question: Question) -> Row:
    """A question as a line of `questions.jsonl`."""
    row: Row = {"qid": question.qid, "video_id": question.video_id, "question": question.text}
    row |= {"answerable": bool(question.gold), "gold": [span_row(span) for span in question.gold]}
    return row | ({"split": question.split} if question.split is not None else {})


def span_row(span: Span) -> Row:
    """A gold span in a line of `questions.jsonl`."""
    row: Row = {"start": span.start, "end": span.end}
    return row | ({"video_id": span.video_id} if span.video_id is not None else {})


def _row(path: Path, number: int, line: str) -> Row:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise DatasetError(f"{path}, line {number} is not JSON: {error}") from error
    if not isinstance(row, dict):
        raise DatasetError(f"{path}, line {number} is not a JSON object")
    return row


def _write(path: Path, rows: Iterable[Row]) -> None:
    with path.open("xb") as file:
        for row in rows:
            file.write(_line(row))
        file.flush()
        os.fsync(file.fileno())


def _line(row: Row) -> bytes:
    text = json.dumps(row, ensure_ascii=False, allow_nan=False).translate(_BREAKS)
    # A file name may be no text in its file system's encoding.
    return f"{printable(text)}\n".encode()


@contextmanager
def _telling(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DatasetError(
            f"{folder} cannot be written: {error.strerror or error}",
            "Check its permissions and the room on the disk, or name another folder",
        ) from error

"""A folder of caption files and a table of questions become a dataset.

The table is CSV (separated by commas, semicolons or tabs; UTF-8) with a line of column names:

    question          what is asked
    video             the file name, its stem, its path in the folder, or the video's title
    start, end        the span that answers it: seconds, or `h:mm:ss`, `m:ss`, with decimals
    answerable        optional: `no` where no video answers; then start and end stay empty
    reference_answer, split, qid     optional, taken over

Rows of one `qid`, and rows without one that ask the same of the same video, are one question with
several spans.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eval.caption_folder import CaptionFolder, LeftOut, UnknownNameError, folded
from eval.dataset import DatasetVideo, Question, Span
from eval.dataset_files import Row, question_row
from playhead.errors import DatasetError

_DEMANDED = ("question", "video", "start", "end")
_YES = frozenset({"", "yes", "y", "true", "t", "1", "ja", "oui"})
_NO = frozenset({"no", "n", "false", "f", "0", "nein", "non"})
_TIME = re.compile(r"(?:(?:(\d+):)?(\d{1,2}):)?(\d+(?:[.,]\d+)?)s?")
_SIXTY = 60


class _UnusableError(Exception):
    """Why a row cannot be used."""


@dataclass(slots=True)
class Converted:
    """What a conversion came to. `extras` are more fields of some questions, by qid."""

    videos: list[DatasetVideo]
    questions: list[Question] = field(default_factory=list)
    extras: dict[str, Row] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)

    def question_rows(self) -> list[Row]:
        """The lines of `questions.jsonl`."""
        return [question_row(q) | self.extras.get(q.qid, {}) for q in self.questions]


def convert(captions: Path, table: Path) -> Converted:
    """Read caption files (`.vtt`, `.srt`; folders within included) and a table of questions.

    What cannot be used is left out and told.

    Raises:
        DatasetError: the folder or the table cannot be read, or nothing in it can be used.
    """
    found = CaptionFolder(captions)
    if not found.videos:
        raise DatasetError(
            f"{captions} has no captions that can be used{_first(found.left_out)}",
            "Give a folder with .vtt or .srt files",
        )
    made = Converted(found.videos, left_out=found.left_out)
    _read_table(table, found, made)
    if not made.questions:
        raise DatasetError(
            f"{table} has no question that can be used{_first(made.left_out)}",
            "Each row needs question, video, start and end",
        )
    return made


def _first(left_out: Sequence[LeftOut]) -> str:
    return f" ({left_out[0].where}: {left_out[0].why.rstrip('.')})" if left_out else ""


def _read_table(table: Path, videos: CaptionFolder, made: Converted) -> None:
    merged: dict[str, _Merged] = {}
    owners: dict[str, str] = {}
    prefix = re.sub(r"[^0-9A-Za-z]+", "-", table.stem).strip("-") or "line"
    for line, row in _rows(table):
        try:
            new = _parsed(row, videos, f"{prefix}-{line:05}")
            _claim(owners, new)
            known = merged.get(new.key)
            merged[new.key] = _merged(known, new) if known else new
        except (_UnusableError, UnknownNameError) as error:
            made.left_out.append(LeftOut(f"{table}, line {line}", str(error)))
    for entry in merged.values():
        made.questions.append(entry.question)
        if entry.extras:
            made.extras[entry.question.qid] = entry.extras


@dataclass(frozen=True, slots=True)
class _Merged:
    """A question as one or several rows have it; `key` is what makes rows one question."""

    key: str
    question: Question
    extras: Row


def _claim(owners: dict[str, str], new: _Merged) -> None:
    """Make sure that no two questions have one qid."""
    if owners.setdefault(new.question.qid, new.key) != new.key:
        raise _UnusableError(f"the qid {new.question.qid!r} is taken")


def _merged(known: _Merged, new: _Merged) -> _Merged:
    """Two rows of one question."""
    one, other = known.question, new.question
    if folded(one.text) != folded(other.text):
        raise _UnusableError(f"the qid {one.qid!r} is that of another question")
    if bool(one.gold) != bool(other.gold):
        raise _UnusableError("the question is answerable in one row and not in another")
    spans = [Span(s.start, s.end, s.video_id or q.video_id) for q in (one, other) for s in q.gold]
    videos = {span.video_id for span in spans} or {one.video_id, other.video_id}
    video_id = one.video_id if len(videos) == 1 else None
    gold = tuple(Span(s.start, s.end, None if video_id else s.video_id) for s in spans)
    question = Question(one.qid, video_id, one.text, tuple(dict.fromkeys(gold)), one.split)
    return _Merged(new.key, question, new.extras | known.extras)


def _parsed(row: Mapping[str, str], videos: CaptionFolder, fallback_qid: str) -> _Merged:
    text = " ".join(row["question"].split())
    if not text:
        raise _UnusableError("the question is empty")
    qid = row.get("qid", "").strip()
    if len(qid.split()) > 1:
        raise _UnusableError(f"the qid {qid!r} has spaces in it")
    answerable = _answerable(row.get("answerable", ""))
    named = row["video"].strip()
    if answerable and not named:
        raise _UnusableError("no video is named")
    entry = videos.find(named) if named else None
    gold = _gold(row["start"], row["end"], entry if answerable else None)
    video_id = entry.video.id if entry else None
    split = row.get("split", "").strip() or None
    question = Question(qid or fallback_qid, video_id, text, gold, split)
    extras = {"reference_answer": r} if (r := row.get("reference_answer", "").strip()) else {}
    return _Merged(f"qid {qid}" if qid else f"{video_id} {folded(text)}", question, extras)


def _answerable(text: str) -> bool:
    word = text.strip().casefold()
    if word not in _YES | _NO:
        raise _UnusableError(f"answerable is {text.strip()!r}, not yes or no")
    return word in _YES


def _gold(start: str, end: str, entry: DatasetVideo | None) -> tuple[Span, ...]:
    """The span that a row marks; none, and no times, for a question that nothing answers."""
    if entry is None:
        if start.strip() or end.strip():
            raise _UnusableError("it is not answerable, and yet it has times")
        return ()
    span = Span(_seconds("start", start), _seconds("end", end))
    if span.end <= span.start:
        raise _UnusableError(f"the end ({end.strip()}) is not after the start ({start.strip()})")
    if not any(cue.start < span.end and span.start < cue.end for cue in entry.cues):
        raise _UnusableError(
            f"nothing is said in {entry.video.title!r} from {start.strip()} to {end.strip()}"
        )
    return (span,)


def _seconds(name: str, text: str) -> float:
    found = _TIME.fullmatch(text.strip())
    if not found:
        raise _UnusableError(f"{name} is {text.strip()!r}: give seconds or h:mm:ss")
    hours, minutes, seconds = found.groups()
    value = float(seconds.replace(",", "."))
    if minutes is not None and (value >= _SIXTY or (hours and int(minutes) >= _SIXTY)):
        raise _UnusableError(f"{name} is {text.strip()!r}: give seconds or h:mm:ss")
    return int(hours or 0) * 3600 + int(minutes or 0) * _SIXTY + value


def _rows(table: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows with the number of the line that each begins on; columns by name."""
    lines = csv.reader(io.StringIO(_text(table), newline=""), delimiter=_delimiter(table))
    begin = 1
    columns: list[str] | None = None
    try:
        for cells in lines:
            if columns is None:
                columns = _columns(table, cells)
            elif any(cell.strip() for cell in cells):
                padded = [*cells, *[""] * (len(columns) - len(cells))]
                yield begin, dict(zip(columns, padded, strict=False))
            begin = lines.line_num + 1
    except csv.Error as error:
        raise DatasetError(f"{table}, line {lines.line_num} is not CSV: {error}") from error
    if columns is None:
        raise DatasetError(f"{table} is empty", "Its first line names the columns")


def _delimiter(table: Path) -> str:
    """What the line of column names is separated by."""
    head = _text(table).partition("\n")[0]
    return max(",;\t", key=head.count)


def _columns(table: Path, cells: Iterable[str]) -> list[str]:
    columns = [cell.strip().casefold() for cell in cells]
    if missing := [name for name in _DEMANDED if name not in columns]:
        raise DatasetError(
            f"{table} has no column {' nor '.join(missing)}: its first line is "
            f"{', '.join(columns)!r}",
            f"Name the columns {', '.join(_DEMANDED)}",
        )
    return columns


def _text(table: Path) -> str:
    try:
        return table.read_text("utf-8-sig")
    except OSError as error:
        raise DatasetError(f"{table} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise DatasetError(f"{table} is not UTF-8", "Save it as CSV in UTF-8") from error

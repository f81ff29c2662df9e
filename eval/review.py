"""Cases under review: questions that are proposed for a dataset, and what was decided.

They are kept in the dataset's folder, in `review.jsonl`, so that a review can stop anywhere and go
on later. What is accepted is in `questions.jsonl` at once, with two more fields: `origin` (where
the question came from) and `reviewed` (whether a person looked at it). The folder is a dataset that
can be measured all the time.

    {"qid", "video_id", "question", "gold", "origin", "shown", "state", "reviewed", "note"}

`shown` are the spans to look at, each with its `video_id`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

from eval.dataset import (
    QUESTIONS,
    VIDEOS,
    Dataset,
    DatasetVideo,
    Question,
    Span,
    read_dataset,
    read_videos,
)
from eval.dataset_files import (
    REVIEW,
    Row,
    numbered_rows,
    question_row,
    read_rows,
    replace_files,
    span_row,
    video_row,
    write_folder,
)
from playhead.errors import DatasetError

Origin = Literal["sentence", "llm", "person", "thumb"]
State = Literal["open", "accepted", "rejected"]


@dataclass(frozen=True, slots=True)
class Case:
    """A question to decide on.

    `question` is empty where somebody has yet to write one. `gold` is empty where somebody has yet
    to mark the answer; in an accepted case it means that no video answers. `note` tells the
    reviewer why it is here.
    """

    qid: str
    question: str
    video_id: str | None
    gold: tuple[Span, ...]
    origin: Origin
    shown: tuple[Span, ...]
    state: State = "open"
    reviewed: bool = False
    note: str = ""

    @property
    def located_gold(self) -> tuple[Span, ...]:
        """The gold spans, each with its video."""
        return tuple(replace(span, video_id=span.video_id or self.video_id) for span in self.gold)

    def with_gold(self, spans: Sequence[Span]) -> Case:
        """The case with other gold spans, which name their videos; none is as good."""
        videos = {span.video_id for span in spans}
        if len(videos) != 1:
            return replace(self, video_id=None, gold=tuple(spans))
        gold = tuple(replace(span, video_id=None) for span in spans)
        return replace(self, video_id=videos.pop(), gold=gold)


def case_id(origin: Origin, *parts: object) -> str:
    """A qid that is the same whenever the case is made again."""
    digest = hashlib.sha256("\n".join(map(str, parts)).encode(errors="surrogatepass")).hexdigest()
    return f"{origin}-{digest[:10]}"


class Review:
    """The cases of one dataset folder. Every change is on the disk when the method returns.

    Raises (all methods):
        DatasetError: the folder cannot be read or written, or is no dataset.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows = read_rows(folder / QUESTIONS)
        self._videos = self.dataset().videos if self._rows else read_videos(folder)
        path = folder / REVIEW
        self._cases = {case.qid: case for case in _read_cases(path)} if path.exists() else {}
        self._check_videos()
        self._begun = False

    @classmethod
    def begin(cls, folder: Path, videos: Iterable[DatasetVideo]) -> Review:
        """A new dataset of these videos, without questions yet."""
        rows = [video_row(entry) for entry in videos]
        write_folder(folder, {VIDEOS: rows, QUESTIONS: [], REVIEW: []})
        review = cls(folder)
        review._begun = True
        return review

    def abandon(self) -> None:
        """Take away what `begin` made, if nothing has come of it."""
        if self._begun and not self._cases and not self._rows:
            with suppress(OSError):
                for name in (VIDEOS, QUESTIONS, REVIEW):
                    (self._folder / name).unlink(missing_ok=True)
                self._folder.rmdir()

    @property
    def folder(self) -> Path:
        """Where it is."""
        return self._folder

    @property
    def videos(self) -> Sequence[DatasetVideo]:
        """The videos of the dataset."""
        return self._videos

    def dataset(self) -> Dataset:
        """The dataset as it is now, read from the disk; it may have no questions."""
        if self._rows:
            return read_dataset(self._folder)
        return Dataset(self._folder.resolve().name, self._videos, ())

    @property
    def cases(self) -> Sequence[Case]:
        """All cases, in the order in which they were proposed."""
        return list(self._cases.values())

    def case(self, qid: str) -> Case:
        """The case as it is now."""
        return self._cases[qid]

    @property
    def questions(self) -> Mapping[str, str]:
        """The questions of the dataset as it is now, by qid."""
        return {row["qid"]: row["question"] for row in self._rows}

    def add(self, cases: Iterable[Case]) -> None:
        """Add cases, or put new versions in the place of old ones."""
        for case in cases:
            self._cases[case.qid] = case
            self._enter(case)
        self._save({})

    def add_videos(self, entries: Iterable[DatasetVideo]) -> None:
        """Add videos that the dataset does not have yet."""
        known = {entry.video.id for entry in self._videos}
        new = tuple(entry for entry in entries if entry.video.id not in known)
        if new:
            rows = [*read_rows(self._folder / VIDEOS), *(video_row(entry) for entry in new)]
            self._videos = (*self._videos, *new)
            self._save({VIDEOS: rows})

    def _enter(self, case: Case) -> None:
        """Let the dataset's questions say what a case says."""
        rows = {row["qid"]: row for row in self._rows}
        if case.state == "accepted":
            rows[case.qid] = rows.get(case.qid, {}) | _question_row(case)
        else:
            rows.pop(case.qid, None)
        self._rows = list(rows.values())

    def _save(self, more: dict[str, list[Row]]) -> None:
        cases = [_case_row(case) for case in self._cases.values()]
        replace_files(self._folder, more | {QUESTIONS: self._rows, REVIEW: cases})

    def _check_videos(self) -> None:
        known = {entry.video.id for entry in self._videos}
        named = {span.video_id for case in self.cases for span in case.shown}
        if missing := sorted(str(video_id) for video_id in named - known):
            raise DatasetError(
                f"{self._folder / REVIEW} is about {missing[0]!r}, no video of the dataset",
                f"Delete {REVIEW} to begin the review anew",
            )


def _question_row(case: Case) -> Row:
    question = Question(case.qid, case.video_id, case.question, case.gold)
    return question_row(question) | {"origin": case.origin, "reviewed": case.reviewed}


def _case_row(case: Case) -> Row:
    return {
        "qid": case.qid,
        "video_id": case.video_id,
        "question": case.question,
        "gold": [span_row(span) for span in case.gold],
        "origin": case.origin,
        "shown": [span_row(span) for span in case.shown],
        "state": case.state,
        "reviewed": case.reviewed,
        "note": case.note,
    }


def _read_cases(path: Path) -> Iterable[Case]:
    for number, row in numbered_rows(path):
        try:
            yield _case(row)
        except (KeyError, TypeError, ValueError) as error:
            raise DatasetError(
                f"{path}, line {number} is not as it should be: {error!r}",
                f"Correct it, or delete {REVIEW} to begin the review anew",
            ) from error


def _case(row: Row) -> Case:
    if row["origin"] not in get_args(Origin) or row["state"] not in get_args(State):
        raise ValueError(f"{row['origin']!r}, {row['state']!r}")
    return Case(
        qid=str(row["qid"]),
        question=str(row["question"]),
        video_id=row["video_id"],
        gold=_spans(row["gold"]),
        origin=row["origin"],
        shown=_spans(row["shown"]),
        state=row["state"],
        reviewed=bool(row["reviewed"]),
        note=str(row["note"]),
    )


def _spans(rows: Iterable[Row]) -> tuple[Span, ...]:
    return tuple(Span(float(r["start"]), float(r["end"]), r.get("video_id")) for r in rows)

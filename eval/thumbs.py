"""Thumbs that people gave to answers become cases of a dataset.

They come as JSON lines, one for each thumb, in `feedback.jsonl` in the library's folder; whoever
shows answers appends to it and never changes a line:

    {"time": "2026-11-21T10:15:00+00:00",    ISO 8601 with its zone
     "thumb": "up" | "down",
     "word": "wrong speaker" | null,         what the person had to say about it, if anything
     "question": "...",                      as it was asked
     "answer": {...}}                        what `playhead ask --json` prints of the answer

Thumbs for one question (capitals, spaces and the final mark aside) are one case. Where all are up,
what the answers cited is its gold, and it is accepted. All else is for a person to review: a thumb
down, thumbs that contradict each other, a thumb up for a refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from eval.caption_folder import LeftOut, folded
from eval.dataset import DatasetVideo, Span
from eval.dataset_files import Row, numbered_rows
from eval.review import Case, Review, case_id
from playhead.text import without_controls

_SHOWN = 3
_TOUCHING = 0.5


@dataclass(frozen=True, slots=True)
class Thumb:
    """One thumb. `cited` are the spans of the answer's citations, `seen` those of its passages."""

    where: str
    up: bool
    word: str
    question: str
    cited: tuple[Span, ...]
    seen: tuple[Span, ...]


@dataclass(slots=True)
class Merged:
    """What became of thumbs in a review."""

    added: list[Case] = field(default_factory=list)
    changed: list[Case] = field(default_factory=list)
    there_already: int = 0
    left_out: list[LeftOut] = field(default_factory=list)


def read_thumbs(path: Path) -> tuple[list[Thumb], list[LeftOut]]:
    """The thumbs of a file, in order, and the lines that are none.

    Raises:
        DatasetError: it cannot be read, or is not JSON lines.
    """
    thumbs: list[Thumb] = []
    left_out: list[LeftOut] = []
    for number, row in numbered_rows(path):
        where = f"{path}, line {number}"
        try:
            thumbs.append(_thumb(where, row))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            left_out.append(LeftOut(where, f"it is not a thumb: {error!r}"))
    return thumbs, left_out


def cases_of(thumbs: Iterable[Thumb]) -> Iterator[tuple[Case, Thumb]]:
    """A case for each question, with the last thumb that was given for it."""
    by_question: dict[str, list[Thumb]] = {}
    for thumb in thumbs:
        by_question.setdefault(asked(thumb.question), []).append(thumb)
    for key, given in by_question.items():
        yield _case(key, given), given[-1]


def asked(question: str) -> str:
    """A question as it is compared with others."""
    return folded(question).rstrip("?.! ")


def merge_thumbs(
    review: Review, thumbs: Iterable[Thumb], library: Callable[[str], DatasetVideo | None]
) -> Merged:
    """Put the cases of thumbs into a review; running it again adds nothing twice.

    What a person decided on in a review stays. A case that is open stays as it was edited. The
    same question from elsewhere stays alone.

    Args:
        review: where to.
        thumbs: all that were given so far.
        library: a video by its id, for those that the dataset does not have; None for no such.
    """
    merged = Merged()
    known = {entry.video.id: entry for entry in review.videos}
    others = {asked(case.question) for case in review.cases if case.origin != "thumb"}
    others |= {asked(q) for qid, q in review.questions.items() if not qid.startswith("thumb-")}
    old = {case.qid: case for case in review.cases}
    for found, thumb in cases_of(thumbs):
        case, why = _within(found, known, library)
        if why:
            merged.left_out.append(LeftOut(thumb.where, why))
        elif asked(case.question) in others:
            merged.there_already += 1
        elif case.qid not in old:
            merged.added.append(case)
        elif (new := _newer(old[case.qid], case)) != old[case.qid]:
            merged.changed.append(new)
        else:
            merged.there_already += 1
    cases = [*merged.added, *merged.changed]
    named = {span.video_id for case in cases for span in (*case.shown, *case.gold)}
    named |= {case.video_id for case in cases}
    review.add_videos(entry for video_id, entry in known.items() if video_id in named)
    review.add(cases)
    return merged


def _thumb(where: str, row: Row) -> Thumb:
    if row["thumb"] not in ("up", "down"):
        raise ValueError(f"the thumb is {row['thumb']!r}")
    answer = row["answer"]
    question = " ".join(without_controls(row["question"]).split())
    if not question:
        raise ValueError("the question is empty")
    cited = tuple(_span(citation) for citation in answer["citations"])
    seen = tuple(_span(passage) for passage in answer["passages"][:_SHOWN])
    word = " ".join(without_controls(row.get("word") or "").split())
    return Thumb(where, row["thumb"] == "up", word, question, cited, seen)


def _span(place: dict[str, Any]) -> Span:
    span = Span(float(place["start"]), float(place["end"]), str(place["video_id"]))
    if not 0 <= span.start <= span.end < float("inf"):
        raise ValueError(f"times from {span.start} to {span.end}")
    return span


def _case(key: str, given: Sequence[Thumb]) -> Case:
    last = given[-1]
    ups = [thumb for thumb in given if thumb.up]
    gold = _union(span for thumb in ups for span in thumb.cited)
    agreed = len(ups) == len(given) and bool(gold)
    case = Case(
        qid=case_id("thumb", key),
        question=last.question,
        video_id=None,
        gold=(),
        origin="thumb",
        shown=_union([*last.cited, *last.seen]),
        state="accepted" if agreed else "open",
        note="" if agreed else _note(given, ups),
    )
    return case.with_gold(gold)


def _note(given: Sequence[Thumb], ups: Sequence[Thumb]) -> str:
    if not ups:
        what = "thumb down"
    elif len(ups) < len(given):
        what = "thumbs up and down"
    else:
        what = "thumb up for saying that the videos do not answer"
    words = dict.fromkeys(thumb.word for thumb in given if thumb.word)
    return ": ".join([what, *(["; ".join(words)] if words else [])])


def _union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in order, those that touch as one."""
    merged: list[Span] = []
    ordered = sorted(spans, key=lambda span: (span.video_id or "", span.start))
    for _, group in groupby(ordered, key=lambda span: span.video_id):
        first, *rest = group
        merged.append(first)
        for span in rest:
            if span.start <= merged[-1].end + _TOUCHING:
                merged[-1] = replace(merged[-1], end=max(merged[-1].end, span.end))
            else:
                merged.append(span)
    return tuple(merged)


def _newer(old: Case, new: Case) -> Case:
    """What a case is after more thumbs."""
    if old.reviewed:
        return old
    if old.state == new.state == "open":
        return replace(old, note=new.note)
    return new


def _within(
    case: Case, known: dict[str, DatasetVideo], library: Callable[[str], DatasetVideo | None]
) -> tuple[Case, str]:
    """A case less passages of videos that are gone; and why it cannot be used, if so."""
    for span in (*case.located_gold, *case.shown):
        if span.video_id and span.video_id not in known and (entry := library(span.video_id)):
            known[span.video_id] = entry
    for span in case.located_gold:
        entry = known.get(span.video_id or "")
        if entry is None:
            return case, f"it cites the video {span.video_id!r}, which is not in the library"
        if not any(cue.start < span.end and span.start < cue.end for cue in entry.cues):
            return case, f"nothing is said any more where it cites {entry.video.title!r}"
    return replace(case, shown=tuple(s for s in case.shown if s.video_id in known)), ""

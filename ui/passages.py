"""Passages of a dataset as numbered sentences, and what somebody marks in them."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from shutil import get_terminal_size

import click

from eval.dataset import DatasetVideo, Span
from eval.proposals import sentences_of
from playhead.links import moment_link
from playhead.text import without_controls
from playhead.timecodes import clock
from playhead.types import Sentence
from retrieval.bm25 import document_terms

_MAX_WIDTH = 100
_CONTEXT = 1
_TIME = r"(?:(?:(\d+):)?(\d+):)(\d+(?:\.\d+)?)"
_TIMES = re.compile(rf"{_TIME}\s*[-–]\s*{_TIME}")
_NUMBERS = re.compile(r"(\d{1,4})(?:\s*[-–]\s*(\d{1,4}))?")


class MarkError(Exception):
    """What was typed marks nothing; the message says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of a video."""

    entry: DatasetVideo
    sentence: Sentence

    @property
    def span(self) -> Span:
        """Where it is said."""
        return Span(self.sentence.start, self.sentence.end, self.entry.video.id)


class Transcripts:
    """The sentences of some videos, parted once."""

    def __init__(self, videos: Sequence[DatasetVideo]) -> None:
        self._entries = videos
        self._lines: dict[str, list[Line]] = {}

    def around(self, spans: Collection[Span]) -> list[Line]:
        """The sentences in some spans, and one before and after each; in order of time."""
        wanted = {span.video_id for span in spans}
        return [
            line
            for entry in self._entries
            if entry.video.id in wanted
            for line in self._near(entry, spans)
        ]

    def with_words(self, words: str, most: int) -> list[Span]:
        """The sentences that have most of some words, the best first."""
        terms = set(document_terms(words).indices)
        scored = [
            (len(terms.intersection(document_terms(line.sentence.text).indices)), line)
            for entry in self._entries
            for line in self._of(entry)
        ]
        best = sorted(scored, key=lambda pair: -pair[0])[:most]
        return [line.span for score, line in best if score]

    def _of(self, entry: DatasetVideo) -> list[Line]:
        known = self._lines.get(entry.video.id)
        if known is None:
            known = [Line(entry, sentence) for sentence in sentences_of(entry)]
            self._lines[entry.video.id] = known
        return known

    def _near(self, entry: DatasetVideo, spans: Collection[Span]) -> list[Line]:
        lines = self._of(entry)
        near: set[int] = set()
        for at, line in enumerate(lines):
            if any(touches(line.span, span) for span in spans):
                near |= {at - _CONTEXT, at, at + _CONTEXT}
        return [line for at, line in enumerate(lines) if at in near]


def touches(one: Span, other: Span) -> bool:
    """Whether two spans have any time in common."""
    return (
        one.video_id == other.video_id and min(one.end, other.end) - max(one.start, other.start) > 0
    )


def print_lines(lines: Sequence[Line], gold: Collection[Span]) -> None:
    """Numbered sentences by video, those in gold spans with a star; a link to each video."""
    width = min(_MAX_WIDTH, get_terminal_size().columns)
    numbered = enumerate(lines, start=1)
    for _, group in groupby(numbered, key=lambda pair: pair[1].entry.video.id):
        passage = list(group)
        first = passage[0][1]
        click.secho(f"\n{without_controls(first.entry.video.title)}", bold=True, err=True)
        for number, line in passage:
            marked = any(touches(line.span, span) for span in gold)
            head = f"{'*' if marked else ' '}{number:3} {clock(line.sentence.start):>7}  "
            text = textwrap.fill(
                without_controls(line.sentence.text),
                width,
                initial_indent=head,
                subsequent_indent=" " * len(head),
            )
            click.secho(text, bold=marked, err=True)
        _print_link(passage, gold)


def _print_link(passage: Sequence[tuple[int, Line]], gold: Collection[Span]) -> None:
    """Where to watch it: from the marked sentences on, else from the first one shown."""
    lines = [line for _, line in passage]
    source = lines[0].entry.video.source
    if source.startswith("dataset:"):
        return
    marked = [line for line in lines if any(touches(line.span, span) for span in gold)]
    link = moment_link(source, (marked or lines)[0].sentence.start)
    click.echo(f"     {click.style(link, fg='blue', underline=True)}", err=True)


def marked_spans(typed: str, lines: Sequence[Line]) -> list[Span]:
    """The spans that somebody means by `2`, `2-4`, `2, 5-6` or `1:05-1:20`.

    Raises:
        MarkError: there is no such sentence, or the times cannot be.
    """
    return [span for part in typed.split(",") for span in _spans(part.strip(), lines)]


def _spans(part: str, lines: Sequence[Line]) -> Iterator[Span]:
    if times := _TIMES.fullmatch(part):
        yield _timed(times, lines)
        return
    numbers = _NUMBERS.fullmatch(part)
    if not numbers:
        raise MarkError(f"{part!r} is neither numbers of sentences nor times such as 1:05-1:20")
    first, last = int(numbers[1]), int(numbers[2] or numbers[1])
    if not 1 <= first <= last <= len(lines):
        raise MarkError(f"there are sentences 1 to {len(lines)}, not {part}")
    chosen = lines[first - 1 : last]
    for _, group in groupby(chosen, key=lambda line: line.entry.video.id):
        spans = [line.span for line in group]
        yield replace(spans[0], end=max(span.end for span in spans))


def _timed(times: re.Match[str], lines: Sequence[Line]) -> Span:
    """A span by its times, in the one video that is shown."""
    videos = {line.entry.video.id: line.entry for line in lines}
    if len(videos) != 1:
        raise MarkError("sentences of several videos are shown: mark them by number")
    ((video_id, entry),) = videos.items()
    start, end = _seconds(*times.groups()[:3]), _seconds(*times.groups()[3:])
    if end <= start:
        raise MarkError("the end is not after the start")
    if start >= entry.video.duration:
        raise MarkError(f"the video ends at {clock(entry.video.duration)}")
    return Span(start, end, video_id)


def _seconds(hours: str | None, minutes: str, seconds: str) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds)

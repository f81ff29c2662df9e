"""The questions that search does worst at: what was expected, and what was found instead."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from eval.dataset import Dataset, Question, Span
from eval.retrieval import Run
from eval.runs import QuestionResult
from playhead.text import join_words
from playhead.types import Segment

_FOUND = 3


@dataclass(frozen=True, slots=True)
class Moment:
    """A stretch of a video (seconds) and what is said in it."""

    video_id: str
    title: str
    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class HardQuestion:
    """A question with its measures, the moments that answer it, and the first ones found."""

    qid: str
    question: str
    measures: Mapping[str, float]
    expected: tuple[Moment, ...]
    found: tuple[Moment, ...]

    def as_json(self) -> dict[str, object]:
        """For `--json`."""
        return {
            "qid": self.qid,
            "question": self.question,
            "measures": dict(self.measures),
            "expected": [asdict(moment) for moment in self.expected],
            "found": [asdict(moment) for moment in self.found],
        }


def hardest(dataset: Dataset, run: Run, count: int) -> list[HardQuestion]:
    """The questions of a run with the lowest RR@10, then nDCG@10, lowest first.

    Many score 0. Of equals those come first that a digest of their id says, so that they are not
    all about the same video.
    """
    questions = {question.qid: question for question in dataset.questions}
    worst = sorted(run.results, key=_ease)[:count]
    return [_explained(result, questions[result.qid], dataset, run) for result in worst]


def _ease(result: QuestionResult) -> tuple[float, float, bytes]:
    spread = hashlib.sha256(result.qid.encode()).digest()
    return result.measures["RR@10"], result.measures["nDCG@10"], spread


def _explained(
    result: QuestionResult, question: Question, dataset: Dataset, run: Run
) -> HardQuestion:
    titles = {entry.video.id: entry.video.title for entry in dataset.videos}
    by_id = {segment.id: segment for part in run.segments.values() for segment in part}
    expected = [
        Moment(
            video_id,
            titles[video_id],
            span.start,
            span.end,
            said_in(span, run.segments.get(video_id, ())),
        )
        for video_id in question.video_ids
        for span in question.gold_in(video_id)
    ]
    found = [by_id[str(row["segment_id"])] for row in result.found[:_FOUND]]
    return HardQuestion(
        result.qid,
        result.question,
        result.measures,
        tuple(expected),
        tuple(Moment(s.video_id, titles[s.video_id], s.start, s.end, s.text) for s in found),
    )


def said_in(span: Span, segments: Sequence[Segment]) -> str:
    """What is said between the start and the end of a span: the sentences that overlap it."""
    sentences = [sentence for segment in segments for sentence in segment.sentences]
    return join_words(
        sentence.text
        for sentence in sentences
        if sentence.start < span.end and span.start < sentence.end
    )

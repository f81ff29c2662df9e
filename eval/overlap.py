"""How much a question is a copy of what answers it, which makes it too easy to find by its words.

Words are counted as search counts them: stems, without stop words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eval.dataset import Dataset, Question, Span
from ingest.captions.cue import Cue
from playhead.text import join_words
from retrieval.bm25 import document_terms

PEOPLE = 0.67
"""Overlap of the questions that people asked in TutorialVQA while they watched the video."""


def overlap(question: str, said: str) -> float:
    """The share of a question's words that occur in what was said, 0 to 1; 0 where it has none."""
    asked, heard = _stems(question), _stems(said)
    return len(asked & heard) / len(asked) if asked else 0.0


def copied(question: str, said: str) -> float:
    """The share of what was said that is in the question already: what is left is the answer."""
    asked, heard = _stems(question), _stems(said)
    return len(asked & heard) / len(heard) if heard else 1.0


def mean_overlap(dataset: Dataset) -> float | None:
    """The mean over a dataset's answerable questions; None where there are none."""
    cues = {entry.video.id: entry.cues for entry in dataset.videos}
    found = [
        overlap(question.text, " ".join(_said(question, video_id, cues) for video_id in cues))
        for question in dataset.questions
        if question.gold
    ]
    return sum(found) / len(found) if found else None


def _said(question: Question, video_id: str, cues: Mapping[str, Sequence[Cue]]) -> str:
    """What is said in a question's gold spans of a video."""
    spans = question.gold_in(video_id)
    return join_words(
        cue.text for cue in cues[video_id] if any(_is_in(cue, span) for span in spans)
    )


def _is_in(cue: Cue, span: Span) -> bool:
    """Whether a cue lies mostly in a span, or a span in a cue."""
    shorter = min(cue.end - cue.start, span.end - span.start)
    return min(cue.end, span.end) - max(cue.start, span.start) >= shorter / 2


def _stems(text: str) -> frozenset[int]:
    return frozenset(document_terms(text).indices)

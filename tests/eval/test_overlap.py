"""How much of a question is in what answers it."""

from __future__ import annotations

import pytest

from eval.dataset import Dataset, DatasetVideo, Question, Span
from eval.overlap import copied, mean_overlap, overlap
from ingest.captions.cue import Cue
from playhead.types import Video

SAID = "To rotate the focus area, drag one of the white circles."


@pytest.mark.parametrize(
    ("question", "share"),
    [
        ("How do you rotate the focus area?", 1.0),
        ("How is the area turned?", 0.5),
        ("Who sank the ship?", 0.0),
        ("How is it?", 0.0),
    ],
)
def test_overlap(question: str, share: float) -> None:
    assert overlap(question, SAID) == share


def test_copied() -> None:
    assert copied(SAID, SAID) == 1.0
    assert copied("How do you rotate the focus area?", SAID) == pytest.approx(3 / 7)
    assert copied("Why?", "") == 1.0


def test_the_mean_of_a_dataset() -> None:
    """What is said in the gold spans counts, not beside them; unanswerable questions do not."""
    cues = (Cue(0, 4, SAID), Cue(4, 8, "Ships sink."), Cue(8, 9, "The focus turns."))
    videos = tuple(
        DatasetVideo(Video(name, name, f"dataset:{name}", 9.0), cues) for name in ("a", "b")
    )
    questions = (
        Question("q1", "a", "How do you rotate the focus area?", (Span(0, 4),)),
        Question("q2", "a", "Does a ship rotate?", (Span(4.5, 5),)),
        Question("q3", None, "Why does focus sink?", (Span(8, 9, "a"), Span(4, 8, "b"))),
        Question("q4", None, "What is a monad?", ()),
    )
    assert mean_overlap(Dataset("d", videos, questions)) == pytest.approx((1 + 0.5 + 1) / 3)
    assert mean_overlap(Dataset("d", videos, questions[3:])) is None

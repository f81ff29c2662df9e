"""Samples of questions: the same every time, every stratum in its share, small ones in large."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from eval.dataset import Question, Span
from eval.sample import sample_of


def questions(*sizes: int, unanswerable: int = 0) -> list[Question]:
    """So many questions of each video, and so many without an answer."""
    asked = [
        Question(f"{video}-{n}", f"v{video}", "Why?", (Span(0, 1),))
        for video, size in enumerate(sizes)
        for n in range(size)
    ]
    return asked + [Question(f"none-{n}", None, "Why?", ()) for n in range(unanswerable)]


def test_every_stratum_is_there_in_its_share() -> None:
    sample = sample_of(questions(100, 60, 20, unanswerable=20), 20)
    counts = Counter(question.video_id for question in sample)
    assert counts == {"v0": 10, "v1": 6, "v2": 2, None: 2}


def test_all_of_them_in_their_order_where_there_are_no_more() -> None:
    asked = questions(3, 2)
    assert sample_of(asked, None) == sample_of(asked, 5) == sample_of(asked, 9) == tuple(asked)


@given(
    st.lists(st.integers(0, 12), min_size=1, max_size=6),
    st.integers(0, 8),
    st.integers(1, 30),
    st.integers(1, 30),
)
def test_a_larger_sample_holds_the_smaller(
    sizes: list[int], unanswerable: int, one: int, other: int
) -> None:
    asked = questions(*sizes, unanswerable=unanswerable)
    small, large = sorted((one, other))
    chosen = sample_of(asked, small)
    assert len(chosen) == min(small, len(asked))
    assert set(chosen) <= set(sample_of(asked, large))
    assert list(chosen) == [question for question in asked if question in chosen]
    assert chosen == sample_of(asked, small)

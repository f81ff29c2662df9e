"""The questions that search does worst at, with what was expected and what was found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from eval.configs import CONFIGS
from eval.dataset import Span
from eval.hardest import Moment, hardest, said_in
from eval.retrieval import Run, measure, prepare
from tests.eval.small import COOKING, SAILING, SMALL, CountingEmbedder
from tests.fakes import segments


@pytest.fixture
def run(cache: Path) -> Run:
    embedder = CountingEmbedder()
    task = prepare(SMALL.questions, "library", embedder, cache)
    return measure(SMALL, CONFIGS["bm25"], task, embedder, cache)


def test_the_lowest_come_first(run: Run) -> None:
    found = hardest(SMALL, run, 10)
    assert [question.measures["RR@10"] for question in found] == [0, 0, 0.5, 1, 1]
    assert {question.qid for question in found[:2]} == {"missed", "elsewhere"}
    assert [question.qid for question in hardest(SMALL, run, 3)] == [q.qid for q in found[:3]]
    assert hardest(SMALL, run, 0) == []


def test_what_was_expected_and_what_was_found(run: Run) -> None:
    found = {question.qid: question for question in hardest(SMALL, run, 10)}
    assert found["second"].expected == (Moment("cooking", "On cooking", 40, 60, COOKING[2]),)
    assert found["second"].found == (
        Moment("cooking", "On cooking", 20, 40, COOKING[1]),
        Moment("cooking", "On cooking", 40, 60, COOKING[2]),
    )
    assert [moment.text for moment in found["both"].expected] == list(SAILING)
    assert found["missed"].found == ()
    row = found["second"].as_json()
    assert row["expected"] == [
        {"video_id": "cooking", "title": "On cooking", "start": 40, "end": 60, "text": COOKING[2]}
    ]


def test_of_equals_the_order_is_not_that_of_the_dataset(run: Run) -> None:
    """But the same every time."""
    equal = tuple(replace(run.results[0], qid=f"{n}") for n in range(50))
    questions = tuple(replace(SMALL.questions[0], qid=f"{n}") for n in range(50))
    dataset = replace(SMALL, questions=questions)
    order = [found.qid for found in hardest(dataset, replace(run, results=equal), 50)]
    turned = [found.qid for found in hardest(dataset, replace(run, results=equal[::-1]), 50)]
    assert order == turned != [question.qid for question in questions]


def test_what_is_said_in_a_span_are_the_sentences_that_overlap_it() -> None:
    made = segments("v", "One.|Two.|Three.|Four.", "Five.")
    assert said_in(Span(5, 15), made) == "Two. Three."
    assert said_in(Span(4.9, 15.1), made) == "One. Two. Three. Four."
    assert said_in(Span(50, 60), made) == ""
    assert said_in(Span(0, 10), []) == ""

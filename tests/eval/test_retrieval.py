"""Search measured on a dataset that can be ranked by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from eval.configs import CONFIGS, DEFAULT, Config
from eval.dataset import Dataset, Question
from eval.retrieval import SAMPLE, Run, Scope, measure, prepare, questions_of
from playhead.errors import DatasetError
from playhead.progress import ProgressEvent
from tests.eval.small import SMALL, CountingEmbedder, cue_span

BM25 = CONFIGS["bm25"]


def measured(
    cache: Path, dataset: Dataset = SMALL, config: Config = BM25, scope: Scope = "library"
) -> Run:
    embedder = CountingEmbedder()
    task = prepare(dataset.questions, scope, embedder, cache)
    return measure(dataset, config, task, embedder, cache)


def test_measures_by_hand(cache: Path) -> None:
    """BM25 finds "melt" in one segment, the right one; "butter" in two, the right one second, for
    it says it once; "sail" in two, both right; "zeppelin" nowhere; "onions" in another video.
    """
    run = measured(cache)
    found = {result.qid: [row["segment_id"] for row in result.found] for result in run.results}
    assert found["first"] == ["cooking:1"]
    assert found["second"] == ["cooking:1", "cooking:2"]
    assert set(found["both"]) == {"sailing:0", "sailing:1"}
    assert found["missed"] == []
    assert set(found["elsewhere"]) == {"cooking:0", "cooking:2"}
    second = 1 / math.log2(3)
    hand = {
        "Success@1": {"first": 1, "second": 0, "both": 1, "missed": 0, "elsewhere": 0},
        "Success@3": {"first": 1, "second": 1, "both": 1, "missed": 0, "elsewhere": 0},
        "Success@10": {"first": 1, "second": 1, "both": 1, "missed": 0, "elsewhere": 0},
        "RR@10": {"first": 1, "second": 1 / 2, "both": 1, "missed": 0, "elsewhere": 0},
        "nDCG@10": {"first": 1, "second": second, "both": 1, "missed": 0, "elsewhere": 0},
        "R@10": {"first": 1, "second": 1, "both": 1, "missed": 0, "elsewhere": 0},
        "IoU@1": {"first": 1, "second": 0, "both": 1, "missed": 0, "elsewhere": 0},
    }
    for name, values in hand.items():
        scores = {result.qid: result.measures[name] for result in run.results}
        assert scores == pytest.approx(values, abs=1e-6)
        assert run.metrics[name] == pytest.approx(sum(values.values()) / 5, abs=1e-6)
    seek = {result.qid: result.measures.get("seek_error") for result in run.results}
    # A click on cooking:1 lands at 20 s; the answer to "second" begins at 40 s.
    assert seek == {"first": 0, "second": 20, "both": 0, "missed": None, "elsewhere": None}
    assert run.metrics["seek_error"] == 0
    assert run.metrics["seek_error_defined"] == 0.6


def test_what_was_found_is_kept_with_its_relevance(cache: Path) -> None:
    result = next(result for result in measured(cache).results if result.qid == "second")
    first, second = result.found
    assert (first["start"], first["end"], first["relevant"]) == (20.0, 40.0, False)
    assert (second["start"], second["end"], second["relevant"]) == (40.0, 60.0, True)
    assert first["score"] > second["score"] > 0
    assert (result.video_id, result.question) == ("cooking", "butter")


def test_unanswerable_questions_are_left_out(cache: Path) -> None:
    assert [result.qid for result in measured(cache).results] == [
        question.qid for question in SMALL.questions if question.gold
    ]


def test_in_scope_video_a_question_searches_what_answers_it(cache: Path) -> None:
    run = measured(cache, config=DEFAULT, scope="video")
    for result in run.results:
        assert {row["segment_id"].split(":")[0] for row in result.found} == {result.video_id}
    everywhere = measured(cache, config=DEFAULT)
    assert len(everywhere.results[0].found) == 5
    both = Question("x", None, "onions", (cue_span(0, "sailing"), cue_span(0, "cooking")))
    dataset = replace(SMALL, questions=(both,))
    assert len(measured(cache, dataset, DEFAULT, "video").results[0].found) == 5


def test_a_question_that_cannot_be_asked_scores_nothing(cache: Path) -> None:
    empty = Question("empty", "cooking", " ", (cue_span(1),))
    endless = Question("endless", "cooking", "x" * 5000, (cue_span(1),))
    dataset = replace(SMALL, questions=(empty, endless, SMALL.questions[0]))
    run = measured(cache, dataset)
    assert [result.measures["RR@10"] for result in run.results] == [0, 0, 1]
    assert run.metrics["RR@10"] == pytest.approx(1 / 3, abs=1e-6)


def test_a_question_that_no_segment_answers_stays_in_the_mean(cache: Path) -> None:
    """Its span lies where nobody speaks."""
    silence = Question("silence", "cooking", "butter", (replace(cue_span(0), start=500, end=510),))
    run = measured(cache, replace(SMALL, questions=(silence, SMALL.questions[0])))
    assert [result.measures["R@10"] for result in run.results] == [0, 1]
    assert run.metrics["Success@10"] == 0.5


def test_every_configuration_can_be_measured(cache: Path) -> None:
    for config in CONFIGS.values():
        run = measured(cache, config=config)
        assert run.config == config
        assert all(0 <= run.metrics[name] <= 1 for name in ("RR@10", "IoU@1"))  # type: ignore[operator]
        long = config.segment_seconds >= 60
        assert all(len(found) == 1 for found in run.segments.values()) == long


def test_questions_are_embedded_once_and_timed_one_by_one(cache: Path) -> None:
    embedder = CountingEmbedder()
    task = prepare(SMALL.questions, "library", embedder, cache)
    texts = [question.text for question in task.questions]
    assert [text for text in embedder.asked if text] == texts * 2
    assert set(task.embedding_seconds) == {question.qid for question in task.questions}
    embedder.asked.clear()
    measure(SMALL, BM25, task, embedder, cache)
    measure(SMALL, DEFAULT, task, embedder, cache)
    assert not set(texts) & set(embedder.asked)


def test_of_many_questions_a_sample_is_timed(cache: Path) -> None:
    many = [
        replace(SMALL.questions[0], qid=str(n), text=f"Why {n}?") for n in range(SAMPLE * 2 + 1)
    ]
    task = prepare(many, "library", CountingEmbedder(), cache)
    assert SAMPLE / 2 < len(task.embedding_seconds) <= SAMPLE
    assert max(map(int, task.embedding_seconds)) > 1.9 * SAMPLE


def test_latency_with_embedding_is_more_but_for_bm25(cache: Path) -> None:
    for config in (DEFAULT, BM25):
        run = measured(cache, config=config)
        without, within = run.latency_ms, run.latency_with_embedding_ms
        assert 0 < without["p50"] <= without["p95"] <= without["p99"]
        if config is BM25:
            assert within == without
        else:
            assert all(within[name] > without[name] for name in ("p50", "p95", "p99"))


def test_progress_tells_of_segments_and_questions(cache: Path) -> None:
    events: list[ProgressEvent] = []
    task = prepare(SMALL.questions, "library", CountingEmbedder(), cache)
    measure(SMALL, BM25, task, CountingEmbedder(), cache, on_progress=events.append)
    assert [(event.stage, event.done, event.total) for event in events] == [
        ("index", 3, 5),
        ("index", 5, 5),
        ("search", 5, 5),
    ]


def test_splits() -> None:
    assert questions_of(SMALL) == SMALL.questions
    assert [question.qid for question in questions_of(SMALL, "dev")] == ["first", "second"]
    with pytest.raises(DatasetError, match=r"small has no split 'train'\. There are dev, test"):
        questions_of(SMALL, "train")
    plain = replace(SMALL, questions=tuple(replace(q, split=None) for q in SMALL.questions))
    with pytest.raises(DatasetError, match="have no 'split' at all"):
        questions_of(plain, "dev")


@pytest.mark.parametrize("questions", [[], [SMALL.questions[-1]]])
def test_where_nothing_can_be_found_nothing_is_measured(
    cache: Path, questions: list[Question]
) -> None:
    with pytest.raises(DatasetError, match="none of the questions has an answer"):
        prepare(questions, "library", CountingEmbedder(), cache)


def test_the_noise_is_noted(cache: Path) -> None:
    task = prepare(SMALL.questions, "library", CountingEmbedder(), cache)
    run = measure(SMALL, BM25, task, CountingEmbedder(), cache, noise=0.2)
    assert run.noise == 0.2

"""Run folders read back, and what is wrong with one that cannot be."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from eval.runs import QuestionResult, read_questions, read_run, values_of
from playhead.errors import DatasetError
from tests.eval.run_folders import HASH, results, write_run

HIT = {"segment_id": "v:0", "start": 0.0, "end": 30.0, "relevant": True}


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    questions = (
        QuestionResult(
            "q1", None, "Was heißt\u2028“das”?", {"RR@10": 0.5, "seek_error": 3.25}, (HIT,)
        ),
        QuestionResult("q2", "v", "?", {"RR@10": 0.0}),
    )
    latency = {"p50": 1.5}
    write_run(tmp_path / "bm25", questions, noise=0.1, latency_ms=latency, scope="video")
    run = read_run(tmp_path / "bm25")
    assert run.questions == questions
    assert (run.config, run.dataset, run.dataset_hash) == ("bm25", "demo", HASH)
    assert (run.noise, run.latency_ms, run.scope) == (0.1, latency, "video")
    assert run.measures == ("RR@10", "seek_error")


def test_a_config_may_be_its_name_alone(tmp_path: Path) -> None:
    assert read_run(write_run(tmp_path / "run", (), config="dense")).config == "dense"


def test_null_is_no_score() -> None:
    row = {
        "qid": "q",
        "video_id": "v",
        "question": "?",
        "measures": {"RR@10": 1, "seek_error": None},
    }
    assert QuestionResult.of_row(row).measures == {"RR@10": 1.0}


def test_scores_that_are_not_there_are_not_zero() -> None:
    values = values_of(results([0.5, None]), ["RR@10", "nDCG@10"])
    assert values.shape == (2, 2)
    assert np.array_equal(values, [[0.5, math.nan], [math.nan, math.nan]], equal_nan=True)
    assert values_of([], ["RR@10"]).shape == (0, 1)


def test_the_folder_above_is_told_from_a_run(tmp_path: Path) -> None:
    write_run(tmp_path / "default", ())
    write_run(tmp_path / "bm25", ())
    with pytest.raises(DatasetError, match=r"holds the runs bm25, default\. Name one"):
        read_run(tmp_path)


def test_a_folder_without_a_run_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="eval retrieval"):
        read_run(tmp_path)
    with pytest.raises(DatasetError, match="is no folder"):
        read_run(tmp_path / "nothing")


@pytest.mark.parametrize("head", ["{", "[]", "{}", '{"config": 1, "dataset": "d"}'])
def test_a_run_json_that_is_none(tmp_path: Path, head: str) -> None:
    write_run(tmp_path / "run", ())
    (tmp_path / "run" / "run.json").write_text(head, "utf-8")
    with pytest.raises(DatasetError, match=r"run\.json"):
        read_run(tmp_path / "run")


def test_a_run_without_its_questions(tmp_path: Path) -> None:
    write_run(tmp_path / "run", ())
    (tmp_path / "run" / "queries.jsonl").unlink()
    with pytest.raises(DatasetError, match=r"queries\.jsonl cannot be read"):
        read_run(tmp_path / "run")


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "7",
        '{"qid": "q"}',
        '{"qid": "q", "video_id": "v", "question": "?", "measures": []}',
        '{"qid": "q", "video_id": "v", "question": "?", "measures": {"RR@10": "high"}}',
        '{"qid": "q", "video_id": "v", "question": "?", "measures": {"RR@10": NaN}}',
    ],
)
def test_a_line_that_is_no_result_is_named(tmp_path: Path, line: str) -> None:
    good = json.dumps(QuestionResult("q0", "v", "?", {"RR@10": 1.0}).as_row())
    path = tmp_path / "queries.jsonl"
    path.write_text(f"{good}\n{line}\n", "utf-8")
    with pytest.raises(DatasetError, match=r"queries\.jsonl, line 2"):
        read_questions(path)


def test_a_question_twice_is_named(tmp_path: Path) -> None:
    (question,) = results([1.0])
    with pytest.raises(DatasetError, match="q0 twice"):
        read_questions(write_run(tmp_path, [question, question]) / "queries.jsonl")

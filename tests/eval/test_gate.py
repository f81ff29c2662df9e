"""The gate: what it lets pass, what it catches, and the file it keeps."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.gate import (
    MIN_WORSE,
    TOLERANCE,
    Baseline,
    baseline_of,
    changes,
    gate,
    merged,
    read_baseline,
    write_baseline,
)
from eval.runs import QuestionResult
from playhead.errors import DatasetError
from tests.eval.run_folders import HASH, results

N = 73
"""As many as the answerable questions of the demo's set."""


def kept(questions: tuple[QuestionResult, ...]) -> Baseline:
    return baseline_of(questions, "demo", HASH, "default")


def failed(before: list[float], after: list[float]) -> str | None:
    """Why the gate fails, if it does."""
    (finding,) = gate(results(after), kept(results(before)))
    return finding.reason


def of_ranks(ranks: np.ndarray) -> tuple[QuestionResult, ...]:
    return tuple(
        QuestionResult(
            f"q{i}",
            "v",
            "?",
            {
                "Success@1": float(rank <= 1),
                "RR@10": 1 / rank if rank <= 10 else 0.0,
                "nDCG@10": 1 / np.log2(rank + 1) if rank <= 10 else 0.0,
            },
        )
        for i, rank in enumerate(ranks.tolist())
    )


def test_the_same_scores_pass_and_nothing_changed() -> None:
    questions = of_ranks(np.arange(1, 13))
    assert [finding.reason for finding in gate(questions, kept(questions))] == [None] * 3
    assert changes(questions, kept(questions)) == []


def test_a_question_or_two_lost_pass_but_are_told() -> None:
    before, after = [1.0] * N, [0.0] * 2 + [1.0] * (N - 2)
    assert failed(before, after) is None
    (first, second) = changes(results(after), kept(results(before)))
    assert (first.qid, first.scores) == ("q0", {"RR@10": (1.0, 0.0)})
    assert second.qid == "q1"


def test_ten_lost_and_none_won_fail() -> None:
    assert failed([1.0] * N, [0.0] * 10 + [1.0] * (N - 10)) == "beyond noise"


def test_ten_lost_and_ten_won_pass() -> None:
    assert failed([1.0] * 10 + [0.0] * (N - 10), [0.0] * 10 + [1.0] * 10 + [0.0] * (N - 20)) is None


def test_a_gain_passes() -> None:
    assert failed([0.0] * N, [1.0] * N) is None


def test_a_small_set_fails_by_the_size_of_the_drop() -> None:
    assert failed([1.0] * 20, [0.0] * 3 + [1.0] * 17) == f"more than {TOLERANCE}"
    assert failed([1.0] * 20, [0.0] * 2 + [1.0] * 18) is None


def test_a_large_drop_of_very_few_questions_is_chance() -> None:
    assert failed([1.0] * 5, [0.0] * (MIN_WORSE - 1) + [1.0] * (6 - MIN_WORSE)) is None


def drawn(random: np.random.Generator, before: np.ndarray, share: float) -> np.ndarray:
    """The same ranks, a share of them drawn anew."""
    anew = random.random(len(before)) < share
    return np.where(anew, random.geometric(0.45, len(before)), before)


def fails(before: np.ndarray, after: np.ndarray) -> bool:
    return any(finding.reason for finding in gate(of_ranks(after), kept(of_ranks(before))))


def test_a_change_that_is_no_worse_passes_nineteen_times_in_twenty() -> None:
    random = np.random.default_rng(1)
    failures = 0
    for _ in range(40):
        before = random.geometric(0.45, N)
        failures += fails(before, drawn(random, before, 0.25))
    assert failures <= 4


def test_a_change_that_loses_one_answer_in_five_fails_nineteen_times_in_twenty() -> None:
    random = np.random.default_rng(2)
    failures = 0
    for _ in range(40):
        before = random.geometric(0.45, N)
        after = drawn(random, before, 0.25)
        failures += fails(before, np.where(random.random(N) < 0.2, 11, after))
    assert failures >= 38


def test_a_finding_names_measure_was_is_and_interval() -> None:
    (finding,) = gate(results([0.0] * 10 + [1.0] * 63), kept(results([1.0] * N)))
    assert str(finding).startswith("RR@10 was 1.000 and is 0.863 (-0.137, 95 % interval -0.2")
    assert "of 73 questions 10 worse, 0 better" in str(finding)


def test_what_only_rounding_moved_is_no_change() -> None:
    # 1 / log2(3) has no end; the file keeps six digits of it.
    before = of_ranks(np.full(40, 2))
    after = of_ranks(np.full(40, 2))
    (*_, ndcg) = gate(after, kept(before))
    assert (ndcg.difference.same, ndcg.reason) == (40, None)


def test_seconds_are_not_kept() -> None:
    (question,) = results([1.0])
    both = replace(question, measures={"RR@10": 1.0, "seek_error": 3.0})
    assert kept((both,)).measures == ("RR@10",)


def test_retrieval_and_answers_are_one_result() -> None:
    found = results([1.0, 0.5])
    answered = (*results([1.0, 0.0], "answered"), *results([1.0] * 3, "refused")[2:])
    whole = {question.qid: dict(question.measures) for question in merged(found, answered)}
    assert whole == {
        "q0": {"RR@10": 1.0, "answered": 1.0},
        "q1": {"RR@10": 0.5, "answered": 0.0},
        "q2": {"refused": 1.0},
    }


def test_each_measure_is_judged_over_the_questions_that_have_it() -> None:
    before = merged(results([1.0] * N), results([1.0] * 20, "refused_unanswerable"))
    after = merged(results([1.0] * N), results([0.0] * 4 + [1.0] * 16, "refused_unanswerable"))
    retrieval, refused = gate(after, kept(before))
    assert (retrieval.reason, retrieval.difference.n) == (None, N)
    assert (refused.reason, refused.difference.n) == (f"more than {TOLERANCE}", 20)


# The file


@settings(max_examples=25)
@given(
    st.dictionaries(
        st.text(min_size=1),
        st.dictionaries(st.sampled_from(["RR@10", "R@10"]), st.floats(0, 1)),
    )
)
def test_a_baseline_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, scores: dict[str, dict[str, float]]
) -> None:
    path = tmp_path_factory.mktemp("baseline") / "b.json"
    baseline = Baseline("demo", HASH, "default", scores)
    write_baseline(path, baseline)
    assert read_baseline(path, HASH) == baseline


def test_it_has_one_question_a_line(tmp_path: Path) -> None:
    write_baseline(tmp_path / "b.json", kept(results([1.0, 0.5])))
    lines = (tmp_path / "b.json").read_text("utf-8").splitlines()
    assert [line for line in lines if '"q' in line][1:] == [
        '  "q0": {"RR@10": 1.0},',
        '  "q1": {"RR@10": 0.5}',
    ]


def test_a_baseline_of_another_dataset_is_an_error(tmp_path: Path) -> None:
    write_baseline(tmp_path / "b.json", kept(results([1.0])))
    with pytest.raises(DatasetError, match=r"of another dataset .*--write-baseline"):
        read_baseline(tmp_path / "b.json", "cd" * 32)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        json.dumps({"dataset": "d", "dataset_sha256": HASH, "config": "c", "questions": [1]}),
        json.dumps({"dataset": "d", "dataset_sha256": HASH, "config": "c", "questions": {"q": 1}}),
    ],
)
def test_a_file_that_is_no_baseline_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "b.json").write_text(text, "utf-8")
    with pytest.raises(DatasetError, match="is no baseline"):
        read_baseline(tmp_path / "b.json", HASH)


def test_a_baseline_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="--write-baseline"):
        read_baseline(tmp_path / "b.json", HASH)


def test_a_baseline_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="cannot be written"):
        write_baseline(tmp_path / "no" / "b.json", kept(results([1.0])))
    assert not (tmp_path / "no").exists()


def test_what_the_baseline_has_must_be_measured() -> None:
    before = kept(results([1.0, 1.0]))
    with pytest.raises(DatasetError, match=r"1 questions that were not measured \(q1\)"):
        gate(results([1.0]), before)
    with pytest.raises(DatasetError, match="measure RR@10, which was not measured"):
        gate(results([1.0, 1.0], "R@10"), before)

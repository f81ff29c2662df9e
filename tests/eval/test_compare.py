"""Two runs compared: the paired bootstrap, its verdicts, and what it refuses to compare."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.compare import MIN_CHANGED, Comparison, Difference, compare, differences
from eval.runs import QuestionResult, StoredRun
from playhead.errors import DatasetError
from tests.eval.run_folders import results, stored

SCORE = st.sampled_from([0.0, 0.25, 0.5, 1.0])
PAIRS = st.lists(st.tuples(SCORE, SCORE), min_size=1, max_size=30)


def compared(
    before: list[float | None], after: list[float | None], measure: str = "RR@10"
) -> Difference:
    (found,) = compare(
        stored(results(before, measure)), stored(results(after, measure))
    ).differences
    return found


def of_pairs(pairs: list[tuple[float, float]]) -> tuple[StoredRun, StoredRun]:
    a, b = zip(*pairs, strict=True)
    return stored(results(a)), stored(results(b))


def test_what_every_question_gains_is_the_difference_and_its_interval() -> None:
    found = compared([0.25] * 10, [0.5] * 10)
    assert (found.a, found.b, found.difference, found.low, found.high) == (
        0.25,
        0.5,
        0.25,
        0.25,
        0.25,
    )
    assert (found.verdict, found.better, found.worse, found.same, found.n) == (
        "better",
        10,
        0,
        0,
        10,
    )


def test_pairing_finds_what_two_separate_intervals_would_hide() -> None:
    spread = np.linspace(0, 0.9, 50)
    found = compared(spread.tolist(), (spread + 0.05).tolist())
    assert found.verdict == "better"
    assert found.low == pytest.approx(0.05)


def test_many_won_and_as_many_lost_is_no_difference() -> None:
    found = compared([0.0, 1.0] * 20, [1.0, 0.0] * 20)
    assert (found.verdict, found.better, found.worse) == ("no difference", 20, 20)
    assert found.low < 0 < found.high


def test_the_interval_of_wins_and_losses_is_that_of_the_sign_s_variance() -> None:
    # Of 400 questions 60 won, 20 lost: mean 0.1, variance (80 - 400 * 0.01) / 400.
    found = compared([0.0] * 60 + [1.0] * 340, [1.0] * 60 + [0.0] * 20 + [1.0] * 320)
    half = 1.96 * math.sqrt((80 / 400 - 0.01) / 400)
    assert (found.low, found.high) == pytest.approx((0.1 - half, 0.1 + half), abs=0.003)


@pytest.mark.parametrize(
    ("changed", "verdict"), [(MIN_CHANGED - 1, "no difference"), (MIN_CHANGED, "worse")]
)
def test_too_few_that_changed_are_no_difference_though_the_interval_thinks_so(
    changed: int, verdict: str
) -> None:
    found = compared([1.0] * 100, [0.0] * changed + [1.0] * (100 - changed))
    assert found.high < 0
    assert found.verdict == verdict


def test_an_interval_that_touches_zero_contains_it() -> None:
    found = compared([0.0] * 6 + [1.0] * 94, [1.0] * 6 + [0.0] + [1.0] * 93)
    assert (found.low, found.better, found.worse) == (0, 6, 1)
    assert found.verdict == "no difference"


def test_sums_that_cancel_are_zero_though_floats_make_a_trifle_of_them() -> None:
    # Without rounding the interval would begin at 1e-18.
    found = compared([0.0] * 12 + [0.3] + [0.0] * 27, [0.1] * 12 + [0.0] * 28)
    assert (found.low, found.verdict) == (0, "no difference")


def test_of_equal_runs_one_in_twenty_at_most_seems_to_differ() -> None:
    random = np.random.default_rng(8)
    verdicts = []
    for _ in range(100):
        ranks = random.geometric(0.5, size=(2, 60))
        moved = np.where(random.random(60) < 0.3, ranks[1], ranks[0])
        verdicts.append(compared((1 / ranks[0]).tolist(), (1 / moved).tolist()).verdict)
    assert verdicts.count("no difference") >= 90


def test_where_less_is_better_more_is_worse() -> None:
    found = compared([2.0] * 10, [5.0] * 10, "seek_error")
    assert (found.difference, found.verdict, found.worse) == (3.0, "worse", 10)
    back = compared([5.0] * 10, [2.0] * 10, "seek_error")
    assert (back.difference, back.verdict, back.better) == (-3.0, "better", 10)


def test_a_measure_is_compared_where_both_have_it_and_the_rest_is_told() -> None:
    found = compared([1.0, None, 3.0, None], [2.0, 9.0, None, None], "seek_error")
    assert (found.n, found.a, found.b) == (1, 1.0, 2.0)
    assert (found.only_a, found.only_b) == (1, 1)


def test_only_questions_that_both_asked_count() -> None:
    a, b = results([1.0] * 8), results([0.0] * 10)[2:]
    found = compare(stored(a), stored(b))
    assert [before.qid for before, _ in found.pairs] == [f"q{i}" for i in range(2, 8)]
    assert (found.only_a, found.only_b) == (2, 2)
    assert found.differences[0].n == 6


def test_by_video_a_gain_in_one_video_is_no_difference() -> None:
    before, after = [0.0] * 100, [float(i % 10 == 0) for i in range(100)]
    a, b = (stored(results(scores, videos=10)) for scores in (before, after))
    assert compare(a, b).differences[0].verdict == "better"
    by_video = compare(a, b, by="video")
    assert (by_video.units, by_video.differences[0].verdict) == (10, "no difference")
    assert by_video.differences[0].difference == compare(a, b).differences[0].difference


def test_questions_about_no_single_video_are_units_of_their_own() -> None:
    questions = [replace(question, video_id=None) for question in results([0.5] * 4)]
    assert compare(stored(questions), stored(questions), by="video").units == 4


def test_the_worst_are_those_that_lost_most() -> None:
    a, b = stored(results([1.0, 1.0, 0.5, 0.0])), stored(results([0.5, 0.0, 0.5, 1.0]))
    found = compare(a, b).worst("RR@10", 5)
    assert [(loss.after.qid, loss.lost) for loss in found] == [("q1", 1.0), ("q0", 0.5)]
    assert len(compare(a, b).worst("RR@10", 1)) == 1


def test_the_worst_in_seconds_are_those_that_grew() -> None:
    a, b = (stored(results(s, "seek_error")) for s in ([1.0, 9.0, None], [8.0, 1.0, 3.0]))
    assert [loss.after.qid for loss in compare(a, b).worst("seek_error", 5)] == ["q0"]


def test_measures_are_those_that_both_have_or_those_that_are_named() -> None:
    def run(*names: str) -> StoredRun:
        return stored([QuestionResult("q", "v", "?", dict.fromkeys(names, 1.0))])

    def measures(found: Comparison) -> list[str]:
        return [difference.measure for difference in found.differences]

    a, b = run("R@10", "RR@10", "IoU@1"), run("IoU@1", "RR@10", "nDCG@10")
    assert measures(compare(a, b)) == ["RR@10", "IoU@1"]
    assert measures(compare(a, b, ["IoU@1"])) == ["IoU@1"]
    with pytest.raises(DatasetError, match=r"not both .* nDCG@10\. Both have RR@10, IoU@1"):
        compare(a, b, ["nDCG@10"])
    with pytest.raises(DatasetError, match="share no measure"):
        compare(run("R@10"), run("IoU@1"))


def test_different_datasets_cannot_be_compared() -> None:
    questions = results([1.0])
    with pytest.raises(DatasetError, match="different datasets"):
        compare(stored(questions), stored(questions, dataset_hash="cd" * 32))


def test_runs_without_a_common_question_cannot_be_compared() -> None:
    questions = results([1.0, 1.0])
    with pytest.raises(DatasetError, match="share no question"):
        compare(stored(questions[:1]), stored(questions[1:]))


def test_a_measure_that_is_never_in_both_cannot_be_compared() -> None:
    a, b = (stored(results(scores)) for scores in ([1.0, None], [None, 1.0]))
    with pytest.raises(DatasetError, match="no question has RR@10 in both"):
        compare(a, b)


@settings(max_examples=30)
@given(PAIRS)
def test_a_run_does_not_differ_from_itself(pairs: list[tuple[float, float]]) -> None:
    run, _ = of_pairs(pairs)
    (found,) = compare(run, run).differences
    assert (found.difference, found.low, found.high) == (0, 0, 0)
    assert (found.verdict, found.same) == ("no difference", len(pairs))


@settings(max_examples=30)
@given(PAIRS, st.sampled_from(["question", "video"]))
def test_the_other_way_round_it_is_the_opposite(pairs: list[tuple[float, float]], by: str) -> None:
    a, b = of_pairs(pairs)
    (there,) = compare(a, b, by=by).differences  # type: ignore[arg-type]
    (back,) = compare(b, a, by=by).differences  # type: ignore[arg-type]
    assert (back.difference, back.low, back.high) == pytest.approx(
        (-there.difference, -there.high, -there.low), abs=1e-9
    )
    assert (back.better, back.worse, back.same) == (there.worse, there.better, there.same)
    opposite = {"better": "worse", "worse": "better", "no difference": "no difference"}
    assert back.verdict == opposite[there.verdict]


@settings(max_examples=30)
@given(PAIRS)
def test_the_counts_and_the_means_add_up(pairs: list[tuple[float, float]]) -> None:
    a, b = of_pairs(pairs)
    (found,) = compare(a, b).differences
    assert found.better + found.worse + found.same == found.n == len(pairs)
    assert found.b - found.a == pytest.approx(found.difference, abs=1e-9)
    # The percentile interval of a skewed sample need not hold its mean, but nearly does.
    assert found.low - 0.01 <= found.difference <= found.high + 0.01


def test_the_order_of_questions_does_not_matter_to_what_is_compared() -> None:
    a, b = results([0.0, 0.5, 1.0] * 4), results([0.5, 0.5, 0.0] * 4)
    there = compare(stored(a), stored(b)).differences
    assert compare(stored(a), stored(b[::-1])).differences == there


def test_differences_leave_out_a_measure_that_no_pair_has() -> None:
    (question,) = results([1.0])
    assert differences([(question, question)], ["R@10", "RR@10"], ["q0"])[0].measure == "RR@10"

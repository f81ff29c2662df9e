"""The bootstrap's intervals: against hand-computed and known ones, and what always holds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from eval.bootstrap import intervals

SCORES = arrays(np.float64, st.integers(1, 40).map(lambda n: (n, 2)), elements=st.floats(0, 1))


def column(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)[:, None]


def test_two_questions_have_the_interval_that_can_be_counted_by_hand() -> None:
    # The mean of two draws from {0, 1} is 0, 1/2 or 1 with chances 1/4, 1/2 and 1/4.
    found = intervals(column(0, 1))
    assert (found.mean[0], found.low[0], found.high[0]) == (0.5, 0.0, 1.0)


def test_three_questions_of_which_one_differs() -> None:
    # The mean is k/3, k binomial(3, 1/3): k = 0 with 8/27, k = 3 with 1/27 (3.7 %, over 2.5 %).
    found = intervals(column(0, 0, 1))
    assert found.mean[0] == pytest.approx(1 / 3)
    assert (found.low[0], found.high[0]) == (0.0, 1.0)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.8])
def test_of_many_questions_it_is_the_binomial_s(share: float) -> None:
    n = 1000
    found = intervals(column(*(float(i < share * n) for i in range(n))))
    # The normal approximation of the binomial, which is what the percentiles come to.
    half = 1.96 * math.sqrt(share * (1 - share) / n)
    assert found.mean[0] == pytest.approx(share)
    assert found.low[0] == pytest.approx(share - half, abs=0.003)
    assert found.high[0] == pytest.approx(share + half, abs=0.003)


def test_of_a_skewed_sample_it_is_what_scipy_finds() -> None:
    from scipy import stats

    values = np.random.default_rng(3).exponential(size=200)
    theirs = stats.bootstrap(
        (values,), np.mean, method="percentile", n_resamples=10_000, rng=np.random.default_rng(4)
    ).confidence_interval
    ours = intervals(values[:, None])
    assert (ours.low[0], ours.high[0]) == pytest.approx((theirs.low, theirs.high), abs=0.01)


def test_it_covers_the_truth_about_as_often_as_it_says() -> None:
    # 95 % of intervals hold the mean of what the sample was drawn from; 300 at once, one a column.
    samples = np.random.default_rng(5).random((60, 300)) < 0.4
    found = intervals(samples.astype(np.float64), resamples=2000)
    covered = (found.low <= 0.4) & (found.high >= 0.4)
    assert 0.90 <= covered.mean() <= 0.98


def test_questions_of_one_video_count_as_one() -> None:
    # Ten videos, all their twenty questions alike: 200 questions know no more than ten.
    by_video = np.repeat([0.0, 1.0] * 5, 20)[:, None]
    units = np.repeat(np.arange(10), 20).tolist()
    wide = intervals(by_video, units)
    ten = intervals(column(*[0.0, 1.0] * 5))
    assert (wide.low[0], wide.high[0]) == (ten.low[0], ten.high[0])
    narrow = intervals(by_video)
    assert narrow.high[0] - narrow.low[0] < (wide.high[0] - wide.low[0]) / 2


def test_the_mean_is_over_questions_also_where_videos_have_different_numbers() -> None:
    found = intervals(column(1, 0, 0, 0), ["a", "b", "b", "b"])
    assert found.mean[0] == 0.25
    # a twice, b twice, or one of each.
    assert (found.low[0], found.high[0]) == (0.0, 1.0)


def test_a_question_without_a_value_takes_no_part() -> None:
    values = np.array([[0.2, 0.2], [0.6, 0.6], [math.nan, 0.7]])
    found = intervals(values)
    assert found.mean == pytest.approx([0.4, 0.5])
    assert found.low[0] >= 0.2
    assert found.high[0] <= 0.6


def test_a_column_without_any_value_has_no_interval() -> None:
    found = intervals(np.array([[math.nan, 1.0], [math.nan, 1.0]]))
    assert np.isnan([found.mean[0], found.low[0], found.high[0]]).all()
    assert (found.mean[1], found.low[1], found.high[1]) == (1, 1, 1)


def test_the_same_seed_gives_the_same_and_the_columns_beside_do_not_matter() -> None:
    values = np.random.default_rng(0).random((50, 3))
    whole, first, other = intervals(values), intervals(values[:, :1]), intervals(values, seed=1)
    assert whole.low[0] == first.low[0]
    assert whole.low.tolist() == intervals(values).low.tolist()
    assert whole.low.tolist() != other.low.tolist()


@settings(max_examples=40)
@given(SCORES)
def test_an_interval_holds_its_mean_and_stays_within_the_values(values: np.ndarray) -> None:
    found = intervals(values, resamples=500)
    assert (found.low >= values.min(axis=0) - 1e-9).all()
    assert (found.high <= values.max(axis=0) + 1e-9).all()
    assert (found.low <= found.high).all()


@settings(max_examples=40)
@given(SCORES, st.floats(-2, 2))
def test_moving_every_value_moves_the_interval(values: np.ndarray, by: float) -> None:
    here, there = intervals(values, resamples=500), intervals(values + by, resamples=500)
    for before, after in ((here.mean, there.mean), (here.low, there.low), (here.high, there.high)):
        assert after == pytest.approx(before + by, abs=1e-9)


def test_no_questions_have_no_interval() -> None:
    found = intervals(np.empty((0, 2)))
    assert np.isnan(found.mean).all()
    assert np.isnan(found.low).all()

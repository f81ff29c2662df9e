"""Means of several runs with their intervals, each over the questions that it has."""

from __future__ import annotations

import numpy as np
import pytest

from eval.bootstrap import intervals
from eval.estimates import Estimate, estimates
from tests.eval.run_folders import results


def test_each_run_has_the_interval_that_it_would_have_alone() -> None:
    scores = np.random.default_rng(0).random((2, 30))
    first, second = estimates([results(row.tolist()) for row in scores], ["RR@10"])
    for row, found in zip(scores, (first, second), strict=True):
        alone = intervals(row[:, None])
        expected = Estimate(alone.mean[0], alone.low[0], alone.high[0], 30)
        assert found == {"RR@10": expected}


def test_a_measure_that_a_run_has_not_is_left_out() -> None:
    (found,) = estimates([results([1.0, None, 0.0])], ["nDCG@10", "RR@10"])
    assert list(found) == ["RR@10"]
    assert (found["RR@10"].mean, found["RR@10"].n) == (0.5, 2)


def test_runs_of_different_questions_keep_their_own_means() -> None:
    few, many = estimates([results([1.0] * 5), results([0.0] * 10)], ["RR@10"])
    assert (few["RR@10"].mean, few["RR@10"].n) == (1.0, 5)
    assert (many["RR@10"].mean, many["RR@10"].n) == (0.0, 10)


def test_no_questions_have_no_measures() -> None:
    assert estimates([()], ["RR@10"]) == [{}]


def test_the_seed_decides_the_resamples() -> None:
    run = results(np.linspace(0, 1, 25).tolist())
    (one,), (two,) = (estimates([run], ["RR@10"], seed=seed) for seed in (1, 2))
    assert one["RR@10"].mean == pytest.approx(0.5)
    assert one["RR@10"].low != two["RR@10"].low

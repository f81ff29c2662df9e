"""A choice that is spread over time, topics and videos, as far as one goes into it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answer.reading.spread import POOR, Spread, choices, evenly, quotas


def spread(count: int, seed: int = 0, least: float = 0.5, dimension: int = 8) -> Spread:
    """Units evenly over the time, with random scores from `least` to 1 and random vectors."""
    random = np.random.default_rng(seed)
    vectors = random.standard_normal((count, dimension)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    times = (np.arange(count, dtype=np.float32) + 0.5) / count
    scores = random.uniform(least, 1.0, count).astype(np.float32)
    return Spread(times, scores, vectors, [(n, n) for n in range(count)])


@given(st.integers(0, 2**32 - 1), st.integers(48, 300))
def test_the_first_few_are_spread_as_well_as_all(seed: int, count: int) -> None:
    chosen = [index for _, index in choices([spread(count, seed)], [60.0], 24)]
    for most in (3, 6, 12, 24):
        shares = {int((index + 0.5) / count * most) for index in chosen[:most]}
        assert len(shares) == most


@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(0, 60))
def test_nothing_is_chosen_twice(seed: int, count: int, most: int) -> None:
    chosen = choices([spread(count, seed)], [60.0], most)
    assert len(chosen) == len(set(chosen)) == min(count, most)


def test_what_is_poor_is_not_taken_for_its_time() -> None:
    scores = np.array([1.0, 0.9, 0.8, POOR - 0.01, 0.1, 0.0], dtype=np.float32)
    times = (np.arange(6, dtype=np.float32) + 0.5) / 6
    one = Spread(times, scores, np.eye(6, dtype=np.float32), [(n, n) for n in range(6)])
    assert sorted(choices([one], [60.0], 6)) == [(0, 0), (0, 1), (0, 2)]


def test_what_is_like_something_chosen_waits() -> None:
    vectors = np.array([[1, 0], [1, 0], [0, 1]], dtype=np.float32)
    scores = np.array([1.0, 0.9, 0.8], dtype=np.float32)
    times = np.array([0.1, 0.5, 0.9], dtype=np.float32)
    one = Spread(times, scores, vectors, [(0, 0), (1, 1), (2, 2)])
    assert [index for _, index in choices([one], [60.0], 3)] == [0, 2, 1]


def test_what_shares_a_sentence_is_chosen_once() -> None:
    vectors = np.eye(4, dtype=np.float32)
    scores = np.array([0.8, 1.0, 0.9, 0.7], dtype=np.float32)
    times = np.array([0.0, 0.0, 0.2, 0.5], dtype=np.float32)
    one = Spread(times, scores, vectors, [(0, 0), (0, 1), (1, 2), (3, 3)])
    assert sorted(index for _, index in choices([one], [60.0], 4)) == [1, 3]


def test_units_at_the_same_time_are_all_to_be_had() -> None:
    scores = np.ones(5, dtype=np.float32)
    times = np.full(5, 0.5, dtype=np.float32)
    one = Spread(times, scores, np.eye(5, dtype=np.float32), [(n, n) for n in range(5)])
    assert len(choices([one], [60.0], 10)) == 5


def test_each_video_has_one_before_any_has_two() -> None:
    videos = [spread(30, seed) for seed in range(5)]
    chosen = [video for video, _ in choices(videos, [7200.0, 60.0, 60.0, 60.0, 60.0], 12)]
    assert sorted(chosen[:5]) == [0, 1, 2, 3, 4]
    assert chosen[5:].count(0) == 7


def test_a_longer_video_has_more() -> None:
    chosen = [v for v, _ in choices([spread(60, 1), spread(60, 2)], [200.0, 100.0], 30)]
    assert chosen.count(0) == pytest.approx(20, abs=1)


def test_of_more_videos_than_room_there_is_one_each() -> None:
    chosen = choices([spread(5, seed) for seed in range(50)], [60.0] * 50, 40)
    assert len({video for video, _ in chosen}) == len(chosen) == 40


def test_the_first_of_each_differ() -> None:
    """Ten videos of one matter and one of another: the other is among the first two."""
    alike, other = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])
    score, time = np.array([0.9], dtype=np.float32), np.array([0.5], dtype=np.float32)
    videos = [Spread(time, score, alike.astype(np.float32), [(0, 0)]) for _ in range(10)]
    videos.append(Spread(time, score - 0.1, other.astype(np.float32), [(0, 0)]))
    assert [video for video, _ in choices(videos, [60.0] * 11, 2)] == [0, 10]


def test_of_no_video_nothing_is_chosen() -> None:
    assert choices([], [], 10) == []


@given(st.lists(st.integers(1, 500), max_size=50), st.integers(0, 300))
def test_quotas(counts: list[int], total: int) -> None:
    given_to = quotas(counts, total)
    assert all(1 <= share <= count for share, count in zip(given_to, counts, strict=True))
    assert sum(given_to) == max(len(counts), min(total, sum(counts)))
    by_count = sorted(zip(counts, given_to, strict=True))
    assert [share for _, share in by_count] == sorted(given_to)


@given(st.integers(1, 1000), st.data())
def test_evenly(count: int, data: st.DataObject) -> None:
    chosen = data.draw(st.integers(1, count))
    numbers = evenly(count, chosen)
    assert len(set(numbers)) == chosen
    assert set(numbers) <= set(range(count))
    steps = [after - before for before, after in pairwise(numbers)]
    assert max(steps, default=1) - min(steps, default=1) <= 1

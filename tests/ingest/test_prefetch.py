"""Work ahead: the same items, their errors in their turn, and no thread that is left."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.prefetch import prefetched


@given(st.lists(st.integers() | st.none()))
def test_the_same_items_in_order(items: list[int | None]) -> None:
    assert list(prefetched(items)) == items


def test_the_next_is_made_while_one_is_used() -> None:
    second = threading.Event()

    def items() -> Iterator[int]:
        yield 1
        second.set()
        yield 2

    ahead = prefetched(items())
    assert next(ahead) == 1
    assert second.wait(10)
    assert list(ahead) == [2]


def test_no_more_than_needed_is_made_ahead() -> None:
    made: list[int] = []

    def items() -> Iterator[int]:
        for number in range(100):
            made.append(number)
            yield number

    with closing(prefetched(items())) as ahead:
        next(ahead)
    assert len(made) <= 3


def test_an_error_comes_in_its_turn() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("no more")

    ahead = prefetched(items())
    assert next(ahead) == 1
    with pytest.raises(ValueError, match="no more"):
        next(ahead)


def test_nobody_works_for_who_is_gone() -> None:
    closed = threading.Event()

    def items() -> Iterator[int]:
        try:
            yield from range(100)
        finally:
            closed.set()

    before = threading.active_count()
    with closing(prefetched(items())) as ahead:
        assert next(ahead) == 0
    assert threading.active_count() == before
    assert closed.wait(10)

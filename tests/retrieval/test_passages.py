"""Hits become passages: neighbours on both sides, and no segment shown twice."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.types import Hit, Passage, Segment
from retrieval.passages import passages_of
from tests.fakes import segments, video

LENGTHS = {"v": 10, "w": 3}
LIBRARY = {
    (name, n): segment
    for name, length in LENGTHS.items()
    for n, segment in enumerate(segments(name, *[f"{name} {n}" for n in range(length)]))
}


class Shelf:
    """The one method of a store that passages need; tells what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[Collection[tuple[str, int]]] = []

    def segments(self, keys: Collection[tuple[str, int]]) -> dict[tuple[str, int], Segment]:
        self.asked.append(keys)
        return {key: LIBRARY[key] for key in keys if key in LIBRARY}


def hits(*places: tuple[str, int]) -> list[Hit]:
    """Hits, best first."""
    return [
        Hit(LIBRARY[place], 1 / (rank + 1), video(place[0])) for rank, place in enumerate(places)
    ]


def passages(*places: tuple[str, int], neighbours: int = 1) -> list[Passage]:
    return passages_of(hits(*places), Shelf(), neighbours)  # type: ignore[arg-type]


def ordinals(passage: Passage) -> list[int]:
    return [segment.ordinal for segment in passage.segments]


def test_a_passage_is_a_hit_with_its_neighbours() -> None:
    (passage,) = passages(("v", 4))
    assert passage.hit == hits(("v", 4))[0]
    assert passage.before == (LIBRARY["v", 3],)
    assert passage.after == (LIBRARY["v", 5],)


@pytest.mark.parametrize(
    ("place", "found"), [(("v", 0), [0, 1]), (("v", 9), [8, 9]), (("w", 1), [0, 1, 2])]
)
def test_a_passage_ends_where_its_video_does(place: tuple[str, int], found: list[int]) -> None:
    (passage,) = passages(place)
    assert ordinals(passage) == found
    assert {segment.video_id for segment in passage.segments} == {place[0]}


@pytest.mark.parametrize(("neighbours", "found"), [(0, [4]), (2, [2, 3, 4, 5, 6])])
def test_how_many_neighbours(neighbours: int, found: list[int]) -> None:
    assert ordinals(passages(("v", 4), neighbours=neighbours)[0]) == found


def test_overlapping_passages_are_one_with_the_better_hit() -> None:
    (passage,) = passages(("v", 5), ("v", 4))
    assert ordinals(passage) == [3, 4, 5, 6]
    assert passage.hit.segment.ordinal == 5


def test_touching_passages_are_one() -> None:
    (passage,) = passages(("v", 1), ("v", 4))
    assert ordinals(passage) == [0, 1, 2, 3, 4, 5]


def test_passages_with_a_segment_between_stay_apart() -> None:
    assert [ordinals(passage) for passage in passages(("v", 1), ("v", 5))] == [
        [0, 1, 2],
        [4, 5, 6],
    ]


def test_neighbours_of_another_video_are_no_neighbours() -> None:
    assert [ordinals(passage) for passage in passages(("v", 1), ("w", 1))] == [[0, 1, 2]] * 2


def test_passages_come_in_the_order_of_their_best_hit() -> None:
    found = passages(("v", 8), ("w", 0), ("v", 1), ("v", 7), ("w", 2))
    assert [passage.hit.segment.id for passage in found] == ["v:8", "w:0", "v:1"]
    assert [passage.hit.score for passage in found] == [1, 1 / 2, 1 / 3]


def test_no_hits_no_passages() -> None:
    assert passages() == []


def test_the_store_is_asked_once_and_only_for_what_is_missing() -> None:
    shelf = Shelf()
    passages_of(hits(("v", 4), ("v", 5), ("w", 0)), shelf)  # type: ignore[arg-type]
    assert [set(asked) for asked in shelf.asked] == [{("v", 3), ("v", 6), ("w", 1)}]


@given(
    st.lists(st.sampled_from(sorted(LIBRARY)), unique=True, max_size=13),
    st.integers(min_value=0, max_value=4),
)
def test_whatever_was_found(places: list[tuple[str, int]], neighbours: int) -> None:
    found = passages(*places, neighbours=neighbours)
    shown = [segment for passage in found for segment in passage.segments]
    wanted = {
        (name, n)
        for name, ordinal in places
        for n in range(ordinal - neighbours, ordinal + neighbours + 1)
        if (name, n) in LIBRARY
    }
    assert len(shown) == len(set(shown))
    assert set(shown) == {LIBRARY[place] for place in wanted}
    assert [p.hit.score for p in found] == sorted((p.hit.score for p in found), reverse=True)
    for passage in found:
        assert passage.hit.segment in passage.segments
        assert ordinals(passage) == list(range(ordinals(passage)[0], ordinals(passage)[-1] + 1))
        inside = {(s.video_id, s.ordinal) for s in passage.segments} & set(places)
        assert passage.hit.segment == LIBRARY[min(inside, key=places.index)]

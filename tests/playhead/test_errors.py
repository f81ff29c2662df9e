"""Every expected failure is one of a tree, and one line."""

from __future__ import annotations

import copy
import inspect
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead import errors
from playhead.errors import PlayheadError, StoreLockedError

CLASSES = [value for value in vars(errors).values() if inspect.isclass(value)]


def test_problem_and_remedy_are_one_line() -> None:
    error = PlayheadError("the disk is full", "Make room")
    assert str(error) == "the disk is full. Make room."
    assert str(PlayheadError("the disk is full")) == "the disk is full."


@given(st.text(), st.text())
def test_one_line_whatever_the_parts_contain(problem: str, remedy: str) -> None:
    error = PlayheadError(problem, remedy)
    assert len(str(error).splitlines()) == 1
    assert (error.problem, error.remedy) == (problem, remedy)


def test_a_line_can_be_written_whatever_a_file_is_called() -> None:
    name = b"caf\xe9.mp4".decode("utf-8", "surrogateescape")
    assert str(PlayheadError(f"{name} is damaged")).encode() == b"caf?.mp4 is damaged."


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029"])
def test_no_kind_of_line_end_stays(line_end: str) -> None:
    assert str(PlayheadError(f"a{line_end}b", f"C{line_end}d")) == "a b. C d."


@pytest.mark.parametrize("error_class", CLASSES)
def test_every_error_is_caught_by_the_base_class(error_class: type[Exception]) -> None:
    assert issubclass(error_class, PlayheadError)
    assert str(error_class("what")) == "what."


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    drawn = {
        line.split("── ")[1].split()[0] for line in errors.__doc__.splitlines() if "──" in line
    }
    assert drawn | {"PlayheadError"} == {error_class.__name__ for error_class in CLASSES}


def test_an_error_survives_the_way_between_processes() -> None:
    error = StoreLockedError("in use", "Wait")
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert (type(twin), str(twin)) == (StoreLockedError, "in use. Wait.")

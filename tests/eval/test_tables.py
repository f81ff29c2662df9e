"""The table of runs: what stands in it, and how it compares."""

from __future__ import annotations

import pytest

from eval.runs import StoredRun
from eval.tables import markdown_table, short
from tests.eval.run_folders import results, stored


def table(*runs: StoredRun) -> list[list[str]]:
    """The cells of each row, the rule left out."""
    head, rule, *rows = markdown_table(runs, ["RR@10", "seek_error"]).splitlines()
    assert set(rule) <= set("| -:")
    assert rule.count("|") == head.count("|")
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in (head, *rows)]


def test_each_mean_has_its_interval_and_the_first_is_bold() -> None:
    head, row = table(stored(results([0.25] * 8)))
    assert head == ["", "RR@10"]
    assert row == ["**default**", ".250 (.250 to .250)"]


def test_the_others_are_compared_with_the_first() -> None:
    before, gain, loss = (results([x] * 8) for x in (0.5, 0.75, 0.25))
    head, first, better, worse, same = table(
        stored(before), stored(gain, "up"), stored(loss, "down"), stored(before, "again")
    )
    assert head[-1] == "RR@10 against default"
    assert first[-1] == ""
    assert better[-1] == "▲ +.250 (+.250 to +.250)"
    assert worse[-1] == "▼ −.250 (−.250 to −.250)"
    assert same[-1] == "= +.000 (+.000 to +.000)"


def test_seconds_are_seconds_and_what_a_run_lacks_is_empty() -> None:
    timed = stored(results([2.0, 4.0], "seek_error"), "timed", latency_ms={"p50": 0.44})
    head, first, second = table(stored(results([1.0, 1.0])), timed)
    assert head == ["", "RR@10", "seek_error", "p50"]
    assert first == ["**default**", "1.000 (1.000 to 1.000)", "", ""]
    assert second == ["timed", "", "3.0 s (2.0 to 4.0)", "0.4 ms"]


def test_noise_is_named_where_it_differs() -> None:
    quiet, loud = stored(results([0.5])), stored(results([0.25]), noise=0.1)
    assert [row[0] for row in table(quiet, loud)[1:]] == ["**default**", "default, 10 % errors"]
    assert [row[0] for row in table(loud)[1:]] == ["**default**"]


@pytest.mark.parametrize(
    ("value", "plain", "signed"),
    [
        (0.3641, ".364", "+.364"),
        (-0.05, "−.050", "−.050"),
        (0.0, ".000", "+.000"),
        (1.0, "1.000", "+1.000"),
        (-12.5, "−12.500", "−12.500"),
        (0.9996, "1.000", "+1.000"),
    ],
)
def test_numbers_are_short(value: float, plain: str, signed: str) -> None:
    assert (short(value), short(value, sign=True)) == (plain, signed)

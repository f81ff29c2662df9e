"""Runs as a Markdown table, each mean with its 95 % interval."""

from __future__ import annotations

from collections.abc import Sequence

from eval.compare import Difference, compare
from eval.estimates import Estimate, estimates
from eval.runs import UNITS, StoredRun

COLUMNS = ("Success@1", "Success@5", "Success@10", "RR@10", "nDCG@10", "R@10")
JUDGED_BY = "RR@10"

_SIGNS = {"better": "▲", "worse": "▼", "no difference": "="}


def markdown_table(
    runs: Sequence[StoredRun], measures: Sequence[str] = COLUMNS, judged_by: str = JUDGED_BY
) -> str:
    """A table with a row for each run, in their order.

    The last column compares each run with the first one question by question (`eval.compare`): two
    intervals that overlap say little, for the runs asked the same questions.

    Args:
        runs: at least one, all on one dataset; the first is what the others are compared with.
        measures: the columns; those that no run has are left out.
        judged_by: the measure that the last column compares.
    """
    found = estimates([run.questions for run in runs], measures)
    names = [name for name in measures if any(name in row for row in found)]
    judged = len(runs) > 1 and all(judged_by in run.measures for run in runs)
    alike = len({run.noise for run in runs}) == 1
    labels = [run.config if alike else run.label for run in runs]
    against = [f"{judged_by} against {labels[0]}"] if judged else []
    timed = any(run.latency_ms for run in runs)
    rows = [["", *names, *against, *(["p50"] if timed else [])]]
    for number, (run, row) in enumerate(zip(runs, found, strict=True)):
        name = labels[number] if number else f"**{labels[0]}**"
        cells = [_cell(row.get(measure), measure) for measure in names]
        if judged:
            cells.append(_versus(runs[0], run, judged_by) if number else "")
        if timed:
            cells.append(_latency(run))
        rows.append([name, *cells])
    rule = ["---", *["---:"] * (len(rows[0]) - 1)]
    return "".join(f"| {' | '.join(row)} |\n" for row in [rows[0], rule, *rows[1:]])


def short(value: float, *, sign: bool = False) -> str:
    """A number with three decimals and no 0 before the point: `.364`, `+.012`, `1.000`."""
    text = (f"{value:+.3f}" if sign else f"{value:.3f}").replace("-", "−")
    return text.replace("0.", ".", 1) if abs(value) < 1 else text


def _cell(estimate: Estimate | None, measure: str) -> str:
    if estimate is None:
        return ""
    if measure in UNITS:
        unit = UNITS[measure]
        return f"{estimate.mean:.1f} {unit} ({estimate.low:.1f} to {estimate.high:.1f})"
    return f"{short(estimate.mean)} ({short(estimate.low)} to {short(estimate.high)})"


def _versus(first: StoredRun, run: StoredRun, measure: str) -> str:
    (found,) = compare(first, run, [measure]).differences
    return f"{_SIGNS[found.verdict]} {_moved(found)}"


def _moved(found: Difference) -> str:
    low, high = short(found.low, sign=True), short(found.high, sign=True)
    return f"{short(found.difference, sign=True)} ({low} to {high})"


def _latency(run: StoredRun) -> str:
    return f"{run.latency_ms['p50']:.1f} ms" if run.latency_ms else ""

"""The plot of `playhead eval answers`: how many answers are wrong, by how many are given."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from eval.answer_summary import Summary
from eval.plots import GRID, INK, LINES, STYLE, WIDTH, save

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_risk(summaries: Sequence[Summary], caption: str, stem: Path) -> tuple[Path, Path]:
    """Draw the risk-coverage curve of each engine, a dot where the engine itself stops.

    Args:
        summaries: at least one.
        caption: goes below.
        stem: where to, without the ending.

    Returns:
        The PNG and the SVG.
    """
    from matplotlib import style
    from matplotlib.figure import Figure

    with style.context(["default", STYLE]):
        figure = Figure(figsize=(WIDTH / 2, 3.4), layout="constrained")
        axis = figure.subplots()
        for number, summary in enumerate(summaries):
            _curve(axis, summary, LINES[number % len(LINES)])
        axis.set_xlim(0, 1)
        axis.set_ylim(bottom=0)
        axis.set_xlabel("coverage: share of questions answered")
        axis.set_ylabel("risk: share of answers wrong")
        axis.grid(color=GRID, linewidth=0.8)
        axis.set_title("Risk by coverage", loc="left", color=INK, fontweight="bold")
        axis.legend(frameon=False, loc="best")
        figure.supxlabel(caption, x=0.01, ha="left", fontsize=8, color=INK)
        return save(figure, stem)


def _curve(axis: Axes, summary: Summary, colour: str) -> None:
    curve = summary.curve
    told = f", AUROC {curve.auroc.mean:.3f}" if curve.auroc else ""
    axis.plot(
        curve.coverage, curve.risk, color=colour, linewidth=1.6, label=f"{summary.engine}{told}"
    )
    if (risk := curve.risk_at(curve.set_at)) is not None:
        axis.plot(curve.set_at, risk, "o", color=colour, markersize=6)

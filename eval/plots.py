"""Plots of runs: measures by configuration, and measures against the word error rate.

PNG for pages, SVG for zooming in; the same runs give the same bytes. Drawn with matplotlib's Agg
backend alone: no display, no state shared between plots. The colours are of Okabe & Ito's palette
(2008), which readers with any colour vision can tell apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.estimates import Estimate, estimates
from eval.runs import LOWER_IS_BETTER, StoredRun

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANELS = ("RR@10", "Success@1", "Success@10")

INK, _QUIET, GRID = "#222222", "#5A6670", "#D9DDE0"
_DEFAULT = "#D55E00"
LINES = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_MARKERS = ("o", "s", "^", "D", "v", "P", "X")
STYLE: dict[str, Any] = {
    "font.family": "DejaVu Sans",  # matplotlib brings it along
    "font.size": 9,
    "axes.edgecolor": GRID,
    "axes.labelcolor": INK,
    "axes.titlesize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": _QUIET,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "ytick.color": INK,
    "svg.hashsalt": "playhead",
    "savefig.facecolor": "white",
}
WIDTH = 9.0
"""Inches; at 200 dots an inch twice the width of a README's column."""


def plot_runs(
    runs: Sequence[StoredRun], stem: Path, measures: Sequence[str] = PANELS
) -> tuple[Path, Path]:
    """Draw each run's means with 95 % intervals, the best at the top, the first one coloured.

    Args:
        runs: at least one, on one dataset; the first is the default configuration.
        stem: where to, without the ending.
        measures: one panel each, those that some run has (at least one must be); the runs are
            sorted by the first.

    Returns:
        The PNG and the SVG.
    """
    from matplotlib import style

    found = estimates([run.questions for run in runs], measures)
    panels = [name for name in measures if any(name in row for row in found)]
    order = _ranking(found, panels[0])
    with style.context(["default", STYLE]):
        figure, axes = _panels(len(panels), height=1.25 + 0.27 * len(runs), sharey=True)
        for axis, measure in zip(axes, panels, strict=True):
            _dots(axis, [found[i].get(measure) for i in order], order.index(0))
            _title(axis, measure)
        _names(axes[0], [runs[i].label for i in order], order.index(0))
        _caption(figure, f"{runs[0].dataset}, {_asked(runs)}; bars: 95 % intervals")
        return save(figure, stem)


def plot_noise(
    runs: Sequence[StoredRun], stem: Path, measures: Sequence[str] = PANELS
) -> tuple[Path, Path]:
    """Draw measures against the word error rate, one line for each configuration.

    Args:
        runs: configurations at several rates (`StoredRun.noise`); at most seven configurations.
        stem: where to, without the ending.
        measures: one panel each, those that some run has (at least one must be).

    Returns:
        The PNG and the SVG.
    """
    from matplotlib import style

    runs = sorted(runs, key=lambda run: run.noise)
    configs = list(dict.fromkeys(run.config for run in runs))
    found = estimates([run.questions for run in runs], measures)
    panels = [name for name in measures if any(name in row for row in found)]
    with style.context(["default", STYLE]):
        figure, axes = _panels(len(panels), height=3.4, sharey=False)
        for axis, measure in zip(axes, panels, strict=True):
            for number, config in enumerate(configs):
                points = [
                    (100 * run.noise, row[measure])
                    for run, row in zip(runs, found, strict=True)
                    if run.config == config and measure in row
                ]
                _line(axis, points, config, number, 0.6 * (number - (len(configs) - 1) / 2))
            _title(axis, measure)
            axis.set_xlabel("word error rate, %")
            axis.set_xticks(sorted({100 * run.noise for run in runs}))
            axis.locator_params(axis="y", nbins=5)
            axis.grid(axis="y", color=GRID, linewidth=0.8)
        if len(configs) > 1:
            figure.legend(
                *axes[0].get_legend_handles_labels(),
                loc="outside upper left",
                ncols=4,
                frameon=False,
            )
        _caption(figure, f"{runs[0].dataset}, {_asked(runs)}; bars: 95 % intervals")
        return save(figure, stem)


def _ranking(found: Sequence[Mapping[str, Estimate]], measure: str) -> list[int]:
    """The runs from best to worst; one without the measure is last."""
    sign = 1 if measure in LOWER_IS_BETTER else -1

    def place(i: int) -> float:
        return sign * found[i][measure].mean if measure in found[i] else float("inf")

    return sorted(range(len(found)), key=place)


def _panels(count: int, *, height: float, sharey: bool) -> tuple[Figure, list[Axes]]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    return figure, list(figure.subplots(1, count, sharey=sharey, squeeze=False)[0])


def _dots(axis: Axes, row: Sequence[Estimate | None], default: int) -> None:
    """One dot a run from the top down, its interval as a bar, its figure beside it."""
    for y, estimate in enumerate(row):
        if estimate is None:
            continue
        colour = _DEFAULT if y == default else _QUIET
        axis.plot([estimate.low, estimate.high], [y, y], color=colour, linewidth=1.6)
        axis.plot(estimate.mean, y, "D" if y == default else "o", color=colour, markersize=5)
        axis.annotate(
            f"{estimate.mean:.3f}",
            (estimate.high, y),
            xytext=(7, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
            color=colour,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
        )
    if (first := row[default]) is not None and len(row) > 1:
        axis.axvline(first.mean, color=_DEFAULT, linewidth=0.8, linestyle=":", zorder=1.6)
    axis.grid(axis="x", color=GRID, linewidth=0.8)
    axis.locator_params(axis="x", nbins=4)
    axis.margins(x=0.08)
    low, high = axis.get_xlim()
    axis.set_xlim(low, high + 0.2 * (high - low))  # Room for the figures.
    axis.set_ylim(len(row) - 0.5, -0.5)


def _names(axis: Axes, names: Sequence[str], default: int) -> None:
    axis.set_yticks(range(len(names)), names)
    label = axis.get_yticklabels()[default]
    label.set_color(_DEFAULT)
    label.set_fontweight("bold")


def _line(
    axis: Axes,
    points: Sequence[tuple[float, Estimate]],
    config: str,
    number: int,
    shift: float,
) -> None:
    """One configuration's line, moved a little aside so that bars do not hide each other."""
    estimated = [estimate for _, estimate in points]
    axis.errorbar(
        [rate + shift for rate, _ in points],
        [estimate.mean for estimate in estimated],
        yerr=[
            [max(0.0, estimate.mean - estimate.low) for estimate in estimated],
            [max(0.0, estimate.high - estimate.mean) for estimate in estimated],
        ],
        label=config,
        color=LINES[number % len(LINES)],
        marker=_MARKERS[number % len(_MARKERS)],
        markersize=5,
        linewidth=1.6,
        elinewidth=1.2,
        zorder=3 - 0.1 * number,
    )


def _title(axis: Axes, measure: str) -> None:
    note = " (less is better)" if measure in LOWER_IS_BETTER else ""
    axis.set_title(measure + note, loc="left", color=INK, fontweight="bold")


def _caption(figure: Figure, text: str) -> None:
    figure.supxlabel(text, x=0.01, ha="left", fontsize=8, color=_QUIET)


def _asked(runs: Sequence[StoredRun]) -> str:
    most = max(len(run.questions) for run in runs)
    return f"{most:,} questions"


def save(figure: Figure, stem: Path) -> tuple[Path, Path]:
    """Write a figure as PNG and SVG, without a date, so that the same runs give the same files."""
    png, svg = stem.with_name(f"{stem.name}.png"), stem.with_name(f"{stem.name}.svg")
    figure.savefig(png, dpi=200, metadata={"Software": None})
    figure.savefig(svg, metadata={"Date": None, "Creator": None})
    return png, svg

"""`playhead eval compare`: whether one run is better than another, or only seems so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ui.commands import options

if TYPE_CHECKING:
    from eval.compare import Comparison, Difference, Loss, Unit

_FOLDER = click.Path(readable=False, path_type=Path)
_JUDGED_BY = ("RR@10", "nDCG@10")
"""What the questions that lost most are sorted by, where no measure is named."""


@click.command(short_help="Tell whether run B is better than run A.")
@click.argument("a", type=_FOLDER)
@click.argument("b", type=_FOLDER)
@click.option(
    "--measure",
    "measures",
    multiple=True,
    metavar="NAME",
    help="Only this measure; may be repeated. The first is what --worst goes by.",
)
@click.option(
    "--by",
    type=click.Choice(["question", "video"]),
    default="question",
    show_default=True,
    help="What is resampled: questions, or videos with all their questions.",
)
@click.option(
    "--worst",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="List the N questions that lost most.",
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@options.as_json
def compare(
    a: Path,
    b: Path,
    *,
    measures: tuple[str, ...],
    by: Unit,
    worst: int,
    seed: int,
    as_json: bool,
) -> None:
    """Compare the runs in the folders A and B (one configuration each).

    The difference of each measure, B - A, over the questions that both asked, with its 95 %
    interval from a paired bootstrap. Where the interval contains 0 the verdict is "no difference".
    """
    from eval.compare import compare as compare_runs
    from eval.runs import read_run

    found = compare_runs(read_run(a), read_run(b), measures, by, seed)
    losses = found.worst(measures[0] if measures else _judged_by(found), worst)
    if as_json:
        click.echo(json.dumps(_as_json(found, losses), ensure_ascii=False))
        return
    _print_head(found, a, b)
    _print_differences(found.differences)
    for loss in losses:
        _print_loss(loss)


def _judged_by(found: Comparison) -> str:
    names = [difference.measure for difference in found.differences]
    return next((name for name in _JUDGED_BY if name in names), names[0])


def _print_head(found: Comparison, a: Path, b: Path) -> None:
    from eval.bootstrap import RESAMPLES
    from eval.compare import FEW_UNITS

    click.echo(f"A: {found.a.label} ({a})\nB: {found.b.label} ({b})")
    click.echo(
        f"{len(found.pairs)} questions of {found.a.dataset} asked by both; "
        f"95 % intervals of {RESAMPLES:,} resamples by {found.by}, seed {found.seed}"
    )
    for name, alone in (("A", found.only_a), ("B", found.only_b)):
        if alone:
            click.echo(f"Left out: {alone} questions that only {name} asked")
    if found.a.scope != found.b.scope:
        click.echo(f"A searched by {found.a.scope}, B by {found.b.scope}")
    if found.units < FEW_UNITS:
        click.echo(
            f"Only {found.units} {found.by}s: the intervals are narrower than they should be"
        )
    click.echo()


def _print_differences(differences: tuple[Difference, ...]) -> None:
    titles = ("A", "B", "B - A", "95 % interval", "better", "worse", "same")
    widths = (9, 9, 9, 20, 7, 7, 7)
    width = max(len(difference.measure) for difference in differences)
    heads = "".join(title.rjust(n) for title, n in zip(titles, widths, strict=True))
    click.echo(f"{'':{width}}{heads}  verdict")
    for d in differences:
        cells = (
            f"{d.a:.3f}",
            f"{d.b:.3f}",
            f"{d.difference:+.3f}",
            f"{d.low:+.3f} to {d.high:+.3f}",
            *map(str, (d.better, d.worse, d.same)),
        )
        row = "".join(cell.rjust(n) for cell, n in zip(cells, widths, strict=True))
        click.echo(f"{d.measure:{width}}{row}  {d.verdict}")
        for note in _notes(d):
            click.echo(f"{'':{width}}  {note}")


def _notes(d: Difference) -> Iterator[str]:
    """What a row does not show."""
    from eval.runs import UNITS

    if d.measure in UNITS:
        yield f"means, in {UNITS[d.measure]}; a run's own figure is the median"
    if d.only_a or d.only_b:
        yield f"of the {d.n} questions that have it in both; {d.only_a} only in A, {d.only_b} in B"
    if d.verdict == "no difference" and (d.low > 0 or d.high < 0):
        yield "too few changed to tell it from chance"


def _print_loss(loss: Loss) -> None:
    before, after = (side.measures[loss.measure] for side in (loss.before, loss.after))
    click.echo(f"\n{loss.measure} {before:.3f} -> {after:.3f}  {loss.after.qid}")
    click.echo(f"  {loss.after.question}")
    for name, side in (("A", loss.before), ("B", loss.after)):
        click.echo(f"  {name} found {_found(side.found)}")


def _found(hits: tuple[object, ...]) -> str:
    """The first hits by segment; one that answers is marked."""
    shown = [
        f"{hit['segment_id']}{'*' if hit.get('relevant') else ''}"  # type: ignore[index, attr-defined]
        for hit in hits[:3]
    ]
    return ", ".join(shown) or "nothing"


def _as_json(found: Comparison, losses: list[Loss]) -> dict[str, object]:
    from dataclasses import asdict

    from eval.bootstrap import CONFIDENCE, RESAMPLES

    return {
        "dataset": found.a.dataset,
        "a": found.a.label,
        "b": found.b.label,
        "questions": len(found.pairs),
        "only_a": found.only_a,
        "only_b": found.only_b,
        "by": found.by,
        "units": found.units,
        "confidence": CONFIDENCE,
        "resamples": RESAMPLES,
        "seed": found.seed,
        "measures": [asdict(difference) for difference in found.differences],
        "worst": [
            {
                "qid": loss.after.qid,
                "video_id": loss.after.video_id,
                "question": loss.after.question,
                "measure": loss.measure,
                "a": loss.before.measures[loss.measure],
                "b": loss.after.measures[loss.measure],
                "found_a": list(loss.before.found),
                "found_b": list(loss.after.found),
            }
            for loss in losses
        ],
    }

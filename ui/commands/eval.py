"""`playhead eval`: how good it is, in figures."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ui.commands import options
from ui.commands.eval_answers import answers
from ui.commands.eval_compare import compare
from ui.commands.eval_datasets import convert

_MODES = ("hybrid", "dense", "bm25")


@click.group("eval")
def evaluate() -> None:
    """Measure retrieval on a dataset."""


for command in (compare, answers, convert):
    evaluate.add_command(command)


@evaluate.command()
@click.argument("dataset", type=click.Path(readable=False, path_type=Path))
@click.option(
    "--mode", "modes", type=click.Choice(_MODES), multiple=True, default=_MODES, show_default=True
)
@options.as_json
@click.pass_obj
def retrieval(
    obj: dict[str, str | None], dataset: Path, modes: tuple[str, ...], *, as_json: bool
) -> None:
    """Search with every question of DATASET (a folder: videos.jsonl, questions.jsonl)."""
    from eval.dataset import read_dataset
    from eval.retrieval import evaluate as evaluate_retrieval
    from ui.wiring import open_playhead

    data = read_dataset(dataset)
    with open_playhead(**obj) as app:
        runs = evaluate_retrieval(data, app.embedder, modes)
    if as_json:
        rows = [
            {"config": run.mode, "metrics": run.metrics, "latency_ms": run.latency_ms}
            for run in runs
        ]
        report = {"dataset": data.name, "scope": "library", "runs": rows}
        click.echo(json.dumps(report))
        return
    names = list(runs[0].metrics)
    click.echo(" ".join(f"{name:>10}" for name in ("", *names, "p50 ms")))
    for run in runs:
        cells = [f"{value:10.3f}" for value in (*run.metrics.values(), run.latency_ms["p50"])]
        click.echo(" ".join([f"{run.mode:>10}", *cells]))

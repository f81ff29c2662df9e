"""`playhead eval answers`: whether the right questions are refused, the others answered rightly."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ui.commands import options
from ui.commands.eval_cache import no_cache_option, open_cache

if TYPE_CHECKING:
    from eval.runs import QuestionResult

_TITLES = {
    "refused_unanswerable": "unanswerable questions refused",
    "answered": "answerable questions answered",
    "cited_right": "answerable ones whose first citation is right",
}
_WRONG = {
    "refused_unanswerable": "answered, though no video answers it",
    "answered": "refused",
    "cited_right": "answered from elsewhere",
}


@click.command(short_help="Ask every question and judge the answers.")
@click.argument("dataset", type=click.Path(readable=False, path_type=Path))
@click.option(
    "--worst",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="List N questions that went wrong, unanswerable ones that were answered first.",
)
@no_cache_option
@options.as_json
@click.pass_obj
def answers(
    obj: dict[str, str | None], dataset: Path, *, worst: int, no_cache: bool, as_json: bool
) -> None:
    """Ask every question of DATASET (a folder: videos.jsonl, questions.jsonl).

    Three shares with their 95 % intervals: unanswerable questions that were refused, answerable
    ones that were answered, and answerable ones whose first citation lies where the answer is.
    """
    from eval.answers import evaluate_answers
    from eval.dataset import read_dataset
    from ui.progress import shown_progress
    from ui.wiring import open_playhead

    data = read_dataset(dataset)
    with (
        open_playhead(**obj) as app,
        open_cache(keep=not no_cache) as cache,
        shown_progress(data.name) as on_progress,
    ):
        results = evaluate_answers(data, app.embedder, app.engine, cache, on_progress)
        model = app.settings.llm_model if app.settings.llm != "none" else None
    report = _report(data.name, model, results)
    if as_json:
        click.echo(json.dumps({**report, "worst": [r.as_row() for r in _wrong(results)[:worst]]}))
        return
    click.echo(f"{data.name}: {len(results)} questions, answered by {report['engine']}\n")
    for name, row in report["measures"].items():  # type: ignore[attr-defined]
        _print_measure(name, row)
    for result in _wrong(results)[:worst]:
        _print_wrong(result)


def _report(
    dataset: str, model: str | None, results: Sequence[QuestionResult]
) -> dict[str, object]:
    from dataclasses import asdict

    from eval.answers import MEASURES
    from eval.bootstrap import SEED
    from eval.estimates import estimates

    (found,) = estimates([results], MEASURES)
    return {
        "dataset": dataset,
        "engine": "extractive" if model is None else f"llm:{model}",
        "seed": SEED,
        "measures": {name: asdict(estimate) for name, estimate in found.items()},
    }


def _print_measure(name: str, row: dict[str, float]) -> None:
    interval = f"{row['low']:.3f} to {row['high']:.3f}"
    click.echo(f"{row['mean']:.3f}  ({interval})  of {row['n']:5} {_TITLES[name]}")


def _wrong(results: Sequence[QuestionResult]) -> list[QuestionResult]:
    """What went wrong, in order: answered without an answer, refused, from elsewhere."""
    order = list(_WRONG)
    wrong = [result for result in results if not all(result.measures.values())]
    return sorted(wrong, key=lambda result: order.index(_fault(result)))


def _fault(result: QuestionResult) -> str:
    """The first measure that a question failed."""
    return next(name for name in _WRONG if result.measures.get(name) == 0)


def _print_wrong(result: QuestionResult) -> None:
    click.echo(f"\n{result.qid}  {result.question}\n  {_WRONG[_fault(result)]}")
    for cited in result.found[:1]:
        click.echo(f"  {cited['segment_id']} “{cited['quote']}”")

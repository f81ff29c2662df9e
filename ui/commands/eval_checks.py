"""`playhead eval checks`: how well the checks tell false claims from true ones."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ui.commands import options
from ui.commands.eval_cache import no_cache_option, open_cache

if TYPE_CHECKING:
    from eval.honesty.judgement import Judgement, KindResult

_SIMULATED = "simulated"
_TITLES = {
    "simulated": "Claims of a simulated model, made of the passages",
    "tune": "Written by a language model, in view when the checks were made",
    "test": "Written by a language model, not in view",
}


@click.command(short_help="Try the checks on claims of known truth.")
@click.argument("dataset", type=click.Path(readable=False, path_type=Path), required=False)
@click.option(
    "--claims",
    type=click.IntRange(min=1),
    default=1000,
    show_default=True,
    metavar="N",
    help="Judge N false claims and N true ones.",
)
@click.option("--seed", type=click.IntRange(min=0), default=0, help="Of the model's choices.")
@click.option(
    "--worst",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="List N claims of each set that were judged wrongly, lies first.",
)
@no_cache_option
@options.as_json
@click.pass_obj
def checks(
    obj: dict[str, str | None],
    dataset: Path | None,
    *,
    claims: int,
    seed: int,
    worst: int,
    no_cache: bool,
    as_json: bool,
) -> None:
    """Try the checks on claims of known truth.

    A simulated model answers the questions of DATASET (a folder; the recordings that ship, if none
    is named) with claims of which half are lies, each made from the passages themselves. Of every
    kind: how many lies were shown, and how many true claims were dropped, and why. Then the same
    for claims that a language model wrote.
    """
    from eval.honesty.judgement import by_kind

    judged = _judged(obj, dataset, claims=claims, seed=seed, keep=not no_cache)
    sets = {name: by_kind(of_set) for name, of_set in judged.items()}
    wrong = {name: _wrong(of_set)[:worst] for name, of_set in judged.items()}
    if as_json:
        content = {
            "seed": seed,
            "sets": {name: [row.as_json() for row in rows] for name, rows in sets.items()},
            "worst": {name: [one.as_json() for one in ones] for name, ones in wrong.items()},
        }
        click.echo(json.dumps(content, ensure_ascii=False))
        return
    for name, rows in sets.items():
        click.echo(f"{_TITLES[name]}\n")
        for line in _table(rows):
            click.echo(line)
        for one in wrong[name]:
            _print_wrong(one)
        click.echo()


def _judged(
    obj: dict[str, str | None], dataset: Path | None, *, claims: int, seed: int, keep: bool
) -> dict[str, tuple[Judgement, ...]]:
    """What became of the claims of each set."""
    from eval.dataset import read_dataset
    from eval.honesty.measure import LIES, RECORDINGS, judge_model
    from eval.honesty.model import HonestyModel
    from eval.honesty.server import MODEL, HonestyServer
    from eval.honesty.written import FOLDER, SETS, judge_written, read_claims
    from ui.progress import shown_progress
    from ui.wiring import open_playhead

    data = read_dataset(dataset or RECORDINGS)
    written = {name: read_claims(FOLDER / f"{name}.jsonl") for name in SETS}
    with HonestyServer(HonestyModel(LIES, seed)) as server:
        model = {"llm": "openai", "llm_base_url": server.url, "llm_model": MODEL}
        with (
            open_playhead(**{**obj, **model}) as app,
            open_cache(keep=keep) as cache,
            shown_progress(data.name) as on_progress,
        ):
            simulated = judge_model(
                data,
                app.embedder,
                app.engine,
                server,
                cache,
                wanted=claims,
                on_progress=on_progress,
            )
            judged = {name: tuple(judge_written(of, app.checker)) for name, of in written.items()}
    return {_SIMULATED: simulated, **judged}


def _table(rows: Sequence[KindResult]) -> Iterator[str]:
    """Lies, then true claims; the last two rows are of all together."""
    width = max((len(row.kind) for row in rows), default=0)
    for row in rows:
        done = "dropped" if row.true else "shown"
        low, high = 100 * row.errors.low, 100 * row.errors.high
        share = f"{100 * row.errors.mean:5.1f} %  ({low:.1f} to {high:.1f})"
        line = f"{row.kind:{width}}  {row.count:4} of {row.tries:4} {done:7}  {share:24}"
        reasons = ", ".join(f"{name} ({count})" for name, count in row.drops.items())
        yield f"{line}  {reasons}".rstrip() if row.true else line.rstrip()


def _wrong(judged: Sequence[Judgement]) -> list[Judgement]:
    """What was judged wrongly: lies that were shown, then true claims that were dropped."""
    return sorted((one for one in judged if one.wrong), key=lambda one: one.true)


def _print_wrong(one: Judgement) -> None:
    from playhead.text import without_controls

    what = f"dropped: {one.reason}" if one.true else "shown"
    text = f"\n{one.kind}, {what}\n  {one.text}\n  said: {one.said}"
    click.echo("\n".join(without_controls(line) for line in text.split("\n")))

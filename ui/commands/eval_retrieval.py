"""`playhead eval retrieval`: search with every question of a dataset, and measure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ui.commands import options
from ui.commands.eval_cache import no_cache_option, open_cache
from ui.commands.eval_gate import Gate, gate_options

if TYPE_CHECKING:
    from eval.configs import Config
    from eval.dataset import Dataset
    from eval.hardest import HardQuestion, Moment
    from eval.results import Report
    from eval.retrieval import Scope
    from eval.runs import QuestionResult
    from ui.commands.eval_gate import Judgement
    from ui.wiring import Playhead

_PATH = click.Path(readable=False, path_type=Path)
_SHOWN = ("Success@1", "Success@5", "Success@10", "RR@10", "nDCG@10", "R@10", "IoU@1")
_SAID = 200


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be measured."""

    configs: tuple[Config, ...]
    scope: Scope
    split: str | None
    rates: tuple[float, ...]
    seed: int


@click.command(short_help="Search with every question and measure.")
@click.argument("dataset", type=_PATH)
@click.option(
    "--config",
    "names",
    multiple=True,
    metavar="NAME|FILE",
    help="A configuration by name (an unknown one lists them) or a TOML file; may be repeated. "
    "The default one is always measured, first; if no other is named, dense and bm25 too.",
)
@click.option("--ablations", is_flag=True, help="Every leg alone, every fusion, segment lengths.")
@click.option(
    "--scope",
    type=click.Choice(["library", "video"]),
    default="library",
    show_default=True,
    help="Search all videos, or for each question only those that answer it.",
)
@click.option("--split", metavar="NAME", help="Only the questions of this split.")
@click.option(
    "--noise",
    "rates",
    type=click.FloatRange(0, 1),
    multiple=True,
    default=(0.0,),
    metavar="WER",
    help="Corrupt the transcripts at this word error rate, 0 to 0.8; may be repeated.",
)
@click.option("--seed", type=click.IntRange(min=0), default=0, help="Of --noise.")
@click.option("--out", type=_PATH, metavar="DIR", help="Write report, plot and TREC files here.")
@click.option(
    "--worst",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="List the N questions that the default configuration does worst at.",
)
@no_cache_option
@gate_options
@options.as_json
@click.pass_obj
def retrieval(
    obj: dict[str, str | None],
    dataset: Path,
    *,
    names: tuple[str, ...],
    ablations: bool,
    scope: Scope,
    split: str | None,
    rates: tuple[float, ...],
    seed: int,
    out: Path | None,
    worst: int,
    no_cache: bool,
    gate: Gate,
    as_json: bool,
) -> None:
    """Search with every question of DATASET (a folder: videos.jsonl, questions.jsonl).

    Its videos are indexed apart from the library; the index is kept for the next time.
    """
    if gate.wanted and (scope != "library" or split is not None or any(rates)):
        raise click.UsageError(
            "a baseline is of all questions in all videos: leave --scope, --split and --noise out"
        )
    from eval.configs import check_rerankers, chosen_configs
    from eval.dataset import dataset_hash, read_dataset
    from eval.hardest import hardest
    from eval.results import check_out, write_report
    from ui.wiring import open_playhead

    configs = chosen_configs(names, ablations=ablations)
    if out is not None:
        check_out(out)
    check_rerankers(configs)
    data, digest = read_dataset(dataset), dataset_hash(dataset)
    baseline = gate.open(digest)
    wanted = _Wanted(configs, scope, split, tuple(dict.fromkeys(rates)), seed)
    with open_playhead(**obj) as app, open_cache(keep=not no_cache) as cache:
        report = _measured(app, data, digest, wanted, cache)
        judged = None
        if gate.wanted:
            from eval.gate import baseline_of

            results = _with_answers(app, data, report, cache)
            now = baseline_of(results, data.name, digest, configs[0].name)
            judged = gate.close(baseline, results, now)
    if out is not None:
        write_report(report, out)
    hard = hardest(data, report.runs[0], worst)
    (_print_json if as_json else _print)(report, hard, judged)
    gate.enforce(judged)


def _measured(app: Playhead, data: Dataset, digest: str, wanted: _Wanted, cache: Path) -> Report:
    from eval.noise import corrupt
    from eval.results import Report
    from eval.retrieval import measure, prepare, questions_of
    from ui.progress import shown_progress

    questions = questions_of(data, wanted.split)
    heard = {rate: corrupt(data, rate, wanted.seed) for rate in wanted.rates}
    with shown_progress(data.name) as on_progress:
        task = prepare(questions, wanted.scope, app.embedder, cache, on_progress)
    runs = []
    for rate, corrupted in heard.items():
        for config in wanted.configs:
            with shown_progress(f"{config.name}{f' at {rate:g}' if rate else ''}") as on_progress:
                runs.append(
                    measure(
                        corrupted,
                        config,
                        task,
                        app.embedder,
                        cache,
                        noise=rate,
                        on_progress=on_progress,
                    )
                )
    return Report(
        dataset=data.name,
        dataset_hash=digest,
        scope=wanted.scope,
        split=wanted.split,
        seed=wanted.seed,
        embedding_model=app.embedder.name,
        answerable=len(task.questions),
        unanswerable=len(questions) - len(task.questions),
        runs=tuple(runs),
    )


def _with_answers(
    app: Playhead, data: Dataset, report: Report, cache: Path
) -> Sequence[QuestionResult]:
    """The default configuration's results, with those of the answers to the same questions."""
    from dataclasses import replace

    from eval.answer_runs import evaluate_answers
    from eval.answers import GATED
    from eval.gate import merged

    (run,) = evaluate_answers(data, app.embedder, {"": app.engine}, cache)
    kept = [
        replace(r, measures={name: r.measures[name] for name in GATED if name in r.measures})
        for r in run.results
    ]
    return merged(report.runs[0].results, kept)


def _print_json(report: Report, hard: Sequence[HardQuestion], judged: Judgement | None) -> None:
    content = report.as_json()
    if hard:
        content["worst"] = [question.as_json() for question in hard]
    if judged is not None:
        content["gate"] = judged.as_json()
    click.echo(json.dumps(content, ensure_ascii=False))


def _print(report: Report, hard: Sequence[HardQuestion], judged: Judgement | None) -> None:
    from eval.results import folder_name

    left_out = f"; {report.unanswerable:,} without one left out" if report.unanswerable else ""
    click.echo(f"{report.dataset}: {report.answerable:,} questions with an answer{left_out}\n")
    width = max(12, *(len(folder_name(run)) for run in report.runs))
    heads = [*_SHOWN, "seek s", "p50 ms", "p99 ms"]
    click.echo(f"{'':{width}}" + "".join(_right(head, head) for head in heads))
    for run in report.runs:
        seek = run.metrics["seek_error"]
        cells = [f"{run.metrics[name]:.3f}" for name in _SHOWN]
        cells.append("-" if seek is None else f"{seek:.1f}")
        cells += [f"{run.latency_ms[name]:.1f}" for name in ("p50", "p99")]
        row = "".join(_right(cell, head) for cell, head in zip(cells, heads, strict=True))
        click.echo(f"{folder_name(run):{width}}{row}")
    for question in hard:
        _print_hard(question)
    if judged is not None:
        judged.show()


def _right(cell: str, head: str) -> str:
    return f"{cell:>{max(8, len(head) + 2)}}"


def _print_hard(question: HardQuestion) -> None:
    from playhead.text import without_controls

    asked = without_controls(f"{question.qid}  {question.question}")
    click.echo(f"\n{asked}\n  RR@10 {question.measures['RR@10']:.3f}")
    for title, moments in (("expected", question.expected), ("found", question.found)):
        for moment in moments:
            click.echo(f"  {title:8}  {_said(moment)}")
    if not question.found:
        click.echo("  found     nothing")


def _said(moment: Moment) -> str:
    from textwrap import shorten

    from playhead.text import without_controls
    from playhead.timecodes import clock

    text = shorten(without_controls(moment.text), _SAID, placeholder=" …")
    title = without_controls(moment.title)
    return f"{title}, {clock(moment.start)}-{clock(moment.end)} “{text}”"

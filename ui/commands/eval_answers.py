"""`playhead eval answers`: whether the right questions are refused, the others answered rightly."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ui.commands import options
from ui.commands.eval_cache import no_cache_option, open_cache

if TYPE_CHECKING:
    from eval.answer_report import AnswerReport
    from eval.answer_summary import Summary
    from eval.answers import Judged
    from eval.estimates import Estimate
    from retrieval.answer.engine import Engine
    from ui.wiring import Playhead

_PATH = click.Path(readable=False, path_type=Path)
_MEASURES = {
    "citation_precision": "citations that overlap the right span",
    "citation_recall": "right spans that a citation overlaps",
    "citation_hit@1": "first citation overlaps a right span",
    "cited_right": "first citation lies in a right span",
    "claims_dropped": "claims of the model dropped",
}
_REFUSED = {
    "answerable": "refused, of answerable questions",
    "unanswerable": "refused, of unanswerable ones",
    "without_own_video": "refused, without the videos that answer",
    "foreign": "refused, of foreign questions",
    "foreign_learned": "refused, of those the gate learned from",
}
_WRONG = {
    "refused_unanswerable": "answered, though no video answers it",
    "answered": "refused",
    "citation_hit@1": "answered from elsewhere",
}


@click.command(short_help="Ask every question and judge the answers.")
@click.argument("dataset", type=_PATH)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    metavar="N",
    help="Ask N questions only: a fair sample, the same every time.",
)
@click.option(
    "--without-own-video",
    is_flag=True,
    help="Ask each question also of a library without the videos that answer it.",
)
@click.option("--foreign", is_flag=True, help="Ask 320 questions about other subjects too.")
@click.option("--plot", type=_PATH, metavar="FILE", help="Plot risk by coverage, as PNG and SVG.")
@click.option("--out", type=_PATH, metavar="DIR", help="Write report, plot and answers here.")
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
    obj: dict[str, str | None],
    dataset: Path,
    *,
    limit: int | None,
    without_own_video: bool,
    foreign: bool,
    plot: Path | None,
    out: Path | None,
    worst: int,
    no_cache: bool,
    as_json: bool,
) -> None:
    """Ask every question of DATASET (a folder: videos.jsonl, questions.jsonl).

    Measures the engine that the settings name and, where that is a language model, the
    transcript's own words beside it. Shares and seconds come with their 95 % intervals. A citation
    is right where it overlaps a span that answers the question.
    """
    from eval.answer_plot import plot_risk
    from eval.answer_report import report_of, write_answer_report
    from eval.answer_runs import Wanted, evaluate_answers
    from eval.dataset import dataset_hash, read_dataset
    from eval.results import check_out
    from ui.progress import shown_progress
    from ui.wiring import open_playhead

    if out is not None:
        check_out(out)
    if plot is not None:
        _check_plot(plot)
    data, digest = read_dataset(dataset), dataset_hash(dataset)
    wanted = Wanted(limit, without_own_video, foreign)
    with (
        open_playhead(**obj) as app,
        open_cache(keep=not no_cache) as cache,
        shown_progress(data.name) as on_progress,
    ):
        engines = _engines(app)
        runs = evaluate_answers(data, app.embedder, engines, cache, wanted, on_progress=on_progress)
        report = report_of(data.name, digest, app.embedder.name, runs)
    if out is not None:
        write_answer_report(report, out)
    if plot is not None:
        plot_risk(report.summaries, report.caption, plot.with_suffix(""))
    wrong = _wrong([*runs[0].judged, *runs[0].foreign.get("foreign", ())])[:worst]
    if as_json:
        click.echo(json.dumps({**report.as_json(), "worst": [one.as_row() for one in wrong]}))
        return
    _print(report)
    for one in wrong:
        _print_wrong(one)


def _engines(app: Playhead) -> dict[str, Engine]:
    """The engine that the settings name, and the one without a model."""
    from retrieval.answer.extractive import ENGINE, ExtractiveEngine

    if app.settings.llm == "none":
        return {ENGINE: app.engine}
    return {f"llm:{app.settings.llm_model}": app.engine, ENGINE: ExtractiveEngine()}


def _check_plot(plot: Path) -> None:
    from playhead.errors import DatasetError

    if not plot.parent.is_dir():
        raise DatasetError(f"{plot.parent} is no folder", "Name a file in one that is there")


def _print(report: AnswerReport) -> None:
    answerable, unanswerable = report.asked
    click.echo(
        f"{report.dataset}: {answerable:,} questions with an answer, {unanswerable:,} without"
    )
    for summary in report.summaries:
        click.echo(f"\n{summary.engine}")
        for line in _lines(summary):
            click.echo(f"  {line}")


def _lines(summary: Summary) -> Iterator[str]:
    """One engine's figures in words."""
    for name, title in _MEASURES.items():
        if name in summary.measures:
            yield _figure(summary.measures[name], title)
    for name, title in _REFUSED.items():
        if name in summary.refused:
            yield _figure(summary.refused[name], title)
    for name, estimate in summary.seek_error.items():
        yield _figure(estimate, f"seconds of seek error, {name}", digits=1)
    if summary.elsewhere:
        yield f"{summary.elsewhere} answers cite another video first: no seek error"
    yield from _curve_lines(summary)
    if summary.claims_dropped:
        made = summary.claims_shown + summary.claims_dropped
        yield f"{summary.claims_dropped} of {made} claims dropped: {_counts(summary.drops)}"
    if summary.reasons:
        yield f"refusals: {_counts(summary.reasons)}"
    if summary.notices:
        yield f"notices: {_counts(summary.notices)}"
    steps = (f"{name} {t['p50']:g} / {t['p95']:g}" for name, t in summary.latency_ms.items())
    yield f"milliseconds, p50 / p95: {', '.join(steps)}"


def _curve_lines(summary: Summary) -> Iterator[str]:
    from eval.answer_summary import COVERAGES

    curve = summary.curve
    if curve.auroc:
        yield _figure(curve.auroc, "AUROC of the confidence, right answers from wrong")
    if summary.foreign:
        yield _figure(summary.foreign, "AUROC of the confidence, answerable from foreign")
    risks = [(share, curve.risk_at(share)) for share in COVERAGES]
    told = [
        f"{risk:.3f} of the surest {100 * share:g} %" for share, risk in risks if risk is not None
    ]
    if told:
        yield f"wrong: {', '.join(told)}; {100 * curve.set_at:.1f} % answered"


def _figure(estimate: Estimate, title: str, digits: int = 3) -> str:
    low, high = f"{estimate.low:.{digits}f}", f"{estimate.high:.{digits}f}"
    return f"{estimate.mean:.{digits}f}  ({low} to {high})  of {estimate.n:5} {title}"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} ({count})" for name, count in counts.items())


def _wrong(judged: Sequence[Judged]) -> list[Judged]:
    """What went wrong, in order: answered without an answer, refused, from elsewhere."""
    order = list(_WRONG)
    wrong = [(fault, one) for one in judged if (fault := _fault(one)) is not None]
    return [one for _, one in sorted(wrong, key=lambda pair: order.index(pair[0]))]


def _fault(one: Judged) -> str | None:
    """The first measure that a question failed."""
    return next((name for name in _WRONG if one.measures.get(name) == 0), None)


def _print_wrong(one: Judged) -> None:
    from playhead.text import without_controls

    fault = _fault(one)
    asked = without_controls(f"{one.question.qid}  {one.question.text}")
    click.echo(f"\n{asked}\n  {_WRONG[fault or 'answered']}")
    for cited in one.found[:1]:
        click.echo(without_controls(f"  {cited['segment_id']} “{cited['quote']}”"))

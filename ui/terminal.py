"""Answers and hits as a person reads them in a terminal. Plain text, so that pipes get the same."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence

import click

from playhead.links import moment_link
from playhead.timecodes import clock
from playhead.types import Answer, Citation, Hit
from retrieval.answer.wording import marked, marked_text, refusal_text

_MAX_WIDTH = 100


def print_answer(answer: Answer) -> None:
    """The answer with its marks, and under it what proves each; or the refusal."""
    if answer.standalone:
        click.echo(f"playhead: understood as: {answer.standalone}", err=True)
    if answer.notice:
        click.echo(f"playhead: {answer.notice}.", err=True)
    if answer.refused:
        _print_refusal(answer)
        return
    if answer.kind == "moment":
        click.echo(_wrap(marked_text(answer) or ""))
        listed = set[str]()
    else:
        _print_claims(answer)
        listed = {claim.text for claim in answer.claims}
    for citation in answer.citations:
        _print_citation(citation, quoted=citation.quote not in listed)


def print_hits(hits: Sequence[Hit]) -> None:
    """One paragraph for each hit."""
    if not hits:
        click.echo("Nothing found.", err=True)
    for rank, hit in enumerate(hits, start=1):
        times = f"{clock(hit.segment.start)}-{clock(hit.segment.end)}"
        click.echo(f"{rank:2}. {click.style(hit.video.title, bold=True)}, {times}")
        click.echo(_wrap(hit.segment.text, "    "))
        click.echo(f"    {_link(moment_link(hit.video.source, hit.segment.start))}")


def _print_claims(answer: Answer) -> None:
    """Claims about many videos, or the whole of one: each by itself, after its video's title."""
    titles = {citation.n: citation.title for citation in answer.citations}
    several = len(set(titles.values())) > 1
    for claim in answer.claims:
        of = "; ".join(dict.fromkeys(titles[n] for n in claim.citations))
        text = f"{of}: {marked(claim)}" if several else marked(claim)
        click.echo(_wrap(text, "  ", first="- "))


def _print_refusal(answer: Answer) -> None:
    click.echo(refusal_text(answer))
    if answer.closest:
        click.echo("\nNot answered; closest:")
    for moment in answer.closest:
        click.echo(f"  - {moment.title}, {clock(moment.start)}")
        click.echo(_wrap(f"“{moment.quote}”", "    "))
        click.echo(f"    {_link(moment_link(moment.source, moment.start))}")


def _print_citation(citation: Citation, *, quoted: bool) -> None:
    """Where something was said, and its words where they do not stand above already."""
    draft = " (draft transcript: listen)" if citation.draft else ""
    title = click.style(citation.title, bold=True)
    click.echo(f"\n[{citation.n}] {title}, {clock(citation.start)}{draft}")
    if quoted:
        click.echo(_wrap(f"“{citation.quote}”", "    "))
    click.echo(f"    {_link(moment_link(citation.source, citation.start))}")


def _link(url: str) -> str:
    return click.style(url, fg="blue", underline=True)


def _wrap(text: str, indent: str = "", first: str | None = None) -> str:
    width = min(_MAX_WIDTH, shutil.get_terminal_size().columns)
    begin = indent if first is None else first
    return textwrap.fill(text, width, initial_indent=begin, subsequent_indent=indent)

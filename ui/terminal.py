"""Answers and hits as a person reads them in a terminal. Plain text, so that pipes get the same."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence
from itertools import groupby

import click

from playhead.links import moment_link
from playhead.text import join_words
from playhead.timecodes import clock
from playhead.types import Answer, Citation, Hit, Segment
from retrieval.answer.wording import LOW_CONFIDENCE, marked, marked_text, refusal_text
from retrieval.units import doubt_of

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
        doubt = f" ({LOW_CONFIDENCE})" if doubt_of(hit.segment.sentences) else ""
        click.echo(f"{rank:2}. {click.style(hit.video.title, bold=True)}, {times}{doubt}")
        for turn in _turns(hit.segment):
            click.echo(_wrap(turn, "    "))
        click.echo(f"    {_link(moment_link(hit.video.source, hit.segment.start))}")


def _print_claims(answer: Answer) -> None:
    """Claims about many videos, or the whole of one: each by itself, after its video's title."""
    titles = {citation.n: citation.title for citation in answer.citations}
    several = len(set(titles.values())) > 1
    for claim in answer.claims:
        of = "; ".join(dict.fromkeys(titles[n] for n in claim.citations))
        text = marked(claim, answer.citations)
        click.echo(_wrap(f"{of}: {text}" if several else text, "  ", first="- "))


def _print_refusal(answer: Answer) -> None:
    click.echo(refusal_text(answer))
    if answer.closest:
        click.echo("\nNot answered; closest:")
    for moment in answer.closest:
        click.echo(f"  - {moment.title}, {clock(moment.start)}{_warning(moment)}")
        click.echo(_wrap(_quote(moment.quote, moment.speaker), "    "))
        click.echo(f"    {_link(moment_link(moment.source, moment.start))}")


def _print_citation(citation: Citation, *, quoted: bool) -> None:
    """Where something was said, and its words where they do not stand above already."""
    by = f", {citation.speaker}" if citation.speaker and not quoted else ""
    title = click.style(citation.title, bold=True)
    click.echo(f"\n[{citation.n}] {title}, {clock(citation.start)}{by}{_warning(citation)}")
    if quoted:
        click.echo(_wrap(_quote(citation.quote, citation.speaker), "    "))
    click.echo(f"    {_link(moment_link(citation.source, citation.start))}")


def _warning(citation: Citation) -> str:
    """Why its words should be listened to before they are believed."""
    draft = " (draft transcript: listen)" if citation.draft else ""
    return draft + (f" ({LOW_CONFIDENCE})" if citation.doubt else "")


def _turns(segment: Segment) -> list[str]:
    """What is said in a segment, turn by turn where it is known who speaks."""
    if not any(sentence.speaker for sentence in segment.sentences):
        return [segment.text]
    turns = groupby(segment.sentences, key=lambda sentence: sentence.speaker)
    return [_quote(join_words(s.text for s in said), speaker) for speaker, said in turns]


def _quote(text: str, speaker: str | None) -> str:
    return f"{speaker}: “{text}”" if speaker else f"“{text}”"


def _link(url: str) -> str:
    return click.style(url, fg="blue", underline=True)


def _wrap(text: str, indent: str = "", first: str | None = None) -> str:
    width = min(_MAX_WIDTH, shutil.get_terminal_size().columns)
    begin = indent if first is None else first
    return textwrap.fill(text, width, initial_indent=begin, subsequent_indent=indent)

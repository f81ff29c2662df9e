"""Answers as HTML, each citation a link to its moment. Whatever came from outside is escaped here.

Hooks for scripts and tests: `a[data-citation]` with `data-video-id`, `data-start`, `data-end`
(seconds); `[data-refused]`; `[data-answer]` with the id that feedback names.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from playhead.links import link_seconds
from playhead.timecodes import clock
from playhead.types import Answer, Citation, Claim
from retrieval.answer.wording import LOW_CONFIDENCE, is_doubtful, refusal_text

_THUMBS = (
    "<p class='ph-thumbs'>"
    "<button type='button' data-thumb='up'>Helpful</button>"
    "<button type='button' data-thumb='down'>Not helpful</button>"
    "</p>"
)
_DOUBT = f" <small class='ph-doubt'>{LOW_CONFIDENCE}</small>"
_ENGINES = {"extractive": "In the transcript's own words"}


def question_html(question: str) -> str:
    """What somebody asked, as text."""
    return _one_line(f"<p class='ph-question' dir='auto'>{escape(question)}</p>")


def busy_html() -> str:
    """What stands there until the first claim is proven."""
    return "<p class='ph-busy' role='status'>Looking through the videos …</p>"


def trouble_html(line: str) -> str:
    """What stands there instead of an answer when something failed."""
    return _one_line(f"<div class='ph-answer ph-trouble' role='alert'><p>{escape(line)}</p></div>")


def answer_html(answer: Answer, answer_id: str | None = None) -> str:
    """The claims with their citations, and the quotes; or the refusal and the closest moments.

    Args:
        answer: a whole answer, or one that still grows.
        answer_id: what feedback names the answer by; None while it still grows.
    """
    hooks = f" data-answer='{escape(answer_id, quote=True)}'" if answer_id else ""
    if answer.refused:
        hooks += " data-refused role='status'"
    said = _refused(answer) if answer.refused else _claims(answer)
    foot = f"<footer>{_made_by(answer)}{_THUMBS}</footer>" if answer_id else ""
    return _one_line(f"<div class='ph-answer'{hooks}>{_notes(answer)}{said}{foot}</div>")


def watch_path(video_id: str, start: float, end: float | None = None) -> str:
    """The page that plays a video from a moment."""
    until = "" if end is None else f",{end:.2f}"
    return f"/watch/{video_id}#t={link_seconds(start)}{until}"


def _notes(answer: Answer) -> str:
    understood = f"Understood as: {answer.standalone}" if answer.standalone else None
    notes = [note for note in (understood, answer.notice) if note]
    return "".join(f"<p class='ph-note'>{escape(note)}</p>" for note in notes)


def _claims(answer: Answer) -> str:
    claims = [_claim(claim, answer.citations) for claim in answer.claims]
    drafts = any(citation.draft for citation in answer.citations)
    note = "<p class='ph-draft'>From a draft transcript: listen.</p>" if drafts else ""
    return f"{_running(answer, claims)}{note}{_quotes(answer)}"


def _claim(claim: Claim, citations: Sequence[Citation]) -> str:
    """A claim with its chips; in whose words it is, and whether these may be made up."""
    cited = [citation for n in claim.citations for citation in citations if citation.n == n]
    own = next((c.speaker for c in cited if c.quote == claim.text), None)
    chips = " ".join(map(_chip, cited))
    return f"{_by(own)}{escape(claim.text)} {chips}{_DOUBT if is_doubtful(claim, cited) else ''}"


def _by(speaker: str | None) -> str:
    return f"<b class='ph-speaker'>{escape(speaker)}:</b> " if speaker else ""


def _running(answer: Answer, claims: Sequence[str]) -> str:
    """Claims as running text; of many videos, or the whole of one, as a list."""
    if answer.kind == "moment":
        return f"<p dir='auto'>{' '.join(claims)}</p>"
    items = "".join(f"<li dir='auto'>{claim}</li>" for claim in claims)
    return f"<ul class='ph-claims'>{items}</ul>"


def _quotes(answer: Answer) -> str:
    """What was said, where the claims are not already the quotes."""
    claimed = {claim.text for claim in answer.claims}
    quotes = "".join(_quote(c) for c in answer.citations if c.quote not in claimed)
    return f"<ol class='ph-quotes' aria-label='What was said'>{quotes}</ol>" if quotes else ""


def _refused(answer: Answer) -> str:
    said = f"<p class='ph-refusal'>{escape(refusal_text(answer))}</p>"
    if not answer.closest:
        return said
    moments = "".join(map(_quote, answer.closest))
    return f"{said}<p>Not answered; closest:</p><ul class='ph-quotes'>{moments}</ul>"


def _quote(citation: Citation) -> str:
    draft = " <small class='ph-draft'>draft transcript: listen</small>" if citation.draft else ""
    doubt = _DOUBT if citation.doubt else ""
    said = f"{_by(citation.speaker)}<q>{escape(citation.quote)}</q>"
    return f"<li>{said} {_chip(citation)}{draft}{doubt}</li>"


def _chip(citation: Citation) -> str:
    """A citation as a link. Where the page's script does not run it opens the watch page."""
    href = watch_path(citation.video_id, citation.start, citation.end)
    title, at = escape(citation.title, quote=True), clock(citation.start)
    return (
        f"<a data-citation class='ph-chip' data-video-id='{citation.video_id}' "
        f"data-start='{citation.start}' data-end='{citation.end}' href='{href}' "
        f"title='{title} · {at}'><span>{title}</span> · {at}</a>"
    )


def _made_by(answer: Answer) -> str:
    if answer.refused:
        return ""
    engine = _ENGINES.get(answer.engine, f"Written by {answer.engine}, checked word by word")
    return f"<small>{escape(engine)}</small>"


def _one_line(html: str) -> str:
    """Without line breaks: after an empty line the page would read Markdown, not HTML."""
    return " ".join(html.split())

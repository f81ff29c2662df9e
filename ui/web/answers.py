"""Answers and players as HTML. Pure functions; whatever came from outside is escaped here."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from playhead.links import is_url, link_seconds, moment_link
from playhead.timecodes import clock
from playhead.types import Answer, Citation, Video
from retrieval.answer.wording import refusal_text

EMPTY_PLAYER = "<p class='hint'>A click on a citation plays the moment it was said.</p>"


def answer_html(answer: Answer) -> str:
    """The claims with their citations as links, and the quotes; or the refusal."""
    notice = f"<p class='notice'>{escape(answer.notice)}</p>" if answer.notice else ""
    if answer.refused:
        said = escape(refusal_text(answer))
        return f"<div data-refused role='status'>{notice}<p>{said}</p>{_closest(answer)}</div>"
    by_number = {citation.n: citation for citation in answer.citations}
    claims = [
        f"{escape(claim.text)} {''.join(_chip(by_number[n]) for n in claim.citations)}"
        for claim in answer.claims
    ]
    # Where the claims are the quotes, once is enough.
    claimed = {claim.text for claim in answer.claims}
    quotes = "".join(_quote(c) for c in answer.citations if c.quote not in claimed)
    listed = f"<ol class='quotes'>{quotes}</ol>" if quotes else ""
    return f"<div>{notice}{_running(answer, claims)}{listed}</div>"


def _running(answer: Answer, claims: Sequence[str]) -> str:
    """Claims as running text; of many videos, or the whole of one, as a list."""
    if answer.kind == "moment":
        return f"<p>{' '.join(claims)}</p>"
    return f"<ul class='claims'>{''.join(f'<li>{claim}</li>' for claim in claims)}</ul>"


def watch_path(video_id: str, start: float, end: float | None = None) -> str:
    """The page that plays a video from a moment."""
    until = "" if end is None else f",{end:.2f}"
    return f"/watch/{video_id}#t={link_seconds(start)}{until}"


def player_html(video: Video) -> str:
    """The player of a video, with its captions; a link out where the media is no file here."""
    if is_url(video.source):
        link = escape(moment_link(video.source, 0), quote=True)
        return f"<p><a href='{link}' rel='noreferrer'>{escape(video.title)}</a></p>"
    tag = "video" if video.media == "video" else "audio"
    return (
        f"<{tag} id='player' controls preload='metadata' src='/media/{video.id}' "
        f"data-video-id='{video.id}' aria-label='{escape(video.title, quote=True)}'>"
        f"<track kind='captions' src='/captions/{video.id}' default></{tag}>"
    )


def watch_html(video: Video) -> str:
    """A page of its own for a video; `#t=start,end` is the browser's own business."""
    title = escape(video.title)
    return (
        "<!doctype html><html lang='en'><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width'>"
        f"<title>{title}</title><style>{PLAYER_CSS}</style>"
        f"<main><h1>{title}</h1>{player_html(video)}</main><script>{WATCH_JS}</script></html>"
    )


PLAYER_CSS = """
main { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; font-family: system-ui, sans-serif; }
#player { width: 100%; border-radius: .5rem; }
a[data-citation] { padding: .1rem .5rem; border-radius: 1rem; border: 1px solid currentColor;
  text-decoration: none; white-space: nowrap; font-size: .85em; }
.quotes q { font-style: italic; }
.notice, .hint { opacity: .7; }
"""

WATCH_JS = """
const player = document.getElementById("player");
const seek = () => {
  const start = parseFloat((location.hash.match(/t=([\\d.]+)/) || [])[1]);
  if (player && !isNaN(start)) { player.currentTime = start; player.play().catch(() => {}); }
};
addEventListener("hashchange", seek);
if (player) player.addEventListener("loadedmetadata", seek, {once: true});
"""

CLICK_JS = """
document.addEventListener("click", (event) => {
  const chip = event.target.closest("a[data-citation]");
  const stage = document.getElementById("stage");
  if (!chip || !stage || !chip.dataset.media || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const start = parseFloat(chip.dataset.start);
  let player = document.getElementById("player");
  if (!player || player.dataset.videoId !== chip.dataset.videoId) {
    const fresh = document.createElement(chip.dataset.media);
    fresh.id = "player"; fresh.controls = true; fresh.dataset.videoId = chip.dataset.videoId;
    fresh.setAttribute("aria-label", chip.dataset.title);
    fresh.src = "/media/" + chip.dataset.videoId;
    const track = document.createElement("track");
    track.kind = "captions"; track.src = "/captions/" + chip.dataset.videoId; track.default = true;
    fresh.append(track);
    stage.replaceChildren(fresh);
    player = fresh;
  }
  const play = () => { player.currentTime = start; player.play().catch(() => {}); };
  if (player.readyState >= 1) play();
  else player.addEventListener("loadedmetadata", play, {once: true});
});
"""


def _chip(citation: Citation) -> str:
    """A citation as a link. Without the page's script it opens the watch page, or the site."""
    elsewhere = is_url(citation.source)
    href = (
        moment_link(citation.source, citation.start)
        if elsewhere
        else watch_path(citation.video_id, citation.start, citation.end)
    )
    media = "" if elsewhere else "data-media='video'"
    title = escape(citation.title, quote=True)
    draft = " <small>(draft transcript: listen)</small>" if citation.draft else ""
    return (
        f"<a data-citation {media} data-video-id='{citation.video_id}' "
        f"data-start='{citation.start}' data-end='{citation.end}' data-title=\"{title}\" "
        f'href="{escape(href, quote=True)}">{title} · {clock(citation.start)}</a>{draft}'
    )


def _quote(citation: Citation) -> str:
    return f"<li><q>{escape(citation.quote)}</q> {_chip(citation)}</li>"


def _closest(answer: Answer) -> str:
    if not answer.closest:
        return ""
    moments = "".join(map(_quote, answer.closest))
    return f"<p>Not answered; closest:</p><ul class='quotes'>{moments}</ul>"

"""What programs get: the JSON of the command line, with the page that plays each moment.

The models are there for OpenAPI and for the tools' schemas; `ui.forms` makes the values.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, Field

from playhead.links import is_url
from playhead.types import Answer, Doubt, Hit
from ui.forms import answer_json, hits_json
from ui.web.answers import watch_path
from ui.web.site import Site

Mode = Literal["hybrid", "dense", "bm25"]

_WATCH = "The page that plays it, on this server."
_SECONDS = "Seconds from the start of the media."
_SPEAKERS = "Who speaks, in order; empty where that is not known."
_DOUBT = (
    "Why the recogniser may have made words up: nobody speaks there, they loop, it was hardly "
    "sure. Low-confidence audio: listen."
)


class Moment(BaseModel):
    """Where something was said."""

    video_id: str
    title: str
    segment_id: str
    start: float = Field(description=_SECONDS)
    end: float = Field(description=_SECONDS)
    watch: str = Field(description=_WATCH)


class CitationReply(Moment):
    """The proof of a claim: words that were said, from `start` to `end`."""

    n: int = Field(description="Its mark in the answer.")
    quote: str = Field(description="A sentence of the transcript, whole.")
    speaker: str | None = Field(description="Who says it, where that is known.")
    draft: bool = Field(description="Whether the transcript is rough: listen.")
    doubt: Doubt | None = Field(description=_DOUBT)
    link: str = Field(description="Where the media itself lies; else what `watch` is.")


class ClaimReply(BaseModel):
    """One statement, and the marks of what proves it."""

    text: str
    citations: list[int]


class DroppedReply(BaseModel):
    """A claim of a language model that failed a check, and why."""

    text: str
    reason: str


class PassageReply(Moment):
    """What was read for the answer."""

    score: float
    text: str
    speakers: list[str] = Field(description=_SPEAKERS)
    doubt: Doubt | None = Field(description=_DOUBT)


class AnswerReply(BaseModel):
    """An answer whose every claim is proven, or a refusal (`refused`) with its `reason`."""

    question: str
    refused: bool
    reason: str | None
    engine: str
    notice: str | None
    kind: str = Field(description="`moment`, `summary` or `mentions`.")
    standalone: str | None = Field(description="The question as it was understood, if otherwise.")
    confidence: float = Field(description="0 to 1: how likely the videos answer it at all.")
    way: str | None = Field(description="How a language model was held to its form.")
    answer: str | None = Field(description="The claims as text, with the marks of their proofs.")
    claims: list[ClaimReply]
    citations: list[CitationReply]
    dropped: list[DroppedReply]
    closest: list[CitationReply] = Field(description="Of a refusal: near, but no answer.")
    passages: list[PassageReply]
    timings_ms: dict[str, float]


class ToldReply(BaseModel):
    """An answer as an assistant gets it, who pays for every word: what may be told, and proof."""

    question: str
    refused: bool
    reason: str | None
    notice: str | None
    answer: str | None = Field(description="The claims as text, with the marks of their proofs.")
    claims: list[ClaimReply]
    citations: list[CitationReply]
    closest: list[CitationReply] = Field(description="Of a refusal: near, but no answer.")


class HitReply(Moment):
    """A segment that fits."""

    score: float
    text: str
    speakers: list[str] = Field(description=_SPEAKERS)
    doubt: Doubt | None = Field(description=_DOUBT)
    link: str = Field(description="Where the media itself lies; else what `watch` is.")


class SearchReply(BaseModel):
    """The moments that fit, best first."""

    query: str
    mode: Mode
    hits: list[HitReply]


def answer_reply(answer: Answer, site: Site, base: str = "") -> dict[str, Any]:
    """An `AnswerReply`; `base` is what watch pages' paths are put behind."""
    reply = answer_json(answer)
    for row in (*reply["citations"], *reply["closest"], *reply["passages"]):
        _show(row, site, base)
    return reply


def search_reply(
    query: str, mode: str, hits: Sequence[Hit], site: Site, base: str = ""
) -> dict[str, Any]:
    """A `SearchReply`; `base` is what watch pages' paths are put behind."""
    reply = hits_json(query, mode, hits)
    for row in reply["hits"]:
        _show(row, site, base)
    return reply


def _show(row: dict[str, Any], site: Site, base: str) -> None:
    """Say where to watch it; a path of the server is told to nobody but its own user."""
    row["watch"] = base + watch_path(row["video_id"], row["start"], row["end"])
    if "link" in row and not site.is_local and not is_url(row["link"]):
        row["link"] = row["watch"]

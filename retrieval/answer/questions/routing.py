"""What kind of question it is: about a moment, about whole videos, or about which videos.

Patterns, no model. A question is about a moment unless its words say otherwise: to search for a
moment answers most questions well, and to sum up a video answers few. "Who mentions salt?" asks
for somebody, "When do they mention salt?" for a time, "Where in the video is it mentioned?" for a
place in one video: all these are about moments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from playhead.types import Video
from retrieval.answer.engine import Kind
from retrieval.answer.questions.phrases import (
    BARE_SUMMARIES,
    COURTESIES,
    DETERMINERS,
    EVERYTHING,
    GENERIC_WORD,
    HEDGES,
    MENTIONS,
    RECORDING,
    SAME_WORDS,
    SUMMARIES,
)
from retrieval.bm25 import document_terms, query_terms

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_QUOTED = re.compile(r"[\"“„«](.+?)[\"”“»]")
_PRESENT = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Route:
    """Where a question goes.

    Of mentions, `about` is what is to be mentioned. Of a summary, `title` is what names the video:
    words of its title or of its subject; None means those in play, or all. Where it is not `sure`,
    it is a summary only if `title` names a video of the library by its title ("Sum up Relativity"),
    and about a moment otherwise.
    """

    kind: Kind
    about: str | None = None
    title: str | None = None
    sure: bool = True


MOMENT = Route("moment")


def route_of(question: str) -> Route:
    """What kind a question is of."""
    for text in _readings(question):
        if route := _mentions(text) or _summary(text):
            return route
    return MOMENT


def videos_named(title_words: str, videos: Sequence[Video]) -> list[str]:
    """The ids of the videos that words name: all that count occur in their titles.

    Word forms do not matter ("town halls"), nor words like "video" where they are not in the title.
    Where a title says nothing else, it is that video; otherwise all that have the words.
    """
    for wanted in _wanted(title_words):
        named = {video.id: terms for video in videos if wanted <= (terms := _terms(video.title))}
        if named:
            exact = [video_id for video_id, terms in named.items() if terms == wanted]
            return exact or list(named)
    return []


def subject_of(title_words: str) -> str:
    """What words say of a recording besides that it is one; "" for "the meeting"."""
    words = _united(title_words).split()
    telling = [word for word in words if not GENERIC_WORD.fullmatch(word)]
    return " ".join(telling) if _terms(" ".join(telling)) else ""


def _readings(question: str) -> Iterator[str]:
    """A question as patterns read it: whole, then its last sentence."""
    text = " ".join(question.replace("’", "'").split())
    yield _bare(text)
    *before, last = _SENTENCE_END.split(text)
    if before:
        yield _bare(last)


def _bare(text: str) -> str:
    """Without courtesies, and marks at either end."""
    text = text.strip(" ¿¡.!?…:,;-–—")
    for pattern in (*COURTESIES, *HEDGES):
        text = pattern.sub("", text)
    return text.strip(" .!?…:,;-–—")


def _mentions(text: str) -> Route | None:
    for pattern in MENTIONS:
        if match := pattern.fullmatch(text):
            about = match["about"].strip(" \"'“”„«».,!?")
            return Route("mentions", about=about) if _PRESENT.search(about) else None
    return None


def _summary(text: str) -> Route | None:
    if BARE_SUMMARIES.fullmatch(text):
        return Route("summary")
    for pattern in SUMMARIES:
        if match := pattern.fullmatch(text):
            return _summary_of(match["what"])
    return None


def _summary_of(what: str | None) -> Route:
    """A summary of what is named, if it can be that of a recording."""
    if what is None or EVERYTHING.fullmatch(what.strip()):
        return Route("summary")
    if quoted := _QUOTED.search(what):
        return Route("summary", title=quoted[1], sure=False)
    title = DETERMINERS.sub("", what).strip()
    if RECORDING.fullmatch(title):
        return Route("summary", title=title)
    return Route("summary", title=title, sure=False) if title else Route("summary")


def _wanted(title_words: str) -> Iterator[frozenset[int]]:
    """What must occur in a title: every word that counts, then without those for recordings."""
    for chosen in (_united(title_words), subject_of(title_words)):
        if wanted := frozenset(query_terms(chosen).indices):
            yield wanted


def _terms(title: str) -> frozenset[int]:
    return frozenset(document_terms(_united(title)).indices)


def _united(text: str) -> str:
    """A text in which what is written in several ways is written in one."""
    text = text.casefold().replace("’", "'").replace("'s", "")
    for pattern, word in SAME_WORDS:
        text = pattern.sub(word, text)
    return text

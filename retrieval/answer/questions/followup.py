"""A question that follows on others, understood without them, by rules.

"And what did she say after that?", "why?", "how long?", "what about the salt?", "and in the second
talk?": what is missing is carried over, the subject from the question before and the videos in play
from its answer, and nothing at all where a question has a subject of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Protocol

from playhead.types import Answer, Citation, Video
from retrieval.answer.questions.leaning import Question, is_own, own_words, taken_apart
from retrieval.answer.questions.phrases import RECORDING
from retrieval.answer.questions.routing import Route, route_of, subject_of, videos_named
from retrieval.answer.reading.speakers import without_speaker

MOST_CARRIED = 6
"""So many words of a question before are enough to tell its subject."""

Videos = Callable[[], Sequence[Video]]


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as it is meant.

    `question` stands alone; it is what was asked where nothing is missing. `video_ids` are the
    videos in play; empty where the question does not keep to them. `after` or `before` is the place
    that it asks to go on from (see `retrieval.answer.reading.nearby`); `asks_for` is whether it
    says what for: "what did she say after that about the oven?"; `same_speaker`, whether it is to
    be said by whoever spoke there.
    """

    question: str
    video_ids: tuple[str, ...] = ()
    after: Citation | None = None
    before: Citation | None = None
    asks_for: bool = True
    same_speaker: bool = False


class Rewriter(Protocol):
    """Makes a question that stands alone of one that follows on others."""

    def standalone(self, question: str, turns: Sequence[Answer]) -> str | None:
        """The question as it is to be understood; None where there is nothing better."""


def understood(
    question: str,
    turns: Sequence[Answer],
    rewriter: Rewriter | None = None,
    videos: Videos = tuple,
) -> Understood:
    """What a question means after some others.

    Args:
        question: what is asked now.
        turns: the answers before, oldest first.
        rewriter: writes the question anew where the rules say that it follows on others.
        videos: the videos of the library, asked for only where the question may name one.

    Returns:
        The question as it is meant; itself where it stands alone.
    """
    if not turns:
        return Understood(question)
    text, last = " ".join(question.split()), turns[-1]
    if place := _place(text, last):
        return place
    if wider := _wider(question, text, turns):
        return wider
    asked = taken_apart(text)
    if other := _other_one(asked, turns) or _other_recording(asked, turns, videos):
        return other
    meant = _in_recording(question, asked, turns, videos) or _carried(question, asked, turns)
    follows = meant != Understood(question)
    if follows and rewriter and (new := rewriter.standalone(question, turns)):
        return replace(meant, question=new)
    return meant


# Time: what was said next, or before.

_JUST = r"(?:right |just |straight |immediately )?"
_END = r"(?=\s*(?:[?.!,]|$|\b(?:about|on|regarding|concerning|and|to|with|in)\b))"
_AFTER = re.compile(
    rf"\b(?:{_JUST}after (?:that|this){_END}|afterwards|thereafter|"
    rf"following that|next{_END}|(?:and|what|so) then{_END})|"
    r"^(?:then what|go on|continue|carry on)\b|"
    r"\b(?:danach|als nächstes|(?:und|was) dann)\b|"
    r"\b(?:après(?: ça| cela)?\s*(?:[?.!]|$)|ensuite|et puis\s*(?:[?.!]|$))|"
    r"\b(?:después(?: de eso)?\s*(?:[?.!]|$)|y luego)",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"\b(?:{_JUST}before (?:that|this){_END}|"
    rf"(?:right|just) before{_END}|beforehand|what led (?:up )?to (?:that|this|it))|"
    r"\b(?:davor|vorher)\b|\bavant(?: ça| cela)\s*(?:[?.!]|$)|\bantes(?: de eso)?\s*(?:[?.!]|$)",
    re.IGNORECASE,
)
_TOGETHER = 10.0  # Seconds between two citations of one place, at most.
_SINGLE = re.compile(r"\b(?:he|she|er|sie|il|elle|él|ella)\b|\bt-(?:il|elle)\b", re.IGNORECASE)


def _place(text: str, last: Answer) -> Understood | None:
    """What goes on from the last place that was cited, or leads to it."""
    after = _AFTER.search(text)
    found = after or _BEFORE.search(text)
    if found is None or not last.citations:
        return None
    asks_for = bool(own_words(without_speaker(f"{text[: found.start()]} {text[found.end() :]}")))
    video_id = last.citations[-1].video_id
    place = Understood(
        text, (video_id,), asks_for=asks_for, same_speaker=bool(_SINGLE.search(text))
    )
    if after:
        return replace(place, after=last.citations[-1])
    return replace(place, before=_where_last_begins(last.citations))


def _where_last_begins(citations: Sequence[Citation]) -> Citation:
    """The first of the citations that lie together at the last place."""
    first = citations[-1]
    for citation in reversed(citations[:-1]):
        together = citation.video_id == first.video_id and citation.start < first.start
        if not together or first.start - citation.end > _TOGETHER:
            break
        first = citation
    return first


# Whole videos: the ones in play, unless others are named.

_ALL = re.compile(
    r"\b(?:everything|all|library|collection|videos|recordings|talks|meetings)\b", re.IGNORECASE
)


def _wider(question: str, text: str, turns: Sequence[Answer]) -> Understood | None:
    """A question about whole videos, or which videos; None for one about a moment."""
    route = route_of(text)
    if route.kind == "mentions":
        return _mentions(question, route, turns)
    if route.kind != "summary" or not route.sure:
        return None
    # "What is it about?" and "summarise the talk" mean the videos in play.
    in_play = not _ALL.search(text) and not (route.title and subject_of(route.title))
    return Understood(question, _in_play(turns) if in_play else ())


def _mentions(question: str, route: Route, turns: Sequence[Answer]) -> Understood:
    """Which videos mention it? The subject is carried, but no videos: they are asked for."""
    if route.about is None or own_words(route.about):
        return Understood(question)
    before = turns[-1]
    subject = next(iter(_names(_question_before(before)) or _subject(before)), "")
    start = question.rfind(route.about)
    if not subject or start < 0:
        return Understood(question)
    return Understood(question[:start] + subject + question[start + len(route.about) :])


# Another recording, or this one: "and in the second talk?", "what is said in this video?"

_RECORDING_PHRASE = re.compile(
    r"\b(?:in|at|on|during|from|of) (?P<which>(?:the|this|that|my|our) (?P<title>[^?,]+?))\s*$",
    re.IGNORECASE,
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_ONE = re.compile(
    rf"(?:(?:what|how) about |in |at |of )?the ({'|'.join(_ORDINALS)}) one", re.IGNORECASE
)
_COUNTED_OFF = re.compile(rf"\bthe ({'|'.join(_ORDINALS)}) \w", re.IGNORECASE)
_OTHER = re.compile(r"^(?:the |that )?(?:other|other one)\b", re.IGNORECASE)


def _in_recording(
    question: str, asked: Question, turns: Sequence[Answer], videos: Videos
) -> Understood | None:
    """A question that says in which recording; None where it does not."""
    match = _RECORDING_PHRASE.search(asked.bare)
    if match is None:
        return None
    title = match["title"].strip()
    is_recording = bool(RECORDING.fullmatch(title)) or title.casefold() in ("other one", "other")
    rest = taken_apart(asked.bare[: match.start()]) if match.start() else None
    if not is_recording and rest is not None:
        return None
    named = _which(match["which"], title, turns, videos)
    if rest is not None and rest.bare.casefold() not in ("what about", "how about"):
        # It has words of its own: they may lean on what was asked, too.
        meant = _carried(question, rest, turns) if rest.leans else Understood(question)
        whole = _ended(f"{_bare(meant.question)} {match[0]}") if rest.leans else question
        return replace(meant, question=whole, video_ids=named)
    if not named and not is_recording:
        return None
    return Understood(_moved(_question_before(turns[-1]), match[0], videos), named)


def _moved(before: str, phrase: str, videos: Videos) -> str:
    """The question before; where it names a recording at its end, the phrase stands there."""
    old = _RECORDING_PHRASE.search(_bare(before))
    if old is None:
        return before
    title = old["title"].strip()
    names_one = RECORDING.fullmatch(title) or videos_named(title, videos())
    return _ended(_bare(before)[: old.start()] + phrase) if names_one else before


def _other_one(asked: Question, turns: Sequence[Answer]) -> Understood | None:
    """The same of another: "the first one?" after a question about "the second town hall"."""
    one, before = _ONE.fullmatch(asked.bare), _question_before(turns[-1])
    if one is None or (counted := _COUNTED_OFF.search(before)) is None:
        return None
    return Understood(before[: counted.start(1)] + one[1].casefold() + before[counted.end(1) :])


def _other_recording(asked: Question, turns: Sequence[Answer], videos: Videos) -> Understood | None:
    """The same of a recording that is named: "and the design meeting?"; None for all else."""
    title = _ARTICLE.sub("", asked.other or "").strip()
    before = _question_before(turns[-1])
    kind = route_of(before).kind
    may_be_one = RECORDING.fullmatch(title) or kind == "summary"
    if not title or not may_be_one or not subject_of(title) or kind == "mentions":
        return None
    named = tuple(videos_named(title, videos()))
    if not named:
        return None
    if kind == "summary":
        return Understood(f"Summarise the {title}", named)
    return Understood(_moved(before, f"in the {title}", videos), named)


def _which(which: str, title: str, turns: Sequence[Answer], videos: Videos) -> tuple[str, ...]:
    """The recordings that are meant; none where that cannot be told."""
    cited = list(dict.fromkeys(c.video_id for turn in turns for c in turn.citations))
    if _OTHER.match(which):
        return tuple(video_id for video_id in cited if video_id not in _in_play(turns))
    first, _, rest = title.casefold().partition(" ")
    if first in _ORDINALS and not subject_of(rest):
        place = _ORDINALS.index(first)
        return tuple(cited[place : place + 1])
    if subject_of(title):
        return tuple(videos_named(title, videos()))
    return _in_play(turns)


# The subject: carried where a question has none of its own.


def _carried(question: str, asked: Question, turns: Sequence[Answer]) -> Understood:
    """The question with what it leans on; itself where it leans on nothing."""
    if not asked.leans:
        return Understood(question)
    last, in_play = turns[-1], _in_play(turns)
    if asked.other is not None:
        return Understood(_in_place_of(asked.other, last), in_play)
    if asked.own and asked.persons and not asked.things and not asked.fragment:
        names = [name for name in _names(_question_before(last)) if name not in asked.bare]
        return Understood(_with(question, asked, names[:1]), in_play)
    known = {word.casefold() for word in asked.own}
    subject = [word for word in _subject(last) if word.casefold() not in known]
    return Understood(_with(question, asked, subject), in_play)


def _in_play(turns: Sequence[Answer]) -> tuple[str, ...]:
    """The videos that the last answer cites; none after a refusal."""
    return tuple(dict.fromkeys(citation.video_id for citation in turns[-1].citations))


def _question_before(last: Answer) -> str:
    return last.standalone or last.question


def _subject(last: Answer) -> list[str]:
    """The words of the question before that tell its subject; none of one about whole videos."""
    before = _question_before(last)
    route = route_of(before)
    if route.kind == "summary" and route.sure:
        return []
    return own_words(route.about or before)[:MOST_CARRIED]


_PRONOUN = re.compile(
    r"\b(?:it|they|them|he|she|him|that|this|these|those)\b|\b(?P<of>its|their|his|her)\b",
    re.IGNORECASE,
)


def _with(question: str, asked: Question, subject: Sequence[str]) -> str:
    """A question with a subject: a single word for its pronoun, several behind it."""
    if not subject:
        return question
    pronoun = _PRONOUN.search(asked.bare)
    if len(subject) == 1 and pronoun:
        (word,) = subject
        owner = f"{word}'s" if pronoun["of"] else word
        return _ended(asked.bare[: pronoun.start()] + owner + asked.bare[pronoun.end() :])
    return _ended(f"{asked.bare} ({' '.join(subject)})")


def _bare(text: str) -> str:
    return text.strip().rstrip(" ?!.")


def _ended(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}?"


# "What about the salt?": the question before, with something else in its place.

_DETERMINED = re.compile(r"\b(?:the|a|an|my|your|our|this|that) ([\w'-]+)", re.IGNORECASE)
_COUNTED = re.compile(r"\bhow (?:much|many) ([\w'-]+)", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:the|a|an) ", re.IGNORECASE)
_WITH_PREPOSITION = re.compile(
    r"^(?:in|on|at|for|with|without|during|from|under|by|near|inside|outside|per)\b", re.IGNORECASE
)


def _in_place_of(other: str, last: Answer) -> str:
    """The question before, asked of something else; where its place is not plain, of both."""
    before = _bare(_question_before(last))
    if _WITH_PREPOSITION.match(other):
        return _ended(f"{before} {other}")
    if (names := _names(before)) and _names(f"x {other}"):
        return _ended(before.replace(names[0], _ARTICLE.sub("", other), 1))
    if counted := _COUNTED.search(before):
        return _ended(_replaced(before, counted, _ARTICLE.sub("", other)))
    if determined := _DETERMINED.search(before):
        start = determined.start(0 if _names(f"x {other}") else 1)
        return _ended(before[:start] + _ARTICLE.sub("", other) + before[determined.end(1) :])
    subject = [word for word in _subject(last) if word.casefold() not in other.casefold()]
    return _ended(f"{other} ({' '.join(subject)})" if subject else other)


def _replaced(text: str, match: re.Match[str], other: str) -> str:
    return text[: match.start(1)] + other + text[match.end(1) :]


def _names(text: str) -> list[str]:
    """The runs of words with a capital, but for the first word of a question."""
    words = re.findall(r"[\w'’.-]+", text)[1:]
    runs = groupby(words, key=lambda word: word[0].isupper() and is_own(word))
    return [" ".join(run) for is_name, run in runs if is_name]

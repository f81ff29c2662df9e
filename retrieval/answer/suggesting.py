"""Questions for somebody who has asked none yet: from the library itself, each with its answer.

Candidates are what speakers ask themselves, what their sentences answer, and the subjects that
stand out in one video against the others; then a summary, and which videos mention something. Each
is asked, and stays only if the answer comes from where the question does. No language model is
asked, and the work is bounded, however large the library is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from playhead.types import Answer, Segment, Sentence, Video
from retrieval.answer.answerer import Answerer
from retrieval.answer.extractive import ExtractiveEngine
from retrieval.answer.reading.overview import videos_in
from retrieval.answer.reading.spread import evenly, quotas
from retrieval.answer.reading.subjects import Subject, subjects_of
from retrieval.answer.reading.telling import wording
from retrieval.bm25 import document_terms
from retrieval.search import Searcher
from retrieval.store.protocol import Store
from retrieval.units import Unit, asks, runs_of, unit_text

MAX_SUGGESTIONS = 6
MAX_VIDEOS = 8
"""So many videos are looked into, however many there are."""
MAX_SEGMENTS = 400
TRIES = 12
"""So many candidates of one video and kind are asked."""

_CONFIDENT = 0.5
_ANSWERED_WITHIN = 60.0
_WELL_SAID = 0.8
_CLEAR = 0.6
_SHORTEST, _LONGEST = 4, 12
_ASKS = re.compile(r"(?:why|how|what|when|where|which|who)\b", re.IGNORECASE)
_FILLER = re.compile(r"^(?:(?:and|but|so|now|well|okay|ok|then|uh|um|er)\b[,. ]*)+", re.IGNORECASE)
_POINTS = re.compile(
    r"\b(?:it|its|this|that|these|those|they|them|their|he|she|his|him|her|here|there|i|me|my|we|"
    r"us|our|you|your|u[mh]+|er|one)\b|^(?:why is it that|what happened in)\b",
    re.IGNORECASE,
)
_DO_YOU = re.compile(r"^(how|what|when|where) (?:do|can|should|must) you\b", re.IGNORECASE)
_PLAIN_TITLE = re.compile(r"\w[\w .,'’&()/:+–-]{2,59}")

QuestionOf = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A question, the terms of its subject, and whether an answer is the right one."""

    question: str
    terms: frozenset[int]
    fits: Callable[[Answer], bool]


@dataclass(frozen=True, slots=True)
class _Told:
    """A video, and what of it was read."""

    video: Video
    segments: Sequence[Segment]
    subjects: Sequence[Subject]


def suggested_questions(
    store: Store, searcher: Searcher, question_of: QuestionOf, limit: int = MAX_SUGGESTIONS
) -> list[str]:
    """Questions that the library answers, spread over its videos; the same for the same library.

    Args:
        store: the index.
        searcher: searches that store.
        question_of: a question that a sentence answers; None where there is none.
        limit: at most so many.

    Raises:
        StoreError: the index does not answer.
    """
    told = _read(store)
    trial = _Trial(Answerer(store, searcher, ExtractiveEngine()))
    general = [
        *islice(trial.passing(_summaries(told)), 1),
        *islice(trial.passing(_mentions(told)), 1),
    ]
    special = list(islice(_in_turn(told, trial, question_of), limit - len(general)))
    # The special ones show best what can be asked; the others stand between them.
    for place, question in zip((2, 4), general, strict=False):
        special.insert(place, question)
    return special


def _read(store: Store) -> list[_Told]:
    counts = store.video_counts()
    videos = sorted(videos_in(store, counts), key=lambda video: (video.title, video.id))
    videos = [videos[n] for n in evenly(len(videos), min(len(videos), MAX_VIDEOS))]
    reads = quotas([counts[video.id] for video in videos], MAX_SEGMENTS)
    return [
        _told(store, video, evenly(counts[video.id], read))
        for video, read in zip(videos, reads, strict=True)
    ]


def _told(store: Store, video: Video, ordinals: Sequence[int]) -> _Told:
    found = store.segments([(video.id, ordinal) for ordinal in ordinals])
    segments = [found[key] for key in sorted(found)]
    return _Told(video, segments, subjects_of(segments, store.idf))


class _Trial:
    """Asks candidates, and knows what was suggested already."""

    def __init__(self, answerer: Answerer) -> None:
        self._answerer = answerer
        self._taken: set[int] = set()

    def passing(self, candidates: Iterator[_Candidate]) -> Iterator[str]:
        """The questions that are answered well, about what none before was about."""
        for candidate in islice(candidates, TRIES):
            if candidate.terms & self._taken:
                continue
            answer = self._answerer.ask(candidate.question)
            if _convinces(answer) and candidate.fits(answer):
                self._taken |= candidate.terms
                yield candidate.question


def _convinces(answer: Answer) -> bool:
    """Whether it is an answer, begins with what was surely said and can stand alone, and fits."""
    if answer.refused or answer.confidence < _CONFIDENT:
        return False
    first = answer.citations[0]
    said = Sentence(first.quote, first.start, first.end)
    return first.doubt is None and wording((said,)) >= _CLEAR


def _in_turn(told: Sequence[_Told], trial: _Trial, question_of: QuestionOf) -> Iterator[str]:
    """One question of each video in turn, what is said and what is spoken of by turns."""
    lines = [(trial.passing(_said(of, question_of)), trial.passing(_spoken_of(of))) for of in told]
    turn = 0
    while lines:
        for line in list(lines):
            first, second = line if turn % 2 == 0 else line[::-1]
            question = next(first, None) or next(second, None)
            if question is None:
                lines.remove(line)
            else:
                turn += 1
                yield question


def _said(told: _Told, question_of: QuestionOf) -> Iterator[_Candidate]:
    """What a speaker asks, and what a sentence answers, about subjects of the video."""
    weights = {term: subject.weight for subject in told.subjects for term in subject.terms}
    found: dict[str, tuple[float, _Candidate]] = {}
    for unit in (unit for segment in told.segments for unit in runs_of(segment.sentences)):
        question = _asked(unit) if asks(unit) else _answered(unit, question_of)
        terms = frozenset(document_terms(question or "").indices) & weights.keys()
        if question and terms and _clear(question):
            weight = sum(weights[term] for term in terms)
            candidate = _Candidate(question, terms, _cites(told.video, unit))
            found.setdefault(question, (weight, candidate))
    yield from (candidate for _, candidate in sorted(found.values(), key=lambda one: -one[0]))


def _asked(unit: Unit) -> str:
    """A spoken question as somebody would type it."""
    text = _FILLER.sub("", unit_text(unit)).strip(" \"'“”‘’")
    return text[:1].upper() + text[1:]


def _answered(unit: Unit, question_of: QuestionOf) -> str | None:
    return question_of(unit_text(unit)) if wording(unit) >= _WELL_SAID else None


def _clear(question: str) -> bool:
    """Whether it can be understood by somebody who has not seen the video."""
    words = len(question.split())
    bare = _DO_YOU.sub("", question)
    return bool(
        _SHORTEST <= words <= _LONGEST and _ASKS.match(question) and not _POINTS.search(bare)
    )


def _cites(video: Video, unit: Unit) -> Callable[[Answer], bool]:
    """Whether an answer is what is said in a unit, or soon after."""
    start, end = unit[0].start, unit[-1].end + _ANSWERED_WITHIN

    def fits(answer: Answer) -> bool:
        first = answer.citations[0]
        return first.video_id == video.id and start <= first.start <= end

    return fits


def _spoken_of(told: _Told) -> Iterator[_Candidate]:
    for subject in told.subjects:
        for question in (f"What is said about {subject.text}?", f"Tell me about {subject.text}"):
            yield _Candidate(question, subject.terms, _speaks_of(told.video, subject))


def _speaks_of(video: Video, subject: Subject) -> Callable[[Answer], bool]:
    def fits(answer: Answer) -> bool:
        first = answer.citations[0]
        return first.video_id == video.id and subject.terms <= _terms(first.quote)

    return fits


def _summaries(told: Sequence[_Told]) -> Iterator[_Candidate]:
    """Of one video, the last first: the special questions begin with the first."""
    if len(told) == 1:
        yield _Candidate("What is this video about?", frozenset(), lambda a: a.kind == "summary")
        return
    for one in reversed(told):
        if _PLAIN_TITLE.fullmatch(one.video.title):
            yield _Candidate(f"Summarise “{one.video.title}”", frozenset(), _sums_up(one.video))


def _sums_up(video: Video) -> Callable[[Answer], bool]:
    return lambda answer: {citation.video_id for citation in answer.citations} == {video.id}


def _mentions(told: Sequence[_Told]) -> Iterator[_Candidate]:
    """Subjects of more than one video, but not of all; what stands out most first."""
    shared: dict[frozenset[int], list[Subject]] = {}
    for subject in (subject for one in told for subject in one.subjects):
        shared.setdefault(subject.terms, []).append(subject)
    several = [ones for ones in shared.values() if len(ones) > 1]
    for ones in sorted(several, key=lambda ones: -sum(one.weight for one in ones)):
        yield _Candidate(
            f"Which videos mention {ones[0].text}?",
            ones[0].terms,
            lambda answer: answer.kind == "mentions" and _count_of_videos(answer) > 1,
        )


def _count_of_videos(answer: Answer) -> int:
    return len({citation.video_id for citation in answer.citations})


def _terms(text: str) -> frozenset[int]:
    return frozenset(document_terms(text).indices)

"""Sentences as units of evidence: what is embedded beside a segment, and what can be cited.

A unit is one sentence, or several of one speaker where they are too short to say something alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from playhead.text import join_words, split_words
from playhead.types import Doubt, Segment, Sentence
from retrieval.speakers import speakers_of

Unit = tuple[Sentence, ...]

MIN_UNIT_WORDS = 4
"""Fewer words than this say too little alone ("Yes." "Okay, so."): they are not embedded."""

_QUESTION_MARKS = ("?", "？", "؟")
_AFTER_MARKS = " !\"'”’»)]」』"
_MAX_TAG_WORDS = 2
_WORD = re.compile(r"[^\W_]+")
_SOUND = re.compile(r"m+h*m*|h+m+|[uaoe]+h+|u+h*m+|e+rm*|huh")


def runs_of(sentences: Sequence[Sentence]) -> list[Unit]:
    """Sentences in runs; in order they are the sentences again.

    A sentence that is long enough is a run of its own, so that it is quoted from its own first
    word. Short ones that follow each other go together until they are long enough; but never those
    of two speakers, or a question with what is no question.
    """
    runs: list[Unit] = []
    for sentence in sentences:
        if runs and _goes_on(runs[-1], sentence):
            runs[-1] = (*runs[-1], sentence)
        else:
            runs.append((sentence,))
    return runs


def units_of(sentences: Sequence[Sentence]) -> list[Unit]:
    """The runs of a segment's sentences that are long enough; if none is, the longest."""
    runs = runs_of(sentences)
    units = [run for run in runs if not is_short(run)]
    return units or (runs and [max(runs, key=_length)])


def is_short(unit: Sequence[Sentence]) -> bool:
    """Whether it says too little alone."""
    return _length(unit) < MIN_UNIT_WORDS


def hesitates(unit: Sequence[Sentence]) -> bool:
    """Whether it is mere sound: `Hm.` or `Uh, um.`, say."""
    words = _WORD.findall(unit_text(unit).casefold())
    return bool(words) and all(_SOUND.fullmatch(word) for word in words)


def asks(unit: Sequence[Sentence]) -> bool:
    """Whether it only asks, as far as punctuation tells: `It rises, right?` says something."""
    return all(_is_question(sentence) for sentence in unit)


def doubt_of(sentences: Iterable[Sentence]) -> Doubt | None:
    """Why some of what is said may be made up (the first reason); None where nothing may be."""
    return next((sentence.doubt for sentence in sentences if sentence.doubt), None)


def segment_text(segment: Segment) -> str:
    """What a segment is found by: what is said in it, after who says it."""
    speakers = speakers_of(segment.sentences)
    return f"{', '.join(speakers)}: {segment.text}" if speakers else segment.text


def unit_text(unit: Sequence[Sentence]) -> str:
    """What is said in a unit."""
    return join_words(sentence.text for sentence in unit)


def _goes_on(run: Unit, sentence: Sentence) -> bool:
    speakers = {one.speaker for one in (*run, sentence)} - {None}
    alike = len(speakers) <= 1 and _is_question(run[-1]) == _is_question(sentence)
    return alike and is_short(run) and is_short((sentence,))


def _is_question(sentence: Sentence) -> bool:
    text = sentence.text.rstrip(_AFTER_MARKS)
    return text.endswith(_QUESTION_MARKS) and not _has_tag(text)


def _has_tag(question: str) -> bool:
    """Whether it is a statement with a tag: `, right?`, `, nicht wahr?`; not with a name."""
    _, comma, tag = question.rpartition(",")
    tag = tag.strip()
    return bool(comma) and tag[:1].islower() and len(split_words(tag)) <= _MAX_TAG_WORDS


def _length(unit: Sequence[Sentence]) -> int:
    return len(split_words(unit_text(unit)))

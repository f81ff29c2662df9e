"""Whether a claim says what was said: word by word, without a model.

Vectors cannot judge this: a claim and its opposite lie side by side (`docs/answers.md` has the
figures). So a claim must be readable out of what it cites. All its content must have been said; no
word that carries logic ("not", "only", "if", "might") may be put in or left out; what stands
together in the claim must stand together in the transcript; and it must be said by whom the claim
says. Free paraphrase does not pass, true or not: a model is told to keep to the words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from playhead.text import split_words
from retrieval.answer.checks.lexicon import (
    CONDITIONS,
    FRAMES,
    FREE,
    GUARDS,
    NEGATIONS,
    PARTICLES,
)
from retrieval.answer.checks.reading import Step, read, torn
from retrieval.answer.checks.said import Said
from retrieval.answer.checks.source import Source
from retrieval.answer.checks.tokens import tokens

_TITLES = frozenset(["mr", "mrs", "ms", "dr", "prof", "cllr", "sir"])


def check_support(claim: str, said: Said) -> str | None:
    """Why a claim is not what was said; None if it is."""
    if not _is_english(said):
        return _check_verbatim(claim, said)
    words, source = tokens(claim), Source(said)
    if missing := [word for word in words if not _was_said(word, source, said)]:
        return f"has words that were not said: {', '.join(dict.fromkeys(missing))}"
    if source.has_whole(words):
        return None
    return next(filter(None, _problems(words, source, said)), None)


def _problems(words: Sequence[str], source: Source, said: Said) -> Iterator[str | None]:
    """What each check finds; those after the first look at where the words were said."""
    steps = read(words, source)
    if not steps:
        yield "says nothing of what it cites"
        return
    yield _only_asked(steps, source)
    yield _other_logic(words, steps, source)
    yield _other_speaker(words, steps, source, said)
    yield _other_order(words, steps, source)


def _was_said(word: str, source: Source, said: Said) -> bool:
    named = {part for speaker in said.speakers for part in tokens(speaker)}
    return word in FREE or word in FRAMES or word in named or word in source.places


def _only_asked(steps: Sequence[Step], source: Source) -> str | None:
    """A question tells what was asked, not what is so."""
    asked = [source.sentence[step.place] in source.questions for step in steps]
    if asked[-1] or sum(asked) > len(asked) / 2:
        return "states what was only asked"
    return None


def _other_logic(words: Sequence[str], steps: Sequence[Step], source: Source) -> str | None:
    """Words that carry logic, left out of the clauses that the claim is read from."""
    if left_out := sorted({source.words[place] for place in _guards(steps, source)} - set(words)):
        return f"leaves out: {', '.join(left_out)}"
    clauses = {source.clause[step.place] for step in steps}
    denied = sum(
        word in NEGATIONS and source.clause[place] in clauses
        for place, word in enumerate(source.words)
    )
    if sum(word in NEGATIONS for word in words) != denied:
        return "negates what was said, or leaves a negation out"
    if _denied(words) - _denied(source.words):
        return "negates what was not negated"
    if wrongly := (_denied(source.words) - _denied(words)) & set(words):
        return f"states what was negated: {', '.join(sorted(wrongly))}"
    return None


def _denied(words: Sequence[str]) -> set[str]:
    """The first content word after each negation."""
    found = set()
    for place, word in enumerate(words):
        if word in NEGATIONS:
            found.add(next((w for w in words[place + 1 :] if w not in FREE), ""))
    return found


def _other_order(words: Sequence[str], steps: Sequence[Step], source: Source) -> str | None:
    pairs = torn(words, steps, source)
    joined = "; ".join(f"{one!r} and {other!r}" for one, other in pairs)
    return f"puts together what was not said together: {joined}" if pairs else None


def _guards(steps: Sequence[Step], source: Source) -> Iterator[int]:
    """Where words that carry logic stand: a condition in the sentence, others in the clause."""
    places = {step.place for step in steps}
    clauses = {source.clause[place] for place in places}
    sentences = {source.sentence[place] for place in places} - source.questions
    for place, word in enumerate(source.words):
        if word not in GUARDS or source.sentence[place] not in sentences:
            continue
        if word in CONDITIONS:
            yield place
        elif word in PARTICLES:
            if place - 1 in places:
                yield place
        elif source.clause[place] in clauses:
            yield place


def _other_speaker(
    words: Sequence[str], steps: Sequence[Step], source: Source, said: Said
) -> str | None:
    """A speaker whom the claim names, but who did not say most of what it is read from."""
    by = [source.by[step.place] for step in steps]
    main = max(set(by), key=by.count)
    for speaker in said.speakers:
        name = [part for part in tokens(speaker) if part not in _TITLES]
        named = bool(name) and all(part in words for part in name)
        if named and speaker != main and not all(part in source.places for part in name):
            return f"puts it in the mouth of {speaker}"
    return None


def _is_english(said: Said) -> bool:
    """As its video says; where that is not known, by how many of its words are English ones."""
    if said.language:
        return said.language.split("-")[0].casefold() == "en"
    words = [word for word in said.text.casefold().split() if word.isalpha()]
    return sum(word in FREE or word in GUARDS for word in words) >= len(words) / 5


def _check_verbatim(claim: str, said: Said) -> str | None:
    """In other languages only what was said word for word can be proven."""
    spoken = f" {' '.join(_bare(said.text))} "
    if f" {' '.join(_bare(claim))} " in spoken:
        return None
    return "is not said word for word, and only English can be judged otherwise"


def _bare(text: str) -> list[str]:
    found = ("".join(c for c in word if c.isalnum()) for word in split_words(text.casefold()))
    return [word for word in found if word]

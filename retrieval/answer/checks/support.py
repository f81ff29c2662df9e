"""Whether a claim says what was said: word by word, without a model.

Vectors cannot judge this: a claim and its opposite lie side by side (`docs/answers.md` has the
figures). So a claim must be readable out of what it cites. All its content must have been said; no
word that carries logic ("not", "only", "if", "might") may be put in or left out; what stands
together in the claim must stand together in the transcript; and it must be said by whom the claim
says. Free paraphrase does not pass, true or not: a model is told to keep to the words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import takewhile

from playhead.text import split_words
from retrieval.answer.checks.lexicon import (
    BREAKS,
    CONDITIONS,
    FRAMES,
    FREE,
    GUARDS,
    NEGATIONS,
    PARTICLES,
    PRONOUNS,
)
from retrieval.answer.checks.reading import Step, begun_late, read, torn
from retrieval.answer.checks.said import ENGLISH_CODE, Said
from retrieval.answer.checks.slots import altered
from retrieval.answer.checks.source import Source
from retrieval.answer.checks.tokens import tokens

_TITLES = frozenset(["mr", "mrs", "ms", "dr", "prof", "cllr", "sir"])


def check_support(claim: str, said: Said) -> str | None:
    """Why a claim is not what was said; None if it is."""
    if said.language != ENGLISH_CODE:
        return _check_verbatim(claim, said)
    words, source = tokens(claim), Source(said)
    named = {part for speaker in said.speakers for part in tokens(speaker)}
    if missing := [word for word in words if word not in named and not _was_said(word, source)]:
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
    yield begun_late(words, steps, source)
    yield altered(words, steps, source)


def _was_said(word: str, source: Source) -> bool:
    return word in FREE or word in FRAMES or word in source.places


def _named(words: Sequence[str], source: Source, said: Said) -> dict[str, list[int]]:
    """The speakers whose names a claim has, whole, where they are not said; and where it has them.

    A place is that of a name's last word.
    """
    found: defaultdict[str, list[int]] = defaultdict(list)
    for speaker in said.speakers:
        name = [part for part in tokens(speaker) if part not in _TITLES]
        if name and not all(part in source.places for part in name):
            for end in range(len(name), len(words) + 1):
                if list(words[end - len(name) : end]) == name:
                    found[speaker].append(end - 1)
    return dict(found)


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
    wrongly = (_denied(source.words) - _denied(words)) & set(words)
    wrongly |= {tail for tail in _denied_tails(source.words) if _bare_in(tail, words)}
    if wrongly:
        return f"states what was negated: {', '.join(sorted(wrongly))}"
    return None


def _denied(words: Sequence[str]) -> set[str]:
    """The first content word after each negation."""
    found = set()
    for place, word in enumerate(words):
        if word in NEGATIONS:
            found.add(next((w for w in words[place + 1 :] if w not in FREE), ""))
    return found


def _denied_tails(words: Sequence[str]) -> Iterator[str]:
    """Negated clauses without content: the "now" of "…, not now", the "that is" of "that isn't"."""
    for place, word in enumerate(words):
        if word in NEGATIONS:
            tail = list(takewhile(lambda after: after not in BREAKS, words[place + 1 :]))
            tail = tail or list(words[max(0, place - 2) : place])
            if tail and all(part in FREE for part in tail):
                yield " ".join(tail)


def _bare_in(tail: str, words: Sequence[str]) -> bool:
    """Whether a claim has these words as the end of a clause, and not negated."""
    parts = tail.split()
    return any(
        list(words[start : start + len(parts)]) == parts
        and words[start - 1] not in NEGATIONS
        and all(word in BREAKS for word in words[start + len(parts) :][:1])
        for start in range(1, len(words) - len(parts) + 1)
    )


def _other_order(words: Sequence[str], steps: Sequence[Step], source: Source) -> str | None:
    pairs = torn(words, steps, source)
    joined = "; ".join(f"{one!r} and {other!r}" for one, other in pairs)
    return f"puts together what was not said together: {joined}" if pairs else None


def _guards(steps: Sequence[Step], source: Source) -> Iterator[int]:
    """Where words that carry logic stand, which the claim must have.

    A condition in the sentence, an "or" beside a word that is read, others in its clause.
    """
    places = {step.place for step in steps}
    clauses = {source.clause[place] for place in places}
    sentences = {source.sentence[place] for place in places} - source.questions
    for place, word in enumerate(source.words):
        if source.sentence[place] not in sentences:
            continue
        if word in CONDITIONS:
            yield place
        elif word == "or":
            if places.intersection(source.around(place)):
                yield place
        elif word in PARTICLES:
            if source.governor(place) in places:
                yield place
        elif source.clause[place] in clauses and (word in GUARDS or source.likens(place)):
            yield place


def _other_speaker(
    words: Sequence[str], steps: Sequence[Step], source: Source, said: Said
) -> str | None:
    """A speaker whom the claim names, but who does not say it, or of whom it was not said.

    A name stands for the speaker's "I", or says whose words they are, until the next name.
    """
    named = _named(words, source, said)
    whole = {part for speaker in named for part in tokens(speaker)} | _TITLES
    if parts := [word for word in words if word not in whole and not _was_said(word, source)]:
        return f"names in part: {', '.join(parts)}"
    if "i" in words and len({source.by[step.place] for step in steps}) > 1:
        return 'says "I" of several speakers'
    ends = sorted(place for places in named.values() for place in places)
    for speaker, places in named.items():
        for place in places:
            until = next((end for end in ends if end > place), len(words))
            then = [step for step in steps if place < step.position < until]
            if any(source.by[step.place] != speaker for step in then or steps):
                return f"puts it in the mouth of {speaker}"
            frames = FRAMES.intersection(words[place + 1 : place + 3])
            frames |= {"accord"}.intersection(words[:place])
            if not frames and not (then and _stands_for_i(words, place, then[0], source)):
                return f"says of {speaker} what was not said of them"
    return None


def _stands_for_i(words: Sequence[str], name: int, step: Step, source: Source) -> bool:
    """Whether a claim has a speaker's name where the speaker says "I" or "we"."""
    between = words[name + 1 : step.position]
    own = any(word in PRONOUNS or word in BREAKS for word in between)
    return not own and source.first_person_before(step.place)


def _check_verbatim(claim: str, said: Said) -> str | None:
    """In other languages only what was said word for word can be proven."""
    spoken = f" {' '.join(_bare(said.text))} "
    if f" {' '.join(_bare(claim))} " in spoken:
        return None
    return "is not said word for word, and only English can be judged otherwise"


def _bare(text: str) -> list[str]:
    found = ("".join(c for c in word if c.isalnum()) for word in split_words(text.casefold()))
    return [word for word in found if word]

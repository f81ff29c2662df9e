"""Whether somebody whom a claim makes say, ask or think something did so.

Whoever speaks the cited sentences may be said to say them; of anybody else the sentences must say
so themselves ("Bob told us that …").
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from retrieval.answer.checks.said import Said
from retrieval.answer.checks.vocabulary import word_set
from retrieval.answer.checks.words import Token, stem, tokens_of

_SAYS = word_set(
    """
    say says said saying ask asks asked asking tell tells told telling think thinks thought
    thinking believe believes believed explain explains explained mention mentions mentioned
    suggest suggests suggested argue argues argued claim claims claimed note notes noted
    reply replies replied answer answers answered state states stated announce announces
    announced warn warns warned insist insists insisted admit admits admitted recommend
    recommends recommended propose proposes proposed promise promises promised complain
    complains complained agree agrees agreed remark remarks remarked report reports reported
    conclude concludes concluded wonder wonders wondered deny denies denied confirm confirms
    confirmed feel feels felt hope hopes hoped describe describes described sagt sagte fragt
    fragte meint meinte erklärt erklärte glaubt glaubte denkt dachte dit demande explique
    pense croit répond dice dijo pregunta explica piensa cree diz disse pergunta pensa
    chiede spiega crede zegt zei vraagt vroeg denkt dacht legt
    """
)
ANYBODY = word_set(
    """
    speaker speakers presenter narrator host instructor lecturer teacher person people man
    woman men women somebody someone everybody everyone nobody one voice tutor trainer
    author guest participant participants member members team sprecher sprecherin redner
    """
)
_BETWEEN = word_set(
    """
    also then again now just only later even still always often never has have had is was
    were be been does did do will would may can not
    """
)  # fmt: skip
_PASSIVE = frozenset({"was", "were", "been", "is", "are", "be"})
_OPINIONS = word_set(
    """
    view opinion idea words question claim suggestion advice answer
    """
)
_PRONOUNS = frozenset({"he", "she", "they"})
_MAX_SUBJECT = 4
_NEAR = 6


def attributed(tokens: Sequence[Token]) -> list[tuple[int, ...]]:
    """Whom a text makes say, ask or think something: the tokens of each name or noun."""
    return [subject for subject in _subjects(tokens) if subject]


def check_attribution(claim: str, said: Said) -> str | None:
    """Why what a claim has somebody say was not said by them; None if it was."""
    tokens = tokens_of(claim)
    for subject in attributed(tokens):
        names = [tokens[n] for n in subject]
        told = any(_is_told(names, text) for text in said.texts)
        if not told and not _speaks(names, tokens[subject[-1] + 1 :], said):
            return f"attributes it to somebody who did not say it: {' '.join(t.raw for t in names)}"
    return None


def _subjects(tokens: Sequence[Token]) -> Iterator[tuple[int, ...]]:
    for at, token in enumerate(tokens):
        if token.text in _SAYS and at:
            yield _before(tokens, at)
            after = at + 1
            if token.breaks and after < len(tokens) and not tokens[after].breaks:
                yield _from(tokens, after)
        elif token.text == "to" and at and tokens[at - 1].text == "according":
            yield _from(tokens, at + 1)
        elif token.text in _OPINIONS and at and tokens[at - 1].text.endswith("'s"):
            yield _before(tokens, at)
        elif at and token.gap.startswith(":") and at <= _MAX_SUBJECT:
            yield _before(tokens, at, capital=True)


def _before(tokens: Sequence[Token], at: int, *, capital: bool = False) -> tuple[int, ...]:
    """The words before a verb that say who: up to a mark or function word."""
    begin = at
    while begin > 0 and _skips(tokens[begin - 1]) and not tokens[begin].breaks:
        begin -= 1
    if tokens[at].text.endswith(("ed", "id", "ld")) and any(
        token.text in _PASSIVE for token in tokens[begin:at]
    ):
        return ()  # "Bob was asked": somebody else asks.
    end = begin
    while begin > 0 and end - begin < _MAX_SUBJECT:
        if begin < len(tokens) and begin != at and tokens[begin].breaks and begin != end:
            break
        if not _is_content(tokens[begin - 1]):
            break
        begin -= 1
    return _somebody(tokens, tuple(range(begin, end)), capital=capital)


def _skips(token: Token) -> bool:
    return token.text in _BETWEEN or (token.text.endswith("ly") and token.raw.islower())


def _from(tokens: Sequence[Token], at: int) -> tuple[int, ...]:
    """The capitalised words from here, past an article."""
    while at < len(tokens) and tokens[at].text in {"the", "a", "an"}:
        at += 1
    end = at
    while end < len(tokens) and end - at < _MAX_SUBJECT and tokens[end].raw[0].isupper():
        if end > at and tokens[end].breaks:
            break
        end += 1
    return _somebody(tokens, tuple(range(at, end)), capital=True)


def _somebody(
    tokens: Sequence[Token], places: tuple[int, ...], *, capital: bool
) -> tuple[int, ...]:
    """Those places, unless it is nobody in particular."""
    named = any(tokens[n].raw[0].isupper() and n > 0 for n in places)
    if any(tokens[n].is_number for n in places) and not any(
        tokens[n].raw[0].isupper() for n in places
    ):
        return ()  # "60 percent said": nobody in particular.
    if capital and not all(tokens[n].raw[0].isupper() for n in places):
        return ()
    if not named and all(bare(tokens[n].text) in ANYBODY for n in places):
        return ()
    return tuple(n for n in places if bare(tokens[n].text) not in ANYBODY)


def _is_content(token: Token) -> bool:
    capital = token.raw[0].isupper() and len(token.raw) > 1
    return (stem(token.text) is not None or (capital and token.text == "will")) and (
        token.text not in {"he", "she", "they", "we", "you", "it", "i", "who", "there", "here"}
    )


def _speaks(names: Sequence[Token], told: Sequence[Token], said: Said) -> bool:
    """Whether they speak the cited sentences: all words told of these are in theirs."""
    wanted = {bare(token.text) for token in names}
    own, others = set[int | None](), set[int | None]()
    found = False
    for text, speaker in zip(said.texts, said.by, strict=False):
        theirs = speaker and wanted <= {bare(token.text) for token in tokens_of(speaker)}
        found = found or bool(theirs)
        (own if theirs else others).update(stem(token.text) for token in tokens_of(text))
    return found and not ({stem(token.text) for token in told} & (others - own))


def _is_told(names: Sequence[Token], text: str) -> bool:
    """Whether a text says that they say, ask or think something."""
    tokens = tokens_of(text)
    wanted = {bare(token.text) for token in names}
    for at, token in enumerate(tokens):
        if token.gap.startswith(":") and wanted <= {bare(t.text) for t in tokens[:at]}:
            return True
        told = token.text in _SAYS or (token.text == "to" and tokens[at - 1].text == "according")
        if told or token.text in _OPINIONS:
            near = 0 if at and tokens[at - 1].text in _PRONOUNS else max(0, at - _NEAR)
            before = {bare(t.text) for t in tokens[near:at]}
            after = {bare(t.text) for t in tokens[at + 1 : at + 1 + len(names)]}
            if wanted <= before or (wanted <= after and (token.breaks or token.text == "to")):
                return True
    return False


def bare(text: str) -> str:
    """A word as names are compared: without accents and possessive."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return letters.removesuffix("'s").removesuffix("'")

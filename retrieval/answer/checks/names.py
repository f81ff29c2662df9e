"""Whether a claim's names are those that were said, and do there what was said of them.

A name is a capitalised word: in a sentence any, at its beginning one that is no function word and
was not said as a common word; further acronyms, brands such as iPhone, and words of a script that
what was said is not in. Names must have been said letter by letter, but for accents, possessives
and plurals. Where several were said they must not change places, and nobody may be made to say
what another said. German writes every noun with a capital: there each of them must have been
said, with an ending less or more. Days and months are left to the numbers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from retrieval.answer.checks import vocabulary as words
from retrieval.answer.checks.attribution import ANYBODY, attributed, bare, check_attribution
from retrieval.answer.checks.quantities import language_of
from retrieval.answer.checks.said import Said
from retrieval.answer.checks.words import Token, stem, tokens_of

NOT_SAID = "has names that were not said"
TOGETHER = "brings names together otherwise than was said"
_BEGINNING = re.compile(r'[.!?:"…\n]|>>')
_HIDDEN = re.compile(
    "[\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
    "|(?<=[A-Za-z\u00c0-\u052f])[\u200c\u200d]"
)
"""Characters that part a word unseen; joiners are letters' own in some scripts."""
_I = frozenset({"i", "i'm", "i've", "i'd", "i'll", "ok", "okay"})
_NEVER_FIRST = frozenset({"will", "may", "mark", "bill"})
"""Function words and verbs that begin no statement: there they are names."""
_FIRST_PERSON = words.word_set(
    """
    i i'm i've i'd i'll we we're we've we'd we'll my our me us mine ours let's ich wir mein
    unser je j'ai nous mon notre yo nosotros mi nuestro
    """
)  # fmt: skip
_TITLES = words.word_set("mr mrs ms dr prof sir cllr")
_PREPOSITIONS = words.word_set(
    "in of to for from at with before after on about without against over"
)
_STARTERS = words.word_set(
    """
    according whether rather since around thanks anyone beyond currently apart contrary
    although though unless until despite during before after because besides between both
    each either every everyone everybody everything few many most much neither nobody none
    nothing several some somebody someone something such than them themselves there these
    those through thus together too under unlike up upon using via what whatever when
    whenever where wherever which while who whoever why with within without yet again ago
    almost already also always among another any anybody anything as at away back behind
    below beside but by down else even ever far finally first further hence here how however
    if in indeed instead into it its just last later least less like maybe more moreover
    namely next now of off often on once one only or other others otherwise our out over own
    per perhaps second so sometimes soon still then therefore third to today tomorrow toward
    towards tonight two three four five six seven eight nine ten usually yesterday your my
    his her their him she he they we you i me us not no all about above across along against
    was were is are be been being has have had do does did can could should would must might
    well yes oh um
    """
)
_ENDINGS = (frozenset({"", "s", "es", "ed", "d", "ing", "ly"}), frozenset({"e", "es", "ed", "ing"}),
            frozenset({"y", "ies", "ied", "ying"}))  # fmt: skip
_GERMAN_WITH_EN = ("ung", "heit", "keit", "schaft", "ion", "at", "ent")
_MIN_GERMAN = 4
_LINKS = frozenset({"and", "or", "&", "und", "et", "y", "e", "en", "oder", "ou", "with"})
_FUNCTION = {
    "de": "der die das ein eine einen einem einer eines und oder aber wenn weil dass ob als wie "
    "was wer wo wann warum in im an am auf aus bei beim mit nach von vom vor zu zum zur für "
    "über unter durch gegen ohne um wegen seit während es er sie wir ihr ich du man sich "
    "ist sind war waren wird werden hat haben kann muss soll nicht kein keine nur auch noch "
    "schon dann danach dort hier so sehr mehr alle alles jeder diese dieser dieses jetzt "
    "heute zuerst damit dabei da",
    "fr": "le la les l un une des du de d et ou mais si quand que qui où comme dans en sur sous "
    "avec sans pour par chez il elle ils elles on nous vous je tu ce cette ces c'est son sa "
    "ses leur est sont était a ont ne pas plus très aussi alors puis après avant pendant "
    "ici là tout tous il",
    "es": "el la los las un una unos y o pero si cuando que quien donde como en con sin para por "
    "de del al a es son era fue ha han no se su sus este esta esto hay muy más también "
    "entonces después antes durante aquí todo todos ella él ellos nosotros usted lo le",
    "pt": "o a os as um uma e ou mas se quando que quem onde como em no na nos nas com sem para "
    "por de do da ao é são era foi tem não seu sua este esta isso há muito mais também "
    "então depois antes durante aqui tudo todos ele ela eles nós",
    "it": "il lo la i gli le l un uno una e o ma se quando che chi dove come in con senza per da "
    "di del della al alla è sono era ha hanno non si suo sua questo questa c'è molto più "
    "anche poi dopo prima durante qui tutto tutti lui lei loro noi",
    "nl": "de het een en of maar als wanneer dat wie waar hoe in op aan met zonder voor door van "
    "bij naar uit over onder is zijn was waren heeft hebben kan moet niet geen ook nog dan "
    "daarna hier er deze dit die alle alles hij zij ze we wij ik je men",
    "da": "den det de en et og eller men hvis når at hvem hvor som i på med uden for af til fra "
    "ved er var har kan skal ikke også så her der han hun vi jeg man",
}
FUNCTION_WORDS = {code: frozenset(line.split()) for code, line in _FUNCTION.items()}
_DAYS = frozenset(
    name for table in (words.MONTHS, words.WEEKDAYS) for names in table.values() for name in names
) | set(words.SHORT_MONTHS) | set(words.SHORT_WEEKDAYS)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Name:
    """A name in a claim: its token, and whether it begins a sentence."""

    at: int
    token: Token
    first: bool


def check_names(claim: str, said: Said) -> str | None:
    """Why a claim's names are not those of what was said; None if they are.

    Args:
        claim: what a model states.
        said: the sentences that it cites; their speakers and titles may be named too.
    """
    if _HIDDEN.search(claim):
        return "has names with characters in them that cannot be seen"
    language = language_of(said.language)
    tokens = _whole(claim)
    known = (*said.texts, *said.speakers, *said.titles)
    sources = [read(text) for text in known for read in (_whole, tokens_of)]
    names = list(_names(tokens, language, said))
    missing = [n.token.raw for n in names if not _was_said(n, sources, language)]
    missing += list(_foreign(tokens, sources))
    if missing:
        return f"{NOT_SAID}: {', '.join(dict.fromkeys(missing))}"
    if problem := check_attribution(claim, said):
        return problem
    spoken = _whole("\n".join(said.texts))
    named = [n for n in names if _is_name(n, spoken)]
    return _misplaced(named, tokens, spoken, sources, said)


# --- which names a claim has


def _names(tokens: Sequence[Token], language: str, said: Said) -> Iterator[_Name]:
    lower = {t.raw for text in said.texts for t in _whole(text) if t.raw.islower()}
    for at, token in enumerate(tokens):
        if not any(c.isupper() for c in token.raw) or token.text in _I or _is_date(tokens, at):
            continue
        first = at == 0 or bool(_BEGINNING.search(token.gap))
        name = _Name(at, token, first)
        plain = token.raw[1:].islower() or len(token.raw) == 1
        if first and plain and _is_common(token, lower, language):
            continue
        if not plain and _is_function(token.text, language):
            continue  # A claim in capitals.
        yield name


def _is_date(tokens: Sequence[Token], at: int) -> bool:
    text = tokens[at].text
    if text not in _DAYS:
        return False
    if text in {"may", "march", "mark", "sun", "sat", "mars", "mon", "jan"}:
        beside = [tokens[n] for n in (at - 1, at + 1) if 0 <= n < len(tokens)]
        dated = any(t.is_number or t.text in {"in", "of", "the", "last", "next"} for t in beside)
        return dated or any(stem(t.text) is None for t in beside)
    return True


def _is_common(token: Token, lower: set[str], language: str) -> bool:
    """Whether a first word is no name: a function word, or said as a common word."""
    if token.text in _NEVER_FIRST and language == words.ENGLISH:
        return token.text in lower and token.text not in {"will", "may"}
    if _is_function(token.text, language):
        return True
    return any(_inflected(bare(token.text), bare(word)) for word in lower)


def _is_function(text: str, language: str) -> bool:
    if language == words.ENGLISH:
        return stem(text) is None or text in _STARTERS
    return text in FUNCTION_WORDS[language]


def _inflected(one: str, other: str) -> bool:
    """Whether two are forms of one common word: `add`, `adding`; never `Simon`, `Simone`."""
    if one == other:
        return True
    common = 0
    while common < min(len(one), len(other)) and one[common] == other[common]:
        common += 1
    if common < 2:  # noqa: PLR2004
        return False
    for cut in range(max(2, common - 1), common + 1):
        ends = {one[cut:], other[cut:]}
        if any(ends <= endings for endings in _ENDINGS):
            return True
    doubled = one[common:], other[common:]
    last = one[common - 1]
    return ("" in doubled) and any(e in {f"{last}ing", f"{last}ed"} for e in doubled)


def _foreign(tokens: Sequence[Token], sources: Sequence[Sequence[Token]]) -> Iterator[str]:
    """Words of a script that nothing said is in, or of two scripts at once."""
    said = {script for source in sources for t in source for script in _scripts(t.text)}
    known = {t.text for source in sources for t in source}
    for token in tokens:
        scripts = _scripts(token.text)
        if (scripts - said or len(scripts) > 1) and token.text not in known and not token.is_number:
            yield token.raw


def _scripts(text: str) -> set[str]:
    return {unicodedata.name(c, "?").split()[0] for c in text if c.isalpha() and c not in "ªº"} - {
        "MODIFIER"
    }


# --- whether they were said


def _was_said(name: _Name, sources: Sequence[Sequence[Token]], language: str) -> bool:
    wanted = bare(name.token.text)
    for source in sources:
        texts = [bare(token.text) for token in source]
        if any(_alike(wanted, text) for text in texts):
            return True
        if any(one + other == wanted for one, other in pairwise(texts)):
            return True
        if language == "de" and any(_german(wanted, text) for text in texts):
            return True
        if name.first and any(
            _inflected(wanted, text)
            for text, token in zip(texts, source, strict=True)
            if token.raw.islower() or token.begins or token is source[0]
        ):
            return True
    return False


def _alike(one: str, other: str) -> bool:
    """Whether two are one name, in the singular or plural."""
    return one == other or one in {f"{other}s", f"{other}es"} or other in {f"{one}s", f"{one}es"}


def _german(one: str, other: str) -> bool:
    """Whether two are one German noun in two cases or numbers."""
    return bool(_german_stems(one) & _german_stems(other))


def _german_stems(noun: str) -> set[str]:
    """A noun, and without an ending; `Hansen` is not Hans."""
    stems = {noun} | {noun.removesuffix(ending) for ending in ("s", "es")}
    if noun.endswith("en"):
        stems |= {noun[:-1]} | ({noun[:-2]} if noun[:-2].endswith(_GERMAN_WITH_EN) else set())
    return {found for found in stems if len(found) >= _MIN_GERMAN}


def _whole(text: str) -> list[Token]:
    """Tokens in which `U.S.` and `U S B` are one word."""
    joined: list[Token] = []
    spelling = False
    for token in tokens_of(text):
        letter = len(token.raw) == 1 and token.raw.isupper()
        ends = len(token.raw) == 2 and token.raw[0].isupper() and token.raw[1] == "s"  # noqa: PLR2004
        if spelling and (letter or ends) and token.gap in {".", " "} and token.raw != "I":
            raw = joined[-1].raw + token.raw
            joined[-1] = Token(raw, raw.casefold(), joined[-1].gap)
        else:
            joined.append(token)
            spelling = False
        spelling = letter and token.raw != "I"
    return joined


# --- whether they stand where they were said


def _is_name(name: _Name, spoken: Sequence[Token]) -> bool:
    """Whether it was said as a name: with a capital that no sentence's beginning explains."""
    wanted = bare(name.token.text)
    if name.first:
        lower = any(t.raw.islower() and _alike(wanted, bare(t.text)) for t in spoken)
        return not lower
    return True


def _misplaced(
    names: Sequence[_Name],
    tokens: Sequence[Token],
    spoken: Sequence[Token],
    sources: Sequence[Sequence[Token]],
    said: Said,
) -> str | None:
    """Why names do not stand where they were said."""
    texts = {bare(token.text) for token in spoken}
    here = [n for n in names if any(_alike(bare(n.token.text), text) for text in texts)]
    if speaker := _of_the_speaker(names, here, tokens, spoken, said):
        return f"says of a speaker what was not said so: {speaker}"
    groups = _groups([n.at for n in here], tokens)
    said_groups = _groups(_said_names(here, spoken), spoken)
    for one, other in _joined_otherwise(groups, tokens, said_groups, spoken, sources):
        return f"{TOGETHER}: {tokens[one].raw}, {tokens[other].raw}"
    return None


def _said_names(names: Sequence[_Name], spoken: Sequence[Token]) -> list[int]:
    """Where names were said, those of the claim and others."""
    known = {bare(n.token.text) for n in names}
    cased = any(token.raw[0].isupper() for token in spoken)
    return [n for n, t in enumerate(spoken) if _is_said_name(n, t, known, cased=cased)]


def _joined_otherwise(
    groups: Sequence[Sequence[int]],
    tokens: Sequence[Token],
    said_groups: Sequence[Sequence[int]],
    spoken: Sequence[Token],
    sources: Sequence[Sequence[Token]],
) -> Iterator[tuple[int, int]]:
    """Pairs of names that follow each other in a claim and not in what was said."""
    for group in groups:
        for one, other in pairwise(group):
            pair = (bare(tokens[one].text), bare(tokens[other].text))
            together = any(_covers(found, set(pair), spoken) for found in said_groups)
            beside = other == one + 1 and not tokens[other].breaks
            if not together or (beside and not any(_beside(pair, s) for s in sources)):
                yield one, other
    for first, second in pairwise(groups):
        if not _follow(first, second, tokens, said_groups, spoken):
            yield first[-1], second[0]


def _of_the_speaker(
    names: Sequence[_Name],
    here: Sequence[_Name],
    tokens: Sequence[Token],
    spoken: Sequence[Token],
    said: Said,
) -> str | None:
    """A speaker in a claim who was not named, says nothing there, and spoke not of themselves."""
    of_themselves = any(token.text in _FIRST_PERSON for token in spoken)
    speakers = {bare(t.text) for speaker in said.speakers for t in tokens_of(speaker)}
    titles = {bare(t.text) for title in said.titles for t in tokens_of(title)}
    telling = {tokens[n].text for subject in attributed(tokens) for n in subject}
    for name in names:
        text = bare(name.token.text)
        unsaid = name not in here and text not in titles and name.token.text not in telling
        if not unsaid or name.token.text in ANYBODY:
            continue
        if text in speakers and not (of_themselves and _is_subject(name.at, tokens, speakers)):
            return name.token.raw
    return None


def _is_subject(at: int, tokens: Sequence[Token], speakers: set[str]) -> bool:
    """Whether a name may be who does something: it stands after no preposition but "by"."""
    while at > 0 and (bare(tokens[at - 1].text) in speakers or tokens[at - 1].text in _TITLES):
        at -= 1
    at -= at > 0 and tokens[at - 1].text == "the"
    return at == 0 or tokens[at].breaks or tokens[at - 1].text not in _PREPOSITIONS


def _follow(
    one: Sequence[int],
    other: Sequence[int],
    tokens: Sequence[Token],
    said_groups: Sequence[Sequence[int]],
    spoken: Sequence[Token],
) -> bool:
    """Whether two groups of names follow each other in what was said, with the same in between."""
    pair = [{bare(tokens[n].text) for n in group} for group in (one, other)]
    if any(token.begins for token in tokens[one[-1] + 1 : other[0] + 1]):
        before, after = ([g[0] for g in said_groups if _covers(g, p, spoken)] for p in pair)
        return not before or not after or min(before) <= max(after)
    between = {stem(token.text) for token in tokens[one[-1] + 1 : other[0]]} - {None}
    anywhere = {stem(token.text) for token in spoken}
    for first, second in pairwise(said_groups):
        if not _covers(first, pair[0], spoken) or not _covers(second, pair[1], spoken):
            continue
        start, end = first[0], second[-1]
        crosses = [n for n in range(first[-1] + 1, second[0] + 1) if spoken[n].begins]
        if any(_might_be_named(spoken, n) for n in crosses if n < second[0]):
            continue
        if not (between & anywhere) - {stem(token.text) for token in spoken[start : end + 1]}:
            return True
    return False


def _might_be_named(spoken: Sequence[Token], at: int) -> bool:
    """Whether a sentence begins with a word that may be somebody else's name."""
    token = spoken[at]
    return token.raw[0].isupper() and token.text not in _STARTERS and stem(token.text) is not None


def _is_said_name(at: int, token: Token, known: set[str], *, cased: bool) -> bool:
    """Whether a word that was said is a name: capitals tell, where the transcript has any."""
    if not cased or any(c.isupper() for c in token.raw):
        text = bare(token.text)
        if any(_alike(text, name) for name in known):
            return True
        named = cased and at > 0 and token.text not in _I and token.text not in _DAYS
        return named and not _BEGINNING.search(token.gap)
    return False


def _groups(places: Sequence[int], tokens: Sequence[Token]) -> list[list[int]]:
    """Names that follow each other at once, or are joined by "and" or a comma, go together."""
    groups: list[list[int]] = []
    for at in places:
        if groups and _goes_on(groups[-1][-1], at, tokens):
            groups[-1].append(at)
        else:
            groups.append([at])
    return groups


def _goes_on(before: int, at: int, tokens: Sequence[Token]) -> bool:
    between = tokens[before + 1 : at]
    if tokens[at].begins or any(token.begins for token in between):
        return False
    return not between or (len(between) == 1 and between[0].text in _LINKS)


def _beside(pair: Sequence[str], source: Sequence[Token]) -> bool:
    """Whether one name follows the other at once somewhere."""
    return any(_are(one, other, pair) for one, other in pairwise(source))


def _are(one: Token, other: Token, pair: Sequence[str]) -> bool:
    return _alike(pair[0], bare(one.text)) and _alike(pair[1], bare(other.text))


def _covers(group: Sequence[int], names: set[str], spoken: Sequence[Token]) -> bool:
    said = {bare(spoken[n].text) for n in group}
    return all(any(_alike(name, other) for other in said) for name in names)

"""Whether a question leans on what was asked before, and what it says by itself.

Rules for English. Of German, French and Spanish the words that carry no subject are known, so that
"Warum?", "Et après ?" and "¿Por qué?" lean too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.bm25 import query_terms

_LIGHT = """
about actually again all also always answer any anybody anyone anything are ask asked because been
before begin best better big both bring call called came can come comes continue cost costs could
deep detail details did different do does doing done else end ever every exactly example examples
explain far fast first found from further gave get gets getting give given go goes going gone good
got great had happen happened happening happens has have he heavy help her here high him his hot
how idea instead it its just keep kind know known last later less let like long look lot made main
make makes many matter may mean means meant might more most much must name named need needed needs
never new next number often ok okay old once one ones only or other others part people person place
please point possible put question quickly rather really reason right said same saw say saying says
second see seen shall she should show since so some somebody someone something soon sort start
started step still such sure take taken takes talk talked tell tells than that the their them then
there these they thing things think this those though thought time times to told too took true try
under until use used uses using very want was way well went were what when where whether which while
who whom whose why will with without word words work works would yes yet you your
und aber oder auch denn dann danach davor vorher wer wen wem was wie wo wann warum wieso weshalb
wozu woher wohin welche welcher welches lange viel viele oft weit groß alt war ist sind waren wird
wurde das der die den dem des ein eine es er sie ihr ihm ihn sein seine dazu davon damit daran
darüber genau sagt sagte gesagt hat haben hatte kann mehr noch passiert passierte passieren macht
gemacht dort hier so nächstes als und nun
et mais ou aussi qui quoi que quel quelle quels quelles quand où pourquoi comment combien temps est
était sont ça cela ceci il elle ils elles lui leur son sa ses après avant ensuite puis plus encore
dit disait fait faire passe passé exactement alors donc de du des le la les un une en y a c'est
pero también quién quiénes qué cuál cuáles cuándo dónde por cómo cuánto cuánta cuántos cuántas
tiempo es era fue son eso esto él ella ellos ellas su sus después antes luego entonces más dijo dice
pasó pasa pasar hace hizo exactamente el los las un una en lo le
"""
LIGHT = frozenset(_LIGHT.split())
"""Words that are nobody's subject."""

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_LEADS = re.compile(
    r"^(?:(?:and|but|so|ok(?:ay)?|well|then|also|now|und|aber|et|mais|y|pero)\b[,:]?\s*)+",
    re.IGNORECASE,
)
_WHAT_ABOUT = re.compile(
    r"(?:what|how) about (?P<other>.+)|(?:und )?was ist mit (?P<other_de>.+)|"
    r"(?:et )?qu'en est-il (?:de |du |des )?(?P<other_fr>.+)|"
    r"(?:y )?qué (?:hay de|pasa con) (?P<other_es>.+)",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|do|does|did|can|could|will|would|should|shall|may|might|must|has|have|"
    r"had|let|'s|'re|mention\w*|happen\w*|say|says|said|tell|show|list|find|give|explain|"
    r"summari[sz]e|ist|sind|war|wird|hat|kann|est|sont|a|es|son|fue)\b|\w'(?:s|re|d|ll)\b",
    re.IGNORECASE,
)
_DETERMINER = r"(?:the|a|an|my|your|our|this|that|these|those|der|die|das|le|la|les|el|los|las)"
_PREPOSITION = r"(?:in|on|at|for|with|without|during|from|under|by|near|inside|outside|per)"
_NOUN_PHRASE = re.compile(rf"{_DETERMINER}\s+\S+(?:\s+\S+){{0,3}}", re.IGNORECASE)
_PREPOSITIONAL = re.compile(rf"{_PREPOSITION}\s+\S+(?:\s+\S+){{0,4}}", re.IGNORECASE)
_FRAGMENT = re.compile(
    r"(?:(?:for|since|until|by|at|to|in|with|of|from) )?"
    r"(?:how(?! to\b)|which|what|whose|when|where|why|who)\b(?:\s+\S+){0,4}",
    re.IGNORECASE,
)
_EMPTY_IT = re.compile(
    r"\b(?:does|did|do|will|would|can|could|is|was|has|should)\s+it\s+(?:\w+\s+)?(?:take[ns]?|"
    r"possible|necessary|important|safe|dangerous|better|best|bad|good|ok(?:ay)?|true|worth|common|"
    r"hard|difficult|easy|legal|normal|wise|make sense|been|help|matter|cost|get|mean|"
    r"save|the \w+|that)\b"
    r"(?=.*\b(?:to|that|if|when|for|since|in|inside)\b)"
    r"|\bit (?:is|was|takes?|took) (?:\w+ )?(?:to|that)\b",
    re.IGNORECASE,
)
_THIS_TIME = re.compile(
    r"\b(?:this|that|these|those) (?:year|quarter|month|week|morning|evening|afternoon|time|day)s?"
    r"\b",
    re.IGNORECASE,
)
_PERSONS = frozenset(["he", "she", "him", "her", "his", "hers", "they", "their", "them"])
_THINGS = frozenset(["it", "its", "that", "this", "these", "those", "one", "ones", "there"])
_NO_PRONOUN = frozenset(
    ["the", "a", "an", "my", "your", "our", "i", "we", "you", "he", "she", "it"]
)
_CLAUSES = re.compile(r"\w[,;:.?] |\w (?:and|so|but|when|if|after|compared) ", re.IGNORECASE)
_FEW = 2
_MOST_OF_A_PHRASE = 3
_A_SUBJECT_WITH_THEY = 2
_GENERAL_THEY = re.compile(
    r"\b(?:do|did|does|will|have) they (?:say|talk|mention|discuss|explain|speak|show|recommend)|"
    r"\bthey (?:say|said|talk|discuss|mention|explain)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question taken apart.

    `bare` is it without "and" before and marks behind; `own` are the words that tell a subject, in
    order; `persons` and `things` are whether a pronoun for one leans on what came before;
    `other` is the X of "what about X?" and "and X?".
    """

    bare: str
    own: tuple[str, ...]
    persons: bool
    things: bool
    fragment: bool
    other: str | None

    @property
    def leans(self) -> bool:
        """Whether it cannot be understood alone."""
        return bool(
            not self.own or self.persons or self.things or self.fragment or self.other is not None
        )


def taken_apart(question: str) -> Question:
    """A question as the rules read it."""
    text = " ".join(question.replace("’", "'").split()).strip(" ?!.…¿¡,;:")
    bare = _LEADS.sub("", text) or text
    own = tuple(own_words(bare))
    most = _MOST_OF_A_PHRASE if bare != text else 1
    fragment = bool(_FRAGMENT.fullmatch(bare)) and len(own) <= most and not _VERB.search(bare)
    persons, things = _pronouns(bare)
    other = None if persons or things else _other(bare, led=bare != text)
    return Question(bare, own, persons, things, fragment, other)


def own_words(text: str) -> list[str]:
    """The words that tell a subject, in order."""
    return [word for word in _WORD.findall(text) if is_own(word)]


def is_own(word: str) -> bool:
    """Whether a word tells a subject."""
    plain = word.casefold().removesuffix("'s")
    return plain not in LIGHT and bool(query_terms(plain).indices)


def _other(bare: str, *, led: bool) -> str | None:
    """What is asked about in the place of something else: "what about the salt?", "and in May?"."""
    if match := _WHAT_ABOUT.fullmatch(bare):
        return next(other for other in match.groups() if other)
    if _VERB.search(bare) or not own_words(bare):
        return None
    alone = _NOUN_PHRASE.fullmatch(bare) or _PREPOSITIONAL.fullmatch(bare)
    short = led and len(bare.split()) <= _MOST_OF_A_PHRASE and not _FRAGMENT.fullmatch(bare)
    return bare if alone or short else None


def _pronouns(bare: str) -> tuple[bool, bool]:
    """Whether there is a pronoun for somebody, or something, that was not named before it."""
    text = _THIS_TIME.sub(" ", _EMPTY_IT.sub(" ", bare))
    persons = things = named = False
    words = _WORD.findall(text)
    # "... the layer, and how do I save it?", or many words before: it was named.
    explained = bool(_CLAUSES.search(text)) or len(own_words(text)) > _FEW
    for n, word in enumerate(words):
        plain = word.casefold().split("'")[0]
        last = n == len(words) - 1 and not explained
        if plain in _PERSONS and (not named or (last and plain == "them")):
            persons = persons or not (plain == "they" and _speaks_in_general(text))
        elif plain in _THINGS and (not named or (last and n and plain in ("it", "that", "this"))):
            things = things or _is_pronoun(plain, "".join(words[n + 1 : n + 2]).casefold())
        named = named or is_own(word)
    return persons, things


def _speaks_in_general(text: str) -> bool:
    """Whether "they" are those who speak in the videos, or the question has a subject with them."""
    return bool(_GENERAL_THEY.search(text)) or len(own_words(text)) >= _A_SUBJECT_WITH_THEY


def _is_pronoun(plain: str, following: str) -> bool:
    """Whether "that", "there" or "one" is a pronoun where it stands."""
    if plain in ("there", "one", "ones"):
        return not following
    return plain != "that" or following not in _NO_PRONOUN

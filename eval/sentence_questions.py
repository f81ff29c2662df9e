"""Questions that a spoken sentence answers, made of its own words by rule. English only.

Few sentences have a form from which a question follows safely ("To X, you Y" answers "How do you
X?"). All others give none: a person, or a language model, asks better. The words of such a question
are those of the sentence, which flatters search by words; `eval.overlap` tells by how much.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_MIN_WORDS, _MAX_WORDS = 4, 18

# What a sentence may begin with and mean the same without.
_FILLER = re.compile(
    r"^(?:(?:and|but|so|now|well|okay|ok|then|next|first|also|again|finally|basically|actually|"
    r"remember|of course|for example|in fact|by the way|however|as you can see)\b,?\s+)+",
    re.IGNORECASE,
)
# Words that point at something outside the sentence, or at the picture.
_POINTS = re.compile(
    r"\b(?:it|its|this|these|those|they|them|their|theirs|he|she|his|him|her|hers|here|there|"
    r"one|ones|such|same|other|others|another|below|above|earlier|so far|following|follow along|"
    r"mean|step|video|lesson|tutorial|chapter|movie|example)\b|^that\b|\bthat(?:'s)?$",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"^(?:the |a |an |my |your |our )?(?:\w+ )?(?:thing|problem|question|point|idea|reason|answer|"
    r"way|result|case|one|rest|goal|key|trick|part|news|line|thought|stuff|lot|first|second|third|"
    r"last|what|who|why|how|where|when|all|some|something|everything|nothing|anything)$",
    re.IGNORECASE,
)
# What cannot be the end of an aim or a case: it was cut in the middle.
_CUT = re.compile(
    r"\b(?:the|a|an|all|to|of|with|and|or|where|what|that|which|when|how|if|who|as|than|until|after|"
    r"before|while|because|have)$",
    re.IGNORECASE,
)
_LOOKS = re.compile(
    r"\b(?:look at|take a look|click that|that you|want to|sure|do that|you (?:just )?did|all you|"
    r"have to do)\b",
    re.IGNORECASE,
)
_TAIL = re.compile(r"(?: (?:again|instead|too|altogether|first|now|though))+$")
_MINE = {"i": "you", "we": "you", "me": "you", "us": "you", "my": "your", "our": "your"}
_MINE |= {"i'm": "you're", "we're": "you're", "i've": "you've", "we've": "you've"}
_DETERMINER = r"(?i:the|a|an|all|most|many|every|each|some|any)"
_NO_NAME = (
    r"(?!(?:The|A|An|All|You|We|I|It|This|That|These|Those|They|He|She|My|Your|Our|His|Her|Its|One|"
    r"There|Here|What|Who|How|If|When|And|But|So|As|In|On|At|By|For|With|Never|Not|Do|Let|Don't)\b)"
)
_NAME = rf"{_NO_NAME}(?:[A-Z][\w'’-]+)(?: (?:of |the |de |von )?[A-Z][\w'’-]+)*"
_THING = rf"(?:{_DETERMINER} [\w'’ -]+?|{_NAME})"
_NUMBER = (
    r"(?:\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|"
    r"thirty|forty|fifty|sixty|a hundred|a thousand)(?: hundred| thousand| million| billion)?"
)
_ABOUT = r"(?:(?:about|around|almost|nearly|only|over|roughly|exactly|up to|at least) )*"
_BE = r"(?P<be>is|are|was|were)"
_PARTICIPLE = (
    r"(?P<done>\w+ed|built|found|made|born|written|ground|sunk|known|sold|given|taken|held|won|lost|"
    r"drawn|shown|begun|thrown|bought|brought|taught|cut|spoken|chosen|stolen)"
)
_NO_GOAL = (
    r"(?:be|sum|summari[sz]e|start|begin|conclude|recap|give|me|us|you|the|a|an|my|your|our|do so|"
    r"date|some|understand|answer|get started|make sure|make the most|see what|see how|practice|"
    r"do that|do this|experiment|learn|review)\b"
)

_Match = re.Match[str]


def _how(found: _Match) -> str:
    return f"How do you {_yours(found['goal'])}?"


def _happens(found: _Match) -> str:
    return f"What happens {found['when'].lower()} {_yours(found['case'])}?"


def _should(found: _Match) -> str:
    return f"What {found['modal']} you do {found['when'].lower()} {_yours(found['case'])}?"


def _why(found: _Match) -> str:
    return f"Why is it that {_small(found['fact'])}?"


def _what(found: _Match) -> str:
    return f"What {found['be']} {_small(found['thing'])}?"


def _measure(found: _Match) -> str:
    return f"How {found['dimension']} {found['be']} {_small(found['thing'])}?"


def _many(found: _Match) -> str:
    return f"How many {found['things']} {found['be']} there?"


def _takes(found: _Match) -> str:
    verb = found["verb"]
    did = "did" if verb.endswith(("ook", "ed")) else "does" if verb.endswith("s") else "do"
    stem = {"took": "take", "cost": "cost", "costs": "cost"}.get(verb, verb.removesuffix("s"))
    how = "How much" if stem in ("cost", "weigh", "weighed") else "How long"
    return f"{how} {did} {_small(found['thing'])} {stem.removesuffix('ed')}?"


def _done(question: str) -> Callable[[_Match], str]:
    return lambda found: f"{question} {found['be']} {_small(found['thing'])} {found['done']}?"


def _who(found: _Match) -> str:
    return f"Who {found['did']} {found['what']}?"


def _year(found: _Match) -> str:
    return f"What happened in {found['year']}?"


def _means(found: _Match) -> str:
    verb = "mean" if found["verb"] == "means" else "stand for"
    return f"What does {_small(found['thing'])} {verb}?"


_YOU = r"(?:you|we|I|you'll|we'll|I'll|you've|just|simply)\b"
_OUTCOME = (
    r"(?:(?:it|you'll|you will|you get|the|a|an|they|your|its|all|each)\b)"
    r"(?! (?:'s|is|see|notice|find|tell|best|good|want|need|have to)\b)"
)
_NOT_SEE = r"(?! (?:see|tell|imagine|notice|also see|use (?:this|these)))"
_SAYS = r"(?:\w+s|\w+ed|is|was|are|were|can|could|has|had|will|would|sank|made|grew|fell|broke)\b"
_ATTRIBUTE = (
    r"(?:name|capital|author|purpose|aim|goal|role|job|function|advantage|disadvantage|benefit|"
    r"beauty|temperature|length|width|height|weight|depth|speed|size|age|price|cost|cause|effect|"
    r"meaning|definition|origin|number|amount|population|title|date|colou?r|shape|secret)"
)
_RULES: tuple[tuple[re.Pattern[str], Callable[[_Match], str]], ...] = tuple(
    (re.compile(pattern), ask)
    for pattern, ask in (
        (rf"(?:In order to|To|to) (?!{_NO_GOAL})(?P<goal>[^,]+), (?:\w+ ){{2,}}", _how),
        (rf"(?:In order to|To|to) (?!{_NO_GOAL})(?P<goal>[^,]+?) {_YOU} (?:\w+ ){{2,}}", _how),
        (
            (
                r"If you (?:want|need|would like|wish|'d like|have) to "
                r"(?P<goal>[^,]+), (?:\w+['’]?\w* ){2,}"
            ),
            _how,
        ),
        (
            (
                r"(?P<when>If|When|Whenever) (?P<case>[^,]+), (?:then )?you "
                rf"(?P<modal>can|should|must){_NOT_SEE} (?:\w+ ){{2,}}"
            ),
            _should,
        ),
        (rf"(?P<when>If|When|Whenever) (?P<case>[^,]+), (?:then )?{_OUTCOME}", _happens),
        (
            (
                rf"(?P<fact>(?:{_DETERMINER} |[Yy]ou |[Ww]e |{_NO_NAME}[A-Z]\w+(?= [A-Z]| {_SAYS}))"
                r"[^,]+?),? because (?:\w+['’]?\w* ){2,}"
            ),
            _why,
        ),
        (r"[Tt]he reason (?:that|why) (?P<fact>[^,]+?) (?:is|was) (?:that|because) ", _why),
        (rf"(?P<thing>[Tt]he difference between [^,]+? and [^,]+?) {_BE} ", _what),
        (
            (
                r"(?P<thing>[Tt]he (?:easiest|best|simplest|fastest|safest|quickest|main|most \w+) "
                rf"[^,]+?) {_BE} "
            ),
            _what,
        ),
        (rf"(?P<thing>[Tt]he {_ATTRIBUTE} of (?:the |a |an )?[\w'’ -]+?) {_BE} ", _what),
        (
            (
                rf"[Tt]here (?P<be>are|were) {_ABOUT}{_NUMBER} (?P<things>(?:\w+ ){{0,2}}\w+s)"
                r"(?: that| which| in| of| on| for| to| with|[,.:]|$)"
            ),
            _many,
        ),
        (
            (
                rf"(?P<thing>{_THING}) {_BE} {_ABOUT}{_NUMBER} [\w-]+ "
                r"(?P<dimension>long|wide|high|tall|deep|old|heavy|thick|large|far)\b"
            ),
            _measure,
        ),
        (
            (
                rf"(?P<thing>{_THING}) (?P<verb>takes?|took|lasts?|lasted|costs?|weighs?|weighed) "
                rf"{_ABOUT}{_NUMBER} \w+"
            ),
            _takes,
        ),
        (rf"(?P<thing>{_THING}) {_BE} {_PARTICIPLE} in (?:the )?\d{{3,4}}s?\b", _done("When")),
        (rf"(?P<thing>{_THING}) {_BE} {_PARTICIPLE} in [A-Z]\w+", _done("Where")),
        (rf"(?P<thing>{_THING}) {_BE} {_PARTICIPLE} by {_NAME}", _done("By whom")),
        (
            (
                rf"{_NAME} (?P<did>invented|discovered|wrote|built|designed|founded|ordered|"
                r"painted|developed|created|proposed|measured|published|ruled|composed) "
                r"(?P<what>[^,]+)"
            ),
            _who,
        ),
        (r"[Ii]n (?P<year>1\d{3}|20\d\d),? (?:\w+ ){3,}", _year),
        (rf"(?P<thing>{_THING}|[A-Z]\w+) (?P<verb>means|stands for) (?:\w+ ){{1,}}", _means),
        (rf"(?P<thing>(?:A|An|a|an) [\w'’ -]+?|{_NAME}) {_BE} (?:a|an|the) ", _what),
    )
)


def question_from(sentence: str) -> str | None:
    """A question that a sentence answers and that makes sense alone; None where none is safe."""
    text = _FILLER.sub("", " ".join(sentence.replace("’", "'").split()).strip(" \"“”'‘->.!?"))
    for pattern, ask in _RULES:
        found = pattern.match(text)
        if found and not _unclear(found):
            question = " ".join(ask(found).split())
            if _MIN_WORDS <= len(question.split()) <= _MAX_WORDS:
                return question
    return None


_ASKED_ABOUT = ("goal", "case", "fact", "thing", "things", "what")


def _unclear(found: _Match) -> bool:
    """Whether what is asked about points elsewhere or says nothing ("the first thing")."""
    parts = found.groupdict()
    asked = [parts[name].strip() for name in _ASKED_ABOUT if parts.get(name)]
    if any(_POINTS.search(part) or _VAGUE.match(part) for part in asked):
        return True
    cases = [parts[name] for name in ("goal", "case", "fact") if name in parts]
    return any(_CUT.search(case) or _LOOKS.search(case) for case in cases)


def _yours(text: str) -> str:
    """What the speaker does as what the asker would do, less words that only connect."""
    words = _TAIL.sub("", text).split()
    return " ".join(_MINE.get(word.lower(), word) for word in words)


def _small(text: str) -> str:
    """A text with its first letter small, where that is only large because a sentence begins."""
    first = text.split(" ", 1)[0]
    common = first.lower() in _BEGINNINGS
    return text[0].lower() + text[1:] if common else text


_BEGINNINGS = frozenset(
    ("the", "a", "an", "all", "most", "many", "every", "each", "some", "any", "you", "we", "if")
)

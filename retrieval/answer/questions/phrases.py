"""How people ask about whole videos: the patterns that `routing` reads by.

English with care; the plainest forms of German, French and Spanish. Every pattern must match a
whole question (less courtesies), so that a clause more makes it a question about a moment.
"""

from __future__ import annotations

import re

_MEDIA = (
    r"(?:videos?|vídeos?|vids?|recordings?|clips?|talks?|lectures?|tutorials?|episodes?|podcasts?|"
    r"webinars?|films?|movies?|footage|presentations?|lessons?|interviews?|keynotes?|speech(?:es)?|"
    r"(?:live)?streams?|seminars?|sermons?|documentar(?:y|ies)|how-?tos?)"
)
_EVENT = (
    r"(?:meetings?|sessions?|town[ -]?halls?|all[ -]?hands|kick-?offs?|workshops?|stand-?ups?|"
    r"retrospectives?|retros?|briefings?|hearings?|conferences?|panels?)"
)
_RECORD = rf"(?:{_MEDIA}|{_EVENT})"
_RECORDS = (
    r"(?:(?:of (?:the|these|those|my|our|your|all) )?(?:[\w'-]+ )??"
    rf"(?:{_RECORD}|calls?|class(?:es)?))"
)

_ABOUT = r"(?:about|on|regarding|concerning|of|from|by|with|called|titled|named)"
_NO_CLAUSE = (
    r"(?!(?:about|of|in|at|on|from|and|or|to|for|that|who|what|which|when|where|why|how|whether)\b)"
)


def _all(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


RECORDING = re.compile(
    rf"(?:{_NO_CLAUSE}[\w'.-]+ ){{0,5}}{_RECORD}(?: {_ABOUT} (?!.*\b(?:and|when|where|who)\b).+)?"
    r"|(?:[\w'-]+[ -])?(?:video|vidéo|vídeo|vortrag|besprechung|vorlesung|aufnahme|réunion|"
    r"conférence|reunión|charla|conferencia|sitzung|film|filmes?)s?",
    re.IGNORECASE,
)
"""A phrase whose head is a recording: "talk about thunder", "second quarter town hall"."""

EVERYTHING = re.compile(
    r"(?:it|this|that|these|those|them|everything|all(?: of (?:it|this|that|them))?|"
    r"(?:the|this|my|our|your) (?:whole |entire )?(?:thing|library|collection)|"
    r"(?:all(?: of)? )?(?:the|my|our|your|these|those|all) (?:videos|recordings|talks)|"
    r"das|dies|es|alles|das ganze|ça|cela|ceci|tout|esto|eso|ello|todo)",
    re.IGNORECASE,
)
"""What stands for a video without telling which, or for all of them."""

DETERMINERS = re.compile(
    r"^(?:(?:the|this|that|these|those|my|our|your|a|an|all|both|each|every|whole|entire|full|of|"
    r"current|der|die|das|den|dem|des|diese[rmsn]?|ein(?:e[rmns]?)?|gesamten?|ganzen?|"
    r"le|la|les|cette|cet|ce|du|de|el|los|las|este|esta|ese|esa|del|toda?|todo) |l'|d')+",
    re.IGNORECASE,
)

GENERIC_WORD = re.compile(
    rf"{_MEDIA}|meetings?|sessions?|workshops?|briefings?|hearings?|conferences?|panels?|calls?|"
    r"class(?:es)?|howtos?|whole|entire|current|vortrag|besprechung|vorlesung|aufnahme|sitzung|"
    r"réunion|conférence|reunión|charla|conferencia|d(?:er|ie|as|en|em|es|e|u|el)|im|zu[mr]?|über|"
    r"von|les?|las?|sur|el|los|sobre"
)
"""A word for recordings, or a small one of another language: titles need not have it."""

SAME_WORDS = tuple(
    (re.compile(pattern), word)
    for pattern, word in (
        (r"\b(?:town[ -]?halls?|all[ -]?hands)\b", "allhands"),
        (r"\bkick[ -]?offs?\b", "kickoff"),
        (r"\bstand[ -]?ups?\b", "standup"),
        (r"\bhow[ -]?tos?\b", "howto"),
    )
)

COURTESIES = _all(
    r"^(?:(?:please|pls|hey|hi|hello|ok(?:ay)?|so|and|well|now|then|just|kindly|bitte|por favor|"
    r"s'il (?:te|vous) plaît|und|et|y)\b[,!. ]*)+(?!$)",
    r"^(?:(?:can|could|would|will) you(?: (?:please|kindly|maybe|just|quickly|briefly))* |"
    r"i(?:'d| would) like (?:you to |to (?:get|have|see|know|hear) |to )?|"
    r"i (?:want|need) (?:you to |to (?:get|have|see|know) )?|"
    r"(?:can|could|may) (?:i|we) (?:please )?(?:have|get|see) |let me (?:have|see) |"
    r"how (?:would|could) (?:you|one) (?=summari[sz]e|sum )|"
    r"(?:kannst|könntest) du (?:mir |bitte )*|(?:können|könnten) sie (?:mir |bitte )*|"
    r"(?:peux-tu|pouvez-vous) |(?:puedes|podrías|puede) )",
    r"^(?:please |briefly |quickly |just )+",
    r"^(?:tell me|do you know|show me) (?=what|which|where|in wh|the (?:main|key|gist))",
)
HEDGES = _all(
    r"[, ]+(?:please|pls|for me|bitte|por favor|s'il (?:te|vous) plaît|thanks|thank you)$",
    r" (?:(?:very )?(?:briefly|quickly|shortly)|in (?:short|brief|a nutshell|detail|general)|"
    r"(?:in|into|as|with|using) (?:a |an |one |two |three |four |five |ten |\d+ )?(?:few |short |"
    r"single |brief |bullet )*(?:sentences?|points?|bullets|words|lines|paragraphs?))$",
    r"[, ]+(?:please|for me)$",
)

_MAIN = r"(?:(?:main|key|most important|central|core|biggest|big|overall|major|principal)\s)"
_GIST = (
    r"(?:points?|take-?aways?|ideas?|topics?|themes?|subjects?|messages?|insights?|highlights|"
    r"learnings?|lessons)"
)
_SUMMARY = (
    r"(?:(?:brief|short|quick|concise|general|one-?line|full|detailed|high-level|good|nice|"
    r"executive|rough|little|bullet-?point|\w+-sentence)\s)*"
    r"(?:summary|overview|recap|synopsis|gist|outline|rundown|run-through|digest|abstract|"
    r"tl;?dr|round-?up|sum-?up|idea)"
)
_IN = r"(?:in|at|during|throughout|over the course of)"
_WHAT = (
    r"(?P<what>(?!(?:the )?(?:end|beginning|middle|meantime|total|general|particular|detail)\b)"
    r"(?!.*\b(?:about|regarding|when|while|after|before|because)\b)[^?.]+)"
)
_ANY = r"(?P<what>[^?]+)"
_IS = r"(?:\s+(?:is|was|are|were)|'s|s)"
_THEY = r"(?:they|he|she|we|you|people|everyone|everybody|the (?:speakers?|team|group|presenters?))"
_SAID = r"(?:said|discussed|covered|talked about|presented|dealt with|addressed|going on)"
_SAYS = r"(?:say|discuss|cover|talk about|speak about|present)"

BARE_SUMMARIES = re.compile(
    rf"(?:(?:a|the) )?(?:{_SUMMARY}(?<!\bidea)|tl;?dr|{_MAIN}{_GIST}|take-?aways|highlights|"
    r"in a nutshell|what did i miss|catch me up|bring me up to speed|"
    r"summari[sz]e|sum up|zusammenfassung|zusammenfassen|(?:un )?résumé|(?:un )?resumen|"
    r"worum geht(?:'s| es)(?: hier)?|wovon handelt (?:es|das)|"
    r"de quoi (?:s'agit-il|est-il question|ça parle|parle-t-on|il s'agit)|"
    r"de qué (?:se )?(?:trata|va|habla)n?)",
    re.IGNORECASE,
)
"""Whole questions that name no video."""

SUMMARIES = _all(
    # Do it.
    r"(?:summari[sz]e|recap|sum up) what (?:was|is|has been) (?:said|discussed|covered) "
    rf"{_IN} {_WHAT}",
    rf"(?:summari[sz]e|re-?cap|condense) {_ANY}",
    r"outline (?P<what>(?:the|this|that|my|our) [^?,]+)",
    rf"sum up (?=(?:the|this|that|these|it|everything|all|my|our|your)\b|[\"“]){_ANY}",
    r"sum (?P<what>it|this|that|everything|(?:the|this|that) [^?]+?) up",
    rf"(?:give|write|make|provide|create|prepare|show|get|send|offer|do)(?: me| us)?"
    rf"(?: with)? (?:a|an|the|some|your) {_SUMMARY}(?: (?:of|on|for) {_ANY})?",
    rf"(?:give|show|tell|list|name)(?: me| us)? (?:the |all the |its |some )?(?:{_MAIN}{_GIST}|"
    rf"highlights|gist|take-?aways)(?: (?:of|from|in|for) {_ANY})?",
    rf"(?:a |an |the )?{_SUMMARY}(?<!outline)(?<!idea) (?:of|for) {_ANY}",
    rf"(?:tl;?dr|summary|recap)[,:]? (?:of )?{_ANY}",
    rf"(?:walk|run|take) me through (?P<what>(?:the|this|that) (?:whole |entire )?(?:[\w-]+ )?"
    rf"{_RECORD})",
    rf"(?:catch me up|bring me up to speed|fill me in) (?:on|about) {_ANY}",
    rf"what did i miss {_IN} {_WHAT}",
    rf"tell me (?:all )?about (?P<what>(?:the|this|that) (?:[\w'-]+ ){{0,4}}{_RECORD})",
    # What is it about?
    rf"what{_IS} (?:(?P<what>.+?) )?(?:all |mainly |mostly |generally |actually )?about",
    rf"what about{_IS} (?P<what>(?:the|this|that) (?:[\w-]+ )?{_RECORD})",
    rf"what(?:'s| is| was| are| were) (?:the |a |its |your )?{_MAIN}?(?:{_SUMMARY}|{_MAIN}{_GIST}|"
    rf"gist|highlights|take-?aways|subject matter|main focus)(?: (?:of|from|in|for) {_ANY})?",
    rf"what(?:'s| is| was| are| were) the (?:topic|subject|theme|message|purpose|point|focus|"
    rf"content|contents)s? (?:of|in) "
    rf"(?P<what>(?:the|this|that) (?:[\w'-]+ ){{0,4}}{_RECORD})",
    rf"{_MAIN}{_GIST} (?:of|from|in) {_ANY}",
    rf"(?:highlights|take-?aways|gist) (?:of|from) {_ANY}",
    # What is in it?
    r"what (?:does|did|do) (?P<what>(?:the |this |that |these |those |your |our )"
    rf"(?:[\w'-]+ ){{0,4}}{_RECORD}) "
    r"(?:cover|discuss|talk about|deal with|explain|teach|say|tell(?: us)?|show|treat)",
    rf"what(?: (?:all|else))?{_IS} {_SAID} {_IN} {_WHAT}",
    rf"what (?:do|did|does|have|has) {_THEY} {_SAYS} {_IN} {_WHAT}",
    r"what (?:do|did) they (?:talk about|discuss)(?P<what>$)",
    rf"(?:what|which) (?:{_MAIN})?(?:topics?|subjects?|themes?|points|issues|things) "
    rf"(?:are|were|is|was|have been|do they|did they|does it|does he|does she|come|came) "
    rf"(?:{_SAID}|{_SAYS}|up|touched on|mentioned|raised) {_IN} {_WHAT}",
    rf"(?:what|which) (?:topics?|subjects?|themes?) (?:does|do|did) "
    rf"(?P<what>(?:the |this |that )(?:[\w'-]+ ){{0,4}}{_RECORD}) "
    rf"(?:cover|discuss|talk about|deal with|treat)",
    rf"what happen(?:s|ed) {_IN} (?P<what>(?:the |this |that )?(?:[\w'-]+ ){{0,4}}{_RECORD})",
    rf"what{_IS} in (?P<what>(?:the|this|that) (?:{_MEDIA}))",
    # German
    r"fass(?:e|en sie)? (?:mir |bitte |uns )*(?P<what>.+?) (?:bitte |kurz )*zusammen",
    r"(?:mir |bitte )*(?P<what>.+?) (?:bitte |kurz )*zusammenfassen",
    r"worum (?:geht|ging)(?:'s| es)(?: eigentlich)? (?:in|im|bei|beim|auf) (?P<what>.+)",
    r"wovon handel(?:t|te|n) (?P<what>.+)",
    r"was (?:wird|wurde|ist|war) (?:in|im|bei|beim) (?P<what>.+) (?:besprochen|gesagt|behandelt)",
    r"(?:gib|geben sie)(?: mir| uns)? (?:bitte )?(?:eine |einen )?(?:kurze[n]? )?"
    r"(?:zusammenfassung|überblick)(?: (?:von|des|der|über|zu|vom) (?P<what>.+))?",
    r"(?:eine )?(?:kurze )?zusammenfassung (?:von|des|der|zu|vom) (?P<what>.+)",
    # French
    r"(?:résume[zr]?|resume[zr])(?:-moi|-nous|-la|-le)?(?: (?P<what>.+))?",
    r"de quoi (?:parle(?:nt)?|traite(?:nt)?|parlait) (?P<what>.+)",
    r"de quoi (?:est-il question|s'agit-il|parle-t-on) dans (?P<what>.+)",
    r"(?:fais(?:-moi)?|faites(?:-moi)?|donne(?:z)?(?:-moi)?|faire) un (?:bref |court )?résumé"
    r"(?: (?=d[eu']|des)(?P<what>.+))?",
    r"(?:un )?résumé (?=de |du |des |d')(?P<what>.+)",
    # Spanish
    r"(?:resúme(?:me|lo|la|nos)?|resum(?:e|a|ir)(?=(?:me|lo)?(?: (?:el|la|los|las|este|esta|ese|"
    r"esa|lo|esto|todo)\b)))(?:me|lo)?(?: (?P<what>.+))?",
    r"de qué (?:se )?(?:tratan?|van?|hablan?|trataba) (?P<what>.+)",
    r"(?:haz(?:me)?|dame|hacer|da|hacerme|darme) un (?:breve )?resumen(?: (?=del? )(?P<what>.+))?",
    r"(?:un )?resumen (?=del? )(?P<what>.+)",
)
"""Whole questions for a summary; `what` is the video that is named, if any."""

_MENTION = (
    r"(?:mention(?:s|ed|ing)?|discuss(?:es|ed|ing)?|cover(?:s|ed|ing)?|"
    r"(?:talk(?:s|ed|ing)?|speak(?:s|ing)?|spoke) (?:about|of)|refer(?:s|red|ring)? to|"
    r"address(?:es|ed|ing)?|deal(?:s|t|ing)? with|touch(?:es|ed)? (?:on|upon)|brings? up|"
    r"brought up|explain(?:s|ed|ing)?|describe[sd]?|describing|(?:is|are|was|were) about|"
    r"(?:say|says|said|has|have|had) (?:anything|something|things?) (?:about|on)|go(?:es)? into)"
)
_MENTIONED = (
    r"(?:mentioned|discussed|covered|talked about|spoken (?:about|of)|referred to|addressed|"
    r"dealt with|touched (?:on|upon)|brought up|explained|described|a topic|a subject|the topic)"
)
_NAMED = r"(?:mentioned|discussed|talked about|spoken (?:about|of)|referred to|brought up)"
_NAME = r"(?:mention|discuss|talk about|speak (?:about|of)|refer to|bring up)"
_SOMEBODY = (
    r"(?:they|we|you|people|someone|somebody|anyone|anybody|everyone|the speakers?|he|she|it|"
    r"[A-Z]\w+)"
)
_ANYBODY = r"(?:they|we|you|people|someone|somebody|anyone|anybody|the speakers)"
_X = r"(?P<about>.+?)"
_ANYWHERE = r"(?: anywhere| at all| in my library| in the library| in passing| somewhere)?"
_NOT_A_DAY = (
    r"(?!(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:jan|febr)uary|march \d|april \d|today|"
    r"tomorrow|the (?:\d|first|second|third)|\d)"
)
_SUBJECT = rf"(?:about|regarding|concerning|mentioning|discussing|covering|dealing with) {_X}"
_IN_LIBRARY = (
    r"(?: in (?:the|my|our|these|all) (?:videos|talks|recordings|library|meetings|lectures))?"
)
_FIND = (
    r"(?:list|show|find|give|get|name|search for|look for|display|collect|fetch)(?: me| us)?"
    r"(?: (?:a list of|all|every|each|any|some|of|the|my|our|your|a|an|other))*"
)

_THERE_IS = (
    r"(?:(?:is|are|was|were) there|do (?:we|you|i) have|have (?:we|you|i)(?: got)?)"
    r"(?: (?:any|a|an|some|other|more|another))*"
)
_DE_LA = r"(?:de |du |des |d'|la |le |les |l')*"
_EL = r"(?:el |la |los |las )*"

MENTIONS = _all(
    # Which videos do?
    rf"(?:which|what|how many) {_RECORDS}(?: also| ever)? (?:(?:do|does|did) )?"
    rf"{_MENTION} {_X}{_ANYWHERE}",
    rf"(?:which|what) {_RECORDS} (?:do|does|did) {_SOMEBODY} {_NAME} {_X} in",
    rf"(?:which|what|how many) (?:are the )?{_RECORDS} (?:that|which) {_MENTION} {_X}",
    rf"(?:in|on|during) (?:which|what|how many) {_RECORDS} (?:is|are|was|were|has|have|gets?) "
    rf"{_X} (?:been |get )?{_MENTIONED}{_ANYWHERE}",
    rf"(?:in|on|during) (?:which|what|how many) {_RECORDS} (?:do|does|did) {_SOMEBODY} "
    rf"{_MENTION} {_X}{_ANYWHERE}",
    rf"(?:in|on) (?:which|what) {_RECORDS} can (?:i|we|you) (?:find|hear|learn|see|read)"
    rf"(?: something| anything| more)?(?: about| on| of)? {_X}",
    # Where do they?
    rf"where{_IN_LIBRARY} "
    rf"(?:is|are|was|were|has|have) {_X} (?:been )?{_NAMED}{_ANYWHERE}",
    rf"where{_IN_LIBRARY} "
    rf"(?:do|did|does) {_ANYBODY} {_NAME} {_X}{_ANYWHERE}",
    # List them.
    rf"{_FIND} (?:[\w'-]+ )??{_RECORD} {_SUBJECT}",
    rf"{_FIND} (?:[\w'-]+ )??{_RECORD}(?<=s) on {_NOT_A_DAY}{_X}",
    rf"{_FIND} (?:[\w'-]+ )??{_RECORD} (?:that|which) {_MENTION} {_X}",
    rf"{_FIND} (?:[\w'-]+ )??{_RECORD} (?:where|in which) (?P<about>.+?) "
    rf"(?:is|are|was|were|gets?|has been) {_MENTIONED}",
    rf"{_FIND} (?:[\w'-]+ )??{_RECORD} (?:where|in which) {_SOMEBODY} {_MENTION} {_X}",
    rf"(?:{_FIND} )?(?:all |every |any )(?:the )?(?:mentions?|references?) (?:of|to) {_X}",
    rf"(?:list|show|find)(?: me| us)? (?:the )?mentions of {_X}",
    rf"(?:{_FIND} )?(?:all |every )(?:the )?places? (?:where|in which) (?P<about>.+?) "
    rf"(?:is|are|was|were|gets?) {_MENTIONED}",
    rf"(?:{_FIND} )?(?:all |every )(?:the )?places? (?:where|in which) {_SOMEBODY} {_NAME} {_X}",
    # Are there any?
    rf"{_THERE_IS} (?:[\w'-]+ )??{_RECORD} {_SUBJECT}",
    rf"{_THERE_IS} (?:[\w'-]+ )??{_RECORD} (?:that|which) {_MENTION} {_X}",
    rf"{_THERE_IS} {_MEDIA} on {_NOT_A_DAY}{_X}",
    rf"(?:any|all|other|more) {_RECORD} (?:about|mentioning|discussing|covering|on) {_X}",
    rf"{_RECORD}(?<=s) (?:about|mentioning|discussing|covering|that mention|that discuss) {_X}",
    # German
    r"(?:welche|was für) (?:[\w-]*(?:videos?|vorträge|aufnahmen?|besprechungen|sitzungen|filme))"
    rf" (?:erwähn(?:en|t)|behandeln|besprechen|sprechen (?:über|von)|handeln von) {_X}",
    r"in welche[nmr] (?:[\w-]*(?:videos?|vorträgen|vortrag|aufnahmen?|besprechung(?:en)?|"
    rf"sitzung(?:en)?)) (?:wird|werden|wurden?) (?:über |von )?{_X} "
    r"(?:erwähnt|besprochen|gesprochen|behandelt|genannt)",
    r"in welche[nmr] (?:[\w-]*(?:videos?|vorträgen|vortrag|aufnahmen?|besprechung(?:en)?|"
    rf"sitzung(?:en)?)) geht es um {_X}",
    rf"wo (?:wird|werden|wurden?) (?:über |von )?{_X} (?:erwähnt|besprochen|gesprochen|genannt)",
    rf"gibt es (?:ein|irgendein)? ?videos? (?:über|zu) {_X}",
    # French
    r"quelles? (?:vidéos?|conférences?|réunions?|enregistrements?) "
    rf"(?:parlent?|mentionnent?|évoquent?|traitent?|abordent?) {_DE_LA}{_X}",
    r"dans quelles? (?:vidéos?|conférences?|réunions?) (?:parle-t-on|est-il question|parlent-ils|"
    rf"mentionne-t-on) {_DE_LA}{_X}",
    rf"où (?:parle-t-on|est-il question|parlent-ils) {_DE_LA}{_X}",
    # Spanish
    r"(?:qué|cuáles) (?:vídeos?|videos?|charlas?|reuniones|grabaciones) "
    rf"(?:mencionan?|hablan? (?:de|del|sobre)|tratan? (?:de|del|sobre)) {_EL}{_X}",
    r"en qué (?:vídeos?|videos?|charlas?|reuniones|reunión|grabaciones) se "
    rf"(?:menciona|habla (?:de|del|sobre)|trata) {_EL}{_X}",
    rf"dónde se (?:menciona|habla (?:de|del|sobre)) {_EL}{_X}",
)
"""Whole questions for the videos that speak of something: `about`."""

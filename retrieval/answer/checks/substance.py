"""Whether a claim says something: about the matter, in plain words, and nothing else."""

from __future__ import annotations

import re
import unicodedata

MAX_CHARACTERS = 500

_LETTER = re.compile(r"[^\W\d_]")
_MARKUP = re.compile(
    r"</?[a-z!][^>]*>|&#?\w+;|`|\]\(|!\[|\*\*|__|^\s*[#|>]|^\s*[-*]\s|[{}\[\]【】]|\\u[0-9a-f]{4}",
    re.IGNORECASE | re.MULTILINE,
)
_LINK = re.compile(
    r"\bhttps?:|\bwww\.|\bjavascript:|\bmailto:|\S@\S+\.\w|\bdata:\w+/", re.IGNORECASE
)
_SENTENCE_ID = re.compile(r"\bS\d+\b")
_ABOUT_ITSELF = re.compile(
    r"""(?:the|this|these|those|that|a|one|as\ an)?\s*
    (?:passages?|transcripts?|sentences?|texts?|excerpts?|videos?|clips?|recordings?|speakers?|
       presenters?|narrators?|quotes?|citations?|evidence|answers?|questions?|ai|assistant)\s+
    (?:here|above|below|given|provided|cited|\s)*
    (?:mentions?|discuss(?:es)?|talks?\ about|speaks?\ (?:about|of)|refers?\ to|describes?|covers?|
       (?:is|are)\ about|deals?\ with|addresses|contains?|provides?|touch(?:es)?\ on|introduces?|
       answers?|supports?|(?:is|are)\ (?:in|found|given|relevant)|language\ model)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_PASSAGES = r"(?:passages?|transcripts?|excerpts?|context|evidence)"
_OF_THE_PASSAGES = re.compile(
    rf"""\b{_PASSAGES}\s+(?:do|does|did|has|have)(?:\ not|n't)\b
    | \b(?:not|never|n't|nothing|nowhere)\b.*\b(?:in|by)\ (?:the|this|these|any)\ {_PASSAGES}\b
    | ^(?:it\ |this\ |that\ )?(?:is\ |was\ )?not\ (?:said|stated|mentioned|specified)\b
    | ^in\ this\ (?:video|clip|recording|tutorial)\b
    | ^(?:the|this)\ (?:video|clip|recording|tutorial|{_PASSAGES})\ (?:explains|shows|teaches|says|
        tells|states|demonstrates)\b
    | ^(?:the\ |this\ )?question\ (?:can\ ?not|can't|is\ not|was\ not|remains)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_COMMANDS = re.compile(
    r"""\b(?:ignore|disregard|forget)\s+(?:all\ |any\ |the\ |your\ |my\ )*
    (?:previous|prior|above|earlier|other)?\s*(?:instructions?|prompts?|rules)\b
    | ^(?:system|assistant|user)\s*:""",
    re.IGNORECASE | re.VERBOSE,
)
_REFUSES = re.compile(
    r"""(?:sorry,\ |i'?m\ sorry,\ )?(?:but\ )?(?:
        as\ an\ ai\b | (?:there\ is\ )?no\ (?:information|mention|answer)\b |
        i\ (?:cannot|can'?t|could\ not|couldn'?t|am\ unable\ to|do\ not|don'?t)\ (?:answer|find|
           determine|provide|help|assist|have\ (?:any\ )?(?:information|access)))""",
    re.IGNORECASE | re.VERBOSE,
)


def check_substance(text: str) -> str | None:
    """Why a text is no claim that can be shown; None if it is one."""
    plain = text.strip()
    checks = {
        "says nothing": not _LETTER.search(plain),
        "is too long for a claim": len(plain) > MAX_CHARACTERS,
        "has characters that cannot be seen": any(map(_is_hidden, plain)),
        "has markup in it": bool(_MARKUP.search(plain)),
        "has a link in it": bool(_LINK.search(plain)),
        "has marks of its own": bool(_SENTENCE_ID.search(plain)),
        "asks instead of saying": plain.endswith(("?", "？", "؟")),
        "tells about the passages, not what they say": bool(
            _ABOUT_ITSELF.match(plain) or _OF_THE_PASSAGES.search(plain.replace("’", "'"))
        ),
        "commands instead of saying": bool(_COMMANDS.search(plain)),
        "tells about the model, not what was said": bool(_REFUSES.match(plain.replace("’", "'"))),
    }
    return next((problem for problem, holds in checks.items() if holds), None)


def _is_hidden(character: str) -> bool:
    """Controls, and marks of format: zero-width ones and those that turn the reading around."""
    return unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs"} and character not in "\t\n"

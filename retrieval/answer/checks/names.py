"""Every name in a claim was said, or is a speaker's or a video's.

Only where an entailment model judges the rest: read word by word, a claim has no word at all that
was not said. A model takes one name for another easily, so that this stays hard.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from retrieval.answer.checks.lexicon import FREE, GENITIVE, GUARDS
from retrieval.answer.checks.said import Said
from retrieval.answer.checks.tokens import tokens

_WORD = re.compile(r"[^\W\d_][\w.'’-]*")
_BEGINS = re.compile(r"(?:^|[.!?:;]\s*|[\"“‘(]\s*)$")


def check_names(claim: str, said: Said) -> str | None:
    """Why a claim's names are not those that were said; None if they are."""
    known = set(_bare(" ".join((said.text, *said.speakers, *said.titles))))
    missing = [name for name in _names(claim) if not known.issuperset(_bare(name))]
    return f"has names that were not said: {', '.join(dict.fromkeys(missing))}" if missing else None


def _names(text: str) -> Iterator[str]:
    """Words with a capital; where a sentence begins, only those that are no common small word."""
    for found in _WORD.finditer(text):
        word = found.group().rstrip(".'’-")
        begins = _BEGINS.search(text[: found.start()]) is not None
        small = all(token in FREE or token in GUARDS for token in tokens(word))
        if any(letter.isupper() for letter in word) and not (small and (begins or word == "I")):
            yield word


def _bare(text: str) -> list[str]:
    """Words as names are compared: lemmas without accents."""
    plain = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return [token for token in tokens(bare) if token != GENITIVE]

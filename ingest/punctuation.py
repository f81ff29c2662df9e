"""Where punctuation ends a sentence, and where a full stop is only that of an abbreviation.

Rules in the manner of Kiss and Strunk, "Unsupervised Multilingual Sentence Boundary Detection"
(Computational Linguistics 32, 2006), with fixed lists in place of learnt ones: a lower-case word
goes on with the sentence, and after initials only a word that often begins one starts a new one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

_ENDERS = ".!?…‼⁇⁈⁉।॥؟۔"
_CJK_ENDERS = "。！？｡．"
_CLOSERS = "\"'”’»›)]}」』）】〉》"
_OPENERS = "\"'“‘„«‹([{「『（【〈《¿¡-–—"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Abbreviations that a name follows, written with a capital.
_TITLES = _words(
    "adm capt cmdr col dr drs fr gen gov hon lt maj messrs mlle mme mr mrs ms mt mx pres prof pvt"
    " rep rev sen sgt sr sra srta st ste ft"
)
# Abbreviations that never stand at the end.
_NEVER_LAST = _words("approx bzw ca cf d.h e.g i.e vgl viz vs z.b")
# Abbreviations that a number follows, and words where none does ("No.").
_BEFORE_NUMBERS = _words("art ch eq fig figs no nos nr op p pp sec vol vols")
# Abbreviations that stand at the end as well as within.
_ANYWHERE = _words(
    "bros co corp dept esq est inc jr ltd ph.d sr jan feb mar apr jun jul aug sep sept oct nov dec"
)
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_STARTERS = _words(
    "a after all although an and are as at because before both but by can did do does each even"
    " every first for from given go has have he her here his how however i i'd i'll i'm i've if in"
    " is it it's its just last let let's look many maybe most my new next no nobody not now of"
    " oh on once one or our people she since so some still such take thank thanks that that's the"
    " their them then there there's these they they're this those though three to today two under"
    " until was we we'll we're we've well were what what's when where which while who why will with"
    " would yes yet you you'll you're your"
)
# The share of words after full stops that have a capital, above which capitals mean something.
_CASED_SHARE = 0.6


def sentence_ends(texts: Sequence[str]) -> list[bool]:
    """For each word of a text whether a sentence ends with it.

    The last word ends one only if punctuation says so. Closing quotes and brackets that stand as
    words of their own belong to the sentence before them.
    """
    cased = _is_cased(texts)
    ends: list[bool] = []
    starts_sentence = True
    for text, after in pairwise([*texts, ""]):
        core = text.rstrip(_CLOSERS)
        if not core and ends and ends[-1]:
            ends[-1] = False
            ends.append(True)
        else:
            ends.append(_ends_sentence(core, after, first=starts_sentence, cased=cased))
        starts_sentence = ends[-1]
    return ends


def is_mark(word: str) -> bool:
    """Whether a word is nothing but punctuation, as every full stop is in Chinese."""
    return not any(char.isalnum() for char in word)


def begins_lower(word: str) -> bool:
    """Whether a word begins with a small letter, quotes and brackets aside."""
    return word.lstrip(_OPENERS)[:1].islower()


def begins_upper(word: str) -> bool:
    """Whether a word begins with a capital letter, quotes and brackets aside."""
    return word.lstrip(_OPENERS)[:1].isupper()


def _is_cased(texts: Sequence[str]) -> bool:
    """Whether sentences begin with capitals here, so that a small letter says something."""
    first = [
        word
        for before, word in pairwise([".", *texts])
        if before.rstrip(_CLOSERS).endswith((".", "!", "?"))
    ]
    upper = sum(begins_upper(word) for word in first)
    lower = sum(begins_lower(word) for word in first)
    return upper >= _CASED_SHARE * (upper + lower)


def _ends_sentence(core: str, after: str, *, first: bool, cased: bool) -> bool:
    if not core or core[-1] not in _ENDERS + _CJK_ENDERS:
        return False
    if core[-1] in _CJK_ENDERS or not after:
        return True
    if cased and begins_lower(after):
        return False
    if core.endswith(("..", "…")):
        return _trails_off_before(after)
    if core[-1] != ".":
        return True
    return _full_stop_ends(core[:-1].lstrip(_OPENERS), after, first=first, cased=cased)


def _trails_off_before(after: str) -> bool:
    """Whether a new sentence follows an ellipsis: "Well... I" tells nothing, "Well... The" does."""
    return not begins_lower(after) and after.partition("'")[0] != "I"


def _full_stop_ends(stem: str, after: str, *, first: bool, cased: bool) -> bool:
    """Whether the full stop after `stem` ends a sentence, given the word after it."""
    word = stem.lower()
    numbers_next = after.lstrip(_OPENERS + "#")[:1].isdigit()
    if word in _NEVER_LAST or (first and stem.isdecimal()):
        return False
    if word in _BEFORE_NUMBERS and numbers_next:
        return False
    if word in _TITLES and (not cased or begins_upper(stem)) and not numbers_next:
        return False
    if word in _ANYWHERE or (_INITIALS.fullmatch(stem) and word != "i"):
        return begins_upper(after) and after.lower().strip(_CLOSERS + _OPENERS + ",") in _STARTERS
    return True

"""Splitting text into words and joining words into text, one way for the whole project.

Scripts written without spaces (Chinese, Japanese) count one character as one word, so that such a
text can be timed and cut as any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# Kana, CJK ideographs with extension A, compatibility ideographs, and full-width punctuation.
_SPACELESS = "\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"
_WORD = re.compile(rf"[^\s{_SPACELESS}]+|[{_SPACELESS}](?<!\s)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_ENDS_SPACELESS = re.compile(rf"[{_SPACELESS}]$")
_STARTS_SPACELESS = re.compile(rf"^[{_SPACELESS}]")


def split_words(text: str) -> list[str]:
    """The words of a text, in order, punctuation left on them."""
    return _WORD.findall(text)


def join_words(words: Iterable[str]) -> str:
    """Words as running text: a space between two, none between two spaceless characters."""
    joined: list[str] = []
    for word in words:
        if joined and not (_ENDS_SPACELESS.search(joined[-1]) and _STARTS_SPACELESS.match(word)):
            joined.append(" ")
        joined.append(word)
    return "".join(joined)


def without_controls(text: str) -> str:
    """A text without control characters, which could steer the terminal it is shown on."""
    return _CONTROL.sub(" ", text)


def printable(text: str) -> str:
    """A text that can be written anywhere: what is no character (of a file's name, say) is `?`."""
    return text.encode(errors="replace").decode()

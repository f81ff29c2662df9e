"""Changing a text where a pattern was found."""

from __future__ import annotations

import re


def put(text: str, match: re.Match[str], other: str) -> str:
    """A text with something else in place of a match, with a capital if that had one."""
    if match.group()[:1].isupper() and match.start() == 0:
        other = other[:1].upper() + other[1:]
    return f"{text[: match.start()]}{other}{text[match.end() :]}"


def exchanged(text: str, one: re.Match[str], other: re.Match[str]) -> str:
    """A text with two matches, the first before the second, in each other's place."""
    first, second = other.group(), one.group()
    if one.start() == 0 and first.islower():
        first, second = first[:1].upper() + first[1:], second[:1].lower() + second[1:]
    between = text[one.end() : other.start()]
    return f"{text[: one.start()]}{first}{between}{second}{text[other.end() :]}"

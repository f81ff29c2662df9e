r"""What a caption's text means: tags, entities, speaker marks, notes on sounds, inline times.

Tags: WebVTT (https://www.w3.org/TR/webvtt1/, section 4.2.2), the HTML that SubRip files carry,
and the override blocks of SubStation (`{\i1}`, `\N`). Only tags of those formats are removed:
captions of programming lessons say `List<String>` and mean it.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from ingest.captions.cue import Turn
from playhead.text import split_words, without_controls

_OVERRIDE = re.compile(r"\{\\[^{}]*\}")
_BREAK = re.compile(r"\\[Nh]|<br\s*/?>|\r\n?|\n", re.IGNORECASE)
# The reading above a Chinese or Japanese word says that word a second time.
_RUBY_TEXT = re.compile(r"<rt\b[^<>]*>.*?(?:</rt>|(?=</ruby>)|$)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(
    r"<(?P<time>(?:\d+:)?\d{1,2}:\d{1,2}[.,]\d{1,3})>"
    r"|<v(?:\.[^\s<>]*)?[ \t]+(?P<voice>[^<>]*)>"
    r"|</?(?:v|c|i|b|u|s|lang|ruby|font|span|em|strong|p|div|tt|sub|sup|big|small)"
    r"(?:[.\s][^<>]*)?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# Marks of direction and width that show nothing. The joiners U+200C and U+200D do: they stay.
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_MUSIC = re.compile("[\u266a-\u266c\U0001f3b5\U0001f3b6]")
_NOTE = re.compile(r"\s*(?:(?:\[[^\[\]]*\]|\([^()]*\)|（[^（）]*）|【[^【】]*】)[\s.,!]*)+")

_ARROWS = re.compile(r"(?:(?<=\s)|^)>{2,3}(?!>)", re.MULTILINE)
_DASH = re.compile(r"^[ \t]*[-–—](?=[ \t]+(?P<first>\S))", re.MULTILINE)
_NAME = r"[^\W\d_][\w.'’-]*(?:[ \t][\w.'’-]+){0,3}"
_NAMED = re.compile(
    rf"[ \t]*(?P<bracket>\[)?(?P<name>{_NAME})(?(bracket)\])"
    r"(?:[ \t]?[(\[](?P<note>[^()\[\]\n]+)[)\]])?[ \t]?:(?=\s|$)"
)
_LINE = re.compile(r"^.*$", re.MULTILINE)
# What stands before a colon, with a number or without, and is no name.
_NO_NAMES = {"answer", "caution", "chapter", "example", "exercise", "faq", "figure", "finally"}
_NO_NAMES |= {"first", "http", "https", "important", "laughs", "music", "next", "note", "option"}
_NO_NAMES |= {"part", "ps", "question", "second", "section", "step", "then", "third", "tip", "url"}
_NO_NAMES |= {"warning"}


@dataclass(frozen=True, slots=True)
class Payload:
    """A caption's text read: `text` plain on one line, the speaker marks, and the inline times.

    `stamps` has one entry for each word: the inline time (seconds) that it follows, None before
    the first of them; it is empty where the text has no inline time. `carried` counts the words
    on lines above the first inline time: captions that scroll show such lines a second time.
    """

    text: str
    turns: tuple[Turn, ...] = ()
    stamps: tuple[float | None, ...] = ()
    carried: int = 0

    @property
    def speaker(self) -> str | None:
        """Who speaks its first word, where that is said."""
        return self.turns[0].speaker if self.turns and self.turns[0].word == 0 else None


def read_payload(raw: str) -> Payload:
    """Read a raw caption: VTT, SRT or SubStation text, with line breaks where it has them."""
    plain, stamps, voices = _without_tags(_BREAK.sub("\n", _OVERRIDE.sub("", raw)))
    plain, marks = _without_marks(_MUSIC.sub(" ", plain))
    plain = _without_notes(plain)
    words = split_words(plain)
    if not any(char.isalnum() for char in plain):
        return Payload("")
    offsets = _offsets(plain, words)
    return Payload(
        text=" ".join(plain.split()),
        turns=_turns(offsets, sorted([*marks, *voices], key=lambda mark: mark[0])),
        stamps=_stamps(offsets, stamps),
        carried=_carried(plain, offsets, stamps),
    )


def is_note(text: str) -> bool:
    """Whether a text is nothing but notes on sounds: `[Music]`, `(applause) [laughs]`."""
    return bool(_NOTE.fullmatch(text))


def seconds_of(time: str) -> float:
    """The seconds of a caption time: hours optional, comma or dot, 1 to 3 decimals or none."""
    whole, _, decimals = time.replace(",", ".").partition(".")
    seconds = 0
    for part in whole.split(":"):
        seconds = seconds * 60 + int(part)
    return (seconds * 1000 + int(decimals.ljust(3, "0")[:3] or 0)) / 1000


_Stamps = list[tuple[int, float]]
_Marks = list[tuple[int, str | None]]


def _without_tags(raw: str) -> tuple[str, _Stamps, _Marks]:
    """The text, and where in it (by character) the inline times and the voices begin."""
    raw = _RUBY_TEXT.sub("", raw)
    parts: list[str] = []
    stamps: _Stamps = []
    voices: _Marks = []
    length = position = 0
    for tag in _TAG.finditer(raw):
        parts.append(_unescape(raw[position : tag.start()]))
        length += len(parts[-1])
        position = tag.end()
        if tag["time"]:
            stamps.append((length, seconds_of(tag["time"])))
        elif tag["voice"] and tag["voice"].strip():
            voices.append((length, " ".join(_unescape(tag["voice"]).split())))
    parts.append(_unescape(raw[position:]))
    return "".join(parts), stamps, voices


def _unescape(text: str) -> str:
    # Only what ends in a semicolon: html.unescape alone would read "R&not" as a sign.
    text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    return without_controls(_INVISIBLE.sub("", text))


def _without_marks(plain: str) -> tuple[str, _Marks]:
    """Speaker marks blanked (every other character keeps its place), and where they were."""
    found: _Marks = []
    blanks: list[tuple[int, int]] = []
    for arrows in _ARROWS.finditer(plain):
        named = _named(plain, arrows.end(), is_marked=True)
        found.append((arrows.start(), named["name"] if named else None))
        blanks.append((arrows.start(), (named or arrows).end()))
    plain = _blanked(plain, blanks)
    dashes = _dashes(plain)
    found += [(start, None) for start, _ in dashes]
    plain = _blanked(plain, dashes)
    marked = {start for start, _ in dashes}
    names: list[tuple[int, int]] = []
    for line in _LINE.finditer(plain):
        named = _named(plain, line.start(), is_marked=line.start() in marked)
        if named:
            found.append((named.start(), named["name"]))
            names.append(named.span())
    return _blanked(plain, names), found


def _dashes(plain: str) -> list[tuple[int, int]]:
    """Dashes that mark speakers; one before a small letter is punctuation, two begin a dialogue."""
    dashes = list(_DASH.finditer(plain))
    return [dash.span() for dash in dashes if len(dashes) > 1 or not dash["first"].islower()]


def _named(plain: str, start: int, *, is_marked: bool) -> re.Match[str] | None:
    """The name of a speaker and its colon, where they stand there.

    Behind a mark, in brackets or with a note ("Ann (on phone):") capitalised words are a name;
    elsewhere only capitals are, and in a text all in capitals nothing is.
    """
    named = _NAMED.match(plain, start)
    if named is None or named["name"].rstrip(" .0123456789").lower() in _NO_NAMES:
        return None
    if is_marked or named["bracket"] or (named["note"] or "A")[0].islower():
        return None if any(word[0].islower() for word in named["name"].split()) else named
    rest = plain[named.end() :].partition("\n")[0]
    shouted = rest.upper() == rest != rest.lower()
    letters = sum(char.isalpha() for char in named["name"])
    return named if named["name"].isupper() and letters > 1 and not shouted else None


def _without_notes(plain: str) -> str:
    """Notes on sounds blanked, where one is all there is on a line or in the caption."""
    if is_note(plain):
        return ""
    notes = [line.span() for line in _LINE.finditer(plain) if is_note(line[0])]
    return _blanked(plain, notes)


def _blanked(text: str, spans: list[tuple[int, int]]) -> str:
    """A text with spaces in place of some spans (in order), so that the rest keeps its place."""
    parts: list[str] = []
    position = 0
    for start, end in spans:
        parts += [text[position:start], " " * (end - start)]
        position = end
    return "".join([*parts, text[position:]])


def _offsets(plain: str, words: list[str]) -> list[int]:
    """Where each word begins."""
    offsets: list[int] = []
    position = 0
    for word in words:
        offsets.append(plain.index(word, position))
        position = offsets[-1] + len(word)
    return offsets


def _turns(offsets: list[int], marks: _Marks) -> tuple[Turn, ...]:
    """The marks by word. Of two marks at one word (`<v Ann>- Hi`) the one with a name counts."""
    turns: dict[int, str | None] = {}
    for offset, speaker in marks:
        word = bisect_left(offsets, offset)
        if word < len(offsets):
            turns[word] = speaker or turns.get(word)
    return tuple(Turn(word, speaker) for word, speaker in turns.items())


def _stamps(offsets: list[int], stamps: _Stamps) -> tuple[float | None, ...]:
    if not stamps:
        return ()
    places = [place for place, _ in stamps]
    latest = [bisect_right(places, offset) - 1 for offset in offsets]
    return tuple(stamps[at][1] if at >= 0 else None for at in latest)


def _carried(plain: str, offsets: list[int], stamps: _Stamps) -> int:
    if not stamps:
        return 0
    line_start = plain.rfind("\n", 0, stamps[0][0]) + 1
    return sum(offset < line_start for offset in offsets)

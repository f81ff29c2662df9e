"""A person corrects a transcript: other words, other speakers, the same times.

As text a transcript is a line for each sentence, with its time, a mark where a recogniser may have
made it up, and who speaks:

    [0:07] Ann: Knead the dough.
    [0:09 ?] Thank you.

Words that stay keep their times, and a word in another's place gets that one's. Where more or fewer
words take a place, they share its time. Words put in between get the silence there; where there is
none, they stand at that moment.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from ingest.spread import spread_words
from playhead.errors import CorrectionError
from playhead.text import join_words, split_words, without_controls
from playhead.timecodes import clock
from playhead.types import Sentence, Transcript, Word

_HEADER = """\
# One line for each sentence: its time, who speaks (if known), and what is said.
# Change words and speakers; leave the times, and the order of the lines. Words keep their times.
# A line with nothing after its time and speaker is a sentence that nobody said: it goes.
# [0:07 ?] is one that a recogniser may have made up; take the ? away if it was said so.
"""
_LINE = re.compile(r"\s*\[(?P<time>[\d:]+)(?P<doubted> \?)?\]\s*(?P<rest>.*)")
_SHOWN = 40


def transcript_to_text(transcript: Transcript) -> str:
    """The transcript as text for a person to change, with a word on how at the top."""
    lines = (f"{_mark(s)} {_spoken(s)}\n" for s in transcript.sentences)
    return f"{_HEADER}\n{''.join(lines)}"


def transcript_from_text(transcript: Transcript, text: str) -> Transcript:
    """The transcript, corrected as its text (see `transcript_to_text`) was.

    A sentence whose words were changed is no longer doubted: a person vouches for it.

    Raises:
        CorrectionError: a line is gone, in another place or without its time, or none says
            anything.
    """
    lines = _lines(text)
    for number, sentence in enumerate(transcript.sentences):
        if number >= len(lines) or lines[number]["time"] != clock(sentence.start):
            raise CorrectionError(
                f"the line [{clock(sentence.start)}] {_shown(_spoken(sentence))!r} is gone, or not "
                "in its place",
                "A line that loses all its words stands for a sentence that goes",
            )
    if len(lines) > len(transcript.sentences):
        surplus = lines[len(transcript.sentences)].string
        raise CorrectionError(f"there is no sentence for the line {_shown(surplus)!r}")
    pairs = zip(transcript.sentences, lines, strict=True)
    return _with_sentences(transcript, (_corrected(*pair) for pair in pairs))


def replace_words(transcript: Transcript, old: str, new: str) -> tuple[Transcript, int]:
    """Put `new` in the place of `old`, words or runs of words, and count the places.

    A place is one where neither end of `old` lies within a word; punctuation is no part of words.

    Raises:
        CorrectionError: nothing would be left, or `old` has no words.
    """
    old, new = (join_words(split_words(without_controls(text))) for text in (old, new))
    if not old:
        raise CorrectionError("there are no words to replace")
    places = 0
    sentences: list[Sentence | None] = []
    for sentence in transcript.sentences:
        text, count = _replaced(join_words(split_words(sentence.text)), old, new)
        places += count
        texts = split_words(text)
        sentences.append((_said(sentence, texts) if texts else None) if count else sentence)
    return _with_sentences(transcript, sentences), places


def rename_speaker(transcript: Transcript, old: str, new: str) -> tuple[Transcript, int]:
    """Call a speaker something else, and count the sentences; nobody's name is empty."""
    old, name = _name(old), _name(new) or None
    speakers = [_name(sentence.speaker or "") for sentence in transcript.sentences]
    renamed = tuple(
        replace(sentence, speaker=name) if speaker == old else sentence
        for sentence, speaker in zip(transcript.sentences, speakers, strict=True)
    )
    return replace(transcript, sentences=renamed), speakers.count(old)


def changed_sentences(before: Transcript, after: Transcript) -> int:
    """How many sentences are not what they were."""
    return len(set(before.sentences) - set(after.sentences))


def _with_sentences(transcript: Transcript, sentences: Iterable[Sentence | None]) -> Transcript:
    left = tuple(sentence for sentence in sentences if sentence is not None)
    if not left:
        raise CorrectionError(
            "nothing would be left of the transcript",
            "To be rid of the video: playhead library remove",
        )
    return replace(transcript, sentences=left)


def _mark(sentence: Sentence) -> str:
    return f"[{clock(sentence.start)}{' ?' if sentence.doubt else ''}]"


def _spoken(sentence: Sentence) -> str:
    said = join_words(split_words(sentence.text))
    name = _name(sentence.speaker or "")
    return f"{name}: {said}" if name else said


def _name(speaker: str) -> str:
    return " ".join(without_controls(speaker).split())


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _lines(text: str) -> list[re.Match[str]]:
    """The lines that stand for sentences, taken apart."""
    lines: list[re.Match[str]] = []
    for line in text.removeprefix("\ufeff").split("\n"):
        if line.strip() and not line.startswith("#"):
            found = _LINE.fullmatch(line.rstrip())
            if found is None:
                raise CorrectionError(
                    f"the line {_shown(line)!r} does not begin with its time in brackets",
                    "A sentence is one line",
                )
            lines.append(found)
    return lines


def _corrected(sentence: Sentence, line: re.Match[str]) -> Sentence | None:
    """The sentence as its line says; None where that says nothing."""
    speaker, said = _reading(without_controls(line["rest"]), sentence)
    texts = split_words(said)
    if not texts:
        return None
    if texts != split_words(sentence.text):
        sentence = _said(sentence, texts)
    elif not line["doubted"]:
        sentence = replace(sentence, doubt=None)
    if speaker != _name(sentence.speaker or ""):
        sentence = replace(sentence, speaker=speaker or None)
    return sentence


def _reading(rest: str, sentence: Sentence) -> tuple[str, str]:
    """Who speaks and what is said.

    What stands before a colon may be a name or said, too: of the two readings it is the one that
    changes fewer words.
    """
    before = _name(sentence.speaker or "")
    if before and rest.startswith(f"{before}:"):
        return before, rest[len(before) + 1 :]
    name, colon, said = rest.partition(": ")
    readings = [(_name(name), said), ("", rest)] if colon else [("", rest)]
    words = split_words(sentence.text)
    return max(readings, key=lambda reading: _matcher(words, split_words(reading[1])).ratio())


def _said(sentence: Sentence, texts: Sequence[str]) -> Sentence:
    """The sentence with other words (at least one), in its own time, and no longer doubted."""
    before = _single_words(sentence)
    words: list[Word] = []
    matcher = _matcher([word.text for word in before], texts)
    for change, first, end, new_first, new_end in matcher.get_opcodes():
        new = texts[new_first:new_end]
        if change == "equal":
            words += before[first:end]
        elif len(new) == end - first:
            pairs = zip(new, before[first:end], strict=True)
            words += [Word(text, word.start, word.end) for text, word in pairs]
        else:
            words += spread_words(new, *_room(sentence, before, first, end))
    return Sentence.of(tuple(words), sentence.speaker)


def _room(sentence: Sentence, words: Sequence[Word], first: int, end: int) -> tuple[float, float]:
    """From when to when words are said; where there are none, the silence at that place."""
    until = words[end].start if end < len(words) else sentence.end
    if first < end:
        start = words[first].start
        return start, max(start, min(words[end - 1].end, until))
    # Some recognisers' words overlap.
    return min(words[first - 1].end if first else sentence.start, until), until


def _single_words(sentence: Sentence) -> list[Word]:
    """The words as `split_words` tells them apart: some recognisers write several as one."""
    whole = sentence.words or spread_words(split_words(sentence.text), sentence.start, sentence.end)
    single: list[Word] = []
    for word in whole:
        texts = split_words(word.text)
        parts = spread_words(texts, word.start, word.end) if len(texts) > 1 else [word]
        single += [replace(part, probability=word.probability) for part in parts]
    return single


def _matcher(before: Sequence[str], after: Sequence[str]) -> SequenceMatcher[str]:
    return SequenceMatcher(None, before, after, autojunk=False)


def _replaced(text: str, old: str, new: str) -> tuple[str, int]:
    """The text with `new` in the place of `old`, and in how many places."""
    kept: list[str] = []
    done = 0
    at = text.find(old)
    while at >= 0:
        end = at + len(old)
        if _parts_words(text, at) and _parts_words(text, end):
            kept.append(text[done:at])
            done = end
        at = text.find(old, end if done == end else at + 1)
    return new.join([*kept, text[done:]]), len(kept)


def _parts_words(text: str, at: int) -> bool:
    """Whether a place does not lie within a word."""
    around = text[at - 1 : at + 1] if 0 < at < len(text) else ""
    # Letters, the marks on them, and digits.
    within = len(around) > 1 and all(unicodedata.category(char)[0] in "LMN" for char in around)
    return not within or len(split_words(around)) > 1

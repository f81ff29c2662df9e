"""The text of a caption file, whatever it is encoded in."""

from __future__ import annotations

import codecs
from pathlib import Path

from playhead.errors import CaptionsError

# UTF-32 first: its mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Western European text has accents on some of its letters; other alphabets have most of their
# letters above ASCII.
_MOST_ACCENTS = 0.4
# UTF-8 is not met by chance: with this many good signs to a bad one, it is damaged UTF-8.
_GOOD_PER_FAULT = 4


def decode_captions(content: bytes, path: Path) -> str:
    """The text, without a byte order mark: UTF-8, UTF-16, UTF-32, else Windows-1252.

    Raises:
        CaptionsError: not text, or text in an encoding that cannot be told.
    """
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    encoding = encoding or _utf16_by_zeros(content)
    try:
        text = content.decode(encoding or "utf-8")
    except UnicodeDecodeError:
        text = _decode_faulty(content, path)
    if "\0" in text:
        raise _not_text(path)
    return text


def _utf16_by_zeros(content: bytes) -> str | None:
    """UTF-16 without a mark shows as zeros in every other byte: every time is ASCII."""
    sample = content[:2000]
    half = len(sample) // 2
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if half and odd > half // 4 and even < odd // 8:
        return "utf-16-le"
    if half and even > half // 4 and odd < even // 8:
        return "utf-16-be"
    return None


def _decode_faulty(content: bytes, path: Path) -> str:
    """Text that is not UTF-8 throughout: UTF-8 with a few faults, or Windows-1252."""
    if b"\0" in content:
        raise _not_text(path)
    text = content.decode("utf-8", errors="replace")
    faults = text.count("\ufffd")
    if sum(not char.isascii() for char in text) > _GOOD_PER_FAULT * faults:
        return text
    text = content.decode("cp1252", errors="replace")
    letters = [char for char in text if char.isalpha() or not char.isascii()]
    accents = sum(not letter.isascii() for letter in letters)
    if accents > _MOST_ACCENTS * len(letters):
        raise CaptionsError(
            f"the text encoding of {path} cannot be told: neither UTF-8 nor Western European",
            "Save it as UTF-8",
        )
    return text


def _not_text(path: Path) -> CaptionsError:
    return CaptionsError(f"{path} is not a caption file: it is not text")

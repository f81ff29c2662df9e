"""What a model wrote, as plain text: what is checked and what is shown are the same characters."""

from __future__ import annotations

import re
import unicodedata

# Zero-width (non-)joiners shape the words of some scripts, and hide in those of others: "fi-fty".
_JOINER = re.compile("(?:^|(?<=[\x00-\x7f]))[\u200c\u200d]+|[\u200c\u200d]+(?=[\x00-\x7f]|$)")
_JOINERS = "\u200c\u200d"


def plain_text(text: str) -> str:
    """A text on one line, without characters that are not seen or turn the others around."""
    kept = "".join(
        " " if unicodedata.category(char) == "Cc" else char
        for char in unicodedata.normalize("NFC", text)
        if unicodedata.category(char) not in ("Cf", "Cs", "Co", "Cn") or char in _JOINERS
    )
    return " ".join(_JOINER.sub("", kept).split())

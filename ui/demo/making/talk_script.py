"""The text of a demo talk: what is said, and what stands on each slide.

A script is a text file. `# Title` opens it; lines `key: value` follow; each `## Heading` opens a
slide. On a slide, `- ` lines are its points, `diagram:` names a drawing, and every other line is
one spoken sentence. `say: written = spoken` respells a word for the synthesiser alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from playhead.errors import PlayheadError

_REQUIRED = ("voice", "pace", "pause", "accent", "captions", "subtitle")


@dataclass(frozen=True, slots=True)
class SlideText:
    """One slide: its heading, its points, the drawing beside them, the sentences spoken over it."""

    heading: str
    points: tuple[str, ...]
    diagram: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TalkScript:
    """One talk. `pace` stretches the speech; `pause` is the silence after a sentence in seconds."""

    name: str
    title: str
    subtitle: str
    voice: str
    pace: float
    pause: float
    accent: str
    captions: bool
    say: Mapping[str, str]
    slides: tuple[SlideText, ...]


def read_script(path: Path) -> TalkScript:
    """The talk in a script file; its name is the file's.

    Raises:
        PlayheadError: a key is missing or a slide has nothing to say.
    """
    head, *slides = re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    title, *lines = [line for line in head.splitlines() if line]
    pairs = [_pair(line, ":") for line in lines]
    keys = {key: value for key, value in pairs if key != "say"}
    if missing := [key for key in _REQUIRED if key not in keys]:
        raise PlayheadError(f"{path.name} lacks {', '.join(missing)}", "Add the line to its head")
    return TalkScript(
        name=path.stem,
        title=title.removeprefix("# "),
        subtitle=keys["subtitle"],
        voice=keys["voice"],
        pace=float(keys["pace"]),
        pause=float(keys["pause"]),
        accent=keys["accent"],
        captions=keys["captions"] == "yes",
        say=dict(_pair(value, "=") for key, value in pairs if key == "say"),
        slides=tuple(_read_slide(text, path.name) for text in slides),
    )


def _read_slide(text: str, file: str) -> SlideText:
    heading, *lines = [line for line in text.splitlines() if line]
    points = tuple(line[2:] for line in lines if line.startswith("- "))
    diagrams = [_pair(line, ":")[1] for line in lines if line.startswith("diagram:")]
    sentences = tuple(line for line in lines if not line.startswith(("- ", "diagram:")))
    if not sentences or len(diagrams) != 1:
        raise PlayheadError(
            f"the slide {heading!r} in {file} has no sentence, or not one diagram",
            "Give it at least one sentence and exactly one line 'diagram: name'",
        )
    return SlideText(heading, points, diagrams[0], sentences)


def _pair(line: str, separator: str) -> tuple[str, str]:
    key, _, value = line.partition(separator)
    return key.strip(), value.strip()

"""Charts drawn from a script's own words: numbers, bars, a timeline, a quotation."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ui.demo.making.canvas import Canvas, text_width, wrap

LEFT, TOP, RIGHT, BOTTOM = 446.0, 122.0, 802.0, 412.0
"""The card beside the points on which every diagram is drawn."""

_PAD = 30.0


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one slide: an accent, two tints of it, and two greys for text."""

    accent: str
    mid: str
    soft: str
    ink: str
    muted: str


def card(canvas: Canvas, palette: Palette) -> None:
    """The ground of every diagram."""
    canvas.box((LEFT, TOP), (RIGHT - LEFT, BOTTOM - TOP), palette.soft, radius=14)


def numbers(canvas: Canvas, palette: Palette, content: str) -> None:
    """`value = label; ...`: each value large, its label below."""
    entries = _entries(content)
    step = (BOTTOM - TOP - 16) / len(entries)
    for i, (value, label) in enumerate(entries):
        y = TOP + 8 + step * (i + 0.5)
        canvas.text((LEFT + _PAD, y - 12), value, 40, palette.accent, anchor="lm", bold=True)
        canvas.text((LEFT + _PAD, y + 23), label, 16, palette.ink, anchor="lm")
        if i:
            canvas.box((LEFT + _PAD, y - step / 2), (RIGHT - LEFT - 2 * _PAD, 1), palette.mid)


def bars(canvas: Canvas, palette: Palette, content: str) -> None:
    """`value = label; ...`: bars as long as the number that each value begins with."""
    entries = _entries(content)
    sizes = [float(re.sub(r"[^\d.]", "", value)) for value, _ in entries]
    step = (BOTTOM - TOP - 24) / len(entries)
    widest = RIGHT - LEFT - 2 * _PAD
    for i, ((value, label), size) in enumerate(zip(entries, sizes, strict=True)):
        y = TOP + 12 + step * (i + 0.5)
        canvas.text((LEFT + _PAD, y - 14), value, 21, palette.ink, anchor="lm", bold=True)
        after = LEFT + _PAD + text_width(value, 21) + 12
        canvas.text((after, y - 13), label, 16, palette.ink, anchor="lm")
        length = max(6.0, widest * size / max(sizes))
        colour = palette.accent if size == max(sizes) else palette.mid
        canvas.box((LEFT + _PAD, y + 4), (length, 16), colour, radius=3)


def timeline(canvas: Canvas, palette: Palette, content: str) -> None:
    """`when = what; ...`: moments down a line, in order."""
    entries = _entries(content)
    step = (BOTTOM - TOP - 20) / len(entries)
    x, first, last = LEFT + 118, TOP + 10 + step / 2, BOTTOM - 10 - step / 2
    canvas.line([(x, first), (x, last)], palette.mid, 4)
    for i, (when, what) in enumerate(entries):
        y = first + i * step
        canvas.circle((x, y), 9, palette.accent)
        canvas.circle((x, y), 4, palette.soft)
        canvas.text((x - 24, y), when, 22, palette.accent, anchor="rm", bold=True)
        canvas.text((x + 26, y), what, 18, palette.ink, anchor="lm")


def quote(canvas: Canvas, palette: Palette, content: str) -> None:
    """`words = who`: a quotation and who said so."""
    [(words, who)] = _entries(content)
    canvas.text((LEFT + _PAD, TOP + 32), "“", 96, palette.mid, bold=True)
    y = TOP + 138
    for line in wrap(words, 36, RIGHT - LEFT - 2 * _PAD):
        canvas.text((LEFT + _PAD, y), line, 36, palette.accent, anchor="lm", bold=True)
        y += 46
    canvas.text((LEFT + _PAD, y + 6), who, 16, palette.ink, anchor="lm")


def _entries(content: str) -> list[tuple[str, str]]:
    pairs = [entry.partition("=") for entry in content.split(";")]
    return [(key.strip(), value.strip()) for key, _, value in pairs]

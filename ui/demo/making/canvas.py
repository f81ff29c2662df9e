"""A small drawing surface for the slides: Pillow with smooth edges, in slide coordinates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from PIL import Image, ImageColor, ImageDraw, ImageFont

from playhead.errors import PlayheadError

WIDTH, HEIGHT = 854, 480

Point = tuple[float, float]
Anchor = Literal["la", "lm", "mm", "ma", "ra", "rm"]

_SCALE = 3  # drawn this many times larger, then reduced: Pillow's shapes have no smooth edges
_MISSING_GLYPH = "\uffff"


def mix(colour: str, other: str, share: float) -> str:
    """`colour` with `share` (0 to 1) of `other` stirred in."""
    pair = zip(ImageColor.getrgb(colour), ImageColor.getrgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pair)


class Canvas:
    """An image of `WIDTH` by `HEIGHT`; every length is in its pixels, y downwards."""

    def __init__(self, background: str) -> None:
        self._image = Image.new("RGB", (WIDTH * _SCALE, HEIGHT * _SCALE), background)
        self._draw = ImageDraw.Draw(self._image)

    def image(self) -> Image.Image:
        """The picture at its true size."""
        return self._image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)

    def polygon(self, points: Sequence[Point], fill: str) -> None:
        """A filled polygon."""
        self._draw.polygon(_scaled(points), fill=fill)

    def line(self, points: Sequence[Point], colour: str, width: float) -> None:
        """A line through the points, with round joints and ends."""
        self._draw.line(_scaled(points), fill=colour, width=round(width * _SCALE), joint="curve")
        for end in (points[0], points[-1]):
            self.circle(end, width / 2, colour)

    def circle(self, centre: Point, radius: float, fill: str) -> None:
        """A filled circle."""
        self.ellipse(centre, radius, radius, fill)

    def ellipse(self, centre: Point, rx: float, ry: float, fill: str) -> None:
        """A filled ellipse."""
        (x, y), s = centre, _SCALE
        self._draw.ellipse([(x - rx) * s, (y - ry) * s, (x + rx) * s, (y + ry) * s], fill=fill)

    def box(self, corner: Point, size: Point, fill: str, *, radius: float = 0) -> None:
        """A filled rectangle from its upper left corner, its corners rounded by `radius`."""
        (x, y), (w, h), s = corner, size, _SCALE
        edges = [x * s, y * s, (x + w) * s, (y + h) * s]
        self._draw.rounded_rectangle(edges, radius * s, fill=fill)

    def arc(self, centre: Point, radius: float, degrees: Point, colour: str, width: float) -> None:
        """Part of a circle; degrees count clockwise from three o'clock."""
        (x, y), s = centre, _SCALE
        edges = [(x - radius) * s, (y - radius) * s, (x + radius) * s, (y + radius) * s]
        self._draw.arc(edges, *degrees, fill=colour, width=round(width * s))

    def text(
        self,
        at: Point,
        text: str,
        size: float,
        colour: str,
        *,
        anchor: Anchor = "la",
        bold: bool = False,
    ) -> None:
        """One line of text in Pillow's own font.

        Raises:
            PlayheadError: the font lacks a character.
        """
        font = _font(size)
        if lacking := [c for c in text if _lacks(font, c)]:
            raise PlayheadError(
                f"the slides' font lacks {''.join(lacking)!r}", "Write it otherwise"
            )
        weight = size * _SCALE / 45 if bold else 0  # the font has one weight: thicken it
        where = (at[0] * _SCALE, at[1] * _SCALE)
        self._draw.text(where, text, colour, font, anchor, stroke_width=weight)


def text_width(text: str, size: float) -> float:
    """How wide a text is."""
    return _font(size).getlength(text) / _SCALE


def wrap(text: str, size: float, width: float) -> list[str]:
    """The lines of a text that is at most `width` wide."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def turned(points: Sequence[Point], degrees: float, about: Point) -> list[Point]:
    """Points turned clockwise about a point."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    moved = [(x - about[0], y - about[1]) for x, y in points]
    return [(about[0] + x * cos - y * sin, about[1] + x * sin + y * cos) for x, y in moved]


def _scaled(points: Sequence[Point]) -> list[Point]:
    return [(x * _SCALE, y * _SCALE) for x, y in points]


def _font(size: float) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size * _SCALE)
    assert isinstance(font, ImageFont.FreeTypeFont)  # noqa: S101 - so it is where a size is given
    return font


def _lacks(font: ImageFont.FreeTypeFont, character: str) -> bool:
    shape, missing = font.getmask(character), font.getmask(_MISSING_GLYPH)
    return character != " " and shape.size == missing.size and bytes(shape) == bytes(missing)

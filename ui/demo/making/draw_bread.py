"""Drawings for the talk on sourdough: a loaf, jars of starter, bowls of dough, loaves cut open."""

from __future__ import annotations

import math

from ui.demo.making.canvas import Canvas, mix
from ui.demo.making.charts import BOTTOM, LEFT, RIGHT, TOP, Palette

_CRUST, _CRUMB = "#C07B35", "#F3DFB6"
_GLASS = "#FFFFFF"
_GREY_LIQUID, _STREAK = "#8C8F94", "#E0693F"


def loaf(canvas: Canvas, palette: Palette, _content: str) -> None:
    """Title page: a round loaf with its cuts."""
    canvas.circle((640, 240), 180, palette.soft)
    canvas.ellipse((640, 268), 142, 104, _CRUST)
    canvas.ellipse((640, 258), 130, 88, mix(_CRUST, _CRUMB, 0.28))
    for i in range(4):
        x = 566 + i * 47
        canvas.polygon([(x - 14, 310), (x + 2, 206), (x + 22, 204), (x - 1, 314)], _CRUMB)
    canvas.box((478, 366), (324, 12), palette.mid, radius=6)


def jar(canvas: Canvas, palette: Palette, _content: str) -> None:
    """A jar of starter with bubbles, and who makes what in it."""
    x = LEFT + 104
    _starter(canvas, palette, x, 150)
    bubbles = ((-34, -40, 9), (6, -66, 12), (34, -34, 8), (-14, -104, 10), (28, -112, 7))
    for dx, dy, radius in bubbles:
        canvas.circle((x + dx, BOTTOM - 46 + dy), radius, _GLASS)
    for i, (maker, product) in enumerate((("yeast", "gas"), ("bacteria", "acids"))):
        y = TOP + 108 + i * 92
        canvas.text((LEFT + 244, y - 12), maker, 18, palette.ink, anchor="lm", bold=True)
        canvas.text((LEFT + 244, y + 12), f"makes {product}", 15, palette.ink, anchor="lm")
    canvas.ellipse((LEFT + 212, TOP + 108), 15, 19, palette.accent)
    for left in (LEFT + 201, LEFT + 210, LEFT + 219):
        canvas.line([(left, TOP + 212), (left + 6, TOP + 188)], palette.accent, 5)


def jars(canvas: Canvas, palette: Palette, _content: str) -> None:
    """Two jars: one with grey liquid on top, one with orange streaks."""
    for x, label in ((LEFT + 98, "feed it"), (RIGHT - 98, "throw it away")):
        _starter(canvas, palette, x, 130)
        canvas.text((x, BOTTOM - 18), label, 16, palette.ink, anchor="mm", bold=True)
    canvas.box((LEFT + 40, BOTTOM - 188), (116, 26), _GREY_LIQUID, radius=6)
    for dx, dy in ((-30, -122), (12, -98), (-20, -72), (26, -130)):
        x, y = RIGHT - 98 + dx, BOTTOM + dy
        canvas.line([(x - 13, y), (x + 3, y - 7), (x + 15, y)], _STREAK, 6)


def _starter(canvas: Canvas, palette: Palette, x: float, level: float) -> None:
    canvas.box((x - 66, TOP + 44), (132, 214), _GLASS, radius=18)
    canvas.box((x - 58, BOTTOM - 40 - level), (116, level), _CRUMB, radius=12)
    canvas.box((x - 72, TOP + 30), (144, 24), palette.accent, radius=6)


def rise(canvas: Canvas, palette: Palette, _content: str) -> None:
    """A bowl of dough before and after the first rise."""
    y = TOP + 168
    for x, height, label in ((LEFT + 92, 40, "at the start"), (RIGHT - 92, 82, "grown by half")):
        angles = [math.pi * k / 40 for k in range(41)]
        dome = [(x - 64 * math.cos(a), y - height * math.sin(a)) for a in angles]
        canvas.polygon(dome, _CRUMB)
        right = [(x + 74, y), (x + 60, y + 44), (x + 38, y + 62)]
        bowl = [*right, *((2 * x - px, py) for px, py in reversed(right))]
        canvas.polygon(bowl, palette.accent)
        canvas.text((x, BOTTOM - 34), label, 16, palette.ink, anchor="mm")
    for dx, dy in ((-30, -22), (4, -48), (30, -20)):
        canvas.circle((RIGHT - 92 + dx, y + dy), 7, _GLASS)


def loaves(canvas: Canvas, palette: Palette, _content: str) -> None:
    """Three loaves cut through: dense, as it should be, flat."""
    shapes = (
        (TOP + 62, 66, 38, 2, "dense"),
        (TOP + 154, 84, 44, 7, "just right"),
        (TOP + 240, 108, 22, 4, "flat"),
    )
    for y, rx, ry, hole, label in shapes:
        x = LEFT + 130
        canvas.ellipse((x, y), rx, ry, _CRUST)
        canvas.ellipse((x, y), rx - 6, ry - 6, _CRUMB)
        for k in range(9):
            angle, reach = k * 2.4, 0.34 + 0.085 * (k % 5)
            centre = (x + math.cos(angle) * rx * reach, y + math.sin(angle) * ry * reach)
            canvas.circle(centre, hole * (0.7 + 0.15 * (k % 3)), _GLASS)
        canvas.text((LEFT + 254, y), label, 18, palette.ink, anchor="lm")

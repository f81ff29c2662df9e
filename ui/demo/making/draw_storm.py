"""Drawings for the talk on lightning: a storm cloud, its charges, a car, a lightning rod."""

from __future__ import annotations

from ui.demo.making.canvas import Canvas, Point
from ui.demo.making.charts import BOTTOM, LEFT, RIGHT, TOP, Palette

_MID_X = (LEFT + RIGHT) / 2
_MID_Y = (TOP + BOTTOM) / 2
_BOLT = "#F2B705"
_CLOUD = "#FFFFFF"


def storm(canvas: Canvas, palette: Palette, _content: str) -> None:
    """Title page: a cloud and its bolt."""
    canvas.circle((640, 240), 180, palette.soft)
    _bolt(canvas, (640, 226), 1.25)
    _cloud(canvas, (638, 180), 1.5)
    for x, y in ((560, 268), (590, 292), (708, 266), (736, 296)):
        canvas.line([(x, y), (x - 10, y + 26)], palette.mid, 4)


def charges(canvas: Canvas, palette: Palette, _content: str) -> None:
    """A storm cloud: positive on top, negative below."""
    _cloud(canvas, (_MID_X, TOP + 142), 1.45)
    for k in range(4):
        x = _MID_X - 56 + k * 40
        outer = k in {0, 3}
        _sign(canvas, (x, TOP + (112 if outer else 98)), palette.accent, plus=True)
        _sign(canvas, (x - 24, TOP + 180), palette.ink, plus=False)
    x = _MID_X + 100
    canvas.line([(x, TOP + 174), (x, TOP + 130)], palette.mid, 5)
    canvas.polygon([(x - 10, TOP + 134), (x + 10, TOP + 134), (x, TOP + 116)], palette.mid)
    above, below = "small crystals, lifted by the wind", "heavy pieces of ice, sinking"
    canvas.text((_MID_X, TOP + 21), above, 15, palette.ink, anchor="mm")
    canvas.text((_MID_X, BOTTOM - 62), below, 15, palette.ink, anchor="mm")
    _ground(canvas, palette, 30)


def leader(canvas: Canvas, palette: Palette, _content: str) -> None:
    """The channel comes down in steps; a spark rises from a tree."""
    _cloud(canvas, (_MID_X - 44, TOP + 80), 0.92)
    ground = _ground(canvas, palette, 34)
    x = _MID_X - 60
    steps = ((0, 112), (-18, 130), (4, 146), (-16, 164), (8, 180), (-4, 196))
    points = [(x + dx, TOP + dy) for dx, dy in steps]
    canvas.line(points, palette.accent, 4)
    for point in points[1:]:
        canvas.circle(point, 5, palette.accent)
    canvas.line([(x, ground - 46), (x + 6, ground - 54), (x - 3, ground - 60)], _BOLT, 5)
    canvas.box((x - 4, ground - 14), (8, 14), palette.ink)
    canvas.polygon([(x - 20, ground - 12), (x + 20, ground - 12), (x, ground - 42)], palette.ink)
    canvas.text((x + 34, TOP + 156), "steps of fifty yards", 15, palette.ink, anchor="lm")
    canvas.text((x + 34, TOP + 204), "a spark rises", 15, palette.ink, anchor="lm")


def waves(canvas: Canvas, palette: Palette, _content: str) -> None:
    """Sound that spreads from a bolt."""
    x = LEFT + 96
    for radius in range(60, 250, 36):
        canvas.arc((x, _MID_Y), radius, (-25, 25), palette.mid, 5)
    _bolt(canvas, (x, TOP + 22), 1.85)
    canvas.text((RIGHT - 22, BOTTOM - 26), "up to ten miles", 16, palette.ink, anchor="rm")


def car(canvas: Canvas, palette: Palette, _content: str) -> None:
    """A car whose body leads the current around the people inside."""
    ground, x = _ground(canvas, palette, 54), _MID_X
    cabin = ((-78, -66), (-46, -116), (46, -116), (84, -66))
    canvas.polygon([(x + dx, ground + dy) for dx, dy in cabin], palette.accent)
    canvas.box((x - 122, ground - 70), (244, 50), palette.accent, radius=16)
    rear = ((-62, -68), (-40, -104), (-4, -104), (-4, -68))
    front = ((6, -68), (6, -104), (40, -104), (66, -68))
    for window in (rear, front):
        canvas.polygon([(x + dx, ground + dy) for dx, dy in window], palette.soft)
    for dx in (-68, 70):
        canvas.circle((x + dx, ground - 18), 23, palette.ink)
        canvas.circle((x + dx, ground - 18), 10, palette.soft)
    _bolt(canvas, (x + 20, TOP + 14), 0.86)
    around = ((-2, -121), (-50, -121), (-86, -72), (-127, -60), (-127, -4))
    canvas.line([(x + dx, ground + dy) for dx, dy in around], _BOLT, 5)


def rod(canvas: Canvas, palette: Palette, _content: str) -> None:
    """A house with a rod on its roof and a wire into the ground."""
    ground, x = _ground(canvas, palette, 48), _MID_X - 10
    canvas.box((x - 80, ground - 86), (160, 86), _CLOUD)
    roof = ((-98, -84), (98, -84), (0, -140))
    canvas.polygon([(x + dx, ground + dy) for dx, dy in roof], palette.accent)
    canvas.box((x - 18, ground - 52), (36, 52), palette.accent)
    for dx in (-58, 34):
        canvas.box((x + dx, ground - 66), (24, 24), palette.mid)
    wire = ((0, -168), (0, -143), (108, -78), (108, 34))
    canvas.line([(x + dx, ground + dy) for dx, dy in wire], palette.ink, 4)
    _bolt(canvas, (x + 16, TOP + 10), 0.48)
    canvas.text((x + 118, ground - 40), "wire", 15, palette.ink, anchor="lm")
    canvas.text((x + 12, ground - 158), "rod", 15, palette.ink, anchor="lm")


def _cloud(canvas: Canvas, centre: Point, size: float) -> None:
    x, y = centre
    for dx, dy, radius in ((-62, 8, 34), (-26, -18, 44), (26, -24, 48), (66, 6, 36)):
        canvas.circle((x + dx * size, y + dy * size), radius * size, _CLOUD)
    canvas.box((x - 96 * size, y + 2 * size), (198 * size, 40 * size), _CLOUD, radius=20 * size)


def _bolt(canvas: Canvas, top: Point, size: float) -> None:
    shape = ((8, 0), (-26, 66), (-4, 66), (-30, 132), (30, 48), (6, 48), (32, 0))
    canvas.polygon([(top[0] + x * size, top[1] + y * size) for x, y in shape], _BOLT)


def _sign(canvas: Canvas, centre: Point, colour: str, *, plus: bool) -> None:
    x, y = centre
    canvas.circle(centre, 13, colour)
    canvas.line([(x - 6, y), (x + 6, y)], _CLOUD, 3)
    if plus:
        canvas.line([(x, y - 6), (x, y + 6)], _CLOUD, 3)


def _ground(canvas: Canvas, palette: Palette, height: float) -> float:
    """Draw the ground along the foot of the card; returns the y of its surface."""
    top = BOTTOM - height
    canvas.box((LEFT, top), (RIGHT - LEFT, height), palette.mid, radius=14)
    canvas.box((LEFT, top), (RIGHT - LEFT, 14), palette.mid)
    return top

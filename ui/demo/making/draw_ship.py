"""Drawings for the talk on the Vasa: the ship, her hull from behind, two rulers."""

from __future__ import annotations

from ui.demo.making.canvas import Canvas, Point, turned
from ui.demo.making.charts import BOTTOM, LEFT, RIGHT, TOP, Palette

_MID_X = (LEFT + RIGHT) / 2
_MID_Y = (TOP + BOTTOM) / 2
_WATER = "#A9C6DE"
_WOOD = "#F3DFB6"
_CENTRE_OF_GRAVITY = "#F2B705"
# The left side of the hull seen from behind, from the rail to the keel; the middle of the
# waterline is (0, 0).
_SIDE = ((-44, -124), (-50, -112), (-58, -84), (-67, -50), (-73, -16), (-74, 10))
_BILGE = ((-71, 32), (-62, 52), (-46, 67), (-24, 76), (-6, 80))
_BALLAST = ((-53, 50), (53, 50), (40, 63), (18, 71), (-18, 71), (-40, 63))
_DECKS = ((-68, 61), (-26, 70))


def ship(canvas: Canvas, palette: Palette, _content: str) -> None:
    """Title page: a three-masted ship under sail."""
    canvas.circle((640, 230), 180, palette.soft)
    for x, top in ((570, 120), (645, 80), (718, 130)):
        canvas.line([(x, top), (x, 310)], palette.mid, 4)
    courses = ((570, 210, 58, 62), (645, 190, 66, 76))
    topsails = ((645, 116, 48, 50), (570, 146, 42, 44), (718, 160, 40, 42))
    for x, y, w, h in (*courses, *topsails):
        sail = [(x - w / 2, y), (x + w / 2, y), (x + w / 2 + 8, y + h), (x - w / 2, y + h)]
        canvas.polygon(sail, palette.ink)
    canvas.polygon([(722, 222), (722, 292), (762, 292)], palette.ink)
    stem, stern = [(500, 292), (505, 318), (535, 360)], [(745, 360), (778, 286), (742, 300)]
    canvas.polygon([*stem, *stern, (560, 306)], palette.mid)
    canvas.line([(512, 302), (470, 270)], palette.mid, 4)
    for i in range(8):
        canvas.box((552 + i * 24, 318), (9, 9), palette.accent)
        canvas.box((556 + i * 22, 337), (9, 9), palette.accent)
    _sea(canvas, palette)


def _sea(canvas: Canvas, palette: Palette) -> None:
    canvas.box((446, 354), (388, 18), palette.accent)
    for row in range(2):
        for i in range(9):
            centre = (468 + i * 42 + row * 20, 352 + row * 18)
            canvas.arc(centre, 21, (20, 160), palette.mid, 3)


def hull(canvas: Canvas, palette: Palette, content: str) -> None:
    """The ship from behind, heeled to the right by so many degrees."""
    degrees, water_y = float(content), _MID_Y + 42
    middle = (_MID_X, water_y)
    canvas.box((LEFT, water_y), (RIGHT - LEFT, BOTTOM - water_y), _WATER, radius=14)
    canvas.box((LEFT, water_y), (RIGHT - LEFT, 20), _WATER)

    def place(*points: Point) -> list[Point]:
        return turned([(middle[0] + x, middle[1] + y) for x, y in points], degrees, middle)

    left = (*_SIDE, *_BILGE)
    canvas.line(place((0, -120), (0, -146)), palette.ink, 5)
    canvas.polygon(place(*left, *((-x, y) for x, y in reversed(left))), palette.accent)
    canvas.polygon(place(*_BALLAST), palette.mid)
    for y, reach in _DECKS:
        canvas.line(place((4 - reach, y + 14), (reach - 4, y + 14)), palette.soft, 3)
        for sign in (-1, 1):
            gun = place((sign * (reach - 22), y), (sign * (reach + 14), y))
            canvas.line(gun, palette.ink, 7)
    if degrees == 0:
        _hull_labels(canvas, palette, water_y)
    canvas.circle(place((0, -26))[0], 7, _CENTRE_OF_GRAVITY)


def _hull_labels(canvas: Canvas, palette: Palette, water_y: float) -> None:
    for y, label in ((-68, "guns"), (-26, "guns"), (60, "ballast")):
        canvas.text((LEFT + 18, water_y + y), label, 14, palette.ink, anchor="lm")
    pointer = [(_MID_X, water_y - 26), (RIGHT - 92, water_y - 112)]
    canvas.line(pointer, _CENTRE_OF_GRAVITY, 2)
    canvas.text((RIGHT - 88, water_y - 122), "centre of", 14, palette.ink, anchor="lm")
    canvas.text((RIGHT - 88, water_y - 106), "gravity", 14, palette.ink, anchor="lm")


def rulers(canvas: Canvas, palette: Palette, _content: str) -> None:
    """Two feet: a Swedish one of 297 mm, an Amsterdam one of 283 mm, a unit to the millimetre."""
    for y, inches, length, name in ((182, 12, 297, "Swedish"), (312, 11, 283, "Amsterdam")):
        x = LEFT + 28
        label = f"{name} foot: {inches} inches"
        canvas.text((x, y - 24), label, 17, palette.ink, anchor="lm")
        canvas.box((x, y - 6), (length, 50), _WOOD, radius=3)
        for i in range(1, inches):
            tick = x + i * length / inches
            tip = y + (20 if i % 3 == 0 else 13)
            canvas.line([(tick, y - 4), (tick, tip)], palette.ink, 1.5)
            canvas.text((tick, y + 32), str(i), 11, palette.ink, anchor="mm")
        canvas.line([(x + length, y - 6), (x + length, y + 44)], palette.accent, 3)

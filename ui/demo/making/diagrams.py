"""The diagrams that a script can name, and how a name becomes a picture."""

from __future__ import annotations

from collections.abc import Callable

from playhead.errors import PlayheadError
from ui.demo.making import charts, draw_bread, draw_ship, draw_storm
from ui.demo.making.canvas import Canvas
from ui.demo.making.charts import Palette

_Draw = Callable[[Canvas, Palette, str], None]

_TITLE_PAGES: dict[str, _Draw] = {
    "loaf": draw_bread.loaf,
    "ship": draw_ship.ship,
    "storm": draw_storm.storm,
}
_ON_A_CARD: dict[str, _Draw] = {
    draw.__name__: draw
    for draw in (
        charts.bars,
        charts.numbers,
        charts.quote,
        charts.timeline,
        draw_storm.car,
        draw_storm.charges,
        draw_ship.hull,
        draw_bread.jar,
        draw_bread.jars,
        draw_storm.leader,
        draw_bread.loaves,
        draw_bread.rise,
        draw_storm.rod,
        draw_ship.rulers,
        draw_storm.waves,
    )
}


def draw_diagram(canvas: Canvas, palette: Palette, line: str) -> None:
    """Draw what a script's `diagram:` line names; what follows the name is its content.

    Raises:
        PlayheadError: no diagram has that name.
    """
    name, _, content = line.partition(" ")
    if name in _TITLE_PAGES:
        _TITLE_PAGES[name](canvas, palette, content)
    elif name in _ON_A_CARD:
        charts.card(canvas, palette)
        _ON_A_CARD[name](canvas, palette, content)
    else:
        known = ", ".join(sorted([*_TITLE_PAGES, *_ON_A_CARD]))
        raise PlayheadError(f"there is no diagram {name!r}", f"Choose one of: {known}")

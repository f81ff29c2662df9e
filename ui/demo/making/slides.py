"""The pictures of a talk: one slide for each idea, drawn with Pillow."""

from __future__ import annotations

from PIL import Image

from ui.demo.making.canvas import HEIGHT, WIDTH, Canvas, mix, wrap
from ui.demo.making.charts import Palette
from ui.demo.making.diagrams import draw_diagram
from ui.demo.making.talk_script import SlideText, TalkScript

_PAPER = "#FBFAF6"
_INK = "#1B2430"
_MUTED = "#6A7280"
_MARGIN = 52
_POINTS_WIDTH = 344


def draw_slides(script: TalkScript) -> list[Image.Image]:
    """Every slide of a talk, in order; the first is its title page."""
    title, *others = script.slides
    count = len(script.slides)
    pages = [_title_page(script, title)]
    pages += [_page(script, slide, n, count) for n, slide in enumerate(others, start=2)]
    return pages


def _title_page(script: TalkScript, slide: SlideText) -> Image.Image:
    canvas = Canvas(script.accent)
    soft = mix(script.accent, "#FFFFFF", 0.75)
    palette = Palette(script.accent, soft, mix(script.accent, "#FFFFFF", 0.18), "#FFFFFF", soft)
    draw_diagram(canvas, palette, slide.diagram)
    lines = wrap(script.title, 46, 400)
    y = 196 - 27 * (len(lines) - 1)
    canvas.box((_MARGIN, y - 50), (56, 5), "#FFFFFF", radius=2.5)
    for line in lines:
        canvas.text((_MARGIN, y), line, 46, "#FFFFFF", anchor="lm", bold=True)
        y += 56
    y += 2
    for line in wrap(script.subtitle, 20, 340):
        canvas.text((_MARGIN, y), line, 20, soft, anchor="lm")
        y += 28
    return canvas.image()


def _page(script: TalkScript, slide: SlideText, number: int, count: int) -> Image.Image:
    canvas = Canvas(_PAPER)
    palette = Palette(
        script.accent,
        mix(script.accent, _PAPER, 0.55),
        mix(script.accent, _PAPER, 0.84),
        _INK,
        _MUTED,
    )
    canvas.box((_MARGIN, 46), (40, 5), script.accent, radius=2.5)
    canvas.text((_MARGIN, 84), slide.heading, 33, _INK, anchor="lm", bold=True)
    _points(canvas, slide.points, script.accent)
    draw_diagram(canvas, palette, slide.diagram)
    _footer(canvas, script, number, count)
    return canvas.image()


def _points(canvas: Canvas, points: tuple[str, ...], accent: str) -> None:
    y = 156.0
    for point in points:
        canvas.circle((_MARGIN + 4, y), 4, accent)
        for line in wrap(point, 21, _POINTS_WIDTH):
            canvas.text((_MARGIN + 22, y), line, 21, _INK, anchor="lm")
            y += 28
        y += 28


def _footer(canvas: Canvas, script: TalkScript, number: int, count: int) -> None:
    canvas.text((_MARGIN, 450), script.title, 13, _MUTED, anchor="lm")
    canvas.text((WIDTH - _MARGIN, 450), f"{number} / {count}", 13, _MUTED, anchor="rm")
    canvas.box((0, HEIGHT - 5), (WIDTH, 5), mix(script.accent, _PAPER, 0.84))
    canvas.box((0, HEIGHT - 5), (WIDTH * number / count, 5), script.accent)

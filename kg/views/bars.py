"""Plain bars for figures of any question, and a frame that lets a drawing stand alone: caption, legend, style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, fromstring, register_namespace, tostring

from kg.views.charts import WIDTH, canvas, put_box, put_line, put_text, shortened, svg_number, tick_step
from kg.views.report import style

_SVG = "http://www.w3.org/2000/svg"
_NAMES = 200  # right edge of the names
_LEFT, _RIGHT = 210, 690  # edges of the bars; the figure stands behind its bar
_TOP, _ROW, _BAR = 8, 24, 14
_HEAD, _LINE = 26, 22  # height of the caption, and of the legend below it
SWATCHES = ("lead", "share")
"""Classes of the first and the second figure of a row."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One row: its name, and one or two figures that are drawn one behind the other."""

    label: str
    figures: tuple[float, ...]


def plain_bars(rows: Sequence[Measured], *, name: str, title: str, description: str) -> str:
    """Horizontal bars, the sum of each row behind it.

    Args:
        rows: in the order in which they are drawn; figures are not negative.
        name: ASCII name that makes the ids of title and description unique in a page.
        title: short text for those who do not see the drawing.
        description: what the drawing shows, in a sentence.

    Returns:
        One ``svg`` element; also well-formed as a file of its own.
    """
    bottom = _TOP + _ROW * len(rows)
    svg = canvas(name, title, description, bottom + 26)
    greatest = max((sum(row.figures) for row in rows), default=0)
    scale = (_RIGHT - _LEFT) / max(greatest, 1)
    step = tick_step(greatest)
    for value in range(0, int(greatest) + 1, step):
        x = _LEFT + value * scale
        put_line(svg, "grid", x, _TOP, x, bottom)
        put_text(svg, "tick", x, bottom + 16, str(value), "middle")
    for position, row in enumerate(rows):
        _draw_row(svg, row, _TOP + _ROW * (position + 0.5), scale)
    return tostring(svg, encoding="unicode")


def _draw_row(svg: Element, row: Measured, middle: float, scale: float) -> None:
    put_text(svg, "name", _NAMES, middle + 4.5, shortened(row.label, 14), "end")
    x: float = _LEFT
    for kind, figure in zip(SWATCHES, row.figures, strict=False):
        put_box(svg, kind, x, middle - _BAR / 2, figure * scale, _BAR)
        x += figure * scale
    words = " + ".join(f"{figure:g}" for figure in row.figures)
    put_text(svg, "figure", x + 6, middle + 4.5, words, "start")


def framed(svg: str, caption: str, legend: Sequence[tuple[str, str]] = ()) -> str:
    """A drawing as a file of its own, as wide as it is drawn: the caption and the legend above it, style and colours inside.

    Args:
        svg: a drawing on the common canvas.
        caption: what it shows.
        legend: class of each swatch, and what it stands for.

    Returns:
        An SVG text; light or dark as the reader's screen is.
    """
    register_namespace("", _SVG)  # else every name gets a prefix
    drawn = fromstring(svg)
    top = _HEAD + (_LINE if legend else 0)
    height = float(drawn.attrib["viewBox"].split()[3]) + top
    frame = Element(f"{{{_SVG}}}svg", {key: value for key, value in drawn.attrib.items() if key != "viewBox"})
    frame.attrib |= {"viewBox": f"0 0 {WIDTH} {svg_number(height)}", "width": str(WIDTH), "height": svg_number(height)}
    body = Element(f"{{{_SVG}}}g", {"transform": f"translate(0 {top})"})
    for part in drawn:
        named = part.tag in {f"{{{_SVG}}}title", f"{{{_SVG}}}desc"}
        (frame if named else body).append(part)
    put_text(frame, "strong", 8, 18, shortened(caption, 52), "start")
    _put_legend(frame, legend)
    frame.append(body)
    head, end, rest = tostring(frame, encoding="unicode").partition(">")
    return f"{head}{end}<style>{_STYLE.format(shared=style('palette', 'chart'))}</style>{rest}\n"


_STYLE = "{shared}svg {{ background: var(--paper); font-family: sans-serif; }} svg.chart {{ width: auto; min-width: 0; }}"


def _put_legend(frame: Element, legend: Sequence[tuple[str, str]]) -> None:
    x, y = 8.0, _HEAD + 8.0
    for kind, words in legend:
        if kind in SWATCHES:
            put_box(frame, kind, x, y - 6, 12, 12)
        else:
            put_line(frame, kind, x, y, x + 12, y)
        put_text(frame, "tick", x + 18, y + 4.5, words, "start")
        x += 30 + 12 * sum(0.55 if character.isascii() else 1 for character in words)

"""A grid of shaded cells as inline SVG: units by sections, leads by shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from xml.etree.ElementTree import tostring

from kg.views.charts import WIDTH, canvas, put_box, put_text, shortened

SHADES = 5
_NAMES = 176
_ROW = 22
_LEVEL_HEAD, _SLANTED_HEAD = 50, 112
_WIDEST = 96.0


@dataclass(frozen=True, slots=True)
class Grid:
    """Names of rows and columns, and the figures of the cells that are not nought, by row and column."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    figures: Mapping[tuple[int, int], int]
    slanted: bool = False
    """Whether the heads of columns are names of units, and must be turned to have room."""


def heat_map(grid: Grid, *, name: str, title: str, description: str) -> str:
    """A grid whose cells are the darker the greater their figure; the figure stands in the cell.

    Args:
        grid: what is drawn.
        name: ASCII name that makes the ids of title and description unique in a page.
        title: short text for those who do not see the drawing.
        description: what the drawing shows, in a sentence.

    Returns:
        One ``svg`` element; also well-formed as a file of its own.
    """
    top = _SLANTED_HEAD if grid.slanted else _LEVEL_HEAD
    right = 60 if grid.slanted else 4
    svg = canvas(name, title, description, top + _ROW * len(grid.rows) + 8)
    width = min(_WIDEST, (WIDTH - _NAMES - right - 10) / max(1, len(grid.columns)))
    greatest = max(grid.figures.values(), default=0)
    for at, head in enumerate(grid.columns):
        x = _NAMES + 10 + width * at + width / 2
        if grid.slanted:
            put_text(svg, "head", x - 2, top - 8, shortened(head, 9), "start", turned=-50)
        else:
            number, _, words = head.partition("\n")
            put_text(svg, "head", x, top - 24, shortened(number, width / 12), "middle")
            put_text(svg, "head", x, top - 8, shortened(words, width / 13), "middle")
    for row, label in enumerate(grid.rows):
        y = top + _ROW * row
        put_text(svg, "name", _NAMES, y + _ROW / 2 + 4.5, shortened(label, 12), "end")
        for column in range(len(grid.columns)):
            figure, x = grid.figures.get((row, column), 0), _NAMES + 10 + width * column
            shade = shade_of(figure, greatest)
            put_box(svg, f"heat-{shade}", x + 1, y + 1, width - 2, _ROW - 2)
            if figure:
                put_text(svg, "on-dark" if shade > 3 else "cell", x + width / 2, y + _ROW / 2 + 4.5, str(figure), "middle")
    return tostring(svg, encoding="unicode")


def shade_of(figure: int, greatest: int) -> int:
    """How dark a cell is, from 0 (nothing) to ``SHADES`` (the greatest).

    >>> [shade_of(figure, 10) for figure in (0, 1, 3, 9, 10)]
    [0, 1, 2, 5, 5]
    """
    return ceil(SHADES * figure / greatest) if greatest else 0

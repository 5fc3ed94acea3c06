"""Ruled tables of printed pages → grids: merged cells in every place, tables over several pages in one."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.reading.pdflines import Glyph, cell_text, joined, lines_of

SAME_RULE = 3.0
"""Points within which two rules are one: programs draw the two sides of a border."""
SAME_COLUMNS = 6.0
"""Points by which the columns of a table may move from one page to the next."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """A table of one page, or of several: for each place the key of its cell, and for each key the text.

    Two places with one key are one merged cell. Keys count on from page to page.
    """

    page: int
    top: float
    bottom: float
    columns: tuple[float, ...]
    """Left edges of the columns, and the right edge."""
    rows: tuple[tuple[int, ...], ...]
    texts: dict[int, str]

    @property
    def is_table(self) -> bool:
        """Whether it has two rows and two columns with text; frames and shaded lines have not."""
        filled = [(at, column) for at, row in enumerate(self.rows) for column, key in enumerate(row) if self.texts.get(key)]
        return len({at for at, _ in filled}) > 1 and len({column for _, column in filled}) > 1


def ruled_table(boxes: Sequence[Box], glyphs: Iterable[Glyph], page: int, first_key: int) -> tuple[Ruled, set[int]]:
    """The table that cells form, and the numbers of the glyphs that stand in it.

    Args:
        boxes: its cells, a merged cell as one box.
        glyphs: all characters of the page.
        page: the number of the page.
        first_key: the key of the first cell; cells and gaps take as many as the table has places.
    """
    columns = _rules([edge for box in boxes for edge in (box[0], box[2])])
    heights = _rules([edge for box in boxes for edge in (box[1], box[3])])
    width, height = len(columns) - 1, len(heights) - 1
    places = [[first_key + at * width + column for column in range(width)] for at in range(height)]
    for box in boxes:
        left, top, right, bottom = _near(columns, box[0]), _near(heights, box[1]), _near(columns, box[2]), _near(heights, box[3])
        for row in places[top:bottom]:
            row[left:right] = [places[top][left]] * (right - left)
    inside: dict[int, list[Glyph]] = defaultdict(list)
    taken: set[int] = set()
    for number, glyph in enumerate(glyphs):
        column = bisect_right(columns, (glyph.x0 + glyph.x1) / 2) - 1
        at = bisect_right(heights, (glyph.top + glyph.bottom) / 2) - 1
        if 0 <= column < width and 0 <= at < height:
            inside[places[at][column]].append(glyph)
            taken.add(number)
    widths: dict[int, float] = {}
    for row in places:
        for column, key in enumerate(row):
            last = max(at for at, other in enumerate(row) if other == key)
            widths.setdefault(key, columns[last + 1] - columns[column])
    texts = {key: cell_text(lines_of(within), widths[key]) for key, within in inside.items()}
    return Ruled(page, heights[0], heights[-1], tuple(columns), tuple(map(tuple, places)), texts), taken


def _rules(edges: Iterable[float]) -> list[float]:
    found: list[float] = []
    for edge in sorted(edges):
        if not found or edge - found[-1] > SAME_RULE:
            found.append(edge)
    return found


def _near(rules: Sequence[float], edge: float) -> int:
    return min(range(len(rules)), key=lambda at: abs(rules[at] - edge))


def same_columns(table: Ruled, below: Ruled) -> bool:
    """Whether two tables have the same columns."""
    pairs = zip(table.columns, below.columns, strict=False)
    return len(table.columns) == len(below.columns) and all(abs(one - two) <= SAME_COLUMNS for one, two in pairs)


def continued(table: Ruled, below: Ruled) -> Ruled:
    """One table of a table and its part on the next page: the head that is printed again is left out, a row or a merged
    cell that the end of the page divides is one."""
    rows = list(below.rows[_repeated(table, below) :])
    texts = {**table.texts, **below.texts}
    if rows and _is_divided(table, rows[0], below):
        above = table.rows[-1]
        for key, rest in dict(zip(above, rows[0], strict=True)).items():
            texts[key] = joined(filter(None, (texts.get(key, ""), texts.pop(rest, ""))))
        rows = [tuple(dict(zip(rows[0], above, strict=True)).get(key, key) for key in row) for row in rows][1:] or []
    elif rows:
        begun = {key: above for key, above in zip(rows[0], table.rows[-1], strict=True) if not texts.get(key) and _is_merged(table, above)}
        rows = [tuple(begun.get(key, key) for key in row) for row in rows]
    return Ruled(table.page, table.top, below.bottom, table.columns, (*table.rows, *rows), texts)


def _repeated(table: Ruled, below: Ruled) -> int:
    # How many rows of the head are printed again.
    count = 0
    for row, other in zip(table.rows, below.rows, strict=False):
        printed = ["".join(table.texts.get(key, "").split()) for key in row]
        if not any(printed) or printed != ["".join(below.texts.get(key, "").split()) for key in other]:
            break
        count += 1
    return count


def _first_row(table: Ruled, column: int) -> int | None:
    # The row with which the numbers of a column begin, where each row below it has its own; a row of one cell heads a part.
    rows = [at for at, row in enumerate(table.rows) if sum(bool(table.texts.get(key)) for key in set(row)) > 1]
    keys = {at: table.rows[at][column] for at in rows}
    numbered = {at: table.texts.get(key, "").isdigit() for at, key in keys.items()}
    start = next((at for at in rows if numbered[at]), None)
    if start is None:
        return None
    below = [at for at in rows if at >= start]
    return start if all(numbered[at] for at in below) and len({keys[at] for at in below}) == len(below) else None


def _is_divided(table: Ruled, row: Sequence[int], below: Ruled) -> bool:
    # A row without its number, where every row has one, is the rest of the row above.
    return any(_first_row(table, column) is not None and not below.texts.get(key) for column, key in enumerate(row))


def _is_merged(table: Ruled, key: int) -> bool:
    # Whether the column of a cell has merged cells below the head, so that an empty one on the next page belongs to it.
    column = table.rows[-1].index(key)
    starts = [start for start in (_first_row(table, other) for other in range(len(table.columns) - 1)) if start is not None]
    keys = [row[column] for row in table.rows[min(starts, default=1) :]]
    return len(set(keys)) < len(keys)


def open_ends(edges: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rules that a table lacks where the end of a page divides a row: across the common ends of its upright rules.

    Args:
        edges: all strokes of a page, as pdfplumber gives them.
    """
    standing = sorted((edge for edge in edges if edge["orientation"] == "v"), key=lambda edge: edge["top"])
    columns = _rules(edge["x0"] for edge in standing)
    upright: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for edge in standing:
        strokes = upright[bisect_right(columns, edge["x0"])]
        if strokes and edge["top"] - strokes[-1][1] <= SAME_RULE:
            strokes[-1] = strokes[-1][0], max(strokes[-1][1], edge["bottom"])
        else:
            strokes.append((edge["top"], edge["bottom"]))
    ends = [
        (end, columns[at - 1])
        for at, strokes in upright.items()
        for top, bottom in strokes
        if bottom - top > SAME_RULE
        for end in (top, bottom)
    ]
    heights = _rules(end for end, _ in ends)
    at_height: dict[float, set[float]] = defaultdict(set)
    for end, column in ends:
        at_height[heights[bisect_right(heights, end) - 1]].add(column)
    level = [(edge["top"], edge["x0"], edge["x1"]) for edge in edges if edge["orientation"] == "h"]
    found = []
    for height, places in at_height.items():
        left, right = min(places), max(places)
        drawn = sum(min(x1, right) - max(x0, left) for top, x0, x1 in level if abs(top - height) <= SAME_RULE and x1 > left and x0 < right)
        if len(places) > 2 and drawn < (right - left) / 2:
            x0, x1 = left - SAME_RULE, right + SAME_RULE
            found.append({"object_type": "line", "x0": x0, "x1": x1, "top": height, "bottom": height, "width": x1 - x0, "height": 0.0})
    return found

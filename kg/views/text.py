"""Tables for a terminal, in which a Chinese character is two columns wide."""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Sequence


def width(text: str) -> int:
    """The columns that a text takes on a terminal.

    >>> width("市发改委 27")
    11
    """
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def text_table(columns: Sequence[str], rows: Sequence[Sequence[object]], *, widest: int | None = None) -> str:
    """A table as aligned lines: numbers to the right, a cell cut where it is wider than its share of the terminal.

    Args:
        columns: heads of the columns.
        rows: cells; None is empty.
        widest: columns of the terminal; its own width where None (100 where there is no terminal).

    >>> print(text_table(["单位", "n"], [["市发改委", 27], ["市财政局", 5]]))
    单位       n
    --------  --
    市发改委  27
    市财政局   5
    """
    total = widest or shutil.get_terminal_size((100, 24)).columns
    cells = [[_printed(cell) for cell in row] for row in rows]
    numeric = [bool(rows) and all(isinstance(row[at], int | float) or row[at] is None for row in rows) for at in range(len(columns))]
    shares = _shares([max([width(head), *(width(row[at]) for row in cells)]) for at, head in enumerate(columns)], total)
    lines = [
        "  ".join(_fit(cell, share, right) for cell, share, right in zip(row, shares, numeric, strict=True)).rstrip()
        for row in ([*columns], *cells)
    ]
    return "\n".join([lines[0], "  ".join("-" * share for share in shares), *lines[1:]])


def _printed(cell: object) -> str:
    text = "" if cell is None else f"{cell:g}" if isinstance(cell, float) else str(cell)
    return " ".join(text.split())


def _shares(wanted: list[int], total: int) -> list[int]:
    # Narrow columns keep what they want; the wide ones share what is left.
    left, columns = total - 2 * (len(wanted) - 1), len(wanted)
    shares = [0] * columns
    for at in sorted(range(columns), key=lambda at: wanted[at]):
        shares[at] = min(wanted[at], max(8, left // columns))
        left, columns = left - shares[at], columns - 1
    return shares


def _fit(text: str, share: int, right: bool) -> str:
    if width(text) > share:
        kept = ""
        for character in text:
            if width(kept + character) > share - 1:
                break
            kept += character
        text = kept + "…"
    padding = " " * (share - width(text))
    return padding + text if right else text + padding

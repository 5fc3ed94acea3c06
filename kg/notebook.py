"""For notebooks: tables and charts that show themselves in Jupyter and VS Code.

>>> from kg.notebook import bars, figures, table
>>> table(["unit", "n"], [["市发改委", 9]])
Table(columns=('unit', 'n'), rows=(('市发改委', 9),))
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from kg.errors import KgError
from kg.messages import language

if TYPE_CHECKING:
    from kg.analysis.whatif import Outcome
    from kg.api import KG
    from kg.views.document import Document


class ColumnError(KgError):
    """Bars were asked of a column that is not there or holds no numbers. Fields: column, the columns that there are."""

    code = "column"


class Rows(Protocol):
    """What has columns and rows: an answer of a query, or a table."""

    @property
    def columns(self) -> Sequence[str]:
        """The names of the columns."""

    @property
    def rows(self) -> Sequence[Sequence[object]]:
        """The cells, row by row."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under named columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]

    def _repr_html_(self) -> str:
        from html import escape

        head = "".join(f"<th>{escape(column)}</th>" for column in self.columns)
        shown = ([escape("" if cell is None else str(cell)) for cell in row] for row in self.rows)
        body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in shown)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing: one SVG text that needs nothing else."""

    svg: str
    caption: str

    def __repr__(self) -> str:
        return f"Chart({self.caption!r})"

    def _repr_svg_(self) -> str:
        return self.svg


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """Rows as a table that a notebook shows."""
    return Table(tuple(columns), tuple(tuple(row) for row in rows))


def bars(answer: Rows, label: str, *values: str, names: Sequence[str] = (), caption: str = "", top: int = 12) -> Chart:
    """The first rows of an answer as horizontal bars.

    Args:
        answer: of ``KG.query``, or a table.
        label: the column that names the rows.
        values: one column of numbers, or two that are drawn one behind the other.
        names: what the columns of numbers are called in the legend; their own names where left out.
        caption: what stands above; none where left out.
        top: how many rows.

    Raises:
        ColumnError: there is no such column, or it holds no numbers.
    """
    from kg.views.bars import SWATCHES, Measured, framed, plain_bars

    places = [_place(answer, column) for column in (label, *values)]
    shown = answer.rows[:top]
    rows = [Measured(str(row[places[0]]), tuple(_number(answer, row, at) for at in places[1:])) for row in shown]
    words = names or values
    svg = plain_bars(rows, name="bars", title=caption or label, description=", ".join(words))
    return Chart(framed(svg, caption, list(zip(SWATCHES, words, strict=False))), caption)


def _place(answer: Rows, column: str) -> int:
    if column not in answer.columns:
        raise ColumnError(column, ", ".join(answer.columns))
    return answer.columns.index(column)


def _number(answer: Rows, row: Sequence[object], at: int) -> float:
    value = row[at]
    if value is None:
        return 0.0
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ColumnError(answer.columns[at], ", ".join(answer.columns))
    return value


def pairs(rows: Rows, label: str, before: str, after: str, *, names: Sequence[str] = (), caption: str = "", top: int = 12) -> Chart:
    """Two bars for each of the first rows, one figure above the other, and the difference.

    Args:
        rows: of ``KG.query``, or a table.
        label: the column that names the rows.
        before: the column of the upper bar.
        after: the column of the lower bar.
        names: what the two are called; the names of the columns where left out.
        caption: what stands above; none where left out.
        top: how many rows.

    Raises:
        ColumnError: there is no such column, or it holds no numbers.
    """
    from kg.views.bars import framed
    from kg.views.charts import Pair, paired_bars
    from kg.views.compare_facts import signed

    at = [_place(rows, column) for column in (label, before, after)]
    words = tuple(names or (before, after))
    drawn = []
    for row in rows.rows[:top]:
        old, new = int(_number(rows, row, at[1])), int(_number(rows, row, at[2]))
        drawn.append(Pair(str(row[at[0]]), old, new, (str(old), str(new), signed(new - old))))
    svg = paired_bars(drawn, name="pairs", title=caption or label, description=", ".join(words), heads=(*words, "±"))
    return Chart(framed(svg, caption, (("share", words[0]), ("lead", words[1]))), caption)


def figures(graph: KG, *, lang: str | None = None) -> dict[str, Chart]:
    """The charts of a graph's report by name: ``ranking``, ``sections-map``, ``lorenz``, ``lead-matrix``, as far as it has them."""
    from kg.views.report import report_document

    return _charts(report_document(graph.ties, lang or language()))


def moves(outcome: Outcome, *, lang: str | None = None) -> dict[str, Chart]:
    """The charts of a scenario that was tried out, by name: ``moves``, load before and after, where any load changed."""
    from kg.views.whatif import whatif_document

    return _charts(whatif_document(outcome, lang or language()))


def _charts(document: Document) -> dict[str, Chart]:
    from kg.views.bars import framed
    from kg.views.document import Figure

    drawn = [block for chapter in document.chapters for block in chapter.blocks if isinstance(block, Figure)]
    return {figure.anchor: Chart(framed(figure.svg, figure.caption, figure.legend), figure.caption) for figure in drawn}

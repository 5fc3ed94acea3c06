"""The workbook (台账): tasks, units, ties, matrix, findings and what every column means, as XLSX that prints."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from kg.analysis.matrix import Mark, Matrix, matrix
from kg.errors import ExtraError
from kg.messages import language
from kg.model import Ties
from kg.views.charts import xml_text
from kg.views.details import NO_DETAILS, Details
from kg.views.ledger import Ledger, ledger_of
from kg.views.packages import fixed_package
from kg.views.text import width as breadth
from kg.views.workbook_sheets import Field, Sheet, Value, all_sheets, head

_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
_ESCAPE = re.compile(r"_x[0-9A-Fa-f]{4}_")
_LONGEST = 32_767
_ROWS = 1_000_000
_COLUMNS = 16_000
"""A little less than a sheet holds; what is beyond is said in its last row."""
_A3, _A4 = 8, 9
_TASKS_WIDE = 60
"""So many columns of the matrix stand beside one another on a page."""
_FACE = "SimSun"
_LINE, _TALLEST = 14.5, 409.0
_TEXT, _FIGURE, _TOP, _SECTION, _MARK, _LEADS, _NOTE = (
    f"kg {name}" for name in ("text", "figure", "head", "section", "mark", "lead", "note")
)
_FRAMED = 200_000
"""Up to so many cells the matrix has a frame round each; above, the lines of the grid do."""
_LEAD, _BAR, _HEAD, _BAND = "FF0B5CAD", "FFA9B7C6", "FFE8EEF5", "FFD5DBE2"


def workbook_bytes(ties: Ties, details: Details = NO_DETAILS, *, lang: str | None = None, persons: bool = False) -> bytes:
    """The workbook as the bytes of an XLSX file; the same ties give the same bytes.

    Args:
        ties: the ties of one or more notices.
        details: targets, time limits and positions of tasks (``kg.details.read_details``); those columns are empty without.
        lang: zh or en; the language in use where None.
        persons: whether a column shows the persons that ``details`` holds.

    Raises:
        ExtraError: openpyxl is not installed.
    """
    try:
        import openpyxl
    except ImportError as error:
        raise ExtraError("Excel", "office") from error
    ledger = ledger_of(ties, details, lang or language())
    book = openpyxl.Workbook()
    book.remove(book.active)
    book.properties.creator, book.properties.title = "govresp", xml_text(ledger.say("workbook"))
    _add_styles(book)
    for sheet in all_sheets(ledger, persons=persons):
        if sheet.name == "findings":
            _write_matrix(book.create_sheet(ledger.say("sheet.matrix")), matrix(ties), ledger)
        _write_sheet(book.create_sheet(ledger.say(f"sheet.{sheet.name}")), sheet, ledger)
    out = io.BytesIO()
    book.save(out)
    return fixed_package(out.getvalue())


def _add_styles(book: Any) -> None:
    """What cells look like, as named styles that a user can change in one place."""
    from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

    line = Side(style="thin", color=_BAND)
    box = Border(left=line, right=line, top=line, bottom=line)
    plain, strong, blue = (Font(name=_FACE, size=10, **look) for look in ({}, {"bold": True}, {"color": _LEAD}))
    middle = Alignment(horizontal="center", vertical="center")
    made = [
        NamedStyle(_TEXT, font=plain, alignment=Alignment(vertical="top", wrap_text=True), border=box),
        NamedStyle(_FIGURE, font=plain, alignment=Alignment(horizontal="right", vertical="top", indent=1), border=box),
        NamedStyle(_TOP, font=strong, alignment=Alignment(horizontal="center", vertical="center", wrap_text=True), border=box),
        NamedStyle(_SECTION, font=strong, alignment=Alignment(vertical="center")),
        NamedStyle(_MARK, font=plain, alignment=middle, border=box),
        NamedStyle(_LEADS, font=blue, alignment=middle, border=box),
        NamedStyle(_NOTE, font=plain, alignment=Alignment(vertical="center")),
    ]
    for style in made:
        if style.name == _TOP:
            style.fill = PatternFill("solid", fgColor=_HEAD)
        book.add_named_style(style)


def _put(page: Any, row: int, column: int, value: Value, style: str) -> None:
    """Write one cell. Text stays text whatever it begins with: no formula, no error value, no number."""
    cell = page.cell(row, column)
    cell.style = style
    if not isinstance(value, str):
        cell.value = value
        if isinstance(value, date):
            cell.number_format = "yyyy-mm-dd"
    elif value:
        cell.value = cell_text(value)
        cell.data_type = "s"
        cell.quotePrefix = bool(_FORMULA.match(value))


def row_height(values: Sequence[Value], widths: Sequence[int]) -> float:
    """The height of a row in points, so that wrapped text shows whole: programs other than Excel do not work it out.

    >>> row_height(["推进项目建设。" * 10, 3], [52, 8])
    43.5
    """
    lines = 1
    for value, width in zip(values, widths, strict=True):
        if isinstance(value, str):
            room = max(width - 1, 2)
            lines = max(lines, sum(max(1, -(-breadth(part) // room)) for part in value.splitlines()))
    return min(_TALLEST, lines * _LINE)


def cell_text(value: str) -> str:
    r"""A text as a cell can hold it: no character that XML forbids, none that Excel takes for an escape, not too long.

    >>> cell_text("a\x0bb"), cell_text("_x0041_")
    ('a�b', '_x005F_x0041_')
    """
    plain = _ESCAPE.sub(lambda found: f"_x005F{found.group()}", xml_text(value).replace("\r\n", "\n").replace("\r", "\n"))
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "\u2026"


def _write_sheet(page: Any, sheet: Sheet, ledger: Ledger) -> None:
    from openpyxl.utils import get_column_letter

    widths = [one.width for one in sheet.fields]
    page.row_dimensions[1].height = row_height([head(one.name, ledger.lang) for one in sheet.fields], widths) + _LINE / 2
    for column, one in enumerate(sheet.fields, 1):
        _put(page, 1, column, head(one.name, ledger.lang), _TOP)
        page.column_dimensions[get_column_letter(column)].width = one.width
    for row, values in enumerate(sheet.rows[:_ROWS], 2):
        for column, value in enumerate(values, 1):
            _put(page, row, column, value, _TEXT if isinstance(value, str) else _FIGURE)
        page.row_dimensions[row].height = row_height(values, widths)
    last = 1 + len(sheet.rows[:_ROWS])
    if len(sheet.rows) > _ROWS:
        _put(page, last + 1, 1, ledger.say("cut", shown=_ROWS, all=len(sheet.rows)), _NOTE)
    page.freeze_panes = "B2" if sheet.name == "units" else "A2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.fields))}{last}"
    page.print_title_rows = "1:1"
    _set_up(page, _A4 if sum(one.width for one in sheet.fields) < 160 else _A3)
    _data_bars(page, sheet.fields, last)


def _data_bars(page: Any, fields: Sequence[Field], last: int) -> None:
    from openpyxl.formatting.rule import DataBarRule
    from openpyxl.utils import get_column_letter

    for column, one in enumerate(fields, 1):
        if one.bars and last > 1:
            letter = get_column_letter(column)
            bar = DataBarRule(start_type="num", start_value=0, end_type="max", color=_BAR, showValue=True, minLength=0, maxLength=90)
            page.conditional_formatting.add(f"{letter}2:{letter}{last}", bar)


def _set_up(page: Any, paper: int, wide: int = 1) -> None:
    """Print set-up: landscape, so many pages wide and as long as needed, the sheet's name above and page numbers below."""
    from openpyxl.worksheet.properties import PageSetupProperties

    page.page_setup.paperSize, page.page_setup.orientation = paper, "landscape"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = wide, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_margins.left = page.page_margins.right = 0.4
    page.page_margins.top, page.page_margins.bottom = 0.75, 0.75
    page.page_margins.header = page.page_margins.footer = 0.35
    page.oddHeader.center.text, page.oddFooter.center.text = "&A", "&P / &N"


_ABOUT = 4
"""Columns of the matrix before its tasks: the unit, and how often it leads, shares and is reached through a group."""


def _write_matrix(page: Any, found: Matrix, ledger: Ledger) -> None:
    """The matrix: what the symbols mean, sections, items, then a row a unit. Nothing is written into empty cells."""
    from openpyxl.utils import get_column_letter

    marks = {mark: ledger.say(f"mark.{mark}.symbol") for mark in Mark}
    legend = ledger.say("join.mark").join(f"{marks[mark]} {ledger.say(f'mark.{mark}.name')}" for mark in Mark)
    if len(found.tasks) > _COLUMNS:
        legend = ledger.say("cut-matrix", shown=_COLUMNS, all=len(found.tasks))
    _put(page, 1, 1, legend, _NOTE)
    _matrix_heads(page, found, ledger)
    for row, (unit, counts) in enumerate(zip(found.units, found.counts(), strict=True), 4):
        _put(page, row, 1, ledger.labels[unit.id], _TEXT)
        figures = counts[Mark.LEAD], counts[Mark.RESPONSIBLE] + counts[Mark.COOPERATING], counts[Mark.GROUP]
        for column, figure in enumerate(figures, 2):
            _put(page, row, column, figure, _FIGURE)
    _frame(page, found)
    for (row, column), mark in sorted(found.marks.items()):
        if column < _COLUMNS:
            _put(page, row + 4, column + _ABOUT + 1, marks[mark], _LEADS if mark is Mark.LEAD else _MARK)
    last = get_column_letter(_ABOUT + min(len(found.tasks), _COLUMNS))
    page.freeze_panes = page.cell(4, _ABOUT + 1)
    page.auto_filter.ref = f"A3:{last}{3 + len(found.units)}"
    page.print_title_rows, page.print_title_cols = "1:3", "A:D"
    _set_up(page, _A3, max(1, -(-len(found.tasks) // _TASKS_WIDE)))


def _frame(page: Any, found: Matrix) -> None:
    if len(found.units) * len(found.tasks) > _FRAMED:
        page.print_options.gridLines = True
        return
    for row in range(4, 4 + len(found.units)):
        for column in range(_ABOUT + 1, _ABOUT + 1 + len(found.tasks)):
            page.cell(row, column).style = _MARK


def _matrix_heads(page: Any, found: Matrix, ledger: Ledger) -> None:
    from openpyxl.utils import get_column_letter

    names = [head("unit", ledger.lang), *(ledger.say(f"matrix.{name}") for name in ("led", "shared", "group"))]
    for column, (name, width) in enumerate(zip(names, (26, 7, 7, 7), strict=True), 1):
        _put(page, 3, column, name, _TOP)
        page.column_dimensions[get_column_letter(column)].width = width
    before: tuple[str, int | None] | None = None
    for column, task in enumerate(found.tasks[:_COLUMNS], _ABOUT + 1):
        here = task.notice, task.section
        if here != before:
            section = ledger.section((task.notice, task.i))
            several = len(ledger.notices) > 1
            words = ledger.say("matrix.section", notice=ledger.notice(task.notice), section=section) if several else section
            _put(page, 2, column, words, _SECTION)
            before = here
        _put(page, 3, column, task.i, _TOP)
        page.column_dimensions[get_column_letter(column)].width = 4.3

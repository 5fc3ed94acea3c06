"""Excel files (XLSX) and CSV → frozen texts: each sheet as its title lines and one grid, values as they are shown.

openpyxl reads the values, from a copy that holds only the cells with a value and their number formats. From the file itself
it would fill all rows and columns up to the furthest cell, refuse what Excel opens (styles, properties and rules that other
programs write), and leave out merged areas, what is hidden, and the Chinese dates that are built in.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZipFile

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from kg.errors import EmptySourceError, ExtraError, KgError
from kg.model import Place
from kg.reading.archive import Package, open_package
from kg.reading.cellformats import shown
from kg.reading.source import SourceText, TextBuilder
from kg.resources import table

MOST_CELLS = 500_000
"""Places of a table, with or without text: ten thousand rows have some 80 000. As many places may lie in merged areas."""
LONGEST_CELL = 100_000
"""Characters of a cell; Excel itself allows 32 767, and the csv module 131 072."""
MOST_CHARACTERS = 64 * 1024 * 1024
"""Characters of all cells, a text counted as often as it is used."""
CELL_COUNTS = 100
"""Characters for which a cell of a workbook counts beside its text, so that there are half a million at most."""
MOST_ELEMENTS = 2_000_000
"""XML elements of a part, counted by the slashes that end them: a cell has two or three. Held all together they take 300 MB."""
MOST_FORMATS = 10_000
"""Number formats of a file, further ones count as none: Excel makes some 200."""
LONGEST_FORMAT = 255
"""Characters of a number format, as in Excel; a longer one counts as none."""
_COLUMNS = 16_384
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGED = "http://schemas.openxmlformats.org/package/2006"
_TYPE = 'PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"'
_TAB = '<sheets><sheet name="1" sheetId="1" x:id="r1"/></sheets>'
_NAMES = f'xmlns="{_MAIN}" xmlns:x="{_RELATED}"'
_LINK = f'<Relationship Id="r1" Type="{_RELATED}/worksheet" Target="1.xml"/>'
_S = f"{{{_MAIN}}}"
_ON = ("1", "true", "on")
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})", re.A)
_NUMBER = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,4})?", re.A)
_UNPRINTED = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFUSED = (ValueError, OverflowError)
"""What openpyxl raises on the copy, in which nothing can be wrong but days and times in ISO 8601 that are none."""
At = tuple[int, int]
"""Row and column of a cell as counted in its sheet, from 1."""
Cell = tuple[str, At]
"""The text of a place of a table, and the first place of the cell that covers it."""


class WorkbookBrokenError(KgError):
    """An Excel file that cannot be read. Fields: path, why."""

    code = "xlsx-broken"


class SheetLargeError(KgError):
    """Sheets beyond the bounds of this module. Fields: path, cells at most, characters of a cell, characters of all cells."""

    code = "sheet-large"


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The places of the cells that have a value, their XML in the copy, and what the copy does not say."""

    number: int
    cells: Sequence[At] = ()
    xml: str = ""
    merged: Sequence[tuple[At, At]] = ()
    """The first and the last place of each merged area."""
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


def read_workbook(source: Path | BinaryIO, path: str) -> SourceText:
    """The frozen text of an Excel file (XLSX, XLSM): of each visible sheet the lines above its table, the table, the lines below.

    Left out: hidden sheets, rows and columns, empty rows and columns, error values, formulas without a kept value. Places
    give the sheet as the table, counted among the visible tabs, and row and column as counted in the sheet.

    Raises:
        ExtraError: openpyxl is not installed.
        WorkbookBrokenError: it is damaged, or no Excel file.
        SheetLargeError: it is beyond the bounds of this module.
        EmptySourceError: no visible sheet holds a value.
        KgError: as ``open_package`` and ``Package.content``: a password, an old format, a bomb.
    """
    with open_package(source, path, WorkbookBrokenError) as package:
        main = package.first("officeDocument")
        if main is None:
            raise WorkbookBrokenError(path, "xl/workbook.xml")
        tabs, from_1904 = _tabs(package, main)
        codes, styles = _formats(package, package.first("styles", main))
        strings = [_runs(node, path) for node in _elements(package, package.first("sharedStrings", main), "si")]
        sheets, left = list[_Sheet](), MOST_CHARACTERS
        for part, number in tabs.items():
            sheets.append(_sheet(package, part, number, styles, strings, left))
            left -= len(sheets[-1].xml) + CELL_COUNTS * len(sheets[-1].cells)
    values = _values(_copy("".join(sheet.xml for sheet in sheets), codes, from_1904), path)
    texts = [{at: text for at, text in zip(sheet.cells, values, strict=False) if text.strip()} for sheet in sheets]
    return _source(sheets, texts, path, "zip")


def read_csv(text: str, path: str) -> SourceText:
    """The frozen text of a table in CSV or TSV, divided by commas, semicolons or tabs, with the lines above and below it.

    Places give table 1, the row as the number of the record, and the column. ``encoding`` is that of the frozen text, as
    the bytes were decoded before.

    Raises:
        SheetLargeError: it is beyond the bounds of this module.
        EmptySourceError: no cell holds a value.
    """
    text = re.sub(r"\A\ufeff?(?:sep=.(?=[\r\n]))?", "", text)
    texts: dict[At, str] = {}
    try:
        for row, record in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)), 1):
            texts.update({(row, column): value for column, value in enumerate(map(_clean, record), 1) if value.strip()})
            _within(MOST_CELLS, len(texts), path)
            _within(LONGEST_CELL, max(map(len, record), default=0), path)
    except csv.Error:  # a cell that is too long: nothing else is an error where the rules are not strict
        _within(0, 1, path)
    return _source([_Sheet(1)], [texts], path, "utf-8")


def _delimiter(text: str) -> str:
    # The one by which most of the first records have the same number of cells, and more than one; then the one that makes more cells.
    found = {by: Counter(map(len, csv.reader(io.StringIO(text[:LONGEST_CELL], newline=""), delimiter=by))) for by in ",\t;"}
    return max(found, key=lambda by: max(((count, width) for width, count in found[by].items() if width > 1), default=(0, 0)))


def _within(limit: int, count: int, path: str) -> None:
    if count > limit:
        raise SheetLargeError(path, MOST_CELLS, LONGEST_CELL, MOST_CHARACTERS)


def _elements(package: Package, part: str | None, *names: str) -> Iterator[etree._Element]:
    # The elements of these names, each when it ends, and forgotten after that.
    content = None if part is None else package.content(part)
    if content is None:
        return
    _within(MOST_ELEMENTS, content.count(b"/"), package.path)
    switches = {"remove_comments": True, "remove_pis": True, "resolve_entities": False, "no_network": True}
    try:
        for _, node in etree.iterparse(io.BytesIO(content), tag=[f"{_S}{name}" for name in names], **switches):
            yield node
            node.clear()
            while node.getprevious() is not None:
                del node.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise package.broken(package.path, error) from error


def _tabs(package: Package, main: str) -> tuple[dict[str, int], bool]:
    # The parts of the visible sheets of cells with their numbers, and whether days are counted from 1904.
    related, tabs, found, visible, from_1904 = package.related(main), dict[str, int](), False, 0, False
    for node in _elements(package, main, "workbookPr", "sheet"):
        identifier = node.get(f"{{{_RELATED}}}id")
        if node.tag == f"{_S}workbookPr":
            from_1904 = node.get("date1904") in _ON
        elif identifier:
            kind, part = related.get(identifier, ("", ""))
            if not kind or part.lower() in tabs:
                raise WorkbookBrokenError(package.path, identifier)
            found, shows = True, node.get("state", "visible") == "visible"
            visible += shows
            if shows and kind == "worksheet":
                tabs[part.lower()] = visible
    if not found:
        raise WorkbookBrokenError(package.path, main)
    return tabs, from_1904


def _whole(printed: str | None, otherwise: int) -> int:
    return int(printed) if printed and re.fullmatch(r"\d{1,9}", printed, re.A) else otherwise


def _formats(package: Package, part: str | None) -> tuple[list[str], list[int]]:
    # The number formats in use, the first of them «General», and for each style of cells which of them it has.
    words = table("lexicon/sheets.toml")
    usual = words["formats"]["0"]
    own, numbers, styles = dict[int, str](), {usual: 0}, list[int]()
    for node in _elements(package, part, "numFmt", "xf"):
        if node.tag == f"{_S}numFmt" and len(own) < MOST_FORMATS:
            own[_whole(node.get("numFmtId"), -1)] = node.get("formatCode", "")
        elif node.tag == f"{_S}xf" and node.getparent().tag == f"{_S}cellXfs":
            at = _whole(node.get("numFmtId"), 0)
            code = own.get(at) or words["formats"].get(str(at), usual)
            code = next((meant for mark, meant in words["system"].items() if mark in code.upper()), code)
            styles.append(numbers.setdefault(_clean(code) if len(code) <= LONGEST_FORMAT else usual, len(numbers)))
    return list(numbers), styles


def _runs(node: etree._Element | None, path: str) -> str:
    # The runs of a text joined, without the readings that stand over it.
    parts = [] if node is None else [t.text or "" for t in node.iter(f"{_S}t") if t.getparent().tag != f"{_S}rPh"]
    _within(LONGEST_CELL, sum(map(len, parts)), path)
    return _clean(re.sub("_x([0-9A-Fa-f]{4})_", lambda hit: chr(int(hit[1], 16)), "".join(parts)))


def _clean(text: str) -> str:
    return _UNPRINTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _sheet(package: Package, part: str, number: int, styles: Sequence[int], strings: Sequence[str], left: int) -> _Sheet:
    cells, merged, hidden, copied = list[At](), list[tuple[At, At]](), set[int](), list[str]()
    edges, values, columns, column, row, said = [0] * (_COLUMNS + 2), list[str](), list[int](), 0, 0, 0
    for node in _elements(package, part, "c", "row", "mergeCell", "col"):
        if node.tag == f"{_S}c":
            said, column = _at(node.get("r", "")) or (said, column + 1)
            if value := _copied(node, styles, strings, package.path):
                values.append(value)
                columns.append(column)
                left -= len(value) + CELL_COUNTS
                _within(left, 0, package.path)
        elif node.tag == f"{_S}row":
            row = _whole(node.get("r"), said or row + 1)
            hidden |= {row} if node.get("hidden") in _ON else set()
            cells += [(row, column) for column in columns]
            copied.append(f"<row>{''.join(values)}</row>" if values else "")
            values, columns, column, said = [], [], 0, 0
        elif node.tag == f"{_S}mergeCell":
            corners = [at for at in map(_at, node.get("ref", "").split(":")) if at]
            merged += [(corners[0], corners[1])] if len(corners) == 2 else []
            _within(MOST_CELLS, len(merged), package.path)
        elif node.get("hidden") in _ON:
            edges[min(_whole(node.get("min"), 1), _COLUMNS)] += 1
            edges[min(_whole(node.get("max"), 1), _COLUMNS) + 1] -= 1
    hidden_columns = frozenset(at for at, depth in enumerate(accumulate(edges)) if depth > 0)
    return _Sheet(number, cells, "".join(copied), merged, frozenset(hidden), hidden_columns)


def _at(reference: str) -> At | None:
    hit = _REFERENCE.fullmatch(reference)
    column = 0
    for letter in hit[1].upper() if hit else "":
        column = 26 * column + ord(letter) - 64
    return (int(hit[2]), column) if hit else None


def _copied(node: etree._Element, styles: Sequence[int], strings: Sequence[str], path: str) -> str:
    # A cell as the copy has it; nothing where it has no value. A number that is none is a text.
    kind, text = node.get("t", "n"), node.findtext(f"{_S}v") or ""
    if kind == "s" and text.strip():
        at = _whole(text.strip(), len(strings))
        if at >= len(strings):
            raise WorkbookBrokenError(path, "sharedStrings")
        kind, text = "str", strings[at]
    elif kind == "inlineStr":
        kind, text = "str", _runs(node.find(f"{_S}is"), path)
    elif kind == "b" and text:
        text = str(int(text.strip().lower() not in ("0", "false")))
    elif kind == "str" or (kind == "n" and not _NUMBER.fullmatch(text.strip())):
        kind, text = "str", _clean(text)
    if not text.strip() or kind not in ("str", "b", "n", "d"):
        return ""
    _within(LONGEST_CELL, len(text), path)
    style = _whole(node.get("s"), 0)
    return f'<c s="{styles[style] if style < len(styles) else 0}" t="{kind}"><v>{escape(text)}</v></c>'


def _copy(rows: str, codes: Sequence[str], from_1904: bool) -> BinaryIO:
    # A workbook of the values alone, those of all sheets under one another.
    formats = "".join(f'<numFmt numFmtId="{at}" formatCode={quoteattr(code)}/>' for at, code in enumerate(codes, 200))
    uses = "".join(f'<xf numFmtId="{at}"/>' for at, _ in enumerate(codes, 200))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGED}/content-types"><Override {_TYPE}/></Types>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGED}/relationships">{_LINK}</Relationships>',
        "xl/workbook.xml": f'<workbook {_NAMES}><workbookPr date1904="{int(from_1904)}"/>{_TAB}</workbook>',
        "xl/styles.xml": f"<styleSheet {_NAMES}><numFmts>{formats}</numFmts><cellXfs>{uses}</cellXfs></styleSheet>",
        "xl/1.xml": f'<worksheet {_NAMES}><dimension ref="A1"/><sheetData>{rows}</sheetData></worksheet>',
    }
    out = io.BytesIO()
    with ZipFile(out, "w") as package:
        for name, xml in parts.items():
            package.writestr(name, xml)
    return out


def _values(copy: BinaryIO, path: str) -> Iterator[str]:
    # The values as they are shown, in the order of the copy; a day that no calendar has is not shown.
    try:
        import openpyxl
    except ImportError as error:
        raise ExtraError("Excel", "office") from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # days that no calendar has, and looks of cells, which the copy does not hold
            book = openpyxl.load_workbook(copy, read_only=True, data_only=True, keep_links=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            cells = [(cell.value, cell.number_format, cell.data_type) for row in sheet.iter_rows() for cell in row]
    except _REFUSED as error:
        raise WorkbookBrokenError(path, error) from error
    return (shown(value, code) if kind != "e" else "" for value, code, kind in cells)


def _visible(sheet: _Sheet, texts: dict[At, str], path: str) -> tuple[list[int], list[int], list[list[Cell]]]:
    # The numbers of the rows and columns that are shown, and the cell in each place. Rows in which no text begins are left out;
    # a merged area shows its text even if its first place is hidden.
    rows = sorted({row for row, _ in texts} - sheet.hidden_rows)
    columns = sorted({column for _, column in texts} - sheet.hidden_columns)
    places, covers = len(rows) * len(columns), dict[At, At]()
    _within(MOST_CELLS, places, path)
    for first, last in sheet.merged:
        down = rows[bisect_left(rows, first[0]) : bisect_right(rows, last[0])]
        across = columns[bisect_left(columns, first[1]) : bisect_right(columns, last[1])]
        places += len(down) * len(across)
        _within(2 * MOST_CELLS, places, path)
        covers.update(((row, column), first) for row in down for column in across)
    seen, grid = set[At](), dict[int, list[Cell]]()
    for row in rows:
        cells = [(texts.get(at, ""), at) for at in (covers.get((row, column), (row, column)) for column in columns)]
        if not _filled(cells) <= seen:
            seen |= _filled(cells)
            grid[row] = cells
    return list(grid), columns, list(grid.values())


def _filled(cells: Iterable[Cell]) -> set[At]:
    return {at for text, at in cells if text}


def _body(grid: Sequence[Sequence[Cell]]) -> range:
    # The rows from the first to the last that hold more than one cell, and those above that share a merged cell with them.
    wide = [at for at, cells in enumerate(grid) if len(_filled(cells)) > 1] or [0, -1]
    top = wide[0]
    while top and _filled(grid[top - 1]) & _filled(grid[top]):
        top -= 1
    return range(top, wide[-1] + 1)


def _source(sheets: Sequence[_Sheet], texts: Sequence[dict[At, str]], path: str, encoding: str) -> SourceText:
    _within(MOST_CHARACTERS, sum(len(text) for cells in texts for text in cells.values()), path)
    out, where = TextBuilder(), list[tuple[int, int, int]]()
    for sheet, held in zip(sheets, texts, strict=True):
        rows, columns, grid = _visible(sheet, held, path)
        body = _body(grid)
        inside = grid[body.start : body.stop]
        own = [at for at in range(len(columns)) if any(row[at][0] and (not at or row[at] != row[at - 1]) for row in inside)]
        for at, cells in enumerate(grid):
            if at not in body:
                column = next(column for column, (text, _) in enumerate(cells) if text)
                out.paragraph(cells[column][0].strip(), paragraph=1)
                where.append((sheet.number, rows[at], columns[column]))
            elif at == body.start:
                out.table([[row[column] for column in own] for row in inside], table=sheet.number)
                firsts: dict[At, tuple[int, int, int]] = {}
                for below, column in ((below, column) for below in body for column in own):
                    firsts.setdefault(grid[below][column][1], (sheet.number, rows[below], columns[column]))
                where += firsts.values()
    source = out.source(path, encoding)
    if not source.text:
        raise EmptySourceError(path)
    found = zip(source.places, where, strict=True)
    return replace(source, places=tuple(Place(place.start, table=tab, row=row, column=column) for place, (tab, row, column) in found))

"""Word files (DOCX) → frozen texts: paragraphs and tables in reading order, with the numbers that Word computes.

Read with lxml alone. python-docx refuses files that Word opens, with pictures that are gone (its issues 797, 1105, 1351),
and gives neither numbers nor revisions nor content controls.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from kg.errors import EmptySourceError, KgError
from kg.model import Place
from kg.reading.archive import open_package
from kg.reading.leftovers import MARKS_OF_DRAFTS, leftovers
from kg.reading.numbering import Numbering, W, is_on, numbering_of
from kg.reading.source import SourceText, TextBuilder

MOST_CELLS = 1_000_000
"""Places of one table, merged cells counted as often as they are wide: a table with ten thousand rows has some 80 000."""
_WIDEST = 63
"""Columns of the widest table that Word makes; a cell that says it is wider is as wide as this."""
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_THROUGH = frozenset(f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo")) | {
    f"{_MC}AlternateContent",
    f"{_MC}Choice",
    f"{_MC}Fallback",
}
"""What may stand around paragraphs, rows and cells that count."""
_WITHOUT_TEXT = frozenset(f"{W}{name}" for name in ("pPr", "rPr", "sdtPr", "sdtEndPr", "rt", "delText", "delInstrText"))
_DELETED = frozenset({f"{W}del", f"{W}moveFrom"})
_HOLDS_BOXES = frozenset({f"{W}drawing", f"{W}pict", f"{W}object"})
_SIGNS = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_PRIVATE = range(0xE000, 0xF900)
"""Code points of glyphs of symbol fonts, which say nothing without their font."""


class WordBrokenError(KgError):
    """A Word file that cannot be read. Fields: path, why."""

    code = "docx-broken"


class WordPicturesError(KgError):
    """A Word file that holds pictures and no text, as scanners make them. Fields: path."""

    code = "docx-pictures"


class TableLargeError(KgError):
    """A table of too many cells. Fields: path, the limit."""

    code = "table-large"


def read_word(source: Path | BinaryIO, path: str) -> SourceText:
    """The frozen text of a Word file as it is printed when all revisions are accepted.

    Left out: headers, footers, notes, comments, hidden text, prompts of content controls, tables of contents (they repeat
    the headings), signs of unnumbered lists. A text box stands behind the paragraph that holds it.

    Args:
        source: the file, or its bytes as a stream.
        path: its name in the source text and in messages.

    Raises:
        WordBrokenError: it is damaged, or no Word file.
        EmptySourceError, WordPicturesError: it holds no text; or pictures alone.
        TableLargeError: a table has more than ``MOST_CELLS`` places.
        KgError: as ``open_package`` and ``Package.content``: a password, an old format, a bomb.
    """
    numbering, hidden, body = _opened(source, path)
    text = _read(_Text(path, numbering, hidden, _fields(body)), body)
    found = text.out.source(path, "zip")
    if not found.text.strip():
        raise (WordPicturesError if next(body.iter(*_HOLDS_BOXES), None) is not None else EmptySourceError)(path)
    return replace(found, leftovers=tuple(leftovers(text.revised)))


def elements_of(source: Path | BinaryIO, path: str, body: etree._Element) -> dict[Place, etree._Element]:
    """The paragraphs and cells of a Word file by their places, whose starts are nought.

    Args:
        source: the file, or its bytes as a stream.
        path: its name in messages.
        body: the body of the same file as another library read it; the elements are its.

    Raises:
        KgError: as ``read_word``.
    """
    numbering, hidden, _ = _opened(source, path)
    return _read(_Text(path, numbering, hidden, _fields(body), elements={}), body).elements or {}


def _opened(source: Path | BinaryIO, path: str) -> tuple[Numbering, dict[str, bool], etree._Element]:
    with open_package(source, path, WordBrokenError) as package:
        main = package.first("officeDocument")
        document = None if main is None else package.root(main)
        body = None if document is None else document.find(f"{W}body")
        if main is None or body is None:
            raise WordBrokenError(path, "word/document.xml")
        parts = [name and package.root(name) for name in (package.first("styles", main), package.first("numbering", main))]
    styles, numbers = parts
    return numbering_of(numbers, styles), _hidden_styles(styles), body


def _read(text: _Text, body: etree._Element) -> _Text:
    try:
        text.blocks(body)
    except RecursionError as error:
        raise WordBrokenError(text.path, error) from error
    return text


def _hidden_styles(styles: etree._Element | None) -> dict[str, bool]:
    # Styles that say whether their text is hidden, themselves or by what they are based on.
    found: dict[str, etree._Element] = {}
    for style in [] if styles is None else styles.iter(f"{W}style"):
        found[style.get(f"{W}styleId", "")] = style
    hidden = {}
    for name in found:
        at, seen = name, set[str]()
        while at in found and at not in seen:
            seen.add(at)
            if (switch := found[at].find(f"{W}rPr/{W}vanish")) is not None:
                hidden[name] = is_on(switch)
                break
            based = found[at].find(f"{W}basedOn")
            at = "" if based is None else based.get(f"{W}val", "")
    return hidden


def _fields(body: etree._Element) -> frozenset[etree._Element]:
    # Marks of the fields that begin and end: one that never ends must not swallow the rest of the text.
    open_fields: list[list[etree._Element]] = []
    whole: set[etree._Element] = set()
    for mark in body.iter(f"{W}fldChar"):
        match mark.get(f"{W}fldCharType"):
            case "begin":
                open_fields.append([mark])
            case "separate" if open_fields:
                open_fields[-1].append(mark)
            case "end" if open_fields:
                whole.update([*open_fields.pop(), mark])
    return frozenset(whole)


def _chosen(node: etree._Element) -> list[etree._Element]:
    # The children that count: of alternatives the first, of a content control its content.
    if node.tag == f"{_MC}AlternateContent":
        return list(node[:1])
    if node.tag == f"{W}sdt":
        prompt = node.find(f"{W}sdtPr/{W}showingPlcHdr")
        return [] if prompt is not None and is_on(prompt) else list(node.iterchildren(f"{W}sdtContent"))
    return list(node)


def _inside(node: etree._Element, tags: frozenset[str]) -> Iterator[etree._Element]:
    # The elements of these tags right below a node, and in what may stand around them.
    for child in _chosen(node):
        if child.tag in tags:
            yield child
        elif child.tag in _THROUGH:
            yield from _inside(child, tags)


_BLOCKS = frozenset({f"{W}p", f"{W}tbl"})
_ROWS = frozenset({f"{W}tr"})
_CELLS = frozenset({f"{W}tc"})
Cell = tuple[str, object]
"""The text of a place of a table, and the cell that covers it, or a key where no cell does."""


@dataclass(slots=True)
class _Text:
    """Puts the text of one file together; holds what goes over from one paragraph to the next."""

    path: str
    numbering: Numbering
    hidden: dict[str, bool]
    whole: frozenset[etree._Element]
    out: TextBuilder = field(default_factory=TextBuilder)
    paragraphs: int = 0
    tables: int = 0
    fields: list[str] = field(default_factory=list)
    """What is read of each field around this place: ``code``, ``result``, or ``dropped`` for a table of contents."""
    codes: list[str] = field(default_factory=list)
    carried: str = ""
    """Text of a paragraph whose end is deleted or hidden, so that the next goes on with it."""
    boxes: list[etree._Element] = field(default_factory=list)
    elements: dict[Place, etree._Element] | None = None
    """The paragraphs and cells by their places, where they are asked for."""
    revised: list[tuple[int, etree._Element]] = field(default_factory=list)
    """The paragraphs and tables with revisions or comments in them, and where their text begins."""

    def blocks(self, body: etree._Element) -> None:
        """Add the paragraphs and tables of the body."""
        block = body
        for block in _inside(body, _BLOCKS):
            if next(block.iter(*MARKS_OF_DRAFTS), None) is not None:
                self.revised.append((self.out.at, block))
            if block.tag == f"{W}tbl":
                self._add(self._rest(), block)
                self.tables += 1
                rows = self._rows(block)
                if any(text for row in rows for text, _ in row):
                    self.out.table(rows, table=self.tables)
                    self._keep_cells(rows)
            else:
                for line in self._paragraph(block):
                    self._add(line, block)
        self._add(self._rest(), block)

    def _add(self, line: str, block: etree._Element) -> None:
        if line.strip():
            self.paragraphs += 1
            self.out.paragraph(line, paragraph=self.paragraphs)
            if self.elements is not None:
                self.elements[Place(0, paragraph=self.paragraphs)] = block

    def _keep_cells(self, rows: list[list[Cell]]) -> None:
        # A merged cell by the first of its places, as in the places of the text.
        if self.elements is not None:
            seen: set[object] = set()
            for number, row in enumerate(rows, 1):
                for column, (_, key) in enumerate(row, 1):
                    if etree.iselement(key) and key not in seen:
                        self.elements[Place(0, table=self.tables, row=number, column=column)] = key
                    seen.add(key)

    def _rest(self) -> str:
        rest, self.carried = self.carried, ""
        return rest

    def _paragraph(self, paragraph: etree._Element) -> list[str]:
        # The text of a paragraph with its number, and of the text boxes in it; nothing where the next goes on with it.
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        parts: list[str] = []
        self._runs(paragraph, False, "" if style is None else style.get(f"{W}val", ""), parts)
        text, carried = "".join(parts).strip("\n"), self._rest()
        mark = paragraph.find(f"{W}pPr/{W}rPr")
        if mark is not None and any(mark.find(tag) is not None for tag in _DELETED):
            self.carried = carried + text
            return []
        if mark is not None and (switch := mark.find(f"{W}vanish")) is not None and is_on(switch):
            # A hidden end joins the paragraph with the next one, which is how a heading is run into the text.
            self.carried = carried + self.numbering.label(paragraph) + text if text.strip() else carried
            return []
        dropped = not text.strip() and "dropped" in self.fields
        lines = [carried + text if dropped or carried else self.numbering.label(paragraph) + text]
        around, self.fields = self.fields, []
        boxes, self.boxes = self.boxes, []
        lines += [line for box in boxes for line in self._lines(box)]
        self.fields = around
        return lines

    def _lines(self, holder: etree._Element) -> list[str]:
        # The paragraphs of a cell or text box, and the rows of the tables in it.
        lines: list[str] = []
        before, self.carried = self.carried, ""
        for block in _inside(holder, _BLOCKS):
            if block.tag == f"{W}tbl":
                lines.append(self._rest())
                lines += _nested(self._rows(block))
            else:
                lines += self._paragraph(block)
        lines.append(self._rest())
        self.carried = before
        return [line for line in lines if line.strip()]

    def _runs(self, node: etree._Element, mute: bool, style: str, parts: list[str]) -> None:
        # Fields begin and end also in hidden and deleted text; only what is printed goes into the parts.
        for child in _chosen(node):
            tag = child.tag
            if tag == f"{W}r":
                self._runs(child, mute or self._is_hidden(child, style), style, parts)
            elif tag in (f"{W}t", f"{_M}t"):
                if not mute and not self._silent():
                    parts.append(_printed(child))
            elif tag in _SIGNS:
                if not mute and not self._silent():
                    parts.append(_SIGNS[tag])
            elif tag == f"{W}sym":
                if not mute and not self._silent():
                    parts.append(_symbol(child.get(f"{W}char", "")))
            elif tag == f"{W}fldChar":
                self._field(child)
            elif tag == f"{W}instrText":
                if self.fields and self.fields[-1] == "code":
                    self.codes[-1] += child.text or ""
            elif tag in _HOLDS_BOXES:
                if not mute and not self._silent():
                    self.boxes += _boxes(child)
            elif tag == f"{W}fldSimple":
                self._runs(child, mute or _is_contents(child.get(f"{W}instr", "")), style, parts)
            elif tag not in _WITHOUT_TEXT:
                self._runs(child, mute or tag in _DELETED, style, parts)

    def _silent(self) -> bool:
        return any(state != "result" for state in self.fields)

    def _field(self, mark: etree._Element) -> None:
        if mark not in self.whole:
            return
        kind = mark.get(f"{W}fldCharType")
        if kind == "begin":
            self.fields.append("code")
            self.codes.append("")
        elif kind == "separate" and self.fields:
            self.fields[-1] = "dropped" if _is_contents(self.codes[-1]) else "result"
        elif kind == "end" and self.fields:
            self.fields.pop()
            self.codes.pop()

    def _is_hidden(self, run: etree._Element, paragraph_style: str) -> bool:
        switch = run.find(f"{W}rPr/{W}vanish")
        if switch is not None:
            return is_on(switch)
        style = run.find(f"{W}rPr/{W}rStyle")
        own = None if style is None else self.hidden.get(style.get(f"{W}val", ""))
        return self.hidden.get(paragraph_style, False) if own is None else own

    def _rows(self, grid: etree._Element) -> list[list[Cell]]:
        rows: list[list[Cell]] = []
        above: dict[int, tuple[int, Cell]] = {}
        places = 0
        for row in _inside(grid, _ROWS):
            marks = row.find(f"{W}trPr")
            if marks is not None and any((mark := marks.find(f"{W}{name}")) is not None and is_on(mark) for name in ("del", "hidden")):
                continue
            cells, above = self._cells(row, len(rows), above)
            places += len(cells)
            if places > MOST_CELLS:
                raise TableLargeError(self.path, MOST_CELLS)
            rows.append(cells)
        return rows

    def _cells(
        self, row: etree._Element, number: int, above: dict[int, tuple[int, Cell]]
    ) -> tuple[list[Cell], dict[int, tuple[int, Cell]]]:
        # The places of a row; `above` are the cells over it that may go on downwards, by column, with their widths.
        cells: list[Cell] = [("", (number, at)) for at in range(_width(row.find(f"{W}trPr/{W}gridBefore"), 0))]
        open_cells: dict[int, tuple[int, Cell]] = {}
        for tc in _inside(row, _CELLS):
            width = _width(tc.find(f"{W}tcPr/{W}gridSpan"), 1)
            down, across = tc.find(f"{W}tcPr/{W}vMerge"), tc.find(f"{W}tcPr/{W}hMerge")
            column = len(cells)
            over = above.get(column)
            if across is not None and across.get(f"{W}val") != "restart" and cells:
                cell = cells[-1]
            elif down is not None and down.get(f"{W}val") != "restart" and over is not None and over[0] == width:
                cell = over[1]
            else:
                cell = "\n".join(self._lines(tc)), tc
            if down is not None:
                open_cells[column] = width, cell
            cells += [cell] * width
        cells += [("", (number, len(cells) + at)) for at in range(_width(row.find(f"{W}trPr/{W}gridAfter"), 0))]
        return cells, open_cells


def _nested(rows: list[list[Cell]]) -> list[str]:
    # A table inside a cell, a line for a row; a merged cell stands once.
    seen: set[object] = set()
    lines = []
    for row in rows:
        fresh = {key: text for text, key in row if key not in seen}
        seen |= fresh.keys()
        lines.append("\t".join(filter(None, fresh.values())))
    return lines


def _printed(node: etree._Element) -> str:
    text: str = node.text or ""
    if node.get(_SPACE) != "preserve":
        text = text.strip(" \t\r\n")
    return re.sub("[\t\r\n]", " ", text)


def _symbol(code: str) -> str:
    point = int(code, 16) if re.fullmatch("[0-9A-Fa-f]{1,4}", code) else 0
    return chr(point) if point >= 32 and point not in _PRIVATE and not 0xD800 <= point < 0xE000 else ""


def _is_contents(code: str) -> bool:
    return code.split()[:1] == ["TOC"]


def _boxes(node: etree._Element) -> list[etree._Element]:
    if node.tag == f"{W}txbxContent":
        return [node]
    return [box for child in _chosen(node) for box in _boxes(child)]


def _width(span: etree._Element | None, default: int) -> int:
    text = "" if span is None else span.get(f"{W}val", "")
    return min(int(text), _WIDEST) if re.fullmatch(r"\d{1,9}", text) and (int(text) or not default) else default

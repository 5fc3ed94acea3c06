"""Lines and tables → the bytes of a file, the same bytes for the same content, without a library: thousands are made."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from html import escape

Rows = Sequence[Sequence[str]]

MENU = "<ul><li><a href='/'>首页</a></li><li><a href='/zwgk'>政务公开</a></li><li><a href='/hdjl'>互动交流</a></li></ul>"
FOOT = "<div>版权所有：本网站 ICP备00000000号 网站标识码0000000000</div>"
_NOT_FIRST = "，。；：）、》%"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_KIND = "application/vnd.openxmlformats-officedocument"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def text_bytes(lines: Sequence[str]) -> bytes:
    """A text file in UTF-8."""
    return "\n".join(lines).encode()


def gbk_bytes(lines: Sequence[str]) -> bytes:
    """A text file as Windows writes it: GB18030, CR LF, a blank line between paragraphs."""
    return "\r\n\r\n".join(lines).encode("gb18030")


def wrapped_bytes(lines: Sequence[str], width: int = 72, page: int = 40) -> bytes:
    """A text as a converter of PDFs leaves it: lines of one width, indented paragraphs, numbers of pages.

    A Chinese character is two columns wide. No line begins with a closing mark, and no figure is divided.
    """
    found: list[str] = []
    for line in lines:
        rest = "    " + line
        while rest:
            at = _fits(rest, width)
            found.append(rest[:at])
            rest = rest[at:]
            if len(found) % page == 0:
                found.append(f"                — {len(found) // page} —")
    return "\n".join(found).encode()


def _fits(text: str, width: int) -> int:
    # How many characters go into a line.
    at = columns = 0
    while at < len(text) and columns < width:
        columns += 1 if text[at].isascii() else 2
        at += 1
    if at == len(text):
        return at
    while text[at] in _NOT_FIRST or (text[at].isdigit() and text[at - 1].isdigit()):
        at -= 1
    return at


def html_bytes(title: str, lines: Sequence[str], table: Rows = (), after: Sequence[str] = ()) -> bytes:
    """A web page with its menus; an empty cell of ``table`` belongs to the one above it."""
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    if table:
        body += f"<table border='1'>{_html_rows(table)}</table>"
    body += "".join(f"<p>{escape(line)}</p>" for line in after)
    head = f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{escape(title)}</title><script>var a='牵头单位：';</script></head>"
    return f"{head}<body>{MENU}<div class='article'>{body}</div>{FOOT}</body></html>".encode()


def _html_rows(table: Rows) -> str:
    # A section stands in one cell over all its rows.
    found = ["<tr>" + "".join(f"<th>{cell}</th>" for cell in table[0]) + "</tr>"]
    at = 1
    while at < len(table):
        stop = at + 1
        while stop < len(table) and not table[stop][0]:
            stop += 1
        for row in range(at, stop):
            first = f"<td rowspan='{stop - at}'>{table[row][0]}</td>" if row == at else ""
            found.append(f"<tr>{first}" + "".join(f"<td>{cell}</td>" for cell in table[row][1:]) + "</tr>")
        at = stop
    return "".join(found)


def markdown_bytes(title: str, lines: Sequence[str], table: Rows = ()) -> bytes:
    """A Markdown text: headings for the title and for lines that begin as sections do, a pipe table."""
    found = [f"# {title}"]
    found += [f"## {line}" if "、" in line[:4] and not line.endswith("。") else line for line in lines]
    if table:
        rows = [table[0], ["---"] * len(table[0]), *table[1:]]
        found.append("\n".join("| " + " | ".join(row) + " |" for row in rows))
    return "\n\n".join(found).encode()


def csv_bytes(title: str, table: Rows) -> bytes:
    """A CSV table below its title, with the mark that spreadsheets write."""
    rows = [[title, *[""] * (len(table[0]) - 1)], *table]
    return "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in rows).encode("utf-8-sig")


def docx_bytes(lines: Sequence[str], table: Rows = ()) -> bytes:
    """A Word document: paragraphs, then a table; an empty first cell goes on with the one above it."""
    body = "".join(_paragraph(line) for line in lines)
    if table:
        columns = '<w:gridCol w:w="1800"/>' * len(table[0])
        rows = "".join("<w:tr>" + "".join(_cell(cell, at) for at, cell in enumerate(row)) + "</w:tr>" for row in table)
        body += f"<w:tbl><w:tblPr/><w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl><w:p/>"
    return _package(
        {
            "[Content_Types].xml": _types({"/word/document.xml": f"{_KIND}.wordprocessingml.document.main+xml"}),
            "_rels/.rels": _relations({"rId1": ("officeDocument", "word/document.xml")}),
            "word/document.xml": f'{_HEAD}<w:document xmlns:w="{_WORD}"><w:body>{body}<w:sectPr/></w:body></w:document>',
        }
    )


def _paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{escape(text, quote=False)}</w:t></w:r></w:p>"


def _cell(text: str, column: int) -> str:
    merged = "" if column or text else "<w:vMerge/>"
    if not column and text:
        merged = '<w:vMerge w:val="restart"/>'
    return f"<w:tc><w:tcPr>{merged}</w:tcPr>{_paragraph(text)}</w:tc>"


def xlsx_bytes(title: str, table: Rows) -> bytes:
    """A workbook with one sheet: the title over all columns, the table below it, sections in merged cells."""
    width = len(table[0])
    rows = [[title], *table]
    cells = "".join(
        f'<row r="{at}">' + "".join(_sheet_cell(f"{chr(65 + column)}{at}", cell) for column, cell in enumerate(row) if cell) + "</row>"
        for at, row in enumerate(rows, 1)
    )
    merged = [f"A1:{chr(64 + width)}1", *_merged(table)]
    merges = f'<mergeCells count="{len(merged)}">' + "".join(f'<mergeCell ref="{ref}"/>' for ref in merged) + "</mergeCells>"
    sheet = f'{_HEAD}<worksheet xmlns="{_SHEET}"><sheetData>{cells}</sheetData>{merges}</worksheet>'
    book = f'{_HEAD}<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets><sheet name="任务" sheetId="1" r:id="rId1"/></sheets></workbook>'
    return _package(
        {
            "[Content_Types].xml": _types(
                {
                    "/xl/workbook.xml": f"{_KIND}.spreadsheetml.sheet.main+xml",
                    "/xl/worksheets/sheet1.xml": f"{_KIND}.spreadsheetml.worksheet+xml",
                }
            ),
            "_rels/.rels": _relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
            "xl/workbook.xml": book,
            "xl/_rels/workbook.xml.rels": _relations({"rId1": ("worksheet", "worksheets/sheet1.xml")}),
            "xl/worksheets/sheet1.xml": sheet,
        }
    )


def _sheet_cell(ref: str, text: str) -> str:
    return f'<c r="{ref}" t="inlineStr"><is><t>{escape(text, quote=False)}</t></is></c>'


def _merged(table: Rows) -> list[str]:
    # The head is row 2 of the sheet, so that row 1 of the table is row 3.
    found, start = [], 0
    for at in range(1, len(table) + 1):
        if at == len(table) or table[at][0]:
            if start and at - start > 1:
                found.append(f"A{start + 2}:A{at + 1}")
            start = at
    return found


def _types(parts: dict[str, str]) -> str:
    defaults = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    defaults += '<Default Extension="xml" ContentType="application/xml"/>'
    overrides = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts.items())
    return f'{_HEAD}<Types xmlns="{_TYPES}">{defaults}{overrides}</Types>'


def _relations(targets: dict[str, tuple[str, str]]) -> str:
    rows = "".join(f'<Relationship Id="{id_}" Type="{_OFFICE}/{kind}" Target="{target}"/>' for id_, (kind, target) in targets.items())
    return f'{_HEAD}<Relationships xmlns="{_RELATIONS}">{rows}</Relationships>'


def _package(parts: dict[str, str]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in parts.items():
            # A member made without a day of its own has the first day that a ZIP knows: the same bytes always.
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def pdf_bytes(lines: Sequence[str], page: int = 40) -> bytes:
    """A PDF with a text layer: so many lines a page, the font one that every reader knows (STSong-Light), nothing packed."""
    pages = [lines[at : at + page] for at in range(0, len(lines), page)]
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{' '.join(f'{6 + 2 * at} 0 R' for at in range(len(pages)))}]>>",
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>"
        "/DW 1000/W[1 95 500]/FontDescriptor 5 0 R>>",
        "<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[0 -200 1000 900]/Ascent 752/Descent -271/CapHeight 737"
        "/ItalicAngle 0/StemV 58>>",
    ]
    for at, held in enumerate(pages):
        objects.append(f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Contents {7 + 2 * at} 0 R>>")
        shown = "".join(f"<{line.encode('utf-16-be').hex()}> Tj T*\n" for line in held)
        stream = f"BT /F 11 Tf 18 TL 60 780 Td\n{shown}ET"
        objects.append(f"<</Length {len(stream)}>>\nstream\n{stream}\nendstream")
    body = "%PDF-1.4\n"
    places = []
    for number, text in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n"
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(f"{place:010} 00000 n \n" for place in places)
    return f"{body}{table}trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF\n".encode("ascii")

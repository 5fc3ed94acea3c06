"""A document as DOCX: styles, head rows that repeat, page numbers, fonts that print Chinese; the same bytes each time."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from kg.errors import ExtraError
from kg.messages import say
from kg.resources import package_file
from kg.views.charts import xml_text
from kg.views.document import Block, Column, Document, Figure, Number, Paragraph, Points, Table, Terms, plain
from kg.views.packages import fixed_package
from kg.views.text import width as breadth

if TYPE_CHECKING:
    from docx.document import Document as Word

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_KEPT = re.compile("Normal|Title|Heading1|Caption|ListNumber|Header|Footer|TableGrid|TableNormal|DefaultParagraphFont|NoList|Sheet.*")
"""The styles in use, by id."""
_DROPPED = re.compile("stylesWithEffects|thumbnail|customXml|webSettings")
"""What the library's own empty document carries along and nobody needs."""
_LATIN = "Times New Roman"
_LOOKS = {
    "Normal": ("FangSong", 10.5),
    "Title": ("SimHei", 18),
    "Heading 1": ("SimHei", 13),
    "Caption": ("SimHei", 10),
    "List Number": ("FangSong", 10.5),
    "Header": ("SimSun", 9),
    "Footer": ("SimSun", 9),
    "Sheet Note": ("SimSun", 9),
    "Sheet Cell": ("SimSun", 9),
    "Sheet Head": ("SimHei", 9),
    "Sheet Figure": ("SimHei", 20),
}
"""The face for Chinese and the size in points of each style; the names that Windows knows the faces by, whatever its language."""
_SHORT, _LONG = 210, 297
_SIDE, _TOP = 18, 16
_WIDE_TABLE = 5
"""A document with a table of more columns lies on its side."""
_NARROWEST = 8.0


def document_docx(document: Document) -> bytes:
    """A document as the bytes of a DOCX file: A4, on its side where its tables are wide; drawings are left to their tables.

    Raises:
        ExtraError: python-docx is not installed.
    """
    try:
        import docx
    except ImportError as error:
        raise ExtraError("Word", "office") from error
    word = docx.Document(io.BytesIO(_empty()))
    word.core_properties.title = xml_text(document.title)[:255]
    word.core_properties.language = "zh-CN" if document.lang == "zh" else document.lang
    width = _set_up(word, document)
    _add(word, document.subject, "Sheet Note")
    _add(word, document.title, "Title")
    _add(word, document.standfirst, "Sheet Note")
    _append(word, _figures_xml(document.numbers, width))
    _add(word, say("report.points", lang=document.lang), "Heading 1")
    for point in document.findings:
        _add(word, plain(point), "List Number")
    for chapter in document.chapters:
        _add(word, chapter.title, "Heading 1")
        for block in chapter.blocks:
            _add_block(word, block, width)
    out = io.BytesIO()
    word.save(out)
    return fixed_package(out.getvalue())


@cache
def _empty() -> bytes:
    """An empty document with our styles, made once: the library's own carries 160 styles that cost more than the sheets."""
    import docx
    from docx.enum.style import WD_STYLE_TYPE

    word = docx.Document()
    styles = word.styles
    for name in ("Sheet Note", "Sheet Cell", "Sheet Head", "Sheet Figure"):
        styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    for name, (face, size) in _LOOKS.items():
        _look(styles[name], face, size)
    _defaults(styles.element)
    properties = word.core_properties
    properties.author = properties.last_modified_by = "govresp"
    properties.comments = ""
    for relations in (word.part.rels, word.part.package.rels):
        for key in [key for key, relation in relations.items() if _DROPPED.search(relation.reltype)]:
            del relations[key]
    out = io.BytesIO()
    word.save(out)
    fonts = package_file("views/templates/fontTable.xml").read_bytes()
    return fixed_package(out.getvalue(), {"word/fontTable.xml": fonts})


def _look(style: Any, face: str, size: float) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size, style.font.color.rgb = _LATIN, Pt(size), RGBColor(0, 0, 0)
    style.font.bold = False
    fonts = style.element.rPr.rFonts
    for key in [key for key in fonts.attrib if key.endswith("Theme") or key.endswith("cstheme")]:
        del fonts.attrib[key]
    fonts.set(qn("w:eastAsia"), face)
    spacing = style.paragraph_format
    spacing.line_spacing = 1.0 if style.name.startswith("Sheet") else 1.25
    before, after = {"Title": (4, 4), "Heading 1": (12, 4), "Caption": (2, 3), "Sheet Note": (0, 4)}.get(style.name, (0, 2))
    spacing.space_before, spacing.space_after = Pt(before), Pt(after)
    spacing.keep_with_next = style.name in {"Heading 1", "Caption", "Sheet Head"}
    for border in list(style.element.iter(f"{{{_W}}}pBdr")):
        border.getparent().remove(border)


def _defaults(styles: Any) -> None:
    """Keep the styles in use, and make Chinese the language of Chinese characters."""
    for style in list(styles.iter(f"{{{_W}}}style")):
        key = style.get(f"{{{_W}}}styleId")
        if not _KEPT.fullmatch(key):
            styles.remove(style)
        for part in list(style):
            if part.tag in {f"{{{_W}}}link", f"{{{_W}}}next"}:
                style.remove(part)
    for language in styles.iter(f"{{{_W}}}lang"):
        language.set(f"{{{_W}}}eastAsia", "zh-CN")


def _set_up(word: Word, document: Document) -> float:
    """Paper, margins, header and footer; the width between the margins in twentieths of a point."""
    from docx.enum.section import WD_ORIENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm

    tables = [block for chapter in document.chapters for block in chapter.blocks if isinstance(block, Table)]
    wide = any(len(table.columns) > _WIDE_TABLE for table in tables)
    across, down = (_LONG, _SHORT) if wide else (_SHORT, _LONG)
    section = word.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(across), Mm(down)
    section.left_margin = section.right_margin = Mm(_SIDE)
    section.top_margin = section.bottom_margin = Mm(_TOP)
    section.header_distance = section.footer_distance = Mm(8)
    header, footer = section.header.paragraphs[0], section.footer.paragraphs[0]
    header.text = _words(document.title)
    header.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for piece in re.split("(\0|\1)", say("sheets.footer", lang=document.lang, page="\0", pages="\1")):
        if piece in ("\0", "\1"):
            footer._p.append(
                _element(f'<w:fldSimple w:instr="{"PAGE" if piece == chr(0) else "NUMPAGES"}"><w:r><w:t>1</w:t></w:r></w:fldSimple>')
            )
        elif piece:
            footer.add_run(piece)
    return (across - 2 * _SIDE) * 56.7


def _words(text: str) -> str:
    return xml_text(text).replace("\t", " ").replace("\r\n", "\n").replace("\r", "\n")


def _add(word: Word, text: str, style: str) -> None:
    word.add_paragraph(_words(text), style)


def _add_block(word: Word, block: Block, width: float) -> None:
    if isinstance(block, Paragraph):
        _add(word, plain(block.sentence), "Normal")
    elif isinstance(block, Points):
        for sentence in block.sentences:
            _add(word, plain(sentence), "Normal")
    elif isinstance(block, Terms):
        terms = [(term, plain(sentence)) for term, sentence in block.entries]
        _append(word, _table_xml((), terms, _shares([0.25, 0.75], width), ()))
    elif isinstance(block, Table):
        _add(word, block.caption, "Caption")
        rows = [tuple(plain(cell) for cell in row.cells) for row in block.rows]
        heads = [column.label for column in block.columns]
        _append(word, _table_xml(heads, rows, _shares(weights(block.columns, rows), width), block.columns))
        if block.note:
            _add(word, block.note, "Sheet Note")
    elif isinstance(block, Figure):
        _add(word, block.caption, "Caption")


def _append(word: Word, xml: str) -> None:
    word.element.body[-1].addprevious(_element(xml))


def _element(xml: str) -> Any:
    from docx.oxml import parse_xml

    return parse_xml(re.sub(r"^<[\w:]+", lambda tag: f'{tag.group()} xmlns:w="{_W}"', xml, count=1))


def weights(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[float]:
    """How wide the columns of a table should be to one another, by what stands in them.

    A long text may break into lines, so it counts less than its length; a head or a short cell should not.

    >>> weights([Column("项次"), Column("内容")], [["1", "推进项目建设。" * 9], ["2", ""]])
    [8.0, 34]
    """
    found = []
    for place, column in enumerate(columns):
        cells = [breadth(row[place]) for row in rows]
        longest, mean = max(cells, default=0), sum(cells) / max(len(cells), 1)
        found.append(max(_NARROWEST, min(breadth(column.label), 10) + 2, min(longest + 1.0, 6 + round(mean**0.8))))
    return found


def _shares(parts: Sequence[float], width: float) -> list[int]:
    """The widths of columns in twentieths of a point, adding up to the whole width."""
    edges = [round(sum(parts[:place]) * width / sum(parts)) for place in range(len(parts) + 1)]
    return [after - before for before, after in pairwise(edges)]


_TABLE = (
    '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{width}" w:type="dxa"/>{borders}<w:tblLayout w:type="fixed"/>'
    '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    "<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
)


def _table(rows: Sequence[str], widths: Sequence[int], colour: str = "8C98A6") -> str:
    edges = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = "".join(f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="{colour}"/>' for edge in edges)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return _TABLE.format(width=sum(widths), borders=f"<w:tblBorders>{lines}</w:tblBorders>", grid=grid, rows="".join(rows))


def _table_xml(heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int], columns: Sequence[Column]) -> str:
    """A table whose head rows come again on every page, and whose rows stay whole."""
    right = [column.numeric for column in columns] or [False] * len(widths)
    made = [_row(rows_, widths, "SheetCell", right) for rows_ in rows]
    return _table(([_row(heads, widths, "SheetHead", right)] if heads else []) + made, widths)


def _row(cells: Sequence[str], widths: Sequence[int], style: str, right: Sequence[bool]) -> str:
    head = style == "SheetHead"
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="E8EEF5"/>' if head else ""
    parts = [
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>{_paragraph(cell, style, "right" if at_end else "")}</w:tc>'
        for cell, width, at_end in zip(cells, widths, right, strict=True)
    ]
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>{''.join(parts)}</w:tr>"


def _paragraph(text: str, style: str, align: str = "") -> str:
    lines = [f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in _words(text).split("\n")]
    side = f'<w:jc w:val="{align}"/>' if align else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{side}</w:pPr><w:r>{"<w:br/>".join(lines)}</w:r></w:p>'


def _figures_xml(numbers: Sequence[Number], width: float) -> str:
    """The large numbers beside one another: figure, what it counts, a line that sets it in proportion."""
    widths = _shares([1.0] * len(numbers), width)
    cells = []
    for number, own in zip(numbers, widths, strict=True):
        parts = (number.value.text, "SheetFigure"), (number.label, "SheetHead"), (number.aside, "SheetCell")
        words = "".join(_paragraph(text, style) for text, style in parts)
        cells.append(f'<w:tc><w:tcPr><w:tcW w:w="{own}" w:type="dxa"/></w:tcPr>{words}</w:tc>')
    return _table([f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>"], widths, "D5DBE2")

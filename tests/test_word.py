"""Word files: reading order, revisions, fields, the numbers that Word computes, merged cells, damaged and hostile files."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml.parser import parse_xml
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import EmptySourceError, SourceMissingError
from kg.model import Place
from kg.reading import word
from kg.reading.archive import ArchiveBombError, PackageLockedError, PackageOldError
from kg.reading.numbering import number_text
from kg.reading.source import SourceText
from kg.reading.word import TableLargeError, WordBrokenError, read_word

NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "v": "urn:schemas-microsoft-com:vml",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    }.items()
)


def stream(document: Document) -> io.BytesIO:
    """The document as a file in memory."""
    out = io.BytesIO()
    document.save(out)
    return io.BytesIO(out.getvalue())


def with_body(*blocks: str) -> Document:
    """A document whose body is this XML, before the section that python-docx puts in."""
    document = docx.Document()
    section = document.element.body[-1]
    for block in blocks:
        section.addprevious(parse_xml(re.sub(r"^<([\w:]+)", rf"<\1 {NAMESPACES}", block)))
    return document


def edited(content: io.BytesIO, part: str, edit: Callable[[bytes], bytes], name: str | None = None) -> io.BytesIO:
    """The same package with one part changed, or renamed."""
    out = io.BytesIO()
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            held = old.read(info)
            new.writestr(name or part if info.filename == part else info.filename, edit(held) if info.filename == part else held)
    return io.BytesIO(out.getvalue())


def read(*blocks: str) -> SourceText:
    """The source text of a body of this XML."""
    return read_word(stream(with_body(*blocks)), "a.docx")


def val(name: str, value: str) -> str:
    return f'<w:{name} w:val="{value}"/>'


def run(text: str, marks: str = "") -> str:
    return f'<w:r><w:rPr>{marks}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(text: str, marks: str = "") -> str:
    return f"<w:p><w:pPr>{marks}</w:pPr>{run(text)}</w:p>"


def mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def cell(text: str, marks: str = "") -> str:
    return f"<w:tc><w:tcPr>{marks}</w:tcPr>{paragraph(text)}</w:tc>"


def rows(source: SourceText, grid: int = 0) -> list[list[str]]:
    return [[source.text[span.start : span.end] for span in row] for row in source.grids[grid].rows]


def test_paragraphs_and_tables_stand_in_reading_order_with_their_places() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "内部资料"
    document.sections[0].footer.paragraphs[0].text = "— 1 —"
    document.add_paragraph("关于分解任务的通知")
    document.add_paragraph("")
    grid = document.add_table(rows=2, cols=2)
    for at, text in enumerate(["任务", "牵头单位", "抓好春耕", "市农业农村局"]):
        grid.cell(at // 2, at % 2).text = text
    document.add_paragraph("附件：1.清单")
    source = read_word(stream(document), "a.docx")
    assert source.text == "关于分解任务的通知\n任务\t牵头单位\n抓好春耕\t市农业农村局\n附件：1.清单\n"
    assert source.whole_paragraphs
    assert source.places[0] == Place(0, paragraph=1)
    assert source.places[-1] == Place(source.text.index("附件"), paragraph=2)
    assert Place(source.text.index("市农业"), table=1, row=2, column=2) in source.places


TEXTS = [
    pytest.param(
        f"<w:p>{run('一、')}<w:ins>{run('加强')}</w:ins><w:del><w:r><w:delText>改进</w:delText></w:r></w:del>{run('监管')}</w:p>",
        "一、加强监管\n",
        id="revisions: inserted is kept, deleted is dropped",
    ),
    pytest.param(
        f"<w:p><w:moveFrom>{run('旧处')}</w:moveFrom>{run('甲')}<w:moveTo>{run('新处')}</w:moveTo></w:p>",
        "甲新处\n",
        id="moved text stands where it was moved to",
    ),
    pytest.param(
        f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('市发改')}</w:p>",
        "市发改\n",
        id="a deleted paragraph mark at the end loses nothing",
    ),
    pytest.param(f"<w:p>{run('甲')}{run('密', '<w:vanish/>')}{run('乙', val('vanish', '0'))}</w:p>", "甲乙\n", id="hidden text is dropped"),
    pytest.param(
        "<w:p><w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:tab/><w:t>丙</w:t><w:cr/></w:r></w:p>", "甲\n乙\t丙\n", id="breaks and tabs"
    ),
    pytest.param(
        "<w:p><w:r><w:t>甲</w:t><w:footnoteReference w:id='1'/></w:r><w:r><w:endnoteReference w:id='1'/><w:t>乙</w:t></w:r></w:p>",
        "甲乙\n",
        id="marks of notes are dropped",
    ),
    pytest.param(
        f"<w:p>{mark('begin')}<w:r><w:instrText> DATE \\@ yyyy </w:instrText></w:r>{mark('separate')}{run('2024年')}{mark('end')}{run('印发')}</w:p>",
        "2024年印发\n",
        id="a field gives its result",
    ),
    pytest.param(
        f"<w:p>{mark('begin')}<w:r><w:instrText> IF </w:instrText></w:r>{mark('begin')}{mark('separate')}{run('码')}{mark('end')}"
        f"{mark('separate')}{run('果')}{mark('end')}</w:p>",
        "果\n",
        id="a field inside the code of a field is code",
    ),
    pytest.param(f"<w:p>{mark('begin')}{run('甲')}</w:p>", "甲\n", id="a field that never ends swallows nothing"),
    pytest.param(
        f"<w:p><w:fldSimple w:instr=' PAGE '>{run('3')}</w:fldSimple>{run('页')}</w:p>", "3页\n", id="a simple field gives its result"
    ),
    pytest.param(
        f"<w:p><w:hyperlink>{run('网址')}</w:hyperlink><w:smartTag>{run('荆州')}</w:smartTag></w:p>", "网址荆州\n", id="links and tags"
    ),
    pytest.param(
        f"<w:sdt><w:sdtContent>{paragraph('一、任务')}</w:sdtContent></w:sdt>", "一、任务\n", id="a content control around a paragraph"
    ),
    pytest.param(
        f"<w:p>{run('单位：')}<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('单击此处')}</w:sdtContent></w:sdt></w:p>",
        "单位：\n",
        id="the prompt of an empty content control is no text",
    ),
    pytest.param(
        "<w:p><w:ruby><w:rt><w:r><w:t>jīng</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>荆</w:t></w:r></w:rubyBase></w:ruby></w:p>",
        "荆\n",
        id="of a ruby the base",
    ),
    pytest.param(
        "<w:p><w:r><w:sym w:font='Wingdings' w:char='F0FE'/><w:sym w:char='2605'/><w:t>甲</w:t></w:r></w:p>", "★甲\n", id="symbols"
    ),
    pytest.param("<w:p><m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath></w:p>", "x=1\n", id="formulas"),
    pytest.param(
        "<w:p><w:r><w:t> 甲\n</w:t><w:t xml:space='preserve'> 乙</w:t></w:r></w:p>", "甲 乙\n", id="blanks that Word does not print"
    ),
    pytest.param(
        f"<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx><w:txbxContent>{paragraph('框内')}</w:txbxContent>"
        f"</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>{paragraph('框内')}</w:txbxContent></v:textbox>"
        f"</w:pict></mc:Fallback></mc:AlternateContent></w:r>{run('框外')}</w:p>",
        "框外\n框内\n",
        id="a text box once, behind its paragraph",
    ),
]


@pytest.mark.parametrize(("block", "text"), TEXTS)
def test_text_is_what_is_printed(block: str, text: str) -> None:
    assert read(block).text == text


def test_a_deleted_end_joins_two_paragraphs_and_a_deleted_paragraph_is_gone() -> None:
    gone = "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>"
    joined = f"<w:p>{gone}{run('市发改')}</w:p>"
    deleted = f"<w:p>{gone}<w:del><w:r><w:delText>作废</w:delText></w:r></w:del></w:p>"
    assert read(paragraph("甲"), deleted, joined, paragraph("委牵头")).text == "甲\n市发改委牵头\n"


def test_a_hidden_end_runs_a_heading_into_the_text() -> None:
    heading = f"<w:p><w:pPr><w:rPr><w:vanish/><w:specVanish/></w:rPr></w:pPr>{run('一、总则。')}</w:p>"
    assert read(heading, paragraph("为了")).text == "一、总则。为了\n"


def test_text_hidden_by_a_style_is_dropped() -> None:
    document = with_body(f"<w:p>{run('甲')}{run('密', val('rStyle', 'Secret'))}</w:p>", paragraph("丙", val("pStyle", "Low")))
    for kind, name, more in (("character", "Base", "<w:rPr><w:vanish/></w:rPr>"), ("character", "Secret", val("basedOn", "Base"))):
        document.styles.element.append(parse_xml(f'<w:style {NAMESPACES} w:type="{kind}" w:styleId="{name}">{more}</w:style>'))
    document.styles.element.append(
        parse_xml(f'<w:style {NAMESPACES} w:type="paragraph" w:styleId="Low"><w:rPr><w:vanish/></w:rPr></w:style>')
    )
    assert read_word(stream(document), "a.docx").text == "甲\n"


def test_a_table_of_contents_is_left_out() -> None:
    begin = f"<w:p>{mark('begin')}<w:r><w:instrText> TOC \\o </w:instrText></w:r>{mark('separate')}{run('一、任务 1')}</w:p>"
    assert read(begin, paragraph("二、保障 2"), f"<w:p>{mark('end')}</w:p>", paragraph("一、任务")).text == "一、任务\n"


# Numbers.

LEVEL = '<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{style}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'


def level(at: int, style: str, text: str, start: int = 1, more: str = "") -> str:
    return LEVEL.format(at=at, style=style, text=text, start=start, more=more)


def numbered(definitions: str, *blocks: str, styles: str = "") -> list[str]:
    """The lines of a document with these lists."""
    document = with_body(*blocks)
    root = document.part.numbering_part.element
    for child in list(root):
        root.remove(child)
    for child in parse_xml(f"<w:numbering {NAMESPACES}>{definitions}</w:numbering>"):
        root.append(child)
    for style in parse_xml(f"<w:styles {NAMESPACES}>{styles}</w:styles>"):
        document.styles.element.append(style)
    return read_word(stream(document), "a.docx").text.splitlines()


def listed(num: int | str, at: int | None = 0, text: str = "文", style: str = "") -> str:
    ilvl = "" if at is None else f'<w:ilvl w:val="{at}"/>'
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return paragraph(text, f'{named}<w:numPr>{ilvl}<w:numId w:val="{num}"/></w:numPr>')


def abstract(number: int, *levels: str, more: str = "") -> str:
    return f'<w:abstractNum w:abstractNumId="{number}">{more}{"".join(levels)}</w:abstractNum>'


def num(number: int, of: int, more: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{of}"/>{more}</w:num>'


OUTLINE = abstract(0, level(0, "chineseCounting", "%1、"), level(1, "japaneseCounting", "（%2）"), level(2, "decimal", "%3."))


def test_the_outline_of_a_notice_is_numbered_and_restarts_below_each_heading() -> None:
    lines = numbered(OUTLINE + num(1, 0), *(listed(1, at) for at in (0, 1, 2, 2, 1, 2, 0, 1)))
    assert lines == ["一、文", "（一）文", "1. 文", "2. 文", "（二）文", "1. 文", "二、文", "（一）文"]


NUMBERINGS = [
    pytest.param(
        abstract(0, level(0, "chineseCounting", "%1、"), level(1, "decimal", "%1.%2", more="<w:isLgl/>")) + num(1, 0),
        [(1, 0), (1, 1), (1, 1)],
        ["一、文", "1.1 文", "1.2 文"],
        id="legal numbers show higher levels in digits",
    ),
    pytest.param(
        abstract(0, level(0, "decimal", "%1."), level(1, "decimal", "(%2)", more=val("lvlRestart", "0"))) + num(1, 0),
        [(1, 0), (1, 1), (1, 0), (1, 1)],
        ["1. 文", "(1) 文", "2. 文", "(2) 文"],
        id="a level that never restarts",
    ),
    pytest.param(
        abstract(0, *(level(at, "decimal", f"%{at + 1}.", more=val("lvlRestart", "1") if at == 2 else "") for at in range(3))) + num(1, 0),
        [(1, 0), (1, 1), (1, 2), (1, 1), (1, 2), (1, 0), (1, 2)],
        ["1. 文", "1. 文", "1. 文", "2. 文", "2. 文", "2. 文", "1. 文"],
        id="a level that restarts after the first level only",
    ),
    pytest.param(
        OUTLINE + num(1, 0) + num(2, 0),
        [(1, 0), (2, 0), (1, 0)],
        ["一、文", "二、文", "三、文"],
        id="two lists of one abstract list go on",
    ),
    pytest.param(
        OUTLINE + num(1, 0) + num(2, 0, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'),
        [(1, 0), (1, 0), (2, 0), (2, 0)],
        ["一、文", "二、文", "一、文", "二、文"],
        id="a list that starts anew does so once",
    ),
    pytest.param(
        OUTLINE + num(1, 0, f'<w:lvlOverride w:ilvl="0">{level(0, "upperRoman", "%1)", 4)}</w:lvlOverride>'),
        [(1, 0), (1, 0)],
        ["IV) 文", "V) 文"],
        id="a level of its own and a start of its own",
    ),
    pytest.param(
        abstract(0, level(0, "decimal", "第%1章", more=val("suff", "space")), level(1, "decimal", "%2", more=val("suff", "nothing")))
        + num(1, 0),
        [(1, 0), (1, 1)],
        ["第1章 文", "1文"],
        id="what Word prints behind the label",
    ),
    pytest.param(abstract(0, level(0, "bullet", "\uf06c")) + num(1, 0), [(1, 0)], ["文"], id="signs of unnumbered lists are left out"),
    pytest.param(OUTLINE + num(1, 0), [(0, 0), (7, 0), (1, 5)], ["文"] * 3, id="no list, an unknown list, an unknown level"),
    pytest.param(OUTLINE + num(1, 0), [(1, 1)], ["（一）文"], id="a lower level comes first"),
    pytest.param(
        abstract(0, level(0, "decimal", "%1.%2.")) + num(1, 0),
        [(1, 0)],
        ["1.1. 文"],
        id="a label that names a level that is not there",
    ),
]


@pytest.mark.parametrize(("definitions", "asked", "lines"), NUMBERINGS)
def test_numbers_are_those_that_word_computes(definitions: str, asked: list[tuple[int, int]], lines: list[str]) -> None:
    assert numbered(definitions, *(listed(*each) for each in asked)) == lines


def test_numbers_come_through_styles() -> None:
    linked = abstract(0, level(0, "decimal", "%1."), level(1, "decimal", "%1.%2", more=val("pStyle", "Sub")))
    style = '<w:style w:type="paragraph" w:styleId="{}">{}<w:pPr>{}</w:pPr></w:style>'
    numbers = '<w:numPr><w:numId w:val="1"/></w:numPr>'
    styles = (
        style.format("Top", "", numbers) + style.format("Sub", val("basedOn", "Top"), "") + style.format("Kind", val("basedOn", "Sub"), "")
    )
    asked = [paragraph("文", f'<w:pStyle w:val="{name}"/>') for name in ("Top", "Sub", "Kind", "Top")]
    off = listed(0, style="Top")
    assert numbered(linked + num(1, 0), *asked, off, styles=styles) == ["1. 文", "1.1 文", "1.2 文", "2. 文", "文"]


def test_a_list_that_points_to_a_style_of_numbering() -> None:
    real = abstract(0, level(0, "decimalEnclosedCircle", "%1"), more=val("styleLink", "L"))
    pointing = abstract(1, more=val("numStyleLink", "L"))
    assert numbered(real + pointing + num(1, 0) + num(2, 1), listed(2), listed(2)) == ["① 文", "② 文"]


def test_a_format_of_its_own_with_noughts() -> None:
    own = (
        '<w:lvl w:ilvl="0"><w:start w:val="9"/><mc:AlternateContent><mc:Choice Requires="w14"><w:numFmt w:val="custom" '
        'w:format="001, 002, 003, ..."/></mc:Choice><mc:Fallback><w:numFmt w:val="decimal"/></mc:Fallback></mc:AlternateContent>'
        '<w:lvlText w:val="%1"/></w:lvl>'
    )
    assert numbered(abstract(0, own) + num(1, 0), listed(1), listed(1)) == ["009 文", "010 文"]


def test_numbered_cells_without_text_hold_their_number() -> None:
    # 序号 columns of tables are mostly numbered this way.
    row = "<w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr>"
    grid = "<w:tbl>" + "".join(row.format(listed(1, text=""), paragraph(text)) for text in ("修路", "架桥")) + "</w:tbl>"
    assert numbered(abstract(0, level(0, "decimal", "%1")) + num(1, 0), grid) == ["1\t修路", "2\t架桥"]


def test_a_deleted_paragraph_is_not_counted() -> None:
    deleted = (
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del/></w:rPr></w:pPr>'
        "<w:del><w:r><w:delText>作废</w:delText></w:r></w:del></w:p>"
    )
    assert numbered(OUTLINE + num(1, 0), listed(1), deleted, listed(1)) == ["一、文", "二、文"]


@pytest.mark.parametrize(
    ("number", "style", "text"),
    [
        (10, "chineseCounting", "十"),
        (20, "chineseCounting", "二十"),
        (99, "chineseCounting", "九十九"),
        (100, "chineseCounting", "一○○"),
        (110, "chineseCountingThousand", "一百一十"),
        (1010, "chineseCountingThousand", "一千〇一十"),
        (2000, "chineseCountingThousand", "二千"),
        (12_005, "chineseCountingThousand", "一万二千〇五"),
        (10_005, "chineseCountingThousand", "一万〇五"),
        (111, "japaneseCounting", "百十一"),
        (1001, "japaneseCounting", "千一"),
        (10, "chineseLegalSimplified", "壹拾"),
        (105, "taiwaneseCountingThousand", "一百零五"),
        (20, "ideographDigital", "二〇"),
        (12, "decimalFullWidth", "１２"),
        (20, "decimalEnclosedCircle", "⑳"),
        (21, "decimalEnclosedCircle", "21"),
        (2, "ideographTraditional", "乙"),
        (1994, "upperRoman", "MCMXCIV"),
        (27, "upperLetter", "AA"),
        (5, "numberInDash", "- 5 -"),
        (0, "chineseCounting", "0"),
        (5, "thaiLetters", "5"),
        (10**8, "upperRoman", "100000000"),
        (3, "none", ""),
    ],
)
def test_number_formats(number: int, style: str, text: str) -> None:
    assert number_text(number, style) == text


@given(st.integers(1, 9999))
def test_counted_numbers_can_be_counted_back(number: int) -> None:
    # 一千〇五 → 1005: the digits times their units give the number.
    value, digit = 0, 0
    for character in number_text(number, "chineseCountingThousand"):
        if character in "十百千":
            value, digit = value + (digit or 1) * 10 ** ("十百千".index(character) + 1), 0
        else:
            digit = "〇一二三四五六七八九".index(character)
    assert value + digit == number


# Tables.


def test_merged_cells_are_one_cell_in_every_place() -> None:
    grid = (
        f"<w:tbl><w:tr>{cell('序号')}{cell('任务和单位', val('gridSpan', '2'))}</w:tr>"
        f"<w:tr>{cell('1', val('vMerge', 'restart'))}{cell('修路')}{cell('市交通局')}</w:tr>"
        f"<w:tr>{cell('', '<w:vMerge/>')}{cell('架桥')}{cell('市住建局')}</w:tr>"
        f"<w:tr><w:trPr><w:gridBefore w:val='1'/></w:trPr>{cell('备注', val('gridSpan', '2'))}</w:tr></w:tbl>"
    )
    source = read(grid)
    assert rows(source) == [
        ["序号", "任务和单位", "任务和单位"],
        ["1", "修路", "市交通局"],
        ["1", "架桥", "市住建局"],
        ["", "备注", "备注"],
    ]
    spans = source.grids[0].rows
    assert spans[0][1] == spans[0][2]
    assert spans[1][0] == spans[2][0]
    assert source.text.count("任务和单位") == 1


GRIDS = [
    pytest.param(
        f"<w:tr>{cell('甲', '<w:vMerge/>')}</w:tr><w:tr>{cell('乙', '<w:vMerge/>')}</w:tr>",
        [["甲"], ["甲"]],
        id="a merge without a beginning begins where it is",
    ),
    pytest.param(
        f"<w:tr>{cell('甲', val('gridSpan', '2') + val('vMerge', 'restart'))}</w:tr><w:tr>{cell('乙', '<w:vMerge/>')}{cell('丙')}</w:tr>",
        [["甲", "甲"], ["乙", "丙"]],
        id="cells of unlike width are not merged downwards",
    ),
    pytest.param(
        f"<w:tr>{cell('甲', val('hMerge', 'restart'))}{cell('', '<w:hMerge/>')}{cell('乙')}</w:tr>",
        [["甲", "甲", "乙"]],
        id="the old way to merge across",
    ),
    pytest.param(
        f"<w:tr>{cell('甲')}</w:tr><w:tr><w:trPr><w:del/></w:trPr>{cell('删')}</w:tr><w:tr><w:trPr><w:hidden/></w:trPr>{cell('隐')}</w:tr>",
        [["甲"]],
        id="deleted and hidden rows are dropped",
    ),
    pytest.param(
        f"<w:sdt><w:sdtContent><w:tr><w:sdt><w:sdtContent>{cell('甲')}</w:sdtContent></w:sdt>{cell('乙')}</w:tr></w:sdtContent></w:sdt>",
        [["甲", "乙"]],
        id="content controls around rows and cells",
    ),
    pytest.param(
        f"<w:tr>{cell('甲')}{cell('乙')}</w:tr><w:tr>{cell('丙')}</w:tr>", [["甲", "乙"], ["丙", ""]], id="a short row is filled up"
    ),
    pytest.param(f"<w:tr>{cell('甲', val('gridSpan', '999999999'))}</w:tr>", [["甲"] * 63], id="no cell is wider than Word can make it"),
    pytest.param(
        f"<w:tr><w:tc>{paragraph('甲')}{paragraph('')}{paragraph('乙')}</w:tc></w:tr>",
        [["甲\n乙"]],
        id="the paragraphs of a cell are its lines",
    ),
    pytest.param(
        f"<w:tr><w:tc>{paragraph('外')}<w:tbl><w:tr>{cell('甲', val('vMerge', 'restart'))}{cell('乙')}</w:tr>"
        f"<w:tr>{cell('', '<w:vMerge/>')}{cell('丙')}</w:tr></w:tbl>{paragraph('后')}</w:tc></w:tr>",
        [["外\n甲\t乙\n丙\n后"]],
        id="a table inside a cell",
    ),
]


@pytest.mark.parametrize(("xml", "cells"), GRIDS)
def test_cells_of_a_table(xml: str, cells: list[list[str]]) -> None:
    assert rows(read(f"<w:tbl>{xml}</w:tbl>")) == cells


def test_a_table_without_text_is_counted_and_left_out() -> None:
    source = read(f"<w:tbl><w:tr>{cell('')}</w:tr></w:tbl>", paragraph("甲"), f"<w:tbl><w:tr>{cell('乙')}</w:tr></w:tbl>")
    assert source.text == "甲\n乙\n"
    assert source.places[-1].table == 2


def test_a_table_of_ten_thousand_rows() -> None:
    row = "<w:tr>" + cell("{}") + cell("推进项目建设") + cell("市发改委") + "</w:tr>"
    source = read("<w:tbl>" + "".join(row.replace("{}", str(at)) for at in range(10_000)) + "</w:tbl>")
    assert len(source.grids[0].rows) == 10_000
    assert rows(source)[9999] == ["9999", "推进项目建设", "市发改委"]


def test_a_table_of_too_many_cells_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word, "MOST_CELLS", 100)
    with pytest.raises(TableLargeError):
        read("<w:tbl>" + f"<w:tr>{cell('甲', val('gridSpan', '63'))}</w:tr>" * 2 + "</w:tbl>")


# A table as a division of a small area into merged blocks: cuts of rows and columns, and the text of each block.
blocks_of_text = st.lists(
    st.lists(st.tuples(st.integers(1, 3), st.text("甲乙丙 \n\t<&1", max_size=5)), min_size=1, max_size=4), min_size=1, max_size=4
)


@settings(max_examples=60, deadline=None)
@given(blocks_of_text)
def test_the_spans_of_a_grid_are_the_texts_of_its_cells(table: list[list[tuple[int, str]]]) -> None:
    document = docx.Document()
    xml = "".join(
        "<w:tr>" + "".join(f'<w:tc><w:tcPr><w:gridSpan w:val="{width}"/></w:tcPr><w:p/></w:tc>' for width, _ in row) + "</w:tr>"
        for row in table
    )
    document.element.body.insert(0, parse_xml(f"<w:tbl {NAMESPACES}><w:tblPr/><w:tblGrid/>{xml}</w:tbl>"))
    cells = document.element.body.iter(f"{word.W}tc")
    for (_, text), tc in zip([each for row in table for each in row], list(cells), strict=True):
        document_paragraph = docx.text.paragraph.Paragraph(tc[-1], document)
        document_paragraph.add_run(text)
    document.add_paragraph("尾")
    source = read_word(stream(document), "a.docx")
    if not source.grids:
        return
    width = max(sum(each for each, _ in row) for row in table)
    wanted = [[text.strip() for span, text in row for _ in range(span)] for row in table]
    assert rows(source) == [row + [""] * (width - len(row)) for row in wanted]
    assert all(0 <= span.start <= span.end <= len(source.text) for row in source.grids[0].rows for span in row)


# Files that are damaged, foreign or hostile.


def test_a_file_that_python_docx_refuses_is_read(tmp_path: Path) -> None:
    # A relationship to a picture that is gone: python-docx issues 797, 1105, 1351.
    gone = b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="NULL"/></Relationships>'
    content = edited(stream(with_body(paragraph("甲"))), "word/_rels/document.xml.rels", lambda xml: xml.replace(b"</Relationships>", gone))
    with pytest.raises(KeyError):
        docx.Document(io.BytesIO(content.getvalue()))
    path = tmp_path / "通知.docx"
    path.write_bytes(content.getvalue())
    assert read_word(path, path.as_posix()).text == "甲\n"


def test_strict_open_xml_is_read() -> None:
    content = stream(with_body(paragraph("甲")))
    for part in ("word/document.xml", "word/styles.xml", "word/_rels/document.xml.rels", "_rels/.rels"):
        content = edited(
            content,
            part,
            lambda xml: xml.replace(
                b"http://schemas.openxmlformats.org/wordprocessingml/2006/main", b"http://purl.oclc.org/ooxml/wordprocessingml/main"
            ).replace(
                b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                b"http://purl.oclc.org/ooxml/officeDocument/relationships",
            ),
        )
    assert read_word(content, "a.docx").text == "甲\n"


def test_names_of_parts_with_backslashes_are_found() -> None:
    content = edited(stream(with_body(paragraph("甲"))), "word/document.xml", lambda xml: xml, "word\\document.xml")
    assert read_word(content, "a.docx").text == "甲\n"


LAUGHS = b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
BROKEN = [
    pytest.param(lambda content: content[: len(content) // 2], WordBrokenError, id="cut in half"),
    pytest.param(lambda _: b"plain text", WordBrokenError, id="no package"),
    pytest.param(lambda _: b"", WordBrokenError, id="empty file"),
    pytest.param(lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), PackageOldError, id="old format under the new name"),
    pytest.param(
        lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), PackageLockedError, id="with a password"
    ),
]


@pytest.mark.parametrize(("damage", "error"), BROKEN)
def test_a_file_that_is_no_word_file_is_one_error(damage: Callable[[bytes], bytes], error: type[Exception]) -> None:
    with pytest.raises(error):
        read_word(io.BytesIO(damage(stream(with_body(paragraph("甲"))).getvalue())), "a.docx")


PARTS = [
    pytest.param("word/document.xml", lambda xml: xml[:-40], WordBrokenError, id="XML that does not end"),
    pytest.param("word/document.xml", lambda _: b"<a/>", WordBrokenError, id="another document"),
    pytest.param("word/document.xml", lambda xml: xml.replace(b"<w:document", LAUGHS + b"<w:document", 1), WordBrokenError, id="entities"),
    pytest.param(
        "word/document.xml",
        lambda xml: xml.decode().replace("<w:document", LAUGHS.decode() + "<w:document", 1).replace("UTF-8", "UTF-16").encode("utf-16"),
        WordBrokenError,
        id="entities in UTF-16",
    ),
    pytest.param("_rels/.rels", lambda xml: xml.replace(b"word/document.xml", b"word/other.xml"), WordBrokenError, id="no document"),
    pytest.param(
        "word/document.xml", lambda xml: xml.replace(b"</w:body>", b" " * 60_000_000 + b"</w:body>"), ArchiveBombError, id="a bomb inside"
    ),
    pytest.param(
        "word/document.xml",
        lambda xml: xml.replace(b"<w:body>", b"<w:body>" + b"<w:sdt><w:sdtContent>" * 200 + b"</w:sdtContent></w:sdt>" * 200),
        WordBrokenError,
        id="deeper than any document",
    ),
]


@pytest.mark.parametrize(("part", "edit", "error"), PARTS)
def test_a_damaged_part_is_one_error(part: str, edit: Callable[[bytes], bytes], error: type[Exception]) -> None:
    with pytest.raises(error):
        read_word(edited(stream(with_body(paragraph("甲"))), part, edit), "a.docx")


def test_a_document_without_text_is_empty_and_a_missing_one_missing(tmp_path: Path) -> None:
    with pytest.raises(EmptySourceError):
        read_word(stream(docx.Document()), "a.docx")
    with pytest.raises(SourceMissingError):
        read_word(tmp_path / "a.docx", "a.docx")

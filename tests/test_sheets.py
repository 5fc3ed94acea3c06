"""Excel files and CSV: values as they are shown, merged cells, what is hidden, lines around tables, damaged and hostile files."""

from __future__ import annotations

import csv
import io
import random
import re
import sys
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.workbook import Workbook

from kg.errors import EmptySourceError, ExtraError, KgError, SourceMissingError
from kg.model import Place
from kg.reading import sheets
from kg.reading.archive import ArchiveBombError, PackageLockedError, PackageOldError
from kg.reading.cellformats import shown
from kg.reading.sheets import SheetLargeError, WorkbookBrokenError, read_csv, read_workbook
from kg.reading.source import SourceText

SHEET = "xl/worksheets/sheet1.xml"
HEAD = ["序号", "任务", "牵头单位"]
TASK = [1, "抓好春耕", "市农业农村局"]


def stream(book: Workbook) -> io.BytesIO:
    """The workbook as a file in memory."""
    out = io.BytesIO()
    book.save(out)
    return io.BytesIO(out.getvalue())


def book_of(*lines: list[object]) -> Workbook:
    """A workbook of one sheet with these rows."""
    book = Workbook()
    for line in lines:
        book.active.append(line)
    return book


def edited(content: io.BytesIO, part: str, edit: Callable[[bytes], bytes], name: str | None = None) -> io.BytesIO:
    """The same package with one part changed, or renamed."""
    out = io.BytesIO()
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            held = old.read(info)
            new.writestr(name or part if info.filename == part else info.filename, edit(held) if info.filename == part else held)
    return io.BytesIO(out.getvalue())


def read(book: Workbook) -> SourceText:
    return read_workbook(stream(book), "a.xlsx")


def with_data(xml: str, after: str = "") -> SourceText:
    """The source text of a sheet with this XML as its rows, and behind them."""
    content = edited(
        stream(book_of([1])),
        "xl/worksheets/sheet1.xml",
        lambda old: re.sub(b"<sheetData>.*</sheetData>", f"<sheetData>{xml}</sheetData>{after}".encode(), old, flags=re.S),
    )
    return read_workbook(content, "a.xlsx")


def with_strings(*strings: str, cells: str) -> io.BytesIO:
    """A file as Excel makes it, with its texts in a part of their own, and a row of these cells."""
    content = edited(stream(book_of([1])), SHEET, lambda xml: re.sub(b"<row.*</row>", f"<row>{cells}</row>".encode(), xml, flags=re.S))
    link = f'<Relationship Id="rId9" Type="{sheets._RELATED}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    content = edited(content, "xl/_rels/workbook.xml.rels", lambda xml: xml.replace(b"</Relationships>", link.encode()))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/sharedStrings.xml", f'<sst xmlns="{sheets._MAIN}">{"".join(f"<si>{text}</si>" for text in strings)}</sst>')
    return io.BytesIO(content.getvalue())


def rows(source: SourceText, grid: int = 0) -> list[list[str]]:
    return [[source.text[span.start : span.end] for span in row] for row in source.grids[grid].rows]


def test_lines_above_and_below_are_paragraphs_and_the_table_is_one_grid() -> None:
    book = book_of(
        ["附件"], ["2024年重点任务分解表"], [], HEAD, TASK, ["一、民生"], [2, "修路", "市交通运输局"], [], ["注：排名第一的为牵头单位"]
    )
    book.active.merge_cells("A2:C2")
    source = read(book)
    assert source.text == (
        "附件\n2024年重点任务分解表\n序号\t任务\t牵头单位\n1\t抓好春耕\t市农业农村局\n一、民生\t\t\n2\t修路\t市交通运输局\n注：排名第一的为牵头单位\n"
    )
    assert rows(source) == [HEAD, ["1", *TASK[1:]], ["一、民生", "", ""], ["2", "修路", "市交通运输局"]]
    assert source.whole_paragraphs
    assert source.encoding == "zip"


def test_places_count_rows_and_columns_of_the_sheet_and_visible_sheets() -> None:
    book = book_of(["附件"], [], ["", *HEAD], ["", *TASK])
    book.create_sheet("底稿").append(["密", "密"])
    book["底稿"].sheet_state = "hidden"
    book.create_sheet("空")
    last = book.create_sheet("末")
    last.cell(7, 4, "任务")
    last.cell(7, 6, "单位")
    source = read(book)
    assert [source.text[place.start :].split("\n")[0].split("\t")[0] for place in source.places[:4]] == ["附件", *HEAD]
    assert source.places[0] == Place(0, table=1, row=1, column=1)
    assert Place(source.text.index("市农业"), table=1, row=4, column=4) in source.places
    assert source.places[-1] == Place(source.text.index("单位", source.text.index("市农业")), table=3, row=7, column=6)
    assert "密" not in source.text
    assert len(source.grids) == 2


def test_a_merged_cell_stands_in_every_place_with_one_span() -> None:
    book = book_of([*HEAD, None], [1, "抓好春耕", "甲局", "乙局"], [None, None, "丙局", "丁局"])
    for area in ("C1:D1", "A2:A3", "B2:B3"):
        book.active.merge_cells(area)
    source = read(book)
    assert rows(source) == [[*HEAD, "牵头单位"], ["1", "抓好春耕", "甲局", "乙局"], ["1", "抓好春耕", "丙局", "丁局"]]
    grid = source.grids[0].rows
    assert grid[0][2] == grid[0][3]
    assert grid[1][0] == grid[2][0]
    assert grid[1][1] == grid[2][1]
    assert source.text.count("抓好春耕") == 1


def test_a_cell_merged_down_into_the_table_belongs_to_it() -> None:
    book = book_of(["一、民生", None, None], [None, *TASK[:2]], [None, 2, "修路"])
    book.active.merge_cells("A1:A3")
    assert rows(read(book)) == [["一、民生", "", ""], ["一、民生", "1", "抓好春耕"], ["一、民生", "2", "修路"]]


def test_a_row_in_which_no_cell_begins_is_left_out() -> None:
    book = book_of(HEAD, TASK, [], [2, "修路", "市交通运输局"])
    for area in ("A2:A3", "B2:B3", "C2:C3"):
        book.active.merge_cells(area)
    assert rows(read(book)) == [HEAD, ["1", *TASK[1:]], ["2", "修路", "市交通运输局"]]


def test_hidden_rows_and_columns_are_left_out() -> None:
    book = book_of([*HEAD, "底稿", "电话"], [*TASK, "密", "密"], [2, "密", "密", "密", "密"], [3, "修路", "市交通运输局", "密", "密"])
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions.group("D", "E", hidden=True)
    source = read(book)
    assert rows(source) == [HEAD, ["1", *TASK[1:]], ["3", "修路", "市交通运输局"]]
    assert Place(source.text.index("修路"), table=1, row=4, column=2) in source.places


def test_a_merged_cell_whose_first_place_is_hidden_is_still_shown() -> None:
    book = book_of(["类", *HEAD], ["民生", *TASK], [None, 2, "修路", "市交通运输局"])
    book.active.merge_cells("A2:A3")
    book.active.row_dimensions[2].hidden = True
    assert rows(read(book)) == [["类", *HEAD], ["民生", "2", "修路", "市交通运输局"]]


def test_empty_rows_and_columns_are_cut() -> None:
    book = book_of(["", *HEAD, None, " "], ["", *TASK], [], [None, None, None, None, "", ""])
    book.active.cell(500, 300).number_format = "0%"
    assert rows(read(book)) == [HEAD, ["1", *TASK[1:]]]


VALUES = [
    pytest.param("修路\n修桥", "General", "修路\n修桥", id="line ends in a cell stay"),
    pytest.param(12.0, "General", "12", id="whole numbers without a point"),
    pytest.param(0.1 + 0.2, "General", "0.3", id="no noise of binary fractions"),
    pytest.param(-3, "General", "-3", id="negative"),
    pytest.param(1e20, "General", "1E+20", id="a number beyond its digits"),
    pytest.param(0.8, "0%", "80%", id="percent"),
    pytest.param(0.805, "0%", "81%", id="half a percent is rounded up"),
    pytest.param(0.8055, "0.00%", "80.55%", id="percent with decimals"),
    pytest.param(80, '0"%"', "80%", id="a percent sign that is mere text"),
    pytest.param(1234567.891, "#,##0.00", "1,234,567.89", id="thousands"),
    pytest.param(7, "000", "007", id="leading noughts"),
    pytest.param(1.5, "0.##", "1.5", id="decimals that need not be"),
    pytest.param(-5, "#,##0_);(#,##0)", "(5)", id="negative in brackets"),
    pytest.param(0, '_(* #,##0_);_(* \\(#,##0\\);_(* "-"??_);_(@_)', "-", id="accounts show nought as a dash"),
    pytest.param(5, '"第"0"项"', "第5项", id="words around a number"),
    pytest.param(5, 'General"月"', "5月", id="words after the number as it is"),
    pytest.param(5, "[$¥-804]#,##0.00", "¥5.00", id="money"),
    pytest.param(5, ";;;", "", id="a format that shows nothing"),
    pytest.param(12, "0.00E+00", "12", id="powers are not followed"),
    pytest.param(123456, '0!.0,"万"', "123456", id="thousands left out are not followed"),
    pytest.param(5, '[>3]"多";0', "5", id="conditions are not followed"),
    pytest.param(float("inf"), "0", "", id="no number"),
    pytest.param(True, "General", "TRUE", id="true"),
    pytest.param(datetime(2024, 10, 1), 'yyyy"年"m"月"', "2024年10月", id="year and month"),
    pytest.param(datetime(2024, 10, 1), 'yyyy"年"m"月"d"日";@', "2024年10月1日", id="day, with a section for text"),
    pytest.param(datetime(2024, 10, 1), '[DBNum1][$-804]yyyy"年"m"月"', "2024年10月", id="numerals of the system are Arabic"),
    pytest.param(datetime(2024, 3, 1), "yyyy\\-mm\\-dd", "2024-03-01", id="escaped marks"),
    pytest.param(datetime(2024, 3, 1), "yyyy.m", "2024.3", id="points"),
    pytest.param(datetime(2024, 3, 1, 14, 5, 9), "yyyy/m/d h:mm:ss", "2024/3/1 14:05:09", id="m after h and before s is minutes"),
    pytest.param(datetime(2024, 3, 1, 14, 5), "h:mm AM/PM", "14:05", id="hours run to 24"),
    pytest.param(datetime(2024, 10, 1), "aaaa", "星期二", id="day of the week"),
    pytest.param(datetime(2024, 10, 1), "hmmm", "0", id="a format that means nothing"),
    pytest.param(date(2024, 10, 1), "General", "2024年10月1日", id="a date without a format"),
    pytest.param(time(14, 5), "h:mm", "14:05", id="time of day"),
    pytest.param(time(0), "yyyy/m/d", "", id="day nought: a formula that points to an empty cell"),
    pytest.param(timedelta(hours=30, minutes=5), "[h]:mm", "30:05", id="hours that run on"),
    pytest.param(None, "0%", "", id="nothing"),
]


@pytest.mark.parametrize(("value", "code", "text"), VALUES)
def test_a_value_is_shown_by_its_number_format(value: object, code: str, text: str) -> None:
    assert shown(value, code) == text  # type: ignore[arg-type]


@given(
    st.one_of(st.integers(-(10**40), 10**40), st.floats(), st.datetimes(), st.times()), st.text('ymdhse0#?.,%;[]"\\_*@年-/ ', max_size=20)
)
@settings(deadline=None)
def test_no_format_is_an_error(value: object, code: str) -> None:
    assert isinstance(shown(value, code), str)  # type: ignore[arg-type]


CELLS = [
    pytest.param('<c t="n"><v>45566</v></c>', "45566", id="a number"),
    pytest.param('<c t="n"><v> 1e2 </v></c>', "100", id="blanks and powers"),
    pytest.param('<c t="n"><v>约5</v></c>', "约5", id="a number that is none is text"),
    pytest.param('<c t="str"><f>A1</f><v>文本</v></c>', "文本", id="the kept text of a formula"),
    pytest.param("<c><f>A1</f></c>", "", id="a formula without a kept value"),
    pytest.param("<c><f>A1</f><v></v></c>", "", id="a formula with an empty value"),
    pytest.param('<c t="e"><v>#N/A</v></c>', "", id="an error value"),
    pytest.param('<c t="b"><v>0</v></c>', "FALSE", id="false"),
    pytest.param('<c t="b"><v>true</v></c>', "TRUE", id="true in words"),
    pytest.param('<c t="d"><v>2024-10-01</v></c>', "2024年10月1日", id="a date in ISO 8601"),
    pytest.param('<c t="inlineStr"><is><t>甲</t></is></c>', "甲", id="text in the cell"),
    pytest.param(
        '<c t="inlineStr"><is><r><rPr><family val="99"/></rPr><t>甲</t></r><r><t>乙</t></r><rPh sb="0" eb="1"><t>jiǎ</t></rPh></is></c>',
        "甲乙",
        id="runs are joined, readings dropped",
    ),
    pytest.param('<c t="inlineStr"><is><t>甲_x000D_\n乙_x005F_x0041_</t></is></c>', "甲\n乙_x0041_", id="escaped characters"),
    pytest.param('<c s="9999"><v>5</v></c>', "5", id="a style that does not exist"),
    pytest.param('<c t="zz"><v>5</v></c>', "", id="an unknown kind"),
]


@pytest.mark.parametrize(("cell", "text"), CELLS)
def test_a_cell_of_the_file_gives_its_text(cell: str, text: str) -> None:
    assert rows(with_data(f'<row><c t="str"><v>始</v></c>{cell}<c t="str"><v>末</v></c></row>')) == [[*filter(None, ["始", text, "末"])]]


def test_cells_and_rows_without_numbers_stand_one_after_another() -> None:
    source = with_data('<row><c><v>1</v></c><c r="D9"><v>2</v></c><c><v>3</v></c></row><row><c><v>4</v></c><c><v>5</v></c></row>')
    assert [(place.row, place.column) for place in source.places if source.text[place.start].isdigit()] == [
        (9, 1),
        (9, 4),
        (9, 5),
        (10, 1),
        (10, 2),
    ]


@pytest.mark.parametrize(
    ("number", "text"),
    [(14, "2024/10/1"), (27, "2024年10月"), (31, "2024年10月1日"), (36, "2024年10月"), (57, "2024年10月"), (58, "10月1日")],
)
def test_dates_in_formats_that_chinese_excel_has_built_in(number: int, text: str) -> None:
    content = stream(book_of(["时限", 45566], ["单位", "甲局"]))
    content = edited(
        content, "xl/styles.xml", lambda xml: re.sub(b'(<cellXfs.*?<xf [^>]*?numFmtId=)"0"', b'\\1"%d"' % number, xml, flags=re.S)
    )
    assert rows(read_workbook(content, "a.xlsx"))[0] == ["时限", text]


def test_a_file_made_by_excel_keeps_dates_percentages_rich_text_and_days_from_1904() -> None:
    book = book_of(["时限", "占比", "单位"], [datetime(2024, 10, 1), 0.8, CellRichText("甲", TextBlock(InlineFont(b=True), "局"))])
    book.epoch = openpyxl.utils.datetime.MAC_EPOCH
    book.active["A2"].number_format = 'yyyy"年"m"月"'
    book.active["B2"].number_format = "0%"
    assert rows(read(book))[1] == ["2024年10月", "80%", "甲局"]


def test_days_that_no_calendar_has_are_not_shown() -> None:
    book = book_of(["时限", "单位"], [99999999999, "甲局"])
    book.active["A2"].number_format = "yyyy/m/d"
    assert read(book).text == "时限\t单位\n甲局\n"


REFUSED = [
    pytest.param("xl/styles.xml", lambda xml: xml.replace(b"<fill>", b"<fill/><fill>", 1), id="an empty fill"),
    pytest.param(
        "xl/styles.xml",
        lambda xml: re.sub(b"<fonts.*?</fonts>", b'<fonts><font><family val="99"/></font></fonts>', xml, flags=re.S),
        id="a bad font",
    ),
    pytest.param("xl/styles.xml", lambda _: b"<styleSheet/>", id="no styles"),
    pytest.param("docProps/core.xml", lambda _: b"<broken", id="damaged properties"),
    pytest.param(
        "xl/workbook.xml",
        lambda xml: xml.replace(
            b"</sheets>", b'</sheets><definedNames><definedName name="_xlnm.Print_Titles" localSheetId="0">x!$</definedName></definedNames>'
        ),
        id="names that mean nothing",
    ),
    pytest.param(
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"<sheetData>", b'<sheetViews><sheetView view="odd" workbookViewId="0"/></sheetViews><sheetData>'),
        id="an odd view",
    ),
]


@pytest.mark.parametrize(("part", "edit"), REFUSED)
def test_parts_without_values_may_be_odd(part: str, edit: Callable[[bytes], bytes]) -> None:
    assert rows(read_workbook(edited(stream(book_of(HEAD, TASK)), part, edit), "a.xlsx")) == [HEAD, ["1", *TASK[1:]]]


def test_strict_open_xml_prefixes_and_backslashes_are_read() -> None:
    content = stream(book_of(HEAD, TASK))
    for part in ("xl/workbook.xml", SHEET, "xl/_rels/workbook.xml.rels", "_rels/.rels"):
        content = edited(
            content,
            part,
            lambda xml: xml.replace(
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"
            ).replace(
                b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                b"http://purl.oclc.org/ooxml/officeDocument/relationships",
            ),
        )
    content = edited(
        content, "xl/worksheets/sheet1.xml", lambda xml: re.sub(b"<(/?)(?=\\w)", b"<\\1x:", xml).replace(b"xmlns=", b"xmlns:x=")
    )
    content = edited(content, "xl/worksheets/sheet1.xml", lambda xml: xml, "xl\\Worksheets\\Sheet1.xml")
    assert rows(read_workbook(content, "a.xlsx")) == [HEAD, ["1", *TASK[1:]]]


LAUGHS = b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
BROKEN = [
    pytest.param(lambda content: content[: len(content) // 2], WorkbookBrokenError, id="cut in half"),
    pytest.param(lambda _: b"plain text", WorkbookBrokenError, id="no package"),
    pytest.param(lambda _: b"", WorkbookBrokenError, id="empty file"),
    pytest.param(lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), PackageOldError, id="old format under the new name"),
    pytest.param(
        lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), PackageLockedError, id="with a password"
    ),
]


@pytest.mark.parametrize(("damage", "error"), BROKEN)
def test_a_file_that_is_no_excel_file_is_one_error(damage: Callable[[bytes], bytes], error: type[Exception]) -> None:
    with pytest.raises(error):
        read_workbook(io.BytesIO(damage(stream(book_of(HEAD, TASK)).getvalue())), "a.xlsx")


PARTS = [
    pytest.param(SHEET, lambda xml: xml[:-40], WorkbookBrokenError, id="XML that does not end"),
    pytest.param(SHEET, lambda xml: LAUGHS + xml, WorkbookBrokenError, id="entities in a sheet"),
    pytest.param("xl/workbook.xml", lambda _: b"<a/>", WorkbookBrokenError, id="another document"),
    pytest.param(
        "xl/workbook.xml", lambda xml: xml.replace(b'r:id="rId1"', b'r:id="rId99"'), WorkbookBrokenError, id="a sheet that is missing"
    ),
    pytest.param(
        "xl/workbook.xml", lambda xml: re.sub(b"(<sheet [^>]*>)", b"\\1\\1", xml), WorkbookBrokenError, id="one sheet under two names"
    ),
    pytest.param("_rels/.rels", lambda xml: xml.replace(b"xl/workbook.xml", b"xl/other.xml"), WorkbookBrokenError, id="no workbook"),
    pytest.param(SHEET, lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + b" " * 60_000_000), ArchiveBombError, id="a bomb inside"),
]


@pytest.mark.parametrize(("part", "edit", "error"), PARTS)
def test_a_damaged_part_is_one_error(part: str, edit: Callable[[bytes], bytes], error: type[Exception]) -> None:
    with pytest.raises(error):
        read_workbook(edited(stream(book_of(HEAD, TASK)), part, edit), "a.xlsx")


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param('<c t="d"><v>2024-13-45</v></c>', id="a date in ISO 8601 that is none"),
        pytest.param('<c t="d"><v>PT9999999999999999H</v></c>', id="a duration that is none"),
        pytest.param('<c t="s"><v>7</v></c>', id="a text that is missing"),
    ],
)
def test_a_damaged_cell_is_one_error(cell: str) -> None:
    with pytest.raises(WorkbookBrokenError):
        with_data(f"<row>{cell}</row>")


def test_entities_in_the_part_of_texts_are_one_error() -> None:
    content = with_strings("<t>甲</t>", cells='<c t="s"><v>0</v></c>')
    with pytest.raises(WorkbookBrokenError):
        read_workbook(edited(content, "xl/sharedStrings.xml", lambda xml: LAUGHS + xml), "a.xlsx")


def test_texts_in_a_part_of_their_own_are_read() -> None:
    content = with_strings(
        "<t>甲</t>",
        "<r><t>乙</t></r><r><rPr><b/></rPr><t>局</t></r><rPh sb='0' eb='1'><t>yǐ</t></rPh>",
        cells='<c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>0</v></c><c t="s"/>',
    )
    assert rows(read_workbook(content, "a.xlsx")) == [["甲", "乙局", "甲"]]


def test_damage_anywhere_is_one_error_or_a_text() -> None:
    content = stream(book_of(["附件"], HEAD, TASK, [datetime(2024, 10, 1), 0.5, True])).getvalue()
    chance = random.Random(1)
    for _ in range(300):
        damaged = bytearray(content[: chance.choice([len(content), chance.randrange(len(content))])])
        for at in range(chance.choice([0, 1, 5])):
            damaged[chance.randrange(len(damaged) - at)] = chance.randrange(256) if damaged else 0
        try:
            read_workbook(io.BytesIO(bytes(damaged)), "a.xlsx")
        except KgError:
            continue


def test_damaged_xml_is_one_error_or_a_text() -> None:
    content = with_strings("<t>甲</t>", cells='<c t="s"><v>0</v></c><c r="C1" s="1"><v>45566</v></c><c t="b"><v>1</v></c>')
    words = [b"", b"-1", b"1e999", b"A1:XFD1048576", b"XFD1048576", b"99999999999", b"nan", b"d", b"s", b"<", b"&#0;", b"true"]
    chance = random.Random(2)
    for _ in range(300):
        part = chance.choice([SHEET, SHEET, "xl/styles.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels"])

        def replaced(xml: bytes) -> bytes:
            spot = chance.choice(list(re.finditer(b'(?<==")[^"]*|(?<=>)[^<]+|[<>/]', xml)))
            return xml[: spot.start()] + chance.choice(words) + xml[spot.end() :]

        try:
            read_workbook(edited(content, part, replaced), "a.xlsx")
        except KgError:
            continue


def test_hostile_ranges_take_no_room() -> None:
    cells = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>2</v></c></row><row r="1048576"><c r="A1048576"><v>3</v></c><c><v>4</v></c></row>'
    )
    merges = '<mergeCells><mergeCell ref="A1:XFD1048576"/><mergeCell ref="A1:ZZZ9999999"/><mergeCell ref="nonsense"/></mergeCells>'
    assert rows(with_data(cells)) == [["1", "", "2"], ["3", "4", ""]]
    assert with_data(cells, merges).text == "1\n"


LARGE = [
    pytest.param(
        "".join(f'<row><c r="{column}{row}"><v>1</v></c></row>' for row, column in enumerate("ABC" * 40, 1)),
        "",
        "MOST_CELLS",
        100,
        id="rows by columns",
    ),
    pytest.param("<row>" + "<c><v>1</v></c>" * 100 + "</row>", "", "MOST_CHARACTERS", 2000, id="cells with a value"),
    pytest.param("<row>" + "<c/>" * 100 + "</row>", "", "MOST_ELEMENTS", 100, id="cells without a value"),
    pytest.param(
        "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>1</v></c><c><v>2</v></c></row>",
        "<mergeCells>" + '<mergeCell ref="A1:B2"/>' * 20 + "</mergeCells>",
        "MOST_CELLS",
        30,
        id="merged areas over one another",
    ),
    pytest.param('<row><c t="inlineStr"><is><t>一二三四五六</t></is></c></row>', "", "LONGEST_CELL", 5, id="a long text in a cell"),
    pytest.param('<row><c t="str"><v>一二三四五六</v></c></row>', "", "LONGEST_CELL", 5, id="a long result of a formula"),
]


@pytest.mark.parametrize(("xml", "after", "bound", "limit"), LARGE)
def test_sheets_beyond_the_bounds_are_one_error(xml: str, after: str, bound: str, limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, bound, limit)
    with pytest.raises(SheetLargeError):
        with_data(xml, after)


def test_a_long_text_used_in_many_cells_is_one_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_CHARACTERS", 1_000_000)
    with pytest.raises(SheetLargeError):
        read_workbook(with_strings(f"<t>{'长' * 30_000}</t>", cells='<c t="s"><v>0</v></c>' * 50), "a.xlsx")


def test_hidden_and_empty_workbooks_are_empty_and_a_missing_one_is_missing(tmp_path: Path) -> None:
    book = Workbook()
    with pytest.raises(EmptySourceError):
        read(book)
    book.create_sheet("密").append(["密"])
    book["密"].sheet_state = "veryHidden"
    with pytest.raises(EmptySourceError):
        read(book)
    with pytest.raises(SourceMissingError):
        read_workbook(tmp_path / "a.xlsx", "a.xlsx")


def test_a_file_is_read_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "任务.xlsx"
    book_of(HEAD, TASK).save(path)
    assert read_workbook(path, path.as_posix()).path == path.as_posix()


def test_without_openpyxl_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    content = stream(book_of(HEAD, TASK))
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(ExtraError) as raised:
        read_workbook(content, "a.xlsx")
    assert raised.value.args == ("Excel", "office")


def test_ten_thousand_rows_are_read_whole() -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for number in range(10_000):
        sheet.append([number, f"任务{number}", "市发展改革委、市财政局", "甲局", 0.5, 3.0, "乙局", "丙局"])
    grid = read(book).grids[0]
    assert len(grid.rows) == 10_000
    assert len(grid.rows[0]) == 8


CSV = [
    pytest.param("序号,任务\n1,修路\n", [["序号", "任务"], ["1", "修路"]], id="commas"),
    pytest.param("序号;任务\r\n1;修路,修桥\r\n", [["序号", "任务"], ["1", "修路,修桥"]], id="semicolons, with a comma in a cell"),
    pytest.param("序号\t任务\n1\t修路，修桥；架桥\n", [["序号", "任务"], ["1", "修路，修桥；架桥"]], id="tabs"),
    pytest.param('序号,任务\n1,"修路,\r\n修""桥"""\n', [["序号", "任务"], ["1", '修路,\n修"桥"']], id="quotes, and a line end in a cell"),
    pytest.param(
        "序号,任务,单位\n1,修路\n2,修桥,甲局,乙局\n",
        [["序号", "任务", "单位", ""], ["1", "修路", "", ""], ["2", "修桥", "甲局", "乙局"]],
        id="ragged rows",
    ),
    pytest.param("序号,任务\r1,修路\r", [["序号", "任务"], ["1", "修路"]], id="old line ends"),
    pytest.param("\ufeff序号,任务,,\n1,修路,,\n,,,\n", [["序号", "任务"], ["1", "修路"]], id="byte order mark, empty rows and columns"),
    pytest.param("sep=;\n序号;任务\n1;修路\n", [["序号", "任务"], ["1", "修路"]], id="a line that names the delimiter"),
    pytest.param('序号,任务\n1,"修路\n', [["序号", "任务"], ["1", "修路"]], id="a quote that never ends"),
    pytest.param("序号,任务\n1,修\x00路\n\x00,\x00\n", [["序号", "任务"], ["1", "修路"]], id="characters that are not printed"),
]


@pytest.mark.parametrize(("text", "grid"), CSV)
def test_csv_gives_one_grid(text: str, grid: list[list[str]]) -> None:
    assert rows(read_csv(text, "a.csv")) == grid


def test_csv_has_lines_around_its_table_and_places() -> None:
    source = read_csv("任务分解表\n\n序号,任务\n1,修路\n注：完\n", "a.csv")
    assert source.text == "任务分解表\n序号\t任务\n1\t修路\n注：完\n"
    assert source.places[0] == Place(0, table=1, row=1, column=1)
    assert Place(source.text.index("修路"), table=1, row=4, column=2) in source.places


@pytest.mark.parametrize("text", ["", " \n", ",,\n,,\n"])
def test_csv_without_text_is_empty(text: str) -> None:
    with pytest.raises(EmptySourceError):
        read_csv(text, "a.csv")


@pytest.mark.parametrize("length", [sheets.LONGEST_CELL + 1, csv.field_size_limit() + 1])
def test_a_long_cell_of_csv_is_one_error(length: int) -> None:
    with pytest.raises(SheetLargeError):
        read_csv("甲,乙\n丙," + "丁" * length, "a.csv")


@given(st.text('甲乙,;\t"\n\r\x00 =', max_size=60))
@settings(deadline=None)
def test_any_text_is_a_grid_lines_or_empty(text: str) -> None:
    try:
        source = read_csv(text, "a.csv")
    except EmptySourceError:
        return
    assert all(len(row) == len(grid.rows[0]) for grid in source.grids for row in grid.rows)
    assert [place.start for place in source.places] == sorted(place.start for place in source.places)

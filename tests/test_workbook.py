"""The workbook: read back with openpyxl, opened by LibreOffice, counted as the report counts, nothing in it a formula."""

from __future__ import annotations

import dataclasses
import io
import re
import sys
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree

from kg.analysis.load import standings
from kg.details import read_details
from kg.errors import ExtraError, GraphError
from kg.graph.ties import ties_of
from kg.messages import LANGUAGES, say
from kg.model import Deadline, Notice, Person, Span, Ties
from kg.reading.persons import without_persons
from kg.views.details import Detail, details_of_notices
from kg.views.workbook import workbook_bytes
from tests.office import needs_office, printed
from tests.test_report import HOSTILE, small_ties, twice

FORMULAS = ["=cmd|' /C calc'!A0", "+1", "-x", "@SUM(A1)", "＝1+1", "\t=1+1", "#N/A", "2020-01-01", "_x0041_"]


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def rows(book: Any, name: str, lang: str = "zh") -> list[dict[str, Any]]:
    head, *found = book[say(f"sheets.sheet.{name}", lang=lang)].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in found]


@pytest.fixture(scope="module")
def content(jingzhou: Notice, ties: Ties) -> bytes:
    return workbook_bytes(ties, details_of_notices([jingzhou]), lang="zh")


def test_the_sheets_are_there_in_both_languages(content: bytes, ties: Ties) -> None:
    assert opened(content).sheetnames == ["任务", "单位", "关系", "矩阵", "发现", "口径"]
    assert opened(workbook_bytes(ties, lang="en")).sheetnames == ["Tasks", "Units", "Ties", "Matrix", "Findings", "Definitions"]


def test_figures_are_those_of_the_load(content: bytes, ties: Ties) -> None:
    book = opened(content)
    measured = standings(ties)
    found = rows(book, "units")
    assert [row["单位标识"] for row in found] == [one.unit for one in measured]
    for row, one in zip(found, measured, strict=True):
        assert (row["牵头任务数"], row["责任任务数"], row["任务数"], row["协调关系数"]) == (one.led, one.shared, one.tasks, one.relations)
        assert row["协调关系数（不含县区和功能区）"] == one.relations_without_territories
        assert (row["协调关系数（展开集体称谓）"], row["协调关系数（上限）"]) == one.interval[1:]
        assert (row["名次"], row["最好名次"], row["最差名次"]) == (one.rank, *one.rank_interval)
    assert sum(row["协调关系数"] for row in found) == 976
    assert len(rows(book, "tasks")) == 114
    assert len(rows(book, "ties")) == len(ties.ties)
    assert len(rows(book, "findings")) == len(ties.findings)


def test_a_task_says_who_what_and_where(content: bytes) -> None:
    row = rows(opened(content), "tasks")[0]
    assert (row["项次"], row["编号"], row["牵头单位"]) == (1, 1, "市扶贫办")
    assert row["章节"] == "一、坚决打好三大攻坚战,决胜全面建成小康社会"
    assert row["集体称谓"] == "市扶贫攻坚领导小组各成员单位、各县市区政府"
    assert row["目标"] == "6280户（脱贫出列）；13227人（脱贫出列）"
    assert row["责任条款原文"].startswith("(牵头单位:市扶贫办;") and row["行"] == 27
    assert "成员名单" in row["发现"]


def test_the_matrix_shows_symbols_and_sums(content: bytes, ties: Ties) -> None:
    page = opened(content)["矩阵"]
    assert page["A1"].value == "● 牵头　○ 责任　△ 配合　◐ 经集体称谓"
    found = {row[0]: row[1:] for row in page.iter_rows(min_row=4, values_only=True)}
    one = next(one for one in standings(ties) if one.label == "市生态环境局")
    led, shared, group, *cells = found["市生态环境局"]
    assert (led, shared, group) == (one.led, one.shared, 0)
    assert (cells.count("●"), cells.count("○")) == (one.led, one.shared)
    assert page.freeze_panes == "E4" and page.page_setup.fitToWidth == 2


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_column_is_defined(ties: Ties, lang: str) -> None:
    book = opened(workbook_bytes(ties, lang=lang))
    said = {(sheet, column): words for sheet, column, words in book.worksheets[-1].iter_rows(min_row=2, values_only=True)}
    for name in ("tasks", "units", "ties", "findings"):
        page = book[say(f"sheets.sheet.{name}", lang=lang)]
        for cell in page[1]:
            assert said[page.title, cell.value], cell.value
    assert said[say("sheets.sheet.matrix", lang=lang), None]


def test_it_is_set_up_for_reading_and_printing(content: bytes) -> None:
    for page in opened(content).worksheets:
        assert page.freeze_panes and page.auto_filter.ref and page.print_title_rows
        assert page.page_setup.orientation == "landscape" and page.page_setup.paperSize in (8, 9)
        assert page.sheet_properties.pageSetUpPr.fitToPage and not page.page_setup.fitToHeight
        assert page.oddFooter.center.text == "&P / &N"
    units = opened(content)["单位"]
    assert sorted(str(ranges.sqref) for ranges in units.conditional_formatting) == ["F2:F66", "K2:K66", "L2:L66"]
    assert all(rule.type == "dataBar" for ranges in units.conditional_formatting for rule in ranges.rules)
    tasks = opened(content)["任务"]
    assert tasks["E2"].alignment.wrap_text and tasks.row_dimensions[2].height > 40 and tasks["E2"].font.name == "SimSun"


@pytest.mark.parametrize("label", [*FORMULAS, *HOSTILE])
def test_a_hostile_name_stays_text(label: str) -> None:
    content = workbook_bytes(small_ties(label, label), lang="zh")
    book = opened(content)
    for page in book.worksheets:
        for row in page.iter_rows():
            for cell in row:
                assert cell.data_type != "f" and cell.data_type != "e"
                if isinstance(cell.value, str) and re.match(r"\s*[=+\-@＝]", cell.value):
                    assert cell.quotePrefix and cell.data_type == "s"
    shown = rows(book, "units")[0]["单位"]
    assert isinstance(shown, str) and not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe]", shown)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            parsed = etree.fromstring(package.read(name))
            assert not parsed.xpath("//*[local-name()='f']"), name


def test_the_same_ties_give_the_same_bytes_and_no_clock(ties: Ties, content: bytes, jingzhou: Notice) -> None:
    assert workbook_bytes(ties, details_of_notices([jingzhou]), lang="zh") == content
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert package.read("docProps/core.xml").count(b"1980-01-01T00:00:00Z") == 2


def test_a_day_can_be_sorted_and_a_very_long_text_is_cut() -> None:
    ties = small_ties(wording="长" * 40_000)
    key = ties.tasks[0].notice, 1
    book = opened(workbook_bytes(ties, {key: Detail(deadline="10月底前", due="2020-10-31", line=3)}, lang="zh"))
    row = rows(book, "tasks")[0]
    assert (row["时限（原文）"], row["最后一日"].date(), row["行"]) == ("10月底前", date(2020, 10, 31), 3)
    assert len(row["任务内容"]) == 32_767 and row["任务内容"].endswith("…")


def test_several_notices_and_units_of_one_name_are_told_apart(ties: Ties) -> None:
    two = twice(small_ties())
    book = opened(workbook_bytes(two, lang="zh"))
    assert len(rows(book, "tasks")) == len(two.tasks)
    units = tuple(
        dataclasses.replace(unit, label="市财政局", jurisdiction=code)
        for unit, code in zip(two.units, ["421000", "430100", "1", "1"], strict=True)
    )
    names = [row["单位"] for row in rows(opened(workbook_bytes(dataclasses.replace(two, units=units), lang="zh")), "units")]
    assert len(set(names)) == len(names) and "市财政局（荆州市）" in names and "市财政局（430100）" in names


def with_person(notice: Notice) -> Notice:
    task = notice.tasks[0]
    person = Person("张三", Span(task.clause.span.start + 1, task.clause.span.start + 3), "副市长")  # type: ignore[union-attr]
    limit = Deadline("年底前", Span(0, 3), date(2020, 12, 31))
    return dataclasses.replace(notice, tasks=(dataclasses.replace(task, persons=(person,), deadline=limit), *notice.tasks[1:]))


@pytest.mark.parametrize("asked", [False, True])
def test_persons_are_shown_only_where_asked_for(jingzhou: Notice, asked: bool) -> None:
    notice = with_person(jingzhou)
    ties = ties_of([notice if asked else without_persons(notice)])
    book = opened(workbook_bytes(ties, details_of_notices([notice], persons=asked), lang="zh", persons=asked))
    row = rows(book, "tasks")[0]
    assert row.get("责任人") == ("副市长 张三" if asked else None)
    assert row["最后一日"].date() == date(2020, 12, 31) and row["行"] == 27
    assert ("张三" in str([cell for page in book.worksheets for line in page.iter_rows(values_only=True) for cell in line])) is asked


def test_a_build_without_its_record_is_said(tmp_path: Path) -> None:
    with pytest.raises(GraphError):
        read_details(tmp_path)


def test_without_openpyxl_one_line_names_the_extra(ties: Ties, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(ExtraError) as error:
        workbook_bytes(ties)
    assert "govresp[office]" in str(error.value) and "\n" not in str(error.value)


@needs_office
def test_libreoffice_opens_and_prints_it(content: bytes, tmp_path: Path) -> None:
    pages = printed(content, ".xlsx", tmp_path)
    text = "".join(pages)
    assert "市生态环境局" in text and "●" in text and "责任条款原文" in text
    assert sum("文件项次编号章节任务内容" in page for page in pages) > 1  # the head comes again on every page

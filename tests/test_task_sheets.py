"""Task sheets: read back with python-docx and lxml, opened by LibreOffice, counted as the load is, safe in names and content."""

from __future__ import annotations

import dataclasses
import io
import re
import sys
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from lxml import html

import kg.cli_sheets
from kg.analysis.load import standings
from kg.analysis.partners import partners
from kg.console import BAD_INPUT, DONE, run
from kg.errors import ExtraError, UnitAmbiguousError, UnitNotFoundError
from kg.messages import LANGUAGES, use_language
from kg.model import Notice, Ties
from kg.views.details import Detail, details_of_notices
from kg.views.sheets import TaskSheet, file_names, index_html, index_row, sheet_html, task_sheets, units_named
from kg.views.word import document_docx
from tests.conftest import SEED
from tests.office import needs_office, printed
from tests.test_report import HOSTILE, small_ties, twice

ECOLOGY = "unit:421000-ecology-environment"


@pytest.fixture(scope="module")
def sheets(jingzhou: Notice, ties: Ties) -> dict[str, TaskSheet]:
    return {sheet.unit: sheet for sheet in task_sheets(ties, details_of_notices([jingzhou]), lang="zh")}


@pytest.fixture(autouse=True)
def _language() -> Any:
    yield
    use_language(None)


def word(sheet: TaskSheet) -> Any:
    return docx.Document(io.BytesIO(document_docx(sheet.document)))


def cells(table: Any) -> list[list[str]]:
    return [
        ["".join(word.text or "" for word in cell.iter(qn("w:t"))) for cell in row.iter(qn("w:tc"))] for row in table._tbl.iter(qn("w:tr"))
    ]


def table_of(found: Any, anchor: str) -> list[list[str]]:
    rows = found.xpath(f"//table[@id='{anchor}']/tbody/tr")
    return [[cell.text_content().strip() for cell in row] for row in rows]


def test_every_unit_has_a_sheet_that_counts_as_the_load_does(sheets: dict[str, TaskSheet], ties: Ties) -> None:
    measured = standings(ties)
    assert list(sheets) == [one.unit for one in measured]
    for one in measured:
        found = html.document_fromstring(sheet_html(sheets[one.unit]))
        assert len(table_of(found, "led")) == one.led
        assert len(table_of(found, "shared")) == one.shared
        rows = table_of(found, "partners")
        assert len(rows) == one.partners and sum(int(row[1]) for row in rows) == one.relations
        reached = {(tie.notice, tie.task) for tie in ties.ties if tie.unit == one.unit and tie.through}
        assert len(table_of(found, "reached")) == len(reached)
        numbers = [value.text for value in found.xpath("//a[@class='value']")]
        assert numbers == [str(n) for n in (one.led, one.shared, len(reached), one.relations, one.partners)]


def test_a_task_says_who_what_and_where(sheets: dict[str, TaskSheet]) -> None:
    found = html.document_fromstring(sheet_html(sheets[ECOLOGY]))
    row = table_of(found, "led")[0]
    assert row[0] == "7" and row[1].startswith("严格按时间节点完成")
    assert row[2] == (
        "责任：荆州开发区管委会、纪南文旅区管委会、荆州高新区管委会；集体称谓：市环境保护督察反馈意见整改攻坚指挥部各成员单位、各县市区政府"
    )
    assert row[5].startswith("(牵头单位:市生态环境局;") and row[6] == "第39行，第1459–1529字"
    shared = table_of(found, "shared")[0]
    assert (shared[0], shared[2], shared[3]) == ("2", "责任", "市交通运输局")
    assert table_of(found, "check")[0][:2] == ["7", "“市环境保护督察反馈意见整改攻坚指挥部各成员单位”的成员名单不在本文件中"]


def test_a_sheet_without_a_lead_says_so(sheets: dict[str, TaskSheet]) -> None:
    bus = next(sheet for sheet in sheets.values() if sheet.label == "市公交公司")
    found = html.document_fromstring(sheet_html(bus))
    assert [row[3] for row in table_of(found, "shared")] == ["没有写明"]
    assert "没有写明由本单位牵头的任务。" in found.text_content()


def test_partners_are_ranked_with_their_tasks(sheets: dict[str, TaskSheet], ties: Ties) -> None:
    rows = table_of(html.document_fromstring(sheet_html(sheets[ECOLOGY])), "partners")
    assert rows[0] == ["荆州开发区管委会", "5", "5", "0", "0", "7、8、9、13、15"]
    assert [int(row[1]) for row in rows] == [partner.relations for partner in partners(ties)[ECOLOGY]]


def test_word_holds_the_same_tables_and_repeats_their_heads(sheets: dict[str, TaskSheet]) -> None:
    sheet = sheets[ECOLOGY]
    made, page = word(sheet), html.document_fromstring(sheet_html(sheet))
    _, *tables = made.tables
    for table, anchor in zip(tables, ("led", "shared", "perhaps", "partners", "check"), strict=False):
        assert cells(table)[1:] == table_of(page, anchor)
        assert table._tbl.tr_lst[0].trPr.find(qn("w:tblHeader")) is not None
        assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in table._tbl.tr_lst)
        assert sum(int(column.get(qn("w:w"))) for column in table._tbl.tblGrid) == round((297 - 36) * 56.7)
    headings = [paragraph.text for paragraph in made.paragraphs if paragraph.style.name == "Heading 1"]
    assert headings == ["要点", *(chapter.title for chapter in sheet.document.chapters)]


def test_persons_stand_behind_the_clause_where_the_details_hold_them(ties: Ties) -> None:
    key = ties.tasks[6].notice, 7
    for details, said in (({}, False), ({key: Detail(persons=("副市长 张三",), deadline="10月底前", due="2020-10-31")}, True)):
        text = sheet_html(next(iter(task_sheets(ties, details, units=[ECOLOGY], lang="zh"))))
        assert ("副市长 张三" in text) is said and ("10月底前（至2020-10-31）" in text) is said


def test_word_prints_chinese_on_a4_with_page_numbers(sheets: dict[str, TaskSheet]) -> None:
    made = word(sheets[ECOLOGY])
    section = made.sections[0]
    assert section.orientation == WD_ORIENT.LANDSCAPE and (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    assert section.header.paragraphs[0].text == "市生态环境局任务清单"
    fields = [field.get(qn("w:instr")) for field in section.footer._element.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]
    faces = {name: made.styles[name].element.rPr.rFonts.get(qn("w:eastAsia")) for name in ("Normal", "Title", "Sheet Cell")}
    assert faces == {"Normal": "FangSong", "Title": "SimHei", "Sheet Cell": "SimSun"}
    assert not [
        key
        for fonts in made.styles.element.iter(qn("w:rFonts"))
        if (key := fonts.get(qn("w:eastAsiaTheme"))) and fonts.get(qn("w:eastAsia"))
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_same_ties_give_the_same_bytes_and_no_clock(ties: Ties, lang: str) -> None:
    one, two = (next(iter(task_sheets(ties, lang=lang))) for _ in range(2))
    assert document_docx(one.document) == document_docx(two.document)
    assert sheet_html(one) == sheet_html(two)
    with zipfile.ZipFile(io.BytesIO(document_docx(one.document))) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"python-docx" not in package.read("docProps/core.xml")
        assert package.read("docProps/core.xml").count(b"1980-01-01T00:00:00Z") == 2


@pytest.mark.parametrize("label", HOSTILE)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_hostile_name_stays_text(label: str, lang: str) -> None:
    ties = small_ties(label, label)
    for sheet in task_sheets(ties, lang=lang):
        page = html.document_fromstring(sheet_html(sheet))
        assert not page.xpath("//script | //img | //b | //svg | //@onerror | //@onload | //@onmouseover")
        assert len(page.xpath("//style")) == 1
        made = word(sheet)
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe]", "".join(made.element.body.itertext()))
        assert re.fullmatch(r"[\w·-]{1,100}", sheet.name)
    listed = html.document_fromstring(index_html([("a.html", index_row(sheet)) for sheet in task_sheets(ties, lang=lang)], ties, lang=lang))
    assert not listed.xpath("//script | //img | //@onerror | //@onload") and len(listed.xpath("//tbody/tr")) == 4


def test_several_notices_are_told_apart() -> None:
    sheet = next(iter(task_sheets(twice(small_ties()), lang="zh", units=["unit:a"])))
    rows = table_of(html.document_fromstring(sheet_html(sheet)), "led")
    assert len(rows) == 4 and all("第" in row[0] for row in rows)


NAMES = [
    pytest.param("../../etc/passwd", "etc_passwd", id="path"),
    pytest.param("C:\\x:y", "C_x_y", id="windows-path"),
    pytest.param("CON", "CON_u", id="reserved"),
    pytest.param("lpt1", "lpt1_u", id="reserved-lower"),
    pytest.param("Index", "Index_u", id="the-list"),
    pytest.param("...", "u", id="dots"),
    pytest.param("市发改委 ", "市发改委", id="blank"),
    pytest.param("a\x00\nb", "a_b", id="controls"),
    pytest.param("长" * 300, "长" * 40, id="long"),
]


@pytest.mark.parametrize(("label", "name"), NAMES)
def test_a_file_name_is_safe_everywhere(label: str, name: str) -> None:
    assert file_names({"unit:u": label}, ["unit:u"]) == {"unit:u": name}


def test_no_two_sheets_share_a_file() -> None:
    labels = {"unit:a": "Bureau", "unit:b": "BUREAU", "unit:c": "ＢＵＲＥＡＵ", "unit:d": "Bureau_b"}
    names = file_names(labels, labels)
    assert len({name.casefold() for name in names.values()}) == 4


def test_units_are_found_by_any_name(ties: Ties) -> None:
    assert units_named(ties, ["市生态环境局", "421000-ecology-environment", ECOLOGY]) == [ECOLOGY] * 3
    with pytest.raises(UnitNotFoundError, match="市生态环境局"):
        units_named(ties, ["市生态环保局"])
    same = dataclasses.replace(ties, units=tuple(dataclasses.replace(unit, label="同名") for unit in ties.units))
    with pytest.raises(UnitAmbiguousError):
        units_named(same, ["同名"])


def kg_sheets(*words: object) -> int:
    return run(kg.cli_sheets.sheets, [str(word) for word in words])


def test_the_command_writes_sheets_and_their_list(built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "清单 1"
    assert kg_sheets(built, "-o", out, "--format", "html") == DONE
    heard = capsys.readouterr()
    assert heard.out == "" and "65" in heard.err
    page = html.document_fromstring((out / "index.html").read_text(encoding="utf-8"))
    links = page.xpath("//tbody//a/@href")
    assert len(links) == 65 and len(list(out.iterdir())) == 66
    assert all((out / unquote(link)).is_file() for link in links)
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    assert kg_sheets(built, "-o", out, "--format", "html", "-q") == DONE
    assert first == {path.name: path.read_bytes() for path in out.iterdir()}


def test_the_command_takes_units_by_name_and_notices_as_they_are(tmp_path: Path) -> None:
    assert kg_sheets(SEED, "-o", tmp_path, "--unit", "市发改委", "--unit", "421000-finance", "-q") == DONE
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index.html", "市发改委.docx", "市财政局.docx"]
    docx.Document(str(tmp_path / "市财政局.docx"))


def test_a_misspelt_unit_is_named_with_the_nearest_and_nothing_is_written(
    built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "sheets"
    assert kg_sheets(built, "-o", out, "--unit", "市发政委") == BAD_INPUT
    assert "市发改委" in capsys.readouterr().err and not out.exists()


def test_without_python_docx_one_line_names_the_extra(sheets: dict[str, TaskSheet], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(ExtraError) as error:
        document_docx(sheets[ECOLOGY].document)
    assert "govresp[office]" in str(error.value) and "\n" not in str(error.value)


@needs_office
def test_libreoffice_opens_and_prints_a_sheet(sheets: dict[str, TaskSheet], tmp_path: Path) -> None:
    pages = printed(document_docx(sheets[ECOLOGY].document), ".docx", tmp_path)
    assert 2 <= len(pages) <= 6
    for number, page in enumerate(pages, 1):
        assert "市生态环境局任务清单" in page and f"第{number}页，共{len(pages)}页" in page
    text = "".join(pages)
    assert all(chapter.title in text for chapter in sheets[ECOLOGY].document.chapters)
    assert text.count("责任条款原文") >= 3  # two tables, and a head that comes again


def test_tasks_for_all_departments_may_be_those_of_a_department(ties: Ties) -> None:
    sheets = {sheet.unit: sheet for sheet in task_sheets(ties, lang="zh")}
    for unit, tasks in (("unit:421000-development-reform", {62, *range(107, 115)}), ("unit:421081-government", set())):
        (chapter,) = [chapter for chapter in sheets[unit].document.chapters if chapter.anchor == "perhaps-part"]
        rows = chapter.blocks[0].rows if tasks else ()  # type: ignore[union-attr]
        assert {int(row.key.rpartition(".")[2]) for row in rows} >= tasks
    own = {tie.task for tie in ties.ties if tie.unit == "unit:421000-development-reform"}
    (chapter,) = [c for c in sheets["unit:421000-development-reform"].document.chapters if c.anchor == "perhaps-part"]
    assert not own & {int(row.key.rpartition(".")[2]) for row in chapter.blocks[0].rows}  # type: ignore[union-attr]

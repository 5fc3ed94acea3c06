"""The report says what the analysis says, in both languages, safely, and the same bytes each time."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from lxml import html

from kg.analysis.load import standings
from kg.messages import catalogue
from kg.model import (
    TERRITORIAL,
    Closure,
    FindingRow,
    GroupRow,
    Kind,
    NoticeRow,
    Reference,
    Role,
    SectionRow,
    Severity,
    TaskRow,
    Tie,
    Ties,
    UnitRow,
)
from kg.views.markdown import report_markdown
from kg.views.report import report_html
from kg.views.report_csv import load_csv

LANGUAGES = ("zh", "en")
HOSTILE = [
    pytest.param("<img src=x onerror=alert(1)>", id="element"),
    pytest.param("</script><script>alert(1)</script>", id="script"),
    pytest.param("</title></style><svg onload=alert(1)>", id="leaves-the-style"),
    pytest.param('" onmouseover="alert(1)', id="leaves-an-attribute"),
    pytest.param("{{ 7 * 7 }}{% raw %}{0}{lang}", id="template"),
    pytest.param("a|b`c`[d](javascript:alert(1))\n# e", id="markdown"),
    pytest.param("&lt;b&gt; a\x00b\x0b\ufffe", id="entities-and-controls"),
    pytest.param("=cmd|' /C calc'!A0", id="formula"),
]


def small_ties(label: str = "市发改委", wording: str = "推进项目建设。") -> Ties:
    """Three tasks of one notice: one led, one led twice, one without a lead; one zone, one collective reference."""
    notice = "421000-2020-x-1"
    units = [
        ("a", label, Kind.DEPARTMENT),
        ("b", "市财政局", Kind.DEPARTMENT),
        ("c", "市教育局", Kind.DEPARTMENT),
        ("z", "开发区管委会", Kind.ZONE),
    ]
    parties = {1: "a:lead b:responsible z:responsible", 2: "a:lead b:lead c:cooperating", 3: "b:responsible c:responsible"}
    return Ties(
        notices=(NoticeRow(notice, label, "市发〔2020〕1号", label, "2020-01-07", 2020, "421000", "荆州市", "0" * 64),),
        sections=(SectionRow(notice, 1, "一", label),),
        tasks=tuple(TaskRow(notice, i, str(i), 1, wording, f"(牵头单位:{label})", 0, 9) for i in parties),
        units=tuple(UnitRow(f"unit:{key}", name, kind, "", (), "421000", (), "register") for key, name, kind in units),
        groups=(GroupRow("group:g", label, "departmentsConcerned", Closure.OPEN),),
        ties=tuple(
            Tie(notice, i, f"unit:{key}", Role(role))
            for i, party in parties.items()
            for key, role in (word.split(":") for word in party.split())
        ),
        references=(Reference(notice, 1, "group:g", Role.RESPONSIBLE),),
        findings=(
            FindingRow(notice, 3, "no-lead", Severity.WARNING, 0, 9, 1, ()),
            FindingRow(notice, 2, "several-leads", Severity.INFO, 0, 9, 1, (("units", label),)),
        ),
    )


def twice(ties: Ties) -> Ties:
    """The same ties as two notices."""
    new = "421000-2021-x-2"

    def moved(rows: tuple) -> tuple:  # type: ignore[type-arg]
        return (*rows, *(replace(row, notice=new) for row in rows))

    return replace(
        ties,
        notices=(*ties.notices, replace(ties.notices[0], id=new, number="市发〔2021〕2号", date="2021-01-07", year=2021)),
        sections=moved(ties.sections),
        tasks=moved(ties.tasks),
        ties=moved(ties.ties),
        references=moved(ties.references),
        findings=moved(ties.findings),
    )


def rows_of(page: html.HtmlElement, table: str) -> list[list[str]]:
    """The cells of a table's body as text."""
    return [[cell.text_content() for cell in row] for row in page.xpath(f"//table[@id='{table}']/tbody/tr")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_headline_numbers_of_jingzhou_are_right(ties: Ties, lang: str) -> None:
    page = html.document_fromstring(report_html(ties, lang=lang))
    values = [link.text for link in page.xpath("//a[@class='value']")]
    assert values == ["114", "64", "488", "0.55", "34%"]
    findings = [point.text_content() for point in page.xpath("//section[@class='points']//li")]
    assert len(findings) == 5, "one a unit that stands out, however many verdicts it has; who has most; tasks without a lead"
    assert all(number in findings[3] for number in ("58", "40", "57", "32"))
    assert all(number in findings[4] for number in ("60", "63", "64", "66", "80", "113"))


def test_no_finding_judges_how_well_a_unit_works(ties: Ties) -> None:
    for text in (report_html(ties, lang="zh"), report_markdown(ties, lang="zh")):
        assert "超负荷" not in text and "不作为" not in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_load_tables_hold_what_the_analysis_measured(ties: Ties, lang: str) -> None:
    page = html.document_fromstring(report_html(ties, lang=lang))
    measured = standings(ties)
    bodies = [unit for unit in measured if unit.kind not in TERRITORIAL]
    places = [unit for unit in measured if unit.kind in TERRITORIAL]
    shown, grounds = rows_of(page, "load"), rows_of(page, "territories")
    assert [row[1] for row in shown] == [unit.label for unit in bodies]
    assert [row[1] for row in grounds] == [unit.label for unit in places]
    assert [int(row[2]) for row in shown] == [unit.relations for unit in bodies]
    assert [int(row[3]) for row in shown] == [unit.relations_without_territories for unit in bodies]
    assert [row[4] for row in shown] == ["–".join(map(str, unit.interval)) for unit in bodies]
    assert sum(int(row[2]) for row in shown) + sum(int(row[2]) for row in grounds) == 976
    assert sum(int(row[3]) for row in shown) == 334


def test_the_figure_draws_the_first_rows_of_the_table(ties: Ties) -> None:
    page = html.document_fromstring(report_html(ties, lang="zh"))
    drawn = [text.text for text in page.xpath("//*[local-name()='text'][@class='strong']")]
    assert drawn == [row[2] for row in rows_of(page, "load")][: len(drawn)] and drawn[0] == "58"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_loads_nothing_and_runs_nothing(ties: Ties, lang: str) -> None:
    text = report_html(ties, lang=lang)
    page = html.document_fromstring(text)
    assert not page.xpath("//script | //link | //img | //iframe | //@style | //@onload | //@onclick")
    assert all(link.startswith("#") for link in page.xpath("//@href | //@src"))
    style = page.xpath("//style")[0].text
    assert "url(" not in style and "@import" not in style
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert "default-src 'none'" in policy and f"'sha256-{digest}'" in policy and "unsafe" not in policy


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("double", [False, True], ids=["one-notice", "two-notices"])
def test_every_link_leads_to_a_row_and_no_anchor_stands_twice(lang: str, double: bool) -> None:
    ties = small_ties()
    page = html.document_fromstring(report_html(twice(ties) if double else ties, lang=lang))
    anchors = page.xpath("//@id")
    assert len(anchors) == len(set(anchors))
    assert {link.removeprefix("#") for link in page.xpath("//@href")} <= set(anchors)


def test_every_link_of_jingzhou_leads_somewhere(ties: Ties) -> None:
    page = html.document_fromstring(report_html(ties, lang="zh"))
    assert {link.removeprefix("#") for link in page.xpath("//@href")} <= set(page.xpath("//@id"))
    markdown = report_markdown(ties, lang="zh")
    assert set(re.findall(r"\]\(#([^)]*)\)", markdown)) <= set(re.findall(r'<a id="([^"]*)">', markdown))


def test_every_finding_links_to_its_rows(ties: Ties) -> None:
    page = html.document_fromstring(report_html(ties, lang="zh"))
    assert all(point.xpath(".//a") for point in page.xpath("//section[@class='points']//li"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_tables_and_figures_can_be_read_aloud(ties: Ties, lang: str) -> None:
    page = html.document_fromstring(report_html(ties, lang=lang))
    assert page.get("lang", "").startswith(lang)
    for table in page.xpath("//table"):
        assert table.xpath("./caption") and not table.xpath("./thead//th[not(@scope)]")
        assert all(len(row.xpath("./th[@scope='row']")) == 1 for row in table.xpath("./tbody/tr"))
    for drawing in page.xpath("//*[local-name()='svg']"):
        named = drawing.get("aria-labelledby").split()
        assert [child.get("id") for child in drawing[:2]] == named and all(child.text for child in drawing[:2])


@pytest.mark.parametrize("label", HOSTILE)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_hostile_name_stays_text(label: str, lang: str) -> None:
    text = report_html(small_ties(label, label), lang=lang)
    page = html.document_fromstring(text)
    assert not page.xpath("//script | //img | //b | //@onload | //@onerror | //@onmouseover")
    assert len(page.xpath("//style")) == len(page.xpath("//title[not(ancestor::*[local-name()='svg'])]")) == 1
    shown = page.xpath("//table[@id='load']//th[@scope='row']")[0].text_content()
    assert re.sub(r"\s+", " ", shown) == re.sub(r"\s+", " ", re.sub("[\x00\x0b\ufffe]", "\ufffd", label))
    for drawing in re.findall(r"<svg.*?</svg>", text, re.DOTALL):
        ElementTree.fromstring(drawing)


@pytest.mark.parametrize("label", HOSTILE)
def test_a_hostile_name_breaks_no_markdown_table(label: str) -> None:
    text = report_markdown(small_ties(label, label), lang="zh")
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
        assert len(widths) == 1
    assert not re.search(r"(?<!\\)<(?!a id=|/a>)", text) and not re.search(r"(?<!\\)\]\((?!#)", text)


@pytest.mark.parametrize("label", HOSTILE)
def test_a_hostile_name_is_no_formula(label: str) -> None:
    for row in csv.reader(io.StringIO(load_csv(small_ties(label), lang="en"), newline="")):
        assert not any(cell.startswith(("=", "+", "@", "\t")) for cell in row)


def test_the_load_csv_has_a_row_for_every_unit(ties: Ties) -> None:
    rows = list(csv.DictReader(io.StringIO(load_csv(ties, lang="en"), newline="")))
    measured = standings(ties)
    assert [row["unit id"] for row in rows] == [unit.unit for unit in measured]
    assert sum(int(row["Coordination relations"]) for row in rows) == 976
    assert sum(int(row["Coordination relations without territories"] or 0) for row in rows) == 334
    assert all(row["Betweenness"] for row, unit in zip(rows, measured, strict=True) if unit.kind not in TERRITORIAL and unit.tasks)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("make", [report_html, report_markdown, load_csv], ids=["html", "markdown", "csv"])
def test_the_same_ties_give_the_same_bytes(ties: Ties, lang: str, make) -> None:  # type: ignore[no-untyped-def]
    assert make(ties, lang=lang) == make(ties, lang=lang)


def test_chinese_and_english_say_the_same_number_of_things(ties: Ties) -> None:
    pages = [html.document_fromstring(report_html(ties, lang=lang)) for lang in LANGUAGES]
    for path in ("//h2", "//table", "//tr", "//svg", "//li", "//dt"):
        assert len(pages[0].xpath(path)) == len(pages[1].xpath(path)), path
    prose = " ".join(
        pages[1].xpath("//h2//text() | //table[@id!='by-section']/thead//text() | //dt//text() | //p[@class='standfirst']//text()")
    )
    assert not re.search("[\u4e00-\u9fff]", prose)
    keys = [{key for key in catalogue(lang) if key.startswith("report.")} for lang in LANGUAGES]
    assert keys[0] == keys[1]


def test_several_notices_tell_their_tasks_apart() -> None:
    page = html.document_fromstring(report_html(twice(small_ties()), lang="zh"))
    assert "市发〔2020〕1号第3项；市发〔2021〕2号第3项" in page.xpath("//section[@class='points']")[0].text_content()
    assert len(rows_of(page, "sources")) == 2 and len(rows_of(page, "tasks")) == 6


def test_a_notice_in_which_nobody_leads_has_a_report() -> None:
    ties = small_ties()
    ties = replace(ties, ties=tuple(replace(tie, role=Role.RESPONSIBLE) for tie in ties.ties), references=(), findings=())
    page = html.document_fromstring(report_html(ties, lang="zh"))
    assert "没有可以计算的协调关系" in page.xpath("//h1")[0].text
    assert report_markdown(ties, lang="en")


def test_a_notice_whose_tasks_name_nobody_has_a_report() -> None:
    ties = replace(small_ties(), ties=(), references=(), findings=())
    assert html.document_fromstring(report_html(ties, lang="en")).xpath("//h1")
    assert report_markdown(ties, lang="zh") and load_csv(ties, lang="zh").count("\n") == 1


def test_a_long_list_of_tasks_is_cut_to_those_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.views.facts.TASKS_LISTED", 1)
    page = html.document_fromstring(report_html(small_ties(), lang="zh"))
    assert len(rows_of(page, "tasks")) == 2
    assert {link.removeprefix("#") for link in page.xpath("//@href")} <= set(page.xpath("//@id"))

"""What the report finds: the verdicts of the tests in sentences, with their rows, on the page, in Markdown, as CSV and in brief."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from lxml import html

from kg.analysis.concentration import gini, gini_error
from kg.analysis.load import measure_load
from kg.analysis.verdicts import Reader, verdict_sentence
from kg.cli import cli
from kg.model import TERRITORIAL, Ties
from kg.views.assessed import FEW, Settings, assessed
from kg.views.brief import brief_document, brief_html
from kg.views.document import plain
from kg.views.facts import facts_of
from kg.views.grounds import verdict_words
from kg.views.markdown import document_markdown, markdown_files, report_markdown, standalone
from kg.views.report import report_document, report_html
from kg.views.report_csv import load_csv

from .test_report import HOSTILE, LANGUAGES, rows_of, small_ties, twice

REFORM, ECOLOGY, INDUSTRY = "市发改委", "市生态环境局", "市经信局"
NUMBER = re.compile(r"\d[\d,.]*e-\d+|\d[\d,.]*\d|\d")
PAGES = [pytest.param(report_html, id="report"), pytest.param(brief_html, id="brief")]


@pytest.fixture(scope="module", params=LANGUAGES)
def page(ties: Ties, request: pytest.FixtureRequest) -> html.HtmlElement:
    return html.document_fromstring(report_html(ties, lang=request.param))


def points(page: html.HtmlElement) -> list[html.HtmlElement]:
    return list(page.xpath("//section[@class='points']//li"))


def crowded(ties: Ties) -> Ties:
    """More tasks than a build tests by itself."""
    some = ties.tasks[0]
    return replace(ties, tasks=tuple(replace(some, i=i) for i in range(1, FEW + 2)))


def test_the_title_is_the_strongest_verdict(ties: Ties) -> None:
    title = html.document_fromstring(report_html(ties, lang="zh")).xpath("//h1")[0].text
    assert title == "市发改委协调负荷显著偏高，市生态环境局协调跨度突出"


def test_jingzhou_says_what_the_method_says(ties: Ties) -> None:
    found = [point.text_content() for point in points(html.document_fromstring(report_html(ties, lang="zh")))]
    volume = [text for text in found if "任务量突出" in text]
    assert [next(unit for unit in (REFORM, INDUSTRY, ECOLOGY) if unit in text) for text in volume] == [REFORM, INDUSTRY]
    assert all(figure in volume[0] for figure in ("牵头9项", "共27项", "O1"))
    (span,) = [text for text in found if "协调跨度突出" in text]
    assert all(words in span for words in (ECOLOGY, "牵头的5项任务中", "36条", "7.7条", "O2", "第1部分", "最宽"))
    (heavy,) = [text for text in found if "协调负荷显著偏高" in text]
    assert REFORM in heavy and "57条" in heavy and "O1" in heavy and "O3" in heavy


def test_no_pair_passes_with_one_notice(page: html.HtmlElement) -> None:
    text = page.xpath("//section[@id='pairs-part']")[0].text_content()
    assert "1,431" in text and ("没有一对" in text or "none can be said" in text)
    assert all(float(row[5]) > 0.05 for row in rows_of(page, "chance"))


@pytest.mark.parametrize("make", [report_html, report_markdown, load_csv, brief_html], ids=["html", "markdown", "csv", "brief"])
def test_nobody_is_overloaded_without_staff(ties: Ties, make) -> None:  # type: ignore[no-untyped-def]
    assert "超负荷" not in make(ties, lang="zh") and "is overloaded" not in make(ties, lang="en")


def test_staff_makes_its_table_and_only_then_the_word_is_explained(ties: Ties) -> None:
    bodies = [unit.id for unit in ties.units if unit.kind not in TERRITORIAL][:12]
    settings = Settings(draws=200, bootstraps=20, null_draws=0, staff=tuple((unit, 30) for unit in bodies))
    page = html.document_fromstring(report_html(ties, lang="zh", settings=settings))
    assert len(rows_of(page, "capacity")) == 12 and "超负荷" in page.xpath("//section[@id='verdicts-part']")[0].text_content()
    assert "没有做" in page.xpath("//section[@id='method-part']")[0].text_content()


@pytest.mark.parametrize("make", PAGES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_number_of_a_finding_stands_in_the_row_it_leads_to(ties: Ties, lang: str, make) -> None:  # type: ignore[no-untyped-def]
    page = html.document_fromstring(make(ties, lang=lang))
    checked = 0
    for link in page.xpath("//section[@class='points']//li//a | //section[@id='verdicts-part']//ul//a | //ul[@class='numbers']//a"):
        (target,) = page.xpath("//*[@id=$anchor]", anchor=link.get("href").removeprefix("#"))
        numbers = NUMBER.findall(link.text)
        if target.tag == "tr":
            cells = NUMBER.findall(" ".join(cell.text_content() for cell in target).replace(",", ""))
            checked += len(numbers)
            assert {number.replace(",", "") for number in numbers} <= set(cells), (link.text, cells)
    assert checked > 20


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("reader", list(Reader))
def test_a_verdict_keeps_its_words_and_links_every_number(ties: Ties, lang: str, reader: Reader) -> None:
    facts = facts_of(ties, lang)
    assert facts.tests and len(facts.tests.verdicts) == 4
    for verdict in facts.tests.verdicts:
        pieces = verdict_words(facts, verdict, reader)
        assert plain(pieces) == verdict_sentence(verdict, reader, lang)
        loose = " ".join(piece.text for piece in pieces if not piece.table)
        assert not re.search(r"(?<![A-Za-z\d])\d", loose), loose


def test_the_lorenz_table_holds_the_gini_with_its_error(ties: Ties, page: html.HtmlElement) -> None:
    for column, territorial in ((1, True), (2, False)):
        loads = [load.relations for load in measure_load(ties, territorial=territorial) if load.kind not in TERRITORIAL]
        shown = {row[0]: row[column] for row in rows_of(page, "spread")}
        assert list(shown.values())[:4] == [str(len(loads)), str(sum(loads)), f"{gini(loads):.2f}", f"{gini_error(loads):.2f}"]


def test_the_heat_map_draws_the_first_rows_of_its_table(ties: Ties, page: html.HtmlElement) -> None:
    rows = rows_of(page, "by-section")
    cells = page.xpath("//figure[@id='sections-map']//*[local-name()='text'][@class='cell' or @class='on-dark']")
    table = [re.match(r"\d+", cell) for row in rows[:20] for cell in row[1:]]
    assert [cell.text for cell in cells] == [match[0] for match in table if match]
    tasks = {load.label: load.tasks for load in measure_load(ties)}
    assert all(sum(int(re.split(r"\D", cell)[0] or 0) for cell in row[1:]) == tasks[row[0]] for row in rows)


def test_every_cell_of_the_lead_matrix_is_in_its_table(page: html.HtmlElement) -> None:
    cells = page.xpath("//figure[@id='lead-matrix']//*[local-name()='text'][@class='cell' or @class='on-dark']")
    listed = [number for row in rows_of(page, "lead-shares") for number in re.findall(r"[（(](\d+)[)）]", row[3])]
    assert 40 < len(cells) <= len(listed)
    assert sum(int(cell.text) for cell in cells) <= sum(map(int, listed))
    assert all(int(row[1]) == sum(map(int, re.findall(r"[（(](\d+)[)）]", row[3]))) for row in rows_of(page, "lead-shares"))


@pytest.mark.parametrize("make", PAGES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_headings_come_in_order_and_every_table_and_drawing_has_its_words(ties: Ties, lang: str, make) -> None:  # type: ignore[no-untyped-def]
    text = make(ties, lang=lang)
    page = html.document_fromstring(text)
    levels = [int(heading.tag[1]) for heading in page.xpath("//h1 | //h2 | //h3 | //h4")]
    assert levels[0] == 1 and levels.count(1) == 1 and all(later <= earlier + 1 for earlier, later in zip(levels, levels[1:], strict=False))
    assert all(table.xpath("./caption") for table in page.xpath("//table"))
    assert not page.xpath("//script | //@style | //img")
    for drawing in re.findall(r"<svg.*?</svg>", text, re.DOTALL):
        root = ElementTree.fromstring(drawing)
        assert root.get("role") == "img" and [child.tag.rpartition("}")[2] for child in root[:2]] == ["title", "desc"]
    for figure in page.xpath("//figure"):
        assert figure.xpath("./figcaption")[0].text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_method_defines_every_measure(ties: Ties, lang: str) -> None:
    page = html.document_fromstring(report_html(ties, lang=lang))
    terms = " ".join(term.text_content() for term in page.xpath("//section[@id='method-part']//dt"))
    assert all(re.search(rf"{name}(?!\d)", terms) for name in [*(f"M{number}" for number in range(1, 14)), "M3d"])
    text = page.xpath("//section[@id='method-part']")[0].text_content()
    assert all(number in text for number in ("2020", "20,000", "1,000"))


def test_another_seed_is_printed_and_gives_other_draws(ties: Ties) -> None:
    few = Settings(seed=7, draws=300, bootstraps=50, null_draws=20)
    text = report_html(ties, lang="en", settings=few)
    assert "seed 7" in text and text == report_html(ties, lang="en", settings=few)
    assert text != report_html(ties, lang="en", settings=replace(few, seed=8))


def test_too_many_tasks_are_left_to_the_command(ties: Ties) -> None:
    many = crowded(ties)
    assert assessed(many) is None
    page = html.document_fromstring(report_html(many, lang="zh"))
    assert "承担的协调关系最多" in page.xpath("//h1")[0].text and "kg report" in page.xpath("//p[@class='standfirst']")[0].text
    assert not page.xpath("//table[@id='verdicts']")
    rows = list(csv.DictReader(io.StringIO(load_csv(many, lang="en"), newline="")))
    assert not any(row["O1 adjusted p"] for row in rows)
    assert brief_html(many, lang="en")


def test_the_csv_has_the_test_figures_behind_the_measures(ties: Ties) -> None:
    rows = {row["unit"]: row for row in csv.DictReader(io.StringIO(load_csv(ties, lang="en"), newline=""))}
    assert rows[ECOLOGY]["verdicts"] == "wide coordination" and float(rows[ECOLOGY]["O2 adjusted p, between departments"]) < 0.05
    assert 7 < float(rows[ECOLOGY]["O2 expected, between departments"]) < 8.5
    assert float(rows[REFORM]["O1 posterior"]) >= 0.95 and float(rows[REFORM]["O1 adjusted p"]) > 0
    assert all((row["seed"] == "2020") is (row["Tasks"] != "0") for row in rows.values())


def test_markdown_has_its_drawings_beside_it(ties: Ties) -> None:
    files = markdown_files(report_document(ties, "zh"), "报告 1.md")
    drawings = [name for name in files if name.endswith(".svg")]
    assert len(drawings) == 4 and list(files)[-1] == "报告 1.md"
    assert files["报告 1.md"].count("](%E6%8A%A5%E5%91%8A%201-") == 4
    for name in drawings:
        root = ElementTree.fromstring(files[name])
        assert root.find("{http://www.w3.org/2000/svg}style") is not None and "url(" not in files[name]
    assert "![" not in report_markdown(ties, lang="zh")


@pytest.mark.parametrize("label", HOSTILE)
def test_a_hostile_name_stays_text_in_the_brief_and_in_drawings(label: str) -> None:
    ties = small_ties(label, label)
    page = html.document_fromstring(brief_html(ties, lang="zh"))
    assert not page.xpath("//script | //img | //b | //@onload | //@onerror | //@onmouseover")
    for drawing in re.findall(r"<svg.*?</svg>", report_html(ties, lang="en"), re.DOTALL):
        ElementTree.fromstring(standalone(drawing))
    markdown = document_markdown(brief_document(ties, "zh"))
    assert not re.search(r"(?<!\\)<(?!a id=|/a>)", markdown) and not re.search(r"(?<!\\)\]\((?!#)", markdown)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_brief_has_five_numbers_and_three_to_five_findings_with_the_next_step(ties: Ties, lang: str) -> None:
    page = html.document_fromstring(brief_html(ties, lang=lang))
    assert len(page.xpath("//ul[@class='numbers']/li")) == 5 and 3 <= len(points(page)) <= 5
    step = {"zh": "建议", "en": "Next: "}[lang]
    assert sum(step in point.text_content() for point in points(page)) >= len(points(page)) - 1
    assert len(page.xpath("//figure")) == 1
    anchors = set(page.xpath("//@id"))
    assert {link.removeprefix("#") for link in page.xpath("//@href")} <= anchors


@pytest.mark.parametrize("double", [False, True], ids=["one-notice", "two-notices"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_small_and_empty_notices_have_a_brief_whose_links_lead_somewhere(lang: str, double: bool) -> None:
    small = twice(small_ties()) if double else small_ties()
    for ties in (small, replace(small, ties=(), references=(), findings=())):
        for make in (brief_html, report_html):
            page = html.document_fromstring(make(ties, lang=lang))
            anchors = page.xpath("//@id")
            assert len(anchors) == len(set(anchors))
            assert {link.removeprefix("#") for link in page.xpath("//@href")} <= set(anchors)


def test_several_notices_are_told_apart_in_the_heat_map() -> None:
    page = html.document_fromstring(report_html(twice(small_ties()), lang="zh"))
    heads = [cell.text_content() for cell in page.xpath("//table[@id='by-section']//thead//th")]
    assert heads == ["单位", "荆州市 2020", "荆州市 2021"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_brief_is_the_same_twice(ties: Ties, lang: str) -> None:
    assert brief_html(ties, lang=lang) == brief_html(ties, lang=lang)


def test_the_command_writes_what_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_LANG", "zh")
    seed = str(Path(__file__).resolve().parent.parent / "seeds" / "jingzhou-2020-1.txt")
    staff = tmp_path / "staff.csv"
    staff.write_text("单位,编制\n" + "".join(f"{unit},30\n" for unit in (REFORM, ECOLOGY, INDUSTRY, "市财政局")), encoding="utf-8")
    runner = CliRunner()
    out = tmp_path / "report.md"
    assert runner.invoke(cli, ["report", seed, "--format", "md", "--staff", str(staff), "-o", str(out)]).exit_code == 0
    assert {path.name for path in tmp_path.glob("report-*.svg")} == {
        f"report-{name}.svg" for name in ("ranking", "sections-map", "lorenz", "lead-matrix")
    }
    assert "人均" in out.read_text(encoding="utf-8")
    done = runner.invoke(cli, ["report", seed, "--brief", "--format", "md", "--seed", "5"])
    assert done.exit_code == 0 and "![" not in done.stdout and "建议" in done.stdout
    assert runner.invoke(cli, ["report", seed, "--brief", "--format", "csv"]).exit_code == 2

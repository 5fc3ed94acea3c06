"""What the page hands out: drawings, tables, paper and its own address, each read back."""

from __future__ import annotations

import csv
import struct
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree
from playwright.sync_api import Browser

from kg.analysis.load import standings
from kg.analysis.matrix import Mark, matrix
from kg.model import Ties
from kg.views.page import draw_page

from .browser import Visit
from .page_ties import HOSTILE, hostile, weights
from .page_visits import REFORM, opened, pick, set_least

pytestmark = pytest.mark.browser
SVG = "{http://www.w3.org/2000/svg}"
SYMBOLS = {Mark.LEAD: "●", Mark.RESPONSIBLE: "○", Mark.COOPERATING: "△", Mark.GROUP: "◐"}


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[Visit, str], Path]:
    def save(visit: Visit, what: str) -> Path:
        visit.page.click("#save summary")
        with visit.page.expect_download() as download:
            visit.page.click(f'[data-save="{what}"]')
        file = tmp_path / f"{what}-{download.value.suggested_filename}"
        download.value.save_as(file)
        return file

    return save


def rows_of(file: Path) -> list[list[str]]:
    assert file.read_bytes().startswith(b"\xef\xbb\xbf"), "Excel needs the mark"
    with file.open(encoding="utf-8-sig", newline="") as opened_file:
        return list(csv.reader(opened_file))


def test_the_tables_hold_what_python_counts(page_file: Path, ties: Ties, chrome: Browser, saved: Callable[[Visit, str], Path]) -> None:
    with opened(page_file, browser=chrome) as visit:
        units, links, tasks, marks = (rows_of(saved(visit, what)) for what in ("units", "links", "tasks", "matrix"))
        pick(visit, "relation", "lead")
        set_least(visit, 1)
        leads = rows_of(saved(visit, "links"))
    named = sorted((one for one in standings(ties) if one.tasks), key=lambda one: (-one.relations, -one.tasks, -one.led, one.unit))
    assert [(row[1], *map(int, row[3:6]), *map(int, row[7:])) for row in units[1:]] == [
        (one.label, one.led, one.shared, one.relations, *one.interval) for one in named
    ]
    universal = {one.unit for one in named if one.universal}
    label = {unit.id: unit.label for unit in ties.units}
    pairs = {
        (*map(label.__getitem__, pair), tasks) for pair, tasks in weights(ties, "all").items() if tasks > 1 and not universal & set(pair)
    }
    assert {(one, other, int(count)) for one, other, count, _ in links[1:]} == pairs
    assert all(len(numbers.split()) == int(count) for _, _, count, numbers in links[1:])
    there = {(*map(label.__getitem__, pair), tasks) for pair, tasks in weights(ties, "lead").items() if not universal & set(pair)}
    assert {(one, other, int(count)) for one, other, count, _ in leads[1:]} == there
    assert [(row[2], row[3], row[8]) for row in tasks[1:]] == [(task.number, task.text, task.clause) for task in ties.tasks]
    assert [row[4] for row in tasks[1:]].count("") == 6, "tasks without a lead"
    made = matrix(ties)
    assert [row[3:] for row in marks[1:]] == [
        ["" if mark is None else SYMBOLS[mark] for mark in made.row(at)] for at in range(len(made.units))
    ]


def test_the_drawing_holds_every_unit_link_and_name(page_file: Path, chrome: Browser, saved: Callable[[Visit, str], Path]) -> None:
    with opened(page_file, browser=chrome) as visit:
        root = etree.parse(str(saved(visit, "svg"))).getroot()
        shown = visit.page.evaluate("() => [...kgPage.view().shown].length")
        pick(visit, "relation", "lead")
        arrows = etree.parse(str(saved(visit, "svg"))).getroot()
        visit.page.keyboard.press("m")
        grid = etree.parse(str(saved(visit, "svg"))).getroot()
    titles = [title.text or "" for title in root.iter(f"{SVG}title")]
    assert len(titles) == shown == 37
    assert any(title.startswith("市发改委 牵头 9，责任 18") for title in titles)
    texts = [text.text or "" for text in root.iter(f"{SVG}text")]
    assert {"市发改委", "市生态环境局", "协调关系数（条）"} <= set(texts)
    assert any("未经人工核对" in text for text in texts)
    assert len(list(root.iter(f"{SVG}path"))) == 131
    heads = [shape for shape in arrows.iter(f"{SVG}polygon") if shape.find(f"{SVG}title") is None]
    assert len(heads) == len(list(arrows.iter(f"{SVG}path"))) == 30
    assert len(list(grid.iter(f"{SVG}circle"))) == 111 + 492 + 728
    assert not root.xpath("//@href | //@style | //*[local-name() = 'script' or local-name() = 'foreignObject']")


@pytest.mark.parametrize("anchor", ["", "#view=matrix"], ids=["map", "matrix"])
def test_the_picture_is_three_times_the_drawing(page_file: Path, chrome: Browser, saved: Callable[[Visit, str], Path], anchor: str) -> None:
    with opened(page_file, anchor, browser=chrome) as visit:
        content = saved(visit, "png").read_bytes()
        size = visit.page.evaluate('() => kgPage.svgPicture().match(/ width="(\\d+)" height="(\\d+)"/).slice(1).map(Number)')
    assert content.startswith(b"\x89PNG")
    assert list(struct.unpack(">II", content[16:24])) == [3 * side for side in size]


def test_hostile_names_stay_text_in_every_file(ties: Ties, tmp_path: Path, chrome: Browser, saved: Callable[[Visit, str], Path]) -> None:
    file = tmp_path / "hostile.html"
    file.write_text(draw_page(hostile(ties), lang="zh"), encoding="utf-8")
    with opened(file, browser=chrome) as visit:
        drawing = etree.parse(str(saved(visit, "svg"))).getroot()
        visit.page.keyboard.press("m")
        grid = etree.parse(str(saved(visit, "svg"))).getroot()
        tables = [rows_of(saved(visit, what)) for what in ("units", "links", "tasks", "matrix")]
    for root in (drawing, grid):
        assert {etree.QName(part).localname for part in root.iter()} <= {
            "svg",
            "rect",
            "path",
            "circle",
            "polygon",
            "g",
            "title",
            "text",
            "line",
        }
        texts = [part.text or "" for part in root.iter(f"{SVG}text", f"{SVG}title")]
        assert all(any(text.startswith(name) for text in texts) for name in HOSTILE)
    for table in tables:
        assert not [cell for row in table for cell in row if cell.startswith(("=", "+", "@"))]
        assert any(cell.startswith("'=cmd") for row in table for cell in row)


@pytest.mark.parametrize(
    ("anchor", "expected"), [("", "负荷排行"), ("#view=matrix", ""), ("#u=市发改委", "协调关系区间")], ids=["map", "matrix", "unit"]
)
def test_paper_gets_the_whole_drawing_and_the_list(page_file: Path, tmp_path: Path, chrome: Browser, anchor: str, expected: str) -> None:
    pdfplumber = pytest.importorskip("pdfplumber")
    with opened(page_file, anchor, browser=chrome, scheme="dark") as visit:
        visit.page.emulate_media(media="print")
        visit.page.pdf(path=tmp_path / "page.pdf", format="A4", print_background=True)
        visit.page.emulate_media(media="screen")
        assert visit.page.locator("#paper svg").count() == 0, "the screen is as it was"
    with pdfplumber.open(tmp_path / "page.pdf") as paper:
        # Fonts give some characters back as radicals of the same shape.
        texts = [unicodedata.normalize("NFKC", sheet.extract_text()) for sheet in paper.pages]
        first = paper.pages[0]
        assert min(char["x0"] for char in first.chars) >= 0
        assert max(char["x1"] for char in first.chars) <= first.width
        backgrounds = {tuple(shape["non_stroking_color"] or ()) for shape in first.rects if shape["width"] > 0.9 * first.width}
    assert not backgrounds - {(), (1,), (1, 1, 1), (1.0, 1.0, 1.0)}, "paper is white"
    assert "市生态环境局" in texts[0] and "未经人工核对" in texts[0]
    assert (expected in "".join(texts[1:])) if expected else len(texts) == 1
    assert len(texts) <= 8


def test_the_address_of_what_is_seen_can_be_copied(page_file: Path, chrome: Browser) -> None:
    with opened(page_file, browser=chrome) as visit:
        visit.page.evaluate("(unit) => kgPage.choose({ unit })", REFORM)
        visit.page.click("#save summary")
        visit.page.click('[data-save="address"]')
        chosen = visit.page.evaluate("() => { const i = document.activeElement; return i.value.slice(i.selectionStart, i.selectionEnd); }")
        assert chosen == visit.page.url
        assert "#u=" in chosen
        visit.page.keyboard.press("Escape")
        assert visit.page.locator("#address").is_hidden()

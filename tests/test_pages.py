"""Graphs too large for one picture: packs by place and community, an overview, and pages whose figures are those of the whole."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from playwright.sync_api import Browser

from kg.analysis.load import standings
from kg.analysis.packs import is_large, packs_of, place_code, shared_tasks, task_counts, ties_around
from kg.model import Kind, NoticeRow, Reference, Role, TaskRow, Tie, Ties, UnitRow
from kg.views.pages import draw_pages

from .browser import Visit, visiting

PLACES = {"421000": "荆州市", "421003": "荆州区", "420500": "宜昌市", "510100": "成都市", "": ""}


def country(teams: list[list[int]], places: list[str]) -> Ties:
    """One notice a place; unit n belongs to place n mod so many; the first of a team leads."""
    units = [f"unit:{at:03}" for at in range(60)]
    home = {unit: places[at % len(places)] for at, unit in enumerate(units)}
    return Ties(
        tuple(NoticeRow(f"n{code}", f"通知{code}", "", "", "", 2020, code, PLACES[code], "") for code in places),
        (),
        tuple(TaskRow(f"n{places[i % len(places)]}", i, str(i), None, f"任务{i}", "", 0, 0) for i in range(1, len(teams) + 1)),
        tuple(
            UnitRow(u, f"单位{u[5:]}", Kind.DEPARTMENT, "municipal", (), f"division:{home[u]}-1996" if home[u] else "", (), "name")
            for u in units
        ),
        (),
        tuple(
            Tie(f"n{places[i % len(places)]}", i, units[at], Role.RESPONSIBLE if number else Role.LEAD)
            for i, team in enumerate(teams, 1)
            for number, at in enumerate(dict.fromkeys(team))
        ),
        (),
        (),
    )


TEAMS = st.lists(st.lists(st.integers(0, 59), min_size=1, max_size=6), min_size=1, max_size=30)


@given(TEAMS, st.lists(st.sampled_from(sorted(PLACES)), min_size=1, max_size=4, unique=True), st.integers(1, 40))
def test_every_unit_is_in_one_pack_that_fits(teams: list[list[int]], places: list[str], most: int) -> None:
    ties = country(teams, places)
    packs = packs_of(ties, most)
    held = [unit for pack in packs for unit in pack.units]
    assert sorted(held) == sorted(unit.id for unit in ties.units)
    assert all(1 <= len(pack.units) <= most for pack in packs)
    assert len({pack.key for pack in packs}) == len(packs)
    assert all(re.fullmatch(r"[\w-]+", pack.key, re.ASCII) for pack in packs)
    assert packs == packs_of(ties, most), "the same on every run"


@given(TEAMS, st.lists(st.sampled_from(sorted(PLACES)), min_size=2, max_size=4, unique=True), st.integers(5, 40))
def test_the_figures_of_a_pack_are_those_of_the_whole(teams: list[list[int]], places: list[str], most: int) -> None:
    ties = country(teams, places)
    of_all = {one.unit: one for one in standings(ties)}
    for pack in packs_of(ties, most):
        part = {one.unit: one for one in standings(ties_around(ties, pack))}
        for unit in pack.units:
            if unit in of_all:
                assert (part[unit].relations, part[unit].led, part[unit].tasks) == (
                    of_all[unit].relations,
                    of_all[unit].led,
                    of_all[unit].tasks,
                )
                assert part[unit].relations_without_territories == of_all[unit].relations_without_territories


def test_places_are_parted_only_as_far_as_needed() -> None:
    ties = country([[0, 1]], ["421000", "421003", "420500", "510100"])
    assert [pack.key for pack in packs_of(ties, 45)] == ["420000", "510000"]
    assert [pack.key for pack in packs_of(ties, 30)] == ["420500", "421000", "510000"], "counties go with their prefecture"
    assert [pack.key for pack in packs_of(ties, 15)] == ["420500", "421000", "421003", "510000"]
    assert [pack.key for pack in packs_of(ties, 10)][:2] == ["420500-1", "420500-2"]
    assert [place_code(code) for code in ("division:421000-1996", "CN")] == ["421000", "CN"]


def test_shared_tasks_of_packs_are_counted_once_a_task() -> None:
    ties = country([[0, 1, 4, 5], [0, 4], [1]], ["421000", "510100"])
    packs = packs_of(ties, 40)
    assert shared_tasks(ties, packs) == {(0, 1): 1}
    assert task_counts(ties)["unit:000"] == 2
    assert is_large(ties, 3) and not is_large(ties, 4)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of two cities with one task in common."""
    made = tmp_path_factory.mktemp("pages")
    for name, page in draw_pages(cities(), "load.html", lang="zh", places={"420000": "湖北省", "510000": "四川省"}, most=40):
        (made / name).write_text(page, encoding="utf-8")
    return made


def cities() -> Ties:
    teams = [[at % 60, (at * 7 + 2) % 60, (at + 4) % 60] for at in range(0, 60, 2)] + [[at % 60, (at + 2) % 60] for at in range(1, 60, 2)]
    ties = country([*teams, [0, 1]], ["421000", "510100"])
    hostile = replace(ties.units[2], label="<img src=x onerror=alert(1)>")
    reference = Reference("n421000", 2, "group:a", Role.RESPONSIBLE)
    return replace(ties, units=(*ties.units[:2], hostile, *ties.units[3:]), references=(reference,) if ties.groups else ())


def test_the_overview_leads_to_every_page(folder: Path) -> None:
    page = html.document_fromstring((folder / "load.html").read_text(encoding="utf-8"))
    links = set(page.xpath("//table[@id='packs']//a/@href"))
    assert links == set(page.xpath("//figure//a/@href")) == {"load-420000.html", "load-510000.html"}
    assert {path.name for path in folder.iterdir()} == {"load.html", *links}
    assert page.xpath("//table[@id='packs']/tbody/tr/th/a/text()") == ["湖北省", "四川省"]
    assert not page.xpath("//img"), "a name is text"
    for link in links:
        assert 'href="load.html"' in (folder / link).read_text(encoding="utf-8")


def test_a_page_says_which_notices_it_has_itself() -> None:
    ties = country([[at, (at + 2) % 60] for at in range(60)], ["421000", "510100"])
    pages = draw_pages(ties, "load.html", lang="zh", places={"420000": "湖北省", "510000": "四川省"}, most=40)
    titles = {name: html.document_fromstring(page).findtext(".//title") for name, page in pages}
    assert "2 份文件" in str(titles["load.html"])
    assert "湖北省｜通知" in str(titles["load-420000.html"])
    assert "四川省｜通知" in str(titles["load-510000.html"])
    assert not any("2 份文件" in str(titles[name]) for name in ("load-420000.html", "load-510000.html"))


def test_a_small_graph_is_one_page(ties: Ties) -> None:
    assert [name for name, _ in draw_pages(ties, "x.html", lang="en")] == ["x.html"]


def test_the_same_graph_gives_the_same_pages() -> None:
    assert dict(draw_pages(cities(), most=40, lang="en")) == dict(draw_pages(cities(), most=40, lang="en"))


@pytest.mark.browser
def test_a_unit_is_found_from_the_overview_and_its_figures_are_those_of_the_whole(folder: Path, chrome: Browser) -> None:
    of_all = {one.unit: one for one in standings(cities())}
    with visiting(folder / "load.html", browser=chrome) as visit:
        page = visit.page
        page.fill("#query", "danwei")
        assert (page.locator("#hits a").count(), page.locator("#hits li").last.inner_text()) == (12, "还有 47 个，请多输几个字")
        page.fill("#query", "danwei004")
        assert page.locator("#hits li").count() == 1, "nothing is said where all are shown"
        assert page.locator("#hits a").first.inner_text().startswith("单位004")
        page.keyboard.press("Enter")
        page.wait_for_function("() => window.kgPage?.ready")
        assert page.url.partition("#")[0].endswith("load-420000.html")
        assert page.locator("#panel h2").inner_text() == "单位004"
        loads = {
            one["id"]: one for one in page.evaluate("() => kgPage.loads().map(({ id, relations, bare }) => ({ id, relations, bare }))")
        }
        inside = {unit for unit in of_all if int(unit[5:]) % 2 == 0 and of_all[unit].tasks}
        assert loads.keys() == inside
        assert all(
            (one["relations"], one["bare"]) == (of_all[unit].relations, of_all[unit].relations_without_territories)
            for unit, one in loads.items()
        )
        assert_another_page_is_offered(visit)


def assert_another_page_is_offered(visit: Visit) -> None:
    """A unit of another page has no figures here, for here they would be too small; its own page is one step away."""
    page = visit.page
    page.evaluate("() => kgPage.choose({ unit: 'unit:001' })")
    assert page.locator("#panel .figures").count() == 0
    page.locator("#panel a", has_text="单位001").click()
    page.wait_for_function("() => window.kgPage?.ready && kgPage.state.unit === 'unit:001'")
    assert page.url.partition("#")[0].endswith("load-510000.html")
    page.locator("header a", has_text="总览").click()
    page.wait_for_selector("#packs")
    assert visit.talk == []

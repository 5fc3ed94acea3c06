"""The page in a real browser with the network blocked: what is shown and what can be done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.analysis.load import measure_load
from kg.model import Ties
from kg.views.page import draw_page

from .browser import Visit, visiting
from .test_page import hostile

pytestmark = pytest.mark.browser
READY = "() => window.kgPage && window.kgPage.ready"


@pytest.fixture(scope="module")
def path(ties: Ties, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("页 面") / "page.html"
    file.write_text(draw_page(ties, lang="zh"), encoding="utf-8")
    return file


@pytest.fixture
def visit(path: Path) -> Iterator[Visit]:
    with visiting(path) as opened:
        opened.page.wait_for_function(READY)
        yield opened
        assert opened.talk == []
        assert len(opened.requests) == 1, opened.requests


def search(visit: Visit, words: str) -> list[str]:
    visit.page.fill("#query", words)
    return visit.page.locator("#hits [role=option]").all_inner_texts()


def test_the_picture_is_there_at_once(visit: Visit) -> None:
    places = visit.page.evaluate("() => Object.values(kgPage.network.getPositions()).map(p => p.x + ',' + p.y)")
    assert len(set(places)) == len(places) >= 37
    assert visit.page.locator("#panel tbody tr").count() == 64
    assert "114 项任务" in visit.page.inner_text("#status")


def test_units_nearly_everywhere_are_badges_not_discs(visit: Visit) -> None:
    assert visit.page.locator("#badges button").all_inner_texts() == [
        "荆州开发区管委会 · 87% 的任务",
        "荆州高新区管委会 · 82% 的任务",
        "纪南文旅区管委会 · 82% 的任务",
    ]
    assert "各县市区政府" in visit.page.inner_text("#badges .fixed")
    shown = visit.page.evaluate("() => [...kgPage.view().shown]")
    assert not any("zone" in unit for unit in shown)
    visit.page.check("#universal")
    assert sum("zone" in unit for unit in visit.page.evaluate("() => [...kgPage.view().shown]")) == 3


@pytest.mark.parametrize("words", ["发改", "市发改委", "sfgw", "fgw", "shifagai", "发展和改革"])
def test_search_finds_a_unit_by_characters_initials_and_other_names(visit: Visit, words: str) -> None:
    assert search(visit, words)[0].startswith("市发改委")


def test_a_unit_found_and_clicked_lists_its_tasks(visit: Visit) -> None:
    search(visit, "sfgw")
    visit.page.locator("#hits [role=option]").first.click()
    assert visit.page.inner_text("#panel h2") == "市发改委"
    assert visit.page.locator('#panel .task[data-role="lead"]').count() == 9
    assert visit.page.locator('#panel .task[data-role="share"]').count() == 18
    assert "57" in visit.page.inner_text("#panel .figures")
    assert "上限 163" in visit.page.inner_text("#panel .top")
    first = visit.page.locator("#panel .task details").first
    first.locator("summary").click()
    assert "牵头单位" in first.inner_text()


def test_a_click_on_a_disc_opens_its_panel(visit: Visit) -> None:
    box = visit.page.locator("#map").bounding_box()
    assert box is not None
    spot = visit.page.evaluate(
        "() => kgPage.network.canvasToDOM(kgPage.network.getPositions(['unit:421000-finance'])['unit:421000-finance'])"
    )
    visit.page.mouse.click(box["x"] + spot["x"], box["y"] + spot["y"])
    visit.page.wait_for_function("() => kgPage.state.unit === 'unit:421000-finance'")
    assert visit.page.inner_text("#panel h2") == "市财政局"


def test_search_finds_tasks_by_their_wording(visit: Visit) -> None:
    hits = search(visit, "荆荆高铁")
    assert any("开工建设荆荆高铁" in hit for hit in hits)
    visit.page.keyboard.press("Enter")
    assert visit.page.inner_text("#panel h2") == "市发改委"


def test_a_task_without_lead_says_so(visit: Visit) -> None:
    search(visit, "公交公司")
    visit.page.keyboard.press("Enter")
    assert "原文未写" in visit.page.inner_text("#panel .task")


@pytest.mark.parametrize("section", [None, 1, 4])
def test_loads_of_every_filter_equal_those_of_python(visit: Visit, ties: Ties, section: int | None) -> None:
    if section is not None:
        for at, box in enumerate(visit.page.locator("#sections input").all(), 1):
            if at != section:
                box.uncheck()
    kept = {(task.notice, task.i) for task in ties.tasks if section is None or task.section == section}
    from dataclasses import replace

    part = replace(
        ties,
        tasks=tuple(task for task in ties.tasks if (task.notice, task.i) in kept),
        ties=tuple(tie for tie in ties.ties if (tie.notice, tie.task) in kept),
    )
    here = visit.page.evaluate("() => kgPage.loads().map(u => [u.id, u.led, u.shared, u.relations, u.bare])")
    bare = {load.unit: load.relations for load in measure_load(part, territorial=False)}
    territorial = {unit.id for unit in ties.units if unit.kind in {"territory", "zone"}}
    there = [
        [load.unit, load.led, load.shared, load.relations, None if load.unit in territorial else bare.get(load.unit, 0)]
        for load in measure_load(part)
    ]
    assert here == there


def test_threshold_and_relation_change_the_links(visit: Visit) -> None:
    count = "() => kgPage.view().links.length"
    two = visit.page.evaluate(count)
    visit.page.evaluate("() => { const s = document.querySelector('#least'); s.value = 5; s.dispatchEvent(new Event('input')); }")
    five = visit.page.evaluate(count)
    visit.page.check('[name="relation"][value="lead"]')
    assert two > five > visit.page.evaluate(count)


def test_keys_lead_through_the_ranking_and_back(visit: Visit) -> None:
    visit.page.keyboard.press("]")
    assert visit.page.inner_text("#panel h2") == "市生态环境局"
    visit.page.keyboard.press("]")
    assert visit.page.inner_text("#panel h2") == "市发改委"
    visit.page.keyboard.press("e")
    assert visit.page.evaluate("() => kgPage.state.ego")
    visit.page.keyboard.press("Escape")
    assert visit.page.inner_text("#panel h2") == "负荷排行"
    visit.page.keyboard.press("/")
    assert visit.page.evaluate("() => document.activeElement.id") == "query"


def test_a_link_of_two_units_shows_their_tasks(visit: Visit) -> None:
    visit.page.evaluate("() => kgPage.selectUnit('unit:421000-development-reform')")
    visit.page.locator("#panel table .link", has_text="10 项").click()
    assert visit.page.inner_text("#panel h2") in {"市发改委 与 市经信局", "市经信局 与 市发改委"}
    assert visit.page.locator("#panel .task").count() == 10


def test_what_is_shown_can_be_saved(visit: Visit, tmp_path: Path) -> None:
    from lxml import etree

    for what in ("svg", "units", "links", "png"):
        with visit.page.expect_download() as download:
            visit.page.select_option("#save", what)
        download.value.save_as(tmp_path / what)
    assert "市发改委" in (tmp_path / "svg").read_text(encoding="utf-8")
    etree.parse(str(tmp_path / "svg"))
    table = (tmp_path / "units").read_text(encoding="utf-8-sig").splitlines()
    assert '"市生态环境局","5","4","58","40"' in table
    assert (tmp_path / "png").read_bytes().startswith(b"\x89PNG")


def test_every_control_has_a_name(visit: Visit) -> None:
    unnamed = visit.page.evaluate(
        """() => [...document.querySelectorAll('button, select, input')].filter(e =>
            !(e.textContent.trim() || e.getAttribute('aria-label') || e.closest('label')?.textContent.trim())).length"""
    )
    assert unnamed == 0


@pytest.mark.parametrize(
    ("anchor", "unit"), [("#u=市财政局&least=3&universal=1", "市财政局"), ("#u=nobody&least=nonsense&relation=x", None)]
)
def test_a_deep_link_is_followed_and_nonsense_is_passed_over(path: Path, anchor: str, unit: str | None) -> None:
    with visiting(path, anchor) as opened:
        opened.page.wait_for_function(READY)
        assert opened.page.inner_text("#panel h2") == (unit or "负荷排行")
        assert opened.talk == []


@pytest.mark.parametrize(("width", "height", "scheme"), [(1440, 900, "dark"), (390, 844, "light")], ids=["dark", "phone"])
def test_dark_and_phone_work_too(path: Path, width: int, height: int, scheme: str) -> None:
    with visiting(path, width=width, height=height, scheme=scheme) as opened:
        opened.page.wait_for_function(READY)
        assert opened.page.evaluate("() => document.documentElement.dataset.theme") == scheme
        assert opened.page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
        assert opened.talk == []


def test_hostile_names_run_no_script(ties: Ties, tmp_path: Path) -> None:
    file = tmp_path / "hostile.html"
    file.write_text(draw_page(hostile(ties), lang="zh"), encoding="utf-8")
    with visiting(file) as opened:
        opened.page.wait_for_function(READY)
        opened.page.fill("#query", "img")
        opened.page.keyboard.press("Enter")
        opened.page.evaluate("() => kgPage.svgPicture()")
        table = opened.page.evaluate("() => kgPage.unitTable()")
        assert "\"'=cmd" in table
        assert opened.page.evaluate("() => window.hit") is None
        assert opened.page.locator("img").count() == 0
        assert opened.talk == []

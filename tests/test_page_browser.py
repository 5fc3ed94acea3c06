"""The page in a real browser with the network blocked: what is shown and what can be done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kg.analysis.load import measure_load, standings
from kg.analysis.network import unit_graph
from kg.model import TERRITORIAL, Ties
from kg.views.page import draw_page, page_frame

from .browser import Visit, visiting
from .test_page import HOSTILE, hostile, two_places

pytestmark = pytest.mark.browser
READY = "() => window.kgPage && window.kgPage.ready"
REFORM = "unit:421000-development-reform"


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


def chosen(visit: Visit) -> str:
    return visit.page.inner_text("#panel h2")


def set_least(visit: Visit, least: int) -> None:
    visit.page.evaluate("(n) => { const s = document.querySelector('#least'); s.value = n; s.dispatchEvent(new Event('input')); }", least)


def only_section(visit: Visit, section: int | None) -> None:
    for at, box in enumerate(visit.page.locator("#sections input").all(), 1):
        box.set_checked(section in (None, at))


def part_of(ties: Ties, section: int | None) -> Ties:
    kept = {(task.notice, task.i) for task in ties.tasks if section in (None, task.section)}
    return replace(
        ties,
        tasks=tuple(task for task in ties.tasks if (task.notice, task.i) in kept),
        ties=tuple(tie for tie in ties.ties if (tie.notice, tie.task) in kept),
    )


def search(visit: Visit, words: str) -> list[str]:
    visit.page.fill("#query", words)
    return visit.page.locator("#hits [role=option]").all_inner_texts()


def test_the_picture_is_there_at_once(visit: Visit) -> None:
    places = visit.page.evaluate("() => Object.values(kgPage.network.getPositions()).map(p => p.x + ',' + p.y)")
    assert len(set(places)) == len(places) >= 37
    assert visit.page.locator("#panel tbody:not(.groups) tr").count() == 64
    assert "114 项任务" in visit.page.inner_text("#status")


def test_units_nearly_everywhere_are_badges_not_discs(visit: Visit) -> None:
    assert visit.page.locator("#badges button:not(.group)").all_inner_texts() == [
        "荆州开发区管委会 · 87% 的任务",
        "荆州高新区管委会 · 82% 的任务",
        "纪南文旅区管委会 · 82% 的任务",
    ]
    shown = visit.page.evaluate("() => [...kgPage.view().shown]")
    assert not any("zone" in unit for unit in shown)
    visit.page.check("#universal")
    zones = visit.page.evaluate("() => [...kgPage.view().shown].filter(id => id.includes('zone'))")
    assert len(zones) == 3
    places = visit.page.evaluate("(ids) => Object.values(kgPage.network.getPositions(ids)).map(p => p.y)", zones)
    assert min(abs(one - other) for at, one in enumerate(places) for other in places[:at]) > 90
    assert visit.page.locator("#badges button").count() == 3


def test_a_badge_of_a_unit_opens_its_panel_and_leaves_the_picture_lit(visit: Visit) -> None:
    before = visit.page.evaluate("() => kgPage.edges.get().map(e => e.color?.color)")
    visit.page.locator("#badges button").first.click()
    assert chosen(visit) == "荆州开发区管委会"
    assert visit.page.locator("#panel .task").count() == 99
    assert visit.page.evaluate("() => kgPage.edges.get().map(e => e.color?.color)") == before


def test_a_badge_of_a_collective_reference_lists_the_tasks_that_print_it(visit: Visit) -> None:
    visit.page.locator("#badges .group", has_text="各县市区政府").click()
    assert chosen(visit) == "“各县市区政府”"
    assert visit.page.locator("#panel .task").count() == 91
    visit.page.keyboard.press("Escape")
    listed = visit.page.locator("#panel .groups tr").all_inner_texts()
    assert len(listed) == 5
    assert sum(int(row.split()[-2]) for row in listed) == 111


@pytest.mark.parametrize("words", ["发改", "市发改委", "sfgw", "fgw", "SFGW", "shi fa gai", "发展和改革委员会"])
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


def test_the_ranking_says_what_python_says(visit: Visit, ties: Ties) -> None:
    rows = visit.page.locator("#panel tbody:not(.groups) tr").all()
    here = [[text for text in row.locator("td").all_inner_texts() if text] for row in rows]
    there = [
        [one.rank, one.label, one.led, one.shared, one.relations, one.relations_without_territories, "–".join(map(str, one.interval))]
        for one in standings(ties)
        if one.tasks
    ]
    assert here == [[str(value) for value in row if value is not None] for row in there]


def loads_here(visit: Visit) -> Any:
    return visit.page.evaluate("() => kgPage.loads().map(u => [u.id, u.led, u.shared, u.relations, u.bare])")


def loads_there(part: Ties) -> list[list[str | int | None]]:
    bare = {load.unit: load.relations for load in measure_load(part, territorial=False)}
    territorial = {unit.id for unit in part.units if unit.kind in TERRITORIAL}
    return [
        [load.unit, load.led, load.shared, load.relations, None if load.unit in territorial else bare.get(load.unit, 0)]
        for load in measure_load(part)
    ]


def test_loads_and_links_of_every_filter_equal_those_of_python(visit: Visit, ties: Ties) -> None:
    universal = {one.unit for one in standings(ties) if one.universal}
    for section in (None, 1, 2, 3, 4, 5, 6):
        only_section(visit, section)
        part = part_of(ties, section)
        assert loads_here(visit) == loads_there(part), section
        weights = {frozenset((one, other)): weight for one, other, weight in unit_graph(part).edges(data="weight")}
        for least in range(1, 11):
            set_least(visit, least)
            links = visit.page.evaluate("() => kgPage.view().links.map(l => [l.from, l.to, l.tasks.length])")
            here = {frozenset((one, other)): weight for one, other, weight in links}
            assert here == {pair: weight for pair, weight in weights.items() if weight >= least and not pair & universal}, (section, least)


def test_threshold_and_relation_change_the_links(visit: Visit) -> None:
    count = "() => kgPage.view().links.length"
    two = visit.page.evaluate(count)
    set_least(visit, 5)
    five = visit.page.evaluate(count)
    visit.page.check('[name="relation"][value="lead"]')
    assert two > five > visit.page.evaluate(count)


def test_the_two_relations_together_are_all_shared_tasks(visit: Visit) -> None:
    set_least(visit, 1)
    visit.page.check("#universal")
    tasks = {}
    for relation in ("all", "lead", "share"):
        visit.page.check(f'[name="relation"][value="{relation}"]')
        tasks[relation] = visit.page.evaluate("() => kgPage.view().links.reduce((sum, link) => sum + link.tasks.length, 0)")
    assert tasks["all"] == tasks["lead"] + tasks["share"]
    assert min(tasks.values()) > 0


def test_places_stay_while_filtering(visit: Visit) -> None:
    where = "() => kgPage.network.getPositions()"
    before = visit.page.evaluate(where)
    only_section(visit, 3)
    set_least(visit, 1)
    after = visit.page.evaluate(where)
    both = before.keys() & after.keys()
    assert len(both) > 10
    assert {unit: before[unit] for unit in both} == {unit: after[unit] for unit in both}


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 700), (390, 844)])
@pytest.mark.parametrize("anchor", ["", "#least=1&universal=1", "#u=市发改委&ego=1"], ids=["first", "all", "ego"])
def test_labels_never_collide_or_leave_the_map(path: Path, width: int, height: int, anchor: str) -> None:
    with visiting(path, anchor, width=width, height=height) as opened:
        opened.page.wait_for_function(READY)
        boxes = opened.page.evaluate("() => kgPage.labels().map(label => label.box)")
        assert len(boxes) >= 12
        for at, one in enumerate(boxes):
            for other in boxes[:at]:
                assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        corners = opened.page.evaluate(
            "(boxes) => boxes.flatMap(b => [[b[0], b[1]], [b[2], b[3]]]).map(([x, y]) => kgPage.network.canvasToDOM({ x, y }))", boxes
        )
        map_box = opened.page.locator("#map").bounding_box()
        assert map_box is not None
        assert all(0 <= spot["x"] <= map_box["width"] and 0 <= spot["y"] <= map_box["height"] for spot in corners)


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
    visit.page.evaluate("(unit) => kgPage.choose({ unit })", REFORM)
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
    assert '"市生态环境局","政府部门","5","4","58","40"' in table
    assert '"市发改委","市经信局","10"' in (tmp_path / "links").read_text(encoding="utf-8-sig")
    assert (tmp_path / "png").read_bytes().startswith(b"\x89PNG")


def test_every_control_has_a_name(visit: Visit) -> None:
    unnamed = visit.page.evaluate(
        """() => [...document.querySelectorAll('button, select, input')].filter(e =>
            !(e.textContent.trim() || e.getAttribute('aria-label') || e.closest('label')?.textContent.trim())).length"""
    )
    assert unnamed == 0


ANCHORS = [
    pytest.param("#u=市财政局&least=3&universal=1", "市财政局", id="unit"),
    pytest.param("#u=市发改委&v=市经信局", "市发改委 与 市经信局", id="pair"),
    pytest.param("#group=各县市区政府", "“各县市区政府”", id="collective"),
    pytest.param("#u=nobody&least=nonsense&relation=x&theme=red&sections=9&v=__proto__&group=__proto__", "负荷排行", id="nonsense"),
    pytest.param("#%E0%A4%A&=&&u", "负荷排行", id="broken"),
]


@pytest.mark.parametrize(("anchor", "title"), ANCHORS)
def test_a_deep_link_is_followed_and_nonsense_is_passed_over(path: Path, anchor: str, title: str) -> None:
    with visiting(path, anchor) as opened:
        opened.page.wait_for_function(READY)
        assert chosen(opened) in {title, " 与 ".join(reversed(title.split(" 与 ")))}
        assert opened.talk == []


def test_what_is_chosen_stands_in_the_address_and_comes_back_from_it(path: Path) -> None:
    seen = "() => [[...kgPage.view().shown].sort(), kgPage.state.theme, kgPage.state.colour, document.querySelector('#panel').innerText]"
    with visiting(path) as opened:
        opened.page.wait_for_function(READY)
        only_section(opened, 2)
        set_least(opened, 1)
        opened.page.check('[name="colour"][value="community"]')
        opened.page.evaluate("(unit) => kgPage.choose({ unit })", REFORM)
        opened.page.locator("#panel").focus()
        opened.page.keyboard.press("e")
        opened.page.keyboard.press("d")
        before = opened.page.evaluate(seen)
        opened.page.reload()
        opened.page.wait_for_function(READY)
        assert opened.page.evaluate(seen) == before
        assert before[1:3] == ["dark", "community"]
        assert opened.talk == []


def test_a_pair_that_a_filter_takes_away_says_so(visit: Visit) -> None:
    visit.page.evaluate("(unit) => kgPage.choose({ unit })", REFORM)
    visit.page.locator("#panel table .link", has_text="10 项").click()
    for box in visit.page.locator("#sections input").all():
        box.uncheck()
    assert "没有任务" in visit.page.inner_text("#panel")


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
        for name in HOSTILE:
            opened.page.fill("#query", name)
            opened.page.keyboard.press("Enter")
            assert chosen(opened).startswith(name)
        opened.page.evaluate("() => kgPage.svgPicture()")
        assert "\"'=cmd" in opened.page.evaluate("() => kgPage.unitTable()")
        opened.page.locator("#badges .group").first.click()
        assert opened.page.evaluate("() => window.hit") is None
        assert opened.page.locator("img").count() == 0
        assert opened.talk == []
        assert len(opened.requests) == 1


def test_several_places_are_told_apart_and_filtered(tmp_path: Path) -> None:
    file = tmp_path / "two.html"
    file.write_text(draw_page(two_places(), lang="zh"), encoding="utf-8")
    with visiting(file) as opened:
        opened.page.wait_for_function(READY)
        assert opened.page.locator("#panel tbody tr").count() == 4
        assert opened.page.evaluate("() => kgPage.view().shown.size") == 4, "one shared task is enough where nobody shares two"
        opened.page.locator("#notices input").first.uncheck()
        assert opened.page.locator("#panel tbody tr").count() == 2
        assert "宜昌市" in opened.page.inner_text("#panel tbody")
        assert opened.talk == []


def test_the_page_works_inside_a_notebook_frame(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "notebook.html"
    frame = page_frame(path.read_text(encoding="utf-8"))
    file.write_text(f"<!doctype html><meta charset='utf-8'><body>{frame}</body>", encoding="utf-8")
    with visiting(file) as opened:
        inside = opened.page.frames[-1]
        inside.wait_for_function(READY)
        inside.locator("#panel .link", has_text="市发改委").first.click()
        assert inside.inner_text("#panel h2") == "市发改委"
        assert opened.talk == []

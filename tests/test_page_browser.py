"""The page in a real browser with the network blocked: what is shown and what can be done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from kg.model import Ties
from kg.views.page import draw_page, page_frame

from .browser import Visit, visiting
from .page_ties import HOSTILE, hostile, two_places
from .page_visits import FINANCE, READY, REFORM, address, keep, opened, pick, search, set_least, title

pytestmark = pytest.mark.browser
TASK = "421000-2020-jzbf-1|{}"


@pytest.fixture
def visit(page_file: Path, chrome: Browser) -> Iterator[Visit]:
    with opened(page_file, browser=chrome) as visit:
        yield visit


def click_unit(visit: Visit, unit: str, *, twice: bool = False) -> None:
    box = visit.page.locator("#map").bounding_box()
    assert box is not None
    spot = visit.page.evaluate("(id) => kgPage.network.canvasToDOM(kgPage.network.getPositions([id])[id])", unit)
    mouse = visit.page.mouse
    (mouse.dblclick if twice else mouse.click)(box["x"] + spot["x"], box["y"] + spot["y"])
    visit.page.wait_for_function("(id) => kgPage.state.unit === id", arg=unit)


def test_the_picture_is_there_at_once(visit: Visit) -> None:
    places = visit.page.evaluate("() => Object.values(kgPage.network.getPositions([...kgPage.view().shown])).map(p => p.x + ',' + p.y)")
    assert len(set(places)) == len(places) == 37
    assert visit.page.locator("#panel .ranking tbody tr").count() == 64
    assert visit.page.inner_text("#status").startswith("114 项任务，图上 37/64 个单位、131 条连线")
    painted = visit.page.evaluate(
        """() => { const c = document.querySelector('#map canvas'); const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
            const seen = new Set(); for (let at = 0; at < d.length; at += 4) seen.add(d[at] * 65536 + d[at + 1] * 256 + d[at + 2]); return [...seen]; }"""
    )
    assert {0x862A04, 0xD65A10, 0xF59A3C, 0x0B5CAD} <= set(painted), "the colours of load and of leading"


def test_units_nearly_everywhere_are_badges_not_discs(visit: Visit) -> None:
    badges = visit.page.locator("#badges .unit")
    assert badges.all_inner_texts() == ["荆州开发区管委会 87%", "荆州高新区管委会 82%", "纪南文旅区管委会 82%"]
    assert not any("zone" in unit for unit in visit.page.evaluate("() => [...kgPage.view().shown]"))
    visit.page.check("#universal")
    zones = visit.page.evaluate("() => [...kgPage.view().shown].filter(id => id.includes('zone'))")
    assert len(zones) == 3
    places = visit.page.evaluate("(ids) => Object.values(kgPage.network.getPositions(ids)).map(p => p.y)", zones)
    assert min(abs(one - other) for at, one in enumerate(places) for other in places[:at]) > 90
    assert badges.count() == 0
    assert visit.page.locator("#badges .group").count() == 3


def test_a_badge_of_a_unit_opens_its_panel_and_leaves_the_picture_lit(visit: Visit) -> None:
    colours = "() => kgPage.view().drawn.map(kgPage.linkColour)"
    before = visit.page.evaluate(colours)
    visit.page.locator("#badges .unit").first.click()
    assert title(visit) == "荆州开发区管委会"
    assert visit.page.locator("#panel .task").count() == 99
    assert visit.page.evaluate(colours) == before


def test_a_badge_of_a_collective_reference_lists_the_tasks_that_print_it(visit: Visit) -> None:
    visit.page.locator("#badges .group", has_text="各县市区政府").click()
    assert title(visit) == "“各县市区政府”"
    assert visit.page.locator("#panel .task").count() == 91
    visit.page.keyboard.press("Escape")
    listed = visit.page.locator("#panel .groups tr").all_inner_texts()
    assert len(listed) == 5
    assert sum(int(row.split()[-2]) for row in listed) == 111


@pytest.mark.parametrize("words", ["发改", "市发改委", "sfgw", "fgw", "SFGW", "shi fa gai", "发展和改革委员会"])
def test_search_finds_a_unit_by_characters_initials_and_other_names(visit: Visit, words: str) -> None:
    assert search(visit, words)[0].startswith("市发改委")


def test_search_says_when_nothing_is_found(visit: Visit) -> None:
    assert search(visit, "没有这个单位") == []
    assert "首字母" in visit.page.inner_text("#nothing")


def test_a_unit_found_lists_figures_interval_partners_and_tasks_with_their_clause(visit: Visit) -> None:
    search(visit, "sfgw")
    visit.page.locator("#hits [role=option]").first.click()
    assert title(visit) == "市发改委"
    assert visit.page.locator('#panel .task[data-role="lead"]').count() == 9
    assert visit.page.locator('#panel .task[data-role="share"]').count() == 18
    assert visit.page.locator("#panel .figures b").all_inner_texts() == ["2", "9", "18", "57"]
    top = visit.page.inner_text("#panel .top")
    assert "点名 57，展开县市区 105，上限 163" in top
    assert "不计县区和功能区：32" in top
    assert "发展改革" in top
    first = visit.page.locator("#panel .task details").first
    first.locator("summary").click()
    assert "牵头单位" in first.inner_text()
    visit.page.locator("#panel .more .link").click()
    assert visit.page.locator("#panel .partners tr").count() == 40


def test_a_click_on_a_disc_opens_its_panel_and_lights_its_links(visit: Visit) -> None:
    click_unit(visit, FINANCE)
    assert title(visit) == "市财政局"
    accent = visit.page.evaluate("() => kgPage.view().drawn.filter(l => kgPage.linkColour(l) === '#0b5cad').map(l => [l.from, l.to])")
    assert accent and all(FINANCE in pair for pair in accent)
    assert len(accent) == visit.page.evaluate("(id) => kgPage.view().neighbours.get(id).size", FINANCE)


def test_a_click_on_a_link_lists_its_tasks(visit: Visit) -> None:
    spot = visit.page.evaluate(
        """() => {
            const places = kgPage.network.getPositions();
            const { left, top } = document.querySelector('#map').getBoundingClientRect();
            const links = [...kgPage.view().drawn].sort((one, other) => other.tasks.length - one.tasks.length);
            for (const link of links) for (const part of [0.5, 0.4, 0.6, 0.35, 0.65]) {
                const [a, b] = [places[link.from], places[link.to]];
                const spot = kgPage.network.canvasToDOM({ x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part });
                const [x, y] = [Math.round(left + spot.x), Math.round(top + spot.y)];
                const at = { x: x - left, y: y - top };
                if (!kgPage.network.getNodeAt(at) && kgPage.linkAt(at) === link) return [x, y, link.pair, link.tasks.length];
            }
        }"""
    )
    visit.page.mouse.click(spot[0], spot[1])
    visit.page.wait_for_function("() => kgPage.state.link !== null")
    assert visit.page.evaluate("() => kgPage.state.link") == spot[2]
    assert visit.page.locator("#panel .task").count() == spot[3]
    assert " 与 " in title(visit)


def test_search_finds_tasks_by_their_wording(visit: Visit) -> None:
    assert any("开工建设荆荆高铁" in hit for hit in search(visit, "荆荆高铁"))
    visit.page.keyboard.press("Enter")
    assert title(visit).startswith("任务 ")
    assert "荆荆高铁" in visit.page.inner_text("#panel .wording")
    assert "市发改委" in visit.page.locator("#panel .members").nth(1).inner_text()


def test_a_task_shows_everybody_in_it_and_its_clause_and_lights_its_team(visit: Visit) -> None:
    visit.page.evaluate("(task) => kgPage.choose({ task })", TASK.format(8))
    heads = visit.page.locator("#panel h3").all_inner_texts()
    assert heads == ["牵头单位（1）", "责任单位（16）", "集体称谓", "经集体称谓列入（8，不计入负荷）", "原文条款"]
    assert visit.page.inner_text("#panel blockquote").startswith("(牵头单位:市生态环境局")
    focus = visit.page.evaluate("() => [...kgPage.view().focus]")
    assert ["unit:421000-ecology-environment", 3] in focus
    assert len(focus) == 13, "leads and others that are drawn"
    visit.page.locator("#panel .members .link", has_text="市财政局").click()
    assert title(visit) == "市财政局"


def test_a_task_without_lead_says_so(visit: Visit) -> None:
    search(visit, "公交公司")
    visit.page.keyboard.press("Enter")
    assert "原文未写" in visit.page.locator("#panel .task").first.inner_text()
    visit.page.locator("#panel .task > .link").first.click()
    assert "原文未写" in visit.page.locator("#panel .members").first.inner_text()


def test_lists_of_links_and_tasks_stand_beside_the_ranking(visit: Visit) -> None:
    visit.page.locator("#panel .tabs button", has_text="关系").click()
    rows = visit.page.locator("#panel .pairs tr:not(.more)")
    assert rows.first.inner_text().split() == ["市发改委", "—", "市经信局", "10", "项"]
    visit.page.locator("#panel .more .link").click()
    assert rows.count() == 131
    visit.page.locator("#panel .tabs button", has_text="任务").click()
    assert visit.page.locator("#panel .tasks tr").count() == 114
    visit.page.locator("#panel .tasks .link").nth(7).click()
    assert title(visit) == "任务 8"


@pytest.mark.parametrize(("head", "first"), [("牵头", "市发改委"), ("责任", "市发改委"), ("部门间", "市生态环境局"), ("任务", "市发改委")])
def test_the_ranking_can_be_sorted(visit: Visit, head: str, first: str) -> None:
    visit.page.locator("#panel .ranking").first.locator(".sort", has_text=head).click()
    assert visit.page.locator("#panel .ranking tbody tr").first.locator(".link").inner_text() == first
    assert visit.page.locator('#panel .ranking th[aria-sort="descending"]').first.inner_text().startswith(head)


def test_lead_to_share_is_drawn_with_arrows_and_bends_where_it_goes_both_ways(visit: Visit) -> None:
    pick(visit, "relation", "lead")
    set_least(visit, 1)
    shapes = """() => kgPage.view().drawn.map(link => {
        const [places, { from, middle, head }] = [kgPage.network.getPositions(), kgPage.linkShape(link, kgPage.network.getPositions())];
        const to = places[link.to];
        const bent = Math.hypot(middle.x - (from.x + to.x) / 2, middle.y - (from.y + to.y) / 2);
        return [link.from, link.to, head && Math.hypot(head[0].x - to.x, head[0].y - to.y) / kgPage.radiusOf(kgPage.view().units.get(link.to).tasks.length), bent];
    })"""
    drawn = visit.page.evaluate(shapes)
    pairs = {(one, other) for one, other, _, _ in drawn}
    assert all(1 < tip < 2 for _, _, tip, _ in drawn), "arrows end at the ring of the other unit"
    returned = {(one, other) for one, other in pairs if (other, one) in pairs}
    assert {(one, other) for one, other, _, bent in drawn if bent > 1} == returned != set()
    assert "箭头" in visit.page.inner_text("#legend")
    pick(visit, "relation", "all")
    assert not any(tip or bent > 1 for _, _, tip, bent in visit.page.evaluate(shapes))


def test_places_stay_while_filtering(visit: Visit) -> None:
    where = "() => kgPage.network.getPositions()"
    before = visit.page.evaluate(where)
    keep(visit, "sections", [TASK.format(3)])
    keep(visit, "kinds", ["department"])
    set_least(visit, 1)
    after = visit.page.evaluate(where)
    assert len(after) > 5
    assert after == {unit: before.get(unit, place) for unit, place in after.items()}
    assert len(after.keys() & before.keys()) > 5


def test_the_partners_of_one_unit_are_laid_out_in_rings_by_weight(visit: Visit) -> None:
    before = visit.page.evaluate("() => kgPage.network.getPositions()")
    click_unit(visit, REFORM, twice=True)
    assert visit.page.evaluate("() => kgPage.state.ego")
    near, places = visit.page.evaluate("(id) => [[...kgPage.view().neighbours.get(id)], kgPage.network.getPositions()]", REFORM)
    assert places[REFORM] == {"x": 0, "y": 0}
    xs, ys = (max(abs(places[unit][axis]) for unit, _ in near) for axis in ("x", "y"))
    far = {unit: round(((places[unit]["x"] / xs) ** 2 + (places[unit]["y"] / ys) ** 2) ** 0.5, 1) for unit, _ in near}
    assert len(set(far.values())) > 1
    assert all(far[one] <= far[other] for one, heavy in near for other, light in near if heavy > light)
    assert visit.page.evaluate("() => kgPage.view().shown.size") == len(near) + 1
    visit.page.keyboard.press("e")
    assert visit.page.evaluate("() => kgPage.network.getPositions()") == before


def test_filters_say_how_much_they_keep_and_can_be_emptied_and_filled(visit: Visit) -> None:
    said = visit.page.locator("#kinds-filter summary output")
    assert said.inner_text() == "全部"
    keep(visit, "kinds", ["department", "territory"])
    assert said.inner_text() == "2/11"
    assert visit.page.locator("#reading").is_visible()
    assert visit.page.locator("#panel .ranking tbody tr").count() == 32 + 7
    assert "不在所选类别" in visit.page.inner_text("#status")
    visit.page.locator("#kinds-filter summary").click()
    visit.page.locator("#kinds-filter .none").click()
    assert "没有单位" in visit.page.inner_text("#panel")
    visit.page.locator("#kinds-filter .all").click()
    assert visit.page.locator("#panel .ranking tbody tr").count() == 64
    assert visit.page.locator("#reading").is_hidden()


def test_a_line_of_work_is_a_filter(visit: Visit) -> None:
    keep(visit, "lines", ["finance", "development-reform"])
    rows = visit.page.locator("#panel .ranking tbody tr").all_inner_texts()
    assert [row.split()[1] for row in rows] == ["市发改委", "市财政局"]
    assert rows[0].split()[4] == "57", "those who are not shown are counted"
    pick(visit, "reading", "chosen")
    assert visit.page.locator("#panel .ranking tbody tr td:nth-child(6)").all_inner_texts() == ["2", "2"], "each leads one with the other"


def test_communities_are_an_other_colour(visit: Visit) -> None:
    pick(visit, "colour", "community")
    keys = visit.page.locator("#legend .key").all_inner_texts()
    assert keys[0].startswith("市生态环境局、市住建局")
    assert "其他" in keys
    fills = visit.page.evaluate("() => [...document.querySelectorAll('#panel .glyph')].map(g => g.lastChild.getAttribute('fill'))")
    assert {"#0072B2", "#E69F00", "#009E73"} <= set(fills)


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 700), (390, 844)])
def test_labels_never_collide_or_leave_the_map(page_file: Path, chrome: Browser, width: int, height: int) -> None:
    with opened(page_file, browser=chrome, width=width, height=height) as visit:
        for hash in ("", "least=1&universal=1", "u=市发改委&ego=1", "relation=lead&colour=community"):
            visit.page.evaluate("(hash) => { location.hash = hash; }", hash)
            visit.page.wait_for_timeout(60)
            boxes, corners = visit.page.evaluate(
                """() => { const boxes = kgPage.labels().map(label => label.box);
                    return [boxes, boxes.flatMap(b => [[b[0], b[1]], [b[2], b[3]]]).map(([x, y]) => kgPage.network.canvasToDOM({ x, y }))]; }"""
            )
            assert len(boxes) >= 12
            for at, one in enumerate(boxes):
                for other in boxes[:at]:
                    assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            map_box = visit.page.locator("#map").bounding_box()
            assert map_box is not None
            assert all(0 <= spot["x"] <= map_box["width"] and 0 <= spot["y"] <= map_box["height"] for spot in corners)


def test_a_mark_of_the_matrix_opens_its_task_and_a_name_its_unit(visit: Visit) -> None:
    visit.page.click('#views [data-view="matrix"]')
    assert visit.page.locator("#panel").is_hidden(), "all the room is the matrix's while nothing is chosen"
    row = visit.page.locator('#cells tr[data-unit="unit:421000-ecology-environment"]')
    row.locator("td.lead").first.click()
    assert title(visit) == "任务 7"
    assert visit.page.locator("#cells col.chosen").count() == 1
    visit.page.locator('#cells tr[data-unit="unit:421000-finance"] th').click()
    assert title(visit) == "市财政局"
    assert visit.page.locator("#cells tr.chosen").get_attribute("data-unit") == FINANCE
    row.locator("td.lead").first.hover()
    assert visit.page.inner_text("#tip").startswith("市生态环境局 ● 牵头\n7. ")
    assert visit.page.inner_text("#status").startswith("65 个单位 × 114 项任务；●牵头 111，○责任 492，◐经集体称谓 728")


def test_a_pair_that_a_filter_takes_away_says_so(visit: Visit) -> None:
    visit.page.evaluate("(unit) => kgPage.choose({ unit })", REFORM)
    visit.page.locator("#panel .partners .link", has_text="10 项").click()
    assert title(visit) in {"市发改委 与 市经信局", "市经信局 与 市发改委"}
    assert visit.page.locator("#panel .figures b").all_inner_texts() == ["10", "2", "2", "6"]
    keep(visit, "sections", [])
    assert "没有任务" in visit.page.inner_text("#panel")


def test_hostile_names_run_no_script_anywhere(ties: Ties, tmp_path: Path, chrome: Browser) -> None:
    file = tmp_path / "hostile.html"
    file.write_text(draw_page(hostile(ties), lang="zh"), encoding="utf-8")
    with opened(file, browser=chrome) as visit:
        for name in HOSTILE:
            visit.page.fill("#query", name)
            visit.page.keyboard.press("Enter")
            assert title(visit).startswith(name)
            hash = address(visit)
            visit.page.evaluate("() => kgPage.choose({})")
            assert address(visit) == ""
            visit.page.evaluate("(hash) => { location.hash = hash; }", hash)
            visit.page.wait_for_function("() => kgPage.state.unit !== null")
            assert title(visit).startswith(name)
        visit.page.evaluate("([unit, task]) => { kgPage.choose({ unit }); kgPage.choose({ task }); }", [REFORM, TASK.format(5)])
        visit.page.locator("#badges .group").first.click()
        assert visit.page.inner_text("#panel h2") == f"“{HOSTILE[0]}”"
        for what in ("svgPicture", "unitTable", "linkTable", "taskTable", "matrixTable"):
            visit.page.evaluate("(what) => kgPage[what]()", what)
        assert "\"'=cmd" in visit.page.evaluate("() => kgPage.unitTable()")
        visit.page.keyboard.press("m")
        visit.page.locator("#cells td.lead").first.hover()
        visit.page.locator("#cells td.lead").first.click()
        visit.page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
        visit.page.keyboard.press("Escape")
        for name in ("links", "tasks"):
            visit.page.evaluate("(name) => { kgPage.state.list = name; kgPage.choose({}); }", name)
        assert visit.page.evaluate("() => window.hit") is None
        assert visit.page.locator("img").count() == 0
        assert visit.page.evaluate("() => ({}).polluted === undefined && Object.keys(Object.prototype).length") == 0


def test_several_places_are_told_apart_and_filtered(tmp_path: Path, chrome: Browser) -> None:
    file = tmp_path / "two.html"
    file.write_text(draw_page(two_places(), lang="zh"), encoding="utf-8")
    with opened(file, browser=chrome) as visit:
        assert visit.page.locator("#panel .ranking tbody tr").count() == 4
        assert visit.page.evaluate("() => kgPage.view().shown.size") == 4, "one shared task is enough where nobody shares two"
        visit.page.locator("#notices input").first.uncheck()
        assert visit.page.locator("#panel .ranking tbody tr").count() == 2
        assert "宜昌市" in visit.page.inner_text("#panel .ranking tbody")
        assert visit.page.locator("#sections-filter, #kinds-filter, #levels-filter").evaluate_all("all => all.every(one => one.hidden)")


def test_the_page_speaks_english_too(ties: Ties, tmp_path: Path, chrome: Browser) -> None:
    file = tmp_path / "english.html"
    file.write_text(draw_page(ties, lang="en"), encoding="utf-8")
    with opened(file, browser=chrome) as visit:
        assert visit.page.inner_text("#panel h2") == "Ranking by load"
        assert visit.page.inner_text("#status").startswith("114 tasks; 37 of 64 units and 131 links drawn")
        assert "Development and reform" in (visit.page.locator("#lines").text_content() or "")
        visit.page.keyboard.press("m")
        assert visit.page.locator("#matrix legend").inner_text() == "Rows"


def test_the_page_works_inside_a_notebook_frame(page_file: Path, tmp_path: Path, chrome: Browser) -> None:
    file = tmp_path / "notebook.html"
    frame = page_frame(page_file.read_text(encoding="utf-8"))
    file.write_text(f"<!doctype html><meta charset='utf-8'><body>{frame}</body>", encoding="utf-8")
    with visiting(file, browser=chrome) as visit:
        inside = visit.page.frames[-1]
        inside.wait_for_function(READY)
        inside.locator("#panel .link", has_text="市发改委").first.click()
        assert inside.inner_text("#panel h2") == "市发改委"
        assert visit.talk == []

"""The page for everybody: by keyboard alone, on a phone, in the dark, by link, and without serious findings of axe-core."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from .browser import Visit
from .page_visits import FINANCE, REFORM, address, keep, opened, pick, set_least, title

pytestmark = pytest.mark.browser
ECOLOGY = "unit:421000-ecology-environment"


def focused(visit: Visit) -> str:
    return str(visit.page.evaluate("() => document.activeElement.id || document.activeElement.className || document.activeElement.tagName"))


def test_keys_lead_through_the_ranking_and_back(page_file: Path, chrome: Browser) -> None:
    with opened(page_file, browser=chrome) as visit:
        press = visit.page.keyboard.press
        press("]")
        assert title(visit) == "市生态环境局"
        press("]")
        assert title(visit) == "市发改委"
        press("[")
        press("[")
        assert visit.page.evaluate("() => kgPage.state.unit === kgPage.loads().filter(u => kgPage.view().shown.has(u.id)).at(-1).id")
        press("]")
        press("e")
        assert visit.page.evaluate("() => kgPage.state.ego")
        press("Escape")
        assert title(visit) == "负荷排行"
        assert not visit.page.evaluate("() => kgPage.state.ego")
        scale = visit.page.evaluate("() => kgPage.network.getScale()")
        press("+")
        assert visit.page.evaluate("() => kgPage.network.getScale()") > scale
        press("f")
        assert visit.page.evaluate("() => kgPage.network.getScale()") == pytest.approx(scale)
        press("d")
        assert visit.page.evaluate("() => document.documentElement.dataset.theme") == "dark"
        press("?")
        assert visit.page.locator("#keys").is_visible()
        press("Escape")
        assert visit.page.locator("#keys").is_hidden()


def test_everything_is_reached_with_the_keyboard_alone(page_file: Path, chrome: Browser) -> None:
    with opened(page_file, browser=chrome) as visit:
        press, kind = visit.page.keyboard.press, visit.page.keyboard.type
        press("/")
        assert focused(visit) == "query"
        kind("shengtai")
        press("ArrowDown")
        assert visit.page.get_attribute("#query", "aria-activedescendant") == "hit-0"
        press("Enter")
        assert title(visit) == "市生态环境局"
        assert focused(visit) == "panel", "what was found is read on"
        press("Tab")
        assert focused(visit) == "back"
        press("Tab")
        press("Enter")
        assert title(visit) == "荆州开发区管委会", "the first partner"
        press("Escape")
        press("/")
        kind("czj")
        press("Enter")
        for _ in range(40):
            press("Tab")
            if visit.page.evaluate("() => document.activeElement.tagName") == "SUMMARY":
                break
        press("Enter")
        assert visit.page.locator("#panel details[open] blockquote").is_visible()
        visit.page.focus('#filters [name="relation"]:checked')
        press("ArrowDown")
        assert visit.page.evaluate("() => kgPage.state.relation") == "lead"
        press("Tab")
        press("ArrowRight")
        assert visit.page.evaluate("() => kgPage.state.least") == 3
        visit.page.focus("#save summary")
        press("Enter")
        assert visit.page.locator("#save .drop").is_visible()
        press("Escape")
        assert visit.page.locator("#save .drop").is_hidden()
        assert focused(visit) == "button"
        visit.page.focus("#map")
        where = visit.page.evaluate("() => kgPage.network.getViewPosition()")
        press("ArrowRight")
        assert visit.page.evaluate("() => kgPage.network.getViewPosition().x") > where["x"]


def test_the_matrix_is_walked_with_the_arrow_keys(page_file: Path, chrome: Browser) -> None:
    with opened(page_file, browser=chrome) as visit:
        press = visit.page.keyboard.press
        press("m")
        stops = visit.page.locator('#cells [tabindex="0"]')
        assert stops.count() == 1, "one stop for the tab key"
        stops.focus()
        press("ArrowDown")
        assert visit.page.evaluate("() => document.activeElement.textContent") == "市生态环境局"
        for _ in range(9):
            press("ArrowRight")
        assert visit.page.evaluate("() => document.activeElement.textContent") == "●"
        press("Enter")
        assert title(visit) == "任务 7"
        assert visit.page.evaluate("() => document.activeElement.textContent") == "●", "the keyboard stays in its cell"
        press("Home")
        press("Enter")
        assert title(visit) == "市生态环境局"
        press("End")
        assert visit.page.evaluate("() => document.activeElement.cellIndex") == 3 + 114 - 1
        press("ArrowRight")
        assert visit.page.evaluate("() => document.activeElement.cellIndex") == 3 + 114 - 1
        press("Escape")
        press("m")
        assert visit.page.locator("#map").is_visible()


def test_a_step_goes_from_task_to_task_while_one_is_chosen(page_file: Path, chrome: Browser) -> None:
    with opened(page_file, "#task=421000-2020-jzbf-1%7C114", browser=chrome) as visit:
        visit.page.keyboard.press("]")
        assert title(visit) == "任务 1"
        visit.page.keyboard.press("[")
        assert title(visit) == "任务 114"


ANCHORS = [
    pytest.param("#u=市财政局&least=3&universal=1", "市财政局", id="unit"),
    pytest.param("#u=市发改委&v=市经信局", "市发改委 与 市经信局", id="pair"),
    pytest.param("#group=各县市区政府", "“各县市区政府”", id="collective"),
    pytest.param("#task=421000-2020-jzbf-1%7C8&view=matrix", "任务 8", id="task"),
    pytest.param("#list=tasks", "任务", id="list"),
    pytest.param("#u=nobody&least=nonsense&relation=x&theme=red&sections=9&v=__proto__&group=__proto__", "负荷排行", id="nonsense"),
    pytest.param(
        "#view=constructor&list=toString&kinds=__proto__&task=%00&order=7&reading=&least=1e9", "负荷排行", id="names-of-the-language"
    ),
    pytest.param("#%E0%A4%A&=&&u", "负荷排行", id="broken"),
]


@pytest.mark.parametrize(("anchor", "expected"), ANCHORS)
def test_a_deep_link_is_followed_and_nonsense_is_passed_over(page_file: Path, chrome: Browser, anchor: str, expected: str) -> None:
    with opened(page_file, anchor, browser=chrome) as visit:
        assert title(visit) in {expected, " 与 ".join(reversed(expected.split(" 与 ")))}


SEEN = """() => [[...kgPage.view().shown].sort(), kgPage.view().drawn.map(l => l.key).sort(), kgPage.matrix().units.map(u => u.id),
    { ...kgPage.state, kept: Object.fromEntries(Object.entries(kgPage.state.kept).map(([name, keys]) => [name, [...keys].sort()])) },
    document.querySelector('#panel').innerText, document.querySelector('#status').innerText,
    [...document.querySelectorAll('#filters input, [name="order"]')].map(i => [i.name, i.value, i.checked])]"""


def everything_changed(visit: Visit) -> None:
    keep(visit, "sections", ["421000-2020-jzbf-1|1", "421000-2020-jzbf-1|2"])
    keep(visit, "kinds", ["department", "institution", "enterprise", "zone"])
    keep(visit, "levels", ["municipal"])
    pick(visit, "reading", "chosen")
    pick(visit, "relation", "lead")
    pick(visit, "colour", "community")
    pick(visit, "order", "section")
    set_least(visit, 1)
    visit.page.check("#universal")
    visit.page.evaluate("(unit) => kgPage.choose({ unit })", REFORM)
    visit.page.locator("#panel").focus()
    visit.page.keyboard.press("e")
    visit.page.keyboard.press("d")


def nothing_kept(visit: Visit) -> None:
    keep(visit, "kinds", [])


def matrix_of_a_section(visit: Visit) -> None:
    visit.page.keyboard.press("m")
    keep(visit, "sections", ["421000-2020-jzbf-1|4"])
    pick(visit, "order", "kind")


@pytest.mark.parametrize("change", [everything_changed, nothing_kept, matrix_of_a_section])
def test_what_is_chosen_stands_in_the_address_and_comes_back_from_it(page_file: Path, chrome: Browser, change: object) -> None:
    with opened(page_file, browser=chrome) as visit:
        first = visit.page.evaluate(SEEN)
        change(visit)  # type: ignore[operator]
        before = visit.page.evaluate(SEEN)
        assert before != first
        anchor = address(visit)
    with opened(page_file, anchor, browser=chrome) as visit:
        assert visit.page.evaluate(SEEN) == before


@pytest.mark.parametrize(
    ("anchor", "scheme"),
    [
        ("", "light"),
        ("#u=市发改委&ego=1", "light"),
        ("#view=matrix&task=421000-2020-jzbf-1%7C8&sections=421000-2020-jzbf-1%7C1", "light"),
        ("#list=tasks", "dark"),
    ],
    ids=["overview", "unit", "matrix", "dark"],
)
def test_axe_has_no_serious_finding(page_file: Path, chrome: Browser, anchor: str, scheme: str) -> None:
    if os.environ.get("CI") != "true":
        pytest.importorskip("axe_playwright_python")
    from axe_playwright_python.sync_playwright import Axe

    with opened(page_file, anchor, browser=chrome, scheme=scheme) as visit:
        for details in ("#kinds-filter", "#lines-filter"):
            visit.page.locator(f"{details} summary").click()
        found = Axe().run(visit.page, options={"resultTypes": ["violations"]}).response
        assert {"color-contrast", "button-name", "label"} <= {one["id"] for one in found["passes"]}, "the rules were run"
        serious = [(one["id"], one["impact"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found["violations"]]
        assert [one for one in serious if one[1] in {"serious", "critical"}] == []


def test_every_control_has_a_name(page_file: Path, chrome: Browser) -> None:
    with opened(page_file, browser=chrome) as visit:
        unnamed = visit.page.evaluate(
            """() => [...document.querySelectorAll('button, summary, select, input')].filter(e =>
                !(e.textContent.trim() || e.getAttribute('aria-label') || e.closest('label')?.textContent.trim())).length"""
        )
        assert unnamed == 0


def test_the_page_follows_the_colours_of_the_reader(page_file: Path, chrome: Browser) -> None:
    with opened(page_file, browser=chrome, scheme="dark") as visit:
        assert visit.page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(18, 23, 30)"
        visit.page.click("#theme")
        assert visit.page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert address(visit) == "#theme=light"


def test_a_phone_shows_map_lists_filters_and_matrix(page_file: Path, chrome: Browser) -> None:
    fits = "() => document.documentElement.scrollWidth <= window.innerWidth"
    with opened(page_file, browser=chrome, width=390, height=844) as visit:
        assert visit.page.evaluate(fits)
        assert visit.page.locator("#sections").is_hidden()
        visit.page.click("#filters-open")
        assert visit.page.locator("#sections").is_visible()
        assert visit.page.evaluate(fits)
        visit.page.click("#filters-open")
        box = visit.page.locator("#map").bounding_box()
        assert box is not None
        assert box["y"] < 300 and box["height"] > 350, "the map is on the first screen"
        visit.page.evaluate("(unit) => kgPage.choose({ unit })", FINANCE)
        assert visit.page.evaluate(fits)
        visit.page.click('#views [data-view="matrix"]')
        assert visit.page.evaluate(fits)
        assert visit.page.evaluate("() => document.querySelector('#cells').scrollWidth > document.querySelector('#cells').clientWidth")
        visit.page.click("#save summary")
        menu = visit.page.locator("#save .drop").bounding_box()
        assert menu is not None
        assert menu["x"] >= 0 and menu["x"] + menu["width"] <= 390

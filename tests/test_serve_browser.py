"""The web pages in a real browser: accessible in light and dark, usable on a phone and by keyboard, asking nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from .browser import ARGUMENTS, chromium, follow
from .page_ties import HOSTILE
from .sites import JINGZHOU, app_of, hostile_build, long_build, serving
from .test_serve_pages import GROUP, PAGES, SECTION

pytestmark = pytest.mark.browser
TROUBLE = {"lost": "/unit/421000-finanz", "wrong": "/units?kind=x"}
EVERY = {"home": "/", "filtered": "/units?kind=department&order=tasks", "english": "/unit/421000-finance?lang=en", **PAGES, **TROUBLE}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address(built: Path) -> Iterator[str]:
    with serving(app_of(built)) as one:
        yield one


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(app_of(long_build(tmp_path_factory.mktemp("long") / "out"))) as one:
        yield one


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page without script, as all of ours are."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    opened, talk, asked = context.new_page(), list[str](), list[str]()
    opened.on("console", lambda message: talk.append(f"{message.type}: {message.text}"))
    opened.on("pageerror", lambda error: talk.append(f"error: {error}"))
    opened.on("request", lambda request: asked.append(request.url))
    yield opened
    # The browser itself reports that a page is a 404 or 400.
    assert [said for said in talk if "the server responded with a status of 40" not in said] == []
    assert [url for url in asked if not url.startswith("http://127.0.0.1:")] == []
    context.close()


def faults(page: Page, scheme: str) -> list[tuple[str, str, str]]:
    """What axe-core calls serious or critical; in the dark only colours can differ."""
    options = {"resultTypes": ["violations"], **({"runOnly": ["color-contrast"]} if scheme == "dark" else {})}
    found = Axe().run(page, options=options).response["violations"]
    bad = [one for one in found if one["impact"] in {"serious", "critical"}]
    return [(one["id"], str(node["target"]), node.get("failureSummary", "")) for one in bad for node in one["nodes"][:1]]


@pytest.fixture(scope="module")
def bare(browser: Browser) -> Iterator[Page]:
    """A page without our policy, which forbids script: also that of the tool."""
    context = browser.new_context(locale="zh-CN", bypass_csp=True)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", EVERY)
def test_no_serious_fault_of_access(bare: Page, address: str, name: str, scheme: Literal["light", "dark"]) -> None:
    bare.emulate_media(color_scheme=scheme)
    bare.goto(address + EVERY[name])
    assert faults(bare, scheme) == []


def test_the_tool_would_tell_of_a_fault(bare: Page, address: str) -> None:
    bare.goto(address + "/changes")
    bare.evaluate("document.querySelector('main').innerHTML = '<img src=x><p style=\"color:#ccc;background:#fff\">pale</p>'")
    assert {name for name, *_ in faults(bare, "light")} >= {"image-alt", "color-contrast"}


@pytest.mark.parametrize("name", EVERY)
def test_a_phone_needs_no_sideways_scrolling(page: Page, address: str, name: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(address + EVERY[name])
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_everything_is_styled_by_the_one_sheet(page: Page, address: str) -> None:
    page.goto(address + "/")
    assert page.evaluate("getComputedStyle(document.querySelector('.numbers')).display") == "grid"
    assert page.evaluate("document.styleSheets.length") == 1


def test_by_keyboard_from_the_first_page_to_a_clause(page: Page, address: str) -> None:
    page.goto(address + "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.focus("#q")
    page.keyboard.type("sczj")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=sczj")
    page.focus("table a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/unit/421000-finance")
    assert page.inner_text("h1") == "市财政局"
    page.focus(".of-led tbody a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/task/*")
    page.focus("dl a[href*='#']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/notice/{JINGZHOU}#t*")
    target = page.locator(".line:has(:target)")
    assert target.count() == 1
    assert target.locator("mark").count() >= 1
    outline = page.evaluate("() => { const a = document.querySelector('mark a'); a.focus(); return getComputedStyle(a).outlineStyle; }")
    assert outline in {"solid", "auto"}


def test_the_language_stays_along_the_way(page: Page, address: str) -> None:
    page.goto(address + "/")
    follow(page, "a.other")
    assert page.inner_text("nav [aria-current]") == "Overview"
    follow(page, "nav >> text=Units")
    follow(page, "table a >> nth=0")
    follow(page, ".of-led tbody a >> nth=0")
    assert page.evaluate("document.documentElement.lang") == "en"
    assert "Clause of responsibility" in page.inner_text("main")
    page.fill("#q", "czj")
    follow(page, "form button")
    assert page.evaluate("document.documentElement.lang") == "en"
    follow(page, "a.other")
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert page.input_value("#q") == "czj"


def test_filters_pages_and_parts_are_links(page: Page, long: str) -> None:
    page.goto(long + "/tasks")
    follow(page, ".facets a >> nth=0")
    assert page.locator(".facets [aria-current]").count() == 1
    before = page.inner_text("tbody tr >> nth=0")
    follow(page, ".steps a >> text='2'")
    assert page.inner_text("tbody tr >> nth=0") != before
    assert page.locator(".facets [aria-current]").count() == 1, "the filter stays"
    follow(page, ".facets p a")
    assert page.url == long + "/tasks"
    page.goto(long + "/notices")
    follow(page, "table a >> nth=0")
    follow(page, ".print .steps a >> nth=1")
    assert "list=text" in page.url
    assert page.locator(".print .line").count() > 100


def test_the_picture_and_the_report_run_under_their_own_policies(page: Page, address: str) -> None:
    page.goto(address + "/picture")
    page.wait_for_function("() => window.kgPage && window.kgPage.ready")
    page.goto(address + "/report")
    assert page.evaluate("getComputedStyle(document.querySelector('.numbers')).display") == "grid"
    page.goto(address + "/unit/421000-finance/sheet?lang=en")
    assert page.evaluate("document.documentElement.lang") == "en"


def test_hostile_words_do_nothing(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> None:
    quoted = "%22%3E%3Cscript%3Ewindow.hit%3D1%3C/script%3E'%60%7B%7B7*7%7D%7D"
    # Even without the policy nothing runs: the words are escaped, not only forbidden.
    context = browser.new_context(locale="zh-CN", bypass_csp=True)
    page, asked = context.new_page(), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    with serving(app_of(hostile_build(tmp_path_factory.mktemp("hostile") / "out"))) as address:
        paths = [
            "/",
            "/units",
            "/tasks",
            "/findings",
            f"/notice/{JINGZHOU}",
            f"/section/{SECTION}",
            f"/task/{JINGZHOU}.22",
            f"/group/{GROUP}",
        ]
        for path in [*paths, f"/search?q={quoted}", f"/units?kind={quoted}", f"/unit/{quoted}"]:
            page.goto(address + path)
            assert page.evaluate("window.hit") is None, path
            assert page.locator("img, script").count() == 0, path
        page.goto(address + "/units")
        assert HOSTILE[0] in page.inner_text("table")
        page.goto(address + "/picture")
        page.wait_for_function("() => window.kgPage && window.kgPage.ready")
        assert page.evaluate("window.hit") is None
        assert [url for url in asked if url.endswith("/x") or not url.startswith(address)] == []
    context.close()


def test_pages_print_without_what_only_leads_on(page: Page, address: str, tmp_path: Path) -> None:
    page.goto(address + PAGES["notice"])
    page.emulate_media(media="print")
    assert not page.is_visible(".bar")
    assert not page.is_visible("footer")
    assert page.is_visible("mark >> nth=0")
    assert len(page.pdf()) > 10_000

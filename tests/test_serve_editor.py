"""The editor page in a real browser: with and without script, completion, links, downloads, accessible, nothing asked elsewhere."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from .browser import ARGUMENTS, chromium
from .serving import CROSS, Running, serving

pytestmark = pytest.mark.browser
LABELS = "SELECT ?label WHERE { ?u a kg:Unit ; skos:prefLabel ?label } ORDER BY ?label LIMIT 7"


@pytest.fixture(scope="module")
def server(built: Path) -> Iterator[Running]:
    with serving(built, "--timeout", "20", "--workers", "2") as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        yield opened
        opened.close()


@pytest.fixture(params=["script", "no script"])
def either(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page with script, then one without."""
    context = browser.new_context(locale="en-GB", java_script_enabled=request.param == "script")
    yield context.new_page()
    context.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page with script; nothing may be said on the console, nothing asked elsewhere."""
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900}, accept_downloads=True)
    opened, talk, asked = context.new_page(), list[str](), list[str]()
    opened.on("console", lambda message: talk.append(f"{message.type}: {message.text}"))
    opened.on("pageerror", lambda error: talk.append(f"error: {error}"))
    opened.on("request", lambda request: asked.append(request.url))
    yield opened
    # The browser itself reports that an answer is a 400.
    assert [said for said in talk if "the server responded with a status of 40" not in said] == []
    assert [url for url in asked if not url.startswith("http://127.0.0.1:")] == []
    context.close()


def labels(page: Page) -> list[str]:
    return page.locator("#answer tbody td").all_inner_texts()


def test_a_query_is_run_and_its_address_is_a_link_to_it(server: Running, either: Page) -> None:
    either.goto(server.url + "sparql")
    either.fill("#query", LABELS)
    either.click("#run")
    expect(either.locator("#answer tbody tr")).to_have_count(7)
    found = labels(either)
    assert found == [row["label"]["value"] for row in json.loads(server.sparql(LABELS).body)["results"]["bindings"]]
    address = either.url
    assert "query=SELECT" in address
    either.goto(server.url)
    either.goto(address)
    assert labels(either) == found
    assert either.input_value("#query") == LABELS


def test_a_canned_question_with_a_unit(server: Running, either: Page) -> None:
    either.goto(server.url + "sparql")
    either.click("#questions a[href='/ask?question=tasks-of-unit']")
    either.fill("#p-unit", "市发改委")
    either.click(".canned button")
    expect(either.locator("#answer tbody tr")).to_have_count(27)
    assert either.locator("#answer tbody a").first.get_attribute("href") == "/notice/421000-2020-jzbf-1"
    either.fill("#p-unit", "市发改局")
    either.click(".canned button")
    expect(either.locator("#answer [role=alert]")).to_contain_text("市发改委")


def test_a_misspelt_query_stays_and_the_place_is_marked(server: Running, page: Page) -> None:
    page.goto(server.url + "sparql")
    page.fill("#query", "SELECT * WHERE {\n  ?s ?p\n}")
    page.press("#query", "Control+Enter")
    expect(page.locator("#answer [role=alert]")).to_contain_text("line 3")
    assert page.evaluate("document.getElementById('query').selectionStart") in range(22, 27)


def test_prefixes_and_terms_are_completed_by_keyboard(server: Running, page: Page) -> None:
    page.goto(server.url + "sparql?lang=zh")
    page.fill("#query", "")
    page.locator("#query").press_sequentially("SELECT ?task { ?task a kg:Ta")
    expect(page.locator(".choices li")).not_to_have_count(0)
    first = page.locator(".choices li").first
    expect(first).to_contain_text("kg:Target")
    page.keyboard.press("ArrowDown")
    chosen = page.locator(".choices [aria-selected=true] span").first.inner_text()
    assert page.get_attribute("#query", "aria-activedescendant") == "choice-1"
    page.keyboard.press("Enter")
    assert page.input_value("#query") == f"PREFIX kg: <https://w3id.org/govresp/ns#>\nSELECT ?task {{ ?task a {chosen}"
    # By its Chinese name too, and a variable that is there already.
    page.locator("#query").press_sequentially(" ; 牵头")
    page.locator(".choices li", has_text="kg:ledBy").click()
    assert "kg:ledBy" in page.input_value("#query")
    page.locator("#query").press_sequentially(" ?ta")
    page.keyboard.press("Enter")
    assert page.input_value("#query").endswith("kg:ledBy ?task")
    page.locator("#query").press_sequentially(" kg:")
    page.keyboard.press("Escape")
    expect(page.locator(".choices")).to_have_count(0)
    assert page.evaluate("document.activeElement.id") == "query"
    # Nothing is offered in texts.
    page.locator("#query").press_sequentially(' "kg:Ta')
    expect(page.locator(".choices")).to_have_count(0)


def test_names_of_units_are_offered(server: Running, page: Page) -> None:
    page.goto(server.url + "ask?question=tasks-of-unit")
    page.locator("#p-unit").press_sequentially("发改")
    expect(page.locator("#p-unit-list option")).not_to_have_count(0)
    assert page.locator("#p-unit-list option").first.get_attribute("value") == "市发改委"
    page.fill("#p-unit", '"')
    page.fill("#p-unit", "\\")
    page.wait_for_timeout(400)


def test_every_form_can_be_downloaded(server: Running, page: Page) -> None:
    page.goto(server.url + "sparql?" + urlencode({"query": LABELS}))
    names = []
    for link in page.locator(".downloads a").all():
        with page.expect_download() as download:
            link.click()
        names.append(download.value.suggested_filename)
        content = Path(download.value.path()).read_text(encoding="utf-8")
        assert "市" in content
        if names[-1].endswith(".csv"):
            assert [row[0] for row in csv.reader(io.StringIO(content))][1:] == labels(page)
    assert names == ["answer.csv", "answer.tsv", "answer.json", "answer.xml"]
    page.goto(server.url + "sparql?" + urlencode({"query": "DESCRIBE <https://w3id.org/govresp/id/notice/421000-2020-jzbf-1>"}))
    assert page.locator(".downloads a").all_inner_texts() == ["Turtle", "N-Triples", "JSON-LD", "RDF/XML"]
    assert "kg:Notice" in page.inner_text("#answer pre")


def test_a_query_can_be_stopped(server: Running, page: Page) -> None:
    page.goto(server.url + "sparql")
    page.fill("#query", CROSS)
    page.click("#run")
    expect(page.locator("#stop")).to_be_visible()
    page.click("#stop")
    expect(page.locator("#answer [role=alert]")).to_contain_text("stopped")
    expect(page.locator("#run")).to_be_enabled()


def test_a_query_too_long_for_an_address_is_posted(server: Running, page: Page) -> None:
    page.goto(server.url + "sparql")
    page.fill("#query", "#" + "长" * 9_000 + "\n" + LABELS)
    page.click("#run")
    expect(page.locator("#answer tbody tr")).to_have_count(7)


def test_a_query_in_the_hash_is_taken(server: Running, page: Page) -> None:
    page.goto(server.url + "sparql#query=" + quote("ASK { ?a ?b ?c }"))
    assert page.input_value("#query") == "ASK { ?a ?b ?c }"


HOSTILE = "</textarea><script>alert(1)</script><img src=x onerror=alert(1)>\"'`{{7*7}}"


@pytest.mark.parametrize(
    ("address", "open_"),
    [
        pytest.param("ask?" + urlencode({"question": "tasks-of-unit", "unit": "市财证局"}), False, id="a misspelt unit"),
        pytest.param("ask?" + urlencode({"question": "pairs", "least": "x"}), False, id="a value that does not fit"),
        pytest.param("ask?question=lod", False, id="no such question"),
        pytest.param("sparql?query=ASK", True, id="a misspelt query is mended where it stands"),
        pytest.param("ask?question=tasks-of-unit", True, id="nothing went wrong"),
    ],
)
def test_what_went_wrong_is_seen_without_scrolling(server: Running, page: Page, address: str, open_: bool) -> None:
    page.set_viewport_size({"width": 1200, "height": 800})
    page.goto(server.url + address)
    assert page.eval_on_selector("details.own", "one => one.open") is open_
    if page.locator("[role=alert]").count():
        expect(page.locator("[role=alert]")).to_be_in_viewport()


def test_hostile_words_stay_words(server: Running, page: Page) -> None:
    page.on("dialog", lambda _: pytest.fail("a script ran"))
    literal = json.dumps(HOSTILE)
    query = f"SELECT ?x ?y WHERE {{ BIND({literal} AS ?x) BIND(IRI('javascript:alert(1)') AS ?y) }}"
    page.goto(server.url + "sparql?" + urlencode({"query": query}))
    assert labels(page) == [HOSTILE, "javascript:alert(1)"]
    assert page.locator("#answer td a").count() == 0
    assert page.input_value("#query") == query
    page.goto(server.url + "ask?" + urlencode({"question": "tasks-of-unit", "unit": HOSTILE}))
    assert page.input_value("#p-unit") == HOSTILE
    page.goto(server.url + "ask?" + urlencode({"question": HOSTILE}))
    assert "alert(1)" in page.inner_text("#answer")
    page.goto(server.url + "sparql?" + urlencode({"query": "ASK {}", HOSTILE: "x"}))
    page.goto(server.url + "sparql?" + urlencode({"query": "ASK {}", "lang": HOSTILE}))
    assert page.inner_text("#answer .sentence") == "yes"


ADDRESSES = {
    "empty": "sparql",
    "rows": "ask?question=load",
    "question": "ask?" + urlencode({"question": "tasks-of-unit", "unit": "市发改委"}),
    "error": "sparql?query=ASK",
    "triples": "sparql?" + urlencode({"query": "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 9"}),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES.keys())
def test_no_serious_fault_of_access(server: Running, browser: Browser, address: str, scheme: Literal["light", "dark"]) -> None:
    # Our policy forbids script, also that of the tool.
    context = browser.new_context(bypass_csp=True, color_scheme=scheme, viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.goto(server.url + address)
    if address == "sparql":
        opened.fill("#query", "SELECT * { ?s a ")
        opened.locator("#query").press_sequentially("kg:")
        expect(opened.locator(".choices")).to_be_visible()
    found = Axe().run(opened, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(one["id"], str(one["nodes"][0]["target"]), one["help"]) for one in found if one["impact"] in {"serious", "critical"}] == []
    context.close()


def test_a_phone_is_wide_enough(server: Running, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    opened = context.new_page()
    for address in ADDRESSES.values():
        opened.goto(server.url + address)
        assert opened.evaluate("document.documentElement.scrollWidth") <= 390, address
    context.close()

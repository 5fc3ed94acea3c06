"""The web pages of a build: the same figures in every form, statuses, caches, parameters, nothing dead and nothing too large."""

from __future__ import annotations

import csv
import gc
import io
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

import httpx
import pyoxigraph
import pytest
from lxml import html
from starlette.routing import Route

from kg.analysis.load import overview, standings
from kg.analysis.partners import partners
from kg.graph.iris import PREFIXES, curie
from kg.graph.ties import read_ties
from kg.model import TERRITORIAL, Role
from kg.serve import pages_files
from kg.serve.pages import ENTITIES, KINDS, routes
from kg.serve.site import Site, open_site

from .page_ties import HOSTILE
from .sites import JINGZHOU, app_of, hostile_build, long_build, many_build, seed_build, serving

SECTION, GROUP = f"{JINGZHOU}.s1", "421000-counties-1998"
PAGES = {
    "overview": "/overview",
    "notices": "/notices",
    "notice": f"/notice/{JINGZHOU}",
    "section": f"/section/{SECTION}",
    "tasks": "/tasks",
    "task": f"/task/{JINGZHOU}.22",
    "units": "/units",
    "unit": "/unit/421000-finance",
    "groups": "/groups",
    "group": f"/group/{GROUP}",
    "findings": "/findings",
    "lines": "/lines",
    "kinds": "/kinds",
    "changes": "/changes",
    "search": "/search?q=czj",
}
"""One page of every kind; a test holds that none is left out."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return seed_build(tmp_path_factory.mktemp("图 谱") / "out")


@pytest.fixture(scope="module")
def site(folder: Path) -> Site:
    return open_site(folder)


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[httpx.Client]:
    with serving(app_of(folder)) as address, httpx.Client(base_url=address, timeout=60) as one:
        yield one


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with serving(app_of(long_build(tmp_path_factory.mktemp("long") / "out"))) as address, httpx.Client(base_url=address, timeout=60) as one:
        yield one


def with_ending(path: str, form: str) -> str:
    stem, mark, query = path.partition("?")
    return f"{stem}.{form}{mark}{query}"


def document(client: httpx.Client, path: str) -> dict[str, Any]:
    answer = client.get(with_ending(path, "json"))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def tree(client: httpx.Client, path: str) -> Any:
    answer = client.get(path, headers={"accept": "text/html"})
    assert answer.status_code == 200, answer.text
    return html.document_fromstring(answer.content, parser=html.HTMLParser(encoding="utf-8"))


def ids(rows: list[dict[str, Any]], column: str) -> list[str]:
    return [row[column]["id"] for row in rows]


def test_every_kind_of_page_is_tried() -> None:
    assert list(PAGES) == [kind.name for kind in KINDS]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("lang", ["", "en", "zh"])
def test_a_page_says_the_same_in_every_form(client: httpx.Client, name: str, lang: str) -> None:
    path = PAGES[name] + (("&" if "?" in PAGES[name] else "?") + f"lang={lang}" if lang else "")
    found, page = document(client, path), tree(client, path)
    assert page.get("lang") == {"": "zh-CN", "zh": "zh-CN", "en": "en"}[lang]
    assert found["lang"] == (lang or "zh")
    assert page.xpath("string(//h1)") == found["title"]
    assert page.xpath("string(//title)").startswith(found["title"])
    values = [text.replace(",", "") for text in page.xpath("//ul[@class='numbers']/li/*[1]/text()")]
    assert values == [str(value) for value in found["numbers"].values()]
    shown = {block.get("class").removeprefix("of-"): block for block in page.xpath("//table")}
    assert set(shown) == {key for key, some in found["lists"].items() if some["rows"]}
    for key, some in found["lists"].items():
        assert some["total"] >= len(some["rows"])
        if key not in shown:
            continue
        rows = shown[key].xpath(".//tbody/tr")
        assert len(rows) == len(some["rows"])
        for row, values_of in zip(rows, some["rows"], strict=True):
            assert [written(cell) for cell in row.xpath("./td|./th")] == [as_words(value, lang) for value in values_of.values()]


def written(cell: Any) -> str:
    return str(cell.text_content()).strip()


def as_words(value: Any, lang: str) -> str:
    """A value of the JSON form as the page writes it."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return str(value["label"]).strip()
    if isinstance(value, list):
        if value and all(isinstance(one, int) for one in value):
            return "–".join(f"{one:,}" for one in value)
        return (", " if lang == "en" else "、").join(as_words(one, lang) for one in value)
    if isinstance(value, float):
        return f"{value:,.2f}"
    if isinstance(value, int):
        # Years and positions in the text (up to 13,089 here) stand without a comma; no count of the seed is as large.
        return str(value) if 1000 <= value < 14_000 else f"{value:,}"
    return str(value).strip()


@pytest.mark.parametrize("name", PAGES)
def test_the_csv_of_every_table_holds_its_rows(client: httpx.Client, name: str) -> None:
    found = document(client, PAGES[name])
    for key, some in found["lists"].items():
        path = with_ending(PAGES[name], "csv")
        answer = client.get(path, params={**dict(parse_qsl(urlsplit(path).query)), "list": key})
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert answer.content.startswith(b"\xef\xbb\xbf"), "the mark that spreadsheets want"
        heads, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
        assert len(rows) == some["total"]
        for row, values in zip(rows, some["rows"], strict=False):
            assert row[: len(values)] == [as_cell(value) for value in values.values()]
            named = [value["id"] for value in values.values() if isinstance(value, dict) and value.get("id")]
            if len(heads) > len(values):
                assert row[-1] in named


def as_cell(value: Any) -> str:
    if isinstance(value, list) and value and all(isinstance(one, int) for one in value):
        return "–".join(map(str, value))
    if isinstance(value, int | float):
        return str(value)
    return as_words(value, "")


def test_the_figures_of_the_overview_are_pythons(client: httpx.Client, site: Site) -> None:
    found, figures = document(client, "/overview"), overview(site.ties)
    assert found["numbers"] == {
        "notices": 1,
        "tasks": figures.tasks,
        "units": figures.units,
        "relations": figures.relations_total / 2,
        "findings": len(site.ties.findings),
    }
    bodies = [one for one in standings(site.ties) if one.kind not in TERRITORIAL]
    assert ids(found["lists"]["ranking"]["rows"], "unit") == [one.unit for one in bodies[:20]]
    assert found["lists"]["ranking"]["total"] == len(bodies)


def ask(site: Site, where: str) -> set[tuple[str, ...]]:
    rows = site.store.query(where, prefixes=PREFIXES)
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    return {tuple(curie(value.value) for value in row if isinstance(value, pyoxigraph.NamedNode)) for row in rows}


def test_every_unit_page_has_the_tasks_that_sparql_finds(client: httpx.Client, site: Site) -> None:
    led = ask(site, "SELECT ?u ?t WHERE { ?t kg:ledBy ?u }")
    shared = ask(site, "SELECT ?u ?t WHERE { ?t kg:sharedWith ?u FILTER NOT EXISTS { ?t kg:ledBy ?u } }")
    known = partners(site.ties)
    for one in standings(site.ties):
        found = document(client, f"/unit/{one.unit.partition(':')[2]}")
        lists = found["lists"]
        assert set(ids(lists["led"]["rows"], "item")) == {task for unit, task in led if unit == one.unit}
        mine = {task for unit, task in shared if unit == one.unit}
        assert lists["shared"]["total"] == len(mine) == found["numbers"]["shared"]
        assert set(ids(lists["shared"]["rows"], "item")) <= mine
        assert found["numbers"]["relations"] == one.relations
        if one.partners:
            assert sum(row["relations"] for row in lists["partners"]["rows"]) == one.relations
            assert ids(lists["partners"]["rows"], "unit") == [two.unit for two in known[one.unit]]
        if "years" in lists:
            assert sum(row["led"] for row in lists["years"]["rows"]) == one.led


def test_every_task_page_has_the_parties_of_the_record_and_of_sparql(client: httpx.Client, site: Site) -> None:
    leads = ask(site, "SELECT ?t ?u WHERE { ?t kg:assignment ?a . ?a kg:role kgv:lead ; kg:party ?u }")
    through = ask(site, "SELECT ?t ?u WHERE { { ?t kg:ledThroughGroup ?u } UNION { ?t kg:sharedThroughGroup ?u } }")
    for task in site.record(JINGZHOU)["tasks"]:
        name = f"task:{JINGZHOU}.{task['i']}"
        found = document(client, f"/task/{JINGZHOU}.{task['i']}")
        rows = found["lists"]["parties"]["rows"]
        assert [(row["printed"], row["start"], row["end"]) for row in rows] == [
            (a["printed"], a["start"], a["end"]) for a in task["assignments"]
        ]
        assert {row["party"]["id"] for row in rows if row["role"] == "牵头"} == {unit for one, unit in leads if one == name}
        reached = {row["party"]["id"] for row in found["lists"].get("reached", {"rows": []})["rows"]}
        assert reached == {unit for one, unit in through if one == name} - {row["party"]["id"] for row in rows}
        assert found["prose"] == [task["text"]]
        assert found["text"]["printed"] == task["clause"]["printed"]
        assert found["facts"]["rule"], "which rule read it"


def test_a_notice_page_is_the_whole_text_with_every_clause_and_unit(client: httpx.Client, site: Site) -> None:
    page, record = tree(client, f"/notice/{JINGZHOU}"), site.record(JINGZHOU)
    lines = [line.text_content() for line in page.xpath("//section[contains(@class, 'print')]//div[contains(@class, 'line')]/p")]
    assert lines == [line for line in site.text(JINGZHOU).split("\n") if line.strip()]
    assert [mark.text_content() for mark in page.xpath("//mark")] == [task["clause"]["printed"] for task in record["tasks"]]
    links = [(a.text_content(), unquote(a.get("href"))) for a in page.xpath("//mark//a")]
    assert links == [(a["printed"], "/" + a["unit"].replace(":", "/", 1)) for task in record["tasks"] for a in task["assignments"]]
    anchors = set(page.xpath("//@id"))
    assert {f"t{task['i']}" for task in record["tasks"]} | {f"s{at}" for at in range(1, 7)} <= anchors
    assert len(anchors) == len(page.xpath("//@id")), "no id twice"
    notes = page.xpath("//ul[@class='notes']/li")
    assert len(notes) == len(site.ties.findings)
    assert document(client, f"/notice/{JINGZHOU}")["text"]["printed"] == "\n".join(lines)


def test_places_lead_to_where_the_text_has_them(client: httpx.Client) -> None:
    for path in ("/findings", f"/task/{JINGZHOU}.66", f"/section/{SECTION}"):
        places = [href for href in tree(client, path).xpath("//a/@href") if "#" in href and href.startswith("/notice/")]
        assert places
        for place in places:
            target, _, anchor = place.partition("#")
            assert tree(client, target).xpath(f"//*[@id='{anchor}']"), place


@pytest.mark.parametrize("name", ENTITIES)
def test_an_entity_in_turtle_is_a_part_of_the_graph(client: httpx.Client, site: Site, name: str) -> None:
    answer = client.get(with_ending(PAGES[name], "ttl"))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/turtle; charset=utf-8")
    triples = {quad.triple for quad in pyoxigraph.parse(answer.content, format=pyoxigraph.RdfFormat.TURTLE)}
    assert triples <= {quad.triple for quad in site.store}
    node = pyoxigraph.NamedNode(document(client, PAGES[name])["iri"])
    assert {quad.triple for quad in site.store.quads_for_pattern(node, None, None)} <= triples


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        pytest.param("", "text/html", id="nothing said"),
        pytest.param("*/*", "text/html", id="curl"),
        pytest.param("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html", id="a browser"),
        pytest.param("application/json", "application/json", id="json"),
        pytest.param("text/csv;q=0.9, text/html;q=0.1", "text/csv", id="csv rather than a page"),
        pytest.param("text/turtle", "text/turtle", id="turtle"),
        pytest.param("application/n-triples", "application/n-triples", id="n-triples"),
        pytest.param("application/ld+json", "application/ld+json", id="json-ld"),
    ],
)
def test_an_entity_comes_in_the_form_that_is_wanted(client: httpx.Client, accept: str, media: str) -> None:
    answer = client.get("/unit/421000-finance", headers={"accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media
    assert "Accept" in answer.headers["vary"]
    wanted = client.get("/id/unit:421000-finance", headers={"accept": accept})
    assert wanted.status_code == 303
    led = client.get(wanted.headers["location"], headers={"accept": accept})
    assert led.headers["content-type"].partition(";")[0] == media


@pytest.mark.parametrize("name", [name for name in PAGES if name not in ENTITIES])
def test_a_list_has_no_turtle(client: httpx.Client, name: str) -> None:
    assert client.get(PAGES[name], headers={"accept": "text/turtle"}).status_code == 406
    assert client.get(with_ending(PAGES[name], "ttl")).status_code == 404


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        pytest.param("/unit/421000-finanz", 404, "市财政局", id="an id misspelt: the nearest unit"),
        pytest.param("/unit/市财政厅", 404, "市财政局", id="a name misspelt"),
        pytest.param("/task/421000-2020-jzbf-1.999", 404, "相近", id="a task too many"),
        pytest.param("/task/421000-2020-jzbf-1.0", 404, "相近", id="tasks count from 1"),
        pytest.param("/task/421000-2020-jzbf-1.²", 404, "相近", id="a digit that is no number"),
        pytest.param("/task/x", 404, "没有", id="no such notice"),
        pytest.param("/notice/421000-2020-jzbf-2", 404, "荆政办发〔2020〕1号", id="a notice misspelt"),
        pytest.param("/section/421000-2020-jzbf-1.s99", 404, "没有", id="a section too many"),
        pytest.param("/group/421000-counties", 404, "各县市区政府", id="a group misspelt"),
        pytest.param("/nowhere/at/all", 404, "没有", id="no such page"),
        pytest.param("/id/unit", 404, "/id/unit:", id="an identity without its end"),
        pytest.param("/id/person:x", 404, "/id/unit:", id="a kind without pages"),
        pytest.param("/unit/x/sheet", 404, "没有", id="a sheet of no unit"),
        pytest.param("/notice/x/text", 404, "没有", id="a text of no notice"),
        pytest.param("/units?kind=ministry", 400, "department", id="a kind that there is not: those there are"),
        pytest.param("/units?sort=name", 400, "order", id="a parameter misspelt"),
        pytest.param("/units?kind=zone&kind=court", 400, "kind", id="a parameter given twice"),
        pytest.param("/units?page=0", 400, "page", id="pages count from 1"),
        pytest.param("/units?page=2", 400, "1–1", id="a page too many"),
        pytest.param("/units?page=x", 400, "page", id="no number"),
        pytest.param("/units?page=99999999999999999999", 400, "page", id="a number too long"),
        pytest.param("/units?list=tasks", 400, "units", id="a table that the page has not"),
        pytest.param("/unit/421000-finance?list=changes&page=1", 400, "led", id="a table that this unit has not"),
        pytest.param("/units?lang=fr", 400, "zh, en", id="a language that is not spoken"),
        pytest.param("/search?q=" + "x" * 300, 400, "200", id="a search too long"),
        pytest.param("/report?page=1", 400, "lang", id="a file with a parameter"),
    ],
)
def test_what_is_wrong_is_said(client: httpx.Client, path: str, status: int, told: str) -> None:
    answer = client.get(path, headers={"accept": "text/html"})
    assert answer.status_code == status
    page = html.document_fromstring(answer.content, parser=html.HTMLParser(encoding="utf-8"))
    assert page.get("lang") == "zh-CN"
    assert told in page.xpath("string(//main)")
    if not path.startswith("/unit/421000-finance?"):
        assert page.xpath("string(//h1)")
    as_json = client.get(path, headers={"accept": "application/json"})
    assert as_json.status_code == status
    if as_json.headers["content-type"] == "application/json":
        assert {"status", "message", "nearest"} == as_json.json().keys()


def test_an_address_leads_on_where_it_nearly_fits(client: httpx.Client) -> None:
    for path, to in (
        ("/unit/市财政局", "/unit/421000-finance"),
        ("/unit/市财政局.json", "/unit/421000-finance.json"),
        ("/units/", "/units"),
        ("/unit/市财政局?lang=en", "/unit/421000-finance?lang=en"),
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["location"]) == (307, to)


@pytest.mark.parametrize("path", [*PAGES.values(), "/", "/static/site.css", "/openapi.json", "/picture", f"/notice/{JINGZHOU}/text"])
def test_what_a_client_has_is_not_sent_again(client: httpx.Client, path: str) -> None:
    first = client.get(path)
    assert first.headers["etag"]
    again = client.get(path, headers={"if-none-match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert client.get(path, headers={"if-none-match": '"other"'}).status_code == 200
    assert client.get(path, headers={"if-modified-since": first.headers["last-modified"]}).status_code == 304
    assert client.get(path, headers={"if-modified-since": "Mon, 01 Jan 2001 00:00:00 GMT"}).status_code == 200
    assert client.get(path, headers={"if-modified-since": "yesterday"}).status_code == 200
    head = client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(first.content))
    assert client.post(path).status_code == 405


def test_each_language_and_form_has_a_mark_of_its_own(client: httpx.Client) -> None:
    asked = [
        ("/units", {}),
        ("/units?lang=en", {}),
        ("/units.json", {}),
        ("/units", {"accept": "application/json"}),
        ("/units", {"accept-language": "en"}),
    ]
    assert len({client.get(path, headers=headers).headers["etag"] for path, headers in asked}) == len(asked)


def test_pages_of_a_table_make_the_whole(long: httpx.Client) -> None:
    first = document(long, "/tasks")["lists"]["tasks"]
    assert first["pages"] == 20
    seen = [row["item"]["id"] for page in range(1, 21) for row in document(long, f"/tasks?page={page}")["lists"]["tasks"]["rows"]]
    assert len(seen) == len(set(seen)) == first["total"] == 960
    assert 'rel="next"' in long.get("/tasks.json").headers["link"]
    assert "link" not in long.get("/tasks.json?page=20").headers
    assert tree(long, "/tasks?page=3").xpath("//ul[@class='steps']//a[@aria-current]/text()") == ["3"]
    assert len(long.get("/tasks.csv").text.splitlines()) == 961, "a CSV is whole"


def test_a_long_notice_comes_in_parts_that_make_the_whole(long: httpx.Client) -> None:
    notice = document(long, "/notices")["lists"]["notices"]["rows"][0]["notice"]["href"]
    parts = [document(long, f"{notice}?list=text&page={page}")["text"] for page in (1, 2)]
    assert parts[0]["pages"] == 2
    whole = long.get(f"{notice}/text").text
    assert "\n".join(part["printed"] for part in parts) == "\n".join(line for line in whole.split("\n") if line.strip())
    last = document(long, "/tasks?page=18")["lists"]["tasks"]["rows"][-1]["item"]["href"]
    (place,) = [href for href in tree(long, last).xpath("//dl//a/@href") if "#" in href]
    assert "page=2" in place
    assert tree(long, place.partition("#")[0]).xpath(f"//*[@id='{place.partition('#')[2]}']")


def test_no_page_is_larger_than_a_megabyte(long: httpx.Client) -> None:
    notice = document(long, "/notices")["lists"]["notices"]["rows"][0]["notice"]["href"]
    unit = document(long, "/units")["lists"]["units"]["rows"][0]["unit"]["href"]
    paths = ("/", "/tasks", "/units", "/findings", "/groups", "/search?q=工程", notice, f"{notice}?list=text&page=2", unit)
    for path in paths:
        for form in ("", ".json"):
            address = with_ending(path if path != "/" else "/overview", form[1:]) if form else path
            assert len(long.get(address).content) < 1_000_000, address


def test_a_unit_has_its_years_and_changes(long: httpx.Client) -> None:
    merged = document(long, long.get("/unit/市产业局").headers["location"])
    assert [row["year"] for row in merged["lists"]["years"]["rows"]] == [2024]
    (change,) = merged["lists"]["changes"]["rows"]
    assert (change["day"], change["change"]) == ("2024-03-01", "合并")
    assert {one["label"] for one in change["before"]} == {"市甲产业局", "市乙产业局"}
    assert [one["label"] for one in change["after"]] == ["市产业局"]
    both = document(long, long.get("/unit/市财政局").headers["location"])["lists"]["years"]["rows"]
    assert [row["year"] for row in both] == [2023, 2024]
    assert len(document(long, "/changes")["lists"]["changes"]["rows"]) == 1


def test_filters_leave_what_python_leaves(client: httpx.Client, site: Site) -> None:
    every = standings(site.ties)
    units = {unit.id: unit for unit in site.ties.units}
    for kind in {one.kind for one in every}:
        found = document(client, f"/units?kind={kind}")["lists"]["units"]
        assert ids(found["rows"], "unit") == [one.unit for one in every if one.kind == kind]
    for line in {line for unit in units.values() for line in unit.lines}:
        assert set(ids(document(client, f"/units?line={line}")["lists"]["units"]["rows"], "unit")) == {
            u.id for u in units.values() if line in u.lines
        }
    led = {(tie.notice, tie.task) for tie in site.ties.ties if tie.role is Role.LEAD}
    none = document(client, "/tasks?lead=none")["lists"]["tasks"]
    assert ids(none["rows"], "item") == [f"task:{t.notice}.{t.i}" for t in site.ties.tasks if (t.notice, t.i) not in led]
    for code in {one.code for one in site.ties.findings}:
        assert document(client, f"/findings?code={code}")["lists"]["findings"]["total"] == sum(
            one.code == code for one in site.ties.findings
        )
    ordered = document(client, "/units?order=tasks")["lists"]["units"]["rows"]
    assert [row["led"] + row["shared"] for row in ordered] == sorted((one.tasks for one in every), reverse=True)


def test_counts_beside_filters_are_what_the_filter_leaves(client: httpx.Client) -> None:
    for path in ("/units", "/tasks", "/findings", "/units?kind=department"):
        for choice in tree(client, path).xpath("//section[@class='facets']//li/a[span]"):
            if choice.get("aria-current"):
                continue
            found = document(client, choice.get("href"))["lists"]
            assert next(iter(found.values()))["total"] == int(choice.xpath("string(span)")), choice.get("href")


@pytest.mark.parametrize(
    ("query", "unit"),
    [
        pytest.param("市财政局", "市财政局", id="its name"),
        pytest.param("财政", "市财政局", id="a part of it"),
        pytest.param("shicaizhengju", "市财政局", id="full pinyin"),
        pytest.param("SCZJ", "市财政局", id="initials, whatever the case"),
        pytest.param("cai zheng", "市财政局", id="pinyin with a blank"),
        pytest.param("sfgw", "市发改委", id="initials of a short name"),
        pytest.param("荆州银保监分局", "银保监会荆州监管分局", id="another name"),
        pytest.param("各县市区", "各县市区政府", id="a collective reference"),
    ],
)
def test_a_search_finds_a_unit(client: httpx.Client, query: str, unit: str) -> None:
    found = client.get("/search.json", params={"q": query}).json()["lists"]["units"]["rows"]
    assert found[0]["unit"]["label"] == unit


def test_a_search_finds_tasks_by_all_their_words(client: httpx.Client, site: Site) -> None:
    found = client.get("/search.json", params={"q": "长江 岸线"}).json()["lists"]["tasks"]
    assert ids(found["rows"], "item") == [f"task:{t.notice}.{t.i}" for t in site.ties.tasks if "长江" in t.text and "岸线" in t.text]
    assert client.get("/search.json", params={"q": "荆政办发"}).json()["lists"]["notices"]["total"] == 1


def test_persons_are_shown_nowhere(long: httpx.Client, tmp_path_factory: pytest.TempPathFactory) -> None:
    notice = document(long, "/notices")["lists"]["notices"]["rows"][0]["notice"]["href"]
    task = notice.replace("/notice/", "/task/") + ".7"
    for path in (notice, task, "/tasks", f"{notice}/text", f"{notice}.json", f"{task}.json", f"{task}.ttl", "/search?q=张伟"):
        answer = long.get(path)
        assert answer.status_code == 200
        assert "张伟" not in answer.text.replace("“张伟”", "").replace('value="张伟"', ""), path
    assert "**" in long.get(f"{notice}/text").text
    assert document(long, "/search?q=张伟")["lists"]["tasks"]["total"] == 0


def test_the_description_is_that_of_the_routes(client: httpx.Client, site: Site) -> None:
    described = client.get("/openapi.json").json()
    there = {route.path for route in routes(site) if isinstance(route, Route) and route.path.endswith(".json")} - {"/openapi.json"}
    assert set(described["paths"]) == there
    for kind in KINDS:
        names = [one["name"] for one in described["paths"][f"{kind.path}.json"]["get"]["parameters"]]
        assert names == [*(["key"] if kind.keyed else []), *(param.name for param in kind.params), "lang", "list", "page"]
        for name in names:
            if name not in {"key", "q", "page"}:
                wrong = client.get(with_ending(PAGES[kind.name].partition("?")[0], "json"), params={name: "no-such-value"})
                assert wrong.status_code == 400, (kind.name, name)


def test_a_build_that_takes_the_place_of_another_is_shown(tmp_path: Path, folder: Path) -> None:
    here = tmp_path / "out"
    shutil.copytree(folder, here)
    with serving(app_of(here)) as address, httpx.Client(base_url=address, timeout=60) as one:
        before = one.get("/")
        here.rename(tmp_path / "old")
        assert one.get("/").status_code == 200, "while there is no build the last one is shown"
        long_build(here)
        after = one.get("/")
        assert "泰安市" in after.text
        assert "泰安市" not in before.text
        assert one.get("/", headers={"if-none-match": before.headers["etag"]}).status_code == 200


def test_a_build_that_was_replaced_is_let_go(tmp_path: Path, folder: Path) -> None:
    here = tmp_path / "out"
    shutil.copytree(folder, here)
    with serving(app_of(here)) as address, httpx.Client(base_url=address, timeout=60) as one:
        for path in ("/picture", "/workbook.xlsx", "/unit/421000-finance/sheet", "/units", "/tasks", "/findings", "/search?q=caizheng"):
            assert one.get(path).status_code == 200
        assert len(_open_sites(here)) == 1
        here.rename(tmp_path / "old")
        long_build(here)
        assert "泰安市" in one.get("/").text
        assert len(_open_sites(here)) == 1, "pages made earlier hold no build that is gone, with its rows and the files of its store"


def _open_sites(folder: Path) -> list[Site]:
    gc.collect()
    return [one for one in gc.get_objects() if isinstance(one, Site) and one.folder == folder]


def test_a_large_graph_has_a_picture_for_each_part(tmp_path: Path) -> None:
    with serving(app_of(many_build(tmp_path / "out"))) as address, httpx.Client(base_url=address, timeout=120) as one:
        page = tree(one, "/picture?lang=en")
        parts = sorted({href.partition("#")[0] for href in page.xpath("//a/@href") if href.startswith("picture-")})
        assert len(parts) >= 2
        assert all(part.endswith(".en") for part in parts), "the language stays"
        worked_out = pages_files._planned.cache_info().misses
        part = one.get(f"/{parts[-1]}")
        assert part.status_code == 200
        assert 'lang="en' in part.text[:300]
        assert "picture.en" in part.text, "the way back"
        assert one.get("/picture.en").status_code == 200
        assert one.get("/picture-nowhere.en").status_code == 404
        assert one.get("/picture-nowhere.xx").status_code == 404
        assert pages_files._planned.cache_info().misses == worked_out, "the parts of a graph are worked out once"


def test_a_small_graph_has_one_picture(client: httpx.Client) -> None:
    assert client.get("/picture.en").content == client.get("/picture?lang=en").content
    assert client.get("/picture-421000.zh").status_code == 404


@pytest.mark.parametrize("start", ["/", "/?lang=en"])
def test_a_crawler_finds_nothing_dead(client: httpx.Client, start: str) -> None:
    english = "lang=en" in start
    waiting, seen, tried = [start], {start}, Counter[tuple[str, str]]()
    while waiting:
        address = waiting.pop()
        answer = client.get(address)
        assert answer.status_code == 200, address
        if not answer.headers["content-type"].startswith("text/html") or address.partition("?")[0] in {"/picture", "/report"}:
            continue
        page = html.document_fromstring(answer.content, parser=html.HTMLParser(encoding="utf-8"))
        assert page.get("lang") == ("en" if english else "zh-CN"), address
        assert page.xpath("string(//title)").strip(), address
        assert len(page.xpath("//h1")) == 1, address
        assert not page.xpath("//script"), address
        forms = [
            form.get("action") + ("?lang=en" if form.xpath("./input[@name='lang'][@value='en']") else "") for form in page.xpath("//form")
        ]
        for link in [*page.xpath("//a/@href | //link/@href"), *forms]:
            assert not urlsplit(link).scheme, link
            target = urljoin(address, link).partition("#")[0]
            if target in seen or not followed(target, english):
                continue
            if not target.startswith("/static/"):
                assert ("lang=en" in target) is english, (address, link)
            seen.add(target)
            # All pages; of what is beside each of them some of every sort, for other tests take them all.
            sort = (urlsplit(target).path.split("/")[1], re.split(r"[./]", urlsplit(target).path)[-1])
            tried[sort] += 1
            if sort[1] not in {"json", "csv", "ttl", "sheet", "docx"} or tried[sort] <= 5:
                waiting.append(target)
    kinds = {urlsplit(one).path.split("/")[1] for one in seen}
    assert {"notice", "section", "task", "unit", "group", "units", "tasks", "findings", "report", "picture"} <= kinds
    assert sum(one.startswith("/task/") for one in seen) >= 114


def followed(target: str, english: bool) -> bool:
    """Filters are tried one at a time; the other language has a crawl of its own; SPARQL has tests of its own."""
    path, query = urlsplit(target).path, dict(parse_qsl(urlsplit(target).query))
    filters = query.keys() - {"lang", "page", "list"}
    other = query.get("lang") == ("zh" if english else "en")
    return (
        path != "/sparql"
        and len(filters) <= 1
        and not other
        and not (english and path.endswith((".csv", ".ttl", ".docx", ".json", "/sheet")))
    )


def test_hostile_words_stay_words(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = hostile_build(tmp_path_factory.mktemp("hostile") / "out")
    ties = read_ties(folder / "ties.sqlite")
    quoted = "\"><script>window.hit=1</script>'`{{7*7}}"
    with serving(app_of(folder)) as address, httpx.Client(base_url=address, timeout=60) as one:
        paths = ["/", "/notices", f"/notice/{JINGZHOU}", f"/section/{SECTION}", "/tasks", f"/task/{JINGZHOU}.2", "/units", "/groups"]
        paths += [f"/unit/{ties.units[at].id.partition(':')[2]}" for at in range(len(HOSTILE))]
        paths += [f"/group/{GROUP}", "/findings", "/lines", "/kinds", "/changes", "/report", "/unit/421000-finance/sheet"]
        for path in paths:
            page = tree(one, path)
            assert not page.xpath("//script | //img | //*[@onerror]"), path
            assert "49" not in page.xpath("string(//h1)")
        asked = one.get("/search", params={"q": quoted})
        page = html.document_fromstring(asked.content, parser=html.HTMLParser(encoding="utf-8"))
        assert page.xpath("//input[@name='q']/@value") == [quoted]
        assert not page.xpath("//script")
        for path in (f"/units?kind={quoted}", f"/{quoted}", f"/unit/{quoted}"):
            assert not html.document_fromstring(one.get(path).content).xpath("//script"), path
        for row in csv.reader(io.StringIO(one.get("/units.csv").content.decode("utf-8-sig"))):
            assert not any(cell.startswith("=") for cell in row), "no formula"
        assert json.loads(one.get("/units.json").content)["lists"]["units"]["total"] == len(ties.units)

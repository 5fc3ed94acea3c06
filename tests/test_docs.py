"""The documentation: generated pages are what the sources give, its commands print what it says, and the site loads nothing."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from urllib.parse import unquote

import click
import pytest
from lxml import etree, html
from playwright.sync_api import Browser

from kg import api
from kg.cli import cli
from kg.console import run
from kg.graph.queries import questions
from kg.graph.serialise import serialise_store
from tools.docs import DOCS, GENERATED, PARTS, WORKED, ontology, page, rooms
from tools.hooks import on_page_markdown
from tools.worked import BLOCK, FILE, PYTHON, filled, python_output

from .benchmarks.__main__ import keep
from .benchmarks.chinese import in_chinese
from .conftest import ROOT, SEED
from .servers import OXIGRAPH, oxigraph
from .translation import chinese_in, english_in, read_html

PAGES = sorted(DOCS.rglob("*.md"))


@pytest.mark.parametrize("name", [*GENERATED, *PARTS])
def test_a_generated_page_is_what_its_source_gives(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == page(name), "python -m tools.docs writes it anew"


SAID = {"tutorial.md": "市生态环境局", "scale.md": "8 市经信局"}
"""The last line that the Python of a page prints."""


@pytest.mark.parametrize("name", WORKED)
def test_the_commands_of_a_page_print_what_it_says(name: str, tmp_path: Path) -> None:
    text, lang = (DOCS / name).read_text(encoding="utf-8"), name.partition("/")[0]
    assert len(BLOCK.findall(text)) >= 4
    assert filled(text, lang, tmp_path) == text, "python -m tools.docs writes it anew"
    if PYTHON.search(text):
        assert python_output(text, lang, tmp_path)[-1] == SAID[name.partition("/")[2]]


def test_every_command_in_the_documentation_is_run() -> None:
    for path in PAGES:
        name, text = path.relative_to(DOCS).as_posix(), path.read_text(encoding="utf-8")
        run = name in WORKED
        assert run or not BLOCK.search(text), f"{name} has commands, and is not in WORKED"
        assert not re.search(r"^```(?:sh|bash|shell)\b", text, re.M), f"{name}: commands stand in console blocks, so that they are run"
        assert text.count("```console") == len(BLOCK.findall(text)), name


def commands_of(name: str) -> list[list[str]]:
    """Commands of a page that need another program, a server or a cluster, and so stand in text blocks."""
    lines = re.findall(r"^\$ kg (.+)$", (DOCS / name).read_text(encoding="utf-8"), re.M)
    return [shlex.split(line) for line in lines]


@pytest.mark.parametrize("name", ["scale.md", "endpoints.md"])
def test_commands_that_need_other_programs_are_the_same_and_can_be_typed(name: str) -> None:
    asked = commands_of(f"en/{name}")
    assert asked == commands_of(f"zh/{name}")
    assert len(asked) > 4
    for command, *words in asked:
        cli.commands[command].make_context(command, list(words))


@pytest.mark.parametrize("place", range(len(commands_of("en/endpoints.md"))))
def test_the_commands_about_endpoints_work(place: int, server: str, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command, *words = commands_of("en/endpoints.md")[place]
    if command == "serve":
        pytest.skip("it serves until it is told to stop; other tests do that")
    (tmp_path / "mine.rq").write_text("SELECT ?n { ?n a kg:Notice }", encoding="utf-8")
    (tmp_path / "out").symlink_to(_next_year(tmp_path), target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    assert run(cli, [command, *(word.replace("http://localhost:7878/query", server) for word in words)]) == 0
    assert "-o" not in words or (tmp_path / words[words.index("-o") + 1]).exists()


def _next_year(folder: Path) -> Path:
    (folder / "next.txt").write_text(SEED.read_text(encoding="utf-8").replace("2020", "2021"), encoding="utf-8")
    api.build([folder / "next.txt"], folder / "next")
    return folder / "next"


@pytest.fixture(scope="module")
def server(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if OXIGRAPH is None and os.environ.get("CI") != "true":
        pytest.skip("no oxigraph server here")
    lines = serialise_store(api.load(built).store, "nt").splitlines()
    with oxigraph(tmp_path_factory.mktemp("oxigraph"), lines) as address:
        yield f"{address}/query"


@pytest.mark.parametrize("name", [name for name in WORKED if name.startswith("zh/")])
def test_both_languages_run_the_same_commands_on_the_same_files(name: str) -> None:
    zh, en = ((DOCS / other).read_text(encoding="utf-8") for other in (name, name.replace("zh/", "en/")))
    assert [hit["command"] for hit in BLOCK.finditer(zh)] == [hit["command"] for hit in BLOCK.finditer(en)]
    assert [hit["name"] for hit in FILE.finditer(zh)] == [hit["name"] for hit in FILE.finditer(en)]


def test_every_page_is_there_in_both_languages() -> None:
    zh, en = ({path.name for path in (DOCS / lang).glob("*.md")} for lang in ("zh", "en"))
    assert zh == en


def test_the_measured_tables_of_the_chinese_page_are_in_chinese() -> None:
    page = (DOCS / "benchmarks.zh.md").read_text(encoding="utf-8")
    rows = [line[2:-2].split(" | ") for line in page.splitlines() if line.startswith("| ") and not line.startswith("| ---")]
    assert [row for row in rows if not re.search(r"[\u4e00-\u9fff]", row[0]) and not re.fullmatch(r"[\d,]+", row[0])] == []


def test_what_was_measured_is_written_in_both_languages(tmp_path: Path) -> None:
    rows = "".join((ROOT / "tests" / "benchmarks" / f"{name}.py").read_text(encoding="utf-8") for name in ("one_notice", "page"))
    named = re.findall(r"^ +\(\"([^\"]+)\", ", rows, re.M)
    assert len(named) > 15
    table = "\n".join(["## One notice", "", "| what | figure |", "| --- | --- |", *(f"| {name} | 1 |" for name in named)])
    assert [line for line in in_chinese(table).splitlines()[4:] if not re.search(r"[\u4e00-\u9fff]", line)] == []
    for name in ("benchmarks.md", "benchmarks.zh.md"):
        page = tmp_path / name
        page.write_text((DOCS / name).read_text(encoding="utf-8"), encoding="utf-8")
        keep(page, ["a day", table])
        kept = page.read_text(encoding="utf-8")
        assert table in kept
        keep(page, ["a day", table])
        assert page.read_text(encoding="utf-8") == kept, "the same again changes nothing"


def test_command_line_and_questions_are_whole() -> None:
    for lang in ("zh", "en"):
        text = (DOCS / lang / "command-line.md").read_text(encoding="utf-8")
        assert re.findall(r"^## kg (\S+)$", text, re.M) == cli.list_commands(click.Context(cli))
        asked = (DOCS / lang / "questions.md").read_text(encoding="utf-8")
        assert re.findall(r"^## (\S+)$", asked, re.M) == [one.name for one in questions()]


def test_the_picture_of_the_ontology_shows_every_class_and_relation() -> None:
    words = _words(DOCS / "pictures" / "ontology.svg")
    assert {name for name, _ in ontology.classes()} - {"skos:Concept"} <= words
    said = {word for words_of_box in words for word in re.findall(r"\w+", words_of_box)}
    assert {one.name.removeprefix("kg:") for one in ontology.relations() if one.target} <= said


def test_the_picture_of_the_rooms_shows_every_room_and_import() -> None:
    words = " ".join(_words(DOCS / "pictures" / "rooms.svg"))
    assert all(f"kg/{room}" in words for room in rooms.imports())
    arrows = etree.parse(DOCS / "pictures" / "rooms.svg").findall("{*}path[@class='arrow']")
    assert len(arrows) == sum(map(len, rooms.imports().values()))


def _words(path: Path) -> set[str]:
    return {str(node.text) for node in etree.parse(path).iter("{*}text")}


def test_formulae_become_mathml() -> None:
    shown = on_page_markdown("so $`n_t`$ and\n\n```math\n\\sum_t n_t\n```\n")
    assert shown.count("<math") == 2
    assert 'display="block"' in shown
    assert "$" not in shown
    assert "```" not in shown


def test_chinese_lines_join_without_a_blank_outside_code() -> None:
    assert on_page_markdown("一行，\n又一行\n- 一项\n\n```text\n甲\n乙\n```\n") == "一行，又一行\n- 一项\n\n```text\n甲\n乙\n```\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The site, built with warnings as errors: a link or an anchor that leads nowhere is one."""
    folder = tmp_path_factory.mktemp("docs") / "site"
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    yield folder
    shutil.rmtree(folder)


def test_around_a_page_stand_words_of_its_language(site: Path) -> None:
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).as_posix()
        lang = (
            "zh"
            if name.startswith("zh/") or name.endswith(".zh.html")
            else "en"
            if name.startswith("en/") or name == "benchmarks.html"
            else None
        )
        tree = html.fromstring(path.read_bytes().decode("utf-8"))
        assert tree.get("lang") == ("zh-CN" if lang == "zh" else "en")
        if lang is None:
            continue
        around = list(read_html(html.tostring(tree, encoding="utf-8"), leave="//*[@role='main']|//*[@role='complementary']//a"))
        assert len(around) > 30
        other = {"zh": "English", "en": "中文"}[lang]
        assert other in around, "the way to the other language"
        found = [piece for piece in around if piece != other and (english_in(piece, THEME) if lang == "zh" else chinese_in(piece))]
        assert found == [], name
        twin = tree.xpath(f"//a[text()='{other}']/@href")
        assert len(twin) == 1
        there = (path.parent / str(twin[0])).resolve()
        assert there.name == path.name or "benchmarks" in there.name
        assert there != path.resolve()


THEME = ("govresp", "MkDocs")
"""Names that stand around every page."""


@pytest.mark.skipif(find_spec("kg.serve") is None, reason="this version has no server; the page says so")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_example_of_the_http_page_is_answered(lang: str, tmp_path: Path) -> None:
    import kg

    kg.build([ROOT / "seeds"], tmp_path / "out")
    (script,) = PYTHON.findall((DOCS / lang / "http.md").read_text(encoding="utf-8"))
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "kg", "serve", "out", "--port", "0"]
    with subprocess.Popen(command, cwd=tmp_path, env=env, stdout=subprocess.PIPE, encoding="utf-8") as server:
        try:
            assert server.stdout is not None
            address = re.search(r"http://127\.0\.0\.1:\d+", server.stdout.readline())
            assert address, "the server says where it is"
            asked = script.replace("http://127.0.0.1:8000", address[0])
            done = subprocess.run([sys.executable, "-c", asked], env=env, capture_output=True, encoding="utf-8", timeout=60, check=True)
            assert done.stdout.splitlines()[:2] == ["unit,n", "市发改委,9"]
        finally:
            server.terminate()


LOADS = (
    "script/@src",
    "link[not(@rel='canonical')]/@href",
    "img/@src",
    "iframe/@src",
    "source/@src",
    "object/@data",
    "embed/@src",
    "video/@src",
)


def test_the_site_loads_nothing_from_elsewhere(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) >= len(PAGES)
    for path in pages:
        tree = html.fromstring(path.read_bytes())
        for source in (str(value) for kind in LOADS for value in tree.xpath(f"//{kind}")):
            assert not re.match(r"(?:\w+:)?//", source), f"{path.name} loads {source}"
            assert path.name == "404.html" or (path.parent / source.partition("?")[0]).exists(), f"{path.name}: {source} is missing"
    for path in (*site.rglob("*.css"), *site.rglob("*.svg")):
        assert not re.search(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//", path.read_text(encoding="utf-8")), path.name


def test_links_of_the_site_lead_somewhere(site: Path) -> None:
    trees = {path: html.fromstring(path.read_bytes()) for path in sorted(site.rglob("*.html")) if path.name != "404.html"}
    anchors = {path: {str(one) for one in tree.xpath("//@id")} | {""} for path, tree in trees.items()}
    for path, tree in trees.items():
        for link in tree.xpath("//*[@role='main']//a/@href"):
            target, _, anchor = str(link).partition("#")
            if not re.match(r"\w+:", target):
                there = (path.parent / target).resolve() if target else path
                assert there.exists(), f"{path.name}: {link}"
                assert there not in anchors or unquote(anchor) in anchors[there], f"{path.name}: {link}"


TYPED = """() => {
  document.querySelector("#mkdocs-search-query").dispatchEvent(new KeyboardEvent("keyup"));
  return document.querySelector("#mkdocs-search-results article a");
}"""
"""The page listens for keys once its index is there: so a key until there is an answer."""


class Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_words: object) -> None:
        """Say nothing: a test's output is for faults."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    handler = partial(Silent, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("words", "found"),
    [
        pytest.param("协调关系", "zh/method.html#协调关系数", id="Chinese without blanks"),
        pytest.param("jackknife standard", "en/method.html#all-measures", id="two English words"),
        pytest.param("several-leads", "zh/questions.html#several-leads", id="a name with a hyphen"),
    ],
)
def test_the_search_of_the_site_finds_and_asks_nobody_else(chrome: Browser, site: Path, words: str, found: str) -> None:
    asked: list[str] = []
    with served(site) as home, chrome.new_context() as context:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{home}/zh/limits.html")
        page.click("[data-bs-target='#mkdocs_search_modal']")
        page.locator("#mkdocs-search-query").fill(words)
        page.wait_for_function(TYPED, polling=200)
        links = [unquote(link.get_attribute("href") or "") for link in page.locator("#mkdocs-search-results article a").all()]
    assert any(link.endswith(found) for link in links), links
    assert all(url.startswith(home) for url in asked)

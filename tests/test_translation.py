"""Nothing is left untranslated: wherever people read something, a Chinese text has no English words and an English one no Chinese.

What may stay, and why, is in ``translation.py``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import httpx
import nbformat
import pytest
from playwright.sync_api import Browser
from rdflib import RDF, RDFS, SKOS, Graph, URIRef

from kg.cli import cli
from kg.console import run
from kg.graph.queries import questions
from kg.graph.ties import read_ties, ties_of
from kg.messages import LANGUAGES, catalogue
from kg.naming.units import name_units
from kg.reading.notice import read_notice
from kg.resources import ontology_file
from kg.versions import current

from .conftest import ROOT, SEED
from .page_visits import opened
from .serving import serving
from .test_serve_pages import PAGES
from .translation import CODES, HAN, WORD, chinese_in, english_in, printed_by, read_html, read_package

PRINTED = frozenset(WORD.findall(SEED.read_text(encoding="utf-8")))
"""GDP and the like: what the notice itself prints in Latin letters."""


@pytest.mark.parametrize("area", sorted({key.partition(".")[0] for key in catalogue("zh")}))
def test_the_messages_of_an_area_are_translated(area: str) -> None:
    codes = CODES[area].what.split() if area in CODES else ()
    said = {key: (zh, catalogue("en")[key]) for key, zh in catalogue("zh").items() if key.partition(".")[0] == area}
    left = {key: (english_in(re.sub(r"\{[^{}]*\}", "…", zh), codes), chinese_in(en)) for key, (zh, en) in said.items()}
    assert {key: words for key, words in left.items() if words != ([], [])} == {}


@dataclass(frozen=True, slots=True)
class Work:
    """A folder with files that can be read, and with files that cannot."""

    folder: Path
    printed: str

    def left(self, text: str, lang: str) -> list[str]:
        """What is untranslated in a text."""
        return left(text, lang, self.printed)


@lru_cache(maxsize=1 << 16)
def left(text: str, lang: str, printed: str, typed: str = "") -> list[str]:
    """What is untranslated in a text of a language; what notices print, and what a user typed, is left as it is."""
    return english_in(text, _words(typed)) if lang == "zh" else chinese_in(text, _together(printed, typed))


@lru_cache(maxsize=256)
def _words(typed: str) -> frozenset[str]:
    return PRINTED | set(WORD.findall(typed))


@lru_cache(maxsize=256)
def _together(printed: str, typed: str) -> str:
    return printed + typed


BROKEN = {
    "broken.toml": b"a = [1\nb=",
    "strange.toml": b"[[unit]]\nfoo = 1\n",
    "twice.toml": b"[a]\n[a]\n",
    "gbk.toml": "a = '中'".encode("gbk"),
    "broken.json": b"{",
    "broken.docx": b"PK\x03\x04abc",
    "broken.xlsx": b"PK\x03\x04abc",
    "broken.zip": b"PK\x03\x04abc",
    "broken.pdf": b"%PDF-1.4\nxx",
    "broken.ttl": b"a b c",
    "empty.txt": b"",
    "binary.txt": bytes(range(256)) * 10,
    "weather.txt": "今天天气很好。\n".encode() * 20,
    "program.exe": b"MZ",
    "fly.toml": b'title = "x"\n[[step]]\ndo = "fly"\n',
    "staff.csv": b"a,b\n1,2\n",
}


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory, built: Path) -> Work:
    folder = tmp_path_factory.mktemp("work")
    for name, content in BROKEN.items():
        (folder / name).write_bytes(content)
    (folder / "file").write_bytes(b"x")
    (folder / "empty").mkdir()
    (folder / "plan.toml").write_bytes((ROOT / "tests" / "whatif.toml").read_bytes())
    (folder / "seed.txt").write_bytes(SEED.read_bytes())
    text = SEED.read_text(encoding="utf-8").replace("2020", "2021")
    (folder / "next.txt").write_text(text.replace("市发改委", "市经信局", 3), encoding="utf-8")
    (folder / "out").symlink_to(built, target_is_directory=True)
    texts = [path.read_text(encoding="utf-8") for path in (SEED, folder / "next.txt", folder / "plan.toml")]
    following = ties_of([name_units(read_notice(folder / "next.txt"))])
    return Work(folder, "\n".join([*texts, printed_by(read_ties(current(built) / "ties.sqlite")), printed_by(following)]))


COMMANDS = sorted(cli.commands)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_is_in_one_language(name: str, lang: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(cli, [*name.split(), "--help", "--lang", lang]) == 0
    said = capfd.readouterr()
    assert said.err == ""
    assert left(said.out, lang, "") == []


WRONG = (
    "--foo",
    "bild",
    "build",
    "build --port",
    "build nofile.txt",
    "build --jobs abc seed.txt",
    "build --jobs -1 seed.txt",
    "build seed.txt -o file/below",
    "build seed.txt -o file",
    "build seed.txt -o empty --register broken.toml",
    "build seed.txt -o empty --register strange.toml",
    "build seed.txt -o empty --register twice.toml",
    "build seed.txt -o empty --register gbk.toml",
    "build seed.txt -o empty --register nofile.toml",
    "build seed.txt -o empty --lexicon strange.toml",
    "build seed.txt -o empty --decisions strange.toml",
    "build seed.txt -o empty --decisions broken.toml",
    "build seed.txt -o empty --corrections strange.toml",
    "build seed.txt --cluster x --jobs 2",
    "build seed.txt --cluster x",
    "build seed.txt --shards x",
    "build seed.txt --store http://127.0.0.1:1/sparql",
    "build seed.txt --store ftp://x",
    "build seed.txt --store-overwrite",
    *(f"extract {name}" for name in BROKEN if name.split(".")[1] in {"docx", "xlsx", "zip", "pdf", "txt", "exe"}),
    "extract empty",
    "extract seed.txt --explain 999",
    "extract seed.txt --explain",
    "extract seed.txt --format foo",
    "extract seed.txt -o file/below",
    "extract seed.txt -o empty",
    "lint seed.txt --fail-on foo",
    "lint seed.txt --baseline broken.json",
    "lint seed.txt --baseline plan.toml",
    "lint seed.txt --baseline nofile",
    "query",
    "query foo --graph out",
    "query load --graph nofile",
    "query load --graph broken.ttl",
    "query load --format ttl --graph out",
    "query tasks-of-unit --graph out",
    "query tasks-of-unit -p unit=foo --graph out",
    "query tasks-of-unit -p unit --graph out",
    "query tasks-of-unit -p foo=1 --graph out",
    "query tasks-of-unit -p unit=a -p unit=b --graph out",
    "query pairs -p least=abc --graph out",
    "query load --graph http://127.0.0.1:1/sparql",
    "query load --graph http://user:word@127.0.0.1/sparql",
    "query -f nofile --graph out",
    "query -f binary.txt --graph out",
    "report",
    "report nofile",
    "report out --format xlsx",
    "report out --seed x",
    "report out --kind foo --line foo --notice foo --section foo --level foo",
    "report out --staff nofile",
    "report out --staff staff.csv",
    "report out --brief --format csv",
    "report out http://127.0.0.1/",
    "report out --persons",
    "draw broken.ttl",
    "compare seed.txt",
    "compare seed.txt seed.txt",
    "compare seed.txt weather.txt",
    "compare seed.txt next.txt -o x.foo",
    "whatif",
    "whatif fly.toml out",
    "whatif broken.toml out",
    "whatif strange.toml out",
    "whatif --suggest 0 out",
    "sheets out --unit foo -o empty",
    "sheets out --format pdf",
    "sheets out -o file",
    "export out",
    "export out --format foo",
    "export out --format parquet",
    "export out --format csv -o file/below",
    "units",
    "units seed.txt --explain foo",
    "units --date foo --explain x --issuer y",
    "units --names nofile --issuer 荆州市人民政府",
    "units seed.txt --write file/below",
    "validate broken.ttl",
    "completion",
    "completion foo",
    "completion bash extra",
    "serve nofile",
    "serve broken.ttl",
    "serve out --port 70000",
    "serve out --port abc",
    "serve out --timeout abc",
    "serve out --host nowhere.invalid",
    "serve out --cors foo",
    "serve out --allow-host http://x",
)
"""What is typed wrong, and what cannot be done; words that are typed stand in the message again and are no one's language."""


@pytest.mark.parametrize("line", WRONG)
def test_a_mistake_is_explained_in_both_languages(
    line: str, work: Work, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(work.folder)
    said = {}
    for lang in LANGUAGES:
        assert run(cli, [*line.split(), "--lang", lang]) == 2
        printed = capfd.readouterr()
        said[lang] = printed.err
        assert printed.out == ""
    typed = " ".join([line, *(path.name for path in work.folder.iterdir())])  # a name that is nearly what was typed is offered
    assert [left(said[lang], lang, work.printed, typed) for lang in LANGUAGES] == [[], []]
    assert said["zh"] != said["en"]


SHOWN = (
    "extract seed.txt --format table",
    "extract seed.txt --explain 22",
    "lint seed.txt",
    "query --list",
    "query load --graph out",
    "query overview --graph out",
    "query findings --graph out",
    "report out --format md",
    "report out --format md --brief --kind department",
    "compare seed.txt next.txt",
    "compare seed.txt next.txt --format md",
    "whatif plan.toml out",
    "whatif plan.toml out --format md",
    "whatif --suggest 3 out",
    "units seed.txt",
    "units seed.txt --explain 市发改委",
    "validate out",
)
"""What is printed for people; what ``--format json`` and ``csv`` print is for programs, with the same names in both languages."""


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("line", SHOWN)
def test_what_a_command_prints_is_in_one_language(
    line: str, lang: str, work: Work, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(work.folder)
    assert run(cli, [*line.split(), "--lang", lang]) < 2
    printed = capfd.readouterr()
    assert printed.out
    assert work.left(printed.out + printed.err, lang) == []


WRITTEN: dict[str, str] = {
    "report.html": "report out -o report.html",
    "brief.html": "report out --brief -o brief.html",
    "compare.html": "compare seed.txt next.txt -o compare.html",
    "whatif.html": "whatif plan.toml out -o whatif.html",
    "suggested.html": "whatif --suggest 3 out -o suggested.html",
    "lint.html": "lint seed.txt --format html -o lint.html",
    "sheets/index.html": "sheets out --unit 市财政局 --format html -o sheets -q",
    "sheets/市财政局.html": "sheets out --unit 市财政局 --format html -o sheets -q",
    "sheets/市财政局.docx": "sheets out --unit 市财政局 -o sheets -q",
    "book.xlsx": "export out --format xlsx -o book.xlsx",
}
"""Files for people, and the command that writes each."""


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", WRITTEN)
def test_a_file_for_people_is_in_one_language(name: str, lang: str, work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(work.folder)
    assert run(cli, [*WRITTEN[name].split(), "--lang", lang]) < 2
    content = (work.folder / name).read_bytes()
    read = list(read_package(content) if content.startswith(b"PK") else read_html(content))
    assert len(read) > 20 or "index" in name
    assert [(piece, found) for piece in read if (found := work.left(piece, lang))] == []


def test_findings_for_other_tools_are_told_in_both_languages(
    work: Work, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(work.folder)
    for lang in LANGUAGES:
        run(cli, ["lint", "seed.txt", "--format", "sarif", "--lang", lang])
        told = re.findall(r'"(?:text|markdown)": "((?:[^"\\]|\\.)*)"', capfd.readouterr().out)
        assert len(told) > 10
        assert [(one, found) for one in told if (found := work.left(one, lang))] == []


def test_the_heads_of_the_measures_are_in_one_language(
    work: Work, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The one CSV that is for people: those of extract, export, units, compare and query have the names of fields, as their JSON has.
    monkeypatch.chdir(work.folder)
    for lang in LANGUAGES:
        run(cli, ["report", "out", "--format", "csv", "--lang", lang])
        assert work.left(capfd.readouterr().out.splitlines()[0], lang) == []


MORE = (
    "/",
    "/report",
    "/report/brief",
    "/unit/421000-finance/sheet",
    "/units?kind=zone&order=tasks",
    "/findings?severity=warning",
    "/search",
    "/search?q=财政",
    "/sparql",
    "/sparql?query=SELECT ?n { ?n a kg:Notice }",
    "/sparql?query=ASK {}",
    "/ask?question=load",
    "/ask?question=tasks-of-unit&unit=市财政局",
)
REFUSED = (
    "/nothing",
    "/unit/421000",
    "/task/0",
    "/notice/0",
    "/section/0",
    "/group/0",
    "/unit/0/sheet",
    "/notice/0/text",
    "/id/0/0",
    "/units?kind=0",
    "/units?page=999",
    "/units?page=x",
    "/units?list=0",
    "/tasks?lead=0",
    "/findings?code=0",
    "/units?lang=0",
    "/units?0=1",
    "/sparql?query=",
    "/sparql?query=SELECT ?n",
    "/sparql?query=INSERT DATA {}",
    "/sparql?query=SELECT * { SERVICE <http://127.0.0.1/> {} }",
    "/sparql?query=SELECT * FROM <http://127.0.0.1/> {}",
    "/sparql?query=ASK {}&timeout=0",
    "/sparql?query=ASK {}&format=0",
    "/ask?question=0",
    "/ask?question=tasks-of-unit&unit=0",
)
NAMED = (
    "department partyOrgan territory zone centralAgency provincialAgency enterprise institution university massOrganisation court "
    "military temporaryOffice several one none order level line rule place name lang turtle json csv tsv xml ttl nt jsonld rdf "
    "status message nearest id label href"
)
"""Values of parameters, and forms, that a refusal lists."""


@pytest.fixture(scope="module")
def server(built: Path) -> Iterator[httpx.Client]:
    with serving(built) as running, httpx.Client(base_url=running.url, timeout=60, follow_redirects=True) as client:
        yield client


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", [*PAGES.values(), *MORE])
def test_a_page_of_the_server_is_in_one_language(path: str, lang: str, server: httpx.Client, work: Work) -> None:
    answer = server.get(path, params={**httpx.URL(path).params, "lang": lang}, headers={"accept": "text/html"})
    assert answer.status_code == 200
    # The link to the other language is in the other language; what was asked is the asker's.
    read = list(read_html(answer.content, leave="//a[@class='other']|//textarea|//*[contains(@class, 'print')]/*[@class='line']/p"))
    asked = " ".join(httpx.URL(path).params.values())
    assert [(piece, found) for piece in read if piece not in asked and (found := left(piece, lang, work.printed, asked))] == []


@pytest.mark.parametrize("accept", ["text/html", "text/plain", "application/json"])
@pytest.mark.parametrize("path", REFUSED)
def test_a_refusal_of_the_server_is_in_one_language(path: str, accept: str, server: httpx.Client, work: Work) -> None:
    said = {}
    for lang in LANGUAGES:
        answer = server.get(path, headers={"accept": accept, "accept-language": lang})
        assert answer.status_code >= 400
        page = "html" in answer.headers["content-type"]
        said[lang] = list(read_html(answer.content, leave="//a[@class='other']|//textarea")) if page else [answer.text]
        asked = f"{NAMED} {httpx.URL(path).params}"
        assert [(piece, found) for piece in said[lang] if (found := left(piece, lang, work.printed, asked))] == []
    assert said["zh"] != said["en"]


def test_the_interface_describes_itself_in_both_languages(server: httpx.Client) -> None:
    for lang in LANGUAGES:
        told = re.findall(r'"(?:title|summary|description)": "((?:[^"\\]|\\.)*)"', server.get(f"/openapi.json?lang={lang}").text)
        assert len(told) > 30
        assert [(one, found) for one in told if (found := left(one, lang, ""))] == []


# Everything that can be opened in the picture: a unit, a task, a link, two of them, the matrix, keys, what can be saved.
DO = """(step) => {
  const click = (selector) => document.querySelector(selector)?.click();
  const press = (key) => document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  ({
    first: () => {},
    help: () => { press('?'); },
    close: () => document.querySelector('dialog[open]')?.close(),
    matrix: () => press('m'),
    map: () => press('m'),
    around: () => press('e'),
    none: () => { const box = document.querySelector('#query'); box.value = 'zzz'; box.dispatchEvent(new Event('input')); },
    theme: () => press('d'),
    open: () => document.querySelectorAll('details').forEach((one) => { one.open = true; }),
    empty: () => document.querySelectorAll('fieldset input[type=checkbox]').forEach((box) => box.checked && box.click()),
  })[step]();
  const told = ['title', 'aria-label', 'placeholder', 'aria-description', 'aria-valuetext'];
  const found = [document.body.innerText, document.title];
  for (const node of document.querySelectorAll('*')) for (const name of told) if (node.getAttribute(name)) found.push(node.getAttribute(name));
  for (const node of document.querySelectorAll('svg text, svg title, [aria-live]')) found.push(node.textContent);
  return found;
}"""
STEPS = ("first", "help", "close", "open", "around", "matrix", "map", "none", "theme", "empty")
ANCHORS = (
    "",
    "#unit=unit:421000-development-reform",
    "#task=421000-2020-jzbf-1%7C60",
    "#task=421000-2020-jzbf-1%7C1",
    "#view=matrix",
    "#unit=unit:0",
)


@pytest.mark.browser
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["picture", "difference"])
def test_the_picture_is_in_one_language(name: str, lang: str, work: Work, chrome: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(work.folder)
    line = {"picture": "draw out -o picture.html", "difference": "compare seed.txt next.txt --format page -o picture.html"}[name]
    assert run(cli, [*line.split(), "--lang", lang]) == 0
    for anchor in ANCHORS if name == "picture" else ANCHORS[:2]:
        steps = STEPS if anchor == ANCHORS[1] else ("first",)
        with opened(work.folder / "picture.html", anchor, browser=chrome) as visit:
            for step in steps:
                pieces = visit.page.evaluate(DO, step)
                assert (anchor, step, [one for piece in pieces for one in work.left(piece.replace("zzz", ""), lang)]) == (anchor, step, [])


def test_every_term_is_named_and_explained_in_both_languages() -> None:
    graph = Graph().parse(ontology_file("kg.ttl")).parse(ontology_file("codes.ttl"))
    own = sorted({term for term in graph.subjects(RDF.type) if "govresp" in str(term)})
    assert len(own) > 100
    for term in own:
        for by in (RDFS.label, SKOS.prefLabel, RDFS.comment):
            said = {label.language: str(label) for label in graph.objects(term, by)}
            assert set(said) in ({"zh", "en"}, set()), (term, by)
            assert not said or ((HAN.search(said["zh"]) or said["zh"] == said["en"]) and chinese_in(said["en"]) == []), term
            assert (
                not said
                or english_in(said["zh"], ("kg", "values", "start", "end", "code", "severity", "decision", "division", "reform")) == []
            ), term
        assert any(graph.objects(term, by) for by in (RDFS.label, SKOS.prefLabel)), term


def test_shapes_say_what_is_wrong_in_both_languages() -> None:
    graph = Graph().parse(ontology_file("shapes.ttl"))
    message = URIRef("http://www.w3.org/ns/shacl#message")
    for shape in set(graph.subjects(message)):
        said = {label.language: str(label) for label in graph.objects(shape, message)}
        assert set(said) == {"zh", "en"}
        assert english_in(said["zh"]) == []
        assert chinese_in(said["en"]) == []


@pytest.mark.parametrize("name", [one.name for one in questions()])
def test_a_question_is_asked_in_both_languages(name: str) -> None:
    (question,) = (one for one in questions() if one.name == name)
    assert english_in(question.title_zh) == []
    assert HAN.search(question.title_zh)
    assert chinese_in(question.title_en) == []
    assert WORD.search(question.title_en)
    for column in question.columns:
        assert f"column.{column}" in catalogue("zh"), "the head of the column for people"
    for parameter in question.parameters:
        assert f"parameter.{parameter.kind}" in catalogue("zh"), "what the parameter may be"


NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_speaks_both_languages(path: Path) -> None:
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown" and not cell.source.startswith("!["):
            assert HAN.search(cell.source)
            assert len(WORD.findall(cell.source)) > 3, cell.source


# The code itself: what is said to people comes from the catalogue, so no literal of it is a sentence.
CODE = re.compile(r"-src |SELECT|INSERT|DELETE|CREATE|PRAGMA|FROM |CLEAR|FILTER|BIND|ORDER BY|PREFIX|<\w|https?:|PRIMARY KEY|\(\?P<|[{}|=]")
SENTENCE = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")
NOT_SAID = {
    "unexpected extra argument": "how an error of click is recognised; it is said in words of the catalogue",
    "kg serve": "a command as it is typed",
    "html body div": "names of elements",
    "script style noscript": "names of elements",
    "integer range": "how click names a type of numbers",
    "float range": "how click names a type of numbers",
    "IRI parsing failed": "how an error of the engine is recognised; it is said in words of the catalogue",
    ": one sh:targetClass": "a fault of the shapes that ship with the program, told to who writes shapes",
}
"""Literals that look like sentences and reach nobody, and why."""


def said_in(tree: ast.AST) -> list[str]:
    """Literals of a module that are sentences or that are given to what speaks."""
    aside: set[int] = set()
    found: list[str] = []
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            aside |= {id(part.value) for part in body if isinstance(part, ast.Expr)}
        if isinstance(node, ast.Call) and _speaks(node.func):
            found += [one for given in node.args for one in _literals(given) if re.search(r"[A-Za-z]{2,} +[A-Za-z]{2,}|^[A-Z][a-z]+$", one)]
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in aside else ""
        if SENTENCE.search(text) and not CODE.search(text):
            found.append(text)
    return [one for one in found if not any(one.startswith(known) for known in NOT_SAID)]


def _literals(given: ast.AST) -> Iterator[str]:
    # Keys of the catalogue and names of fields are no words that are said.
    if isinstance(given, ast.Call) and getattr(given.func, "id", getattr(given.func, "attr", "")) in {"say", "get", "getattr"}:
        return
    if isinstance(given, ast.Constant) and isinstance(given.value, str):
        yield given.value
    for part in ast.iter_child_nodes(given):
        yield from _literals(part)


def _speaks(called: ast.expr) -> bool:
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name in {"echo", "write", "UsageError", "BadParameter"} or (name.endswith("Error") and name not in {"ExtraError"})


@pytest.mark.parametrize("path", sorted((ROOT / "kg").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_code_holds_no_sentence(path: Path) -> None:
    assert said_in(ast.parse(path.read_text(encoding="utf-8"))) == [], "say it by the catalogue"


TEMPLATES = sorted(path for room in ("views", "serve") for path in (ROOT / "kg" / room / "templates").rglob("*") if path.is_file())


@pytest.mark.parametrize("path", [one for one in TEMPLATES if one.suffix == ".j2"], ids=lambda path: path.name)
def test_a_template_holds_no_words(path: Path) -> None:
    bare = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.S)
    told = re.findall(r'\b(?:title|aria-label|placeholder|alt)="([^"]*)"', bare)
    text = re.sub(r"<(script|style)\b.*?</\1>|<!.*?>|<[^>]*>", " ", bare, flags=re.S) if path.name.endswith("html.j2") else bare
    assert set(WORD.findall(" ".join([text, *told]))) <= {"SPARQL", "id"}  # a name; and the anchor of a heading in Markdown


def words_of_script(text: str) -> list[str]:
    """Literals of a script that are sentences or that become text, and are no names of classes and elements."""
    bare = re.sub(r"/\*.*?\*/|(?m:(?<![:'\"])//.*$)", "", text, flags=re.S)
    literals = [
        next(filter(None, hit), "") for hit in re.findall(r"'((?:[^'\\\n]|\\.)*)'|\"((?:[^\"\\\n]|\\.)*)\"|`((?:[^`\\]|\\.)*)`", bare)
    ]
    names = set(re.findall(r"\.([a-z][\w-]*)", STYLES)) | {
        "use",
        "strict",
        "tag",
        "cell",
        "count",
        "start",
        "tbody",
        "tr",
        "col",
        "table",
        "input",
        "li",
        "output",
        "button",
        "summary",
    }
    found = [one for one in literals if re.fullmatch(r"[A-Za-z][a-z’']+(?:[ ,]+[A-Za-z’']+)+[.!?…:]?", one)]
    found = [one for one in found if not set(re.findall(r"[\w-]+", one)) <= names and not one.isupper() and one != one.upper()]
    spoken = r"(?:textContent|innerText|ariaLabel|placeholder|\btitle|'aria-label')\s*[=:,]\s*['\"`]([A-Za-z][^'\"`$]*)"
    return found + re.findall(spoken, bare)


STYLES = "".join(one.read_text(encoding="utf-8") for one in TEMPLATES if one.suffix == ".css")


@pytest.mark.parametrize("path", [one for one in TEMPLATES if one.suffix == ".js"], ids=lambda path: path.name)
def test_a_script_holds_no_words(path: Path) -> None:
    assert words_of_script(path.read_text(encoding="utf-8")) == []


def test_what_is_not_translated_is_found(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    assert english_in("打不开（No such file or directory）。") == ["No", "such", "file", "or", "directory"]
    assert english_in("共 3 units") == []  # a field of a scenario too
    assert english_in("do merge split") == ["do merge split"]
    assert chinese_in("3 tasks, 牵头 first", "牵头单位：市财政局") == ["牵头"]
    assert chinese_in("led by 市财政局", "牵头单位：市财政局") == []
    assert chinese_in("led by 市审计局", "牵头单位：市财政局") == ["市审计局"]
    assert list(read_html('<p title="Close">关闭</p>')) == ["Close", "关闭"]
    for source in ('click.echo("Not there yet")', "raise OutputError(path, 'Broken')", 'WORDS = f"{count} tasks were found"'):
        assert said_in(ast.parse(source)) != []
    assert said_in(ast.parse('"""A sentence of a docstring."""\nsay("usage.error")\nQUERY = "SELECT the rows"')) == []
    for source in ("button.title = 'Save';", "node.textContent = `Nothing found`;", "tell('No task was found');"):
        assert words_of_script(source) != []
    monkeypatch.setitem(catalogue("zh"), "usage.options", "Choices")
    monkeypatch.setitem(catalogue("en"), "usage.options", "选项")
    for lang, word in (("zh", "Choices"), ("en", "选项")):
        run(cli, ["build", "--help", "--lang", lang])
        assert left(capfd.readouterr().out, lang, "") == [word]

"""Asking with SPARQL for the first time: what is mistyped is named, what finds nothing says why, and what is asked for comes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pyoxigraph
import pytest

import kg
from kg.cli import cli
from kg.console import BAD_INPUT, DONE, INTERRUPTED, run
from kg.errors import ParameterError, QueryError, QuestionError
from kg.graph.misread import fault_of
from kg.graph.queries import ask_text, questions
from kg.graph.store import memory_store
from kg.graph.triples import graph_triples
from kg.graph.vocabulary import words
from kg.messages import LANGUAGES, use_language
from kg.model import Notice

from .conftest import ROOT
from .serving import CROSS, Running, serving


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    use_language("en")
    yield
    use_language(None)


@pytest.fixture(scope="module")
def store(jingzhou: Notice) -> pyoxigraph.Store:
    return memory_store(graph_triples([jingzhou]))


MISREAD = [
    pytest.param(
        "SELECT ?t WHERE ｛ ?t kg:ledBy ?u ｝", "column 17: the sign ｛ is one of the Chinese keyboard; write {", id="wide-bracket"
    ),
    pytest.param("SELECT ？t { ?t kg:ledBy ?u }", "column 8: the sign ？", id="wide-question-mark"),
    pytest.param("SELECT ?t { ?t kg：ledBy ?u }", "column 18: the sign ：", id="wide-colon"),
    pytest.param("SELECT ?t { ?t kg:ledBy ?u 。}", "write .", id="ideographic-stop"),
    pytest.param(
        "SELECT ?t { ?t kg:text ?x FILTER(CONTAINS(?x, “养老”)) }", 'the sign “ is one of the Chinese keyboard; write "', id="quotes"
    ),
    pytest.param("SELECT ?t {\u3000?t kg:ledBy }", "a blank of the Chinese keyboard", id="wide-blank"),
    pytest.param("SELECT ?t { ?t foo:bar ?u }", "column 16: the prefix foo: is not declared", id="prefix"),
    pytest.param("SELECT ?t\n{ ?t kg:ledBy ?u ;\n foo:bar ?v }", "line 3, column 2: the prefix foo:", id="prefix-on-a-later-line"),
    pytest.param("SELECT ?t { ?t dct:title ?u }", "Did you mean dcterms:", id="prefix-near"),
    pytest.param("SELECT ?t { ?t kg:ledBy http://a/b }", "between < and >", id="bare-address"),
    pytest.param("SELECT ?t { ?t kg:ledBy 市发改委 }", '"市发改委"@zh', id="bare-name"),
    pytest.param("SELECT ?t { ?t led by ?u }", "column 16: led stands alone", id="bare-word"),
    pytest.param("SELECT ?t { ?t kg:ledBy ?u", "column 11: what { opens", id="unclosed"),
    pytest.param("SELECT ?t { ?t kg:ledBy ?u }}", "column 29: there is one } too many", id="unopened"),
    pytest.param("SELECT ?t { ?t kg:text 'abc }", "the text that begins with '", id="unclosed-text"),
    pytest.param("SELECT COUNT(?t) { ?t kg:ledBy ?u }", "(COUNT(?task) AS ?n)", id="unbracketed-count"),
    pytest.param("SELECT ?t, ?u { ?t kg:ledBy ?u }", "no commas", id="commas"),
    pytest.param("SELECT ?t { ?t kg:ledBy ?u } GROUP BY ?u", "what stands in GROUP BY", id="not-grouped"),
    pytest.param("SELECT ?t { ?t kg:index ?y FILTER(?y == 3) }", "SPARQL has no ==; write =", id="double-equals"),
    pytest.param("SELECT ?t { ?t kg:index ?y FILTER(?y > 3 and ?y < 5) }", "SPARQL has no and; write &&", id="and"),
    pytest.param("INSERT DATA { <a:b> <a:c> <a:d> }", "only read here", id="update"),
    pytest.param("PREFIX a: <b:> DELETE WHERE { ?s ?p ?o }", "only read here", id="update-behind-a-prefix"),
    pytest.param("# nothing", "it is empty", id="empty"),
    pytest.param("SELECT * { SERVICE <http://a/b> { ?s ?p ?o } }", "SERVICE is not allowed", id="service"),
]


@pytest.mark.parametrize(("query", "said"), MISREAD)
def test_what_does_not_parse_is_told_by_name(store: pyoxigraph.Store, query: str, said: str) -> None:
    with pytest.raises(QueryError) as caught:
        ask_text(store, query)
    assert said in str(caught.value)
    assert "\\u{" not in str(caught.value)


def test_what_stands_in_texts_and_comments_is_no_slip() -> None:
    quiet = "SELECT ?t { ?t kg:text '｛foo:bar 市发改委 and ==', <urn:＝> . # ｝ foo:bar\n ?t kg:ledBy }"
    assert fault_of(quiet, 'error at 2:15: expected one of "(", "<"').text == "one of these is expected here: ( <"


NOTED = [
    pytest.param(
        "SELECT ?t { ?t kg:leadBy ?u }", "kg:leadBy is not in the ontology, so nothing has it. Did you mean kg:ledBy?", id="misspelt"
    ),
    pytest.param("SELECT (COUNT(?t) AS ?n) { ?t kg:leadBy ?u }", "Did you mean kg:ledBy?", id="misspelt-and-counted"),
    pytest.param("ASK { ?t kg:leadBy ?u }", "Did you mean kg:ledBy?", id="misspelt-in-ask"),
    pytest.param("SELECT ?t { ?t <https://w3id.org/govresp/ns#leadBy> ?u }", "Did you mean kg:ledBy?", id="misspelt-in-full"),
    pytest.param("CONSTRUCT { ?t kg:worksWith ?u } WHERE { ?t kg:leadBy ?u }", "Did you mean kg:ledBy?", id="misspelt-in-construct"),
    pytest.param("SELECT ?u { ?u a kg:unit }", "Did you mean kg:Unit?", id="lower-case-class"),
    pytest.param("SELECT ?u { ?u org:classification kgv:deparment }", "Did you mean kgv:department", id="misspelt-code"),
    pytest.param("SELECT ?t { ?t kg:牵头 ?u }", "Did you mean kg:ledBy", id="chinese-label-as-term"),
    pytest.param("SELECT ?t { ?u rdfs:label ?n . ?t kg:ledBy ?u }", "names are skos:prefLabel", id="rdfs-label"),
    pytest.param(
        "PREFIX kg: <http://example.org/> SELECT ?t { ?t kg:ledBy ?u }", "http://example.org/ledBy occurs nowhere", id="wrong-namespace"
    ),
    pytest.param("SELECT ?t { ?t kg:ledBy unit:421000-nothing }", "unit:421000-nothing occurs nowhere", id="no-such-unit"),
    pytest.param('SELECT ?t { ?u skos:prefLabel "市发改委" . ?t kg:ledBy ?u }', 'Write "市发改委"@zh', id="no-language"),
    pytest.param("SELECT ?t { ?u skos:prefLabel '市发改委' }", 'Write "市发改委"@zh', id="no-language-in-single-marks"),
    pytest.param('SELECT ?u { ?u skos:prefLabel ?l FILTER(?l = "市发改委") }', 'Write "市发改委"@zh', id="no-language-in-filter"),
    pytest.param('SELECT ?u { ?u kg:level "municipal"@en }', '"municipal" has no language', id="language-too-much"),
    pytest.param('SELECT ?u { ?u kg:level "city" }', "near it: county, municipal", id="no-such-value"),
    pytest.param('SELECT ?u { ?u skos:prefLabel "发改委"@zh }', "near it: 市发改委", id="no-such-name"),
    pytest.param('SELECT ?t { ?t kg:hasTarget/kg:value ?v FILTER(?v > "10") }', "write it without quotation marks", id="number-in-marks"),
    pytest.param('SELECT ?t { ?n dcterms:issued ?d FILTER(?d < "2019-01-01") }', '"2019-01-01"^^xsd:date', id="day-in-marks"),
    pytest.param("SELECT * { GRAPH ?g { ?s ?p ?o } }", "default graph", id="named-graph"),
    pytest.param("SELECT ?u ?l { ?u a kg:Unit }", "?l stands in SELECT and nowhere else", id="unset"),
    pytest.param(
        "SELECT (CONCAT(?n, ?x) AS ?y) { ?u a kg:Unit ; skos:prefLabel ?n OPTIONAL { ?u kg:dueBy ?x } }",
        "y is blank in every row",
        id="blank",
    ),
    pytest.param("SELECT ?t { ?t kg:ledBy unit:421000-finance ; kg:index 1 ; kg:index 2 }", "one condition less", id="nothing-fits"),
]


@pytest.mark.parametrize(("query", "said"), NOTED)
def test_an_answer_that_disappoints_says_why(store: pyoxigraph.Store, query: str, said: str) -> None:
    assert said in "\n".join(ask_text(store, query).notes)


QUIET = [
    pytest.param("SELECT ?t { ?t kg:ledBy ?u } LIMIT 1", id="rows"),
    pytest.param("SELECT * { ?t kg:ledBy ?u } LIMIT 1", id="star"),
    pytest.param("SELECT ?t { ?t kg:ledBy ?u } LIMIT 0", id="asked-for-none"),
    pytest.param('SELECT ?t { ?t kg:text ?x FILTER(CONTAINS(?x, "kg:leadBy")) VALUES ?x { "" } }', id="word-in-a-text"),
    pytest.param("SELECT ?t { ?t kg:ledBy ?u } LIMIT 1 # kg:leadBy", id="word-in-a-comment"),
    pytest.param("CONSTRUCT { ?t kg:worksWith ?u } WHERE { ?t kg:ledBy ?u }", id="word-of-a-template"),
    pytest.param("SELECT (xsd:integer(?i) AS ?n) { ?t kg:index ?i FILTER(?i = '1'^^xsd:integer) }", id="types-and-casts"),
    pytest.param("SELECT ?u { ?u kg:portfolio kgv:line-finance }", id="line-of-work"),
]


@pytest.mark.parametrize("query", QUIET)
def test_an_answer_that_is_right_says_nothing(store: pyoxigraph.Store, query: str) -> None:
    assert ask_text(store, query).notes == ()


@pytest.mark.parametrize("question", [pytest.param(one, id=one.name) for one in questions()])
def test_no_word_of_a_canned_question_is_called_unknown(store: pyoxigraph.Store, question: kg.graph.queries.Question) -> None:
    assert not [note for note in ask_text(store, question.sparql).notes if "not in the ontology" in note]


VALUES = [
    pytest.param("SELECT (COUNT(*) AS ?n) { ?t kg:ledBy ?unit }", {"unit": "市发改委"}, 9, id="unit-by-name"),
    pytest.param("SELECT (COUNT(*) AS ?n) WHERE { ?t kg:ledBy ?u }", {"u": "unit:421000-development-reform"}, 9, id="id"),
    pytest.param("SELECT (COUNT(*) AS ?n) { ?u skos:prefLabel ?name }", {"name": '"市发改委"@zh'}, 1, id="name-with-language"),
    pytest.param("SELECT (COUNT(*) AS ?n) { ?t kg:text ?x FILTER(CONTAINS(?x, $word)) }", {"word": "养老"}, 3, id="word"),
    pytest.param("SELECT (COUNT(*) AS ?n) { ?t a kg:Task ; kg:index ?i FILTER(?i > ?least) }", {"least": "110"}, 4, id="number"),
    pytest.param("SELECT (COUNT(*) AS ?n) { ?x dcterms:issued ?d FILTER(?d > ?day) }", {"day": "2020-01-01"}, 1, id="day"),
    pytest.param("SELECT (COUNT(*) AS ?n) { ?u kg:portfolio ?line }", {"line": "财政"}, 1, id="line-by-name"),
]


@pytest.mark.parametrize(("query", "values", "count"), VALUES)
def test_variables_of_a_query_take_values(store: pyoxigraph.Store, query: str, values: dict[str, str], count: int) -> None:
    assert ask_text(store, query, values).rows == ((count,),)


def test_a_value_can_break_out_of_nothing(store: pyoxigraph.Store) -> None:
    word = '"@zh } ?x ?y ?z . FILTER(true) #'
    assert ask_text(store, "SELECT ?t { ?t kg:text ?x FILTER(?x = ?word) }", {"word": word}).rows == ()


def test_a_value_without_a_variable_is_an_error_in_python_too(built: Path) -> None:
    graph = kg.load(built)
    with pytest.raises(ParameterError, match=r"no variable \?unit.*\?t \?u"):
        graph.query("SELECT ?t { ?t kg:ledBy ?u }", unit="市发改委")
    assert len(graph.query("SELECT ?t { ?t kg:ledBy ?unit }", unit="市发改委").rows) == 9


def test_words_that_are_no_sparql_are_sought_among_the_questions(built: Path) -> None:
    with pytest.raises(QuestionError, match="who-leads"):
        kg.load(built).query("who leads")


ASKED = [
    pytest.param(["SELECT ?t { ?t kg:leadBy ?u }"], DONE, "0 rows\n", "Note: kg:leadBy", id="note-beside-the-answer"),
    pytest.param(["SELECT ?t { ?t kg:leadBy ?u }", "--format", "csv"], DONE, "t\n", "Note: kg:leadBy", id="note-beside-csv"),
    pytest.param(["units-of-line", "-p", "line=财政"], DONE, "1 row\n", "", id="one-row"),
    pytest.param(["load", "--format", "tsv"], DONE, "unit\tleads\tshares\ttasks", "", id="tsv"),
    pytest.param(["CONSTRUCT WHERE { ?s kg:ledBy ?o } LIMIT 1"], DONE, "@prefix kg: <https://w3id.org/govresp/ns#> .\n", "", id="turtle"),
    pytest.param(["CONSTRUCT WHERE { ?s kg:ledBy ?o } LIMIT 1", "--format", "nt"], DONE, "/ns#ledBy> <", "", id="n-triples"),
    pytest.param(["CONSTRUCT WHERE { ?s kg:ledBy ?o } LIMIT 1", "--format", "csv"], BAD_INPUT, "", "cannot be written as csv", id="rows"),
    pytest.param(["load", "-o", "{folder}/x.csv"], DONE, "", "", id="ending-known"),
    pytest.param(["load", "-o", "{folder}/x.docx"], BAD_INPUT, "", ".docx", id="ending-unknown"),
    pytest.param(["a.rq"], BAD_INPUT, "", "kg query -f a.rq", id="file-as-question"),
    pytest.param(["-"], BAD_INPUT, "", "kg query -f -", id="dash-as-question"),
    pytest.param(["load", "-f", "{folder}/q.rq"], BAD_INPUT, "", "Both a question ('load') and a file", id="question-and-file"),
    pytest.param(["-f", "{folder}/q.rq"], DONE, "-\n3\n1 row\n", "", id="file-in-gb18030"),
    pytest.param(["SELECT", "?t", "WHERE", "{", "}"], BAD_INPUT, "", "between quotation marks", id="unquoted"),
    pytest.param(["SELECT ?x { ?t kg:ledBy ?u }", "-p", "unit=市发改委"], BAD_INPUT, "", "no variable ?unit", id="value-without-variable"),
    pytest.param(["--terms"], DONE, "kg:ledBy ", "", id="terms"),
    pytest.param(["--list"], DONE, "(printed names only, groups not opened)\n", "", id="titles-are-whole"),
]


@pytest.mark.parametrize(("arguments", "status", "out", "err"), ASKED)
def test_what_the_command_says(
    built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, out: str, err: str
) -> None:
    (tmp_path / "q.rq").write_bytes('SELECT (COUNT(?t) AS ?n) { ?t kg:text ?x FILTER(CONTAINS(?x, "养老")) }'.encode("gb18030"))
    words = [argument.replace("{folder}", str(tmp_path)) for argument in arguments]
    assert run(cli, ["query", *words, "--graph", str(built), "--lang", "en"]) == status
    said = capsys.readouterr()
    assert out in said.out
    assert err in said.err
    assert bool(err) == bool(said.err)
    if arguments[-1].endswith("x.csv"):
        assert (tmp_path / "x.csv").read_text(encoding="utf-8-sig").startswith("unit,leads,shares,tasks")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_of_the_ontology_is_listed_with_its_meaning(lang: str) -> None:
    found = words(lang)
    assert {"class", "relation", "value", "code"} == {word.kind for word in found}
    assert all(word.label and word.meaning for word in found)


NUMBERS = [
    pytest.param("zh", "abc", "“abc”不行，应为 0 到 65535 之间的整数", id="chinese-word"),
    pytest.param("en", "abc", "'abc' is not a whole number from 0 to 65535", id="english-word"),
    pytest.param("zh", "70000", "“70000”不行，应为 0 到 65535 之间的整数", id="chinese-too-large"),
]


@pytest.mark.parametrize(("lang", "port", "said"), NUMBERS)
def test_a_number_that_does_not_fit_is_told_in_the_language_in_use(
    capsys: pytest.CaptureFixture[str], lang: str, port: str, said: str
) -> None:
    assert run(cli, ["serve", "out", "--port", port, "--lang", lang]) == BAD_INPUT
    assert said in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be sent Ctrl-C alone")
def test_ctrl_c_ends_a_query_that_does_not_end(built: Path) -> None:
    command = [sys.executable, "-m", "kg", "query", CROSS, "--graph", str(built)]

    def heard() -> None:
        # What a shell starts in the background has Ctrl-C switched off, and so have its children.
        signal.signal(signal.SIGINT, signal.default_int_handler)

    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, preexec_fn=heard) as process:
        try:
            # Long enough for a busy machine to come to the query.
            time.sleep(8)
            assert process.poll() is None
            process.send_signal(signal.SIGINT)
            assert process.wait(60) == INTERRUPTED
        finally:
            process.kill()


@pytest.fixture(scope="module")
def server(built: Path) -> Iterator[Running]:
    with serving(built, "--workers", "1") as running:
        yield running


WEB = [
    pytest.param("/ask?question=laod&format=csv", "/sparql", id="no-such-question"),
    pytest.param("/ask?question=partners&format=csv", "/ask?question=partners&unit=", id="parameter-missing"),
    pytest.param("/ask?question=partners&unit=xx&format=csv", "/units", id="no-such-unit"),
    pytest.param("/ask?question=units-of-line&line=xx&format=csv", "/lines", id="no-such-line"),
    pytest.param("/ask?format=csv", "/ask?question=load", id="no-question"),
    pytest.param(f"/sparql?{quote('SELECT * { ?s ?p ?o }')}", "--data-urlencode 'query=SELECT", id="query-without-its-name"),
    pytest.param(f"/sparql?format=csv&query={quote('SELECT ?t { ?t foo:x ?u }')}", "column 16: the prefix foo:", id="prefix"),
]


@pytest.mark.parametrize(("path", "said"), WEB)
def test_the_web_names_addresses_where_the_command_line_names_commands(server: Running, path: str, said: str) -> None:
    reply = server.ask(path, headers={"Accept": "text/plain", "Accept-Language": "en"})
    assert reply.status == 400
    assert said in reply.text
    assert "kg query" not in reply.text


def test_the_editor_says_why_an_answer_is_empty(server: Running) -> None:
    page = server.sparql("SELECT ?t { ?t kg:leadBy ?u }", "text/html", lang="en").text
    assert "Did you mean kg:ledBy? All terms: Ctrl+Space in the editor" in page
    assert 'class="notes"' not in server.sparql("SELECT ?t { ?t kg:ledBy ?u } LIMIT 1", "text/html", lang="en").text

"""The SPARQL 1.1 Protocol: a table of requests, after the published descriptions of its tests and of RFC 9110, and what must come back."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.serve.bounded import rows_of
from kg.serve.negotiate import best
from kg.serve.problems import Problem
from kg.serve.refused import bare_text, refuse_foreign

from .serving import Reply, Running, serving

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
QUERY = {"Content-Type": "application/sparql-query"}
ASK = "ASK { ?s ?p ?o }"
JSON, XML, CSV, TSV = "application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"
TURTLE, NT, JSONLD, RDFXML = "text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
SELECT = "SELECT ?s ?p ?o WHERE { ?s ?p ?o } LIMIT 3"
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 3"
DESCRIBE = "DESCRIBE <https://w3id.org/govresp/id/notice/421000-2020-jzbf-1>"
GRAPH = "http://example.org/data1.rdf"


@pytest.fixture(scope="module")
def server(built: Path) -> Iterator[Running]:
    with serving(built, "--timeout", "10", "--max-rows", "2000", "--workers", "2", "--cors", "https://example.org") as running:
        yield running


def get(query: str, **more: str) -> str:
    return "/sparql?" + urlencode({"query": query, **more})


def form(**values: str) -> bytes:
    return urlencode(values).encode("ascii")


def row(
    name: str,
    status: int,
    path: str = "/sparql",
    method: str = "GET",
    headers: dict[str, str] | None = None,
    body: bytes | None = None,
    media: str = "",
) -> object:
    return pytest.param(method, path, headers or {}, body, status, media, id=name)


QUERIES = [
    row("query-get", 200, get(ASK), media=JSON),
    row("query-post-form", 200, method="POST", headers=FORM, body=form(query=ASK), media=JSON),
    row("query-post-direct", 200, method="POST", headers=QUERY, body=ASK.encode(), media=JSON),
    row(
        "query-post-direct-charset",
        200,
        method="POST",
        headers={"Content-Type": "application/sparql-query; charset=UTF-8"},
        body=ASK.encode(),
    ),
    row(
        "query-post-form-charset",
        200,
        method="POST",
        headers={"Content-Type": FORM["Content-Type"] + ";charset=utf-8"},
        body=form(query=ASK),
    ),
    row("query-post-direct-bom", 200, method="POST", headers=QUERY, body=b"\xef\xbb\xbf" + ASK.encode()),
    row("query-get-bom", 200, get("\ufeff" + ASK)),
    row("query-head", 200, get(ASK), "HEAD", media=JSON),
    row("query-plus-is-a-blank", 200, "/sparql?query=ASK+%7B+%3Fs+%3Fp+%3Fo+%7D"),
    row("query-empty-graph-field", 200, get(ASK) + "&default-graph-uri="),
    row("query-content-type-select", 200, get(SELECT), headers={"Accept": XML}, media=XML),
    row("query-content-type-ask", 200, get(ASK), headers={"Accept": XML}, media=XML),
    row("query-content-type-describe", 200, get(DESCRIBE), headers={"Accept": RDFXML}, media=RDFXML),
    row("query-content-type-construct", 200, get(CONSTRUCT), headers={"Accept": TURTLE}, media=TURTLE),
    *(
        row(f"select-{media}", 200, get(SELECT), headers={"Accept": media}, media=media)
        for media in (JSON, XML, CSV, TSV, "application/json", "text/xml")
    ),
    *(row(f"ask-{media}", 200, get(ASK), headers={"Accept": media}, media=media) for media in (JSON, XML, CSV, TSV)),
    *(
        row(f"construct-{media}", 200, get(CONSTRUCT), headers={"Accept": media}, media=media)
        for media in (TURTLE, NT, JSONLD, RDFXML, "text/n3")
    ),
    row("select-any", 200, get(SELECT), headers={"Accept": "*/*"}, media=JSON),
    row("construct-any", 200, get(CONSTRUCT), headers={"Accept": "*/*"}, media=TURTLE),
    row("select-no-accept", 200, get(SELECT), media=JSON),
    row("select-by-weight", 200, get(SELECT), headers={"Accept": f"{JSON};q=0.2, {CSV};q=0.9, image/png"}, media=CSV),
    row("select-by-type", 200, get(SELECT), headers={"Accept": "text/*"}, media=CSV),
    row("select-not-that-one", 200, get(SELECT), headers={"Accept": f"{JSON};q=0, */*"}, media=XML),
    row("select-browser", 200, get(SELECT), headers={"Accept": BROWSER}, media="text/html"),
    row("construct-browser", 200, get(CONSTRUCT), headers={"Accept": BROWSER}, media="text/html"),
    row("select-both-kinds-accepted", 200, get(SELECT), headers={"Accept": f"{TURTLE}, {TSV}"}, media=TSV),
    row("construct-both-kinds-accepted", 200, get(CONSTRUCT), headers={"Accept": f"{TSV}, {NT}"}, media=NT),
    *(
        row(f"format-{name}", 200, get(SELECT, format=name), media=media)
        for name, media in (("json", JSON), ("xml", XML), ("csv", CSV), ("tsv", TSV), (CSV, CSV))
    ),
    *(
        row(f"format-{name}", 200, get(CONSTRUCT, format=name), media=media)
        for name, media in (("ttl", TURTLE), ("nt", NT), ("jsonld", JSONLD), ("rdf", RDFXML), ("json", JSONLD), ("xml", RDFXML))
    ),
    row("format-before-accept", 200, get(SELECT, format="csv"), headers={"Accept": JSON}, media=CSV),
    row("format-named-three-ways-alike", 200, get(SELECT, format="json", output="json", results="json"), media=JSON),
    row("service-description", 200, "/sparql", media=TURTLE),
    *(
        row(f"service-description-{media}", 200, "/sparql", headers={"Accept": media}, media=media)
        for media in (TURTLE, NT, JSONLD, RDFXML)
    ),
    row("editor", 200, "/sparql", headers={"Accept": BROWSER}, media="text/html"),
    row("options", 204, "/sparql", "OPTIONS"),
    row("canned", 200, "/ask?question=load", headers={"Accept": CSV}, media=CSV),
    row("canned-with-unit", 200, "/ask?" + urlencode({"question": "tasks-of-unit", "unit": "市发改委"}), media=JSON),
    row("canned-page", 200, "/ask?question=load", headers={"Accept": BROWSER}, media="text/html"),
    row("less-time", 200, get(ASK, timeout="2")),
]
REFUSED = [
    row("bad-query-method", 405, get(ASK), "PUT"),
    row("bad-query-method-delete", 405, get(ASK), "DELETE"),
    row("bad-multiple-queries", 400, get(ASK) + "&query=" + quote(ASK)),
    row("bad-multiple-queries-form", 400, get(ASK), "POST", FORM, form(query=ASK)),
    row("bad-multiple-queries-direct", 400, get(ASK), "POST", QUERY, ASK.encode()),
    row("bad-query-wrong-media-type", 415, method="POST", headers={"Content-Type": "text/plain"}, body=ASK.encode()),
    row("bad-query-multipart", 415, method="POST", headers={"Content-Type": "multipart/form-data; boundary=x"}, body=b"--x--"),
    row("bad-query-missing-form-type", 415, method="POST", body=form(query=ASK)),
    row("bad-query-missing-direct-type", 415, method="POST", body=ASK.encode()),
    row(
        "bad-query-non-utf8",
        415,
        method="POST",
        headers={"Content-Type": "application/sparql-query; charset=UTF-16"},
        body=ASK.encode("utf-16"),
    ),
    row("bad-query-other-bytes", 400, method="POST", headers=QUERY, body="# 荆\nASK {}".encode("gb18030")),
    row("bad-query-other-bytes-in-form", 400, method="POST", headers=FORM, body=b"query=ASK+%7B%7D%23%BE"),
    row("bad-query-compressed", 415, method="POST", headers={**QUERY, "Content-Encoding": "gzip"}, body=b"\x1f\x8b"),
    row("bad-query-syntax", 400, get("ASK { ?s ?p")),
    row("bad-query-empty", 400, get("")),
    row("bad-query-blank", 400, method="POST", headers=QUERY, body=b"  \n"),
    row("bad-query-none-in-form", 400, method="POST", headers=FORM, body=b""),
    row("bad-query-relative-iri", 400, get("ASK { <a> ?p ?o }")),
    row("bad-parameter", 400, get(ASK) + "&defaut-graph-uri=x"),
    row("bad-parameter-twice", 400, get(ASK) + "&format=csv&format=json"),
    row("bad-formats-differ", 400, get(ASK, format="csv", output="json")),
    row("bad-format", 400, get(ASK, format="exe")),
    row("bad-timeout", 400, get(ASK, timeout="nan")),
    row("bad-timeout-negative", 400, get(ASK, timeout="-1")),
    row("too-many-parameters", 400, "/sparql?" + "x=1&" * 200),
    row("not-acceptable", 406, get(SELECT), headers={"Accept": "image/png"}),
    row("not-acceptable-graph-for-rows", 406, get(SELECT), headers={"Accept": TURTLE}),
    row("not-acceptable-rows-for-graph", 406, get(CONSTRUCT), headers={"Accept": CSV}),
    row("not-acceptable-format-for-graph", 406, get(CONSTRUCT, format="csv")),
    row("not-acceptable-description", 406, "/sparql", headers={"Accept": "image/png"}),
    row("body-too-long", 413, method="POST", headers=QUERY, body=b"#" * 1_100_000),
    row("url-too-long", 414, get("ASK {} #" + "x" * 40_000)),
    row("too-many-rows", 422, get("SELECT * { ?s ?p ?o }")),
    row("too-many-triples", 422, get("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")),
    row("no-such-question", 400, "/ask?question=laod"),
    row("question-without-its-parameter", 400, "/ask?question=tasks-of-unit"),
    row("question-with-another-parameter", 400, "/ask?question=load&unit=x"),
    row("no-such-unit", 400, "/ask?" + urlencode({"question": "tasks-of-unit", "unit": "市发改局"})),
]
UPDATES = [
    row("update-post-form", 403, method="POST", headers=FORM, body=form(update="CLEAR ALL")),
    row("update-post-direct", 403, method="POST", headers={"Content-Type": "application/sparql-update"}, body=b"CLEAR ALL"),
    row("update-get", 403, "/sparql?update=" + quote("CLEAR ALL")),
    row("update-dataset", 403, method="POST", headers=FORM, body=form(update="CLEAR ALL", **{"using-graph-uri": GRAPH})),
    *(row(f"update-as-query-{name}", 403, get(text)) for name, text in (
        ("insert", "INSERT DATA { <urn:a> <urn:b> <urn:c> }"),
        ("delete", "PREFIX kg: <https://w3id.org/govresp/ns#>\n# all\nDELETE WHERE { ?s ?p ?o }"),
        ("with", "WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }"),
        ("load", "LOAD <file:///etc/passwd>"),
        ("drop", "BASE <urn:x> drop all"),
    )),
    row("service", 403, get("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }")),
    row("service-silent", 403, get("SELECT * { service#\nsilent ?x { ?s ?p ?o } }")),
    row("from-file", 403, get("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }")),
    row("from-http", 403, get(f"SELECT * FROM <{GRAPH}> {{ ?s ?p ?o }}")),
    row("from-named", 403, get(f"SELECT * FROM NAMED<{GRAPH}> {{ GRAPH ?g {{ ?s ?p ?o }} }}")),
    row("from-prefixed", 403, get("PREFIX : <file:///> SELECT * from :etc { ?s ?p ?o }")),
    row("default-graph-get", 403, get(ASK, **{"default-graph-uri": GRAPH})),
    row("default-graphs-get", 403, get(ASK, **{"default-graph-uri": GRAPH}) + "&default-graph-uri=http://example.org/data2.rdf"),
    row("default-graph-post", 403, method="POST", headers=FORM, body=form(query=ASK, **{"default-graph-uri": GRAPH})),
    row("named-graph-get", 403, get(ASK, **{"named-graph-uri": GRAPH})),
    row("named-graph-post-direct", 403, "/sparql?" + urlencode({"named-graph-uri": GRAPH}), "POST", QUERY, ASK.encode()),
]  # fmt: skip
"""Refused as designed: the endpoint only reads, and holds one graph."""


@pytest.mark.parametrize(("method", "path", "headers", "body", "status", "media"), QUERIES)
def test_a_query_is_answered(
    server: Running, method: str, path: str, headers: dict[str, str], body: bytes | None, status: int, media: str
) -> None:
    reply = server.ask(path, method, headers, body)
    assert (reply.status, reply.media) == (status, media or reply.media), reply.text[:500]
    if status == 200:
        assert reply.headers["content-type"].endswith("charset=utf-8")
        assert reply.headers["vary"].startswith("Accept, Accept-Language")
        assert bool(reply.body) is (method != "HEAD")


@pytest.mark.parametrize(("method", "path", "headers", "body", "status", "media"), REFUSED + UPDATES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_refusal_says_why(
    server: Running, method: str, path: str, headers: dict[str, str], body: bytes | None, status: int, media: str, lang: str
) -> None:
    reply = server.ask(path, method, {**headers, "Accept-Language": lang}, body)
    assert reply.status == status, reply.text[:500]
    assert 8 < len(reply.text) < 1000
    assert reply.media == "text/plain"
    assert any("\u4e00" <= sign <= "\u9fff" for sign in reply.text) is (lang == "zh") or "unit" in path
    assert "Traceback" not in reply.text


def test_a_head_says_how_long_the_answer_is(server: Running) -> None:
    whole, head = server.ask(get(SELECT)), server.ask(get(SELECT), "HEAD")
    assert head.headers["content-length"] == str(len(whole.body))


def test_all_forms_of_rows_say_the_same(server: Running) -> None:
    query = 'SELECT ?a ?b ?c ?d { VALUES (?a ?b ?c ?d) { ("a,\\"b\\"\\n荆" <urn:x> 7 UNDEF) ("t\\t\\\\"@zh <urn:y> 1.5 true) } }'
    found = json.loads(server.sparql(query, JSON).body)["results"]["bindings"]
    assert [one["a"]["value"] for one in found] == ['a,"b"\n荆', "t\t\\"]
    assert found[1]["a"]["xml:lang"] == "zh"
    assert "d" not in found[0]
    values = [[one.get(name, {"value": ""})["value"] for name in "abcd"] for one in found]
    assert list(csv.reader(io.StringIO(server.sparql(query, CSV).text, newline="")))[1:] == values
    space = "{http://www.w3.org/2005/sparql-results#}"
    tree = ElementTree.fromstring(server.sparql(query, XML).body)
    for result, expected in zip(tree.iter(f"{space}result"), values, strict=True):
        cells = {binding.get("name"): binding[0].text for binding in result.iter(f"{space}binding")}
        assert [cells.get(name, "") for name in "abcd"] == expected
    parsed = pyoxigraph.parse_query_results(server.sparql(query, TSV).body, format=pyoxigraph.QueryResultsFormat.TSV)
    assert [[getattr(one[name], "value", "") for name in "abcd"] for one in parsed] == values  # type: ignore[union-attr]


def test_all_forms_of_triples_say_the_same(server: Running) -> None:
    forms = {
        TURTLE: pyoxigraph.RdfFormat.TURTLE,
        NT: pyoxigraph.RdfFormat.N_TRIPLES,
        JSONLD: pyoxigraph.RdfFormat.JSON_LD,
        RDFXML: pyoxigraph.RdfFormat.RDF_XML,
        "text/n3": pyoxigraph.RdfFormat.N3,
    }
    found = {
        media: {str(quad) for quad in pyoxigraph.parse(server.sparql(DESCRIBE, media).body, format=form)} for media, form in forms.items()
    }
    assert len(found[NT]) > 5
    assert all(one == found[NT] for one in found.values())


def test_the_service_describes_itself_in_the_vocabulary_of_the_w3c(server: Running) -> None:
    store = pyoxigraph.Store()
    store.load(server.ask("/sparql").body, format=pyoxigraph.RdfFormat.TURTLE)
    sd = "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> PREFIX f: <http://www.w3.org/ns/formats/> "
    says = f"{sd} ASK {{ ?s a sd:Service ; sd:endpoint <{server.url}sparql> ; sd:supportedLanguage sd:SPARQL11Query ; sd:resultFormat f:SPARQL_Results_JSON , f:Turtle ; sd:defaultDataset [ a sd:Dataset ; sd:defaultGraph [ a sd:Graph ] ] }}"
    assert bool(store.query(says))
    assert not bool(store.query(f"{sd} ASK {{ ?s sd:supportedLanguage sd:SPARQL11Update }}"))


def test_options_and_refused_methods_say_what_is_allowed(server: Running) -> None:
    allowed = {"GET", "HEAD", "OPTIONS", "POST"}
    assert set(server.ask("/sparql", "OPTIONS").headers["allow"].split(", ")) == allowed
    assert set(server.ask("/sparql", "PUT").headers["allow"].replace(" ", "").split(",")) == allowed


def test_scripts_of_the_sites_that_were_named_may_read(server: Running) -> None:
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    known, other = {"Origin": "https://example.org"}, {"Origin": "https://example.com"}
    assert server.ask(get(ASK), headers=known).headers["access-control-allow-origin"] == "https://example.org"
    assert "access-control-allow-origin" not in server.ask(get(ASK), headers=other).headers
    granted = server.ask("/sparql", "OPTIONS", {**known, **asks})
    assert (granted.status, granted.headers["access-control-allow-origin"]) == (200, "https://example.org")
    assert server.ask("/sparql", "OPTIONS", {**other, **asks}).status == 400


def test_where_no_site_was_named_none_may_read(built: Path) -> None:
    with serving(built, "--workers", "1") as running:
        reply = running.ask(get(ASK), headers={"Origin": "https://example.org"})
        assert not [name for name in reply.headers if name.startswith("access-control")]


@pytest.mark.parametrize("path", ["/sparql", get(SELECT), get("x"), "/nowhere", "/", "/ask?question=load"])
@pytest.mark.parametrize("accept", ["*/*", BROWSER])
def test_every_reply_carries_the_security_headers(server: Running, path: str, accept: str) -> None:
    headers = server.ask(path, headers={"Accept": accept}).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "server" not in headers


def test_a_page_elsewhere_cannot_lend_its_name(server: Running) -> None:
    refused = server.ask(get(ASK), headers={"Host": "evil.example", "Accept": "text/html"})
    assert (refused.status, refused.media) == (400, "text/html")
    assert "evil.example" in refused.text and "--allow-host" in refused.text, "who runs the server learns what to do"
    assert server.ask(get(ASK), headers={"Host": "<b>"}).status == 400
    assert server.ask(get(ASK), headers={"Host": "localhost"}).status == 200


def test_a_problem_comes_as_json_to_those_who_take_json(server: Running) -> None:
    reply = server.sparql("ASK {", JSON + ", application/json;q=0.5")
    assert (reply.status, json.loads(reply.text)["status"]) == (400, 400)
    assert "line 1" in json.loads(server.sparql("ASK {", "application/json", lang="en").text)["message"]


def test_a_problem_of_a_browser_comes_on_the_editor_page_with_the_query_kept(server: Running) -> None:
    reply: Reply = server.sparql('SELECT * { ?s "<script>alert(1)</script>', BROWSER)
    assert (reply.status, reply.media) == (400, "text/html")
    assert "<script>alert" not in reply.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;</textarea>" in reply.text


WORDS = st.sampled_from(
    [
        "FROM",
        "from",
        "<urn:x>",
        "?from",
        '"FROM <x>"',
        "# FROM <x>\n",
        "{",
        "}",
        "SELECT",
        "a:b",
        "'''FROM <y>'''",
        "\\u0046ROM",
        '"\\""',
        "'",
    ]
)


@given(st.lists(WORDS, max_size=12))
def test_nothing_in_texts_iris_or_comments_counts(words: list[str]) -> None:
    assert "FROM <x>" not in bare_text(" ".join(word for word in words if word != "'"))


@given(st.text(max_size=300))
def test_any_text_can_be_looked_at(text: str) -> None:
    try:
        refuse_foreign(text)
    except Problem as problem:
        assert problem.status == 403


@given(
    st.lists(
        st.tuples(st.text(st.sampled_from('a",{}\n\\<>&r:[\t\r'), max_size=12), st.text(st.sampled_from('"},{'), max_size=8)), max_size=8
    ),
    st.sampled_from(["json", "xml", "csv", "tsv"]),
)
def test_rows_are_counted_exactly_whatever_their_text_is(cells: list[tuple[str, str]], form: str) -> None:
    store = pyoxigraph.Store()
    for at, (one, two) in enumerate(cells):
        node = pyoxigraph.NamedNode(f"urn:{at}")
        store.add(pyoxigraph.Quad(node, pyoxigraph.NamedNode("urn:p"), pyoxigraph.Literal(one)))
        store.add(pyoxigraph.Quad(node, pyoxigraph.NamedNode("urn:q"), pyoxigraph.Literal(two)))
    formats = {
        "json": pyoxigraph.QueryResultsFormat.JSON,
        "xml": pyoxigraph.QueryResultsFormat.XML,
        "csv": pyoxigraph.QueryResultsFormat.CSV,
        "tsv": pyoxigraph.QueryResultsFormat.TSV,
    }
    written = store.query("SELECT ?a ?b { ?s <urn:p> ?a ; <urn:q> ?b }").serialize(format=formats[form])  # type: ignore[union-attr]
    expected = max(len(cells), 1) if form == "json" else len(cells)
    assert rows_of(written or b"", form) == expected


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["text/html", "text/*", "*/*", "application/json"]),
            st.sampled_from(["", ";q=0", ";q=0.5", ";q=1", ";q=x", ' ; a="b,c";q=0.3']),
        ),
        max_size=5,
    )
)
def test_what_is_negotiated_was_offered(parts: list[tuple[str, str]]) -> None:
    offered = ["application/json", "text/html", "text/csv"]
    assert best(", ".join(name + more for name, more in parts), offered) in (*offered, None)


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        pytest.param("text/html, application/json", "application/json", id="equal: ours decides"),
        pytest.param("text/*, application/json;q=0.9", "text/html", id="weight before order"),
        pytest.param("*/*, text/csv", "text/csv", id="the closest of equal weight"),
        pytest.param("text/*;q=0.9, text/html;q=0.1", "text/csv", id="the closest range decides"),
        pytest.param("TEXT/CSV", "text/csv", id="case"),
        pytest.param("text/csv;charset=utf-8", "text/csv", id="parameters"),
        pytest.param(",,", "application/json", id="nothing said"),
        pytest.param("text/csv;q=0", None, id="only what is not wanted"),
    ],
)
def test_negotiation(accept: str, chosen: str | None) -> None:
    assert best(accept, ["application/json", "text/html", "text/csv"]) == chosen

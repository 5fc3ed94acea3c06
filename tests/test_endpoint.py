"""An endpoint as a graph: the same answers as the store, clear words for what goes wrong, and no secret to anybody else."""

from __future__ import annotations

import base64
import json
import threading
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyoxigraph
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg.cli import cli
from kg.console import run
from kg.errors import KgError, QueryError, UnitNotFoundError
from kg.graph import endpoint_errors as errors
from kg.graph.asked import Graph
from kg.graph.client import cleaned
from kg.graph.copied import copy_of
from kg.graph.endpoint import Endpoint, form_of, with_prefixes
from kg.graph.queries import Question, ask, ask_text, questions
from kg.graph.store import memory_store
from kg.graph.ties_of_graph import ties_of_graph
from kg.graph.triples import graph_triples
from kg.graph.wire import LONGEST_GET
from kg.messages import use_language
from kg.model import Notice, Ties

from . import servers
from .servers import needs_oxigraph, needs_virtuoso
from .test_queries import values_for

JSON, HTML, TRIPLES = "application/sparql-results+json", "text/html; charset=utf-8", "application/n-triples"
ROW = b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":{"type":"literal","value":"x"}}]}}'
SECRETS = {"GOVRESP_SPARQL_USER": "reader", "GOVRESP_SPARQL_PASSWORD": "pass-7f3a", "GOVRESP_SPARQL_TOKEN": "token-9c1d"}


@pytest.fixture(autouse=True)
def nobody_asks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No login of the machine that runs the tests, and words in English."""
    for name in (*SECRETS, "GOVRESP_SPARQL_TIMEOUT", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    use_language("en")
    yield
    use_language(None)


# A server that says whatever a test wants


@dataclass
class Seen:
    """One request as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: str

    @property
    def query(self) -> str:
        text = self.body if self.method == "POST" else urllib.parse.urlsplit(self.path).query
        return dict(urllib.parse.parse_qsl(text)).get("query", "")


Reply = tuple[int, str, bytes] | tuple[int, str, bytes, dict[str, str]]


@dataclass
class Fake:
    """A server on loopback; ``reply`` makes the answer to a request."""

    reply: Callable[[Seen], Reply]
    seen: list[Seen] = field(default_factory=list)
    address: str = ""


@pytest.fixture
def fake() -> Iterator[Callable[[Callable[[Seen], Reply]], Fake]]:
    running: list[ThreadingHTTPServer] = []

    def start(reply: Callable[[Seen], Reply]) -> Fake:
        held = Fake(reply)

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                request = Seen(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
                held.seen.append(request)
                status, kind, content, *more = held.reply(request)
                self.send_response(status)
                for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **(more[0] if more else {})}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            do_POST = do_GET

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # who asked may be gone
        running.append(server)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        held.address = f"http://127.0.0.1:{server.server_address[1]}/sparql"
        return held

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


Start = Callable[[Callable[[Seen], Reply]], Fake]
SELECT = "SELECT ?a { ?a ?b ?c }"

WRONG = [
    pytest.param((404, HTML, b"<html>not found</html>"), errors.EndpointMissingError, "/sparql or /query", "a page of 404", id="404"),
    pytest.param((401, HTML, b"", {"WWW-Authenticate": 'Basic realm="x"'}), errors.EndpointLoginError, "GOVRESP_SPARQL_USER", "nobody asks", id="401"),
    pytest.param((401, HTML, b"", {"WWW-Authenticate": "Bearer"}), errors.EndpointLoginError, "GOVRESP_SPARQL_TOKEN", "wants a token", id="401-bearer"),
    pytest.param((403, HTML, b"no"), errors.EndpointLoginError, "403", "forbidden", id="403"),
    pytest.param((400, "text/plain", b"Parse error at SELEC\n\nSPARQL query: SELEC"), QueryError, "Parse error at SELEC", "no query", id="400"),
    pytest.param((500, HTML, b"<html><style>p{}</style><h1>Broken &times;</h1></html>"), errors.EndpointStatusError, "Broken", "a fault of the server", id="500"),
    pytest.param((503, "text/plain", b"busy \x1b[2J now"), errors.EndpointStatusError, "busy [2J now", "an order to the terminal is none", id="503"),
    pytest.param((200, HTML, b"<html>Welcome</html>"), errors.NotAnEndpointError, "text/html", "a web page", id="page"),
    pytest.param((200, "text/csv", b"a\nx\n"), errors.NotAnEndpointError, "text/csv", "another format", id="csv"),
    pytest.param((200, JSON, ROW[:40]), errors.EndpointAnswerError, "cut off", "an answer that breaks off", id="cut"),
    pytest.param((200, JSON, b'{"error": "time"}'), errors.EndpointAnswerError, "cut off", "JSON of another kind", id="other-json"),
    pytest.param((200, JSON, ROW, {"Content-Length": "500", "Connection": "close"}), errors.EndpointAnswerError, "broke off", "shorter than said", id="short"),
    pytest.param((200, JSON, ROW, {"X-SPARQL-MaxRows": "10000"}), errors.EndpointCutError, "10000", "a part of the rows", id="part"),
    pytest.param((200, JSON, ROW, {"X-SQL-State": "S1TAT"}), errors.EndpointAnswerError, "time limit", "a part by time", id="part-by-time"),
    pytest.param((302, HTML, b"", {"Location": "file:///etc/hostname"}), errors.EndpointStatusError, "302", "a file is no place to go", id="to-file"),
]  # fmt: skip


@pytest.mark.parametrize(("reply", "error", "words", "why"), WRONG)
def test_what_a_server_does_wrong_is_told_in_words(fake: Start, reply: Reply, error: type[KgError], words: str, why: str) -> None:
    server = fake(lambda _: reply)
    with pytest.raises(error) as caught:
        pytest.fail(f"{why}: {ask_text(Endpoint(server.address + '?key=key-2d8e'), SELECT)}")
    assert words in str(caught.value)
    assert "\x1b" not in str(caught.value) and "key-2d8e" not in str(caught.value)


def test_a_refused_connection_and_an_unknown_host_are_told_apart() -> None:
    with pytest.raises(errors.EndpointUnreachableError, match="no program answers"):
        Endpoint("http://127.0.0.1:1/sparql").query(SELECT)
    with pytest.raises(errors.EndpointUnreachableError, match="no such host"):
        Endpoint("http://nowhere.invalid/sparql").query(SELECT)


def test_a_slow_server_is_not_waited_for(fake: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = threading.Event()
    server = fake(lambda _: (200, JSON, ROW) if waiting.wait(30) else (200, JSON, ROW))
    monkeypatch.setenv("GOVRESP_SPARQL_TIMEOUT", "0.2")
    with pytest.raises(errors.EndpointTimeoutError, match=r"0\.2 seconds"):
        Endpoint(server.address).query(SELECT)
    waiting.set()


ADDRESSES = [
    pytest.param("http://", "http://host", id="no-host"),
    pytest.param("http://h:99999/", "http://host", id="no-port"),
    pytest.param("ftp://h/sparql", "http://host", id="scheme"),
    pytest.param("http://h/a b", "http://host", id="blank"),
    pytest.param("http://[::1/sparql", "http://host", id="bracket"),
    pytest.param("http://reader:pass-7f3a@h/sparql", "GOVRESP_SPARQL_PASSWORD", id="password"),
    pytest.param("http://reader:pass-7f3a@/sparql", "http://host", id="password-and-no-host"),
]


@pytest.mark.parametrize(("address", "words"), ADDRESSES)
def test_an_address_that_cannot_be_used_is_refused_without_its_password(address: str, words: str) -> None:
    with pytest.raises(errors.EndpointAddressError) as caught:
        Endpoint(address)
    assert words in str(caught.value) and "pass-7f3a" not in str(caught.value)


# What is sent


def test_a_short_query_goes_by_get_and_a_long_one_by_post(fake: Start) -> None:
    server = fake(lambda _: (200, JSON, ROW))
    endpoint = Endpoint(server.address + "?default-graph-uri=urn:graph")
    long = SELECT + " # " + "长" * LONGEST_GET
    for query in (SELECT, long):
        assert ask_text(endpoint, query).rows == (("x",),)
    get, post = server.seen
    assert (get.method, post.method) == ("GET", "POST")
    assert (get.query, post.query) == (SELECT, long)
    assert "default-graph-uri=urn:graph" in get.path and "default-graph-uri=urn:graph" in post.path
    assert post.headers["content-type"] == "application/x-www-form-urlencoded"


@pytest.mark.parametrize(("query", "wanted"), [(SELECT, JSON), ("ASK { ?s ?p ?o }", JSON), ("CONSTRUCT WHERE { ?s ?p ?o }", TRIPLES), ("DESCRIBE <urn:a>", TRIPLES)])  # fmt: skip
def test_what_is_wanted_fits_the_query(fake: Start, query: str, wanted: str) -> None:
    server = fake(lambda _: (200, TRIPLES, b"<urn:a> <urn:b> <urn:c> .") if wanted == TRIPLES else (200, JSON, ROW))
    Endpoint(server.address).query(query)
    assert server.seen[0].headers["accept"].startswith(wanted)


@pytest.mark.parametrize(("body", "yes"), [(b'{"head":{},"boolean":true}', True), (b'{"head":{},"boolean":false}', False),
    (b'{"head":{"vars":["__ASK_RETVAL"]},"results":{"bindings":[{"__ASK_RETVAL":{"type":"typed-literal","datatype":"http://www.w3.org/2001/XMLSchema#integer","value":"1"}}]}}', True),
    (b'{"head":{"vars":["__ASK_RETVAL"]},"results":{"bindings":[]}}', False)], ids=["yes", "no", "virtuoso-yes", "virtuoso-no"])  # fmt: skip
def test_yes_and_no_are_understood_as_servers_write_them(fake: Start, body: bytes, yes: bool) -> None:
    server = fake(lambda _: (200, JSON, body))
    assert ask_text(Endpoint(server.address), "ASK { ?s ?p ?o }").yes is yes


FORMS = [
    ("PREFIX ask: <urn:select#> construct { ?s ?p ?o } where { ?s ?p ?o }", "CONSTRUCT"),
    ("# ASK\n  #\nBASE<urn:x>PREFIX :<urn:y#>SELECT*{}", "SELECT"),
    ("describe<urn:x>", "DESCRIBE"),
    ("SELECTED", ""),
    ("DELETE WHERE { ?s ?p ?o }", ""),
]


@pytest.mark.parametrize(("query", "form"), FORMS)
def test_the_form_of_a_query_is_its_first_word(query: str, form: str) -> None:
    assert form_of(query) == form


def test_prefixes_are_declared_once_and_only_where_they_are_used() -> None:
    known = {"kg": "urn:k#", "org": "urn:o#"}
    assert with_prefixes("PREFIX kg: <urn:other#> SELECT * { ?s kg:a ?o }", known) == "PREFIX kg: <urn:other#> SELECT * { ?s kg:a ?o }"
    assert with_prefixes("SELECT * { ?s kg:a ?o }", known) == "PREFIX kg: <urn:k#> SELECT * { ?s kg:a ?o }"


@given(st.text())
def test_words_of_a_server_are_one_printable_line(text: str) -> None:
    shown = cleaned(text, 40)
    assert shown.isprintable() and len(shown) <= 40


# Who asks


def basic(user: str = "reader", password: str = "pass-7f3a") -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def test_user_and_password_are_told_when_the_server_asks(fake: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    server = fake(
        lambda r: (
            (200, JSON, ROW) if r.headers.get("authorization") == basic() else (401, HTML, b"", {"WWW-Authenticate": 'Basic realm="x"'})
        )
    )
    monkeypatch.setenv("GOVRESP_SPARQL_USER", "reader")
    monkeypatch.setenv("GOVRESP_SPARQL_PASSWORD", "pass-7f3a")
    for query in (SELECT, SELECT + " #" + "x" * LONGEST_GET):
        assert ask_text(Endpoint(server.address), query).rows == (("x",),)
    monkeypatch.setenv("GOVRESP_SPARQL_PASSWORD", "wrong-5b2e")
    with pytest.raises(errors.EndpointLoginError, match="please check that they are right") as caught:
        Endpoint(server.address).query(SELECT)
    assert "wrong-5b2e" not in str(caught.value) and caught.value.__cause__ is None


def test_a_token_is_sent_as_bearer_and_a_broken_one_is_not_quoted(fake: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    server = fake(lambda r: (200, JSON, ROW) if r.headers.get("authorization") == "Bearer token-9c1d" else (401, HTML, b""))
    monkeypatch.setenv("GOVRESP_SPARQL_TOKEN", " token-9c1d\n")
    assert ask_text(Endpoint(server.address), SELECT).rows == (("x",),)
    for broken in ("token-9c1d\nX-Evil: 1", "token-令牌"):
        monkeypatch.setenv("GOVRESP_SPARQL_TOKEN", broken)
        with pytest.raises(errors.EndpointLoginError) as caught:
            Endpoint(server.address).query(SELECT)
        assert "token-" not in str(caught.value)
    assert all("x-evil" not in request.headers for request in server.seen)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("padding", ["", " #" + "x" * LONGEST_GET], ids=["get", "post"])
@pytest.mark.parametrize("login", ["token", "password"])
def test_no_secret_follows_a_redirect_to_another_host(
    fake: Start, monkeypatch: pytest.MonkeyPatch, status: int, padding: str, login: str
) -> None:
    other = fake(
        lambda r: (401, HTML, b"", {"WWW-Authenticate": 'Basic realm="x"'}) if "authorization" not in r.headers else (200, JSON, ROW)
    )

    def first(request: Seen) -> Reply:
        if "authorization" not in request.headers:
            return 401, HTML, b"", {"WWW-Authenticate": 'Basic realm="x"'}
        return status, HTML, b"", {"Location": other.address}

    names = ["GOVRESP_SPARQL_TOKEN"] if login == "token" else ["GOVRESP_SPARQL_USER", "GOVRESP_SPARQL_PASSWORD"]
    for name in names:
        monkeypatch.setenv(name, SECRETS[name])
    with pytest.raises(errors.EndpointLoginError):
        Endpoint(fake(first).address).query(SELECT + padding)
    assert other.seen and all("authorization" not in request.headers for request in other.seen)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("padding", ["", " #" + "x" * LONGEST_GET], ids=["get", "post"])
def test_a_redirect_on_the_same_host_keeps_query_and_login(fake: Start, monkeypatch: pytest.MonkeyPatch, status: int, padding: str) -> None:
    def reply(request: Seen) -> Reply:
        if not request.path.startswith("/sparql/"):
            query = urllib.parse.urlsplit(request.path).query
            return status, HTML, b"", {"Location": "/sparql/" + (f"?{query}" if query else "")}
        fits = request.headers.get("authorization") == "Bearer token-9c1d" and request.query == SELECT + padding
        return (200, JSON, ROW) if fits else (500, "text/plain", b"lost on the way")

    monkeypatch.setenv("GOVRESP_SPARQL_TOKEN", "token-9c1d")
    assert ask_text(Endpoint(fake(reply).address), SELECT + padding).rows == (("x",),)


# Real servers


@pytest.fixture(scope="module")
def lines(jingzhou: Notice) -> list[str]:
    return graph_triples([jingzhou])


@pytest.fixture(scope="module")
def store(lines: list[str]) -> pyoxigraph.Store:
    return memory_store(lines)


@pytest.fixture(scope="module")
def oxigraph(lines: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with servers.oxigraph(tmp_path_factory.mktemp("oxigraph"), lines) as address:
        yield f"{address}/query"


@pytest.fixture(scope="module")
def virtuoso(lines: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with servers.virtuoso(tmp_path_factory.mktemp("virtuoso"), lines, rows=10_000) as address:
        yield f"{address}/sparql"


SERVERS = pytest.mark.parametrize(
    "server", [pytest.param("oxigraph", marks=needs_oxigraph, id="oxigraph"), pytest.param("virtuoso", marks=needs_virtuoso, id="virtuoso")]
)


@pytest.fixture
def endpoint(server: str, request: pytest.FixtureRequest) -> Endpoint:
    return Endpoint(request.getfixturevalue(server))


NOT_IN_VIRTUOSO = {"reach": "its search along paths of any length runs out of its memory"}


@SERVERS
@pytest.mark.parametrize("question", [pytest.param(question, id=question.name) for question in questions()])
def test_every_question_has_the_rows_of_the_store(endpoint: Endpoint, server: str, store: pyoxigraph.Store, question: Question) -> None:
    if server == "virtuoso" and question.name in NOT_IN_VIRTUOSO:
        pytest.skip(NOT_IN_VIRTUOSO[question.name])
    assert ask(endpoint, question.name, values_for(question)) == ask(store, question.name, values_for(question))


@SERVERS
def test_the_ties_are_those_of_the_build(endpoint: Endpoint, ties: Ties) -> None:
    assert ties_of_graph(endpoint) == ties


@SERVERS
def test_a_copy_holds_the_whole_graph_and_nothing_else(endpoint: Endpoint, store: pyoxigraph.Store) -> None:
    copied = copy_of(endpoint)
    assert {str(quad.triple) for quad in copied} == {str(quad.triple) for quad in store}


@SERVERS
@pytest.mark.parametrize("query", ["ASK { ?t a kg:Task }", "ASK { ?t a kg:Nothing }", "CONSTRUCT { ?t kg:ledBy ?u } WHERE { ?t kg:ledBy ?u }", "SELECT (COUNT(?t) AS ?n) { ?t a kg:Task }"])  # fmt: skip
def test_sparql_of_ones_own_has_the_answer_of_the_store(endpoint: Endpoint, store: pyoxigraph.Store, query: str) -> None:
    assert ask_text(endpoint, query) == ask_text(store, query)


@SERVERS
def test_what_is_no_query_is_told_by_the_server(endpoint: Endpoint) -> None:
    with pytest.raises(QueryError):
        ask_text(endpoint, "SELECT * { x }")
    with pytest.raises(QueryError):
        ask_text(endpoint, "INSERT DATA { <urn:a> <urn:b> <urn:c> }")
    with pytest.raises(UnitNotFoundError, match="市财政局"):
        ask(endpoint, "tasks-of-unit", {"unit": "市财局"})


@needs_virtuoso
def test_a_server_that_wants_digest_is_told_without_the_password(virtuoso: str, monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = Endpoint(virtuoso + "-auth")
    with pytest.raises(errors.EndpointLoginError, match="GOVRESP_SPARQL_USER"):
        endpoint.query("ASK { ?t a kg:Task }")
    monkeypatch.setenv("GOVRESP_SPARQL_USER", "dba")
    monkeypatch.setenv("GOVRESP_SPARQL_PASSWORD", "dba")
    assert ask_text(endpoint, "ASK { ?t a kg:Task }").yes is True
    assert len(ask(endpoint, "load").rows) > 50, "the long query goes by POST"
    monkeypatch.setenv("GOVRESP_SPARQL_PASSWORD", "wrong")
    with pytest.raises(errors.EndpointLoginError, match="please check that they are right"):
        ask_text(endpoint, "ASK { ?t a kg:Task }")


@needs_virtuoso
def test_rows_that_a_server_cuts_off_are_not_passed_for_all(lines: list[str], tmp_path: Path) -> None:
    with servers.virtuoso(tmp_path, lines, rows=500) as address:
        endpoint = Endpoint(f"{address}/sparql")
        with pytest.raises(errors.EndpointCutError, match="500"):
            ties_of_graph(endpoint)
        assert len(ask_text(endpoint, "SELECT ?t { ?t a kg:Task } LIMIT 3").rows) == 3


@needs_oxigraph
def test_the_command_line_and_python_take_an_address_where_they_take_a_file(
    oxigraph: str, lines: list[str], tmp_path: Path, ties: Ties
) -> None:
    path = tmp_path / "graph.nt"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    asked = kg.load(oxigraph)
    assert asked.ties == ties and asked.load() == kg.load(path).load()
    assert len(kg.open(oxigraph)) == len(lines)
    assert repr(asked) == f"KG({oxigraph!r})" and asked._repr_html_() is None, "showing it asks nobody"
    for words in (["query", "load", "--graph"], ["validate"], ["export", "--format", "ttl"], ["export", "--format", "csv"]):
        there, here = (CliRunner().invoke(cli, [*words, place]) for place in (oxigraph, str(path)))
        assert there.stdout and (there.exit_code, there.stdout) == (here.exit_code, here.stdout), words


def test_the_command_line_tells_what_is_wrong_in_one_line_and_exit_2(fake: Start, capsys: pytest.CaptureFixture[str]) -> None:
    page = fake(lambda _: (200, HTML, b"<html></html>"))
    for words in (["query", "load", "--graph", page.address], ["report", page.address], ["report", page.address, "seeds"]):
        assert run(cli, words) == 2
        said = capsys.readouterr().err.strip().splitlines()
        assert page.address in said[0] and len(said) <= 2


def test_a_graph_without_notices_is_told_so(fake: Start) -> None:
    empty = json.dumps({"head": {"vars": ["n"]}, "results": {"bindings": []}}).encode()
    server = fake(lambda _: (200, JSON, empty))
    with pytest.raises(KgError, match="no task breakdown notice"):
        kg.load(server.address).load()
    graph: Graph = pyoxigraph.Store()
    with pytest.raises(KgError, match="no task breakdown notice"):
        ties_of_graph(graph)

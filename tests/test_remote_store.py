"""Writing to SPARQL servers: whatever a server held and however often a run was cut off, in the end it holds our triples and no others."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from email.message import Message
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pyoxigraph
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import api
from kg.graph import remote, sending
from kg.graph.loading import create_store
from kg.graph.portions import parts_of
from kg.graph.remote import Server, exchange, find_server, update
from kg.graph.remote_errors import (
    RemoteAddressError,
    RemoteBusyError,
    RemoteDeniedError,
    RemoteDiffersError,
    RemoteForeignError,
    RemoteRefusedError,
    RemoteUnreachableError,
)
from kg.graph.sending import BATCH, look_first, send_graph
from kg.graph.store import memory_store
from kg.graph.triples import graph_triples
from kg.model import Notice
from kg.naming.changes import changes_of
from kg.naming.units import name_units
from kg.reading.notice import notice_of_text
from kg.reading.source import SourceText
from tests.gate import Answer, Gate
from tests.servers import free_port, needs_oxigraph, needs_virtuoso, oxigraph, virtuoso
from tests.test_cli import kg
from tests.test_queries import second_city

from .conftest import ROOT, SEED

ELSEWHERE = "https://example.org/g"
FOREIGN = "<urn:a> <urn:b> <urn:c> .\n"


def small_notice(number: int, bodies: str = "市财政局、市教育局") -> Notice:
    """A notice with two tasks of its own number and text."""
    text = (
        f"荆州市人民政府办公室关于分解任务的通知\n\n荆政办发〔2020〕{number}号\n\n2020年1月{number}日\n\n"
        f"1.修路{number}公里以上,2020年10月底前完成。(牵头单位:市发改委;责任单位:{bodies})\n"
        "2.架桥。(牵头单位:市住建局;责任单位:各县市区政府)\n"
    )
    return name_units(notice_of_text(SourceText(f"{number}.txt", text, f"{number:064x}", "utf-8")))


def graph_of(notices: list[Notice]) -> pyoxigraph.Store:
    return memory_store(graph_triples(notices, changes_of(notices)) if notices else [])


def lines_of(store: pyoxigraph.Store, graph: str | None = None) -> set[str]:
    """The triples of a graph as N-Triples, a boolean in the one form that Virtuoso knows."""
    name = pyoxigraph.NamedNode(graph) if graph else pyoxigraph.DefaultGraph()
    lines = {f"{quad.subject} {quad.predicate} {quad.object} ." for quad in store.quads_for_pattern(None, None, None, name)}
    return {line.replace('"true"^^', '"1"^^') for line in lines}


# The parts of a graph


def test_the_parts_of_a_graph_are_the_graph(jingzhou: Notice) -> None:
    store = graph_of([jingzhou, replace(second_city(jingzhou), findings=()), small_notice(7)])
    parts = parts_of(store)
    lines = [line for name in parts.names() for line in parts.lines(name)]
    assert len(lines) == len(set(lines)) == len(store)
    assert set(lines) == {f"{quad.subject} {quad.predicate} {quad.object} ." for quad in store}
    assert sum(parts.print_of(name).triples for name in parts.names()) == len(store)
    assert set(parts.notices) == {"421000-2020-jzbf-1", "421100-2020-jzbf-1", small_notice(7).id}


def test_a_part_is_the_same_whatever_stands_beside_it() -> None:
    alone, beside = parts_of(graph_of([small_notice(1)])), parts_of(graph_of([small_notice(1), small_notice(2)]))
    name = small_notice(1).id
    assert alone.print_of(name) == beside.print_of(name)
    changed = parts_of(graph_of([small_notice(1, "市财政局")]))
    assert alone.print_of(name) != changed.print_of(name)


# A server in memory, which can be cut off at any request


class Cut(BaseException):
    """The writer was killed."""


class Memory:
    """A server made of a store, in the place of ``exchange``: each request is applied whole, or the writer dies before or after it."""

    def __init__(self) -> None:
        self.store = pyoxigraph.Store()
        self.asked: list[str] = []
        self.die_at: int | None = None
        self.die_after = False

    def __call__(self, method: str, address: str, body: bytes, headers: Mapping[str, str], *, first: bool = False) -> bytes:
        parts = urlsplit(address)
        self.asked.append(parts.path)
        if self.die_at == len(self.asked) and not self.die_after:
            raise Cut
        answer = self.answer(parts.path, parse_qs(parts.query), body)
        if self.die_at == len(self.asked):
            raise Cut
        return answer

    def answer(self, path: str, asked: dict[str, list[str]], body: bytes) -> bytes:
        if path == "/query":
            found = self.store.query(parse_qs(body.decode())["query"][0])
            return found.serialize(format=pyoxigraph.QueryResultsFormat.CSV)  # type: ignore[union-attr,return-value]  # all are SELECT
        if path == "/update":
            self.store.update(body.decode())
        elif path == "/store":
            graph = pyoxigraph.NamedNode(asked["graph"][0]) if "graph" in asked else pyoxigraph.DefaultGraph()
            self.store.load(body, format=pyoxigraph.RdfFormat.N_TRIPLES, to_graph=graph)
        else:
            raise RemoteRefusedError(path, 404, "not here")
        return b""

    def posts(self) -> int:
        return self.asked.count("/store")


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Memory:
    made = Memory()
    monkeypatch.setattr(remote, "exchange", made)
    return made


SETS = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from(["市财政局、市教育局", "市财政局", "市水利局"])),
    unique_by=lambda pair: pair[0],
    max_size=3,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    runs=st.lists(st.tuples(SETS, st.integers(1, 40), st.booleans()), max_size=4),
    last=SETS,
    named=st.booleans(),
    batch=st.sampled_from([7, 60, BATCH]),
)
def test_after_any_cut_off_runs_the_next_whole_run_makes_it_equal(
    monkeypatch: pytest.MonkeyPatch,
    runs: list[tuple[list[tuple[int, str]], int, bool]],
    last: list[tuple[int, str]],
    named: bool,
    batch: int,
) -> None:
    memory = Memory()
    monkeypatch.setattr(remote, "exchange", memory)
    graph = ELSEWHERE if named else None
    address = "http://server" + (f"?{urlencode({'graph': ELSEWHERE})}" if named else "")
    for wanted, die_at, die_after in runs:
        memory.asked, memory.die_at, memory.die_after = [], die_at, die_after
        store = graph_of([small_notice(*pair) for pair in wanted])
        try:
            send_graph(store, address, batch=batch)
        except Cut:
            continue
        assert lines_of(memory.store, graph) == lines_of(store)
    memory.die_at = None
    store = graph_of([small_notice(*pair) for pair in last])
    send_graph(store, address, batch=batch)
    assert lines_of(memory.store, graph) == lines_of(store)
    memory.asked = []
    again = send_graph(store, address, batch=batch)
    assert (again.sent, again.removed, again.again, memory.posts()) == (0, 0, False, 0)


def test_what_did_not_change_is_not_sent_again(memory: Memory) -> None:
    notices = [small_notice(number) for number in range(1, 9)]
    send_graph(graph_of(notices), "http://server")
    memory.asked = []
    changed = graph_of([*notices[:7], small_notice(8, "市教育局")])
    sent = send_graph(changed, "http://server")
    assert sent.sent == 1 and sent.removed == 0 and sent.kept > 7
    assert memory.posts() == 1
    assert lines_of(memory.store) == lines_of(changed)


def test_a_run_that_was_cut_off_is_gone_on_with(memory: Memory) -> None:
    store = graph_of([small_notice(number) for number in range(1, 9)])
    memory.die_at = 12
    with pytest.raises(Cut):
        send_graph(store, "http://server", batch=50)
    done = memory.posts()
    memory.die_at, memory.asked = None, []
    sent = send_graph(store, "http://server", batch=50)
    assert done > 2 and sent.kept > 2
    assert memory.posts() < -(-len(store) // 50)
    assert lines_of(memory.store) == lines_of(store)


def test_a_server_that_cuts_its_answers_is_read_to_the_end(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = memory.answer

    def cut(path: str, asked: dict[str, list[str]], body: bytes) -> bytes:
        found = answer(path, asked, body)
        return b"".join(found.splitlines(keepends=True)[:4]) if path == "/query" else found

    monkeypatch.setattr(memory, "answer", cut)
    send_graph(graph_of([small_notice(number) for number in range(1, 9)]), "http://server")
    store = graph_of([small_notice(9)])
    assert not send_graph(store, "http://server").again
    assert lines_of(memory.store) == lines_of(store)


def test_requests_are_of_bounded_size(memory: Memory, monkeypatch: pytest.MonkeyPatch, jingzhou: Notice) -> None:
    sizes = []
    answer = memory.answer
    monkeypatch.setattr(memory, "answer", lambda path, asked, body: (sizes.append((path, body.count(b"\n"))), answer(path, asked, body))[1])
    send_graph(graph_of([jingzhou]), "http://server", batch=1000)
    posted = [lines for path, lines in sizes if path == "/store"]
    assert len(posted) >= 9 and max(posted) == 1000, "a part larger than a batch comes in several"


def test_a_triple_that_somebody_added_goes_and_one_removed_comes_back(memory: Memory) -> None:
    store = graph_of([small_notice(1)])
    send_graph(store, "http://server")
    memory.store.update("INSERT DATA { <urn:a> <urn:b> <urn:c> }")
    assert send_graph(store, "http://server").again
    assert lines_of(memory.store) == lines_of(store)
    memory.store.update("DELETE WHERE { ?t <https://w3id.org/govresp/ns#ledBy> ?u }")
    assert send_graph(store, "http://server").again
    assert lines_of(memory.store) == lines_of(store)


def test_a_triple_added_while_a_run_was_cut_off_goes_too(memory: Memory) -> None:
    store = graph_of([small_notice(number) for number in range(1, 4)])
    memory.die_at = 8
    with pytest.raises(Cut):
        send_graph(store, "http://server", batch=20)
    memory.store.update("INSERT DATA { <urn:a> <urn:b> <urn:c> }")
    memory.die_at = None
    assert send_graph(store, "http://server", batch=20).again
    assert lines_of(memory.store) == lines_of(store)


def test_a_graph_that_was_emptied_is_sent_whole(memory: Memory) -> None:
    store = graph_of([small_notice(1)])
    send_graph(store, "http://server")
    memory.store.update("CLEAR DEFAULT")
    send_graph(store, "http://server")
    assert lines_of(memory.store) == lines_of(store)


def test_a_foreign_graph_is_left_alone_unless_told(memory: Memory) -> None:
    memory.store.load(FOREIGN.encode(), format=pyoxigraph.RdfFormat.N_TRIPLES)
    memory.store.load(FOREIGN.encode(), format=pyoxigraph.RdfFormat.N_TRIPLES, to_graph=pyoxigraph.NamedNode(ELSEWHERE))
    store = graph_of([small_notice(1)])
    for call in (lambda: send_graph(store, "http://server"), lambda: look_first("http://server")):
        with pytest.raises(RemoteForeignError, match=r"--store-overwrite"):
            call()
    assert len(memory.store) == 2 and "/update" not in memory.asked, "nothing was changed"
    look_first("http://server", overwrite=True)
    send_graph(store, "http://server", overwrite=True)
    assert lines_of(memory.store) == lines_of(store)
    assert len(lines_of(memory.store, ELSEWHERE)) == 1, "other graphs stay"


def test_two_graphs_of_one_server_do_not_touch_each_other(memory: Memory) -> None:
    one, other = graph_of([small_notice(1)]), graph_of([small_notice(2)])
    send_graph(one, "http://server")
    send_graph(other, f"http://server?graph={ELSEWHERE}")
    send_graph(graph_of([]), "http://server")
    assert lines_of(memory.store) == set()
    assert lines_of(memory.store, ELSEWHERE) == lines_of(other)


def test_a_service_that_takes_triples_and_keeps_none_is_found_out(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = memory.answer
    monkeypatch.setattr(memory, "answer", lambda path, asked, body: b"" if path == "/store" else answer(path, asked, body))
    store = graph_of([small_notice(1)])
    assert send_graph(store, "http://server").again
    assert lines_of(memory.store) == lines_of(store)


def test_a_server_that_counts_otherwise_in_the_end_is_an_error(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = memory.answer

    def forgets(path: str, asked: dict[str, list[str]], body: bytes) -> bytes:
        found = answer(path, asked, body)
        memory.store.update("DELETE WHERE { ?t <https://w3id.org/govresp/ns#ledBy> ?u }")
        return found

    monkeypatch.setattr(memory, "answer", forgets)
    with pytest.raises(RemoteDiffersError):
        send_graph(graph_of([small_notice(1)]), "http://server")


def test_a_service_that_refuses_graphs_is_written_to_by_updates(memory: Memory, monkeypatch: pytest.MonkeyPatch, jingzhou: Notice) -> None:
    answer = memory.answer

    def refuses(path: str, asked: dict[str, list[str]], body: bytes) -> bytes:
        if path in {"/store", "/data"}:
            raise RemoteRefusedError(path, 405, "no")
        return answer(path, asked, body)

    monkeypatch.setattr(memory, "answer", refuses)
    store = graph_of([jingzhou])
    sent = send_graph(store, "http://server")
    assert lines_of(memory.store) == lines_of(store) and not sent.again
    assert memory.posts() == 1 and memory.asked.count("/data") == 1, "what refuses once is not asked again"


# Addresses

ADDRESSES = [
    pytest.param("ftp://server/x", "http", id="another scheme"),
    pytest.param("server:7878", "http", id="no scheme"),
    pytest.param("http://", "http", id="no host"),
    pytest.param("http://[::1", "http", id="a bracket left open"),
    pytest.param("http://server:port/", "http", id="a port that is none"),
    pytest.param("http://me:secret@server/", "GOVRESP_SPARQL_PASSWORD", id="a password in the address"),
    pytest.param("http://server?graph=not an iri", "graph", id="a graph that is no IRI"),
    pytest.param("http://server?graph=https://x/}%20DROP%20ALL", "graph", id="an update in the name of a graph"),
    pytest.param("http://server?query=x", "graph", id="another parameter"),
    pytest.param("http://server/#part", "graph", id="a fragment"),
]


@pytest.mark.parametrize(("address", "named"), ADDRESSES)
def test_an_address_that_is_none_is_told_so(memory: Memory, address: str, named: str) -> None:
    with pytest.raises(RemoteAddressError) as raised:
        find_server(address)
    assert named in str(raised.value) and "secret" not in str(raised.value)
    assert memory.asked == []


LAYOUTS = [
    pytest.param("http://s", "/query", Server("http://s/query", "http://s/update", ("http://s/store", "http://s/data"), None), id="oxigraph"),
    pytest.param("http://s/update", "/query", Server("http://s/query", "http://s/update", ("http://s/store", "http://s/data"), None), id="its update"),
    pytest.param("http://s/ds/", "/ds/query", Server("http://s/ds/query", "http://s/ds/update", ("http://s/ds/store", "http://s/ds/data"), None), id="fuseki"),
    pytest.param("http://s/ds/data?graph=urn:g", "/ds/query", Server("http://s/ds/query", "http://s/ds/update", ("http://s/ds/store", "http://s/ds/data"), "urn:g"), id="its graphs"),
    pytest.param("http://s:8890/sparql", "/sparql", Server("http://s:8890/sparql", "http://s:8890/sparql-auth", ("http://s:8890/sparql-graph-crud-auth",), None), id="virtuoso"),
    pytest.param("http://s:8890", "/sparql", Server("http://s:8890/sparql", "http://s:8890/sparql-auth", ("http://s:8890/sparql-graph-crud-auth",), None), id="its root"),
    pytest.param("http://s/repositories/x", "/repositories/x", Server("http://s/repositories/x", "http://s/repositories/x/statements", ("http://s/repositories/x/rdf-graphs/service",), None), id="graphdb"),
    pytest.param("http://s/repositories/x/statements", "/repositories/x", Server("http://s/repositories/x", "http://s/repositories/x/statements", ("http://s/repositories/x/rdf-graphs/service",), None), id="its statements"),
]  # fmt: skip


@pytest.mark.parametrize(("address", "path", "server"), LAYOUTS)
def test_any_service_of_a_server_leads_to_the_others(monkeypatch: pytest.MonkeyPatch, address: str, path: str, server: Server) -> None:
    def answer(method: str, asked: str, body: bytes, headers: Mapping[str, str], *, first: bool = False) -> bytes:
        if urlsplit(asked).path != path:
            raise RemoteRefusedError(asked, 404, "no")
        return b'"one"\r\n1\r\n'

    monkeypatch.setattr(remote, "exchange", answer)
    assert find_server(address) == server


def test_a_web_page_is_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "exchange", lambda *_args, **_words: b"<html>welcome</html>")
    with pytest.raises(RemoteAddressError, match=r"7878"):
        find_server("http://server")


# One exchange, over HTTP


def gated(decide: Callable[[int, str, str, Message], Answer]) -> Gate:
    return Gate("http://127.0.0.1:9", decide)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Nobody waits; how long they would have."""
    waited: list[float] = []
    monkeypatch.setattr(remote.time, "sleep", waited.append)
    return waited


def test_a_busy_server_is_asked_again_longer_and_longer_apart_and_as_it_says(quick: list[float]) -> None:
    answers: list[Answer] = [
        (503, {}),
        (429, {"Retry-After": "7"}),
        (504, {}),
        (429, {"Retry-After": "99999"}),
        (503, {"Retry-After": "Wed"}),
        (200, {}),
    ]
    with gated(lambda number, *_: answers[number - 1]) as gate:
        assert exchange("POST", gate.address, b"x", {}) == b"not now"
    assert quick == [remote.WAITS[0], 7, remote.WAITS[2], remote.LONGEST_WAIT, remote.WAITS[4]]
    assert [size for _, _, size in gate.seen] == [1] * 6


def test_a_server_that_is_always_busy_is_told_so(quick: list[float]) -> None:
    with gated(lambda *_: (503, {})) as gate, pytest.raises(RemoteBusyError, match="503"):
        exchange("POST", gate.address, b"x", {})
    assert quick == list(remote.WAITS)


def test_a_server_that_went_away_is_waited_for_and_one_never_there_is_not(quick: list[float]) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(RemoteUnreachableError):
        find_server(nobody)
    assert quick == []
    with pytest.raises(RemoteUnreachableError):
        exchange("POST", nobody, b"x", {})
    assert quick == list(remote.WAITS)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed_for_what_is_written_would_be_lost(status: int) -> None:
    with gated(lambda *_: (status, {"Location": "http://127.0.0.1:9/there"})) as gate, pytest.raises(RemoteAddressError, match="/there"):
        exchange("POST", gate.address, b"x", {})
    assert len(gate.seen) == 1


def test_the_token_and_the_password_go_where_they_should(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[str | None] = []

    def wants(number: int, method: str, path: str, headers: Message) -> Answer:
        given.append(headers.get("Authorization"))
        return (200, {}) if headers.get("Authorization") else (401, {"WWW-Authenticate": 'Basic realm="r"'})

    monkeypatch.setenv("GOVRESP_SPARQL_TOKEN", "t0ken")
    with gated(wants) as gate:
        exchange("POST", gate.address, b"x", {})
    assert given == ["Bearer t0ken"]
    monkeypatch.setenv("GOVRESP_SPARQL_USER", "me")
    monkeypatch.setenv("GOVRESP_SPARQL_PASSWORD", "secret")
    with gated(wants) as gate:
        exchange("POST", gate.address, b"x", {})
    assert given == ["Bearer t0ken"] * 2, "where there is a token, the password stays here"
    monkeypatch.delenv("GOVRESP_SPARQL_TOKEN")
    given.clear()
    with gated(wants) as gate:
        exchange("POST", gate.address, b"x", {})
        exchange("POST", gate.address, b"x", {})
    assert given == [None, "Basic bWU6c2VjcmV0", "Basic bWU6c2VjcmV0"], "it is remembered what the server wants"


DENIALS = [
    pytest.param((401, {"WWW-Authenticate": 'Basic realm="r"'}), id="wrong password"),
    pytest.param((401, {"WWW-Authenticate": 'Digest realm="r", nonce="n", qop="auth"'}), id="wrong password by digest"),
    pytest.param((401, {"WWW-Authenticate": "Negotiate"}), id="a way that we do not know"),
    pytest.param((401, {}), id="no way named"),
    pytest.param((403, {}), id="not allowed"),
]


@pytest.mark.parametrize("answer", DENIALS)
@pytest.mark.parametrize("user", ["", "me"], ids=["nobody", "somebody"])
def test_who_may_not_write_is_told_which_variables_say_who(monkeypatch: pytest.MonkeyPatch, answer: Answer, user: str) -> None:
    if user:
        monkeypatch.setenv("GOVRESP_SPARQL_USER", user)
        monkeypatch.setenv("GOVRESP_SPARQL_PASSWORD", "secret")
    with gated(lambda *_: answer) as gate, pytest.raises(RemoteDeniedError, match="GOVRESP_SPARQL_USER") as raised:
        exchange("POST", gate.address, b"x", {})
    assert "secret" not in str(raised.value)


# Real servers


@pytest.fixture(scope="module")
def oxigraph_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with oxigraph(tmp_path_factory.mktemp("oxigraph")) as address:
        yield address


@pytest.fixture(scope="module")
def virtuoso_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with virtuoso(tmp_path_factory.mktemp("virtuoso")) as address:
        yield address


@pytest.fixture
def dba(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVRESP_SPARQL_USER", "dba")
    monkeypatch.setenv("GOVRESP_SPARQL_PASSWORD", "dba")


TARGETS = [
    pytest.param("oxigraph_server", "", id="oxigraph-default", marks=needs_oxigraph),
    pytest.param("oxigraph_server", f"?graph={ELSEWHERE}", id="oxigraph-named", marks=needs_oxigraph),
    pytest.param("virtuoso_server", f"?graph={ELSEWHERE}", id="virtuoso", marks=needs_virtuoso),
]


def read_back(address: str) -> set[str]:
    """All triples of the graph of an address, by the Graph Store HTTP Protocol, for no limit on rows holds there."""
    server = find_server(address)
    which = urlencode({"graph": server.graph}) if server.graph else "default"
    try:
        body = exchange("GET", f"{server.stores[0]}?{which}", b"", {"Accept": "application/n-triples, text/plain;q=0.5"})
    except RemoteRefusedError as error:
        assert error.args[1] == 404, error
        return set()
    found = pyoxigraph.Store()
    found.load(body, format=pyoxigraph.RdfFormat.N_TRIPLES)
    return lines_of(found)


@pytest.mark.parametrize(("fixture", "which"), TARGETS)
def test_a_real_server_is_made_equal_again_and_again(
    request: pytest.FixtureRequest, dba: None, jingzhou: Notice, fixture: str, which: str
) -> None:
    address = request.getfixturevalue(fixture) + which
    moved = replace(second_city(jingzhou), findings=())
    states = [
        [jingzhou, moved],
        [replace(jingzhou, tasks=jingzhou.tasks[:100], findings=()), moved, small_notice(3)],
        [small_notice(3, "市水利局")],
        [jingzhou],
    ]
    for notices in states:
        store = graph_of(notices)
        sent = send_graph(store, address, batch=4000)
        assert (sent.triples, sent.again) == (len(store), False)
        assert read_back(address) == lines_of(store)
        assert send_graph(store, address).sent == 0
    update(find_server(address), [f"INSERT DATA {{ {find_server(address).within('<urn:a> <urn:b> 1 , 2')} }}"])
    assert send_graph(store, address).again
    assert read_back(address) == lines_of(store)


@pytest.mark.parametrize(("fixture", "which"), TARGETS)
def test_a_real_server_that_is_given_updates_alone_is_made_equal(
    request: pytest.FixtureRequest, dba: None, monkeypatch: pytest.MonkeyPatch, jingzhou: Notice, fixture: str, which: str
) -> None:
    address = request.getfixturevalue(fixture) + which
    found = find_server(address)
    monkeypatch.setattr(sending, "find_server", lambda _address: replace(found, stores=()))
    store = graph_of([replace(second_city(jingzhou, 5), findings=())])
    assert not send_graph(store, address, overwrite=True).again
    assert read_back(address) == lines_of(store)


@needs_virtuoso
def test_virtuoso_without_a_graph_or_a_password_says_what_to_do(virtuoso_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = graph_of([small_notice(1)])
    with pytest.raises(RemoteForeignError, match=r"\?graph="):
        send_graph(store, virtuoso_server)
    with pytest.raises(RemoteDeniedError, match="GOVRESP_SPARQL_PASSWORD"):
        send_graph(store, f"{virtuoso_server}?graph=https://example.org/other")


# The writer, killed


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, jingzhou: Notice) -> api.KG:
    """The store of three notices, each larger than half a batch."""
    other = replace(jingzhou, id="421000-2021-jzbf-1", tasks=jingzhou.tasks[:90], findings=())
    folder = tmp_path_factory.mktemp("built") / "store"
    create_store(folder, graph_triples([jingzhou, other, replace(second_city(jingzhou), findings=())]))
    return api.load(folder)


KILLED = [
    pytest.param("oxigraph_server", "", 5, id="oxigraph-before-the-first-batch", marks=needs_oxigraph),
    pytest.param("oxigraph_server", "", 8, id="oxigraph-in-the-middle", marks=needs_oxigraph),
    pytest.param("virtuoso_server", f"?graph={ELSEWHERE}", 16, id="virtuoso-in-the-middle", marks=needs_virtuoso),
]
WRITER = "import sys; from kg import api; api.load(sys.argv[1]).send(sys.argv[2])"


@pytest.mark.parametrize(("fixture", "which", "at"), KILLED)
def test_a_writer_killed_in_the_middle_is_gone_on_with(
    request: pytest.FixtureRequest, dba: None, built: api.KG, fixture: str, which: str, at: int
) -> None:
    target = request.getfixturevalue(fixture)
    reached, free = threading.Event(), threading.Event()

    def hold(number: int, *_: object) -> Answer:
        if number == at:
            reached.set()
            free.wait(60)
        return None

    update(find_server(target + which), [f"CLEAR SILENT {'GRAPH <' + ELSEWHERE + '>' if which else 'DEFAULT'}"])
    with ExitStack() as stack:
        gate = stack.enter_context(Gate(target, hold))
        stack.callback(free.set)
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(built.path), gate.address + which], cwd=ROOT)
        stack.callback(process.kill)
        assert reached.wait(90), process.poll()
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert read_back(target + which) != lines_of(built.store), "the run was not done yet"
    sent = built.send(target + which)
    assert not sent.again and (at == 5) == (sent.kept == 0), "what was sent is not sent again"
    assert read_back(target + which) == lines_of(built.store)


# The command


@needs_oxigraph
def test_the_command_builds_and_sends(oxigraph_server: str, tmp_path: Path) -> None:
    out, address = tmp_path / "out", f"{oxigraph_server}?graph={ELSEWHERE}/command"
    (tmp_path / "notice.txt").write_text(small_notice(1).text, encoding="utf-8")
    done = kg("build", tmp_path / "notice.txt", "-o", out, "--store", address, KG_LANG="en")
    assert done.returncode == 0, done.stderr
    assert read_back(address) == lines_of(api.load(out).store)
    assert f"Written to {address}" in done.stderr
    again = kg("build", tmp_path / "notice.txt", "-o", out, "--store", address, KG_LANG="en")
    assert "nothing to send" in again.stderr


def test_a_bad_server_is_told_before_anything_is_read(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = kg("build", SEED, "-o", out, "--store", f"http://127.0.0.1:{free_port()}")
    assert done.returncode == 2 and not out.exists()
    assert len(done.stderr.strip().splitlines()) == 1 and "127.0.0.1" in done.stderr
    done = kg("build", SEED, "-o", out, "--store-overwrite")
    assert done.returncode == 2 and "--store" in done.stderr and not out.exists()

"""A SPARQL 1.1 server to write to: where it listens for queries, updates and graphs, and one exchange with it, tried more than once."""

from __future__ import annotations

import csv
import io
import re
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, urlencode, urlunsplit

from kg.errors import KgError
from kg.graph.client import (
    LARGEST,
    PASSWORD,
    TOKEN,
    USER,
    LateError,
    LoginError,
    Reply,
    TooLargeError,
    UnreachableError,
    parts_of,
    said,
    send,
    without_login,
)
from kg.graph.remote_errors import (
    RemoteAddressError,
    RemoteBusyError,
    RemoteDeniedError,
    RemoteRefusedError,
    RemoteUnreachableError,
)
from kg.messages import say

TIMEOUT = 600.0
"""Seconds that one request may take: a server that checkpoints answers late, not never."""
WAITS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
"""Seconds before each further try of what a busy server refused; a server that says ``Retry-After`` is waited for as it says."""
LONGEST_WAIT = 120.0
_BUSY = frozenset({429, 502, 503, 504})
_LAYOUTS = (
    ("query", "update", ("store", "data")),
    ("sparql", "sparql-auth", ("sparql-graph-crud-auth",)),
    ("sparql", "update", ("data", "store")),
    ("", "statements", ("rdf-graphs/service",)),
    ("", "", ()),
)
"""Where servers listen below one address, for queries, updates and graphs: Oxigraph and Fuseki, Virtuoso, older Fuseki, RDF4J and
GraphDB, and whatever has one address for all. The first that answers a query counts."""
_NAMES = {name for query, update, stores in _LAYOUTS for name in (query, update, *stores) if name}


@dataclass(frozen=True, slots=True)
class Server:
    """A server and the graph in it that is written to."""

    query: str
    update: str
    stores: tuple[str, ...]
    """Where it may take whole graphs (Graph Store HTTP Protocol); the first that does counts, none where it takes updates alone."""
    graph: str | None
    """IRI of the graph, None for the default graph."""

    def within(self, pattern: str) -> str:
        """A pattern of triples in the graph, for queries and updates."""
        return f"GRAPH <{self.graph}> {{ {pattern} }}" if self.graph else pattern


def find_server(address: str) -> Server:
    """The server at an address, which may be its root or any of its services, with ``?graph=IRI`` for a graph of that name.

    Raises:
        RemoteAddressError: it is no address, or nothing there answers SPARQL.
        RemoteDeniedError, RemoteBusyError, RemoteUnreachableError: as ``exchange`` says.
    """
    parts, graph = _address(address)
    path = parts.path.rstrip("/")
    found: KgError | None = None
    for base in dict.fromkeys(_bases(path)):
        for query, update, stores in _LAYOUTS:
            places = [urlunsplit((parts.scheme, parts.netloc, f"{base}/{name}".rstrip("/") or "/", "", "")) for name in (query, update)]
            try:
                if _ask(places[0]) != ["one", "1"]:
                    continue
            except (RemoteRefusedError, RemoteDeniedError) as error:
                found = error if found is None or isinstance(error, RemoteDeniedError) else found
                continue
            crud = tuple(urlunsplit((parts.scheme, parts.netloc, f"{base}/{name}", "", "")) for name in stores)
            return Server(places[0], places[1], crud, graph)
    if isinstance(found, RemoteDeniedError):
        raise found
    raise RemoteAddressError(address, say("store.no-sparql")) from found


def _ask(query: str) -> list[str]:
    body = exchange("POST", query, urlencode({"query": "SELECT (1 AS ?one) {}"}).encode(), _CSV, first=True)
    return body.decode("utf-8", "replace").replace('"', "").split()


_CSV = {"Accept": "text/csv", "Content-Type": "application/x-www-form-urlencoded"}


def _bases(path: str) -> Iterator[str]:
    # /ds/update → /ds first; /repositories/x → itself.
    above, _, last = path.rpartition("/")
    if last in _NAMES:
        yield above
    yield path


def _address(address: str) -> tuple[SplitResult, str | None]:
    parts = parts_of(address)
    if parts is None:
        raise RemoteAddressError(address, say("store.no-address"))
    bare = without_login(parts)
    if bare is not None:
        raise RemoteAddressError(bare, say("store.userinfo", user=USER, password=PASSWORD))
    asked = parse_qs(parts.query, keep_blank_values=True)
    graph = asked.pop("graph", [None])[0]
    asked.pop("default", None)
    if asked or parts.fragment or (graph is not None and not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+", graph)):
        raise RemoteAddressError(address, say("store.no-graph"))
    return parts, graph


def select(server: Server, query: str) -> list[list[str]]:
    """The rows of a SELECT as text; IRIs without brackets."""
    body = exchange("POST", server.query, urlencode({"query": query}).encode(), _CSV)
    return list(csv.reader(io.StringIO(body.decode("utf-8"), newline="")))[1:]


def paged(server: Server, pattern: str, page: int = 5000) -> Iterator[list[str]]:
    """All rows of ``SELECT ?s ?v`` of a pattern in order of ``?s``, an IRI that stands in one row only.

    Page by page behind the last row, for many servers cut an answer and do not say so.
    """
    last = ""
    while rows := select(server, f'SELECT ?s ?v {{ {pattern} FILTER(STR(?s) > "{last}") }} ORDER BY STR(?s) LIMIT {page}'):
        yield from rows
        last = rows[-1][0]


def update(server: Server, operations: Sequence[str]) -> None:
    """Run some operations of SPARQL Update in one request: on most servers all or none of them."""
    body = " ;\n".join(operations).encode("utf-8")
    exchange("POST", server.update, body, {"Content-Type": "application/sparql-update; charset=utf-8"})


def post(store: str, graph: str | None, body: bytes) -> None:
    """Add N-Triples to a graph by the Graph Store HTTP Protocol."""
    which = urlencode({"graph": graph}) if graph else "default"
    exchange("POST", f"{store}?{which}", body, {"Content-Type": "application/n-triples"})


def exchange(
    method: str,
    address: str,
    body: bytes,
    headers: dict[str, str],
    *,
    first: bool = False,
) -> bytes:
    """What a server answers; a busy one is asked again, longer and longer apart. All that is sent here may be sent twice.

    Args:
        first: whether it was never spoken to, so that nobody there is told at once.

    Raises:
        RemoteDeniedError: it wants to know who writes, or does not let them (401, 403, 407).
        RemoteBusyError: it was busy at every try.
        RemoteUnreachableError: it cannot be reached, or breaks off every time.
        RemoteRefusedError: any other status, with what it says.
    """
    waits = iter(WAITS)
    while True:
        wait = next(waits, None)
        try:
            reply = send(urllib.request.Request(address, body, headers, method=method), TIMEOUT, follow=False)
        except LoginError:
            raise RemoteDeniedError(address, 401, USER, PASSWORD, TOKEN) from None
        except TooLargeError:
            raise RemoteRefusedError(address, 200, say("store.too-large", LARGEST)) from None
        except (LateError, UnreachableError) as error:
            if first or wait is None or (isinstance(error, UnreachableError) and not error.again):
                why = error.why if isinstance(error, UnreachableError) else say("store.late", f"{TIMEOUT:g}")
                raise RemoteUnreachableError(address, why) from None
            time.sleep(wait)
            continue
        if reply.status < 300:
            return reply.body
        if reply.status not in _BUSY:
            raise _refusal(address, reply)
        if wait is None:
            raise RemoteBusyError(address, reply.status, len(WAITS) + 1)
        time.sleep(_asked_for(reply, wait))


def _asked_for(reply: Reply, wait: float) -> float:
    told = reply.headers.get("Retry-After", "")
    return min(float(told), LONGEST_WAIT) if told.isascii() and told.isdigit() else wait


def _refusal(address: str, reply: Reply) -> KgError:
    if reply.status in {401, 403, 407}:
        return RemoteDeniedError(address, reply.status, USER, PASSWORD, TOKEN)
    if reply.status < 400:
        return RemoteAddressError(address, say("store.moved", to=reply.headers.get("Location", "?")))
    return RemoteRefusedError(address, reply.status, said(reply) or "–")

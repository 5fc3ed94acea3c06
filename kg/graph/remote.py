"""A SPARQL 1.1 server to write to: where it listens for queries, updates and graphs, and one exchange with it over HTTP.

The standard library speaks HTTP well enough for one request at a time, Basic and Digest included. Who writes is said through the
environment alone, as for reading: ``GOVRESP_SPARQL_USER`` with ``GOVRESP_SPARQL_PASSWORD``, or ``GOVRESP_SPARQL_TOKEN``.
"""

from __future__ import annotations

import csv
import io
import os
import re
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from typing import IO
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from kg.errors import KgError
from kg.graph.remote_errors import (
    RemoteAddressError,
    RemoteBusyError,
    RemoteDeniedError,
    RemoteRefusedError,
    RemoteUnreachableError,
)
from kg.messages import say

USER, PASSWORD, TOKEN = "GOVRESP_SPARQL_USER", "GOVRESP_SPARQL_PASSWORD", "GOVRESP_SPARQL_TOKEN"  # noqa: S105
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


def _address(address: str) -> tuple[urllib.parse.SplitResult, str | None]:
    try:
        parts = urlsplit(address)
        fits = parts.scheme.lower() in {"http", "https"} and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        fits = False
    if not fits:
        raise RemoteAddressError(address, say("store.no-address"))
    if parts.username is not None or parts.password is not None:
        bare = parts._replace(netloc=parts.netloc.rpartition("@")[2])
        raise RemoteAddressError(urlunsplit(bare), say("store.userinfo", user=USER, password=PASSWORD))
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
        request = urllib.request.Request(address, body, headers, method=method)
        try:
            with _opener(address).open(request, timeout=TIMEOUT) as response:
                return bytes(response.read())
        except urllib.error.HTTPError as error:
            refusal = _refusal(address, error)
            if error.fp is not None:
                error.close()
            if error.code not in _BUSY:
                raise refusal from None
            if wait is None:
                raise RemoteBusyError(address, error.code, len(WAITS) + 1) from None
            time.sleep(_asked_for(error, wait))
        except (OSError, HTTPException) as error:
            why = error.reason if isinstance(error, urllib.error.URLError) else error
            if first or wait is None or isinstance(why, ssl.SSLError):
                raise RemoteUnreachableError(address, getattr(why, "strerror", None) or str(why) or type(why).__name__) from error
            time.sleep(wait)
        except ValueError:
            # urllib refuses a way of logging in that it does not know, and a header that is none; the latter would be quoted.
            raise RemoteDeniedError(address, 401, USER, PASSWORD, TOKEN) from None


def _asked_for(error: urllib.error.HTTPError, wait: float) -> float:
    said = error.headers.get("Retry-After", "")
    return min(float(said), LONGEST_WAIT) if said.isascii() and said.isdigit() else wait


def _refusal(address: str, error: urllib.error.HTTPError) -> Exception:
    if error.code in {401, 403, 407}:
        return RemoteDeniedError(address, error.code, USER, PASSWORD, TOKEN)
    if 300 <= error.code < 400:
        return RemoteAddressError(address, say("store.moved", to=error.headers.get("Location", "?")))
    try:
        said = error.read(2000).decode("utf-8", "replace") if error.fp else ""
    except (OSError, HTTPException):
        said = ""
    plain = " ".join(re.sub(r"<[^<>]*>", " ", said).split())
    return RemoteRefusedError(address, error.code, plain[:300] or error.reason)


class _Closed(urllib.request.BaseHandler):
    """Before the library logs in and asks again, the first answer is let go; it would keep its connection."""

    handler_order = 400

    def http_error_401(self, req: object, fp: IO[bytes], code: int, msg: str, headers: object) -> None:
        """Close the answer, and leave the rest to the next handler."""
        fp.close()


class _StayHere(urllib.request.HTTPRedirectHandler):
    """A redirected POST would become a GET: nothing would be written, and nobody told."""

    def redirect_request(self, req: object, fp: IO[bytes], code: int, msg: str, headers: object, newurl: str) -> None:
        """Follow nowhere: what is returned here would be asked next."""


def _opener(address: str) -> urllib.request.OpenerDirector:
    known = os.environ.get(USER), os.environ.get(PASSWORD), os.environ.get(TOKEN)
    parts = urlsplit(address)
    return _opener_for(f"{parts.scheme}://{parts.netloc}/", *known)


_OPENERS: dict[tuple[str | None, ...], urllib.request.OpenerDirector] = {}


def _opener_for(site: str, user: str | None, password: str | None, token: str | None) -> urllib.request.OpenerDirector:
    key = (site, user, password, token)
    if key not in _OPENERS:
        # It remembers that Basic was asked for, so that a large body is not sent once in vain each time.
        passwords = urllib.request.HTTPPasswordMgrWithPriorAuth()
        if user:
            passwords.add_password(None, site, user, password or "")
        digest, basic = urllib.request.HTTPDigestAuthHandler(passwords), urllib.request.HTTPBasicAuthHandler(passwords)
        opener = urllib.request.build_opener(_StayHere, *((_Closed, digest, basic) if user else ()))
        opener.addheaders = [("User-Agent", "govresp"), *([("Authorization", f"Bearer {token}")] if token and not user else [])]
        _OPENERS[key] = opener
    return _OPENERS[key]

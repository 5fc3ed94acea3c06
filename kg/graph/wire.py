"""One query to a SPARQL endpoint by the protocol of the W3C, and what went wrong with it in words."""

from __future__ import annotations

import os
import urllib.parse
import urllib.request
from dataclasses import dataclass

from kg.errors import KgError, QueryError
from kg.graph import endpoint_errors as errors
from kg.graph.client import (
    LARGEST,
    PASSWORD,
    USER,
    LateError,
    LoginError,
    Reply,
    TooLargeError,
    UnreachableError,
    cleaned,
    given,
    parts_of,
    said,
    send,
    without_login,
)
from kg.messages import say

TIMEOUT = "GOVRESP_SPARQL_TIMEOUT"
SECONDS = 60.0
"""What one query may take, the reading of its answer included, unless ``GOVRESP_SPARQL_TIMEOUT`` says otherwise."""
LONGEST_GET = 2000
"""Characters of an address up to which a query goes by GET, which caches understand; longer ones go by POST."""
_FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of a server: its body, its media type, and the number of rows at which it was cut off (Virtuoso), else empty."""

    body: bytes
    kind: str
    most_rows: str


def checked_address(address: str) -> urllib.parse.SplitResult:
    """The parts of an address.

    Raises:
        EndpointAddressError: it names no host, or holds a user or a password, which a list of processes would show.
    """
    parts = parts_of(address)
    if parts is None or not address.isprintable() or " " in address:
        raise errors.EndpointAddressError(address.rpartition("@")[2], say("endpoint.no-host"))
    bare = without_login(parts)
    if bare is not None:
        raise errors.EndpointAddressError(bare, say("endpoint.userinfo", user=USER, password=PASSWORD))
    return parts


def send_query(address: str, query: str, wanted: str) -> Answer:
    """Send a query and read the answer.

    Args:
        address: the endpoint; parameters in it (``?default-graph-uri=…``) are kept.
        query: SPARQL.
        wanted: the value of the Accept header.

    Raises:
        QueryError: the server says that the query is none.
        EndpointError: the server cannot be reached, refuses, is none, or takes too long.
    """
    seconds = _seconds()
    try:
        reply = send(_request(address, query, wanted), seconds, follow=True)
    except LateError:
        raise errors.EndpointTimeoutError(address, f"{seconds:g}") from None
    except TooLargeError:
        raise errors.EndpointSizeError(address, LARGEST) from None
    except LoginError:
        raise errors.EndpointLoginError(address, 401, given()) from None
    except UnreachableError as error:
        if error.begun:
            raise errors.EndpointAnswerError(address, error.why) from None
        raise errors.EndpointUnreachableError(address, error.why) from None
    if reply.status >= 300:
        raise _refused(address, reply)
    if "X-SQL-State" in reply.headers:  # Virtuoso ran out of time and gives what it has.
        raise errors.EndpointAnswerError(address, cleaned(reply.headers.get("X-SQL-Message", "")))
    return Answer(reply.body, reply.headers.get_content_type(), reply.headers.get("X-SPARQL-MaxRows", ""))


def _seconds() -> float:
    try:
        seconds = float(os.environ.get(TIMEOUT) or SECONDS)
    except ValueError:
        return SECONDS
    return seconds if 0 < seconds < 1e6 else SECONDS


def _request(address: str, query: str, wanted: str) -> urllib.request.Request:
    address = urllib.parse.quote(address.partition("#")[0], safe=":/?&=%@!$'()*+,;[]~")
    pair = urllib.parse.urlencode({"query": query})
    url = f"{address}{'&' if '?' in address else '?'}{pair}"
    if len(url) <= LONGEST_GET:
        return urllib.request.Request(url, headers={"Accept": wanted})
    return urllib.request.Request(address, pair.encode("ascii"), {"Accept": wanted, "Content-Type": _FORM_TYPE}, method="POST")


def _refused(address: str, reply: Reply) -> KgError:
    if reply.status in {401, 403, 407}:
        return errors.EndpointLoginError(address, reply.status, given())
    if reply.status in {404, 405, 410}:
        return errors.EndpointMissingError(address, reply.status)
    words = said(reply)
    if reply.status == 400 and words:
        return QueryError(words)
    return errors.EndpointStatusError(address, reply.status, words or "–")

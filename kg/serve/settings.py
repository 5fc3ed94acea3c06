"""How the server is set: every limit in one place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address

from kg.errors import KgError

MIB = 1 << 20


class HostNameError(KgError):
    """What is to be a name of the server is none. Fields: what was given."""

    code = "serve.host-name"


class OriginError(KgError):
    """What is to be a site that may read is none. Fields: what was given."""

    code = "serve.origin"


def host_name(given: str) -> str:
    """A name under which the server may be called, as browsers send it: without scheme, port and path.

    Raises:
        HostNameError: it is none, so that it would never be met.

    >>> host_name("Graph.Example.org"), host_name("*.example.org"), host_name("*"), host_name("::1")
    ('graph.example.org', '*.example.org', '*', '::1')
    """
    name = given.strip().lower()
    if name == "*" or re.fullmatch(r"(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*", name):
        return name
    try:
        ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        raise HostNameError(given) from None
    return name


def origin(given: str) -> str:
    """A site whose scripts may read the answers, as browsers name it: scheme, host, port where it is not the usual one; no path.

    Raises:
        OriginError: it is none, so that it would never be met.

    >>> origin("https://Example.org/"), origin("http://localhost:3000"), origin("*")
    ('https://example.org', 'http://localhost:3000', '*')
    """
    name = given.strip().lower().removesuffix("/")
    if name == "*" or re.fullmatch(r"https?://(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(?::\d{1,5})?", name):
        return name
    raise OriginError(given)


@dataclass(frozen=True, slots=True)
class Settings:
    """The limits of a server. What crosses one is refused with a status and a message that names the limit."""

    timeout: float = 30.0
    """Seconds that one query may run; then its process is ended."""
    max_rows: int = 100_000
    """Rows, or triples, of one answer. An answer is whole or refused, never cut silently."""
    shown_rows: int = 1_000
    """Rows that the editor page shows; it says when there are more."""
    max_answer: int = 64 * MIB
    """Bytes of one answer."""
    workers: int = 4
    """Processes that answer queries."""
    queue: int = 64
    """Queries that may wait for a process; further ones are told to come back."""
    memory: int = 2048 * MIB
    """Bytes that a query may take beside the open store (where the system can hold a process to that)."""
    max_body: int = MIB
    """Bytes of the body of a request."""
    max_url: int = 32_768
    """Bytes of path and query string."""
    cors: tuple[str, ...] = ()
    """Origins whose scripts may read the answers; ``*`` is any."""
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]", "::1")
    """Names under which the server may be called; a page elsewhere that lets its own name point here is refused. ``*`` is any."""

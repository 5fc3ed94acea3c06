"""How the server is set: every limit in one place."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20


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

"""What every response carries, and what every request is held to: language, length of the address, security headers."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Sequence
from urllib.parse import parse_qs, unquote

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.messages import language, say, use_language
from kg.serve.negotiate import best_language
from kg.serve.problems import spoken

log = logging.getLogger("kg.serve")
POLICY = "default-src 'none'; img-src 'self' data:; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
"""The Content-Security-Policy of a response that sets none of its own."""
_LONGEST_NAME = 80
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-cache",
}
"""Headers of every response that does not set them itself. Addresses hold queries, so no other site is told them."""
_WHOLE_ADDRESS = re.compile(rb"https?://(?P<host>[^/?#]*)(?P<path>.*)", re.I | re.S)
_UNREAD = 4 << 20
_UNREAD_SECONDS = 5.0
"""How much of a body that nobody reads is taken in before the answer, and for how long: a client that is still sending would lose it."""


def own_headers() -> dict[str, str]:
    """The headers of a response that is made outside of the application."""
    return {**HEADERS, "Content-Security-Policy": POLICY, "X-Frame-Options": "DENY"}


class Guard:
    """Around the whole application: sets the language, refuses addresses that are too long, adds the security headers."""

    def __init__(self, app: ASGIApp, max_url: int) -> None:
        self._app = app
        self._max_url = max_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope, body = _with_path(scope), _Body(scope, receive)
        headers = Headers(scope=scope)
        query: bytes = scope["query_string"]
        # Each request runs in a context of its own, so the language is only this one's.
        use_language(best_language(_asked_language(query), headers.get("accept-language", ""), language()))
        guarded = _guarded(send, body, f"{scope['method']} {scope.get('raw_path', b'').decode('latin-1')}")
        if len(scope.get("raw_path", b"")) + len(query) > self._max_url:
            refusal = spoken(headers.get("accept", ""), 414, say("error.serve.url-too-long", self._max_url))
            await refusal(scope, body.receive, guarded)
            return
        await self._app(scope, body.receive, guarded)


class _Body:
    """The body of a request, of which one knows whether all of it has come."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        headers = Headers(scope=scope)
        self._receive = receive
        # One who waits to be told to send has not sent anything yet.
        self._ended = "expect" in headers or not ("transfer-encoding" in headers or headers.get("content-length", "0") != "0")

    async def receive(self) -> Message:
        """The next part of it."""
        message = await self._receive()
        self._ended = self._ended or message["type"] != "http.request" or not message.get("more_body", False)
        return message

    async def take_in(self) -> None:
        """Read what is left of it, within limits, to no end."""
        size = 0
        try:
            async with asyncio.timeout(_UNREAD_SECONDS):
                while not self._ended and size < _UNREAD:
                    size += len((await self.receive()).get("body", b""))
        except TimeoutError:
            pass


def _with_path(scope: Scope) -> Scope:
    # An address may be sent whole (RFC 9112, 3.2.2); then its host counts, and no other that is named beside it.
    whole = _WHOLE_ADDRESS.fullmatch(scope.get("raw_path", b""))
    if whole is None:
        return scope
    path = whole["path"] or b"/"
    headers = [(name, value) for name, value in scope["headers"] if name != b"host"]
    return {**scope, "raw_path": path, "path": unquote(path.decode("latin-1")), "headers": [*headers, (b"host", whole["host"])]}


class Hosts:
    """Refuses requests under a name that the server does not have; the framework's check, which speaks only where it refuses."""

    def __init__(self, app: ASGIApp, names: Sequence[str]) -> None:
        self._app = app
        self._check = TrustedHostMiddleware(_known, list(names), www_redirect=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        refused: list[Message] = []

        async def hear(message: Message) -> None:
            refused.append(message)

        await self._check(scope, receive, hear)
        if not refused:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        name = headers.get("host", "")[:_LONGEST_NAME]
        await spoken(headers.get("accept", ""), 400, say("error.serve.host", name))(scope, receive, send)


async def _known(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """A name that the server has: nothing is said."""


def _asked_language(query: bytes) -> str | None:
    if b"lang=" not in query or len(query) > 100_000:
        return None
    return parse_qs(query.decode("latin-1")).get("lang", [None])[0]


def _guarded(send: Send, body: _Body, request: str) -> Send:
    # The path as it was sent, so that no line can be forged, and without the query string, which holds what was asked.
    start = time.perf_counter()

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            await body.take_in()
            headers = MutableHeaders(scope=message)
            if "content-security-policy" not in headers:
                headers["Content-Security-Policy"] = POLICY
                headers["X-Frame-Options"] = "DENY"
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            log.info("%s %s %.0f ms", request, message["status"], 1_000 * (time.perf_counter() - start))
        await send(message)

    return send_with_headers

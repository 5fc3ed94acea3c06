"""What every response carries, and what every request is held to: language, length of the address, security headers."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from urllib.parse import parse_qs

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
        headers = Headers(scope=scope)
        query: bytes = scope["query_string"]
        # Each request runs in a context of its own, so the language is only this one's.
        use_language(best_language(_asked_language(query), headers.get("accept-language", ""), language()))
        guarded = _guarded(send, f"{scope['method']} {scope.get('raw_path', b'').decode('latin-1')}")
        if len(scope.get("raw_path", b"")) + len(query) > self._max_url:
            refusal = spoken(headers.get("accept", ""), 414, say("error.serve.url-too-long", self._max_url))
            await refusal(scope, receive, guarded)
            return
        await self._app(scope, receive, guarded)


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


def _guarded(send: Send, request: str) -> Send:
    # The path as it was sent, so that no line can be forged, and without the query string, which holds what was asked.
    start = time.perf_counter()

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if "content-security-policy" not in headers:
                headers["Content-Security-Policy"] = POLICY
                headers["X-Frame-Options"] = "DENY"
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            log.info("%s %s %.0f ms", request, message["status"], 1_000 * (time.perf_counter() - start))
        await send(message)

    return send_with_headers

"""One connection: what is no request is told so in words, and who neither asks nor listens is let go."""

from __future__ import annotations

import asyncio
import logging
import sys
from http import HTTPStatus

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from kg.messages import say
from kg.serve.headers import own_headers

log = logging.getLogger("kg.serve")
PATIENCE = 30.0
"""Seconds in which a request must have arrived whole up to its body, and in which a client must take some of its answer."""
_LOOK = 2.0
"""Seconds between two looks."""


class Connection(H11Protocol):
    """The framework's connection, which waits without end for a request that comes in drops, and for a client that does not read."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client is there."""
        super().connection_made(transport)
        self._state: tuple[object, ...] = ()
        self._since = self.loop.time()
        self._looking = self.loop.call_later(_LOOK, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        self._looking.cancel()
        super().connection_lost(exc)

    def _look(self) -> None:
        self._looking = self.loop.call_later(_LOOK, self._look)
        unread = self.transport.get_write_buffer_size()
        answering = self.cycle is not None and not self.cycle.response_complete
        # How long an answer may be at work is the affair of the one who makes it. What comes in drops is no change.
        state = (unread, answering, self.cycle)
        if (answering and not unread) or state != self._state:
            self._state, self._since = state, self.loop.time()
        elif self.loop.time() - self._since > PATIENCE:
            if not answering and not unread and self.conn.their_state is h11.IDLE:
                self._refuse(408, say("error.serve.head-too-slow", f"{PATIENCE:g}"))
            self.transport.abort() if unread else self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request; ``msg`` is the framework's word for it."""
        fault = sys.exc_info()[1]
        status = 431 if isinstance(fault, h11.RemoteProtocolError) and fault.error_status_hint == 431 else 400
        self._refuse(status, say("error.serve.head-too-long" if status == 431 else "error.serve.no-request"))
        self.transport.close()

    def _refuse(self, status: int, words: str) -> None:
        log.info("– %s", status)
        bare = False
        if self.cycle is not None and not self.cycle.response_complete:
            # It is the rest of its body that is broken: who makes the answer is told that nobody waits for it any more.
            bare = self.scope["method"] == "HEAD"
            begun, self.cycle.disconnected = self.cycle.response_started, True
            self.cycle.message_event.set()
            if begun:
                return
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE, h11.ERROR):
            return
        # Written by hand: the state machine of the protocol is at odds with this request already, and the connection ends here.
        body = f"{words}\n".encode()
        named = {**own_headers(), "Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(body)), "Connection": "close"}
        lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{name}: {value}" for name, value in named.items()), "", ""]
        self.transport.write("\r\n".join(lines).encode("ascii") + (b"" if bare else body))

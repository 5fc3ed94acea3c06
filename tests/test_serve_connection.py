"""Connections: what is no request is told so, a body that nobody reads costs no answer, and who neither asks nor listens is let go."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from kg.messages import use_language
from kg.serve import connection
from kg.serve.connection import Connection
from kg.serve.headers import Guard, Hosts

LARGE = b"x" * (64 << 20)
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n"


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    """Says what was asked; /large is long, /late takes its time, /read reads the body first, /said says the length before it reads."""
    path, size = scope["path"], 0
    while path == "/read":
        message = await receive()
        size += len(message.get("body", b""))
        if not message.get("more_body"):
            break
    if path == "/late":
        import asyncio

        await asyncio.sleep(1.0)
    host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
    body = LARGE if path == "/large" else f"{path} {host} {size}".encode()
    head = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[uvicorn.Server]:
    monkeypatch.setattr(connection, "PATIENCE", 0.4)
    monkeypatch.setattr(connection, "_LOOK", 0.05)
    app = Guard(Hosts(_answer, ["localhost"]), 32_768)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        running = uvicorn.Server(uvicorn.Config(app, http=Connection, ws="none", lifespan="off", log_config=None))

        def run() -> None:
            use_language("en")
            running.run([listening])

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        running.config.host = f"http://127.0.0.1:{listening.getsockname()[1]}"
        try:
            yield running
        finally:
            running.should_exit = running.force_exit = True
            thread.join(20)


def line_to(server: uvicorn.Server) -> socket.socket:
    place = urlsplit(server.config.host)
    return socket.create_connection((place.hostname or "", place.port or 0), timeout=20)


def said(server: uvicorn.Server, *parts: bytes) -> bytes:
    """What comes back until the server closes."""
    with line_to(server) as line:
        try:
            for part in parts:
                line.sendall(part)
        except OSError:
            pass
        received = b""
        while chunk := line.recv(1 << 16):
            received += chunk
        return received


def until(holds: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not holds():
        time.sleep(0.02)
    return holds()


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        pytest.param(b"\x16\x03\x01\x02\x00\r\n\r\n", 400, "proper", id="TLS"),
        pytest.param(b"GET / HTTP/1.1\r\nHost : localhost\r\n\r\n", 400, "proper", id="a blank before a colon"),
        pytest.param(GET + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400, "proper", id="two lengths"),
        pytest.param(b"GET /" + b"x" * 20_000, 431, "too long", id="an address without end"),
        pytest.param(GET + b"X: y\r\n" * 3_000, 431, "too long", id="headers without end"),
        pytest.param(
            b"POST /read" + GET[5:] + b"Transfer-Encoding: chunked\r\n\r\n-1\r\nASK {}\r\n", 400, "proper", id="a chunk of no size"
        ),
        pytest.param(
            b"HEAD /read" + GET[5:] + b"Transfer-Encoding: chunked\r\n\r\n-1\r\nASK {}\r\n", 400, "proper", id="such a chunk, HEAD"
        ),
    ],
)
def test_what_is_no_request_is_refused_in_words(
    server: uvicorn.Server, caplog: pytest.LogCaptureFixture, sent: bytes, status: int, words: str
) -> None:
    with caplog.at_level(logging.ERROR):
        head, _, body = said(server, sent).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert (words in body.decode()) is (not sent.startswith(b"HEAD"))
    assert b"Content-Length: %d" % len(body) in head or not body
    assert b"nosniff" in head and b"default-src 'none'" in head
    assert not caplog.records, "a strange request is no error of the program"


def test_a_broken_rest_of_a_body_after_the_answer_ends_the_connection_only(
    server: uvicorn.Server, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR), line_to(server) as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n")
        assert b"200 OK" in line.recv(1 << 16)
        line.sendall(b"-1\r\n")
        rest = b"".join(iter(lambda: line.recv(1 << 16), b""))
    assert b"HTTP/1.1" not in rest
    assert not caplog.records


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param((), id="nothing at all"),
        pytest.param((b"GET / HT",), id="half a line"),
        pytest.param((GET + b"X: ",), id="half a header"),
        pytest.param((b"GET / HTTP/1.1\r\n", b"H", b"o", b"s", b"t", b":", b" ", b"l", b"o", b"c", b"a"), id="drops"),
    ],
)
def test_a_request_that_does_not_come_is_not_waited_for(server: uvicorn.Server, parts: tuple[bytes, ...]) -> None:
    with line_to(server) as line:
        for part in parts:
            line.sendall(part)
            time.sleep(0.01)
        received = b"".join(iter(lambda: line.recv(1 << 16), b""))
    assert received.startswith(b"HTTP/1.1 408 ")
    assert b"0.4 seconds" in received
    assert until(lambda: not server.server_state.connections)


def test_a_client_that_does_not_read_is_let_go(server: uvicorn.Server) -> None:
    with line_to(server) as line:
        line.sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert until(lambda: len(server.server_state.connections) == 1)
        assert until(lambda: not server.server_state.connections)


def test_a_slow_reader_gets_all_of_it(server: uvicorn.Server, monkeypatch: pytest.MonkeyPatch) -> None:
    # More than the others, so that a busy machine does not end it; the reading takes as long.
    monkeypatch.setattr(connection, "PATIENCE", 1.2)
    with line_to(server) as line:
        line.sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        size, end = 0, time.monotonic() + 1.5
        while chunk := line.recv(1 << 20):
            size += len(chunk)
            time.sleep(0.02 if time.monotonic() < end else 0)
    assert size > len(LARGE)


def test_an_answer_that_takes_long_is_waited_for(server: uvicorn.Server) -> None:
    assert b"/late localhost" in said(server, b"GET /late HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")


def test_many_requests_on_one_connection_are_answered_in_order(server: uvicorn.Server) -> None:
    sent = b"".join(b"GET /%d HTTP/1.1\r\nHost: localhost\r\n\r\n" % at for at in range(40))
    received = said(server, sent + b"GET /last HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert received.count(b"HTTP/1.1 200") == 41
    places = [received.index(b"\r\n\r\n/%d localhost" % at) for at in range(40)]
    assert places == sorted(places)


def test_a_body_that_nobody_reads_does_not_cost_the_answer(server: uvicorn.Server) -> None:
    # Were the connection closed while the client is still sending, the system would throw the answer away.
    body = b"x" * 3_000_000
    for _ in range(5):
        received = said(server, b"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body), body)
        assert received.endswith(b"/ localhost 0")


def test_a_whole_address_counts_before_the_host_beside_it(server: uvicorn.Server) -> None:
    end = b" HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
    assert said(server, b"GET http://localhost/a%20b?c" + end % b"evil.example").endswith(b"/a b localhost 0")
    assert said(server, b"GET HTTP://localhost:80" + end % b"localhost").endswith(b"/ localhost:80 0")
    assert said(server, b"GET http://evil.example/" + end % b"localhost").startswith(b"HTTP/1.1 400 ")

"""SPARQL servers on 127.0.0.1 to write to, and a gate before them that refuses, holds and counts requests."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import Message
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

OXIGRAPH = shutil.which("oxigraph", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
VIRTUOSO = shutil.which("virtuoso-t")
needs_oxigraph = pytest.mark.skipif(OXIGRAPH is None and os.environ.get("CI") != "true", reason="the oxigraph server is not installed")
needs_virtuoso = pytest.mark.skipif(VIRTUOSO is None and os.environ.get("CI") != "true", reason="Virtuoso is not installed")


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def running(command: list[str], address: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A server while the block runs; ready when anything answers at the address. Should the tests be killed, it ends by itself."""
    bounded = [timeout, "900", *command] if (timeout := shutil.which("timeout")) else command
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(bounded, cwd=folder, stdout=log, stderr=log, start_new_session=True)
        try:
            for _ in range(600):
                assert process.poll() is None, (folder / "log").read_text(encoding="utf-8", errors="replace")
                try:
                    urllib.request.urlopen(address, timeout=2).close()
                    break
                except urllib.error.HTTPError:
                    break
                except OSError:
                    time.sleep(0.1)
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def oxigraph(folder: Path) -> Iterator[str]:
    """Oxigraph's own server with its data in a folder; its address."""
    assert OXIGRAPH is not None, "CI needs the oxigraph server"
    folder.mkdir(parents=True, exist_ok=True)
    address = f"http://127.0.0.1:{free_port()}"
    with running([OXIGRAPH, "serve", "--location", str(folder / "data"), "--bind", address.removeprefix("http://")], address, folder):
        yield address


VIRTUOSO_INI = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
CheckpointInterval = 0
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
ThreadsPerQuery = 2
DirsAllowed = .
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
ServerThreads = 10
Charset = UTF-8
[SPARQL]
ResultSetMaxRows = 10000000
"""


@contextmanager
def virtuoso(folder: Path) -> Iterator[str]:
    """Virtuoso with an ini and a database of its own; its address. User and password are ``dba``."""
    assert VIRTUOSO is not None, "CI needs Virtuoso"
    folder.mkdir(parents=True, exist_ok=True)
    sql, http = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(VIRTUOSO_INI.format(sql=sql, http=http), encoding="utf-8")
    address = f"http://127.0.0.1:{http}"
    with running([VIRTUOSO, "+foreground", "+configfile", "virtuoso.ini"], f"{address}/sparql?query=ASK%7B%7D", folder):
        yield address


Answer = tuple[int, dict[str, str]] | None
"""A status and headers to give instead of what the server says; None lets the request through."""


class Gate:
    """A server that stands before another one. ``decide`` sees the running number, method, path and headers of every request first."""

    def __init__(self, target: str, decide: Callable[[int, str, str, Message], Answer]) -> None:
        self.seen: list[tuple[str, str, int]] = []
        """Method, path and size of every request."""
        host, lock = target.removeprefix("http://"), threading.Lock()
        seen = self.seen

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                with lock:
                    seen.append((self.command, self.path, len(body)))
                    number = len(seen)
                answer = decide(number, self.command, self.path, self.headers)
                if answer is not None:
                    self._say(answer[0], answer[1], b"not now")
                    return
                connection = HTTPConnection(host, timeout=60)
                connection.request(self.command, self.path, body, {k: v for k, v in self.headers.items() if k.lower() != "host"})
                got = connection.getresponse()
                content = got.read()
                kept = {k: v for k, v in got.getheaders() if k.lower() in {"content-type", "location", "www-authenticate"}}
                connection.close()
                self._say(got.status, kept, content)

            do_GET = do_POST  # noqa: N815

            def _say(self, status: int, headers: dict[str, str], content: bytes) -> None:
                try:
                    self.send_response(status)
                    for key, value in {**headers, "Content-Length": str(len(content))}.items():
                        self.send_header(key, value)
                    self.end_headers()
                    self.wfile.write(content)
                except OSError:
                    self.close_connection = True

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self) -> Gate:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

"""A gate before a SPARQL server that refuses, holds and counts requests."""

from __future__ import annotations

import threading
from collections.abc import Callable
from email.message import Message
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

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

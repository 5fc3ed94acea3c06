"""The server as a process: its socket, its signals, its log."""

from __future__ import annotations

import errno
import logging
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import uvicorn

from kg.errors import KgError
from kg.serve.app import application
from kg.serve.connection import Connection
from kg.serve.settings import Settings
from kg.serve.workers import Pool
from kg.versions import current

_CONNECTIONS = 500
_IDLE_SECONDS = 10
_LAST_SECONDS = 2
"""How long answers that are under way may take after the server was told to stop."""


class AddressError(KgError):
    """The server cannot listen there. Fields: address, port, why."""

    code = "serve.address"


class HostUnknownError(KgError):
    """The address to listen on is none of this machine. Fields: address, why."""

    code = "serve.host-unknown"


class FileServedError(KgError):
    """A file in place of a build folder. Fields: path."""

    code = "serve.file"


def run_server(folder: Path, settings: Settings, host: str, port: int, tell: Callable[[str], None], *, verbose: bool) -> None:
    """Serve a build folder until told to stop.

    Args:
        folder: what ``kg build`` made.
        settings: the limits.
        host: the address to listen on.
        port: the port; 0 takes a free one.
        tell: called with the URL once requests are answered.
        verbose: whether each request gets a line on stderr: method, path, status and milliseconds, and nothing of what was asked.

    Raises:
        AddressError: nothing can listen there.
        HostUnknownError: this machine has no such address.
        GraphError, StoreVersionError: the folder is no build, or one of another version.
        KeyboardInterrupt: Ctrl-C; everything is closed by then.
    """
    current(folder)
    listening = _listen(host, port)
    url = _url(host, listening.getsockname()[1])
    _log(verbose)
    try:
        app = application(folder, settings, lambda: tell(url))
        config = uvicorn.Config(
            app,
            http=Connection,
            ws="none",
            loop="asyncio",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=_CONNECTIONS,
            timeout_keep_alive=_IDLE_SECONDS,
            timeout_graceful_shutdown=2 * _LAST_SECONDS,
            h11_max_incomplete_event_size=8 * settings.max_url,
        )
        # The server hands a signal on when it has stopped: SIGTERM is an order that was carried out then, not a failure.
        signal.signal(signal.SIGTERM, lambda _number, _frame: None)
        _Server(config, app.state.pool).run(sockets=[listening])
    finally:
        listening.close()


class _Server(uvicorn.Server):
    """Told to stop, it first ends the queries that do not end by themselves: their clients are told, and none is cut off."""

    def __init__(self, config: uvicorn.Config, pool: Pool) -> None:
        super().__init__(config)
        self._pool = pool

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop."""
        await self._pool.stop(_LAST_SECONDS)
        await super().shutdown(sockets)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio sends small answers at once only then; else each waits 40 ms for the client's word.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform != "win32":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            raise HostUnknownError(host, error.strerror or error) from error
        raise AddressError(host, port, error.strerror or error) from error
    return listening


def _url(host: str, port: int) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def _log(verbose: bool) -> None:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s", stream=sys.stderr)
    logging.getLogger("kg.serve").setLevel(logging.INFO if verbose else logging.WARNING)
    # A line for each odd request would let strangers fill the log.
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)

"""SPARQL servers of other hands on 127.0.0.1, to ask and to write to, each in a folder of its own and stopped when its test is done."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

OXIGRAPH = shutil.which("oxigraph", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
VIRTUOSO, ISQL = shutil.which("virtuoso-t"), shutil.which("isql-vt")
CI = os.environ.get("CI") == "true"
needs_oxigraph = pytest.mark.skipif(OXIGRAPH is None and not CI, reason="the oxigraph server is not installed")
needs_virtuoso = pytest.mark.skipif((VIRTUOSO is None or ISQL is None) and not CI, reason="Virtuoso is not installed")
_LONGEST = "900"
"""Seconds after which a server ends by itself, should the tests be killed."""
_INI = """[Database]
DatabaseFile = v.db
ErrorLogFile = v.log
LockFile = v.lck
TransactionFile = v.trx
xa_persistent_file = v.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = t.db
TransactionFile = t.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
CheckpointInterval = 0
DirsAllowed = {folder}
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
ThreadsPerQuery = 2
[HTTPServer]
ServerPort = 127.0.0.1:{web}
ServerThreads = 10
Charset = UTF-8
[SPARQL]
ResultSetMaxRows = {rows}
MaxQueryExecutionTime = 30
"""


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def oxigraph(folder: Path, lines: Sequence[str] = ()) -> Iterator[str]:
    """Oxigraph's own server; its address. With N-Triples lines it holds them and is read only, without it is empty and takes more."""
    assert OXIGRAPH, "CI needs the oxigraph server"
    folder.mkdir(parents=True, exist_ok=True)
    store, host = str(folder / "store"), f"127.0.0.1:{free_port()}"
    if lines:
        load = [OXIGRAPH, "load", "--location", store, "--file", str(_written(folder, lines))]
        subprocess.run(load, check=True, capture_output=True, timeout=60)
    serve = "serve-read-only" if lines else "serve"
    with running([OXIGRAPH, serve, "--location", store, "--bind", host], folder, f"http://{host}/"):
        yield f"http://{host}"


@contextmanager
def virtuoso(folder: Path, lines: Sequence[str] = (), rows: int = 10_000_000) -> Iterator[str]:
    """A Virtuoso of one's own; its address. User and password are ``dba``.

    Args:
        folder: where its database is made.
        lines: N-Triples that it holds, in the graph ``urn:graph``.
        rows: how many rows it gives at most.
    """
    assert VIRTUOSO and ISQL, "CI needs Virtuoso"
    folder.mkdir(parents=True, exist_ok=True)
    sql, web = free_port(), free_port()
    (folder / "v.ini").write_text(_INI.format(sql=sql, web=web, folder=folder, rows=rows), encoding="utf-8")
    address = f"http://127.0.0.1:{web}"
    with running([VIRTUOSO, "+configfile", "v.ini", "+foreground"], folder, f"{address}/sparql?query=ASK%7B%7D"):
        if lines:
            order = f"DB.DBA.TTLP_MT(file_to_string_output('{_written(folder, lines)}'), '', 'urn:graph', 0);"
            done = subprocess.run([ISQL, str(sql), "dba", "dba", f"exec={order}"], capture_output=True, text=True, timeout=60, check=False)
            assert "Error" not in done.stdout + done.stderr, done.stdout + done.stderr
        yield address


def _written(folder: Path, lines: Sequence[str]) -> Path:
    path = folder / "graph.nt"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


@contextmanager
def running(command: Sequence[str], folder: Path, address: str) -> Iterator[None]:
    """A server while the block runs; ready when anything answers at the address."""
    bounded = [timeout, _LONGEST, *command] if (timeout := shutil.which("timeout")) else command
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(bounded, cwd=folder, stdout=log, stderr=log, start_new_session=True)
        try:
            _wait(process, address, folder)
            yield
        finally:
            # Its data are thrown away: there is nothing to be put in order first.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait(process: subprocess.Popen[bytes], address: str, folder: Path) -> None:
    nobody_between = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _ in range(600):
        try:
            nobody_between.open(address, timeout=10).close()
            return
        except urllib.error.HTTPError as error:
            error.close()
            return
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
    pytest.fail("the server does not start: " + (folder / "server.log").read_text(encoding="utf-8", errors="replace"))

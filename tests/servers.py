"""SPARQL servers of other hands, on loopback, each in a folder of its own and stopped when its test is done."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

OXIGRAPH = shutil.which("oxigraph", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
VIRTUOSO, ISQL = shutil.which("virtuoso-t"), shutil.which("isql-vt")
CI = os.environ.get("CI") == "true"
needs_oxigraph = pytest.mark.skipif(OXIGRAPH is None and not CI, reason="the oxigraph server is not installed")
needs_virtuoso = pytest.mark.skipif((VIRTUOSO is None or ISQL is None) and not CI, reason="Virtuoso is not installed")

_INI = """[Database]
DatabaseFile = v.db
ErrorLogFile = v.log
LockFile = v.lck
TransactionFile = v.trx
xa_persistent_file = v.pxa
[TempDatabase]
DatabaseFile = t.db
TransactionFile = t.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DirsAllowed = {folder}
NumberOfBuffers = 4000
MaxDirtyBuffers = 3000
[HTTPServer]
ServerPort = 127.0.0.1:{web}
ServerThreads = 4
[SPARQL]
ResultSetMaxRows = {rows}
MaxQueryExecutionTime = 30
"""


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def oxigraph_server(folder: Path, lines: Sequence[str]) -> Iterator[str]:
    """The address of Oxigraph's own server over a store that holds some N-Triples lines."""
    assert OXIGRAPH, "CI needs the oxigraph server"
    (folder / "graph.nt").write_text("\n".join([*lines, ""]), encoding="utf-8")
    load = [OXIGRAPH, "load", "--location", str(folder / "store"), "--file", str(folder / "graph.nt")]
    subprocess.run(load, check=True, capture_output=True, timeout=60)
    address = f"127.0.0.1:{free_port()}"
    with _running([OXIGRAPH, "serve-read-only", "--location", str(folder / "store"), "--bind", address], folder, f"http://{address}/"):
        yield f"http://{address}/query"


@contextmanager
def virtuoso_server(folder: Path, lines: Sequence[str], rows: int = 10_000) -> Iterator[str]:
    """The address of a Virtuoso of one's own, which gives ``rows`` rows at most, with some lines in the graph ``urn:graph``."""
    assert VIRTUOSO and ISQL, "CI needs Virtuoso"
    (folder / "graph.nt").write_text("\n".join([*lines, ""]), encoding="utf-8")
    sql, web = free_port(), free_port()
    (folder / "v.ini").write_text(_INI.format(sql=sql, web=web, folder=folder, rows=rows), encoding="utf-8")
    address = f"http://127.0.0.1:{web}/sparql"
    with _running([VIRTUOSO, "+configfile", "v.ini", "+foreground"], folder, address):
        order = f"DB.DBA.TTLP_MT(file_to_string_output('{folder / 'graph.nt'}'), '', 'urn:graph', 0);"
        done = subprocess.run([ISQL, str(sql), "dba", "dba", f"exec={order}"], capture_output=True, text=True, timeout=60, check=False)
        assert "Error" not in done.stdout + done.stderr, done.stdout + done.stderr
        yield address


@contextmanager
def _running(command: Sequence[str], folder: Path, address: str) -> Iterator[None]:
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait(server, address, folder)
            yield
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait(20)


def _wait(server: subprocess.Popen[bytes], address: str, folder: Path) -> None:
    for _ in range(600):
        try:
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=10).close()
            return
        except urllib.error.HTTPError as error:
            error.close()
            return
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.1)
    pytest.fail("the server does not start: " + (folder / "server.log").read_text(encoding="utf-8", errors="replace"))

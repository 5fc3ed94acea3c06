"""SPARQL over HTTP: against rdflib-endpoint on the same graph, against the query in process, and beside a cross product."""

from __future__ import annotations

import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pyoxigraph

from kg.api import build
from kg.building.line import one_notice
from kg.graph.loading import create_store
from kg.graph.queries import question_named, questions
from kg.graph.store import open_store
from kg.graph.triples import graph_triples
from tests.generator import generate, places
from tests.serving import heavy_load, open_loop, serving

NOTICES = 100
RUNS = 40
SEED = Path(__file__).resolve().parents[2] / "seeds" / "jingzhou-2020-1.txt"


class Client:
    """A connection that is kept, as programs do."""

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        self._path = place.path
        self._line = HTTPConnection(place.hostname or "", place.port, timeout=600)

    def rows(self, query: str) -> int:
        """How many rows a query has; the answer is fetched and read."""
        headers = {"Content-Type": "application/sparql-query", "Accept": "application/sparql-results+json"}
        self._line.request("POST", self._path, query.encode("utf-8"), headers)
        reply = self._line.getresponse()
        body = reply.read()
        if reply.status != 200:
            raise RuntimeError(f"{reply.status} {body[:200]!r}")
        return len(json.loads(body)["results"]["bindings"])


def median(work: Callable[[], object], runs: int) -> float:
    """The median seconds of some runs after one that warms up."""
    work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


@contextmanager
def rdflib_endpoint(graph: Path) -> Iterator[str]:
    """The address of rdflib-endpoint over an N-Triples file, in a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    code = (
        "import rdflib, uvicorn, sys; from rdflib_endpoint import SparqlEndpoint\n"
        "graph = rdflib.Dataset(default_union=True); graph.default_graph.parse(sys.argv[1], format='nt')\n"
        "uvicorn.run(SparqlEndpoint(graph=graph), host='127.0.0.1', port=int(sys.argv[2]), log_level='error')"
    )
    process = subprocess.Popen([sys.executable, "-W", "ignore", "-c", code, str(graph), str(port)], stderr=subprocess.DEVNULL)
    try:
        for _ in range(3_000):
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(10)


def in_process(folder: Path, query: str) -> Callable[[], object]:
    """The same query without HTTP, its answer written in the same form."""
    store = open_store(folder)
    return lambda: json.loads(store.query(query).serialize(format=pyoxigraph.QueryResultsFormat.JSON))  # type: ignore[union-attr, arg-type]


def generated(one: Path, folder: Path) -> Path:
    """The build of one notice with the graph of a hundred generated ones in its place: the endpoint needs no more, and no report is made."""
    notices = []
    with tempfile.TemporaryDirectory() as name:
        for notice in generate(places(NOTICES, [2024], seed=1), [2024], seed=1):
            path = Path(name) / notice.name
            path.write_bytes(notice.content)
            notices.append(one_notice(path))
    shutil.copytree(one, folder)
    shutil.rmtree(folder / "store")
    create_store(folder / "store", graph_triples(notices))
    return folder


def against_rdflib(folder: Path) -> list[tuple[str, float, str]]:
    """The ranking question on generated notices: ours, in process, and rdflib-endpoint."""
    query = question_named("load").sparql
    graph = folder.parent / "graph.nt"
    with graph.open("wb") as file:
        open_store(folder).dump(file, format=pyoxigraph.RdfFormat.N_TRIPLES, from_graph=pyoxigraph.DefaultGraph())
    inside = median(in_process(folder, query), RUNS)
    with serving(folder, "--timeout", "60") as server:
        client = Client(server.url + "sparql")
        ours, rows = median(lambda: client.rows(query), RUNS), client.rows(query)
    with rdflib_endpoint(graph) as address:
        other = Client(address)
        theirs, theirs_rows = median(lambda: other.rows(query), 3), other.rows(query)
    if rows != theirs_rows:
        raise RuntimeError(f"{rows} rows, rdflib-endpoint {theirs_rows}")
    return [
        (f"ranking, {NOTICES} notices, over HTTP, ms", 1_000 * ours, ""),
        ("the same in process, ms", 1_000 * inside, ""),
        ("the same from rdflib-endpoint, ms", 1_000 * theirs, ""),
        ("rdflib-endpoint : ours", theirs / ours, "≥ 10"),
    ]


def beside_heavy(folder: Path, seconds: float) -> list[tuple[str, float, str]]:
    """What HTTP adds, and the open loop alone and beside a cross product, on the Jingzhou graph."""
    query = question_named("load").sparql
    asked = [question.sparql for question in questions() if not question.parameters]
    inside = in_process(folder, query)
    with serving(folder, "--timeout", "10") as server:
        client = Client(server.url + "sparql")
        added = statistics.median(median(lambda: client.rows(query), 20) - median(inside, 20) for _ in range(5))
        open_loop(server, asked, 20, 3)
        alone = open_loop(server, asked, 20, seconds)
        with heavy_load(server):
            pressed = open_loop(server, asked, 20, seconds)
    failed = sum(status != 200 for status, _ in alone + pressed)
    calm, hard = (statistics.quantiles([taken for _, taken in some], n=20)[18] for some in (alone, pressed))
    return [
        ("HTTP adds, ranking of one notice, ms", 1_000 * added, "≤ 5"),
        (f"20 requests/s for {seconds:g} s, p95, ms", 1_000 * calm, ""),
        ("the same beside a cross product, p95, ms", 1_000 * hard, ""),
        ("beside : alone", hard / calm, "≤ 2"),
        ("requests that failed", failed, "0"),
    ]


def main(seconds: float = 60) -> None:
    """Print the table, each part as it is there."""
    with tempfile.TemporaryDirectory() as name:
        one = Path(name) / "one"
        build([SEED], one)
        _show(beside_heavy(one, seconds))
        _show(against_rdflib(generated(one, Path(name) / "many")))


def _show(rows: list[tuple[str, float, str]]) -> None:
    for what, figure, budget in rows:
        print(f"{what:44s} {figure:10.2f}  {budget}", flush=True)
    print(f"{'load of the machine':44s} {os.getloadavg()[0]:10.2f}", flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 60)

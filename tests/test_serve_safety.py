"""What a server must survive: heavy, deep and greedy queries, bodies without end, clients that hang up, signals, a folder built anew."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from urllib.parse import quote, urlsplit

import psutil
import pyoxigraph
import pytest

from kg.api import build
from kg.serve.bounded import PastLimitError, table_bytes
from kg.serve.settings import Settings
from kg.serve.worker import Job
from kg.serve.workers import Pool

from .conftest import ROOT, SEED
from .serving import CROSS, Reply, Running, alive, first_line, serving, start

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
ASK = "ASK { ?s ?p ?o }"


@pytest.fixture(scope="module")
def server(built: Path) -> Iterator[Running]:
    with serving(built, "--timeout", "2", "--max-rows", "500", "--workers", "3") as running:
        yield running


@contextmanager
def beside(work: Callable[[], Reply]) -> Iterator[list[Reply]]:
    """Something that goes on while the block runs; its reply is there afterwards."""
    done: list[Reply] = []
    thread = threading.Thread(target=lambda: done.append(work()))
    thread.start()
    try:
        yield done
    finally:
        thread.join(60)


def until(holds: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return holds()


def resident(worker: psutil.Process) -> int:
    try:
        return int(worker.memory_info().rss)
    except psutil.Error:
        return 0


def busy(worker: psutil.Process) -> bool:
    try:
        return worker.cpu_percent(0.1) > 1  # one that waits for work takes nothing; how much more a busy one gets is the machine's affair
    except psutil.Error:
        return False


def test_a_heavy_query_is_stopped_and_holds_up_nobody(server: Running) -> None:
    before = {worker.pid for worker in server.workers()}
    with beside(lambda: server.sparql(CROSS)) as heavy:
        assert until(lambda: any(busy(worker) for worker in server.workers()), 5)
        light = [server.sparql(ASK).status for _ in range(10)]
        assert not heavy, "the light queries were answered while the heavy one ran"
    assert light == [200] * 10
    assert heavy[0].status == 504
    assert "2 seconds" in heavy[0].text
    # Its process is really gone, and another has taken its place.
    assert until(lambda: len(server.workers()) == 3 and {worker.pid for worker in server.workers()} != before)
    assert until(lambda: not any(busy(worker) for worker in server.workers()))
    assert server.sparql(ASK).status == 200


def test_a_client_may_ask_for_less_time(server: Running) -> None:
    assert "0.3 seconds" in server.sparql(CROSS, timeout="0.3").text


def test_as_many_heavy_queries_as_there_are_processes_leave_the_server_well(server: Running) -> None:
    with ThreadPoolExecutor(9) as threads:
        replies = list(threads.map(lambda _: server.sparql(CROSS), range(9)))
    assert {reply.status for reply in replies} <= {503, 504}
    assert [reply.headers["retry-after"].isdigit() for reply in replies if reply.status == 503].count(False) == 0
    assert server.sparql(ASK).status == 200
    assert until(lambda: len(server.workers()) == 3)


DEEP = {
    "brackets": "ASK { FILTER(" + "(" * 4_000 + "1" + ")" * 4_000 + ") }",
    "braces": "ASK {" + "{" * 100_000 + "}" * 100_000 + "}",
    "brackets without end": "ASK { FILTER(" + "(" * 900_000,
    "negations": "ASK { FILTER(" + "!" * 500_000 + "1) }",
    "selects": "SELECT*{" * 60_000 + "}" * 60_000,
}


@pytest.mark.parametrize("query", DEEP.values(), ids=DEEP.keys())
def test_a_deep_query_costs_one_process_at_most(server: Running, query: str) -> None:
    reply = server.ask("/sparql", "POST", {"Content-Type": "application/sparql-query"}, query.encode())
    assert reply.status in {200, 400, 422, 504}, reply.text[:300]
    assert reply.status == 200 or len(reply.text) > 20
    assert [server.sparql(ASK).status for _ in range(6)] == [200] * 6
    assert until(lambda: len(server.workers()) == 3)


def test_a_process_that_is_killed_is_replaced_and_its_query_says_so(built: Path) -> None:
    with serving(built, "--timeout", "60", "--workers", "2") as running:
        with beside(lambda: running.sparql(CROSS)) as heavy:
            assert until(lambda: any(busy(worker) for worker in running.workers()))
            max(running.workers(), key=lambda worker: worker.cpu_times().user).kill()
        assert heavy[0].status == 500
        assert "ended from outside" in heavy[0].text, "it was not the query that did it"
        assert until(lambda: len(running.workers()) == 2)


def test_idle_processes_that_die_are_not_missed(built: Path) -> None:
    with serving(built, "--timeout", "30", "--workers", "3") as running:
        for worker in running.workers():
            worker.kill()
        assert [running.sparql(ASK).status for _ in range(4)] == [200] * 4


def test_a_job_outlives_every_process_that_was_there(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # What was killed a moment ago may still seem to be alive.
    job = Job(ASK, "", (), "en", "application/sparql-results+json", None, 10, 10, 1 << 20, 30.0)

    async def asked() -> int:
        pool = Pool(built, Settings(workers=5))
        await pool.start()
        try:
            for worker in pool._all:
                worker.process.kill()
                worker.process.join()
            monkeypatch.setattr(BaseProcess, "is_alive", lambda _process: True)
            return (await pool.run(job)).status
        finally:
            monkeypatch.undo()
            await pool.stop()

    assert asyncio.run(asked()) == 200


def test_a_client_that_hangs_up_stops_its_query(built: Path) -> None:
    with serving(built, "--timeout", "120", "--workers", "1") as running:
        place = urlsplit(running.url)
        with socket.create_connection((place.hostname or "", place.port or 0)) as line:
            line.sendall(f"GET /sparql?query={quote(CROSS)} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            assert until(lambda: any(busy(worker) for worker in running.workers()))
        assert running.sparql(ASK).status == 200


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to a limit of memory")
def test_a_greedy_query_ends_at_its_memory_not_the_machines(built: Path) -> None:
    with serving(built, "--timeout", "60", "--workers", "1", "--memory", "200") as running:
        greedy = "SELECT ?a ?b ?d ?e WHERE { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f"
        most = 0
        with beside(lambda: running.sparql(greedy)) as done:
            while not done:
                most = max([most, *map(resident, running.workers())])
                time.sleep(0.05)
        assert (done[0].status, "too much memory" in done[0].text) == (422, True)
        assert most < 500 << 20
        assert running.sparql(ASK).status == 200


def test_answers_are_whole_or_refused(server: Running) -> None:
    assert server.sparql("SELECT * { ?s ?p ?o } LIMIT 500", "text/csv").text.count("\r\n") == 501
    for accept in ("text/csv", "application/json", "application/sparql-results+xml", "text/tab-separated-values"):
        reply = server.sparql("SELECT * { ?s ?p ?o } LIMIT 501", accept)
        assert (reply.status, "500" in reply.text) == (422, True), accept
    assert server.sparql("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 500", "application/n-triples").status == 200
    assert server.sparql("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 501", "application/n-triples").status == 422
    assert server.sparql("SELECT ?x { ?s ?p ?o BIND(1 AS ?x) } LIMIT 500", "application/json").status == 200


def test_a_long_answer_is_refused_before_it_fills_the_memory() -> None:
    store = pyoxigraph.Store()
    store.extend(
        pyoxigraph.Quad(pyoxigraph.NamedNode(f"urn:{at}"), pyoxigraph.NamedNode("urn:p"), pyoxigraph.Literal(at)) for at in range(1_000)
    )
    for form in ("json", "xml", "csv", "tsv"):
        rows = store.query("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")  # a billion rows
        with pytest.raises(PastLimitError) as caught:
            table_bytes(rows, form, 1 << 40, 100_000)  # type: ignore[arg-type]
        assert (caught.value.what, caught.value.limit) == ("bytes", 100_000)
        rows = store.query("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
        with pytest.raises(PastLimitError) as caught:
            table_bytes(rows, form, 1_000, 1 << 40)  # type: ignore[arg-type]
        assert (caught.value.what, caught.value.limit) == ("rows", 1_000)


def test_the_page_shows_a_part_and_says_so(built: Path) -> None:
    with serving(built, "--workers", "1") as running:
        page = running.sparql("SELECT * { ?s ?p ?o }", "text/html").text
        assert page.count("<tr>") == 1_001
        assert "the first 1000 rows" in page


def raw(server: Running, *parts: bytes, pause: float = 0.0) -> bytes:
    place = urlsplit(server.url)
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=20) as line:
        try:
            for part in parts:
                line.sendall(part)
                time.sleep(pause)
        except OSError:
            pass  # refused before all was sent
        received = b""
        try:
            while chunk := line.recv(65_536):
                received += chunk
                if b"\r\n\r\n" in received:
                    break
        except OSError:
            pass
        return received


HEAD = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"


def test_a_body_without_end_is_refused(server: Running) -> None:
    chunk = b"10000\r\n" + b"#" * 0x10000 + b"\r\n"
    assert b" 413 " in raw(server, HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *[chunk] * 40)
    assert b" 413 " in raw(server, HEAD + b"Content-Length: 99999999999\r\n\r\n")
    assert server.sparql(ASK).status == 200


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(b"GET /sparql?query=" + b"x" * 2_000_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", id="address of two megabytes"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X-Y: z\r\n" * 100_000 + b"\r\n", id="headers of a megabyte"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", id="TLS"),
        pytest.param(b"GET /sparql?query=\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n", id="bytes that are no text"),
        pytest.param(b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n", id="a path upwards"),
        pytest.param(HEAD + b"Content-Length: 10\r\n\r\nASK", id="half a body"),
        pytest.param(HEAD + b"Content-Length: -1\r\n\r\n", id="a length below nothing"),
        pytest.param(HEAD + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\nASK {}", id="two lengths"),
        pytest.param(b"GET /sparql HTTP/1.1\r\n\r\n", id="no host"),
    ],
)
def test_requests_that_are_none_harm_nobody(server: Running, request_: bytes) -> None:
    place = urlsplit(server.url)
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=2) as line:
        try:
            line.sendall(request_)
            answer = line.recv(4_096)
        except OSError:
            answer = b""
    assert not re.match(rb"HTTP/1.1 (200|500)", answer)
    assert b"root:" not in answer
    assert server.sparql(ASK).status == 200


def test_what_was_asked_is_in_no_log(built: Path) -> None:
    process = start(built, ["-v", "--timeout", "1", "--workers", "1"])
    running = Running(process, first_line(process))
    try:
        for query in (
            "SELECT * { ?secret ?p ?o } LIMIT 1",
            "ASK { ?secret",
            "#secret\n" + CROSS,
            "ASK { FILTER(" + "(" * 200_000 + "?secret",
        ):
            running.ask("/sparql?token=secret", "POST", {"Content-Type": "application/sparql-query"}, query.encode())
            running.ask("/sparql", "POST", {"Content-Type": "application/sparql-query"}, query.encode())
        running.ask("/sparql?query=secret")
        running.ask("/secret")
    finally:
        process.terminate()
        said, logged = process.communicate(timeout=20)
    assert "secret" not in said
    assert "secret" not in logged.replace("/secret", "")
    assert "POST /sparql 504" in logged


@posix
@pytest.mark.parametrize(
    ("number", "status"), [pytest.param(signal.SIGTERM, 0, id="SIGTERM"), pytest.param(signal.SIGINT, 130, id="Ctrl-C")]
)
@pytest.mark.parametrize("asking", [pytest.param(False, id="idle"), pytest.param(True, id="in the middle of a query")])
def test_a_signal_stops_it_cleanly(built: Path, number: signal.Signals, status: int, asking: bool) -> None:
    process = start(built, ["--timeout", "60", "--workers", "2"])
    running = Running(process, first_line(process))
    workers = running.workers()
    assert len(workers) == 2
    place = urlsplit(running.url)
    with socket.create_connection((place.hostname or "", place.port or 0)) as line:
        if asking:
            line.sendall(f"GET /sparql?query={quote(CROSS)} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            assert until(lambda: any(busy(worker) for worker in workers))
        process.send_signal(number)
        _, logged = process.communicate(timeout=30)
    assert process.returncode == status
    assert "Traceback" not in logged
    assert not any(alive(worker) for worker in workers)


@posix
def test_processes_do_not_outlive_a_server_that_is_killed(built: Path) -> None:
    process = start(built, ["--timeout", "60", "--workers", "2"])
    running = Running(process, first_line(process))
    workers = running.workers()
    place = urlsplit(running.url)
    with socket.create_connection((place.hostname or "", place.port or 0)) as line:
        line.sendall(f"GET /sparql?query={quote(CROSS)} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert until(lambda: any(busy(worker) for worker in workers))
        process.kill()
        process.communicate(timeout=20)
    assert until(lambda: not any(alive(worker) for worker in workers))


COUNT = "SELECT (COUNT(?t) AS ?n) { ?t a kg:Task }"


def test_a_folder_built_anew_is_served_without_a_restart(tmp_path: Path) -> None:
    folder, text = tmp_path / "输出 1", tmp_path / "notice.txt"
    text.write_bytes(SEED.read_bytes())
    build([text], folder)
    with serving(folder, "--workers", "2") as running:

        def count() -> int:
            return int(running.sparql(COUNT, "text/tab-separated-values").text.split("\n")[1])

        before = count()
        words = text.read_text(encoding="utf-8").split("\n")
        text.write_text("\n".join(words[: len(words) // 2]), encoding="utf-8")
        statuses: list[int] = []
        with beside(lambda: _build(text, folder)):
            for _ in range(60):
                statuses.append(running.sparql(COUNT).status)
                time.sleep(0.05)
        assert set(statuses) == {200}
        assert {count() for _ in range(6)} == {after := count()}
        assert 0 < after < before
        # Whatever becomes of the folder, what is open goes on answering.
        folder.rename(tmp_path / "gone")
        assert count() == after


def _build(text: Path, folder: Path) -> Reply:
    build([text], folder)
    return Reply(200, {}, b"")


def said(*words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "kg", "serve", "--lang", "en", *words]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, timeout=60, check=False)


def test_a_port_that_is_taken_is_one_line(built: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = said(str(built), "--port", str(taken.getsockname()[1]))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "--port 0" in done.stderr
    for folder in (tmp_path, tmp_path / "none"):
        done = said(str(folder), "--port", "0")
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert "kg build" in done.stderr


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        pytest.param(("--allow-host", "foo*"), "--allow-host", id="a star in the middle, which the framework takes for a fault of ours"),
        pytest.param(("--allow-host", "example.org:8000"), "--allow-host", id="a name with a port is never met"),
        pytest.param(("--allow-host", "https://example.org"), "--allow-host", id="an address is no name"),
        pytest.param(("--cors", "example.org"), "--cors", id="an origin has a scheme"),
        pytest.param(("--cors", "https://example.org/app"), "--cors", id="an origin has no path"),
        pytest.param(("--host", "999.1.1.1"), "--host", id="no address at all: another port does not help"),
        pytest.param(("--host", "192.0.2.1"), "--host", id="an address of no machine, kept for documentation"),
    ],
)
def test_a_name_that_would_never_be_met_is_one_line(built: Path, words: tuple[str, ...], hint: str) -> None:
    done = said(str(built), "--port", "0", "--workers", "1", *words)
    faults = [line for line in done.stderr.splitlines() if not line.startswith("Note")]
    assert (done.returncode, len(faults)) == (2, 1), done.stderr
    assert hint in faults[0]


def test_a_server_with_a_name_of_its_own_is_still_reached_from_its_machine(built: Path) -> None:
    with serving(built, "--host", "0.0.0.0", "--allow-host", "Graph.example", "--workers", "1") as running:
        named = {
            name: running.ask("/sparql", headers={"Host": name}).status for name in ("graph.example", "localhost:8000", "evil.example")
        }
    assert named == {"graph.example": 200, "localhost:8000": 200, "evil.example": 400}


def test_a_file_in_place_of_the_folder_is_said(built: Path) -> None:
    done = said(str(built / "graph.ttl"), "--port", "0")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "is a file" in done.stderr and "kg build FILE -o out" in done.stderr


def test_a_store_that_is_broken_is_one_line(built: Path, tmp_path: Path) -> None:
    import shutil

    folder = tmp_path / "out"
    shutil.copytree(built, folder)
    (next((folder / "versions").iterdir()) / "store" / "CURRENT").unlink()
    done = said(str(folder), "--port", "0")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_listening_to_others_is_warned_of(built: Path) -> None:
    process = start(built, ["--host", "0.0.0.0", "--workers", "1"])
    running = Running(process, first_line(process).replace("0.0.0.0", "127.0.0.1"))
    assert running.ask("/sparql", headers={"Host": "any.example"}).status == 200
    process.terminate()
    assert "no password" in process.communicate(timeout=20)[1]

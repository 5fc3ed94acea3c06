"""A real server in a process of its own, as a user starts it, on a free port of this machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from threading import Event, Thread, Timer
from urllib.parse import quote, urlsplit

import psutil

from .conftest import ROOT

LONGEST = 300
"""Seconds after which a forgotten server ends."""
CROSS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
"""A cross product that no machine finishes."""


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    @property
    def media(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


@dataclass(frozen=True)
class Running:
    """A server that runs."""

    process: subprocess.Popen[str]
    url: str

    def ask(
        self, path: str, method: str = "GET", headers: dict[str, str] | None = None, body: bytes | None = None, *, timeout: float = 60
    ) -> Reply:
        """One request on a connection of its own; nothing is added that the request does not say."""
        place = urlsplit(self.url)
        connection = HTTPConnection(place.hostname or "", place.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers or {})
            reply = connection.getresponse()
            return Reply(reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read())
        finally:
            connection.close()

    def sparql(self, query: str, accept: str = "*/*", **values: str) -> Reply:
        """A query by GET."""
        more = "".join(f"&{name}={quote(value)}" for name, value in values.items())
        return self.ask(f"/sparql?query={quote(query)}{more}", headers={"Accept": accept})

    def workers(self) -> list[psutil.Process]:
        """The processes that the server has started."""
        return [one for one in psutil.Process(self.process.pid).children(recursive=True) if _works(one)]


def _works(process: psutil.Process) -> bool:
    # One that has just ended, and the helper of Python's own, are no workers.
    try:
        return process.status() != psutil.STATUS_ZOMBIE and "resource_tracker" not in " ".join(process.cmdline())
    except psutil.Error:
        return False


def alive(process: psutil.Process) -> bool:
    """Whether a process still runs."""
    return process.is_running() and _works(process)


@contextmanager
def serving(folder: Path, *words: str, longest: float = LONGEST) -> Iterator[Running]:
    """Run ``kg serve`` on a build folder, ``longest`` seconds at most; it is gone afterwards, whatever happened."""
    process = start(folder, words)
    watch = Timer(longest, process.kill)
    watch.start()
    try:
        yield Running(process, first_line(process))
    finally:
        watch.cancel()
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()


def start(folder: Path, words: Sequence[str]) -> subprocess.Popen[str]:
    """The process of ``kg serve``."""
    command = [sys.executable, "-m", "kg", "serve", str(folder), "--port", "0", "--lang", "en", *words]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=environment)


def first_line(process: subprocess.Popen[str]) -> str:
    """The address that the server says once it answers."""
    assert process.stdout is not None
    said = process.stdout.readline()
    found = re.search(r"http://\S+/", said)
    assert found, said + (process.stderr.read() if process.stderr else "")
    return found[0]


def open_loop(server: Running, queries: Sequence[str], rate: float, seconds: float) -> list[tuple[int, float]]:
    """Status and seconds of requests that come at a fixed rate, whether or not those before are answered; waiting counts."""
    start_at = time.monotonic() + 0.2

    def one(at: int) -> tuple[int, float]:
        due = start_at + at / rate
        time.sleep(max(0.0, due - time.monotonic()))
        status = server.sparql(queries[at % len(queries)], "application/json").status
        return status, time.monotonic() - due

    with ThreadPoolExecutor(64) as threads:
        return list(threads.map(one, range(round(rate * seconds))))


@contextmanager
def heavy_load(server: Running) -> Iterator[None]:
    """A cross product after another, each stopped at its limit, while the block runs."""
    over = Event()

    def go_on() -> None:
        while not over.is_set():
            server.sparql(CROSS)

    thread = Thread(target=go_on)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(120)

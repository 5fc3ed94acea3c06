"""Hostile requests to a real server: every answer is proper HTTP below 500 in words, and the server is as well afterwards as before."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import psutil
import pytest

from . import http_fuzzing
from .fuzzing import HTTP, seconds_each, seed_of_soak
from .http_cases import MAKERS, Sent, case, cases_of
from .http_fuzzing import judge, run_cases, state_of
from .serving import Running, alive, serving

SEED = 2020
QUICK = 2.0
"""Seconds for each target in ``make test``; the large files take longer to make than that, and are left to ``make soak``."""
ROOM = 200 << 20
"""Bytes by which the server may grow: what it keeps are the files that it makes once, and a bounded number of pages."""
WORDS = ("--timeout", "1", "--workers", "2", "--max-rows", "2000", "--memory", "300")


@contextmanager
def unharmed(folder: Path, longest: float) -> Iterator[Running]:
    """A server that must be as it was when the block is left: it answers, holds no more, and ends with all that it started."""
    with serving(folder, *WORDS, longest=longest) as server:
        said: list[str] = []
        hearing = Thread(target=lambda: said.extend(server.process.stderr or ()), daemon=True)
        hearing.start()
        before = state_of(server)
        yield server
        assert server.process.poll() is None, "".join(said)
        assert [server.ask(path).status for path in ("/units.json", "/sparql?query=ASK%7B%7D")] == [200, 200]
        assert _settled(server), (before, state_of(server))
        assert state_of(server)[0] < before[0] + ROOM, (before, state_of(server))
        workers = server.workers()
        server.process.terminate()
        server.process.wait(30)
        hearing.join(10)
    gone, left = psutil.wait_procs(workers, 10)
    assert not [one for one in left if alive(one)], gone
    assert "Traceback" not in "".join(said), "".join(said)[-3000:]


def _settled(server: Running) -> bool:
    # Processes that took too long are replaced, and connections that were cut off are noticed, within seconds.
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if state_of(server)[1:] == (2, 0):
            return True
        time.sleep(0.2)
    return False


@pytest.mark.skipif(sys.platform == "win32", reason="the workers are bounded by means of POSIX")
def test_hostile_requests_are_answered_or_refused(built: Path, tmp_path: Path) -> None:
    with unharmed(built, 120) as server:
        for target in HTTP[:-1]:
            done = run_cases(server, target, SEED, tmp_path, cases=400, seconds=QUICK)
            assert not done.failures, "\n".join(done.failures)
            assert done.requests > 3, target


@pytest.mark.soak
@pytest.mark.parametrize("target", HTTP)
def test_hostile_requests_for_long(target: str, built: Path, tmp_path: Path) -> None:
    seconds = seconds_each()
    with unharmed(built, seconds + 300) as server:
        done = run_cases(server, target, seed_of_soak(), tmp_path, seconds=seconds)
        print(f"{target}: {done.requests} requests, {dict(sorted(done.statuses.items()))}")
        assert not done.failures, "\n".join(done.failures)
    assert done.requests > 8


@pytest.mark.parametrize("target", HTTP)
def test_a_case_depends_on_the_seed_alone_and_cases_differ(target: str) -> None:
    first, again = (cases_of(target, 3, range(60)) for _ in range(2))
    assert first == again
    assert len({one.bytes for one in first}) > 40
    assert {one.bytes for one in first} != {one.bytes for one in cases_of(target, 4, range(60))}
    assert tuple(MAKERS) == HTTP


HEAD = b"HTTP/1.1 200 OK\r\nX-Content-Type-Options: nosniff\r\nContent-Security-Policy: default-src 'none'\r\n"


def _said(body: bytes, media: str = "text/html; charset=utf-8", head: bytes = HEAD) -> bytes:
    return head + f"Content-Type: {media}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


@pytest.mark.parametrize(
    "received",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<html>", id="no head"),
        pytest.param(_said(b"x") + b"y", id="more than was announced"),
        pytest.param(_said(b"xyz")[:-1], id="less than was announced"),
        pytest.param(_said(b"x") + _said(b"x"), id="two answers to one request"),
        pytest.param(_said(b"x", head=HEAD.replace(b"200", b"500")), id="an error of the server"),
        pytest.param(_said(b"", head=HEAD.replace(b"200", b"503")), id="a limit that is not said"),
        pytest.param(_said(b"", head=HEAD.replace(b"200", b"404")), id="a refusal without a word"),
        pytest.param(_said(b"x", head=HEAD.replace(b"nosniff", b"")), id="no security header"),
        pytest.param(_said(b"x", head=HEAD + b"X-kgx: 1\r\n"), id="a header of the request"),
        pytest.param(_said(b"x", head=HEAD + b"Vary: a\rb\r\n"), id="a bare carriage return in a header"),
        pytest.param(_said(b"x", head=HEAD + b"Vary: a\r\nVary: b\r\n"), id="a header twice"),
        pytest.param(_said(b'<p title=""kgx x="">', media="text/html; charset=utf-8"), id="an element that breaks out"),
        pytest.param(_said(b"<kgx>"), id="an element of the request"),
        pytest.param(_said(b"<p kgx=1>"), id="an attribute of the request"),
        pytest.param(_said(b"Traceback (most recent call last)"), id="a traceback"),
        pytest.param(_said(sys.prefix.encode()), id="a path of the machine"),
        pytest.param(_said(b"\xff"), id="no UTF-8"),
        pytest.param(_said(b"{", "application/json"), id="half a JSON text"),
        pytest.param(_said(b"<a>", "application/xml"), id="half an XML text"),
        pytest.param(_said(b"x", "text/plain"), id="no charset"),
        pytest.param(_said(b'<html lang="en">'), id="a page in another language"),
        pytest.param(_said(b"no such page", "text/plain; charset=utf-8", HEAD.replace(b"200", b"404")), id="words in another language"),
    ],
)
def test_what_breaks_the_rule_is_noticed(received: bytes) -> None:
    with pytest.raises((AssertionError, ValueError, SyntaxError)):
        judge(Sent((b"GET / HTTP/1.1\r\n\r\n",), lang="zh"), received, True)


def test_what_keeps_the_rule_passes() -> None:
    for received in (
        _said(b'<html lang="zh-CN">&lt;kgx&gt;'),
        b"HTTP/1.1 100 Continue\r\n\r\n" + _said(b"a,b", "text/csv; charset=utf-8"),
    ):
        assert judge(Sent((b"GET / HTTP/1.1\r\n\r\n",), lang="zh"), received, True) == [200]


LIMIT = _said(b"x" * 30, "text/plain; charset=utf-8", HEAD.replace(b"200", b"504"))[:-30]


def test_head_is_told_of_a_limit_by_the_length_of_its_words() -> None:
    assert judge(Sent((b"HEAD / HTTP/1.1\r\n\r\n",), lang="en"), LIMIT, True) == [504]
    with pytest.raises(AssertionError):
        judge(Sent((b"HEAD / HTTP/1.1\r\n\r\n",), lang="en"), LIMIT.replace(b"Length: 30", b"Length: 0"), True)


@pytest.mark.parametrize(
    ("received", "late"),
    [
        pytest.param(_said(b"word")[:-4], True, id="a head without its body"),
        pytest.param(_said(b"word")[:20], True, id="half a head"),
        pytest.param(_said(b"word") + _said(b"word")[:-1], True, id="a second answer without its end"),
        pytest.param(_said(b"word"), False, id="all of it"),
        pytest.param(b"", False, id="nothing yet"),
    ],
)
def test_the_rest_of_an_answer_is_waited_for(received: bytes, late: bool) -> None:
    assert http_fuzzing._breaks_off(received) is late


def test_a_failure_is_kept_with_how_to_send_it_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def answering(received: bytes) -> Callable[[str, Sent], tuple[bytes, bool]]:
        return lambda _address, _sent: (received, True)

    monkeypatch.setattr(http_fuzzing, "exchange", answering(b"HTTP/1.1 500 x\r\nContent-Length: 1\r\n\r\nx"))
    server = Running(None, "http://127.0.0.1:1/")  # type: ignore[arg-type]  # nothing is sent
    done = run_cases(server, "paths", 7, tmp_path, cases=50)
    assert done.failures and "tests.http_fuzzing URL paths 7" in done.failures[0]
    kept = next(tmp_path.glob("paths-7-*.http"))
    number = int(kept.stem.rpartition("-")[2])
    assert kept.read_bytes() == case("paths", 7, number).bytes

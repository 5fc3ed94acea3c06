"""Hostile requests sent to a real server, and the rule that holds for whatever comes back.

Every answer is whole HTTP below 500 (503 and 504 where a limit is said), says what it is, speaks the language asked for, and holds
nothing of the machine and nothing of the request unescaped. A failure names target, seed and number and keeps the bytes; they are
sent again by ``python -m tests.http_fuzzing http://127.0.0.1:8000/ TARGET SEED NUMBER``.
"""

from __future__ import annotations

import json
import re
import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit
from xml.etree import ElementTree

import psutil

from .conftest import ROOT
from .http_cases import MARK, Sent, case
from .serving import Running

SILENCE = 0.25
"""Seconds without a byte after which a request that is none is taken to be waited for."""
_STATUS = re.compile(rb"HTTP/1\.1 ([1-5]\d\d) [\x20-\x7e]*")
_HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x20-\x7e\x80-\xff]*)")
_MACHINE = tuple(
    one.encode()
    for one in ("Traceback (most", 'File "', str(ROOT / "kg"), sys.prefix, "site-packages", "pyoxigraph", "starlette", "object at 0x")
)
_CJK = re.compile("[\u4e00-\u9fff]")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")


@dataclass(frozen=True)
class Answer:
    """One response, taken apart."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def media(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


class _Marked(HTMLParser):
    """Whether a page holds an element or an attribute that only a request can have brought in."""

    def __init__(self) -> None:
        super().__init__()
        self.found = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found = self.found or tag.startswith(MARK) or any(name.startswith(MARK) for name, _ in attrs)


# One exchange.


def exchange(address: str, sent: Sent) -> tuple[bytes, bool]:
    """What comes back on a connection, and whether the server closed it."""
    place, received, closed = urlsplit(address), bytearray(), False
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=sent.patience) as line:
        try:
            for part in sent.parts:
                line.sendall(part)
                time.sleep(sent.pause)
        except OSError:
            pass  # refused before all was sent
        if sent.hangs_up:
            return b"", True
        line.settimeout(sent.patience if sent.whole else SILENCE)
        end = time.monotonic() + sent.patience
        while not closed:
            try:
                chunk = line.recv(1 << 16)
            except TimeoutError:
                # On a busy machine the rest of an answer may come later than its beginning.
                if sent.whole or b"HEAD" in sent.bytes or not _breaks_off(bytes(received)) or time.monotonic() > end:
                    break
            except OSError:
                closed = True
            else:
                received += chunk
                closed = not chunk
    return bytes(received), closed


def _breaks_off(received: bytes) -> bool:
    # The last answer has a head that says how much follows, and less than that is there.
    top, gap, body = received[received.rfind(b"HTTP/1.1 ") :].partition(b"\r\n\r\n")
    size = re.search(rb"(?i)\r\ncontent-length: *(\d+)", top)
    return bool(received) and (not gap or (size is not None and len(body) < int(size[1])))


def answers_of(received: bytes, *, head: bool) -> Iterator[Answer]:
    """The responses in what came back, interim ones left out.

    Raises:
        AssertionError: something there is no HTTP.
    """
    rest = received
    while rest:
        top, gap, rest = rest.partition(b"\r\n\r\n")
        assert gap, f"a head without end: {top[:200]!r}"
        first, *lines = top.split(b"\r\n")
        status = _STATUS.fullmatch(first)
        assert status, f"no status line: {first[:200]!r}"
        found = [_HEADER.fullmatch(line) for line in lines]
        assert all(found), f"no header: {lines!r}"
        pairs = [(hit[1].decode("ascii").lower(), hit[2].decode("latin-1")) for hit in found if hit]
        headers = dict(pairs)
        assert len(headers) == len(pairs), f"a header twice: {sorted(name for name, _ in pairs)}"
        code = int(status[1])
        if code < 200:
            continue
        if head or code in (204, 304):
            body = b""
        elif headers.get("transfer-encoding") == "chunked":
            body, rest = _chunks(rest)
        else:
            assert "content-length" in headers, "neither a length nor chunks"
            size = int(headers["content-length"])
            assert len(rest) >= size, f"{len(rest)} bytes of {size}"
            body, rest = rest[:size], rest[size:]
        yield Answer(code, headers, body)


def _chunks(rest: bytes) -> tuple[bytes, bytes]:
    body = b""
    while True:
        size, gap, rest = rest.partition(b"\r\n")
        assert gap and re.fullmatch(rb"[0-9a-fA-F]+", size), f"no chunk: {size[:50]!r}"
        if int(size, 16) == 0:
            assert rest.startswith(b"\r\n")
            return body, rest[2:]
        body, rest = body + rest[: int(size, 16)], rest[int(size, 16) + 2 :]


# The rule.


def judge(sent: Sent, received: bytes, closed: bool) -> list[int]:
    """The statuses of what came back.

    Raises:
        AssertionError: it breaks the rule.
    """
    if sent.hangs_up:
        return []
    piped = not sent.whole and b"HEAD" in sent.bytes
    if not closed and not sent.whole and len(sent.parts) * len(received) and received.count(b"HTTP/1.1 ") > 1:
        # Of many requests on one connection, the last ones may still be at work when one stops listening.
        received = received[: received.rfind(b"HTTP/1.1 ")]
    answers = []
    if piped:
        # Which of several answers has no body is not known.
        assert not received or _STATUS.match(received), f"no status line: {received[:200]!r}"
        top = received.partition(b"\r\n\r\n")[0]
        assert re.match(rb"HTTP/1\.1 ([1-4]\d\d|50[34]) ", top) or not top, top[:200]
        return []
    for answer in answers_of(received, head=sent.bytes.startswith(b"HEAD ")):
        _one(answer, sent)
        answers.append(answer.status)
    if sent.whole:
        assert closed and len(answers) == 1, f"{len(answers)} answers to one request, closed: {closed}"
    return answers


def _one(answer: Answer, sent: Sent) -> None:
    shown = f"{answer.status} {answer.headers} {answer.body[:600]!r}"
    # The answer to HEAD says how long its words would be.
    said = answer.body or (sent.bytes.startswith(b"HEAD ") and int(answer.headers.get("content-length", "0")))
    assert answer.status < 500 or (answer.status in (503, 504) and said), shown
    assert f"x-{MARK}" not in answer.headers, shown
    for word in _MACHINE:
        assert word not in answer.body or word in sent.bytes, f"{word!r} in {shown}"
        assert word.decode() not in str(answer.headers), shown
    assert answer.headers.get("x-content-type-options") == "nosniff", shown
    assert "default-src 'none'" in answer.headers.get("content-security-policy", ""), shown
    if answer.body:
        _body(answer, sent, shown)
    elif answer.status >= 400 and not sent.bytes.startswith(b"HEAD "):
        raise AssertionError(f"refused without a word: {shown}")


def _body(answer: Answer, sent: Sent, shown: str) -> None:
    # What is no request at all is answered before its language is known.
    lang = "" if answer.status in (408, 431) or not sent.whole else sent.lang
    media, body = answer.media, answer.body
    assert re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", media), shown
    if media.startswith("application/vnd"):
        assert body.startswith(b"PK"), shown
        return
    text = body.decode("utf-8")
    if media.startswith("text/"):
        assert "charset=utf-8" in answer.headers["content-type"], shown
    if media.endswith("json"):
        json.loads(text)
    elif media.endswith("xml") and not _CONTROL.search(body):
        ElementTree.fromstring(text)
    elif media == "text/html":
        if MARK in text:
            page = _Marked()
            page.feed(text)
            assert not page.found, f"a mark of the request stands in the page: {shown}"
        if lang:
            assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}"' in text or f'lang="{lang}"' in text[:400], shown
    if answer.status >= 400 and media in ("text/plain", "application/json") and lang == "zh":
        assert _CJK.search(text), f"not in Chinese: {shown}"
    if answer.status >= 400 and media == "text/plain" and lang == "en":
        assert re.search(r"[A-Za-z]{2,} [a-z]{2,}", text) and not _CJK.match(text), f"not in English: {shown}"


# Running.


@dataclass
class Tally:
    """What a run has seen."""

    requests: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)


def run_cases(
    server: Running, target: str, seed: int, folder: Path, *, cases: int = 10**9, seconds: float = float("inf"), stop: int = 1
) -> Tally:
    """Send so many cases of a target, or as many as there is time for; stop at the first that breaks the rule.

    Args:
        stop: after how many failures; the tally holds them all.
    """
    numbers, lock, tally = count(), Lock(), Tally()
    case(target, seed, 0)  # What is made once is not counted.
    end = time.monotonic() + seconds

    def work() -> None:
        while time.monotonic() < end and len(tally.failures) < stop:
            with lock:
                number = next(numbers)
            if number >= cases:
                return
            found = _tried(server.url, target, seed, number, folder)
            with lock:
                tally.requests += 1
                if isinstance(found, str):
                    tally.failures.append(found)
                else:
                    for status in found:
                        tally.statuses[status] = tally.statuses.get(status, 0) + 1

    with ThreadPoolExecutor(4) as threads:
        for one in [threads.submit(work) for _ in range(4)]:
            one.result()
    return tally


def _tried(address: str, target: str, seed: int, number: int, folder: Path) -> list[int] | str:
    sent = case(target, seed, number)
    try:
        return judge(sent, *exchange(address, sent))
    except (AssertionError, OSError, ValueError, ElementTree.ParseError) as error:
        kept = folder / f"{target}-{seed}-{number}.http"
        kept.write_bytes(sent.bytes)
        return f"{target} {seed} {number}: {type(error).__name__}: {error}\n  kept in {kept}; again: python -m tests.http_fuzzing URL {target} {seed} {number}"


def state_of(server: Running) -> tuple[int, int, int]:
    """Bytes of the server, how many processes work for it, how many connections it holds."""
    process = psutil.Process(server.process.pid)
    open_ = [one for one in process.net_connections("tcp") if one.status not in (psutil.CONN_LISTEN, psutil.CONN_TIME_WAIT)]
    return process.memory_info().rss, len(server.workers()), len(open_)


if __name__ == "__main__":
    url, name, first, which = sys.argv[1:]
    again = case(name, int(first), int(which))
    print(again.bytes[:3000])
    got, done = exchange(url, again)
    print(got[:3000], done)
    print(judge(again, got, done))

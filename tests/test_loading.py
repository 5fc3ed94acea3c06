"""Bulk loading: the same triples in every way of loading, errors of either side told at once, and runs that do not pile up."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest

from kg.graph import loading
from kg.graph.loading import change_store, create_store, load_store
from kg.graph.store import open_store

LINES = [f'<urn:{at}> <urn:{at % 7}> "{"字" * (at % 50)}{at}" .' for at in range(3000)]
PIECES = [
    b"",
    *(line.encode() + b"\n" for line in LINES[:10]),
    b"",
    "\n".join([*LINES[10:2000], ""]).encode(),
    "\n".join([*LINES[2000:], ""]).encode(),
]
WAYS = (
    pytest.param({}, id="few-triples-one-call"),
    pytest.param({"_LEAST": 500}, id="one-call-a-processor"),
    pytest.param({"_BATCH": 1000}, id="more-than-a-batch-on-one-processor"),
    pytest.param({"_BATCH": 500, "_DEEP": 1000}, id="so-many-that-they-are-merged"),
)  # fmt: skip


def lines_of(folder: Path) -> list[str]:
    return sorted(f"{quad.triple} ." for quad in pyoxigraph.Store.read_only(str(folder)))


@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_loading_gives_the_same_triples(way: dict[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    for name, value in way.items():
        monkeypatch.setattr(loading, name, value)
    load_store(tmp_path / "store", PIECES, len(LINES))
    assert lines_of(tmp_path / "store") == sorted(LINES)
    load_store(tmp_path / "store", [b"<urn:late> <urn:p> <urn:x> .\n"], 1)
    assert lines_of(tmp_path / "store") == sorted([*LINES, "<urn:late> <urn:p> <urn:x> ."])


def test_loading_uses_the_processors_that_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    monkeypatch.setattr(loading, "_LEAST", 500)
    seen: set[str] = set()
    real = loading._Pieces.readinto

    def watched(self: loading._Pieces, buffer: bytearray) -> int:
        seen.add(threading.current_thread().name)
        return real(self, buffer)

    monkeypatch.setattr(loading._Pieces, "readinto", watched)
    before = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None
    create_store(tmp_path / "store", LINES)
    assert len(seen) == 3
    monkeypatch.setattr(loading, "_BATCH", 1000)
    create_store(tmp_path / "other", LINES)
    assert lines_of(tmp_path / "store") == lines_of(tmp_path / "other")
    if before is not None:
        assert os.sched_getaffinity(0) == before, "this thread is bound to no processor"


@pytest.mark.parametrize("lanes", [1, 3])
def test_an_error_in_making_the_pieces_is_told_as_it_is(lanes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Iterator[bytes]:
        yield from PIECES
        raise LookupError("a shard is gone")

    monkeypatch.setattr(loading, "_lanes", lambda _: lanes)
    with pytest.raises(LookupError, match="a shard is gone") as kept:
        load_store(tmp_path / "store", broken(), len(LINES))
    # While somebody keeps the error, the folder can be written to.
    load_store(tmp_path / "store", [], 0)
    assert kept.value.args
    assert lines_of(tmp_path / "store") == [], "nothing was let in by halves, and the lock is free"


@pytest.mark.parametrize("lanes", [1, 3])
def test_a_piece_that_is_no_n_triples_is_told_and_ends_the_making(lanes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_lanes", lambda _: lanes)
    monkeypatch.setattr(loading, "_BUFFER", 1)
    made = [0]

    def endless() -> Iterator[bytes]:
        yield b"<urn:a> <urn:b> .\n" * 10
        while True:
            made[0] += 1
            yield b"<urn:a> <urn:b> <urn:c> .\n"

    with pytest.raises(SyntaxError):
        load_store(tmp_path / "store", endless(), len(LINES))
    assert made[0]
    assert not [thread for thread in threading.enumerate() if "ThreadPool" in thread.name]


def test_the_last_piece_may_be_the_bad_one(tmp_path: Path) -> None:
    with pytest.raises(SyntaxError) as kept:
        load_store(tmp_path / "store", [b"<urn:a> <urn:b> <urn:c> .\n", b"<urn:a>\n"], 2)
    load_store(tmp_path / "store", [b"<urn:a> <urn:b> <urn:c> .\n"], 1)
    assert kept.value.args
    assert lines_of(tmp_path / "store") == ["<urn:a> <urn:b> <urn:c> ."]


def test_many_changes_leave_few_files_and_the_right_triples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Each change has triples from everywhere, as a notice has, so that its files overlap with all others.
    monkeypatch.setattr(loading, "_RUNS", 16)
    folder = tmp_path / "store"
    create_store(folder, LINES)
    merged = []
    for at in range(12):
        gone = pyoxigraph.parse("\n".join(LINES[at::100]).encode(), format=pyoxigraph.RdfFormat.N_TRIPLES)
        new = "".join(f"<urn:{late}> <urn:new{late % 7}> <urn:x> .\n" for late in range(at, len(LINES), 100))
        change_store(folder, gone, [new.encode()], 30)
        merged.append(len(list(folder.glob("*.sst"))))
    assert max(merged) <= 16, merged
    news = [f"<urn:{late}> <urn:new{late % 7}> <urn:x> ." for at in range(12) for late in range(at, len(LINES), 100)]
    assert lines_of(folder) == sorted([*(line for at, line in enumerate(LINES) if at % 100 >= 12), *news])
    assert len(open_store(folder)) == 3000

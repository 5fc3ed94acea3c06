"""Bulk loading: N-Triples in pieces → a store on disk, in bounded memory whatever their number."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from io import BufferedReader, RawIOBase
from pathlib import Path
from queue import Empty, Full, Queue
from threading import Event
from typing import Any

import pyoxigraph

_BATCH = 1_000_000
"""Triples that the engine's loader sorts at once; what is no more is shared out to several of its calls, one a processor."""
_LEAST = 100_000
"""Triples that are worth a call of their own."""
_LANES = 4
_DEEP = 12_000_000
"""Triples above which a store is compacted: below, one index of it is smaller than what the engine keeps uncompressed."""
_RUNS = 100
"""Files of a store, some four a change, above which they are merged."""
_AHEAD = 4
"""Pieces that are made while the loader is busy."""
_LOOK = 0.1
"""Seconds between two looks at whether the other side has failed."""
_BUFFER = 1 << 20


def create_store(folder: Path, lines: Sequence[str]) -> None:
    """Bulk-load N-Triples lines into a new store on disk."""
    pieces = ("\n".join([*lines[at : at + _LEAST // 4], ""]).encode("utf-8") for at in range(0, len(lines), _LEAST // 4))
    load_store(folder, pieces, len(lines))


def load_store(folder: Path, pieces: Iterable[bytes], triples: int) -> None:
    """Bulk-load N-Triples, given in pieces of whole lines, into a new or a present store on disk.

    The pieces are made in this thread, while others load. The loader writes compressed files, each with a run of every index,
    and moves them in together at the end. What the engine makes of the runs of a small store when it has time is not
    compressed, and takes 1.7 times the place; so such a store is closed at once, and a large one is compacted until it is.

    Args:
        triples: about how many come; it decides how they are loaded, not what.

    Raises:
        OSError: the disk is full, or cannot be written to.
        SyntaxError: a piece is no N-Triples.
    """
    store = pyoxigraph.Store(str(folder))
    spread: list[bytes] = []
    try:
        _load(store, _sampled(pieces, spread) if triples > _DEEP else pieces, _lanes(triples), alone=_BATCH < triples <= _DEEP)
        if triples > _DEEP:
            _compact(store, spread)
        store.flush()
    finally:
        # An error that somebody keeps would keep this name, and with it the lock on the folder.
        del store


def change_store(folder: Path, gone: Iterable[pyoxigraph.Quad], pieces: Iterable[bytes], triples: int) -> None:
    """Take some triples out of a store on disk, then bulk-load about ``triples`` others.

    Each change adds runs; when they are many, which makes a store slow to ask, they are merged.
    """
    store = pyoxigraph.Store(str(folder))
    try:
        for quad in gone:
            store.remove(quad)
    finally:
        del store
    load_store(folder, pieces, triples)
    if len(list(folder.glob("*.sst"))) > _RUNS:
        store = pyoxigraph.Store(str(folder))
        try:
            store.optimize()
        finally:
            del store


def _lanes(triples: int) -> int:
    return 1 if triples > _BATCH else max(1, min(_LANES, os.cpu_count() or 1, triples // _LEAST))


def _load(store: pyoxigraph.Store, pieces: Iterable[bytes], lanes: int, *, alone: bool) -> None:
    queue: Queue[bytes | None] = Queue(_AHEAD)
    stop = Event()
    try:
        with ThreadPoolExecutor(lanes) as pool:
            loads = [pool.submit(_lane, store, _Pieces(queue, stop), alone=alone) for _ in range(lanes)]
            try:
                for piece in pieces:
                    _hand(queue, piece, loads)
                _hand(queue, None, loads)
                for load in loads:
                    load.result()
            finally:
                # After an error of either side nobody waits for the other.
                stop.set()
    finally:
        # As in the caller: an error keeps the names of all that it went through.
        del store


def _hand(queue: Queue[bytes | None], piece: bytes | None, loads: Sequence[Future[None]]) -> None:
    # A lane that has ended before the last piece has failed.
    while not (failed := [load for load in loads if load.done()]):
        try:
            queue.put(piece, timeout=_LOOK)
        except Full:
            continue
        return
    failed[0].result()


def _lane(store: pyoxigraph.Store, pieces: _Pieces, *, alone: bool) -> None:
    if alone and hasattr(os, "sched_setaffinity"):
        # The loader takes as many threads as processors and a gigabyte for two of them; on one, with its pieces made on the
        # other, it takes two thirds of that.
        with suppress(OSError):  # Some containers allow no thread to be bound.
            os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    try:
        store.bulk_load(BufferedReader(pieces, _BUFFER), format=pyoxigraph.RdfFormat.N_TRIPLES)
    finally:
        del store


class _Pieces(RawIOBase):
    """Pieces of bytes out of a queue as one file that is read from front to end; None in the queue is its end."""

    def __init__(self, queue: Queue[bytes | None], stop: Event) -> None:
        self._queue = queue
        self._stop = stop
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """It is read only."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer as far as the piece at hand goes; 0 at the end."""
        while not self._rest:
            piece = self._next()
            if piece is None:
                # For the other lanes; there is room where it came from.
                self._queue.put(None)
                return 0
            self._rest = memoryview(piece)
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size

    def _next(self) -> bytes | None:
        while not self._stop.is_set():
            try:
                return self._queue.get(timeout=_LOOK)
            except Empty:
                continue
        raise OSError(errno.ECANCELED, os.strerror(errno.ECANCELED))


def _sampled(pieces: Iterable[bytes], spread: list[bytes]) -> Iterator[bytes]:
    """The same pieces; one line of each is kept, now from its front and now from its end."""
    for at, piece in enumerate(pieces):
        if piece:
            start = piece.rfind(b"\n", 0, at * 7919 % len(piece)) + 1
            spread.append(piece[start : piece.index(b"\n", start) + 1])
        yield piece


def _compact(store: pyoxigraph.Store, spread: Sequence[bytes]) -> None:
    # The engine writes the lowest level uncompressed while all else is empty, and compressed what it merges into it afterwards.
    # So some triples from everywhere, which are there already, come in above it, and it is merged once more.
    store.optimize()
    store.bulk_load(b"".join(spread), format=pyoxigraph.RdfFormat.N_TRIPLES)
    store.optimize()

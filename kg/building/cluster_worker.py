"""What a Dask worker does with a batch of files: it is sent their bytes and the tables of the user, and hands shards back.

A worker needs govresp in the same version and nothing else: no sources, no tables and, unless it is told of a place, no storage
that it shares with anybody.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from kg.building.line import Knowledge
from kg.building.shards import Failure, Outcome, Shard, Terms, Wanted, read_shards, shard_at, terms_digest
from kg.errors import KgError

_ALONE = threading.Lock()
"""Reading is work for a processor: the threads of one worker process would only wait for each other in the middle of it."""
_FAULTS = (ArithmeticError, AttributeError, ImportError, LookupError, MemoryError, RuntimeError, TypeError, ValueError)
_unpacked: dict[str, tuple[tempfile.TemporaryDirectory[str], Knowledge]] = {}


class ClusterVersionError(KgError):
    """A worker with another version of the program, or of a library that reads. Fields: the worker, its version, ours."""

    code = "cluster-version"


class ClusterStorageError(KgError):
    """A place for shards that cannot be written to or read from. Fields: the place, why."""

    code = "cluster-storage"


class ClusterWorkerError(KgError):
    """A worker that cannot do its work: govresp is not installed there, say. Fields: address, what it says."""

    code = "cluster-worker"


@dataclass(frozen=True, slots=True)
class Packed:
    """The terms of a build with the contents of the user's tables, for machines where those do not lie."""

    terms: Terms
    digest: str
    """Of terms, tables and program (``terms_digest``): a worker with another one reads otherwise."""
    tables: tuple[tuple[str, tuple[tuple[str, bytes], ...]], ...] | None
    """For each kind of table the names and bytes of its files, in their order; None where they are left out for a worker that may
    have them."""
    place: str | None
    """Where shards are laid, as an fsspec address; None where they are handed back."""


@dataclass(frozen=True, slots=True)
class HandedBack:
    """What a batch gave. ``contents`` holds the bytes of each shard, or nothing where it lies at the place."""

    shards: tuple[Shard, ...]
    failures: tuple[Failure, ...]
    contents: tuple[bytes, ...]


class Instead(Enum):
    """What may come of a batch instead of shards."""

    ASKS_FOR_TABLES = "asks-for-tables"
    """The worker has not been sent the tables of the user yet."""
    LOST_ITS_WORKERS = "lost-its-workers"


def packed(terms: Terms, place: str | None) -> Packed:
    """The terms with all that workers need to read on them.

    Raises:
        SourceMissingError, SourceUnreadableError: a table is not there, or cannot be opened.
    """
    digest = terms_digest(terms)
    tables = tuple(
        (kind, tuple((path.name, path.read_bytes()) for path in getattr(terms.knowledge, kind)))
        for kind in ("registers", "lexicons", "decisions", "corrections")
    )
    return Packed(replace(terms, knowledge=Knowledge()), digest, tables, place)


def read_on_worker(pack: Packed, wanted: Sequence[Wanted], contents: Mapping[str, bytes]) -> HandedBack | Instead:
    """Read some files from the bytes that were sent along, and hand their shards back or lay them at the place.

    Where the pack comes without tables and this process does not have them, it asks for them and keeps them: no batch
    depends on what another worker holds.

    Raises:
        ClusterVersionError: this worker is not of the version that asks.
        ClusterWorkerError: the program has a fault.
        ClusterStorageError: the place cannot be written to.
        OSError: there is no room for temporary files.
    """
    with _ALONE, tempfile.TemporaryDirectory(prefix="govresp-shards-") as folder:
        if pack.tables is None and pack.digest not in _unpacked:
            return Instead.ASKS_FOR_TABLES
        terms = replace(pack.terms, knowledge=_knowledge(pack))
        found = terms_digest(terms)
        if found != pack.digest:
            raise ClusterVersionError(worker_name(), found[:12], pack.digest[:12])
        outcome = _read(wanted, terms, Path(folder), contents)
        if isinstance(outcome, str):
            raise ClusterWorkerError(worker_name(), outcome)
        bodies = tuple(shard.path.read_bytes() for shard in outcome.shards)
        shards = tuple(replace(shard, path=Path(shard.path.name)) for shard in outcome.shards)
    if pack.place is None:
        return HandedBack(shards, outcome.failures, bodies)
    for shard, body in zip(shards, bodies, strict=True):
        lay(pack.place, shard.path.name, body)
    return HandedBack(shards, outcome.failures, ())


def _read(wanted: Sequence[Wanted], terms: Terms, folder: Path, contents: Mapping[str, bytes]) -> Outcome | str:
    """What the files gave, or a fault of the program in words: with a thousand frames behind it, it might not survive the way back."""
    try:
        return read_shards(wanted, terms, folder, lambda file: contents[file.name])
    except _FAULTS as error:
        return f"{type(error).__name__}: {error}"


def worker_name() -> str:
    """The address of this worker in its cluster."""
    from distributed import get_worker

    try:
        return str(get_worker().address)
    except ValueError:
        return "?"


def _knowledge(pack: Packed) -> Knowledge:
    """The tables of the user, unpacked once a process: what is built from them is kept by the paths of their files."""
    if pack.digest not in _unpacked:
        folder = tempfile.TemporaryDirectory(prefix="govresp-tables-")
        paths: dict[str, tuple[Path, ...]] = {}
        for kind, files in pack.tables or ():
            made = []
            for number, (name, body) in enumerate(files):
                path = Path(folder.name) / kind / str(number) / PurePosixPath(name).name
                path.parent.mkdir(parents=True)
                path.write_bytes(body)
                made.append(path)
            paths[kind] = tuple(made)
        _unpacked[pack.digest] = folder, Knowledge(**paths)
    return _unpacked[pack.digest][1]


# Shards on storage that is shared


def lay(place: str, name: str, body: bytes) -> None:
    """Lay a shard at a place, whole or not at all: written under another name, then moved.

    Raises:
        ClusterStorageError: it cannot be written to.
    """
    system, root = storage_of(place)
    beside = f"{root}/.{name}-{threading.get_ident()}-{worker_name().rpartition(':')[2]}"
    try:
        system.makedirs(root, exist_ok=True)
        system.pipe_file(beside, body)
        system.mv(beside, f"{root}/{name}")
    except (OSError, ValueError, RuntimeError) as error:
        raise ClusterStorageError(place, str(error) or type(error).__name__) from error


def fetch(place: str, key: str, name: str, folder: Path) -> Shard | None:
    """Take a shard from a place into a folder; None where it is not there, or not whole.

    Raises:
        ClusterStorageError: the place cannot be read.
    """
    system, root = storage_of(place)
    try:
        # What others wrote meanwhile is not in a list that was kept.
        system.invalidate_cache()
        body = system.cat_file(f"{root}/{name}")
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RuntimeError) as error:
        raise ClusterStorageError(place, str(error) or type(error).__name__) from error
    put(folder, name, body)
    return shard_at(folder, key)


def put(folder: Path, name: str, body: bytes) -> Path:
    """Write a shard into a folder of this machine, whole or not at all; its path."""
    beside = folder / f".{name}-received"
    beside.write_bytes(body)
    beside.replace(folder / name)
    return folder / name


@cache
def storage_of(place: str) -> tuple[Any, str]:
    """The storage of an fsspec address, and the path in it.

    Raises:
        ClusterStorageError: of a kind that is unknown, or whose own library is not installed.
    """
    from fsspec.core import url_to_fs

    try:
        system, root = url_to_fs(place)
    except (ImportError, ValueError) as error:
        raise ClusterStorageError(place, str(error)) from error
    return system, root.rstrip("/")

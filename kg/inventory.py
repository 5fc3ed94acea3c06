"""What a build holds, file by file: which were read, which notice each gave, and what is to be done for the next build."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.shards import Shard, Wanted

_TABLES = """
CREATE TABLE file (key TEXT PRIMARY KEY, notice TEXT, sha256 TEXT, essence TEXT);
CREATE TABLE entry (notice TEXT PRIMARY KEY, key TEXT, source TEXT, sha256 TEXT, triples INTEGER, tasks INTEGER);
"""


@dataclass(frozen=True, slots=True)
class Head:
    """What the other files of a build need to know of one that was read by itself."""

    key: str
    """Its key where no other file has a say in it."""
    notice: str
    sha256: str
    essence: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One notice of a build."""

    notice: str
    key: str
    source: str
    sha256: str
    triples: int
    """Triples of its own."""
    tasks: int


def head_of(shard: Shard) -> Head:
    """The head of a file that was read by itself."""
    return Head(shard.key, shard.plain, shard.sha256, shard.essence)


def entry_of(shard: Shard) -> Entry:
    """The notice of a shard as a build lists it."""
    return Entry(shard.notice, shard.key, shard.source, shard.sha256, shard.triples, shard.tasks)


def settled(files: Sequence[Wanted], heads: Sequence[Head]) -> list[tuple[Wanted, Head]]:
    """The files whose notices a build holds, each with what the others make of it, in the order given.

    The same text twice, whatever its blanks and line ends, is one notice: the first file has it, and is told of the others.
    Two texts under one document number are two notices; the later one gets its hash into its id.
    """
    first: dict[str, int] = {}
    copies: dict[int, list[str]] = {}
    for at, head in enumerate(heads):
        holder = first.setdefault(head.essence, at)
        copies.setdefault(holder, [])
        if holder != at:
            copies[holder].append(files[at].file.name)
    ids: set[str] = set()
    found: list[tuple[Wanted, Head]] = []
    for at in sorted(copies):
        head = heads[at]
        hashed = head.notice in ids
        ids.add(f"{head.notice}-{head.sha256[:8]}" if hashed else head.notice)
        found.append((Wanted(files[at].file, hashed, tuple(copies[at])), head))
    return found


def name_of(keys: Iterable[str]) -> str:
    """The name of the version that holds these notices: the same notices, the same name."""
    return hashlib.sha256(json.dumps(sorted(keys)).encode("ascii")).hexdigest()[:16]


def create_inventory(connection: sqlite3.Connection) -> None:
    """Make the tables, empty."""
    connection.executescript(_TABLES)


def heads_in(connection: sqlite3.Connection, keys: Iterable[str]) -> dict[str, Head]:
    """The heads of the files that a build has read, of those with these keys."""
    found = (connection.execute("SELECT * FROM file WHERE key = ?", (key,)).fetchone() for key in keys)
    return {row[0]: Head(*row) for row in found if row}


def entries_in(connection: sqlite3.Connection) -> dict[str, Entry]:
    """The notices of a build, by the key of their shards."""
    return {row[1]: Entry(*row) for row in connection.execute("SELECT * FROM entry ORDER BY notice")}


def write_inventory(connection: sqlite3.Connection, heads: Iterable[Head], entries: Iterable[Entry]) -> None:
    """Write anew what a build has read and holds."""
    connection.execute("DELETE FROM file")
    connection.execute("DELETE FROM entry")
    connection.executemany("INSERT OR IGNORE INTO file VALUES (?, ?, ?, ?)", [(h.key, h.notice, h.sha256, h.essence) for h in heads])
    rows = [(e.notice, e.key, e.source, e.sha256, e.triples, e.tasks) for e in entries]
    connection.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)", rows)

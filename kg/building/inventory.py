"""What a build holds, file by file: which were read, which notice each gave, and what is to be done for the next build."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.building.company import Head, settled
from kg.building.shards import Shard, Wanted

_TABLES = """
CREATE TABLE file (key TEXT PRIMARY KEY, notice TEXT, sha256 TEXT, essence TEXT);
CREATE TABLE entry (notice TEXT PRIMARY KEY, key TEXT, source TEXT, sha256 TEXT, triples INTEGER, tasks INTEGER);
"""


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
    return Head(shard.plain, shard.sha256, shard.essence)


def entry_of(shard: Shard) -> Entry:
    """The notice of a shard as a build lists it."""
    return Entry(shard.notice, shard.key, shard.source, shard.sha256, shard.triples, shard.tasks)


def members_of(files: Sequence[Wanted], heads: Sequence[Head]) -> list[Wanted]:
    """The files whose notices a build holds, each with what the others make of it, in the order given."""
    return [Wanted(files[one.at].file, one.hashed, tuple(files[copy].file.name for copy in one.copies)) for one in settled(heads)]


def name_of(keys: Iterable[str]) -> str:
    """The name of the version that holds these notices: the same notices, the same name."""
    return hashlib.sha256(json.dumps(sorted(keys)).encode("ascii")).hexdigest()[:16]


def create_inventory(connection: sqlite3.Connection) -> None:
    """Make the tables, empty."""
    connection.executescript(_TABLES)


def heads_in(connection: sqlite3.Connection, keys: Iterable[str]) -> dict[str, Head]:
    """The heads of the files that a build has read, of those with these keys."""
    found = (connection.execute("SELECT * FROM file WHERE key = ?", (key,)).fetchone() for key in keys)
    return {row[0]: Head(*row[1:]) for row in found if row}


def entries_in(connection: sqlite3.Connection) -> dict[str, Entry]:
    """The notices of a build, by the key of their shards."""
    return {row[1]: Entry(*row) for row in connection.execute("SELECT * FROM entry ORDER BY notice")}


def write_inventory(connection: sqlite3.Connection, heads: Mapping[str, Head], entries: Iterable[Entry]) -> None:
    """Write anew what a build has read, by key, and what it holds."""
    connection.execute("DELETE FROM file")
    connection.execute("DELETE FROM entry")
    connection.executemany(
        "INSERT OR IGNORE INTO file VALUES (?, ?, ?, ?)", [(key, h.notice, h.sha256, h.essence) for key, h in heads.items()]
    )
    rows = [(e.notice, e.key, e.source, e.sha256, e.triples, e.tasks) for e in entries]
    connection.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)", rows)

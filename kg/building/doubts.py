"""What a person should look at after a build: files without a task, and files that share a document number."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from kg.building.filling import TIES
from kg.building.health import PARTS, TEXTS
from kg.building.inventory import entries_in

_ANNEX = re.compile(r"[^\s:：《》]{1,100}\.(?:docx?|pdf|xlsx?|wps|et|ofd|zip|rar)(?![a-z])", re.I)
"""The name of a file in the text of a page that links to it."""
_SHARED = (
    "SELECT jurisdiction, number, id FROM notice WHERE number <> '' AND (jurisdiction, number) IN "
    "(SELECT jurisdiction, number FROM notice WHERE number <> '' GROUP BY jurisdiction, number HAVING COUNT(*) > 1) "
    "ORDER BY jurisdiction, number, id"
)
_AGAIN = (
    "SELECT COUNT(*) FROM task AS a WHERE a.notice = ? AND a.text <> '' "
    "AND EXISTS (SELECT 1 FROM task AS b WHERE b.notice = ? AND b.text = a.text)"
)


@dataclass(frozen=True, slots=True)
class Empty:
    """A file that was read and gives no task."""

    source: str
    annexes: tuple[str, ...]
    """Names of files that its text mentions, which may hold the tasks."""


@dataclass(frozen=True, slots=True)
class Again:
    """A file some of whose tasks stand word for word in another of the same document number."""

    source: str
    other: str
    number: str
    tasks: int


@dataclass(frozen=True, slots=True)
class Doubts:
    """What is doubtful about a build; empty where nothing is."""

    empty: tuple[Empty, ...] = ()
    again: tuple[Again, ...] = ()


def doubts_of(folder: Path) -> Doubts:
    """What is doubtful about a version of a build.

    Args:
        folder: of the version, as in ``Built.folder``.

    Raises:
        sqlite3.Error: its tables cannot be read.
    """
    with closing(sqlite3.connect(folder / PARTS)) as connection:
        entries = {entry.notice: entry for entry in entries_in(connection).values()}
    empty = tuple(Empty(entry.source, _annexes(folder, notice)) for notice, entry in sorted(entries.items()) if not entry.tasks)
    again: list[Again] = []
    with closing(sqlite3.connect(folder / TIES)) as connection:
        first: dict[tuple[str, str], str] = {}
        for place, number, notice in connection.execute(_SHARED).fetchall():
            other = first.setdefault((place, number), notice)
            same = connection.execute(_AGAIN, (notice, other)).fetchone()[0] if other != notice else 0
            if same:
                again.append(Again(entries[notice].source, entries[other].source, number, same))
    return Doubts(empty, tuple(again))


def _annexes(folder: Path, notice: str) -> tuple[str, ...]:
    path = folder / TEXTS / f"{notice}.txt"
    found = _ANNEX.findall(path.read_text(encoding="utf-8")) if path.is_file() else []
    return tuple(dict.fromkeys(found))

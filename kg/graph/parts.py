"""What notices share: units, groups, divisions and codes, with who prints them, in a table beside the store.

A build of many notices never holds them all: each gives its parts to this table, and what depends on all of them together is
asked of it. A notice that goes takes with it what no other notice prints.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from kg.graph.ties import Place, elsewhere, group_row, sets_of_groups, sets_of_units, unit_row
from kg.graph.triples import codes_of, concept_triples, division_above, division_triples, group_triples, unit_triples
from kg.model import Closure, Division, Group, GroupRow, Kind, Level, Notice, Unit, UnitRow
from kg.naming.changes import ReformedBody, Seen, reformed_body

Part = tuple[str, str, str]
"""One thing that a notice may share: its sort, its id, and its record as JSON; equal parts are equal texts."""

_TABLES = """
CREATE TABLE notice (n INTEGER PRIMARY KEY, id TEXT UNIQUE, day TEXT, place TEXT);
CREATE TABLE part (n INTEGER PRIMARY KEY, sort TEXT, id TEXT, body TEXT, UNIQUE (sort, id, body));
CREATE TABLE uses (part INTEGER, notice INTEGER, PRIMARY KEY (part, notice)) WITHOUT ROWID;
"""


def parts_of(notice: Notice) -> list[Part]:
    """The units, groups, divisions and codes of one notice."""
    return [
        *(("unit", unit.id, _unit_body(unit)) for unit in notice.units),
        *(("group", group.id, _group_body(group)) for group in notice.groups),
        *(("division", one.id, _division_body(one, notice)) for one in notice.divisions),
        *(("code", one, "") for one in sorted(codes_of(notice))),
    ]


def create_parts(connection: sqlite3.Connection) -> None:
    """Make the tables, empty."""
    connection.executescript(_TABLES)


def add_notice(connection: sqlite3.Connection, notice: str, day: str, place: str, parts: Iterable[Part]) -> None:
    """Put in one notice that is not there yet: its id, the day of its names, the id of its division, its parts."""
    number = connection.execute("INSERT INTO notice (id, day, place) VALUES (?, ?, ?)", (notice, day, place)).lastrowid
    rows = list(parts)
    connection.executemany("INSERT OR IGNORE INTO part (sort, id, body) VALUES (?, ?, ?)", rows)
    connection.executemany(
        "INSERT OR IGNORE INTO uses SELECT n, ? FROM part WHERE sort = ? AND id = ? AND body = ?", [(number, *row) for row in rows]
    )


def parts_used(connection: sqlite3.Connection, notices: Iterable[str]) -> set[tuple[str, str]]:
    """Sort and id of everything that some notices use."""
    _name(connection, notices)
    return set(connection.execute(f"SELECT DISTINCT sort, id FROM part WHERE n IN (SELECT part FROM uses WHERE notice IN ({_NAMED}))"))


def drop_notices(connection: sqlite3.Connection, notices: Iterable[str]) -> None:
    """Take out some notices and what no other uses."""
    _name(connection, notices)
    connection.execute(f"DELETE FROM uses WHERE notice IN ({_NAMED})")
    connection.execute(f"DELETE FROM notice WHERE n IN ({_NAMED})")
    connection.execute("DELETE FROM part WHERE n NOT IN (SELECT part FROM uses)")


_NAMED = "SELECT n FROM notice WHERE id IN (SELECT id FROM named)"


def _name(connection: sqlite3.Connection, names: Iterable[str]) -> None:
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS named (id TEXT PRIMARY KEY)")
    connection.execute("DELETE FROM named")
    connection.executemany("INSERT OR IGNORE INTO named VALUES (?)", [(name,) for name in names])


# Triples.


def part_triples(connection: sqlite3.Connection) -> Iterator[str]:
    """The triples of all parts, each once."""
    rows = connection.execute("SELECT sort, id, body FROM part ORDER BY sort, id")
    for _, same in groupby(rows, key=lambda row: (row[0], row[1])):
        yield from sorted({line for row in same for line in _lines(*row)})


def triples_of_parts(connection: sqlite3.Connection, touched: Collection[tuple[str, str]]) -> set[str]:
    """The triples of some parts, given by sort and id."""
    found: set[str] = set()
    for sort, key in touched:
        for (body,) in connection.execute("SELECT body FROM part WHERE sort = ? AND id = ?", (sort, key)):
            found.update(_lines(sort, key, body))
    return found


def _lines(sort: str, key: str, body: str) -> Iterator[str]:
    if sort == "unit":
        yield from unit_triples(_unit(body))
    elif sort == "group":
        yield from group_triples(_group(body))
    elif sort == "division":
        yield from division_triples(_division(key, body), json.loads(body)[0])
    else:
        yield from concept_triples([key])


# What depends on all notices together.


def unit_rows(connection: sqlite3.Connection, foreign: Mapping[str, Place], only: Collection[str] | None = None) -> Iterator[UnitRow]:
    """The units of the ties table, by id, from all that their notices say of them.

    Args:
        connection: the open table.
        foreign: ``foreign_places`` of it.
        only: ids of the units that are wanted; all where it is None.
    """
    for key, bodies in _bodies(connection, "unit", only):
        yield unit_row(key, sets_of_units(map(_unit, bodies))[key], foreign)


def group_rows(connection: sqlite3.Connection, only: Collection[str] | None = None) -> Iterator[GroupRow]:
    """The groups of the ties table, by id, from all that their notices say of them; with ``only`` those of some ids."""
    for key, bodies in _bodies(connection, "group", only):
        yield group_row(key, sets_of_groups(map(_group, bodies))[key])


def _bodies(connection: sqlite3.Connection, sort: str, only: Collection[str] | None) -> Iterator[tuple[str, list[str]]]:
    if only is None:
        rows = connection.execute("SELECT id, body FROM part WHERE sort = ? ORDER BY id", (sort,))
        for key, same in groupby(rows, key=lambda row: row[0]):
            yield key, [body for _, body in same]
        return
    for key in sorted(only):
        if bodies := [body for (body,) in connection.execute("SELECT body FROM part WHERE sort = ? AND id = ?", (sort, key))]:
            yield key, bodies


def foreign_places(connection: sqlite3.Connection) -> Mapping[str, Place]:
    """The places that are those of no notice and stand above none, by id: bodies there are shown with the place's name."""
    divisions = (_division(key, body) for key, body in connection.execute("SELECT id, body FROM part WHERE sort = 'division' ORDER BY n"))
    places = {one.id: Place(one.code, one.name, one.parent or "") for one in divisions}
    near = {place for (place,) in connection.execute("SELECT DISTINCT place FROM notice WHERE place <> ''")}
    return elsewhere(places, near)


def units_seen(connection: sqlite3.Connection) -> dict[str, Seen]:
    """Every unit as its newest notice prints it, and the days of the earliest and the latest notice that does."""
    found: dict[str, Seen] = {}
    newest: dict[str, str] = {}
    rows = connection.execute(
        "SELECT part.id, body, MIN(day), MAX(day), MAX(day || ' ' || notice.id) FROM part JOIN uses ON part = part.n "
        "JOIN notice ON notice = notice.n WHERE sort = 'unit' GROUP BY part.n ORDER BY part.id"
    )
    for key, body, first, last, at in rows:
        known = found.get(key)
        days = (date.fromisoformat(first), date.fromisoformat(last))
        if known is None:
            found[key] = Seen(_unit(body), *days, _reformed(body))
        else:
            unit, reformed = (_unit(body), _reformed(body)) if at > newest[key] else (known.unit, known.body)
            found[key] = Seen(unit, min(known.first, days[0]), max(known.last, days[1]), reformed)
        newest[key] = max(at, newest.get(key, ""))
    return found


# Records as JSON.


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _unit_body(unit: Unit) -> str:
    return _json([unit.id, unit.label, unit.kind, unit.jurisdiction, unit.level, unit.lines, unit.aliases, unit.rule, reformed_body(unit)])


def _unit(body: str) -> Unit:
    key, label, kind, place, level, lines, aliases, rule, _ = json.loads(body)
    return Unit(key, label, Kind(kind), place, Level(level) if level else None, tuple(lines), tuple(aliases), rule)


def _reformed(body: str) -> ReformedBody | None:
    found = None if body.endswith("null]") else json.loads(body)[-1]
    return (found[0], found[1]) if found else None


def _group_body(group: Group) -> str:
    return _json([group.id, group.label, group.kind, group.closure, group.jurisdiction, group.members])


def _group(body: str) -> Group:
    key, label, kind, closure, place, members = json.loads(body)
    return Group(key, label, kind, Closure(closure), place, tuple(members))


def _division_body(one: Division, notice: Notice) -> str:
    last = one.last.isoformat() if one.last else None
    return _json([division_above(one, notice.divisions), one.code, one.name, one.level, one.parent, one.first.isoformat(), last])


def _division(key: str, body: str) -> Division:
    _, code, name, level, parent, first, last = json.loads(body)
    return Division(key, code, name, level, parent, date.fromisoformat(first), date.fromisoformat(last) if last else None)

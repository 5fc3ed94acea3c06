"""The ties table: the edges of the graph as rows beside the store, so that rankings and pairs never scan the graph."""

from __future__ import annotations

import dataclasses
import json
import re
import sqlite3
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import GraphError, StoreVersionError
from kg.model import (
    BUILD_FORMAT,
    Change,
    ChangeKind,
    Closure,
    FindingRow,
    Group,
    GroupRow,
    Kind,
    Notice,
    NoticeRow,
    Reference,
    Role,
    SectionRow,
    Severity,
    Task,
    TaskRow,
    Tie,
    Ties,
    Unit,
    UnitRow,
)

_TABLES = {
    "notice": (
        NoticeRow,
        "id TEXT PRIMARY KEY, title TEXT, number TEXT, issuer TEXT, date TEXT, year INTEGER, jurisdiction TEXT, place TEXT, sha256 TEXT",
    ),
    "section": (SectionRow, 'notice TEXT, "index" INTEGER, number TEXT, title TEXT, PRIMARY KEY (notice, "index")'),
    "task": (
        TaskRow,
        "notice TEXT, i INTEGER, number TEXT, section INTEGER, text TEXT, clause TEXT, "
        'start INTEGER, "end" INTEGER, PRIMARY KEY (notice, i)',
    ),
    "unit": (UnitRow, "id TEXT PRIMARY KEY, label TEXT, kind TEXT, level TEXT, lines TEXT, jurisdiction TEXT, aliases TEXT, rule TEXT"),
    "group_": (GroupRow, "id TEXT PRIMARY KEY, label TEXT, kind TEXT, closure TEXT"),
    "tie": (Tie, "notice TEXT, task INTEGER, unit TEXT, role TEXT, through TEXT"),
    "reference": (Reference, 'notice TEXT, task INTEGER, "group" TEXT, role TEXT'),
    "finding": (
        FindingRow,
        'notice TEXT, task INTEGER, code TEXT, severity TEXT, start INTEGER, "end" INTEGER, line INTEGER, "values" TEXT',
    ),
    "change_": (Change, "id TEXT PRIMARY KEY, kind TEXT, day TEXT, originals TEXT, results TEXT, method TEXT, why TEXT, label TEXT"),
}


UnitSets = Mapping[str, set[str]]
"""What notices say of one unit: ``label``, ``alias``, ``kind``, ``level``, ``line``, ``place`` and ``rule``."""
GroupSets = Mapping[str, set[str]]
"""What notices say of one group: ``label``, ``kind``, ``closure`` and ``member``."""


@dataclass(frozen=True, slots=True)
class Place:
    """A division, as far as names of units need it; ``parent`` is the code of the one above, empty where unknown."""

    code: str
    name: str
    parent: str


_OWN = ("notice", "section", "task", "tie", "reference", "finding")
"""Tables of rows that each notice has of its own; the others depend on all notices together."""


def ties_of(notices: Sequence[Notice], changes: Sequence[Change] = ()) -> Ties:
    """The ties of some notices: notices by id, tasks by running number, ties in printed order, opened ones behind.

    A unit that a listed group stands for is tied through the group, but not where the task prints the unit itself.
    """
    ordered = sorted(notices, key=lambda notice: notice.id)
    groups = sets_of_groups(group for notice in ordered for group in notice.groups)
    members = {group: sorted(held["member"]) for group, held in groups.items() if held["member"]}
    places = {d.id: Place(d.code, d.name, d.parent or "") for notice in ordered for d in notice.divisions}
    foreign = elsewhere(places, {notice.jurisdiction.id for notice in ordered if notice.jurisdiction})
    units = sets_of_units(unit for notice in ordered for unit in notice.units)
    parties = [(n.id, t.i, _parties(t)) for n in ordered for t in n.tasks]
    return Ties(
        notices=tuple(map(_notice_row, ordered)),
        sections=tuple(SectionRow(n.id, s.index, s.number or "", s.title) for n in ordered for s in n.sections),
        tasks=tuple(
            TaskRow(n.id, t.i, t.number or "", t.section, t.text, t.clause.printed if t.clause else "", t.span.start, t.span.end)
            for n in ordered
            for t in n.tasks
        ),
        units=tuple(unit_row(key, held, foreign) for key, held in sorted(units.items())),
        groups=tuple(group_row(key, held) for key, held in sorted(groups.items())),
        ties=tuple(tie for notice, i, named in parties for tie in ties_of_task(notice, i, named, members)),
        references=tuple(reference for notice, i, named in parties for reference in references_of_task(notice, i, named)),
        findings=tuple(row for notice in ordered for row in finding_rows(notice)),
        changes=tuple(changes),
    )


def _notice_row(notice: Notice) -> NoticeRow:
    place = notice.jurisdiction
    return NoticeRow(
        notice.id,
        notice.title or "",
        notice.number or "",
        notice.issuer or "",
        notice.date.isoformat() if notice.date else "",
        notice.plan_year,
        place.code if place else "",
        place.name if place else "",
        notice.sha256,
    )


def sets_of_units(units: Iterable[Unit]) -> dict[str, UnitSets]:
    """What some units, as their notices print them, say of each, by id."""
    found: dict[str, UnitSets] = defaultdict(lambda: defaultdict(set))
    for unit in units:
        known = found[unit.id]
        known["label"].add(unit.label)
        known["alias"].update(unit.aliases)
        known["kind"].add(unit.kind.value)
        known["level"].update([unit.level.value] if unit.level else [])
        known["line"].update(unit.lines)
        known["place"].update([unit.jurisdiction] if unit.jurisdiction else [])
        known["rule"].add(unit.rule)
    return found


def sets_of_groups(groups: Iterable[Group]) -> dict[str, GroupSets]:
    """What some groups, as their notices have them, say of each, by id."""
    found: dict[str, GroupSets] = defaultdict(lambda: defaultdict(set))
    for group in groups:
        known = found[group.id]
        known["label"].add(group.label)
        known["kind"].add(group.kind)
        known["closure"].add(group.closure.value)
        known["member"].update(group.members)
    return found


def elsewhere(places: Mapping[str, Place], near: Set[str]) -> Mapping[str, Place]:
    """The places that are those of no notice and stand above none: the bodies there are shown with the place's name.

    Args:
        places: all places by id.
        near: ids of the places of the notices.
    """
    found, line = set(near), [places[one] for one in near if one in places]
    while line:
        codes = {place.parent for place in line if place.parent}
        fresh = {key for key, place in places.items() if place.code in codes and key not in found}
        found |= fresh
        line = [places[key] for key in fresh]
    return {key: place for key, place in places.items() if key not in found}


def _qualified(label: str, place: Place | None) -> str:
    # 市财政局 → 深圳市财政局; what does not begin with the level word of its place tells it already.
    if place is None:
        return label
    level = next((label[:size] for size in (3, 2, 1) if place.name.endswith(label[:size])), "")
    return place.name + label.removeprefix(level) if level else label


def unit_row(unit: str, held: UnitSets, foreign: Mapping[str, Place]) -> UnitRow:
    """The row of a unit from all that its notices say of it.

    Notices of several years may say it differently (a register holds for its years only): the shortest label is shown and the
    others are names too, and the strongest rule counts, whatever the order of reading.
    """
    label = min(held["label"], key=lambda text: (len(text), text))
    place = min(held["place"], default="")
    return UnitRow(
        unit,
        _qualified(label, foreign.get(place)),
        Kind(min(held["kind"])),
        min(held["level"], default=""),
        tuple(sorted(held["line"])),
        place,
        tuple(sorted((held["label"] | held["alias"]) - {label})),
        min(held["rule"], key=lambda rule: (_STRONGEST.index(rule) if rule in _STRONGEST else len(_STRONGEST), rule)),
    )


_STRONGEST = ("decision", "register", "place", "line", "name")


def group_row(group: str, held: GroupSets) -> GroupRow:
    """The row of a group from all that its notices say of it: the shortest label is shown."""
    label = min(held["label"], key=lambda text: (len(text), text))
    return GroupRow(group, label, min(held["kind"]), Closure(min(held["closure"])))


@dataclass(frozen=True, slots=True)
class Party:
    """One party of a task, as printed: a unit, or a group where ``collective``."""

    key: str
    role: Role
    collective: bool


def ties_of_task(notice: str, task: int, parties: Sequence[Party], members: Mapping[str, Sequence[str]]) -> Iterator[Tie]:
    """The ties of one task, printed ones first, each part in printed order.

    Args:
        notice: id of the notice.
        task: running number of the task.
        parties: its parties in printed order.
        members: the members of each group that is listed, sorted.
    """
    printed = dict.fromkeys((party.key, party.role) for party in parties if not party.collective)
    yield from (Tie(notice, task, unit, role) for unit, role in printed)
    named = {unit for unit, _ in printed}
    opened = dict.fromkeys(
        (member, party.role, party.key) for party in parties for member in members.get(party.key, ()) if member not in named
    )
    yield from (Tie(notice, task, member, role, through) for member, role, through in opened)


def references_of_task(notice: str, task: int, parties: Sequence[Party]) -> Iterator[Reference]:
    """The collective references of one task, in printed order."""
    found = dict.fromkeys((party.key, party.role) for party in parties if party.collective)
    yield from (Reference(notice, task, group, role) for group, role in found)


def _parties(task: Task) -> list[Party]:
    return [Party(a.unit, a.role, a.collective) for a in task.assignments if a.unit]


def finding_rows(notice: Notice) -> tuple[FindingRow, ...]:
    """The findings of a notice in the order of the text, each once."""
    ends = [hit.start() for hit in re.finditer("\n", notice.text)]
    rows = (
        FindingRow(notice.id, f.task, f.code, f.severity, f.span.start, f.span.end, bisect_left(ends, f.span.start) + 1, f.values)
        for f in notice.findings
    )
    return in_order(rows)


def in_order(rows: Iterable[FindingRow]) -> tuple[FindingRow, ...]:
    """Findings of one notice in the order of the text, each once."""
    return tuple(sorted(set(rows), key=lambda row: (row.start, row.end, row.code, row.task or 0, row.values, row.severity, row.line)))


def rows_of_notice(notice: Notice) -> dict[str, list[list[object]]]:
    """The rows that one notice has of its own in the ties table: name of the table → cells of each row, in order."""
    ties = ties_of([notice])
    own = {"notice": ties.notices, "section": ties.sections, "task": ties.tasks}
    own |= {"tie": ties.ties, "reference": ties.references, "finding": ties.findings}
    return {name: [_cells(row) for row in rows] for name, rows in own.items()}


def write_ties(ties: Ties, path: Path) -> None:
    """Write the ties into a new SQLite file, one table a kind of row, in their order."""
    with closing(sqlite3.connect(path)) as connection, connection:
        create_ties(connection)
        for (name, _), rows in zip(_TABLES.items(), _parts(ties), strict=True):
            insert_rows(connection, name, map(_cells, rows))


def create_ties(connection: sqlite3.Connection) -> None:
    """Make the tables of the ties, empty."""
    connection.execute(f"PRAGMA user_version = {BUILD_FORMAT}")
    for name, (_, columns) in _TABLES.items():
        connection.execute(f"CREATE TABLE {name} ({columns})")


def insert_rows(connection: sqlite3.Connection, name: str, rows: Iterable[Sequence[object]]) -> None:
    """Add rows to one table, given as their cells."""
    marks = ", ".join("?" * len(dataclasses.fields(_TABLES[name][0])))
    connection.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)


def replace_rows(
    connection: sqlite3.Connection, name: str, rows: Iterable[UnitRow | GroupRow | Change], only: Iterable[str] | None = None
) -> None:
    """Write one of the tables that depend on all notices together anew, or of it the rows of some ids alone."""
    if only is None:
        connection.execute(f"DELETE FROM {name}")
    else:
        connection.executemany(f"DELETE FROM {name} WHERE id = ?", [(key,) for key in only])
    insert_rows(connection, name, map(_cells, rows))


def delete_notices(connection: sqlite3.Connection, notices: Iterable[str]) -> None:
    """Take out the rows that some notices have of their own."""
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS gone (id TEXT PRIMARY KEY)")
    connection.execute("DELETE FROM gone")
    connection.executemany("INSERT OR IGNORE INTO gone VALUES (?)", [(notice,) for notice in notices])
    for name in _OWN:
        key = "id" if name == "notice" else "notice"
        connection.execute(f"DELETE FROM {name} WHERE {key} IN (SELECT id FROM gone)")


def _parts(ties: Ties) -> tuple[Sequence[Any], ...]:
    return (ties.notices, ties.sections, ties.tasks, ties.units, ties.groups, ties.ties, ties.references, ties.findings, ties.changes)


def _cells(row: Any) -> list[object]:
    values = (getattr(row, field.name) for field in dataclasses.fields(row))
    return [json.dumps(value, ensure_ascii=False) if isinstance(value, tuple) else value for value in values]


def read_ties(path: Path) -> Ties:
    """The ties of a file that ``write_ties`` made.

    Raises:
        GraphError: there is no such file, or it is no ties table.
        StoreVersionError: another version of the program made it.
    """
    return Ties(*(tuple(rows) for _, rows in ties_tables(path)))


def ties_tables(path: Path) -> Iterator[tuple[str, Iterator[Any]]]:
    """The tables of a file that ``write_ties`` made, one after the other, for what is too large to be held at once.

    Each is its name in ``Ties`` and its records, in the order that they have there, to be read before the next is asked for.

    Raises:
        GraphError, StoreVersionError: as ``read_ties``; while the rows are read, too.
    """
    if not path.is_file():
        raise GraphError(path)
    names = [field.name for field in dataclasses.fields(Ties)]
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version != BUILD_FORMAT:
                raise StoreVersionError(path, version, BUILD_FORMAT)
            for name, table in zip(names, _TABLES, strict=True):
                yield name, _records(path, table, connection)
    except sqlite3.DatabaseError as error:
        raise GraphError(path) from error


def _records(path: Path, table: str, connection: sqlite3.Connection) -> Iterator[Any]:
    make = _RECORDS[table]
    try:
        for row in connection.execute(f"SELECT * FROM {table} ORDER BY {_order(table)}"):
            yield make(row)
    except (sqlite3.DatabaseError, TypeError, ValueError) as error:
        # A damaged page may pass SQLite and hold no such value: a role that is none, a list cut off.
        raise GraphError(path) from error


def _order(name: str) -> str:
    # By id whenever they were put in; the rows of a notice as they were.
    return "notice, rowid" if name in _OWN and name != "notice" else "id"


_RECORDS: dict[str, Callable[[Any], Any]] = {
    "notice": lambda row: NoticeRow(*row),
    "section": lambda row: SectionRow(*row),
    "task": lambda row: TaskRow(*row),
    "unit": lambda row: UnitRow(row[0], row[1], Kind(row[2]), row[3], _texts(row[4]), row[5], _texts(row[6]), row[7]),
    "group_": lambda row: GroupRow(row[0], row[1], row[2], Closure(row[3])),
    "tie": lambda row: Tie(row[0], row[1], row[2], Role(row[3]), row[4]),
    "reference": lambda row: Reference(row[0], row[1], row[2], Role(row[3])),
    "finding": lambda row: FindingRow(
        row[0], row[1], row[2], Severity(row[3]), row[4], row[5], row[6], tuple(map(tuple, json.loads(row[7])))
    ),
    "change_": lambda row: Change(row[0], ChangeKind(row[1]), row[2], _texts(row[3]), _texts(row[4]), row[5], row[6], row[7]),
}
"""How a row of each table becomes its record again."""


def _texts(cell: str) -> tuple[str, ...]:
    return tuple(json.loads(cell))


def units_in(connection: sqlite3.Connection, places: Iterable[str]) -> list[str]:
    """Ids of the units of some places in an open table."""
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS places (id TEXT PRIMARY KEY)")
    connection.execute("DELETE FROM places")
    connection.executemany("INSERT OR IGNORE INTO places VALUES (?)", [(place,) for place in places])
    return [key for (key,) in connection.execute("SELECT id FROM unit WHERE jurisdiction IN (SELECT id FROM places) ORDER BY id")]


def changes_in(connection: sqlite3.Connection) -> list[Change]:
    """The changes of units in an open table, by id."""
    return [_RECORDS["change_"](row) for row in connection.execute("SELECT * FROM change_ ORDER BY id")]

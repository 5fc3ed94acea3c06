"""The ties table: the edges of the graph as rows beside the store, so that rankings and pairs never scan the graph."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from kg.errors import GraphError, StoreVersionError
from kg.model import (
    BUILD_FORMAT,
    Change,
    ChangeKind,
    Closure,
    Division,
    FindingRow,
    GroupRow,
    Kind,
    Notice,
    NoticeRow,
    Reference,
    Role,
    SectionRow,
    Severity,
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


_OWN = ("notice", "section", "task", "tie", "reference", "finding")
"""Tables of rows that each notice has of its own; the others depend on all notices together."""


def ties_of(notices: Sequence[Notice], changes: Sequence[Change] = ()) -> Ties:
    """The ties of some notices: notices by id, tasks by running number, ties in printed order, opened ones behind.

    A unit that a listed group stands for is tied through the group, but not where the task prints the unit itself.
    """
    ordered = sorted(notices, key=lambda notice: notice.id)
    units = _merged_units(ordered)
    groups = {group.id: group for notice in ordered for group in notice.groups}
    far = elsewhere({d.id: d for n in ordered for d in n.divisions}, {n.jurisdiction.id for n in ordered if n.jurisdiction})
    return Ties(
        notices=tuple(map(_notice_row, ordered)),
        sections=tuple(SectionRow(n.id, s.index, s.number or "", s.title) for n in ordered for s in n.sections),
        tasks=tuple(
            TaskRow(n.id, t.i, t.number or "", t.section, t.text, t.clause.printed if t.clause else "", t.span.start, t.span.end)
            for n in ordered
            for t in n.tasks
        ),
        units=tuple(unit_row(units[key], units[key].aliases, far.get(units[key].jurisdiction or "")) for key in sorted(units)),
        groups=tuple(GroupRow(g.id, g.label, g.kind, g.closure) for _, g in sorted(groups.items())),
        ties=tuple(tie for notice in ordered for tie in _ties(notice)),
        references=tuple(
            Reference(n.id, t.i, group, role)
            for n in ordered
            for t in n.tasks
            for group, role in dict.fromkeys((a.unit, a.role) for a in t.assignments if a.collective and a.unit)
        ),
        findings=tuple(row for notice in ordered for row in _findings(notice)),
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


def _merged_units(notices: Sequence[Notice]) -> dict[str, Unit]:
    # Each notice adds the names it prints; all else is the same in every notice of one register.
    units: dict[str, Unit] = {}
    for unit in (unit for notice in notices for unit in notice.units):
        known = units.get(unit.id, unit)
        aliases = {*known.aliases, *unit.aliases, unit.label} - {known.label}
        units[unit.id] = dataclasses.replace(known, aliases=tuple(sorted(aliases)))
    return units


def elsewhere(places: Mapping[str, Division], own: Collection[str]) -> dict[str, Division]:
    """The places that are those of no notice and stand above none: the bodies there are shown with the place's name.

    Args:
        places: all divisions that some notices point at, by id.
        own: ids of the divisions of the notices themselves.
    """
    near = set(own)
    line = [places[one] for one in near if one in places]
    while line:
        codes = {division.parent for division in line}
        line = [division for key, division in places.items() if division.code in codes and key not in near]
        near |= {division.id for division in line}
    return {key: division for key, division in places.items() if key not in near}


def _qualified(label: str, place: Division | None) -> str:
    # 市财政局 → 深圳市财政局; what does not begin with the level word of its place tells it already.
    if place is None:
        return label
    level = next((label[:size] for size in (3, 2, 1) if place.name.endswith(label[:size])), "")
    return place.name + label.removeprefix(level) if level else label


def unit_row(unit: Unit, aliases: tuple[str, ...], place: Division | None) -> UnitRow:
    """One unit as the ties table has it; ``place`` is the one whose name its label needs."""
    return UnitRow(
        unit.id,
        _qualified(unit.label, place),
        unit.kind,
        str(unit.level or ""),
        unit.lines,
        unit.jurisdiction or "",
        aliases,
        unit.rule,
    )


def _ties(notice: Notice) -> Iterable[Tie]:
    # Its own groups: what a notice means depends on no other, so that notices can be read apart.
    groups = {group.id: group for group in notice.groups}
    for task in notice.tasks:
        printed = dict.fromkeys((a.unit, a.role) for a in task.assignments if a.unit and not a.collective)
        yield from (Tie(notice.id, task.i, unit, role) for unit, role in printed if unit)
        named = {unit for unit, _ in printed}
        opened = dict.fromkeys(
            (member, a.role, a.unit)
            for a in task.assignments
            if a.unit in groups
            for member in groups[a.unit].members
            if member not in named
        )
        yield from (Tie(notice.id, task.i, member, role, through) for member, role, through in opened if through)


def _findings(notice: Notice) -> Iterable[FindingRow]:
    for f in notice.findings:
        line = notice.text.count("\n", 0, f.span.start) + 1
        yield FindingRow(notice.id, f.task, f.code, f.severity, f.span.start, f.span.end, line, f.values)


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


def replace_rows(connection: sqlite3.Connection, name: str, rows: Iterable[UnitRow | GroupRow | Change]) -> None:
    """Write one of the tables that depend on all notices together anew."""
    connection.execute(f"DELETE FROM {name}")
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
    if not path.is_file():
        raise GraphError(path)
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version != BUILD_FORMAT:
                raise StoreVersionError(path, version, BUILD_FORMAT)
            rows = {name: connection.execute(f"SELECT * FROM {name} ORDER BY {_order(name)}").fetchall() for name in _TABLES}
    except sqlite3.DatabaseError as error:
        raise GraphError(path) from error
    return _ties_record(rows)


def _order(name: str) -> str:
    # Notices by id whenever they were put in; the rows of one as they were.
    return "id" if name == "notice" else "notice, rowid" if name in _OWN else "rowid"


def changes_in(connection: sqlite3.Connection) -> list[Change]:
    """The changes of units in an open table, by id."""
    return [_change(row) for row in connection.execute("SELECT * FROM change_ ORDER BY id")]


def _change(row: Sequence[Any]) -> Change:
    key, kind, day, originals, results, method, why, label = row
    return Change(key, ChangeKind(kind), day, tuple(json.loads(originals)), tuple(json.loads(results)), method, why, label)


def _ties_record(rows: dict[str, list[Any]]) -> Ties:
    return Ties(
        tuple(NoticeRow(*row) for row in rows["notice"]),
        tuple(SectionRow(*row) for row in rows["section"]),
        tuple(TaskRow(*row) for row in rows["task"]),
        tuple(
            UnitRow(i, label, Kind(kind), level, tuple(json.loads(lines)), place, tuple(json.loads(names)), rule)
            for i, label, kind, level, lines, place, names, rule in rows["unit"]
        ),
        tuple(GroupRow(i, label, kind, Closure(closure)) for i, label, kind, closure in rows["group_"]),
        tuple(Tie(notice, task, unit, Role(role), through) for notice, task, unit, role, through in rows["tie"]),
        tuple(Reference(notice, task, group, Role(role)) for notice, task, group, role in rows["reference"]),
        tuple(
            FindingRow(notice, task, code, Severity(severity), start, end, line, tuple((k, v) for k, v in json.loads(values)))
            for notice, task, code, severity, start, end, line, values in rows["finding"]
        ),
        tuple(map(_change, rows["change_"])),
    )

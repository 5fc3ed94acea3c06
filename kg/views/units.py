"""Who was recognised, for people and programs: tables, JSON, how a name was read, and the skeleton of a decisions file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from shutil import get_terminal_size
from typing import Any

from kg.messages import say
from kg.views.tables import csv_text
from kg.views.text import text_table

Row = Mapping[str, Any]
_WIDEST = 140
"""Columns that a table of units takes at least, so that names are not cut where they are piped."""
COLUMNS = ("id", "label", "place", "code", "kind", "level", "lines", "rule", "names", "tasks")


def units_text(found: Row) -> str:
    """The units as a table, and below it what waits for a decision, what became of units, and decisions that fit nothing."""
    counts = Counter(row["rule"] for row in found["units"])
    by_rule = say("table.join").join(f"{say(f'units.rule.{rule}')} {count}" for rule, count in counts.most_common())
    printed = [row for row in found["units"] if row["names"]]
    parts = [say("units.summary", count=len(found["units"]), rules=by_rule), _table(printed)]
    if len(printed) < len(found["units"]):
        parts.append(say("units.through-groups", count=len(found["units"]) - len(printed)))
    if found["waiting"]:
        parts += [say("units.waiting", count=len(found["waiting"])), *map(_waiting_line, found["waiting"])]
    if found["changes"]:
        parts += [say("units.changes", count=len(found["changes"])), *map(_change_line, found["changes"])]
    if found["unused"]:
        parts += [say("units.unused", count=len(found["unused"])), *map(_unused_line, found["unused"])]
    return "\n".join(parts)


def _table(rows: Sequence[Row]) -> str:
    heads = [say(f"units.column.{name}") for name in ("place", "label", "kind", "level", "lines", "rule", "tasks", "names")]
    cells = [
        [
            row["place"],
            row["label"],
            say(f"report.kind.{row['kind']}"),
            _level(row["level"]),
            _lines(row["lines"]),
            say(f"units.rule.{row['rule']}"),
            row["tasks"],
            _names(row),
        ]
        for row in rows
    ]
    return text_table(heads, cells, widest=max(_WIDEST, get_terminal_size().columns))


def _names(row: Row) -> str:
    # Only what differs from the label is worth a look.
    others = [f"{one['name']}×{one['times']}" for one in row["names"] if one["name"] != row["label"]]
    return say("table.join").join(others)


def _level(level: str) -> str:
    return say(f"units.levels.{level}") if level else "–"


def _lines(lines: Sequence[str]) -> str:
    return say("table.join").join(line_name(line) for line in lines) or "–"


def line_name(line: str) -> str:
    """The name of a line of work in the language in use; its id where no lexicon has it."""
    from kg.messages import language
    from kg.resources import table

    row: Row = next((row for row in table("lexicon/lines.toml")["line"] if row["id"] == line), {})
    return str(row.get(language(), line))


def _waiting_line(row: Row) -> str:
    names = say("units.pair").join(row["names"])
    return "  " + say("units.waits", names=names, why=say(f"units.near.{row['why']}"), division=row["division"] or "–")


def _change_line(row: Row) -> str:
    kind, ground = say(f"units.change.{row['kind']}"), say(f"units.method.{row['method']}")
    return "  " + say("units.became", day=row["day"] or "–", kind=kind, label=row["label"], ground=ground)


def _unused_line(row: Row) -> str:
    return "  " + say("units.fits-nothing", division=row["division"], names=say("table.join").join(row["names"]))


def units_json(found: Row) -> str:
    """The whole overview as JSON, keys as in ``kg.naming.overview.overview``."""
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def units_csv(rows: Sequence[Row]) -> str:
    """One row a unit or a name; several lines of work or names stand in one cell, divided by semicolons."""
    columns = [name for name in ("name", *COLUMNS) if not rows or name in rows[0]]
    return csv_text(columns, [[_joined(row.get(name)) for name in columns] for row in rows])


def _joined(value: object) -> object:
    if not isinstance(value, list):
        return value
    return ";".join(f"{one['name']}*{one['times']}" if isinstance(one, dict) else str(one) for one in value)


def explained(row: Row) -> str:
    """How one name was read, line by line."""
    none = say("units.none")
    place = f"{row['place']} ({row['code']})" if row["place"] else none
    steps = [
        say("units.explain.head", name=row["name"], issuer=row["issuer"] or none, day=row["day"] or none),
        say("units.explain.parts", place=row["printed_place"] or row["word"] or none, core=row["core"], ending=row["ending"] or none),
        say("units.explain.body", body=row["body"]) if row["body"] else say("units.explain.no-body"),
        say("units.explain.place", place=place, level=_level(row["level"]), why=say(f"units.level.{row['level_why']}")),
        say("units.explain.kind", kind=say(f"report.kind.{row['kind']}"), why=say(f"units.kind.{row['kind_why']}")),
        say("units.explain.lines", lines=_lines(row["lines"]), why=say(f"units.lines.{row['lines_why']}")),
        say("units.explain.unit", label=row["label"], id=row["id"], rule=say(f"recognised.{row['rule']}")),
    ]
    if row["bracket"]:
        steps.insert(3, say("units.explain.bracket", bracket=row["bracket"]))
    if row["aliases"]:
        steps.append(say("units.explain.aliases", names=say("table.join").join(row["aliases"])))
    return "\n".join(steps)


def skeleton(waiting: Sequence[Row], today: str) -> str:
    """A decisions file to be filled in: one ``[[decision]]`` a pair that waits, its verdict still ``unsure``.

    It is refused until each row says by whom it was decided, so that nothing is decided by running a command.
    """
    rows = [say("units.skeleton.head")]
    for row in waiting:
        if len(row["names"]) > 1 and row["division"]:
            names = ", ".join(json.dumps(name, ensure_ascii=False) for name in row["names"])
            why = json.dumps(say(f"units.near.{row['why']}"), ensure_ascii=False)
            what = f'[[decision]]\ndivision = "{row["division"]}"\nnames = [{names}]\n'
            rows.append(f'{what}verdict = "unsure"\nwhy = {why}\nwhen = {today}\nby = ""\n')
    return "\n".join(rows)


def register_drafts(units: Sequence[Row]) -> dict[str, str]:
    """Registers to be looked over, by file name: for each place the units that nothing but their spelling told.

    Their ids are those that the rules gave, so that a register made of the draft changes no identity.
    """
    by_place: dict[tuple[str, str], list[Row]] = {}
    for row in units:
        if row["rule"] == "name" and row["code"]:
            by_place.setdefault((row["code"], row["place"]), []).append(row)
    return {f"{code}-{place}.toml": _draft(code, place, rows) for (code, place), rows in sorted(by_place.items())}


def _draft(code: str, place: str, rows: Sequence[Row]) -> str:
    parts = [say("units.draft.head", place=place), f'division = "{code}"\n']
    for row in rows:
        others = [one["name"] for one in row["names"] if one["name"] != row["label"]]
        told = {"id": row["id"].partition(":")[2], "label": row["label"], "kind": row["kind"], "lines": row["lines"], "aliases": others}
        parts.append("[[unit]]\n" + "".join(f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in told.items()))
    return "\n".join(parts)

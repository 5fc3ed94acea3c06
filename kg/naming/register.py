"""Units that are known by name: the package's registers and those of a user."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from kg.errors import TableError
from kg.messages import LANGUAGES, say
from kg.model import Division, Kind, Level, Unit
from kg.naming.divisions import division_on, divisions, holds
from kg.naming.identity import unit_by_rule
from kg.naming.levels import LEVEL_OF
from kg.naming.wording import Setting, name_key
from kg.resources import package_file, read_toml, rows_of


@dataclass(frozen=True, slots=True)
class Register:
    """The units of one place on one day, by every name they go by."""

    division: Division
    by_name: Mapping[str, Unit]
    by_rule: Mapping[str, Unit]
    """The same units by the id that the rules give to their names, so that every spelling of a name is known."""


def register_files() -> list[Path]:
    """The registers that come with the package."""
    return sorted(path for path in package_file("register").glob("*.toml") if path.name[0].isdigit())


def load_register(division: Division, day: date, extra: Sequence[Path] = ()) -> Register | None:
    """The register of a place on a day, None where there is none.

    Args:
        division: the place; registers name its code.
        day: units of a division that does not hold on this day are left out.
        extra: register files of the user; a name that they hold is theirs, whatever the package says.

    Raises:
        TableError: a file lacks a field, names a kind that does not exist, or gives one name to two units.
    """
    # Kept as long as the files stay as they are: a notebook reads a register again after an edit.
    return _register(division, day, tuple((path, _stamp(path)) for path in extra))


@lru_cache(maxsize=1 << 10)
def _register(division: Division, day: date, extra: tuple[tuple[Path, int], ...]) -> Register | None:
    paths = (*extra, *((path, 0) for path in _own(division.code)))
    rows = [(path, row) for path, stamp in paths for row in _rows(path, stamp, division.code)]
    if not rows:
        return None
    found: dict[str, Unit] = {}
    owners: dict[str, set[Path]] = {}
    for path, row in rows:
        unit = _unit(row, division, day)
        if unit is None or unit.id in owners:
            continue
        owners[unit.id] = {path}
        for name in (unit.label, *unit.aliases):
            taken = found.setdefault(name_key(name), unit)
            if taken is not unit and path in owners[taken.id]:
                raise TableError(path, f"{name}: {taken.id}, {unit.id}")
    setting = Setting(division, day, "")
    by_rule: dict[str, Unit] = {}
    for unit in dict.fromkeys(found.values()):
        for name in (unit.label, *unit.aliases):
            by_rule.setdefault(unit_by_rule(name, setting).id, unit)
    return Register(division, found, by_rule)


@cache
def _own(code: str) -> tuple[Path, ...]:
    return tuple(path for path in register_files() if path.name.startswith(code))


def _stamp(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0


@lru_cache(maxsize=1 << 8)
def _rows(path: Path, _stamp: int, code: str) -> list[dict[str, Any]]:
    content = read_register(path)
    return content["unit"] if content["division"] == code else []


def read_register(path: Path) -> dict[str, Any]:
    """The content of a register file.

    Raises:
        SourceMissingError, TableError: there is no such file, or it has no division and units.
    """
    fields = {"id": str, "label": str, "kind": str}
    optional = {"line": str, "lines": list, "level": str, "aliases": list, "division": str}
    rows = rows_of(path, "unit", fields, optional, ("division", "name", "first"))
    content = read_toml(path)
    if not re.fullmatch("[1-9][0-9]{5}", code := str(content.get("division", ""))):
        named = sorted({division.code for division in divisions() if division.name == code})
        raise TableError(path, say("table-fault.division", code, ", ".join(named) or "\u2013"))
    words = _kind_words()
    for row in rows:
        row["kind"] = words.get(row["kind"], row["kind"])
        if not re.fullmatch(r"[A-Za-z0-9-]+", row["id"]):
            raise TableError(path, say("table-fault.id", row["id"]))
        if row["kind"] not in set(Kind):
            known = (say("table-fault.kind-word", kind, say(f"report.kind.{kind}")) for kind in Kind)
            raise TableError(path, say("table-fault.kind", row["label"], row["kind"], say("table.join").join(known)))
        if row.get("level", Level.COUNTY) not in set(Level):
            raise TableError(path, f"[[unit]] level: {row['level']} ∉ {', '.join(Level)}")
    return {**content, "unit": rows}


def _kind_words() -> dict[str, str]:
    # The words with which people are told a kind, for a register is written after what is seen.
    return {say(f"report.kind.{kind}", lang=lang): kind.value for lang in LANGUAGES for kind in Kind}


def declared_place(path: Path) -> Division | None:
    """The division that a register of the user declares with ``name`` (and ``first``), for places the table lacks.

    Raises:
        TableError: the place is in no table and the register does not name it, or ``first`` is no day and no year.
    """
    content = read_register(path)
    code, name = str(content["division"]), content.get("name")
    if name is None:
        if all(division.code != code for division in divisions()):
            raise TableError(path, f"division {code}: name = ?")
        return None
    first = content.get("first", 1949)
    if type(first) is int and MINYEAR <= first <= MAXYEAR:
        first = date(first, 1, 1)
    # A moment (2019-01-01T00:00:00) is a date to isinstance, and cannot be compared with one.
    if type(first) is not date:
        raise TableError(path, f"first: {first}")
    return Division(f"division:{code}-{first.year}", code, str(name), "prefecture", None, first)


def _unit(row: dict[str, Any], division: Division, day: date) -> Unit | None:
    place = division if "division" not in row else division_on(row["division"], day)
    if place is None or not holds(place, day):
        return None
    names = tuple(sorted(row.get("aliases", ())))
    lines = tuple(row.get("lines", [row["line"]] if "line" in row else []))
    level = Level(row["level"]) if "level" in row else LEVEL_OF[place.level]
    return Unit(f"unit:{row['id']}", row["label"], Kind(row["kind"]), place.id, level, lines, names, "register")

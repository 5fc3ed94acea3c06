"""Units that are known by name: the package's registers and those of a user."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kg.errors import TableError
from kg.model import Division, Kind, Unit
from kg.naming.divisions import division_on, divisions, holds
from kg.resources import package_file, read_toml, rows_of


@dataclass(frozen=True, slots=True)
class Register:
    """The units of one place on one day, by every name they go by."""

    division: Division
    by_name: Mapping[str, Unit]


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
    rows = [(path, row) for path in (*extra, *register_files()) for row in _rows(path, division.code)]
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
    return Register(division, found)


def _rows(path: Path, code: str) -> list[dict[str, Any]]:
    content = read_register(path)
    return content["unit"] if content["division"] == code else []


def read_register(path: Path) -> dict[str, Any]:
    """The content of a register file.

    Raises:
        SourceMissingError, TableError: there is no such file, or it has no division and units.
    """
    fields = {"id": str, "label": str, "kind": str}
    rows = rows_of(path, "unit", fields, {"line": str, "aliases": list, "division": str}, ("division", "name", "first"))
    content = read_toml(path)
    if not re.fullmatch("[1-9][0-9]{5}", str(content.get("division", ""))):
        raise TableError(path, "division")
    for row in rows:
        if not re.fullmatch(r"[A-Za-z0-9-]+", row["id"]):
            raise TableError(path, f"[[unit]] id: {row['id']}")
        if row["kind"] not in set(Kind):
            raise TableError(path, f"[[unit]] kind: {row['kind']} ∉ {', '.join(Kind)}")
    return content


def declared_place(path: Path) -> Division | None:
    """The division that a register of the user declares with ``name`` (and ``first``), for places the table lacks.

    Raises:
        TableError: the place is in no table and the register does not name it.
    """
    content = read_register(path)
    code, name = str(content["division"]), content.get("name")
    if name is None:
        if all(division.code != code for division in divisions()):
            raise TableError(path, f"division {code}: name = ?")
        return None
    first = content.get("first", 1949)
    day = first if isinstance(first, date) else date(int(first), 1, 1)
    return Division(f"division:{code}-{day.year}", code, str(name), "prefecture", None, day)


def _unit(row: dict[str, Any], division: Division, day: date) -> Unit | None:
    place = division if "division" not in row else division_on(row["division"], day)
    if place is None or not holds(place, day):
        return None
    names = tuple(sorted(row.get("aliases", ())))
    return Unit(f"unit:{row['id']}", row["label"], Kind(row["kind"]), place.id, row.get("line"), names, "register")


def name_key(name: str) -> str:
    """What two spellings of one name have in common: width and blanks do not count.

    >>> name_key("市发 改委（市数据局）")
    '市发改委(市数据局)'
    """
    return "".join(unicodedata.normalize("NFKC", name).split())

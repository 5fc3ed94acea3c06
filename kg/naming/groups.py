"""Collective references → groups: whom they stand for, on the day of the notice, and whether anybody can say."""

from __future__ import annotations

import hashlib
from datetime import date

from kg.model import Closure, Division, Group, Kind, Unit
from kg.naming.divisions import counties_of, members_since
from kg.naming.register import Register, name_key
from kg.resources import table

_SLUGS = {
    "allCounties": "counties",
    "allDepartments": "departments",
    "departmentsConcerned": "departments-concerned",
    "bodyMembers": "members",
    "places": "places",
    "bodies": "bodies",
}


def group_of(printed: str, kind: str, place: Division | None, day: date, register: Register | None, scope: str) -> Group:
    """The group that a collective reference stands for.

    Args:
        printed: the reference as printed; ``kind`` is that of its row in the lexicon.
        place: the notice's division; ``scope`` stands for it in the id where it is unknown.
        day: the day of the notice, on which members are looked up.

    Returns:
        A group; one that could be listed but whose members are not known here is external, never guessed.
    """
    where = place.code if place else scope
    if kind == "allCounties" and place is not None and register is not None:
        members = _county_governments(place, day, register)
        if members:
            since = members_since(place.code, day)
            stamp = since.isoformat() if (since.month, since.day) != (1, 1) else str(since.year)
            return Group(
                f"group:{where}-counties-{stamp}", printed, kind, Closure.LISTED, place.id, tuple(sorted(unit.id for unit in members))
            )
    digest = hashlib.sha256(name_key(printed).encode("utf-8")).hexdigest()[:4]
    closure = closure_of(kind)
    known = closure if closure is not Closure.LISTED else Closure.EXTERNAL
    return Group(f"group:{where}-{_SLUGS[kind]}-{digest}", printed, kind, known, place.id if place else None)


def _county_governments(place: Division, day: date, register: Register) -> list[Unit]:
    counties = {county.id for county in counties_of(place.code, day)}
    found = {unit.id: unit for unit in register.by_name.values() if unit.kind is Kind.TERRITORY and unit.jurisdiction in counties}
    return list(found.values()) if len(found) == len(counties) else []


def closure_of(kind: str) -> Closure:
    """The closure that the lexicon gives a kind of group."""
    return next(Closure(row["closure"]) for row in table("lexicon/collectives.toml")["group"] if row["kind"] == kind)

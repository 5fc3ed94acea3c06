"""The identity of a name that no register knows, by rule: its kind, its line of work, and an id that never changes."""

from __future__ import annotations

import hashlib
import re

from kg.model import Division, Kind, Unit
from kg.naming.divisions import divisions
from kg.naming.register import name_key
from kg.resources import per_lexicon, table


def unit_by_rule(name: str, place: Division | None, scope: str) -> Unit:
    """The unit that a printed name stands for where no register knows it.

    Args:
        name: the completed name.
        place: the notice's division; ``scope`` stands for it in the id where it is unknown, so that equal names of
            two unknown places are never one unit.

    Returns:
        A unit whose id is made of jurisdiction, line of work and four characters of a hash of the name, or of
        jurisdiction and eight characters where no line is found.
    """
    line = line_of(name)
    digest = hashlib.sha256(name_key(name).encode("utf-8")).hexdigest()
    where = place.code if place else scope
    local = f"{where}-{line}-{digest[:4]}" if line else f"{where}-{digest[:8]}"
    return Unit(f"unit:{local}", name, kind_of(name), place.id if place else None, line, (), "line" if line else "name")


def kind_of(name: str) -> Kind:
    """What sort of body a name is by its wording.

    >>> [kind_of(name).value for name in ("市委政法委", "市应急管理局", "长江大学", "沙市区政府", "荆州开发区管委会")]
    ['partyOrgan', 'department', 'university', 'territory', 'zone']
    """
    return next((kind for kind, _, pattern in _kinds() if pattern.fullmatch(name_key(name))), Kind.OTHER)


@per_lexicon
def _kinds() -> tuple[tuple[Kind, str | None, re.Pattern[str]], ...]:
    return tuple((Kind(row["kind"]), row.get("line"), re.compile(row["pattern"])) for row in table("lexicon/kinds.toml")["kind"])


def line_of(name: str) -> str | None:
    """The line of work that the core of a name names: without place, level and ending.

    >>> line_of("市发展和改革委员会"), line_of("荆州市住建局"), line_of("荆旅集团")
    ('development-reform', 'housing-construction', None)
    """
    forms, key = _forms(), name_key(name)
    found = next((forms[core] for core in _cores(key) if core in forms), None)
    return found or next((line for _, line, pattern in _kinds() if pattern.fullmatch(key)), None)


@per_lexicon
def _forms() -> dict[str, str]:
    return {form: row["id"] for row in table("lexicon/lines.toml")["line"] for form in row["forms"]}


def _cores(name: str) -> list[str]:
    # From the whole name to its barest core, so that the longest form wins.
    kinds = table("lexicon/kinds.toml")
    starts = ["", *sorted({d.name for d in divisions()}, key=len, reverse=True), *kinds["levels"]["words"]]
    bare = [name.removeprefix(start) for start in starts if name.startswith(start) and name != start]
    return [core.removesuffix(end) for core in bare for end in ("", *kinds["endings"]["words"]) if core.endswith(end) and core != end]

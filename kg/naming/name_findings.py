"""What is odd about the names of a notice: spellings that vary, names that nobody knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from kg.folding import marks
from kg.model import Assignment, Division, Finding, Kind, Severity, Task, Unit
from kg.naming.divisions import below
from kg.naming.near import is_short_for, is_typo
from kg.naming.reforms import successors_of
from kg.naming.register import Register
from kg.naming.wording import Setting, name_key, wording_of


def name_findings(
    tasks: Sequence[Task], units: Mapping[str, Unit], register: Register | None, place: Division | None, day: date | None = None
) -> Iterator[Finding]:
    """The findings about names, task by task.

    Args:
        tasks: the tasks of a notice.
        units: the unit of each printed name.
        register: the register of the notice's place, None where there is none.
        place: the notice's place.
        day: when the notice was issued, or in its plan year; None where it says neither.
    """
    uses = Counter(a.name for task in tasks for a in task.assignments if not a.collective)
    usual: dict[str, str] = {}
    for name, unit in units.items():
        known = usual.get(unit.id, name)
        usual[unit.id] = max(known, name, key=lambda one: (uses[one], one))
    ended = {name: end for name, unit in units.items() if (end := _end_of(name, unit, place, day))}
    for task in tasks:
        for a in task.assignments:
            if a.name in ended and not a.collective:
                yield _gone(task, a, *ended[a.name])
            elif not a.collective:
                yield from _about_name(task, a, units[a.name], usual, register, place, day)


def _gone(task: Task, a: Assignment, year: int, heirs: Sequence[str]) -> Finding:
    values = (("name", a.name), ("year", str(year)), ("heirs", marks("enumeration").join(heirs)))
    return Finding("unit-abolished", Severity.WARNING, a.span, task.i, values)


def _about_name(
    task: Task, a: Assignment, unit: Unit, usual: Mapping[str, str], register: Register | None, place: Division | None, day: date | None
) -> Iterator[Finding]:
    if usual[unit.id] != a.name:
        yield Finding("alias-varies", Severity.INFO, a.span, task.i, (("name", a.name), ("usual", usual[unit.id])))
    if near := _misspelt_place(a, unit, place, day):
        yield Finding("unknown-unit-near", Severity.WARNING, a.span, task.i, (("name", a.name), ("near", near)))
        return
    missing = register is not None and unit.rule in {"line", "name"} and (place is None or unit.jurisdiction == place.id)
    if missing or unit.kind is Kind.OTHER:
        shortest = _SHORTEST_UNKNOWN if unit.kind is Kind.OTHER else _SHORTEST_KNOWN
        near = _nearest(name_key(a.name), register, shortest)
        yield Finding("unknown-unit-near" if near else "unknown-unit", Severity.WARNING, a.span, task.i, (("name", a.name), ("near", near)))


def _end_of(name: str, unit: Unit, place: Division | None, day: date | None) -> tuple[int, tuple[str, ...]] | None:
    # What became of a body that a reform of the whole country has ended.
    if day is None or unit.kind not in {Kind.DEPARTMENT, Kind.PARTY_ORGAN, Kind.CENTRAL_AGENCY}:
        return None
    return successors_of(wording_of(name, Setting(place, day, "")).core, unit.level, day)


def _misspelt_place(a: Assignment, unit: Unit, place: Division | None, day: date | None) -> str:
    # 荆洲区政府 in a notice of 荆州市: the government of a place that is none, one character off one that is there.
    if place is None or day is None or unit.kind is not Kind.TERRITORY or unit.rule != "name":
        return ""
    names = (known.name + a.name[len(known.name) :] for known in below(place.code, day))
    return next((name for name in names if is_typo(a.name, name, shortest=_SHORTEST_UNKNOWN)), "")


_SHORTEST_KNOWN, _SHORTEST_UNKNOWN = 6, 4
"""Characters from which on a name is compared for a slip of the pen: 市水务局 and 市税务局 are two bodies, 市经信据 is none."""


def _nearest(key: str, register: Register | None, shortest: int) -> str:
    """A name of the register that a name may be short or mistyped for; empty where there is none."""
    known = register.by_name if register else {}
    fits = [name for name in known if is_typo(key, name, shortest=shortest) or is_short_for(key, name) or is_short_for(name, key)]
    return min(fits, key=lambda name: (abs(len(name) - len(key)), name), default="")

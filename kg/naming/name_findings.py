"""What is odd about the names of a notice: spellings that vary, names that nobody knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from kg.model import Assignment, Division, Finding, Kind, Severity, Task, Unit
from kg.naming.near import is_short_for, is_typo
from kg.naming.register import Register
from kg.naming.wording import name_key


def name_findings(tasks: Sequence[Task], units: Mapping[str, Unit], register: Register | None, place: Division | None) -> Iterator[Finding]:
    """The findings about names, task by task.

    Args:
        tasks: the tasks of a notice.
        units: the unit of each printed name.
        register: the register of the notice's place, None where there is none.
        place: the notice's place.
    """
    uses = Counter(a.name for task in tasks for a in task.assignments if not a.collective)
    usual: dict[str, str] = {}
    for name, unit in units.items():
        known = usual.get(unit.id, name)
        usual[unit.id] = max(known, name, key=lambda one: (uses[one], one))
    for task in tasks:
        for a in task.assignments:
            if not a.collective:
                yield from _about_name(task, a, units[a.name], usual, register, place)


def _about_name(
    task: Task, a: Assignment, unit: Unit, usual: Mapping[str, str], register: Register | None, place: Division | None
) -> Iterator[Finding]:
    if usual[unit.id] != a.name:
        yield Finding("alias-varies", Severity.INFO, a.span, task.i, (("name", a.name), ("usual", usual[unit.id])))
    missing = register is not None and unit.rule in {"line", "name"} and (place is None or unit.jurisdiction == place.id)
    if missing or unit.kind is Kind.OTHER:
        near = _nearest(name_key(a.name), register)
        yield Finding("unknown-unit-near" if near else "unknown-unit", Severity.WARNING, a.span, task.i, (("name", a.name), ("near", near)))


def _nearest(key: str, register: Register | None) -> str:
    """A name of the register that a name may be short or mistyped for; empty where there is none."""
    known = register.by_name if register else {}
    fits = [name for name in known if is_typo(key, name) or is_short_for(key, name) or is_short_for(name, key)]
    return min(fits, key=lambda name: (abs(len(name) - len(key)), name), default="")

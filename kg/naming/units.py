"""A notice as read → the same notice with its units: printed name → identity, or an honest "unknown"."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from kg.model import Assignment, Division, Finding, Group, Kind, Notice, Severity, Task, Unit
from kg.naming.decisions import Decision, kept_apart, preferred_names, read_decisions
from kg.naming.divisions import division_on, divisions, place_of
from kg.naming.groups import group_of
from kg.naming.identity import unit_by_rule
from kg.naming.register import Register, declared_place, load_register, name_key


@dataclass(frozen=True, slots=True)
class Names:
    """What names are resolved with: the files a user adds to the package's own knowledge."""

    registers: tuple[Path, ...] = ()
    places: tuple[Division, ...] = ()
    """Divisions that the registers declare."""
    decisions: tuple[Decision, ...] = ()


def load_names(registers: Sequence[Path] = (), decisions: Sequence[Path] = ()) -> Names:
    """The register and decision files of a user, checked.

    Raises:
        SourceMissingError, TableError: a file is missing or does not fit.
    """
    places = tuple(place for path in registers if (place := declared_place(path)) is not None)
    return Names(tuple(registers), places, read_decisions(decisions))


def name_units(notice: Notice, names: Names = Names()) -> Notice:
    """The notice with an identity on every assignment, its units, groups and divisions, and what was odd about names.

    A name resolves in the notice's jurisdiction on the notice's date: by decision, by register, else by rule.
    """
    day = notice.date or date(notice.plan_year or date.max.year, 1, 1)
    issuer = notice.issuer or notice.title or ""
    place = next((place for place in names.places if issuer.startswith(place.name)), None) or place_of(issuer, day)
    register = load_register(place, day, names.registers) if place else None
    scope = f"n{notice.sha256[:8]}"
    resolved = _resolve(notice, place, register, names.decisions, scope)
    groups = {
        a.printed: group_of(a.printed, a.group_kind, place, day, register, scope)
        for task in notice.tasks
        for a in task.assignments
        if a.group_kind
    }
    tasks = tuple(_named(task, resolved, groups) for task in notice.tasks)
    units = _all_units(resolved, groups, register)
    return replace(
        notice,
        id=_with_code(notice, place),
        jurisdiction=place,
        tasks=tasks,
        units=units,
        groups=tuple(sorted({group.id: group for group in groups.values()}.values(), key=lambda group: group.id)),
        divisions=_divisions(place, units, names.places, day),
        findings=_in_order((*notice.findings, *_name_findings(tasks, resolved, register))),
    )


def _with_code(notice: Notice, place: Division | None) -> str:
    # A place that is known makes the id; the hash stays only where the number is missing.
    if place is None:
        return notice.id
    local = notice.id.removesuffix(f"-{notice.sha256[:8]}") if notice.number else notice.id
    return f"{place.code}-{local}"


def _resolve(
    notice: Notice, place: Division | None, register: Register | None, decisions: Sequence[Decision], scope: str
) -> Mapping[str, Unit]:
    code = place.code if place else None
    preferred, apart = preferred_names(decisions, code), kept_apart(decisions, code)
    found: dict[str, Unit] = {}
    for name in sorted({a.name for task in notice.tasks for a in task.assignments if not a.collective}):
        meant = preferred.get(name_key(name), name)
        unit = _registered(meant, place, register, apart) or unit_by_rule(meant, place, scope)
        found[name] = unit if meant == name else replace(unit, rule="decision")
    return found


def _registered(name: str, place: Division | None, register: Register | None, apart: frozenset[frozenset[str]]) -> Unit | None:
    if register is None or place is None:
        return None
    key = name_key(name)
    # 荆州市发改委 is 市发改委 to its own city.
    short = place.name[-1] + key.removeprefix(place.name) if key.startswith(place.name) else key
    unit = register.by_name.get(key) or register.by_name.get(short)
    if unit and any(frozenset((key, name_key(other))) in apart for other in (unit.label, *unit.aliases)):
        return None
    return unit


def _named(task: Task, units: Mapping[str, Unit], groups: Mapping[str, Group]) -> Task:
    return replace(
        task,
        assignments=tuple(replace(a, unit=groups[a.printed].id if a.group_kind else units[a.name].id) for a in task.assignments),
    )


def _all_units(resolved: Mapping[str, Unit], groups: Mapping[str, Group], register: Register | None) -> tuple[Unit, ...]:
    named: dict[str, Unit] = {}
    for name, unit in sorted(resolved.items()):
        known = named.get(unit.id, unit)
        aliases = set(known.aliases) | set(unit.aliases) | {name}
        named[unit.id] = replace(known, aliases=tuple(sorted(aliases - {known.label})))
    members = {member for group in groups.values() for member in group.members} - named.keys()
    named |= {unit.id: unit for unit in (register.by_name.values() if register else ()) if unit.id in members}
    return tuple(named[key] for key in sorted(named))


def _divisions(place: Division | None, units: Sequence[Unit], places: Sequence[Division], day: date) -> tuple[Division, ...]:
    wanted = {unit.jurisdiction for unit in units} | {place.id if place else None}
    parents = {division.parent for division in divisions() if division.id in wanted and division.parent}
    above = {found.id for code in parents if (found := division_on(code, day))}
    return tuple(division for division in (*divisions(), *places) if division.id in wanted | above)


def _name_findings(tasks: Sequence[Task], units: Mapping[str, Unit], register: Register | None) -> Iterator[Finding]:
    uses = Counter(a.name for task in tasks for a in task.assignments if not a.collective)
    usual: dict[str, str] = {}
    for name, unit in units.items():
        known = usual.get(unit.id, name)
        usual[unit.id] = max(known, name, key=lambda one: (uses[one], one))
    for task in tasks:
        for a in task.assignments:
            if not a.collective:
                yield from _about_name(task, a, units[a.name], usual, register)


def _about_name(task: Task, a: Assignment, unit: Unit, usual: Mapping[str, str], register: Register | None) -> Iterator[Finding]:
    if usual[unit.id] != a.name:
        yield Finding("alias-varies", Severity.INFO, a.span, task.i, (("name", a.name), ("usual", usual[unit.id])))
    if (register is not None and unit.rule in {"line", "name"}) or unit.kind is Kind.OTHER:
        near = difflib.get_close_matches(name_key(a.name), register.by_name if register else (), 1, 0.6)
        code = "unknown-unit-near" if near else "unknown-unit"
        yield Finding(code, Severity.WARNING, a.span, task.i, (("name", a.name), ("near", near[0] if near else "")))


def _in_order(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: (finding.span, finding.code)))

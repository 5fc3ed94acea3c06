"""A notice as read → the same notice with its units: printed name → identity, or an honest "unknown"."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from sys import intern

from kg.model import Division, Finding, Group, Notice, Severity, Span, Task, Unit
from kg.naming.decisions import Decisions, kept_apart, preferred_names, read_decisions, shown_names
from kg.naming.divisions import above, division_by_id
from kg.naming.groups import group_of
from kg.naming.identity import Reading, government_of, read_name
from kg.naming.name_findings import name_findings
from kg.naming.placing import day_of, place_of_notice
from kg.naming.register import Register, declared_place, load_register
from kg.naming.wording import Setting, name_key


@dataclass(frozen=True, slots=True)
class Names:
    """What names are resolved with: the files a user adds to the package's own knowledge."""

    registers: tuple[Path, ...] = ()
    places: tuple[Division, ...] = ()
    """Divisions that the registers declare."""
    decisions: Decisions = Decisions()


def load_names(registers: Sequence[Path] = (), decisions: Sequence[Path] = ()) -> Names:
    """The register and decision files of a user, checked.

    Raises:
        SourceMissingError, TableError, DecisionsError: a file is missing or does not fit.
    """
    places = tuple(place for path in registers if (place := declared_place(path)) is not None)
    return Names(tuple(registers), places, read_decisions(decisions, tuple(place.code for place in places)))


def name_units(notice: Notice, names: Names = Names()) -> Notice:
    """The notice with an identity on every assignment, its units, groups and divisions, and what was odd about names.

    A name resolves in the notice's jurisdiction on the notice's date: by decision, by register, else by rule. What is made of a
    name depends on nothing else in the notice or its folder, so that notices can be read apart and their graphs put together.
    """
    setting = setting_of(notice, names)
    resolved = {name: resolve(name, setting, names) for name in sorted(_printed_names(notice))}
    groups, members = _groups(notice, setting, names)
    tasks = tuple(_named(task, resolved, groups) for task in notice.tasks)
    units = _all_units(resolved, members)
    register = register_of(setting.place, setting.day, names)
    found = (
        *notice.findings,
        *name_findings(tasks, resolved, register, setting.place, setting.day if notice.date or notice.plan_year else None),
        *_unplaced(notice, setting.place),
    )
    return replace(
        notice,
        id=_with_code(notice, setting.place),
        jurisdiction=setting.place,
        tasks=tasks,
        units=units,
        groups=tuple(sorted({group.id: group for group in groups.values()}.values(), key=lambda group: group.id)),
        divisions=_divisions(setting, units, names.places),
        findings=tuple(sorted(found, key=lambda finding: (finding.span, finding.code))),
    )


def setting_of(notice: Notice, names: Names = Names()) -> Setting:
    """Where and when the names of a notice are printed."""
    return Setting(place_of_notice(notice, names.places), day_of(notice), f"n{notice.sha256[:8]}")


def register_of(place: Division | None, day: date, names: Names) -> Register | None:
    """The register of a place on a day, the user's before the package's."""
    return load_register(place, day, names.registers) if place else None


def resolve(name: str, setting: Setting, names: Names = Names()) -> Unit:
    """The unit that a printed name stands for, by decision, register or rule; ``rule`` of the unit says which."""
    reading = read_name(name, setting)
    places = [place for place in (setting.place, reading.standing.place) if place is not None]
    for place in places:
        preferred = preferred_names(names.decisions, place.code, setting.day)
        mains = {name_key(main): main for main in preferred.values()}
        meant = preferred.get(name_key(name)) or mains.get(name_key(name))
        if meant is not None:
            return replace(_shown(_known(meant, read_name(meant, setting), setting, names), places, setting, names), rule="decision")
    unit = _known(name, reading, setting, names)
    for place in places:
        before = kept_apart(names.decisions, place.code, setting.day).get(name_key(name), ())
        if any(_known(other, read_name(other, setting), setting, names).id == unit.id for other in before):
            return _by_name_alone(name, reading, setting)
    return _shown(unit, places, setting, names)


def _known(name: str, reading: Reading, setting: Setting, names: Names) -> Unit:
    own = register_of(setting.place, setting.day, names)
    if own and (unit := own.by_name.get(name_key(name))):
        return unit
    other = register_of(reading.standing.place, setting.day, names)
    return (other.by_rule.get(reading.unit.id) if other else None) or reading.unit


def _shown(unit: Unit, places: Sequence[Division], setting: Setting, names: Names) -> Unit:
    # A body that was renamed goes by its newest name, and is what that name says; the older ones stay as aliases.
    for place in places:
        newest = _newest(place, setting, names).get(unit.id)
        if newest is not None:
            other = _known(newest, read_name(newest, setting), setting, names)
            aliases = tuple(sorted({*unit.aliases, unit.label} - {newest}))
            return replace(other, id=unit.id, label=newest, aliases=aliases, rule="decision")
    return unit


@lru_cache(maxsize=1 << 10)
def _newest(place: Division, setting: Setting, names: Names) -> Mapping[str, str]:
    # Of each body of a place that was renamed the newest name, by the id of the first one.
    shown = shown_names(names.decisions, place.code)
    return {_known(first, read_name(first, setting), setting, names).id: newest for first, newest in shown.items()}


def _by_name_alone(name: str, reading: Reading, setting: Setting) -> Unit:
    # What people keep apart gets an id of its spelling alone.
    place = reading.standing.place or setting.place
    digest = hashlib.sha256(name_key(name).encode("utf-8")).hexdigest()[:8]
    return replace(reading.unit, id=f"unit:{place.code if place else setting.scope}-{digest}", label=name_key(name), rule="decision")


def _printed_names(notice: Notice) -> set[str]:
    return {a.name for task in notice.tasks for a in task.assignments if not a.collective}


def _groups(notice: Notice, setting: Setting, names: Names) -> tuple[Mapping[str, Group], Mapping[str, Unit]]:
    printed = {a.printed: a.group_kind for task in notice.tasks for a in task.assignments if a.group_kind}
    made = {text: group_of(text, kind, setting, lambda place: _government(place, setting, names)) for text, kind in printed.items()}
    return {text: group for text, (group, _) in made.items()}, {unit.id: unit for _, members in made.values() for unit in members}


def _government(place: Division, setting: Setting, names: Names) -> Unit:
    unit = government_of(place)
    register = register_of(setting.place, setting.day, names)
    known = register.by_name.get(name_key(unit.label)) if register else None
    return known or unit


def _unplaced(notice: Notice, place: Division | None) -> Iterable[Finding]:
    if place is None and notice.tasks:
        yield Finding("issuer-unplaced", Severity.WARNING, Span(0, 0), None, (("issuer", notice.issuer or notice.title or ""),))


def _with_code(notice: Notice, place: Division | None) -> str:
    # A place that is known makes the id; the hash stays only where the number is missing.
    if place is None:
        return notice.id
    local = notice.id.removesuffix(f"-{notice.sha256[:8]}") if notice.number else notice.id
    return f"{place.code}-{local}"


def _named(task: Task, units: Mapping[str, Unit], groups: Mapping[str, Group]) -> Task:
    # Names and positions are one object each in all the notices of a run: a thousand of them stay small.
    assignments = tuple(
        replace(
            a,
            span=_kept(a.span),
            printed=intern(a.printed),
            name=intern(a.name),
            unit=intern(groups[a.printed].id if a.group_kind else units[a.name].id),
        )
        for a in task.assignments
    )
    clause = replace(task.clause, span=_kept(task.clause.span)) if task.clause else None
    targets = tuple(replace(target, span=_kept(target.span), unit=intern(target.unit)) for target in task.targets)
    number = intern(task.number) if task.number else task.number
    return replace(task, number=number, span=_kept(task.span), clause=clause, assignments=assignments, targets=targets)


def _kept(span: Span) -> Span:
    positions = _positions()
    return Span(positions[span.start], positions[span.end]) if span.end < len(positions) else span


@cache
def _positions() -> tuple[int, ...]:
    return tuple(range(1 << 16))


def _all_units(resolved: Mapping[str, Unit], members: Mapping[str, Unit]) -> tuple[Unit, ...]:
    named: dict[str, Unit] = {}
    for name, unit in sorted(resolved.items()):
        known = named.get(unit.id, unit)
        aliases = set(known.aliases) | set(unit.aliases) | {name}
        named[unit.id] = replace(known, label=intern(known.label), aliases=tuple(map(intern, sorted(aliases - {known.label}))))
    named |= {key: unit for key, unit in members.items() if key not in named}
    return tuple(named[key] for key in sorted(named))


def _divisions(setting: Setting, units: Sequence[Unit], places: Sequence[Division]) -> tuple[Division, ...]:
    own = {place.id: place for place in places}
    wanted = {unit.jurisdiction or "" for unit in units} | ({setting.place.id} if setting.place else set())
    found = {one: division for one in wanted if (division := own.get(one) or division_by_id(one))}
    for division in list(found.values()):
        found |= {upper.id: upper for upper in above(division, setting.day) if upper.level != "nation"}
    return tuple(found[key] for key in sorted(found))

"""Units of two sides put together: which one goes on, under the same or another id, which came and which is gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from kg.analysis.load import Load, measure_load
from kg.model import TERRITORIAL, Change, Ties, UnitRow


class BodyState(StrEnum):
    """What became of a body between two sides."""

    KEPT = "kept"
    CONTINUED = "continued"
    GAINED = "gained"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Body:
    """One body over time: the units that stand for it on each side. Every unit of a side is in exactly one body."""

    id: str
    """Id of a unit: the first of the new ones, else of the old ones."""
    state: BodyState
    """``continued`` where a change makes other units of the old ones, or where a rename falls between the two sides."""
    old: tuple[str, ...]
    new: tuple[str, ...]
    changes: tuple[Change, ...] = ()
    """The changes by which it is one body; empty where its units keep their id."""


@dataclass(frozen=True, slots=True)
class NearBodies:
    """A lost and a gained unit of one kind, place and line of work without a known change: to be decided, never merged."""

    lost: str
    gained: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What a unit, a line of work or a kind carries on one side; rates are per task of that side, 0.0 where it has none."""

    led: int
    """M1: tasks led."""
    shared: int
    """M2: tasks shared."""
    relations: int
    """M3: coordination relations."""
    relations_without_territories: int | None
    """M3d; None for territories and zones."""
    led_rate: float
    """Share of the side's tasks that are led, 0–1."""
    shared_rate: float
    relations_rate: float
    """Coordination relations for each task of the side."""


@dataclass(frozen=True, slots=True)
class BodyLoad:
    """The load of one body before and after; ``difference`` is after − before."""

    body: str
    before: Figures
    after: Figures
    difference: Figures


def part_of(ties: Ties, notices: Collection[str]) -> Ties:
    """The ties of some notices only; units and groups stay, as rows that nothing points at weigh nothing."""
    return replace(
        ties,
        notices=tuple(row for row in ties.notices if row.id in notices),
        sections=tuple(row for row in ties.sections if row.notice in notices),
        tasks=tuple(row for row in ties.tasks if row.notice in notices),
        ties=tuple(row for row in ties.ties if row.notice in notices),
        references=tuple(row for row in ties.references if row.notice in notices),
        findings=tuple(row for row in ties.findings if row.notice in notices),
    )


def printed_units(ties: Ties) -> set[str]:
    """The units that some task prints by name."""
    return {tie.unit for tie in ties.ties if not tie.through}


def bodies_of(old: Ties, new: Ties) -> list[Body]:
    """The bodies of two sides of one place, by id.

    A unit with the same id on both sides is one body. Units of different id are one body where a change, or a chain of
    changes, leads from the one to the other and one of them stands on one side only; a merger or a split makes one body of
    all that take part in it. A change that leads from no unit of one side to a unit of the other makes nothing one.
    """
    before, after = printed_units(old), printed_units(new)
    years = [notice.year for side in (old, new) for notice in side.notices if notice.year is not None]
    known = [change for change in old.changes if set(change.originals) != set(change.results)]
    renames = [change for change in old.changes if set(change.originals) == set(change.results) and _between(change, years)]
    found: list[Body] = []
    for ids in _joined(known, before, after):
        was, now = tuple(sorted(ids & before)), tuple(sorted(ids & after))
        named = [change for change in renames if ids & set(change.results)]
        through = tuple(sorted([*_passed(known, was, now), *named], key=lambda change: (change.day, change.id)))
        if was and now:
            state = BodyState.CONTINUED if through else BodyState.KEPT
            found.append(Body(now[0], state, was, now, through))
        else:
            found.append(Body((was or now)[0], BodyState.LOST if was else BodyState.GAINED, was, now))
    return sorted(found, key=lambda body: body.id)


def _between(change: Change, years: Sequence[int]) -> bool:
    year = change.day[:4]
    return bool(years) and year.isdigit() and min(years) <= int(year) <= max(years)


def _reached(changes: Sequence[Change], start: Iterable[str], *, backwards: bool = False) -> set[str]:
    """The units from which ``start`` came, or that came of it, through any number of changes; with ``start`` itself."""
    found = set(start)
    waiting = list(found)
    while waiting:
        unit = waiting.pop()
        for change in changes:
            here, there = (change.results, change.originals) if backwards else (change.originals, change.results)
            if unit in here:
                waiting += [other for other in there if other not in found]
                found.update(there)
    return found


def _joined(changes: Sequence[Change], before: set[str], after: set[str]) -> list[set[str]]:
    """The units of both sides, those together that changes make one body."""
    above = {unit: unit for unit in before | after}

    def top(unit: str) -> str:
        while above[unit] != unit:
            unit = above[unit]
        return unit

    touched = {unit for change in changes for unit in (*change.originals, *change.results)}
    for unit in sorted(before & touched):
        # The second direction is for sides given the later one first.
        for backwards in (False, True):
            for other in sorted(_reached(changes, [unit], backwards=backwards) & after - {unit}):
                if unit not in after or other not in before:
                    above[top(other)] = top(unit)
    parts: defaultdict[str, set[str]] = defaultdict(set)
    for unit in sorted(above):
        parts[top(unit)].add(unit)
    return list(parts.values())


def _passed(changes: Sequence[Change], was: tuple[str, ...], now: tuple[str, ...]) -> list[Change]:
    """The changes on the way from the units of one side to those of the other."""
    if was == now:
        return []
    passed: list[Change] = []
    for start, end in ((was, now), (now, was)):
        way = _reached(changes, start) & _reached(changes, end, backwards=True)
        passed += [change for change in changes if way & set(change.originals) and way & set(change.results) and change not in passed]
    return passed


def body_by_unit(bodies: Iterable[Body]) -> dict[str, Body]:
    """The body of each unit."""
    return {unit: body for body in bodies for unit in (*body.old, *body.new)}


def near_bodies(bodies: Iterable[Body], units: Mapping[str, UnitRow]) -> list[NearBodies]:
    """Lost and gained units that may be one body: same kind and place, and a line of work in common."""
    listed = list(bodies)
    gained = [units[body.id] for body in listed if body.state is BodyState.GAINED]
    found = []
    for gone in (units[body.id] for body in listed if body.state is BodyState.LOST):
        for came in gained:
            common = tuple(line for line in gone.lines if line in came.lines)
            if common and (gone.kind, gone.jurisdiction, gone.level) == (came.kind, came.jurisdiction, came.level):
                found.append(NearBodies(gone.id, came.id, common))
    return sorted(found, key=lambda near: (near.lost, near.gained))


def as_bodies(ties: Ties, bodies: Iterable[Body]) -> Ties:
    """The ties with the id of its body in place of each unit's, so that a merged body counts once in a task."""
    of = body_by_unit(bodies)
    return replace(ties, ties=tuple(replace(tie, unit=of[tie.unit].id) if tie.unit in of else tie for tie in ties.ties))


def body_loads(old: Ties, new: Ties, bodies: Sequence[Body]) -> list[BodyLoad]:
    """The load of every body before and after, each side measured alone, greatest change of relations first.

    Units that are one body count as one on both sides: a task that two of them held before their merger counts once.
    """
    sides = [_figures(as_bodies(side, bodies)) for side in (old, new)]
    kinds = {unit.id: unit.kind for unit in (*old.units, *new.units)}
    found = []
    for body in bodies:
        nothing = figures(0, 0, 0, None if kinds[body.id] in TERRITORIAL else 0, 0)
        before, after = (side.get(body.id, nothing) for side in sides)
        found.append(BodyLoad(body.id, before, after, difference(before, after)))
    return sorted(found, key=lambda load: (-abs(load.difference.relations), -load.after.relations, -load.before.relations, load.body))


def _figures(ties: Ties) -> dict[str, Figures]:
    bare = {load.unit: load.relations for load in measure_load(ties, territorial=False)}

    def made(load: Load) -> Figures:
        without = None if load.kind in TERRITORIAL else bare.get(load.unit, 0)
        return figures(load.led, load.shared, load.relations, without, len(ties.tasks))

    return {load.unit: made(load) for load in measure_load(ties)}


def figures(led: int, shared: int, relations: int, without: int | None, tasks: int) -> Figures:
    """The counts with their rates for each of so many tasks.

    >>> figures(3, 6, 12, 10, 12).led_rate
    0.25
    """
    each = tasks or 1
    return Figures(led, shared, relations, without, led / each, shared / each, relations / each)


def difference(before: Figures, after: Figures) -> Figures:
    """After less before, figure by figure.

    >>> difference(figures(3, 6, 12, 10, 12), figures(5, 6, 10, 9, 10)).relations
    -2
    """
    bare = before.relations_without_territories, after.relations_without_territories
    return Figures(
        after.led - before.led,
        after.shared - before.shared,
        after.relations - before.relations,
        None if bare[0] is None or bare[1] is None else bare[1] - bare[0],
        after.led_rate - before.led_rate,
        after.shared_rate - before.shared_rate,
        after.relations_rate - before.relations_rate,
    )

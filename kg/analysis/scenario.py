"""A change of responsibilities that is tried out: its steps, and the ties as they would be after them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from itertools import accumulate

from kg.analysis.load import TaskKey
from kg.model import Role, Tie, Ties, UnitRow

STRENGTH = {Role.COOPERATING: 0, Role.RESPONSIBLE: 1, Role.LEAD: 2}
"""Of two roles of one unit in one task the stronger one holds."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Units become one; what one of them has the new one has, and of two roles in one task it has the stronger."""

    units: tuple[str, ...]
    """Ids of those that are merged; ``into`` may be one of them."""
    into: UnitRow
    why: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    """A unit becomes two: what is printed of it in ``tasks`` goes to the second, all else to the first.

    A listed group that it was a member of stands for both.
    """

    unit: str
    first: UnitRow
    """May be the unit itself, which then stays under its name."""
    second: UnitRow
    tasks: tuple[TaskKey, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Dissolve:
    """A unit goes; its roles fall to the heir, or vanish where there is none."""

    unit: str
    heir: str | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class MoveLead:
    """The lead of a task goes from one unit to another, which gives its own role in the task in return, if it has one."""

    task: TaskKey
    giver: str
    taker: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class SetRole:
    """A unit of a task gets another role there."""

    task: TaskKey
    unit: str
    role: Role
    why: str = ""


@dataclass(frozen=True, slots=True)
class AddUnit:
    """A unit is printed in a task beside the others."""

    task: TaskKey
    unit: str
    role: Role = Role.RESPONSIBLE
    why: str = ""


@dataclass(frozen=True, slots=True)
class DropUnit:
    """A unit is struck out of a task; a listed group of the task that it belongs to still covers it."""

    task: TaskKey
    unit: str
    why: str = ""


Step = Merge | Split | Dissolve | MoveLead | SetRole | AddUnit | DropUnit
UNIT_STEPS = (Merge, Split, Dissolve)
"""The steps that change units; the others change one task each."""


def step_name(step: Step) -> str:
    """What a step is called in a scenario file.

    >>> step_name(Dissolve("unit:421000-a"))
    'dissolve'
    """
    return _NAMES[type(step)]


_NAMES: Mapping[type, str] = {
    Merge: "merge",
    Split: "split",
    Dissolve: "dissolve",
    MoveLead: "move",
    SetRole: "role",
    AddUnit: "add",
    DropUnit: "drop",
}


@dataclass(frozen=True, slots=True)
class Scenario:
    """Steps in the order in which they are taken, each on what the ones before it left."""

    title: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is printed in which role of each task, whom each listed group stands for, and which units there are."""

    units: Mapping[str, UnitRow]
    printed: Mapping[TaskKey, Mapping[str, Role]]
    """A unit that a task prints in two roles has the stronger one."""
    members: Mapping[str, tuple[str, ...]]


def roster_of(ties: Ties) -> Roster:
    """The roster of some ties. The members of a group are all units that some task reaches through it."""
    printed: dict[TaskKey, dict[str, Role]] = {(task.notice, task.i): {} for task in ties.tasks}
    members: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for tie in ties.ties:
        if tie.through:
            members[tie.through][tie.unit] = None
        else:
            posts = printed[tie.notice, tie.task]
            posts[tie.unit] = stronger(posts.get(tie.unit, tie.role), tie.role)
    return Roster({unit.id: unit for unit in ties.units}, printed, {group: tuple(units) for group, units in members.items()})


def stronger(one: Role, other: Role) -> Role:
    """The role that holds where a unit has two in one task.

    >>> stronger(Role.COOPERATING, Role.LEAD)
    <Role.LEAD: 'lead'>
    """
    return max(one, other, key=STRENGTH.__getitem__)


def apply(ties: Ties, scenario: Scenario) -> Ties:
    """The ties after all steps; units, groups and tasks that no step touches keep their rows and their order.

    A unit that a task prints is not reached through a group as well, and each member of a group is reached once, as in the
    ties of a notice. Findings and changes stay those of the text as printed.

    Args:
        ties: the ties of one or more notices.
        scenario: its steps must fit the ties, as ``read_scenario`` sees to.
    """
    return ties_with(ties, reduce(after_step, scenario.steps, roster_of(ties)))


def stages(ties: Ties, scenario: Scenario) -> list[Ties]:
    """The ties before the first step and after each."""
    rosters = list(accumulate(scenario.steps, after_step, initial=roster_of(ties)))
    return [ties, *(ties_with(ties, roster) for roster in rosters[1:])]


def after_step(roster: Roster, step: Step) -> Roster:
    """The roster after one step."""
    match step:
        case Merge(units=units, into=into):
            return _renamed(roster, dict.fromkeys(units, (into,)))
        case Dissolve(unit=unit, heir=heir):
            return _renamed(roster, {unit: (roster.units[heir],) if heir else ()})
        case Split():
            return _split(roster, step)
        case _:
            posts = _posts_after(roster.printed[step.task], step)
            return replace(roster, printed={**roster.printed, step.task: posts})


def _renamed(roster: Roster, heirs: Mapping[str, tuple[UnitRow, ...]]) -> Roster:
    """Each unit in favour of its heir, everywhere; without one it is gone."""

    def posts_after(posts: Mapping[str, Role]) -> Mapping[str, Role]:
        if not heirs.keys() & posts.keys():
            return posts
        found: dict[str, Role] = {}
        for unit, role in posts.items():
            for heir in _heirs(unit, heirs):
                found[heir] = stronger(found.get(heir, role), role)
        return found

    printed = {task: posts_after(posts) for task, posts in roster.printed.items()}
    members = {
        group: tuple(dict.fromkeys(heir for unit in units for heir in _heirs(unit, heirs))) for group, units in roster.members.items()
    }
    return Roster(_units_after(roster.units, heirs), printed, members)


def _heirs(unit: str, heirs: Mapping[str, tuple[UnitRow, ...]]) -> tuple[str, ...]:
    return tuple(row.id for row in heirs[unit]) if unit in heirs else (unit,)


def _units_after(units: Mapping[str, UnitRow], heirs: Mapping[str, Iterable[UnitRow]]) -> dict[str, UnitRow]:
    left = {unit: row for unit, row in units.items() if unit not in heirs}
    return left | {row.id: row for rows in heirs.values() for row in rows}


def _split(roster: Roster, step: Split) -> Roster:
    second = set(step.tasks)

    def posts_after(task: TaskKey, posts: Mapping[str, Role]) -> Mapping[str, Role]:
        heir = step.second.id if task in second else step.first.id
        return {heir if unit == step.unit else unit: role for unit, role in posts.items()} if step.unit in posts else posts

    printed = {task: posts_after(task, posts) for task, posts in roster.printed.items()}
    heirs = {step.unit: (step.first, step.second)}
    members = {
        group: tuple(dict.fromkeys(heir for unit in units for heir in _heirs(unit, heirs))) for group, units in roster.members.items()
    }
    return Roster(_units_after(roster.units, heirs), printed, members)


def _posts_after(posts: Mapping[str, Role], step: MoveLead | SetRole | AddUnit | DropUnit) -> dict[str, Role]:
    match step:
        case MoveLead(giver=giver, taker=taker):
            # In place, so that moving a lead there and back leaves what was printed.
            exchanged = {giver: taker, taker: giver}
            return {exchanged.get(unit, unit): role for unit, role in posts.items()}
        case SetRole(unit=unit, role=role):
            return {**posts, unit: role}
        case AddUnit(unit=unit, role=role):
            return {**posts, unit: role}
        case DropUnit(unit=unit):
            return {one: role for one, role in posts.items() if one != unit}


def ties_with(ties: Ties, roster: Roster) -> Ties:
    """The ties with another roster: tasks, groups, references and all else as they are."""
    before = roster_of(ties)
    if roster == before:
        return ties
    rows: defaultdict[TaskKey, list[Tie]] = defaultdict(list)
    covering: defaultdict[TaskKey, dict[tuple[str, Role], None]] = defaultdict(dict)
    for reference in ties.references:
        covering[reference.notice, reference.task][reference.group, reference.role] = None
    for tie in ties.ties:
        rows[tie.notice, tie.task].append(tie)
        if tie.through:
            covering[tie.notice, tie.task][tie.through, tie.role] = None
    found: list[Tie] = []
    for task, posts in roster.printed.items():
        opened = [
            Tie(*task, unit, role, group) for group, role in covering[task] for unit in roster.members.get(group, ()) if unit not in posts
        ]
        if posts == before.printed[task] and set(opened) == {tie for tie in rows[task] if tie.through}:
            found += rows[task]
        else:
            found += [*(Tie(*task, unit, role) for unit, role in posts.items()), *opened]
    return replace(ties, units=tuple(roster.units[unit] for unit in sorted(roster.units)), ties=tuple(found))


def units_of(step: Step) -> tuple[str, ...]:
    """The ids of all units that a step names, in its order."""
    match step:
        case Merge(units=units, into=into):
            named: tuple[str, ...] = (*units, into.id)
        case Split(unit=unit, first=first, second=second):
            named = (unit, first.id, second.id)
        case Dissolve(unit=unit, heir=heir):
            named = (unit, heir) if heir else (unit,)
        case MoveLead(giver=giver, taker=taker):
            named = (giver, taker)
        case SetRole(unit=unit) | AddUnit(unit=unit) | DropUnit(unit=unit):
            named = (unit,)
    return tuple(dict.fromkeys(named))

"""Two sides of notices compared: years of one place task by task and unit by unit, or two places by line of work and kind."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kg.analysis.compare_rates import ShareRow, by_kind, by_line, two_lined
from kg.analysis.compare_units import Body, BodyLoad, NearBodies, bodies_of, body_by_unit, body_loads, near_bodies, part_of, printed_units
from kg.analysis.load import TaskKey, Team, measure_load, teams
from kg.analysis.matching import Match, MatchKind, match_tasks
from kg.model import Closure, GroupRow, NoticeRow, Role, TaskRow, Ties, UnitRow


class LeadChange(StrEnum):
    """Whether another body leads a task."""

    NONE = "none"
    """No lead on either side, or the task stands on one side only."""
    SAME = "same"
    CONTINUED = "continued"
    """The same body, under another id or name: through a rename, merger, split or succession."""
    CHANGED = "changed"
    ADDED = "added"
    """A lead where there was none."""
    REMOVED = "removed"
    APART = "apart"
    """Sides of different places: leads are not compared."""


class DeadlineChange(StrEnum):
    """Whether the time limit of a task is another one, seen from the year of each side's plan."""

    NONE = "none"
    SAME = "same"
    EARLIER = "earlier"
    LATER = "later"
    ADDED = "added"
    REMOVED = "removed"
    OTHER = "other"
    """Printed otherwise, and no day can be told."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit: as printed, and its last day as ``2024-10-31``, empty where none can be told."""

    printed: str
    due: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two sides, as printed: groups are not opened."""

    notices: tuple[NoticeRow, ...]
    places: tuple[str, ...]
    """Names of the places whose governments issued the notices, empty where none is known."""
    years: tuple[int, ...]
    tasks: int
    with_lead: int
    units: int
    relations: int
    """Coordination relations between units, each counted once."""
    led_rate: float
    """Share of tasks with a lead, 0–1."""
    units_rate: float
    """Units for each task, as printed."""
    relations_rate: float


@dataclass(frozen=True, slots=True)
class RoleChange:
    """A body that holds a task on both sides in another role."""

    body: str
    before: Role
    after: Role


@dataclass(frozen=True, slots=True)
class TaskClaim:
    """What became of some tasks, and of who is responsible; in a split or merger the parts are taken together.

    ``gained``, ``lost`` and ``roles`` tell bodies apart, and are empty for tasks on one side only and for sides of different
    places. All names are ids of units as printed on their side.
    """

    kind: MatchKind
    old: tuple[TaskRow, ...]
    new: tuple[TaskRow, ...]
    score: float
    kept: float
    known: float
    method: str
    near: tuple[TaskKey, ...]
    lead: LeadChange
    leads_old: tuple[str, ...]
    leads_new: tuple[str, ...]
    units_old: tuple[str, ...]
    """All units printed, leads too."""
    units_new: tuple[str, ...]
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    roles: tuple[RoleChange, ...]
    groups_old: tuple[str, ...]
    """Ids of the collective references, as printed."""
    groups_new: tuple[str, ...]
    groups_gained: tuple[str, ...]
    groups_lost: tuple[str, ...]
    deadline: DeadlineChange
    deadlines_old: tuple[str, ...]
    """As printed."""
    deadlines_new: tuple[str, ...]

    @property
    def reassigned(self) -> bool:
        """Whether anything about who is responsible is another matter."""
        lead = self.lead in {LeadChange.CHANGED, LeadChange.ADDED, LeadChange.REMOVED}
        return bool(lead or self.gained or self.lost or self.roles or self.groups_gained or self.groups_lost)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides compared. Without ``aligned`` units are not put together: only lines of work and kinds are compared, by rates."""

    old: Side
    new: Side
    aligned: bool
    """Whether both sides are of one place, or no different ones are known and they print a unit in common."""
    claims: tuple[TaskClaim, ...]
    """By first old task, then new tasks."""
    bodies: tuple[Body, ...]
    """Empty where not aligned."""
    near: tuple[NearBodies, ...]
    loads: tuple[BodyLoad, ...]
    """Greatest change of relations first; empty where not aligned."""
    lines: tuple[ShareRow, ...]
    kinds: tuple[ShareRow, ...]
    two_lined: tuple[str, ...]
    """Units with several lines of work, which count in each."""
    units: tuple[UnitRow, ...]
    """The units printed on either side, by id."""
    groups: tuple[GroupRow, ...]
    elsewhere: tuple[str, ...] = ()
    """Places that only one side has notices of; those are left out where the sides share a place."""


def compare(ties: Ties, old: Collection[str], new: Collection[str], limits: Mapping[TaskKey, Limit] | None = None) -> Comparison:
    """Two sides of one set of ties compared.

    Args:
        ties: the ties of the notices of both sides, with what is known of changes of units.
        old: ids of the notices of one side.
        new: ids of the notices of the other; a notice may stand on both.
        limits: time limit of each task that has one, which the ties do not hold; None where they are not known.
    """
    before, after = part_of(ties, old), part_of(ties, new)
    aligned = _one_place(before, after)
    before, after, elsewhere = _in_shared_places(before, after) if aligned else (before, after, ())
    bodies = bodies_of(before, after) if aligned else []
    printed = printed_units(before) | printed_units(after)
    units = tuple(unit for unit in ties.units if unit.id in printed)
    mentioned = {reference.group for side in (before, after) for reference in side.references}
    return Comparison(
        old=_side(before),
        new=_side(after),
        aligned=aligned,
        claims=tuple(_claims(before, after, bodies if aligned else None, limits or {})),
        bodies=tuple(bodies),
        near=tuple(near_bodies(bodies, {unit.id: unit for unit in units})),
        loads=tuple(body_loads(before, after, bodies)),
        lines=tuple(by_line(before, after)),
        kinds=tuple(by_kind(before, after)),
        two_lined=two_lined(units),
        units=units,
        groups=tuple(group for group in ties.groups if group.id in mentioned),
        elsewhere=elsewhere,
    )


def _one_place(old: Ties, new: Ties) -> bool:
    places = [{part for notice in side.notices for part in (notice.jurisdiction, notice.place) if part} for side in (old, new)]
    if places[0] and places[1]:
        return bool(places[0] & places[1])
    moved = {unit for change in old.changes for unit in (*change.originals, *change.results)}
    before, after = printed_units(old), printed_units(new)
    return bool(before & after) or bool(before & moved and after & moved) or not before or not after


def _in_shared_places(old: Ties, new: Ties) -> tuple[Ties, Ties, tuple[str, ...]]:
    """Both sides without the notices of places that the other side has none of, and the names of those places."""
    codes = [{notice.jurisdiction for notice in side.notices if notice.jurisdiction} for side in (old, new)]
    shared = codes[0] & codes[1]
    if not shared or codes[0] == codes[1]:
        return old, new, ()
    alone = {notice.place for side in (old, new) for notice in side.notices if notice.jurisdiction not in {"", *shared}}
    kept = [{notice.id for notice in side.notices if notice.jurisdiction in {"", *shared}} for side in (old, new)]
    return part_of(old, kept[0]), part_of(new, kept[1]), tuple(sorted(alone))


def _side(ties: Ties) -> Side:
    printed = teams(ties)
    tasks, led = len(printed), sum(bool(team.leads) for team in printed.values())
    relations = sum(load.relations for load in measure_load(ties)) // 2
    each = tasks or 1
    return Side(
        notices=ties.notices,
        places=tuple(sorted({notice.place for notice in ties.notices if notice.place})),
        years=tuple(sorted({notice.year for notice in ties.notices if notice.year is not None})),
        tasks=tasks,
        with_lead=led,
        units=len(printed_units(ties)),
        relations=relations,
        led_rate=led / each,
        units_rate=sum(len(team.leads | team.others) for team in printed.values()) / each,
        relations_rate=relations / each,
    )


@dataclass(frozen=True, slots=True)
class _Held:
    """Who holds the tasks of one side."""

    tasks: Mapping[TaskKey, TaskRow]
    teams: Mapping[TaskKey, Team]
    roles: Mapping[TaskKey, Mapping[str, Role]]
    groups: Mapping[TaskKey, frozenset[GroupRow]]
    years: Mapping[str, int | None]


def _held(ties: Ties) -> _Held:
    roles: dict[TaskKey, dict[str, Role]] = {(task.notice, task.i): {} for task in ties.tasks}
    for tie in ties.ties:
        if not tie.through:
            held = roles[tie.notice, tie.task]
            held[tie.unit] = min(held.get(tie.unit, tie.role), tie.role, key=list(Role).index)
    known = {group.id: group for group in ties.groups}
    groups: dict[TaskKey, set[GroupRow]] = {key: set() for key in roles}
    for reference in ties.references:
        groups[reference.notice, reference.task].add(known[reference.group])
    return _Held(
        {(task.notice, task.i): task for task in ties.tasks},
        teams(ties),
        roles,
        {key: frozenset(held) for key, held in groups.items()},
        {notice.id: notice.year for notice in ties.notices},
    )


def _claims(old: Ties, new: Ties, bodies: list[Body] | None, limits: Mapping[TaskKey, Limit]) -> list[TaskClaim]:
    sides = _held(old), _held(new)
    of = None if bodies is None else body_by_unit(bodies)
    texts = [{key: task.text for key, task in side.tasks.items()} for side in sides]
    found = []
    for match in _matches(old, new, texts, apart=bodies is None):
        keys = match.old, match.new
        leads, units = ([_units(side.roles, held, role) for side, held in zip(sides, keys, strict=True)] for role in (Role.LEAD, None))
        groups = [{group for key in held for group in side.groups[key]} for side, held in zip(sides, keys, strict=True)]
        both = bool(match.old and match.new)
        gained, lost, roles = _moves(sides, keys, of) if both and of is not None else ((), (), ())
        dues = [[(limits[key], side.years[key[0]]) for key in held if key in limits] for side, held in zip(sides, keys, strict=True)]
        found.append(
            TaskClaim(
                kind=match.kind,
                old=tuple(sides[0].tasks[key] for key in match.old),
                new=tuple(sides[1].tasks[key] for key in match.new),
                score=match.score,
                kept=match.kept,
                known=match.known,
                method=match.method,
                near=match.near,
                lead=_lead(leads[0], leads[1], of) if both else LeadChange.NONE,
                leads_old=leads[0],
                leads_new=leads[1],
                units_old=units[0],
                units_new=units[1],
                gained=gained,
                lost=lost,
                roles=roles,
                groups_old=_ids(groups[0]),
                groups_new=_ids(groups[1]),
                groups_gained=_ids(_without(groups[1], groups[0])) if both else (),
                groups_lost=_ids(_without(groups[0], groups[1])) if both else (),
                deadline=_deadline(dues[0], dues[1]) if both else DeadlineChange.NONE,
                deadlines_old=tuple(dict.fromkeys(limit.printed for limit, _ in dues[0])),
                deadlines_new=tuple(dict.fromkeys(limit.printed for limit, _ in dues[1])),
            )
        )
    return found


def _matches(old: Ties, new: Ties, texts: list[dict[TaskKey, str]], *, apart: bool) -> Iterator[Match]:
    # The tasks of a city are those of the same city again, never those of another; of places that differ all are laid side by side.
    places = [{notice.id: notice.jurisdiction for notice in side.notices} for side in (old, new)]
    codes = sorted({code for side in places for code in side.values()})
    if apart or len(codes) < 2:
        yield from match_tasks(texts[0], texts[1])
        return
    for code in codes:
        parts = [{key: text for key, text in side.items() if of[key[0]] == code} for side, of in zip(texts, places, strict=True)]
        yield from match_tasks(parts[0], parts[1])


def _ids(groups: Iterable[GroupRow]) -> tuple[str, ...]:
    return tuple(sorted(group.id for group in groups))


def _without(groups: Iterable[GroupRow], others: Iterable[GroupRow]) -> list[GroupRow]:
    """The groups that none of the others refers to; a list with other members in another year is the same reference."""
    kept = list(others)
    return [group for group in groups if not any(_one_reference(group, other) for other in kept)]


def _one_reference(one: GroupRow, other: GroupRow) -> bool:
    if one.id == other.id or (one.kind, one.label) == (other.kind, other.label):
        return True
    # All of a place's governments, or all its departments, however printed; two lists with names of their own are two.
    both_listed = one.closure is other.closure is Closure.LISTED
    return one.kind == other.kind and one.kind in _WHOLE and not both_listed


_WHOLE = frozenset({"allCounties", "allDepartments"})


def _units(roles: Mapping[TaskKey, Mapping[str, Role]], keys: Iterable[TaskKey], role: Role | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(unit for key in keys for unit, held in roles[key].items() if role in (None, held)))


def _moves(
    sides: tuple[_Held, _Held], keys: tuple[tuple[TaskKey, ...], tuple[TaskKey, ...]], of: Mapping[str, Body]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[RoleChange, ...]]:
    """The bodies that a task gained and lost, and those that hold it in another role; the strongest role of a body counts."""
    held: list[dict[str, Role]] = [{}, {}]
    units: list[dict[str, None]] = [{}, {}]
    for side, chosen, roles, printed in zip(sides, keys, held, units, strict=True):
        for unit, role in ((unit, role) for key in chosen for unit, role in side.roles[key].items()):
            body = of[unit].id
            roles[body] = min(roles.get(body, role), role, key=list(Role).index)
            printed[unit] = None
    before, after = held
    changed = [RoleChange(body, before[body], after[body]) for body in sorted(before.keys() & after.keys()) if before[body] != after[body]]
    gained = tuple(unit for unit in units[1] if of[unit].id not in before)
    return gained, tuple(unit for unit in units[0] if of[unit].id not in after), tuple(changed)


def _lead(old: tuple[str, ...], new: tuple[str, ...], of: Mapping[str, Body] | None) -> LeadChange:
    if not old and not new:
        return LeadChange.NONE
    if of is None:
        return LeadChange.APART
    if not old or not new:
        return LeadChange.REMOVED if old else LeadChange.ADDED
    bodies = {of[unit].id for unit in old}, {of[unit].id for unit in new}
    if bodies[0] != bodies[1]:
        return LeadChange.CHANGED
    return LeadChange.CONTINUED if any(of[unit].changes for unit in (*old, *new)) else LeadChange.SAME


def _deadline(old: list[tuple[Limit, int | None]], new: list[tuple[Limit, int | None]]) -> DeadlineChange:
    if not old or not new:
        return DeadlineChange.NONE if not old and not new else DeadlineChange.ADDED if new else DeadlineChange.REMOVED
    shift = _years_between(old, new)
    days = [[_day(limit, years) for limit, _ in side] for side, years in ((old, shift), (new, 0))]
    before, after = ([day for day in side if day] for side in days)
    if len(before) < len(old) or len(after) < len(new):
        return DeadlineChange.SAME if {limit.printed for limit, _ in old} == {limit.printed for limit, _ in new} else DeadlineChange.OTHER
    if max(before) == max(after):
        return DeadlineChange.SAME
    return DeadlineChange.EARLIER if max(after) < max(before) else DeadlineChange.LATER


def _years_between(old: list[tuple[Limit, int | None]], new: list[tuple[Limit, int | None]]) -> int:
    first, second = ({year for _, year in side} for side in (old, new))
    years = [*first, *second]
    return int(years[1] or 0) - int(years[0] or 0) if len(first) == len(second) == 1 and None not in years else 0


def _day(limit: Limit, years: int) -> tuple[int, int, int] | None:
    """Year, month and day of a limit so many years on; the last day of a month stays the last one."""
    if not limit.due:
        return None
    day = date.fromisoformat(limit.due)
    last = day.month == 2 and day.day in (28, 29)
    return day.year + years, day.month, 29 if last else day.day

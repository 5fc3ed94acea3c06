"""One step of a scenario file against what the steps before it left: who and what is meant, and whether it does anything."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kg.analysis.load import TaskKey
from kg.analysis.scenario import (
    UNIT_STEPS,
    AddUnit,
    Dissolve,
    DropUnit,
    Merge,
    MoveLead,
    Roster,
    SetRole,
    Split,
    Step,
    after_step,
)
from kg.folding import fold
from kg.messages import say
from kg.model import Role, Ties, UnitRow
from kg.resources import table

_LISTED = 5


@dataclass(frozen=True, slots=True)
class Desk:
    """What is known while a scenario is read; its lists and sets grow from step to step."""

    ties: Ties
    rosters: list[Roster]
    """Before the first step and after each that fits."""
    taken: list[tuple[int, Step]]
    """The steps that fit, with their numbers."""
    gone: dict[str, tuple[UnitRow, int]]
    """Units that a step did away with, and which step."""
    promised: set[str]
    """Names that faulty steps would have made."""
    faults: list[str]
    """What is wrong with the step at hand."""

    @property
    def roster(self) -> Roster:
        """As the steps so far left it."""
        return self.rosters[-1]

    def complain(self, code: str, *fields: object) -> None:
        """Note a fault of the step at hand."""
        self.faults.append(say(f"scenario.{code}", *fields))


def checked_step(desk: Desk, row: Mapping[str, Any]) -> Step | None:
    """The step of a row whose fields are right; None where a name or number means nothing or the step would do nothing."""
    do, why = row["do"], row.get("why", "")
    match do:
        case "merge":
            return _merge(desk, row, why)
        case "split":
            return _split(desk, row, why)
        case "dissolve":
            return _dissolve(desk, row, why)
        case "move":
            return _move(desk, row, why)
        case "role":
            return _set_role(desk, row, why)
        case "add":
            return _add(desk, row, why)
        case _:
            return _drop(desk, row, why)


def undone(desk: Desk, step: Step, number: int) -> list[str]:
    """What is wrong with a step that leaves things as they were: before it, or before an earlier step. Else it is taken."""
    before, after = desk.roster, after_step(desk.roster, step)
    whole = isinstance(step, UNIT_STEPS)
    states = [_state(roster, step, whole) for roster in (*desk.rosters, after)]
    if states[-1] == states[-2]:
        return [say("scenario.nothing")]
    earlier = next((at for at, state in enumerate(states[:-1]) if state == states[-1]), None)
    if earlier is not None:
        since = next(at for at in range(earlier, len(states) - 1) if states[at + 1] != states[earlier])
        return [say("scenario.undone", desk.taken[since][0])]
    desk.gone.update({unit: (row, number) for unit, row in before.units.items() if unit not in after.units})
    desk.taken.append((number, step))
    desk.rosters.append(after)
    return []


def _state(roster: Roster, step: Step, whole: bool) -> object:
    if whole or isinstance(step, Merge | Split | Dissolve):
        return (roster.printed, {group: frozenset(units) for group, units in roster.members.items()})
    return roster.printed[step.task]


def _merge(desk: Desk, row: Mapping[str, Any], why: str) -> Merge | None:
    units = [unit for name in row["units"] if (unit := _unit(desk, name))]
    if len(units) < len(row["units"]):
        return None
    for unit in {unit.id: unit for unit in units if units.count(unit) > 1}.values():
        desk.complain("twice", unit.label)
    into = _known_or_new(desk, row["into"], units)
    parts = {unit.id for unit in units} | ({into.id} & desk.roster.units.keys() if into else set())
    if len(parts) < 2 and into:
        desk.complain("merge-one", row["into"])
    return Merge(tuple(dict.fromkeys(unit.id for unit in units)), into, why) if into else None


def _split(desk: Desk, row: Mapping[str, Any], why: str) -> Split | None:
    unit = _unit(desk, row["unit"])
    if len(row["into"]) != 2 or key_of(row["into"][0]) == key_of(row["into"][1]):
        desk.complain("split-two")
        return None
    if not unit:
        return None
    held = {task for task, posts in desk.roster.printed.items() if unit.id in posts}
    tasks = _split_tasks(desk, row, unit, held)
    known = {line["id"] for line in table("lexicon/lines.toml")["line"]}
    for line in row.get("lines", []):
        if line not in known:
            desk.complain(
                "line", line, say("table.join").join(difflib.get_close_matches(line, known, _LISTED, 0.4)) or say("scenario.none")
            )
    parts = [_known_or_new(desk, name, [unit]) for name in row["into"]]
    for name, part in zip(row["into"], parts, strict=True):
        if part and part.id != unit.id and part.id in desk.roster.units:
            desk.complain("name-taken", name)
    if not desk.faults and not tasks:
        desk.complain("split-nothing", unit.label)
    elif not desk.faults and held <= set(tasks):
        desk.complain("split-all", unit.label)
    first, second = parts
    return Split(unit.id, first, _with_lines(second, row), tuple(tasks), why) if first and second and tasks else None


def _with_lines(unit: UnitRow, row: Mapping[str, Any]) -> UnitRow:
    return replace(unit, lines=tuple(row["lines"])) if row.get("lines") else unit


def _split_tasks(desk: Desk, row: Mapping[str, Any], unit: UnitRow, held: set[TaskKey]) -> list[TaskKey]:
    found: dict[TaskKey, None] = {}
    for number in row.get("tasks", []):
        task = _task(desk, row, number)
        if task and task not in held:
            desk.complain("not-in-task", unit.label, number)
        elif task:
            found[task] = None
    for name in row.get("sections", []):
        found |= dict.fromkeys(task for task in _section(desk, row, name) if task in held)
    return list(found)


def _section(desk: Desk, row: Mapping[str, Any], name: int | str) -> list[TaskKey]:
    notice = _notice(desk, row)
    if notice is None:
        return []
    sections = [section for section in desk.ties.sections if section.notice == notice]
    meant = [
        s.index for s in sections if name == s.index or (isinstance(name, str) and key_of(name) in (key_of(s.number), key_of(s.title)))
    ]
    if not meant:
        shown = say("table.join").join(f"{section.index} {section.title}" for section in sections) or say("scenario.none")
        desk.complain("section", name, shown)
    return [(task.notice, task.i) for task in desk.ties.tasks if task.notice == notice and task.section in meant[:1]]


def _dissolve(desk: Desk, row: Mapping[str, Any], why: str) -> Dissolve | None:
    unit = _unit(desk, row["unit"])
    heir = _unit(desk, row["heir"]) if row.get("heir") else None
    if not unit or (row.get("heir") and not heir):
        return None
    if heir and heir.id == unit.id:
        desk.complain("own-heir", unit.label)
    return Dissolve(unit.id, heir.id if heir else None, why)


def _move(desk: Desk, row: Mapping[str, Any], why: str) -> MoveLead | None:
    task, giver, taker = _task(desk, row, row["task"]), _unit(desk, row["from"]), _unit(desk, row["to"])
    if not task or not giver or not taker:
        return None
    posts = desk.roster.printed[task]
    if posts.get(giver.id) is not Role.LEAD:
        leads = [desk.roster.units[unit].label for unit, role in posts.items() if role is Role.LEAD]
        desk.complain("no-lead-of", giver.label, row["task"], say("table.join").join(leads) or say("scenario.none"))
    if posts.get(taker.id) is Role.LEAD:
        desk.complain("leads-already", taker.label, row["task"])
    return MoveLead(task, giver.id, taker.id, why)


def _set_role(desk: Desk, row: Mapping[str, Any], why: str) -> SetRole | None:
    task, unit, role = _task(desk, row, row["task"]), _unit(desk, row["unit"]), _role(desk, row["role"])
    if not task or not unit or not role:
        return None
    if not _printed(desk, task, unit):
        return None
    if desk.roster.printed[task][unit.id] is role:
        desk.complain("role-already", unit.label, task[1], say(f"role.{role}"))
    return SetRole(task, unit.id, role, why)


def _add(desk: Desk, row: Mapping[str, Any], why: str) -> AddUnit | None:
    task, unit, role = _task(desk, row, row["task"]), _unit(desk, row["unit"]), _role(desk, row.get("role", Role.RESPONSIBLE))
    if not task or not unit or not role:
        return None
    present = desk.roster.printed[task].get(unit.id)
    if present:
        desk.complain("in-already", unit.label, task[1], say(f"role.{present}"))
    return AddUnit(task, unit.id, role, why)


def _drop(desk: Desk, row: Mapping[str, Any], why: str) -> DropUnit | None:
    task, unit = _task(desk, row, row["task"]), _unit(desk, row["unit"])
    return DropUnit(task, unit.id, why) if task and unit and _printed(desk, task, unit) else None


def _printed(desk: Desk, task: TaskKey, unit: UnitRow) -> bool:
    """Whether a task prints a unit by name; if not, that is a fault."""
    if unit.id in desk.roster.printed[task]:
        return True
    labels = {group.id: group.label for group in desk.ties.groups}
    groups = [reference.group for reference in desk.ties.references if (reference.notice, reference.task) == task]
    covering = [labels.get(group, group) for group in groups if unit.id in desk.roster.members.get(group, ())]
    if covering:
        desk.complain("only-through", unit.label, task[1], covering[0])
    else:
        desk.complain("not-in-task", unit.label, task[1])
    return False


def _role(desk: Desk, name: str) -> Role | None:
    if name in set(Role):
        return Role(name)
    desk.complain("role", name, ", ".join(Role))
    return None


def key_of(name: str) -> str:
    """A name as it is looked up: folded, without blanks.

    >>> key_of("市发改委（市 粮食局）")
    '市发改委(市粮食局)'
    """
    return "".join(fold(name).split())


def _named(units: Iterable[UnitRow], name: str) -> list[UnitRow]:
    """The units that have a name: by id, else as their label, else as another of their names."""
    listed, key = list(units), key_of(name)
    for names in (lambda unit: (unit.id,), lambda unit: (unit.label,), lambda unit: unit.aliases):
        if found := [unit for unit in listed if key in {key_of(one) for one in names(unit)}]:
            return found
    return []


def _unit(desk: Desk, name: str) -> UnitRow | None:
    """The unit that is meant; None where there is no such unit, or several, which is a fault."""
    found = _named(desk.roster.units.values(), name)
    if len(found) == 1:
        return found[0]
    if found:
        desk.complain("ambiguous", name, say("table.join").join(unit.id for unit in found[:_LISTED]))
    elif gone := _named([row for row, _ in desk.gone.values()], name):
        desk.complain("gone", name, desk.gone[gone[0].id][1])
    elif key_of(name) not in {key_of(one) for one in desk.promised}:
        desk.complain("unit", name, _nearest(name, desk.roster.units.values()))
    return None


def _nearest(name: str, units: Iterable[UnitRow]) -> str:
    names = sorted({one for unit in units for one in (unit.label, *unit.aliases)})
    return say("table.join").join(difflib.get_close_matches(name, names, _LISTED, 0.4)) or say("scenario.none")


def _known_or_new(desk: Desk, name: str, parts: list[UnitRow]) -> UnitRow | None:
    """The unit that a step makes: one that there is, one that came to an end by an earlier step, or a new one like the first part."""
    known = _named(desk.roster.units.values(), name)
    chosen = [unit for unit in known if unit.id in {part.id for part in parts}] or known
    if len(chosen) > 1:
        desk.complain("ambiguous", name, say("table.join").join(unit.id for unit in chosen[:_LISTED]))
        return None
    before = _named([row for row, _ in desk.gone.values()], name)
    return (chosen or before or [new_unit(name, parts)])[0]


def new_unit(label: str, parts: list[UnitRow]) -> UnitRow:
    """A unit that no notice names, of the kind, level and place of the first of its parts, with the lines of work of all.

    Its id follows from name and place, so that the same scenario gives the same ids.
    """
    first = parts[0]
    digest = hashlib.sha256(f"{first.jurisdiction} {key_of(label)}".encode()).hexdigest()[:8]
    lines = tuple(dict.fromkeys(line for part in parts for line in part.lines))
    return UnitRow(f"unit:whatif-{digest}", " ".join(label.split()), first.kind, first.level, lines, first.jurisdiction, (), "scenario")


def _notice(desk: Desk, row: Mapping[str, Any]) -> str | None:
    notices = desk.ties.notices
    if wanted := row.get("notice"):
        key = key_of(wanted)
        found = [one.id for one in notices if key in {key_of(name) for name in (one.id, one.number, one.title) if name}]
    else:
        found = [one.id for one in notices]
    if len(found) == 1:
        return found[0]
    shown = say("table.join").join(one.id for one in notices[:_LISTED])
    code = "notice-needed" if not wanted else "notice-ambiguous" if found else "notice"
    fault = say(f"scenario.{code}", wanted or "", shown)
    if fault not in desk.faults:
        desk.faults.append(fault)
    return None


def _task(desk: Desk, row: Mapping[str, Any], number: object) -> TaskKey | None:
    notice = _notice(desk, row)
    if notice is None:
        return None
    numbers = [task.i for task in desk.ties.tasks if task.notice == notice]
    if number in numbers:
        return notice, int(str(number))
    desk.complain("task", number, notice, len(numbers))
    return None

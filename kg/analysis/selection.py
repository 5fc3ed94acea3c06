"""A part of the ties table: some notices, sections, kinds, lines of work, levels or units, ready for every measure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from kg.analysis.load import TaskKey, teams
from kg.model import Kind, Level, Ties, UnitRow

SectionKey = tuple[str, int]
"""A section: the notice's id and the section's index, from 1."""


def select(
    ties: Ties,
    *,
    notices: Collection[str] | None = None,
    sections: Collection[SectionKey] | None = None,
    kinds: Collection[Kind | str] | None = None,
    lines: Collection[str] | None = None,
    levels: Collection[Level | str] | None = None,
    units: Collection[str] | None = None,
) -> Ties:
    """The ties that satisfy all conditions, in their order; None is no condition, and every measure takes the result as it is.

    **Notices and sections choose tasks**: their teams stay whole. **Kinds, lines, levels and units choose who is counted**:
    everybody else is taken out of every task before anything is measured, so that relations are those among the chosen.
    M3d is the case of all kinds but territories and zones: ``measure_load(select(ties, kinds=set(Kind) - TERRITORIAL))`` is
    ``measure_load(ties, territorial=False)``. The other reading, whole teams of which only some rows are shown, needs no
    selection: keep the rows of ``standings(ties)`` whose unit is in ``chosen_units(ties, …)``. Counting was chosen because only
    it makes one table from which loads, networks and concentration come out alike.

    What follows from it: tasks stay even where nobody of their team is left, as in M3d, so that shares of all tasks keep their
    denominator; a task whose lead was not chosen looks like one without a lead (``leads_left_out`` tells which); open references
    (有关部门) mean at most every body named in what was selected, so that the upper end of an interval shrinks.

    Args:
        ties: the ties table.
        notices: ids of notices.
        sections: keys of sections; tasks outside any section are not chosen then, nor findings outside any task.
        kinds: kinds of units.
        lines: ids of lines of work; a joint body is chosen by any of its lines.
        levels: levels of government, "" for units whose level is unknown.
        units: ids of units.

    Raises:
        ValueError: a notice, section or unit that the table does not hold, a kind or level that there is not.
    """
    _check(ties, notices, sections, units)
    kept = chosen_units(ties, kinds=kinds, lines=lines, levels=levels, units=units)
    return _of_units(_of_tasks(ties, notices, sections), kept if len(kept) < len(ties.units) else None)


def chosen_units(
    ties: Ties,
    *,
    kinds: Collection[Kind | str] | None = None,
    lines: Collection[str] | None = None,
    levels: Collection[Level | str] | None = None,
    units: Collection[str] | None = None,
) -> frozenset[str]:
    """Ids of the units that satisfy all conditions; None is no condition.

    Raises:
        ValueError: a kind or level that there is not.
    """
    of_kind = None if kinds is None else {Kind(kind) for kind in kinds}
    of_level = None if levels is None else {str(Level(level)) if level else "" for level in levels}

    def chosen(unit: UnitRow) -> bool:
        return (
            (of_kind is None or unit.kind in of_kind)
            and (lines is None or any(line in lines for line in unit.lines))
            and (of_level is None or unit.level in of_level)
            and (units is None or unit.id in units)
        )

    return frozenset(unit.id for unit in ties.units if chosen(unit))


def leads_left_out(ties: Ties, selected: Ties) -> tuple[TaskKey, ...]:
    """Tasks of a selection that print a lead of which none was chosen: in the selection they look as if nobody led them."""
    printed = teams(ties)
    return tuple(key for key, team in teams(selected).items() if not team.leads and printed[key].leads)


def _check(ties: Ties, notices: Collection[str] | None, sections: Collection[SectionKey] | None, units: Collection[str] | None) -> None:
    there: tuple[tuple[Collection[object] | None, set[object]], ...] = (
        (notices, {notice.id for notice in ties.notices}),
        (sections, {(section.notice, section.index) for section in ties.sections}),
        (units, {unit.id for unit in ties.units}),
    )
    missing = [wanted for asked, known in there for wanted in asked or () if wanted not in known]
    if missing:
        raise ValueError(", ".join(map(str, missing)))


def _of_tasks(ties: Ties, notices: Collection[str] | None, sections: Collection[SectionKey] | None) -> Ties:
    if notices is None and sections is None:
        return ties
    of_notice = {notice.id for notice in ties.notices if notices is None or notice.id in notices}
    if sections is not None:
        of_notice &= {notice for notice, _ in sections}
    tasks = tuple(
        task
        for task in ties.tasks
        if task.notice in of_notice and (sections is None or (task.section is not None and (task.notice, task.section) in sections))
    )
    keys = {(task.notice, task.i) for task in tasks}
    whole = of_notice if sections is None else set()
    kept = replace(
        ties,
        notices=tuple(notice for notice in ties.notices if notice.id in of_notice),
        sections=tuple(s for s in ties.sections if s.notice in of_notice and (sections is None or (s.notice, s.index) in sections)),
        tasks=tasks,
        ties=tuple(tie for tie in ties.ties if (tie.notice, tie.task) in keys),
        references=tuple(reference for reference in ties.references if (reference.notice, reference.task) in keys),
        findings=tuple(f for f in ties.findings if (f.notice in whole if f.task is None else (f.notice, f.task) in keys)),
    )
    return _rows_in_use(kept)


def _of_units(ties: Ties, kept: frozenset[str] | None) -> Ties:
    if kept is None:
        return ties
    return _rows_in_use(replace(ties, ties=tuple(tie for tie in ties.ties if tie.unit in kept)))


def _rows_in_use(ties: Ties) -> Ties:
    """Only the units and groups that a tie or reference names, and what became of those units."""
    units = {tie.unit for tie in ties.ties}
    groups = {tie.through for tie in ties.ties} | {reference.group for reference in ties.references}
    return replace(
        ties,
        units=tuple(unit for unit in ties.units if unit.id in units),
        groups=tuple(group for group in ties.groups if group.id in groups),
        changes=tuple(change for change in ties.changes if units & {*change.originals, *change.results}),
    )

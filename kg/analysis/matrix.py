"""Units × tasks: who stands in which task in which role, one matrix for report, workbook and page."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from kg.analysis.load import Standing, standings
from kg.model import Role, TaskRow, Ties, UnitRow


class Mark(StrEnum):
    """What a unit is in a task, weightiest first; its symbol is the message ``sheets.mark.<value>.symbol``."""

    LEAD = "lead"
    RESPONSIBLE = "responsible"
    COOPERATING = "cooperating"
    GROUP = "group"
    """Reached only through a listed group (各县市区政府), in whatever role."""


class Order(StrEnum):
    """How the rows of a matrix follow one another; units that are no territories always come first."""

    LOAD = "load"
    """Most coordination relations first, as in the report."""
    SECTION = "section"
    """By the section in which a unit has most of its tasks, then by load, so that fields of work lie together."""
    KIND = "kind"
    """By kind, then by load."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows are units, columns are tasks in printed order; ``marks`` holds the cells that are not empty, by row and column."""

    units: tuple[UnitRow, ...]
    tasks: tuple[TaskRow, ...]
    marks: Mapping[tuple[int, int], Mark]

    def row(self, index: int) -> tuple[Mark | None, ...]:
        """The cells of one unit."""
        return tuple(self.marks.get((index, column)) for column in range(len(self.tasks)))

    def counts(self) -> list[Counter[Mark]]:
        """How often each mark stands in each row: leads are M1, responsible and cooperating together M2 of ``load``."""
        found: list[Counter[Mark]] = [Counter() for _ in self.units]
        for (row, _), mark in self.marks.items():
            found[row][mark] += 1
        return found


_OF_ROLE = {Role.LEAD: Mark.LEAD, Role.RESPONSIBLE: Mark.RESPONSIBLE, Role.COOPERATING: Mark.COOPERATING}
_WEIGHT = {mark: weight for weight, mark in enumerate(Mark)}


def matrix(ties: Ties, *, order: Order | str = Order.LOAD) -> Matrix:
    """The matrix of units and tasks; a unit in two roles of one task shows the weightier one, as the measures count it.

    Args:
        ties: the ties table.
        order: how the rows follow one another: load, section or kind.

    Returns:
        A row for every unit with a tie or a place in a ranking, a column for every task, also where nobody stands in it.
    """
    ranked = standings(ties)
    rows = {unit.id: unit for unit in ties.units}
    keys = _KEYS[Order(order)](ties, ranked)
    units = tuple(rows[unit] for unit in sorted((one.unit for one in ranked), key=lambda unit: keys[unit]))
    row_of = {unit.id: row for row, unit in enumerate(units)}
    column_of = {(task.notice, task.i): column for column, task in enumerate(ties.tasks)}
    marks: dict[tuple[int, int], Mark] = {}
    for tie in ties.ties:
        cell = row_of[tie.unit], column_of[tie.notice, tie.task]
        mark = Mark.GROUP if tie.through else _OF_ROLE[tie.role]
        marks[cell] = min(marks.get(cell, mark), mark, key=_WEIGHT.__getitem__)
    return Matrix(units, ties.tasks, marks)


_Keys = Mapping[str, tuple[object, ...]]


def _by_load(_ties: Ties, ranked: list[Standing]) -> _Keys:
    return {one.unit: (place,) for place, one in enumerate(ranked)}


def _by_kind(_ties: Ties, ranked: list[Standing]) -> _Keys:
    first: dict[str, int] = {}
    for place, one in enumerate(ranked):
        first.setdefault(one.kind, place)
    return {one.unit: (first[one.kind], place) for place, one in enumerate(ranked)}


def _by_section(ties: Ties, ranked: list[Standing]) -> _Keys:
    place_of = {(section.notice, section.index): place for place, section in enumerate(ties.sections)}
    section_of = {(task.notice, task.i): place_of.get((task.notice, task.section or 0), len(place_of)) for task in ties.tasks}
    held: defaultdict[str, Counter[int]] = defaultdict(Counter)
    # A unit that a task prints and a group of it reaches too has that task once.
    for unit, notice, task in {(tie.unit, tie.notice, tie.task) for tie in ties.ties}:
        held[unit][section_of[notice, task]] += 1
    last = len(place_of) + 1
    territorial = _apart(ranked)
    chief = {unit: min(counts, key=lambda place: (-counts[place], place)) for unit, counts in held.items()}
    return {one.unit: (one.unit in territorial, chief.get(one.unit, last), place) for place, one in enumerate(ranked)}


def _apart(ranked: list[Standing]) -> frozenset[str]:
    return frozenset(one.unit for one in ranked if one.relations_without_territories is None)


_KEYS: Mapping[Order, Callable[[Ties, list[Standing]], _Keys]] = {
    Order.LOAD: _by_load,
    Order.SECTION: _by_section,
    Order.KIND: _by_kind,
}

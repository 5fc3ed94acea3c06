"""The two sides of a comparison: read from files in one go, or taken from builds, and joined into one set of ties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from kg.building.line import Knowledge, read_notices
from kg.errors import KgError, SideEmptyError, SidesEqualError
from kg.model import Level, Notice, NoticeRow, Ties, Unit, UnitRow
from kg.naming.units import load_names
from kg.reading.persons import without_persons

if TYPE_CHECKING:
    from kg.analysis.compare import Comparison, Limit

Limits = dict[tuple[str, int], "Limit"]


class _OfNotice(Protocol):
    @property
    def notice(self) -> str:
        """Id of the notice that the row belongs to."""


_Row = TypeVar("_Row", bound=_OfNotice)


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison, and what stood in the way of single files of either side."""

    comparison: Comparison
    ties: Ties
    """Of the notices of both sides."""
    failures: tuple[KgError, ...]


@dataclass(frozen=True, slots=True)
class _Side:
    """One side before it is joined with the other."""

    ties: Ties
    limits: Limits
    failures: tuple[KgError, ...] = ()


def compare_sources(old: str | Path, new: str | Path, knowledge: Knowledge = Knowledge()) -> Compared:
    """Two sides compared, each a file, a folder, the output of a build, an RDF file or an endpoint.

    Args:
        old: the side that is compared with, the earlier year as a rule.
        new: the other side.
        knowledge: tables of the user's own; they count for sides that are read, not for builds.

    Raises:
        SidesEqualError: both are the same path.
        SideEmptyError: a side holds no task.
        SourceMissingError, NoNoticesError, BatchError: a path leads nowhere, or to nothing that can be read.
        TableError: one of the user's own tables does not fit.
        GraphError, StoreVersionError: a build that is broken, or of another version.
        EndpointError: an endpoint cannot be asked.
    """
    from kg.analysis.compare import compare
    from kg.api import is_graph

    if old == new or Path(old).resolve() == Path(new).resolve():
        raise SidesEqualError(new)
    sides = [_opened(side) if is_graph(side) else _read(Path(side), knowledge) for side in (old, new)]
    for path, side in zip((old, new), sides, strict=True):
        if not side.ties.tasks:
            raise SideEmptyError(path)
    first, second = sides[0], _told_apart(sides[0].ties, sides[1])
    ties = with_changes(joined(first.ties, second.ties), knowledge)
    ids = [{notice.id for notice in side.ties.notices} for side in (first, second)]
    return Compared(compare(ties, ids[0], ids[1], first.limits | second.limits), ties, (*first.failures, *second.failures))


def with_changes(ties: Ties, knowledge: Knowledge = Knowledge()) -> Ties:
    """The ties with what became of their units over all their notices, beside the changes that they hold already.

    The same for notices that were read and for builds, which hold only the changes among their own notices.
    """
    from kg.naming.changes import changes_of

    units = {unit.id: unit for unit in ties.units}
    notices = []
    printed: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for tie in ties.ties:
        printed[tie.notice][tie.unit] = None
    for row in ties.notices:
        notices.append(_bare(row, [units[unit] for unit in printed[row.id]]))
    found = changes_of(notices, load_names(knowledge.registers, knowledge.decisions))
    known = {change.id: change for change in (*found, *ties.changes)}
    return replace(ties, changes=tuple(change for _, change in sorted(known.items())))


def _bare(row: NoticeRow, units: Iterable[UnitRow]) -> Notice:
    """A notice of which only the day and the units are known."""
    day = date.fromisoformat(row.date) if row.date else None
    held = tuple(
        Unit(unit.id, unit.label, unit.kind, unit.jurisdiction or None, Level(unit.level) if unit.level else None, unit.lines)
        for unit in units
    )
    return Notice(row.id, None, None, None, day, row.year, None, "", row.sha256, "", units=held)


def _read(path: Path, knowledge: Knowledge) -> _Side:
    from kg.analysis.compare import Limit
    from kg.graph.ties import ties_of

    batch = read_notices([path], knowledge)
    notices: list[Notice] = [without_persons(notice) for notice in batch.notices]
    limits = {
        (notice.id, task.i): Limit(task.deadline.printed, task.deadline.due.isoformat() if task.deadline.due else "")
        for notice in notices
        for task in notice.tasks
        if task.deadline
    }
    return _Side(ties_of(notices, batch.changes), limits, batch.failures)


def _opened(graph: str | Path) -> _Side:
    """A build, an RDF file or an endpoint; the time limits, which ties do not hold, from the record or the graph."""
    from kg.analysis.compare import Limit
    from kg.api import load
    from kg.details import details_of

    opened = load(graph)
    limits = {key: Limit(detail.deadline, detail.due) for key, detail in details_of(opened).items() if detail.deadline}
    return _Side(opened.ties, limits)


def _told_apart(first: Ties, side: _Side) -> _Side:
    """The side, its notices that share an id but not the text with one of the other side under an id of their own."""
    known = {notice.id: notice.sha256 for notice in first.notices}
    names = {row.id: f"{row.id}-{row.sha256[:8]}" for row in side.ties.notices if known.get(row.id, row.sha256) != row.sha256}
    if not names:
        return side
    limits = {(names.get(notice, notice), i): limit for (notice, i), limit in side.limits.items()}
    return replace(side, ties=renamed(side.ties, names), limits=limits)


def renamed(ties: Ties, names: Mapping[str, str]) -> Ties:
    """The ties with other ids for some notices."""

    def of(notice: str) -> str:
        return names.get(notice, notice)

    return replace(
        ties,
        notices=tuple(sorted((replace(row, id=of(row.id)) for row in ties.notices), key=lambda row: row.id)),
        sections=tuple(replace(row, notice=of(row.notice)) for row in ties.sections),
        tasks=tuple(replace(row, notice=of(row.notice)) for row in ties.tasks),
        ties=tuple(replace(row, notice=of(row.notice)) for row in ties.ties),
        references=tuple(replace(row, notice=of(row.notice)) for row in ties.references),
        findings=tuple(replace(row, notice=of(row.notice)) for row in ties.findings),
    )


def joined(one: Ties, other: Ties) -> Ties:
    """Two sets of ties as one; a notice, unit, group or change that both hold is there once, a unit with the names of both."""
    known = {notice.id for notice in one.notices}
    units = {unit.id: unit for unit in one.units}
    for unit in other.units:
        units[unit.id] = _with_names(units[unit.id], unit) if unit.id in units else unit
    groups = {group.id: group for group in (*other.groups, *one.groups)}
    changes = {change.id: change for change in (*other.changes, *one.changes)}
    return Ties(
        notices=tuple(sorted([*one.notices, *(row for row in other.notices if row.id not in known)], key=lambda row: row.id)),
        sections=_in_order(one.sections, [row for row in other.sections if row.notice not in known]),
        tasks=_in_order(one.tasks, [row for row in other.tasks if row.notice not in known]),
        units=tuple(units[key] for key in sorted(units)),
        groups=tuple(groups[key] for key in sorted(groups)),
        ties=_in_order(one.ties, [row for row in other.ties if row.notice not in known]),
        references=_in_order(one.references, [row for row in other.references if row.notice not in known]),
        findings=_in_order(one.findings, [row for row in other.findings if row.notice not in known]),
        changes=tuple(changes[key] for key in sorted(changes)),
    )


def _with_names(one: UnitRow, other: UnitRow) -> UnitRow:
    return replace(one, aliases=tuple(sorted({*one.aliases, *other.aliases, other.label} - {one.label})))


def _in_order(one: Sequence[_Row], other: Sequence[_Row]) -> tuple[_Row, ...]:
    # Sorting is stable: rows of one notice keep their order.
    return tuple(sorted([*one, *other], key=lambda row: row.notice))

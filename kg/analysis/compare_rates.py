"""What each line of work and each kind of unit carries on two sides, in counts and in rates for each task."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.analysis.compare_units import Figures, difference, figures, printed_units
from kg.analysis.load import TaskKey, Team, measure_load, teams
from kg.model import Kind, Ties, UnitRow


@dataclass(frozen=True, slots=True)
class ShareRow:
    """What one line of work, or one kind of unit, carries before and after; tasks are counted once however many units share them."""

    key: str
    """ASCII id of the line, or of the kind; empty for units whose line is not known."""
    units: tuple[int, int]
    """How many units of it are printed, before and after."""
    before: Figures
    after: Figures
    difference: Figures


def by_line(old: Ties, new: Ties) -> list[ShareRow]:
    """The lines of work, most relations per task on either side first; a body with two lines counts whole in both."""
    return _rows(old, new, {unit.id: unit.lines or ("",) for unit in (*old.units, *new.units)})


def by_kind(old: Ties, new: Ties) -> list[ShareRow]:
    """The kinds of unit, most relations per task on either side first."""
    return _rows(old, new, {unit.id: (str(unit.kind),) for unit in (*old.units, *new.units)})


def two_lined(units: Iterable[UnitRow]) -> tuple[str, ...]:
    """Ids of the units with more than one line of work, which count in each of them."""
    return tuple(sorted(unit.id for unit in units if len(unit.lines) > 1))


def _rows(old: Ties, new: Ties, keys: Mapping[str, tuple[str, ...]]) -> list[ShareRow]:
    counted = [_side(side, keys) for side in (old, new)]
    present = [[key for unit in sorted(printed_units(side)) for key in keys[unit]] for side in (old, new)]
    rows = []
    for key in {*present[0], *present[1]}:
        before, after = (side.get(key) or figures(0, 0, 0, None if key in _LAND else 0, 0) for side in counted)
        rows.append(ShareRow(key, (present[0].count(key), present[1].count(key)), before, after, difference(before, after)))
    return sorted(rows, key=lambda row: (row.key == "", -max(row.before.relations_rate, row.after.relations_rate), row.key))


_LAND = frozenset({str(Kind.TERRITORY), str(Kind.ZONE)})


def _side(ties: Ties, keys: Mapping[str, tuple[str, ...]]) -> dict[str, Figures]:
    printed = teams(ties)
    relations, bare = ({load.unit: load.relations for load in measure_load(ties, territorial=land)} for land in (True, False))
    found = {}
    for key in {key for unit in printed_units(ties) for key in keys[unit]}:
        units = {unit for unit in relations if key in keys[unit]}
        led, shared = _held(printed, units)
        without = None if key in _LAND else sum(bare.get(unit, 0) for unit in units)
        found[key] = figures(led, shared, sum(relations[unit] for unit in units), without, len(ties.tasks))
    return found


def _held(printed: Mapping[TaskKey, Team], units: set[str]) -> tuple[int, int]:
    led = sum(bool(team.leads & units) for team in printed.values())
    return led, sum(bool(team.others & units) and not team.leads & units for team in printed.values())

"""What would overturn a verdict: the same test again without a section or a task of the unit, under another reading or measure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from kg.analysis.capacity import measure_capacity
from kg.analysis.load import Reading, TaskKey, Team, teams
from kg.analysis.robustness import Robustness, SectionKey
from kg.analysis.span import Measure, SpanTest, adjusted_without, crowds_of
from kg.analysis.verdicts import Change, Check
from kg.analysis.volume import SURE, holm, measure_reading
from kg.model import TERRITORIAL, Ties

LEVEL = 0.05
Left = tuple[Change, str, int, frozenset[TaskKey]]
"""What is left out: a section or a task, its notice and number, and the tasks that go."""
TRIED = 12
"""So many sections and so many tasks of each unit are left out at most."""
CELLS = 4_000_000
"""Tasks × permutations of O2 with something left out; in many notices fewer permutations are drawn, but not under 2,000."""


def sections_left_out(ties: Ties, found: Mapping[TaskKey, Team], unit: str) -> list[Left]:
    """The sections that hold most tasks of a unit, to be left out in turn; none where there are not two sections."""
    keys: defaultdict[SectionKey, set[TaskKey]] = defaultdict(set)
    for task in ties.tasks:
        if task.section is not None:
            keys[task.notice, task.section].add((task.notice, task.i))
    own = {part: sum(unit in found[key].leads or unit in found[key].others for key in inside) for part, inside in keys.items()}
    most = sorted((part for part in keys if own[part]), key=lambda part: (-own[part], part))[:TRIED]
    return [(Change.SECTION, *part, frozenset(keys[part])) for part in sorted(most)] if len(keys) > 1 else []


def tasks_left_out(found: Mapping[TaskKey, Team], unit: str, *, led: bool) -> list[Left]:
    """The tasks without which a unit would stand least out, to be left out in turn.

    Of those it leads, the largest teams, for their relations go with them; of all it has, the smallest, for with each the mean of
    its peers falls too.
    """
    own = [key for key, team in found.items() if unit in team.leads or (not led and unit in team.others)]
    sizes = {key: len(found[key].leads | found[key].others) for key in own}
    worst = sorted(own, key=lambda key: (-sizes[key] if led else sizes[key], key))[:TRIED]
    return [(Change.TASK, *key, frozenset({key})) for key in sorted(worst)]


def _check(left: Left, holds: bool) -> Check:
    return Check(left[0], holds, left[1], left[2])


def volume_checks(ties: Ties, units: Sequence[str], times: int) -> dict[str, tuple[Check, ...]]:
    """What was tried against O1, by unit: sections, tasks, both other readings, and peers of its own kind alone.

    Args:
        ties: the ties table.
        units: those that stand out.
        times: by how much the family multiplies each p.
    """
    rows = {unit.id: unit for unit in ties.units}
    printed = teams(ties)

    def standing(found: Mapping[TaskKey, Team], without: Collection[TaskKey]) -> set[str]:
        figures = measure_reading(found, rows, without)
        adjusted = holm({unit: one.p for unit, one in figures.items() if one.p is not None})
        return {unit for unit in adjusted if times * adjusted[unit] <= LEVEL and (figures[unit].posterior or 0) >= SURE}

    own = {unit: sections_left_out(ties, printed, unit) + tasks_left_out(printed, unit, led=False) for unit in units}
    out = {left: standing(printed, left[3]) for left in dict.fromkeys(left for lefts in own.values() for left in lefts)}
    opened = [(Change(reading), standing(teams(ties, reading), ())) for reading in (Reading.RESOLVED, Reading.UPPER)]
    alone = measure_reading(printed, rows, ())
    return {
        unit: (
            *(_check(left, unit in out[left]) for left in own[unit]),
            *(Check(change, unit in those) for change, those in opened),
            Check(Change.KIND, (alone[unit].posterior_in_kind or 0) >= SURE),
        )
        for unit in units
    }


def span_checks(
    ties: Ties, flagged: Mapping[str, Measure], spans: Sequence[SpanTest], times: int, seed: int, draws: int
) -> dict[str, tuple[Check, ...]]:
    """What was tried against O2, by unit: sections, tasks led, both other readings, and the other measure.

    Args:
        ties: the ties table.
        flagged: units that stand out, with the measure that the verdict counts.
        spans: the tests as printed, resolved and upper.
        times: by how much the family multiplies each p.
        seed: of the permutations.
        draws: how many at most (``CELLS``).
    """
    printed, crowds = teams(ties), crowds_of(ties)
    own = {unit: sections_left_out(ties, printed, unit) + tasks_left_out(printed, unit, led=True) for unit in flagged}
    lefts = list(dict.fromkeys(left for rows in own.values() for left in rows))
    rows = [[at for at, key in enumerate(crowds.keys) if key in left[3]] for left in lefts]
    fewer = min(draws, max(2000, CELLS // max(1, len(crowds.keys))))
    without = dict(zip(lefts, adjusted_without(crowds, rows, seed, fewer), strict=True))
    tests = {test.reading: {(row.unit, row.measure): row.adjusted for row in test.rows} for test in spans}
    found = {}
    for unit, measure in flagged.items():
        (other,) = set(Measure) - {measure}
        found[unit] = (
            *(_check(left, times * without[left].get((unit, measure), 1.0) <= LEVEL) for left in own[unit]),
            *(Check(Change(one), times * tests[one].get((unit, measure), 1.0) <= LEVEL) for one in (Reading.RESOLVED, Reading.UPPER)),
            Check(Change.MEASURE, times * tests[Reading.PRINTED].get((unit, other), 1.0) <= LEVEL),
        )
    return found


def heavy_checks(
    bases: Sequence[tuple[Check, ...]], firm: Mapping[Measure, Robustness], measure: Measure, top: int, opened: Mapping[Reading, int]
) -> tuple[Check, ...]:
    """What was tried against O1 or O2 with O3: it falls where every test it rests on falls, or where the rank is not firm.

    Args:
        bases: what was tried against each test that it rests on.
        firm: how firm the unit's rank is in either measure.
        measure: the one of the verdict.
        top: K of O3.
        opened: the unit's rank in the other readings, which must stay within 2K too.
    """
    held: dict[tuple[Change, str | None, int | None], bool] = {}
    for check in (check for checks in bases for check in checks):
        key = (check.change, check.notice, check.number)
        held[key] = held.get(key, False) or check.holds
    (other,) = set(Measure) - {measure}
    if other in firm:
        held[Change.MEASURE, None, None] = held.get((Change.MEASURE, None, None), True) and firm[other].robust
    for reading, rank in opened.items():
        held[Change(reading), None, None] = held.get((Change(reading), None, None), True) and rank <= 2 * top
    held[Change.MERGED, None, None] = firm[measure].rank_merged <= 2 * top
    return tuple(Check(change, holds, notice, number) for (change, notice, number), holds in held.items())


def relations_of(found: Mapping[TaskKey, Team], without: Collection[TaskKey] = ()) -> dict[str, int]:
    """The coordination relations of every unit when some tasks are left out."""
    relations: defaultdict[str, int] = defaultdict(int)
    for key, team in found.items():
        if key not in without:
            for unit in team.leads:
                relations[unit] += len(team.leads) + len(team.others) - 1
            for unit in team.others:
                relations[unit] += len(team.leads)
    return dict(relations)


def capacity_checks(ties: Ties, units: Sequence[str], staff: Mapping[str, int]) -> dict[str, tuple[Check, ...]]:
    """What was tried against O5, by unit: sections, tasks, both other readings, and M3d instead of M3."""
    rows = {unit.id: unit for unit in ties.units}
    printed = teams(ties)

    def above(relations: Mapping[str, int], counted: Mapping[str, int]) -> set[str]:
        return {one.unit for one in measure_capacity(relations, counted, rows) if one.above}

    bare = {unit: count for unit, count in staff.items() if rows[unit].kind not in TERRITORIAL}
    opened = [
        (Change.RESOLVED, above(relations_of(teams(ties, Reading.RESOLVED)), staff)),
        (Change.UPPER, above(relations_of(teams(ties, Reading.UPPER)), staff)),
        (Change.MEASURE, above(relations_of(teams(ties, territorial=False)), bare)),
    ]
    found = {}
    for unit in units:
        lefts = sections_left_out(ties, printed, unit) + tasks_left_out(printed, unit, led=True)
        own = [(left, above(relations_of(printed, left[3]), staff)) for left in lefts]
        apart = rows[unit].kind in TERRITORIAL
        found[unit] = (
            *(_check(left, unit in out) for left, out in own),
            *(Check(change, unit in out) for change, out in opened if not (apart and change is Change.MEASURE)),
        )
    return found

"""How much each unit carries and coordinates: measures M1 to M7, M12 and M13, on the ties table.

Notation: a task t has leads L_t and other units S_t (without L_t). Every figure says which reading it rests on: the print
alone, listed groups opened, or every group opened as far as it could possibly mean.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, log
from statistics import mean, median

from kg.analysis.concentration import Concentration, concentrate, gini, gini_error, top_share
from kg.model import LOCAL_BODIES, TERRITORIAL, Kind, Role, Tie, Ties, UnitRow

TaskKey = tuple[str, int]
"""A task: the notice's id and the running number."""


class Reading(StrEnum):
    """How far collective references are opened."""

    PRINTED = "printed"
    RESOLVED = "resolved"
    UPPER = "upper"


@dataclass(frozen=True, slots=True)
class Team:
    """The units of one task, leads apart from the others."""

    leads: frozenset[str]
    others: frozenset[str]


@dataclass(frozen=True, slots=True)
class Load:
    """What one unit carries in one reading. ``relations`` is M3, the number of coordination relations."""

    unit: str
    label: str
    kind: Kind
    lines: tuple[str, ...]
    led: int
    led_fractional: float
    shared: int
    tasks: int
    relations: int
    from_leading: int
    from_sharing: int
    partners: int
    effective_partners: float
    repetition: float
    balance: float | None
    sections: int
    effective_sections: float


@dataclass(frozen=True, slots=True)
class Standing:
    """One unit among its kind: its load as printed, M3d, the interval of M3 over the readings, and its rank."""

    unit: str
    label: str
    kind: Kind
    lines: tuple[str, ...]
    led: int
    led_fractional: float
    shared: int
    tasks: int
    relations: int
    relations_without_territories: int | None
    """M3d; None for territories and zones themselves."""
    from_leading: int
    from_sharing: int
    partners: int
    effective_partners: float
    repetition: float
    balance: float | None
    sections: int
    effective_sections: float
    interval: tuple[int, int, int]
    """M3 printed, resolved, upper (M12)."""
    rank: int
    """By M3 as printed, territories and zones apart from the others; equal loads share the better rank."""
    rank_interval: tuple[int, int]
    """Best and worst rank over the three readings."""
    universal: bool
    """Whether the unit is printed in more than half of all tasks."""


@dataclass(frozen=True, slots=True)
class Overview:
    """Figures of a graph as a whole; mean, median, Gini and shares are over units that are no territories."""

    notices: int
    tasks: int
    units: int
    leads: int
    shares: int
    references: int
    without_lead: tuple[TaskKey, ...]
    several_leads: tuple[TaskKey, ...]
    relations_total: int
    relations_total_without_territories: int
    mean_tasks: float
    median_tasks: float
    gini: float
    gini_error: float
    top5_share: float


def teams(ties: Ties, reading: Reading = Reading.PRINTED, *, territorial: bool = True) -> dict[TaskKey, Team]:
    """The units of every task in one reading; a unit that leads is not counted among the others.

    Args:
        ties: the ties table.
        reading: printed ties; with listed groups opened (各县市区政府); or with every department that the notice names put
            into each open reference too (有关部门, 各部门), which is the most that it can mean. Members of bodies whose list
            stands elsewhere (各成员单位) are never guessed.
        territorial: whether territories and zones count; without them the figures are M3d.
    """
    kinds = {unit.id: unit.kind for unit in ties.units}
    leads: dict[TaskKey, set[str]] = {(task.notice, task.i): set() for task in ties.tasks}
    others: dict[TaskKey, set[str]] = {key: set() for key in leads}
    for tie in (*_counted(ties.ties, reading), *(_opened(ties, kinds) if reading is Reading.UPPER else ())):
        if territorial or kinds[tie.unit] not in TERRITORIAL:
            (leads if tie.role is Role.LEAD else others)[tie.notice, tie.task].add(tie.unit)
    return {key: Team(frozenset(leads[key]), frozenset(others[key] - leads[key])) for key in leads}


def _counted(ties: Iterable[Tie], reading: Reading) -> list[Tie]:
    return [tie for tie in ties if not tie.through or reading is not Reading.PRINTED]


def _opened(ties: Ties, kinds: Mapping[str, Kind]) -> list[Tie]:
    named: defaultdict[str, dict[str, None]] = defaultdict(dict)
    present: defaultdict[TaskKey, set[str]] = defaultdict(set)
    for tie in ties.ties:
        present[tie.notice, tie.task].add(tie.unit)
        if not tie.through and kinds[tie.unit] in LOCAL_BODIES:
            named[tie.notice][tie.unit] = None
    wide = {group.id for group in ties.groups if group.kind in {"departmentsConcerned", "allDepartments"}}
    return [
        Tie(reference.notice, reference.task, unit, reference.role, reference.group)
        for reference in ties.references
        if reference.group in wide
        for unit in named[reference.notice]
        if unit not in present[reference.notice, reference.task]
    ]


def measure_load(ties: Ties, *, reading: Reading = Reading.PRINTED, territorial: bool = True) -> list[Load]:
    """The load of every unit that has a task in this reading, most relations first.

    M1 tasks led A_u = Σ[u∈L_t] and fractional Σ[u∈L_t]/|L_t| (Perianes-Rodriguez, Waltman & van Eck 2016); M2 tasks shared
    H_u = Σ[u∈S_t]; M3 coordination relations CL_u = Σ_{u∈L_t}(|S_t| + |L_t| − 1) + Σ_{u∈S_t}|L_t| (the lead-organisation form
    of Provan & Kenis 2008, task by task); M5 distinct and effective partners exp(−Σ p ln p) (Jost 2006), p the part of
    CL_u with each partner, and the same over sections, p the part of its tasks in each; M6 repetition CL_u/partners; M7
    balance (leading − sharing)/CL_u, None where there are no relations.

    Args:
        ties: the ties table.
        reading: how far groups are opened.
        territorial: False takes territories and zones out of every task first (M3d).

    Returns:
        Loads sorted by relations, tasks, tasks led (all downwards), then unit.
    """
    rows = {unit.id: unit for unit in ties.units}
    sections = {(task.notice, task.i): task.section for task in ties.tasks}
    held: defaultdict[str, list[tuple[TaskKey, Team]]] = defaultdict(list)
    for key, team in teams(ties, reading, territorial=territorial).items():
        for unit in sorted(team.leads | team.others):
            held[unit].append((key, team))
    loads = [_load(rows[unit], tasks, sections) for unit, tasks in held.items()]
    return sorted(loads, key=lambda load: (-load.relations, -load.tasks, -load.led, load.unit))


def _load(unit: UnitRow, tasks: Sequence[tuple[TaskKey, Team]], sections: Mapping[TaskKey, int | None]) -> Load:
    led = [team for _, team in tasks if unit.id in team.leads]
    shared = [team for _, team in tasks if unit.id in team.others]
    from_leading = sum(len(team.others) + len(team.leads) - 1 for team in led)
    from_sharing = sum(len(team.leads) for team in shared)
    partners = Counter(other for team in led for other in team.leads | team.others if other != unit.id)
    partners.update(lead for team in shared for lead in team.leads)
    relations = from_leading + from_sharing
    touched = Counter((key[0], section) for key, _ in tasks if (section := sections[key]) is not None)
    return Load(
        unit=unit.id,
        label=unit.label,
        kind=unit.kind,
        lines=unit.lines,
        led=len(led),
        led_fractional=sum(1 / len(team.leads) for team in led),
        shared=len(shared),
        tasks=len(tasks),
        relations=relations,
        from_leading=from_leading,
        from_sharing=from_sharing,
        partners=len(partners),
        effective_partners=_hill(partners.values()),
        repetition=relations / len(partners) if partners else 0.0,
        balance=(from_leading - from_sharing) / relations if relations else None,
        sections=len(touched),
        effective_sections=_hill(touched.values()),
    )


def _hill(counts: Iterable[int]) -> float:
    # Sorted, so that the sum is the same to the last bit whatever order the partners came in.
    ordered = sorted(counts)
    total = sum(ordered)
    return exp(-sum(count / total * log(count / total) for count in ordered)) if total else 0.0


def standings(ties: Ties) -> list[Standing]:
    """Every unit with its load, M3d, interval and rank: first those that are no territories, most relations first, then those.

    A unit that only a group reaches has a load of nought as printed, and an interval that starts there.
    """
    readings = {reading: {load.unit: load for load in measure_load(ties, reading=reading)} for reading in Reading}
    bare = {load.unit: load.relations for load in measure_load(ties, territorial=False)}
    printed, counted = readings[Reading.PRINTED], readings[Reading.UPPER]
    every = [printed.get(unit) or _nothing(load) for unit, load in counted.items()]
    ranks = {reading: _ranks(loads, every) for reading, loads in readings.items()}
    found = [_standing(load, readings, bare, ranks, len(ties.tasks)) for load in every]
    return sorted(found, key=lambda one: (one.kind in TERRITORIAL, -one.relations, -one.tasks, -one.led, one.unit))


def _nothing(load: Load) -> Load:
    return Load(load.unit, load.label, load.kind, load.lines, 0, 0.0, 0, 0, 0, 0, 0, 0, 0.0, 0.0, None, 0, 0.0)


def _ranks(loads: Mapping[str, Load], every: Sequence[Load]) -> dict[str, int]:
    found: dict[str, int] = {}
    for apart in (False, True):
        units = [load.unit for load in every if (load.kind in TERRITORIAL) is apart]
        figures = {unit: loads[unit].relations if unit in loads else 0 for unit in units}
        ordered = sorted(figures.values())
        for unit, figure in figures.items():
            found[unit] = 1 + len(ordered) - bisect_right(ordered, figure)
    return found


def _standing(
    load: Load,
    readings: Mapping[Reading, Mapping[str, Load]],
    bare: Mapping[str, int],
    ranks: Mapping[Reading, Mapping[str, int]],
    tasks: int,
) -> Standing:
    figures = [readings[reading][load.unit].relations if load.unit in readings[reading] else 0 for reading in Reading]
    over = [ranks[reading][load.unit] for reading in Reading]
    return Standing(
        unit=load.unit,
        label=load.label,
        kind=load.kind,
        lines=load.lines,
        led=load.led,
        led_fractional=load.led_fractional,
        shared=load.shared,
        tasks=load.tasks,
        relations=load.relations,
        relations_without_territories=None if load.kind in TERRITORIAL else bare.get(load.unit, 0),
        from_leading=load.from_leading,
        from_sharing=load.from_sharing,
        partners=load.partners,
        effective_partners=load.effective_partners,
        repetition=load.repetition,
        balance=load.balance,
        sections=load.sections,
        effective_sections=load.effective_sections,
        interval=(figures[0], figures[1], figures[2]),
        rank=ranks[Reading.PRINTED][load.unit],
        rank_interval=(min(over), max(over)),
        universal=2 * load.tasks > tasks,
    )


def unled_relations(ties: Ties) -> dict[TaskKey, int]:
    """For each task without a lead, the pairs of its units that nobody is named to coordinate: C(n_t, 2) (M4)."""
    return {key: len(team.others) * (len(team.others) - 1) // 2 for key, team in teams(ties).items() if not team.leads}


def overview(ties: Ties) -> Overview:
    """The figures of the whole graph, as printed."""
    printed = teams(ties)
    loads = measure_load(ties)
    others = [load for load in loads if load.kind not in TERRITORIAL]
    counts = [load.tasks for load in others]
    relations = [load.relations for load in others]
    return Overview(
        notices=len(ties.notices),
        tasks=len(ties.tasks),
        units=len(loads),
        leads=sum(len(team.leads) for team in printed.values()),
        shares=sum(len(team.others) for team in printed.values()),
        references=len(ties.references),
        without_lead=tuple(key for key, team in printed.items() if not team.leads),
        several_leads=tuple(key for key, team in printed.items() if len(team.leads) > 1),
        relations_total=sum(load.relations for load in loads),
        relations_total_without_territories=sum(load.relations for load in measure_load(ties, territorial=False)),
        mean_tasks=mean(counts) if counts else 0.0,
        median_tasks=median(counts) if counts else 0.0,
        gini=gini(relations),
        gini_error=gini_error(relations),
        top5_share=top_share(relations, 5),
    )


def concentrations(ties: Ties, *, k: int = 5) -> dict[str, Concentration]:
    """How unevenly tasks led, tasks shared, M3 and M3d are spread over the units that are no territories, as printed (M13).

    Returns:
        By measure: ``led``, ``shared``, ``relations``, ``relations_without_territories``. A unit that has a task but nothing of
        the measure counts with nought.
    """
    units = [load for load in measure_load(ties) if load.kind not in TERRITORIAL]
    bare = {load.unit: load.relations for load in measure_load(ties, territorial=False)}
    values = {
        "led": [load.led for load in units],
        "shared": [load.shared for load in units],
        "relations": [load.relations for load in units],
        "relations_without_territories": [bare[load.unit] for load in units],
    }
    return {measure: concentrate(counts, k=k) for measure, counts in values.items()}

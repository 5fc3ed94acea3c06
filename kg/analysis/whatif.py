"""What a scenario changes: every measure of load and concentration before and after, and which step changed it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.analysis.concentration import effective_number
from kg.analysis.load import Overview, Standing, TaskKey, overview, standings
from kg.analysis.network import dependencies
from kg.analysis.scenario import Dissolve, Merge, Scenario, Split, Step, stages, units_of
from kg.model import TERRITORIAL, Kind, Ties

PAIRS_KEPT = 20
"""So many of the strongest pairs, before and after, are kept beside those that change."""


@dataclass(frozen=True, slots=True)
class Whole:
    """Figures of all tasks together; Gini, shares and the effective number are over units that are no territories."""

    overview: Overview
    effective_number: float
    """1/Σs² of coordination relations: as concentrated as with so many equal carriers."""


@dataclass(frozen=True, slots=True)
class StepEffect:
    """What one step did, on what the steps before it left."""

    number: int
    """From 1."""
    step: Step
    whole: Whole
    """After the step."""
    changed: tuple[str, ...]
    """Ids of the units whose load as printed changed."""
    unled: tuple[TaskKey, ...]
    """Tasks that lost their only lead."""
    led: tuple[TaskKey, ...]
    """Tasks that had no lead and have one now."""


@dataclass(frozen=True, slots=True)
class UnitChange:
    """One unit before and after; None on the side where no task names it or reaches it, or where there is no such unit."""

    unit: str
    label: str
    kind: Kind
    before: Standing | None
    after: Standing | None
    relations: int
    """M3 after less before, as printed."""
    exists: tuple[bool, bool]
    """Whether there is such a unit before, and after."""
    origins: tuple[str, ...]
    """For a unit that took over from others: the units of the notice that it goes back to, itself among them if it was there."""
    steps: tuple[int, ...]
    """By which steps its load as printed changed (M1, M2, M3, M3d)."""
    interval_steps: tuple[int, ...]
    """By which steps the figures changed that count groups (M12, but for the first)."""
    rank_steps: tuple[int, ...]
    """By which steps its rank or the interval of its rank changed, be it only because others moved."""
    touched: bool
    """Whether a step names it."""


@dataclass(frozen=True, slots=True)
class PairChange:
    """One unit leads and another shares, neither a territory: in how many tasks before and after, and by which steps it changed."""

    lead: str
    share: str
    before: int
    after: int
    steps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A scenario tried out on some ties; what tests with random draws say before and after is not part of it."""

    scenario: Scenario
    old: Ties
    new: Ties
    before: Whole
    after: Whole
    steps: tuple[StepEffect, ...]
    units: tuple[UnitChange, ...]
    """Every unit of either side: greatest change of relations first, then greatest load."""
    pairs: tuple[PairChange, ...]
    """The pairs that change and the strongest of either side, strongest first."""


@dataclass(frozen=True, slots=True)
class _Stage:
    """Everything measured at one point of a scenario."""

    whole: Whole
    standings: Mapping[str, Standing]
    pairs: Mapping[tuple[str, str], int]


def whatif(ties: Ties, scenario: Scenario) -> Outcome:
    """Try out a scenario: everything measured before it, after each step and after it.

    Args:
        ties: the ties of one or more notices.
        scenario: steps that fit the ties, as ``read_scenario`` gives them.
    """
    rows = stages(ties, scenario)
    measured = [_stage(one) for one in rows]
    effects = tuple(_effect(number, step, measured[number - 1], measured[number]) for number, step in enumerate(scenario.steps, 1))
    return Outcome(
        scenario=scenario,
        old=ties,
        new=rows[-1],
        before=measured[0].whole,
        after=measured[-1].whole,
        steps=effects,
        units=tuple(_unit_changes(rows, measured, effects)),
        pairs=tuple(_pair_changes([one.pairs for one in measured])),
    )


def whole_of(ties: Ties, ranked: Sequence[Standing] | None = None) -> Whole:
    """The figures of all tasks together.

    Args:
        ties: the ties.
        ranked: their standings, where they are known already.
    """
    found = standings(ties) if ranked is None else ranked
    return Whole(overview(ties), effective_number([one.relations for one in found if one.kind not in TERRITORIAL]))


def _stage(ties: Ties) -> _Stage:
    ranked = standings(ties)
    pairs = {(pair.lead, pair.share): len(pair.tasks) for pair in dependencies(ties, territorial=False)}
    return _Stage(whole_of(ties, ranked), {one.unit: one for one in ranked}, pairs)


def _effect(number: int, step: Step, before: _Stage, after: _Stage) -> StepEffect:
    old, new = (set(one.whole.overview.without_lead) for one in (before, after))
    units = sorted(before.standings.keys() | after.standings.keys())
    changed = tuple(unit for unit in units if _load(before.standings.get(unit)) != _load(after.standings.get(unit)))
    return StepEffect(number, step, after.whole, changed, tuple(sorted(new - old)), tuple(sorted(old - new)))


def _load(one: Standing | None) -> tuple[object, ...]:
    """What a unit carries as printed; nothing for a unit that no task names."""
    if one is None or not one.tasks:
        return ()
    return (one.led, one.led_fractional, one.shared, one.relations, one.relations_without_territories)


def _wider(one: Standing | None) -> tuple[int, ...]:
    return one.interval[1:] if one else (0, 0)


def _ranks(one: Standing | None) -> tuple[object, ...]:
    return (one.rank, one.rank_interval) if one else ()


def _unit_changes(rows: Sequence[Ties], measured: Sequence[_Stage], effects: Sequence[StepEffect]) -> list[UnitChange]:
    ids = [{unit.id for unit in ties.units} for ties in (rows[0], rows[-1])]
    known = {unit.id: unit for ties in reversed(rows) for unit in ties.units}
    named = {unit for effect in effects for unit in units_of(effect.step)}
    origins = _origins(effect.step for effect in effects)
    found = []
    for unit, row in known.items():
        held = [stage.standings.get(unit) for stage in measured]
        if not named & {unit} and not any(held):
            continue
        steps = [steps_where([view(one) for one in held]) for view in (_load, _wider, _ranks)]
        exists = unit in ids[0], unit in ids[1]
        gain = _relations(held[-1]) - _relations(held[0])
        before = origins.get(unit, ())
        found.append(
            UnitChange(unit, row.label, row.kind, held[0], held[-1], gain, exists, before, steps[0], steps[1], steps[2], unit in named)
        )
    return sorted(found, key=lambda one: (-abs(one.relations), -_relations(one.after), -_relations(one.before), one.unit))


def steps_where(figures: Sequence[object]) -> tuple[int, ...]:
    """The numbers of the steps at which a figure changed, given its value before the first step and after each.

    >>> steps_where([5, 5, 4, 4])
    (2,)
    """
    return tuple(number for number in range(1, len(figures)) if figures[number] != figures[number - 1])


def _relations(one: Standing | None) -> int:
    return one.relations if one else 0


def _origins(steps: Iterable[Step]) -> dict[str, tuple[str, ...]]:
    """For units that came of others, or took over from them, the units they go back to."""
    found: dict[str, tuple[str, ...]] = {}
    for step in steps:
        match step:
            case Merge(units=units, into=into):
                parts, heirs = dict.fromkeys((*units, into.id)), [into.id]
                if into.id not in units and into.rule == "scenario":
                    parts.pop(into.id)
            case Split(unit=unit, first=first, second=second):
                parts, heirs = dict.fromkeys([unit]), [first.id, second.id]
            case Dissolve(unit=unit, heir=str() as heir):
                parts, heirs = dict.fromkeys([heir, unit]), [heir]
            case _:
                continue
        back = tuple(dict.fromkeys(one for part in parts for one in found.get(part, (part,))))
        found |= dict.fromkeys(heirs, back)
    return found


def _pair_changes(pairs: Sequence[Mapping[tuple[str, str], int]]) -> list[PairChange]:
    first, last = pairs[0], pairs[-1]
    strongest = {pair for side in (first, last) for pair in list(side)[:PAIRS_KEPT]}
    found = []
    for pair in sorted({key for side in pairs for key in side}):
        counts = [side.get(pair, 0) for side in pairs]
        steps = steps_where(counts)
        if steps or pair in strongest:
            found.append(PairChange(*pair, counts[0], counts[-1], steps))
    return sorted(found, key=lambda one: (-max(one.before, one.after), -one.after, one.lead, one.share))

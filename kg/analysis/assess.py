"""All tests of a ties table at once: O1 to O5, the family of O1 and O2 together at 5 %, and the verdicts that follow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kg.analysis import overturn
from kg.analysis.capacity import Capacity, measure_capacity
from kg.analysis.load import Reading, measure_load
from kg.analysis.nullmodel import NullModel, measure_null
from kg.analysis.robustness import Robustness, RobustnessTest, measure_robustness
from kg.analysis.span import Measure, Span, SpanTest, measure_span
from kg.analysis.verdicts import Check, Counted, Ground, Verdict, Word
from kg.analysis.volume import SURE, Family, Volume, holm, measure_volume
from kg.model import TERRITORIAL, Kind, Ties

SEED = 2020
LEVEL = 0.05
LARGEST = 1000
"""Tasks above which pairs and brokers are left out: O4 is a test of a notice, and would take minutes."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One hypothesis of the family of O1 and O2: one unit in one test."""

    unit: str
    label: str
    kind: Kind
    test: Ground
    counted: Counted
    p: float
    adjusted: float
    """Family-wise over all units of both tests."""
    posterior: float | None
    """Of O1 alone."""
    stands_out: bool


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the tests say; the same seed and numbers of draws give the same again, on any machine."""

    seed: int
    draws: int
    bootstraps: int
    null_draws: int
    volumes: tuple[Volume, ...]
    """O1, as printed."""
    spans: tuple[SpanTest, ...]
    """O2 as printed (this decides), resolved, upper."""
    robustness: RobustnessTest
    null: NullModel | None
    """O4; None where no draws were asked for, or where there are more than ``LARGEST`` tasks."""
    capacities: tuple[Capacity, ...]
    """O5; empty without staff."""
    decisions: tuple[Decision, ...]
    """The whole family of O1 and O2, the least likely first."""
    verdicts: tuple[Verdict, ...]
    """By word in the order of the ladder, then by figure, largest first."""


def assess(
    ties: Ties,
    *,
    seed: int = SEED,
    draws: int = 20_000,
    bootstraps: int = 1000,
    null_draws: int = 1000,
    staff: Mapping[str, int] | None = None,
) -> Assessment:
    """Every test and every verdict of a ties table.

    Args:
        ties: the ties table.
        seed: of every random step.
        draws: permutations of O2; what would overturn a verdict is tried with as many, for with fewer the answer hangs on the seed.
        bootstraps: of O3.
        null_draws: notices drawn for O4; 0 leaves it out, and so do more than ``LARGEST`` tasks.
        staff: by unit id (``read_staff``); without it nothing is called overloaded.
    """
    loads = measure_load(ties)
    volumes = measure_volume(loads)
    spans = tuple(measure_span(ties, seed=seed, draws=draws, reading=reading) for reading in Reading)
    firm = measure_robustness(ties, seed=seed, bootstraps=bootstraps)
    rows = {unit.id: unit for unit in ties.units}
    capacities = measure_capacity({load.unit: load.relations for load in loads}, staff, rows) if staff else []
    found = Assessment(
        seed=seed,
        draws=draws,
        bootstraps=bootstraps,
        null_draws=null_draws,
        volumes=tuple(volumes),
        spans=spans,
        robustness=firm,
        null=measure_null(ties, seed=seed, draws=null_draws) if null_draws and len(ties.tasks) <= LARGEST else None,
        capacities=tuple(capacities),
        decisions=tuple(decide(volumes, spans[0].rows)),
        verdicts=(),
    )
    return replace(found, verdicts=tuple(_verdicts(ties, found, staff or {})))


def decide(volumes: Sequence[Volume], spans: Sequence[Span]) -> list[Decision]:
    """The family of O1 and O2 at 5 %, the least likely first.

    O1: p is exact under equal rates of the peers, adjusted by Holm over all units tested; a unit stands out where its posterior
    is at least 0.95 as well. O2: p adjusted by minP over units and measures. Both together: Holm's first step, which doubles
    each p. Its second step (no doubling) would be right only once every unit of the other test is rejected, which is never;
    where one test has nothing to test, nothing is doubled.

    In 1,000 notices drawn under both nulls some unit stood out in 1.7 % (upper bound 2.5 %). What is found (200 notices each, as the
    Jingzhou notice): O1 a unit of 4, 5, 6 times the mean in 26, 62, 90 % where its peers are as unequal as printed, but in 5, 10,
    46 % where they are all alike, for then the prior draws it far towards them; O2 a unit that leads 5 tasks of 2, 3, 4 times the
    relations in 18, 83, 98 %; one that leads a single task never (``tests/benchmarks/calibration.py``).
    """
    tested = [volume for volume in volumes if volume.family is Family.TASKS and volume.p is not None]
    times = (1 if tested else 0) + (1 if spans else 0)
    adjusted = holm({volume.unit: volume.p for volume in tested if volume.p is not None})
    found = []
    for one in tested:
        p, posterior = min(1.0, times * adjusted[one.unit]), one.posterior or 0.0
        out = posterior >= SURE and p <= LEVEL
        found.append(Decision(one.unit, one.label, one.kind, Ground.O1, Counted.TASKS, one.p or 0.0, p, posterior, out))
    for span in spans:
        p = min(1.0, times * span.adjusted)
        found.append(Decision(span.unit, span.label, span.kind, Ground.O2, Counted(span.measure), span.p, p, None, p <= LEVEL))
    return sorted(found, key=lambda one: (one.adjusted, one.p, one.test, one.counted, one.unit))


def _verdicts(ties: Ties, found: Assessment, staff: Mapping[str, int]) -> list[Verdict]:
    out = [decision for decision in found.decisions if decision.stands_out]
    times = len({decision.test for decision in found.decisions})
    verdicts = _volume_verdicts(ties, found, [decision for decision in out if decision.test is Ground.O1], times)
    verdicts += _span_verdicts(ties, found, [decision for decision in out if decision.test is Ground.O2], times)
    verdicts += _heavy_verdicts(ties, verdicts, found.robustness)
    verdicts += _capacity_verdicts(ties, found.capacities, staff)
    return sorted(verdicts, key=lambda one: (list(Word).index(one.word), -one.figure, one.unit))


def _volume_verdicts(ties: Ties, found: Assessment, out: Sequence[Decision], times: int) -> list[Verdict]:
    if not out:
        return []
    checks = overturn.volume_checks(ties, [decision.unit for decision in out], times)
    rows = {volume.unit: volume for volume in found.volumes if volume.family is Family.TASKS}
    counts = {(volume.unit, volume.family): volume.count for volume in found.volumes}
    verdicts = []
    for decision in out:
        fit = rows[decision.unit].fit
        values = {
            "p": decision.adjusted,
            "posterior": decision.posterior or 0.0,
            "posterior_in_kind": rows[decision.unit].posterior_in_kind or 0.0,
            "led": counts[decision.unit, Family.LED],
            "shared": counts[decision.unit, Family.SHARED],
            "peers": fit.units if fit else 0,
            "shape": fit.shape if fit else 0.0,
        }
        figure, expected = rows[decision.unit].count, fit.mean if fit else 0.0
        verdicts.append(_verdict(decision, Word.VOLUME, (Ground.O1,), Counted.TASKS, figure, expected, values, checks[decision.unit]))
    return verdicts


def _span_verdicts(ties: Ties, found: Assessment, out: Sequence[Decision], times: int) -> list[Verdict]:
    # One verdict a unit: by M3d where it stands out there, for zones and counties add much the same to every task; else by M3.
    flagged: dict[str, Decision] = {}
    for decision in sorted(out, key=lambda one: one.counted is Counted.M3D):
        flagged[decision.unit] = decision
    if not flagged:
        return []
    measures = {unit: Measure(decision.counted) for unit, decision in flagged.items()}
    checks = overturn.span_checks(ties, measures, found.spans, times, found.seed, found.draws)
    rows = {(span.unit, span.measure): span for span in found.spans[0].rows}
    verdicts = []
    for unit, decision in flagged.items():
        span, whole = rows[unit, measures[unit]], rows[unit, Measure.M3]
        values = {
            "p": decision.adjusted,
            "led": span.led,
            "relations": whole.relations,
            "relations_expected": whole.expected,
            "draws": found.draws,
            "seed": found.seed,
        }
        verdicts.append(_verdict(decision, Word.SPAN, (Ground.O2,), decision.counted, span.relations, span.expected, values, checks[unit]))
    return verdicts


def _heavy_verdicts(ties: Ties, verdicts: Sequence[Verdict], firm: RobustnessTest) -> list[Verdict]:
    # O1 with O3 goes by M3, the headline; O2 with O3 by the measure of the verdict.
    bases: defaultdict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        bases[verdict.unit].append(verdict)
    rows: defaultdict[str, dict[Measure, Robustness]] = defaultdict(dict)
    for row in firm.rows:
        rows[row.unit][row.measure] = row
    found = []
    opened = {reading: _ranks_in(ties, reading) for reading in (Reading.RESOLVED, Reading.UPPER)} if bases else {}
    for unit, kept in bases.items():
        firmly = [base for base in kept if rows[unit][_measure(base)].robust]
        if not firmly:
            continue
        measure = _measure(firmly[0])
        row = rows[unit][measure]
        values = {
            "rank": row.rank,
            "rank_low": row.rank_interval[0],
            "rank_high": row.rank_interval[1],
            "top": firm.top,
            "top_probability": row.top_probability,
            "rank_without_section": row.rank_without_section or row.rank_without_task,
            "rank_merged": row.rank_merged,
            "bootstraps": firm.bootstraps,
            "seed": firm.seed,
        }
        peers = [one.relations for one in firm.rows if one.measure is measure and (one.kind in TERRITORIAL) is (row.kind in TERRITORIAL)]
        ranks = {reading: own[unit, measure] for reading, own in opened.items()}
        checks = overturn.heavy_checks([base.checks for base in firmly], rows[unit], measure, firm.top, ranks)
        tests = (*(test for base in firmly for test in base.tests), Ground.O3)
        mean = sum(peers) / len(peers)
        found.append(_verdict(firmly[0], Word.HEAVY, tests, Counted(measure), row.relations, mean, values, checks))
    return found


def _ranks_in(ties: Ties, reading: Reading) -> dict[tuple[str, Measure], int]:
    """The rank of every unit by relations, territories apart, in both measures; those with no relations come last."""
    found: dict[tuple[str, Measure], int] = {}
    for measure in Measure:
        loads = measure_load(ties, reading=reading, territorial=measure is Measure.M3)
        for apart in (False, True):
            own = [load for load in loads if (load.kind in TERRITORIAL) is apart]
            found |= {(load.unit, measure): 1 + sum(other.relations > load.relations for other in own) for load in own}
    return found


def _measure(verdict: Verdict) -> Measure:
    return Measure.M3 if verdict.counted is Counted.TASKS else Measure(verdict.counted)


def _capacity_verdicts(ties: Ties, capacities: Sequence[Capacity], staff: Mapping[str, int]) -> list[Verdict]:
    above = [capacity for capacity in capacities if capacity.above]
    checks = overturn.capacity_checks(ties, [capacity.unit for capacity in above], staff) if above else {}
    return [
        _verdict(
            one,
            Word.OVERLOADED,
            (Ground.O5,),
            Counted.M3,
            one.relations,
            (one.mean or 0.0) * one.staff,
            {"staff": one.staff, "ratio": one.ratio, "mean": one.mean or 0.0, "limit": one.limits_998[1] if one.limits_998 else 0.0},
            checks[one.unit],
        )
        for one in above
    ]


def _verdict(
    of: Decision | Verdict | Capacity,
    word: Word,
    tests: tuple[Ground, ...],
    counted: Counted,
    figure: float,
    expected: float,
    values: Mapping[str, float],
    checks: tuple[Check, ...],
) -> Verdict:
    kept = tuple((name, float(value)) for name, value in values.items())
    return Verdict(of.unit, of.label, of.kind, word, tests, counted, Reading.PRINTED, float(figure), float(expected), kept, checks)

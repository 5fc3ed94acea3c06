"""Do O1 and O2 hold their error rate, and what do they find? 1,000 notices drawn under each null, then with a unit planted.

``python -m tests.benchmarks.calibration`` prints the tables; ``tests/test_significance_soak.py`` asserts the first.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.stats import beta

from kg.analysis.assess import LEVEL, assess, decide
from kg.analysis.load import measure_load, teams
from kg.analysis.span import Crowds, Measure, adjusted_without, crowds_of, measure_span
from kg.analysis.verdicts import Ground
from kg.analysis.volume import SURE, chances_above, equal_rate_tails, fit_gamma_poisson, holm, measure_volume, peers_of
from kg.building.line import one_notice
from kg.graph.ties import ties_of
from kg.model import Role, Tie, Ties

SEED_FILE = Path(__file__).resolve().parents[2] / "seeds" / "jingzhou-2020-1.txt"
NOTICES, DRAWS, SEED = 1000, 2000, 2020
TIMES = (1, 2, 3, 4, 5, 6)
Generator = np.random.Generator


@dataclass(frozen=True, slots=True)
class Rate:
    """How often something happened in some notices."""

    what: str
    hits: int
    notices: int

    @property
    def share(self) -> float:
        """0–1."""
        return self.hits / self.notices

    @property
    def bound(self) -> float:
        """The upper 95 % bound (Clopper–Pearson, one side)."""
        return float(beta.ppf(0.95, self.hits + 1, self.notices - self.hits)) if self.hits < self.notices else 1.0

    def line(self) -> str:
        """As a row of the table."""
        return f"{self.what:64s} {self.hits:5d} of {self.notices}  {self.share:6.1%}  ≤ {self.bound:5.1%}"


def drawn_notice(ties: Ties, weights: Mapping[str, float], chance: Generator) -> Ties:
    """The notice with every task's numbers of leads and others of each group of peers kept, and who they are drawn by weight.

    With equal weights both nulls are true: all peers have one rate, and who leads has nothing to do with how crowded a task is.
    """
    kinds = {unit.id: unit.kind for unit in ties.units}
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for tie in ties.ties:
        if not tie.through and tie.unit not in groups[peers_of(kinds[tie.unit])]:
            groups[peers_of(kinds[tie.unit])].append(tie.unit)
    logs = {peers: np.log([weights.get(unit, 1.0) for unit in units]) for peers, units in groups.items()}
    rows = []
    for (notice, task), team in teams(ties).items():
        needed: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
        for unit in sorted(team.leads | team.others):
            needed[peers_of(kinds[unit])][0 if unit in team.leads else 1] += 1
        for peers, (leads, others) in needed.items():
            # The largest of log weight + Gumbel: a draw without replacement by weight (Efraimidis & Spirakis 2006).
            keys = logs[peers] + chance.gumbel(size=len(logs[peers]))
            chosen = [groups[peers][at] for at in np.argsort(-keys)[: leads + others]]
            chosen = [chosen[at] for at in chance.permutation(len(chosen))]
            rows += [Tie(notice, task, unit, Role.LEAD if at < leads else Role.RESPONSIBLE) for at, unit in enumerate(chosen)]
    return replace(ties, ties=tuple(rows), references=())


def alarms(ties: Ties, draws: int, seed: int) -> dict[Ground, set[str]]:
    """The units that stand out, by test."""
    decisions = decide(measure_volume(measure_load(ties)), measure_span(ties, seed=seed, draws=draws).rows)
    return {test: {one.unit for one in decisions if one.test is test and one.stands_out} for test in (Ground.O1, Ground.O2)}


def both_nulls(ties: Ties, notices: int = NOTICES, draws: int = DRAWS, seed: int = SEED) -> list[Rate]:
    """False alarms where all peers have equal rates and leads fall on tasks at random: O1, O2, and either."""
    chance = np.random.default_rng(seed)
    found = [alarms(drawn_notice(ties, {}, chance), draws, seed + at) for at in range(notices)]
    first, second = (sum(bool(one[test]) for one in found) for test in (Ground.O1, Ground.O2))
    return [
        Rate("equal rates and sizes at random: O1", first, notices),
        Rate("equal rates and sizes at random: O2", second, notices),
        Rate("equal rates and sizes at random: O1 or O2 (the family)", sum(any(one.values()) for one in found), notices),
    ]


def permuted_sizes(ties: Ties, notices: int = NOTICES, draws: int = DRAWS, seed: int = SEED) -> list[Rate]:
    """False alarms of O2 with the leads as printed, unequal as they are, and sizes permuted; minP alone should be near 5 %."""
    chance, crowds = np.random.default_rng(seed), crowds_of(ties)
    lowest = []
    for at in range(notices):
        order = chance.permutation(len(crowds.keys))
        lowest.append(min(_adjusted(_with_sizes(crowds, lambda sizes, order=order: sizes[order]), draws, seed + at).values()))
    return [
        Rate("leads as printed, sizes permuted: O2 by minP alone", sum(p <= LEVEL for p in lowest), notices),
        Rate("leads as printed, sizes permuted: O2 in the family", sum(2 * p <= LEVEL for p in lowest), notices),
    ]


def _with_sizes(crowds: Crowds, change: Callable[..., np.ndarray]) -> Crowds:
    first, second = (replace(crowd, sizes=change(crowd.sizes)) for crowd in crowds.measures)
    return replace(crowds, measures=(first, second))


def _adjusted(crowds: Crowds, draws: int, seed: int) -> dict[tuple[str, Measure], float]:
    return adjusted_without(crowds, [()], seed, draws)[0]


def poisson_counts(notices: int = NOTICES, seed: int = SEED) -> list[Rate]:
    """False alarms of O1 where the counts of one group are Poisson with one rate, over sizes of groups and rates."""
    chance = np.random.default_rng(seed)
    rates = []
    for units in (4, 10, 44, 100):
        for mean in (1.0, 3.0, 8.0):
            hits = sum(bool(_out(chance.poisson(mean, units))) for _ in range(notices))
            rates.append(Rate(f"equal rates, {units} peers with {mean:g} tasks each: O1", hits, notices))
    return rates


def _out(counts: np.ndarray) -> list[int]:
    # What decide does, on counts alone; units without a task are not printed.
    held = [int(count) for count in counts if count]
    if len(held) < 4:
        return []
    adjusted = holm(dict(enumerate(equal_rate_tails(held))))
    sure = chances_above(held, fit_gamma_poisson(held))
    return [at for at in range(len(held)) if 2 * adjusted[at] <= LEVEL and sure[at] >= SURE]


def found_by_volume(ties: Ties, *, alike: bool, notices: int = 200, seed: int = SEED) -> list[Rate]:
    """How often O1 finds one department planted with so many times the load; the others alike, or as unequal as in the print."""
    kinds = {unit.id: unit.kind for unit in ties.units}
    local = [load.unit for load in measure_load(ties) if peers_of(kinds[load.unit]) == "local"]
    shape = fit_gamma_poisson([load.tasks for load in measure_load(ties) if load.unit in set(local)]).shape
    chance, rates = np.random.default_rng(seed), []
    for times in TIMES:
        hits = 0
        for _ in range(notices):
            weights = dict(zip(local, np.ones(len(local)) if alike else chance.gamma(shape, 1 / shape, len(local)), strict=True))
            planted = local[int(chance.integers(len(local)))]
            weights = {unit: max(weight, 1e-9) for unit, weight in weights.items()} | {planted: float(times)}
            volumes = measure_volume(measure_load(drawn_notice(ties, weights, chance)))
            hits += any(one.stands_out and one.unit == planted for one in decide(volumes, measure_span(ties, draws=1).rows[:1]))
        rates.append(Rate(f"O1, others {'alike' if alike else 'as unequal as printed'}: {times} × the mean", hits, notices))
    return rates


def found_by_span(ties: Ties, led: int, notices: int = 200, draws: int = DRAWS, seed: int = SEED) -> list[Rate]:
    """How often O2 finds a unit that leads so many tasks, each with so many times the relations of a task at random."""
    chance, crowds = np.random.default_rng(seed), crowds_of(ties)
    rates = []
    for times in TIMES:
        hits = 0
        for at in range(notices):
            leads = crowds.measures[0].matrix.sum(axis=0)
            planted = crowds.measures[0].leads[int(chance.choice(np.flatnonzero(leads == led)))]
            order = chance.permutation(len(crowds.keys))
            column = crowds.measures[0].leads.index(planted)
            grown = np.where(crowds.measures[0].matrix[:, column] > 0, times, 1)
            p = _adjusted(_with_sizes(crowds, lambda sizes, order=order, grown=grown: sizes[order] * grown), draws, seed + at)
            hits += min(p.get((planted, measure), 1.0) for measure in Measure) * 2 <= LEVEL
        rates.append(Rate(f"O2, leading {led} tasks with {times} × the relations", hits, notices))
    return rates


def main() -> None:
    """Print the time of all tests together, and both tables."""
    ties = ties_of([one_notice(SEED_FILE)])
    start = time.process_time()
    assess(ties)
    print(f"all tests and verdicts, first run: {time.process_time() - start:.2f} s CPU (≤ 2)")
    print(f"false alarms, seed {SEED}, {DRAWS} permutations a notice; share and upper 95 % bound")
    for rate in (*both_nulls(ties), *permuted_sizes(ties), *poisson_counts()):
        print(rate.line(), flush=True)
    print("found; share and upper 95 % bound")
    for alike in (True, False):
        for rate in found_by_volume(ties, alike=alike):
            print(rate.line(), flush=True)
    for led in (1, 3, 5, 8):
        for rate in found_by_span(ties, led):
            print(rate.line(), flush=True)


if __name__ == "__main__":
    sys.exit(main())

"""Pairs and brokers against chance (O4): every unit keeps its tasks led and shared, every task its size, all else is drawn.

The null of fixed margins, kept by role: each unit leads and shares as many tasks as in the print, each task has as many leads
and others, and nobody both leads and shares a task. Drawn by trades between two tasks (curveball: Strona et al. 2014;
uniform: Carstens 2015), here for two roles at once. That such trades reach every notice is proved for one role; for two,
all notices of small cases were counted (``tests/test_significance_null.py``): in some one of a hundred cases of three or four
tasks a few notices are out of reach, and those within reach are all alike in chance. Between draws only one round is traded,
so draws resemble their forerunners; figures of 1,000 draws vary by some hundredths of a task.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, comb
from random import Random
from typing import TYPE_CHECKING, Any

from kg.analysis.load import Reading, TaskKey, teams
from kg.model import Ties

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SEED = 2020
DRAWS = 1000
LEVEL = 0.05
WARMING = 20
"""Rounds of trades before the first draw; in a round every task trades once."""

Roles = tuple[set[int], set[int]]
"""The leads and the others of one task, as numbers of units."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two units that share tasks, in whatever roles, against what their margins let one expect."""

    one: str
    other: str
    tasks: int
    expected: float
    p: float
    """(1 + draws with as many or more) / (1 + draws); where no draw has as many, the tail, if that is finer."""
    tail: float
    """The chance of as many or more if tasks were independent (Poisson-binomial of the drawn cells): finer than draws, and rather
    too large than too small."""
    q: float
    """The lowest false discovery rate at which the pair passes, among all pairs."""
    needed: int
    """How many tasks the pair would have to share to pass if it alone stood out; more than ``most``: it cannot."""
    most: int
    """The tasks of the one that has fewer."""

    @property
    def passes(self) -> bool:
        """Whether the pair exceeds chance at a false discovery rate of 5 %."""
        return self.q <= LEVEL


@dataclass(frozen=True, slots=True)
class Broker:
    """A unit that stands between others: pairs of its partners that have no coordination relation with each other."""

    unit: str
    label: str
    between: int
    expected: float
    p: float
    q: float
    needed: int | None
    """The smallest number that would pass if it alone stood out; None where the draws are too few for that."""

    @property
    def passes(self) -> bool:
        """Whether the unit exceeds chance at a false discovery rate of 5 %."""
        return self.q <= LEVEL


@dataclass(frozen=True, slots=True)
class NullModel:
    """What exceeds chance, and what this test could have seen at all."""

    seed: int
    draws: int
    reading: Reading
    pairs: tuple[Pair, ...]
    """Pairs with a task in common, the least likely first."""
    brokers: tuple[Broker, ...]
    pairs_tested: int
    """All pairs of units, with tasks in common or not: the number of tests that the false discovery rate counts."""
    pairs_within_reach: int
    """Of ``pairs``, those that could pass alone if they shared as many tasks as their margins allow: the power of this test."""
    draws_for_one: int
    """So many draws it takes for the Monte Carlo p of one pair alone to pass; with fewer, only its tail can."""
    typical_expected: float
    """Median of the tasks in common that chance gives to the pairs that share some."""
    typical_needed: int
    """Median of the tasks in common that these pairs would need."""
    moved: float
    """Share (0–1) of the cells printed that a draw has elsewhere, on average: near nought, the margins leave no room."""


def measure_null(
    ties: Ties, *, seed: int = SEED, draws: int = DRAWS, reading: Reading = Reading.PRINTED, territorial: bool = False
) -> NullModel:
    """Every pair and every broker against ``draws`` notices with the same margins; Benjamini–Hochberg at 5 %.

    With some thousand pairs the Monte Carlo p of 1,000 draws can never pass: its floor of 1/1001 is above 5 % by the number of
    pairs. Where no draw reaches the print, p is therefore the Poisson-binomial tail over tasks of the chance that both are there
    (as in the model of Neal, Domagalski & Sagan 2021, but with the drawn chance of the pair: the product of the drawn chances of
    its units is a third too large, for one lead shuts out the other). It still errs towards too large, since the number of tasks of
    each unit is held. So "no pair passes" tells of the power first: of the Jingzhou notice 150,000 draws (a minute) let one pass,
    市生态环境局 with 市水利和湖泊局 (6 tasks, 1.0 expected, p about 0.000013, q about 0.02).

    Args:
        ties: the ties table.
        seed: of the draws; the same seed gives the same figures.
        draws: how many notices are drawn.
        reading: how far groups are opened.
        territorial: whether territories and zones take part.
    """
    import numpy as np

    units, tasks, blocks = numbered(ties, reading, territorial)
    observed, star = _cells(tasks, len(units))
    one, other = (pair.astype(int) for pair in np.nonzero(np.triu(observed.T @ observed, 1)))
    together, between = observed.T @ observed, _open_pairs(star)
    cells, joint, hits = np.zeros(observed.shape), np.zeros((len(tasks), len(one))), np.zeros(together.shape)
    drawn, moved = np.zeros((draws, len(units)), dtype=np.int64), 0.0
    for at, notice in enumerate(random_notices(tasks, blocks, draws, seed)):
        matrix, bonds = _cells(notice, len(units))
        cells += matrix
        joint += matrix[:, one] * matrix[:, other]
        hits += matrix.T @ matrix >= together
        drawn[at] = _open_pairs(bonds)
        moved += float(((matrix == 0) & (observed > 0)).sum())
    tested = comb(len(units), 2)
    tails = _tails(_chances(cells, joint, one, other, draws), int(observed.sum(axis=0).max(initial=0)) + 1)
    pairs = _pairs(units, observed, (one, other), joint.sum(axis=0) / max(1, draws), tails, hits[one, other], draws)
    return NullModel(
        seed=seed,
        draws=draws,
        reading=reading,
        pairs=tuple(sorted(pairs, key=lambda pair: (pair.p, pair.tail, pair.one, pair.other))),
        brokers=_brokers(ties, units, observed, between, drawn),
        pairs_tested=tested,
        pairs_within_reach=sum(pair.needed <= pair.most for pair in pairs),
        draws_for_one=max(0, ceil(tested / LEVEL) - 1),
        typical_expected=float(np.median([pair.expected for pair in pairs])) if pairs else 0.0,
        typical_needed=int(np.median([pair.needed for pair in pairs])) if pairs else 0,
        moved=moved / max(1.0, float(observed.sum()) * draws),
    )


def numbered(ties: Ties, reading: Reading, territorial: bool) -> tuple[list[str], list[Roles], list[int]]:
    """The units with a task, the tasks with numbers in their place, and the notice that each task stands in."""
    found = teams(ties, reading, territorial=territorial)
    units = sorted({unit for team in found.values() for unit in team.leads | team.others})
    at = {unit: number for number, unit in enumerate(units)}
    notices: dict[str, int] = {}
    keys: list[TaskKey] = [key for key, team in found.items() if team.leads or team.others]
    blocks = [notices.setdefault(key[0], len(notices)) for key in keys]
    return units, [({at[u] for u in found[key].leads}, {at[u] for u in found[key].others}) for key in keys], blocks


def random_notices(tasks: Sequence[Roles], blocks: Sequence[int], draws: int, seed: int) -> Iterator[list[Roles]]:
    """Notices with the margins of this one, one after another of one chain; tasks trade within their notice (``blocks``).

    Between two draws every task trades once, with partners drawn anew (global trades: Carstens, Hamann et al. 2018).
    """
    chance = Random(seed)
    now: list[Roles] = [(set(leads), set(others)) for leads, others in tasks]
    rows: dict[int, list[int]] = {}
    for row, number in enumerate(blocks):
        rows.setdefault(number, []).append(row)
    for at in range(WARMING + draws):
        for block in rows.values():
            chance.shuffle(block)
            for one, other in zip(block[::2], block[1::2], strict=False):
                trade(now[one], now[other], chance)
        if at >= WARMING:
            yield now


def trade(one: Roles, other: Roles, chance: Random) -> None:
    """Give two tasks one of all pairs of teams that keep every unit's roles over the two, all alike in chance.

    A unit that leads one of them and has no part in the other may change sides; so may one that shares; one that leads the
    one and shares the other may swap its roles, which then must be made good by the leads and the others. Changes both in place.
    """
    (leads, others), (second_leads, second_others) = one, other
    crossed = (leads & second_others) | (second_leads & others)
    led, shared = leads ^ second_leads, others ^ second_others
    if crossed:
        led, shared = led - crossed, shared - crossed
        swaps = _how_many_swap(len(led), len(shared), len(crossed), len(leads - second_leads), len(others - second_others), chance)
        first = _some(crossed, swaps, chance)
        back = crossed - first
        held = len(leads & led) + len(leads & crossed) - swaps
        given = len(others & shared) + len(others & crossed) - len(back)
        _settle(leads, second_leads, crossed, first)
        _settle(others, second_others, crossed, back)
    else:
        held, given = len(leads & led), len(others & shared)
    _settle(leads, second_leads, led, _some(led, held, chance))
    _settle(others, second_others, shared, _some(shared, given, chance))


def _settle(one: set[int], other: set[int], pool: set[int], chosen: set[int]) -> None:
    # The chosen units of the pool go to the one, the rest to the other.
    if pool:
        one -= pool
        other -= pool
        one |= chosen
        other |= pool - chosen


def _how_many_swap(led: int, shared: int, crossed: int, held: int, given: int, chance: Random) -> int:
    # Of the crossed units z lead the first task; there are C(led, held − z)·C(shared, given − crossed + z)·C(crossed, z) ways.
    ways = [
        comb(led, held - z) * comb(shared, given - crossed + z) * comb(crossed, z) if held >= z and given >= crossed - z else 0
        for z in range(crossed + 1)
    ]
    return chance.choices(range(crossed + 1), ways)[0]


def _some(units: set[int], count: int, chance: Random) -> set[int]:
    # The start of a shuffle (Fisher and Yates); random.sample takes three times as long. Sorted: the same on any machine.
    if not 0 < count < len(units):
        return set(units) if count else set()
    left, draw = sorted(units), chance.random
    for at in range(count):
        other = at + int(draw() * (len(left) - at))
        left[at], left[other] = left[other], left[at]
    return set(left[:count])


def _cells(tasks: Sequence[Roles], units: int) -> tuple[Floats, NDArray[np.bool_]]:
    # Who is in which task, and who has a coordination relation with whom.
    import numpy as np

    sizes = [(len(leads), len(others)) for leads, others in tasks]
    leading, sharing = np.zeros((2, len(tasks), units))
    rows = np.arange(len(tasks))
    leading[np.repeat(rows, [size[0] for size in sizes]), [u for leads, _ in tasks for u in leads]] = 1
    sharing[np.repeat(rows, [size[1] for size in sizes]), [u for _, others in tasks for u in others]] = 1
    every = leading + sharing
    bonds = leading.T @ every
    star = (bonds + bonds.T) > 0
    np.fill_diagonal(star, False)
    return every, star


def _open_pairs(star: NDArray[np.bool_]) -> Any:
    # C(k, 2) pairs of partners less those that are partners themselves (Gould & Fernandez 1989, without direction).
    import numpy as np

    bonds = star.astype(np.float64)
    closed = ((bonds @ bonds) * bonds).sum(axis=1) / 2
    degree = bonds.sum(axis=1)
    return (degree * (degree - 1) / 2 - closed).astype(np.int64)


def _pairs(
    units: Sequence[str], observed: Floats, pairs: tuple[Any, Any], expected: Floats, tails: Floats, hits: Floats, draws: int
) -> list[Pair]:
    import numpy as np

    one, other = pairs
    tested = comb(len(units), 2)
    together = (observed.T @ observed)[one, other].astype(int)
    counts = observed.sum(axis=0).astype(int)
    most = np.minimum(counts[one], counts[other])
    needed = np.minimum((tails > LEVEL / max(1, tested)).sum(axis=1), most + 1)
    tail = tails[np.arange(len(one)), together]
    p = np.where(hits > 0, (1 + hits) / (1 + draws), np.minimum(1 / (1 + draws), tail))
    q = false_discovery_rates(np.concatenate([p, np.ones(tested - len(p))]))
    return [
        Pair(
            units[one[at]],
            units[other[at]],
            int(together[at]),
            float(expected[at]),
            float(p[at]),
            float(tail[at]),
            float(q[at]),
            int(needed[at]),
            int(most[at]),
        )
        for at in range(len(one))
    ]


def _chances(cells: Floats, joint: Floats, one: Any, other: Any, draws: int) -> Floats:
    # That both are in a task, from the draws. Three draws more are spread over the tasks where both can be: none of n draws
    # leaves a chance of up to 3/n (its upper 95 % bound), and a pair never seen together must not look impossible.
    import numpy as np

    if not draws:
        return np.zeros(joint.shape)
    weights = cells[:, one] * cells[:, other]
    sums = weights.sum(axis=0)
    return np.asarray(np.minimum(1.0, (joint + 3 * weights / np.where(sums > 0, sums, 1)) / draws))


def _tails(chances: Floats, top: int) -> Floats:
    # P(at least k tasks in common) for every pair, k from 0 to top: task by task, all pairs at once.
    import numpy as np

    mass = np.zeros((chances.shape[1], top + 1))
    mass[:, 0] = 1.0
    for row in chances:
        both = row[:, None]
        mass[:, -1] += mass[:, -2] * row
        mass[:, 1:-1] += both * (mass[:, :-2] - mass[:, 1:-1])
        mass[:, :1] *= 1 - both
    return np.asarray(mass[:, ::-1].cumsum(axis=1)[:, ::-1])


def false_discovery_rates(p: Any) -> Any:
    """The q of every p: the lowest false discovery rate at which it passes (Benjamini & Hochberg 1995).

    The same as ``scipy.stats.false_discovery_control`` (a test holds it), without the half second of CPU that loading
    ``scipy.stats`` takes of a report.

    >>> false_discovery_rates([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    import numpy as np

    values = np.asarray(p, dtype=float)
    order = np.argsort(values)[::-1]
    ranks = np.arange(len(values), 0, -1)
    found = np.empty(len(values))
    found[order] = np.minimum.accumulate(np.minimum(1.0, values[order] * len(values) / ranks)) if len(values) else 0.0
    return found


def _brokers(ties: Ties, units: Sequence[str], observed: Floats, between: Any, drawn: Any) -> tuple[Broker, ...]:
    import numpy as np

    labels = {unit.id: unit.label for unit in ties.units}
    kept = [int(unit) for unit in np.flatnonzero(observed.sum(axis=0) >= 2)]
    draws = len(drawn)
    p = (1 + (drawn[:, kept] >= between[kept]).sum(axis=0)) / (1 + draws)
    q = false_discovery_rates(p)
    hits = int((1 + draws) * LEVEL / max(1, len(kept))) - 1
    downwards = np.sort(drawn[:, kept], axis=0)[::-1]
    needed = downwards[hits] + 1 if 0 <= hits < draws else None
    found = [
        Broker(
            units[unit],
            labels[units[unit]],
            int(between[unit]),
            float(drawn[:, unit].mean()),
            float(p[at]),
            float(q[at]),
            int(needed[at]) if needed is not None else None,
        )
        for at, unit in enumerate(kept)
    ]
    return tuple(sorted(found, key=lambda one: (one.p, -one.between, one.unit)))

"""Given how many tasks a unit leads, are they the crowded ones (O2): team sizes permuted over the tasks that have a lead."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from kg.analysis.load import Reading, TaskKey, Team, teams
from kg.model import Kind, Ties

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SEED = 2020
DRAWS = 20_000
CHUNK = 4_000_000
"""Numbers drawn at once, so that many tasks need no more memory."""
AT_ONCE = 16
"""Selections of tasks that share their permutations, so that many selections need no more memory either."""


class Measure(StrEnum):
    """Which relations are counted: all of them (M3), or after territories and zones are taken out of every task (M3d)."""

    M3 = "m3"
    M3D = "m3d"


@dataclass(frozen=True, slots=True)
class Span:
    """The relations that one unit has from leading, against as many tasks led at random."""

    unit: str
    label: str
    kind: Kind
    measure: Measure
    led: int
    """Tasks led, alone or with others; a co-led task counts whole for each lead."""
    relations: int
    """Σ (n_t − 1) over the tasks it leads."""
    expected: float
    """Its mean when team sizes are permuted."""
    p: float
    """(1 + draws with as many or more) / (1 + draws)."""
    adjusted: float
    """Family-wise over all units and both measures (step-down minP, Westfall & Young 1993)."""


@dataclass(frozen=True, slots=True)
class SpanTest:
    """All units that lead, in one reading; ``seed`` and ``draws`` give the same figures again."""

    seed: int
    draws: int
    reading: Reading
    rows: tuple[Span, ...]
    """The least likely first."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """The tasks with a lead in one measure, as arrays."""

    measure: Measure
    leads: tuple[str, ...]
    matrix: NDArray[np.float32]
    """Tasks × leads, 1 where the unit leads."""
    sizes: NDArray[np.float32]
    """n_t − 1; what stands in rows of ``absent`` has no meaning."""
    present: NDArray[np.bool_]
    """Tasks that have a lead in this measure: without territories, one led by a county alone has none."""


@dataclass(frozen=True, slots=True)
class Crowds:
    """One reading, both measures over the same tasks."""

    keys: tuple[TaskKey, ...]
    notices: NDArray[np.floating[Any]]
    """Number of the notice of each task, upwards: sizes are permuted within a notice."""
    measures: tuple[Crowd, Crowd]


def measure_span(ties: Ties, *, seed: int = SEED, draws: int = DRAWS, reading: Reading = Reading.PRINTED) -> SpanTest:
    """Test for every unit that leads, in M3 and in M3d, whether its tasks are more crowded than chance gives.

    Under the null the sizes of the teams lie on the tasks at random, within each notice, the leads as printed; the same
    permutations serve both measures, so that one correction holds for all. minP and not maxT: sizes are skewed, and a unit
    with one task would otherwise need what only a unit with many can reach. Of a permuted co-led task only the size changes; in rare
    draws it is smaller than the number of its leads, which the statistic allows.
    """
    crowds = crowds_of(ties, reading)
    (totals,) = permuted(crowds, [range(len(crowds.keys))], seed, draws)
    rows = {unit.id: unit for unit in ties.units}
    found = []
    for crowd, p, adjusted, mean in _tested(crowds.measures, totals):
        led = crowd.matrix.sum(axis=0)
        relations = totals_observed(crowd, range(len(crowds.keys)))
        figures = [(float(mean[at]), float(p[at]), float(adjusted[at])) for at in range(len(crowd.leads))]
        for at, unit in enumerate(crowd.leads):
            row = rows[unit]
            found.append(Span(unit, row.label, row.kind, crowd.measure, int(led[at]), int(relations[at]), *figures[at]))
    return SpanTest(seed, draws, reading, tuple(sorted(found, key=lambda one: (one.adjusted, one.p, one.measure, one.unit))))


def _tested(crowds: Sequence[Crowd], totals: Sequence[Any]) -> Iterator[tuple[Crowd, Any, Any, Any]]:
    # The first figure of every lead is the print, the others are draws.
    import numpy as np

    p, adjusted = min_p(np.concatenate(totals))
    at = 0
    for crowd, total in zip(crowds, totals, strict=True):
        yield crowd, p[at : at + len(total)], adjusted[at : at + len(total)], total[:, 1:].mean(axis=1, dtype=np.float64)
        at += len(total)


def crowds_of(ties: Ties, reading: Reading = Reading.PRINTED) -> Crowds:
    """The tasks with a lead in one reading."""
    import numpy as np

    led = {key: team for key, team in teams(ties, reading).items() if team.leads}
    numbers = {notice: at for at, notice in enumerate(dict.fromkeys(notice for notice, _ in led))}
    whole = {key: led[key] for key in sorted(led, key=lambda key: numbers[key[0]])}
    bare = teams(ties, reading, territorial=False)
    both = (_crowd(Measure.M3, whole), _crowd(Measure.M3D, {key: bare[key] for key in whole}))
    # Keys of 24 bits do for one notice; its number before them takes more.
    exact: Any = np.float32 if len(numbers) < 2 else np.float64
    return Crowds(tuple(whole), np.array([numbers[key[0]] for key in whole], dtype=exact), both)


def _crowd(measure: Measure, found: Mapping[TaskKey, Team]) -> Crowd:
    import numpy as np

    leads = sorted({unit for team in found.values() for unit in team.leads})
    at = {unit: column for column, unit in enumerate(leads)}
    matrix = np.zeros((len(found), len(leads)), dtype=np.float32)
    for row, team in enumerate(found.values()):
        matrix[row, [at[unit] for unit in team.leads]] = 1
    sizes = np.array([len(team.leads | team.others) - 1 for team in found.values()], dtype=np.float32)
    return Crowd(measure, tuple(leads), matrix, sizes, np.array([bool(team.leads) for team in found.values()], dtype=bool))


def totals_observed(crowd: Crowd, kept: Collection[int]) -> Any:
    """The relations from leading of every lead, over some of the tasks."""
    rows = [row for row in kept if crowd.present[row]]
    return crowd.sizes[rows] @ crowd.matrix[rows]


def permuted(crowds: Crowds, kept: Sequence[Collection[int]], seed: int, draws: int) -> list[list[Any]]:
    """For every selection of tasks and each measure: leads × (1 + draws) relations from leading, the first as printed.

    One permutation of all tasks orders every part of them at random too, so all selections share the draws.
    """
    import numpy as np

    masks = []
    for rows in kept:
        mask = np.zeros(len(crowds.keys), dtype=bool)
        mask[list(rows)] = True
        masks.append(mask)
    found: list[list[list[Any]]] = [
        [[totals_observed(crowd, np.flatnonzero(mask).tolist())[:, None]] for crowd in crowds.measures] for mask in masks
    ]
    for order in _orders(crowds.notices, seed, draws):
        for parts, mask in zip(found, masks, strict=True):
            shown: dict[bytes, Any] = {}
            for part, crowd in zip(parts, crowds.measures, strict=True):
                here = mask & crowd.present
                if (key := here.tobytes()) not in shown:
                    shown[key] = order if here.all() else order[here.take(order)].reshape(len(order), -1)
                part.append(crowd.matrix[here].T @ crowd.sizes.take(shown[key]).T)
    return [[np.concatenate(part, axis=1) for part in parts] for parts in found]


def _orders(notices: NDArray[np.floating[Any]], seed: int, draws: int) -> Iterator[Any]:
    # Sorting random keys permutes; with the number of the notice added, within each notice (whose tasks stand together).
    import numpy as np

    chance = np.random.default_rng(seed)
    at_once = max(1, CHUNK // max(1, len(notices)))
    for start in range(0, draws, at_once):
        keys = chance.random((min(at_once, draws - start), len(notices)), dtype=np.float32)
        yield np.argsort(keys + notices, axis=1).astype(np.int32)


def min_p(totals: Any) -> tuple[Any, Any]:
    """Monte Carlo p of every row and its family-wise adjustment, from totals whose first column is the observed one.

    Step-down minP (Westfall & Young 1993, algorithm 2.8), the observed figures being one of the draws, so that p is never
    nought. Whole numbers only.

    >>> p, adjusted = min_p([[3, 1, 2, 0], [1, 1, 0, 2]])
    >>> p.tolist(), adjusted.tolist()
    ([0.25, 0.75], [0.5, 0.75])
    """
    import numpy as np

    table = np.asarray(totals, dtype=np.int64)
    rows, columns = table.shape
    tails, hits = np.empty(table.shape, dtype=np.int32), np.empty(rows, dtype=np.int64)
    for row, values in enumerate(table):
        counts = np.bincount(values)[::-1].cumsum()[::-1]
        tails[row] = counts[values]
        hits[row] = counts[values[0]]
    order = np.argsort(hits, kind="stable")
    lowest, adjusted = np.full(columns, columns, dtype=np.int32), np.empty(rows)
    for row in order[::-1]:
        np.minimum(lowest, tails[row], out=lowest)
        adjusted[row] = (lowest <= hits[row]).mean()
    adjusted[order] = np.maximum.accumulate(adjusted[order])
    return hits / max(1, columns), adjusted


def adjusted_without(crowds: Crowds, left_out: Sequence[Collection[int]], seed: int, draws: int) -> list[dict[tuple[str, Measure], float]]:
    """The family-wise p of every lead and measure when some tasks (numbers of rows) are left out, one dict for each selection."""
    found = []
    for start in range(0, len(left_out), AT_ONCE):
        kept = [sorted(set(range(len(crowds.keys))).difference(gone)) for gone in left_out[start : start + AT_ONCE]]
        for totals in permuted(crowds, kept, seed, draws):
            tested = _tested(crowds.measures, totals)
            found.append({(u, crowd.measure): float(adjusted[at]) for crowd, _, adjusted, _ in tested for at, u in enumerate(crowd.leads)})
    return found

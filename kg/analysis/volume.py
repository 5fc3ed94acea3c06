"""Who carries clearly more tasks than its peers (O1): Gamma–Poisson empirical Bayes within each group of peers.

A unit without a task is not in a notice, so counts of nought are never seen: the mean is that of the units printed. A notice is
a census, not a sample: the rate of a unit is what it would carry on average had the list been cut a little differently.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, inf, log
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.analysis.load import Load, TaskKey, Team
from kg.model import LOCAL_BODIES, Kind, UnitRow

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

TIMES = 2.0
"""A rate above so many times the mean of the peers stands out."""
SURE = 0.95
"""Posterior probability from which it is said."""
FEWEST = 4
"""Groups of fewer units are not tested: a mean of one to three tells nothing of its own members."""
LOCAL = "local"
"""The peers of every body that the government of the place can itself give a task to (``LOCAL_BODIES``)."""


class Family(StrEnum):
    """Which tasks are counted. ``TASKS`` decides (method.md: led and shared); the others tell where the load comes from."""

    TASKS = "tasks"
    LED = "led"
    SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Fit:
    """The Gamma prior of the rates of some peers, by marginal maximum likelihood; every unit has an exposure of 1.

    Counts are then negative binomial with mean ``mean`` and size ``shape``. ``shape`` is infinite where the counts vary no
    more than Poisson counts do: all rates equal, and nobody can stand out.
    """

    units: int
    mean: float
    shape: float


@dataclass(frozen=True, slots=True)
class Volume:
    """One unit in one family against its peers. Figures are None where the peers are too few to test."""

    unit: str
    label: str
    kind: Kind
    peers: str
    """``local``, or the kind."""
    family: Family
    count: int
    fit: Fit | None
    rate: float | None
    """Posterior mean of its rate."""
    posterior: float | None
    """P(rate > 2·mean of the peers | count)."""
    posterior_in_kind: float | None
    """The same with the units of its own kind alone as peers."""
    p: float | None
    """Exact P(as many or more) when all peers have equal rates: binomial, given the tasks of the group."""

    @property
    def tested(self) -> bool:
        """Whether there were peers enough."""
        return self.fit is not None


def peers_of(kind: Kind) -> str:
    """With whom a unit of this kind is compared: the government's own bodies with each other, every other kind with its own.

    Departments alone would leave a party organ (2 in the Jingzhou notice) and a temporary office (2) untested; enterprises,
    central agencies, zones and counties are not given tasks in the same way. Each row also tells the figure within the kind alone.

    >>> peers_of(Kind.DEPARTMENT), peers_of(Kind.ZONE)
    ('local', 'zone')
    """
    return LOCAL if kind in LOCAL_BODIES else kind.value


def measure_volume(loads: Sequence[Load]) -> list[Volume]:
    """Every unit in every family, loads as of ``measure_load``; the order of the loads is kept, families in turn."""
    found = []
    for family in Family:
        counts = {load.unit: int(getattr(load, family.value)) for load in loads}
        rows = volumes(counts, {load.unit: load.kind for load in loads})
        found += [
            Volume(load.unit, load.label, load.kind, peers_of(load.kind), family, counts[load.unit], *rows[load.unit]) for load in loads
        ]
    return found


class Figures(NamedTuple):
    """The figures of one unit, as in ``Volume``."""

    fit: Fit | None
    rate: float | None
    posterior: float | None
    posterior_in_kind: float | None
    p: float | None


def volumes(counts: Mapping[str, int], kinds: Mapping[str, Kind]) -> dict[str, Figures]:
    """The figures of every unit from counts alone."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    alone: defaultdict[Kind, list[str]] = defaultdict(list)
    for unit in counts:
        groups[peers_of(kinds[unit])].append(unit)
        alone[kinds[unit]].append(unit)
    in_kind = {unit: figures[2] for units in alone.values() for unit, figures in _group(units, counts).items()}
    return {
        unit: Figures(fit, rate, posterior, in_kind[unit], p)
        for units in groups.values()
        for unit, (fit, rate, posterior, p) in _group(units, counts).items()
    }


def _group(units: Sequence[str], counts: Mapping[str, int]) -> dict[str, tuple[Fit | None, float | None, float | None, float | None]]:
    held = [counts[unit] for unit in units]
    if len(units) < FEWEST or not sum(held):
        return dict.fromkeys(units, (None, None, None, None))
    fit = fit_gamma_poisson(held)
    rows = zip(units, rates(held, fit), chances_above(held, fit), equal_rate_tails(held), strict=True)
    return {unit: (fit, float(rate), float(posterior), float(p)) for unit, rate, posterior, p in rows}


def fit_gamma_poisson(counts: Sequence[int]) -> Fit:
    """The prior that makes the counts most likely (marginal maximum likelihood, negative binomial).

    The mean is the mean of the counts. The shape solves Σ_j N(x > j)/(r + j) = n·ln(1 + mean/r); a finite solution exists
    where, and only where, the variance exceeds the mean (Levin & Reeds 1977).

    Args:
        counts: at least one, not all nought.

    >>> fit_gamma_poisson([3, 3, 3, 3]).shape
    inf
    >>> round(fit_gamma_poisson([0, 1, 2, 9]).shape, 3)
    0.811
    """
    import numpy as np

    held = np.asarray(counts)
    n, mean = len(held), float(held.mean())
    above = n - np.bincount(held).cumsum()[:-1]
    steps = np.arange(len(above))

    def score(shape: float) -> float:
        return float((above / (shape + steps)).sum()) - n * float(np.log1p(mean / shape))

    low, high = log(1e-6), log(1e6)
    if float(held.var()) <= mean or score(exp(high)) >= 0:
        return Fit(n, mean, inf)
    # Positive below the solution and negative above it; 60 halvings leave 2e-17 of the range.
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if score(exp(middle)) > 0 else (low, middle)
    return Fit(n, mean, exp((low + high) / 2))


def rates(counts: Sequence[int], fit: Fit) -> Floats:
    """The posterior mean of every rate: the count drawn towards the mean, (r + x)/(1 + r/mean)."""
    import numpy as np

    held = np.asarray(counts, dtype=float)
    if fit.shape == inf:
        return np.full(len(held), fit.mean)
    return (fit.shape + held) / (1 + fit.shape / fit.mean)


def chances_above(counts: Sequence[int], fit: Fit, times: float = TIMES) -> Floats:
    """P(rate > times·mean | count) for every count: a Gamma(r + x, 1 + r/mean) tail.

    >>> chances_above([9], Fit(4, 3.0, 0.811)).round(3).tolist()
    [0.742]
    """
    import numpy as np
    from scipy.special import gammaincc

    held = np.asarray(counts, dtype=float)
    if fit.shape == inf:
        return np.zeros(len(held))
    return np.asarray(gammaincc(fit.shape + held, times * (fit.mean + fit.shape)))


def equal_rate_tails(counts: Sequence[int]) -> Floats:
    """P(as many or more) for every count when all units have the same rate: binomial, given the sum of the counts.

    >>> equal_rate_tails([2, 0]).tolist()
    [0.25, 1.0]
    """
    import numpy as np
    from scipy.special import betainc

    held = np.asarray(counts, dtype=float)
    total = held.sum()
    if len(held) == 1:
        return np.ones(1)
    tails = betainc(np.maximum(held, 1), total - np.maximum(held, 1) + 1, 1 / len(held))
    return np.where(held > 0, tails, 1.0)


def holm(p: Mapping[Any, float]) -> dict[Any, float]:
    """Adjusted p of every hypothesis, family-wise (Holm 1979).

    >>> holm({"a": 0.01, "b": 0.04, "c": 0.03})
    {'a': 0.03, 'c': 0.06, 'b': 0.06}
    """
    found: dict[Any, float] = {}
    worst = 0.0
    for at, (name, value) in enumerate(sorted(p.items(), key=lambda row: row[1])):
        worst = max(worst, min(1.0, (len(p) - at) * value))
        found[name] = worst
    return found


def count_tasks(found: Mapping[TaskKey, Team], units: Mapping[str, UnitRow], without: Collection[TaskKey] = ()) -> dict[str, int]:
    """How many tasks every unit has when some tasks are left out; units that lose their last are not peers any more."""
    counts: defaultdict[str, int] = defaultdict(int)
    for key, team in found.items():
        if key not in without:
            for unit in team.leads | team.others:
                counts[unit] += 1
    return {unit: counts[unit] for unit in units if counts[unit]}


def measure_reading(found: Mapping[TaskKey, Team], units: Mapping[str, UnitRow], without: Collection[TaskKey] = ()) -> dict[str, Figures]:
    """The figures of the deciding family when some tasks are left out, or groups are opened."""
    counts = count_tasks(found, units, without)
    return volumes(counts, {unit: units[unit].kind for unit in counts})

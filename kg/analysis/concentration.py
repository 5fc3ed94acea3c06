"""How unevenly load is spread (M13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True, slots=True)
class Concentration:
    """How unevenly one load is spread over ``units`` units."""

    units: int
    gini: float
    gini_error: float
    """Jackknife standard error."""
    k: int
    top_share: float
    """Part (0–1) that the ``k`` units with most hold."""
    effective_number: float
    """So many equal carriers would be as concentrated."""


def concentrate(values: Sequence[float], *, k: int = 5) -> Concentration:
    """All figures of M13 for some loads, noughts included.

    >>> concentrate([2, 2, 2, 2], k=1)
    Concentration(units=4, gini=0.0, gini_error=0.0, k=1, top_share=0.25, effective_number=4.0)
    """
    return Concentration(len(values), gini(values), gini_error(values), k, top_share(values, k), effective_number(values))


def gini(values: Sequence[float]) -> float:
    """The Gini coefficient of some loads, from 0 (all alike) to (n − 1)/n (one carries all); 0 where there is nothing.

    G = Σ_i (2i − n − 1) x_(i) / (n Σ x), x sorted upwards. Source: Gini 1912, in the form for sorted values.

    >>> gini([1, 1, 1]), gini([0, 0, 3])
    (0.0, 0.6666666666666666)
    """
    ordered, n, total = sorted(values), len(values), sum(values)
    return sum((2 * at - n - 1) * value for at, value in enumerate(ordered, 1)) / (n * total) if total else 0.0


def gini_error(values: Sequence[float]) -> float:
    """The jackknife standard error of the Gini coefficient; 0 for fewer than two values.

    s² = (n − 1)/n · Σ (G_(−i) − mean)². The percentile bootstrap of Gini is biased upward, hence the jackknife.

    >>> round(gini_error([1, 2, 3, 4]), 6)
    0.087532
    """
    n = len(values)
    if n < 2:
        return 0.0
    without = _gini_without_each(sorted(values))
    mean = sum(without) / n
    return sqrt((n - 1) / n * sum((one - mean) ** 2 for one in without))


def _gini_without_each(ordered: Sequence[float]) -> list[float]:
    # In one pass: when x_(k) goes, the coefficient 2i − n − 1 of each value below it grows by one, of each above it falls by one.
    n, total, below = len(ordered), sum(ordered), 0.0
    spread = sum((2 * at - n - 1) * value for at, value in enumerate(ordered, 1))
    found: list[float] = []
    for at, value in enumerate(ordered, 1):
        rest = total - value
        left = spread - (2 * at - n - 1) * value + below - (rest - below)
        found.append(left / ((n - 1) * rest) if rest else 0.0)
        below += value
    return found


def top_share(values: Sequence[float], k: int) -> float:
    """The share (0–1) of the whole that the ``k`` largest hold; 0 where there is nothing.

    >>> top_share([5, 3, 1, 1], 2)
    0.8
    """
    total = sum(values)
    return sum(sorted(values, reverse=True)[:k]) / total if total else 0.0


def effective_number(values: Sequence[float]) -> float:
    """How many equal carriers would be as concentrated: 1/Σs² (the inverse of Herfindahl's index); 0 for nothing.

    >>> effective_number([1, 1, 1, 1])
    4.0
    """
    total = sum(values)
    return 1 / sum((value / total) ** 2 for value in values) if total else 0.0

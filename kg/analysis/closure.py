"""Constraint and clustering (M10), never without what chance gives: in a projection both are first of all the size of teams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.analysis.load import Reading
from kg.analysis.nullmodel import SEED, Roles, numbered, random_notices
from kg.model import Kind, Ties

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

DRAWS = 200
EDGES = (5, 50, 95)
"""Per cent of the draws that lie below the three figures of ``Chance``."""


@dataclass(frozen=True, slots=True)
class Chance:
    """What notices with the same margins give: a twentieth of the draws lies below ``low``, half below ``middle``, and so on."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Closure:
    """How closed the surroundings of one unit are, beside what chance gives with the same tasks and teams.

    Read a figure only against its ``Chance``: all units of one task share it with each other, so that large teams alone make
    clustering high and constraint low (Opsahl 2013).
    """

    unit: str
    label: str
    kind: Kind
    constraint: float | None
    """Burt 1992; None for a unit that shares no task."""
    constraint_chance: Chance | None
    clustering: float
    """Share (0–1) of the pairs of partners that share a task too; 0 with fewer than two partners."""
    clustering_chance: Chance | None


def measure_closure(ties: Ties, *, territorial: bool = False, draws: int = DRAWS, seed: int = SEED) -> list[Closure]:
    """Constraint and clustering of every unit on the graph of shared tasks, each against the two-mode null, by unit.

    Args:
        ties: the ties table, read as printed.
        territorial: whether territories and zones take part.
        draws: notices drawn with the margins of this one (``nullmodel.random_notices``: every unit keeps its tasks by role,
            every task its size).
        seed: of the draws.

    Raises:
        ValueError: fewer than one draw; without chance beside them the figures mislead.
    """
    import numpy as np

    if draws < 1:
        raise ValueError(draws)
    rows = {unit.id: unit for unit in ties.units}
    units, tasks, blocks = numbered(ties, Reading.PRINTED, territorial)
    if not units:
        return []
    printed = _figures(tasks, len(units))
    drawn = np.array([_figures(one, len(units)) for one in random_notices(tasks, blocks, draws, seed)])
    return [
        Closure(
            unit,
            rows[unit].label,
            rows[unit].kind,
            None if np.isnan(printed[0, at]) else float(printed[0, at]),
            range_of(drawn[:, 0, at]),
            float(printed[1, at]),
            range_of(drawn[:, 1, at]),
        )
        for at, unit in enumerate(units)
    ]


def range_of(drawn: Any) -> Chance | None:
    """The range of some drawn figures; None where none of them is a number."""
    import numpy as np

    figures = np.asarray(drawn, dtype=float)
    known = figures[~np.isnan(figures)]
    return Chance(*map(float, np.percentile(known, EDGES))) if len(known) else None


def _figures(tasks: Sequence[Roles], n: int) -> Numbers:
    """Two rows: constraint (not a number where there is none) and clustering of every unit."""
    import numpy as np
    from scipy.sparse import csr_array

    cells = [(row, unit) for row, (leads, others) in enumerate(tasks) for unit in leads | others]
    at = np.array(cells, dtype=int).reshape(-1, 2)
    incidence = csr_array((np.ones(len(at)), (at[:, 0], at[:, 1])), shape=(len(tasks), n))
    shared = csr_array(incidence.T @ incidence)
    shared.setdiag(0)
    shared.eliminate_zeros()
    return np.array([constraints(shared), clusterings(shared)])


def constraints(shared: Any) -> Numbers:
    """Burt's constraint Σ_j (p_ij + Σ_q p_iq p_qj)² of every node of a symmetric sparse matrix without diagonal.

    p_ij is the part of i's weight that is with j. Source: Burt 1992, ch. 2. Not a number for a node without a tie.
    """
    import numpy as np

    strength = shared.sum(axis=1)
    with np.errstate(divide="ignore"):
        per = np.where(strength > 0, 1 / strength, 0)
    parts = shared * per[:, None]
    invested = (parts + parts @ parts) * (shared > 0)
    return np.where(strength > 0, (invested**2).sum(axis=1), np.nan)


def clusterings(shared: Any) -> Numbers:
    """The share of each node's pairs of neighbours that are neighbours too (Watts & Strogatz 1998), ties without weight."""
    import numpy as np

    tied = (shared > 0).astype(float)
    partners = tied.sum(axis=1)
    pairs = partners * (partners - 1)
    closed = ((tied @ tied) * tied).sum(axis=1)
    shares: Numbers = np.divide(closed, pairs, out=np.zeros_like(closed), where=pairs > 0)
    return shares

"""The shape of a notice's network at once: what goes both ways, whether there is a core, who stands in chains, how closed circles are."""

from __future__ import annotations

from dataclasses import dataclass

from kg.analysis.brokerage import Brokerage, Partition, brokerage
from kg.analysis.closure import Chance, Closure, measure_closure
from kg.analysis.core import CorePeriphery, core_by_chance, core_periphery
from kg.analysis.dependency import Reciprocity, reciprocity
from kg.analysis.nullmodel import SEED
from kg.model import Ties

DRAWS = 40


@dataclass(frozen=True, slots=True)
class Shape:
    """The network without territories and zones, read as printed."""

    reciprocity: Reciprocity
    core: CorePeriphery | None
    """None where no core can be told: too few units, or all pairs alike."""
    core_chance: Chance | None
    """How well the best core of drawn notices fits; None where none was drawn."""
    closures: tuple[Closure, ...]
    """By unit; empty where nothing was drawn, for without chance beside them the figures mislead."""
    roles: tuple[Brokerage, ...]
    """Over sections where there are several, else over kinds; most chains first."""
    partition: Partition
    draws: int
    seed: int

    @property
    def has_core(self) -> bool:
        """Whether the core fits better than nineteen of twenty drawn notices."""
        return bool(self.core and self.core_chance and self.core.correlation > self.core_chance.high)


def measure_shape(ties: Ties, *, draws: int = DRAWS, seed: int = SEED) -> Shape:
    """The shape of the network of a ties table.

    Args:
        ties: the ties table.
        draws: notices drawn with the margins of this one, for what is only read against chance; 0 draws none.
        seed: of the draws.
    """
    by_section = len(ties.sections) > 1
    partition = Partition.SECTION if by_section else Partition.KIND
    return Shape(
        reciprocity=reciprocity(ties),
        core=core_periphery(ties) if draws else None,
        core_chance=core_by_chance(ties, draws=draws, seed=seed) if draws else None,
        closures=tuple(measure_closure(ties, draws=draws, seed=seed)) if draws else (),
        roles=tuple(brokerage(ties, partition)),
        partition=partition,
        draws=draws,
        seed=seed,
    )


def beyond(figure: float | None, chance: Chance | None) -> int:
    """1 where a figure lies above the range of chance, −1 below it, 0 within it or where either is missing.

    >>> beyond(0.4, Chance(0.1, 0.2, 0.3)), beyond(0.2, Chance(0.1, 0.2, 0.3)), beyond(None, None)
    (1, 0, 0)
    """
    if figure is None or chance is None:
        return 0
    return (figure > chance.high) - (figure < chance.low)

"""The single moves that would spread coordination relations most evenly; offered for judgement, never as advice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import TYPE_CHECKING

from kg.analysis.load import TaskKey, Team, measure_load, teams
from kg.analysis.scenario import MoveLead, SetRole
from kg.model import TERRITORIAL, Role, Ties

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Move:
    """One step with the Gini coefficient of M3 among units that are no territories, before and after it.

    A lower Gini is not by itself better: a unit may carry much because the tasks are its own.
    """

    step: MoveLead | SetRole
    gini_before: float
    gini_after: float
    relations: tuple[int, int]
    """All coordination relations (Σ M3), before and after."""

    @property
    def task(self) -> TaskKey:
        """The task whose clause it changes."""
        return self.step.task


def suggest(ties: Ties, n: int = 10) -> tuple[Move, ...]:
    """The single moves that lower the Gini coefficient of M3 most, as printed, among units that are no territories.

    Two sorts of moves are tried: a co-lead becomes a share, and the lead goes to another unit that the task prints, which
    gives its own role in return. Never suggested: to drop a share (it lowers any count, and the work stays); to take the only
    lead away; to give a lead to a territory or zone (that would only carry load out of what the coefficient looks at).

    In a move of the lead just two units change, by |S_t| + |L_t| − 1 − |L_t| up and down; when a co-lead becomes a share, it
    and every share change. So D = Σ_{i<j} |x_i − x_j| = G·n·Σx is kept up with a few look-ups in prefix sums for each move,
    in whole numbers: the coefficients equal those of the changed ties to the last bit.

    Args:
        ties: the ties of one or more notices.
        n: how many at most.

    Returns:
        Moves that lower it, lowest first; of equal ones the earlier task.
    """
    carried = {load.unit: load.relations for load in measure_load(ties)}
    territories = {unit.id for unit in ties.units if unit.kind in TERRITORIAL}
    bodies = {unit: relations for unit, relations in carried.items() if unit not in territories}
    field = _field(bodies)
    total = sum(carried.values())
    found: list[Move] = []
    for step, team, gini in _tried(teams(ties), territories, field):
        if gini < field.gini:
            # A co-lead that becomes a share has no relations with the shares any longer.
            lost = 0 if isinstance(step, MoveLead) else 2 * len(team.others)
            found.append(Move(step, field.gini, gini, (total, total - lost)))
    return tuple(nsmallest(n, found, key=lambda move: (move.gini_after, move.task, _names(move.step))))


def _names(step: MoveLead | SetRole) -> tuple[str, str]:
    return (step.giver, step.taker) if isinstance(step, MoveLead) else (step.unit, "")


@dataclass(frozen=True, slots=True)
class _Field:
    """The loads that the coefficient is over, sorted, with their prefix sums."""

    loads: Mapping[str, int]
    ordered: NDArray[np.int64]
    sums: NDArray[np.int64]
    spread: int
    """D = Σ_{i<j} |x_i − x_j|."""

    @property
    def gini(self) -> float:
        """The coefficient as it is."""
        return self.after(self.spread, 0)

    def after(self, spread: int, change: int) -> float:
        """The coefficient with another spread and so much more or less load."""
        total = int(self.sums[-1]) + change
        return spread / (len(self.ordered) * total) if total else 0.0

    def distances(self, values: NDArray[np.int64]) -> NDArray[np.int64]:
        """For each value the sum of its distances from all loads."""
        import numpy as np

        below = np.searchsorted(self.ordered, values)
        low = values * below - self.sums[below]
        found: NDArray[np.int64] = low + (self.sums[-1] - self.sums[below]) - values * (len(self.ordered) - below)
        return found


def _field(loads: Mapping[str, int]) -> _Field:
    import numpy as np

    ordered = np.sort(np.fromiter(loads.values(), dtype=np.int64, count=len(loads)))
    sums = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(ordered)])
    weights = 2 * np.arange(1, len(ordered) + 1) - len(ordered) - 1
    return _Field(loads, ordered, sums, int((weights * ordered).sum()))


Tried = Iterator[tuple[MoveLead | SetRole, Team, float]]


def _tried(tasks: Mapping[TaskKey, Team], territories: set[str], field: _Field) -> Tried:
    """Every move with the team it changes and the coefficient after it."""
    moves = [
        (MoveLead(task, giver, taker), team)
        for task, team in tasks.items()
        for giver in sorted(team.leads)
        for taker in sorted(team.others - territories)
    ]
    yield from zip([step for step, _ in moves], [team for _, team in moves], _after_moves(moves, field), strict=True)
    for task, team in tasks.items():
        for unit in sorted(team.leads) if len(team.leads) > 1 else ():
            changes = dict.fromkeys(team.others, -1) | {unit: -len(team.others)}
            yield SetRole(task, unit, Role.RESPONSIBLE), team, _after_changes(changes, field)


def _after_moves(moves: Sequence[tuple[MoveLead, Team]], field: _Field) -> list[float]:
    """The coefficient after each move of a lead, all at once."""
    import numpy as np

    if not moves:
        return []
    gain = np.array([len(team.others) - 1 for _, team in moves], dtype=np.int64)
    inside = np.array([step.giver in field.loads for step, _ in moves])
    old = [np.array([field.loads.get(unit, 0) for unit in units], dtype=np.int64) for units in _sides(moves)]
    new = [old[0] - gain, old[1] + gain]
    alone = field.distances(new[1]) - field.distances(old[1]) - gain
    giver = field.distances(new[0]) - field.distances(old[0]) - gain
    both = alone + giver + _crossed(old, new)
    spread = field.spread + np.where(inside, both, alone)
    change = np.where(inside, 0, gain)
    return [field.after(int(one), int(more)) for one, more in zip(spread, change, strict=True)]


def _sides(moves: Sequence[tuple[MoveLead, Team]]) -> tuple[list[str], list[str]]:
    return [step.giver for step, _ in moves], [step.taker for step, _ in moves]


def _crossed(old: Sequence[NDArray[np.int64]], new: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    # Each of two that change was measured against where the other stood before.
    import numpy as np

    was, now = np.abs(old[0] - old[1]), np.abs(new[0] - new[1])
    found: NDArray[np.int64] = now - was - (np.abs(new[0] - old[1]) - was) - (np.abs(old[0] - new[1]) - was)
    return found


def _after_changes(changes: Mapping[str, int], field: _Field) -> float:
    """The coefficient after some units change by so much."""
    import numpy as np

    units = [unit for unit in changes if unit in field.loads]
    old = np.array([field.loads[unit] for unit in units], dtype=np.int64)
    step = np.array([changes[unit] for unit in units], dtype=np.int64)
    new = old + step
    alone = int((field.distances(new) - field.distances(old) - np.abs(step)).sum())
    first, second = np.triu_indices(len(units), 1)
    crossed = int(_crossed([old[first], old[second]], [new[first], new[second]]).sum())
    return field.after(field.spread + alone + crossed, int(step.sum()))

"""Does a rank hang on one task, one section or the cut of the list (O3): bootstrap and leaving out, by M3 and M3d."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.analysis.load import Reading, TaskKey, Team, teams
from kg.analysis.span import Measure
from kg.model import TERRITORIAL, Kind, Ties

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ranks = NDArray[np.int64]

SEED = 2020
BOOTSTRAPS = 1000
TOP = 5
"""K: the head of the list that is talked about."""
SPREAD = 4
"""The first ``TOP`` mean something among at least so many times as many units; with fewer nobody is called robust."""
SURE = 0.9
SectionKey = tuple[str, int]
"""A section: the notice's id and its index."""


@dataclass(frozen=True, slots=True)
class Robustness:
    """How firm the rank of one unit is; ranks are among units that are no territories, or among territories and zones."""

    unit: str
    label: str
    kind: Kind
    measure: Measure
    relations: int
    rank: int
    rank_interval: tuple[int, int]
    """Of 90 % of the bootstraps."""
    top_probability: float
    """Share of the bootstraps in which the rank is K or better."""
    worst_task: TaskKey | None
    """The task without which it stands worst; None where no task makes it worse."""
    rank_without_task: int
    worst_section: SectionKey | None
    rank_without_section: int | None
    """The worst rank without one section; None where there are not two sections."""
    merged_relations: int
    """After tasks of the same leads in the same section are made one."""
    rank_merged: int
    robust: bool
    """top_probability ≥ 0.9, and rank without any one section (without any one task where there are no sections) ≤ 2K."""


@dataclass(frozen=True, slots=True)
class RobustnessTest:
    """All units in both measures; ``seed`` and ``bootstraps`` give the same figures again."""

    seed: int
    bootstraps: int
    top: int
    reading: Reading
    rows: tuple[Robustness, ...]
    """M3 first; each by rank, territories and zones last."""


def measure_robustness(
    ties: Ties, *, seed: int = SEED, bootstraps: int = BOOTSTRAPS, top: int = TOP, reading: Reading = Reading.PRINTED
) -> RobustnessTest:
    """The firmness of every rank: had the list been cut a little differently, where would the unit stand?

    Tasks are drawn with replacement within each notice, as many as it has (bootstrap, percentile interval).

    Args:
        ties: the ties table.
        seed: of the bootstrap.
        bootstraps: how many times the tasks are drawn.
        top: K of P(rank ≤ K).
        reading: how far groups are opened.
    """
    sections = {(task.notice, task.i): None if task.section is None else (task.notice, task.section) for task in ties.tasks}
    found: list[Robustness] = []
    for measure in Measure:
        teams_here = teams(ties, reading, territorial=measure is Measure.M3)
        kinds = {unit.id: unit.kind for unit in ties.units}
        named = sorted({unit for team in teams_here.values() for unit in team.leads | team.others})
        for apart in (False, True):
            units = [unit for unit in named if (kinds[unit] in TERRITORIAL) is apart]
            if units:
                found += _measured(ties, teams_here, units, measure, sections, (seed, bootstraps, top))
    found.sort(key=lambda one: (one.measure, one.kind in TERRITORIAL, one.rank, one.unit))
    return RobustnessTest(seed, bootstraps, top, reading, tuple(found))


def _measured(
    ties: Ties,
    found: Mapping[TaskKey, Team],
    units: Sequence[str],
    measure: Measure,
    sections: Mapping[TaskKey, SectionKey | None],
    settings: tuple[int, int, int],
) -> list[Robustness]:
    import numpy as np

    seed, bootstraps, top = settings
    keys = list(found)
    relations = relations_by_task(found.values(), units)
    totals = np.asarray(relations.sum(axis=0)).ravel()
    drawn = ranks(_resampled(relations, keys, seed, bootstraps)) if bootstraps else np.ones((1, len(units)), dtype=np.int64)
    low, high = np.quantile(drawn, (0.05, 0.95), axis=0, method="inverted_cdf")
    parts = sorted({section for section in sections.values() if section})
    without_task = ranks(totals - relations[[row]].toarray()[0] for row in range(len(keys)))
    without_section = ranks(totals - relations[[sections[key] == part for key in keys]].sum(axis=0) for part in parts)
    merged = np.asarray(relations_by_task(merge_tasks(found, sections), units).sum(axis=0)).ravel()
    stand, stand_merged = ranks([totals])[0], ranks([merged])[0]
    rows = {unit.id: unit for unit in ties.units}
    result = []
    for at, unit in enumerate(units):
        task, section = int(without_task[:, at].argmax()), int(without_section[:, at].argmax()) if len(parts) > 1 else None
        worst_task = int(without_task[task, at])
        worst_section = None if section is None else int(without_section[section, at])
        first = float((drawn[:, at] <= top).mean())
        result.append(
            Robustness(
                unit=unit,
                label=rows[unit].label,
                kind=rows[unit].kind,
                measure=measure,
                relations=int(totals[at]),
                rank=int(stand[at]),
                rank_interval=(int(low[at]), int(high[at])),
                top_probability=first,
                worst_task=keys[task] if worst_task > stand[at] else None,
                rank_without_task=worst_task,
                worst_section=parts[section] if section is not None and worst_section and worst_section > stand[at] else None,
                rank_without_section=worst_section,
                merged_relations=int(merged[at]),
                rank_merged=int(stand_merged[at]),
                robust=len(units) >= SPREAD * top and first >= SURE and (worst_task if worst_section is None else worst_section) <= 2 * top,
            )
        )
    return result


def relations_by_task(found: Iterable[Team], units: Sequence[str]) -> Any:
    """Tasks × units: the relations that each task gives each unit (M3), as a sparse matrix."""
    from scipy.sparse import csr_array

    at = {unit: column for column, unit in enumerate(units)}
    rows, columns, values, count = [], [], [], 0
    for count, team in enumerate(found, 1):
        for unit in team.leads | team.others:
            if unit in at:
                rows.append(count - 1)
                columns.append(at[unit])
                values.append(len(team.others) + len(team.leads) - 1 if unit in team.leads else len(team.leads))
    return csr_array((values, (rows, columns)), shape=(count, len(units)), dtype="int64")


def merge_tasks(found: Mapping[TaskKey, Team], sections: Mapping[TaskKey, SectionKey | None]) -> list[Team]:
    """Tasks of the same leads in the same section made one, with everyone in it; without a lead or a section they stay apart."""
    groups: defaultdict[object, list[Team]] = defaultdict(list)
    for key, team in found.items():
        groups[(sections[key], team.leads) if team.leads and sections[key] else key].append(team)
    return [Team(group[0].leads, frozenset().union(*(team.others for team in group)) - group[0].leads) for group in groups.values()]


def _resampled(relations: Any, keys: Sequence[TaskKey], seed: int, bootstraps: int) -> Iterable[Any]:
    import numpy as np

    chance = np.random.default_rng(seed)
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for row, key in enumerate(keys):
        rows[key[0]].append(row)
    at_once = max(1, 4_000_000 // len(keys))
    for start in range(0, bootstraps, at_once):
        weights = np.zeros((min(at_once, bootstraps - start), len(keys)), dtype=np.int64)
        for part in rows.values():
            weights[:, part] = chance.multinomial(len(part), np.full(len(part), 1 / len(part)), size=len(weights))
        yield from (relations.T @ weights.T).T


def ranks(totals: Iterable[Any]) -> Ranks:
    """The rank of every unit in every row of totals; equal loads share the better rank.

    >>> ranks([[5, 3, 3, 9]]).tolist()
    [[2, 3, 3, 1]]
    """
    import numpy as np

    found = [1 + len(row) - np.searchsorted(np.sort(row), row, side="right") for row in map(np.asarray, totals)]
    return np.array(found, dtype=np.int64)

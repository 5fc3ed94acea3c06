"""Between whom a unit stands: the brokerage roles of Gould and Fernandez over kinds or over sections (M8)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kg.analysis.load import teams
from kg.analysis.network import lead_graph
from kg.model import Kind, Ties

if TYPE_CHECKING:
    import networkx as nx


class Partition(StrEnum):
    """Into what the units are parted."""

    KIND = "kind"
    """Departments, party organs, enterprises …"""
    SECTION = "section"
    """By the section of a notice in which a unit has most of its tasks."""


@dataclass(frozen=True, slots=True)
class Roles:
    """How many open chains a → unit → c run through one unit, by where the three stand; a never leads a task with c."""

    coordinator: int = 0
    """All three in one part."""
    itinerant: int = 0
    """Both ends in one part, the unit in another (consultant)."""
    gatekeeper: int = 0
    """From another part into the unit's own."""
    representative: int = 0
    """From the unit's own part to another."""
    liaison: int = 0
    """Three parts."""

    @property
    def total(self) -> int:
        """All open chains through the unit."""
        return self.coordinator + self.itinerant + self.gatekeeper + self.representative + self.liaison


@dataclass(frozen=True, slots=True)
class Brokerage:
    """One unit, its part of the whole, and its roles."""

    unit: str
    label: str
    kind: Kind
    part: str
    """The kind, or ``<notice>#<section>``, section 0 for tasks outside any section."""
    roles: Roles


def brokerage(ties: Ties, partition: Partition | str = Partition.KIND, *, territorial: bool = False) -> list[Brokerage]:
    """The roles of every unit in the directed graph lead → other unit, most chains first.

    A chain a → v → c is open if a leads no task that c shares: what a wants from c has to pass v. Source: Gould & Fernandez
    1989; the roles are those of ``sna::brokerage``. Counted without weight, and without comparison to chance: a unit with many
    tasks stands in many chains (``nullmodel`` tests brokers).

    Args:
        ties: the ties table.
        partition: by kind, or by the section in which a unit has most tasks.
        territorial: whether territories and zones take part.

    Returns:
        A row for every unit with a task that is printed, also where no chain runs through it.
    """
    parts = _PARTS[Partition(partition)](ties)
    rows = {unit.id: unit for unit in ties.units}
    graph = lead_graph(ties, territorial=territorial)
    graph.add_nodes_from(sorted({unit for team in teams(ties, territorial=territorial).values() for unit in team.leads | team.others}))
    roles = count_roles(graph, parts)
    found = [Brokerage(unit, rows[unit].label, rows[unit].kind, parts[unit], roles[unit]) for unit in graph]
    return sorted(found, key=lambda one: (-one.roles.total, one.unit))


def count_roles(graph: nx.DiGraph, part_of: Mapping[str, Hashable]) -> dict[str, Roles]:
    """The roles of every node of a directed graph: of all a → v → c without a → c, a ≠ c, each counted once.

    >>> import networkx as nx
    >>> count_roles(nx.DiGraph([("a", "v"), ("v", "c")]), {"a": 1, "v": 2, "c": 2})["v"]
    Roles(coordinator=0, itinerant=0, gatekeeper=1, representative=0, liaison=0)
    """
    after = {node: set(graph.successors(node)) - {node} for node in graph}
    return {node: _roles(node, set(graph.predecessors(node)) - {node}, after, part_of) for node in graph}


def _roles(node: str, before: set[str], after: Mapping[str, set[str]], part_of: Mapping[str, Hashable]) -> Roles:
    own = part_of[node]
    found: Counter[str] = Counter()
    for first in before:
        start = part_of[first]
        ends = Counter(part_of[last] for last in after[node] - after[first] - {first})
        total, home, back = ends.total(), ends[own], ends[start]
        if start == own:
            found.update(coordinator=home, representative=total - home)
        else:
            found.update(gatekeeper=home, itinerant=back, liaison=total - home - back)
    return Roles(**found)


def _kinds(ties: Ties) -> dict[str, str]:
    return {unit.id: str(unit.kind) for unit in ties.units}


def chief_sections(ties: Ties) -> dict[str, str]:
    """Where each unit has most of its printed tasks, as ``<notice>#<section>``; of equal ones the first in the notices."""
    section_of = {(task.notice, task.i): (task.notice, task.section or 0) for task in ties.tasks}
    held: defaultdict[str, Counter[tuple[str, int]]] = defaultdict(Counter)
    for key, team in teams(ties).items():
        for unit in team.leads | team.others:
            held[unit][section_of[key]] += 1
    chief = {unit: min(counts, key=lambda section: (-counts[section], section)) for unit, counts in held.items()}
    return {unit: f"{notice}#{section}" for unit, (notice, section) in chief.items()}


_PARTS = {Partition.KIND: _kinds, Partition.SECTION: chief_sections}

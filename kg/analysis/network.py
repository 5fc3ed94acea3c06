"""Networks of units and tasks, and the place of each unit in them (M8, M9, M11)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from math import lcm
from typing import TYPE_CHECKING

from kg.analysis.load import TaskKey, Team, teams
from kg.model import Kind, Ties

if TYPE_CHECKING:
    import networkx as nx

LARGE = 200
"""Nodes above which betweenness is counted in arrays, to the same figures (``paths``).

Timed (``tests/benchmarks/large.py``): arrays take a tenth of NetworkX's time from 64 units on, 33 ms against 0.9 s with 500. One
notice stays below, where NetworkX, the oracle of the tests, takes tens of milliseconds. The other measures have one way at any
size: rustworkx loses to NetworkX's sparse PageRank (0.8 against 0.2 s on 118,000 edges) by the time a graph takes to reach it.
"""
SEED = 2020


@dataclass(frozen=True, slots=True)
class Centrality:
    """The place of one unit in the network; communities are numbered from 0, the heaviest first."""

    unit: str
    label: str
    kind: Kind
    betweenness: float
    betweenness_star: float
    pagerank: float
    eigenvector: float
    core: int
    community: int


@dataclass(frozen=True, slots=True)
class Dependency:
    """One unit leads and another shares: in which tasks, and in how many it is the other way round."""

    lead: str
    share: str
    tasks: tuple[TaskKey, ...]
    back: int


def two_mode_graph(ties: Ties, *, territorial: bool = True) -> nx.Graph:
    """The undirected graph of units and the tasks they have; a task is the node ("task", notice, i)."""
    import networkx as nx

    graph = nx.Graph()
    for key, team in _teams(ties, territorial).items():
        graph.add_node(("task", *key))
        graph.add_edges_from((unit, ("task", *key)) for unit in sorted(team.leads | team.others))
    return graph


def unit_graph(ties: Ties, weight: str = "tasks", *, territorial: bool = True) -> nx.Graph:
    """The undirected graph of units that share tasks; every unit with a task is a node.

    Edge attribute ``weight``: the number of shared tasks (``tasks``), or Σ 1/(n_t − 1) (``newman``, Newman 2001). Newman
    strength is not load: it equals the number of tasks with company, team size vanishes. Counted pair by pair at any size:
    with 3,000 units and 114,000 tasks a product of sparse matrices took two thirds of the time, for a second way to the same.
    """
    weights: defaultdict[tuple[str, str], float] = defaultdict(float)
    members = [sorted(team.leads | team.others) for team in _teams(ties, territorial).values()]
    for team in members:
        for pair in combinations(team, 2):
            weights[pair] += 1 if weight == "tasks" else 1 / (len(team) - 1)
    return _weighted({unit for team in members for unit in team}, weights)


def star_graph(ties: Ties, *, territorial: bool = True) -> nx.Graph:
    """The undirected graph of coordination: lead with each other unit, leads with each other; weight counts tasks (M3)."""
    weights: defaultdict[tuple[str, str], float] = defaultdict(float)
    members: set[str] = set()
    for team in _teams(ties, territorial).values():
        members |= team.leads | team.others
        pairs = {(min(lead, other), max(lead, other)) for lead in team.leads for other in team.leads | team.others if lead != other}
        for pair in pairs:
            weights[pair] += 1
    return _weighted(members, weights)


def lead_graph(ties: Ties, *, territorial: bool = True) -> nx.DiGraph:
    """The directed graph lead → other unit; ``weight`` counts the tasks."""
    import networkx as nx

    graph = nx.DiGraph()
    for dependency in dependencies(ties, territorial=territorial):
        graph.add_edge(dependency.lead, dependency.share, weight=len(dependency.tasks))
    return graph


def _teams(ties: Ties, territorial: bool) -> dict[TaskKey, Team]:
    return teams(ties, territorial=territorial)


def _weighted(nodes: set[str], weights: Mapping[tuple[str, str], float]) -> nx.Graph:
    # Nodes and edges in one fixed order: what a measure adds up, it adds up alike on every run.
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(sorted(nodes))
    graph.add_weighted_edges_from((one, other, weights[one, other]) for one, other in sorted(weights))
    return graph


def centralities(ties: Ties, *, territorial: bool = False) -> list[Centrality]:
    """The place of every unit in the network, highest two-mode betweenness first.

    Without territories and zones by default: three zone committees stand in more than four tasks of five, and whatever
    else is measured then measures them.

    - ``betweenness``: on units and tasks together, for every pair of other nodes (units and tasks alike) the part of
      their shortest paths that runs through the unit; divided by the number of such pairs (Freeman 1977), so 0–1.
    - ``betweenness_star``: the same on the graph of coordination, a tie of w tasks being 1/w long.
    - ``pagerank``: on shared tasks, damping 0.85 (Page et al. 1999); sums to 1.
    - ``eigenvector``: on shared tasks (Bonacich 1972), length 1 within the largest component, 0 outside it.
    - ``core``: the largest k such that the unit has k partners among units with at least k partners (Seidman 1983).
    """
    units = unit_graph(ties, territorial=territorial)
    if not units:
        return []
    rows = {unit.id: unit for unit in ties.units}
    place = {unit: at for at, members in enumerate(communities(ties, territorial=territorial)) for unit in members}
    two_mode = betweenness(two_mode_graph(ties, territorial=territorial))
    star = betweenness_by_weight(star_graph(ties, territorial=territorial))
    rank, vector, core = pagerank(units), eigenvector(units), core_numbers(units)
    found = [
        Centrality(unit, rows[unit].label, rows[unit].kind, two_mode[unit], star[unit], rank[unit], vector[unit], core[unit], place[unit])
        for unit in units
    ]
    return sorted(found, key=lambda one: (-round(one.betweenness, 12), one.unit))


def betweenness(graph: nx.Graph) -> dict[str, float]:
    """Betweenness of every node, edges counted without weight, normalised by the pairs of other nodes (Freeman 1977)."""
    import networkx as nx

    if len(graph) <= LARGE:
        return dict(nx.betweenness_centrality(graph, normalized=True))
    from kg.analysis.paths import betweenness_by_steps

    sides = nx.bipartite.color(graph) if nx.is_bipartite(graph) else None
    return betweenness_by_steps(list(graph), list(graph.edges()), sides)


def betweenness_by_weight(graph: nx.Graph) -> dict[str, float]:
    """Betweenness of every node where an edge of weight w (a whole number of tasks) is 1/w long, normalised as above.

    Lengths are brought to whole numbers, for in binary fractions 1/2 + 1/3 + 1/6 is less than 1, and one of two equal
    paths gets lost. Large graphs go through ``paths``, where lengths that differ by rounding alone are one.
    """
    import networkx as nx

    if len(graph) > LARGE:
        from kg.analysis.paths import betweenness_by_length

        return betweenness_by_length(list(graph), [(one, other, 1 / weight) for one, other, weight in graph.edges(data="weight")])
    whole = lcm(*(int(weight) for _, _, weight in graph.edges(data="weight")))
    return dict(nx.betweenness_centrality(graph, weight=lambda one, other, edge: whole // int(edge["weight"]), normalized=True))


def pagerank(graph: nx.Graph) -> dict[str, float]:
    """PageRank on edge weights, damping 0.85, to 1e-12; sparse products at any size."""
    import networkx as nx

    return dict(nx.pagerank(graph, weight="weight", tol=1e-12, max_iter=1000))


def eigenvector(graph: nx.Graph) -> dict[str, float]:
    """The leading eigenvector of the weighted adjacency of the largest component, length 1, entries ≥ 0; 0 elsewhere.

    On a graph in parts the eigenvector of the whole is not unique; the largest part (ties: the one with the first node)
    is what can be said. Small parts are solved whole; larger ones by scipy's Lanczos solver, which starts from ones, so
    that it gives the same vector on every run.
    """
    import networkx as nx
    import numpy as np

    parts = sorted(nx.connected_components(graph), key=lambda part: (-len(part), min(part)))
    nodes = sorted(parts[0]) if parts else []
    values = dict.fromkeys(graph, 0.0)
    if len(nodes) < 2:
        return values
    matrix = nx.to_scipy_sparse_array(graph, nodelist=nodes, weight="weight", dtype=float)
    if len(nodes) < 200:
        vector = np.linalg.eigh(matrix.toarray())[1][:, -1]
    else:
        from scipy.sparse.linalg import eigsh

        vector = eigsh(matrix, k=1, which="LA", v0=np.ones(len(nodes)))[1][:, 0]
    # Eigenvectors come with either sign, and with dust in the last bits.
    return values | {node: abs(float(value)) for node, value in zip(nodes, vector, strict=True)}


def core_numbers(graph: nx.Graph) -> dict[str, int]:
    """The core number of every node, edges counted without weight."""
    import networkx as nx

    return dict(nx.core_number(graph))


def communities(ties: Ties, *, seed: int = SEED, territorial: bool = False) -> list[tuple[str, ...]]:
    """Groups of units that share more tasks with each other than with the rest (Louvain, Blondel et al. 2008).

    Args:
        ties: the ties table.
        seed: of the order in which nodes are visited; the same seed gives the same groups.
        territorial: whether territories and zones take part.

    Returns:
        The unit ids of each community, sorted; the one with the most tasks of its members first.
    """
    import networkx as nx

    graph = unit_graph(ties, territorial=territorial)
    if not graph:
        return []
    carried: defaultdict[str, int] = defaultdict(int)
    for team in _teams(ties, territorial).values():
        for unit in team.leads | team.others:
            carried[unit] += 1
    found = [tuple(sorted(part)) for part in nx.community.louvain_communities(graph, weight="weight", seed=seed)]
    return sorted(found, key=lambda part: (-sum(carried[unit] for unit in part), part))


def dependencies(ties: Ties, *, territorial: bool = True) -> list[Dependency]:
    """Every pair lead → other unit with its tasks, strongest first; ``back`` counts the tasks the other way round."""
    tasks: defaultdict[tuple[str, str], list[TaskKey]] = defaultdict(list)
    for key, team in _teams(ties, territorial).items():
        for lead in sorted(team.leads):
            for other in sorted(team.others):
                tasks[lead, other].append(key)
    found = [Dependency(lead, share, tuple(keys), len(tasks.get((share, lead), ()))) for (lead, share), keys in list(tasks.items())]
    return sorted(found, key=lambda one: (-len(one.tasks), one.lead, one.share))

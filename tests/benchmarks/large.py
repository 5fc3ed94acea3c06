"""Large graphs: every measure on 3,000 units with 118,000 edges, and from which size the faster way pays.

``python -m tests.benchmarks.large`` prints two tables, CPU seconds on one run each; ``tests/test_large.py`` asserts the first.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import accumulate, combinations
from random import Random

import networkx as nx

from kg.analysis.brokerage import Partition, brokerage
from kg.analysis.closure import measure_closure
from kg.analysis.core import core_by_chance, core_periphery
from kg.analysis.dependency import reciprocity
from kg.analysis.load import concentrations, overview, standings, unled_relations
from kg.analysis.network import (
    betweenness,
    betweenness_by_weight,
    communities,
    core_numbers,
    dependencies,
    eigenvector,
    pagerank,
    star_graph,
    two_mode_graph,
    unit_graph,
)
from kg.analysis.paths import betweenness_by_length, betweenness_by_steps
from kg.analysis.selection import select
from kg.model import Kind, NoticeRow, Role, SectionRow, TaskRow, Tie, Ties, UnitRow

UNITS, EDGES, BUDGET = 3000, 118_000, 30.0
KINDS = (*[Kind.DEPARTMENT] * 8, Kind.PARTY_ORGAN, Kind.ENTERPRISE)


def generated(units: int, edges: int, seed: int = 2020) -> Ties:
    """Tasks of one notice until so many pairs of units share one: teams as large as in print, units of unequal demand.

    No territories, so that nothing falls away; nobody apart, so that it is one graph, harder than many notices of many places.
    """
    chance = Random(seed)
    names = [f"unit:{number:04}" for number in range(units)]
    demand = list(accumulate(chance.gammavariate(1.5, 1) for _ in names))
    pairs: set[tuple[str, str]] = set()
    teams: list[list[str]] = []
    while len(pairs) < edges:
        size = 2 + min(12, int(chance.expovariate(1 / 3.8)))
        teams.append(list(dict.fromkeys(chance.choices(names, cum_weights=demand, k=size))))
        pairs.update(combinations(sorted(teams[-1]), 2))
    return Ties(
        (NoticeRow("n", "", "", "", "", 2020, "", "", ""),),
        tuple(SectionRow("n", number, "", str(number)) for number in range(1, 21)),
        tuple(TaskRow("n", i, str(i), 1 + i % 20, "", "", 0, 0) for i in range(1, len(teams) + 1)),
        tuple(UnitRow(name, name, KINDS[at % len(KINDS)], "", (), "", (), "name") for at, name in enumerate(names)),
        (),
        tuple(Tie("n", i, unit, Role.RESPONSIBLE if at else Role.LEAD) for i, team in enumerate(teams, 1) for at, unit in enumerate(team)),
        (),
        (),
    )


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of one run."""
    start = time.process_time()
    work()
    return time.process_time() - start


def everything(ties: Ties) -> list[tuple[str, float]]:
    """CPU seconds of each measure of method.md on one table, graphs included."""
    units, star, two_mode = unit_graph(ties), star_graph(ties), two_mode_graph(ties)
    works: list[tuple[str, Callable[[], object]]] = [
        ("selection by kind", lambda: select(ties, kinds={Kind.DEPARTMENT})),
        ("M1-M7, M12: loads, intervals, ranks", lambda: standings(ties)),
        ("M4: relations nobody coordinates", lambda: unled_relations(ties)),
        ("M13: concentration, overview", lambda: (concentrations(ties), overview(ties))),
        ("M11: unit graph", lambda: unit_graph(ties)),
        ("M11: unit graph, Newman", lambda: unit_graph(ties, "newman")),
        ("star graph", lambda: star_graph(ties)),
        ("two-mode graph", lambda: two_mode_graph(ties)),
        ("M8: betweenness, two-mode", lambda: betweenness(two_mode)),
        ("M8: betweenness, star by 1/w", lambda: betweenness_by_weight(star)),
        ("M8: brokerage over kinds", lambda: brokerage(ties)),
        ("M8: brokerage over sections", lambda: brokerage(ties, Partition.SECTION)),
        ("M9: PageRank", lambda: pagerank(units)),
        ("M9: eigenvector", lambda: eigenvector(units)),
        ("M9: core number", lambda: core_numbers(units)),
        ("M9: communities (Louvain)", lambda: communities(ties)),
        ("M9: core and periphery", lambda: core_periphery(ties)),
        ("M9: core by chance, 1 draw", lambda: core_by_chance(ties, draws=1)),
        ("M10: constraint, clustering, 1 draw", lambda: measure_closure(ties, draws=1)),
        ("dependencies, reciprocity", lambda: (dependencies(ties), reciprocity(ties))),
    ]
    return [(name, cpu(work)) for name, work in works]


def ways(nodes: int) -> list[tuple[str, float, float]]:
    """CPU seconds of NetworkX and of the arrays for betweenness, on graphs with about so many nodes and 40 edges a unit."""
    ties = generated(nodes, 20 * nodes if nodes > 100 else 8 * nodes)
    units, star, two_mode = unit_graph(ties), star_graph(ties), two_mode_graph(ties)
    sides = nx.bipartite.color(two_mode)
    lengths = [(one, other, 1 / weight) for one, other, weight in star.edges(data="weight")]
    return [
        (
            "units, steps",
            cpu(lambda: nx.betweenness_centrality(units)),
            cpu(lambda: betweenness_by_steps(list(units), list(units.edges()))),
        ),
        (
            f"two-mode, steps ({len(two_mode)} nodes)",
            cpu(lambda: nx.betweenness_centrality(two_mode)),
            cpu(lambda: betweenness_by_steps(list(two_mode), list(two_mode.edges()), sides)),
        ),
        (
            "star, lengths",
            cpu(lambda: nx.betweenness_centrality(star, weight=lambda _one, _other, edge: 1 / edge["weight"])),
            cpu(lambda: betweenness_by_length(list(star), lengths)),
        ),
    ]


def main() -> None:
    """Print both tables."""
    ties = generated(UNITS, EDGES)
    units = unit_graph(ties)
    print(f"{len(units)} units, {units.number_of_edges()} edges, {len(ties.tasks)} tasks, {len(ties.ties)} ties")
    rows = everything(ties)
    for name, seconds in (*rows, ("all", sum(seconds for _, seconds in rows))):
        print(f"{name:40s} {seconds:8.2f}")
    print(f"\n{'units  betweenness':40s} {'networkx':>8s} {'arrays':>8s}")
    for nodes in (64, 125, 250, 500, 1000):
        for name, usual, arrays in ways(nodes):
            print(f"{nodes:5d}  {name:33s} {usual:8.3f} {arrays:8.3f}")


if __name__ == "__main__":
    main()

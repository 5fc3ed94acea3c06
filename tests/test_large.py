"""Large graphs: the faster way gives NetworkX's figures, and 3,000 units stay within their budget."""

from __future__ import annotations

import networkx as nx
import pytest

from kg.analysis.closure import clusterings, constraints
from kg.analysis.network import LARGE, betweenness, betweenness_by_weight, eigenvector, pagerank, star_graph, two_mode_graph, unit_graph

from .benchmarks.large import BUDGET, EDGES, UNITS, everything, generated


def close(found: dict[str, float], expected: dict[str, float]) -> float:
    assert found.keys() == expected.keys()
    return max(abs(found[node] - expected[node]) for node in found)


def test_a_graph_above_the_threshold_has_the_figures_of_networkx() -> None:
    ties = generated(260, 2600)
    units, star, two_mode = unit_graph(ties), star_graph(ties), two_mode_graph(ties)
    assert len(units) > LARGE
    assert close(betweenness(two_mode), nx.betweenness_centrality(two_mode)) < 1e-9
    assert close(betweenness(units), nx.betweenness_centrality(units)) < 1e-9
    whole = 27720  # Every weight up to 12 divides it, so that no length is rounded.
    assert max(weight for _, _, weight in star.edges(data="weight")) <= 12
    lengths = nx.betweenness_centrality(star, weight=lambda _one, _other, edge: whole // int(edge["weight"]))
    assert close(betweenness_by_weight(star), lengths) < 1e-9
    assert close(pagerank(units), nx.pagerank(units, tol=1e-10)) < 1e-6
    power = nx.eigenvector_centrality(
        units.subgraph(max(nx.connected_components(units), key=len)), weight="weight", max_iter=10000, tol=1e-14
    )
    vector = eigenvector(units)
    assert close({node: vector[node] for node in power}, power) < 1e-9
    shared = nx.to_scipy_sparse_array(units, weight="weight", dtype=float)
    assert close(dict(zip(units, constraints(shared).tolist(), strict=True)), nx.constraint(units, weight="weight")) < 1e-9
    assert close(dict(zip(units, clusterings(shared).tolist(), strict=True)), nx.clustering(units)) < 1e-9


def test_generated_ties_are_the_same_each_time() -> None:
    assert generated(50, 200) == generated(50, 200)
    assert generated(50, 200) != generated(50, 200, seed=1)


@pytest.mark.soak
def test_three_thousand_units_stay_within_the_budget() -> None:
    rows = everything(generated(UNITS, EDGES))
    assert sum(seconds for _, seconds in rows) <= BUDGET, rows

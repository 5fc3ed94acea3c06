"""Network measures as they are here against NetworkX's own, on one generated network."""

from __future__ import annotations

import networkx as nx

from kg.analysis.network import betweenness, betweenness_by_weight, pagerank, star_graph, two_mode_graph, unit_graph

from .large import cpu, generated
from .timing import Ratio


def network_rows(units: int) -> list[Ratio]:
    """CPU seconds of one run each, on so many units with twenty ties each; the measures must agree."""
    ties = generated(units, 20 * units)
    graph, star, two_mode = unit_graph(ties), star_graph(ties), two_mode_graph(ties)
    size = f"{units} units, {graph.number_of_edges()} ties"
    works = (
        ("betweenness of units", lambda: betweenness(graph), lambda: nx.betweenness_centrality(graph)),
        ("betweenness, two modes", lambda: betweenness(two_mode), lambda: nx.betweenness_centrality(two_mode)),
        (
            "betweenness by weight, lead to share",
            lambda: betweenness_by_weight(star),
            lambda: nx.betweenness_centrality(star, weight=lambda _one, _other, edge: 1 / edge["weight"]),
        ),
    )
    rows = [Ratio(f"{what}, {size}", cpu(ours), "NetworkX", cpu(theirs), 10) for what, ours, theirs in works]
    return [*rows, Ratio(f"PageRank, {size}", cpu(lambda: pagerank(graph)), "NetworkX", cpu(lambda: nx.pagerank(graph)))]

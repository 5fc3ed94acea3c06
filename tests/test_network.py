"""Networks: the same figures from another library, brute force on small cases, and the same result on every run."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import networkx as nx
import pytest
import rustworkx as rx
from hypothesis import given
from hypothesis import strategies as st

from kg.analysis import network
from kg.analysis.closure import measure_closure
from kg.analysis.load import measure_load
from kg.analysis.network import (
    betweenness,
    betweenness_by_weight,
    centralities,
    communities,
    core_numbers,
    dependencies,
    eigenvector,
    lead_graph,
    pagerank,
    star_graph,
    two_mode_graph,
    unit_graph,
)
from kg.analysis.paths import betweenness_by_steps
from kg.model import Ties

EDGES = st.dictionaries(
    st.tuples(st.sampled_from("abcdefg"), st.sampled_from("abcdefg")).filter(lambda pair: pair[0] < pair[1]),
    st.integers(1, 12),
    max_size=14,
)

GRAPHS = ["units", "all-units", "newman", "two-mode", "star"]


def graph_of(ties: Ties, name: str) -> nx.Graph:
    return {
        "units": lambda: unit_graph(ties, territorial=False),
        "all-units": lambda: unit_graph(ties),
        "newman": lambda: unit_graph(ties, "newman", territorial=False),
        "two-mode": lambda: two_mode_graph(ties),
        "star": lambda: star_graph(ties),
    }[name]()


def in_rustworkx(graph: nx.Graph) -> tuple[list[object], rx.PyGraph]:
    nodes = list(graph)
    at = {node: index for index, node in enumerate(nodes)}
    converted = rx.PyGraph()
    converted.add_nodes_from(nodes)
    converted.add_edges_from([(at[a], at[b], float(attributes.get("weight", 1))) for a, b, attributes in graph.edges(data=True)])
    return nodes, converted


@pytest.mark.parametrize("name", GRAPHS)
def test_betweenness_and_core_equal_another_library(ties: Ties, name: str) -> None:
    graph = graph_of(ties, name)
    nodes, converted = in_rustworkx(graph)
    other = rx.graph_betweenness_centrality(converted, normalized=True)
    found = betweenness(graph)
    assert max(abs(found[node] - other[at]) for at, node in enumerate(nodes)) < 1e-9  # type: ignore[index]
    cores = rx.graph_core_number(converted)
    assert core_numbers(graph) == {node: cores[at] for at, node in enumerate(nodes)}  # type: ignore[index]


@pytest.mark.parametrize("name", GRAPHS)
def test_pagerank_equals_another_library(ties: Ties, name: str) -> None:
    graph = graph_of(ties, name)
    nodes, converted = in_rustworkx(graph)
    other = rx.pagerank(converted.to_directed(), weight_fn=float, tol=1e-12, max_iter=1000)
    found = pagerank(graph)
    assert max(abs(found[node] - other[at]) for at, node in enumerate(nodes)) < 1e-6  # type: ignore[index]
    assert sum(found.values()) == pytest.approx(1)


@pytest.mark.parametrize("name", ["units", "all-units", "newman", "star"])
def test_eigenvector_equals_another_library_up_to_scale(ties: Ties, name: str) -> None:
    graph = graph_of(ties, name)
    part = graph.subgraph(max(nx.connected_components(graph), key=len))
    nodes, converted = in_rustworkx(part)
    other = rx.graph_eigenvector_centrality(converted, weight_fn=float, max_iter=100000, tol=1e-13)
    found = eigenvector(graph)
    scale = max(found.values()) / max(other.values())
    assert max(abs(found[node] - scale * other[at]) for at, node in enumerate(nodes)) < 1e-9  # type: ignore[index]
    assert all(value == 0 for node, value in found.items() if node not in part)


def test_the_large_path_gives_the_same_figures(ties: Ties, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = {one.unit: one for one in centralities(ties)}
    monkeypatch.setattr(network, "LARGE", 0)
    for one in centralities(ties):
        assert one.betweenness == pytest.approx(usual[one.unit].betweenness, abs=1e-9)
        assert one.betweenness_star == pytest.approx(usual[one.unit].betweenness_star, abs=1e-9)
        assert one.pagerank == pytest.approx(usual[one.unit].pagerank, abs=1e-6)
        assert (one.core, one.community) == (usual[one.unit].core, usual[one.unit].community)


def test_betweenness_by_brute_force() -> None:
    graph = nx.Graph([("a", "b"), ("b", "c"), ("c", "d"), ("b", "d"), ("d", "e")])
    counted = dict.fromkeys(graph, 0.0)
    for one, other in permutations(graph, 2):
        paths = list(nx.all_shortest_paths(graph, one, other))
        for path in paths:
            for node in path[1:-1]:
                counted[node] += 1 / len(paths)
    pairs = (len(graph) - 1) * (len(graph) - 2)
    assert betweenness(graph) == pytest.approx({node: value / pairs for node, value in counted.items()})


IGRAPH = {
    "市发改委": (0.198401331302, 0.189707305273, 0.073173969921, 0.366357316696, 13, 0.173529696855, 0.362903225806),
    "市生态环境局": (0.020683386199, 0.253205128205, 0.042857526678, 0.292834088600, 13, 0.232504664652, 0.713450292398),
    "市财政局": (0.127117534016, 0.096891630382, 0.045939703707, 0.174641797497, 13, 0.163960004214, 0.375661375661),
    "市住建局": (0.073358210702, 0.175374939526, 0.065154702170, 0.371476060785, 13, 0.190494935887, 0.495384615385),
    "市审计局": (0.010461005699, 0.000000000000, 0.006586920110, 0.033358603737, 5, 0.356376999874, 1.000000000000),
}
"""Betweenness (units and tasks; star by 1/w), PageRank, eigenvector, core, constraint, clustering of the Jingzhou notice without
territories, by igraph 1.0.0 (python-igraph, installed apart, never a dependency): betweenness over pairs, eigenvector of the
largest component brought to length 1, transitivity_local_undirected(mode="zero")."""


def test_jingzhou_equals_igraph(ties: Ties) -> None:
    closures = {one.label: one for one in measure_closure(ties, draws=1)}
    found = {one.label: one for one in centralities(ties)}
    for label, (two_mode, star, rank, vector, core, constraint, clustering) in IGRAPH.items():
        one = found[label]
        assert (one.betweenness, one.betweenness_star) == (pytest.approx(two_mode, abs=1e-9), pytest.approx(star, abs=1e-9))
        assert (one.pagerank, one.eigenvector) == (pytest.approx(rank, abs=1e-6), pytest.approx(vector, abs=1e-9))
        assert one.core == core
        assert closures[label].constraint == pytest.approx(constraint, abs=1e-9)
        assert closures[label].clustering == pytest.approx(clustering, abs=1e-9)


@given(EDGES)
def test_betweenness_by_steps_equals_networkx(weights: dict[tuple[str, str], int]) -> None:
    graph = nx.Graph(list(weights))
    graph.add_nodes_from("abcdefg")
    graph.add_nodes_from(range(60))  # More than one block of sources.
    graph.add_edges_from((number, "abcdefg"[number % 7]) for number in range(40))
    sides = nx.bipartite.color(graph) if nx.is_bipartite(graph) else None
    expected = nx.betweenness_centrality(graph)
    assert betweenness_by_steps(list(graph), list(graph.edges()), sides) == pytest.approx(expected, abs=1e-9)
    assert betweenness_by_steps(list(graph), list(graph.edges())) == pytest.approx(expected, abs=1e-9)


@given(EDGES, st.permutations("abcdefg"))
def test_new_names_and_another_order_change_no_figure(weights: dict[tuple[str, str], int], names: list[str]) -> None:
    named = dict(zip("abcdefg", names, strict=True))
    graph, other = nx.Graph(), nx.Graph()
    graph.add_nodes_from("abcdefg")
    other.add_nodes_from(names)
    graph.add_weighted_edges_from((a, b, weight) for (a, b), weight in weights.items())
    other.add_weighted_edges_from((named[b], named[a], weight) for (a, b), weight in reversed(weights.items()))
    for measure in (betweenness, betweenness_by_weight, pagerank, core_numbers):
        found = measure(other)
        assert {node: found[named[node]] for node in graph} == pytest.approx(measure(graph), abs=1e-9)


@pytest.mark.parametrize("large", [False, True])
@given(weights=EDGES)
def test_betweenness_by_weight_by_brute_force(large: bool, weights: dict[tuple[str, str], int]) -> None:
    graph = nx.Graph()
    graph.add_nodes_from("abcdefg")
    graph.add_edges_from((one, other, {"weight": weight, "length": Fraction(1, weight)}) for (one, other), weight in weights.items())
    counted = dict.fromkeys(graph, 0.0)
    for one, other in permutations(graph, 2):
        if nx.has_path(graph, one, other):
            paths = list(nx.all_shortest_paths(graph, one, other, weight="length"))
            for path in paths:
                for node in path[1:-1]:
                    counted[node] += 1 / len(paths)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network, "LARGE", 0 if large else 500)
        assert betweenness_by_weight(graph) == pytest.approx({node: value / 30 for node, value in counted.items()}, abs=1e-9)


@pytest.mark.parametrize("limit", [0, 500])
def test_paths_of_equal_length_share_whatever_their_binary_fractions(monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    # 1/2 + 1/3 + 1/6 = 1, but not in binary: the way round and the direct tie from a to d are one length.
    graph = nx.Graph()
    graph.add_weighted_edges_from([("a", "b", 2), ("b", "c", 3), ("c", "d", 6), ("a", "d", 1)])
    monkeypatch.setattr(network, "LARGE", limit)
    assert betweenness_by_weight(graph) == pytest.approx({"a": 0, "b": 1.5 / 3, "c": 1.5 / 3, "d": 0})


def test_the_large_path_gives_the_same_bits_on_every_run(ties: Ties, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "LARGE", 0)
    graph = two_mode_graph(ties)
    assert len({tuple(betweenness(graph).items()) for _ in range(5)}) == 1


def test_a_unit_alone_has_a_place_in_both_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = nx.Graph([("a", "b"), ("b", "c")])
    graph.add_node("alone")
    usual = pagerank(graph)
    monkeypatch.setattr(network, "LARGE", 0)
    assert pagerank(graph) == pytest.approx(usual, abs=1e-6)
    assert eigenvector(graph)["alone"] == 0


def test_the_star_graph_carries_the_relations(ties: Ties) -> None:
    graph = star_graph(ties)
    strengths = {load.unit: load.relations for load in measure_load(ties)}
    assert {unit: graph.degree(unit, weight="weight") for unit in graph} == strengths


def test_weights_of_newman_add_up_to_tasks_with_company(ties: Ties) -> None:
    graph = unit_graph(ties, "newman")
    two_mode = two_mode_graph(ties)
    for unit in graph:
        company = sum(two_mode.degree(task) > 1 for task in two_mode[unit])
        assert graph.degree(unit, weight="weight") == pytest.approx(company)


def test_dependencies_are_the_edges_of_the_lead_graph(ties: Ties) -> None:
    found = dependencies(ties)
    graph = lead_graph(ties)
    assert graph.number_of_edges() == len(found)
    for one in found:
        assert graph[one.lead][one.share]["weight"] == len(one.tasks)
        assert one.back == graph.get_edge_data(one.share, one.lead, {"weight": 0})["weight"]
    assert [len(one.tasks) for one in found] == sorted((len(one.tasks) for one in found), reverse=True)


def test_communities_are_a_partition_and_the_same_each_time(ties: Ties) -> None:
    parts = communities(ties)
    members = [unit for part in parts for unit in part]
    assert sorted(members) == sorted(unit_graph(ties, territorial=False))
    assert communities(ties) == parts
    assert [part == tuple(sorted(part)) for part in parts] == [True] * len(parts)


def test_nothing_is_central_in_nothing() -> None:
    empty = Ties((), (), (), (), (), (), (), ())
    assert centralities(empty) == []
    assert communities(empty) == []
    assert dependencies(empty) == []
    assert eigenvector(nx.Graph()) == {}


def test_a_graph_is_not_changed_by_being_measured(ties: Ties) -> None:
    graph = unit_graph(ties)
    before = sorted(map(str, graph.edges(data=True)))
    betweenness(graph)
    pagerank(graph)
    eigenvector(graph)
    assert sorted(map(str, graph.edges(data=True))) == before

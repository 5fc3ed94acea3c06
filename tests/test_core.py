"""Core and periphery: against every core of small graphs, and the same whatever the order."""

from __future__ import annotations

from itertools import combinations
from math import sqrt
from random import Random

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.analysis.core import CorePeriphery, core_by_chance, core_periphery, fit_core
from kg.analysis.network import star_graph
from kg.model import Ties

from .test_load import small


def correlation(graph: nx.Graph, core: set[str]) -> float | None:
    """Pearson's correlation of weights and picture, pair by pair."""
    pairs = list(combinations(sorted(graph), 2))
    weights = [graph.get_edge_data(one, other, {"weight": 0})["weight"] for one, other in pairs]
    picture = [float(one in core or other in core) for one, other in pairs]
    mean, middle = sum(weights) / len(pairs), sum(picture) / len(pairs)
    spread = sqrt(sum((w - mean) ** 2 for w in weights) * sum((p - middle) ** 2 for p in picture))
    return sum((w - mean) * (p - middle) for w, p in zip(weights, picture, strict=True)) / spread if spread > 1e-9 else None


def drawn(seed: int) -> nx.Graph:
    chance = Random(seed)
    size, density, heaviest = chance.randint(4, 9), chance.choice([0.2, 0.4, 0.6, 0.8]), chance.choice([1, 2, 5, 12])
    graph = nx.Graph()
    graph.add_nodes_from("abcdefghi"[:size])
    graph.add_edges_from(
        (a, b, {"weight": chance.randint(1, heaviest)}) for a, b in combinations(sorted(graph), 2) if chance.random() < density
    )
    return graph


def test_the_search_finds_the_best_of_all_cores() -> None:
    for seed in range(250):
        graph = drawn(seed)
        every = [correlation(graph, set(core)) for size in range(1, len(graph)) for core in combinations(sorted(graph), size)]
        best = max((one for one in every if one is not None), default=None)
        found = fit_core(graph)
        assert (found is None) == (best is None), seed
        if found is not None and best is not None:
            assert found.correlation == pytest.approx(best, abs=1e-9), seed
            assert correlation(graph, set(found.core)) == pytest.approx(best, abs=1e-9), seed


@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_the_order_of_nodes_and_edges_does_not_matter(seed: int, chance: Random) -> None:
    graph = drawn(seed)
    nodes, edges = list(graph), list(graph.edges(data=True))
    chance.shuffle(nodes)
    chance.shuffle(edges)
    other = nx.Graph()
    other.add_nodes_from(nodes)
    other.add_edges_from(edges)
    assert fit_core(other) == fit_core(graph)


def test_an_ideal_core_is_found_whole() -> None:
    graph = nx.Graph([(hub, leaf) for hub in "ab" for leaf in "cdefg"] + [("a", "b")])
    assert fit_core(graph) == CorePeriphery(("a", "b"), tuple("cdefg"), pytest.approx(1), 1, 1, 0)


@pytest.mark.parametrize(
    "graph", [nx.Graph(), nx.path_graph(2), nx.empty_graph(5), nx.complete_graph(6)], ids=["none", "two", "no-tie", "alike"]
)
def test_where_no_picture_can_correlate_there_is_none(graph: nx.Graph) -> None:
    assert fit_core(graph) is None


def test_the_core_of_jingzhou(ties: Ties) -> None:
    found = core_periphery(ties)
    assert found is not None
    labels = {unit.id: unit.label for unit in ties.units}
    assert [labels[unit] for unit in found.core] == ["市发改委", "市生态环境局", "市住建局"]
    graph = star_graph(ties, territorial=False)
    assert found.correlation == pytest.approx(correlation(graph, set(found.core)), abs=1e-9)
    assert found.correlation == pytest.approx(0.3254307975, abs=1e-9)
    assert sorted(found.core + found.periphery) == sorted(graph)
    inside = [graph.get_edge_data(a, b, {"weight": 0})["weight"] for a, b in combinations(found.core, 2)]
    outside = [graph.get_edge_data(a, b, {"weight": 0})["weight"] for a, b in combinations(found.periphery, 2)]
    assert (found.within, found.outside) == (pytest.approx(sum(inside) / len(inside)), pytest.approx(sum(outside) / len(outside)))


def test_the_core_of_jingzhou_fits_no_better_than_chance(ties: Ties) -> None:
    found, chance = core_periphery(ties), core_by_chance(ties, draws=40)
    assert found is not None
    assert chance is not None
    assert chance.low < found.correlation < chance.high
    assert core_by_chance(ties, draws=40) == chance


def test_where_every_draw_is_the_print_chance_fits_as_well() -> None:
    ties = small([(["a"], ["b", "c", "d"])])
    found, chance = core_periphery(ties), core_by_chance(ties, draws=3)
    assert found is not None
    assert found.correlation == pytest.approx(1)
    assert chance is not None
    assert (chance.low, chance.high) == (pytest.approx(1), pytest.approx(1))
    assert core_by_chance(small([(["a"], ["b"])]), draws=3) is None

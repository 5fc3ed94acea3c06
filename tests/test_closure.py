"""Constraint and clustering: NetworkX's figures, and a range of chance beside each."""

from __future__ import annotations

from math import isnan

import networkx as nx
import pytest
from hypothesis import given

from kg.analysis.closure import clusterings, constraints, measure_closure
from kg.analysis.network import unit_graph
from kg.model import Ties

from .test_load import small
from .test_network import EDGES


@given(EDGES)
def test_both_equal_networkx(weights: dict[tuple[str, str], int]) -> None:
    graph = nx.Graph()
    graph.add_nodes_from("abcdefg")
    graph.add_weighted_edges_from((one, other, weight) for (one, other), weight in weights.items())
    shared = nx.to_scipy_sparse_array(graph, weight="weight", dtype=float)
    clustering = nx.clustering(graph)
    # With all nodes NetworkX takes its fast path; a node without a tie is not a number in both.
    constraint = nx.constraint(graph, weight="weight") if weights else {}
    for node, own, closed in zip(graph, constraints(shared), clusterings(shared), strict=True):
        assert closed == pytest.approx(clustering[node], abs=1e-9)
        assert isnan(own) if not graph[node] else own == pytest.approx(constraint[node], abs=1e-9)


def test_jingzhou_against_networkx_and_chance(ties: Ties) -> None:
    graph = unit_graph(ties, territorial=False)
    constraint, clustering = nx.constraint(graph, weight="weight"), nx.clustering(graph)
    found = measure_closure(ties, draws=50)
    assert [one.unit for one in found] == sorted(graph)
    for one in found:
        assert one.clustering == pytest.approx(clustering[one.unit], abs=1e-9)
        assert one.constraint == (pytest.approx(constraint[one.unit], abs=1e-9) if graph[one.unit] else None)
        for chance in (one.constraint_chance, one.clustering_chance):
            assert chance is None or chance.low <= chance.middle <= chance.high
    assert measure_closure(ties, draws=50) == found


def test_one_large_task_closes_everything_in_print_and_by_chance() -> None:
    for one in measure_closure(small([(["a"], list("bcdef"))]), draws=5):
        assert one.clustering == 1
        assert one.clustering_chance is not None
        assert (one.clustering_chance.low, one.clustering_chance.high) == (1, 1)


def test_without_chance_there_is_no_figure() -> None:
    with pytest.raises(ValueError, match="0"):
        measure_closure(small([(["a"], ["b"])]), draws=0)
    assert measure_closure(small([])) == []


def test_a_unit_alone_has_no_constraint() -> None:
    (one,) = measure_closure(small([(["a"], [])]), draws=1)
    assert (one.constraint, one.constraint_chance, one.clustering) == (None, None, 0)

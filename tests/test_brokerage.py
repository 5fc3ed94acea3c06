"""Brokerage: every chain counted one by one, and what must hold over the roles."""

from __future__ import annotations

from itertools import permutations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.analysis.brokerage import Partition, Roles, brokerage, chief_sections, count_roles
from kg.analysis.network import lead_graph
from kg.model import Kind, Ties

from .test_load import small

NAMES = "abcdefg"
ARCS = st.sets(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(lambda arc: arc[0] != arc[1]), max_size=30)
PARTS = st.fixed_dictionaries({name: st.integers(1, 3) for name in NAMES})


@given(ARCS, PARTS)
def test_roles_by_brute_force(arcs: set[tuple[str, str]], parts: dict[str, int]) -> None:
    counted = {name: dict.fromkeys(("coordinator", "itinerant", "gatekeeper", "representative", "liaison"), 0) for name in NAMES}
    for first, node, last in permutations(NAMES, 3):
        if (first, node) in arcs and (node, last) in arcs and (first, last) not in arcs:
            a, v, c = parts[first], parts[node], parts[last]
            role = (
                "coordinator"
                if a == v == c
                else "itinerant"
                if a == c
                else "gatekeeper"
                if v == c
                else "representative"
                if a == v
                else "liaison"
            )
            counted[node][role] += 1
    graph = nx.DiGraph()
    graph.add_nodes_from(NAMES)
    graph.add_edges_from(arcs)
    assert count_roles(graph, parts) == {name: Roles(**roles) for name, roles in counted.items()}


@given(ARCS, PARTS)
def test_parts_change_roles_and_never_their_number(arcs: set[tuple[str, str]], parts: dict[str, int]) -> None:
    graph = nx.DiGraph(sorted(arcs))
    alike = count_roles(graph, dict.fromkeys(NAMES, 0))
    assert all(roles.total == alike[node].coordinator for node, roles in count_roles(graph, parts).items())


CASES = [
    pytest.param("ddd", Roles(coordinator=1), id="coordinator"),
    pytest.param("dpd", Roles(itinerant=1), id="itinerant"),
    pytest.param("pdd", Roles(gatekeeper=1), id="gatekeeper"),
    pytest.param("ddp", Roles(representative=1), id="representative"),
    pytest.param("dpe", Roles(liaison=1), id="liaison"),
]


@pytest.mark.parametrize(("kinds", "roles"), CASES)
def test_a_chain_of_two_tasks(kinds: str, roles: Roles) -> None:
    of = {"d": Kind.DEPARTMENT, "p": Kind.PARTY_ORGAN, "e": Kind.ENTERPRISE}
    ties = small([(["a"], ["v"]), (["v"], ["c"])], {unit: of[kind] for unit, kind in zip("avc", kinds, strict=True)})
    first, *others = brokerage(ties)
    assert (first.unit, first.roles) == ("v", roles)
    assert all(one.roles == Roles() for one in others)


def test_a_direct_task_closes_the_chain() -> None:
    assert all(one.roles.total == 0 for one in brokerage(small([(["a"], ["v", "c"]), (["v"], ["c"])])))


def test_jingzhou_over_kinds_and_sections(ties: Ties) -> None:
    graph = lead_graph(ties, territorial=False)
    chains = {
        node: sum((a, c) not in graph.edges for a in graph.predecessors(node) for c in graph.successors(node) if a != c) for node in graph
    }
    for partition in Partition:
        found = brokerage(ties, partition)
        assert {one.unit: one.roles.total for one in found if one.unit in graph} == chains
        assert [one.roles.total for one in found] == sorted((one.roles.total for one in found), reverse=True)
    kinds = {one.label: one.roles for one in brokerage(ties)}
    assert kinds["市发改委"] == Roles(coordinator=96, representative=10)
    assert kinds["市财政局"] == Roles(16, 2, 4, 23, 0)
    assert set(chief_sections(ties).values()) <= {f"{ties.notices[0].id}#{number}" for number in range(1, 7)}

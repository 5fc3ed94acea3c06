"""Dependencies: reciprocity against the graph, and the sentences people read."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import pytest
from hypothesis import given

from kg.analysis.dependency import dependency_sentence, reciprocity
from kg.analysis.network import dependencies, lead_graph
from kg.model import Ties

from .test_load import small
from .test_selection import TASKS


@given(TASKS)
def test_reciprocity_is_that_of_the_graph(tasks: list[tuple[list[str], list[str]]]) -> None:
    ties = small(tasks)
    graph, found = lead_graph(ties), reciprocity(ties)
    weight = graph.size(weight="weight")
    both = sum(min(held, graph[c][a]["weight"]) for a, c, held in graph.edges(data="weight") if graph.has_edge(c, a))
    assert (found.ties, found.tasks) == (graph.number_of_edges(), weight)
    assert found.weighted == pytest.approx(both / weight if weight else 0)
    assert found.returned == pytest.approx(nx.overall_reciprocity(graph) * found.ties if found.ties else 0)


def test_jingzhou(ties: Ties) -> None:
    found = reciprocity(ties)
    # igraph 1.0.0, Graph.reciprocity() on the same arcs: 0.272.
    assert found.returned / found.ties == pytest.approx(0.272, abs=1e-12)
    strongest = dependencies(ties, territorial=False)[0]
    said = dependency_sentence(ties, strongest, lang="zh")
    assert said.count("第") == len(strongest.tasks)
    assert f"有{len(strongest.tasks)}项" in said
    assert f": {len(strongest.tasks)} (no. {strongest.tasks[0][1]}, " in dependency_sentence(ties, strongest, lang="en")


def test_a_sentence_names_the_tasks_and_the_way_back() -> None:
    ties = small([(["a"], ["b"]), (["a"], ["b"]), (["b"], ["a", "c"])])
    said = {(one.lead, one.share): dependency_sentence(ties, one, lang="en") for one in dependencies(ties)}
    assert said["a", "b"] == "Tasks that a leads and b shares: 2 (no. 1, no. 2); the other way round: 1."
    assert said["b", "c"] == "Tasks that b leads and c shares: 1 (no. 3); never the other way round."
    two = replace(ties, notices=(replace(ties.notices[0], number="荆政〔2020〕1号"), replace(ties.notices[0], id="m")))
    assert (
        dependency_sentence(two, dependencies(two)[-1], lang="zh") == "b牵头、c负责或配合的任务有1项（荆政〔2020〕1号第3项），反过来没有。"
    )

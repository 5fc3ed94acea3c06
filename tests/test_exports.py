"""The network files: read back by networkx, the same each time, nothing of a name taken for markup."""

from __future__ import annotations

import csv
import io

import networkx as nx
import pytest
from lxml import etree

from kg.analysis.load import standings
from kg.analysis.network import unit_graph
from kg.model import Ties
from kg.views.networks import gexf, graphml, ties_csv
from tests.test_report import HOSTILE, small_ties


def read_gexf(text: str) -> nx.Graph:
    return nx.read_gexf(io.BytesIO(text.encode()))


def read_graphml(text: str) -> nx.Graph:
    return nx.parse_graphml(text)


BOTH = pytest.mark.parametrize(("write", "read"), [(graphml, read_graphml), (gexf, read_gexf)], ids=["graphml", "gexf"])


@BOTH
def test_a_network_file_holds_the_unit_graph(ties: Ties, write, read) -> None:  # type: ignore[no-untyped-def]
    graph, source = read(write(ties)), unit_graph(ties)
    assert set(graph) == set(source)
    weights = {frozenset(pair): weight for *pair, weight in source.edges(data="weight")}
    assert {frozenset(pair): weight for *pair, weight in graph.edges(data="weight")} == weights


@BOTH
def test_its_nodes_say_what_the_report_says(ties: Ties, write, read) -> None:  # type: ignore[no-untyped-def]
    graph = read(write(ties))
    for unit in standings(ties):
        if unit.unit in graph:
            node = graph.nodes[unit.unit]
            assert (node["label"], node["relations"], node["led"], node["tasks"]) == (unit.label, unit.relations, unit.led, unit.tasks)
    assert sum(node.get("relations_without_territories", 0) for _, node in graph.nodes(data=True)) == 334


@BOTH
def test_a_network_file_is_the_same_each_time_and_holds_no_date(ties: Ties, write, read) -> None:  # type: ignore[no-untyped-def]
    text = write(ties)
    assert text == write(ties) and "lastmodifieddate" not in text


def test_writing_changes_no_graph_of_the_analysis(ties: Ties) -> None:
    before = sorted(unit_graph(ties).edges(data="weight"))
    graphml(ties), gexf(ties)
    assert sorted(unit_graph(ties).edges(data="weight")) == before


@BOTH
@pytest.mark.parametrize("label", HOSTILE)
def test_a_hostile_name_leaves_the_file_well_formed(label: str, write, read) -> None:  # type: ignore[no-untyped-def]
    text = write(small_ties(label))
    etree.fromstring(text.encode())
    assert set(read(text)) == {"unit:a", "unit:b", "unit:c", "unit:z"}


def test_the_ties_csv_has_a_row_for_every_tie(ties: Ties) -> None:
    rows = list(csv.DictReader(io.StringIO(ties_csv(ties), newline="")))
    assert len(rows) == len(ties.ties)
    printed = [row for row in rows if not row["through"]]
    assert sum(row["role"] == "lead" for row in printed) == 111 and len(printed) == 603
    assert all(row["through_label"] for row in rows if row["through"])


@pytest.mark.parametrize("label", HOSTILE)
def test_the_ties_csv_disarms_formulas(label: str) -> None:
    for row in csv.reader(io.StringIO(ties_csv(small_ties(label)), newline="")):
        assert not any(cell.startswith(("=", "+", "@", "\t")) for cell in row)

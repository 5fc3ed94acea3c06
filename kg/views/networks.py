"""The network as files: the weighted unit graph as GraphML and GEXF, for Gephi, yEd, Cytoscape and networkx, and the ties as CSV.

Both graph files hold the same graph, undirected: a node a unit, an edge where two units stand in one task, weighted by the
number of such tasks. Nodes carry what the load table says of the unit; as there, centralities are measured among the units
that are no territories. Units and their tasks, two-mode, are the ties.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, indent, tostring

from kg.analysis.load import standings
from kg.analysis.network import centralities, unit_graph
from kg.model import Ties
from kg.views.apart import labels
from kg.views.charts import xml_text
from kg.views.facts import community_numbers, joint_communities
from kg.views.tables import csv_text

if TYPE_CHECKING:
    import networkx as nx

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def graphml(ties: Ties) -> str:
    """The unit graph as GraphML; edge attribute ``weight`` is the number of tasks that two units have in common."""
    from networkx.readwrite.graphml import GraphMLWriter

    writer = GraphMLWriter(encoding="utf-8", prettyprint=False)
    writer.add_graph_element(_labelled_graph(ties))
    return _pretty(writer.xml)


def gexf(ties: Ties) -> str:
    """The unit graph as GEXF 1.2; edge weight is the number of tasks that two units have in common. It holds no date."""
    from networkx.readwrite.gexf import GEXFWriter

    writer = GEXFWriter(encoding="utf-8", prettyprint=False, version="1.2draft")
    writer.add_graph(_labelled_graph(ties))
    root: Element = writer.xml
    for element in root.iter():
        # The day of writing would make two runs differ.
        element.attrib.pop("lastmodifieddate", None)
    return _pretty(root)


def _pretty(root: Element) -> str:
    indent(root)
    return f"{_HEAD}{tostring(root, encoding='unicode')}\n"


def _labelled_graph(ties: Ties) -> nx.Graph:
    """A copy of the unit graph in sorted order, its nodes described; the graph of the analysis stays as it was."""
    import networkx as nx

    source = unit_graph(ties)
    described = _unit_attributes(ties)
    graph = nx.Graph()
    for unit in sorted(source):
        graph.add_node(xml_text(unit), **described[unit])
    for one, other, weight in sorted((*sorted(pair), weight) for *pair, weight in source.edges(data="weight")):
        graph.add_edge(xml_text(one), xml_text(other), weight=int(weight))
    return graph


def _unit_attributes(ties: Ties) -> dict[str, dict[str, str | int | float]]:
    central = {entry.unit: entry for entry in centralities(ties)}
    communities = community_numbers(joint_communities(ties))
    loads = {entry.unit: entry for entry in standings(ties)}
    found: dict[str, dict[str, str | int | float]] = {}
    # On a canvas the label is all that is seen of a node.
    shown = labels(ties, "zh")
    for unit in ties.units:
        row: dict[str, str | int | float] = {
            "label": xml_text(shown[unit.id]),
            "kind": str(unit.kind),
            "lines": xml_text(";".join(unit.lines)),
        }
        if load := loads.get(unit.id):
            row |= {"tasks": load.tasks, "led": load.led, "shared": load.shared, "partners": load.partners}
            row |= {"relations": load.relations, "relations_resolved": load.interval[1], "relations_upper": load.interval[2]}
            if load.relations_without_territories is not None:
                row["relations_without_territories"] = load.relations_without_territories
        if entry := central.get(unit.id):
            row |= {"betweenness": round(entry.betweenness, 6), "pagerank": round(entry.pagerank, 6)}
            row |= {"eigenvector": round(entry.eigenvector, 6), "core": entry.core}
        if unit.id in communities:
            row["community"] = communities[unit.id]
        found[unit.id] = row
    return found


_TIE_COLUMNS = (
    "notice", "year", "task", "number", "section", "unit", "label", "kind", "lines", "role", "through", "through_label", "place"
)  # fmt: skip


def ties_csv(ties: Ties) -> str:
    """One row a tie, for programs: which unit stands in which role in which task, printed itself or through which group.

    The head is fixed and in English, whatever the language; ``place`` is that of the notice.
    ``through`` is empty where the unit is printed itself.
    """
    years = {notice.id: notice.year for notice in ties.notices}
    places = {notice.id: notice.place for notice in ties.notices}
    tasks = {(task.notice, task.i): task for task in ties.tasks}
    units = {unit.id: unit for unit in ties.units}
    groups = {group.id: group.label for group in ties.groups}
    rows: list[list[object]] = []
    for tie in ties.ties:
        task, unit = tasks[tie.notice, tie.task], units[tie.unit]
        row: list[object] = [tie.notice, years[tie.notice], tie.task, task.number, task.section, unit.id, unit.label]
        rows.append([*row, unit.kind, ";".join(unit.lines), tie.role, tie.through, groups.get(tie.through, ""), places[tie.notice]])
    return csv_text(_TIE_COLUMNS, rows)

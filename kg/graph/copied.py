"""A copy in memory of what an endpoint holds of govresp, for what needs the whole graph: validation, export, rdflib.

Triples are asked for as rows: Virtuoso cuts the triples of CONSTRUCT off at its limit without a word, and rows with one.
"""

from __future__ import annotations

import pyoxigraph

from kg.errors import GraphWithoutNoticesError
from kg.graph.asked import Graph, Rows, parts_of, solutions
from kg.graph.iris import PREFIXES

_CLASSES = ("kg:Notice", "kg:Unit", "kg:UnitGroup", "kg:Division", "org:ChangeEvent", "kg:Continuation")
_THINGS = "SELECT ?s ?p ?o WHERE { VALUES ?s { %s } ?s ?p ?o }"
_CODES = "SELECT ?s ?p ?o WHERE { ?s a skos:Concept ; ?p ?o . FILTER(STRSTARTS(STR(?s), STR(kgv:))) }"
_OF_NOTICE = (
    "SELECT ?s ?p ?o WHERE { VALUES ?n { %s } ?n kg:hasTarget ?s . ?s ?p ?o }",
    "SELECT ?s ?p ?o WHERE { VALUES ?n { %s } ?s kg:inNotice ?n ; ?p ?o }",
    "SELECT ?s ?p ?o WHERE { VALUES ?n { %s } ?t kg:inNotice ?n ; kg:assignment ?s . ?s ?p ?o }",
    "SELECT ?s ?p ?o WHERE { VALUES ?n { %s } ?t kg:inNotice ?n ; kg:hasTarget|kg:hasDeadline ?s . ?s ?p ?o }",
)


def copy_of(graph: Graph, name: object = "") -> pyoxigraph.Store:
    """A store in memory with everything that belongs to the notices of a graph; what else the graph holds stays there.

    Raises:
        GraphWithoutNoticesError: it holds no notice.
        EndpointError: it cannot be asked, or gives a part only.
    """
    notices = sorted(row["n"] for row in solutions(graph, "SELECT DISTINCT ?n WHERE { ?n a kg:Notice }", PREFIXES))
    if not notices:
        raise GraphWithoutNoticesError(name)
    store = pyoxigraph.Store()
    _add(store, graph, _CODES)
    for kind in _CLASSES:
        for part in parts_of(graph, kind, PREFIXES):
            _add(store, graph, _THINGS % part)
    for notice in notices:
        for query in _OF_NOTICE:
            _add(store, graph, query % f"<{notice}>")
    return store


def _add(store: pyoxigraph.Store, graph: Graph, query: str) -> None:
    found = graph.query(query, prefixes=PREFIXES)
    if not isinstance(found, pyoxigraph.QuerySolutions | Rows):
        raise TypeError(query)
    store.bulk_extend(pyoxigraph.Quad(row["s"], row["p"], row["o"]) for row in found)

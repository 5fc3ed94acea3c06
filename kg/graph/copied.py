"""A copy in memory of what an endpoint holds of govresp, for what needs the whole graph: validation, export, rdflib."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph

from kg.errors import GraphWithoutNoticesError
from kg.graph.asked import Graph, solutions
from kg.graph.iris import PREFIXES

_OF_ALL = (
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s a kg:Notice ; ?p ?o }",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s a kg:Unit ; ?p ?o }",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s a kg:UnitGroup ; ?p ?o }",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s a kg:Division ; ?p ?o }",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s a org:ChangeEvent ; ?p ?o }",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s a kg:Continuation ; ?p ?o }",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s a skos:Concept ; ?p ?o . FILTER(STRSTARTS(STR(?s), STR(kgv:))) }",
)
_OF_NOTICES = (
    "CONSTRUCT { ?s ?p ?o } WHERE { VALUES ?n { %s } ?n kg:hasTarget ?s . ?s ?p ?o }",
    "CONSTRUCT { ?s ?p ?o } WHERE { VALUES ?n { %s } ?s kg:inNotice ?n . ?s ?p ?o }",
    "CONSTRUCT { ?s ?p ?o } WHERE { VALUES ?n { %s } ?t kg:inNotice ?n ; kg:assignment ?s . ?s ?p ?o }",
    "CONSTRUCT { ?s ?p ?o } WHERE { VALUES ?n { %s } ?t kg:inNotice ?n ; kg:hasTarget|kg:hasDeadline ?s . ?s ?p ?o }",
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
    for query in _OF_ALL:
        _add(store, graph, query)
    for notice in notices:
        for query in _OF_NOTICES:
            _add(store, graph, query % f"<{notice}>")
    return store


def _add(store: pyoxigraph.Store, graph: Graph, query: str) -> None:
    found = graph.query(query, prefixes=PREFIXES)
    if not isinstance(found, Iterable):
        raise TypeError(query)
    store.bulk_extend(pyoxigraph.Quad(*triple) for triple in found if isinstance(triple, pyoxigraph.Triple))

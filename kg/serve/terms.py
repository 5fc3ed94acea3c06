"""What the editor can complete: the prefixes of the graph and the terms of its ontology, with their labels."""

from __future__ import annotations

from functools import cache

import pyoxigraph

from kg.graph.iris import CODE, KG, PREFIXES, curie
from kg.resources import ontology_file

_BORROWED = (
    ("rdf:type", "a"),
    ("skos:prefLabel", ""),
    ("skos:altLabel", ""),
    ("skos:broader", ""),
    ("skos:inScheme", ""),
    ("rdfs:label", ""),
    ("dcterms:title", ""),
    ("dcterms:date", ""),
    ("org:originalOrganization", ""),
    ("org:resultingOrganization", ""),
)
"""Terms of other vocabularies that the graph uses."""


@cache
def completions(lang: str) -> tuple[tuple[str, str], ...]:
    """Terms as CURIEs with their labels in a language: those of the ontology and of its code lists, then the borrowed ones."""
    store = pyoxigraph.Store()
    for name in ("kg.ttl", "codes.ttl"):
        store.load(path=str(ontology_file(name)), format=pyoxigraph.RdfFormat.TURTLE)
    query = f"""SELECT ?term ?label {{ ?term rdfs:label|skos:prefLabel ?label FILTER(LANG(?label) = "{lang}"
        && (STRSTARTS(STR(?term), "{KG}") || STRSTARTS(STR(?term), "{CODE}"))) }} ORDER BY ?term"""
    rows = store.query(query, prefixes=PREFIXES)
    found = {curie(row[0].value): row[1].value for row in rows}  # type: ignore[union-attr]
    return (*found.items(), *_BORROWED)

"""The words that a query can use: the terms of the ontology and of its code lists, with what they mean."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import cache

import pyoxigraph

from kg.graph.asked import solutions
from kg.graph.iris import CODE, KG, PREFIXES, curie
from kg.messages import language
from kg.resources import ontology_file

BORROWED = (
    "rdf:type",
    "skos:prefLabel",
    "skos:altLabel",
    "skos:broader",
    "skos:inScheme",
    "dcterms:title",
    "dcterms:issued",
    "dcterms:date",
    "dcterms:description",
    "org:classification",
    "org:originalOrganization",
    "org:resultingOrganization",
)
"""Terms of other vocabularies that the graph uses."""
_OWL = "http://www.w3.org/2002/07/owl#"
_KINDS = {"Class": "class", "ObjectProperty": "relation", "DatatypeProperty": "value"}


@dataclass(frozen=True, slots=True)
class Word:
    """A term as a CURIE, its kind (class, relation, value or code), its label, and what it means or the list that a code is of."""

    curie: str
    kind: str
    label: str
    meaning: str


@cache
def words(lang: str) -> tuple[Word, ...]:
    """All terms of the ontology and its code lists in a language, by kind and in the order of their names.

    >>> [word.label for word in words("en") if word.curie == "kg:ledBy"]
    ['led by']
    """
    store = _ontology()
    query = f"""SELECT ?term ?kind ?label ?meaning {{ ?term a ?kind ; rdfs:label ?label . OPTIONAL {{ ?term rdfs:comment ?meaning
        FILTER(LANG(?meaning) = "{lang}") }} FILTER(LANG(?label) = "{lang}" && STRSTARTS(STR(?term), "{KG}")) }}"""
    codes = f"""SELECT ?term ?label ?list {{ ?term skos:prefLabel ?label ; skos:inScheme/skos:prefLabel ?list
        FILTER(LANG(?label) = "{lang}" && LANG(?list) = "{lang}" && STRSTARTS(STR(?term), "{CODE}")) }}"""
    found = [
        Word(curie(row["term"]), _KINDS[row["kind"].removeprefix(_OWL)], row["label"], row.get("meaning", ""))
        for row in solutions(store, query, PREFIXES)
        if row["kind"].removeprefix(_OWL) in _KINDS
    ]
    found += [Word(curie(row["term"]), "code", row["label"], row["list"]) for row in solutions(store, codes, PREFIXES)]
    order = [*_KINDS.values(), "code"]
    return tuple(sorted(set(found), key=lambda word: (order.index(word.kind), word.meaning if word.kind == "code" else "", word.curie)))


@cache
def known_terms() -> frozenset[str]:
    """Every CURIE that the ontology or a code list says anything of."""
    return frozenset(curie(quad.subject.value) for quad in _ontology() if isinstance(quad.subject, pyoxigraph.NamedNode))


def near_terms(term: str) -> tuple[str, ...]:
    """The terms whose names or labels are near to one that is not there, the nearest first, three at most.

    >>> near_terms("kg:leadBy")[0], near_terms("kg:task")[0]
    ('kg:ledBy', 'kg:Task')
    """
    prefix, _, local = term.partition(":")
    names = {word.curie: word.curie.partition(":")[2] for word in words(language()) if word.curie.startswith(f"{prefix}:")}
    same = [name for name, own in names.items() if own.lower() == local.lower()]
    lower = {own.lower(): name for name, own in reversed(names.items())}
    spelt = [lower[own] for own in difflib.get_close_matches(local.lower(), lower, 3, 0.7)]
    # Who writes what the label says, in either language, means the term.
    labels = [(word.curie, word.label.lower().replace(" ", "")) for lang in ("zh", "en") for word in words(lang)]
    said = [name for name, label in labels if min(len(label), len(local)) > 1 and (label in local.lower() or local.lower() in label)]
    return tuple(dict.fromkeys([*same, *spelt] or said))[:3]


@cache
def _ontology() -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    for name in ("kg.ttl", "codes.ttl"):
        store.load(path=str(ontology_file(name)), format=pyoxigraph.RdfFormat.TURTLE)
    return store

"""The terms of the ontology for rdflib. A misspelt one raises; the import is kept apart, for rdflib is slow to load."""

from __future__ import annotations

from rdflib import Namespace, URIRef
from rdflib.namespace import DefinedNamespace

from kg.graph import iris


class KG(DefinedNamespace):
    """Every class and property that the graph is written with.

    >>> str(KG.ledBy)
    'https://w3id.org/govresp/ns#ledBy'
    >>> KG.leadBy
    Traceback (most recent call last):
        ...
    AttributeError: term 'leadBy' not in namespace 'https://w3id.org/govresp/ns#'
    """

    _fail = True
    _NS = Namespace(iris.KG)

    Notice: URIRef
    Section: URIRef
    Task: URIRef
    Assignment: URIRef
    Unit: URIRef
    UnitGroup: URIRef
    Division: URIRef
    Target: URIRef
    Deadline: URIRef

    # Of a notice and its parts
    documentNumber: URIRef
    issuerName: URIRef
    planYear: URIRef
    sourceName: URIRef
    sha256: URIRef
    inNotice: URIRef
    inSection: URIRef
    index: URIRef
    number: URIRef
    text: URIRef
    clauseText: URIRef
    finding: URIRef
    start: URIRef
    end: URIRef

    # Who does what: assignments, and the short forms that follow from them
    assignment: URIRef
    role: URIRef
    party: URIRef
    printedName: URIRef
    completedName: URIRef
    exampleOf: URIRef
    standing: URIRef
    ledBy: URIRef
    sharedWith: URIRef
    ledThroughGroup: URIRef
    sharedThroughGroup: URIRef

    # Of targets and deadlines
    hasTarget: URIRef
    value: URIRef
    measureUnit: URIRef
    comparator: URIRef
    indicator: URIRef
    hasDeadline: URIRef
    dueBy: URIRef
    printedText: URIRef

    # Of units, groups and divisions
    jurisdiction: URIRef
    portfolio: URIRef
    recognisedBy: URIRef
    groupKind: URIRef
    closure: URIRef
    hasMember: URIRef
    level: URIRef
    changeKind: URIRef
    validFrom: URIRef
    validTo: URIRef
    parent: URIRef

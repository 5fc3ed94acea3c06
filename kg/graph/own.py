"""Parameters in SPARQL of one's own: a variable of the query gets its value from outside, as in the canned questions."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pyoxigraph

from kg.errors import VariableMissingError
from kg.graph.asked import Graph
from kg.graph.iris import PREFIXES, iri
from kg.graph.misread import blanked
from kg.graph.names import find_line, find_unit

Term = pyoxigraph.NamedNode | pyoxigraph.Literal
_TEMPLATE = re.compile(r"\bCONSTRUCT\s*\{[^{}]*\}", re.I)
_WRITTEN = re.compile(r'"(?P<text>.*)"(?:@(?P<language>[A-Za-z]+(?:-[A-Za-z0-9]+)*))?', re.S)


def with_values(graph: Graph, sparql: str, values: Mapping[str, str]) -> str:
    """A query whose variables of these names have these values.

    A value is read as it looks: a number, a day, an IRI or CURIE, a text between quotation marks with its language, else a text
    without one. ``unit`` and ``line`` are looked up by any of their names.

    Raises:
        VariableMissingError: the query has no such variable.
        UnitNotFoundError, UnitAmbiguousError, LineNotFoundError: nothing of the graph has that name, or several have.
    """
    bare = blanked(sparql)
    for name in values:
        if not re.search(rf"[?$]{re.escape(name)}(?!\w)", bare):
            present = sorted({f"?{found}" for found in re.findall(r"[?$](\w+)", bare)})
            raise VariableMissingError(name, " ".join(present) or "–")
    template = _TEMPLATE.search(bare)
    at = bare.find("{", template.end() if template else 0) + 1
    bound = "".join(f" VALUES ?{name} {{ {_term(graph, name, value.strip())} }}" for name, value in values.items())
    return sparql[:at] + bound + sparql[at:] if at else sparql


def _term(graph: Graph, name: str, value: str) -> Term:
    if name == "unit":
        return pyoxigraph.NamedNode(find_unit(graph, value))
    if name == "line":
        return pyoxigraph.NamedNode(find_line(graph, value))
    return term_of(value)


def term_of(value: str) -> Term:
    """A value as the term that it looks like.

    >>> str(term_of("12")), str(term_of("养老")), str(term_of('"市发改委"@zh'))[-3:], str(term_of("2020-06-30"))[:12]
    ('"12"^^<http://www.w3.org/2001/XMLSchema#integer>', '"养老"', '@zh', '"2020-06-30"')
    """
    if re.fullmatch(r"-?\d+", value):
        return pyoxigraph.Literal(value, datatype=pyoxigraph.NamedNode(PREFIXES["xsd"] + "integer"))
    if re.fullmatch(r"-?\d+\.\d+", value):
        return pyoxigraph.Literal(value, datatype=pyoxigraph.NamedNode(PREFIXES["xsd"] + "decimal"))
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return pyoxigraph.Literal(value, datatype=pyoxigraph.NamedNode(PREFIXES["xsd"] + "date"))
    written = _WRITTEN.fullmatch(value)
    if written:
        return pyoxigraph.Literal(written["text"], language=written["language"])
    try:
        if re.match(r"(?:https?|urn):\S+$", value):
            return pyoxigraph.NamedNode(value)
        if value.partition(":")[0] in PREFIXES and ":" in value:
            return pyoxigraph.NamedNode(iri(value))
    except ValueError:
        pass  # What only looks like an address is a text.
    return pyoxigraph.Literal(value)

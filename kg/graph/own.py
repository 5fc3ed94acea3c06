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
    bound = {name: f" VALUES ?{name} {{ {_term(graph, name, value.strip())} }}" for name, value in values.items()}
    behind, made = 0, ""
    for at, inside in _groups(bare, template.end() if template else 0):
        named = (text for name, text in bound.items() if not behind or re.search(rf"[?$]{re.escape(name)}(?!\w)", inside))
        made += sparql[behind:at] + "".join(named)
        behind = at
    return made + sparql[behind:]


def _groups(bare: str, start: int) -> list[tuple[int, str]]:
    # Where the groups of a query begin, and what stands in each: a value given to the outermost alone is not seen by the filters of
    # an inner one, nor by a query within.
    found: list[tuple[int, str]] = []
    waiting: list[int] = []
    for hit in re.finditer(r"[{}]", bare):
        if hit[0] == "{":
            waiting.append(hit.end())
        elif waiting:
            found.append((waiting.pop(), bare[: hit.start()]))
    data = re.compile(r"\bVALUES\s*(?:[?$]\w+|\([^()]*\))\s*\{$", re.I)
    return sorted(
        (at, bare[at : len(upto)])
        for at, upto in found
        if at > start and not re.match(r"\s*SELECT\b", bare[at:], re.I) and not data.search(bare[:at])
    )


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

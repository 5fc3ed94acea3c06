"""Validation: the shapes of ``ontology/shapes.ttl`` run in Oxigraph, one SELECT a constraint; pyshacl is the reference.

A SHACL engine evaluates constraints once a focus node; here each constraint is one query over all focus nodes, which is
what makes a large graph checkable. The part of SHACL that the shapes use is translated; anything else raises. Classes are
taken as they are written: no shape relies on a subclass, and validation runs without inference.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, Store

from kg.errors import ExtraError
from kg.graph.iris import PREFIXES, curie
from kg.resources import ontology_file

if TYPE_CHECKING:
    import rdflib

SH = "http://www.w3.org/ns/shacl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
Node = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal


SEVERITIES = ("Violation", "Warning", "Info")
"""What is broken in the graph, what is odd in the notice, what is worth a look: the order in which results are listed."""


@dataclass(frozen=True, slots=True)
class Result:
    """One result. ``severity`` is one of ``SEVERITIES``; ``focus``, ``shape`` and ``value`` are CURIEs or text."""

    focus: str
    path: str
    severity: str
    message_zh: str
    message_en: str
    shape: str
    value: str


def conforms(results: Iterable[Result]) -> bool:
    """Whether nothing is broken: findings about a notice do not count."""
    return not any(result.severity == "Violation" for result in results)


def validate_fast(store: Store) -> list[Result]:
    """The results of all shapes on a graph: the same as pyshacl's, in a fraction of the time.

    Returns:
        Each result once; violations first, then by shape and by focus, the numbers in its name counted.

    Raises:
        NotImplementedError: a shape uses a part of SHACL that is not translated.
    """
    found = {result for constraint in constraints() for result in _results(store, constraint)}
    return sorted(found, key=_order)


def _order(result: Result) -> tuple[object, ...]:
    counted = [int(part) if part.isdecimal() else part for part in re.split(r"([0-9]+)", result.focus)]
    return (SEVERITIES.index(result.severity), result.shape, counted, result.path, result.value, result.message_en)


@dataclass(frozen=True, slots=True)
class Constraint:
    """One constraint of a shape as a query: ``?this`` is the focus, ``?value`` what is wrong there."""

    shape: str
    path: str
    severity: str
    messages: Mapping[str, str]
    """By language."""
    query: str


@cache
def constraints() -> tuple[Constraint, ...]:
    """Every constraint of ``shapes.ttl``, translated.

    Raises:
        NotImplementedError: a shape uses a part of SHACL that is not translated.
    """
    return tuple(_constraints(_shapes()))


def _constraints(shapes: Store) -> Iterator[Constraint]:
    for shape in _objects_of_type(shapes, "NodeShape"):
        target = _target(shapes, shape)
        for query in _core_queries(shapes, shape, target, None):
            yield _constraint(shapes, shape, shape, "", query)
        for holder in _many(shapes, shape, "property"):
            path = _path(shapes, _one(shapes, holder, "path"))
            for query in _core_queries(shapes, holder, target, path):
                yield _constraint(shapes, shape, holder, path, query)
        for holder in _many(shapes, shape, "sparql"):
            select = _one(shapes, holder, "select").value.replace("$this", "?this")
            yield _constraint(shapes, shape, holder, "", select.replace("WHERE {", f"WHERE {{ {target} ", 1))


def _constraint(shapes: Store, shape: Node, holder: Node, path: str, query: str) -> Constraint:
    messages = {term.language or "": term.value for term in _values(shapes, holder, "message") if isinstance(term, Literal)}
    severity = next((term.value.removeprefix(SH) for term in _values(shapes, holder, "severity")), "Violation")
    return Constraint(_shown(shape), _short_path(path), severity, messages, query)


@cache
def _shapes() -> Store:
    store = Store()
    store.load(path=str(ontology_file("shapes.ttl")), format=pyoxigraph.RdfFormat.TURTLE)
    return store


def _many(shapes: Store, subject: Term, name: str) -> list[Node]:
    found = [quad.object for quad in shapes.quads_for_pattern(_node(subject), NamedNode(SH + name), None)]
    return sorted((term for term in found if isinstance(term, NamedNode | BlankNode)), key=str)


def _one(shapes: Store, subject: Term, name: str) -> Term:
    return next(iter(_values(shapes, subject, name)))


def _values(shapes: Store, subject: Term, name: str) -> list[Term]:
    found = [quad.object for quad in shapes.quads_for_pattern(_node(subject), NamedNode(SH + name), None)]
    return sorted((term for term in found if isinstance(term, NamedNode | BlankNode | Literal)), key=str)


def _node(term: Term) -> Node:
    if isinstance(term, Literal):
        raise TypeError(term.value)
    return term


def _objects_of_type(shapes: Store, name: str) -> list[Node]:
    found = (quad.subject for quad in shapes.quads_for_pattern(None, NamedNode(RDF + "type"), NamedNode(SH + name)))
    return sorted((term for term in found if isinstance(term, NamedNode | BlankNode)), key=str)


def _list(shapes: Store, head: Term) -> Iterator[Term]:
    while isinstance(head, BlankNode):
        first, rest = (next(iter(shapes.quads_for_pattern(head, NamedNode(RDF + name), None))).object for name in ("first", "rest"))
        if isinstance(first, NamedNode | BlankNode | Literal):
            yield first
        head = rest if isinstance(rest, BlankNode) else Literal("")


def _target(shapes: Store, shape: Node) -> str:
    kinds = _many(shapes, shape, "targetClass")
    if len(kinds) != 1:
        raise NotImplementedError(f"{shape}: one sh:targetClass")
    return f"?this a {kinds[0]} ."


def _path(shapes: Store, path: Term) -> str:
    if isinstance(path, NamedNode):
        return str(path)
    if inverse := _values(shapes, path, "inversePath"):
        return f"^{_path(shapes, inverse[0])}"
    if choices := _values(shapes, path, "alternativePath"):
        return "(" + "|".join(_path(shapes, part) for part in _list(shapes, choices[0])) + ")"
    return "/".join(_path(shapes, part) for part in _list(shapes, path))


_PLAIN = {"path", "message", "severity", "property", "sparql", "targetClass"}
# What SPARQL must find wrong with a value; {0} is the value of the constraint.
_FILTERS = {
    # A cast fails on a text that is not of the type, as 31 June.
    "datatype": "!isLiteral(?value) || DATATYPE(?value) != {0} || !COALESCE({0}(STR(?value)) = ?value, false)",
    "pattern": "isBlank(?value) || !REGEX(STR(?value), {0})",
    "minInclusive": "!COALESCE(?value >= {0}, false)",
    "maxInclusive": "!COALESCE(?value <= {0}, false)",
    "minLength": "isBlank(?value) || STRLEN(STR(?value)) < {0}",
    "class": "NOT EXISTS {{ ?value a {0} }}",
}
_JOINS = {
    "lessThan": "?this {0} ?other . FILTER(!COALESCE(?value < ?other, false))",
    "disjoint": "?this {0} ?value .",
}


def _core_queries(shapes: Store, holder: Node, target: str, path: str | None) -> Iterator[str]:
    reach = f"{target} ?this {path} ?value ." if path else f"{target} BIND(?this AS ?value)"
    for quad in sorted(shapes.quads_for_pattern(holder, None, None), key=str):
        name, value = quad.predicate.value.removeprefix(SH), quad.object
        if name in _PLAIN or not quad.predicate.value.startswith(SH):
            continue
        if name == "minCount" and str(getattr(value, "value", "")) == "1":
            yield f"SELECT DISTINCT ?this WHERE {{ {target} FILTER NOT EXISTS {{ ?this {path} ?value }} }}"
        elif name == "maxCount" and isinstance(value, Literal):
            yield f"SELECT ?this WHERE {{ {reach} }} GROUP BY ?this HAVING (COUNT(DISTINCT ?value) > {value.value})"
        elif name == "uniqueLang":
            twin = f"?this {path} ?twin . FILTER(?twin != ?value && LANG(?twin) != '' && LANG(?twin) = LANG(?value))"
            yield f"SELECT DISTINCT ?this WHERE {{ {reach} {twin} }}"
        elif name in _JOINS:
            yield f"SELECT DISTINCT ?this ?value WHERE {{ {reach} {_JOINS[name].format(value)} }}"
        else:
            yield f"SELECT DISTINCT ?this ?value WHERE {{ {reach} FILTER({_wrong(shapes, name, value)}) }}"


def _wrong(shapes: Store, name: str, value: object) -> str:
    if name in _FILTERS:
        return _FILTERS[name].format(value)
    if name == "nodeKind" and value == NamedNode(SH + "IRI"):
        return "!isIRI(?value)"
    if name == "in" and isinstance(value, BlankNode):
        return f"?value NOT IN ({', '.join(map(str, _list(shapes, value)))})"
    if name == "or" and isinstance(value, BlankNode):
        choices = (shapes.quads_for_pattern(_node(choice), None, None) for choice in _list(shapes, value))
        wrong = [[_wrong(shapes, q.predicate.value.removeprefix(SH), q.object) for q in choice] for choice in choices]
        return " && ".join(f"({' || '.join(f'({part})' for part in sorted(parts))})" for parts in wrong)
    raise NotImplementedError(f"sh:{name} {value}")


def _results(store: Store, constraint: Constraint) -> Iterator[Result]:
    rows = store.query(constraint.query, prefixes=PREFIXES)
    if not isinstance(rows, pyoxigraph.QuerySolutions):
        raise TypeError(constraint.query)
    names = [variable.value for variable in rows.variables]
    for row in rows:
        bound = {name: _shown(row[name]) for name in names if row[name] is not None}
        yield _result(constraint, bound["this"], bound.get("value", ""))


def _result(constraint: Constraint, focus: str, value: str) -> Result:
    value = "" if value == focus else value
    zh, en = (constraint.messages.get(lang, "").replace("{?value}", value) for lang in ("zh", "en"))
    return Result(focus, constraint.path, constraint.severity, zh, en, constraint.shape, value)


def _shown(term: object) -> str:
    if isinstance(term, NamedNode):
        return "kgs:" + term.value.split("#")[-1] if term.value.startswith("https://w3id.org/govresp/shapes#") else curie(term.value)
    # The name of a blank node is another one on each run.
    return term.value if isinstance(term, Literal) else "[]"


def _short_path(path: str) -> str:
    return re.sub(r"<([^>]*)>", lambda hit: curie(hit[1]), path)


def validate_reference(store: Store) -> list[Result]:
    """The same results from pyshacl, inference off.

    Raises:
        ExtraError: pyshacl is not installed.
    """
    try:
        import pyshacl
    except ImportError as error:
        raise ExtraError("pyshacl", "shacl") from error
    import rdflib

    lines = BytesIO()
    store.dump(lines, pyoxigraph.RdfFormat.N_TRIPLES, from_graph=pyoxigraph.DefaultGraph())
    data = rdflib.Graph().parse(data=lines.getvalue().decode("utf-8"), format="nt")
    shapes = _shapes_in_rdflib()
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", advanced=False, meta_shacl=False)
    return sorted(set(_reference_results(report, shapes)), key=_order)


@cache
def _shapes_in_rdflib() -> rdflib.Graph:
    import rdflib

    return rdflib.Graph().parse(ontology_file("shapes.ttl"), format="turtle")


def _reference_results(report: rdflib.Graph, shapes: rdflib.Graph) -> Iterator[Result]:
    # A message belongs to one shape and path only, so it tells which: blank nodes differ from one parse to the next,
    # and pyshacl drops the language of a message with blanks in it.
    import rdflib

    sh = rdflib.Namespace(SH)
    known = {constraint.messages["en"]: constraint for constraint in constraints()}
    for node in report.subjects(rdflib.RDF.type, sh.ValidationResult):
        source = report.value(node, sh.sourceConstraint) or report.value(node, sh.sourceShape)
        (message,) = (str(m) for m in shapes.objects(source, sh.message) if isinstance(m, rdflib.Literal) and m.language == "en")
        severity = str(report.value(node, sh.resultSeverity)).removeprefix(SH)
        value = report.value(node, sh.value)
        yield _result(
            replace(known[message], severity=severity), _plain(report.value(node, sh.focusNode)), "" if value is None else _plain(value)
        )


def _plain(term: object) -> str:
    from rdflib import BNode

    if isinstance(term, BNode):
        return "[]"
    return curie(str(term)) if str(term).startswith("http") else str(term)

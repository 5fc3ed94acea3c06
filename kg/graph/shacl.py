"""Validation: the shapes of ``ontology/shapes.ttl`` run in Oxigraph, one SELECT a constraint; pyshacl is the reference.

A SHACL engine evaluates constraints once a focus node; here each constraint is one query over all focus nodes, which is
what makes a large graph checkable. The part of SHACL that the shapes use is translated; anything else raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, order=True)
class Result:
    """One result. ``severity`` is Violation, Warning or Info; ``focus``, ``shape`` and ``value`` are CURIEs or text."""

    severity: str
    shape: str
    focus: str
    path: str
    value: str
    message_zh: str
    message_en: str


def conforms(results: Iterable[Result]) -> bool:
    """Whether nothing is broken: findings about a notice do not count."""
    return not any(result.severity == "Violation" for result in results)


def validate_fast(store: Store) -> list[Result]:
    """The results of all shapes on a graph, sorted: the same as pyshacl's, in a fraction of the time."""
    shapes = _shapes()
    found: set[Result] = set()
    for shape in _objects_of_type(shapes, "NodeShape"):
        target = _target(shapes, shape)
        for holder, path in [(shape, None), *((p, _path(shapes, _one(shapes, p, "path"))) for p in _many(shapes, shape, "property"))]:
            for query in _core_queries(shapes, holder, target, path):
                found.update(_results(store, shapes, shape, holder, path or "", query))
        for constraint in _many(shapes, shape, "sparql"):
            select = _text(_one(shapes, constraint, "select")).replace("$this", "?this").replace("WHERE {", f"WHERE {{ {target} ", 1)
            found.update(_results(store, shapes, shape, constraint, "", select))
    return sorted(found)


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


def _text(term: Term) -> str:
    return term.value


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
    (kind,) = _many(shapes, shape, "targetClass")
    return f"?this a {kind} ."


def _path(shapes: Store, path: Term) -> str:
    if isinstance(path, NamedNode):
        return str(path)
    if inverse := _values(shapes, path, "inversePath"):
        return f"^{_path(shapes, inverse[0])}"
    if choices := _values(shapes, path, "alternativePath"):
        return "(" + "|".join(_path(shapes, part) for part in _list(shapes, choices[0])) + ")"
    return "/".join(_path(shapes, part) for part in _list(shapes, path))


_PLAIN = {"path", "message", "severity", "property", "sparql", "targetClass", "select", "prefixes"}
_FILTERS = {
    "datatype": "!isLiteral(?value) || DATATYPE(?value) != {0}",
    "pattern": "isBlank(?value) || !REGEX(STR(?value), {0})",
    "minInclusive": "!COALESCE(?value >= {0}, false)",
    "maxInclusive": "!COALESCE(?value <= {0}, false)",
    "minLength": "isBlank(?value) || STRLEN(STR(?value)) < {0}",
    "nodeKind": "!isIRI(?value)",
}
_JOINS = {
    "class": "FILTER NOT EXISTS {{ ?value a {0} }}",
    "lessThan": "?this {0} ?other . FILTER(!COALESCE(?value < ?other, false))",
    "disjoint": "?this {0} ?value .",
    "uniqueLang": "?this {path} ?twin . FILTER(?twin != ?value && LANG(?twin) != '' && LANG(?twin) = LANG(?value))",
}


def _core_queries(shapes: Store, holder: Node, target: str, path: str | None) -> Iterator[str]:
    # One query a constraint; ?this is the focus, ?value what is wrong there.
    reach = f"{target} ?this {path} ?value ." if path else f"{target} BIND(?this AS ?value)"
    for quad in sorted(shapes.quads_for_pattern(holder, None, None), key=str):
        name = quad.predicate.value.removeprefix(SH)
        value = quad.object
        if name in _PLAIN or not quad.predicate.value.startswith(SH):
            continue
        if name == "minCount":
            yield f"SELECT DISTINCT ?this WHERE {{ {target} FILTER NOT EXISTS {{ ?this {path} ?value }} }}"
        elif name == "maxCount":
            count = _text(value) if isinstance(value, Literal) else ""
            yield f"SELECT ?this WHERE {{ {reach} }} GROUP BY ?this HAVING (COUNT(DISTINCT ?value) > {count})"
        elif name in _FILTERS:
            yield f"SELECT DISTINCT ?this ?value WHERE {{ {reach} FILTER({_FILTERS[name].format(value)}) }}"
        elif name in _JOINS:
            lone = "SELECT DISTINCT ?this" if name == "uniqueLang" else "SELECT DISTINCT ?this ?value"
            yield f"{lone} WHERE {{ {reach} {_JOINS[name].format(value, path=path)} }}"
        elif name == "in" and isinstance(value, BlankNode):
            yield f"SELECT DISTINCT ?this ?value WHERE {{ {reach} FILTER(?value NOT IN ({', '.join(map(str, _list(shapes, value)))})) }}"
        elif name == "or" and isinstance(value, BlankNode):
            kinds = ", ".join(str(_one(shapes, choice, "class")) for choice in _list(shapes, value))
            yield f"SELECT DISTINCT ?this ?value WHERE {{ {reach} FILTER NOT EXISTS {{ ?value a ?kind FILTER(?kind IN ({kinds})) }} }}"
        else:
            raise NotImplementedError(quad.predicate.value)


def _results(store: Store, shapes: Store, shape: Node, holder: Node, path: str, query: str) -> Iterator[Result]:
    rows = store.query(query, prefixes=PREFIXES)
    if not isinstance(rows, pyoxigraph.QuerySolutions):
        raise TypeError(query)
    names = [variable.value for variable in rows.variables]
    messages = {term.language or "": term.value for term in _values(shapes, holder, "message") if isinstance(term, Literal)}
    severity = next((_text(term).removeprefix(SH) for term in _values(shapes, holder, "severity")), "Violation")
    for row in rows:
        bound = {name: _shown(row[name]) for name in names if row[name] is not None}
        zh, en = (_filled(messages.get(lang, ""), bound) for lang in ("zh", "en"))
        yield Result(severity, _shown(shape), bound["this"], _short_path(path), bound.get("value", ""), zh, en)


def _shown(term: object) -> str:
    if isinstance(term, NamedNode):
        return "kgs:" + term.value.split("#")[-1] if term.value.startswith("https://w3id.org/govresp/shapes#") else curie(term.value)
    return term.value if isinstance(term, Literal) else str(term)


def _short_path(path: str) -> str:
    return re.sub(r"<([^>]*)>", lambda hit: curie(hit[1]), path)


def _filled(message: str, bound: Mapping[str, str]) -> str:
    return re.sub(r"\{[?$](\w+)\}", lambda hit: bound.get(hit[1], hit[0]), message)


def validate_reference(store: Store) -> list[Result]:
    """The same results from pyshacl, inference off; ``path`` is left empty.

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
    shapes = rdflib.Graph().parse(ontology_file("shapes.ttl"), format="turtle")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", advanced=False, meta_shacl=False)
    return sorted(_reference_results(report, shapes))


def _reference_results(report: rdflib.Graph, shapes: rdflib.Graph) -> Iterator[Result]:
    import rdflib

    sh = rdflib.Namespace(SH)
    for node in report.subjects(rdflib.RDF.type, sh.ValidationResult):
        # pyshacl drops the language of a message with blanks in it, so the shape's own messages are filled here.
        source = report.value(node, sh.sourceConstraint) or report.value(node, sh.sourceShape)
        messages = {m.language: str(m) for m in shapes.objects(source, sh.message) if isinstance(m, rdflib.Literal)}
        severity = str(report.value(node, sh.resultSeverity)).removeprefix(SH)
        focus = _plain(report.value(node, sh.focusNode))
        value = report.value(node, sh.value)
        shown = _plain(value) if value is not None and _plain(value) != focus else ""
        zh, en = (_filled(messages.get(lang, ""), {"value": shown}) for lang in ("zh", "en"))
        yield Result(severity, "", focus, "", shown, zh, en)


def _plain(term: object) -> str:
    return curie(str(term)) if str(term).startswith("http") else str(term)

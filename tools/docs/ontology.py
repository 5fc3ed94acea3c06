"""The page of the ontology, from ``kg.ttl`` and ``codes.ttl``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from rdflib import OWL, RDF, RDFS, SKOS, Graph, Namespace, URIRef
from rdflib.term import Node

from kg.graph.iris import PREFIXES
from kg.resources import ontology_file

SH = Namespace("http://www.w3.org/ns/shacl#")
_HEAD = {
    "zh": """# 本体

本页由 `ontology/kg.ttl` 和 `ontology/codes.ttl` 生成。先读设计取舍：`ontology/README.md`。

最简的形式只有两条边：任务 `kg:ledBy` 单位，任务 `kg:sharedWith` 单位。每条边后面都有一条 `kg:Assignment`，写明角色、原文和位置。
没有牵头，就是没有这条边。集体称谓按原样保留，能列出成员的，成员另记在 `kg:sharedThroughGroup`。

![类和关系](../pictures/ontology.svg)

虚线是子类；箭头上是关系的名称；方括号里是取值为代码的属性。
""",
    "en": """# The ontology

This page is made of `ontology/kg.ttl` and `ontology/codes.ttl`. The reasons for the design are in `ontology/README.md`.

The plainest form has two edges: a task is `kg:ledBy` a unit, a task is `kg:sharedWith` a unit. Behind each edge stands a
`kg:Assignment` with role, print and position. A missing lead is a missing edge. Collective references stay as printed; where
their members can be listed, these have a property of their own, `kg:sharedThroughGroup`.

![Classes and relations](../pictures/ontology.svg)

Dashed lines are subclasses; the words on an arrow are the relations; square brackets hold the properties whose values are codes.
""",
}
_TITLES = {
    "zh": ("前缀", "类", "关系", "值", "代码表", ("前缀", "命名空间"), ("名称", "标签", "含义", "从 → 到"), ("代码", "标签")),
    "en": (
        "Prefixes",
        "Classes",
        "Relations",
        "Values",
        "Codes",
        ("prefix", "namespace"),
        ("name", "label", "meaning", "from → to"),
        ("code", "label"),
    ),
}


@dataclass(frozen=True, slots=True)
class Relation:
    """An object property between two classes."""

    name: str
    source: str
    target: str


@cache
def ontology() -> Graph:
    """The ontology as RDF."""
    return Graph().parse(ontology_file("kg.ttl"))


@cache
def _shapes() -> Graph:
    return Graph().parse(ontology_file("shapes.ttl"))


def short(node: Node) -> str:
    """A CURIE with the prefixes of the graph, or a blank node's members."""
    for prefix, start in {**PREFIXES, "owl": str(OWL)}.items():
        if str(node).startswith(start):
            return f"{prefix}:{str(node)[len(start) :]}"
    return str(node)


def own(kind: URIRef) -> list[URIRef]:
    """The terms of one kind that the ontology itself defines, in the order of the file's names."""
    here = ontology()
    return sorted(term for term in here.subjects(RDF.type, kind) if isinstance(term, URIRef) and str(term).startswith(PREFIXES["kg"]))


def classes() -> list[tuple[str, str]]:
    """Every own class and every borrowed class that a relation leads to or from, with its superclasses joined by blanks."""
    here = ontology()
    names = {short(term) for term in own(OWL.Class)} | {end for one in relations() for end in (one.source, one.target)}
    return [(name, " ".join(sorted(short(up) for up in here.objects(_iri(name), RDFS.subClassOf)))) for name in sorted(names)]


def _iri(name: str) -> URIRef:
    prefix, _, local = name.partition(":")
    return URIRef(PREFIXES[prefix] + local)


def relations() -> list[Relation]:
    """Every relation, once for each class that it goes from: its domain, or where it has none the classes whose shapes use it."""
    here = ontology()
    found = []
    for term in own(OWL.ObjectProperty):
        target = here.value(term, RDFS.range)
        domain = here.value(term, RDFS.domain)
        for source in [domain] if domain else _users(term):
            found.append(Relation(short(term), short(source), short(target) if target else ""))
    return found


def _users(term: URIRef) -> list[Node]:
    shapes = _shapes()
    found = {
        cls
        for prop in shapes.subjects(SH.path, term)
        for shape in shapes.subjects(SH.property, prop)
        for cls in shapes.objects(shape, SH.targetClass)
    }
    return sorted(found, key=str)


def label(term: Node, lang: str, graph: Graph | None = None, by: URIRef = RDFS.label) -> str:
    """The label of a term in a language, or empty."""
    return next(
        (str(one) for one in sorted((graph or ontology()).objects(term, by), key=str) if getattr(one, "language", None) == lang), ""
    )


def page(lang: str) -> str:
    """The page in one language."""
    prefixes, class_title, relation_title, value_title, code_title, prefix_head, term_head, code_head = _TITLES[lang]
    ends: dict[str, list[str]] = {}
    for one in relations():
        ends.setdefault(one.name, []).append(f"{one.source} → {one.target}")
    parts = [
        _HEAD[lang],
        f"## {prefixes}\n",
        _table(prefix_head, [(f"`{name}:`", f"`{start}`") for name, start in PREFIXES.items()]),
        f"## {class_title}\n",
        _table(term_head[:3], [_described(term, lang) for term in own(OWL.Class)]),
        f"## {relation_title}\n",
        _table(term_head, [(*_described(term, lang), "<br>".join(ends.get(short(term), []))) for term in own(OWL.ObjectProperty)]),
        f"## {value_title}\n",
        _table(term_head, [(*_described(term, lang), _value_ends(term)) for term in own(OWL.DatatypeProperty)]),
        f"## {code_title}\n",
        *_codes(lang, code_head),
    ]
    return "\n".join(parts)


def _described(term: URIRef, lang: str) -> tuple[str, str, str]:
    return f"`{short(term)}`", label(term, lang), label(term, lang, by=RDFS.comment)


def _value_ends(term: URIRef) -> str:
    here = ontology()
    domain, target = here.value(term, RDFS.domain), here.value(term, RDFS.range)
    sources = [domain] if domain else _users(term)
    return "<br>".join(f"{short(source)} → {short(target) if target else ''}" for source in sources)


def _codes(lang: str, head: tuple[str, ...]) -> list[str]:
    graph = Graph().parse(ontology_file("codes.ttl"))
    parts = []
    for scheme in sorted(graph.subjects(RDF.type, SKOS.ConceptScheme), key=str):
        rows = sorted((f"`{short(code)}`", label(code, lang, graph, SKOS.prefLabel)) for code in graph.subjects(SKOS.inScheme, scheme))
        parts += [f"### {label(scheme, lang, graph, SKOS.prefLabel)}\n\n`{short(scheme)}`\n", _table(head, rows)]
    return parts


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in (head, *rows)]
    return "\n".join([lines[0], f"|{'---|' * len(head)}", *lines[1:], ""])

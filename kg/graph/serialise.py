"""The graph as text for people and other programs, in a fixed order, so that the same graph gives the same bytes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from itertools import takewhile
from pathlib import Path

import pyoxigraph

from kg.graph.iris import ID, PREFIXES, iri
from kg.graph.store import memory_store, nodes_of_notice

FORMATS = {
    "ttl": pyoxigraph.RdfFormat.TURTLE,
    "nt": pyoxigraph.RdfFormat.N_TRIPLES,
    "trig": pyoxigraph.RdfFormat.TRIG,
    "nq": pyoxigraph.RdfFormat.N_QUADS,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
}
_WITH_GRAPHS = {"trig", "nq"}
_WITH_PREFIXES = {"ttl", "trig"}
REGISTER_GRAPH = f"{ID}graph/register"
"""The named graph of what notices share: units, groups, divisions, codes."""


def serialise_store(store: pyoxigraph.Store, form: str) -> str:
    """The whole graph in one of ``FORMATS``; trig and nq give each notice a named graph of its own.

    Subjects stand in the order of their IRIs with the numbers in them counted, so that task 2 comes before task 10.
    """
    quads = sorted(store.quads_for_pattern(None, None, None, pyoxigraph.DefaultGraph()), key=_order)
    graphs = _graphs(store) if form in _WITH_GRAPHS else {}
    found = [_placed(quad, graphs, form) for quad in quads]
    if form in _WITH_GRAPHS:
        found.sort(key=lambda quad: str(quad.graph_name))
    body = BytesIO()
    pyoxigraph.serialize(found, body, FORMATS[form], prefixes=PREFIXES if form in _WITH_PREFIXES else None)
    return _with_ordered_prefixes(body.getvalue().decode("utf-8"))


def turtle(triples: str) -> str:
    """N-Triples as Turtle with the graph's prefixes, in the same order.

    >>> turtle('<https://w3id.org/govresp/id/task/a.1> <https://w3id.org/govresp/ns#text> "x" .').splitlines()[-1]
    'task:a.1 kg:text "x" .'
    """
    found = [quad.triple for quad in pyoxigraph.parse(triples, format=pyoxigraph.RdfFormat.N_TRIPLES)]
    return _with_ordered_prefixes(
        (pyoxigraph.serialize(found, format=pyoxigraph.RdfFormat.TURTLE, prefixes=PREFIXES) or b"").decode("utf-8")
    )


def _with_ordered_prefixes(text: str) -> str:
    # The serialiser writes its prefixes in another order on each run.
    # Only "\n" ends a line here: a title may hold U+2028 and then the word @prefix.
    lines = text.split("\n")
    declared = list(takewhile(lambda line: line.startswith("@prefix "), lines))
    used = [line for line in sorted(declared) if text.count(line.split()[1]) > 1]
    return "\n".join([*used, *([""] if used else []), *lines[len(declared) :]])


def write_graph(lines: Sequence[str], path: Path, form: str) -> None:
    """Write N-Triples lines into a file in one of ``FORMATS``."""
    path.write_bytes(serialise_store(memory_store(lines), form).encode("utf-8"))


def _order(quad: pyoxigraph.Quad) -> tuple[object, ...]:
    # The plain texts come too, for 007 and 7 count as the same number.
    kind, subject, value = quad.predicate.value, str(quad.subject), str(quad.object)
    return (_natural(subject), subject, kind != PREFIXES["rdf"] + "type", kind, _natural(value), value)


def _natural(text: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() and part.isascii() else (-1, part) for part in _RUNS.findall(text)]


_RUNS = re.compile(r"\d+|\D+")


def _placed(quad: pyoxigraph.Quad, graphs: dict[str, str], form: str) -> pyoxigraph.Quad:
    if form not in _WITH_GRAPHS:
        return quad
    name = graphs.get(str(quad.subject), REGISTER_GRAPH)
    return pyoxigraph.Quad(quad.subject, quad.predicate, quad.object, pyoxigraph.NamedNode(name))


def _graphs(store: pyoxigraph.Store) -> dict[str, str]:
    # Whatever hangs on a notice, step by step: sections and tasks, then their assignments, targets and deadlines.
    kind, notice = pyoxigraph.NamedNode(iri("rdf:type")), pyoxigraph.NamedNode(iri("kg:Notice"))
    found: dict[str, str] = {}
    for quad in store.quads_for_pattern(None, kind, notice):
        name = str(quad.subject)[1:-1]
        graph = f"{ID}graph/{name.removeprefix(PREFIXES['notice'])}"
        found |= {str(node): graph for node in nodes_of_notice(store, name)}
    return found

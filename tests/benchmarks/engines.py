"""Building and asking against rdflib's own store in memory, and against kglab's way over it, on generated notices.

kglab asks rdflib and makes a data frame of the rows, each term written as N3; where kglab itself is not at hand
(``kglab_way.py``), the rows are made the same way here, without the frame.
"""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count as counter
from pathlib import Path

import pyoxigraph
import rdflib

from kg.analysis.network import unit_graph
from kg.graph.loading import create_store, load_store
from kg.graph.queries import ask, question_named
from kg.graph.store import memory_store
from kg.graph.ties import ties_of
from kg.graph.triples import code_triples, graph_triples, notice_triples, own_triples
from kg.model import Notice
from kg.naming.units import name_units
from kg.reading.files import READERS
from kg.reading.notice import notice_of_text

from ..generator import generate, places
from .kglab_way import kglab_seconds
from .timing import Ratio, wall

SEED, YEAR = 1, 2024
Plain = tuple[str, str, str, str | None, str | None]
"""Subject, predicate, object; datatype and language of a literal, both None for a node."""


def generated_notices(count: int) -> list[Notice]:
    """So many generated notices, read and named."""
    made = generate(places(count, [YEAR], SEED), [YEAR], SEED)
    return [name_units(notice_of_text(READERS[Path(one.name).suffix](one.content, one.name))) for one in made]


def engine_rows(count: int) -> list[Ratio]:
    """Building, ranking and co-assignment on so many notices."""
    notices = generated_notices(count)
    lines = graph_triples(notices)
    with tempfile.TemporaryDirectory() as folder:
        graph, plain = rdflib.Graph(), _plain(lines)
        terms_too = wall(lambda: _add(graph, plain))
        ready = list(graph)
        theirs = wall(lambda: _add_ready(rdflib.Graph(), ready), 3)
        ours = wall(_in_turn(folder, "lines", lambda into: create_store(into, lines)), 3)
        in_memory = wall(lambda: memory_store(lines), 3)
        from_records = wall(_in_turn(folder, "records", lambda into: load_store(into, _of_records(notices), len(lines))), 3)
        store = memory_store(lines)
        of = f"{count} notices, {len(lines)} triples"
        rows = [
            Ratio(f"building the graph of {of}: onto the disk", ours, "rdflib: Graph.add in memory, terms there already", theirs, 5),
            Ratio("the same, in memory", in_memory, "rdflib: Graph.add in memory, terms there already", theirs),
            Ratio("the same from records, triples made: onto the disk", from_records, "rdflib: terms made, Graph.add in memory", terms_too),
        ]
        kglab = kglab_seconds(lines, {name: _sparql(name) for name in ("load", "pairs")}, Path(folder)) or {}
        rows += _asked(store, graph, f"ranking by SPARQL, {count} notices", "load", 10, kglab.get("load"))
        rows += _asked(store, graph, f"co-assignment by SPARQL, {count} notices", "pairs", 100, kglab.get("pairs"))
        by_ties = wall(lambda: unit_graph(ties_of(notices)), 3)
        return [*rows, Ratio(f"co-assignment from the ties table, {count} notices", by_ties, rows[-2].other, rows[-2].theirs, 100)]


def _in_turn(folder: str, name: str, work: Callable[[Path], object]) -> Callable[[], object]:
    # Each run into a folder of its own.
    runs = counter()
    return lambda: work(Path(folder, f"{name}-{next(runs)}"))


def _of_records(notices: Sequence[Notice]) -> Iterator[bytes]:
    # As a build makes them: those of each notice by themselves, what notices share once.
    for notice in notices:
        yield "\n".join([*own_triples(notice), ""]).encode()
    shared = {line for notice in notices for line in notice_triples(replace(notice, sections=(), targets=(), tasks=(), findings=()))}
    yield "\n".join([*sorted(shared | set(code_triples(notices))), ""]).encode()


def _sparql(name: str) -> str:
    question = question_named(name)
    sparql = question.sparql
    for parameter in question.parameters:
        sparql = sparql.replace(f"?{parameter.name})", f"{parameter.default})")
    return sparql


_PATIENCE = 1.5
"""Times what is asked for, after which a comparison is stopped: it is lost by then, and need not be waited for."""


def _asked(store: pyoxigraph.Store, graph: rdflib.Graph, what: str, name: str, least: float, kglab: float | None) -> list[Ratio]:
    ours, count = wall(lambda: ask(store, name), 3), len(ask(store, name).rows)
    theirs, framed, found = _by_rdflib(graph, _sparql(name), max(60, _PATIENCE * least * ours))
    if found not in {count, None}:
        raise RuntimeError(f"{name}: rdflib gives {found} rows, the store {count}")
    stopped = "" if found is not None else ", stopped by then"
    rows = [Ratio(what, ours, f"rdflib: the same query in memory{stopped}", theirs, least)]
    if kglab is not None:
        return [*rows, Ratio(what, ours, "kglab: query_as_df", kglab, least)]
    return [*rows, Ratio(what, ours, f"kglab's way: rdflib's query, rows as N3{stopped}", theirs + framed, least)]


def _by_rdflib(graph: rdflib.Graph, sparql: str, seconds: float) -> tuple[float, float, int | None]:
    """Wall seconds of a query and of its rows as N3, and their number; None where the query was stopped after so many seconds."""
    context = multiprocessing.get_context("fork")  # The graph goes along as it is.
    here, there = context.Pipe(duplex=False)

    def run() -> None:
        start = time.perf_counter()
        found = list(graph.query(sparql))
        asked = time.perf_counter()
        framed = [{key: term.n3() for key, term in row.asdict().items()} for row in found]
        there.send((asked - start, time.perf_counter() - asked, len(framed)))

    process = context.Process(target=run)
    process.start()
    try:
        return here.recv() if here.poll(seconds) else (seconds, 0.0, None)
    finally:
        process.kill()
        process.join()


def _plain(lines: Sequence[str]) -> list[Plain]:
    quads = pyoxigraph.parse("\n".join(lines).encode(), format=pyoxigraph.RdfFormat.N_TRIPLES)
    return [(quad.subject.value, quad.predicate.value, quad.object.value, *_kind(quad.object)) for quad in quads]


def _kind(term: object) -> tuple[str | None, str | None]:
    if not isinstance(term, pyoxigraph.Literal):
        return None, None
    return term.datatype.value, term.language


def _add(graph: rdflib.Graph, plain: Sequence[Plain]) -> None:
    # What a program does that builds its graph with rdflib: it makes the terms and adds them.
    node, string = rdflib.URIRef, str(rdflib.XSD.string)
    for subject, predicate, value, datatype, language in plain:
        if datatype is None:
            term: rdflib.term.Identifier = node(value)
        elif language or datatype == string:
            term = rdflib.Literal(value, lang=language)
        else:
            term = rdflib.Literal(value, datatype=node(datatype))
        graph.add((node(subject), node(predicate), term))


def _add_ready(graph: rdflib.Graph, triples: Sequence[tuple[rdflib.term.Node, rdflib.term.Node, rdflib.term.Node]]) -> None:
    for triple in triples:
        graph.add(triple)

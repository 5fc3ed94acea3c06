"""The store: Oxigraph, embedded. Everything lies in the default graph, so that the plainest SPARQL finds it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING

import pyoxigraph

from kg.errors import GraphError
from kg.graph.iris import iri
from kg.versions import MANIFEST, current, link_or_copy, read_manifest

if TYPE_CHECKING:
    import rdflib

_STORE_MARK = "CURRENT"
"""A file that every Oxigraph store on disk holds."""
FORMATS = {
    ".ttl": pyoxigraph.RdfFormat.TURTLE,
    ".nt": pyoxigraph.RdfFormat.N_TRIPLES,
    ".trig": pyoxigraph.RdfFormat.TRIG,
    ".nq": pyoxigraph.RdfFormat.N_QUADS,
    ".jsonld": pyoxigraph.RdfFormat.JSON_LD,
    ".rdf": pyoxigraph.RdfFormat.RDF_XML,
    ".xml": pyoxigraph.RdfFormat.RDF_XML,
}


def copy_store(folder: Path, to: Path) -> None:
    """A second store with the same triples, that can be changed while the first stays as it is.

    Its large files are never written again: they get a second name, where the disk has that, and cost nothing.
    """
    to.mkdir()
    for path in folder.iterdir():
        if path.suffix == ".sst":
            link_or_copy(path, to / path.name)
        elif path.name not in {"LOCK", "LOG"}:
            copyfile(path, to / path.name)


def quads_of_notice(store: pyoxigraph.Store, notice: str) -> list[pyoxigraph.Quad]:
    """All triples that hang on one notice and on no other, found step by step from the notice.

    Args:
        notice: the CURIE of the notice.
    """
    return [quad for node in nodes_of_notice(store, iri(notice)) for quad in store.quads_for_pattern(node, None, None)]


def nodes_of_notice(store: pyoxigraph.Store, notice: str) -> list[pyoxigraph.NamedNode]:
    """A notice, its sections and tasks, and their assignments, targets and deadlines; the notice is given by its IRI."""
    first = pyoxigraph.NamedNode(notice)
    inside = pyoxigraph.NamedNode(iri("kg:inNotice"))
    down = [pyoxigraph.NamedNode(iri(term)) for term in ("kg:assignment", "kg:hasTarget", "kg:hasDeadline")]
    found: dict[pyoxigraph.NamedNode, None] = {}
    waiting: deque[object] = deque([first, *(part.subject for part in store.quads_for_pattern(None, inside, first))])
    while waiting:
        node = waiting.popleft()
        if isinstance(node, pyoxigraph.NamedNode) and node not in found:
            found[node] = None
            waiting.extend(part.object for term in down for part in store.quads_for_pattern(node, term, None))
    return list(found)


def triple_quads(lines: Iterable[str]) -> list[pyoxigraph.Quad]:
    """N-Triples lines as quads of the default graph."""
    return list(pyoxigraph.parse("\n".join([*lines, ""]).encode("utf-8"), format=pyoxigraph.RdfFormat.N_TRIPLES))


def memory_store(lines: Sequence[str]) -> pyoxigraph.Store:
    """A store in memory that holds some N-Triples lines."""
    store = pyoxigraph.Store()
    store.bulk_load(BytesIO("\n".join([*lines, ""]).encode("utf-8")), format=pyoxigraph.RdfFormat.N_TRIPLES)
    return store


def open_store(path: Path) -> pyoxigraph.Store:
    """The graph of a build folder or of the store in it (read only), or of an RDF file.

    A file is read into memory, its named graphs taken into the default graph.

    Raises:
        GraphError: there is no graph.
        StoreVersionError: the folder was built by another version.
    """
    if path.is_dir():
        bare = (path / _STORE_MARK).is_file()
        if bare and (path.parent / MANIFEST).is_file():
            read_manifest(path.parent)
        try:
            return pyoxigraph.Store.read_only(str(path if bare else current(path) / "store"))
        except (OSError, ValueError, RuntimeError) as error:
            raise GraphError(path) from error
    if path.suffix.lower() not in FORMATS or not path.is_file():
        raise GraphError(path)
    store = pyoxigraph.Store()
    try:
        quads = pyoxigraph.parse(path=str(path), format=FORMATS[path.suffix.lower()])
        store.bulk_extend(pyoxigraph.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    except (OSError, SyntaxError, ValueError) as error:
        raise GraphError(path) from error
    return store


def open_dataset(path: Path) -> rdflib.Dataset:
    """The same graph as an rdflib Dataset: rdflib's interface, Oxigraph's speed.

    Raises:
        GraphError, StoreVersionError: as ``open_store``.
    """
    return dataset_of(open_store(path))


def dataset_of(store: pyoxigraph.Store) -> rdflib.Dataset:
    """A store as an rdflib Dataset with the prefixes of the ontology."""
    import rdflib
    from oxrdflib import OxigraphStore

    from kg.graph.iris import PREFIXES

    dataset = rdflib.Dataset(store=OxigraphStore(store=store))
    for name, base in PREFIXES.items():
        dataset.bind(name, base)
    return dataset

"""The store: Oxigraph, embedded. Everything lies in the default graph, so that the plainest SPARQL finds it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph

from kg.errors import GraphError, StoreVersionError
from kg.model import BUILD_FORMAT

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


def create_store(folder: Path, lines: Sequence[str]) -> None:
    """Bulk-load N-Triples lines into a new store on disk."""
    store = pyoxigraph.Store(str(folder))
    store.bulk_load(BytesIO("\n".join([*lines, ""]).encode("utf-8")), format=pyoxigraph.RdfFormat.N_TRIPLES)
    store.optimize()
    store.flush()


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
        if not bare or (path.parent / "manifest.json").is_file():
            check_version(path.parent if bare else path)
        try:
            return pyoxigraph.Store.read_only(str(path if bare else path / "store"))
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


def check_version(folder: Path) -> None:
    """Refuse a build folder of another format.

    Raises:
        GraphError: it is no build folder.
        StoreVersionError: another version of the program built it.
    """
    try:
        found = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["format"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GraphError(folder) from error
    if found != BUILD_FORMAT:
        raise StoreVersionError(folder, found, BUILD_FORMAT)


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

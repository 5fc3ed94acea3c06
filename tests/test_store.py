"""The store: what was put in comes out, nothing can be changed, and what is no graph is told so."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pyoxigraph
import pytest

from kg.errors import GraphError, StoreVersionError
from kg.graph.loading import create_store
from kg.graph.serialise import serialise_store
from kg.graph.store import memory_store, open_dataset, open_store
from kg.graph.triples import graph_triples
from kg.model import BUILD_FORMAT, Notice


@pytest.fixture(scope="module")
def lines(jingzhou: Notice) -> list[str]:
    return graph_triples([jingzhou])


@pytest.fixture(scope="module")
def built(lines: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build folder as far as the store goes, with a blank and Chinese in its path."""
    folder = tmp_path_factory.mktemp("荆州 一号")
    create_store(folder / "store", lines)
    (folder / "manifest.json").write_text(json.dumps({"format": BUILD_FORMAT}), encoding="utf-8")
    return folder


def lines_of(store: pyoxigraph.Store) -> list[str]:
    return sorted(f"{pyoxigraph.Triple(quad.subject, quad.predicate, quad.object)} ." for quad in store)


@pytest.mark.parametrize("below", ["", "store"], ids=["build-folder", "bare-store"])
def test_a_store_on_disk_holds_every_triple_in_the_default_graph(built: Path, lines: list[str], below: str) -> None:
    store = open_store(built / below)
    assert len(store) == len(lines)
    assert {quad.graph_name for quad in store} == {pyoxigraph.DefaultGraph()}
    assert lines_of(store) == lines_of(memory_store(lines))


def test_an_opened_store_cannot_be_changed(built: Path, lines: list[str]) -> None:
    store = open_store(built)
    node = pyoxigraph.NamedNode("urn:a")
    with pytest.raises(RuntimeError, match="only possible on read-write"):
        store.add(pyoxigraph.Quad(node, node, node))
    assert len(store) == len(lines)


def test_a_store_can_be_opened_twice_at_once(built: Path) -> None:
    first, second = open_store(built), open_store(built)
    assert len(first) == len(second)


@pytest.mark.parametrize("form", ["ttl", "nt", "trig", "nq", "jsonld"])
def test_a_file_of_every_format_is_a_graph_for_the_plainest_query(tmp_path: Path, lines: list[str], form: str) -> None:
    path = tmp_path / f"图.{form}"
    path.write_text(serialise_store(memory_store(lines), form), encoding="utf-8")
    store = open_store(path)
    assert lines_of(store) == lines_of(memory_store(lines))
    assert {quad.graph_name for quad in store} == {pyoxigraph.DefaultGraph()}


def test_rdf_xml_is_read_too(tmp_path: Path, lines: list[str]) -> None:
    path = tmp_path / "graph.RDF"
    path.write_bytes(memory_store(lines).dump(format=pyoxigraph.RdfFormat.RDF_XML, from_graph=pyoxigraph.DefaultGraph()) or b"")
    assert len(open_store(path)) == len(lines)


NO_GRAPH = [
    pytest.param("missing", None, "there is no such path", id="missing"),
    pytest.param("missing.ttl", None, "there is no such file", id="missing-file"),
    pytest.param("folder", {}, "an empty folder", id="empty-folder"),
    pytest.param("folder", {"manifest.json": json.dumps({"format": BUILD_FORMAT})}, "a manifest without a store", id="no-store"),
    pytest.param("folder", {"manifest.json": "{"}, "a manifest that is no JSON", id="broken-manifest"),
    pytest.param("folder", {"manifest.json": "[]"}, "a manifest that is no object", id="manifest-without-fields"),
    pytest.param("folder", {"manifest.json": "{}"}, "a manifest of another program", id="manifest-without-format"),
    pytest.param("folder", {"CURRENT": "nonsense"}, "a folder that only looks like a store", id="broken-store"),
    pytest.param(
        "folder",
        {"manifest.json": json.dumps({"format": BUILD_FORMAT}), "store": "nonsense"},
        "a file where the store should be",
        id="file-as-store",
    ),
    pytest.param("a.ttl", "@prefix : <", "Turtle that does not parse", id="broken-turtle"),
    pytest.param("a.nt", "\x00\x01", "not RDF at all", id="binary"),
    pytest.param("a.jsonld", "{", "JSON-LD that does not parse", id="broken-json"),
    pytest.param("a.txt", "a b c", "a suffix that is no RDF", id="suffix"),
]


@pytest.mark.parametrize(("name", "holds", "why"), NO_GRAPH)
def test_what_is_no_graph_is_told_so(tmp_path: Path, name: str, holds: str | dict[str, str] | None, why: str) -> None:
    path = tmp_path / name
    if isinstance(holds, str):
        path.write_text(holds, encoding="utf-8")
    elif holds is not None:
        path.mkdir()
        for file, content in holds.items():
            (path / file).write_text(content, encoding="utf-8")
    with pytest.raises(GraphError, match=name.replace(".", r"\.")):
        pytest.fail(f"{why}: {open_store(path)}")
    if holds is None:
        assert list(tmp_path.iterdir()) == [], "looking for a graph makes none"


@pytest.mark.parametrize("below", ["", "store"], ids=["build-folder", "bare-store"])
@pytest.mark.parametrize("version", [0, 99, "1"], ids=["older", "newer", "text"])
def test_an_output_of_another_format_is_told_so(tmp_path: Path, lines: list[str], below: str, version: object) -> None:
    create_store(tmp_path / "store", lines[:10])
    (tmp_path / "manifest.json").write_text(json.dumps({"format": version}), encoding="utf-8")
    with pytest.raises(StoreVersionError, match=str(version)):
        open_store(tmp_path / below)


def test_a_damaged_store_is_told_so(tmp_path: Path, lines: list[str]) -> None:
    create_store(tmp_path / "store", lines[:10])
    (tmp_path / "manifest.json").write_text(json.dumps({"format": BUILD_FORMAT}), encoding="utf-8")
    (tmp_path / "store" / "CURRENT").write_text("nonsense", encoding="utf-8")
    with pytest.raises(GraphError):
        open_store(tmp_path)


# rdflib 7.6 warns of a call that it makes itself.
@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning")
def test_a_dataset_is_rdflibs_view_of_the_same_graph(built: Path, lines: list[str]) -> None:
    from kg.graph.namespace import KG

    dataset = open_dataset(built)
    assert len(dataset.default_graph) == len(lines)
    (row,) = dataset.query("SELECT (COUNT(?t) AS ?n) WHERE { ?t a <https://w3id.org/govresp/ns#Task> }")
    assert int(row[0]) == 114
    (row,) = dataset.query("SELECT (COUNT(?t) AS ?n) WHERE { ?t kg:ledBy ?u }")
    assert int(row[0]) == len(list(dataset.default_graph.subject_objects(KG.ledBy))), "its prefixes are bound"


def test_the_graph_room_loads_no_rdflib_before_it_is_asked_for() -> None:
    rooms = "iris, triples, store, ties, queries, serialise"
    code = f"import sys; from kg.graph import {rooms}; sys.exit(sorted({{'rdflib', 'oxrdflib'}} & set(sys.modules)) or 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")

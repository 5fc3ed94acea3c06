"""The graph as text: every format reads back as the same triples, in the same bytes, in an order for readers."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyoxigraph
import pytest
import rdflib

from kg.graph.iris import ID
from kg.graph.loading import create_store
from kg.graph.serialise import FORMATS, REGISTER_GRAPH, serialise_store, write_graph
from kg.graph.store import memory_store, open_store
from kg.graph.triples import graph_triples
from kg.model import BUILD_FORMAT, Notice

EACH = pytest.mark.parametrize("form", sorted(FORMATS))
NOTICE_GRAPH = f"{ID}graph/421000-2020-jzbf-1"


@pytest.fixture(scope="module")
def lines(jingzhou: Notice) -> list[str]:
    return graph_triples([jingzhou])


@pytest.fixture(scope="module")
def store(lines: list[str]) -> pyoxigraph.Store:
    return memory_store(lines)


def read(text: str, form: str) -> set[tuple[object, object, object]]:
    return {(quad.subject, quad.predicate, quad.object) for quad in pyoxigraph.parse(text, format=FORMATS[form])}


def triples_of(store: pyoxigraph.Store) -> set[tuple[object, object, object]]:
    return {(quad.subject, quad.predicate, quad.object) for quad in store}


@EACH
def test_a_format_reads_back_as_the_same_triples(store: pyoxigraph.Store, form: str) -> None:
    assert read(serialise_store(store, form), form) == triples_of(store)


def test_rdflib_reads_the_turtle_too(store: pyoxigraph.Store, lines: list[str]) -> None:
    graph = rdflib.Graph()
    graph.parse(data=serialise_store(store, "ttl"), format="turtle")
    expected = rdflib.Graph()
    expected.parse(data="\n".join(lines), format="nt")
    assert set(graph) == set(expected)


@EACH
def test_the_same_graph_gives_the_same_bytes_wherever_it_comes_from(lines: list[str], tmp_path: Path, form: str) -> None:
    create_store(tmp_path / "store", lines)
    (tmp_path / "manifest.json").write_text(json.dumps({"format": BUILD_FORMAT}), encoding="utf-8")
    first = serialise_store(memory_store(lines), form)
    assert serialise_store(memory_store(lines[::-1]), form) == first
    assert serialise_store(open_store(tmp_path), form) == first


def test_another_process_with_another_hash_seed_gives_the_same_bytes(store: pyoxigraph.Store, lines: list[str], tmp_path: Path) -> None:
    write_graph(lines, tmp_path / "graph.nt", "nt")
    code = (
        "import hashlib, sys; from pathlib import Path; from kg.graph.serialise import FORMATS, serialise_store;"
        "from kg.graph.store import open_store; store = open_store(Path(sys.argv[1]));"
        "print(*(hashlib.sha256(serialise_store(store, form).encode()).hexdigest() for form in sorted(FORMATS)))"
    )
    here = " ".join(hashlib.sha256(serialise_store(store, form).encode()).hexdigest() for form in sorted(FORMATS))
    for seed in ("1", "4711"):
        env = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": "C"}
        command = [sys.executable, "-c", code, str(tmp_path / "graph.nt")]
        assert subprocess.run(command, capture_output=True, env=env, encoding="utf-8", check=True).stdout.split() == here.split()


@EACH
def test_a_file_is_the_serialised_text_in_utf_8(store: pyoxigraph.Store, lines: list[str], tmp_path: Path, form: str) -> None:
    write_graph(lines, tmp_path / "图", form)
    assert (tmp_path / "图").read_bytes().decode("utf-8") == serialise_store(store, form)


# For readers


def test_the_turtle_is_short_and_counts_as_people_do(store: pyoxigraph.Store) -> None:
    text = serialise_store(store, "ttl")
    assert "task:421000-2020-jzbf-1.2 " in text or "task:421000-2020-jzbf-1\\.2 " in text
    body = text.replace("\\.", ".")
    assert body.index("\ntask:421000-2020-jzbf-1.2 ") < body.index("\ntask:421000-2020-jzbf-1.10 ")
    assert "市发改委" in text, "Chinese is not escaped"


@pytest.mark.parametrize("form", ["ttl", "trig"])
def test_every_prefix_is_used_and_stands_in_order(store: pyoxigraph.Store, form: str) -> None:
    text = serialise_store(store, form)
    prefixes = [line.split()[1] for line in text.split("\n") if line.startswith("@prefix ")]
    assert prefixes == sorted(prefixes)
    assert "kg:" in prefixes and "unit:" in prefixes
    assert [prefix for prefix in prefixes if text.count(prefix) < 2] == []


def test_an_empty_graph_gives_an_empty_text() -> None:
    assert {form: serialise_store(memory_store([]), form).strip() for form in FORMATS if form != "jsonld"} == dict.fromkeys(
        (form for form in FORMATS if form != "jsonld"), ""
    )


SEPARATORS = [
    pytest.param("a\u2028@prefix kg: <urn:x> .", "a separator of Unicode ends no line of Turtle", id="line-separator"),
    pytest.param("a\u0085@prefix zz: <urn:x> .", "nor the next-line character", id="next-line"),
    pytest.param("a\u000b@prefix zz: <urn:x> .", "nor a vertical tab", id="vertical-tab"),
    pytest.param("a\n@prefix zz: <urn:x> .\n", "a real line end is escaped", id="line-end"),
    pytest.param("@prefix zz: <urn:x> .", "nor does a text that starts so", id="start"),
]


@EACH
@pytest.mark.parametrize(("title", "why"), SEPARATORS)
def test_a_text_cannot_pass_for_a_prefix(title: str, why: str, form: str) -> None:
    notice = f"<{ID}notice/1> <http://purl.org/dc/terms/title> {pyoxigraph.Literal(title)} ."
    store = memory_store([notice])
    assert read(serialise_store(store, form), form) == triples_of(store), why


def test_numbers_that_look_alike_have_their_order_too() -> None:
    lines = [f'<{ID}unit/1> <http://www.w3.org/2004/02/skos/core#altLabel> "{name}"@zh .' for name in ("7", "07", "007", "１", "1")]
    first = serialise_store(memory_store(lines), "nt")
    assert serialise_store(memory_store(lines[::-1]), "nt") == first
    assert [line.split('"')[1] for line in first.splitlines()] == ["１", "1", "007", "07", "7"]


# Named graphs


@pytest.mark.parametrize("form", ["trig", "nq"])
def test_each_notice_has_a_graph_and_what_is_shared_has_one(jingzhou: Notice, form: str) -> None:
    both = memory_store(graph_triples([jingzhou, replace(jingzhou, id="421000-2021-jzbf-2")]))
    quads = list(pyoxigraph.parse(serialise_store(both, form), format=FORMATS[form]))
    graphs = {str(quad.graph_name)[1:-1] for quad in quads}
    assert graphs == {NOTICE_GRAPH, f"{ID}graph/421000-2021-jzbf-2", REGISTER_GRAPH}
    for quad in quads:
        kind, _, local = str(quad.subject)[1:-1].removeprefix(ID).partition("/")
        own = kind in {"notice", "section", "task", "assignment", "target", "deadline"}
        graph = str(quad.graph_name)[1:-1]
        assert (graph != REGISTER_GRAPH) == own
        assert not own or local.startswith(graph.removeprefix(f"{ID}graph/"))


@pytest.mark.parametrize("form", ["ttl", "nt", "jsonld"])
def test_other_formats_keep_to_the_default_graph(store: pyoxigraph.Store, form: str) -> None:
    quads = pyoxigraph.parse(serialise_store(store, form), format=FORMATS[form])
    assert {quad.graph_name for quad in quads} == {pyoxigraph.DefaultGraph()}

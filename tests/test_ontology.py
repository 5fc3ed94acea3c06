"""The ontology: it parses, says everything in two languages, and holds every term that is used."""

from __future__ import annotations

import re
from collections import Counter

import pyoxigraph
import pytest
import rdflib

from kg.graph.iris import CODE, KG
from kg.graph.triples import graph_triples
from kg.model import Closure, Comparator, Kind, Notice, Role
from kg.resources import ontology_file, table

from .conftest import ROOT

FILES = sorted(path.relative_to(ROOT / "ontology").as_posix() for path in (ROOT / "ontology").rglob("*.ttl"))
LANGUAGES = {"zh", "en"}


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    return rdflib.Graph().parse(ontology_file("kg.ttl"))


@pytest.fixture(scope="module")
def codes() -> rdflib.Graph:
    return rdflib.Graph().parse(ontology_file("codes.ttl"))


def declared(graph: rdflib.Graph) -> set[str]:
    return {str(subject) for subject in graph.subjects(rdflib.RDF.type) if str(subject).startswith(KG)}


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_read_alike_by_two_parsers(name: str) -> None:
    path = ontology_file(name)
    assert len(rdflib.Graph().parse(path)) == len({(q.subject, q.predicate, q.object) for q in pyoxigraph.parse(path=str(path))})


def test_every_term_has_label_and_comment_in_both_languages(ontology: rdflib.Graph) -> None:
    terms = declared(ontology)
    assert len(terms) > 50
    for term in terms:
        for says in (rdflib.RDFS.label, rdflib.RDFS.comment):
            found = [text.language for text in ontology.objects(rdflib.URIRef(term), says)]
            assert sorted(found) == sorted(LANGUAGES), (term, says)


def test_every_domain_and_range_is_declared(ontology: rdflib.Graph) -> None:
    for says in (rdflib.RDFS.domain, rdflib.RDFS.range, rdflib.RDFS.subPropertyOf):
        for subject, value in ontology.subject_objects(says):
            assert not str(value).startswith(KG) or str(value) in declared(ontology), (subject, value)


def test_every_term_in_the_graph_is_declared(ontology: rdflib.Graph, jingzhou: Notice) -> None:
    used = {term for line in graph_triples([jingzhou]) for term in re.findall(rf"<({re.escape(KG)}\w+)>", line)}
    assert used
    assert used <= declared(ontology)


SOURCES = sorted([*(ROOT / "ontology").rglob("*.rq"), ROOT / "ontology" / "shapes.ttl", *(ROOT / "ontology" / "examples").glob("*.ttl")])


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_every_term_that_is_asked_for_is_declared(path, ontology: rdflib.Graph, codes: rdflib.Graph) -> None:  # type: ignore[no-untyped-def]
    text = re.sub(r'"[^"\n]*"', "", path.read_text(encoding="utf-8"))
    assert {KG + name for name in re.findall(r"(?<![\w:])kg:(\w+)", text)} <= declared(ontology)
    known = {str(subject).removeprefix(CODE) for subject in codes.subjects()}
    assert {name for name in re.findall(r"(?<![\w:])kgv:([\w-]+)", text) if not name.startswith("line-")} <= known


def test_code_lists_are_those_of_the_model(codes: rdflib.Graph) -> None:
    skos = rdflib.SKOS

    def members(scheme: str) -> set[str]:
        return {str(concept).removeprefix(CODE) for concept in codes.subjects(skos.inScheme, rdflib.URIRef(CODE + scheme))}

    assert members("roles") == {role.value for role in Role}
    assert members("closures") == {closure.value for closure in Closure}
    assert members("comparators") == {comparator.value for comparator in Comparator}
    assert members("kinds") == {kind.value for kind in Kind}
    assert members("groupKinds") == {row["kind"] for row in table("lexicon/collectives.toml")["group"]}


def test_every_code_has_a_label_in_both_languages(codes: rdflib.Graph) -> None:
    for concept in set(codes.subjects()):
        assert {label.language for label in codes.objects(concept, rdflib.SKOS.prefLabel)} == LANGUAGES


def test_no_term_is_declared_twice() -> None:
    text = ontology_file("kg.ttl").read_text(encoding="utf-8")
    counts = Counter(re.findall(r"^(kg:\w+) a ", text, re.M))
    assert [term for term, count in counts.items() if count > 1] == []

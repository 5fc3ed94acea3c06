"""The shapes: a worked example passes, and each way of breaking it is caught by both runners."""

from __future__ import annotations

import sys

import pyoxigraph
import pytest

from kg.errors import ExtraError
from kg.graph import shacl
from kg.graph.shacl import Result, conforms, validate_fast, validate_reference
from kg.graph.store import memory_store, open_store
from kg.graph.triples import graph_triples
from kg.model import Notice
from kg.resources import ontology_file

PREFIXES = "".join(f"PREFIX {name}: <{base}>\n" for name, base in shacl.PREFIXES.items())
T1, T14, T60 = "task:421000-2020-jzbf-1.1", "task:421000-2020-jzbf-1.14", "task:421000-2020-jzbf-1.60"
A = "<https://w3id.org/govresp/id/assignment/421000-2020-jzbf-1.14.1>"  # two dots: no prefixed name to Oxigraph
N = "notice:421000-2020-jzbf-1"
FINANCE, COUNTIES = "unit:421000-finance", "group:421000-counties-1998"
RESERVE = "unit:421000-honghu-reserve"


def example() -> pyoxigraph.Store:
    return open_store(ontology_file("examples/jingzhou-nine-tasks.ttl"))


def key(results: list[Result]) -> set[tuple[str, str, str, str]]:
    return {(result.severity, result.focus, result.message_en, result.message_zh) for result in results}


def test_the_worked_example_conforms_and_has_its_findings() -> None:
    results = validate_fast(example())
    assert conforms(results)
    found = sorted((result.focus.rsplit(".", 1)[-1], result.message_en) for result in results if result.severity == "Warning")
    assert found == [
        ("23", "The task rests on an open reference: nobody can list its members."),
        ("60", "No lead is printed."),
        ("62", "Several leads are printed."),
        ("66", "No lead is printed."),
        ("66", "The task rests on an open reference: nobody can list its members."),
        ("72", "The task rests on an open reference: nobody can list its members."),
    ]


def test_both_runners_agree_on_the_example() -> None:
    assert key(validate_fast(example())) == key(validate_reference(example()))


def test_the_whole_notice_conforms(jingzhou: Notice) -> None:
    results = validate_fast(memory_store(graph_triples([jingzhou])))
    assert conforms(results)
    counts = [result.message_en for result in results]
    assert (counts.count("No lead is printed."), counts.count("Several leads are printed.")) == (6, 3)


def change(subject: str, term: str, new: str) -> str:
    return f"DELETE WHERE {{ {subject} {term} ?x }} ; INSERT DATA {{ {subject} {term} {new} }}"


BREAKAGES = [
    ("lead-without-assignment", f"INSERT DATA {{ {T1} kg:ledBy {RESERVE} }}", "has a kg:ledBy or kg:sharedWith without"),
    ("share-without-assignment", f"INSERT DATA {{ {T60} kg:sharedWith {RESERVE} }}", "has a kg:ledBy or kg:sharedWith without"),
    ("assignment-without-short-form", f"DELETE WHERE {{ {T14} kg:ledBy ?u }}", "has no kg:ledBy or kg:sharedWith beside it"),
    ("share-without-short-form", f"DELETE WHERE {{ {T60} kg:sharedWith ?u }}", "has no kg:ledBy or kg:sharedWith beside it"),
    ("role-turned-round", change(A, "kg:role", "kgv:responsible"), "has no kg:ledBy or kg:sharedWith beside it"),
    ("lead-missed-by-the-reader", f"DELETE WHERE {{ {A} kg:role kgv:lead }}", "prints a lead, but none was read"),
    ("member-not-reached", f"DELETE WHERE {{ {T1} kg:sharedThroughGroup ?u }}", "does not reach every member"),
    ("reached-without-group", f"INSERT DATA {{ {T60} kg:sharedThroughGroup {RESERVE} }}", "none of its groups lists that unit"),
    ("one-index-twice", change(T14, "kg:index", "1"), "Another task of the notice has the index"),
    ("print-longer-than-its-place", change(A, "kg:printedName", '"洪湖"'), "is not as long as its place"),
    ("assignment-outside-its-task", f"DELETE WHERE {{ {A} kg:start ?s ; kg:end ?e }} ; INSERT DATA {{ {A} kg:start 0 ; kg:end 14 }}", "stands outside its task"),
    ("section-of-another-notice", f"INSERT DATA {{ {T14} kg:inSection section:x.s1 . section:x.s1 a kg:Section }}", "in a section of another notice"),
    ("two-units-one-label", 'INSERT DATA { unit:x a kg:Unit ; kg:jurisdiction division:421000-1996 ; skos:prefLabel "洪湖国家级自然保护区管理局"@zh ; kg:recognisedBy "name" ; org:classification kgv:other . kgv:other a skos:Concept }', "Two units of one place"),
    ("no-hash", f"DELETE WHERE {{ {N} kg:sha256 ?x }}", "A notice has one SHA-256"),
    ("hash-in-capitals", change(N, "kg:sha256", '"' + "A" * 64 + '"'), "A notice has one SHA-256"),
    ("date-as-text", change(N, "dcterms:issued", '"2020-01-07"'), "The date of issue is one xsd:date"),
    ("plan-year-of-another-age", change(N, "kg:planYear", "20200"), "The plan year is one whole number"),
    ("plan-year-as-text", change(N, "kg:planYear", '"2020"'), "The plan year is one whole number"),
    ("place-that-is-none", change(N, "kg:jurisdiction", FINANCE), "The place of a notice is one division"),
    ("task-without-wording", f"DELETE WHERE {{ {T14} kg:text ?x }}", "A task has one wording"),
    ("two-wordings", f'INSERT DATA {{ {T14} kg:text "x" }}', "A task has one wording"),
    ("wording-with-language", change(T14, "kg:text", '"x"@zh'), "A task has one wording"),
    ("index-nought", change(T14, "kg:index", "0"), "A task has one index from 1"),
    ("number-as-integer", change(T14, "kg:number", "14"), "The printed number of a task is one string"),
    ("task-of-no-notice", f"DELETE WHERE {{ {T14} kg:inNotice ?x }}", "A task stands in one notice"),
    ("task-ends-before-it-starts", change(T14, "kg:end", "3"), "A task starts before it ends"),
    ("task-with-chinese-iri", 'INSERT DATA { <https://w3id.org/govresp/id/task/任务> a kg:Task }', "The IRI of a task is ASCII"),
    ("lead-that-is-no-party", f"INSERT DATA {{ {T14} kg:ledBy division:421000-1996 }}", "A lead is a unit or a group"),
    ("sharer-that-is-no-party", f'INSERT DATA {{ {T14} kg:sharedWith "市发改委" }}', "A sharer is a unit or a group"),
    ("assignment-untyped", f"DELETE DATA {{ {A} a kg:Assignment }}", "What a task assigns is an assignment"),
    ("role-unknown", change(A, "kg:role", "kgv:helper"), "An assignment has one role"),
    ("two-roles", f"INSERT DATA {{ {A} kg:role kgv:responsible }}", "An assignment has one role"),
    ("two-parties", f"INSERT DATA {{ {A} kg:party {FINANCE} }}", "An assignment has one party"),
    ("no-print", f"DELETE WHERE {{ {A} kg:printedName ?x }}", "An assignment keeps what is printed"),
    ("empty-print", change(A, "kg:printedName", '""'), "An assignment keeps what is printed"),
    ("completed-name-repeats-the-print", f'INSERT DATA {{ {A} kg:completedName "洪湖国家级自然保护区管理局" }}', "A completed name differs"),
    ("negative-start", change(A, "kg:start", "-1"), "An assignment starts before it ends"),
    ("example-of-a-unit", f"INSERT DATA {{ {A} kg:exampleOf {RESERVE} }}", "A unit is an example of a group"),
    ("assignment-of-two-tasks", f"INSERT DATA {{ {T60} kg:assignment {A} }}", "An assignment belongs to one task"),
    ("assignment-of-no-task", f"DELETE WHERE {{ {T14} kg:assignment {A} }}", "An assignment belongs to one task"),
    ("unit-without-label", f"DELETE WHERE {{ {RESERVE} skos:prefLabel ?x }}", "A unit has one preferred label"),
    ("unit-with-two-labels", f'INSERT DATA {{ {RESERVE} skos:prefLabel "x"@zh }}', "A unit has one preferred label"),
    ("alias-repeats-the-label", f'INSERT DATA {{ {RESERVE} skos:altLabel "洪湖国家级自然保护区管理局"@zh }}', "Another name differs"),
    ("unit-without-kind", f"DELETE WHERE {{ {RESERVE} org:classification ?x }}", "A unit is of one kind"),
    ("unit-recognised-by-magic", change(RESERVE, "kg:recognisedBy", '"magic"'), "A unit says how it was recognised"),
    ("listed-group-without-members", f"DELETE WHERE {{ {COUNTIES} kg:hasMember ?x }}", "A listed group has members"),
    ("open-group-with-members", change(COUNTIES, "kg:closure", "kgv:open"), "A listed group has members"),
    ("group-in-a-group", f"INSERT DATA {{ {COUNTIES} kg:hasMember {COUNTIES} }}", "A member of a group is a unit"),
    ("closure-unknown", change(COUNTIES, "kg:closure", "kgv:half"), "A group says whether its members"),
    ("division-with-short-code", change("division:421000-1996", "dcterms:identifier", '"4210"'), "A division has one code"),
    ("division-ends-before-it-begins", 'INSERT DATA { division:421000-1996 kg:validTo "1990-01-01"^^xsd:date }', "A division holds from a day on"),
    ("value-in-words", "DELETE { ?g kg:value ?v } INSERT { ?g kg:value 'many' } WHERE { ?g kg:value ?v }", "A target has one value"),
    ("target-without-measure", "DELETE WHERE { ?g kg:measureUnit ?v }", "A target has one unit of measure"),
    ("comparator-unknown", "DELETE { ?g kg:comparator ?v } INSERT { ?g kg:comparator kgv:more } WHERE { ?g kg:comparator ?v }", "A target has one comparator"),
    ("target-of-nobody", "DELETE WHERE { ?t kg:hasTarget ?g }", "A target belongs to a task or a notice"),
    ("deadline-without-print", f"INSERT DATA {{ {T14} kg:hasDeadline deadline:x . deadline:x a kg:Deadline }}", "A deadline keeps what is printed"),
]  # fmt: skip

WARNINGS = [
    ("lead-also-shares", f"INSERT DATA {{ {T14} kg:sharedWith {RESERVE} }}", "The lead is printed among the others too."),
    ("nobody", f"DELETE WHERE {{ {T60} kg:sharedWith ?x }}", "Nobody is named at all."),
    ("unknown-party", f"DELETE WHERE {{ {A} kg:party ?x }}", "It is not known who is meant."),
    ("no-title", f"DELETE WHERE {{ {N} dcterms:title ?x }}", "The notice prints no title."),
    ("no-number", f"DELETE WHERE {{ {N} kg:documentNumber ?x }}", "The notice prints no document number."),
    ("no-issuer", f"DELETE WHERE {{ {N} kg:issuerName ?x }}", "The notice prints no issuer."),
    ("no-date", f"DELETE WHERE {{ {N} dcterms:issued ?x }}", "The notice prints no date."),
    ("no-place", f"DELETE WHERE {{ {N} kg:jurisdiction ?x }}", "The place of the notice is not known."),
    ("deadline-without-day", f'INSERT DATA {{ {T14} kg:hasDeadline deadline:x . deadline:x a kg:Deadline ; kg:printedText "长期坚持" }}', "The deadline names no day."),
]  # fmt: skip


def broken(update: str) -> pyoxigraph.Store:
    store = example()
    before = {str(quad) for quad in store}
    store.update(PREFIXES + update)
    assert {str(quad) for quad in store} != before, "the update does nothing"
    return store


@pytest.mark.parametrize(("update", "message"), [row[1:] for row in BREAKAGES], ids=[row[0] for row in BREAKAGES])
def test_a_broken_graph_is_caught_by_both_runners(update: str, message: str) -> None:
    store = broken(update)
    fast, reference = validate_fast(store), validate_reference(store)
    assert any(message in result.message_en for result in fast if result.severity == "Violation")
    assert not conforms(fast)
    assert key(fast) == key(reference)


@pytest.mark.parametrize(("update", "message"), [row[1:] for row in WARNINGS], ids=[row[0] for row in WARNINGS])
def test_a_finding_about_the_notice_is_a_warning(update: str, message: str) -> None:
    store = broken(update)
    fast = validate_fast(store)
    assert message in {result.message_en for result in fast if result.severity == "Warning"}
    assert key(fast) == key(validate_reference(store))


def test_every_message_is_there_in_both_languages_and_filled() -> None:
    for _, update, _ in BREAKAGES[:12]:
        for result in validate_fast(broken(update)):
            assert result.message_zh
            assert result.message_en
            assert "{" not in result.message_zh + result.message_en


def test_without_pyshacl_the_reference_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyshacl", None)
    with pytest.raises(ExtraError, match="shacl"):
        validate_reference(example())
    assert conforms(validate_fast(example()))

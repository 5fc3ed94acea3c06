"""The shapes: a worked example passes, and each way of breaking it is caught by both runners."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from functools import cache

import pyoxigraph
import pytest
from rdflib.plugins.sparql import processor
from rdflib.plugins.sparql.sparql import Query

from kg.errors import ExtraError
from kg.graph import shacl
from kg.graph.shacl import SEVERITIES, conforms, constraints, validate_fast, validate_reference
from kg.graph.store import memory_store, open_store
from kg.graph.triples import graph_triples
from kg.model import Notice
from kg.resources import ontology_file, table

PREFIXES = "".join(f"PREFIX {name}: <{base}>\n" for name, base in shacl.PREFIXES.items())
T1, T14, T60 = "task:421000-2020-jzbf-1.1", "task:421000-2020-jzbf-1.14", "task:421000-2020-jzbf-1.60"
A = "<https://w3id.org/govresp/id/assignment/421000-2020-jzbf-1.14.1>"  # two dots: no prefixed name to Oxigraph
G51, G0 = ("<https://w3id.org/govresp/id/target/421000-2020-jzbf-1" + end for end in (".51.t1>", ".t1>"))
S1, S2 = "section:421000-2020-jzbf-1.s1", "section:421000-2020-jzbf-1.s2"
N = "notice:421000-2020-jzbf-1"
FINANCE, COUNTIES = "unit:421000-local-finance", "group:421000-counties-1998"
RESERVE = "unit:421000-honghu-reserve"


@pytest.fixture(scope="module", autouse=True)
def prepared_once() -> Iterator[None]:
    """pyshacl hands the text of each constraint to rdflib anew for every graph: each text is parsed once, as a prepared query is.

    Parsing the same twelve texts is half of the time of these tests. What is evaluated is the same, on each graph for itself.
    """
    parse, translate = processor.parseQuery, processor.translateQuery
    prepared = cache(lambda text, base, names: translate(parse(text), base, dict(names)))

    def by_text(text: str, base: str | None, names: Mapping[str, str]) -> Query:
        return prepared(text, base, tuple(sorted(names.items())))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(processor, "parseQuery", str)
        patch.setattr(processor, "translateQuery", by_text)
        yield


def example() -> pyoxigraph.Store:
    return open_store(ontology_file("examples/jingzhou-nine-tasks.ttl"))


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


def test_the_worked_example_is_what_the_program_writes(jingzhou: Notice) -> None:
    written = {(q.subject, q.predicate, q.object) for q in memory_store(graph_triples([jingzhou]))}
    # The name of the source is the path that was given.
    assert {q.predicate.value.split("#")[-1] for q in example() if (q.subject, q.predicate, q.object) not in written} <= {"sourceName"}


@pytest.mark.parametrize("word", [word for row in table("lexicon/roles.toml")["label"] if row["role"] == "lead" for word in row["whole"]])
def test_a_lead_word_without_a_lead_is_our_fault(word: str) -> None:
    results = validate_fast(broken(change(T60, "kg:clauseText", f'"({word}:市发改委)"')))
    assert [result.value for result in results if result.severity == "Violation"] == [T60]


def test_both_runners_agree_on_the_example() -> None:
    assert validate_fast(example()) == validate_reference(example())


def test_the_whole_notice_conforms(jingzhou: Notice) -> None:
    results = validate_fast(memory_store(graph_triples([jingzhou])))
    assert conforms(results)
    counts = [result.message_en for result in results]
    assert (counts.count("No lead is printed."), counts.count("Several leads are printed.")) == (6, 3)


def change(subject: str, term: str, new: str) -> str:
    return f"DELETE WHERE {{ {subject} {term} ?x }} ; INSERT DATA {{ {subject} {term} {new} }}"


def deadline(body: str, holder: str = T14) -> str:
    return f"INSERT DATA {{ {holder} kg:hasDeadline deadline:x . deadline:x a kg:Deadline ; {body} }}"


def continuation(body: str) -> str:
    """A claim that a task of 2020 carries on one of 2019, and what is wrong with it."""
    sound = 'kg:continuing task:new ; kg:continued task:old ; dcterms:creator "analyst" ; kg:method "wording" ; kg:score 0.9'
    plans = (
        "notice:old kg:planYear 2019 . notice:new kg:planYear 2020 . task:old kg:inNotice notice:old . task:new kg:inNotice notice:new ."
    )
    types = "task:old a kg:Task . task:new a kg:Task ."
    return f"INSERT DATA {{ <urn:claim> a kg:Continuation ; {sound} . {plans} {types} }} ; {body}"


def merger(body: str) -> str:
    sound = f'org:originalOrganization {FINANCE} , {RESERVE} ; org:resultingOrganization unit:421000-banking-insurance ; dcterms:date "2020-06-12"^^xsd:date ; kg:changeKind kgv:merge ; kg:method "decision"'
    return f"INSERT DATA {{ <urn:change> a org:ChangeEvent ; {sound} . kgv:merge a skos:Concept . kgv:rename a skos:Concept }} ; {body}"


# Each row: its name, the update that breaks the example, and what is said (every message belongs to one constraint).
BREAKAGES = [
    ("finding-of-a-task", f"INSERT DATA {{ {T1} kg:finding 'no lead' }}", "A finding of a task is"),
    ("finding-of-a-notice", f"INSERT DATA {{ {N} kg:finding 'no place' }}", "A finding of a notice is"),
    ("lead-without-assignment", f"INSERT DATA {{ {T1} kg:ledBy {RESERVE} }}", "has a kg:ledBy or kg:sharedWith without"),
    ("share-without-assignment", f"INSERT DATA {{ {T60} kg:sharedWith {RESERVE} }}", "has a kg:ledBy or kg:sharedWith without"),
    ("assignment-without-short-form", f"DELETE WHERE {{ {T14} kg:ledBy ?u }}", "has no kg:ledBy or kg:sharedWith beside it"),
    ("share-without-short-form", f"DELETE WHERE {{ {T60} kg:sharedWith ?u }}", "has no kg:ledBy or kg:sharedWith beside it"),
    ("role-turned-round", change(A, "kg:role", "kgv:responsible"), "has no kg:ledBy or kg:sharedWith beside it"),
    ("lead-missed-by-the-reader", f"DELETE WHERE {{ {A} kg:role kgv:lead }}", "prints a lead, but none was read"),
    ("member-not-reached", f"DELETE WHERE {{ {T1} kg:sharedThroughGroup ?u }}", "does not reach every member"),
    ("reached-without-group", f"INSERT DATA {{ {T60} kg:sharedThroughGroup {RESERVE} }}", "none of its groups lists that unit"),
    ("one-index-twice", change(T14, "kg:index", "1"), "twice."),
    ("print-longer-than-its-place", change(A, "kg:printedName", '"洪湖"'), "is not as long as its place"),
    ("assignment-outside-its-task", f"DELETE WHERE {{ {A} kg:start ?s ; kg:end ?e }} ; INSERT DATA {{ {A} kg:start 0 ; kg:end 14 }}", "stands outside its task"),
    ("section-of-another-notice", f"INSERT DATA {{ {T14} kg:inSection section:x.s1 . section:x.s1 a kg:Section }}", "in a section of another notice"),
    ("one-index-for-two-sections", change(S2, "kg:index", "1"), "has the index of section:421000-2020-jzbf-1.s1 twice"),
    ("lead-missed-under-another-word", f"{change(T60, 'kg:clauseText', chr(34) + '(主办单位:市发改委)' + chr(34))}", "prints a lead, but none was read"),
    ("lead-missed-without-a-label", f"{change(T60, 'kg:clauseText', chr(34) + '(市发改委牵头)' + chr(34))}", "prints a lead, but none was read"),
    ("share-through-a-unit", f"DELETE WHERE {{ {COUNTIES} kg:hasMember unit:421023-government }}", "none of its groups lists that unit"),
    ("target-longer-than-its-place", change(G51, "kg:printedText", '"260"'), "is not as long as its place"),
    ("headline-target-longer-than-its-place", change(G0, "kg:printedText", '"7"'), "is not as long as its place"),
    ("deadline-longer-than-its-place", deadline('kg:printedText "年底前" ; kg:start 2220 ; kg:end 2221'), "is not as long as its place"),
    ("deadline-outside-its-task", deadline('kg:printedText "年底前" ; kg:start 3 ; kg:end 6'), "stands outside its task"),
    ("example-of-a-reference-not-printed", f"INSERT DATA {{ {A} kg:exampleOf group:421000-departments-concerned-642a }}", "is an example of a reference that its task does not print"),
    ("two-units-one-label", 'INSERT DATA { unit:x a kg:Unit ; kg:jurisdiction division:421000-1996 ; skos:prefLabel "洪湖国家级自然保护区管理局"@zh ; kg:recognisedBy "name" ; org:classification kgv:other . kgv:other a skos:Concept }', "Two units of one place"),
    ("title-with-language", change(N, "dcterms:title", '"x"@zh'), "The title of a notice is one string"),
    ("two-document-numbers", f'INSERT DATA {{ {N} kg:documentNumber "x" }}', "The document number is one string"),
    ("empty-issuer", change(N, "kg:issuerName", '""'), "The issuer of a notice is one string"),
    ("headline-that-is-no-target", f"INSERT DATA {{ {N} kg:hasTarget {T14} }}", "A headline indicator is a target node"),
    ("date-that-is-none", change(N, "dcterms:issued", '"2020-13-45"^^xsd:date'), "The date of issue is one xsd:date"),
    ("plan-year-before-the-republic", change(N, "kg:planYear", "1948"), "The plan year is one whole number"),
    ("notice-with-chinese-iri", "INSERT DATA { <https://w3id.org/govresp/id/notice/文件> a kg:Notice }", "The IRI of a notice is ASCII"),
    ("section-without-title", f"DELETE WHERE {{ {S2} dcterms:title ?x }}", "A section has one title"),
    ("section-of-no-notice", f"DELETE WHERE {{ {S2} kg:inNotice ?x }}", "A section stands in one notice"),
    ("section-without-index", f"DELETE WHERE {{ {S2} kg:index ?x }}", "A section has one index from 1"),
    ("section-number-as-integer", change(S2, "kg:number", "2"), "The printed number of a section is one string"),
    ("section-ends-before-it-starts", change(S2, "kg:end", "3"), "A section starts before it ends"),
    ("section-without-end", f"DELETE WHERE {{ {S2} kg:end ?x }}", "A section has one end"),
    ("section-as-blank-node", "INSERT DATA { [] a kg:Section }", "The IRI of a section is ASCII"),
    ("task-without-end", f"DELETE WHERE {{ {T14} kg:end ?x }}", "A task has one end"),
    ("two-clauses", f'INSERT DATA {{ {T14} kg:clauseText "x" }}', "A task has at most one clause"),
    ("two-sections", f"INSERT DATA {{ {T14} kg:inSection {S2} }}", "A task stands in at most one section"),
    ("target-that-is-none", f"INSERT DATA {{ {T14} kg:hasTarget {S1} }}", "A target is a target node"),
    ("deadline-that-is-none", f"INSERT DATA {{ {T14} kg:hasDeadline {S1} }}", "A deadline is a deadline node"),
    ("group-reached-through-group", f"INSERT DATA {{ {T1} kg:sharedThroughGroup {COUNTIES} }}", "What is reached through a group is a unit"),
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
    ("assignment-without-end", f"DELETE WHERE {{ {A} kg:end ?x }}", "An assignment has one end"),
    ("standing-as-text", f'INSERT DATA {{ {A} kg:standing "true" }}', "Whether an assignment stands by rule"),
    ("party-that-is-none", change(A, "kg:party", "division:421000-1996"), "An assignment has one party"),
    ("assignment-as-blank-node", f"INSERT DATA {{ {T14} kg:assignment [ a kg:Assignment ] }}", "The IRI of an assignment is ASCII"),
    ("role-without-label", "DELETE WHERE { kgv:lead skos:prefLabel ?x }", "A code has one label a language"),
    ("role-that-is-no-concept", "DELETE WHERE { kgv:lead a skos:Concept }", "An assignment has one role"),
    ("example-of-a-unit", f"INSERT DATA {{ {A} kg:exampleOf {RESERVE} }}", "A unit is an example of a group"),
    ("assignment-of-two-tasks", f"INSERT DATA {{ {T60} kg:assignment {A} }}", "An assignment belongs to one task"),
    ("assignment-of-no-task", f"DELETE WHERE {{ {T14} kg:assignment {A} }}", "An assignment belongs to one task"),
    ("unit-without-label", f"DELETE WHERE {{ {RESERVE} skos:prefLabel ?x }}", "A unit has one preferred label"),
    ("unit-with-two-labels", f'INSERT DATA {{ {RESERVE} skos:prefLabel "x"@zh }}', "A unit has one preferred label"),
    ("alias-repeats-the-label", f'INSERT DATA {{ {RESERVE} skos:altLabel "洪湖国家级自然保护区管理局"@zh }}', "Another name differs"),
    ("unit-without-kind", f"DELETE WHERE {{ {RESERVE} org:classification ?x }}", "A unit is of one kind"),
    ("unit-of-a-kind-that-is-none", change(RESERVE, "org:classification", "kgv:lead"), "A unit is of one kind"),
    ("unit-of-two-places", f"INSERT DATA {{ {RESERVE} kg:jurisdiction division:421083-1995 }}", "A unit serves one division"),
    ("line-of-work-in-words", change(FINANCE, "kg:portfolio", '"财政"'), "A line of work is a concept"),
    ("unit-with-chinese-iri", "INSERT DATA { <https://w3id.org/govresp/id/unit/市财政局> a kg:Unit }", "The IRI of a unit is ASCII"),
    ("unit-recognised-by-magic", change(RESERVE, "kg:recognisedBy", '"magic"'), "A unit says how it was recognised"),
    ("listed-group-without-members", f"DELETE WHERE {{ {COUNTIES} kg:hasMember ?x }}", "A listed group has members"),
    ("open-group-with-members", change(COUNTIES, "kg:closure", "kgv:open"), "A listed group has members"),
    ("group-in-a-group", f"INSERT DATA {{ {COUNTIES} kg:hasMember {COUNTIES} }}", "A member of a group is a unit"),
    ("closure-unknown", change(COUNTIES, "kg:closure", "kgv:half"), "A group says whether its members"),
    ("group-without-label", f"DELETE WHERE {{ {COUNTIES} skos:prefLabel ?x }}", "A group has one preferred label"),
    ("group-of-no-kind", f"DELETE WHERE {{ {COUNTIES} kg:groupKind ?x }}", "A group is of one kind"),
    ("group-of-a-kind-of-unit", change(COUNTIES, "kg:groupKind", "kgv:territory"), "A group is of one kind"),
    ("group-of-a-unit", change(COUNTIES, "kg:jurisdiction", FINANCE), "A group belongs to one division"),
    ("group-with-chinese-iri", "INSERT DATA { <https://w3id.org/govresp/id/group/各县市区政府> a kg:UnitGroup }", "The IRI of a group is ASCII"),
    ("division-without-first-year", "INSERT DATA { division:421000 a kg:Division }", "The IRI of a division is its code"),
    ("division-without-level", "DELETE WHERE { division:421000-1996 kg:level ?x }", "A division has one level"),
    ("division-without-name", "DELETE WHERE { division:421000-1996 skos:prefLabel ?x }", "A division has a name"),
    ("division-under-a-unit", change("division:421000-1996", "kg:parent", FINANCE), "Above a division is a division"),
    ("division-ends-in-words", 'INSERT DATA { division:421000-1996 kg:validTo "2030年" }', "The last day of a division"),
    ("division-with-short-code", change("division:421000-1996", "dcterms:identifier", '"4210"'), "A division has one code"),
    ("division-ends-before-it-begins", 'INSERT DATA { division:421000-1996 kg:validTo "1990-01-01"^^xsd:date }', "A division holds from a day on"),
    ("value-in-words", "DELETE { ?g kg:value ?v } INSERT { ?g kg:value 'many' } WHERE { ?g kg:value ?v }", "A target has one number"),
    ("target-without-measure", "DELETE WHERE { ?g kg:measureUnit ?v }", "A target has one unit of measure"),
    ("comparator-unknown", "DELETE { ?g kg:comparator ?v } INSERT { ?g kg:comparator kgv:more } WHERE { ?g kg:comparator ?v }", "A target has one comparator"),
    ("target-of-nobody", "DELETE WHERE { ?t kg:hasTarget ?g }", "A target belongs to one task or notice"),
    ("two-values", f"INSERT DATA {{ {G51} kg:value 261 }}", "A target has one number"),
    ("value-as-text", change(G51, "kg:value", '"260"'), "A target has one number"),
    ("target-without-print", f"DELETE WHERE {{ {G51} kg:printedText ?x }}", "A target keeps what is printed"),
    ("target-without-place", f"DELETE WHERE {{ {G51} kg:start ?x }}", "A target starts before it ends"),
    ("target-without-end", f"DELETE WHERE {{ {G51} kg:end ?x }}", "A target has one end"),
    ("two-indicators", f'INSERT DATA {{ {G0} kg:indicator "x" , "y" }}', "The indicator of a target is one string"),
    ("target-of-two-tasks", f"INSERT DATA {{ {T14} kg:hasTarget {G51} }}", "A target belongs to one task or notice"),
    ("target-with-chinese-iri", f"INSERT DATA {{ {T14} kg:hasTarget <https://w3id.org/govresp/id/target/目标> . <https://w3id.org/govresp/id/target/目标> a kg:Target }}", "The IRI of a target is ASCII"),
    ("deadline-without-print", deadline("kg:start 2220 ; kg:end 2221"), "A deadline keeps what is printed"),
    ("deadline-in-words", deadline('kg:dueBy "年底" ; kg:printedText "底" ; kg:start 2220 ; kg:end 2221'), "The last day of a deadline"),
    ("deadline-that-does-not-exist", deadline('kg:dueBy "2020-06-31"^^xsd:date ; kg:printedText "底" ; kg:start 2220 ; kg:end 2221'), "The last day of a deadline"),
    ("deadline-without-place", deadline('kg:printedText "底"'), "A deadline starts before it ends"),
    ("deadline-without-end", deadline('kg:printedText "底" ; kg:start 2220'), "A deadline has one end"),
    ("deadline-of-two-tasks", deadline('kg:printedText "底" ; kg:start 2220 ; kg:end 2221', f"{T60} kg:hasDeadline deadline:x . {T14}"), "A deadline belongs to one task"),
    ("deadline-as-blank-node", f"INSERT DATA {{ {T14} kg:hasDeadline [ a kg:Deadline ] }}", "The IRI of a deadline is ASCII"),
    ("continuation-backwards", continuation("DELETE DATA { notice:new kg:planYear 2020 } ; INSERT DATA { notice:new kg:planYear 2018 }"), "A task continues one of an earlier plan year only"),
    ("continuation-of-itself", continuation("DELETE WHERE { <urn:claim> kg:continued ?x } ; INSERT DATA { <urn:claim> kg:continued task:new }"), "another than the earlier"),
    ("continuation-of-nothing", continuation("DELETE WHERE { <urn:claim> kg:continued ?x }"), "A continuation has one earlier task"),
    ("continuation-claimed-by-nobody", continuation("DELETE WHERE { <urn:claim> dcterms:creator ?x }"), "A continuation says who claims it"),
    ("continuation-by-no-method", continuation("DELETE WHERE { <urn:claim> kg:method ?x }"), "A continuation says by which method"),
    ("continuation-surer-than-sure", continuation("DELETE WHERE { <urn:claim> kg:score ?x } ; INSERT DATA { <urn:claim> kg:score 1.5 }"), "lies between 0 and 1"),
    ("continuation-as-blank-node", "INSERT DATA { [] a kg:Continuation }", "The IRI of a continuation is ASCII"),
    ("change-from-nothing", merger("DELETE WHERE { <urn:change> org:originalOrganization ?x }"), "A change starts from units"),
    (
        "change-of-nothing",
        merger(
            f"DELETE WHERE {{ <urn:change> org:resultingOrganization ?x }} ; "
            f"INSERT DATA {{ <urn:change> org:resultingOrganization {FINANCE} , {RESERVE} }}"
        ),
        "A rename keeps its unit",
    ),
    (
        "rename-into-another",
        merger("DELETE WHERE { <urn:change> kg:changeKind ?x } ; INSERT DATA { <urn:change> kg:changeKind kgv:rename }"),
        "A rename keeps its unit",
    ),
    ("change-of-no-kind", merger("DELETE WHERE { <urn:change> kg:changeKind ?x }"), "A change is of one kind"),
    ("change-without-ground", merger("DELETE WHERE { <urn:change> kg:method ?x }"), "A change says on what ground"),
    ("unit-at-no-level", f"INSERT DATA {{ {FINANCE} kg:level \"high\" }}", "A unit stands at one level"),
    ("change-into-nothing", merger("DELETE WHERE { <urn:change> org:resultingOrganization ?x }"), "A change results in units"),
    ("change-in-a-year", merger("DELETE WHERE { <urn:change> dcterms:date ?x } ; INSERT DATA { <urn:change> dcterms:date 2020 }"), "The day of a change"),
    ("change-as-blank-node", "INSERT DATA { [] a org:ChangeEvent }", "The IRI of a change is ASCII"),
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
    ("notice-of-nothing", f'INSERT DATA {{ notice:x a kg:Notice ; kg:sha256 "{"a" * 64}" }}', "The notice gives no task to anybody."),
    ("deadline-without-day", deadline('kg:printedText "长期坚持" ; kg:start 2220 ; kg:end 2224'), "The deadline names no day."),
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
    assert fast == reference


@pytest.mark.parametrize(("update", "message"), [row[1:] for row in WARNINGS], ids=[row[0] for row in WARNINGS])
def test_a_finding_about_the_notice_is_a_warning(update: str, message: str) -> None:
    store = broken(update)
    fast = validate_fast(store)
    assert message in {result.message_en for result in fast if result.severity == "Warning"}
    assert fast == validate_reference(store)


@pytest.mark.parametrize("update", [continuation(""), merger("")], ids=["continuation", "change"])
def test_what_no_notice_prints_can_be_said_soundly(update: str) -> None:
    about = {result.shape for result in validate_fast(broken(update.removesuffix(" ; "))) if result.severity == "Violation"}
    assert not about & {"kgs:Continuation", "kgs:ChangeEvent"}


def test_a_missing_head_does_not_break_the_graph() -> None:
    head = ("dcterms:title", "dcterms:issued", "kg:documentNumber", "kg:issuerName", "kg:jurisdiction", "kg:planYear")
    assert conforms(validate_fast(broken(" ; ".join(f"DELETE WHERE {{ {N} {term} ?x{at} }}" for at, term in enumerate(head)))))


def test_a_standing_assignment_may_stand_outside_its_task() -> None:
    moved = f"DELETE WHERE {{ {A} kg:start ?s ; kg:end ?e }} ; INSERT DATA {{ {A} kg:start 0 ; kg:end 13 "
    assert not conforms(validate_fast(broken(moved + "}")))
    assert conforms(validate_fast(broken(moved + "; kg:standing true }")))


def test_every_constraint_on_the_graph_has_a_breakage() -> None:
    # "twice" is met with the blank of its message filled.
    messages = {c.messages["en"] for c in constraints() if c.severity == "Violation"}
    said = [row[2].replace(S1, "{?value}") for row in BREAKAGES]
    assert [message for message in sorted(messages) if not any(part in message for part in said)] == []


def test_every_finding_about_a_notice_has_a_row() -> None:
    said = {row[2] for row in WARNINGS} | {result.message_en for result in validate_fast(example())}
    assert {c.messages["en"] for c in constraints() if c.severity == "Warning"} <= said


def test_every_constraint_speaks_both_languages_and_a_message_belongs_to_one_place() -> None:
    places: dict[str, set[tuple[str, str]]] = {}
    for constraint in constraints():
        assert set(constraint.messages) == {"zh", "en"}, constraint
        assert constraint.severity in SEVERITIES
        for message in constraint.messages.values():
            assert ("{?value}" in message) == ("{" in message)
            places.setdefault(message, set()).add((constraint.shape, constraint.path, constraint.severity))
    assert {message: where for message, where in places.items() if len(where) > 1} == {}


def test_a_filled_message_has_no_blank_left() -> None:
    for _, update, _ in BREAKAGES[:12]:
        for result in validate_fast(broken(update)):
            assert "{" not in result.message_zh + result.message_en


def test_violations_come_first_and_numbers_are_counted() -> None:
    results = validate_fast(
        broken(f"INSERT DATA {{ {T1} kg:ledBy {RESERVE} }} ; DELETE WHERE {{ task:421000-2020-jzbf-1.111 kg:ledBy ?x }}")
    )
    assert [result.severity for result in results] == sorted((result.severity for result in results), key=SEVERITIES.index)
    assert [result.focus.rsplit(".", 1)[-1] for result in results if result.shape == "kgs:NoLead"] == ["60", "66", "111"]


UNSUPPORTED = [
    ("component", "kgs:X a sh:NodeShape ; sh:targetClass kg:Task ; sh:property [ sh:path kg:text ; sh:maxLength 9 ]"),
    ("node-kind", "kgs:X a sh:NodeShape ; sh:targetClass kg:Task ; sh:nodeKind sh:Literal"),
    ("count", "kgs:X a sh:NodeShape ; sh:targetClass kg:Task ; sh:property [ sh:path kg:ledBy ; sh:minCount 2 ]"),
    ("choice", "kgs:X a sh:NodeShape ; sh:targetClass kg:Task ; sh:property [ sh:path kg:ledBy ; sh:or ( [ sh:hasValue 1 ] ) ]"),
    ("target", "kgs:X a sh:NodeShape ; sh:targetSubjectsOf kg:ledBy ; sh:nodeKind sh:IRI"),
]


@pytest.mark.parametrize("shape", [row[1] for row in UNSUPPORTED], ids=[row[0] for row in UNSUPPORTED])
def test_a_shape_that_cannot_be_translated_raises(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = pyoxigraph.Store()
    names = (
        PREFIXES.replace("PREFIX", "@prefix").replace(">\n", "> .\n")
        + f"@prefix sh: <{shacl.SH}> . @prefix kgs: <https://w3id.org/govresp/shapes#> ."
    )
    shapes.load(f"{names} {shape} .".encode(), format=pyoxigraph.RdfFormat.TURTLE)
    monkeypatch.setattr(shacl, "_shapes", lambda: shapes)
    with pytest.raises(NotImplementedError):
        constraints.__wrapped__()


def test_without_pyshacl_the_reference_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyshacl", None)
    with pytest.raises(ExtraError, match="shacl"):
        validate_reference(example())
    assert conforms(validate_fast(example()))

"""Notices as triples: what the Jingzhou notice counts, that nothing of a text escapes from its literal, and the budgets."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pyoxigraph
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from kg.graph.iris import PREFIXES, curie, iri
from kg.graph.namespace import KG
from kg.graph.queries import ask_text
from kg.graph.store import memory_store
from kg.graph.triples import decimal, graph_triples, notice_triples, text, triple
from kg.model import Closure, Deadline, Notice, Role, Span
from kg.resources import ontology_file

UNLED = (60, 63, 64, 66, 80, 113)


@pytest.fixture(scope="module")
def lines(jingzhou: Notice) -> list[str]:
    return graph_triples([jingzhou])


@pytest.fixture(scope="module")
def store(lines: list[str]) -> pyoxigraph.Store:
    return memory_store(lines)


def rows(store: pyoxigraph.Store, sparql: str) -> list[tuple[object, ...]]:
    return list(ask_text(store, sparql).rows)


def one(store: pyoxigraph.Store, sparql: str) -> object:
    ((value,),) = rows(store, sparql)
    return value


# Literals


def parsed(line: str) -> tuple[str, str]:
    """The object of a line as pyoxigraph and as rdflib read it."""
    (quad,) = pyoxigraph.parse(line, format=pyoxigraph.RdfFormat.N_TRIPLES)
    graph = rdflib.Graph()
    graph.parse(data=line, format="nt")
    (value,) = graph.objects()
    assert isinstance(quad.object, pyoxigraph.Literal)
    return quad.object.value, str(value)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_text_is_read_back_as_it_was(value: str) -> None:
    line = triple("unit:a", "kg:text", text(value))
    assert "\n" not in line and "\r" not in line
    assert parsed(line) == (value, value)


HOSTILE = [
    pytest.param('" . <urn:a> <urn:b> <urn:c> . #', "a quote must not end the literal", id="quote"),
    pytest.param('\\" . <urn:a> <urn:b> <urn:c> . #', "nor one behind a backslash", id="backslash-quote"),
    pytest.param("a\\", "a backslash at the end must not eat the quote", id="backslash-at-the-end"),
    pytest.param("a\nb\r\nc", "a line end must not end the triple", id="line-ends"),
    pytest.param("a\u2028b\u0085c", "separators of Unicode are no line ends", id="separators"),
    pytest.param("\\u0041", "what looks like an escape stays as it is", id="escape"),
    pytest.param("\x00\x07\x1b\x7f", "control characters", id="controls"),
    pytest.param("𠮷\ufeff", "beyond the basic plane, and a byte order mark", id="wide"),
]


@pytest.mark.parametrize(("value", "why"), HOSTILE)
def test_nothing_escapes_from_a_literal(value: str, why: str) -> None:
    assert parsed(triple("unit:a", "kg:text", text(value))) == (value, value), why


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=6))
def test_a_number_keeps_its_value_and_has_one_form(value: Decimal) -> None:
    line = triple("unit:a", "kg:value", decimal(value))
    lexical, _ = parsed(line)
    assert Decimal(lexical) == value
    assert ("." in lexical) == (value != value.to_integral_value())
    assert not ("." in lexical and lexical.endswith("0"))
    assert ("#integer>" in line) == ("." not in lexical)


# What the notice counts


def test_the_notice_has_its_114_tasks_in_six_sections(store: pyoxigraph.Store) -> None:
    assert one(store, "SELECT (COUNT(*) AS ?n) { ?t a kg:Task }") == 114
    assert one(store, "SELECT (COUNT(*) AS ?n) { ?s a kg:Section }") == 6
    assert one(store, "SELECT (COUNT(*) AS ?n) { ?t kg:inSection ?s . ?s kg:inNotice ?n . ?t kg:inNotice ?n }") == 114


def test_assignments_are_111_leads_492_others_and_111_collective(store: pyoxigraph.Store) -> None:
    query = """SELECT ?role ?kind (COUNT(?a) AS ?n) { ?a a kg:Assignment ; kg:role ?role ; kg:party/a ?kind }
               GROUP BY ?role ?kind ORDER BY ?role ?kind"""
    assert rows(store, query) == [
        ("kgv:lead", "kg:Unit", 111),
        ("kgv:responsible", "kg:Unit", 492),
        ("kgv:responsible", "kg:UnitGroup", 111),
    ]


def test_six_tasks_print_no_lead(store: pyoxigraph.Store) -> None:
    query = "SELECT ?i { ?t a kg:Task ; kg:index ?i FILTER NOT EXISTS { ?t kg:ledBy ?u } } ORDER BY ?i"
    assert tuple(i for (i,) in rows(store, query)) == UNLED


SHORT_FORMS = [
    pytest.param("kg:ledBy", "kgv:lead", id="led"),
    pytest.param("kg:sharedWith", "kgv:responsible", id="shared"),
]


@pytest.mark.parametrize(("short", "role"), SHORT_FORMS)
def test_every_short_form_has_its_assignment_and_the_reverse(store: pyoxigraph.Store, short: str, role: str) -> None:
    by_short = rows(store, f"SELECT DISTINCT ?t ?u {{ ?t {short} ?u }} ORDER BY ?t ?u")
    by_node = rows(store, f"SELECT DISTINCT ?t ?u {{ ?t kg:assignment ?a . ?a kg:role {role} ; kg:party ?u }} ORDER BY ?t ?u")
    assert by_short == by_node
    assert len(by_short) > 100


RULES = [
    pytest.param("derive_short_forms", ("kg:ledBy", "kg:sharedWith"), id="short-forms"),
    pytest.param("derive_groups", ("kg:ledThroughGroup", "kg:sharedThroughGroup"), id="groups"),
]


@pytest.mark.parametrize(("rule", "terms"), RULES)
def test_what_is_written_is_what_the_rule_derives(store: pyoxigraph.Store, lines: list[str], rule: str, terms: tuple[str, ...]) -> None:
    sparql = ontology_file(f"rules/{rule}.rq").read_text(encoding="utf-8")
    derived = ask_text(store, sparql).triples or ""
    written = [line for line in lines if line.split(" ")[1][1:-1] in {iri(term) for term in terms}]
    assert derived.splitlines() == written
    assert written


def test_only_a_listed_group_is_opened(store: pyoxigraph.Store) -> None:
    assert rows(store, "SELECT DISTINCT ?c { ?g kg:hasMember ?u ; kg:closure ?c }") == [("kgv:listed",)]
    opened = one(store, "SELECT (COUNT(DISTINCT ?u) AS ?n) { ?t kg:sharedThroughGroup ?u }")
    assert opened == 8, "each of the eight county governments"


def test_positions_quote_the_print(jingzhou: Notice, store: pyoxigraph.Store) -> None:
    found = rows(store, "SELECT ?printed ?start ?end { ?x kg:printedName|kg:printedText ?printed ; kg:start ?start ; kg:end ?end }")
    assert len(found) == 714 + 43
    for printed, start, end in found:
        assert isinstance(start, int) and isinstance(end, int)
        assert jingzhou.text[start:end] == printed


def test_every_code_has_a_label_in_both_languages(store: pyoxigraph.Store) -> None:
    query = "SELECT ?c (COUNT(DISTINCT LANG(?l)) AS ?n) { ?c a skos:Concept . OPTIONAL { ?c skos:prefLabel ?l } } GROUP BY ?c"
    assert [code for code, labels in rows(store, query) if labels != 2] == []
    used = """SELECT DISTINCT ?c { ?x kg:role|kg:comparator|kg:closure|kg:groupKind|kg:portfolio|org:classification ?c
              FILTER NOT EXISTS { ?c a skos:Concept } }"""
    assert rows(store, used) == []


# Form


def test_lines_are_sorted_and_stand_once(lines: list[str]) -> None:
    assert lines == sorted(set(lines))


def test_the_order_of_reading_changes_no_triple(jingzhou: Notice, lines: list[str]) -> None:
    other = replace(jingzhou, id="421000-2021-jzbf-2")
    assert graph_triples([jingzhou, other]) == graph_triples([other, jingzhou])
    turned = replace(jingzhou, tasks=jingzhou.tasks[::-1], units=jingzhou.units[::-1], divisions=jingzhou.divisions[::-1])
    assert graph_triples([turned]) == lines


def test_what_two_notices_share_stands_once(jingzhou: Notice, lines: list[str]) -> None:
    both = graph_triples([jingzhou, replace(jingzhou, id="421000-2021-jzbf-2")])
    shared = [line for line in lines if "421000-2020-jzbf-1" not in line]
    assert len(both) == 2 * len(lines) - len(shared)


def test_there_is_no_blank_node_and_every_iri_is_ascii(store: pyoxigraph.Store) -> None:
    terms = {term for quad in store for term in (quad.subject, quad.predicate, quad.object)}
    assert not any(isinstance(term, pyoxigraph.BlankNode) for term in terms)
    assert all(term.value.isascii() for term in terms if isinstance(term, pyoxigraph.NamedNode))


def test_every_term_that_is_written_is_a_term_of_the_ontology(store: pyoxigraph.Store) -> None:
    for quad in store:
        for term in (quad.predicate, quad.object):
            if isinstance(term, pyoxigraph.NamedNode) and term.value.startswith(PREFIXES["kg"]):
                assert getattr(KG, term.value.removeprefix(PREFIXES["kg"])) == rdflib.URIRef(term.value)


def test_the_graph_keeps_its_budget(store: pyoxigraph.Store, lines: list[str]) -> None:
    assert len(lines) < 9000
    kinds = {str(quad.subject): curie(quad.object.value) for quad in store if quad.predicate.value == iri("rdf:type")}
    count = Counter(kinds[str(quad.subject)] for quad in store)
    terms = Counter(quad.predicate.value for quad in store)
    each = Counter(kinds.values())
    short = sum(terms[iri(term)] for term in ("kg:ledBy", "kg:sharedWith"))
    opened = sum(terms[iri(term)] for term in ("kg:ledThroughGroup", "kg:sharedThroughGroup"))
    hanging = sum(terms[iri(term)] for term in ("kg:assignment", "kg:hasTarget", "kg:hasDeadline"))
    assert (count["kg:Assignment"] + each["kg:Assignment"] + short) / each["kg:Assignment"] <= 10
    assert (count["kg:Task"] - short - opened - hanging) / each["kg:Task"] <= 12
    assert (count["kg:Target"] + each["kg:Target"]) / each["kg:Target"] <= 9


# What the Jingzhou notice does not print


def only(notice: Notice, i: int) -> Notice:
    return replace(notice, tasks=tuple(task for task in notice.tasks if task.i == i), targets=())


def changed(notice: Notice, **fields: object) -> pyoxigraph.Store:
    """The graph of the first task, its first assignment changed."""
    (task,) = only(notice, 1).tasks
    first, *others = task.assignments
    task = replace(task, assignments=(replace(first, **fields), *others))  # type: ignore[arg-type]  # fields of a test
    return memory_store(list(notice_triples(replace(notice, tasks=(task,)))))


def test_a_party_that_is_unknown_keeps_its_print_and_gets_no_short_form(jingzhou: Notice) -> None:
    store = changed(jingzhou, unit=None, role=Role.LEAD)
    assert one(store, "SELECT (COUNT(?a) AS ?n) { ?a kg:role kgv:lead ; kg:printedName ?p FILTER NOT EXISTS { ?a kg:party ?u } }") == 1
    assert rows(store, "SELECT ?u { ?t kg:ledBy ?u }") == []


def test_a_cooperating_unit_is_shared_with_and_keeps_its_role(jingzhou: Notice) -> None:
    store = changed(jingzhou, role=Role.COOPERATING)
    assert len(rows(store, "SELECT ?t { ?t kg:sharedWith ?u ; kg:assignment ?a . ?a kg:role kgv:cooperating ; kg:party ?u }")) == 1


def test_a_unit_of_a_standing_rule_says_so(jingzhou: Notice) -> None:
    assert rows(changed(jingzhou, standing=True), "SELECT ?s { ?a kg:standing ?s }") == [(True,)]
    assert rows(changed(jingzhou), "SELECT ?s { ?a kg:standing ?s }") == []


def test_a_completed_name_stands_only_where_it_differs(jingzhou: Notice) -> None:
    assert len(rows(changed(jingzhou, name="全称"), "SELECT ?n { ?a kg:completedName ?n FILTER(?n = '全称') }")) == 1
    same = [a for task in jingzhou.tasks for a in task.assignments if a.name != a.printed]
    store = memory_store(graph_triples([jingzhou]))
    assert one(store, "SELECT (COUNT(?n) AS ?all) { ?a kg:completedName ?n }") == len(same)


def test_an_example_points_at_its_open_group(store: pyoxigraph.Store) -> None:
    found = rows(store, "SELECT DISTINCT ?c { ?t kg:assignment ?a , ?b . ?a kg:exampleOf ?g . ?b kg:party ?g . ?g kg:closure ?c }")
    assert found == [(f"kgv:{Closure.OPEN}",)]


DEADLINES = [
    pytest.param(date(2024, 10, 31), "2024-10-31", id="a-day"),
    pytest.param(None, None, id="no-day"),
]


@pytest.mark.parametrize(("due", "expected"), DEADLINES)
def test_a_deadline_keeps_its_print_and_its_day_if_there_is_one(jingzhou: Notice, due: date | None, expected: str | None) -> None:
    (task,) = only(jingzhou, 1).tasks
    late = replace(task, deadline=Deadline("2024年10月", Span(3, 11), due))
    store = memory_store(list(notice_triples(replace(jingzhou, tasks=(late,)))))
    query = "SELECT ?p ?due ?start { ?t kg:hasDeadline ?d . ?d kg:printedText ?p ; kg:start ?start OPTIONAL { ?d kg:dueBy ?due } }"
    assert rows(store, query) == [("2024年10月", expected, 3)]


def test_a_notice_without_head_is_written_with_what_there_is(jingzhou: Notice) -> None:
    bare = replace(jingzhou, title=None, number=None, issuer=None, date=None, plan_year=None, jurisdiction=None, sections=())
    bare = replace(bare, tasks=tuple(replace(task, section=None, number=None) for task in bare.tasks))
    store = memory_store(graph_triples([bare]))
    assert one(store, "SELECT (COUNT(*) AS ?n) { ?t a kg:Task }") == 114
    absent = "dcterms:title|kg:documentNumber|kg:issuerName|dcterms:issued|kg:planYear|kg:inSection|kg:number"
    assert ask_text(store, f"ASK {{ ?x {absent} ?y }}").yes is False

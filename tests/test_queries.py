"""The questions: headers that hold what they say, the same rows in two engines, and nothing that writes or goes out."""

from __future__ import annotations

import re
from dataclasses import replace

import pyoxigraph
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import KgError, ParameterError, QueryError, QuestionError, UnitAmbiguousError, UnitNotFoundError
from kg.graph.iris import PREFIXES, curie, iri
from kg.graph.namespace import KG
from kg.graph.queries import Answer, Cell, Question, ask, ask_text, bind, find_unit, question_named, questions, read_question
from kg.graph.store import memory_store
from kg.graph.triples import graph_triples
from kg.model import Notice
from kg.resources import ontology_file

UNLED = [60, 63, 64, 66, 80, 113]
UNIT = "unit:421000-development-reform"
XSD = PREFIXES["xsd"]
QUESTIONS = pytest.mark.parametrize("question", [pytest.param(question, id=question.name) for question in questions()])


def second_city(notice: Notice, without: int = 3) -> Notice:
    """The same print in another city, without every third task: every label is there twice, with other counts."""

    def moved(name: str | None) -> str | None:
        return name and name.replace("421000", "421100", 1)

    tasks = tuple(
        replace(task, assignments=tuple(replace(a, unit=moved(a.unit)) for a in task.assignments))
        for task in notice.tasks
        if task.i % without
    )
    units = tuple(replace(unit, id=moved(unit.id)) for unit in notice.units)
    groups = tuple(replace(group, id=moved(group.id), members=tuple(map(moved, group.members))) for group in notice.groups)
    return replace(notice, id=moved(notice.id), tasks=tasks, units=units, groups=groups)  # type: ignore[arg-type]  # none is None


@pytest.fixture(scope="module")
def store(jingzhou: Notice) -> pyoxigraph.Store:
    return memory_store(graph_triples([jingzhou]))


@pytest.fixture(scope="module")
def cities(jingzhou: Notice) -> tuple[pyoxigraph.Store, rdflib.Graph]:
    """Two cities, in both engines."""
    lines = graph_triples([jingzhou, second_city(jingzhou)])
    graph = rdflib.Graph()
    graph.parse(data="\n".join(lines), format="nt")
    return memory_store(lines), graph


def values_for(question: Question) -> dict[str, str]:
    through = {"why-through-group": "unit:421083-government"}
    return {p.name: through.get(question.name, UNIT) for p in question.parameters if p.kind == "unit"}


# Headers


@QUESTIONS
def test_a_header_says_what_the_query_gives(question: Question) -> None:
    result = pyoxigraph.Store().query(question.sparql)
    assert isinstance(result, pyoxigraph.QuerySolutions)
    assert tuple(variable.value for variable in result.variables) == question.columns


@QUESTIONS
def test_a_question_has_titles_an_order_and_uses_its_parameters(question: Question) -> None:
    body = re.sub(r"^#.*$", "", question.sparql, flags=re.M)
    assert question.title_zh and not question.title_zh.isascii()
    assert question.title_en and question.title_en[0].isupper()
    assert "ORDER BY" in body
    for parameter in question.parameters:
        assert re.search(rf"\?{parameter.name}\b", body)
        assert f"AS ?{parameter.name})" not in body, "a parameter is bound from outside"
    stated = re.search(r"^# params: *(.*)$", question.sparql, re.M)
    assert len(question.parameters) == (stated[1].count("(") if stated else 0), "every stated parameter was understood"


@QUESTIONS
def test_a_question_asks_only_for_terms_of_the_ontology(question: Question) -> None:
    for term in re.findall(r"\bkg:(\w+)", re.sub(r"^#.*$", "", question.sparql, flags=re.M)):
        assert str(getattr(KG, term)) == PREFIXES["kg"] + term


def test_names_of_questions_differ_and_files_are_numbered_without_gap() -> None:
    assert len({question.name for question in questions()}) == len(questions()) >= 20
    numbers = sorted(int(path.name[:2]) for path in ontology_file("queries").glob("*.rq"))
    assert numbers == list(range(1, len(questions()) + 1))


def test_a_header_is_read_field_by_field() -> None:
    text = "# title: 题\n# title-en: Title\n# params: unit (unit), least (integer) = 2\n# columns: a b\nSELECT ?a ?b { ?a ?b ?unit }"
    question = read_question("07_some-name", text)
    assert (question.name, question.title_zh, question.title_en, question.columns) == ("some-name", "题", "Title", ("a", "b"))
    assert [(p.name, p.kind, p.default) for p in question.parameters] == [("unit", "unit", None), ("least", "integer", "2")]


# Two engines


def of_rdflib(term: rdflib.term.Node | None) -> Cell:
    """A term of rdflib as a cell, by its own conversion to Python."""
    if term is None:
        return None
    if isinstance(term, rdflib.URIRef):
        return curie(str(term))
    assert isinstance(term, rdflib.Literal)
    if term.datatype is not None and str(term.datatype).removeprefix(XSD) in {"integer", "decimal", "double"}:
        number = term.toPython()
        return int(number) if str(term.datatype) == f"{XSD}integer" else float(number)
    return str(term)


@QUESTIONS
def test_both_engines_give_the_same_rows_in_the_same_order(cities: tuple[pyoxigraph.Store, rdflib.Graph], question: Question) -> None:
    store, graph = cities
    given_values = values_for(question)
    answer = ask(store, question.name, given_values)
    terms = {name: pyoxigraph.NamedNode(iri(value)) for name, value in given_values.items()}
    numbers = {p.name: pyoxigraph.Literal(int(p.default or 0)) for p in question.parameters if p.kind == "integer"}
    rows = [tuple(map(of_rdflib, row)) for row in graph.query(bind(question.sparql, {**terms, **numbers}))]  # type: ignore[arg-type]
    assert list(answer.rows) == rows
    assert answer.columns == question.columns


@QUESTIONS
def test_rows_that_sort_alike_are_alike(cities: tuple[pyoxigraph.Store, rdflib.Graph], question: Question) -> None:
    keys = re.findall(r"\?(\w+)", question.sparql.rpartition("ORDER BY")[2])
    hidden = [key for key in dict.fromkeys(keys) if key not in question.columns]
    shown = question.sparql.replace(" WHERE {", "".join(f" ?{key}" for key in hidden) + " WHERE {", 1)
    terms = {name: pyoxigraph.NamedNode(iri(value)) for name, value in values_for(question).items()}
    numbers = {p.name: pyoxigraph.Literal(int(p.default or 0)) for p in question.parameters if p.kind == "integer"}
    answer = ask_text(cities[0], bind(shown, {**terms, **numbers}))
    seen: dict[tuple[Cell, ...], tuple[Cell, ...]] = {}
    for row in answer.rows:
        sorted_by = tuple(row[answer.columns.index(key)] for key in keys)
        assert seen.setdefault(sorted_by, row) == row


@QUESTIONS
def test_every_question_has_an_answer_on_the_notice(store: pyoxigraph.Store, question: Question) -> None:
    answer = ask(store, question.name, values_for(question))
    empty = {"deadlines": "the notice prints none", "unknown-names": "the register knows them all"}
    assert bool(answer.rows) != (question.name in empty)
    assert all(len(row) == len(answer.columns) for row in answer.rows)


def test_units_of_one_label_in_two_cities_are_kept_apart(cities: tuple[pyoxigraph.Store, rdflib.Graph]) -> None:
    store, _ = cities
    loads = [row for row in ask(store, "load").rows if row[0] == "市发改委"]
    assert len(loads) == 2
    here = ask(store, "tasks-of-unit", {"unit": UNIT}).rows
    there = ask(store, "tasks-of-unit", {"unit": UNIT.replace("421000", "421100")}).rows
    assert sorted((len(here), len(there))) == sorted(row[3] for row in loads)  # type: ignore[type-var]  # counts are integers


def test_other_names_are_counted_for_each_unit_of_a_label(jingzhou: Notice, store: pyoxigraph.Store) -> None:
    both = memory_store(graph_triples([jingzhou, second_city(jingzhou, without=1000)]))
    here = ask(store, "aliases").rows
    assert here
    assert sorted(ask(both, "aliases").rows) == sorted(here * 2)  # type: ignore[type-var]  # texts and counts


# What the Jingzhou notice answers


def column(answer: Answer, name: str) -> list[Cell]:
    at = answer.columns.index(name)
    return [row[at] for row in answer.rows]


def test_six_tasks_print_no_lead(store: pyoxigraph.Store) -> None:
    assert column(ask(store, "unled-tasks"), "task") == UNLED


def test_the_overview_counts_the_notice(store: pyoxigraph.Store) -> None:
    assert ask(store, "overview").rows == ((1, 114, 65, 5, 714, 43),)


def test_the_sections_add_up_to_the_notice(store: pyoxigraph.Store) -> None:
    answer = ask(store, "sections")
    assert sum(map(int, map(str, column(answer, "tasks")))) == 114
    assert sum(map(int, map(str, column(answer, "without_lead")))) == len(UNLED)
    assert column(answer, "section") == [1, 2, 3, 4, 5, 6]


def test_the_load_of_a_unit_is_its_tasks(store: pyoxigraph.Store) -> None:
    (load,) = [row for row in ask(store, "load").rows if row[0] == "市发改委"]
    assert load == ("市发改委", 9, 18, 27)
    assert len(ask(store, "tasks-of-unit", {"unit": "市发改委"}).rows) == 27
    assert len(ask(store, "where-printed", {"unit": "市发改委"}).rows) == 27


def test_a_place_in_the_print_quotes_the_text(store: pyoxigraph.Store, jingzhou: Notice) -> None:
    for name, unit in (("where-printed", UNIT), ("why-through-group", "石首市政府")):
        answer = ask(store, name, {"unit": unit})
        for printed, start, end in zip(*(column(answer, field) for field in ("printed", "start", "end")), strict=True):
            assert isinstance(start, int) and isinstance(end, int)
            assert jingzhou.text[start:end] == printed


def test_a_unit_that_is_never_printed_is_reached_through_its_group(store: pyoxigraph.Store) -> None:
    hows = set(column(ask(store, "tasks-of-unit", {"unit": "石首市政府"}), "how"))
    assert len(hows) == 1
    assert ask(store, "where-printed", {"unit": "石首市政府"}).rows == ()
    (row,) = [row for row in ask(store, "load-with-groups").rows if row[0] == "石首市政府"]
    assert row[1] == 0 and row[2] == row[3] != 0


def test_pairs_stop_at_the_number_that_is_asked_for(store: pyoxigraph.Store) -> None:
    few, many = ask(store, "pairs", {"least": "10"}), ask(store, "pairs")
    assert min(map(int, map(str, column(few, "together")))) >= 10
    assert min(map(int, map(str, column(many, "together")))) == 2
    assert few.rows == many.rows[: len(few.rows)]


# Units and parameters


@pytest.mark.parametrize("name", ["市发改委", "市发展和改革委员会", UNIT, iri(UNIT)], ids=["label", "alias", "curie", "iri"])
def test_a_unit_is_found_by_each_of_its_names(store: pyoxigraph.Store, name: str) -> None:
    assert find_unit(store, name) == iri(UNIT)
    assert ask(store, "tasks-of-unit", {"unit": f" {name} "}) == ask(store, "tasks-of-unit", {"unit": UNIT})


def test_a_name_of_two_units_is_refused_with_both(cities: tuple[pyoxigraph.Store, rdflib.Graph]) -> None:
    with pytest.raises(UnitAmbiguousError) as caught:
        find_unit(cities[0], "市发改委")
    assert caught.value.args == ("市发改委", f"{UNIT}, {UNIT.replace('421000', '421100')}")


REFUSED = [
    pytest.param("laod", {}, QuestionError, "load", "a misspelt question", id="question"),
    pytest.param("qqqqqq", {}, QuestionError, "–", "nothing is near", id="question-like-none"),
    pytest.param("load", {"unit": "市发改委"}, ParameterError, "unit", "it takes none", id="parameter-of-none"),
    pytest.param("tasks-of-unit", {}, ParameterError, "unit (unit)", "the unit is missing", id="missing"),
    pytest.param("tasks-of-unit", {"unti": "市发改委"}, ParameterError, "unti", "a misspelt parameter", id="misspelt"),
    pytest.param("pairs", {"least": "many"}, ParameterError, "least=many", "a word for a number", id="word-for-number"),
    pytest.param("pairs", {"least": "1) } #"}, ParameterError, "least", "SPARQL for a number", id="sparql-for-number"),
    pytest.param("pairs", {"least": ""}, ParameterError, "least", "nothing for a number", id="empty-number"),
    pytest.param("tasks-of-unit", {"unit": "市发改局"}, UnitNotFoundError, "市发改委", "a misspelt unit", id="unit"),
    pytest.param("tasks-of-unit", {"unit": "unit:nobody"}, UnitNotFoundError, "unit:nobody", "an id of nobody", id="unit-id"),
    pytest.param("tasks-of-unit", {"unit": "> } #"}, UnitNotFoundError, "> } #", "SPARQL for a unit", id="sparql-for-unit"),
    pytest.param("tasks-of-unit", {"unit": ""}, UnitNotFoundError, "–", "nothing for a unit", id="empty-unit"),
]


@pytest.mark.parametrize(("name", "values", "error", "named", "why"), REFUSED)
def test_what_cannot_be_asked_is_told_so(
    store: pyoxigraph.Store, name: str, values: dict[str, str], error: type[KgError], named: str, why: str
) -> None:
    with pytest.raises(error) as caught:
        pytest.fail(f"{why}: {ask(store, name, values)}")
    assert any(named in str(field) for field in caught.value.args)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_bound_value_stays_a_value(value: str) -> None:
    query = bind("SELECT ?found WHERE { BIND(?given AS ?found) }", {"given": pyoxigraph.Literal(value)})
    assert ask_text(pyoxigraph.Store(), query).rows == ((value,),)


def test_the_first_question_named_is_the_one_of_that_name() -> None:
    assert [question_named(question.name) for question in questions()] == list(questions())


# SPARQL of one's own


def test_prefixes_need_not_be_declared(store: pyoxigraph.Store) -> None:
    assert ask_text(store, "SELECT (COUNT(?t) AS ?n) { ?t a kg:Task }").rows == ((114,),)


def test_ask_gives_yes_or_no(store: pyoxigraph.Store) -> None:
    assert ask_text(store, "ASK { ?t kg:ledBy ?u }").yes is True
    assert ask_text(store, "ASK { ?t kg:leadBy ?u }").yes is False


@pytest.mark.parametrize(
    "query", ["CONSTRUCT { ?t kg:ledBy ?u } WHERE { ?t kg:ledBy ?u }", f"DESCRIBE <{iri(UNIT)}>"], ids=["construct", "describe"]
)
def test_a_query_for_triples_gives_sorted_lines(store: pyoxigraph.Store, query: str) -> None:
    triples = ask_text(store, query).triples
    assert triples
    assert triples.splitlines() == sorted(triples.splitlines())
    assert len(memory_store(triples.splitlines())) == len(triples.splitlines())


AWAY = "<http://192.0.2.1/sparql>"
BLOCK = "{ ?s ?p ?o }"
OUTWARD = [
    pytest.param(f"SELECT * {{ SERVICE {AWAY} {BLOCK} }}", "the plain clause", id="plain"),
    pytest.param(f"SELECT * {{ service silent {AWAY} {BLOCK} }}", "any case, silent", id="silent"),
    pytest.param(f"SELECT * {{ SERVICESILENT{AWAY}{BLOCK} }}", "no blank is needed", id="no-blanks"),
    pytest.param(f"SELECT * {{ ?s ?p 1SERVICE{AWAY}{BLOCK} }}", "nor before it", id="behind-a-number"),
    pytest.param(f"SELECT * {{ SERVICE #x {{\n #y\n {AWAY} #z\n {BLOCK} }}", "comments in it", id="comments"),
    pytest.param(f"SELECT * {{ VALUES ?x {{ {AWAY} }} SERVICE ?x {BLOCK} }}", "endpoint in a variable", id="variable"),
    pytest.param(f"PREFIX e: {AWAY} SELECT * {{ SERVICE e: {BLOCK} }}", "endpoint by prefix", id="prefix"),
    pytest.param(f"PREFIX e: {AWAY} SELECT * {{ SERVICE e:a\\#b {BLOCK} }}", "escapes in it", id="escape"),
    pytest.param(
        "SELECT*{VALUES?x{<http://192.0.2.1/x>}FILTER(1<2)SERVICE?x{?s?p?o}FILTER(3>2)}", "between less and greater", id="less-and-greater"
    ),
    pytest.param(f"SELECT * {{ FILTER('b'<'a>b') SERVICE {AWAY} {BLOCK} FILTER('q'='q') }}", "quotes around it", id="quotes"),
    pytest.param(f'SELECT * {{ FILTER(""" " """!=\'\') SERVICE {AWAY} {BLOCK} FILTER("y"="y") }}', "long quotes", id="long-quotes"),
    pytest.param(f"PREFIX e: <urn:e> SELECT * {{ OPTIONAL {{ ?s e:a\\# ?o }} SERVICE {AWAY} {BLOCK} }}", "no comment", id="hash"),
]


@pytest.mark.parametrize(("query", "why"), OUTWARD)
def test_no_query_goes_out(store: pyoxigraph.Store, query: str, why: str) -> None:
    with pytest.raises(QueryError) as caught:
        pytest.fail(f"{why}: {ask_text(store, query)}")
    assert caught.value.args == ("SERVICE",), "refused before the engine sees it"


HARMLESS = [
    pytest.param("SELECT ?service WHERE { ?service a kg:Task }", id="variable"),
    pytest.param("SELECT * WHERE { ?s kg:text ?t FILTER(CONTAINS(?t, 'service')) }", id="string"),
    pytest.param("SELECT * WHERE { ?s <urn:service> ?o }", id="iri"),
    pytest.param("PREFIX e: <urn:e> SELECT * WHERE { ?s e:service ?o }", id="term"),
    pytest.param("SELECT * WHERE { ?s ?p kg:none } # no service here", id="comment"),
]


@pytest.mark.parametrize("query", HARMLESS)
def test_the_word_service_may_stand_elsewhere(store: pyoxigraph.Store, query: str) -> None:
    assert ask_text(store, query).yes is None


WRONG = [
    pytest.param("INSERT DATA { <urn:a> <urn:b> <urn:c> }", "an update", id="insert"),
    pytest.param("DELETE WHERE { ?s ?p ?o }", "an update", id="delete"),
    pytest.param("LOAD <file:///etc/hostname>", "an update that reads", id="load"),
    pytest.param("CLEAR ALL", "an update", id="clear"),
    pytest.param("SELECT * { ?s ?p ?o } ; DROP ALL", "an update behind a query", id="behind-a-query"),
    pytest.param("SELECT ?x WHERE {", "cut off", id="cut-off"),
    pytest.param("SELECT ?x WHERE { ?x nothing:here ?y }", "an unknown prefix", id="prefix"),
    pytest.param("", "nothing", id="empty"),
    pytest.param("谁牵头？", "a question in words", id="words"),
]


@pytest.mark.parametrize(("query", "why"), WRONG)
def test_what_is_no_query_is_told_so_and_changes_nothing(store: pyoxigraph.Store, query: str, why: str) -> None:
    before = len(store)
    with pytest.raises(QueryError) as caught:
        pytest.fail(f"{why}: {ask_text(store, query)}")
    assert len(str(caught.value).splitlines()) == 1
    assert len(store) == before


def test_from_reads_no_file(store: pyoxigraph.Store, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("from") / "a.nt"
    path.write_text("<urn:a> <urn:b> <urn:c> .\n", encoding="utf-8")
    assert ask_text(store, f"SELECT * FROM <{path.as_uri()}> {{ ?s ?p ?o }}").rows == ()


CELLS = [
    pytest.param("7", 7, id="integer"),
    pytest.param("1.50", 1.5, id="decimal"),
    pytest.param("1e3", 1000.0, id="double"),
    pytest.param("true", True, id="true"),
    pytest.param(f"'1'^^<{XSD}boolean>", True, id="true-as-one"),
    pytest.param("false", False, id="false"),
    pytest.param(f"'abc'^^<{XSD}integer>", "abc", id="a-word-called-a-number"),
    pytest.param(f"'2020-01-07'^^<{XSD}date>", "2020-01-07", id="date"),
    pytest.param("'市发改委'@zh", "市发改委", id="label"),
    pytest.param("kg:Task", "kg:Task", id="thing"),
    pytest.param("UNDEF", None, id="unbound"),
]


@pytest.mark.parametrize(("term", "cell"), CELLS)
def test_a_cell_is_a_python_value(term: str, cell: Cell) -> None:
    ((found,),) = ask_text(pyoxigraph.Store(), f"SELECT ?x {{ VALUES ?x {{ {term} }} }}").rows
    assert found == cell
    assert type(found) is type(cell)


def test_an_answer_shows_itself_escaped_in_a_notebook() -> None:
    shown = Answer(("a",), (("<script>",), (None,)))._repr_html_()
    assert "&lt;script&gt;" in shown and "<script>" not in shown and "None" not in shown

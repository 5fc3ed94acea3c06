"""The questions: headers that hold what they say, the same rows in two engines, and nothing that writes or goes out."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pyoxigraph
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from kg.analysis.load import measure_load
from kg.cli import cli
from kg.console import run
from kg.errors import (
    KgError,
    LineNotFoundError,
    ParameterMissingError,
    ParameterUnknownError,
    ParameterValueError,
    QueryError,
    QuestionError,
    UnitAmbiguousError,
    UnitNotFoundError,
)
from kg.graph.iris import PREFIXES, curie, iri
from kg.graph.names import find_unit
from kg.graph.namespace import KG
from kg.graph.queries import Answer, Cell, Question, ask, ask_text, bind, query_of, question_named, questions, read_question
from kg.graph.store import memory_store
from kg.graph.triples import graph_triples
from kg.messages import LANGUAGES, catalogue, say, use_language
from kg.model import Change, ChangeKind, Deadline, Notice, Ties
from kg.resources import ontology_file, table

from .servers import OXIGRAPH, needs_oxigraph

UNLED = [60, 63, 64, 66, 80, 113]
UNIT, CHANGED = "unit:421000-development-reform", "unit:421000-finance"
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
def city_lines(jingzhou: Notice) -> list[str]:
    """Two cities in which every label is there twice, with time limits and a change."""
    day = date(2020, 6, 28)
    tasks = tuple(
        replace(t, deadline=Deadline("6月底前", t.span, day.replace(month=t.i % 6 + 1)) if t.i % 3 else None) for t in jingzhou.tasks[:50]
    )
    here = replace(jingzhou, tasks=tasks, findings=jingzhou.findings[:5])
    both = [CHANGED, jingzhou.units[0].id]
    changes = [
        Change(f"change:{at}", ChangeKind.MERGE, "2020", (one,), tuple(both), "decision", "改革", "甲 → 乙") for at, one in enumerate(both)
    ]
    return graph_triples([here, second_city(here)], changes)


@pytest.fixture(scope="module")
def cities(city_lines: list[str]) -> tuple[pyoxigraph.Store, rdflib.Graph]:
    """Two cities, in both engines."""
    graph = rdflib.Graph()
    graph.parse(data="\n".join(city_lines), format="nt")
    return memory_store(city_lines), graph


def values_for(question: Question) -> dict[str, str]:
    """Values for the parameters that a question wants."""
    values = {"unit": UNIT, "line": "finance", "text": "GDP", "language": "zh"}
    values |= {"unit": "unit:421083-government"} if question.name == "why-through-group" else {}
    return {p.name: values[p.kind] for p in question.parameters if p.kind in values}


def sort_keys(question: Question) -> list[str]:
    """The variables by which a question sorts."""
    return list(dict.fromkeys(re.findall(r"\?(\w+)", question.sparql.rpartition("ORDER BY")[2])))


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
    assert len({question.name for question in questions()}) == len(questions()) >= 30
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
    for lang in LANGUAGES if any(p.kind == "language" for p in question.parameters) else ("zh",):
        values = {name: lang if value == "zh" else value for name, value in values_for(question).items()}
        answer = ask(store, question.name, values)
        rows = [tuple(map(of_rdflib, row)) for row in graph.query(query_of(store, question.name, values))]  # type: ignore[arg-type]
        assert list(answer.rows) == rows
        assert answer.columns == question.columns


@QUESTIONS
def test_no_two_rows_sort_alike(cities: tuple[pyoxigraph.Store, rdflib.Graph], question: Question) -> None:
    hidden = [key for key in sort_keys(question) if key not in question.columns]
    query = query_of(cities[0], question.name, values_for(question))
    shown = query.replace(" WHERE {", "".join(f" ?{key}" for key in hidden) + " WHERE {", 1)
    answer = ask_text(cities[0], shown)
    keys = [tuple(row[answer.columns.index(key)] for key in sort_keys(question)) for row in answer.rows]
    assert len(set(keys)) == len(keys) == len(ask(cities[0], question.name, values_for(question)).rows)


@QUESTIONS
def test_the_order_of_loading_changes_no_row(
    city_lines: list[str], cities: tuple[pyoxigraph.Store, rdflib.Graph], question: Question
) -> None:
    shuffled = city_lines[:]
    Random(2020).shuffle(shuffled)
    assert ask(memory_store(shuffled), question.name, values_for(question)) == ask(cities[0], question.name, values_for(question))


@QUESTIONS
def test_every_question_has_an_answer_on_the_notice(store: pyoxigraph.Store, question: Question) -> None:
    answer = ask(store, question.name, values_for(question))
    none = "the notice prints none"
    empty = {"deadlines": none, "deadline-months": none, "changes": "one notice", "unknown-names": "the register knows them all"}
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
    assert load == ("市发改委", 9, 18, 27, "荆州市")
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


def rows_of(store: pyoxigraph.Store, name: str, **values: str) -> list[tuple[Cell, ...]]:
    return list(ask(store, name, values).rows)


def test_coordination_is_the_measure_of_the_report(store: pyoxigraph.Store, ties: Ties) -> None:
    labels = {unit.id: unit.label for unit in ties.units}
    measured = [(labels[load.unit], load.from_leading, load.from_sharing, load.relations) for load in measure_load(ties)]
    assert sorted(row[:-1] for row in rows_of(store, "coordination")) == sorted(measured)  # type: ignore[type-var]  # texts and counts


def test_levels_years_and_sections_count_what_is_there(store: pyoxigraph.Store, ties: Ties) -> None:
    assert rows_of(store, "years") == [(2020, "荆州市", 1, 114, 6, 64)]
    printed = {tie.unit for tie in ties.ties if not tie.through}
    levels = {str(row[0] or ""): row[1] for row in rows_of(store, "levels")}
    assert levels == {level: sum(unit.level == level for unit in ties.units if unit.id in printed) for level in levels}
    assert sum(map(int, map(str, levels.values()))) == 64
    sections = {(task.notice, task.i): task.section for task in ties.tasks}
    held = {at: {tie.unit for tie in ties.ties if not tie.through and sections[tie.notice, tie.task] == at} for at in range(1, 7)}
    shared = sorted((len(held[i] & held[j]) for i in held for j in held if i < j), reverse=True)
    assert column(ask(store, "section-pairs"), "units") == [count for count in shared if count]
    assert column(ask(store, "section-pairs", {"least": "20"}), "units") == [count for count in shared if count >= 20]


def test_a_profile_counts_what_the_other_questions_list(store: pyoxigraph.Store) -> None:
    assert rows_of(store, "profile", unit="市发改委", lang="en") == [
        ("市发改委", "kgv:department", "municipal", "荆州市", "Development and reform", "register", 1, 5, 9, 18, 0)
    ]
    (row,) = rows_of(store, "profile", unit="石首市政府")
    assert row[-1] == len(rows_of(store, "tasks-of-unit", unit="石首市政府")) and row[-3:-1] == (0, 0)


@pytest.mark.parametrize("line", ["finance", "kgv:line-finance", "财政", "public Finance", iri("kgv:line-finance")])
def test_a_line_of_work_goes_by_any_of_its_names(store: pyoxigraph.Store, line: str) -> None:
    assert rows_of(store, "units-of-line", line=line) == [("市财政局", "荆州市", 5, 10)]


def test_a_word_is_found_in_any_case(store: pyoxigraph.Store, jingzhou: Notice) -> None:
    expected = [task.i for task in jingzhou.tasks if "gdp" in task.text.lower()]
    assert expected and column(ask(store, "search", {"word": "gDp"}), "task") == expected


def test_findings_are_those_of_the_reading(store: pyoxigraph.Store, ties: Ties) -> None:
    rows = rows_of(store, "findings")
    assert [(row[0], row[1], row[3], row[4], row[5]) for row in rows] == [
        (f.severity.value, f.code, f.task, f.start, f.end) for f in ties.findings
    ]


def test_months_and_changes_are_listed(cities: tuple[pyoxigraph.Store, rdflib.Graph]) -> None:
    months = rows_of(cities[0], "deadline-months")
    assert [row[0] for row in months] == [f"2020-{month:02}" for month in (2, 3, 5, 6)]
    assert sum(int(str(row[1])) for row in months) == len(rows_of(cities[0], "deadlines"))
    changes = rows_of(cities[0], "changes")
    assert len(changes) == 4 and {(row[0], row[1], row[4]) for row in changes} == {("2020", "kgv:merge", "改革")}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_in_answers_are_in_the_language_in_use(cities: tuple[pyoxigraph.Store, rdflib.Graph], lang: str) -> None:
    use_language(lang)
    try:
        lines = column(ask(cities[0], "lines"), "line")
        kinds = column(ask(cities[0], "timeline", {"unit": CHANGED}), "what")
    finally:
        use_language(None)
    known = {row[lang] for row in table("lexicon/lines.toml")["line"]}
    assert lines and set(lines) <= known
    assert {"zh": "合并", "en": "Merger"}[lang] in kinds


# What a question costs


def work(plan: Mapping[str, Any]) -> int:
    """The solutions that all parts of a query plan gave, the last one included."""
    return int(plan["number of results"]) + sum(work(part) for part in plan["children"])


def solutions_of(folder: Path, lines: Sequence[str]) -> dict[str, int]:
    """How many intermediate solutions each question takes in Oxigraph, as its server binary counts them."""
    assert OXIGRAPH, "CI needs the oxigraph server"
    (folder / "graph.nt").write_text("\n".join([*lines, ""]), encoding="utf-8")
    place = ["--location", str(folder / "store")]
    subprocess.run([OXIGRAPH, "load", *place, "--file", str(folder / "graph.nt")], check=True, capture_output=True, timeout=60)
    store = memory_store(lines)
    found = {}
    asked = {question.name: query_of(store, question.name, values_for(question)) for question in questions()}
    for name, query in (asked | QUADRATIC).items():
        told = folder / f"{name}.json"
        words = ["--query", query, "--results-format", "json"]
        command = [OXIGRAPH, "query", *place, *words, "--explain-file", str(told), "--stats"]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        found[name] = work(json.loads(told.read_text(encoding="utf-8"))["plan"])
    return found


QUADRATIC = {
    "control": "SELECT (COUNT(*) AS ?n) { ?t kg:sharedWith ?u . ?t2 kg:sharedWith ?u }".replace(
        "kg:sharedWith", f"<{iri('kg:sharedWith')}>"
    )
}
"""What the count must catch."""


def years_of(notice: Notice, count: int) -> list[Notice]:
    """The notice in several years: the same units with more and more tasks, which is where a self-join grows fastest."""
    day = Deadline("年底前", notice.tasks[0].span, None)
    tasks = tuple(replace(task, deadline=day) for task in notice.tasks[:40])
    return [
        replace(notice, id=f"421000-{2001 + at}-jzbf-1", plan_year=2001 + at, tasks=tasks, findings=notice.findings[:9])
        for at in range(count)
    ]


@needs_oxigraph
def test_no_question_takes_more_than_its_share_on_a_larger_graph(jingzhou: Notice, tmp_path: Path) -> None:
    counts = []
    for size in (2, 8):
        (tmp_path / str(size)).mkdir()
        counts.append(solutions_of(tmp_path / str(size), graph_triples(years_of(jingzhou, size))))
    growth = {name: counts[1][name] / max(1, counts[0][name]) for name in counts[0]}
    assert growth.pop("control") > 10
    assert {name: round(ratio, 1) for name, ratio in growth.items() if ratio > 4.4} == {}, "four times the tasks, four times the work"


# Units and parameters


@pytest.mark.parametrize("name", ["市发改委", "市发展和改革委员会", UNIT, iri(UNIT)], ids=["label", "alias", "curie", "iri"])
def test_a_unit_is_found_by_each_of_its_names(store: pyoxigraph.Store, name: str) -> None:
    assert find_unit(store, name) == iri(UNIT)
    assert ask(store, "tasks-of-unit", {"unit": f" {name} "}) == ask(store, "tasks-of-unit", {"unit": UNIT})


def test_a_name_of_two_units_is_refused_with_both(cities: tuple[pyoxigraph.Store, rdflib.Graph]) -> None:
    with pytest.raises(UnitAmbiguousError) as caught:
        find_unit(cities[0], "市发改委")
    assert caught.value.args[0] == "市发改委"
    assert [told.rpartition(" ")[2] for told in caught.value.args[1].split("、")] == [UNIT, UNIT.replace("421000", "421100")]


REFUSED = [
    pytest.param("laod", {}, QuestionError, "load", "a misspelt question", id="question"),
    pytest.param("qqqqqq", {}, QuestionError, "–", "nothing is near", id="question-like-none"),
    pytest.param("load", {"unit": "市发改委"}, ParameterUnknownError, "unit", "it takes none", id="parameter-of-none"),
    pytest.param("谁的任务", {}, QuestionError, "load", "words of a title", id="question-by-title"),
    pytest.param("coordination-relations", {}, QuestionError, "coordination", "nearly a name", id="question-nearly"),
    pytest.param("tasks-of-unit", {}, ParameterMissingError, "unit", "the unit is missing", id="missing"),
    pytest.param("tasks-of-unit", {"unti": "市发改委"}, ParameterUnknownError, "unit", "a misspelt parameter", id="misspelt"),
    pytest.param("pairs", {"least": "many"}, ParameterValueError, "many", "a word for a number", id="word-for-number"),
    pytest.param("lines", {"lang": "fr"}, ParameterValueError, "fr", "a language that is not spoken", id="language"),
    pytest.param("units-of-line", {"line": "财務"}, LineNotFoundError, "财政", "a misspelt line of work", id="line"),
    pytest.param("units-of-line", {"line": "financ"}, LineNotFoundError, "finance", "and its id", id="line-id"),
    pytest.param("pairs", {"least": "1) } #"}, ParameterValueError, "least", "SPARQL for a number", id="sparql-for-number"),
    pytest.param("pairs", {"least": ""}, ParameterValueError, "least", "nothing for a number", id="empty-number"),
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


SAID = [
    pytest.param(["load", "-p", "unit"], "NAME=VALUE", "no value", id="no-equals"),
    pytest.param(["tasks-of-unit", "-p", "unit=市发改委", "-p", "unit=市教育局"], "twice", "two values for one", id="twice"),
    pytest.param(["SELECT * { ?s ?p ?o }", "-p", "unit=市发改委"], "no variable ?unit", "a value for no variable", id="of-sparql"),
    pytest.param(["tasks-of-unit", "-p", "unit=qqq"], "kg query load-with-groups", "nothing near: where all stand", id="nothing-near"),
    pytest.param(["qqq"], "kg query --list", "no such question", id="no-question"),
    pytest.param(["tasks-of-unit"], "kg query tasks-of-unit -p unit=", "how to write it", id="missing"),
    pytest.param(["tasks-of-unit", "-p", "unti=x"], "Its parameters: unit (any name or id of a unit)", "what it has", id="misspelt"),
]


@pytest.mark.parametrize(("words", "said", "why"), SAID)
def test_the_command_line_says_what_to_write_instead(
    words: list[str], said: str, why: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(cli, ["query", *words, "--graph", str(file), "--lang", "en"]) == 2
    told = capsys.readouterr()
    assert said in told.err and not told.out, why
    assert "–" not in told.err


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_table_has_its_title_and_heads_in_the_language_asked(lang: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for question in questions():
        given_values = [word for name, value in values_for(question).items() if value != "zh" for word in ("-p", f"{name}={value}")]
        assert run(cli, ["query", question.name, *given_values, "--graph", str(file), "--lang", lang]) == 0
        title, blank, heads, *rows = capsys.readouterr().out.splitlines()
        assert (title, blank) == ({"zh": question.title_zh, "en": question.title_en}[lang].replace("`", ""), "")
        assert heads.split("  ")[0] == catalogue(lang)[f"column.{question.columns[0]}"]
        assert all(f"column.{column}" in catalogue(lang) for column in question.columns)
    assert run(cli, ["query", "--list", "--lang", lang]) == 0
    listed = capsys.readouterr().out
    assert all(question.name in listed for question in questions()) and "zh" not in listed


@pytest.fixture(scope="module")
def file(city_lines: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("graph") / "graph.nt"
    path.write_text("\n".join([*city_lines, ""]), encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def language_of_the_tests() -> Iterator[None]:
    yield
    use_language(None)


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
    assert caught.value.args == (say("error.serve.service"),), "refused before the engine sees it"


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

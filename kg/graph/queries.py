"""Questions to the graph: canned ones by name, with bound parameters, and SPARQL of one's own. Nothing is ever written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import pyoxigraph

from kg.errors import (
    NOTHING_NEAR,
    ParameterMissingError,
    ParameterUnknownError,
    ParameterValueError,
    QueryError,
    QuestionError,
)
from kg.graph.asked import Graph, Rows
from kg.graph.iris import PREFIXES, curie, iri
from kg.graph.misread import fault_of
from kg.graph.names import find_line, find_unit, near, nearest
from kg.graph.notes import notes_on
from kg.graph.own import with_values
from kg.messages import LANGUAGES, language, say
from kg.resources import ontology_file

Cell = str | int | float | bool | None
"""A value of an answer: CURIEs for things, Python numbers for numbers, text for the rest."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a question. ``kind`` is one of ``KINDS``; without a default it must be given, but for the language.

    A language is zh or en, the one in use where it is not given: that of the labels in the rows.
    """

    name: str
    kind: str
    default: str | None


@dataclass(frozen=True, slots=True)
class Question:
    """A canned question: one ``.rq`` file with its header."""

    name: str
    title_zh: str
    title_en: str
    parameters: tuple[Parameter, ...]
    columns: tuple[str, ...]
    sparql: str

    @property
    def title(self) -> str:
        """Its title in the language in use, without the marks that the pages of the documentation set as code."""
        return (self.title_zh if language() == "zh" else self.title_en).replace("`", "")


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of an answer, in the order of the query. ``yes`` is set by ASK; ``triples`` by CONSTRUCT and DESCRIBE."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    yes: bool | None = None
    triples: str | None = None
    """N-Triples, sorted."""
    notes: tuple[str, ...] = ()
    """What should be known of it, as why it is empty: only for SPARQL of one's own."""

    def _repr_html_(self) -> str:
        from html import escape

        head = "".join(f"<th>{escape(column)}</th>" for column in self.columns)
        shown = ([escape("" if cell is None else str(cell)) for cell in row] for row in self.rows)
        body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in shown)
        told = "".join(f"<p>{escape(say('note.line', note))}</p>" for note in self.notes)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{told}"


_HEADER = re.compile(r"^# (?P<field>title|title-en|params|columns): *(?P<value>.*)$", re.M)
_BLANK = r"(?:\s|#[^\n\r]*[\n\r])*"
_SERVICE = re.compile(
    rf"(?<![?$])SERVICE{_BLANK}(?:SILENT{_BLANK})?(?:<[^>]*>|[?$][^\s<{{]*|[^\s<{{:]*:[^\s<{{]*){_BLANK}\{{",
    re.IGNORECASE,
)
"""A SERVICE clause with its endpoint and opening brace. It is sought in the text as it stands: what counts as a string or a
comment only the engine's own parser knows, so one that stands in a string is refused too."""
_LIKE_SPARQL = re.compile(
    r"[{?$<#\uff5b]|^\s*(?:BASE|PREFIX|SELECT|ASK|CONSTRUCT|DESCRIBE|INSERT|DELETE|LOAD|CLEAR|DROP|CREATE)\b", re.IGNORECASE
)
"""What no words of a person have: the signs of SPARQL, or its first word."""
KINDS = ("unit", "line", "task", "notice", "integer", "text", "language")
_PARAMETER = re.compile(rf"(?P<name>\w+) \((?P<kind>{'|'.join(KINDS)})\)(?: = (?P<default>[^,]+))?")


@cache
def questions() -> tuple[Question, ...]:
    """All canned questions, in the order of their file names."""
    folder = ontology_file("queries")
    return tuple(read_question(path.stem, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.rq")))


def read_question(stem: str, text: str) -> Question:
    """The question that a ``.rq`` file holds; its name is the stem without the leading number."""
    header = {hit["field"]: hit["value"].strip() for hit in _HEADER.finditer(text)}
    parameters = tuple(Parameter(hit["name"], hit["kind"], hit["default"]) for hit in _PARAMETER.finditer(header.get("params", "")))
    name = re.sub(r"^\d+[-_]", "", stem)
    return Question(name, header["title"], header["title-en"], parameters, tuple(header["columns"].split()), text)


def question_named(name: str) -> Question:
    """The question of a name.

    Raises:
        QuestionError: there is none; its second field holds the nearest names.
    """
    known = {question.name: question for question in questions()}
    if name not in known:
        raise QuestionError(name, nearest(name, list(known)) if near(name, list(known)) else _titled_like(name))
    return known[name]


def _titled_like(words: str) -> str:
    # Who types what the title says, in Chinese or English, means the question.
    def parts(text: str) -> set[str]:
        return {text[at : at + 2].lower() for at in range(len(text) - 1)}

    asked = parts(words)
    titles = [(question.name, f"{question.title_zh} {question.title_en}".lower()) for question in questions()]
    scored = [(words.lower() not in title, -len(asked & parts(title)), name) for name, title in titles]
    best = sorted((whole, score, name) for whole, score, name in scored if score and -2 * score >= len(asked))
    return ", ".join(name for _, _, name in best[:5]) or NOTHING_NEAR


def ask(graph: Graph, name: str, parameters: Mapping[str, str] | None = None) -> Answer:
    """The answer to a canned question.

    Args:
        graph: a store or an endpoint.
        name: the question's name.
        parameters: values by name; a unit may be given by any of its names, as CURIE or as IRI.

    Raises:
        QuestionError: there is no such question.
        ParameterError: a parameter is unknown, missing or not of its kind; each has a class of its own.
        UnitNotFoundError, UnitAmbiguousError, LineNotFoundError: nothing of the graph has that name, or several have.
    """
    return _run(graph, query_of(graph, name, parameters))


def query_of(graph: Graph, name: str, parameters: Mapping[str, str] | None = None) -> str:
    """The SPARQL of a canned question with its parameters bound, ready for any engine.

    Raises:
        As ``ask``.
    """
    question = question_named(name)
    given = dict(parameters or {})
    known = [parameter.name for parameter in question.parameters]
    for wrong in sorted(given.keys() - set(known)):
        raise ParameterUnknownError(name, wrong, shown_parameters(question, near(wrong, known)))
    bound: dict[str, pyoxigraph.NamedNode | pyoxigraph.Literal] = {}
    for parameter in question.parameters:
        value = given.get(parameter.name, language() if parameter.kind == "language" else parameter.default)
        if value is None:
            raise ParameterMissingError(name, parameter.name, say(f"parameter.{parameter.kind}"))
        bound[parameter.name] = _term(graph, name, parameter, value.strip())
    return bind(question.sparql, bound)


def shown_parameters(question: Question, first: Sequence[str] = ()) -> str:
    """The parameters of a question in words, with what each wants; those named in ``first`` before the others."""
    ordered = sorted(question.parameters, key=lambda p: first.index(p.name) if p.name in first else len(first))
    words = [f"{p.name} ({say(f'parameter.{p.kind}')}{f', {p.default}' if p.default else ''})" for p in ordered]
    return say("table.join").join(words) or say("parameter.none")


def bind(sparql: str, terms: Mapping[str, pyoxigraph.NamedNode | pyoxigraph.Literal]) -> str:
    """The query with its parameters bound by VALUES, at the head of its outermost group.

    Oxigraph substitutes only variables that are selected, and a term writes itself escaped, so this is both general and safe.

    >>> bind("SELECT ?t WHERE { ?t ?p ?unit }", {"unit": pyoxigraph.NamedNode("urn:u")})
    'SELECT ?t WHERE { VALUES ?unit { <urn:u> } ?t ?p ?unit }'
    """
    values = "".join(f" VALUES ?{name} {{ {term} }}" for name, term in terms.items())
    return sparql.replace("WHERE {", "WHERE {" + values, 1)


def _term(graph: Graph, name: str, parameter: Parameter, value: str) -> pyoxigraph.NamedNode | pyoxigraph.Literal:
    if parameter.kind == "unit":
        return pyoxigraph.NamedNode(find_unit(graph, value))
    if parameter.kind == "line":
        return pyoxigraph.NamedNode(find_line(graph, value))
    fits = {"integer": re.fullmatch(r"-?\d{1,9}", value), "language": value in LANGUAGES, "text": value}.get(parameter.kind, True)
    try:
        if parameter.kind in {"task", "notice"}:
            return pyoxigraph.NamedNode(value if value.startswith("http") else iri(value if ":" in value else f"{parameter.kind}:{value}"))
        if fits:
            return pyoxigraph.Literal(int(value) if parameter.kind == "integer" else value)
    except (KeyError, ValueError):
        pass  # Said below, like every value that does not fit.
    raise ParameterValueError(name, parameter.name, value, say(f"parameter.{parameter.kind}"))


def is_sparql(text: str) -> bool:
    """Whether a text is SPARQL, not the name of a question.

    >>> is_sparql("load"), is_sparql("tasks-of-unit"), is_sparql("SELECT * {?s ?p ?o}"), is_sparql("ask{}")
    (False, False, True, True)
    >>> is_sparql("who leads"), is_sparql("lists.rq"), is_sparql("# all\\nSELECT")
    (False, False, True)
    """
    return re.fullmatch(r"[\w-]+", text.strip()) is None and _LIKE_SPARQL.search(text) is not None


def calls_service(sparql: str) -> bool:
    """Whether a query asks another server, or seems to: a SERVICE clause in one of its texts or comments counts too.

    >>> calls_service("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }"), calls_service("SELECT ?service { ?service ?p ?o }")
    (True, False)
    """
    return _SERVICE.search(sparql) is not None


def ask_text(graph: Graph, sparql: str, values: Mapping[str, str] | None = None) -> Answer:
    """The answer to a SPARQL 1.1 query of one's own; the graph's prefixes need not be declared.

    Args:
        graph: a store or an endpoint.
        sparql: the query.
        values: values of its variables by name, as in ``with_values``.

    Raises:
        QueryError: it does not parse, would change the graph, or asks another server.
        VariableMissingError, UnitNotFoundError, UnitAmbiguousError, LineNotFoundError: a value does not fit.
    """
    if calls_service(sparql):
        raise QueryError(say("error.serve.service"))
    sparql = with_values(graph, sparql, values or {})
    answer = _run(graph, sparql)
    empty = not (answer.rows or answer.yes or answer.triples)
    return replace(answer, notes=notes_on(graph, sparql, answer.columns, answer.rows, empty=empty))


def _run(graph: Graph, sparql: str) -> Answer:
    try:
        result = graph.query(sparql, prefixes=PREFIXES)
        if isinstance(result, pyoxigraph.QueryBoolean):
            return Answer((), (), yes=bool(result))
        if not isinstance(result, pyoxigraph.QuerySolutions | Rows):
            return Answer((), (), triples="".join(sorted(f"{triple} .\n" for triple in result)))
        columns = tuple(variable.value for variable in result.variables)
        return Answer(columns, tuple(tuple(_cell(row[at]) for at in range(len(columns))) for row in result))
    except SyntaxError as error:
        raise QueryError(str(fault_of(sparql, str(error)))) from error
    except (ValueError, OSError, RuntimeError) as error:
        raise QueryError(" ".join(str(error).split())) from error


def _cell(term: object) -> Cell:
    if term is None:
        return None
    if isinstance(term, pyoxigraph.NamedNode):
        return curie(term.value)
    if not isinstance(term, pyoxigraph.Literal):
        return str(term)
    kind = term.datatype.value.removeprefix(PREFIXES["xsd"])
    try:
        if kind in {"integer", "int", "long"}:
            return int(term.value)
        if kind in {"decimal", "double", "float"}:
            return float(term.value)
    except ValueError:
        return term.value  # A graph of other hands may call a word a number.
    return term.value in {"true", "1"} if kind == "boolean" else term.value

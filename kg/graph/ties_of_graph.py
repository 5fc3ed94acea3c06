"""The ties table from the graph itself, by SPARQL: for RDF files and endpoints, which have no table beside them."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kg.errors import GraphForeignError, GraphWithoutNoticesError
from kg.graph.asked import Graph, parts_of, solutions
from kg.graph.iris import PREFIXES, curie, line_code
from kg.graph.ties import GroupSets, Party, Place, UnitSets, elsewhere, group_row, in_order, references_of_task, ties_of_task, unit_row
from kg.model import Change, ChangeKind, FindingRow, NoticeRow, Role, SectionRow, Severity, TaskRow, Ties

Row = Mapping[str, str]
BATCH = 10
"""Notices asked about in one query: some 7,000 assignments, below the 10,000 rows at which servers cut answers off."""

_NOTICES = """SELECT ?n ?title ?number ?issuer ?date ?year ?place ?code ?name ?sha WHERE {
  ?n a kg:Notice .
  OPTIONAL { ?n dcterms:title ?title } OPTIONAL { ?n kg:documentNumber ?number } OPTIONAL { ?n kg:issuerName ?issuer }
  OPTIONAL { ?n dcterms:issued ?date } OPTIONAL { ?n kg:planYear ?year } OPTIONAL { ?n kg:sha256 ?sha }
  OPTIONAL { ?n kg:jurisdiction ?place . ?place dcterms:identifier ?code ; skos:prefLabel ?name }
}"""
_SECTIONS = """SELECT ?n ?i ?number ?title WHERE {
  VALUES ?n { %s } ?s kg:inNotice ?n ; a kg:Section ; kg:index ?i ; dcterms:title ?title . OPTIONAL { ?s kg:number ?number }
}"""
_TASKS = """SELECT ?n ?i ?number ?section ?text ?clause ?start ?end WHERE {
  VALUES ?n { %s } ?t kg:inNotice ?n ; a kg:Task ; kg:index ?i ; kg:text ?text ; kg:start ?start ; kg:end ?end .
  OPTIONAL { ?t kg:number ?number } OPTIONAL { ?t kg:inSection ?s . ?s kg:index ?section } OPTIONAL { ?t kg:clauseText ?clause }
}"""
_ASSIGNMENTS = """SELECT ?n ?i ?a ?party ?role WHERE {
  VALUES ?n { %s } ?t kg:inNotice ?n ; a kg:Task ; kg:index ?i ; kg:assignment ?a . ?a kg:role ?role ; kg:party ?party .
}"""
_FINDINGS = """SELECT ?n ?i ?finding WHERE {
  VALUES ?n { %s } { ?n kg:finding ?finding } UNION { ?t kg:inNotice ?n ; a kg:Task ; kg:index ?i ; kg:finding ?finding }
}"""
_FACTS = "SELECT ?s ?p ?o WHERE { VALUES ?s { %s } ?s ?p ?o }"
_DIVISIONS = """SELECT ?s ?code ?name ?parent WHERE {
  ?s a kg:Division ; dcterms:identifier ?code ; skos:prefLabel ?name . OPTIONAL { ?s kg:parent/dcterms:identifier ?parent }
}"""
_LINES = """SELECT ?line ?label WHERE {
  { SELECT DISTINCT ?line WHERE { ?u kg:portfolio ?line } } ?line skos:prefLabel ?label . FILTER(LANG(?label) = "zh")
}"""


def ties_of_graph(graph: Graph, name: object = "") -> Ties:
    """The ties of a graph: for one that ``kg build`` made, those that the build wrote beside it.

    Args:
        graph: a store or an endpoint.
        name: what the graph is called in messages.

    Raises:
        GraphWithoutNoticesError: it holds no notice of govresp (in its default graph).
        GraphForeignError: it holds some, and something in them does not fit; another program wrote it.
        EndpointError: an endpoint cannot be asked.
    """
    try:
        return _ties(graph, name)
    except (KeyError, TypeError, ValueError) as error:
        raise GraphForeignError(name, str(error)) from error


def _ties(graph: Graph, name: object) -> Ties:
    heads = {row["n"]: row for row in sorted(solutions(graph, _NOTICES, PREFIXES), key=_texts, reverse=True)}
    if not heads:
        raise GraphWithoutNoticesError(name)
    notices = sorted(map(_notice_row, heads.values()), key=lambda row: row.id)
    groups = _group_sets(graph)
    members = {group: sorted(held["member"]) for group, held in groups.items() if held["member"]}
    foreign = elsewhere(_places(graph), {curie(row["place"]) for row in heads.values() if "place" in row})
    parts = [_part(graph, [f"<{key}>" for key in sorted(heads)[at : at + BATCH]], groups, members) for at in range(0, len(heads), BATCH)]
    return Ties(
        notices=tuple(notices),
        sections=tuple(sorted((row for part in parts for row in part.sections), key=lambda row: (row.notice, row.index))),
        tasks=tuple(sorted((row for part in parts for row in part.tasks), key=lambda row: (row.notice, row.i))),
        units=tuple(unit_row(key, held, foreign) for key, held in sorted(_unit_sets(graph).items())),
        groups=tuple(group_row(key, held) for key, held in sorted(groups.items())),
        ties=tuple(sorted((row for part in parts for row in part.ties), key=lambda row: (row.notice, row.task))),
        references=tuple(sorted((row for part in parts for row in part.references), key=lambda row: (row.notice, row.task))),
        findings=tuple(sorted((row for part in parts for row in part.findings), key=lambda row: row.notice)),
        changes=_changes(graph),
    )


def _part(graph: Graph, notices: Sequence[str], groups: Mapping[str, GroupSets], members: Mapping[str, Sequence[str]]) -> Ties:
    """The rows of some notices; their order among the notices is made later, for sorting is stable."""

    def rows(query: str) -> list[dict[str, str]]:
        return solutions(graph, query % " ".join(notices), PREFIXES)

    parties = _parties(rows(_ASSIGNMENTS), groups)
    return Ties(
        notices=(),
        sections=tuple(SectionRow(_id(row["n"]), int(row["i"]), row.get("number", ""), row["title"]) for row in rows(_SECTIONS)),
        tasks=tuple(map(_task_row, rows(_TASKS))),
        units=(),
        groups=(),
        ties=tuple(tie for (notice, i), named in parties.items() for tie in ties_of_task(notice, i, named, members)),
        references=tuple(one for (notice, i), named in parties.items() for one in references_of_task(notice, i, named)),
        findings=tuple(_findings(rows(_FINDINGS))),
    )


def _id(notice: str) -> str:
    return curie(notice).removeprefix("notice:")


def _texts(row: Row) -> list[tuple[str, str]]:
    return sorted(row.items())


def _notice_row(row: Row) -> NoticeRow:
    year = int(row["year"]) if "year" in row else None
    title, number, issuer, date, code, place, sha = (
        row.get(name, "") for name in ("title", "number", "issuer", "date", "code", "name", "sha")
    )
    return NoticeRow(_id(row["n"]), title, number, issuer, date, year, code, place, sha)


def _task_row(row: Row) -> TaskRow:
    section = int(row["section"]) if "section" in row else None
    number, clause = row.get("number", ""), row.get("clause", "")
    return TaskRow(_id(row["n"]), int(row["i"]), number, section, row["text"], clause, int(row["start"]), int(row["end"]))


def _parties(rows: Sequence[Row], groups: Mapping[str, GroupSets]) -> dict[tuple[str, int], list[Party]]:
    """The parties of each task in printed order, which is the running number at the end of an assignment's identifier."""
    found: defaultdict[tuple[str, int], list[Party]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: _counted(row["a"])):
        party = curie(row["party"])
        found[_id(row["n"]), int(row["i"])].append(Party(party, Role(_code(row["role"])), party in groups))
    return found


def _counted(text: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"([0-9]+)", text)]


def _code(concept: str) -> str:
    return curie(concept).removeprefix("kgv:")


def _findings(rows: Sequence[Row]) -> Iterator[FindingRow]:
    found: defaultdict[str, list[FindingRow]] = defaultdict(list)
    for row in rows:
        told: Mapping[str, Any] = json.loads(row["finding"])
        task = int(row["i"]) if "i" in row else None
        place = int(told["start"]), int(told["end"]), int(told["line"])
        values = tuple((str(key), str(value)) for key, value in told["values"].items())
        found[_id(row["n"])].append(FindingRow(_id(row["n"]), task, str(told["code"]), Severity(told["severity"]), *place, values))
    for _, held in sorted(found.items()):
        yield from in_order(held)


def _facts(graph: Graph, kind: str, terms: Mapping[str, str]) -> dict[str, dict[str, set[str]]]:
    """All that is said of the things of a class, by the names that ``terms`` gives to properties; things as CURIEs."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in (row for part in parts_of(graph, kind, PREFIXES) for row in solutions(graph, _FACTS % part, PREFIXES)):
        held = found[curie(row["s"])]
        if name := terms.get(curie(row["p"])):
            held[name].add(row["o"])
    return found


def _unit_sets(graph: Graph) -> dict[str, UnitSets]:
    terms = {"skos:prefLabel": "label", "skos:altLabel": "alias", "org:classification": "kind", "kg:level": "level"}
    terms |= {"kg:portfolio": "line", "kg:jurisdiction": "place", "kg:recognisedBy": "rule"}
    lines = {row["line"]: _line(row["line"], row["label"]) for row in solutions(graph, _LINES, PREFIXES)}
    found: dict[str, UnitSets] = {}
    for unit, held in _facts(graph, "kg:Unit", terms).items():
        held["kind"] = set(map(_code, held["kind"]))
        held["line"] = {lines.get(line, _line(line, "")) for line in held["line"]}
        held["place"] = set(map(curie, held["place"]))
        held["rule"] = held["rule"] or {""}
        found[unit] = held
    return found


def _line(concept: str, label: str) -> str:
    # A line of work whose name is not ASCII has a hash for a code, and its name is its label.
    return label if label and not label.isascii() and line_code(label) == curie(concept) else _code(concept).removeprefix("line-")


def _group_sets(graph: Graph) -> dict[str, GroupSets]:
    terms = {"skos:prefLabel": "label", "kg:groupKind": "kind", "kg:closure": "closure", "kg:hasMember": "member"}
    found: dict[str, GroupSets] = {}
    for group, held in _facts(graph, "kg:UnitGroup", terms).items():
        held["kind"], held["closure"] = set(map(_code, held["kind"])), set(map(_code, held["closure"]))
        held["member"] = set(map(curie, held["member"]))
        found[group] = held
    return found


def _places(graph: Graph) -> dict[str, Place]:
    rows = sorted(solutions(graph, _DIVISIONS, PREFIXES), key=_texts)
    return {curie(row["s"]): Place(row["code"], row["name"], row.get("parent", "")) for row in rows}


def _changes(graph: Graph) -> tuple[Change, ...]:
    terms = {"kg:changeKind": "kind", "dcterms:date": "day", "kg:method": "method", "dcterms:description": "why", "skos:prefLabel": "label"}
    terms |= {"org:originalOrganization": "originals", "org:resultingOrganization": "results"}
    made = []
    for key, held in sorted(_facts(graph, "org:ChangeEvent", terms).items()):
        originals, results = (tuple(sorted(map(curie, held[side]))) for side in ("originals", "results"))
        day, method, why, label = (min(held[name], default="") for name in ("day", "method", "why", "label"))
        made.append(Change(key, ChangeKind(_code(min(held["kind"]))), day, originals, results, method, why, label))
    return tuple(made)

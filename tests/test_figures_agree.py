"""One figure, one value: the workbook and the report against SPARQL on the graph, each counted in its own way."""

from __future__ import annotations

import io

import openpyxl
import pyoxigraph
import pytest
from lxml import html

from kg.graph.queries import ask_text
from kg.graph.store import memory_store
from kg.graph.triples import graph_triples
from kg.messages import say
from kg.model import Notice, Ties
from kg.views.report import report_html
from kg.views.workbook import workbook_bytes

PREFIXES = "PREFIX kg: <https://w3id.org/govresp/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
COUNTS = """SELECT ?label (COUNT(DISTINCT ?l) AS ?led) (COUNT(DISTINCT ?s) AS ?shared) WHERE {
  ?u a kg:Unit ; skos:prefLabel ?label . { ?l kg:ledBy ?u } UNION { ?s kg:sharedWith ?u } } GROUP BY ?u ?label"""
# Of each task the pairs of a lead and another unit, seen from either side.
RELATIONS = """SELECT ?label (COUNT(*) AS ?n) WHERE { SELECT DISTINCT ?label ?t ?o WHERE {
  ?u a kg:Unit ; skos:prefLabel ?label . ?o a kg:Unit . FILTER(?o != ?u)
  { ?t kg:ledBy ?u . { ?t kg:ledBy ?o } UNION { ?t kg:sharedWith ?o } } UNION { ?t kg:sharedWith ?u ; kg:ledBy ?o }
} } GROUP BY ?label"""


@pytest.fixture(scope="module")
def store(jingzhou: Notice) -> pyoxigraph.Store:
    return memory_store(graph_triples([jingzhou]))


def asked(store: pyoxigraph.Store, text: str) -> dict[str, tuple[int, ...]]:
    return {str(row[0]): tuple(int(str(cell)) for cell in row[1:]) for row in ask_text(store, PREFIXES + text).rows}


def of_workbook(ties: Ties) -> dict[str, dict[str, object]]:
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(ties, lang="zh")))
    head, *rows = book[say("sheets.sheet.units", lang="zh")].iter_rows(values_only=True)
    return {str(row[0]): {str(name): cell for name, cell in zip(head, row, strict=True)} for row in rows}


def test_the_workbook_says_what_the_graph_says(store: pyoxigraph.Store, ties: Ties) -> None:
    counts, relations, rows = asked(store, COUNTS), asked(store, RELATIONS), of_workbook(ties)
    led, shared, related = ("牵头任务数", "责任任务数", "协调关系数")
    named = {label for label, row in rows.items() if row["任务数"]}
    assert named == counts.keys()
    assert {label: (rows[label][led], rows[label][shared]) for label in named} == counts
    assert {label: rows[label][related] for label in named if rows[label][related]} == {label: n for label, (n,) in relations.items()}


def of_report(ties: Ties) -> dict[str, tuple[int, ...]]:
    page = html.document_fromstring(report_html(ties, lang="zh"))
    (table,) = page.xpath('//table[@id="load"]')
    rows = [[cell.text_content().strip() for cell in row] for row in table.xpath(".//tbody/tr")]
    # Unit; relations; those from leading and from sharing; tasks, led, shared.
    return {row[1]: tuple(int(row[at]) for at in (2, 5, 6, 7, 8, 9)) for row in rows}


def test_the_report_says_what_the_graph_says(store: pyoxigraph.Store, ties: Ties) -> None:
    counts, relations, rows = asked(store, COUNTS), asked(store, RELATIONS), of_report(ties)
    assert len(rows) >= 40
    for label, (related, leading, sharing, tasks, led, shared) in rows.items():
        assert (led, shared) == counts[label], label
        assert related == leading + sharing == relations.get(label, (0,))[0], label
        assert tasks == led + shared, label

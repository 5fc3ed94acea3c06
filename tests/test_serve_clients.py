"""Programs that people have: SPARQLWrapper, rdflib, curl, and another SPARQL server that asks ours."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from kg.graph.queries import ask, ask_text
from kg.graph.store import open_store

from .servers import needs_oxigraph, oxigraph
from .serving import CROSS, Running, serving

CI = os.environ.get("CI") == "true"
KG = "PREFIX kg: <https://w3id.org/govresp/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
RANKING = (
    KG + "SELECT ?unit (COUNT(DISTINCT ?t) AS ?n) { ?t kg:ledBy ?u . ?u skos:prefLabel ?unit } GROUP BY ?u ?unit ORDER BY DESC(?n) ?unit"
)
NOTICE = "https://w3id.org/govresp/id/notice/421000-2020-jzbf-1"


@pytest.fixture(scope="module")
def server(built: Path) -> Iterator[Running]:
    with serving(built, "--timeout", "5", "--workers", "2") as running:
        yield running


@pytest.fixture(scope="module")
def expected(built: Path) -> list[tuple[str, int]]:
    rows = open_store(built).query(RANKING)
    return [(row[0].value, int(row[1].value)) for row in rows]  # type: ignore[union-attr]


sparqlwrapper = pytest.importorskip("SPARQLWrapper") if not CI else __import__("SPARQLWrapper")
FORMATS = ["json", "xml", "csv", "tsv"]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("how", ["urlencoded", "postdirectly"])
@pytest.mark.parametrize("conneg_only", [True, False])
def test_sparqlwrapper(server: Running, expected: list[tuple[str, int]], method: str, how: str, conneg_only: bool) -> None:
    client = sparqlwrapper.SPARQLWrapper(server.url + "sparql")
    client.setMethod(method)
    client.setRequestMethod(how if method == "POST" else "urlencoded")
    client.setOnlyConneg(conneg_only)
    client.setReturnFormat("json")
    client.setQuery(RANKING)
    found = client.query().convert()["results"]["bindings"]
    assert [(row["unit"]["value"], int(row["n"]["value"])) for row in found] == expected
    assert len(expected) > 20


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # SPARQLWrapper's own use of it
@pytest.mark.parametrize("form", [*FORMATS, "turtle", "n3", "rdf+xml", "json-ld"])
@pytest.mark.parametrize("conneg_only", [True, False])
def test_every_form_that_sparqlwrapper_asks_for(server: Running, form: str, conneg_only: bool) -> None:
    client = sparqlwrapper.SPARQLWrapper(server.url + "sparql")
    client.setOnlyConneg(conneg_only)
    client.setReturnFormat(form)
    client.setQuery(RANKING if form in FORMATS else f"DESCRIBE <{NOTICE}>")
    reply = client.query()
    assert reply.response.status == 200
    found = reply.convert()
    assert len(found.serialize() if isinstance(found, rdflib.Graph) else found.toxml() if hasattr(found, "toxml") else str(found)) > 200


def test_sparqlwrapper_is_told_what_is_wrong(server: Running) -> None:
    client = sparqlwrapper.SPARQLWrapper(server.url + "sparql")
    client.setQuery("SELECT * { ?s ?p ")
    with pytest.raises(sparqlwrapper.SPARQLExceptions.QueryBadFormed) as caught:
        client.query()
    assert "1" in str(caught.value)
    client.setQuery(CROSS)
    with pytest.raises(HTTPError) as late:
        client.query()
    assert late.value.code == 504
    late.value.close()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflibs_sparqlstore(server: Running, built: Path, expected: list[tuple[str, int]], method: str) -> None:
    graph = rdflib.Graph(SPARQLStore(server.url + "sparql", method=method))
    found = [(str(row[0]), int(row[1])) for row in graph.query(RANKING)]
    assert found == expected
    kind = rdflib.URIRef("https://w3id.org/govresp/ns#Task")
    assert len(list(graph.subjects(rdflib.RDF.type, kind))) == len(ask_text(open_store(built), KG + "SELECT ?t { ?t a kg:Task }").rows)
    assert graph.query(KG + "ASK { ?s a kg:Notice }").askAnswer is True
    described = graph.query(f"DESCRIBE <{NOTICE}>").graph
    assert described is not None
    assert len(described) > 5


def curl(*words: str) -> tuple[int, str]:
    path = shutil.which("curl")
    if path is None:
        if CI:
            pytest.fail("CI needs curl")
        pytest.skip("no curl here")
    done = subprocess.run(
        [path, "-sS", "--noproxy", "*", "-w", "\n%{http_code}", *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=30,
        check=True,
    )
    body, _, status = done.stdout.rpartition("\n")
    return int(status), body


def test_curl_as_the_help_says(server: Running, tmp_path: Path) -> None:
    address = server.url + "sparql"
    assert curl(address, "--data-urlencode", "query=ASK {}", "-H", "Accept: text/csv") == (200, "true")
    assert curl("-G", address, "--data-urlencode", "query=ASK {}", "-d", "format=tsv") == (200, "true")
    file = tmp_path / "query.rq"
    file.write_text(RANKING, encoding="utf-8")
    status, body = curl(address, "-H", "Content-Type: application/sparql-query", "--data-binary", f"@{file}", "-H", "Accept: text/csv")
    assert (status, body.splitlines()[0]) == (200, "unit,n")
    status, body = curl("-I", address + "?" + urlencode({"query": "ASK {}"}))
    assert "application/sparql-results+json" in body
    assert status == 200
    assert curl("-X", "DELETE", address)[0] == 405
    assert curl(address, "-F", "query=ASK {}")[0] == 415
    assert curl(address, "-d", "update=CLEAR ALL")[0] == 403


def test_curl_asks_a_canned_question(server: Running, built: Path) -> None:
    status, body = curl(
        "-G", server.url + "ask", "-d", "question=tasks-of-unit", "--data-urlencode", "unit=市发改委", "-H", "Accept: application/json"
    )
    rows = json.loads(body)["results"]["bindings"]
    assert (status, len(rows)) == (200, len(ask(open_store(built), "tasks-of-unit", {"unit": "市发改委"}).rows))


@needs_oxigraph
def test_another_server_asks_ours(server: Running, expected: list[tuple[str, int]], tmp_path: Path) -> None:
    query = f"""{KG} SELECT ?unit ?n WHERE {{
      SERVICE <{server.url}sparql> {{ SELECT ?unit (COUNT(DISTINCT ?t) AS ?n) {{ ?t kg:ledBy ?u . ?u skos:prefLabel ?unit }} GROUP BY ?u ?unit }}
    }} ORDER BY DESC(?n) ?unit"""
    with oxigraph(tmp_path) as address:
        request = Request(
            f"{address}/query", query.encode(), {"Content-Type": "application/sparql-query", "Accept": "application/sparql-results+json"}
        )
        with urlopen(request, timeout=30) as reply:
            rows = json.load(reply)["results"]["bindings"]
    assert [(row["unit"]["value"], int(row["n"]["value"])) for row in rows] == expected

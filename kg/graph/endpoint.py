"""A SPARQL 1.1 endpoint as a graph to ask: queries over HTTP, answered in the terms of the embedded store."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO

import pyoxigraph

from kg.graph import endpoint_errors as errors
from kg.graph.asked import Result, Rows
from kg.graph.client import cleaned
from kg.graph.wire import checked_address, send_query

_RESULTS = {
    "application/sparql-results+json": pyoxigraph.QueryResultsFormat.JSON,
    "application/json": pyoxigraph.QueryResultsFormat.JSON,
    "application/sparql-results+xml": pyoxigraph.QueryResultsFormat.XML,
}
_TRIPLES = {
    "application/n-triples": pyoxigraph.RdfFormat.N_TRIPLES,
    "text/turtle": pyoxigraph.RdfFormat.TURTLE,
    "application/rdf+xml": pyoxigraph.RdfFormat.RDF_XML,
}
# One kind is asked for at a time: Virtuoso answers CONSTRUCT with rows where both would do.
_WANTS_RESULTS = "application/sparql-results+json, application/sparql-results+xml;q=0.8"
_WANTS_TRIPLES = "application/n-triples, text/turtle;q=0.8, application/rdf+xml;q=0.5"
_DECLARED = re.compile(r"\bPREFIX\s+([\w-]*)\s*:", re.IGNORECASE)
_FORM = re.compile(
    r"(?:\s|\#[^\n\r]*(?:[\n\r]|$)|BASE\s*<[^>]*>|PREFIX\s*[^\s:]*\s*:\s*<[^>]*>)*(?P<form>SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A SPARQL 1.1 endpoint. ``query`` answers as the embedded store does, so that whatever asks a store asks a server too.

    Raises:
        EndpointAddressError: the address is none, or holds a user or a password.
    """

    address: str

    def __post_init__(self) -> None:
        checked_address(self.address)

    def __str__(self) -> str:
        return self.address

    def query(self, query: str, *, prefixes: dict[str, str] | None = None) -> Result:
        """The result of a query: rows of SELECT, yes or no of ASK, triples of CONSTRUCT and DESCRIBE.

        Raises:
            QueryError: the endpoint says that the query is none, in its own words.
            EndpointError: it cannot be asked, or gives only a part; each kind of fault is a class of its own.
        """
        form = form_of(query)
        answer = send_query(
            self.address, with_prefixes(query, prefixes or {}), _WANTS_TRIPLES if form in {"CONSTRUCT", "DESCRIBE"} else _WANTS_RESULTS
        )
        if answer.most_rows:
            raise errors.EndpointCutError(self.address, answer.most_rows)
        try:
            if answer.kind in _RESULTS:
                return _results(answer.body, _RESULTS[answer.kind], form)
            if answer.kind in _TRIPLES:
                return [quad.triple for quad in pyoxigraph.parse(answer.body, format=_TRIPLES[answer.kind])]
        except (SyntaxError, ValueError, OSError) as error:
            raise errors.EndpointAnswerError(self.address, cleaned(str(error))) from error
        raise errors.NotAnEndpointError(self.address, answer.kind)


def form_of(query: str) -> str:
    """SELECT, ASK, CONSTRUCT or DESCRIBE; empty for what is none of them, which the server will say.

    >>> form_of("# select\\nPREFIX a: <urn:ask#>  construct { ?s ?p ?o } WHERE { ?s ?p ?o }"), form_of("INSERT DATA {}")
    ('CONSTRUCT', '')
    """
    found = _FORM.match(query)
    return found["form"].upper() if found else ""


def with_prefixes(query: str, prefixes: dict[str, str]) -> str:
    """The query with those prefixes declared that it uses and does not declare, on its first line so that lines keep their numbers.

    >>> with_prefixes("SELECT * { ?t a kg:Task ; dcterms:title ?t }", {"kg": "urn:k#", "dcterms": "urn:d#", "org": "urn:o#"})
    'PREFIX kg: <urn:k#> PREFIX dcterms: <urn:d#> SELECT * { ?t a kg:Task ; dcterms:title ?t }'
    """
    declared = {name.lower() for name in _DECLARED.findall(query)}
    used = [name for name in prefixes if name not in declared and re.search(rf"(?<![\w-]){re.escape(name)}:", query)]
    return "".join(f"PREFIX {name}: <{prefixes[name]}> " for name in used) + query


def _results(body: bytes, kind: pyoxigraph.QueryResultsFormat, form: str) -> Result:
    found = pyoxigraph.parse_query_results(BytesIO(body), format=kind)
    if isinstance(found, pyoxigraph.QueryBoolean):
        return found
    rows = Rows(tuple(found.variables), tuple(found))
    if form == "ASK":
        # Virtuoso writes the answer to ASK as one row with a number.
        said = [str(getattr(row[0], "value", "")) for row in rows]
        return _boolean(said not in ([], ["0"], ["false"]))
    return rows


def _boolean(yes: bool) -> pyoxigraph.QueryBoolean:
    text = b'{"head": {}, "boolean": true}' if yes else b'{"head": {}, "boolean": false}'
    found = pyoxigraph.parse_query_results(text, format=pyoxigraph.QueryResultsFormat.JSON)
    if not isinstance(found, pyoxigraph.QueryBoolean):
        raise TypeError(text)
    return found

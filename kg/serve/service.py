"""What the endpoint says about itself: the W3C service description."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from kg.graph.iris import KG, PREFIXES
from kg.messages import LANGUAGES, say

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMAT = "http://www.w3.org/ns/formats/"
VOID = "http://rdfs.org/ns/void#"
_FORMATS = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "JSON-LD",
    "RDF_XML",
    "N3",
)
_RDF = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "rdf": RdfFormat.RDF_XML,
    "n3": RdfFormat.N3,
}


def description(endpoint: str, form: str) -> bytes:
    """The description of the service at an address, as ttl, nt, jsonld, rdf or n3."""
    prefixes = {"sd": SD, "void": VOID, "formats": FORMAT, "dcterms": PREFIXES["dcterms"], "rdf": PREFIXES["rdf"]}
    return serialize(_triples(endpoint), format=_RDF[form], prefixes=prefixes) or b""


def _triples(endpoint: str) -> list[Triple]:
    service, dataset, graph = (NamedNode(endpoint + part) for part in ("", "#dataset", "#graph"))
    kind = NamedNode(PREFIXES["rdf"] + "type")
    title = NamedNode(PREFIXES["dcterms"] + "title")
    return [
        Triple(service, kind, NamedNode(SD + "Service")),
        *(Triple(service, title, Literal(say("cli.kg.short", lang=lang), language=lang)) for lang in LANGUAGES),
        Triple(service, NamedNode(SD + "endpoint"), service),
        Triple(service, NamedNode(SD + "supportedLanguage"), NamedNode(SD + "SPARQL11Query")),
        *(Triple(service, NamedNode(SD + "resultFormat"), NamedNode(FORMAT + name)) for name in _FORMATS),
        Triple(service, NamedNode(SD + "defaultDataset"), dataset),
        Triple(dataset, kind, NamedNode(SD + "Dataset")),
        Triple(dataset, kind, NamedNode(VOID + "Dataset")),
        Triple(dataset, NamedNode(VOID + "sparqlEndpoint"), service),
        Triple(dataset, NamedNode(VOID + "vocabulary"), NamedNode(KG)),
        Triple(dataset, NamedNode(SD + "defaultGraph"), graph),
        Triple(graph, kind, NamedNode(SD + "Graph")),
    ]

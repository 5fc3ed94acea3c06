"""The forms in which answers are sent: media types, and the short names by which an address may ask for them."""

from __future__ import annotations

from kg.serve.negotiate import best

HTML = "text/html"
TABLES = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
}
"""Media types of rows and of yes or no, the preferred first, with the form that each names."""
GRAPHS = {
    "text/turtle": "ttl",
    "application/n-triples": "nt",
    "application/ld+json": "jsonld",
    "application/rdf+xml": "rdf",
    "text/n3": "n3",
    "application/x-turtle": "ttl",
    "application/json": "jsonld",
    "application/xml": "rdf",
    "text/xml": "rdf",
    "text/plain": "nt",
}
"""Media types of triples."""
_NAMES = {
    "json": ("application/sparql-results+json", "application/ld+json"),
    "xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "csv": ("text/csv", None),
    "tsv": ("text/tab-separated-values", None),
    "ttl": (None, "text/turtle"),
    "turtle": (None, "text/turtle"),
    "nt": (None, "application/n-triples"),
    "ntriples": (None, "application/n-triples"),
    "n-triples": (None, "application/n-triples"),
    "jsonld": (None, "application/ld+json"),
    "json-ld": (None, "application/ld+json"),
    "rdf": (None, "application/rdf+xml"),
    "rdf+xml": (None, "application/rdf+xml"),
    "n3": (None, "text/n3"),
    "html": (HTML, HTML),
}
FORMS = ("json", "xml", "csv", "tsv", "ttl", "nt", "jsonld", "rdf", "n3", "html")
"""The short names that people are told of."""


def is_form(name: str) -> bool:
    """Whether a short name or a media type is one of a form that is sent.

    >>> is_form("CSV"), is_form("text/turtle"), is_form("exe")
    (True, True, False)
    """
    return name.strip().lower() in {**_NAMES, **TABLES, **GRAPHS}


def wanted(accept: str, form: str | None) -> tuple[str | None, str | None]:
    """The media types in which rows, and triples, are to be sent; None where the client takes none of ours.

    Args:
        accept: the ``Accept`` header.
        form: a short name or a media type from the address, which goes before the header; ``is_form`` holds.

    >>> wanted("*/*", None)
    ('application/sparql-results+json', 'text/turtle')
    >>> wanted("text/html, */*;q=0.1", "csv"), wanted("image/png", None)
    (('text/csv', None), (None, None))
    """
    if form is None:
        return best(accept, (*TABLES, HTML)), best(accept, (*GRAPHS, HTML))
    name = form.strip().lower()
    if name in _NAMES:
        return _NAMES[name]
    return name if name in TABLES else None, name if name in GRAPHS else None

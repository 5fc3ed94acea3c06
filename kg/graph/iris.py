"""Identifiers → IRIs. They are minted here and nowhere else: ASCII, stable, made of keys and never of labels."""

from __future__ import annotations

import hashlib

KG = "https://w3id.org/govresp/ns#"
"""The namespace of the ontology. It is not registered, so it does not resolve."""
CODE = "https://w3id.org/govresp/code/"
ID = "https://w3id.org/govresp/id/"

_OWN = ("notice", "section", "task", "assignment", "target", "deadline", "unit", "group", "division", "change")

PREFIXES = {
    "kg": KG,
    "kgv": CODE,
    **{
        name: f"{ID}{name}/"
        for name in ("notice", "section", "task", "assignment", "target", "deadline", "unit", "group", "division", "change")
    },
    "dcterms": "http://purl.org/dc/terms/",
    "org": "http://www.w3.org/ns/org#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""Every prefix that the graph and its questions use, in the order in which they are printed."""


def iri(curie: str) -> str:
    """The IRI of a CURIE with one of ``PREFIXES``.

    Raises:
        KeyError: the prefix is not known.
        ValueError: the local name is not plain ASCII, or holds a slash.

    >>> iri("unit:421000-finance")
    'https://w3id.org/govresp/id/unit/421000-finance'
    """
    prefix, _, local = curie.partition(":")
    if not local.isascii() or not local.isprintable() or set(local) & set('/<>"{}|\\^` '):
        raise ValueError(curie)
    return PREFIXES[prefix] + local


def curie(iri_text: str) -> str:
    """The CURIE of an IRI; the IRI itself where no prefix fits.

    >>> curie("https://w3id.org/govresp/id/unit/421000-finance"), curie("urn:x")
    ('unit:421000-finance', 'urn:x')
    """
    fits = [(name, base) for name, base in PREFIXES.items() if iri_text.startswith(base)]
    name, base = max(fits, key=lambda pair: len(pair[1]), default=("", ""))
    return f"{name}:{iri_text.removeprefix(base)}" if name else iri_text


def code(local: str) -> str:
    """The CURIE of a concept of the code lists."""
    return f"kgv:{local}"


def line_code(line: str) -> str:
    """The CURIE of a line of work; one with a name that is not ASCII gets a hash."""
    return f"kgv:line-{line}" if line.isascii() else "kgv:line-" + hashlib.sha256(line.encode()).hexdigest()[:8]


def section_id(notice: str, index: int) -> str:
    """The CURIE of a section."""
    return f"section:{notice}.s{index}"


def task_id(notice: str, i: int) -> str:
    """The CURIE of a task: the running number, never the printed one."""
    return f"task:{notice}.{i}"


def assignment_id(notice: str, i: int, running: int) -> str:
    """The CURIE of an assignment: its running number in the clause, from 1."""
    return f"assignment:{notice}.{i}.{running}"


def target_id(notice: str, i: int | None, running: int) -> str:
    """The CURIE of a target of a task, or of the preamble where ``i`` is None."""
    return f"target:{notice}.t{running}" if i is None else f"target:{notice}.{i}.t{running}"


def deadline_id(notice: str, i: int) -> str:
    """The CURIE of the deadline of a task."""
    return f"deadline:{notice}.{i}.d"

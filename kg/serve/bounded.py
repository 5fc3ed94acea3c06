"""Answers written by the engine's own serialisers, and stopped where they grow past a limit."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from itertools import islice

import pyoxigraph

from kg.graph.iris import PREFIXES

_RESULTS = {
    "json": pyoxigraph.QueryResultsFormat.JSON,
    "xml": pyoxigraph.QueryResultsFormat.XML,
    "csv": pyoxigraph.QueryResultsFormat.CSV,
    "tsv": pyoxigraph.QueryResultsFormat.TSV,
}
_RDF = {
    "ttl": pyoxigraph.RdfFormat.TURTLE,
    "nt": pyoxigraph.RdfFormat.N_TRIPLES,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
    "rdf": pyoxigraph.RdfFormat.RDF_XML,
    "n3": pyoxigraph.RdfFormat.N3,
}
_QUOTED = {
    "json": re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"'),
    "csv": re.compile(rb'"[^"]*"'),
}
"""What of an answer is text of the graph, in which a mark between two rows is none."""
_MARK = {"json": b"},{", "xml": b"<result>", "csv": b"\n", "tsv": b"\n"}
"""What stands between two rows (JSON), at the start of each (XML), at the end of each and of the head (CSV, TSV)."""
_UNMARKED = {"json": 1, "xml": 0, "csv": -1, "tsv": -1}


class PastLimitError(Exception):
    """An answer is larger than what is sent."""

    def __init__(self, what: str, limit: int) -> None:
        super().__init__(what, limit)
        self.what = what
        self.limit = limit


class _Sink(io.RawIOBase):
    """Takes what the serialiser writes; refuses more bytes or rows than the limits."""

    def __init__(self, form: str | None, rows: int, size: int) -> None:
        self._form = form
        self._rows = rows
        self._size = size
        self._marks = 0
        self.body = bytearray()

    def writable(self) -> bool:
        """Whether it can be written to."""
        return True

    def write(self, chunk: object) -> int:
        """Take a chunk; how many bytes it has."""
        part = bytes(chunk)  # type: ignore[call-overload]  # what is written is bytes
        self.body += part
        if len(self.body) > self._size:
            raise PastLimitError("bytes", self._size)
        if self._form is None:
            return len(part)
        # Marks within text count here too, so this is never too low; it is only when it is too high that one looks closely.
        self._marks += part.count(_MARK[self._form])
        if self._marks > self._rows:
            self.check()
        return len(part)

    def check(self) -> None:
        """Refuse an answer of more rows than the limit, counted exactly."""
        if self._form is None:
            return
        rows = rows_of(bytes(self.body), self._form)
        if rows > self._rows:
            raise PastLimitError("rows", self._rows)
        self._marks = rows - _UNMARKED[self._form]


def rows_of(body: bytes, form: str) -> int:
    """The rows of an answer, or of its beginning, in one of the forms of tables; at least one in JSON.

    >>> rows_of(b'a\\r\\n"x\\r\\ny"\\r\\n', "csv"), rows_of(b"?a\\n1\\n2\\n", "tsv")
    (1, 2)
    """
    bare = _QUOTED[form].sub(b"", body) if form in _QUOTED else body
    if form in _QUOTED:
        # The last text may not be whole yet.
        bare = bare.partition(b'"')[0]
    return bare.count(_MARK[form]) + _UNMARKED[form]


def table_bytes(solutions: pyoxigraph.QuerySolutions, form: str, rows: int, size: int) -> bytes:
    """The rows of a SELECT as json, xml, csv or tsv.

    Raises:
        PastLimitError: there are more rows, or more bytes.
    """
    sink = _Sink(form, rows, size)
    solutions.serialize(sink, format=_RESULTS[form])  # type: ignore[arg-type]  # it is a raw binary file
    sink.check()
    return bytes(sink.body)


def yes_bytes(yes: pyoxigraph.QueryBoolean, form: str) -> bytes:
    """The answer to an ASK as json, xml, csv or tsv."""
    return yes.serialize(format=_RESULTS[form]) or b""


def graph_bytes(triples: Iterable[pyoxigraph.Triple], form: str, rows: int, size: int) -> bytes:
    """The triples of a CONSTRUCT or DESCRIBE as ttl, nt, jsonld, rdf or n3, with the prefixes of the graph.

    Raises:
        PastLimitError: there are more triples, or more bytes.
    """
    sink = _Sink(None, rows, size)
    pyoxigraph.serialize(_at_most(triples, rows), sink, format=_RDF[form], prefixes=PREFIXES)  # type: ignore[arg-type]
    return bytes(sink.body)


def _at_most(triples: Iterable[pyoxigraph.Triple], rows: int) -> Iterator[pyoxigraph.Triple]:
    remaining = iter(triples)
    yield from islice(remaining, rows)
    for _ in remaining:
        raise PastLimitError("rows", rows)

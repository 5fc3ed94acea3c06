"""What can be asked: the embedded store, a file read into memory, or a SPARQL endpoint. All answer in the same terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import pyoxigraph


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a SELECT that was answered elsewhere, all there and in order."""

    variables: tuple[pyoxigraph.Variable, ...]
    found: tuple[pyoxigraph.QuerySolution, ...]

    def __iter__(self) -> Iterator[pyoxigraph.QuerySolution]:
        return iter(self.found)


Result = pyoxigraph.QuerySolutions | Rows | pyoxigraph.QueryBoolean | Iterable[pyoxigraph.Triple]
"""Rows of SELECT, the yes or no of ASK, the triples of CONSTRUCT and DESCRIBE."""


class Graph(Protocol):
    """A graph that answers SPARQL: ``pyoxigraph.Store`` as it is, or ``kg.graph.endpoint.Endpoint``."""

    def query(self, query: str, *, prefixes: dict[str, str] | None = None) -> Result:
        """The result of a query; ``prefixes`` are known though the query does not declare them."""


def solutions(graph: Graph, query: str, prefixes: dict[str, str]) -> list[dict[str, str]]:
    """The rows of a SELECT as plain texts by variable; what is unbound is left out.

    Raises:
        TypeError: the query is no SELECT.
    """
    result = graph.query(query, prefixes=prefixes)
    if not isinstance(result, pyoxigraph.QuerySolutions | Rows):
        raise TypeError(query)
    names = [variable.value for variable in result.variables]
    return [{name: str(getattr(term, "value", term)) for name in names if (term := row[name]) is not None} for row in result]


def parts_of(graph: Graph, kind: str, prefixes: dict[str, str], size: int = 300) -> Iterator[str]:
    """The things of a class some at a time, as terms for VALUES: servers cut off answers that are long."""
    things = sorted(row["s"] for row in solutions(graph, f"SELECT DISTINCT ?s WHERE {{ ?s a {kind} }}", prefixes))
    for at in range(0, len(things), size):
        yield " ".join(f"<{thing}>" for thing in things[at : at + size])

"""Shortest paths on large graphs, in arrays: betweenness where edges have lengths."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

_SAME = 1e-11
"""Relative difference below which two lengths are one: far above rounding, far below what sums of 1/w differ by."""


def betweenness_by_length(nodes: Sequence[str], edges: Sequence[tuple[str, str, float]]) -> dict[str, float]:
    """Betweenness of every node of an undirected graph whose edges have positive lengths, divided by the pairs of other nodes.

    Source: Brandes 2001. Distances come from scipy's Dijkstra; paths and dependencies are summed edge by edge until they no
    longer change, which takes as many rounds as the longest shortest path has edges, and the same sums on every run.

    Args:
        nodes: every node once.
        edges: every edge once, as (node, node, length).

    >>> betweenness_by_length(["a", "b", "c"], [("a", "b", 0.5), ("b", "c", 0.5), ("a", "c", 2.0)])
    {'a': 0.0, 'b': 1.0, 'c': 0.0}
    """
    import numpy as np
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    n = len(nodes)
    total = np.zeros(n)
    if n < 3 or not edges:
        return dict(zip(nodes, total.tolist(), strict=True))
    at = {node: index for index, node in enumerate(nodes)}
    tails = np.array([at[end] for one, other, _ in edges for end in (one, other)])
    heads = np.array([at[end] for one, other, _ in edges for end in (other, one)])
    lengths = np.repeat([length for _, _, length in edges], 2)
    matrix = csr_array((lengths, (tails, heads)), shape=(n, n))
    for source in range(n):
        distance = dijkstra(matrix, indices=source)
        with np.errstate(invalid="ignore"):  # What the source does not reach is infinitely far, and lies on no path.
            on = np.flatnonzero(np.abs(distance[tails] + lengths - distance[heads]) <= _SAME * distance[heads])
        total += _dependencies(source, n, tails[on], heads[on])
    return dict(zip(nodes, (total / ((n - 1) * (n - 2))).tolist(), strict=True))


def _dependencies(source: int, n: int, tails: Numbers, heads: Numbers) -> Numbers:
    """How much every node lies between the source and the rest, given the edges (tail → head) of its shortest paths."""
    import numpy as np

    start = np.zeros(n)
    start[source] = 1
    paths = _settled(lambda paths: start + np.bincount(heads, paths[tails], n), start)
    share = paths[tails] / paths[heads]
    found = _settled(lambda found: np.bincount(tails, share * (1 + found[heads]), n), np.zeros(n))
    found[source] = 0
    return found


def _settled(step: Callable[[Numbers], Numbers], values: Numbers) -> Numbers:
    # Edges of shortest paths make no circle, so each round settles the nodes one edge further on.
    while ((after := step(values)) != values).any():
        values = after
    return values

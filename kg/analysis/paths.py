"""Shortest paths on large graphs, in arrays: betweenness by steps, and where edges have lengths."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

_SAME = 1e-11
"""Relative difference below which two lengths are one: far above rounding, far below what sums of 1/w differ by."""


BLOCK = 16
"""Sources that are followed at once: their rows stay in the processor's cache (16 to 256 were timed)."""


def betweenness_by_steps(
    nodes: Sequence[str], edges: Sequence[tuple[str, str]], sides: Mapping[str, int] | None = None
) -> dict[str, float]:
    """Betweenness of every node of an undirected graph, edges counted without weight, divided by the pairs of other nodes.

    Source: Brandes 2001, many sources at once: each step outward and back is one product with the adjacency matrix. That pays
    where the longest shortest path is short, as among units; on a graph of long chains it does not.

    Args:
        nodes: every node once.
        edges: every edge once.
        sides: 0 or 1 for every node where each edge joins the two sides (units and tasks); halves the work.

    >>> betweenness_by_steps(["a", "b", "c"], [("a", "b"), ("b", "c")])
    {'a': 0.0, 'b': 1.0, 'c': 0.0}
    """
    import numpy as np
    from scipy.sparse import csr_array

    n = len(nodes)
    total = np.zeros(n)
    if n < 3 or not edges:
        return dict(zip(nodes, total.tolist(), strict=True))
    at = {node: index for index, node in enumerate(nodes)}
    ends = np.array([(at[one], at[other]) for one, other in edges])
    tails, heads = np.concatenate([ends, ends[:, ::-1]]).T
    matrix = csr_array((np.ones(len(tails)), (heads, tails)), shape=(n, n))
    side_of = np.array([sides[node] if sides else 0 for node in nodes])
    parts = [np.flatnonzero(side_of == side) for side in range(2 if sides else 1)]
    into = [matrix[part][:, other] for part, other in zip(parts, reversed(parts), strict=True)]
    for side, part in enumerate(parts):
        for start in range(0, len(part), BLOCK):
            for index, added in enumerate(_sweep(into, side, np.arange(start, min(start + BLOCK, len(part))))):
                total[parts[index]] += added
    return dict(zip(nodes, (total / ((n - 1) * (n - 2))).tolist(), strict=True))


def _sweep(into: Sequence[Any], side: int, sources: Numbers) -> list[Numbers]:
    """How much every node of each side lies between the sources, all of one side, and the rest.

    ``into[side]`` leads from the other side (from the same, if there is but one) to it.
    """
    import numpy as np

    # Counts of paths are whole numbers, so that min(count, 1) is 1 where there is a path: floats throughout, without masks.
    unseen = [np.ones((matrix.shape[0], len(sources))) for matrix in into]
    paths = [np.zeros_like(unseen[side])]
    paths[0][sources, np.arange(len(sources))] = 1
    unseen[side] -= paths[0]
    while True:
        here = (side + len(paths)) % len(into)
        found = _step(into, here, paths[-1], unseen[here])
        found *= unseen[here]
        if not found.max(initial=0):
            break
        unseen[here] -= np.minimum(found, 1)
        paths.append(found)
    totals = [np.zeros(matrix.shape[0]) for matrix in into]
    behind: Numbers = np.zeros_like(paths[-1])
    for step in range(len(paths) - 1, 1, -1):
        here = (side + step - 1) % len(into)
        passed = (np.minimum(paths[step], 1) + behind) / np.maximum(paths[step], 1)
        behind = _step(into, here, passed, paths[step - 1]) * paths[step - 1]
        totals[here] += np.einsum("ij->i", behind)
    return totals


def _step(into: Sequence[Any], here: int, rows: Numbers, wanted: Numbers) -> Numbers:
    """``into[here] @ rows``: without empty rows where most are empty, only where ``wanted`` holds something if that is little."""
    import numpy as np

    product: Numbers
    if 2 * len(held := np.flatnonzero(rows @ np.ones(rows.shape[1]))) < len(rows):
        product = into[here - 1][held].T @ rows[held]
    elif 2 * len(asked := np.flatnonzero(wanted @ np.ones(wanted.shape[1]))) < len(wanted):
        product = np.zeros_like(wanted)
        product[asked] = into[here][asked] @ rows
    else:
        product = into[here] @ rows
    return product


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

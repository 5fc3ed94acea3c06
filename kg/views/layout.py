"""Where the discs of a picture lie: computed once, the same on every run, and never moved by a filter."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import ceil, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

Place = tuple[float, float]
WIDE, HIGH = 1050.0, 920.0
"""Size of a picture of up to ``_FEW`` discs in its own units; more discs get more room."""
_LETTER = 14.0
"""Width of a letter of a label at the scale at which the whole picture is first seen."""
_FEW = 40
_MANY = 200
"""Linked discs above which stress is no longer minimised pair by pair: that grows with the square of their number."""
_SEED = 2020


def lay_out(
    graph: nx.Graph,
    labels: Mapping[str, str],
    radii: Mapping[str, float],
    *,
    weight: str = "weight",
    aside: Collection[str] = (),
    weak: nx.Graph | None = None,
) -> dict[str, Place]:
    """A place for every node, nothing overlapping, units that share much near each other.

    Args:
        graph: undirected, with edge weights; it is not changed.
        labels: what is printed below each node.
        radii: how large each disc is.
        weight: the edge attribute that draws together.
        aside: nodes that are no part of the graph and stand in a column on its left.
        weak: links too weak to draw together; nodes that have no others stand below those.

    Returns:
        Centres within about ``WIDE`` × ``HIGH``; nodes without links stand in rows below the others.
    """
    linked = sorted(node for node in graph if graph.degree(node))
    rest = sorted(node for node in graph if not graph.degree(node))
    places: dict[str, Place] = {}
    if linked:
        places = _apart(_spread(_drawn(graph, linked, weight)), labels, radii)
    below = {node: _middle(node, places, weak) for node in rest}
    places |= _rows(rest, labels, max((y for _, y in places.values()), default=0.0) + 110, below)
    return places | _column(aside, labels, radii, places)


def _drawn(graph: nx.Graph, linked: Sequence[str], weight: str) -> dict[str, Place]:
    # Stress over path lengths (Kamada and Kawai 1989); forces (Fruchterman and Reingold 1991) where that would take too long.
    import networkx as nx

    part = nx.Graph()
    part.add_nodes_from(linked)
    for one, other in sorted(map(sorted, graph.edges)):
        pull = graph[one][other][weight]
        part.add_edge(one, other, distance=1 / sqrt(pull), pull=pull)
    start = nx.circular_layout(part)
    if len(part) > _MANY:
        raw = nx.spring_layout(part, pos=start, weight="pull", iterations=60, seed=_SEED, method="force")
    else:
        raw = nx.kamada_kawai_layout(part, dist=_distances(part), pos=start)
    return {node: (float(x), float(y)) for node, (x, y) in raw.items()}


def _distances(graph: nx.Graph) -> dict[str, dict[str, float]]:
    # Parts that no path joins are put a little farther than the farthest pair of one part.
    import networkx as nx

    found = {node: dict(ends) for node, ends in nx.all_pairs_dijkstra_path_length(graph, weight="distance")}
    far = 1.3 * max((max(ends.values()) for ends in found.values()), default=1.0)
    return {one: {other: found[one].get(other, far) for other in graph} for one in graph}


def _spread(places: Mapping[str, Place]) -> dict[str, Place]:
    # Half the place, half the rank: outliers come in, the crowd in the middle gets air.
    xs, ys = _blend({node: x for node, (x, _) in places.items()}), _blend({node: y for node, (_, y) in places.items()})
    room = sqrt(max(1.0, len(places) / _FEW))
    return {node: (xs[node] * WIDE * room, ys[node] * HIGH * room) for node in places}


def _blend(values: Mapping[str, float]) -> dict[str, float]:
    low, high = min(values.values()), max(values.values())
    order = sorted(values, key=lambda node: (round(values[node], 9), node))
    steps = max(len(order) - 1, 1)
    return {node: 0.5 * (values[node] - low) / ((high - low) or 1) + 0.5 * at / steps for at, node in enumerate(order)}


def _apart(places: Mapping[str, Place], labels: Mapping[str, str], radii: Mapping[str, float]) -> dict[str, Place]:
    # Push boxes of disc and label apart along the shorter way, until nothing overlaps or 300 rounds are over.
    now = {node: list(place) for node, place in sorted(places.items())}
    boxes = {node: (max(radii[node] + 8, len(labels[node]) * _LETTER / 2 + 4), radii[node] + 14) for node in now}
    reach = 2 * max(width for width, _ in boxes.values())
    for _ in range(300):
        moved = False
        # From left to right, each with those that can touch it; a round without a push has seen every touching pair.
        nodes = sorted(now, key=lambda node: (now[node][0], node))
        for at, one in enumerate(nodes):
            for follower in range(at + 1, len(nodes)):
                other = nodes[follower]
                if now[other][0] - now[one][0] > reach:
                    break
                moved |= _push(now[one], now[other], boxes[one], boxes[other])
        if not moved:
            break
    return {node: (round(x, 1), round(y, 1)) for node, (x, y) in now.items()}


def _push(one: list[float], other: list[float], box: Place, box2: Place) -> bool:
    dx, dy = other[0] - one[0], other[1] - one[1]
    over_x, over_y = box[0] + box2[0] - abs(dx), box[1] + box2[1] - abs(dy)
    if over_x <= 0 or over_y <= 0:
        return False
    axis, over, way = (0, over_x, dx) if over_x / WIDE < over_y / HIGH else (1, over_y, dy)
    step = (over / 2 + 0.5) * (1 if way >= 0 else -1)
    one[axis] -= step
    other[axis] += step
    return True


def _middle(node: str, places: Mapping[str, Place], weak: nx.Graph | None) -> float:
    # Between the nodes with which it has weak links; in the middle of all where it has none.
    near = [places[other][0] for other in sorted(weak[node]) if other in places] if weak is not None and node in weak else []
    return round(sum(near) / len(near), 6) if near else WIDE / 2


def _rows(nodes: Sequence[str], labels: Mapping[str, str], top: float, below: Mapping[str, float]) -> dict[str, Place]:
    # Columns from left to right as what they stand below, in each the short names first.
    if not nodes:
        return {}
    columns = min(len(nodes), 8)
    width = WIDE / columns
    lines = ceil(len(nodes) / columns)
    order = sorted(nodes, key=lambda node: (below[node], node))
    found: dict[str, Place] = {}
    for column, first in enumerate(range(0, len(order), lines)):
        stack = sorted(order[first : first + lines], key=lambda node: (len(labels[node]), labels[node], node))
        found |= {node: (round(width * (column + 0.5), 1), round(top + 70 * line, 1)) for line, node in enumerate(stack)}
    return found


def _column(nodes: Collection[str], labels: Mapping[str, str], radii: Mapping[str, float], places: Mapping[str, Place]) -> dict[str, Place]:
    # Left of everything, spread over the height of what is there.
    if not nodes:
        return {}
    order = sorted(nodes, key=lambda node: (-radii[node], labels[node], node))
    width = max(max(radii[node], len(labels[node]) * _LETTER / 2) for node in order)
    left = min((x for x, _ in places.values()), default=0.0) - width - 120
    top = min((y for _, y in places.values()), default=0.0)
    high = max((y for _, y in places.values()), default=0.0) - top
    step = max(high / len(order), 2 * max(radii[node] for node in order) + 50)
    return {node: (round(left, 1), round(top + step * (at + 0.5), 1)) for at, node in enumerate(order)}

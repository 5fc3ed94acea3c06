"""Core and periphery: which few units the coordination of all hangs on, and how well that picture fits (M9)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, product
from math import comb, inf, sqrt
from typing import TYPE_CHECKING, Any

from kg.analysis.closure import Chance, range_of
from kg.analysis.load import Reading
from kg.analysis.network import star_graph
from kg.analysis.nullmodel import SEED, numbered, random_notices
from kg.model import Ties

if TYPE_CHECKING:
    import networkx as nx
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

DRAWS = 100
FIRSTS = 10
"""With how many units, the strongest, an order of cover begins."""
STARTS = 40
"""From how many of the best first guesses the search goes on."""
_BETTER = 1e-12
"""Less than this is no gain."""


@dataclass(frozen=True, slots=True)
class CorePeriphery:
    """The core that fits best; ``correlation`` says how well, 1 being the ideal picture: read it against ``core_by_chance``."""

    core: tuple[str, ...]
    """Unit ids, sorted."""
    periphery: tuple[str, ...]
    correlation: float
    within: float | None
    """Mean weight (tasks) of a pair inside the core; None where the core is one unit."""
    between: float
    """Mean weight of a pair of one unit of the core and one of the periphery."""
    outside: float
    """Mean weight of a pair inside the periphery."""


@dataclass(frozen=True, slots=True)
class _Web:
    nodes: tuple[str, ...]
    one: Numbers
    other: Numbers
    weights: Numbers
    near: tuple[tuple[Numbers, Numbers], ...]
    """The neighbours of every node and the weights of the ties with them."""
    total: float
    squares: float


def core_periphery(ties: Ties, *, territorial: bool = False) -> CorePeriphery | None:
    """The core and periphery of the weighted graph of coordination, without territories and zones by default; see ``fit_core``."""
    return fit_core(star_graph(ties, territorial=territorial))


def core_by_chance(ties: Ties, *, territorial: bool = False, draws: int = DRAWS, seed: int = SEED) -> Chance | None:
    """How well the best core fits in notices with the margins of this one (``nullmodel.random_notices``), as correlations.

    A fit inside this range says no more than who leads and shares how many tasks of which size. In the Jingzhou notice it does:
    0.33, where chance gives 0.29 to 0.36.

    Args:
        ties: the ties table, read as printed.
        territorial: whether territories and zones take part.
        draws: how many notices are drawn.
        seed: of the draws.
    """
    units, tasks, blocks = numbered(ties, Reading.PRINTED, territorial)
    found: list[float] = []
    for drawn in random_notices(tasks, blocks, draws, seed):
        pairs = Counter((min(pair), max(pair)) for leads, others in drawn for pair in chain(product(leads, others), combinations(leads, 2)))
        # Units by number in their order, as the search wants them; a graph of NetworkX in between would take half the time.
        edges = sorted((one, other, float(count)) for (one, other), count in pairs.items())
        best = _best(_web_of(units, edges))
        found += [best[0]] if best else []
    return range_of(found)


def fit_core(graph: nx.Graph) -> CorePeriphery | None:
    """The core whose ideal picture correlates best with the weights of a graph (discrete model: Borgatti & Everett 1999, eq. 1–2).

    In the ideal picture a pair has a tie if at least one of the two is in the core, and none otherwise: the star of a lead
    organisation, with several centres. The figure is Pearson's correlation of picture and weights over all pairs of units.
    Searched without chance: twelve orders of all units (by weight not yet covered, begun with each of the ten strongest; by
    strength; by taking away whoever uncovers least) give first guesses for every size of core; from the forty best, units are
    added, dropped or swapped one move at a time, the best move first, while the correlation grows. Equal moves go to the first
    unit by id. The search can miss the best core; against all cores of 3,000 random graphs of 4 to 9 units it missed none.

    Returns:
        None where no picture can correlate: fewer than three units, no tie, or all pairs alike.

    >>> import networkx as nx
    >>> fit_core(nx.star_graph(["hub", "a", "b", "c"])).core
    ('hub',)
    """
    web = _web(graph)
    best = _best(web)
    return _described(web, best[1], best[0]) if best else None


def _best(web: _Web) -> tuple[float, tuple[int, ...]] | None:
    """The best correlation and its core; None where no picture can correlate."""
    pairs = comb(len(web.nodes), 2)
    if len(web.nodes) < 3 or pairs * web.squares - web.total**2 <= _BETTER:
        return None
    seen: set[bytes] = set()
    found = [better for core in _guesses(web) if (better := _improved(web, core, seen))]
    return min(found, key=lambda one: (-round(one[0], 12), len(one[1]), one[1]))


def _web(graph: nx.Graph) -> _Web:
    nodes = tuple(sorted(graph))
    at = {node: index for index, node in enumerate(nodes)}
    return _web_of(nodes, [(at[one], at[other], float(weight)) for one, other, weight in graph.edges(data="weight", default=1)])


def _web_of(nodes: Sequence[str], edges: Sequence[tuple[int, int, float]]) -> _Web:
    import numpy as np

    one, other, weights = (np.array([edge[part] for edge in edges], dtype=kind) for part, kind in ((0, int), (1, int), (2, float)))
    near: list[list[tuple[int, float]]] = [[] for _ in nodes]
    for first, second, weight in edges:
        near[first].append((second, weight))
        near[second].append((first, weight))
    lists = tuple((np.array([to for to, _ in each], dtype=int), np.array([weight for _, weight in each])) for each in near)
    return _Web(tuple(nodes), one, other, weights, lists, float(weights.sum()), float((weights**2).sum()))


def _correlation(web: _Web, size: int, covered: float) -> float:
    """Pearson's, from the weight that a core of some size covers: no pair needs to be looked at."""
    n = len(web.nodes)
    pairs, marked = comb(n, 2), comb(n, 2) - comb(n - size, 2)
    if not 0 < marked < pairs:
        return -inf
    spread = marked * (pairs - marked) * (pairs * web.squares - web.total**2)
    return (pairs * covered - marked * web.total) / sqrt(spread)


def _guesses(web: _Web) -> list[tuple[int, ...]]:
    """The best different cores among the beginnings of some orders of all units, as sorted numbers of units."""
    strength = [float(weights.sum()) for _, weights in web.near]
    by_strength = sorted(range(len(web.nodes)), key=lambda node: (-strength[node], node))
    orders = [*(_by_cover(web, first) for first in by_strength[:FIRSTS]), by_strength, _by_loss(web)]
    beginnings = [
        (-_correlation(web, size, covered), number, size)
        for number, order in enumerate(orders)
        for size, covered in enumerate(_covers(web, order), 1)
    ]
    found: dict[tuple[int, ...], None] = {}
    for _, number, size in sorted(beginnings):
        found[tuple(sorted(orders[number][:size]))] = None
        if len(found) == STARTS:
            break
    return list(found)


def _covers(web: _Web, order: Sequence[int]) -> list[float]:
    """The weight that the first unit of an order covers, the first two, and so on, up to all but two."""
    import numpy as np

    place = np.empty(len(order), dtype=int)
    place[list(order)] = np.arange(len(order))
    # A tie is covered as soon as the earlier of its two units is in the core.
    gained = np.bincount(np.minimum(place[web.one], place[web.other]), web.weights, len(order))
    covers: list[float] = gained.cumsum()[:-2].tolist()
    return covers


def _by_cover(web: _Web, first: int) -> list[int]:
    import numpy as np

    left = np.array([weights.sum() for _, weights in web.near])
    order: list[int] = []
    for _ in web.nodes:
        node = int(left.argmax()) if order else first
        near, weights = web.near[node]
        left[near] -= weights
        left[node] = -inf
        order.append(node)
    return order


def _by_loss(web: _Web) -> list[int]:
    import numpy as np

    lost = np.zeros(len(web.nodes))
    order: list[int] = []
    for _ in web.nodes:
        # Of equal ones the last by id goes first, so that the first by id stays in the core.
        node = len(lost) - 1 - int(lost[::-1].argmin())
        near, weights = web.near[node]
        lost[near] += weights
        lost[node] = inf
        order.append(node)
    return order[::-1]


def _improved(web: _Web, core: Sequence[int], seen: set[bytes]) -> tuple[float, tuple[int, ...]] | None:
    """The correlation and core where no unit added, dropped or swapped gains any more; None where the way was gone before."""
    import numpy as np

    inside = np.zeros(len(web.nodes), dtype=bool)
    inside[list(core)] = True
    while (mark := inside.tobytes()) not in seen:
        seen.add(mark)
        open_ends = np.bincount(web.one, web.weights * ~inside[web.other], len(inside)) + np.bincount(
            web.other, web.weights * ~inside[web.one], len(inside)
        )
        covered = web.total - float(web.weights[~inside[web.one] & ~inside[web.other]].sum())
        now = _correlation(web, int(inside.sum()), covered)
        gain, added, dropped = max(_moves(web, inside, open_ends, covered), key=lambda move: move[0])
        if gain <= now + _BETTER:
            return now, tuple(np.flatnonzero(inside).tolist())
        inside[[node for node in (added, dropped) if node is not None]] ^= True
    return None


def _moves(web: _Web, inside: Numbers, open_ends: Numbers, covered: float) -> Iterator[tuple[float, int | None, int | None]]:
    """The best unit to add, to drop, and to swap, each with the correlation after it.

    ``open_ends`` is the weight of each unit's ties with the periphery: what a unit adds to the cover when it enters the core,
    and takes along when it leaves. In a swap the tie between the two stays covered.
    """
    import numpy as np

    size = int(inside.sum())
    best = int(np.where(inside, -inf, open_ends).argmax())
    least = int(np.where(inside, open_ends, inf).argmin())
    yield _correlation(web, size + 1, covered + open_ends[best]), best, None
    yield _correlation(web, size - 1, covered - open_ends[least]), None, least
    yield _correlation(web, size, covered + open_ends[best] - open_ends[least]), best, least
    cross = np.flatnonzero(inside[web.one] != inside[web.other])
    if len(cross):
        held = np.where(inside[web.one[cross]], web.one[cross], web.other[cross])
        free = web.one[cross] + web.other[cross] - held
        gains = open_ends[free] - open_ends[held] + web.weights[cross]
        at = int(gains.argmax())
        yield _correlation(web, size, covered + float(gains[at])), int(free[at]), int(held[at])


def _described(web: _Web, core: Sequence[int], correlation: float) -> CorePeriphery:
    import numpy as np

    inside = np.zeros(len(web.nodes), dtype=bool)
    inside[list(core)] = True
    held, n = len(core), len(web.nodes)
    ends = inside[web.one].astype(int) + inside[web.other]
    outside, between, within = np.bincount(ends, web.weights, 3).tolist()
    return CorePeriphery(
        core=tuple(web.nodes[node] for node in core),
        periphery=tuple(node for node, chosen in zip(web.nodes, inside, strict=True) if not chosen),
        correlation=correlation,
        within=within / comb(held, 2) if held > 1 else None,
        between=between / (held * (n - held)),
        outside=outside / comb(n - held, 2),
    )

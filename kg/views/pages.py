"""The picture of a graph of any size: one page where it fits, else an overview of its packs and a page for each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import sqrt
from pathlib import PurePath
from typing import Any

from kg.analysis.load import measure_load, standings
from kg.analysis.packs import MOST, Pack, is_large, packs_of, place_code, shared_tasks, task_counts, ties_around
from kg.messages import language, say
from kg.model import Ties
from kg.views.layout import lay_out
from kg.views.page import draw_page, page_title, picture_page, policy, source
from kg.views.page_data import Home, picture_of, unit_labels
from kg.views.pinyin import spellings
from kg.views.report import templates

_DRAWN = 120
"""Packs that are drawn as discs, those with most tasks; all stand in the table."""
_STRONGEST = 3
"""Links of each pack that are drawn."""
_INDEXED = 20_000
"""Up to so many units can be searched for in the overview."""
_NAMED = 3
_ABREAST = 7


@dataclass(frozen=True, slots=True)
class PackRow:
    """A pack as the overview tells of it."""

    pack: Pack
    label: str
    href: str
    units: int
    tasks: int
    relations: int
    """Summed over its units."""
    first: str
    """Its units with most tasks."""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What the pages of one large graph have in common, worked out once: which there are, and which unit stands on which."""

    ties: Ties
    file: str
    lang: str
    rows: Mapping[str, PackRow]
    """The packs by the file name of their page, those with most tasks first."""
    page_of: Mapping[str, str]
    intervals: Mapping[str, tuple[int, int, int]]
    labels: Mapping[str, str]

    def names(self) -> list[str]:
        """The file names of all pages, the first to open first."""
        return [self.file, *self.rows]


def draw_pages(
    ties: Ties,
    file: str = "page.html",
    *,
    lang: str | None = None,
    places: Mapping[str, str] | None = None,
    most: int = MOST,
) -> Iterator[tuple[str, str]]:
    """The pages of a graph by file name, the first to open first; they lie side by side and lead to each other.

    Args:
        ties: the ties table; it is not changed.
        file: name of the first; the others of ``page.html`` are ``page-<pack>.html``.
        lang: zh or en; the language in use where None.
        places: names of divisions by code.
        most: units of one picture.
    """
    lang = lang or language()
    if not is_large(ties, most):
        yield file, draw_page(ties, lang=lang)
        return
    plan = plan_pages(ties, file, lang, places or {}, most)
    for name in plan.names():
        yield name, planned_page(plan, name)


def plan_pages(ties: Ties, file: str, lang: str, places: Mapping[str, str], most: int = MOST) -> Plan:
    """What the pages of a graph of more than ``most`` units have in common; arguments as for ``draw_pages``."""
    rows = _rows(ties, packs_of(ties, most), file, lang, places)
    return Plan(
        ties=ties,
        file=file,
        lang=lang,
        rows={row.href: row for row in rows},
        page_of={unit: row.href for row in rows for unit in row.pack.units},
        intervals={one.unit: one.interval for one in standings(ties)},
        labels=unit_labels(ties, lang),
    )


def planned_page(plan: Plan, name: str) -> str:
    """One of the pages, by a name that ``plan.names()`` has."""
    if name == plan.file:
        return overview_page(plan.ties, list(plan.rows.values()), plan.lang)
    row = plan.rows[name]
    part = ties_around(plan.ties, row.pack)
    home = Home(plan.file, row.label, frozenset(row.pack.units), plan.page_of, plan.intervals, plan.labels)
    title = say("overview.title", lang=plan.lang, pack=row.label, title=page_title(part, plan.lang))
    return picture_page(picture_of(part, plan.lang, home), title, lang=plan.lang)


def _rows(ties: Ties, packs: Sequence[Pack], file: str, lang: str, places: Mapping[str, str]) -> list[PackRow]:
    """The packs with their figures, those with most tasks first."""
    tasks_of: dict[int, set[tuple[str, int]]] = {at: set() for at in range(len(packs))}
    number = {unit: at for at, pack in enumerate(packs) for unit in pack.units}
    for tie in ties.ties:
        if not tie.through:
            tasks_of[number[tie.unit]].add((tie.notice, tie.task))
    relations = {load.unit: load.relations for load in measure_load(ties)}
    labels = unit_labels(ties, lang)
    named = {place_code(notice.jurisdiction): notice.place for notice in ties.notices if notice.jurisdiction and notice.place} | dict(
        places
    )
    found = [
        PackRow(
            pack=pack,
            label=_label(pack, named, labels, lang),
            href=str(PurePath(file).with_stem(f"{PurePath(file).stem}-{pack.key}")),
            units=len(pack.units),
            tasks=len(tasks_of[at]),
            relations=sum(relations.get(unit, 0) for unit in pack.units),
            first=say("page.join", lang=lang).join(labels[unit] for unit in pack.units[:_NAMED]),
        )
        for at, pack in enumerate(packs)
    ]
    return sorted(found, key=lambda row: (-row.tasks, row.pack.key))


def _label(pack: Pack, places: Mapping[str, str], labels: Mapping[str, str], lang: str) -> str:
    place = places.get(pack.place) or (say("overview.country", lang=lang) if pack.place == "CN" else pack.place)
    if not place:
        place = say("overview.nowhere", lang=lang)
    if pack.whole:
        return place
    return say("overview.part", lang=lang, place=place, number=pack.key.rpartition("-")[2], unit=labels[pack.units[0]])


def overview_page(ties: Ties, rows: Sequence[PackRow], lang: str) -> str:
    """The page that shows the packs of a graph as discs, tells of each in a table, and finds a unit's page by its name."""
    css, script = source("palette.css") + source("overview.css"), source("overview.js")
    pairs = shared_tasks(ties, [row.pack for row in rows])
    return templates().get_template("overview.html.j2").render(
        lang=lang,
        title=page_title(ties, lang),
        rows=rows,
        drawing=_drawing(rows, pairs),
        strongest=sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))[:20],
        index=_index(ties, rows, lang),
        tasks=len(ties.tasks),
        units=sum(row.units for row in rows),
        css=css,
        script=script,
        policy=policy(scripts=[script], styles=[css]),
        say=partial(say, lang=lang),
        words=lambda key, **fields: say(f"overview.{key}", lang=lang, **fields),
    )  # fmt: skip


def _drawing(rows: Sequence[PackRow], pairs: Mapping[tuple[int, int], int]) -> dict[str, Any]:
    """Discs and lines of the drawing with their places, and the box that holds them."""
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(str(at) for at in range(len(rows[:_DRAWN])))
    near: dict[int, list[tuple[int, int]]] = {}
    for (one, other), shared in pairs.items():
        if other < _DRAWN:
            near.setdefault(one, []).append((shared, other))
            near.setdefault(other, []).append((shared, one))
    for one, others in near.items():
        for shared, other in sorted(others, key=lambda pair: (-pair[0], pair[1]))[:_STRONGEST]:
            graph.add_edge(str(one), str(other), weight=shared)
    scale = 46 / sqrt(max((row.tasks for row in rows), default=1) or 1)
    radii = {str(at): round(max(5.0, scale * sqrt(row.tasks)), 1) for at, row in enumerate(rows[:_DRAWN])}
    linked = graph.subgraph([node for node in graph if graph.degree(node)])
    places = lay_out(linked, {node: rows[int(node)].label for node in linked}, radii)
    places |= _in_rows([node for node in radii if node not in places], radii, max((y for _, y in places.values()), default=-60.0) + 130)
    most = max((weight for _, _, weight in graph.edges(data="weight")), default=1)
    lines = [
        (*places[one], *places[other], round(0.8 + 7 * graph[one][other]["weight"] / most, 1))
        for one, other in sorted(map(sorted, graph.edges))
    ]
    left, right = min(x for x, _ in places.values()) - 110, max(x for x, _ in places.values()) + 110
    top, bottom = min(y for _, y in places.values()) - 70, max(y for _, y in places.values()) + 80
    return {
        "box": f"{left:.0f} {top:.0f} {right - left:.0f} {bottom - top:.0f}",
        "lines": lines,
        "discs": [(rows[at], *places[str(at)], radii[str(at)]) for at in range(len(radii))],
    }


def _in_rows(nodes: Sequence[str], radii: Mapping[str, float], top: float) -> dict[str, tuple[float, float]]:
    """Packs that share no task with others, one beside the other, largest first."""
    found: dict[str, tuple[float, float]] = {}
    for start in range(0, len(nodes), _ABREAST):
        row = nodes[start : start + _ABREAST]
        for at, node in enumerate(row):
            found[node] = (150.0 * at, round(top + radii[row[0]], 1))
        top += 2 * radii[row[0]] + 46
    return found


def _index(ties: Ties, rows: Sequence[PackRow], lang: str) -> list[list[Any]]:
    """For every unit its label, how it may be typed, and the number of its pack, those with most tasks first."""
    if len(ties.units) > _INDEXED:
        return []
    tasks, labels = task_counts(ties), unit_labels(ties, lang)
    pack_of = {unit: at for at, row in enumerate(rows) for unit in row.pack.units}
    plain = {unit.id: unit for unit in ties.units}
    ordered = sorted(pack_of, key=lambda unit: (-tasks[unit], unit))
    return [[labels[unit], " ".join([*plain[unit].aliases, *spellings(plain[unit].label)]), pack_of[unit]] for unit in ordered]

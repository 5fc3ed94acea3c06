"""What the picture is drawn from: its units with their places, and the tasks with their teams, as plain data by pure functions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import TYPE_CHECKING, Any

from kg.analysis.load import Standing, TaskKey, standings
from kg.analysis.matrix import Mark, matrix
from kg.analysis.network import communities, unit_graph
from kg.messages import say
from kg.model import TERRITORIAL, Kind, Level, NoticeRow, Ties
from kg.views.layout import Place, lay_out
from kg.views.ledger import line_names
from kg.views.pinyin import spellings

if TYPE_CHECKING:
    import networkx as nx

SHAPES = {
    Kind.PARTY_ORGAN: "hexagon",
    Kind.MASS_ORGANISATION: "hexagon",
    Kind.COURT: "hexagon",
    Kind.MILITARY: "hexagon",
    Kind.TERRITORY: "square",
    Kind.ZONE: "square",
    Kind.ENTERPRISE: "diamond",
    Kind.UNIVERSITY: "diamond",
    Kind.CENTRAL_AGENCY: "triangle",
    Kind.PROVINCIAL_AGENCY: "triangle",
}
"""Shape by kind; bodies of the government itself are discs."""
_USUAL = 2
"""Fewest shared tasks of a link that is drawn at first: one shared task joins nearly everybody."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that is drawn and listed, from one ties table; the template takes it as it is."""

    units: tuple[Mapping[str, Any], ...]
    """Attributes of every unit of the matrix, by id; those without a printed task are drawn nowhere."""
    page: Mapping[str, Any]
    """Notices, sections, tasks, words and figures that the page's script works on."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where a page of a part of a graph belongs: the whole, and the pages of the units that are no part of it."""

    href: str
    """The file of the overview."""
    label: str
    inside: frozenset[str]
    """The units of this page; others are there only because they share tasks with them."""
    pages: Mapping[str, str]
    """The file of every unit's page."""
    intervals: Mapping[str, tuple[int, int, int]]
    """Of every unit, over the whole graph."""
    labels: Mapping[str, str]
    """Of every unit, as all pages and links between them call it."""


def picture_of(ties: Ties, lang: str, home: Home | None = None) -> Picture:
    """The data of the page.

    Args:
        ties: the ties table of one or more notices; it is not changed.
        lang: zh or en, for labels of kinds, levels and lines of work.
        home: what the ties are a part of; with all tasks of the units of this page.
    """
    load = standings(ties) if home is None else [replace(one, interval=home.intervals[one.unit]) for one in standings(ties)]
    inside = [unit for unit in ties.units if home is None or unit.id in home.inside]
    graph = unit_graph(ties)
    graph = graph if home is None else graph.subgraph(home.inside)
    universal = {one.unit for one in load if one.universal}
    first = first_sight(graph, universal, [one.unit for one in load if one.tasks and one.unit in graph])
    labels = home.labels if home else unit_labels(ties, lang)
    used = set(matrix(ties).marks.values())
    order = sorted(one.unit for one in load)
    return Picture(
        units=tuple(_units(ties, load, labels, _places(graph, load, labels, first["least"]))),
        page={
            "notices": [{"id": n.id, "title": n.title, "number": n.number, "place": n.place, "year": n.year} for n in ties.notices],
            "sections": [{"key": f"{s.notice}|{s.index}", "notice": s.notice, "number": s.number, "title": s.title} for s in ties.sections],
            "tasks": _tasks(ties, {unit: at for at, unit in enumerate(order)}),
            "kinds": _words(Kind, (unit.kind for unit in inside), "page.kind", lang),
            "levels": _words(Level, (unit.level for unit in inside), "units.levels", lang),
            "lines": {line: line_names((line,), lang) for line in sorted({line for unit in inside for line in unit.lines})},
            "marks": {
                mark.value: {word: say(f"sheets.mark.{mark.value}.{word}", lang=lang) for word in ("symbol", "name")} for mark in Mark
            },
            "used": [mark.value for mark in Mark if mark in used],
            "classes": class_bounds([one.relations for one in load if one.kind not in TERRITORIAL]),
            "first": first,
            "sides": None,
            "home": {"href": home.href} if home else None,
            "elsewhere": {one.unit: home.pages[one.unit] for one in load if one.unit not in home.inside} if home else {},
            "most": max((int(weight) for _, _, weight in _links(graph, 1, universal)), default=1),
        },
    )


def first_sight(graph: nx.Graph, universal: Collection[str], units: Sequence[str]) -> dict[str, Any]:
    """What is drawn at first: links of at least two tasks, without units that stand nearly everywhere.

    Where that leaves nothing at all, one shared task is enough; where every unit stands everywhere, all are drawn.

    Returns:
        ``least``, the fewest shared tasks of a link; ``universal``, whether units nearly everywhere are drawn.
    """
    every = all(unit in universal for unit in units)
    usual = bool(_links(graph, _USUAL, () if every else universal))
    return {"least": _USUAL if usual else 1, "universal": every}


def _links(graph: nx.Graph, least: int, hidden: Collection[str]) -> list[tuple[str, str, int]]:
    return sorted(
        (min(one, other), max(one, other), int(weight))
        for one, other, weight in graph.edges(data="weight")
        if weight >= least and one not in hidden and other not in hidden
    )


def _units(ties: Ties, load: Sequence[Standing], labels: Mapping[str, str], places: Mapping[str, Place]) -> Iterable[dict[str, Any]]:
    joint = [members for members in communities(ties) if len(members) > 1]
    groups = {unit: at for at, members in enumerate(joint) for unit in members}
    rows = {unit.id: unit for unit in ties.units}
    for one in sorted(load, key=lambda one: one.unit):
        # Units of another page lie nowhere: they are never drawn.
        x, y = places.get(one.unit, (0.0, 0.0))
        yield {
            "id": one.unit,
            "label": labels[one.unit],
            "x": x,
            "y": y,
            "size": radius(one.tasks),
            "kind": one.kind.value,
            "level": rows[one.unit].level,
            "lines": list(one.lines),
            "mark": SHAPES.get(one.kind, "disc"),
            "territorial": one.kind in TERRITORIAL,
            "universal": one.universal,
            "interval": list(one.interval),
            "community": groups.get(one.unit, -1),
            "aliases": list(rows[one.unit].aliases),
            "spelling": spellings(one.label),
        }


def _places(graph: nx.Graph, load: Sequence[Standing], labels: Mapping[str, str], least: int) -> dict[str, Place]:
    # What is first seen decides: links of the first sight, and units that stand nearly everywhere aside.
    kept = graph.subgraph([one.unit for one in load if one.tasks and not one.universal]).copy()
    kept.add_nodes_from(one.unit for one in load if not one.tasks)
    kept.remove_edges_from([(a, b) for a, b, weight in kept.edges(data="weight") if weight < least])
    aside = [one.unit for one in load if one.universal and one.unit in graph]
    return lay_out(kept, labels, {one.unit: radius(one.tasks) for one in load}, aside=aside)


def _tasks(ties: Ties, place: Mapping[str, int]) -> list[dict[str, Any]]:
    # Units stand by their place among all units, most relations first within a task: the ids would be a third of the page.
    groups = {group.id: group.label for group in ties.groups}
    references: defaultdict[TaskKey, list[str]] = defaultdict(list)
    for reference in ties.references:
        references[reference.notice, reference.task].append(groups[reference.group])
    whole = matrix(ties)
    held: defaultdict[tuple[int, Mark], list[int]] = defaultdict(list)
    for (row, column), mark in sorted(whole.marks.items()):
        held[column, mark].append(place[whole.units[row].id])
    return [
        {
            "key": f"{task.notice}|{task.i}",
            "notice": task.notice,
            "i": task.i,
            "number": task.number,
            "section": f"{task.notice}|{task.section}" if task.section else "",
            "text": task.text,
            "clause": task.clause,
            "groups": references[task.notice, task.i],
            **{mark.value: held[column, mark] for mark in Mark},
        }
        for column, task in enumerate(whole.tasks)
    ]


def _words(values: Iterable[Kind | Level], used: Iterable[str], key: str, lang: str) -> dict[str, str]:
    there = set(used)
    return {value.value: say(f"{key}.{value.value}", lang=lang) for value in values if value.value in there}


def unit_labels(ties: Ties, lang: str) -> dict[str, str]:
    """The label of every unit; where units of several places share one, each says where it comes from."""
    notices = {notice.id: notice for notice in ties.notices}
    first: dict[str, NoticeRow] = {}
    for tie in ties.ties:
        first.setdefault(tie.unit, notices[tie.notice])
    shared = Counter(unit.label for unit in ties.units)
    found: dict[str, str] = {}
    for unit in ties.units:
        label, notice = unit.label, first.get(unit.id)
        if shared[label] > 1 and notice:
            place = notice.place or notice.issuer or notice.number or notice.id
            label = say("page.unit-of", unit=label, place=place, lang=lang)
        found[unit.id] = label
    again = Counter(found.values())
    return {unit: label if again[label] == 1 else f"{label} {unit.partition(':')[2]}" for unit, label in found.items()}


def radius(tasks: int) -> float:
    """The radius of a disc: its area is proportional to the tasks.

    >>> round(radius(27) ** 2 / radius(3) ** 2, 1)
    9.0
    """
    return round(6.4 * sqrt(tasks), 2)


def class_bounds(relations: Sequence[int]) -> list[int]:
    """The upper bounds of the first four of five colour classes: round numbers near the fifths of the largest load.

    >>> class_bounds([58, 57, 41, 3]), class_bounds([])
    ([5, 10, 20, 40], [1, 2, 3, 4])
    """
    most = max(relations, default=0)
    steps = [bound for scale in (1, 10, 100, 1000, 10000) for bound in (scale, 2 * scale, 5 * scale)]
    top = next((4 * step for step in reversed(steps) if 4 * step < most and step * 10 >= most / 8), 4)
    return [top // 8, top // 4, top // 2, top] if top >= 8 else [1, 2, 3, 4]

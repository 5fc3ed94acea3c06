"""The record of a build, and the details of tasks in it that its ties do not hold."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import GraphError
from kg.versions import current

if TYPE_CHECKING:
    from kg.api import KG
    from kg.graph.asked import Graph
    from kg.views.details import Details


def read_records(folder: Path) -> list[dict[str, Any]]:
    """The extraction records of a build, one a notice.

    Raises:
        GraphError: they are missing or broken.
    """
    path = current(folder) / "notices.jsonl"
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    except (OSError, ValueError) as error:
        raise GraphError(path) from error


def read_details(folder: Path, *, persons: bool = False) -> Details:
    """Targets, time limits and positions of all tasks of a build.

    Args:
        folder: the output of a build.
        persons: whether the persons whom the clauses name are told.

    Raises:
        GraphError: the record of the build is missing or broken.
    """
    from kg.views.details import details_of

    folder = current(folder)
    records = read_records(folder)
    try:
        ids = [str(one["notice"]["id"]) for one in records]
        texts = {one: (folder / "texts" / f"{one}.txt").read_bytes().decode("utf-8") for one in ids}
        return details_of(records, texts, persons=persons)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GraphError(folder / "notices.jsonl") from error


def details_of_graph(graph: Graph) -> Details:
    """Targets and time limits of all tasks of a graph; it tells no lines, no places of clauses and no persons."""
    from kg.graph.asked import solutions
    from kg.graph.iris import PREFIXES, curie
    from kg.views.details import Detail

    targets: defaultdict[tuple[str, int], list[tuple[int, str, str]]] = defaultdict(list)
    limits: dict[tuple[str, int], tuple[str, str]] = {}
    for row in solutions(graph, _TARGETS, PREFIXES):
        targets[curie(row["n"]).removeprefix("notice:"), int(row["i"])].append(
            (int(row["start"]), row["printed"], row.get("indicator", ""))
        )
    for row in solutions(graph, _LIMITS, PREFIXES):
        limits[curie(row["n"]).removeprefix("notice:"), int(row["i"])] = row["printed"], row.get("due", "")
    return {
        key: Detail(tuple((printed, of) for _, printed, of in sorted(targets[key])), *limits.get(key, ("", "")))
        for key in sorted(targets.keys() | limits.keys())
    }


_TARGETS = """SELECT ?n ?i ?start ?printed ?indicator WHERE {
  ?t a kg:Task ; kg:inNotice ?n ; kg:index ?i ; kg:hasTarget ?g . ?g kg:printedText ?printed ; kg:start ?start .
  OPTIONAL { ?g kg:indicator ?indicator }
}"""
_LIMITS = """SELECT ?n ?i ?printed ?due WHERE {
  ?t a kg:Task ; kg:inNotice ?n ; kg:index ?i ; kg:hasDeadline ?d . ?d kg:printedText ?printed . OPTIONAL { ?d kg:dueBy ?due }
}"""


def details_of(opened: KG, *, persons: bool = False) -> Details:
    """The details of an opened graph, from the record of a build or else from the graph itself.

    Raises:
        GraphError: the record of the build is missing or broken.
    """
    if isinstance(opened.path, Path) and opened.is_build:
        return read_details(opened.path, persons=persons)
    return details_of_graph(opened.graph)

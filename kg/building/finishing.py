"""What people open of a version – Turtle, report, picture – and its manifest; of a large graph the figures alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from kg import __version__
from kg.building.filling import TIES
from kg.building.health import Base, sums_of
from kg.building.inventory import Entry
from kg.building.line import Tell
from kg.building.output import manifest_text
from kg.messages import language
from kg.versions import MANIFEST, read_manifest

LARGE_GRAPH = 500_000
"""Triples up to which the graph is written as Turtle too, sorted in memory; ``kg export`` writes that of a larger one."""
LARGE_NOTICES, LARGE_UNITS = 50, 1_500
"""Notices and units up to which report and picture are made with every build; ``kg report`` and ``kg draw`` make them for more."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How much a version holds, and whether report, picture and Turtle were left to their own commands."""

    notices: int
    tasks: int
    units: int
    triples: int
    unled: int
    """Tasks that print no lead."""
    pages: bool
    turtle: bool


def finish(folder: Path, base: Base | None, triples: int, entries: Sequence[Entry], tell: Tell) -> Figures:
    """Write Turtle, report and picture of a version as far as its size allows, and its manifest last; how much it holds."""
    figures = _counted(folder / TIES, triples)
    steps = 5
    if figures.turtle:
        _write_turtle(folder)
    if figures.pages:
        _write_pages(folder, tell, steps)
    tell("done", 4, steps)
    sources = [{"id": entry.notice, "source": entry.source, "sha256": entry.sha256} for entry in entries]
    content = {"govresp": __version__, "language": language(), "triples": triples, "figures": asdict(figures)}
    manifest = manifest_text({**content, "files": sums_of(folder, base), "notices": sources})
    (folder / MANIFEST).write_bytes(manifest.encode("utf-8"))
    folder.chmod(0o755)
    return figures


def figures_of(folder: Path) -> Figures:
    """How much a version holds, by its manifest.

    Raises:
        GraphError, StoreVersionError: it has none, or one of another format.
    """
    return Figures(**read_manifest(folder)["figures"])


def _counted(path: Path, triples: int) -> Figures:
    with closing(sqlite3.connect(path)) as connection:
        notices, tasks, units, unled = (connection.execute(question).fetchone()[0] for question in _COUNTS)
    return Figures(notices, tasks, units, triples, unled, notices <= LARGE_NOTICES and units <= LARGE_UNITS, triples <= LARGE_GRAPH)


# Joined, not looked up with IN: SQLite has no index for pairs of a compound query, and would go through all of them for each task.
_UNLED = (
    "FROM task LEFT JOIN (SELECT notice AS n, task AS t FROM tie WHERE role = 'lead' AND through = '' "
    "UNION SELECT notice, task FROM reference WHERE role = 'lead') ON n = notice AND t = i WHERE n IS NULL"
)
_COUNTS = (
    "SELECT COUNT(*) FROM notice",
    "SELECT COUNT(*) FROM task",
    "SELECT COUNT(DISTINCT unit) FROM tie WHERE through = ''",
    f"SELECT COUNT(*) {_UNLED}",
)


def unled_tasks(folder: Path) -> list[int]:
    """The running numbers of the tasks of a version that print no lead."""
    with closing(sqlite3.connect(folder / TIES)) as connection:
        return [i for (i,) in connection.execute(f"SELECT i {_UNLED} ORDER BY notice, i")]


def _write_turtle(folder: Path) -> None:
    from kg.graph.serialise import serialise_store
    from kg.graph.store import open_store

    _write(folder / "graph.ttl", serialise_store(open_store(folder / "store"), "ttl"))


def _write_pages(folder: Path, tell: Tell, steps: int) -> None:
    from kg.graph.ties import read_ties
    from kg.naming.divisions import last_names
    from kg.views.markdown import document_markdown
    from kg.views.pages import draw_pages
    from kg.views.report import document_html, report_document

    ties = read_ties(folder / TIES)
    tell("report", 2, steps)
    document = report_document(ties, language())
    _write(folder / "report.html", document_html(document))
    _write(folder / "report.md", document_markdown(document))
    tell("page", 3, steps)
    for name, page in draw_pages(ties, places=last_names()):
        _write(folder / name, page)


def _write(path: Path, text: str) -> None:
    # Bytes, so that line ends stay as they are on every system.
    path.write_bytes(text.encode("utf-8"))

"""The Python API: the command line's verbs as functions, and one object that answers about a graph."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import GraphError, KgError, NotBuiltError
from kg.line import Knowledge, Tell, read_notices, silent
from kg.model import Notice, Ties
from kg.versions import current, is_build

if TYPE_CHECKING:
    import networkx
    import pyoxigraph
    import rdflib

    from kg.analysis.assess import Assessment
    from kg.analysis.compare import Comparison
    from kg.analysis.load import Overview, Standing
    from kg.analysis.network import Centrality
    from kg.analysis.whatif import Outcome
    from kg.graph.queries import Answer


class KG:
    """A graph that was built or opened: ask it, measure it, draw it. In a notebook it shows its picture.

    ``path`` is the folder of a build.
    """

    def __init__(
        self,
        path: Path,
        sources: tuple[str | Path, ...] = (),
        failures: tuple[KgError, ...] = (),
        *,
        knowledge: Knowledge = Knowledge(),
        temporary: Path | None = None,
    ) -> None:
        self.path = path
        self.failures = failures
        self._sources = sources
        self._knowledge = knowledge
        if temporary is not None:
            # The folder of a graph that was built nowhere in particular goes with the graph.
            weakref.finalize(self, shutil.rmtree, temporary, ignore_errors=True)

    @cached_property
    def notices(self) -> tuple[Notice, ...]:
        """The notices as read, where the graph was built in this run: read again when they are first asked for."""
        return read_notices(self._sources, self._knowledge).notices if self._sources else ()

    def __repr__(self) -> str:
        if not is_build(self.path):
            return f"KG({str(self.path)!r})"
        return f"KG({str(self.path)!r}, {len(self.ties.notices)} notices, {len(self.ties.tasks)} tasks)"

    def _repr_html_(self) -> str | None:
        from kg.views.page import page_frame

        if not is_build(self.path):
            return None
        return page_frame(self.page())

    @cached_property
    def ties(self) -> Ties:
        """The ties table."""
        from kg.graph.ties import read_ties

        if not is_build(self.path):
            raise NotBuiltError(self.path)
        return read_ties(self._version / "ties.sqlite")

    @cached_property
    def _version(self) -> Path:
        # One version for all that is asked, whatever is built into the folder meanwhile.
        return current(self.path) if is_build(self.path) else self.path

    @cached_property
    def store(self) -> pyoxigraph.Store:
        """The Oxigraph store, read only."""
        from kg.graph.store import open_store

        return open_store(self._version)

    def dataset(self) -> rdflib.Dataset:
        """The graph as an rdflib Dataset over the same store."""
        from kg.graph.store import open_dataset

        return open_dataset(self._version)

    def query(self, question: str, **parameters: str) -> Answer:
        """The answer to a canned question by its name, or to a SPARQL text.

        Raises:
            QuestionError, ParameterError, UnitNotFoundError, QueryError: as ``kg query`` says.
        """
        from kg.graph.queries import ask, ask_text, is_sparql

        return ask_text(self.store, question) if is_sparql(question) else ask(self.store, question, parameters)

    def load(self) -> list[Standing]:
        """The load of every unit, most coordination relations first, territories and zones after the others."""
        from kg.analysis.load import standings

        return standings(self.ties)

    def overview(self) -> Overview:
        """The figures of the graph as a whole."""
        from kg.analysis.load import overview

        return overview(self.ties)

    def centralities(self) -> list[Centrality]:
        """The place of every unit in the network."""
        from kg.analysis.network import centralities

        return centralities(self.ties)

    def assess(self, *, seed: int = 2020, staff: str | Path | None = None) -> Assessment:
        """Which units stand out by volume or span of coordination, tested, with what would overturn it.

        Args:
            seed: of every random step.
            staff: a CSV with the staff of units; without it nobody is called overloaded.
        """
        from kg.analysis.assess import assess
        from kg.analysis.capacity import read_staff

        return assess(self.ties, seed=seed, staff=read_staff(Path(staff), self.ties) if staff else None)

    def whatif(self, scenario: str | Path) -> Outcome:
        """A change of units or roles tried out: every figure before and after (``kg whatif``).

        Raises:
            ScenarioMissingError, ScenarioError: there is no such file, or its steps do not fit; all faults at once.
        """
        from kg.analysis.scenario_file import read_scenario
        from kg.analysis.whatif import whatif

        return whatif(self.ties, read_scenario(Path(scenario), self.ties))

    def workbook(self, *, lang: str | None = None) -> bytes:
        """The ledger of tasks, units, relations and matrix as an XLSX file."""
        from kg.views.workbook import workbook_bytes

        return workbook_bytes(self.ties, lang=lang)

    def unit_graph(self) -> networkx.Graph:
        """The weighted graph of units that share tasks, for work of your own with NetworkX."""
        from kg.analysis.network import unit_graph

        return unit_graph(self.ties)

    def report(self, *, lang: str | None = None) -> str:
        """The report as one HTML text."""
        from kg.views.report import report_html

        return report_html(self.ties, lang=lang)

    def page(self, *, lang: str | None = None) -> str:
        """The interactive picture as one HTML text."""
        from kg.views.page import draw_page

        return draw_page(self.ties, lang=lang)


def extract(*sources: str | Path, knowledge: Knowledge = Knowledge()) -> tuple[Notice, ...]:
    """The notices of some files or folders, read and named.

    Raises:
        KgError: nothing could be read; where only some files fail, the others are returned.
    """
    return read_notices(sources, knowledge).notices


def build(
    sources: str | Path | Sequence[str | Path],
    out: str | Path | None = None,
    knowledge: Knowledge = Knowledge(),
    tell: Tell = silent,
    *,
    persons: bool = False,
    jobs: int = 1,
    wait: bool = False,
) -> KG:
    """Build the graph of some notices; what was built into the folder before is read no second time.

    Args:
        sources: files and folders, or one of them.
        out: where to write it; a temporary folder that goes with the returned object where None.
        persons: whether graph, report and page show the persons whom the clauses name.
        jobs: processes that read; 0 takes one for each processor where there are many files.
        wait: whether to wait for another process that is building into the same folder.

    Raises:
        KgError: nothing could be read or written; ``failures`` of the result holds what stopped single files.
    """
    from kg.building import Way, build_folder
    from kg.messages import language
    from kg.shards import Terms

    named = (sources,) if isinstance(sources, str | Path) else tuple(sources)
    temporary = Path(tempfile.mkdtemp(prefix="govresp-")) if out is None else None
    folder = temporary / "graph" if temporary else Path(str(out))
    # Made first, so that a temporary folder goes with it whatever happens.
    graph = KG(folder, named, knowledge=knowledge, temporary=temporary)
    built = build_folder(named, folder, Terms(knowledge, persons, language()), Way(jobs, wait), tell)
    graph.failures = tuple(failure.error for failure in built.failures)
    return graph


def load(path: str | Path) -> KG:
    """The graph of a build folder, or of an RDF file (which can be asked, but has no ties table).

    Raises:
        GraphError: there is no graph.
    """
    if not Path(path).exists():
        raise GraphError(path)
    return KG(Path(path))


def open(path: str | Path) -> rdflib.Dataset:
    """The graph of a build folder or an RDF file as an rdflib Dataset, answered by Oxigraph.

    Raises:
        GraphError: there is no graph.
        StoreVersionError: the folder was built by another version.
    """
    return load(path).dataset()


def compare(old: str | Path, new: str | Path, knowledge: Knowledge = Knowledge()) -> Comparison:
    """Two notices, folders or build folders side by side: tasks, units, load.

    Args:
        old: the earlier side; a file, a folder or the output of a build.
        new: the later side.
        knowledge: tables of the user's own.

    Raises:
        SidesEqualError, SideEmptyError: both sides are one path, or one holds no task.
        BatchError, KgError: a side cannot be read.
    """
    from kg.sides import compare_sources

    return compare_sources(old, new, knowledge).comparison

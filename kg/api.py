"""The Python API: the command line's verbs as functions, and one object that answers about a graph."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.building.line import Knowledge, Tell, read_notices, silent
from kg.errors import GraphError, KgError
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
    from kg.graph.asked import Graph
    from kg.graph.queries import Answer
    from kg.graph.sending import Sent


class KG:
    """A graph that was built or opened: ask it, measure it, draw it. In a notebook it shows its picture.

    ``path`` is the folder of a build, an RDF file or the address of a SPARQL endpoint.
    """

    def __init__(
        self,
        path: Path | str,
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
        if not self.is_build:
            return f"KG({self.shown!r})"
        return f"KG({str(self.path)!r}, {len(self.ties.notices)} notices, {len(self.ties.tasks)} tasks)"

    def _repr_html_(self) -> str | None:
        from kg.views.page import page_frame

        return page_frame(self.page()) if self.is_build else None

    @property
    def shown(self) -> str:
        """Its path or address, as messages show it."""
        from kg.graph.endpoint_errors import shown_address

        return shown_address(self.path) if isinstance(self.path, str) else str(self.path)

    @property
    def is_build(self) -> bool:
        """Whether it is the output of a build, which has its ties and its record beside the graph."""
        return isinstance(self.path, Path) and is_build(self.path)

    @cached_property
    def ties(self) -> Ties:
        """The ties table: of a build as it lies there, of an RDF file or an endpoint as its graph tells."""
        from kg.graph.ties import read_ties
        from kg.graph.ties_of_graph import ties_of_graph

        if isinstance(self.path, str) or not is_build(self.path):
            return ties_of_graph(self.graph, self.shown)
        return read_ties(self.version / "ties.sqlite")

    @cached_property
    def version(self) -> Path:
        """Where its files lie: one version for all that is asked, whatever is built into the folder meanwhile."""
        path = Path(self.path)
        return current(path) if is_build(path) else path

    @cached_property
    def graph(self) -> Graph:
        """What answers queries: the endpoint where the graph is one, else the store."""
        from kg.graph.endpoint import Endpoint

        return Endpoint(self.path) if isinstance(self.path, str) else self.store

    @cached_property
    def store(self) -> pyoxigraph.Store:
        """The Oxigraph store, read only; of an endpoint a copy in memory."""
        from kg.graph.copied import copy_of
        from kg.graph.store import open_store

        return copy_of(self.graph, self.shown) if isinstance(self.path, str) else open_store(self.version)

    def dataset(self) -> rdflib.Dataset:
        """The graph as an rdflib Dataset over the same store."""
        from kg.graph.store import dataset_of

        return dataset_of(self.store)

    def query(self, question: str, **parameters: str) -> Answer:
        """The answer to a canned question by its name, or to a SPARQL text; parameters are values of variables of the same name.

        Raises:
            QuestionError, ParameterError, UnitNotFoundError, QueryError: as ``kg query`` says.
        """
        from kg.graph.queries import ask, ask_text, is_sparql

        return ask_text(self.graph, question, parameters) if is_sparql(question) else ask(self.graph, question, parameters)

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

    def parquet(self, folder: str | Path) -> None:
        """The ties as Parquet tables, one file each, in a folder that is replaced whole (``kg export --format parquet``).

        Raises:
            ExtraError: pyarrow is not installed.
            OutputForeignError, OutputError: the folder holds other things, or cannot be written to.
        """
        from kg.folder import replace_folder
        from kg.graph.ties import ties_tables
        from kg.views.parquet import TABLES, is_parquet_folder, write_parquet

        if isinstance(self.path, str) or not is_build(self.path):
            tables: Iterable[tuple[str, Iterable[Any]]] = [(name, getattr(self.ties, name)) for name in TABLES]
        else:
            # Row by row, from one file to the other: a country's ties are never in memory.
            tables = ties_tables(self.version / "ties.sqlite")
        replace_folder(Path(folder), lambda fresh: write_parquet(fresh, tables), is_parquet_folder)

    def send(self, address: str, tell: Tell = silent, *, overwrite: bool = False) -> Sent:
        """Make a graph on a SPARQL 1.1 server equal to this one, in batches; what a run that was cut off has sent is not sent again.

        Args:
            address: of the server or one of its services, with ``?graph=IRI`` for a graph of that name.
            overwrite: whether a graph with other things may be replaced.

        Raises:
            KgError: the server cannot be reached, refuses, or holds other things; ``kg.graph.sending`` says which.
        """
        from kg.graph.sending import send_graph

        return send_graph(self.store, address, tell, overwrite=overwrite)

    def unit_graph(self) -> networkx.Graph:
        """The weighted graph of units that share tasks, for work of your own with NetworkX."""
        from kg.analysis.network import unit_graph

        return unit_graph(self.ties)

    def report(self, *, lang: str | None = None) -> str:
        """The report as one HTML text."""
        from kg.views.report import report_html

        return report_html(self.ties, lang=lang)

    def page(self, *, lang: str | None = None) -> str:
        """The interactive picture as one HTML text; of a graph too large for one picture its overview (``pages``)."""
        return next(self.pages(lang=lang))[1]

    def pages(self, file: str = "page.html", *, lang: str | None = None) -> Iterator[tuple[str, str]]:
        """The picture as files by name, the first to open first: one, or above 500 units an overview and a page for each part.

        Args:
            file: name of the first; the others are named after it.
            lang: zh or en; the language in use where None.
        """
        from kg.naming.divisions import last_names
        from kg.views.pages import draw_pages

        return draw_pages(self.ties, file, lang=lang, places=last_names())


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
    from kg.building.shards import Terms
    from kg.building.whole import Way, build_folder
    from kg.messages import language

    named = (sources,) if isinstance(sources, str | Path) else tuple(sources)
    temporary = Path(tempfile.mkdtemp(prefix="govresp-")) if out is None else None
    folder = temporary / "graph" if temporary else Path(str(out))
    # Made first, so that a temporary folder goes with it whatever happens.
    graph = KG(folder, named, knowledge=knowledge, temporary=temporary)
    built = build_folder(named, folder, Terms(knowledge, persons, language()), Way(jobs, wait), tell)
    graph.failures = tuple(failure.error for failure in built.failures)
    return graph


RDF_SUFFIXES = frozenset({".ttl", ".nt", ".trig", ".nq", ".jsonld", ".rdf", ".xml"})
"""RDF files, told from notices without loading the RDF libraries."""


def is_graph(path: str | Path) -> bool:
    """Whether something is a graph already, not a notice: the output of a build, an RDF file or the address of an endpoint.

    >>> is_graph("http://localhost:7878/query"), is_graph("notice.txt")
    (True, False)
    """
    from kg.graph.client import is_address

    local = Path(path)
    return is_address(str(path)) or is_build(local) or (local.suffix.lower() in RDF_SUFFIXES and local.is_file())


def load(path: str | Path) -> KG:
    """The graph of a build folder, of an RDF file, or of a SPARQL endpoint (``http://…``), which is asked live.

    An endpoint learns who asks from ``GOVRESP_SPARQL_USER`` with ``GOVRESP_SPARQL_PASSWORD``, or ``GOVRESP_SPARQL_TOKEN``.

    Raises:
        GraphError: there is no graph.
        EndpointAddressError: the address cannot be used.
    """
    from kg.graph.client import is_address
    from kg.graph.wire import checked_address

    if is_address(str(path)):
        checked_address(str(path))
        return KG(str(path))
    if not Path(path).exists():
        raise GraphError(path)
    return KG(Path(path))


def open(path: str | Path) -> rdflib.Dataset:
    """The graph of a build folder, an RDF file or an endpoint (a copy of it) as an rdflib Dataset, answered by Oxigraph.

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

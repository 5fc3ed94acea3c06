"""A scenario tried out on notices or on a build: the ties are fetched, the scenario is checked against them, and applied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.building.line import Knowledge, read_notices
from kg.errors import KgError, ScenarioMissingError
from kg.model import Ties
from kg.reading.persons import without_persons

if TYPE_CHECKING:
    from kg.analysis.suggest import Move
    from kg.analysis.whatif import Outcome

DEFAULT = Path("out")
"""Where ``kg build`` writes, and what is looked at where nothing is named."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a scenario changes, and what stood in the way of single files."""

    outcome: Outcome
    failures: tuple[KgError, ...]


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Single moves for the ties that they change, and what stood in the way of single files."""

    ties: Ties
    moves: tuple[Move, ...]
    failures: tuple[KgError, ...]


def try_scenario(scenario: str | Path, sources: Sequence[str | Path] = (), knowledge: Knowledge = Knowledge()) -> Trial:
    """Try out the scenario of a file on some notices or on a build.

    Args:
        scenario: a TOML file, see ``kg.analysis.scenario_file.read_scenario``.
        sources: files and folders of notices, or one build, RDF file or endpoint; ``out`` where there is none.
        knowledge: tables of the user's own; they count for notices that are read, not for a build.

    Raises:
        ScenarioMissingError: a folder or a build stands where the scenario should.
        ScenarioError: the scenario does not fit; the message names all faults at once.
        SourceMissingError, TableError, NoNoticesError, BatchError: a path leads nowhere, or to nothing that can be read.
        GraphError, StoreVersionError: no graph, a broken one, or one of another version.
        EndpointError: an endpoint cannot be asked.
    """
    from kg.analysis.scenario_file import read_scenario
    from kg.analysis.whatif import whatif

    if Path(scenario).is_dir():
        raise ScenarioMissingError
    ties, failures = _ties_of(sources, knowledge)
    return Trial(whatif(ties, read_scenario(Path(scenario), ties)), failures)


def suggest_moves(sources: Sequence[str | Path] = (), n: int = 10, knowledge: Knowledge = Knowledge()) -> Suggestions:
    """The ``n`` single moves that would spread coordination relations most evenly, for some notices or a build.

    Raises:
        SourceMissingError, NoNoticesError, BatchError: a path leads nowhere, or to nothing that can be read.
        GraphError, StoreVersionError: no graph, a broken one, or one of another version.
        EndpointError: an endpoint cannot be asked.
    """
    from kg.analysis.suggest import suggest

    ties, failures = _ties_of(sources, knowledge)
    return Suggestions(ties, suggest(ties, n), failures)


def _ties_of(sources: Sequence[str | Path], knowledge: Knowledge) -> tuple[Ties, tuple[KgError, ...]]:
    """The ties of notices that are read in one go, without a graph; or those that a build or another graph holds."""
    from kg.api import is_graph, load
    from kg.graph.ties import ties_of

    paths = list(sources) or [DEFAULT]
    if len(paths) == 1 and is_graph(paths[0]):
        return load(paths[0]).ties, ()
    batch = read_notices(paths, knowledge)
    return ties_of([without_persons(notice) for notice in batch.notices], batch.changes), batch.failures

"""The tests behind a report: with what settings they are run, and run once for all the forms in which a report is written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kg.analysis.assess import LARGEST, SEED, Assessment, assess
from kg.analysis.capacity import read_staff
from kg.analysis.shape import DRAWS, Shape, measure_shape
from kg.model import Ties

FEW = 300
"""Up to so many tasks a build runs the tests itself (1.5 s for 114); above, they take minutes and are left to ``kg report``."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Seed and numbers of draws of the tests, and the staff of units where a user brings it."""

    seed: int = SEED
    draws: int = 20_000
    bootstraps: int = 1000
    null_draws: int = 1000
    staff: tuple[tuple[str, int], ...] = ()
    """Pairs of a unit's id and its posts, as of ``read_staff``."""
    part: str = ""
    """In words, which part of a graph is reported; empty where it is all of it."""
    units: frozenset[str] | None = None
    """The units whose rows are wanted; None where all are."""


def settings_for(ties: Ties, seed: int | None, staff: Path | None, part: str = "", units: frozenset[str] | None = None) -> Settings:
    """The settings that a user asks for: another seed, a table of staff, the words of a part and its units.

    Raises:
        SourceMissingError, TableError: the table of staff is not there, or something in it does not fit.
    """
    counted = tuple(read_staff(staff, ties).items()) if staff else ()
    return Settings(seed=SEED if seed is None else seed, staff=counted, part=part, units=units)


def assessed(ties: Ties, settings: Settings | None = None) -> Assessment | None:
    """What the tests say.

    Args:
        ties: the ties of one or more notices.
        settings: where absent, the usual ones; then more than ``FEW`` tasks are not tested, and the answer is None.
    """
    if settings is None and len(ties.tasks) > FEW:
        return None
    return _assessed(ties, settings or Settings())


@lru_cache(maxsize=1)
def _assessed(ties: Ties, settings: Settings) -> Assessment:
    # A build writes HTML and Markdown from the same ties; the tests take most of the time of either.
    return assess(
        ties,
        seed=settings.seed,
        draws=settings.draws,
        bootstraps=settings.bootstraps,
        null_draws=settings.null_draws,
        staff=dict(settings.staff) or None,
    )


def shaped(ties: Ties, settings: Settings | None = None) -> Shape:
    """The shape of the network; without what needs chance where the tests are left out too, or where O4 is."""
    untested = (settings is None and len(ties.tasks) > FEW) or len(ties.tasks) > LARGEST
    return _shaped(ties, 0 if untested else DRAWS, (settings or Settings()).seed)


@lru_cache(maxsize=1)
def _shaped(ties: Ties, draws: int, seed: int) -> Shape:
    return measure_shape(ties, draws=draws, seed=seed)

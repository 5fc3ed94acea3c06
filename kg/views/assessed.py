"""The tests behind a report: with what settings they are run, and run once for all the forms in which a report is written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kg.analysis.assess import SEED, Assessment, assess
from kg.analysis.capacity import read_staff
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


def settings_for(ties: Ties, seed: int | None, staff: Path | None) -> Settings:
    """The settings that a user asks for: another seed, and a table of staff.

    Raises:
        SourceMissingError, TableError: the table of staff is not there, or something in it does not fit.
    """
    counted = tuple(read_staff(staff, ties).items()) if staff else ()
    return Settings(staff=counted) if seed is None else Settings(seed=seed, staff=counted)


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

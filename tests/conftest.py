from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from kg.graph.ties import ties_of
from kg.model import Notice, Ties
from kg.naming.units import name_units
from kg.reading.notice import read_notice

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT / "seeds" / "jingzhou-2020-1.txt"

# A busy machine makes no test fail: what takes how long is measured by the benchmarks.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def jingzhou() -> Notice:
    """The Jingzhou notice, read and named."""
    return name_units(read_notice(SEED))


@pytest.fixture(scope="session")
def ties(jingzhou: Notice) -> Ties:
    """The ties table of the Jingzhou notice."""
    return ties_of([jingzhou])

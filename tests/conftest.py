from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from kg.graph.ties import ties_of
from kg.model import Notice, Ties
from kg.naming.units import name_units
from kg.reading.notice import read_notice

from . import shared

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT / "seeds" / "jingzhou-2020-1.txt"

# A busy machine makes no test fail: what takes how long is measured by the benchmarks.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    """Before the workers start, so that they know the folder."""
    shared.begin(config)


@pytest.fixture(scope="session", autouse=True)
def tests_of_ties_are_kept() -> Iterator[None]:
    """The tests behind reports are functions of ties and settings: a process runs them once for all reports on the same.

    The product keeps the last ones only, as many as a build needs; here reports on several ties take turns.
    """
    from kg.views import assessed

    with pytest.MonkeyPatch.context() as patch:
        for name in ("_assessed", "_shaped"):
            patch.setattr(assessed, name, lru_cache(maxsize=64)(getattr(assessed, name).__wrapped__))
        yield


@pytest.fixture(scope="session")
def jingzhou() -> Notice:
    """The Jingzhou notice, read and named."""
    return name_units(read_notice(SEED))


@pytest.fixture(scope="session")
def built() -> Path:
    """The folder that ``kg build`` makes of the Jingzhou notice; nobody may change it."""
    from kg.api import build

    return shared.made_once("seed", lambda folder: build([SEED], folder))


@pytest.fixture(scope="session")
def ties(jingzhou: Notice) -> Ties:
    """The ties table of the Jingzhou notice."""
    return ties_of([jingzhou])


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    """A browser for the tests of one module."""
    from .browser import browsing

    with browsing() as browser:
        yield browser


@pytest.fixture(scope="session")
def page_file(ties: Ties, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Jingzhou page as a file, in a folder with a blank and Chinese in its name."""
    from kg.views.page import draw_page

    file = tmp_path_factory.mktemp("页 面") / "page.html"
    file.write_text(draw_page(ties, lang="zh"), encoding="utf-8")
    return file

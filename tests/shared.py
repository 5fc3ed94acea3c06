"""What takes long to make and is only read: made once for all workers of a run, by whichever needs it first."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

PLACE = "GOVRESP_TESTS_SHARED"
"""The variable by which the workers learn of the folder."""


def begin(config: pytest.Config) -> None:
    """Make the folder of a run. A worker has that of the run that it belongs to."""
    if not hasattr(config, "workerinput"):
        folder = tempfile.mkdtemp(prefix="govresp-tests-")
        os.environ[PLACE] = folder
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


def made_once(name: str, make: Callable[[Path], object]) -> Path:
    """The folder that ``make`` makes, the same for every worker; nobody may change it. One that was not finished is made anew."""
    place = Path(os.environ[PLACE]) / name
    folder, done = place / "out", place / "done"
    place.mkdir(exist_ok=True)
    with FileLock(place / "lock"):
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            make(folder)
            done.touch()
    return folder

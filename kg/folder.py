"""A folder of results appears whole or not at all, and takes the place of the one before."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from kg.errors import OutputError, OutputForeignError


def replace_folder(out: Path, fill: Callable[[Path], None], is_ours: Callable[[Path], bool]) -> None:
    """Fill a new folder and put it in the place of ``out``; on any error ``out`` stays as it was.

    Args:
        out: where the folder is to be.
        fill: writes into the folder that it is given.
        is_ours: whether a folder that is not empty may be replaced.

    Raises:
        OutputForeignError: ``out`` holds something else.
        OutputError: the place cannot be written to.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        _put_back(out, is_ours)
        if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not is_ours(out))):
            raise OutputForeignError(out)
        fresh = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}-new-"))
    except OSError as error:
        raise OutputError(out, error.strerror or error) from error
    try:
        fill(fresh)
        fresh.chmod(0o755)
        _take_place(fresh, out)
    except OSError as error:
        raise OutputError(out, error.strerror or error) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _put_back(out: Path, is_ours: Callable[[Path], bool]) -> None:
    # A run that was killed between its two renames had moved the last good folder aside.
    aside = sorted(folder for folder in out.parent.glob(f".{out.name}-old-*") if is_ours(folder))
    if aside and not out.exists():
        aside[0].rename(out)


def _take_place(fresh: Path, out: Path) -> None:
    old = fresh.with_name(fresh.name.replace("-new-", "-old-"))
    if out.exists():
        out.rename(old)
    try:
        fresh.rename(out)
    except OSError:
        if old.exists():
            old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)

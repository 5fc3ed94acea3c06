"""Chosen distributions of the running environment, laid into a folder as links: what an installer would have put there, without network."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def closure(requirements: Iterable[str]) -> set[str]:
    """The names of all distributions that requirements need, over any number of steps, markers of this Python heeded.

    Raises:
        PackageNotFoundError: one of them is not installed here.
    """
    found: set[str] = set()
    seen: set[tuple[str, str]] = set()
    todo = [(Requirement(text), "") for text in requirements]
    while todo:
        wanted, extra = todo.pop()
        if wanted.marker and not wanted.marker.evaluate({**default_environment(), "extra": extra}):
            continue
        name = canonicalize_name(wanted.name)
        found.add(name)
        for option in ("", *wanted.extras):
            if (name, option) not in seen:
                seen.add((name, option))
                todo += [(Requirement(text), option) for text in distribution(name).requires or ()]
    return found


def expose(names: Iterable[str], folder: Path) -> None:
    """Link everything that these distributions installed for import into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in sorted(names):
        found = distribution(name)
        tops = {file.parts[0] for file in found.files or () if file.parts[0] not in ("..", "__pycache__")}
        if not tops:
            raise PackageNotFoundError(name)
        for top in sorted(tops):
            link = folder / top
            if not link.exists():
                link.symlink_to(Path(str(found.locate_file(top))).resolve())


def site_packages(python: Path) -> Path:
    """Where a virtual environment of this Python's version keeps what is installed."""
    root = python.parent.parent
    return (
        root / "Lib" / "site-packages"
        if sys.platform == "win32"
        else root / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    )

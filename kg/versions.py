"""Where the current version of a build lies: the one answer that everything that reads a build follows.

A build folder holds ``manifest.json``, which names the current version, and ``versions/<name>`` with all that belongs to it.
A new version is made beside the old one and never touched again; the manifest moves last.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from shutil import copyfile
from typing import Any

from kg.errors import GraphError, StoreVersionError
from kg.model import BUILD_FORMAT

try:
    import fcntl
except ImportError:  # a system without it keeps what is open by itself
    fcntl = None  # type: ignore[assignment]

MANIFEST = "manifest.json"
VERSIONS = "versions"
HOLD = ".hold"
"""A file in every version; who reads the version holds a shared lock on it."""
_TRIES = 200
_held: dict[Path, int] = {}


def is_build(folder: Path) -> bool:
    """Whether a folder is the output of a build."""
    return (folder / MANIFEST).is_file()


def current(folder: Path) -> Path:
    """The folder of the current version of a build; no later build removes it while this process lives.

    It holds store, ties.sqlite, notices.jsonl, texts and the manifest of the version. A folder of a version is its own.

    Raises:
        GraphError: it is no build, or its version is gone.
        StoreVersionError: another version of the program built it.
    """
    for _ in range(_TRIES):
        manifest = read_manifest(folder)
        name = manifest.get("current")
        if name is None:
            return folder
        if not isinstance(name, str) or Path(name).name != name:
            break
        version = folder / VERSIONS / name
        if _hold(version):
            return version
        # A build has moved on between the two looks.
        time.sleep(0.01)
    raise GraphError(folder)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a build or of one version, of the format that is read.

    Raises:
        GraphError: there is none, or it is broken.
        StoreVersionError: it is of another format.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        found = manifest["format"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GraphError(folder) from error
    if found != BUILD_FORMAT:
        raise StoreVersionError(folder, found, BUILD_FORMAT)
    return dict(manifest)


def _hold(version: Path) -> bool:
    version = version.absolute()
    path = version / HOLD
    try:
        if version in _held and os.path.samestat(path.stat(), os.fstat(_held[version])):
            return True
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        # A copy of a build without its hidden files, or on a disk that cannot be asked, is read as it is.
        return version.is_dir()
    try:
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        if os.path.samestat(path.stat(), os.fstat(handle)):
            _held[version], handle = handle, _held.get(version, -1)
            return True
    except BlockingIOError:
        return False
    except OSError:
        return version.is_dir()
    finally:
        if handle >= 0:
            os.close(handle)
    return False


def set_aside(version: Path) -> Path | None:
    """Take an old version out of the reach of readers, to be removed; None where somebody reads it still."""
    aside = version.with_name(f".gone-{version.name}")
    try:
        handle = os.open(version / HOLD, os.O_RDONLY)
    except OSError:
        handle = -1
    try:
        if handle >= 0 and fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        elif handle >= 0:
            # There a folder cannot be moved while a file in it is open, by us or by others.
            os.close(handle)
            handle = -1
        version.rename(aside)
    except OSError:
        return None
    finally:
        if handle >= 0:
            os.close(handle)
    return aside


def link_or_copy(path: Path, place: Path) -> None:
    """The same file under a second name, or a copy where the disk has no such names."""
    try:
        place.hardlink_to(path)
    except OSError:
        copyfile(path, place)

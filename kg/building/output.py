"""Files and folders appear whole or not at all: written beside their place, then moved there; one writer at a time."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from kg.errors import OutputBusyError, OutputError, OutputForeignError
from kg.model import BUILD_FORMAT
from kg.versions import HOLD, MANIFEST, VERSIONS, is_build, link_or_copy, set_aside

LOCK = ".lock"
"""A file in a build folder that its one writer holds."""
SHARDS = ".shards"
"""Where a build lays what it has read until it is whole; a killed one goes on from there."""
NEXT = ".next"
"""The version that is being made."""
_OURS = frozenset({LOCK, SHARDS, VERSIONS})
_SHOWN = ("graph.ttl", "report.html", "report.md", "page.html", "notices.jsonl", "ties.sqlite")
"""Files of the current version that the build folder shows; a large graph has not all of them."""
_PARTS = "page-*.html"
"""The pages beside page.html of a graph that is too large for one picture."""
_LINKED = ("store", "texts")
"""Folders of the current version that the build folder shows, where the system has links to folders."""


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file so that it is there whole or not at all; text becomes UTF-8 with its line ends as they are.

    A link is followed; a device or a pipe is written to, never replaced.

    Raises:
        OutputError: the place cannot be written to.
    """
    body = content.encode("utf-8") if isinstance(content, str) else content
    try:
        path = path.resolve()
        if path.exists() and not path.is_file():
            path.write_bytes(body)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        # Not with the name in it: that may be as long as the system allows.
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".govresp-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(body)
            Path(beside).chmod(0o644)
            Path(beside).replace(path)
        finally:
            Path(beside).unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(path, error.strerror or error) from error


@contextmanager
def sole_writer(out: Path, *, wait: bool = False) -> Iterator[None]:
    """Be the only one that writes a build folder while the block runs; the folder is made where there is none.

    The lock is the system's and ends with the process, killed or not.

    Args:
        wait: whether to wait for another writer to end.

    Raises:
        OutputForeignError: the folder holds something that no build made.
        OutputBusyError: another process is writing it.
        OutputError: the place cannot be written to.
    """
    # A kept library: locks of files differ on every system.
    from filelock import FileLock, Timeout

    if out.exists() and not is_build(out) and (not out.is_dir() or any(path.name not in _OURS for path in out.iterdir())):
        raise OutputForeignError(out)
    fresh = not out.exists()
    lock = FileLock(out / LOCK)
    try:
        while not lock.is_locked:
            (out / VERSIONS).mkdir(parents=True, exist_ok=True)
            # The one that is waited for may fail, and take the folder that it had made with it.
            with suppress(FileNotFoundError):
                lock.acquire(timeout=-1 if wait else 0)
            if lock.is_locked and not (out / LOCK).exists():
                lock.release()
    except Timeout:
        raise OutputBusyError(out) from None
    except OSError as error:
        raise OutputError(out, error.strerror or error) from error
    try:
        yield
    finally:
        with suppress(OSError):
            # What was read stays for the next run, if there is any.
            (out / SHARDS).rmdir()
        if fresh and not is_build(out) and not (out / SHARDS).exists():
            # Before the lock goes: one that waits for it must see that its folder is gone.
            shutil.rmtree(out, ignore_errors=True)
        lock.release()


def new_version(out: Path) -> Path:
    """An empty folder for the version that is to be made; what a killed build left there is gone."""
    folder = out / VERSIONS / NEXT
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / HOLD).touch()
    return folder


def publish(out: Path, name: str) -> Path:
    """Make the version in the folder of ``new_version`` the current one, and give its place; its manifest must be written.

    The manifest of the build folder moves last: until then, readers find the version before, and from then on the new one.

    Raises:
        OutputError: the place cannot be written to; the version before stays the current one.
    """
    place = _free_place(out / VERSIONS, name)
    try:
        (out / VERSIONS / NEXT).rename(place)
    except OSError as error:
        raise OutputError(out, error.strerror or error) from error
    write_whole(out / MANIFEST, manifest_text({"current": place.name}))
    show(out, place.name)
    return place


def _free_place(versions: Path, name: str) -> Path:
    # A version of this name may lie there: damaged, or never pointed at because of a kill; perhaps somebody reads it still.
    for number in count(1):
        place = versions / (name if number == 1 else f"{name}-{number}")
        if not place.exists():
            break
        aside = set_aside(place)
        if aside is not None:
            shutil.rmtree(aside, ignore_errors=True)
            break
    return place


def manifest_text(content: dict[str, object]) -> str:
    """A manifest: its format and what it holds beside. No clock time."""
    return json.dumps({"format": BUILD_FORMAT, **content}, ensure_ascii=False, indent=1) + "\n"


def show(out: Path, name: str) -> None:
    """Show the files of the current version in the build folder itself, where people look for them.

    Each is one file under two names where the disk can do that, else a copy; store and texts are links to folders, where the
    system has them. Done again after a kill, it completes what is missing.

    Raises:
        OutputError: the place cannot be written to.
    """
    version = out / VERSIONS / name
    try:
        parts = {path.name for place in (version, out) for path in place.glob(_PARTS)}
        for file in (*_SHOWN, *sorted(parts)):
            if (version / file).exists():
                _put(version / file, out / file)
            else:
                (out / file).unlink(missing_ok=True)
        for folder in _LINKED:
            _link(version / folder, out / folder)
    except OSError as error:
        raise OutputError(out, error.strerror or error) from error


def _put(path: Path, place: Path) -> None:
    if place.is_file() and os.path.samestat(path.stat(), place.stat()):
        return
    beside = place.with_name(f".{place.name}-new")
    beside.unlink(missing_ok=True)
    link_or_copy(path, beside)
    beside.replace(place)


def _link(folder: Path, place: Path) -> None:
    beside = place.with_name(f".{place.name}-new")
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    with suppress(OSError):
        beside.unlink(missing_ok=True)
        beside.symlink_to(Path(VERSIONS, folder.parent.name, folder.name), target_is_directory=True)
        beside.replace(place)


def clear_old(out: Path, name: str) -> None:
    """Remove all versions but the current one that nobody reads, and what killed builds left; the rest goes next time."""
    for folder in (out / VERSIONS).iterdir():
        if folder.name == name:
            continue
        aside = folder if folder.name.startswith(".") else set_aside(folder)
        if aside is not None:
            shutil.rmtree(aside, ignore_errors=True)
    shutil.rmtree(out / SHARDS, ignore_errors=True)

"""Files appear whole or not at all: written beside their place, then moved there."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from kg.errors import OutputError, OutputForeignError
from kg.model import BUILD_FORMAT

MANIFEST = "manifest.json"


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
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        with os.fdopen(handle, "wb") as file:
            file.write(body)
        Path(beside).chmod(0o644)
        Path(beside).replace(path)
    except OSError as error:
        raise OutputError(path, error.strerror or error) from error


def build_folder(out: Path, fill: Callable[[Path], None]) -> None:
    """Fill a new folder and put it in the place of ``out``; on any error ``out`` stays as it was.

    Raises:
        OutputForeignError: ``out`` holds something that no build made.
        OutputError: the place cannot be written to.
    """
    if out.exists() and not is_build(out) and (not out.is_dir() or any(out.iterdir())):
        raise OutputForeignError(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        _put_back(out)
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


def _put_back(out: Path) -> None:
    # A build that was killed between its two renames had moved the last good output aside.
    aside = sorted(folder for folder in out.parent.glob(f".{out.name}-old-*") if is_build(folder))
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


def is_build(folder: Path) -> bool:
    """Whether a folder is the output of a build."""
    return (folder / MANIFEST).is_file()


def manifest_text(sources: list[dict[str, str]], version: str, lang: str) -> str:
    """The manifest of a build: its format, the program's version, what it was made of. No clock time."""
    return (
        json.dumps({"format": BUILD_FORMAT, "govresp": version, "language": lang, "notices": sources}, ensure_ascii=False, indent=1) + "\n"
    )

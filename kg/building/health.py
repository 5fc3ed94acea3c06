"""Whether the last version of a build is whole: every byte that it was made with, before the next build stands on it."""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from kg.building.inventory import Entry, entries_in
from kg.errors import GraphError, StoreVersionError
from kg.versions import HOLD, MANIFEST, VERSIONS, is_build, read_manifest

PARTS = "parts.sqlite"
"""What the notices of a version share, and what was read: the next build goes on from there."""
TEXTS = "texts"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Base:
    """A version that is whole, and what it holds."""

    folder: Path
    entries: dict[str, Entry]
    """Its notices by key."""
    triples: int
    sums: dict[str, list[int]]
    """Size and CRC of its files, just looked at."""


def last_good(out: Path) -> tuple[Base | None, str]:
    """The version that a new build can stand on, None where there is none; and why not, as a key of ``build.anew``."""
    if not is_build(out):
        return None, ""
    try:
        manifest = read_manifest(out)
        folder = out / VERSIONS / Path(str(manifest["current"])).name
        own = read_manifest(folder)
        with closing(sqlite3.connect(f"{(folder / PARTS).absolute().as_uri()}?mode=ro", uri=True)) as connection:
            entries = entries_in(connection)
        whole = sums_of(folder) == own["files"] and _texts_are_whole(folder, entries)
        return (Base(folder, entries, int(own["triples"]), own["files"]), "") if whole else (None, "damaged")
    except StoreVersionError:
        return None, "format"
    except (GraphError, OSError, sqlite3.DatabaseError, KeyError, TypeError, ValueError):
        return None, "damaged"


def sums_of(folder: Path, base: Base | None = None) -> dict[str, list[int]]:
    """Size and CRC of every file of a version but its texts, by path; those of a store that change while it is read are left out.

    Args:
        folder: of the version.
        base: the version before; a file that is one with its own is not read again.
    """
    found: dict[str, list[int]] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        left = path.name in {HOLD, "LOCK", "LOG"} or path.name.startswith("LOG.old") or name == MANIFEST
        if not left and not name.startswith(f"{TEXTS}/") and path.is_file():
            same = base and name in base.sums and path.samefile(base.folder / name)
            found[name] = base.sums[name] if base and same else _sum(path)
    return found


def _sum(path: Path) -> list[int]:
    size = total = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            size, total = size + len(chunk), zlib.crc32(chunk, total)
    return [size, total]


def _texts_are_whole(folder: Path, entries: dict[str, Entry]) -> bool:
    # The hash of a notice is that of its text.
    texts = folder / TEXTS
    return len(list(texts.iterdir())) == len(entries) and all(
        hashlib.sha256((texts / f"{entry.notice}.txt").read_bytes()).hexdigest() == entry.sha256 for entry in entries.values()
    )

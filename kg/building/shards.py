"""Files → shards: what one file gives to graph, tables and texts, on disk under a name made of all that it depends on.

A worker process is given files and hands back paths and counts: handing back notices would cost more than reading them.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Sequence
from contextvars import copy_context
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any

from kg import __version__
from kg.building.company import essence_of, in_company
from kg.building.line import Knowledge
from kg.errors import KgError, NotTextError, ShardError, SourceMissingError, SourceUnreadableError
from kg.graph.triples import own_triples
from kg.messages import use_language
from kg.model import BUILD_FORMAT, Notice
from kg.naming.placing import day_of
from kg.naming.units import Names, load_names, name_units
from kg.reading.corrections import Correction, correct, read_corrections
from kg.reading.files import SourceFile, content_of, text_of
from kg.reading.notice import notice_of_text
from kg.reading.persons import without_persons
from kg.resources import ontology_file, use_lexicons

SUFFIX = ".shard"
"""A ZIP archive with the members head.json, own.nt, parts.json, rows.json, record.json and text.txt."""


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms files are read: what decides a shard beside the file and the program."""

    knowledge: Knowledge = Knowledge()
    persons: bool = False
    """Whether graph and tables show persons."""
    lang: str = "zh"
    """The language of the messages in records."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One file to be read, and what the other files of the build make of its notice."""

    file: SourceFile
    hashed: bool = False
    """Whether another notice has its id already, so that it gets its hash into it."""
    copies: tuple[str, ...] = ()
    """Names of the files that hold the same notice once more, in the order in which they come."""


@dataclass(frozen=True, slots=True)
class Shard:
    """What one file gave: where it lies, and counts."""

    path: Path
    key: str
    """Hash of the file's bytes and name, of the tables of the user, of the terms and of the program."""
    content: str
    """Hash of the file's bytes alone."""
    source: str
    notice: str
    """Id of its notice."""
    plain: str
    """The id that it has where no other notice has the same."""
    sha256: str
    essence: str
    """Hash of the text without blanks: two files with one essence hold one notice."""
    day: str
    place: str
    """Id of the division of its notice, empty where unknown."""
    triples: int
    """Triples of its own, beside those of the units that it shares with others."""
    tasks: int


@dataclass(frozen=True, slots=True)
class Named:
    """The name of a shard, and the hash of the bytes of its file."""

    key: str
    content: str


@dataclass(frozen=True, slots=True)
class Failure:
    """One file that gave nothing, and why."""

    source: str
    error: KgError


@dataclass(frozen=True, slots=True)
class Outcome:
    """What some files gave, in their order."""

    shards: tuple[Shard, ...] = ()
    failures: tuple[Failure, ...] = ()


def read_shards(wanted: Sequence[Wanted], terms: Terms, folder: Path, content: Callable[[SourceFile], bytes] = content_of) -> Outcome:
    """Read some files into shards of their own in ``folder``; what a worker calls, in any process on any machine.

    It promises: arguments and outcome can be pickled and are small; a shard appears whole or not at all (written beside its
    place, then moved), so that killing a worker leaves nothing half; its name is its key, so that reading a file a second
    time, at once or after a kill, finds it done or writes the same bytes; a file that cannot be read is a failure in the
    outcome and stops no other. Nothing is kept between two calls but tables.

    Args:
        wanted: the files, and what is made of their notices beside reading.
        terms: tables of the user and other terms; the tables must lie at the same paths where the worker runs.
        folder: where shards lie; it must exist, and shards of other files may lie there.
        content: gives the bytes of a file; those that were sent along, where the file itself is not there.

    Raises:
        OSError: the folder cannot be written to (a full disk).
        TableError, SourceMissingError: a table of the user does not fit, or is not there.
    """
    return copy_context().run(_read_shards, wanted, terms, folder, content)


def _read_shards(wanted: Sequence[Wanted], terms: Terms, folder: Path, content_at: Callable[[SourceFile], bytes]) -> Outcome:
    use_language(terms.lang)
    digest = terms_digest(terms)
    names, corrections = _tables(terms.knowledge, digest)
    shards: list[Shard] = []
    failures: list[Failure] = []
    with use_lexicons(terms.knowledge.lexicons):
        for one in wanted:
            try:
                content = content_at(one.file)
                hashed = digest_of(content)
                name = Named(key_of(one, hashed, digest), hashed)
                known = shard_at(folder, name.key)
                shards.append(known or _write_shard(_notice_of(one, content, names, corrections), one, name, terms, folder))
            except KgError as error:
                failures.append(Failure(one.file.name, error))
            except UnicodeEncodeError:
                # Halves of a pair of UTF-16 code units are no text that a graph could hold.
                failures.append(Failure(one.file.name, NotTextError(one.file.name)))
    return Outcome(tuple(shards), tuple(failures))


@lru_cache(maxsize=1)
def _tables(knowledge: Knowledge, _digest: str) -> tuple[Names, tuple[Correction, ...]]:
    return load_names(knowledge.registers, knowledge.decisions), read_corrections(knowledge.corrections)


def _notice_of(wanted: Wanted, content: bytes, names: Names, corrections: Sequence[Correction]) -> Notice:
    return name_units(correct(notice_of_text(text_of(wanted.file, content)), corrections), names)


# Names of shards.


def key_of(wanted: Wanted, content: str, digest: str) -> str:
    """The name of the shard of a file whose bytes have the hash ``content``, on terms with this digest (``terms_digest``)."""
    known = (digest, wanted.file.name, content, wanted.hashed, wanted.copies)
    return hashlib.sha256(json.dumps(known).encode("utf-8", "surrogatepass")).hexdigest()


def terms_digest(terms: Terms) -> str:
    """The hash of the terms, of the tables of the user as they lie on disk, and of the program.

    Raises:
        SourceMissingError, SourceUnreadableError: a table is not there, or cannot be opened.
    """
    tables = terms.knowledge
    digests = [[_digest(path) for path in paths] for paths in (tables.registers, tables.lexicons, tables.decisions, tables.corrections)]
    return hashlib.sha256(json.dumps([_program(), digests, terms.persons, terms.lang]).encode("utf-8")).hexdigest()


def digest_of(content: bytes) -> str:
    """The hash of the bytes of a file."""
    return hashlib.sha256(content).hexdigest()


def _digest(path: Path) -> str:
    try:
        return digest_of(path.read_bytes())
    except FileNotFoundError:
        raise SourceMissingError(path) from None
    except OSError as error:
        raise SourceUnreadableError(path, error.strerror or error) from error


_READERS = ("lxml", "pdfplumber", "openpyxl")
"""Libraries that decide what is read out of a file: another version of one may read it otherwise."""


@cache
def _program() -> str:
    # The code and tables themselves, so that a changed rule reads again what it may read otherwise.
    package = Path(str(package_files("kg")))
    parts = [path for suffix in ("*.py", "*.toml") for path in package.rglob(suffix)]
    digest = hashlib.sha256(f"{BUILD_FORMAT} {__version__}".encode())
    for name in _READERS:
        digest.update(f"{name} {_version(name)}".encode())
    for path in [*sorted(parts), ontology_file("codes.ttl")]:
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""


# Writing and reading shards.


def _write_shard(read: Notice, wanted: Wanted, named: Named, terms: Terms, folder: Path) -> Shard:
    from kg.graph.parts import parts_of
    from kg.graph.ties import rows_of_notice
    from kg.views.record import record_line

    notice = in_company(read, wanted.hashed, wanted.copies)
    shown = notice if terms.persons else without_persons(notice)
    own = sorted(set(own_triples(shown)))
    path = folder / f"{named.key}{SUFFIX}"
    essence, place = essence_of(notice.text), notice.jurisdiction.id if notice.jurisdiction else ""
    day = day_of(notice).isoformat()
    ids = (notice.source, notice.id, read.id, notice.sha256)
    shard = Shard(path, named.key, named.content, *ids, essence, day, place, len(own), len(notice.tasks))
    members = {
        "head.json": _json({**asdict(shard), "path": ""}),
        "own.nt": "".join(f"{line}\n" for line in own),
        "parts.json": _json(parts_of(shown)),
        "rows.json": _json(rows_of_notice(shown)),
        "record.json": record_line(notice) + "\n",
        "text.txt": notice.text,
    }
    beside = folder / f".{named.key}-{os.getpid()}"
    try:
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, content in members.items():
                # Without a clock time, so that the same notice gives the same bytes.
                archive.writestr(zipfile.ZipInfo(name), content.encode("utf-8"), zipfile.ZIP_DEFLATED, 1)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return shard


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def shard_at(folder: Path, key: str) -> Shard | None:
    """The shard of a key, if it lies in the folder and is whole."""
    path = folder / f"{key}{SUFFIX}"
    if not path.exists():
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.testzip() is None:
                return Shard(**{**json.loads(archive.read("head.json")), "path": path})
    except (OSError, zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError):
        return None
    return None


def member_of(shard: Shard, name: str) -> bytes:
    """One member of a shard: ``own.nt`` holds its own triples, one a line, sorted; ``parts.json`` what it shares with others.

    Raises:
        ShardError: it is gone, or damaged.
    """
    try:
        with zipfile.ZipFile(shard.path) as archive:
            return archive.read(name)
    except (OSError, zipfile.BadZipFile, zlib.error, KeyError) as error:
        raise ShardError(shard.path) from error

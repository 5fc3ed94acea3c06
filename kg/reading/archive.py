"""ZIP archives within bounds: the files of an archive one at a time, and the parts of a DOCX or XLSX."""

from __future__ import annotations

import posixpath
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, LargeZipFile, ZipFile, ZipInfo

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from kg.errors import KgError, SourceMissingError, SourceUnreadableError
from kg.reading.source import shown_path

ARCHIVE_SUFFIXES = frozenset({".zip"})
"""What is opened as if it were a folder."""
MOST_MEMBERS = 10_000
"""Files of one archive: some years of notices of a city. Each costs a line of the directory that is held in memory."""
LARGEST_MEMBER = 64 * 1024 * 1024
"""Bytes of one file when unpacked, as for a file beside the archive: it is held in memory whole."""
LARGEST_TOTAL = 2 * 1024**3
"""Bytes of all files when unpacked. They are read one at a time, so this bounds time, not memory."""
LARGEST_RATIO = 200
"""How many times smaller a file may be packed: text packs 10 times, the XML of a long table up to 100 times, a bomb 1000 times."""
FREE_OF_RATIO = 8 * 1024 * 1024
"""Bytes up to which the ratio is not looked at: so much does no harm."""
UNPACKED = frozenset({ZIP_STORED, ZIP_DEFLATED})
"""Ways of packing that are read. zipfile unpacks the others without a bound: 5 kB of bzip2 may hold gigabytes."""
_UTF8_FLAG, _ENCRYPTED_FLAG = 0x800, 0x1
_SKIPPED_FOLDERS = frozenset({"__macosx"})
_SKIPPED_FILES = frozenset({"thumbs.db", "desktop.ini"})
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_STRICT = (
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
)
"""The namespaces of «Strict Open XML», and those in which the same is usually written."""
_BROKEN = (BadZipFile, LargeZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError, KeyError)
"""What zipfile raises on damaged archives."""


class ArchiveBrokenError(KgError):
    """A ZIP archive that cannot be opened. Fields: path, why."""

    code = "archive-broken"


class ArchiveBombError(KgError):
    """A packed file that is far larger when unpacked. Fields: path, megabytes, limit in megabytes."""

    code = "archive-bomb"


class ArchiveManyError(KgError):
    """An archive of too many files. Fields: path, how many, the limit."""

    code = "archive-many"


class ArchiveNestedError(KgError):
    """An archive inside an archive. Fields: path."""

    code = "archive-nested"


class MemberLockedError(KgError):
    """A file of an archive that needs a password. Fields: path."""

    code = "member-locked"


class MemberBrokenError(KgError):
    """A file of an archive that cannot be unpacked. Fields: path, why."""

    code = "member-broken"


class PackageLockedError(KgError):
    """A Word or Excel file that needs a password. Fields: path."""

    code = "package-locked"


class PackageOldError(KgError):
    """A file of the old Word or Excel format under the name of the new. Fields: path."""

    code = "package-old"


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive that is open; ``name`` is its path inside, without anything that leads out."""

    archive: str
    name: str
    size: int
    _info: ZipInfo = field(repr=False, compare=False)
    _zip: ZipFile = field(repr=False, compare=False)

    @property
    def path(self) -> str:
        """The name under which it is a source, as ``a.zip/名称.docx``."""
        return f"{self.archive}/{self.name}"

    def read(self) -> bytes:
        """Its bytes, unpacked in memory; to be called before the next member is asked for.

        Raises:
            MemberLockedError, MemberBrokenError: it needs a password, or is damaged.
            ArchiveBombError: it is too large, or packed more than text can be.
            ArchiveNestedError: it is an archive itself.
        """
        if PurePosixPath(self.name).suffix.lower() in ARCHIVE_SUFFIXES:
            raise ArchiveNestedError(self.path)
        if self._info.flag_bits & _ENCRYPTED_FLAG:
            raise MemberLockedError(self.path)
        return _unpacked(self._zip, self._info, self.path, MemberBrokenError)


def open_archive(path: Path) -> Iterator[Member]:
    """The files of a ZIP archive in the order of their names; nothing is written to disk, each is unpacked when it is read.

    Left out: empty folders, what is hidden (``.git``), and what systems and offices put in (``__MACOSX``, ``~$…``,
    ``Thumbs.db``). Of two files of one name the later counts, as when they are unpacked.

    Raises:
        SourceMissingError, SourceUnreadableError: there is no such file, or it cannot be opened.
        ArchiveBrokenError: it is no ZIP archive, or its directory is damaged.
        ArchiveManyError, ArchiveBombError: it is beyond the bounds of this module.
    """
    with _opened(path, shown_path(path), ArchiveBrokenError) as archive:
        found = {member_name(info): info for info in archive.infolist() if not info.orig_filename.endswith(("/", "\\"))}
        for name, info in sorted((name, info) for name, info in found.items() if name and not _skipped(name)):
            yield Member(shown_path(path), name, info.file_size, info, archive)


def read_member(path: Path, name: str) -> bytes:
    """The bytes of one file of an archive, by the name that ``open_archive`` gives; for many files that one is faster.

    Raises:
        SourceMissingError: the archive has no such file.
        KgError: as ``open_archive`` and ``Member.read``.
    """
    for member in open_archive(path):
        if member.name == name:
            return member.read()
    raise SourceMissingError(f"{shown_path(path)}/{name}")


def member_name(info: ZipInfo) -> str:
    """The name of a file in an archive: in UTF-8 where the flag or the bytes say so, else in GBK; no root, drive or ``..``.

    >>> member_name(ZipInfo("../../etc/./a.docx"))
    'etc/a.docx'
    """
    name = info.orig_filename if info.flag_bits & _UTF8_FLAG else _decoded(info.orig_filename)
    parts = re.sub(r"[\x00-\x1f]", "", name).replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", ".", "..") and not re.fullmatch("[A-Za-z]:", part))


def _decoded(name: str) -> str:
    # zipfile takes every byte for a character of cp437. Some words in GBK are also UTF-8, with two bytes a character (通知
    # is); Chinese characters have three bytes there.
    raw = name.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            found = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding != "utf-8" or found.isascii() or max(found) >= "\u0800":
            return found
    return name


def _skipped(name: str) -> bool:
    *folders, last = name.lower().split("/")
    hidden = any(part.startswith(".") for part in (*folders, last))
    return hidden or not _SKIPPED_FOLDERS.isdisjoint(folders) or last.startswith("~$") or last in _SKIPPED_FILES


@contextmanager
def _opened(source: Path | BinaryIO, path: str, broken: type[KgError]) -> Iterator[ZipFile]:
    # Bounds are checked on the sizes that the directory declares; no part is unpacked beyond these.
    try:
        archive = ZipFile(source)
    except FileNotFoundError:
        raise SourceMissingError(path) from None
    except BadZipFile as error:
        raise broken(path, error) from error
    except OSError as error:
        raise SourceUnreadableError(path, error.strerror) from error
    except (ValueError, NotImplementedError) as error:
        raise broken(path, error) from error
    with archive:
        infos = archive.infolist()
        if len(infos) > MOST_MEMBERS:
            raise ArchiveManyError(path, len(infos), MOST_MEMBERS)
        total = sum(info.file_size for info in infos)
        if total > LARGEST_TOTAL:
            raise ArchiveBombError(path, total // 2**20, LARGEST_TOTAL // 2**20)
        yield archive


def _unpacked(archive: ZipFile, info: ZipInfo, path: str, broken: type[KgError]) -> bytes:
    allowed = min(LARGEST_MEMBER, max(FREE_OF_RATIO, LARGEST_RATIO * info.compress_size))
    if info.file_size > allowed:
        raise ArchiveBombError(path, -(-info.file_size // 2**20), allowed // 2**20)
    if info.compress_type not in UNPACKED:
        raise broken(path, f"compression {info.compress_type}")
    try:
        with archive.open(info) as packed:
            # Asked for all, zipfile unpacks all that is there, whatever size is declared.
            return packed.read(info.file_size + 1)
    except _BROKEN as error:
        raise broken(path, error) from error


@dataclass(frozen=True, slots=True)
class Package:
    """The open parts of a DOCX or XLSX; names of parts do not regard case."""

    path: str
    broken: type[KgError]
    _parts: Mapping[str, ZipInfo] = field(repr=False)
    _zip: ZipFile = field(repr=False)

    def content(self, name: str) -> bytes | None:
        """The bytes of a part, in the usual namespaces; None where there is none of this name.

        Raises:
            ArchiveBombError: it is too large, or packed more than XML can be.
            KgError: of the kind ``broken``: it is damaged, or has a document type, which could hold entities that grow.
        """
        info = self._parts.get(name.lower().lstrip("/"))
        if info is None:
            return None
        content = _unpacked(self._zip, info, self.path, self.broken)
        if b"<!DOCTYPE" in content.replace(b"\x00", b""):
            raise self.broken(self.path, "DOCTYPE")
        for strict, usual in _STRICT:
            content = content.replace(strict, usual)
        return content

    def root(self, name: str) -> etree._Element | None:
        """The root element of a part; None where there is none of this name.

        Raises:
            KgError: as ``content``; also of the kind ``broken`` where it is not well-formed XML.
        """
        content = self.content(name)
        if content is None:
            return None
        try:
            return etree.fromstring(
                content, etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
            )
        except etree.XMLSyntaxError as error:
            raise self.broken(self.path, error) from error

    def related(self, name: str = "") -> dict[str, tuple[str, str]]:
        """What a part points to, or the package itself, by its identifier: the kind (last word of its type) and the part's name."""
        folder, last = posixpath.split(name)
        rels = self.root(posixpath.join(folder, "_rels", f"{last}.rels"))
        found: dict[str, tuple[str, str]] = {}
        for rel in [] if rels is None else rels:
            kind = rel.get("Type", "").rpartition("/")[2]
            if rel.get("TargetMode") != "External":
                found[rel.get("Id", "")] = kind, posixpath.normpath(posixpath.join("/", folder, rel.get("Target", ""))).lstrip("/")
        return found

    def first(self, kind: str, name: str = "") -> str | None:
        """The name of the first part of a kind that a part points to, and that is there."""
        return next((to for at, to in self.related(name).values() if at == kind and to.lower() in self._parts), None)


@contextmanager
def open_package(source: Path | BinaryIO, path: str, broken: type[KgError]) -> Iterator[Package]:
    """A DOCX or XLSX, open while the block runs.

    Args:
        source: the file, or its bytes as a stream.
        path: its name in messages.
        broken: the error of a file that is damaged. Fields: path, why.

    Raises:
        SourceMissingError, SourceUnreadableError: there is no such file, or it cannot be opened.
        PackageLockedError, PackageOldError: it is no ZIP but an encrypted one, or a file of the old format.
        ArchiveManyError, ArchiveBombError: it is beyond the bounds of this module.
    """
    if (head := _ole(source, path)) is not None:
        raise (PackageLockedError if head else PackageOldError)(path)
    with _opened(source, path, broken) as archive:
        parts = {info.filename.replace("\\", "/").lower().lstrip("/"): info for info in archive.infolist()}
        yield Package(path, broken, parts, archive)


def _ole(source: Path | BinaryIO, path: str) -> bool | None:
    # Whether an OLE file holds an encrypted package; None where it is no OLE file.
    try:
        content = source.read_bytes() if isinstance(source, Path) else source.read()
    except FileNotFoundError:
        raise SourceMissingError(path) from None
    except OSError as error:
        raise SourceUnreadableError(path, error.strerror) from error
    if not isinstance(source, Path):
        source.seek(0)
    return _ENCRYPTED in content if content.startswith(_OLE) else None

"""Files, folders and archives → frozen texts. Positions in every record count code points of the text made here."""

from __future__ import annotations

import codecs
import io
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path, PurePosixPath

from kg.errors import (
    EmptySourceError,
    FormatError,
    KgError,
    NoNoticesError,
    NotTextError,
    OutputAsSourceError,
    SourceLockError,
    SourceMissingError,
    SourceMissingNearError,
    SourceUnreadableError,
    TooLargeError,
)
from kg.reading.archive import ARCHIVE_SUFFIXES, open_archive, read_member
from kg.reading.companions import PAGES, companion_part, is_companion, page_stems, with_frames
from kg.reading.convert import CONVERTED, to_open_xml, true_suffix
from kg.reading.source import SourceText, frozen, shown_path

LARGEST_TEXT = 16 * 1024 * 1024
"""Bytes of the largest file of text, web page or CSV table, and characters of the largest frozen text: a notice has some 50 kB."""
LARGEST = 64 * 1024 * 1024
"""Bytes of the largest file of other formats, which may hold pictures."""
_MAY_HOLD = frozenset(
    (".ofd", ".ceb", ".cebx", ".caj", ".rar", ".7z", ".tar", ".gz", ".ppt", ".pptx", ".eml", ".msg")
    + (".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff")
)
"""Formats in which notices are kept that are not read: of them people are told, of style sheets and icons not."""
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CONTROL = frozenset(range(32)) - {9, 10, 12, 13}

Reader = Callable[[bytes, str], SourceText]
"""From the bytes of a file and its name to its frozen text."""


@dataclass(frozen=True, slots=True, order=True)
class SourceFile:
    """One file that is read: by itself, or as the member of an archive."""

    path: Path
    member: str | None = None

    @property
    def name(self) -> str:
        """The name under which it is known: its path, or ``archive.zip/member``."""
        return shown_path(self.path) + (f"/{self.member}" if self.member else "")


def source_files(sources: Sequence[str | Path], is_output: Callable[[Path], bool] = lambda _folder: False) -> list[SourceFile]:
    """The files that the sources mean: a file is itself, a folder or ZIP archive every readable file in it, by name.

    Args:
        is_output: tells folders that the program wrote itself; inside another folder they are passed over.

    Raises:
        SourceMissingError: a path does not exist; it says where one of nearly that name does.
        OutputAsSourceError: a folder is one that the program wrote.
        NoNoticesError: a folder holds no file of a format that is read.
    """
    found: list[SourceFile] = []
    for source in map(Path, sources):
        if not source.exists():
            raise _missing(source)
        if not source.is_dir():
            found += _files_of(source)
            continue
        if is_output(source):
            raise OutputAsSourceError(source)
        below = sorted(_below(source, is_output))
        if not below:
            raise NoNoticesError(source)
        found += [file for path in below for file in _files_of(path)]
    return list(dict.fromkeys(found))


def _missing(path: Path) -> SourceMissingError:
    # The ending is left out where the system hides it; quotation marks come along when a path is copied.
    bare = Path(str(path).strip(_QUOTES))
    folder = bare.parent
    names = sorted(entry.name for entry in folder.iterdir() if not entry.name.startswith(("~$", "."))) if folder.is_dir() else []
    near = [name for name in names if name == bare.name or (Path(name).stem == bare.name and _is_read(Path(name)))]
    stems = {Path(name).stem: name for name in reversed(names)}
    near = near or [stems[stem] for stem in get_close_matches(bare.stem, stems, 1, _NEAR)]
    return SourceMissingNearError(path, folder / near[0]) if near else SourceMissingError(path)


_QUOTES = "\"'\u2018\u2019\u201c\u201d\u300a\u300b "
_NEAR = 0.7
"""From which likeness on the name of another file may be what was meant."""


def passed_over(sources: Sequence[str | Path], is_output: Callable[[Path], bool] = lambda _folder: False) -> dict[str, int]:
    """How many files of formats that may hold a notice and are not read lie in the folders, by suffix, most first."""
    folders = [folder for folder in map(Path, sources) if folder.is_dir()]
    counted = Counter(path.suffix.lower() for folder in folders for path in _within(folder, is_output))
    return {suffix: count for suffix, count in sorted(counted.items(), key=lambda one: (-one[1], one[0])) if suffix in _MAY_HOLD}


def _below(folder: Path, is_output: Callable[[Path], bool]) -> Iterator[Path]:
    return (path for path in _within(folder, is_output) if _is_read(path) and path.is_file())


def _within(folder: Path, is_output: Callable[[Path], bool]) -> Iterator[Path]:
    # But for what is hidden, parts of saved pages, and what the program wrote itself.
    for at, folders, files in os.walk(folder):
        pages = page_stems(files)
        folders[:] = [
            name for name in folders if not name.startswith(".") and not is_companion(name, pages) and not is_output(Path(at, name))
        ]
        yield from (Path(at, name) for name in files)


def _is_read(path: Path) -> bool:
    suffix = path.suffix.lower()
    return (suffix in READERS or suffix in CONVERTED or suffix in ARCHIVE_SUFFIXES) and not path.name.startswith(("~$", "."))


def _files_of(path: Path) -> list[SourceFile]:
    if path.suffix.lower() not in ARCHIVE_SUFFIXES:
        return [SourceFile(path)]
    try:
        members = list(_members(path))
    except KgError:
        members = []
    # One that cannot be opened is told as one bad file of the batch, when it is its turn.
    return members or [SourceFile(path)]


def _members(path: Path) -> Iterator[SourceFile]:
    # Those that are read, but for the parts of saved pages.
    names = [PurePosixPath(member.name) for member in open_archive(path)]
    beside: dict[PurePosixPath, list[str]] = {}
    for name in names:
        beside.setdefault(name.parent, []).append(name.name)
    folders = {folder for name in names for folder in name.parents}
    pages = {folder: page_stems(within) for folder, within in beside.items()}
    parts = {folder for folder in folders if is_companion(folder.name, pages.get(folder.parent, ()))}
    for name in names:
        if _is_read(Path(name)) and parts.isdisjoint(name.parents):
            yield SourceFile(path, str(name))


def read_file(source: SourceFile | Path) -> SourceText:
    """The frozen text of a file, by the reader of its format; an old format is converted first.

    Raises:
        SourceMissingError, SourceUnreadableError: there is no such file, or it cannot be opened.
        FormatError: it is of a format that is not read.
        TooLargeError: it, or its text, is larger than what is read.
        EmptySourceError: it holds nothing but white space.
        KgError: as the reader of the format says.
    """
    file = source if isinstance(source, SourceFile) else SourceFile(source)
    return text_of(file, content_of(file))


def content_of(file: SourceFile) -> bytes:
    """The bytes of a file or of a member of an archive; of a saved web page with those of its frames.

    Raises:
        SourceMissingError, SourceUnreadableError, SourceLockError, TooLargeError, FormatError: there is no such file, or it is
            not read.
        KgError: it is an archive, or a member of one, that cannot be opened.
    """
    if file.path.name.startswith("~$"):
        raise SourceLockError(file.path)
    suffix = Path(file.member or file.path.name).suffix.lower()
    if suffix in ARCHIVE_SUFFIXES and not file.member:
        raise _archive_error(file.path)
    if suffix not in READERS and suffix not in CONVERTED:
        raise FormatError(file.name, suffix or file.name)
    content = _bytes_of(file)
    return with_frames(content, lambda address: _beside(file, address)) if suffix in PAGES else content


def _bytes_of(file: SourceFile) -> bytes:
    return read_member(file.path, file.member) if file.member else _content(file.path)


def _beside(page: SourceFile, address: str) -> bytes | None:
    # What a frame of a saved page shows, from the folder that was saved with it and from nowhere else.
    at = PurePosixPath(page.member) if page.member else page.path
    if (part := companion_part(at, address)) is None:
        return None
    try:
        return _bytes_of(SourceFile(page.path, str(at.parent / part)) if page.member else SourceFile(page.path.parent / part))
    except (KgError, ValueError):
        return None


def text_of(file: SourceFile, content: bytes) -> SourceText:
    """The frozen text of the bytes of a file, by the reader of its format.

    Raises:
        KgError: as ``read_file``.
    """
    suffix = Path(file.member or file.path.name).suffix.lower()
    if not content.strip():
        raise EmptySourceError(file.name)
    suffix = true_suffix(content, suffix)
    if suffix in CONVERTED:
        content, suffix = to_open_xml(content, file.name, suffix), CONVERTED[suffix]
    if suffix not in READERS:
        raise FormatError(file.name, suffix)
    if suffix in _TEXTS and len(content) > LARGEST_TEXT:
        raise TooLargeError(file.name, len(content) // 2**20, LARGEST_TEXT // 2**20)
    found = READERS[suffix](content, file.name)
    if len(found.text) > LARGEST_TEXT:
        raise TooLargeError(file.name, len(found.text) // 2**20, LARGEST_TEXT // 2**20)
    return found


def _archive_error(path: Path) -> KgError:
    try:
        list(open_archive(path))
    except KgError as error:
        return error
    return NoNoticesError(path)


def _content(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise TooLargeError(path, size // 2**20, LARGEST // 2**20)
        return path.read_bytes()
    except FileNotFoundError:
        raise SourceMissingError(path) from None
    except OSError as error:
        raise SourceUnreadableError(path, error.strerror) from error


# The readers. Each room of a format is entered only when a file of it comes.


def read_plain(content: bytes, path: str) -> SourceText:
    """The frozen text of a text file: decoded, without a byte order mark, line ends as they are.

    Raises:
        EmptySourceError: it holds nothing but white space.
        NotTextError: it is binary, or in no encoding that is known.
    """
    text, encoding = _decode(content, path)
    if not text.strip():
        raise EmptySourceError(path)
    return frozen(path, text, encoding)


def _web(content: bytes, path: str) -> SourceText:
    from kg.reading.web import read_web

    return read_web(content, path)


def _mhtml(content: bytes, path: str) -> SourceText:
    from kg.reading.mhtml import read_mhtml

    return read_mhtml(content, path)


def _markdown(content: bytes, path: str) -> SourceText:
    from kg.reading.markdown import read_markdown

    return read_markdown(_decode(content, path)[0], path)


def _word(content: bytes, path: str) -> SourceText:
    from kg.reading.word import read_word

    return read_word(io.BytesIO(content), path)


def _pdf(content: bytes, path: str) -> SourceText:
    from kg.reading.pdf import read_pdf

    return read_pdf(content, path)


def _workbook(content: bytes, path: str) -> SourceText:
    from kg.reading.sheets import read_workbook

    return read_workbook(io.BytesIO(content), path)


def _table(content: bytes, path: str) -> SourceText:
    from kg.reading.sheets import read_csv

    return read_csv(_decode(content, path)[0], path)


READERS: dict[str, Reader] = {
    **dict.fromkeys((".txt", ".text"), read_plain),
    **dict.fromkeys(PAGES, _web),
    **dict.fromkeys((".mhtml", ".mht"), _mhtml),
    **dict.fromkeys((".md", ".markdown"), _markdown),
    **dict.fromkeys((".docx", ".docm"), _word),
    ".pdf": _pdf,
    **dict.fromkeys((".xlsx", ".xlsm"), _workbook),
    **dict.fromkeys((".csv", ".tsv"), _table),
}
"""What is read, by the suffix of the file; a folder is searched for these and for what can be converted."""
_TEXTS = frozenset(suffix for suffix, reader in READERS.items() if reader in (read_plain, _web, _markdown, _table))


def _decode(content: bytes, path: str) -> tuple[str, str]:
    # Byte order mark, then UTF-8, then GB18030: each refuses what is not its own, so trying them in this order
    # is exact where a statistical detector guesses.
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
        if not any(ord(character) in _CONTROL for character in text[:65536]):
            return text, encoding
    raise NotTextError(path)


def _encodings(content: bytes) -> Iterator[str]:
    marked = next((encoding for bom, encoding in _BOMS if content.startswith(bom)), None)
    if marked:
        yield marked
    elif b"\x00" in content[:4096]:
        # UTF-16 without a mark: Chinese text is full of line ends and digits, whose high byte is nought.
        head = content[:4096]
        yield "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"
    else:
        yield "utf-8"
        yield "gb18030"


def read_query(path: Path) -> str:
    """The text of a query file in any encoding that a notice may have; ``-`` is the standard input.

    Raises:
        SourceMissingError, SourceUnreadableError, NotTextError: it cannot be read.
    """
    try:
        content = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        return _decode(content, str(path))[0]
    except FileNotFoundError:
        raise SourceMissingError(path) from None
    except OSError as error:
        raise SourceUnreadableError(path, error.strerror) from error

"""Files and folders → frozen texts. Positions in every record count code points of the text made here."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.errors import (
    EmptySourceError,
    FormatError,
    NoNoticesError,
    NotTextError,
    SourceMissingError,
    SourceUnreadableError,
    TooLargeError,
)
from kg.reading.source import SourceText, frozen

TEXT_SUFFIXES = frozenset({".txt", ".text"})
"""What is read so far; a folder is searched for these."""
LARGEST = 64 * 1024 * 1024
"""Bytes of the largest file that is read: a notice has some 50 kB."""
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CONTROL = frozenset(range(32)) - {9, 10, 12, 13}


def source_paths(sources: Sequence[str | Path]) -> list[Path]:
    """The files that the sources mean: a file is itself, a folder every text below it, in the order of their names.

    Raises:
        SourceMissingError: a path does not exist.
        NoNoticesError: a folder holds no file of a format that is read.
    """
    found: list[Path] = []
    for source in map(Path, sources):
        if source.is_dir():
            below = sorted(path for path in source.rglob("*") if path.suffix.lower() in TEXT_SUFFIXES and path.is_file())
            if not below:
                raise NoNoticesError(source)
            found += below
        elif source.exists():
            found.append(source)
        else:
            raise SourceMissingError(source)
    return list(dict.fromkeys(found))


def read_text(path: Path) -> SourceText:
    """The frozen text of a file: decoded, without a byte order mark, line ends as they are.

    Raises:
        SourceMissingError, SourceUnreadableError: there is no such file, or it cannot be opened.
        FormatError: its suffix is of a format that is not read.
        TooLargeError: it is larger than ``LARGEST``.
        EmptySourceError: it holds nothing but white space.
        NotTextError: it is binary, or in no encoding that is known.
    """
    if path.suffix.lower() not in TEXT_SUFFIXES:
        raise FormatError(path, path.suffix or path.name)
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise TooLargeError(path, size // 2**20, LARGEST // 2**20)
        content = path.read_bytes()
    except FileNotFoundError:
        raise SourceMissingError(path) from None
    except OSError as error:
        raise SourceUnreadableError(path, error.strerror) from error
    text, encoding = _decode(content, path)
    if not text.strip():
        raise EmptySourceError(path)
    return frozen(path.as_posix(), text, encoding)


def _decode(content: bytes, path: Path) -> tuple[str, str]:
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
    """The text of a query file, UTF-8; ``-`` is the standard input.

    Raises:
        SourceMissingError, SourceUnreadableError, NotTextError: it cannot be read.
    """
    try:
        content = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        return content.decode("utf-8-sig")
    except FileNotFoundError:
        raise SourceMissingError(path) from None
    except UnicodeDecodeError:
        raise NotTextError(path) from None
    except OSError as error:
        raise SourceUnreadableError(path, error.strerror) from error

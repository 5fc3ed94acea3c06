"""What every reader of a file format gives: one frozen text, its tables, and where in the file things stand."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg.model import Place, Span


@dataclass(frozen=True, slots=True)
class Grid:
    """One table of a text, every row as long as the widest.

    A cell is the span of its text. A merged cell stands in every place that it covers, with the same span; a cell
    without text has an empty span.
    """

    rows: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, slots=True)
class Leftover:
    """What a drafter left in a file and must not issue: the code of the finding, how often, and where in the text it begins."""

    code: str
    count: int
    start: int


@dataclass(frozen=True, slots=True)
class SourceText:
    """The frozen text of one file. ``sha256`` is that of its UTF-8 bytes, whatever format and encoding the file was in."""

    path: str
    text: str = field(repr=False)
    sha256: str
    encoding: str
    grids: tuple[Grid, ...] = ()
    places: tuple[Place, ...] = field(default=(), repr=False)
    """Where parts of the text stand in the file, by their start; empty where the text is the file."""
    whole_paragraphs: bool = False
    """Whether the format says where a paragraph ends, so that no line end is a mere wrap."""
    leftovers: tuple[Leftover, ...] = ()


class TextBuilder:
    """Puts a frozen text together piece by piece, and keeps where each piece came from.

    >>> out = TextBuilder()
    >>> out.paragraph("一、任务", paragraph=1)
    >>> out.table([[("序号", 0), ("任务", 1)], [("1", 2), ("修路", 3)]], table=1)
    >>> out.source("a.docx", "zip").text.splitlines()
    ['一、任务', '序号\\t任务', '1\\t修路']
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._at = 0
        self._grids: list[Grid] = []
        self._places: list[Place] = []

    @property
    def at(self) -> int:
        """Where the next piece will stand."""
        return self._at

    def _put(self, text: str) -> Span:
        span = Span(self._at, self._at + len(text))
        self._parts.append(text)
        self._at = span.end
        return span

    def paragraph(self, text: str, *, page: int | None = None, paragraph: int | None = None) -> None:
        """Add a paragraph; inner line ends stay."""
        if not text.strip():
            return
        span = self._put(text)
        self._put("\n")
        if page is not None or paragraph is not None:
            self._places.append(Place(span.start, page=page, paragraph=paragraph))

    def table(self, rows: Sequence[Sequence[tuple[str, object]]], *, page: int | None = None, table: int | None = None) -> None:
        """Add a table.

        Args:
            rows: its rows of cells, merged cells repeated in every place that they cover, each as (text, key); places
                with the same key are one cell, and its text is put down once.
            page: the page on which it begins, from 1.
            table: its number in the file, from 1.
        """
        known: dict[object, Span] = {}
        spans: list[tuple[Span, ...]] = []
        widest = max(map(len, rows), default=0)
        for number, row in enumerate(rows, 1):
            cells: list[Span] = []
            for column, (text, key) in enumerate(row, 1):
                if column > 1:
                    self._put("\t")
                if key not in known:
                    known[key] = self._put(text.strip())
                    self._places.append(Place(known[key].start, page=page, table=table, row=number, column=column))
                cells.append(known[key])
            cells += [Span(self._at, self._at)] * (widest - len(cells))
            self._put("\n")
            spans.append(tuple(cells))
        self._grids.append(Grid(tuple(spans)))

    def source(self, path: str, encoding: str) -> SourceText:
        """What was put together, frozen."""
        text = "".join(self._parts)
        return frozen(path, text, encoding, grids=tuple(self._grids), places=tuple(self._places), whole_paragraphs=True)


def frozen(
    path: str,
    text: str,
    encoding: str,
    *,
    grids: tuple[Grid, ...] = (),
    places: tuple[Place, ...] = (),
    whole_paragraphs: bool = False,
) -> SourceText:
    """A source text with the hash of its characters."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return SourceText(path, text, digest, encoding, grids, places, whole_paragraphs)


def shown_path(path: Path) -> str:
    """A path as text that can be printed and written in every encoding of Unicode, another one for every path.

    Unix knows names as bytes: those of an archive that Windows packed are in GB18030. Bytes that are neither that nor UTF-8, or whose
    text is the name of another file, are written as in addresses.

    >>> shown_path(Path("a/b.txt")), shown_path(Path(os.fsdecode("工作.txt".encode("gbk")))), shown_path(Path(os.fsdecode(b"a\\xff")))
    ('a/b.txt', '工作.txt', 'a%FF')
    """
    text = path.as_posix()
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return _decoded(os.fsencode(text))
    return text


def _decoded(name: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            found = name.decode(encoding)
        except UnicodeDecodeError:
            continue
        # In a locale that knows no Chinese the UTF-8 of a path is this same path.
        try:
            other = os.fsencode(found) != name and Path(found).exists()
        except (UnicodeEncodeError, OSError):
            other = False
        if not other:
            return found
    return "".join(chr(byte) if 32 < byte < 127 and byte != 37 else f"%{byte:02X}" for byte in name)

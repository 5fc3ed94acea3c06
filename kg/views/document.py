"""What a report says before it is HTML or Markdown: sentences with links, tables, figures, chapters."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from string import Formatter

from kg.messages import catalogue, say


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; ``table`` and ``row`` say where its figures can be looked up, both empty for plain text."""

    text: str
    table: str = ""
    row: str = ""

    @property
    def anchor(self) -> str:
        """Where the piece leads inside the report, empty for plain text."""
        return f"{self.table}-{self.row}" if self.row else self.table


Sentence = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table; columns of one ``group`` stand under a common head."""

    label: str
    group: str = ""
    numeric: bool = True
    names_row: bool = False
    """True for the column whose cells say what the row is about."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row; ``key`` makes its anchor, together with the table's."""

    key: str
    cells: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption, and a note below it that says what is left out."""

    anchor: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""

    @property
    def heads(self) -> tuple[tuple[str, tuple[Column, ...]], ...]:
        """The columns by common head; those without one have the empty head."""
        return tuple((group, tuple(columns)) for group, columns in groupby(self.columns, key=lambda column: column.group))


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing as SVG text; ``anchor`` names it, ``table`` the table that holds the same numbers."""

    anchor: str
    caption: str
    svg: str
    table: str
    legend: tuple[tuple[str, str], ...] = ()
    """Class of the swatch and what it stands for."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences that belong together."""

    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Points:
    """A list of sentences, in order."""

    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms with a sentence each."""

    entries: tuple[tuple[str, Sentence], ...]


Block = Table | Figure | Paragraph | Points | Terms


@dataclass(frozen=True, slots=True)
class Chapter:
    """One numbered part of a report."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """One of the large numbers at the head: what it counts, the value, and a line that sets it in proportion."""

    label: str
    value: Piece
    aside: str


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report in one language."""

    lang: str
    title: str
    name: str
    subject: str
    standfirst: str
    numbers: tuple[Number, ...]
    findings: tuple[Sentence, ...]
    chapters: tuple[Chapter, ...]


def sentence(key: str, *, lang: str, **fields: object) -> Sentence:
    """The message of a key as a sentence, whose blanks may be filled with linked pieces.

    Args:
        key: dotted key of the catalogue.
        lang: zh or en.
        fields: text, numbers, a ``Piece`` or a whole ``Sentence``, by name of the blank.

    >>> sentence("report.items", lang="zh", numbers=Piece("60", "tasks"))
    (Piece(text='第', table='', row=''), Piece(text='60', table='tasks', row=''), Piece(text='项', table='', row=''))
    """
    pieces: list[Piece] = []
    for literal, name, _, _ in Formatter().parse(catalogue(lang)[key]):
        pieces.append(Piece(literal))
        if name is not None:
            pieces.extend(as_sentence(fields[name]))
    return joined(pieces)


def as_sentence(value: object) -> Sentence:
    """Anything that can fill a blank or a table cell, as a sentence.

    >>> as_sentence(7)
    (Piece(text='7', table='', row=''),)
    """
    if isinstance(value, Piece):
        return (value,)
    if isinstance(value, tuple):
        return value
    return (Piece(str(value)),)


def joined(pieces: Iterable[Piece]) -> Sentence:
    """The pieces without empty ones, plain neighbours run together.

    >>> [piece.text for piece in joined([Piece("a"), Piece(""), Piece("b"), Piece("c", "t")])]
    ['ab', 'c']
    """
    kept: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if kept and not kept[-1].anchor and not piece.anchor:
            kept[-1] = Piece(kept[-1].text + piece.text)
        else:
            kept.append(piece)
    return tuple(kept)


def cells(*values: object) -> tuple[Sentence, ...]:
    """Anything that can stand in the cells of a row."""
    return tuple(as_sentence(value) for value in values)


def listed(parts: Sequence[object], *, lang: str) -> Sentence:
    """Several pieces or sentences as one enumeration, as the language writes it.

    >>> "".join(piece.text for piece in listed(["市发改委", "市经信局", "市财政局"], lang="zh"))
    '市发改委、市经信局、市财政局'
    """
    pieces: list[Piece] = []
    for position, part in enumerate(parts):
        if position:
            key = "report.join.last" if position == len(parts) - 1 else "report.join.next"
            pieces.append(Piece(say(key, lang=lang)))
        pieces.extend(as_sentence(part))
    return joined(pieces)


def plain(parts: Sentence) -> str:
    """A sentence without its links."""
    return "".join(piece.text for piece in parts)


def without_dead_ends(document: Document) -> Document:
    """The document with its links mended: to the table where the row is not listed, plain text where there is no such table."""
    tables = [block for chapter in document.chapters for block in chapter.blocks if isinstance(block, Table)]
    known = {chapter.anchor for chapter in document.chapters} | {table.anchor for table in tables}
    rows = {(table.anchor, row.key) for table in tables for row in table.rows}

    def kept(pieces: Sentence) -> Sentence:
        return joined(_mended(piece, known, rows) for piece in pieces)

    def swept(block: Block) -> Block:
        if isinstance(block, Paragraph):
            return Paragraph(kept(block.sentence))
        if isinstance(block, Points):
            return Points(tuple(kept(words) for words in block.sentences))
        if isinstance(block, Table):
            return replace(block, rows=tuple(replace(row, cells=tuple(kept(cell) for cell in row.cells)) for row in block.rows))
        return block

    return replace(
        document,
        numbers=tuple(replace(number, value=_mended(number.value, known, rows)) for number in document.numbers),
        findings=tuple(kept(finding) for finding in document.findings),
        chapters=tuple(replace(chapter, blocks=tuple(swept(block) for block in chapter.blocks)) for chapter in document.chapters),
    )


def _mended(piece: Piece, known: Collection[str], rows: Collection[tuple[str, str]]) -> Piece:
    if piece.table not in known:
        return Piece(piece.text)
    return piece if not piece.row or (piece.table, piece.row) in rows else Piece(piece.text, piece.table)

"""PDF files with a text layer → frozen texts: paragraphs put together again from lines, ruled tables as grids."""

from __future__ import annotations

import logging
import re
import struct
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from statistics import median
from typing import Any

from kg.errors import EmptySourceError, ExtraError, KgError, TooLargeError
from kg.folding import fold
from kg.reading.pdflines import Glyph, Line, blocks_of, lines_of, paragraphs_of, usual_pitch, usual_size
from kg.reading.pdftables import Box, Ruled, continued, open_ends, ruled_table, same_columns
from kg.reading.source import SourceText, TextBuilder
from kg.resources import per_lexicon, table

MOST_PAGES = 2000
"""Pages of the longest file that is read: a notice has some 30, and a page takes a tenth of a second."""
MOST_EDGES = 40_000
"""Strokes of a page above which no table is looked for in it: maps and drawings, where the search takes minutes."""
LARGEST_STREAM = 256 * 2**20
"""Bytes into which one part of a file may unfold: a page of a scan has some 25 MB, and a bomb gigabytes."""
CHUNK = 2**16
LEAST_CHARACTERS = 10
"""Characters on a page below which it counts as one without text: a page number may stand on a scan."""
UNMAPPED = 0.2
"""Share of characters without a code above which the text layer is none: fonts that were embedded without their codes."""
MARGIN = 0.14
"""Share of the height of a page, at its head and foot, in which page numbers and running heads stand."""
SAME_HEIGHT = 4.0
"""Points by which a running head may stand higher or lower."""
NO_CODE = "\ufffd"
ASLANT = -1
KEYS_OF_A_PAGE = 10**6
"""Keys of cells count on from page to page; a page has fewer places."""
MOST_OF = 0.4
"""Share of the pages on which a running head stands at least; those of left and right pages may differ."""


class PdfBrokenError(KgError):
    """A PDF file that is damaged or cut off, or none at all. Fields: path."""

    code = "pdf-broken"


class PdfLockedError(KgError):
    """A PDF file that asks for a password. Fields: path."""

    code = "pdf-locked"


class PdfScannedError(KgError):
    """A PDF file of pictures, or of letters without codes: no text can be taken from it. Fields: path, pages without text,
    all pages."""

    code = "pdf-scanned"


class PdfTooLongError(KgError):
    """A PDF file with more pages than are read. Fields: path, its pages, the limit."""

    code = "pdf-too-long"


_DAMAGE = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    RecursionError,
    EOFError,
    struct.error,
    zlib.error,
)
"""What pdfminer lets through when a file is damaged, beside its own errors."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: its size, the lines outside its tables, and its tables."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    tables: tuple[Ruled, ...]
    characters: int
    unmapped: int
    pictured: bool = False


def read_pdf(content: bytes, path: str) -> SourceText:
    """The frozen text of a PDF file.

    Lines are put together to paragraphs, over the ends of pages too; page numbers, running heads and what is printed
    aslant are left out; ruled tables become grids. Places give the page and the number of the paragraph on it.

    Raises:
        ExtraError: pdfplumber is not installed.
        PdfBrokenError, PdfLockedError: it is damaged, or asks for a password.
        PdfScannedError: most of its pages have no text.
        PdfTooLongError, TooLargeError: it has more than ``MOST_PAGES`` pages, or unfolds into too much.
        EmptySourceError: its pages are empty.
    """
    sheets = _sheets(content, path)
    scanned = [sheet for sheet in sheets if sheet.characters < LEAST_CHARACTERS and sheet.pictured]
    characters = sum(sheet.characters for sheet in sheets)
    if 2 * len(scanned) > len(sheets) or sum(sheet.unmapped for sheet in sheets) > UNMAPPED * characters:
        raise PdfScannedError(path, len(scanned) or len(sheets), len(sheets))
    sheets = _without_heads(sheets)
    out = TextBuilder()
    _put(out, sheets)
    found = out.source(path, "pdf")
    if not found.text.strip():
        raise EmptySourceError(path)
    return found


def _sheets(content: bytes, path: str) -> list[Sheet]:
    with _guarded(path) as pdfplumber:
        _refuse_bombs(content, path)
        pdf = pdfplumber.open(BytesIO(content))
        pages = pdf.pages
        rebuilt = any(type(part).__name__ == "PDFXRefFallback" for part in pdf.doc.xrefs)
    if len(pages) > MOST_PAGES:
        raise PdfTooLongError(path, len(pages), MOST_PAGES)
    # pdfminer reads what is left of a file without its table of objects; half a notice looks like a notice.
    if not pages or (rebuilt and b"%%EOF" not in content[-2048:]):
        raise PdfBrokenError(path)
    return list(_read_pages(pages, path))


def _refuse_bombs(content: bytes, path: str) -> None:
    # pdfminer unfolds each part of a file at once, whatever its size.
    for hit in re.finditer(rb"stream\r?\n", content):
        at, end = hit.end(), content.find(b"endstream", hit.end())
        unpacker, size = zlib.decompressobj(), 0
        try:
            while not unpacker.eof and (at < end or unpacker.unconsumed_tail) and size <= LARGEST_STREAM:
                packed = unpacker.unconsumed_tail or content[at : min(at + CHUNK, end)]
                at += 0 if unpacker.unconsumed_tail else CHUNK
                size += len(unpacker.decompress(packed, 16 * CHUNK))
        except zlib.error:  # not packed, or packed otherwise
            continue
        if size > LARGEST_STREAM:
            raise TooLargeError(path, size >> 20, LARGEST_STREAM >> 20)


@contextmanager
def _guarded(path: str) -> Iterator[Any]:
    # Around calls of pdfplumber only: its errors become ours, and mistakes of our own do not look like a damaged file.
    try:
        import pdfplumber
        from pdfminer.pdfdocument import PDFPasswordIncorrect
        from pdfminer.psexceptions import PSException
        from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException
    except ImportError as error:
        raise ExtraError("PDF", "pdf") from error
    logger = logging.getLogger("pdfminer")  # logs each oddity of a font
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield pdfplumber
    except (PdfminerException, MalformedPDFException, PSException, *_DAMAGE) as error:
        locked = any(isinstance(part, PDFPasswordIncorrect) for part in (error, *error.args))
        raise (PdfLockedError if locked else PdfBrokenError)(path) from error
    finally:
        logger.setLevel(level)


def _read_pages(pages: Sequence[Any], path: str) -> Iterator[Sheet]:
    before: tuple[Ruled, ...] = ()
    for number, page in enumerate(pages, 1):
        with _guarded(path):
            edges = page.edges if len(page.edges) <= MOST_EDGES else []
            ruled = page.find_tables({"explicit_horizontal_lines": open_ends(edges)}) if len(edges) > 4 else []
            boxes = [list(part.cells) for part in ruled if len(part.cells) > 1]
            chars, images = page.chars, page.images
        sheet = _sheet(page, number, chars, boxes, before)
        area = page.width * page.height / 4
        pictured = any((image["x1"] - image["x0"]) * (image["bottom"] - image["top"]) > area for image in images)
        page.close()  # else every character of every page stays in memory
        before = sheet.tables or before
        yield replace(sheet, pictured=pictured)


def _sheet(page: Any, number: int, printed: Sequence[dict[str, Any]], ruled: Sequence[Sequence[Box]], before: Sequence[Ruled]) -> Sheet:
    chars = [char for char in printed if char["text"] and _is_on_page(char, page)]
    turns = Counter(_turn(char) for char in chars if not char["text"].isspace())
    turns.pop(ASLANT, None)
    # A landscape table printed on an upright page has all its letters turned.
    turn = max(turns, key=lambda at: (turns[at], -at), default=0)
    glyphs = [_glyph(char, turn, page) for char in chars if _turn(char) == turn]
    turned = [[_turned(box, turn, page) for box in boxes] for boxes in ruled]
    tables: list[Ruled] = []
    taken: set[int] = set()
    key = number * KEYS_OF_A_PAGE
    for boxes in sorted(turned, key=lambda boxes: min(box[1] for box in boxes)):
        found, inside = ruled_table(boxes, glyphs, number, key)
        key += len(found.rows) * len(found.columns)
        if found.is_table or (before and same_columns(before[-1], found) and any(found.texts.values())):
            tables.append(found)
            taken |= inside
    lines = lines_of((glyph for at, glyph in enumerate(glyphs) if at not in taken), number)
    width, height = (page.height, page.width) if turn % 2 else (page.width, page.height)
    held = [glyph.text for glyph in glyphs if not glyph.text.isspace()]
    return Sheet(number, float(width), float(height), tuple(lines), tuple(tables), len(held), held.count(NO_CODE))


def _is_on_page(char: dict[str, Any], page: Any) -> bool:
    x0, top, x1, bottom = page.bbox
    return bool(char["x1"] > x0 and char["x0"] < x1 and char["bottom"] > top and char["top"] < bottom)


def _turn(char: dict[str, Any]) -> int:
    # Quarters by which a letter is turned to the left; watermarks stand aslant.
    across, up = char["matrix"][:2]
    if abs(up) <= 0.02 * abs(across):
        return 0 if across > 0 else 2
    if abs(across) <= 0.02 * abs(up):
        return 1 if up > 0 else 3
    return ASLANT


def _turned(box: Box, turn: int, page: Any) -> Box:
    x0, top, x1, bottom = box
    width, height = page.width, page.height
    turned = (x0, top, x1, bottom), (height - bottom, x0, height - top, x1)
    return (*turned, (width - x1, height - bottom, width - x0, height - top), (top, width - x1, bottom, width - x0))[turn]


def _glyph(char: dict[str, Any], turn: int, page: Any) -> Glyph:
    x0, top, x1, bottom = _turned((char["x0"], char["top"], char["x1"], char["bottom"]), turn, page)
    text = NO_CODE if char["text"].startswith("(cid:") else char["text"]
    return Glyph(text, x0, x1, top, bottom, bottom - top)


def _without_heads(sheets: Sequence[Sheet]) -> list[Sheet]:
    # Page numbers, and what stands in the margin of most pages at one height.
    steps: Counter[int] = Counter()
    tops: dict[tuple[bool, str], dict[int, float]] = defaultdict(dict)
    margins = {line for sheet in sheets for line in _in_margin(sheet)}
    lines = [line for sheet in sheets for line in sheet.lines if line not in margins]
    size, pitch = usual_size(lines), usual_pitch(lines)
    apart = {sheet.number: _apart(sheet, size, pitch) for sheet in sheets}
    for sheet in sheets:
        for line in _in_margin(sheet):
            if number := _page_number(line):
                steps[number - sheet.number] += 1
        for line in apart[sheet.number]:
            tops[line.top < sheet.height / 2, _without_digits(line)].setdefault(sheet.number, line.top)
    enough = max(2, MOST_OF * len(sheets))
    heads = {key: median(found.values()) for key, found in tops.items() if len(found) >= enough}
    kept = []
    for sheet in sheets:
        dropped = {line for line in _in_margin(sheet) if _counts(line, sheet, steps)}
        for line in apart[sheet.number]:
            height = heads.get((line.top < sheet.height / 2, _without_digits(line)))
            if height is not None and abs(line.top - height) < SAME_HEIGHT:
                dropped.add(line)
        kept.append(replace(sheet, lines=tuple(line for line in sheet.lines if line not in dropped)))
    return kept


def _counts(line: Line, sheet: Sheet, steps: Mapping[int, int]) -> bool:
    # Whether a line is the number of its page: by its marks, or because the numbers go up with the pages.
    number = _page_number(line)
    if number is None:
        return False
    return not line.text.strip().isdigit() or number == sheet.number or steps[number - sheet.number] > 1


def _apart(sheet: Sheet, size: float, pitch: float) -> list[Line]:
    # Lines of the margin that do not stand in the rows of the text: set in other letters, or further off. Two pages of
    # text may well end with the same line.
    found = []
    margin = set(_in_margin(sheet))
    for at, line in enumerate(sheet.lines):
        others = [other for other in sheet.lines[max(0, at - 1) : at + 2] if other is not line and other not in found]
        inner = [other for other in others if (other.top > line.top) == (line.top < sheet.height / 2)]
        gap = min((abs(other.top - line.top) for other in inner), default=sheet.height)
        if line in margin and (abs(line.size - size) >= 0.5 or gap > 1.3 * pitch):
            found.append(line)
    return found


def _in_margin(sheet: Sheet) -> list[Line]:
    return [line for line in sheet.lines if line.bottom < MARGIN * sheet.height or line.top > (1 - MARGIN) * sheet.height]


def _without_digits(line: Line) -> str:
    return re.sub(r"\d+", "#", "".join(fold(line.text).split()))


def _page_number(line: Line) -> int | None:
    bare = "".join(fold(line.text).split())
    if not any(pattern.fullmatch(bare) for pattern in _page_numbers()):
        return None
    hit = re.search(r"\d+", bare)
    return int(hit[0]) if hit else 0


@per_lexicon
def _page_numbers() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(row["pattern"]) for row in table("lexicon/pages.toml")["page_number"])


def _put(out: TextBuilder, sheets: Sequence[Sheet]) -> None:
    blocks = blocks_of([line for sheet in sheets for line in sheet.lines], {sheet.number: (sheet.width, sheet.height) for sheet in sheets})
    counted: Counter[int] = Counter()
    tables = 0
    for parts in _runs(sheets):
        if isinstance(parts, Ruled):
            tables += 1
            rows = [[(parts.texts.get(key, ""), key) for key in row] for row in parts.rows]
            out.table([row for row in rows if any(text for text, _ in row)], page=parts.page, table=tables)
            continue
        for text, page in paragraphs_of(parts, blocks):
            counted[page] += 1
            out.paragraph(text, page=page, paragraph=counted[page])


def _runs(sheets: Sequence[Sheet]) -> Iterator[list[Line] | Ruled]:
    # Lines that follow each other, and tables, with their parts on the next pages.
    lines: list[Line] = []
    held: Ruled | None = None
    last = 0
    for part in _parts(sheets):
        if isinstance(part, Ruled) and held is not None and part.page > last and same_columns(held, part):
            held, last = continued(held, part), part.page
            continue
        if held is not None:
            yield held
            held = None
        if isinstance(part, Line):
            lines.append(part)
            continue
        if lines:
            yield lines
            lines = []
        held, last = part, part.page
    if held is not None:
        yield held
    if lines:
        yield lines


def _parts(sheets: Sequence[Sheet]) -> Iterator[Line | Ruled]:
    for sheet in sheets:
        parts: list[Line | Ruled] = [*sheet.lines, *sheet.tables]
        yield from sorted(parts, key=lambda part: part.top)

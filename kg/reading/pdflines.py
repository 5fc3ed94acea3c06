"""Characters of printed pages, by their places → lines → paragraphs. All lengths are in points, from the top left corner."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

from kg.folding import fold, marks
from kg.reading.characters import is_han
from kg.resources import per_lexicon, table

SAME_LINE = 0.45
"""Characters whose middles are nearer than this share of their height stand on one line."""
BLANK_OF_HAN = 0.8
BLANK_OF_MIXED = 0.6
BLANK_OF_LATIN = 0.2
"""Gaps, in heights of a character, that are a blank. Programs set a quarter between Chinese and Latin, and justify."""
RAISED = 0.72
"""A figure of at most this share of the height of its line, set high, is the mark of a footnote."""
INDENT = 1.2
"""Heights of a character from the left edge at which a line is indented; the standard has two."""
OPEN_ROOM = 8.0
"""Letters that may be free at the end of a line inside a bracket."""
SLACK = 0.9
"""Heights of a character that a full line may leave free beside the next piece, as before a mark that may not begin a line."""
PITCH = 1.45
"""Distances of lines, in those of the document, above which a paragraph ends."""


LEAST_LINES = 8
"""Lines from which left and right pages of a book are told apart."""
SMALLEST = 0.1
"""Points of the smallest type."""
LONGEST_CLAUSE = 60
"""Lines back in which an open bracket is looked for."""


class Glyph(NamedTuple):
    """One character in its place."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line; ``first`` is the width of what could not be parted from its start: a Chinese character, or a word."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    first: float
    page: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """The block of text of a page: its left and right edge, the usual distance of lines and height of characters, and
    whether first lines are indented in it."""

    left: float
    right: float
    pitch: float
    size: float
    indented: bool


def lines_of(glyphs: Iterable[Glyph], page: int = 0) -> list[Line]:
    """The lines that characters form, from the top."""
    rows: list[list[Glyph]] = []
    middle = size = 0.0
    for glyph in sorted(glyphs, key=lambda glyph: (glyph.top + glyph.bottom, glyph.x0)):
        at = (glyph.top + glyph.bottom) / 2
        if not rows or at - middle > SAME_LINE * max(size, glyph.size):
            rows.append([])
            middle, size = at, glyph.size
        rows[-1].append(glyph)
    return [line for row in rows if (line := _line(row, page))]


def _line(row: list[Glyph], page: int) -> Line | None:
    printed = [glyph for glyph in row if not glyph.text.isspace()]
    if not printed:
        return None
    # Type of no size at all stands in broken files; it has gaps all the same.
    size = max(SMALLEST, max(Counter(round(glyph.size, 1) for glyph in printed).items(), key=lambda found: (found[1], found[0]))[0])
    base = median(glyph.bottom for glyph in printed)
    kept: list[Glyph] = []
    text, blank = "", ""
    for glyph in sorted(row, key=lambda glyph: glyph.x0):
        if glyph.text.isspace():
            blank = "\u3000" if "\u3000" in glyph.text else blank or " "
        elif not _is_raised(glyph, size, base) and not (kept and _is_double(kept[-1], glyph)):
            text += (_blank(kept[-1], glyph, blank, size) if kept else "") + glyph.text
            kept.append(glyph)
            blank = ""
    if not kept:
        return None
    box = (kept[0].x0, max(glyph.x1 for glyph in kept), min(glyph.top for glyph in kept), max(glyph.bottom for glyph in kept))
    return Line(text, *box, size, kept[_unparted(kept, size)].x1 - kept[0].x0, page)


def _unparted(kept: Sequence[Glyph], size: float) -> int:
    # The last of the characters that could not be parted from the first: a word, an opening bracket, a closing mark.
    opening, closing = marks("open") + marks("quotes_open"), marks("close") + marks("quotes_close") + marks("stop") + marks("enumeration")
    for at, (glyph, behind) in enumerate(zip(kept, kept[1:], strict=False)):
        is_word = not is_han(glyph.text[-1]) and not is_han(behind.text[0]) and behind.x0 - glyph.x1 <= BLANK_OF_LATIN * size
        if not is_word and (at > 1 or not (fold(glyph.text[-1]) in opening or fold(behind.text[0]) in closing)):
            return at
    return len(kept) - 1


def _is_raised(glyph: Glyph, size: float, base: float) -> bool:
    return glyph.size <= RAISED * size and glyph.bottom < base - 0.15 * size and not is_han(glyph.text[0])


def _is_double(before: Glyph, glyph: Glyph) -> bool:
    # Bold letters made by printing twice.
    return before.text == glyph.text and glyph.x0 - before.x0 < 0.3 * glyph.size


def _blank(before: Glyph, glyph: Glyph, printed: str, size: float) -> str:
    gap = (glyph.x0 - before.x1) / size
    wide = is_han(before.text[-1]) + is_han(glyph.text[0])
    if wide == 2:
        return printed if printed == "\u3000" else " " * (gap >= BLANK_OF_HAN or (gap >= BLANK_OF_LATIN and bool(printed)))
    if wide:
        return " " * (gap >= BLANK_OF_MIXED)
    return " " * (gap >= BLANK_OF_LATIN or bool(printed))


def blocks_of(lines: Sequence[Line], sizes: Mapping[int, tuple[float, float]]) -> dict[int, Block]:
    """The block of text of each page: pages of one size, left or right in the book, have one block.

    Args:
        lines: all lines of a document outside its tables.
        sizes: width and height of each page.
    """
    groups: dict[tuple[float, ...], list[Line]] = defaultdict(list)
    kinds = {page: (round(width), round(height), page % 2) for page, (width, height) in sizes.items()}
    for line in lines:
        groups[kinds[line.page]].append(line)
        groups[kinds[line.page][:2]].append(line)
    pitch, size = usual_pitch(lines), usual_size(lines)
    made: dict[tuple[float, ...], Block] = {}
    for kind in set(kinds.values()):
        group = groups[kind] if len(groups[kind]) >= LEAST_LINES else groups[kind[:2]]
        left, right = _edges(group, kind[0])
        indented = any(INDENT * size <= line.x0 - left <= 2.2 * INDENT * size for line in group)
        made[kind] = Block(left, right, pitch, size, indented)
    return {page: made[kind] for page, kind in kinds.items()}


def usual_size(lines: Sequence[Line]) -> float:
    """The height of most characters."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return max(sizes, key=lambda size: (sizes[size], size), default=0.0)


def usual_pitch(lines: Sequence[Line]) -> float:
    """The usual distance from one line to the next."""
    steps = [round(below.top - line.top, 1) for line, below in zip(lines, lines[1:], strict=False) if line.page == below.page]
    steps = [step for step in steps if step > 0]
    return median(steps) if steps else 0.0


def _edges(lines: Sequence[Line], width: float) -> tuple[float, float]:
    if not lines:
        return 0.0, 0.0
    lefts = Counter(round(line.x0 / 2) for line in lines)
    left = 2.0 * min(at for at, count in lefts.items() if count >= min(0.04 * len(lines), max(lefts.values())))
    ends = sorted(line.x1 for line in lines)
    longest = ends[int(0.95 * (len(ends) - 1))]
    rights = Counter(round(end / 2) for end in ends if end > width / 2)
    common, count = max(rights.items(), key=lambda found: (found[1], found[0]), default=(0, 0))
    # In a short document most lines may be a character less than the edge, before a mark that may not begin one; ends are rounded.
    if count >= max(3, 0.15 * len(lines)) and longest - 2 * common < usual_size(lines) + 2.0:
        return left, 2.0 * common
    # No edge of justified text: as far from the right of the page as the left edge from the left, if no line is longer.
    return left, max(longest, width - left)


def paragraphs_of(lines: Sequence[Line], blocks: Mapping[int, Block]) -> Iterator[tuple[str, int]]:
    """The paragraphs of lines that follow each other, over the ends of pages, each with the page on which it begins."""
    open_lines: list[Line] = []
    for line in lines:
        if open_lines and not _continues(open_lines[-1], line, open_lines, blocks):
            yield joined([part.text for part in open_lines]), open_lines[0].page
            open_lines = []
        open_lines.append(line)
    if open_lines:
        yield joined([part.text for part in open_lines]), open_lines[0].page


def _continues(line: Line, below: Line, open_lines: Sequence[Line], blocks: Mapping[int, Block]) -> bool:
    block, next_block = blocks[line.page], blocks[below.page]
    size = max(line.size, below.size)
    same_page = line.page == below.page
    if abs(line.size - below.size) > 0.12 * size or (same_page and below.top - line.top > max(PITCH * block.pitch, 1.2 * size)):
        return same_page and _is_one_title(line, below, block)
    if same_page and _is_one_title(line, below, block):
        return True
    room = block.right - line.x1
    if room >= below.first + SLACK * size:
        # Figures and Latin words behind a mark are not parted from it by every program; an open bracket tells.
        return room < OPEN_ROOM * size and _is_open(open_lines) and not _is_item(below.text)
    if _is_item(below.text) and _is_ended(line.text, open_lines):
        return False
    indent = below.x0 - next_block.left
    if indent < INDENT * size:
        return next_block.indented or fold(line.text)[-1] not in marks("sentence_end")
    # A block that is indented as a whole, as a quotation; else the first line of a paragraph.
    return same_page and abs(below.x0 - line.x0) < 0.5 * size and len(open_lines) > 1 and not _is_ended(line.text, open_lines)


def _is_one_title(line: Line, below: Line, block: Block) -> bool:
    # Lines in the same large letters, one below the other in the middle of the page.
    middle = (block.left + block.right) / 2
    centred = all(abs((part.x0 + part.x1) / 2 - middle) <= part.size for part in (line, below))
    large = line.size >= 1.15 * block.size and abs(line.size - below.size) < 0.05 * line.size
    return centred and large and below.top - line.bottom < 1.2 * line.size and not _is_ended(line.text, [])


def _is_ended(text: str, open_lines: Sequence[Line]) -> bool:
    return not _is_open(open_lines) and fold(text)[-1] in marks("sentence_end") + marks("close") + ";:"


def _is_open(open_lines: Sequence[Line]) -> bool:
    whole = fold("".join(line.text for line in open_lines[-LONGEST_CLAUSE:]))
    return sum(map(whole.count, marks("open"))) > sum(map(whole.count, marks("close")))


def _is_item(text: str) -> bool:
    return any(pattern.match(fold(text)) for pattern in _items())


@per_lexicon
def _items() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(row["pattern"]) for row in table("lexicon/pages.toml")["item"])


def joined(texts: Iterable[str]) -> str:
    """Lines in one: no blank where a Chinese character or a number was divided, one between Latin words.

    >>> joined(["市农业", "农村局和AI", "tools 12", "3项，super-", "vised"])
    '市农业农村局和AI tools 123项，super-vised'
    """
    parts: list[str] = []
    for text in filter(None, texts):
        parts += [" ", text] if parts and _are_words(parts[-1][-1], text[0]) else [text]
    return "".join(parts)


def _are_words(before: str, after: str) -> bool:
    # Whether a blank stood where a line ended: not inside a number, nor next to a dash or a Chinese mark.
    is_word = before.isascii() and (before.isalnum() or before in ",.;:!?)%")
    return is_word and after.isascii() and (after.isalnum() or after == "(") and not (before.isdigit() and after.isdigit())


def cell_text(lines: Sequence[Line], width: float) -> str:
    """The text of a table cell: a line is continued by the next where nothing more would have fitted on it.

    Args:
        lines: its lines.
        width: the width of the cell.
    """
    room = width - 2 * min(5.4, *(line.size / 2 for line in lines)) if lines else 0.0
    parts: list[list[str]] = []
    for at, line in enumerate(lines):
        above = lines[at - 1] if at else None
        wrapped = above is not None and above.x1 - above.x0 + line.first > room - 0.1 * line.size
        if above is not None and wrapped and not (_is_item(line.text) and _is_ended(above.text, [])):
            parts[-1].append(line.text)
        else:
            parts.append([line.text])
    return "\n".join(map(joined, parts))

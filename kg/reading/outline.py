"""Paragraphs and rows of tables → sections, and the wordings that clauses close."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from kg.folding import marks
from kg.model import Section, Span
from kg.reading.characters import Line
from kg.reading.clauses import Reading, bare_brackets, find_clauses, joined_readings
from kg.reading.ordinals import INSIDE, Ordinal, read_ordinal
from kg.reading.tables import TableRow
from kg.resources import table


@dataclass(frozen=True, slots=True)
class Part:
    """A run of a paragraph that belongs to a wording, with the number that it begins with."""

    line: Line
    ordinal: Ordinal | None

    @property
    def wording(self) -> Line | None:
        """What stands behind the number; None where nothing does."""
        return self.line.part(self.ordinal.end, len(self.line.text)) if self.ordinal else self.line


@dataclass(frozen=True, slots=True)
class Block:
    """One clause with the wording that it closes."""

    number: str | None
    section: int | None
    """Index of its section, from 1."""
    wording: tuple[Line, ...]
    start: int
    """Where its wording begins in the frozen text, number included."""
    clause: Span
    reading: Reading


@dataclass(frozen=True, slots=True)
class Outline:
    """The sections of a notice, its blocks in printed order, and the paragraphs of the preamble."""

    sections: tuple[Section, ...]
    blocks: tuple[Block, ...]
    preamble: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class _Paragraph:
    line: Line
    ordinal: Ordinal | None
    clauses: tuple[Reading, ...]

    @property
    def start(self) -> int:
        """Position of its first character."""
        return self.line.start


_Element = _Paragraph | TableRow


def read_outline(lines: Sequence[Line], rows: Sequence[TableRow]) -> Outline:
    """The sections that hold tasks, the blocks, and the preamble of the annex.

    Args:
        lines: the paragraphs outside of tables of tasks.
        rows: the rows of those tables.

    A notice numbers 一、二、三 in its covering letter and again in its annex: only headings of a run that has clauses
    below it are sections.
    """
    elements: list[_Element] = sorted([*_paragraphs(lines), *rows], key=lambda element: element.start)
    headings = _section_headings(elements)
    levels = _levels_behind(elements)
    heads: list[Section] = []
    blocks: list[Block] = []
    pending: list[Part] = []
    for at, element in enumerate(elements):
        if isinstance(element, TableRow):
            pending = []
            _open_section(heads, element)
            blocks.append(_of_row(element, len(heads) or None))
        elif at in headings:
            pending = []
            heads.append(_section(element, len(heads) + 1))
        else:
            behind = levels[at] if element.clauses and pending else INSIDE
            pending = _close(element, pending, blocks, len(heads) or None, behind)
    starts = [heads[0].span.start] if heads else [block.start for block in blocks[:1]]
    front = [line for line in lines if starts and line.start < starts[0]]
    return Outline(tuple(heads), tuple(blocks), tuple(_preamble(front)))


def _paragraphs(lines: Sequence[Line]) -> Iterator[_Paragraph]:
    clauses = [find_clauses(line) for line in lines]
    bare = _least_bare(lines, clauses)
    value: int | None = None
    for line, found in zip(lines, clauses, strict=True):
        ordinal = read_ordinal(line.folded, 0, value)
        if ordinal and ordinal.level == table("lexicon/outline.toml")["glued"]["level"]:
            value = ordinal.value
        yield _Paragraph(line, ordinal, tuple(found or (find_clauses(line, bare) if bare else ())))


def _least_bare(lines: Sequence[Line], clauses: Sequence[Sequence[Reading]]) -> int:
    # Brackets of nothing but parties are clauses where most are printed so; two parties or more also beside clauses with verbs.
    least = table("lexicon/outline.toml")["bare"]["least"]
    bare = sum(next(bare_brackets(line), None) is not None for line, found in zip(lines, clauses, strict=True) if not found)
    if bare >= least and 2 * bare > sum(map(bool, clauses)):
        return 1
    verbs = sum(reading.run.rule == "bracket-verb" for found in clauses for reading in found)
    return 2 if bare and verbs >= least else 0


def _levels_behind(elements: Sequence[_Element]) -> list[int]:
    # For each element the level of the next number behind it, -1 where none follows, or a row of a table first.
    level, found = -1, list[int]()
    for element in reversed(elements):
        found.append(level)
        if isinstance(element, TableRow):
            level = -1
        elif element.ordinal:
            level = element.ordinal.level
    return found[::-1]


def _close(paragraph: _Paragraph, pending: list[Part], blocks: list[Block], section: int | None, behind: int) -> list[Part]:
    # Every clause of a paragraph closes what was printed since the clause before it; what is left waits with what waited before.
    cursor = 0
    for reading in paragraph.clauses:
        before = _part(paragraph, cursor, reading.run.start)
        cursor = _behind(paragraph.line.folded, reading.run.end)
        if before:
            pending.append(before)
        clause = paragraph.line.span(reading.run.start, reading.run.end)
        if not pending and blocks and (both := joined_readings(blocks[-1].reading, reading)):
            blocks[-1] = replace(blocks[-1], reading=both, clause=Span(blocks[-1].clause.start, clause.end))
            continue
        first_of_all = not blocks and section is None
        wording = _wording(pending, first_of_all, behind if reading.run.start == 0 else INSIDE)
        ordinal = wording[0].ordinal if wording else None
        start = wording[0].line.start if wording else clause.start
        first = wording[0].wording if wording else None
        parts = (*([first] if first else []), *(part.line for part in wording[1:]))
        blocks.append(Block(_number(wording[0].line, ordinal) if wording else None, section, parts, start, clause, reading))
        pending = []
    rest = _part(paragraph, cursor, len(paragraph.line.folded))
    if rest:
        pending.append(rest)
    return pending


def _number(line: Line, ordinal: Ordinal | None) -> str | None:
    # As printed, in its own width.
    return line.text[: len(ordinal.printed)] if ordinal else None


def _part(paragraph: _Paragraph, start: int, end: int) -> Part | None:
    line = paragraph.line.part(start, end)
    if line is None or not line.folded.strip(marks("bullets")):
        return None
    ordinal = paragraph.ordinal if start == 0 else read_ordinal(line.folded)
    return Part(line, ordinal if ordinal and ordinal.end <= len(line.text) else None)


def _behind(folded: str, end: int) -> int:
    while end < len(folded) and (folded[end].isspace() or folded[end] in marks("stop")):
        end += 1
    return end


def _wording(pending: Sequence[Part], first_of_all: bool, behind: int) -> Sequence[Part]:
    """The parts that a clause closes, of those printed since the clause before it.

    They begin with the last number; where that is one of several sub-items of one sentence (1. …： (1)…； (2)…。), or of several
    with one clause on a line of its own below them all, with the item that holds them. Without any number all count, but
    nothing of the letter before the very first clause.

    Args:
        behind: the level of the next number behind a clause on a line of its own.
    """
    numbered = [at for at, part in enumerate(pending) if part.ordinal]
    if not numbered:
        return pending[-1:] if first_of_all else pending
    start = numbered[-1]
    while True:
        level = _level(pending[start])
        above = next((at for at in reversed(numbered) if at < start and _level(pending[at]) < level), None)
        siblings = [at for at in numbered if _level(pending[at]) == level and (above or 0) <= at]
        if above is None and len(siblings) > 1 and behind < level and _value_of(pending[siblings[0]]) == 1:
            return pending[siblings[0] :]
        if above is None or (len(siblings) < 2 and not _is_sentence(pending[above])):
            return pending[start:]
        if len(siblings) < 2:
            start = above
            continue
        if behind > _level(pending[above]) and not _one_sentence(pending, above, siblings):
            return pending[start:]
        start = above


def _is_sentence(part: Part) -> bool:
    # An item that says something itself before its first sub-item: no clause closed it yet.
    folded = part.line.folded
    return folded[-1] in marks("sentence_end") and any(mark in folded[:-1] for mark in marks("stop"))


def _value_of(part: Part) -> int | None:
    return part.ordinal.value if part.ordinal else None


def _level(part: Part) -> int:
    return part.ordinal.level if part.ordinal else 0


def _one_sentence(pending: Sequence[Part], above: int, siblings: Sequence[int]) -> bool:
    # Sub-items belong together where the item leads to them, or where marks inside a sentence divide them.
    leads = pending[above].line.folded[-1] in marks("leads_on")
    divided = all(pending[following - 1].line.folded[-1] in marks("list_break") for following in siblings[1:])
    return leads or divided


# Sections.


def _section_headings(elements: Sequence[_Element]) -> set[int]:
    # The headings of the highest level that is one of sections, in the runs that have clauses below them.
    words = table("lexicon/outline.toml")["heading"]
    for level in words["sections"]:
        at = [k for k, element in enumerate(elements) if _heads(element, level)]
        kept = _with_clauses(elements, at)
        if kept and _hold_items(elements, kept, level):
            return set(kept)
    return set()


def _heads(element: _Element, level: int) -> bool:
    if isinstance(element, TableRow) or element.ordinal is None or element.ordinal.level != level or element.clauses:
        return False
    folded, words = element.line.folded, table("lexicon/outline.toml")["heading"]
    if folded[-1] in marks("list_break") + marks("leads_on") or len(folded) > words["longest"]:
        return False
    title = folded[:-1] if folded[-1] in marks("sentence_end") else folded
    return title == folded or not any(mark in title for mark in marks("stop"))


def _with_clauses(elements: Sequence[_Element], headings: Sequence[int]) -> list[int]:
    # Runs of headings: a number that does not go up begins a new run.
    runs: list[list[int]] = []
    last: int | None = None
    for at in headings:
        value = _value(elements[at])
        if last is None or value is None or value <= last:
            runs.append([])
        runs[-1].append(at)
        last = value
    ends = [*(run[0] for run in runs[1:]), len(elements)][: len(runs)]
    return [at for run, end in zip(runs, ends, strict=True) if any(_closes(elements[k]) for k in range(run[0], end)) for at in run]


def _value(element: _Element) -> int | None:
    return element.ordinal.value if isinstance(element, _Paragraph) and element.ordinal else None


def _closes(element: _Element) -> bool:
    return isinstance(element, TableRow) or bool(element.clauses)


def _hold_items(elements: Sequence[_Element], headings: Sequence[int], level: int) -> bool:
    # A heading with one clause right below it, and nothing numbered, is the title of a task.
    ends = [*headings[1:], len(elements)]
    for start, end in zip(headings, ends, strict=True):
        below = elements[start + 1 : end]
        closing = _clauses_in(below)
        deeper = any(isinstance(element, _Paragraph) and element.ordinal and level < element.ordinal.level < INSIDE for element in below)
        if closing > 1 or (deeper and closing):
            return True
    return False


def _clauses_in(elements: Sequence[_Element]) -> int:
    # Labels on lines of their own make one clause together.
    count, labels_before = 0, False
    for element in elements:
        readings = element.clauses if isinstance(element, _Paragraph) else (element.reading,)
        labels = bool(readings) and all(reading.run.rule == "line-labelled" for reading in readings)
        count += 0 if labels and labels_before else len(readings)
        labels_before = labels
    return count


def _section(paragraph: _Paragraph, index: int) -> Section:
    line, ordinal = paragraph.line, paragraph.ordinal
    title = line.text[ordinal.end if ordinal else 0 :]
    return Section(index, _number(line, ordinal), title, line.span(0, len(line.text)))


def _open_section(heads: list[Section], row: TableRow) -> None:
    # A row of a single cell heads the rows below it.
    if row.section and (not heads or heads[-1].span != row.section.span(0, len(row.section.text))):
        ordinal = read_ordinal(row.section.folded)
        title = " ".join(row.section.text[ordinal.end if ordinal else 0 :].split())
        span = row.section.span(0, len(row.section.text))
        heads.append(Section(len(heads) + 1, _number(row.section, ordinal), title, span))


def _of_row(row: TableRow, section: int | None) -> Block:
    start = min(row.start, row.clause.start)
    return Block(row.number, section, row.wording, start, row.clause, row.reading)


def _preamble(front: Sequence[Line]) -> list[Line]:
    # The sentences right before the first section; a line that ends like a title is none.
    return list(takewhile(lambda line: line.folded[-1] in marks("sentence_end"), reversed(front)))[::-1]

"""Lines → sections and the wordings that clauses close."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from kg.model import Section
from kg.reading.characters import Line, marks
from kg.reading.clauses import ClauseRun, find_clauses
from kg.reading.head import han_number
from kg.resources import per_lexicon, table


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that heads a group of tasks; ``at`` is its index among the lines."""

    at: int
    number: str
    ordinal: int | None
    title: str


@dataclass(frozen=True, slots=True)
class Block:
    """The wording that one clause closes: from ``first``, at ``start`` in that line, to the clause in line ``last``."""

    first: int
    start: int
    last: int
    clause: ClauseRun
    number: str | None
    wording: int
    """Where the wording begins in line ``first``, behind the number."""


@dataclass(frozen=True, slots=True)
class Outline:
    """The sections of a notice, and each block with the index of its section (from 1)."""

    sections: tuple[Section, ...]
    blocks: tuple[tuple[Block, int | None], ...]
    preamble: tuple[Line, ...]


@per_lexicon
def _patterns(level: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(row["pattern"]) for row in table("lexicon/outline.toml")[level])


def read_outline(lines: Sequence[Line]) -> Outline:
    """The sections that hold tasks, the blocks of wording, and the preamble of the annex.

    A notice numbers 一、二、三 in its covering letter and again in its annex: only headings of a run that has clauses
    below it are sections.
    """
    headings = list(_headings(lines))
    heading_lines = {heading.at for heading in headings}
    blocks = list(_blocks(lines, heading_lines))
    kept = _with_clauses(headings, [block.last for block in blocks])
    sections = tuple(
        Section(index, heading.number, heading.title, lines[heading.at].span(0, len(lines[heading.at].text)))
        for index, heading in enumerate(kept, 1)
    )
    starts = [heading.at for heading in kept]
    placed = tuple((block, sum(at < block.last for at in starts) or None) for block in blocks)
    first = starts[0] if starts else blocks[0].first if blocks else 0
    return Outline(sections, placed, tuple(_preamble(lines[:first])))


def _headings(lines: Sequence[Line]) -> Iterator[Heading]:
    for at, line in enumerate(lines):
        for pattern in _patterns("section"):
            hit = pattern.match(line.folded)
            if hit and not find_clauses(line) and line.folded[-1] not in marks("sentence_end"):
                yield Heading(at, hit["number"], _ordinal(hit["number"]), line.text[hit.end() :])
                break


def _ordinal(number: str) -> int | None:
    numeral = "".join(takewhile_han(number))
    return han_number(numeral) if numeral else None


def takewhile_han(number: str) -> Iterator[str]:
    """The Chinese numerals of a printed number, its other characters left out.

    >>> "".join(takewhile_han("第十一章"))
    '十一'
    """
    rows = table("lexicon/outline.toml")["numerals"]
    return (character for character in number if character in rows["digits"] + rows["ten"])


def _with_clauses(headings: Sequence[Heading], clause_lines: Sequence[int]) -> list[Heading]:
    # Runs of headings: a number that does not go up begins a new run.
    runs: list[list[Heading]] = []
    for heading in headings:
        last = runs[-1][-1].ordinal if runs else None
        if not runs or last is None or heading.ordinal is None or heading.ordinal <= last:
            runs.append([])
        runs[-1].append(heading)
    ends = [run[0].at for run in runs][1:] + [max(clause_lines, default=0) + 1] * bool(runs)
    return [heading for run, end in zip(runs, ends, strict=True) if any(run[0].at < at < end for at in clause_lines) for heading in run]


def _blocks(lines: Sequence[Line], heading_lines: set[int]) -> Iterator[Block]:
    first: tuple[int, int] | None = None  # where the open wording begins
    for at, line in enumerate(lines):
        if at in heading_lines:
            first = None
            continue
        if first is None or _number(line):
            first = (at, 0)
        for run in find_clauses(line):
            start_line, start = first if first is not None else (at, 0)
            number, wording = _number(lines[start_line], start) or (None, start)
            yield Block(start_line, start, at, run, number, wording)
            first = (at, _behind(line.folded, run.end)) if _behind(line.folded, run.end) < len(line.folded) else None


def _behind(folded: str, end: int) -> int:
    while end < len(folded) and (folded[end].isspace() or folded[end] in marks("stop")):
        end += 1
    return end


def _number(line: Line, start: int = 0) -> tuple[str, int] | None:
    for pattern in _patterns("item"):
        if hit := pattern.match(line.folded, start):
            return hit["number"], hit.end()
    return None


def _preamble(front: Sequence[Line]) -> list[Line]:
    # The sentences right before the first section; a line that ends like a title is none.
    return list(takewhile(lambda line: line.folded[-1] in marks("sentence_end"), reversed(front)))[::-1]

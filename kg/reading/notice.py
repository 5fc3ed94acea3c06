"""One file → one notice, before its units are named: the straight line of reading."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from kg.errors import NotANoticeError
from kg.folding import fold
from kg.model import Assignment, Clause, Deadline, Notice, Person, Rules, Span, Target, Task
from kg.reading.characters import Line
from kg.reading.deadlines import due_of
from kg.reading.files import SourceFile, read_file
from kg.reading.findings import leftover_findings, reading_findings
from kg.reading.grammar import find_rules
from kg.reading.head import Head, read_head, title_line
from kg.reading.names import read_names
from kg.reading.outline import Block, Outline, read_outline
from kg.reading.parties import is_party
from kg.reading.passages import bar_grids, outside_of, paragraphs_of
from kg.reading.rules import PrintedRule, RuleBook, assignments_of, rule_book, standing_assignments
from kg.reading.source import SourceText
from kg.reading.tables import rows_of_tables
from kg.reading.targets import read_targets
from kg.resources import table

Quoted = TypeVar("Quoted", Assignment, Target, Deadline, Person)


def read_notice(source: SourceFile | Path) -> Notice:
    """The notice of one file, its units not yet named.

    Raises:
        KgError: as ``read_file``.
        NotANoticeError: it holds no responsibility, and has no head of a notice either.
    """
    return notice_of_text(read_file(source))


def notice_of_text(source: SourceText) -> Notice:
    """The notice that a frozen text holds; without any responsibility it has no tasks, and a finding says so.

    Raises:
        NotANoticeError: there is no responsibility in it, and no head of a notice either.
    """
    with _uncollected():
        return _read(source)


@contextmanager
def _uncollected() -> Iterator[None]:
    # Reading makes no cycles, and all that it makes stays: the collector would walk over it again and again, a quarter of the
    # time of ten megabytes.
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _read(source: SourceText) -> Notice:
    grids, rows, head_rules = rows_of_tables(source.text, [*source.grids, *bar_grids(source)])
    paragraphs = paragraphs_of(source)
    lines = outside_of(paragraphs, grids)
    outline = read_outline(lines[title_line(lines) :], rows)
    last = outline.blocks[-1].clause.end if outline.blocks else len(source.text)
    front, back = _ends(lines, outline)
    head = read_head(front, back, [line for line in paragraphs if front and line.start < front[-1].end])
    if not outline.blocks and not (head.title or head.number):
        raise NotANoticeError(source.path)
    printed = [*(PrintedRule(kind, 0, ()) for kind in head_rules), *_printed_rules(lines)]
    book = rule_book(printed, last)
    tasks = tuple(_task(source.text, i, block, book, head.plan_year) for i, block in enumerate(outline.blocks, 1))
    return Notice(
        id=notice_id(head, source.sha256),
        title=head.title,
        number=head.number.printed if head.number else None,
        issuer=head.issuer,
        date=head.date,
        plan_year=head.plan_year,
        jurisdiction=None,
        source=source.path,
        sha256=source.sha256,
        text=source.text,
        rules=_rules(book),
        sections=outline.sections,
        targets=tuple(_quoted(source.text, target) for line in outline.preamble for target in read_targets(line)),
        tasks=tasks,
        findings=(*reading_findings(lines, outline, tasks, source.text), *leftover_findings(source)),
        places=source.places,
    )


def _ends(lines: Sequence[Line], outline: Outline) -> tuple[Sequence[Line], Sequence[Line]]:
    # The head stands before the first section and the first task, the signature there or behind the last task.
    starts = [*(section.span.start for section in outline.sections[:1]), *(block.start for block in outline.blocks[:1])]
    front = [line for line in lines if line.start < min(starts)] if starts else lines
    front = front or lines[:1]
    last = outline.blocks[-1].clause.end if outline.blocks else front[-1].end if front else 0
    return front, [line for line in lines if line.start >= last]


def _printed_rules(lines: Sequence[Line]) -> Iterator[PrintedRule]:
    for line in lines:
        for rule in find_rules(line.folded):
            names = tuple(name for name in read_names(line, *rule.parties) if is_party(fold(name.name))) if rule.parties else ()
            yield PrintedRule(rule.kind, line.positions[rule.start], names)


def _rules(book: RuleBook) -> Rules:
    standing = dict.fromkeys(name.name for rule in book.standing for name in rule.names)
    return Rules(book.first_is_lead is not None, book.comma_divides_lead is not None, tuple(standing))


def notice_id(head: Head, sha256: str) -> str:
    """The id of a notice before its place is known: year, series and number, and the first eight of its hash.

    A document series has an ASCII id in the lexicon, else four characters of a hash of its name. Naming puts the code of
    the division in front; with a document number it then leaves out the hash.
    """
    year = head.number.year if head.number else head.plan_year
    parts = [str(year)] if year else []
    if head.number:
        rows = table("lexicon/series.toml")["series"]
        known = next((row["id"] for row in rows if row["printed"] == head.number.series), None)
        parts += [known or "s" + hashlib.sha256(head.number.series.encode()).hexdigest()[:4], str(head.number.serial)]
    return "-".join([*parts, sha256[:8]])


def _task(text: str, i: int, block: Block, book: RuleBook, plan_year: int | None) -> Task:
    given, by_rule = assignments_of(block.reading, block.clause.end, book)
    parties = (*given, *standing_assignments(block.start, given, book))
    deadline = block.reading.deadline
    return Task(
        i=i,
        number=block.number,
        section=block.section,
        text="\n".join(line.text for line in block.wording),
        span=_whole(block, parties),
        clause=Clause(text[block.clause.start : block.clause.end], block.clause, "+".join([block.reading.run.rule, *by_rule])),
        assignments=tuple(_quoted(text, party) for party in parties),
        targets=tuple(_quoted(text, target) for line in block.wording for target in read_targets(line)),
        deadline=replace(_quoted(text, deadline), due=due_of(deadline.printed, plan_year)) if deadline else None,
        persons=tuple(_quoted(text, person) for person in block.reading.persons),
    )


def _whole(block: Block, parties: Sequence[Assignment]) -> Span:
    # From the number to the end of the clause; merged cells of a table may stand further up.
    spans = [block.clause, *(line.span(0, len(line.text)) for line in block.wording), *(a.span for a in parties if not a.standing)]
    spans += [block.reading.deadline.span] if block.reading.deadline else []
    return Span(min(block.start, *(span.start for span in spans)), max(span.end for span in spans))


def _quoted(text: str, record: Quoted) -> Quoted:
    # The print is what stands in the frozen text, also where a page number or a line end divides it.
    printed = text[record.span.start : record.span.end]
    return record if record.printed == printed else replace(record, printed=printed)

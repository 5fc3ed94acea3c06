"""One file → one notice, before its units are named: the straight line of reading."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.errors import NotANoticeError
from kg.model import Assignment, Clause, Finding, Notice, Role, Severity, Span, Target, Task
from kg.reading.characters import Line, lines_of, marks
from kg.reading.clauses import read_clause, role_separators, unread_labels
from kg.reading.files import read_text
from kg.reading.head import Head, read_head
from kg.reading.names import group_row
from kg.reading.outline import Block, Outline, read_outline
from kg.reading.source import SourceText
from kg.reading.targets import read_targets
from kg.resources import table


def read_notice(path: Path) -> Notice:
    """The notice of one file, its units not yet named.

    Raises:
        KgError: as ``read_text``.
        NotANoticeError: no responsibility is printed in it.
    """
    return notice_of_text(read_text(path))


def notice_of_text(source: SourceText) -> Notice:
    """The notice that a frozen text holds."""
    lines = list(lines_of(source.text))
    outline = read_outline(lines)
    if not outline.blocks:
        raise NotANoticeError(source.path)
    first = min(block.first for block, _ in outline.blocks)
    head = read_head(lines, first)
    tasks = tuple(_task(source.text, lines, i, block, section) for i, (block, section) in enumerate(outline.blocks, 1))
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
        sections=outline.sections,
        targets=tuple(target for line in outline.preamble for target in _preamble_targets(line)),
        tasks=tasks,
        findings=tuple(_findings(lines, outline, tasks)),
    )


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


def _task(text: str, lines: Sequence[Line], i: int, block: Block, section: int | None) -> Task:
    first, last = lines[block.first], lines[block.last]
    start, wording = first.start + block.start, first.start + block.wording
    clause = last.span(block.clause.start, block.clause.end)
    return Task(
        i=i,
        number=block.number,
        section=section,
        text=text[wording : clause.start].strip(),
        span=Span(start, clause.end),
        clause=Clause(text[clause.start : clause.end], clause, "bracket-labelled"),
        assignments=tuple(read_clause(last, block.clause)),
        targets=tuple(read_targets(text[wording : clause.start], wording)),
    )


def _preamble_targets(line: Line) -> list[Target]:
    return read_targets(line.text, line.start)


def _findings(lines: Sequence[Line], outline: Outline, tasks: Sequence[Task]) -> Iterator[Finding]:
    for task in tasks:
        yield from _role_findings(task)
        yield from _group_findings(task)
    yield from _separator_findings(lines, outline, tasks)
    for line in lines:
        yield from (Finding("unread-clause", Severity.WARNING, span) for span in unread_labels(line))
    for (block, _), task in zip(outline.blocks, tasks, strict=True):
        if not block.clause.closed:
            yield Finding("bracket-unbalanced", Severity.WARNING, _clause_span(task), task.i)


def _clause_span(task: Task) -> Span:
    return task.clause.span if task.clause else task.span


def _role_findings(task: Task) -> Iterator[Finding]:
    leads = [assignment for assignment in task.assignments if assignment.role is Role.LEAD]
    if not leads:
        yield Finding("no-lead", Severity.WARNING, _clause_span(task), task.i)
    if len(leads) > 1:
        span = Span(leads[0].span.start, leads[-1].span.end)
        yield Finding("several-leads", Severity.INFO, span, task.i, (("units", _join(leads)),))
    for share in task.assignments:
        if share.role is not Role.LEAD and any(lead.name == share.name for lead in leads):
            yield Finding("lead-also-shares", Severity.WARNING, share.span, task.i, (("unit", share.name),))


def _join(assignments: Sequence[Assignment]) -> str:
    return marks("enumeration").join(assignment.name for assignment in assignments)


def _group_findings(task: Task) -> Iterator[Finding]:
    for assignment in task.assignments:
        row = group_row(assignment.printed) if assignment.collective else None
        if row and row.finding:
            severity = Severity.WARNING if row.finding == "open-reference" else Severity.INFO
            yield Finding(row.finding, severity, assignment.span, task.i, (("group", assignment.printed),))


def _separator_findings(lines: Sequence[Line], outline: Outline, tasks: Sequence[Task]) -> Iterator[Finding]:
    # Irregular is what the notice itself does otherwise nearly everywhere.
    printed = [
        (mark, span, task.i)
        for (block, _), task in zip(outline.blocks, tasks, strict=True)
        for mark, span in role_separators(lines[block.last], block.clause)
    ]
    counts = Counter(mark for mark, _, _ in printed)
    usual, times = max(counts.items(), key=lambda entry: (entry[1], entry[0]), default=("", 0))
    for mark, span, i in printed:
        if mark != usual and times >= 4 * counts[mark]:
            yield Finding("separator-irregular", Severity.INFO, span, i, (("printed", mark), ("usual", usual)))

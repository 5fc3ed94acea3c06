"""What the reader itself finds odd: who leads, open references, separators, and responsibility that no rule reads."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence

from kg.folding import fold, marks
from kg.model import Assignment, Finding, Role, Severity, Span, Task
from kg.reading.characters import Line
from kg.reading.clauses import unread_runs
from kg.reading.collectives import group_row
from kg.reading.outline import Outline
from kg.reading.source import SourceText


def reading_findings(lines: Sequence[Line], outline: Outline, tasks: Sequence[Task], text: str) -> Iterator[Finding]:
    """The findings of a notice as read; ``lines`` are its paragraphs outside of tables of tasks."""
    if not tasks:
        whole = Span(lines[0].start, lines[0].end) if lines else Span(0, 0)
        yield Finding("no-responsibility", Severity.WARNING, whole)
    for task in tasks:
        yield from _role_findings(task)
        yield from _group_findings(task)
    yield from _separator_findings(outline, tasks)
    yield from _unread_findings(lines, outline, tasks, text)
    for block, task in zip(outline.blocks, tasks, strict=True):
        if not block.reading.run.closed:
            yield Finding("bracket-unbalanced", Severity.WARNING, block.clause, task.i)


def leftover_findings(source: SourceText) -> Iterator[Finding]:
    """Revisions and comments that a drafter left in the file, each at the paragraph where the first stands."""
    for left in source.leftovers:
        end = source.text.find("\n", left.start)
        span = Span(left.start, end if end >= 0 else len(source.text))
        yield Finding(left.code, Severity.WARNING, span, None, (("count", str(left.count)),))


def _role_findings(task: Task) -> Iterator[Finding]:
    leads = [assignment for assignment in task.assignments if assignment.role is Role.LEAD]
    if not leads:
        yield Finding("no-lead", Severity.WARNING, task.clause.span if task.clause else task.span, task.i)
    if len(leads) > 1:
        # In a table the columns of leads may stand in any order.
        span = Span(min(lead.span.start for lead in leads), max(lead.span.end for lead in leads))
        yield Finding("several-leads", Severity.INFO, span, task.i, (("units", _join(leads)),))
    for share in task.assignments:
        if share.role is not Role.LEAD and any(lead.name == share.name for lead in leads):
            yield Finding("lead-also-shares", Severity.WARNING, share.span, task.i, (("unit", share.name),))


def _join(assignments: Sequence[Assignment]) -> str:
    return marks("enumeration").join(assignment.name for assignment in assignments)


def _group_findings(task: Task) -> Iterator[Finding]:
    for assignment in task.assignments:
        row = group_row(fold(assignment.name)) if assignment.collective and not assignment.standing else None
        if row and row.finding:
            severity = Severity.WARNING if row.finding == "open-reference" else Severity.INFO
            yield Finding(row.finding, severity, assignment.span, task.i, (("group", assignment.name),))


def _separator_findings(outline: Outline, tasks: Sequence[Task]) -> Iterator[Finding]:
    # Irregular is what the notice itself does otherwise nearly everywhere.
    printed = [(mark, span, task.i) for block, task in zip(outline.blocks, tasks, strict=True) for mark, span in block.reading.separators]
    counts = Counter(mark for mark, _, _ in printed)
    usual, times = max(counts.items(), key=lambda entry: (entry[1], entry[0]), default=("", 0))
    for mark, span, i in printed:
        if mark != usual and times >= 4 * counts[mark]:
            yield Finding("separator-irregular", Severity.INFO, span, i, (("printed", mark), ("usual", usual)))


def _unread_findings(lines: Sequence[Line], outline: Outline, tasks: Sequence[Task], text: str) -> Iterator[Finding]:
    # Parts of clauses that name nobody, and labels and brackets that look like clauses and are none.
    taken: list[Span] = []
    for block, task in zip(outline.blocks, tasks, strict=True):
        taken.append(block.clause)
        for span in block.reading.suspects:
            yield Finding("person-as-party", Severity.WARNING, span, task.i, (("printed", text[span.start : span.end]),))
        for span in block.reading.unread:
            yield Finding("unread-part", Severity.WARNING, span, task.i, (("printed", text[span.start : span.end]),))
    starts = [clause.start for clause in taken]
    for line in lines:
        first = max(0, bisect_left(starts, line.start) - 1)
        near = taken[first : bisect_right(starts, line.end)]
        if near and near[0].end <= line.start:
            near = near[1:]  # The clause before counts where it goes on into the line.
        yield from (Finding("unread-clause", Severity.WARNING, span) for span in unread_runs(line, near))

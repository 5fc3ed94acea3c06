"""Persons named as responsible: in the record of a notice, and nowhere else unless they are asked for."""

from __future__ import annotations

from dataclasses import replace

from kg.model import Clause, Notice, Task

MASK = "*"
"""Stands for each character of a person in the print of a clause, so that its length stays."""


def without_persons(notice: Notice) -> Notice:
    """The notice as graph, page and reports show it: no persons, and their characters masked in the print of clauses.

    Positions stay as they are; only there the print differs from the frozen text.
    """
    return replace(notice, tasks=tuple(_without(task) for task in notice.tasks))


def _without(task: Task) -> Task:
    if not task.persons or task.clause is None:
        return task
    return replace(task, persons=(), clause=_masked(task.clause, task))


def _masked(clause: Clause, task: Task) -> Clause:
    printed = clause.printed
    for person in task.persons:
        start, end = person.span.start - clause.span.start, person.span.end - clause.span.start
        if 0 <= start < end <= len(printed):
            printed = printed[:start] + MASK * (end - start) + printed[end:]
    return replace(clause, printed=printed)

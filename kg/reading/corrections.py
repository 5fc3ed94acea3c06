"""Clauses that a person has put right: records in a TOML file that win over what a rule reads, on every run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from kg.errors import TableError
from kg.folding import fold
from kg.model import Assignment, Clause, Finding, Notice, Role, Severity, Span, Task
from kg.reading.collectives import group_row
from kg.resources import rows_of


@dataclass(frozen=True, slots=True)
class Correction:
    """One clause put right. ``notice`` is its document number as printed, or the first characters of its SHA-256."""

    path: Path
    notice: str
    task: int
    clause: str
    assignments: tuple[tuple[Role, str, str], ...]
    """Role, printed text and completed name of each party, in printed order."""


def read_corrections(paths: Sequence[Path]) -> tuple[Correction, ...]:
    """The corrections of some files, in their order.

    Raises:
        TableError: a ``[[correction]]`` lacks notice, task, clause, why or by, an assignment has no role or printed text,
            or its printed text does not stand in the clause.
    """
    fields = {"notice": str, "task": int, "clause": str, "why": str, "by": str, "assignments": list}
    return tuple(_correction(path, row) for path in paths for row in rows_of(path, "correction", fields, {"when": date}))


def _correction(path: Path, row: Mapping[str, Any]) -> Correction:
    clause = row["clause"]
    try:
        assignments = tuple(
            (Role(party["role"]), str(party["printed"]), str(party.get("name", party["printed"]))) for party in row["assignments"]
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise TableError(path, f"[[correction]] assignments: {error}") from error
    for _, printed, _ in assignments:
        if printed not in clause:
            raise TableError(path, f"{printed} – {clause}")
    return Correction(path, row["notice"], row["task"], clause, assignments)


def correct(notice: Notice, corrections: Sequence[Correction]) -> Notice:
    """The notice with its corrected clauses; a correction whose clause no longer stands there is a finding."""
    tasks = {task.i: task for task in notice.tasks}
    findings = list(notice.findings)
    for correction in corrections:
        if not _meant(notice, correction.notice):
            continue
        task = tasks.get(correction.task)
        if task is None or task.clause is None or fold(task.clause.printed) != fold(correction.clause):
            values = (("clause", correction.clause), ("file", correction.path.name))
            findings.append(Finding("correction-stale", Severity.WARNING, Span(0, 0), correction.task if task else None, values))
            continue
        tasks[task.i] = _corrected(task, task.clause, correction)
        findings = [f for f in findings if f.task != task.i or f.code not in {"no-lead", "several-leads", "lead-also-shares"}]
    return replace(notice, tasks=tuple(tasks[task.i] for task in notice.tasks), findings=tuple(findings))


def _meant(notice: Notice, key: str) -> bool:
    return key == notice.number or (len(key) >= 8 and notice.sha256.startswith(key))


def _corrected(task: Task, clause: Clause, correction: Correction) -> Task:
    at, found = 0, []
    for role, printed, name in correction.assignments:
        start = fold(clause.printed).find(fold(printed), at)
        start = start if start >= 0 else fold(clause.printed).index(fold(printed))
        at = start + len(printed)
        printed = clause.printed[start:at]
        span = Span(clause.span.start + start, clause.span.start + at)
        row = group_row(printed)
        found.append(Assignment(role, printed, span, name, None, row is not None, False, None, row.kind if row else None))
    return replace(task, assignments=tuple(found), clause=replace(clause, rule="correction"))

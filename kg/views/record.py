"""A notice as the extraction record: a contract that other tools read (schema 1)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from kg.messages import say
from kg.model import Finding, Group, Notice, Role, Span, Target, Task, Unit
from kg.views.places import place_words
from kg.views.tables import csv_text

SCHEMA = 1


def record(notice: Notice, *, persons: bool = True) -> dict[str, Any]:
    """The extraction record of one notice: what ``kg extract --format json`` prints, one object a notice.

    Positions are code points of the frozen text, ends excluded. ``message`` is in the language in use.
    """
    sections = {section.index: section for section in notice.sections}
    return {
        "schema": SCHEMA,
        "notice": {
            "id": notice.id,
            "title": notice.title,
            "number": notice.number,
            "issuer": notice.issuer,
            "date": notice.date.isoformat() if notice.date else None,
            "plan_year": notice.plan_year,
            "jurisdiction": notice.jurisdiction.code if notice.jurisdiction else None,
            "source": notice.source,
            "sha256": notice.sha256,
            "characters": len(notice.text),
        },
        "rules": {
            "first_is_lead": notice.rules.first_is_lead,
            "comma_divides_lead": notice.rules.comma_divides_lead,
            "standing": list(notice.rules.standing),
        },
        "sections": [{"number": s.number, "title": s.title, **_at(s.span)} for s in notice.sections],
        "targets": [_target(target) for target in notice.targets],
        "tasks": [_task(task, sections[task.section].number if task.section else None, persons) for task in notice.tasks],
        "findings": [
            {**_finding(finding), **_at(finding.span), "place": place_words(notice, finding.span.start) or None}
            for finding in notice.findings
        ],
    }


def record_line(notice: Notice) -> str:
    """The record on one line of JSON, Chinese as it is."""
    return json.dumps(record(notice), ensure_ascii=False, separators=(",", ":"))


def _at(span: Span) -> dict[str, int]:
    return {"start": span.start, "end": span.end}


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _target(target: Target) -> dict[str, Any]:
    return {
        "printed": target.printed,
        "value": _number(target.value),
        "unit": target.unit,
        "comparator": target.comparator.value,
        "indicator": target.indicator,
        **_at(target.span),
    }


def _task(task: Task, section: str | None, persons: bool) -> dict[str, Any]:
    return {
        "i": task.i,
        "number": task.number,
        "section": section,
        "text": task.text,
        **_at(task.span),
        "clause": {"printed": task.clause.printed, **_at(task.clause.span), "rule": task.clause.rule} if task.clause else None,
        "assignments": [
            {
                "role": a.role.value,
                "printed": a.printed,
                "name": a.name,
                "unit": a.unit,
                "collective": a.collective,
                "standing": a.standing,
                "example_of": a.example_of,
                **_at(a.span),
            }
            for a in task.assignments
        ],
        "targets": [_target(target) for target in task.targets],
        "deadline": {
            "printed": task.deadline.printed,
            "due": task.deadline.due.isoformat() if task.deadline.due else None,
            **_at(task.deadline.span),
        }
        if task.deadline
        else None,
        "persons": [{"printed": p.printed, "office": p.office, **_at(p.span)} for p in task.persons] if persons else [],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {"code": finding.code, "severity": finding.severity.value, "task": finding.task, "message": finding_message(finding)}


def finding_message(finding: Finding) -> str:
    """The words of a finding in the language in use."""
    return say(f"finding.{finding.code}", **dict(finding.values))


def task_table(notices: Sequence[Notice]) -> list[list[str]]:
    """Rows for people: notice, task, leads, others, wording; the first row heads the columns."""
    rows = [[say(f"table.{name}") for name in ("notice", "task", "lead", "responsible", "cooperating", "text")]]
    for notice in notices:
        for task in notice.tasks:
            parties = [
                say("table.join").join(a.name for a in task.assignments if a.role is role)
                for role in (Role.LEAD, Role.RESPONSIBLE, Role.COOPERATING)
            ]
            rows.append([notice.number or notice.id, str(task.i), *parties, task.text])
    return rows


def assignment_csv(notices: Sequence[Notice]) -> str:
    """One row an assignment, for a spreadsheet."""
    names = ("notice", "task", "number", "role", "name", "printed", "unit", "collective", "start", "end")
    rows = [
        (n.id, task.i, task.number, say(f"role.{a.role}"), a.name, a.printed, a.unit, int(a.collective), a.span.start, a.span.end)
        for n in notices
        for task in n.tasks
        for a in task.assignments
    ]
    return csv_text([say(f"table.{name}") for name in names], rows)


def explain(notice: Notice, i: int) -> str:
    """How task ``i`` was read: the rule, and each party with its place in the text and how it was named."""
    task = next(task for task in notice.tasks if task.i == i)
    units = {unit.id: unit for unit in notice.units}
    groups = {group.id: group for group in notice.groups}
    lines = [say("explain.task", i=task.i, number=task.number or "–", start=task.span.start, end=task.span.end, text=task.text)]
    if task.clause:
        rule = say("rule.join").join(say(f"rule.{part}") for part in task.clause.rule.split("+"))
        lines.append(say("explain.clause", rule=rule, start=task.clause.span.start, end=task.clause.span.end, clause=task.clause.printed))
    for a in task.assignments:
        role, how, unit = say(f"role.{a.role}"), _how(a.unit, units, groups), a.unit or "–"
        how = say("rule.standing") if a.standing else how
        start, end = a.span.start, a.span.end
        lines.append(say("explain.assignment", role=role, printed=a.printed, name=a.name, unit=unit, start=start, end=end, how=how))
    if task.deadline:
        due = task.deadline.due.isoformat() if task.deadline.due else "–"
        lines.append(say("explain.deadline", printed=task.deadline.printed, due=due))
    lines += [say("explain.person", office=p.office, printed=p.printed) for p in task.persons]
    lines += [say("explain.target", printed=t.printed, value=t.value, unit=t.unit, indicator=t.indicator) for t in task.targets]
    lines += [say("explain.finding", message=finding_message(f)) for f in notice.findings if f.task == i]
    return "\n".join(lines)


def _how(identity: str | None, units: Mapping[str, Unit], groups: Mapping[str, Group]) -> str:
    if identity is None:
        return say("recognised.no")
    return say(f"closure.{groups[identity].closure}") if identity in groups else say(f"recognised.{units[identity].rule}")

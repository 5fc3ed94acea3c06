"""The comparison for programs: every claim as a CSV row, the whole record as JSON; and its largest changes for a terminal."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from kg.analysis.compare import Comparison
from kg.model import TaskRow
from kg.views.compare_facts import Facts, signed
from kg.views.facts import decimal, task_anchor
from kg.views.tables import csv_text
from kg.views.text import text_table

_LARGEST = 10
_COLUMNS = (
    "kind", "old_tasks", "new_tasks", "old_wording", "new_wording", "score", "kept", "known", "method", "near",
    "lead", "leads_old", "leads_new", "units_old", "units_new", "units_gained", "units_lost", "roles", "groups_gained", "groups_lost",
    "deadline", "deadlines_old", "deadlines_new",
)  # fmt: skip


def compare_csv(comparison: Comparison) -> str:
    """One row a claim about tasks, for programs: what became of them and of who is responsible.

    The head is fixed and in English, whatever the language. Tasks are written ``notice.i``; several tasks, units or groups
    of one cell are parted by ``;``; ``roles`` as ``unit:old>new``.
    """
    units = {unit.id: unit.label for unit in comparison.units}
    groups = {group.id: group.label for group in comparison.groups}

    def labels(names: dict[str, str], ids: tuple[str, ...]) -> str:
        return ";".join(names[one] for one in ids)

    rows: list[list[object]] = []
    for claim in comparison.claims:
        row: list[object] = [claim.kind, _keys(claim.old), _keys(claim.new), _wordings(claim.old), _wordings(claim.new)]
        row += [round(claim.score, 6), round(claim.kept, 6), round(claim.known, 6), claim.method, ";".join(map(task_anchor, claim.near))]
        row += [claim.lead, labels(units, claim.leads_old), labels(units, claim.leads_new)]
        row += [labels(units, ids) for ids in (claim.units_old, claim.units_new, claim.gained, claim.lost)]
        row += [";".join(f"{units[role.body]}:{role.before}>{role.after}" for role in claim.roles)]
        row += [labels(groups, claim.groups_gained), labels(groups, claim.groups_lost)]
        rows.append([*row, claim.deadline, ";".join(claim.deadlines_old), ";".join(claim.deadlines_new)])
    return csv_text(_COLUMNS, rows)


def _keys(tasks: tuple[TaskRow, ...]) -> str:
    return ";".join(task_anchor((task.notice, task.i)) for task in tasks)


def _wordings(tasks: tuple[TaskRow, ...]) -> str:
    return "\n".join(task.text for task in tasks)


def compare_json(comparison: Comparison) -> str:
    """The whole record as one JSON object, the same bytes for the same input.

    ``schema`` is 1. ``old`` and ``new`` are the sides: ``notices``, ``places``, ``years``, ``tasks``, ``with_lead``, ``units``,
    ``relations`` and rates for each task. ``aligned`` tells whether units are put together. ``claims`` are as ``TaskClaim``
    says, with the rows of their tasks under ``old`` and ``new``; ``bodies`` with ``state`` and the ``changes`` by which they go
    on; ``near`` are pairs to be decided; ``loads``, ``lines`` and ``kinds`` hold ``before``, ``after`` and ``difference`` with the
    same figures; ``two_lined``, ``units`` and ``groups`` say who the ids are; ``elsewhere`` names
    the places that were left out. Shares are 0–1; floats have six digits.
    """
    return json.dumps({"schema": 1, **_rounded(asdict(comparison))}, ensure_ascii=False, indent=1) + "\n"


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 6) + 0.0
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in value.items()}
    return [_rounded(part) for part in value] if isinstance(value, list | tuple) else value


def largest_changes(facts: Facts) -> list[str]:
    """The ten units, or lines of work where the sides are different places, that change most, as lines of a table."""
    old, new = facts.old_name, facts.new_name
    if facts.comparison.aligned:
        loads = [load for load in facts.comparison.loads if load.difference.relations][:_LARGEST]
        rows = [
            (facts.body_name(load.body), load.before.relations, load.after.relations, signed(load.difference.relations)) for load in loads
        ]
        columns = [facts.say("column.unit"), old, new, facts.say("column.difference")]
        return [facts.say("text.largest"), text_table(columns, rows)] if rows else []
    moved = [row for row in facts.comparison.lines if row.difference.relations_rate]
    shown = sorted(moved, key=lambda row: (-abs(row.difference.relations_rate), row.key))[:_LARGEST]
    lines = [
        (
            facts.line(row.key),
            decimal(row.before.relations_rate, 2),
            decimal(row.after.relations_rate, 2),
            signed(row.difference.relations_rate, 2),
        )
        for row in shown
    ]
    columns = [facts.say("column.line"), old, new, facts.say("column.difference")]
    return [facts.say("text.largest-lines"), text_table(columns, lines)] if lines else []

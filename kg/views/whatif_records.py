"""The outcome of a scenario, and suggested moves, for programs: JSON with documented keys, the same bytes for the same input."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from kg.analysis.scenario import Step, step_name
from kg.analysis.suggest import Move
from kg.analysis.whatif import Outcome
from kg.model import Ties


def whatif_json(outcome: Outcome) -> str:
    """The whole outcome as one JSON object.

    ``schema`` is 1. ``scenario``: ``title`` and ``steps``, each with ``do``, its ids of units, the full row of a unit that it makes,
    ``task`` or ``tasks`` as [notice, running number], and ``why``. ``notices``: id, title and hash of each. ``before`` and ``after``:
    ``overview`` (see ``kg.analysis.load.Overview``) and ``effective_number``. ``steps``: ``number``, the ``whole`` after it, ids of the
    ``changed`` units, tasks ``unled`` and ``led`` by it. ``units``: ``before`` and ``after`` as ``kg.analysis.load.Standing`` (M1, M2, M3,
    M3d, interval, rank and its interval) or null, ``relations`` (difference of M3), ``exists`` before and after, ``origins``, and the
    numbers of the ``steps`` and ``rank_steps`` that changed it. ``pairs``: ``lead``, ``share``, tasks ``before`` and ``after``, ``steps``.
    ``names``: the label of every id. Shares are 0–1; floats have six digits.
    """
    names = {unit.id: unit.label for unit in outcome.old.units} | {change.unit: change.label for change in outcome.units}
    record = {
        "schema": 1,
        "scenario": {"title": outcome.scenario.title, "steps": [step_record(step) for step in outcome.scenario.steps]},
        "notices": [{"id": notice.id, "title": notice.title, "sha256": notice.sha256} for notice in outcome.old.notices],
        "before": asdict(outcome.before),
        "after": asdict(outcome.after),
        "steps": [{key: value for key, value in asdict(effect).items() if key != "step"} for effect in outcome.steps],
        "units": [asdict(change) for change in outcome.units],
        "pairs": [asdict(pair) for pair in outcome.pairs],
        "names": dict(sorted(names.items())),
    }
    return _text(record)


def suggestions_json(ties: Ties, moves: Sequence[Move]) -> str:
    """Suggested moves as one JSON object.

    ``schema`` is 1. ``moves``, best first: ``step`` with ``do``, ids of units, ``task`` as [notice, running number] and ``why``; the
    ``clause`` as printed; ``gini_before``, ``gini_after`` (M3 among units that are no territories) and ``relations`` (Σ M3) before and
    after. ``names``: the label of every id. A lower Gini is not by itself better.
    """
    clauses = {(task.notice, task.i): task.clause for task in ties.tasks}
    rows = [{**asdict(move), "step": step_record(move.step), "clause": clauses[move.task]} for move in moves]
    return _text({"schema": 1, "moves": rows, "names": {unit.id: unit.label for unit in ties.units}})


def step_record(step: Step) -> dict[str, Any]:
    """One step with what it is called in a scenario file."""
    return {"do": step_name(step), **asdict(step)}


def _text(record: dict[str, Any]) -> str:
    return json.dumps(_rounded(record), ensure_ascii=False, indent=1) + "\n"


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 6) + 0.0
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in value.items()}
    return [_rounded(part) for part in value] if isinstance(value, list | tuple) else value

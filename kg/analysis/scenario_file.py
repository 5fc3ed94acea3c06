"""A scenario as a small TOML file: read, its names and numbers looked up in the ties, all faults told at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kg.analysis.scenario import Scenario, Step, roster_of
from kg.analysis.scenario_check import Desk, checked_step, undone
from kg.errors import ScenarioError
from kg.messages import say
from kg.model import Ties
from kg.resources import read_toml

_TEXT, _NUMBER, _TEXTS, _MANY = "text", "number", "texts", "many"
FIELDS: Mapping[str, tuple[Mapping[str, str], Mapping[str, str]]] = {
    "merge": ({"units": _TEXTS, "into": _TEXT}, {}),
    "split": ({"unit": _TEXT, "into": _TEXTS}, {"tasks": _MANY, "sections": _MANY, "lines": _TEXTS, "notice": _TEXT}),
    "dissolve": ({"unit": _TEXT}, {"heir": _TEXT}),
    "move": ({"task": _NUMBER, "from": _TEXT, "to": _TEXT}, {"notice": _TEXT}),
    "role": ({"task": _NUMBER, "unit": _TEXT, "role": _TEXT}, {"notice": _TEXT}),
    "add": ({"task": _NUMBER, "unit": _TEXT}, {"role": _TEXT, "notice": _TEXT}),
    "drop": ({"task": _NUMBER, "unit": _TEXT}, {"notice": _TEXT}),
}
"""For each kind of step the fields that it must and those that it may have; every step may have ``why``."""


def read_scenario(path: Path, ties: Ties) -> Scenario:
    """The scenario of a file, checked against the ties that it is to change.

    The file holds a ``title`` and rows ``[[step]]``, each with ``do`` and what ``FIELDS`` says::

        title = "合并两个局"
        [[step]]
        do = "merge"
        units = ["市商务局", "市经信局"]
        into = "市经济发展局"
        why = "职能相近"

    Units go by name or id, tasks by running number; ``notice`` (id, number or title) tells which where there are several. A
    name that the ties do not know, in ``into``, is a new unit; one that an earlier step did away with comes back.

    Raises:
        SourceMissingError, TableError: there is no such file, or it is no TOML.
        ScenarioError: steps do not fit; the message names all faults at once.
    """
    return scenario_of(read_toml(path), ties, str(path))


def scenario_of(content: Mapping[str, Any], ties: Ties, source: str = "scenario") -> Scenario:
    """The scenario of a parsed file.

    Args:
        content: what the file holds, as ``tomllib`` gives it.
        ties: the ties that it is to change.
        source: what the file is called in messages.

    Raises:
        ScenarioError: steps do not fit; the message names all faults at once.
    """
    faults = [f"{source}: {fault}" for fault in _wrong_head(content)]
    rows = content.get("step")
    desk = Desk(ties, [roster_of(ties)], [], {}, set(), [])
    steps: list[Step] = []
    for number, row in enumerate(rows if isinstance(rows, list) else [], 1):
        desk.faults.clear()
        step = _step(desk, row, number)
        faults += [f"{source} [[step]] {number}: {fault}" for fault in desk.faults]
        steps += [step] if step else []
    if faults:
        raise ScenarioError(source, len(faults), "\n".join(faults))
    return Scenario(" ".join(content["title"].split()), tuple(steps))


def _wrong_head(content: Mapping[str, Any]) -> list[str]:
    faults = [say("scenario.unknown-field", key) for key in sorted(content.keys() - {"title", "step", "source"})]
    title, rows = content.get("title"), content.get("step")
    if not isinstance(title, str) or not title.strip():
        faults.append(say("scenario.no-title"))
    if not isinstance(rows, list) or not rows:
        faults.append(say("scenario.no-step"))
    return faults


def _step(desk: Desk, row: Any, number: int) -> Step | None:
    """One step that fits, whose effect the desk now knows; None where it has faults."""
    desk.faults.extend(_wrong_fields(row))
    step = None if desk.faults else checked_step(desk, row)
    if step is not None and not desk.faults:
        desk.faults.extend(undone(desk, step, number))
        return step
    # Names that a faulty step would have made are not unknown to the steps after it.
    into = row.get("into") if isinstance(row, dict) else None
    desk.promised.update(name for name in (into if isinstance(into, list) else [into]) if isinstance(name, str))
    return None


def _wrong_fields(row: Any) -> list[str]:
    if not isinstance(row, dict):
        return [say("scenario.no-row")]
    do = row.get("do")
    if not isinstance(do, str) or do not in FIELDS:
        return [say("scenario.do", do, ", ".join(FIELDS))]
    needed, optional = FIELDS[do]
    known = {**needed, **optional, "do": _TEXT, "why": _TEXT}
    faults = [say("scenario.missing", name) for name in needed if _is_blank(row.get(name))]
    faults += [say("scenario.unknown-field-of", name, do, ", ".join(known)) for name in row if name not in known]
    wrong = [name for name in row if name in known and not _is_blank(row[name]) and not _is(row[name], known[name])]
    return faults + [say(f"scenario.type.{known[name]}", name) for name in wrong]


def _is_blank(value: object) -> bool:
    return value in (None, [], {}) or (isinstance(value, str) and not value.strip())


def _is(value: object, sort: str) -> bool:
    if sort == _TEXT:
        return isinstance(value, str)
    if sort == _NUMBER:
        return isinstance(value, int) and not isinstance(value, bool)
    if not isinstance(value, list):
        return False
    if sort == _TEXTS:
        return all(isinstance(part, str) and part.strip() for part in value)
    return all(isinstance(part, int | str) and not isinstance(part, bool) for part in value)

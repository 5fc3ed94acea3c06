"""What the extraction record tells of a task beyond the ties: targets, time limit, where its clause stands, persons if asked for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from kg.analysis.load import TaskKey
from kg.model import Notice
from kg.views.record import record


@dataclass(frozen=True, slots=True)
class Detail:
    """One task in the record. Positions are code points of the frozen text, lines count from 1; 0 where unknown."""

    targets: tuple[tuple[str, str], ...] = ()
    """Printed quantity and what it is of, the latter empty where not told."""
    deadline: str = ""
    due: str = ""
    """Last day of the time limit as 2024-10-31, empty where no day can be told."""
    start: int = 0
    end: int = 0
    line: int = 0
    persons: tuple[str, ...] = ()
    """Persons named as responsible, with their office; empty unless asked for."""


Details = Mapping[TaskKey, Detail]
NO_DETAILS: Details = MappingProxyType({})


def details_of(records: Iterable[Mapping[str, Any]], texts: Mapping[str, str], *, persons: bool = False) -> dict[TaskKey, Detail]:
    """The details of every task.

    Args:
        records: extraction records, as ``kg.views.record.record`` makes them and a build keeps them in ``notices.jsonl``.
        texts: the frozen text of each notice by id, for the lines; a notice without one has none.
        persons: whether persons are told.
    """
    found: dict[TaskKey, Detail] = {}
    for one in records:
        notice = str(one["notice"]["id"])
        breaks = [at for at, character in enumerate(texts.get(notice, "")) if character == "\n"]
        for task in one["tasks"]:
            found[notice, int(task["i"])] = _detail(task, breaks, persons)
    return found


def details_of_notices(notices: Iterable[Notice], *, persons: bool = False) -> dict[TaskKey, Detail]:
    """The details of the tasks of notices that were read in this run."""
    kept = list(notices)
    return details_of(map(record, kept), {notice.id: notice.text for notice in kept}, persons=persons)


def _detail(task: Mapping[str, Any], breaks: Sequence[int], persons: bool) -> Detail:
    clause, limit = task["clause"] or task, task["deadline"]
    return Detail(
        targets=tuple((target["printed"], target["indicator"] or "") for target in task["targets"]),
        deadline=limit["printed"] if limit else "",
        due=(limit["due"] or "") if limit else "",
        start=clause["start"],
        end=clause["end"],
        line=bisect_left(breaks, clause["start"]) + 1 if breaks else 0,
        persons=tuple(f"{person['office']} {person['printed']}".strip() for person in task["persons"]) if persons else (),
    )

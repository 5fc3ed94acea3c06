"""What the rules of the linter share: a hit, the words and limits of ``lexicon/lint.toml``, the parties of a task."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kg.folding import marks
from kg.model import Assignment, Group, Notice, Role, Span, Task, Unit
from kg.resources import per_lexicon, table


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where a rule fires; code and severity stand in the table of rules."""

    span: Span
    task: int | None = None
    values: tuple[tuple[str, str], ...] = ()
    """What fills the blanks of the message, as (name, text)."""


@per_lexicon
def words(part: str) -> Mapping[str, object]:
    """One part of the linter's table, as ``labels``."""
    found: Mapping[str, object] = table("lexicon/lint.toml")[part]
    return found


def limit(name: str) -> int:
    """A limit of the linter's table: a count, or a share in percent."""
    return int(table("lexicon/lint.toml")["limits"][name])


@per_lexicon
def pattern(part: str, name: str = "pattern") -> re.Pattern[str]:
    """A compiled pattern of the linter's table; it runs over folded text."""
    return re.compile(str(words(part)[name]))


def listed(part: str, name: str) -> tuple[str, ...]:
    """A list of words of the linter's table."""
    found: list[str] = table("lexicon/lint.toml")[part][name]
    return tuple(found)


def key(a: Assignment) -> str:
    """Who a party is: its identity, else its name."""
    return a.unit or a.name


def printed_parties(task: Task) -> tuple[Assignment, ...]:
    """The parties that the task prints itself; those that a rule of the notice adds are left out."""
    return tuple(a for a in task.assignments if not a.standing)


def leads(task: Task) -> tuple[Assignment, ...]:
    """The parties that lead a task."""
    return tuple(a for a in task.assignments if a.role is Role.LEAD)


def units_by_id(notice: Notice) -> dict[str, Unit]:
    """The units of a notice by identity."""
    return {unit.id: unit for unit in notice.units}


def groups_by_id(notice: Notice) -> dict[str, Group]:
    """The groups of a notice by identity."""
    return {group.id: group for group in notice.groups}


def at_clause(task: Task) -> Span:
    """Where the clause of a task stands, else the task."""
    return task.clause.span if task.clause else task.span


def joined(names: list[str]) -> str:
    """Names as one printed list, each once."""
    return marks("enumeration").join(dict.fromkeys(names))


def share(part: int, whole: int) -> int:
    """A share in percent, rounded to nearest.

    >>> share(93, 114)
    82
    """
    return round(100 * part / whole) if whole else 0

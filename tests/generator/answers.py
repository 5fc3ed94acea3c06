"""What a generated notice says, exactly: the answers that reading, naming and counting must give.

Named tuples, not dataclasses: a notice makes some six hundred of them, and they are made twice as fast.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class Party(NamedTuple):
    """One party printed in one role. ``body`` is the same for every spelling of one body of one place, and for it alone."""

    role: str
    printed: str
    name: str
    body: str
    collective: bool = False
    standing: bool = False


class Quantity(NamedTuple):
    """A promised quantity; ``comparator`` is exactly, atLeast or about."""

    printed: str
    value: int
    unit: str
    comparator: str


class Limit(NamedTuple):
    """A time limit as printed, and the last day that it allows."""

    printed: str
    due: date | None


class TaskAnswer(NamedTuple):
    """One task: ``text`` is its wording without number and clause; ``section`` the title of the part it stands in."""

    number: str | None
    section: str | None
    text: str
    parties: tuple[Party, ...]
    limit: Limit | None
    quantities: tuple[Quantity, ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """The whole notice. ``title`` … ``date`` are None where the layout does not print them."""

    file: str
    layout: str
    place: str
    """Code of the division."""
    year: int
    title: str
    number: str | None
    issuer: str | None
    date: date | None
    tasks: tuple[TaskAnswer, ...]

    def line(self) -> str:
        """As one line of JSON, the same bytes for the same answers."""
        fields = {name: getattr(self, name) for name in ("file", "layout", "place", "year", "title", "number", "issuer")}
        tasks = [
            {
                "number": task.number,
                "section": task.section,
                "text": task.text,
                "parties": [party._asdict() for party in task.parties],
                "limit": {"printed": task.limit.printed, "due": task.limit.due and task.limit.due.isoformat()} if task.limit else None,
                "quantities": [quantity._asdict() for quantity in task.quantities],
            }
            for task in self.tasks
        ]
        return json.dumps({**fields, "date": self.date and self.date.isoformat(), "tasks": tasks}, ensure_ascii=False)

    def ties(self) -> Iterator[tuple[int, str, str]]:
        """Who has which task in which role: (running number from 1, body, role), each once, collective references left out."""
        for i, task in enumerate(self.tasks, 1):
            seen = set()
            for party in task.parties:
                tie = (i, party.body, party.role)
                if not party.collective and tie not in seen:
                    seen.add(tie)
                    yield tie


@dataclass(frozen=True, slots=True)
class Generated:
    """A generated file and what it says."""

    name: str
    content: bytes
    answers: Answers

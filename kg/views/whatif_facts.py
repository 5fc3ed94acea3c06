"""A scenario's outcome with the language it is told in: how its steps, units, tasks and differences are written and linked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.analysis.load import Standing, TaskKey
from kg.analysis.scenario import AddUnit, Dissolve, DropUnit, Merge, MoveLead, SetRole, Split, Step, step_name
from kg.analysis.whatif import Outcome, UnitChange
from kg.messages import say
from kg.model import TERRITORIAL, NoticeRow, TaskRow, Ties
from kg.views.document import Piece, Sentence, listed, plain, sentence
from kg.views.facts import decimal, interval, local, notice_name, table_of, whole

GINI_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Words:
    """Names of units, tasks and steps in one language."""

    lang: str
    labels: Mapping[str, str]
    """By id, of every unit at any point of the scenario."""
    printed: frozenset[str]
    """Ids of the units that the notices name."""
    notices: Mapping[str, NoticeRow]
    tasks: Mapping[TaskKey, TaskRow]

    def say(self, key: str, **fields: object) -> str:
        """A message of what-if in its language; the key without the leading ``whatif.``."""
        return say(f"whatif.{key}", lang=self.lang, **fields)

    def arrow(self, old: object, new: object) -> str:
        """Before and after; once where nothing changed."""
        return str(old) if old == new else self.say("arrow", old=old, new=new)

    def names(self, units: Iterable[str]) -> str:
        """Names of units, as the language lists them."""
        return plain(listed([self.labels[unit] for unit in units], lang=self.lang))

    def task(self, task: TaskKey) -> str:
        """A task by its running number, with its notice where there are several."""
        return self._some(task[0], str(task[1]), 1)

    def task_list(self, tasks: Iterable[TaskKey]) -> str:
        """Tasks by their running numbers, as the language lists them, notices told apart where there are several."""
        numbers: dict[str, list[object]] = {}
        for notice, i in tasks:
            numbers.setdefault(notice, []).append(str(i))
        parts = [self._some(notice, plain(listed(found, lang=self.lang)), len(found)) for notice, found in numbers.items()]
        return say("report.join.item", lang=self.lang).join(parts)

    def _some(self, notice: str, numbers: str, count: int) -> str:
        key = "task" if count == 1 else "tasks"
        if len(self.notices) == 1:
            return self.say(key, i=numbers)
        return self.say(f"{key}-in", notice=notice_name(self.notices[notice]), i=numbers)

    def role(self, role: str) -> str:
        """The name of a role."""
        return say(f"role.{role}", lang=self.lang)

    def step(self, step: Step) -> str:
        """What a step does, in a sentence."""
        return self.say(f"step.{step_name(step)}{_variant(self, step)}", **_blanks(self, step))

    def numbers(self, steps: Sequence[int]) -> Sentence:
        """Steps by their bare numbers, each leading to its row."""
        return listed([Piece(str(number), "steps", str(number)) for number in steps], lang=self.lang)

    def by(self, steps: Sequence[int]) -> Sentence:
        """By which steps, each leading to its row."""
        if not steps:
            return (Piece(self.say("none-cell")),)
        return sentence("whatif.by" if len(steps) == 1 else "whatif.by-several", lang=self.lang, steps=self.numbers(steps))


def _variant(words: Words, step: Step) -> str:
    if isinstance(step, Merge) and step.into.id in {*step.units, *words.printed}:
        return "-into"
    return "-alone" if isinstance(step, Dissolve) and not step.heir else ""


def _blanks(words: Words, step: Step) -> Mapping[str, object]:
    match step:
        case Merge(units=units, into=into):
            return {"units": words.names(unit for unit in units if unit != into.id), "into": into.label}
        case Split(unit=unit, first=first, second=second, tasks=tasks):
            return {"unit": words.labels[unit], "first": first.label, "second": second.label, "tasks": words.task_list(tasks)}
        case Dissolve(unit=unit, heir=heir):
            return {"unit": words.labels[unit]} | ({"heir": words.labels[heir]} if heir else {})
        case MoveLead(task=task, giver=giver, taker=taker):
            return {"task": words.task(task), "giver": words.labels[giver], "taker": words.labels[taker]}
        case SetRole(task=task, unit=unit, role=role) | AddUnit(task=task, unit=unit, role=role):
            return {"task": words.task(task), "unit": words.labels[unit], "role": words.role(role)}
        case DropUnit(task=task, unit=unit):
            return {"task": words.task(task), "unit": words.labels[unit]}


@dataclass(frozen=True, slots=True)
class Facts:
    """An outcome and the words for it."""

    words: Words
    outcome: Outcome
    changes: Mapping[str, UnitChange]

    @property
    def bodies(self) -> tuple[UnitChange, ...]:
        """Units that are no territories and whose load changed."""
        return tuple(one for one in self.outcome.units if one.steps and one.kind not in TERRITORIAL)

    @property
    def territories(self) -> tuple[UnitChange, ...]:
        """Territories and zones whose load changed."""
        return tuple(one for one in self.outcome.units if one.steps and one.kind in TERRITORIAL)

    def unit(self, unit: str) -> Piece:
        """A unit's name, leading to its row, where it has one."""
        change = self.changes[unit]
        return Piece(change.label, table_of(change.kind), local(unit)) if change.steps else Piece(change.label)

    def figure(self, change: UnitChange, side: int, name: str) -> str:
        """One count of a unit before (0) or after (1): nought without tasks, a dash where there is no such unit."""
        standing = (change.before, change.after)[side]
        if not change.exists[side]:
            return self.words.say("none-cell")
        value = getattr(standing, name) if standing else 0
        return self.words.say("none-cell") if value is None else whole(value)

    def rank(self, change: UnitChange, side: int) -> str:
        """The rank with its interval over the readings."""
        standing = self.standing(change, side)
        if not standing:
            return self.words.say("none-cell")
        best, worst = standing.rank_interval
        return self.words.say("rank" if best == worst else "rank-range", rank=standing.rank, best=best, worst=worst)

    def interval(self, change: UnitChange, side: int) -> str:
        """M3 over the three readings."""
        standing = self.standing(change, side)
        return interval(standing.interval) if standing else self.words.say("none-cell")

    def standing(self, change: UnitChange, side: int) -> Standing | None:
        """How a unit stands before or after, None where there is no such unit or nothing reaches it."""
        return (change.before, change.after)[side] if change.exists[side] else None


def words_of(ties: Ties, lang: str, labels: Mapping[str, str] | None = None) -> Words:
    """The words for some ties.

    Args:
        ties: the ties as printed.
        lang: zh or en.
        labels: names of units that the ties do not know.
    """
    names = {unit.id: unit.label for unit in ties.units} | dict(labels or {})
    printed = frozenset(unit.id for unit in ties.units)
    return Words(lang, names, printed, {notice.id: notice for notice in ties.notices}, {(task.notice, task.i): task for task in ties.tasks})


def facts_of(outcome: Outcome, lang: str) -> Facts:
    """The outcome with everything that its words need."""
    words = words_of(outcome.old, lang, {change.unit: change.label for change in outcome.units})
    return Facts(words, outcome, {change.unit: change for change in outcome.units})


def gini_text(value: float) -> str:
    """A Gini coefficient, fine enough to show what one step does.

    >>> gini_text(0.50612)
    '0.5061'
    """
    return decimal(value, GINI_DIGITS)

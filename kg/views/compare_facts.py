"""A comparison with the language it is told in, and how its sides, tasks, units and numbers are written and linked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from kg.analysis.compare import Comparison, LeadChange, Side, TaskClaim
from kg.analysis.compare_units import Body
from kg.analysis.load import TaskKey
from kg.analysis.matching import MatchKind
from kg.messages import say
from kg.model import GroupRow, TaskRow, UnitRow
from kg.resources import table
from kg.views.charts import shortened
from kg.views.document import Piece, listed, plain
from kg.views.facts import notice_name, task_anchor

CLAIMS_SHOWN = 500
"""Up to so many claims a page lists; CSV and JSON hold all."""
KIND_ORDER = (
    MatchKind.DROPPED, MatchKind.NEW, MatchKind.SPLIT, MatchKind.MERGED,
    MatchKind.NARROWED, MatchKind.WIDENED, MatchKind.CONTINUED, MatchKind.SAME,
)  # fmt: skip
BEGINNING = 40
"""Up to so many Chinese characters of a task are shown where its whole wording stands elsewhere."""
LED_OTHERWISE = frozenset({LeadChange.CHANGED, LeadChange.ADDED, LeadChange.REMOVED})


@dataclass(frozen=True, slots=True)
class Facts:
    """A comparison, its lookups, and the language it is told in."""

    lang: str
    comparison: Comparison
    units: Mapping[str, UnitRow]
    groups: Mapping[str, GroupRow]
    bodies: Mapping[str, Body]
    """By the id of the body."""
    tasks: tuple[Mapping[TaskKey, TaskClaim], Mapping[TaskKey, TaskClaim]]
    """The claim of each old and each new task."""
    old_name: str
    new_name: str
    shown: frozenset[str]
    """Keys of the claims that have a row."""

    def say(self, key: str, **fields: object) -> str:
        """A message of the comparison in its language; the key without the leading ``compare.``."""
        return say(f"compare.{key}", lang=self.lang, **fields)

    def arrow(self, old: object, new: object) -> str:
        """Before and after."""
        return self.say("arrow", old=old, new=new)

    def labels(self, units: Iterable[str]) -> str:
        """Names of units, as the language lists them."""
        return plain(listed([self.units[unit].label for unit in units], lang=self.lang))

    def line(self, key: str) -> str:
        """The name of a line of work."""
        return line_names(self.lang).get(key, key) if key else self.say("no-line")

    def lines(self, unit: UnitRow) -> str:
        """The lines of work of a unit."""
        return plain(listed([self.line(key) for key in unit.lines], lang=self.lang)) if unit.lines else self.say("none-cell")

    def kind(self, key: str) -> str:
        """The name of a kind of unit."""
        return say(f"report.kind.{key}", lang=self.lang)

    def body_name(self, body: str) -> str:
        """The name of a body as the newer side prints it, with its older names where it goes on from other units."""
        units = self.bodies[body]
        if units.old and units.new and set(units.old) != set(units.new):
            return self.arrow(self.labels(units.old), self.labels(units.new))
        return self.labels(units.new or units.old)

    def task_words(self, task: TaskRow, side: Side) -> str:
        """A task with its running number, and its notice where the side has several."""
        if len(side.notices) == 1:
            return self.say("task", i=task.i, text=task.text)
        names = {notice.id: notice_name(notice) for notice in side.notices}
        return self.say("task-in", notice=names[task.notice], i=task.i, text=task.text)

    def task_piece(self, key: TaskKey, side: Side) -> Piece:
        """The beginning of a task, leading to its row."""
        claim = self.tasks[side is self.comparison.new][key]
        (task,) = (task for task in (claim.new if side is self.comparison.new else claim.old) if (task.notice, task.i) == key)
        words = shortened(self.task_words(task, side), BEGINNING)
        return Piece(words, claims_table(claim.kind), claim_key(claim)) if claim_key(claim) in self.shown else Piece(words)

    def task_number(self, task: TaskRow, side: Side) -> str:
        """A task by its running number."""
        return self.task_words(TaskRow(task.notice, task.i, task.number, task.section, "", "", 0, 0), side).strip().rstrip(".")

    def claim_numbers(self, claim: TaskClaim) -> Piece:
        """A claim by the numbers of its tasks, leading to its row."""
        sides = ((claim.old, self.comparison.old), (claim.new, self.comparison.new))
        texts = ["+".join(self.task_number(task, side) for task in tasks) for tasks, side in sides]
        text = self.say("items", numbers=self.arrow(*texts) if all(texts) else "".join(texts))
        return Piece(text, claims_table(claim.kind), claim_key(claim)) if claim_key(claim) in self.shown else Piece(text)


def facts_of(comparison: Comparison, lang: str) -> Facts:
    """The comparison with everything that its words need."""
    names = side_names(comparison, lang)
    old = {(task.notice, task.i): claim for claim in comparison.claims for task in claim.old}
    new = {(task.notice, task.i): claim for claim in comparison.claims for task in claim.new}
    ordered = sorted(comparison.claims, key=lambda claim: KIND_ORDER.index(claim.kind))
    return Facts(
        lang=lang,
        comparison=comparison,
        units={unit.id: unit for unit in comparison.units},
        groups={group.id: group for group in comparison.groups},
        bodies={body.id: body for body in comparison.bodies},
        tasks=(old, new),
        old_name=names[0],
        new_name=names[1],
        shown=frozenset(claim_key(claim) for claim in ordered[:CLAIMS_SHOWN]),
    )


def line_names(lang: str) -> dict[str, str]:
    """The names of all lines of work by their ids."""
    return {row["id"]: row[lang] for row in table("lexicon/lines.toml")["line"]}


def claims_table(kind: MatchKind) -> str:
    """The anchor of the table in which claims of a kind stand."""
    return f"claims-{kind}"


def claim_key(claim: TaskClaim) -> str:
    """The key of a claim's row."""
    return f"o.{_key(claim.old[0])}" if claim.old else f"n.{_key(claim.new[0])}"


def _key(task: TaskRow) -> str:
    return task_anchor((task.notice, task.i))


def side_names(comparison: Comparison, lang: str) -> tuple[str, str]:
    """What the two sides are called: by year, by place, by document, or just first and second, whichever tells them apart."""
    sides = comparison.old, comparison.new
    years = [_years(side.years, lang) for side in sides]
    places = [plain(listed(list(side.places), lang=lang)) for side in sides]
    for old, new in (years, places) if comparison.aligned else (places, years):
        if old and new and old != new:
            return old, new
    documents = [_documents(side, lang) for side in sides]
    if documents[0] and documents[1] and documents[0] != documents[1]:
        return documents[0], documents[1]
    return say("compare.sides.old", lang=lang), say("compare.sides.new", lang=lang)


def _years(years: Collection[int], lang: str) -> str:
    if not years:
        return ""
    first, last = min(years), max(years)
    return say("compare.year", lang=lang, years=first if first == last else f"{first}–{last}")


def _documents(side: Side, lang: str) -> str:
    if not side.notices:
        return ""
    first = notice_name(side.notices[0])
    return first if len(side.notices) == 1 else say("compare.several", lang=lang, first=first, count=len(side.notices))


def signed(value: float, digits: int = 0) -> str:
    """A difference with its sign; no difference is 0.

    >>> signed(3), signed(-2), signed(0), signed(-0.26, 1)
    ('+3', '−2', '0', '−0.3')
    """
    text = f"{abs(value):,.{digits}f}"
    return "0" if not float(text.replace(",", "")) else f"{'+' if value > 0 else '−'}{text}"

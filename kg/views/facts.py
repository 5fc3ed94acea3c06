"""What a report rests on, measured once, and how its units, tasks and numbers are written and linked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.analysis.assess import Assessment
from kg.analysis.load import Load, Overview, Standing, TaskKey, measure_load, overview, standings, unled_relations
from kg.analysis.network import Centrality, Dependency, centralities, communities, dependencies
from kg.analysis.shape import Shape
from kg.messages import catalogue, say
from kg.model import TERRITORIAL, Kind, NoticeRow, Ties, UnitRow
from kg.views.apart import told_apart
from kg.views.assessed import Settings, assessed, shaped
from kg.views.document import Column, Piece, Sentence, as_sentence, joined, listed, sentence

PAIRS_SHOWN = 20
TASKS_LISTED = 500
"""Up to so many tasks the annex lists all; above, only those the report names."""


@dataclass(frozen=True, slots=True)
class Facts:
    """All measures of one report, and the language it is written in."""

    lang: str
    ties: Ties
    overview: Overview
    bodies: tuple[Standing, ...]
    """Units that are no territories, by rank."""
    territories: tuple[Standing, ...]
    without: Mapping[str, Load]
    """Loads after territories are taken out of every task."""
    unled: Mapping[TaskKey, int]
    central: tuple[Centrality, ...]
    """By betweenness."""
    groups: tuple[tuple[str, ...], ...]
    """Communities of two units or more, the heaviest first; they are numbered from 1."""
    pairs: tuple[Dependency, ...]
    """The most frequent of ``ties_led``."""
    ties_led: tuple[Dependency, ...]
    """Every pair of a lead and a unit that shares, without territories, strongest first."""
    tests: Assessment | None
    """What the tests say; None where there are too many tasks for them here."""
    shape: Shape
    """Reciprocity, core, chains and closure; those that need chance are left out where the tests are."""
    units: Mapping[str, UnitRow]
    notices: Mapping[str, NoticeRow]
    listed: frozenset[TaskKey]
    """The tasks that have a row in the annex."""
    part: str
    """In words, which part of a graph this is about; empty where it is all."""
    shown: frozenset[str] | None
    """The units whose rows are wanted; None where all are."""

    def shows(self, unit: str) -> bool:
        """Whether the rows of a unit are wanted."""
        return self.shown is None or unit in self.shown

    def say(self, key: str, **fields: object) -> str:
        """A message of the report in its language; the key without the leading ``report.``."""
        return say(f"report.{key}", lang=self.lang, **fields)


def facts_of(ties: Ties, lang: str, settings: Settings | None = None) -> Facts:
    """Everything the report needs, measured from the ties.

    Args:
        ties: the ties of one or more notices.
        lang: zh or en.
        settings: of the tests; without them the usual ones, and none where there are many tasks (``assessed``).
    """
    ties = told_apart(ties, lang)
    ranked = standings(ties)
    led = dependencies(ties, territorial=False)
    pairs = [pair for pair in led if len(pair.tasks) > 1][:PAIRS_SHOWN]
    unled = unled_relations(ties)
    return Facts(
        lang=lang,
        ties=ties,
        overview=overview(ties),
        bodies=tuple(entry for entry in ranked if entry.kind not in TERRITORIAL),
        territories=tuple(entry for entry in ranked if entry.kind in TERRITORIAL),
        without={load.unit: load for load in measure_load(ties, territorial=False)},
        unled=unled,
        central=tuple(centralities(ties)),
        groups=tuple(joint_communities(ties)),
        pairs=tuple(pairs),
        ties_led=tuple(led),
        tests=assessed(ties, settings),
        shape=shaped(ties, settings),
        units={unit.id: unit for unit in ties.units},
        notices={notice.id: notice for notice in ties.notices},
        listed=_tasks_to_list(ties, pairs, unled),
        part=settings.part if settings else "",
        shown=None,
    )


def joint_communities(ties: Ties) -> list[tuple[str, ...]]:
    """The communities that join two units or more, the heaviest first; every output numbers these, from 1."""
    return [members for members in communities(ties) if len(members) > 1]


def community_numbers(groups: Iterable[Sequence[str]]) -> dict[str, int]:
    """The number of each unit's community; a unit in none is absent.

    >>> community_numbers([("unit:a", "unit:b"), ("unit:c", "unit:d")])["unit:c"]
    2
    """
    return {unit: number for number, members in enumerate(groups, 1) for unit in members}


def _tasks_to_list(ties: Ties, pairs: Iterable[Dependency], unled: Iterable[TaskKey]) -> frozenset[TaskKey]:
    every = frozenset((task.notice, task.i) for task in ties.tasks)
    if len(every) <= TASKS_LISTED:
        return every
    named = {task for pair in pairs for task in pair.tasks} | set(unled)
    return frozenset(named | {(finding.notice, finding.task) for finding in ties.findings if finding.task is not None})


def columns(facts: Facts, *names: str) -> tuple[Column, ...]:
    """Columns by name: ``row:name`` names the row, ``name:text`` is set left, ``group/name`` stands under a common head."""
    found: list[Column] = []
    for name in names:
        group, _, label = name.removesuffix(":text").removeprefix("row:").rpartition("/")
        own = f"report.column.{label}"
        words = say(own if own in catalogue(facts.lang) else f"measure.{label}.name", lang=facts.lang)
        textual = name.endswith(":text") or name.startswith("row:")
        found.append(Column(words, facts.say(f"column.{group}") if group else "", not textual, name.startswith("row:")))
    return tuple(found)


def after(facts: Facts, key: str, **fields: object) -> Sentence:
    """A sentence of the report with what stands between two sentences before it."""
    return joined([Piece(facts.say("join.sentence")), *sentence(f"report.{key}", lang=facts.lang, **fields)])


def whole(value: float) -> str:
    """A count, thousands apart.

    >>> whole(12345)
    '12,345'
    """
    return f"{value:,}"


def decimal(value: float, digits: int = 1) -> str:
    """A measure with so many digits after the point, a whole number without any.

    >>> decimal(5.14), decimal(3.0), decimal(0.506, 2)
    ('5.1', '3', '0.51')
    """
    return whole(int(value)) if value == int(value) and digits == 1 else f"{value:,.{digits}f}"


def percent(share: float, digits: int = 0) -> str:
    """A share of 0 to 1 in per cent.

    >>> percent(0.413), percent(0.017, 1)
    ('41%', '1.7%')
    """
    return f"{share:.{digits}%}"


def interval(bounds: Sequence[int]) -> str:
    """An interval as printed, resolved and upper figure.

    >>> interval((58, 90, 107))
    '58–90–107'
    """
    return "–".join(whole(bound) for bound in bounds)


def table_of(kind: Kind) -> str:
    """The anchor of the table in which units of a kind stand."""
    return "territories" if kind in TERRITORIAL else "load"


def unit_piece(facts: Facts, unit: str) -> Piece:
    """A unit's name, leading to its row."""
    row = facts.units[unit]
    return Piece(row.label, table_of(row.kind), local(unit))


def figure_piece(standing: Standing, text: str) -> Piece:
    """A figure of a unit, leading to its row."""
    return Piece(text, table_of(standing.kind), local(standing.unit))


def local(identity: str) -> str:
    """The part of an identity behind its kind.

    >>> local("unit:421000-development-reform")
    '421000-development-reform'
    """
    return identity.partition(":")[2] or identity


def task_anchor(task: TaskKey) -> str:
    """The key of a task's row in the annex."""
    return f"{task[0]}.{task[1]}"


def notice_name(notice: NoticeRow) -> str:
    """What a notice is called where several are told apart: its number, else its title, else its id."""
    return notice.number or notice.title or notice.id


def items(facts: Facts, tasks: Iterable[TaskKey]) -> Sentence:
    """Tasks by their running numbers, each leading to its row, notices told apart where there are several."""
    by_notice: dict[str, list[object]] = defaultdict(list)
    for task in sorted(tasks):
        by_notice[task[0]].append(Piece(str(task[1]), "tasks", task_anchor(task)) if task in facts.listed else str(task[1]))
    parts: list[object] = []
    for notice, numbers in by_notice.items():
        name = notice_name(facts.notices[notice])
        key = "report.items-in" if len(facts.notices) > 1 else "report.items"
        before, _, after = say(key, lang=facts.lang, notice=name, numbers="\0").partition("\0")
        parts.append(joined([Piece(before), *listed(numbers, lang=facts.lang), Piece(after)]))
    pieces: list[Piece] = []
    for position, part in enumerate(parts):
        pieces += [Piece(facts.say("join.item"))] * bool(position) + list(as_sentence(part))
    return joined(pieces)


def rank_words(facts: Facts, standing: Standing) -> str:
    """The ranks a unit takes over the three readings, in words."""
    best, worst = standing.rank_interval
    return facts.say("rank", rank=best) if best == worst else facts.say("rank-range", best=best, worst=worst)

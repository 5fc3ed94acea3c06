"""Ties tables that the page's tests draw: two places, names that try to break out, and a random mixture of everything."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from kg.analysis.load import teams
from kg.analysis.network import dependencies, unit_graph
from kg.model import Closure, GroupRow, Kind, NoticeRow, Reference, Role, SectionRow, TaskRow, Tie, Ties, UnitRow

HOSTILE = [
    '<img src=x onerror="window.hit=1">',
    "</script><script>window.hit=1</script>",
    'see "href" here',
    "{{7*7}}",
    "=cmd|' /C calc'!A0",
    "__proto__",
]


def hostile(ties: Ties) -> Ties:
    """The same ties with names and wordings that try to break out."""
    units = tuple(
        replace(unit, label=HOSTILE[at % len(HOSTILE)] + str(at), aliases=(HOSTILE[at % len(HOSTILE)],))
        for at, unit in enumerate(ties.units)
    )
    tasks = tuple(replace(task, text=HOSTILE[at % len(HOSTILE)], clause=HOSTILE[at % len(HOSTILE)]) for at, task in enumerate(ties.tasks))
    notices = tuple(replace(notice, title=HOSTILE[1], number=HOSTILE[0]) for notice in ties.notices)
    sections = tuple(replace(section, title=HOSTILE[1]) for section in ties.sections)
    groups = tuple(replace(group, label=HOSTILE[0]) for group in ties.groups)
    return replace(ties, units=units, tasks=tasks, notices=notices, sections=sections, groups=groups)


def two_places() -> Ties:
    """Two notices of two cities, each with a 市发改委 that leads and a 市财政局 that shares its one task."""
    cities = (("421000", "荆州市"), ("420500", "宜昌市"))
    return Ties(
        notices=tuple(NoticeRow(code, "", "", "", "2020-01-07", 2020, code, place, "0" * 64) for code, place in cities),
        sections=(),
        tasks=tuple(TaskRow(code, 1, "1", None, f"{place}的任务", "（牵头单位：市发改委）", 0, 1) for code, place in cities),
        units=tuple(
            UnitRow(f"unit:{code}-{line}", label, Kind.DEPARTMENT, "municipal", (line,), f"division:{code}-1996", (), "register")
            for code, _ in cities
            for line, label in (("finance", "市财政局"), ("reform", "市发改委"))
        ),
        groups=(),
        ties=tuple(
            Tie(code, 1, f"unit:{code}-{line}", role)
            for code, _ in cities
            for line, role in (("finance", Role.RESPONSIBLE), ("reform", Role.LEAD))
        ),
        references=(),
        findings=(),
    )


def mixture(seed: int) -> Ties:
    """Three notices with tasks in and out of sections, every role, listed groups, and units of several kinds, levels and lines."""
    chance = Random(seed)
    kinds = [Kind.DEPARTMENT, Kind.DEPARTMENT, Kind.PARTY_ORGAN, Kind.TERRITORY, Kind.ENTERPRISE]
    units = [
        UnitRow(f"unit:{at:02}", f"第{at}局", kinds[at % 5], chance.choice(["municipal", "county", ""]), lines, "", (), "name")
        for at, lines in enumerate([(), ("finance",), ("health",), ("finance", "health"), ("justice",)] * 4)
    ]
    members = [unit.id for unit in units if unit.kind is Kind.TERRITORY]
    notices = [f"n{at}" for at in range(3)]
    tasks: list[TaskRow] = []
    ties: list[Tie] = []
    references: list[Reference] = []
    for notice in notices:
        for i in range(1, 13):
            tasks.append(TaskRow(notice, i, str(i), chance.choice([1, 2, 3, None]), f"任务{i}", "", 0, 1))
            team = chance.sample(units, chance.randint(0, 7))
            roles = [chance.choice(list(Role)) for _ in team]
            ties += [Tie(notice, i, unit.id, role) for unit, role in zip(team, roles, strict=True)]
            if chance.random() < 0.4:
                references.append(Reference(notice, i, "group:all", Role.RESPONSIBLE))
                ties += [Tie(notice, i, unit, Role.RESPONSIBLE, "group:all") for unit in members]
    return Ties(
        tuple(NoticeRow(notice, f"文件{notice}", "", "", "2020-01-07", 2020, "", "", "0" * 64) for notice in notices),
        tuple(SectionRow(notice, at, str(at), f"第{at}部分") for notice in notices for at in (1, 2, 3)),
        tuple(tasks),
        tuple(unit for unit in units if any(tie.unit == unit.id for tie in ties)),
        (GroupRow("group:all", "各县市区政府", "allCounties", Closure.LISTED),),
        tuple(ties),
        tuple(references),
        (),
    )


def weights(ties: Ties, relation: str) -> dict[tuple[str, ...], int]:
    """How many tasks join two units, as the page draws them: ordered pairs lead → other, else pairs in the order of their ids."""
    if relation == "all":
        return {tuple(sorted((one, other))): int(weight) for one, other, weight in unit_graph(ties).edges(data="weight")}
    if relation == "lead":
        return {(one.lead, one.share): len(one.tasks) for one in dependencies(ties)}
    found: dict[tuple[str, ...], int] = {}
    for team in teams(ties).values():
        others = sorted(team.others)
        for at, one in enumerate(others):
            for other in others[at + 1 :]:
                found[one, other] = found.get((one, other), 0) + 1
    return found

"""Lists that can be narrowed: units, tasks, groups and findings; and what a search finds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import TypeVar

from kg.analysis.load import Standing, TaskKey
from kg.messages import say
from kg.model import FindingRow, GroupRow, NoticeRow, Role, Severity
from kg.serve.pages_overview import NOTICE_COLUMNS
from kg.serve.pages_parts import Asked, Column, Facet, Facets, Listing, Page, Value, facet
from kg.serve.pages_words import (
    UNIT_COLUMNS,
    code_words,
    counted,
    finding_listing,
    kind_words,
    ledger,
    line_words,
    notice_ref,
    party,
    task_listing,
    unit_listing,
    unit_row,
)
from kg.serve.site import Site
from kg.views.facts import notice_name

T = TypeVar("T")
ORDERS = ("relations", "tasks", "led", "shared", "partners")
LEADS = ("none", "one", "several")


Values = Mapping[str, Sequence[str]]
"""The values of a row by the names of the filters that look at them."""


def units_page(site: Site, asked: Asked, _key: str) -> Page:
    """The units with their load, narrowed by kind, line of work, level and how they were recognised."""
    every = _unit_values(site)
    words: dict[str, Callable[[str], str]] = {
        "kind": partial(kind_words, asked),
        "line": lambda line: asked.say("no-line") if line == "none" else line_words(asked, line),
        "level": lambda level: asked.say(f"level.{level}"),
        "rule": lambda rule: say(f"units.rule.{rule}", lang=asked.lang),
    }
    kept, facets = _narrowed(asked, "/units", every, words)
    if order := asked.get("order"):
        kept.sort(key=lambda one: -getattr(one, order))
    facets.append(facet(asked, "/units", "order", dict.fromkeys(ORDERS, 0), lambda name: asked.say(f"column.{name}")))
    blocks = (_facets(asked, "/units", facets), unit_listing(site, asked, "units", kept, note=asked.say("note.units")))
    return Page("units", "/units", asked.say("title.units"), standfirst=_left(asked, len(kept), len(every)), blocks=blocks)


@lru_cache(maxsize=2)
def _unit_values(site: Site) -> tuple[tuple[Standing, Values], ...]:
    book = site.ledgers["zh"]

    def values(one: Standing) -> Values:
        row = book.units[one.unit]
        return {"kind": (row.kind.value,), "line": row.lines or ("none",), "level": (row.level or "none",), "rule": (row.rule,)}

    return tuple((one, values(one)) for one in book.standings.values())


def _narrowed(
    asked: Asked, path: str, every: Sequence[tuple[T, Values]], words: Mapping[str, Callable[[str], str]]
) -> tuple[list[T], list[Facet]]:
    """The rows that all filters leave, and for each filter the values among the rows that the others leave."""

    def fits(values: Values, but: str = "") -> bool:
        return all(name == but or asked.get(name) in values[name] for name in words if asked.get(name))

    facets = [
        facet(asked, path, name, counted([value for _, some in every if fits(some, name) for value in some[name]]), say_it)
        for name, say_it in words.items()
    ]
    return [row for row, values in every if fits(values)], facets


def _left(asked: Asked, kept: int, all_of: int) -> str:
    return asked.say("narrowed", kept=kept, all=all_of) if kept != all_of else asked.say("whole", all=all_of)


def _facets(asked: Asked, path: str, facets: Sequence[Facet]) -> Facets:
    told = tuple(one for one in facets if len(one.choices) > 1 or any(choice.chosen for choice in one.choices))
    return Facets(told, path if asked.values else "")


def tasks_page(site: Site, asked: Asked, _key: str) -> Page:
    """The tasks, narrowed by notice, by whether somebody leads, and by kind and line of work of who leads."""
    every = _task_values(site)
    words: dict[str, Callable[[str], str]] = {
        "notice": lambda one: notice_name(ledger(site, asked).notices[one]),
        "lead": lambda one: asked.say(f"lead.{one}"),
        "kind": partial(kind_words, asked),
        "line": lambda line: asked.say("no-line") if line == "none" else line_words(asked, line),
    }
    kept, facets = _narrowed(asked, "/tasks", every, words)
    blocks = (_facets(asked, "/tasks", facets), task_listing(site, asked, "tasks", kept))
    return Page("tasks", "/tasks", asked.say("title.tasks"), standfirst=_left(asked, len(kept), len(every)), blocks=blocks)


@lru_cache(maxsize=2)
def _task_values(site: Site) -> tuple[tuple[TaskKey, Values], ...]:
    book = site.ledgers["zh"]

    def values(key: TaskKey) -> Values:
        leads = [book.units[unit] for unit in dict.fromkeys(tie.unit for tie in book.named.get(key, ()) if tie.role is Role.LEAD)]
        lines = tuple(dict.fromkeys(line for unit in leads for line in unit.lines or ("none",)))
        kinds = tuple(dict.fromkeys(unit.kind.value for unit in leads))
        return {"notice": (key[0],), "lead": (LEADS[min(len(leads), 2)],), "kind": kinds, "line": lines}

    return tuple((key, values(key)) for key in book.tasks)


def findings_page(site: Site, asked: Asked, _key: str) -> Page:
    """What was found odd in the print, narrowed by notice, severity and code."""
    words: dict[str, Callable[[str], str]] = {
        "severity": lambda one: say(f"severity.{one}", lang=asked.lang),
        "code": partial(code_words, asked),
        "notice": lambda one: notice_name(ledger(site, asked).notices[one]),
    }
    kept, facets = _narrowed(asked, "/findings", _finding_values(site), words)
    blocks = (_facets(asked, "/findings", facets), finding_listing(site, asked, kept))
    return Page("findings", "/findings", asked.say("title.findings"), standfirst=asked.say("standfirst-findings"), blocks=blocks)


@lru_cache(maxsize=2)
def _finding_values(site: Site) -> tuple[tuple[FindingRow, Values], ...]:
    order = list(Severity)
    rows = sorted(site.ties.findings, key=lambda one: -order.index(one.severity))
    return tuple((one, {"severity": (one.severity.value,), "code": (one.code,), "notice": (one.notice,)}) for one in rows)


def groups_page(site: Site, asked: Asked, _key: str) -> Page:
    """The collective references: what they are called, whether their members can be listed, and in how many tasks they stand."""

    def row(one: GroupRow) -> tuple[Value, ...]:
        members = len(site.members_of.get(one.id, ())) or None
        return (
            party(site, asked, one.id),
            asked.say(f"closure.{one.closure}"),
            members,
            len({(r.notice, r.task) for r in site.references_to.get(one.id, ())}),
        )

    columns = (Column("group", head=True), Column("closure", wide=True), Column("members", numeric=True), Column("tasks", numeric=True))
    rows = sorted(site.ties.groups, key=lambda one: (-len(site.references_to.get(one.id, ())), one.id))
    listing = Listing("groups", columns, rows, row)
    return Page("groups", "/groups", asked.say("title.groups"), standfirst=asked.say("standfirst-groups"), blocks=(listing,))


def search_page(site: Site, asked: Asked, _key: str) -> Page:
    """Units and groups by characters, full pinyin or initials; tasks and notices by their words."""
    query = asked.get("q").strip()
    words = query.casefold().split()
    if not words:
        return Page("search", "/search", asked.say("title.search"), standfirst=asked.say("search.empty"))
    units, tasks, notices = _parties(site, asked, "".join(words)), _tasks(site, asked, words), _notices(site, words)
    return Page(
        kind="search",
        path="/search",
        title=asked.say("title.search-for", query=query),
        standfirst=asked.say("search.found", units=len(units), tasks=len(tasks), notices=len(notices)),
        blocks=(
            Listing("units", (*UNIT_COLUMNS, Column("aliases")), units, partial(_party_row, site, asked)),
            task_listing(site, asked, "tasks", tasks),
            Listing(
                "notices", NOTICE_COLUMNS[:6], notices, lambda one: (notice_ref(one), one.title, one.issuer, one.date, one.year, one.place)
            ),
        ),
    )


def _parties(site: Site, asked: Asked, query: str) -> list[str]:
    """Units and groups whose name, other names or spelling hold the query, the closest and heaviest first."""
    book, found = ledger(site, asked), []
    names = {unit.id: (book.labels[unit.id], *unit.aliases) for unit in site.ties.units} | {
        group.id: (group.label,) for group in site.ties.groups
    }
    spelt = site.spellings() if query.isascii() else {}
    for identity, some in names.items():
        degrees = [_degree("".join(name.casefold().split()), query) for name in some]
        degrees += [_degree(word, query) for word in spelt.get(identity, ())]
        if (best := min(degrees)) < _NOT:
            standing = book.standings.get(identity)
            found.append((best, -standing.relations if standing else 0, identity))
    return [identity for *_, identity in sorted(found)]


_NOT = 3


def _degree(word: str, query: str) -> int:
    """How well a query fits a word, 0 best.

    >>> _degree("sfgw", "sfgw"), _degree("shifagaiwei", "shifa"), _degree("shifagaiwei", "fagai"), _degree("x", "y")
    (0, 1, 2, 3)
    """
    return 0 if word == query else 1 if word.startswith(query) else 2 if query in word else _NOT


def _party_row(site: Site, asked: Asked, identity: str) -> tuple[Value, ...]:
    book = ledger(site, asked)
    if identity in book.standings:
        return (*unit_row(site, asked, book.standings[identity]), list(book.units[identity].aliases))
    kind = kind_words(asked, book.units[identity].kind) if identity in book.units else asked.say("column.group")
    return (None, party(site, asked, identity), kind, None, None, None, None, None, None, [])


def _tasks(site: Site, asked: Asked, words: Sequence[str]) -> list[TaskKey]:
    return [
        (task.notice, task.i)
        for task in site.ties.tasks
        if all(word in task.text.casefold() or word in task.clause.casefold() for word in words)
    ]


def _notices(site: Site, words: Sequence[str]) -> list[NoticeRow]:
    return [row for row in site.ties.notices if all(word in f"{row.title} {row.number} {row.issuer} {row.id}".casefold() for word in words)]


KEPT = (_unit_values, _task_values, _finding_values)
"""What remembers a build beyond one request."""

"""The pages of a unit and of a collective reference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial

import pyoxigraph

from kg.analysis.load import Standing, TaskKey
from kg.analysis.partners import Partner
from kg.graph.iris import PREFIXES, iri
from kg.messages import say
from kg.model import TERRITORIAL, GroupRow, Role, Tie, UnitRow
from kg.serve.pages_overview import change_listing
from kg.serve.pages_parts import Asked, Column, Fact, Listing, MovedError, Number, Page, Prose, Ref, Value, path_of, with_query
from kg.serve.pages_words import (
    TASK_COLUMNS,
    TASK_ROWS,
    kind_words,
    ledger,
    line_words,
    missing,
    notice_ref,
    party,
    task_listing,
    task_ref,
    task_row,
)
from kg.serve.site import Site
from kg.views.ledger import place_name

_FEW = 5
"""Tasks that are named in one cell."""


def unit_page(site: Site, asked: Asked, key: str) -> Page:
    """A unit: its load and rank, what it leads and shares, what reaches it through groups, partners, names, changes, years."""
    identity = f"unit:{key}"
    book = ledger(site, asked)
    if identity not in book.units:
        raise _moved(site, asked, key) or missing(site, asked, "unit", key)
    row, one = book.units[identity], book.standings.get(identity)
    led, shared, reached = _held(book.held.get(identity, ()))
    partners = site.partners().get(identity, ())
    path = path_of(identity)
    blocks = (
        Prose(tuple(_sentences(asked, one)), asked.say("list.load")) if one else Prose(((asked.say("no-task"),),)),
        task_listing(site, asked, "led", led),
        Listing(
            "shared",
            (*TASK_COLUMNS[:1], Column("role"), *TASK_COLUMNS[1:]),
            list(shared),
            partial(_with, site, asked, shared),
            size=TASK_ROWS,
        ),
        Listing(
            "reached",
            (*TASK_COLUMNS[:1], Column("through"), *TASK_COLUMNS[1:3]),
            list(reached),
            partial(_through, site, asked, reached),
            size=TASK_ROWS,
            note=asked.say("note.reached"),
        ),
        _partners(site, asked, partners),
        _names(site, asked, identity),
        _years(site, asked, identity),
        change_listing(site, asked, site.changes_of.get(identity, ())),
    )
    return Page(
        kind="unit",
        path=path,
        title=book.labels[identity],
        crumbs=(Ref(asked.say("title.units"), "/units"), Ref(kind_words(asked, row.kind), with_query("/units", kind=row.kind))),
        numbers=_numbers(asked, one, len(reached)) if one else (),
        facts=(
            Fact("place", _place(site, row)),
            Fact("level", asked.say(f"level.{row.level}") if row.level else None),
            Fact("kind", kind_words(asked, row.kind)),
            Fact("lines", [Ref(line_words(asked, line), with_query("/units", line=line)) for line in row.lines]),
            Fact("recognised", say(f"units.rule.{row.rule}", lang=asked.lang)),
            Fact("groups", [party(site, asked, group) for group in site.groups_of.get(identity, ())]),
            Fact("id", identity),
        ),
        blocks=tuple(block for block in blocks if not isinstance(block, Listing) or block.keys or block.name in {"led", "shared"}),
        id=identity,
        downloads=(Ref(asked.say("download.sheet"), f"{path}/sheet"), Ref(asked.say("download.sheet-word"), f"{path}/sheet.docx")),
    )


def _moved(site: Site, asked: Asked, name: str) -> MovedError | None:
    """Where an address names a unit by a label or another spelling that only one unit has."""
    found = {unit.id for unit in site.ties.units if name in (unit.label, *unit.aliases) or name == ledger(site, asked).labels[unit.id]}
    return MovedError(path_of(found.pop())) if len(found) == 1 else None


def _held(ties: Sequence[Tie]) -> tuple[list[TaskKey], dict[TaskKey, Tie], dict[TaskKey, Tie]]:
    """Tasks that a unit leads; those it shares; those that only a group brings to it."""
    led = dict.fromkeys((tie.notice, tie.task) for tie in ties if tie.role is Role.LEAD and not tie.through)
    shared: dict[TaskKey, Tie] = {}
    for tie in ties:
        if not tie.through and (tie.notice, tie.task) not in led:
            shared.setdefault((tie.notice, tie.task), tie)
    return list(led), shared, {(tie.notice, tie.task): tie for tie in ties if tie.through}


def _numbers(asked: Asked, one: Standing, reached: int) -> tuple[Number, ...]:
    return (
        Number("led", one.led, path="#led"),
        Number("shared", one.shared, path="#shared"),
        Number("reached", reached, path="#reached" if reached else ""),
        Number("relations", one.relations, asked.say("aside.relations", leading=one.from_leading, sharing=one.from_sharing)),
        Number("partners", one.partners, path="#partners" if one.partners else ""),
    )


def _sentences(asked: Asked, one: Standing) -> list[tuple[Value, ...]]:
    among = say("sheets.among.territories" if one.kind in TERRITORIAL else "sheets.among.bodies", lang=asked.lang)
    best, worst = one.rank_interval
    found = [say("sheets.point.rank", lang=asked.lang, relations=one.relations, among=among, rank=one.rank)]
    if len(set(one.interval)) > 1:
        bounds = "–".join(map(str, one.interval))
        found.append(say("sheets.point.interval", lang=asked.lang, interval=bounds, best=best, worst=worst))
    elif best != worst:
        found.append(say("sheets.point.steady", lang=asked.lang, best=best, worst=worst))
    if one.relations_without_territories is not None:
        found.append(say("sheets.point.without", lang=asked.lang, relations=one.relations_without_territories))
    return [(words,) for words in [*found, asked.say("not-work")]]


def _with(site: Site, asked: Asked, shared: dict[TaskKey, Tie], key: TaskKey) -> tuple[Value, ...]:
    item, *rest = task_row(site, asked, key)
    return item, say(f"role.{shared[key].role}", lang=asked.lang), *rest


def _through(site: Site, asked: Asked, reached: dict[TaskKey, Tie], key: TaskKey) -> tuple[Value, ...]:
    item, wording, leads, *_ = task_row(site, asked, key)
    return item, party(site, asked, reached[key].through), wording, leads


PARTNER_COLUMNS = (
    Column("unit", head=True),
    *(Column(name, numeric=True) for name in ("relations", "leading", "together", "sharing")),
    Column("tasks", wide=True),
)


def _partners(site: Site, asked: Asked, found: Sequence[Partner]) -> Listing:
    def row(two: Partner) -> tuple[Value, ...]:
        tasks = [task_ref(site, asked, key) for key in two.tasks]
        return party(site, asked, two.unit), two.relations, len(two.leading), len(two.together), len(two.sharing), tasks

    return Listing("partners", PARTNER_COLUMNS, found, row)


_PRINTED = """SELECT ?short ?long ?task WHERE { ?a kg:party ?unit ; kg:printedName ?short . ?t kg:assignment ?a .
  OPTIONAL { ?a kg:completedName ?long } BIND(STR(?t) AS ?task) VALUES ?unit { %s } }"""


def _names(site: Site, asked: Asked, identity: str) -> Listing:
    """Under which names the unit is printed, how often, and where; other names that the register gives it have no place."""
    rows = site.store.query(_PRINTED % pyoxigraph.NamedNode(iri(identity)), prefixes=PREFIXES)
    places: dict[str, dict[TaskKey, None]] = {}
    times: Counter[str] = Counter()
    for short, long, task in sorted((row[0].value, row[1].value if row[1] else "", row[2].value) for row in rows):  # type: ignore[union-attr]
        notice, _, running = task.removeprefix(PREFIXES["task"]).rpartition(".")
        places.setdefault(long or short, {})[notice, int(running)] = None
        times[long or short] += 1
    unit = ledger(site, asked).units[identity]
    names = sorted({*places, unit.label, *unit.aliases}, key=lambda name: (-times[name], name))

    def row(name: str) -> tuple[Value, ...]:
        tasks = sorted(places.get(name, {}))
        return name, times[name], [task_ref(site, asked, key) for key in tasks[:_FEW]]

    return Listing("names", (Column("name", head=True), Column("times", numeric=True), Column("first", wide=True)), names, row)


def _years(site: Site, asked: Asked, identity: str) -> Listing:
    """The load of the unit in every notice that prints it or reaches it, by year, with its rank there."""
    book = ledger(site, asked)
    notices = sorted(
        {tie.notice for tie in book.held.get(identity, ())}, key=lambda one: (book.notices[one].year or 0, book.notices[one].date, one)
    )

    def row(notice: str) -> tuple[Value, ...]:
        head, one = book.notices[notice], site.standings_in(notice)[identity]
        return head.year, notice_ref(head), one.led, one.shared, one.relations, list(one.interval), one.rank, list(one.rank_interval)

    numbers = ("led", "shared", "relations", "interval", "rank", "ranks")
    columns = (Column("year", numeric=True, bare=True), Column("notice", head=True), *(Column(name, numeric=True) for name in numbers))
    return Listing("years", columns, notices, row, size=TASK_ROWS)


def group_page(site: Site, asked: Asked, key: str) -> Page:
    """A collective reference: whether its members can be listed, who they are, and the tasks in which it stands."""
    identity = f"group:{key}"
    group = next((one for one in site.ties.groups if one.id == identity), None)
    if group is None:
        raise missing(site, asked, "group", key)
    members, references = site.members_of.get(identity, ()), site.references_to.get(identity, ())
    tasks = list(dict.fromkeys((one.notice, one.task) for one in references))
    book = ledger(site, asked)

    def member(unit: str) -> tuple[Value, ...]:
        one = book.standings.get(unit)
        return (
            party(site, asked, unit),
            one.tasks if one else 0,
            len({(t.notice, t.task) for t in book.held.get(unit, ()) if t.through == identity}),
        )

    columns = (Column("unit", head=True), Column("tasks", numeric=True), Column("through-tasks", numeric=True))
    return Page(
        kind="group",
        path=path_of(identity),
        title=group.label,
        crumbs=(Ref(asked.say("title.groups"), "/groups"),),
        standfirst=asked.say(f"closure.{group.closure}"),
        numbers=(Number("tasks", len(tasks)), *([Number("members", len(members))] if members else [])),
        facts=(Fact("group-kind", _group_kind(site, asked, group)), Fact("id", identity)),
        blocks=(*([Listing("members", columns, members, member)] if members else []), task_listing(site, asked, "tasks", tasks)),
        id=identity,
    )


def _place(site: Site, unit: UnitRow) -> str:
    """The name of the place that a unit serves, which the graph holds; its code where it holds none."""
    if not unit.jurisdiction:
        return ""
    label, place = pyoxigraph.NamedNode(iri("skos:prefLabel")), pyoxigraph.NamedNode(iri(unit.jurisdiction))
    found = sorted(str(quad.object.value) for quad in site.store.quads_for_pattern(place, label, None, None))  # type: ignore[union-attr]
    return found[0] if found else place_name(site.ties, unit)


def _group_kind(site: Site, asked: Asked, group: GroupRow) -> str:
    """The words of the code list, which the graph itself holds."""
    label, kind = pyoxigraph.NamedNode(iri("skos:prefLabel")), pyoxigraph.NamedNode(iri(f"kgv:{group.kind}"))
    found = [quad.object for quad in site.store.quads_for_pattern(kind, label, None, None)]
    return next((one.value for one in found if isinstance(one, pyoxigraph.Literal) and one.language == asked.lang), group.kind)

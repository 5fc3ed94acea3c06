"""The first page, and the lists of notices, lines of work, kinds and changes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kg.analysis.load import Standing
from kg.messages import say
from kg.model import TERRITORIAL, Change, NoticeRow, Severity
from kg.serve.pages_parts import Asked, Column, Drawing, Listing, Number, Page, Prose, Ref, Value, with_query
from kg.serve.pages_words import (
    code_words,
    kind_words,
    ledger,
    line_words,
    notice_ref,
    party,
    unit_listing,
)
from kg.serve.site import Site
from kg.views.charts import Bar, ranked_bars
from kg.views.facts import interval
from kg.views.findings import why_and_mend

_BARS = 15
_FEW = 20

NOTICE_COLUMNS = (
    Column("notice", head=True),
    Column("title", wide=True),
    Column("issuer"),
    Column("date"),
    Column("year", numeric=True, bare=True),
    Column("place"),
    Column("tasks", numeric=True),
    Column("findings", numeric=True),
)


def overview_page(site: Site, asked: Asked, _key: str) -> Page:
    """What the graph holds, who carries most, and the way to everything else."""
    figures, bodies = site.overview(), _bodies(site, asked)
    numbers = (
        Number("notices", figures.notices, path="/notices"),
        Number("tasks", figures.tasks, asked.say("aside.without-lead", count=len(figures.without_lead)), "/tasks"),
        Number("units", figures.units, _who(site, asked), "/units"),
        Number(
            "relations", figures.relations_total // 2, asked.say("aside.between", count=figures.relations_total_without_territories // 2)
        ),
        Number("findings", len(site.ties.findings), asked.say("aside.errors", count=_errors(site)), "/findings"),
    )
    ranking = replace(unit_listing(site, asked, "ranking", bodies, note=asked.say("note.ranking")), size=_FEW)
    return Page(
        kind="overview",
        path="/",
        title=_title(site, asked),
        standfirst=asked.say("standfirst"),
        numbers=numbers,
        blocks=(
            *([_bars(asked, bodies, ledger(site, asked).labels)] if bodies else []),
            ranking,
            replace(_notices(site, asked, site.ties.notices), size=_FEW),
            _finding_kinds(site, asked),
            Prose(tuple(_ways(asked)), title=asked.say("ways.title")),
        ),
        downloads=(Ref(asked.say("download.workbook"), "/workbook.xlsx"),),
    )


def _title(site: Site, asked: Asked) -> str:
    places = sorted({row.place for row in site.ties.notices if row.place})
    return asked.say("title.overview-of", place=places[0]) if len(places) == 1 else asked.say("title.overview")


def _bodies(site: Site, asked: Asked) -> list[Standing]:
    return [one for one in ledger(site, asked).standings.values() if one.kind not in TERRITORIAL]


def _who(site: Site, asked: Asked) -> str:
    """Bodies and territories that are printed, and units that only groups reach."""
    every = ledger(site, asked).standings.values()
    printed = [one for one in every if one.tasks]
    bodies = sum(one.kind not in TERRITORIAL for one in printed)
    return asked.say("aside.bodies", bodies=bodies, territories=len(printed) - bodies, reached=len(every) - len(printed))


def _errors(site: Site) -> int:
    return sum(one.severity is not Severity.INFO for one in site.ties.findings)


def _bars(asked: Asked, bodies: Sequence[Standing], labels: Mapping[str, str]) -> Drawing:
    shown = [one for one in bodies if one.relations][:_BARS]
    rows = [
        Bar(
            labels[one.unit],
            one.from_leading,
            one.from_sharing,
            one.interval,
            (str(one.relations), str(one.relations_without_territories), interval(one.interval)),
        )
        for one in shown
    ]
    mean = sum(one.relations for one in bodies) / max(1, len(bodies))
    words = {
        name: say(f"report.load.{name}", lang=asked.lang) for name in ("figure-text", "head.relations", "head.without", "head.interval")
    }
    caption = asked.say("list.bars", count=len(shown))
    svg = ranked_bars(
        rows,
        name="bars",
        title=caption,
        description=words["figure-text"],
        heads=(words["head.relations"], words["head.without"], words["head.interval"]),
        average=(mean, say("report.load.average", lang=asked.lang, mean=f"{mean:.1f}")),
    )
    legend = tuple((name, say(f"report.load.legend.{name}", lang=asked.lang)) for name in ("lead", "share", "reach"))
    return Drawing(caption, svg, legend)


def _notices(site: Site, asked: Asked, rows: Sequence[NoticeRow]) -> Listing:
    def row(one: NoticeRow) -> tuple[Value, ...]:
        tasks, found = len(site.tasks_of.get(one.id, ())), len(site.findings_of.get(one.id, ()))
        return notice_ref(one), one.title, one.issuer, one.date, one.year, one.place, tasks, found

    return Listing("notices", NOTICE_COLUMNS, rows, row)


def _finding_kinds(site: Site, asked: Asked) -> Listing:
    times = Counter((one.severity, one.code) for one in site.ties.findings)
    order = list(Severity)
    keys = sorted(times, key=lambda pair: (-order.index(pair[0]), -times[pair], pair[1]))

    def row(pair: tuple[Severity, str]) -> tuple[Value, ...]:
        path = with_query("/findings", severity=pair[0], code=pair[1])
        return (
            say(f"severity.{pair[0]}", lang=asked.lang),
            Ref(code_words(asked, pair[1]), path),
            why_and_mend(pair[1], lang=asked.lang)[0],
            times[pair],
        )

    columns = (Column("severity"), Column("finding", head=True), Column("why", wide=True), Column("count", numeric=True))
    return Listing("finding-kinds", columns, keys, row)


def _ways(asked: Asked) -> list[tuple[Value, ...]]:
    names = ("report", "picture", "tasks", "groups", "lines", "kinds", "changes", "api")
    paths = {"report": "/report", "picture": "/picture", "api": "/openapi.json"}
    return [(Ref(asked.say(f"ways.{name}"), paths.get(name, f"/{name}")), asked.say(f"ways.{name}-aside")) for name in names]


def notices_page(site: Site, asked: Asked, _key: str) -> Page:
    """All notices."""
    return Page("notices", "/notices", asked.say("title.notices"), blocks=(_notices(site, asked, site.ties.notices),))


def lines_page(site: Site, asked: Asked, _key: str) -> Page:
    """The lines of work: how many units each has, and what they lead and share."""
    units: defaultdict[str, list[Standing]] = defaultdict(list)
    for one in ledger(site, asked).standings.values():
        for line in one.lines or ("",):
            units[line].append(one)
    return _shares(site, asked, "lines", "line", units)


def kinds_page(site: Site, asked: Asked, _key: str) -> Page:
    """The kinds of units: how many units each has, and what they lead and share."""
    units: defaultdict[str, list[Standing]] = defaultdict(list)
    for one in ledger(site, asked).standings.values():
        units[one.kind.value].append(one)
    return _shares(site, asked, "kinds", "kind", units)


def _shares(site: Site, asked: Asked, name: str, part: str, units: dict[str, list[Standing]]) -> Page:
    sums = {key: sum(one.relations for one in some) for key, some in units.items()}
    words = line_words if part == "line" else kind_words

    def row(key: str) -> tuple[Value, ...]:
        some = units[key]
        label = words(asked, key) if key else asked.say("no-line")
        chief = max(some, key=lambda one: (one.relations, one.tasks))
        figures = (len(some), sum(one.led for one in some), sum(one.shared for one in some), sums[key])
        return Ref(label, with_query("/units", **{part: key or "none"})), *figures, party(site, asked, chief.unit)

    columns = (Column(part, head=True), *(Column(one, numeric=True) for one in ("units", "led", "shared", "relations")), Column("heaviest"))
    keys = sorted(units, key=lambda key: (not key, -sums[key], key))
    return Page(
        name,
        f"/{name}",
        asked.say(f"title.{name}"),
        standfirst=asked.say(f"standfirst-{name}"),
        blocks=(Listing(name, columns, keys, row),),
    )


CHANGE_COLUMNS = (
    Column("day"),
    Column("change", head=True),
    Column("names"),
    Column("before"),
    Column("after"),
    Column("method"),
    Column("ground", wide=True),
)


def change_listing(site: Site, asked: Asked, changes: Sequence[Change]) -> Listing:
    """A table of what became of units, earliest first."""

    def row(one: Change) -> tuple[Value, ...]:
        kind, method = (say(f"units.{key}", lang=asked.lang) for key in (f"change.{one.kind}", f"method.{one.method}"))
        known = ledger(site, asked).units
        sides = [[party(site, asked, unit) for unit in units if unit in known] for units in (one.originals, one.results)]
        return one.day, kind, one.label, *sides, method, one.why

    return Listing("changes", CHANGE_COLUMNS, changes, row)


def changes_page(site: Site, asked: Asked, _key: str) -> Page:
    """What became of the units: renamed, merged, split."""
    changes = sorted(site.ties.changes, key=lambda one: (one.day, one.id))
    return Page(
        "changes",
        "/changes",
        asked.say("title.changes"),
        standfirst=asked.say("standfirst-changes"),
        blocks=(change_listing(site, asked, changes),),
    )

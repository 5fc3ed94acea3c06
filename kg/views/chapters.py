"""The parts of a report, one function each: what a part says, its figure and its tables, before HTML or Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from kg.analysis.assess import Assessment
from kg.analysis.load import Standing
from kg.messages import catalogue, say
from kg.model import FindingRow, Role, Severity, TaskRow
from kg.resources import table
from kg.views import charts
from kg.views.document import (
    Block,
    Chapter,
    Figure,
    Paragraph,
    Piece,
    Points,
    Row,
    Sentence,
    Table,
    Terms,
    as_sentence,
    cells,
    joined,
    listed,
    plain,
    sentence,
)
from kg.views.facts import (
    Facts,
    after,
    columns,
    decimal,
    figure_piece,
    interval,
    items,
    local,
    notice_name,
    percent,
    task_anchor,
    unit_piece,
    whole,
)
from kg.views.headline import printed_units, relation_totals

_BARS = 15
_MEASURES = (
    ("M1", ("led", "led_fractional")),
    ("M2", ("shared", "tasks")),
    ("M3", ("relations",)),
    ("M3d", ("relations_without_territories",)),
    ("M4", ("unled_relations",)),
    ("M5", ("partners", "effective_partners", "sections", "effective_sections")),
    ("M6", ("repetition",)),
    ("M7", ("balance",)),
    ("M8", ("betweenness", "betweenness_star", "between")),
    ("M9", ("pagerank", "eigenvector", "core", "community")),
    ("M10", ("constraint", "clustering")),
    ("M11", ("weight_tasks", "weight_newman")),
    ("M12", ("interval",)),
    ("M13", ("gini", "gini_error", "top_share", "effective_number")),
)
"""Every measure by its number in the method: what the report counts, and what it leaves out on purpose."""


def load_chapter(facts: Facts) -> Chapter:
    """Who holds the most coordination relations: how they are counted, the ranking as bars and as a table."""
    total, without = relation_totals(facts)
    rule = sentence(
        "report.load.rule",
        lang=facts.lang,
        units=printed_units(facts),
        sum=Piece(whole(2 * total), "load"),
        total=whole(total),
        sum_without=Piece(whole(2 * without), "load"),
        total_without=whole(without),
    )
    blocks: list[Block] = [Paragraph(joined([*rule, *after(facts, "load.territories")]))]
    if facts.bodies:
        blocks += [load_figure(facts), load_table(facts, "load", facts.bodies)]
    return Chapter("load-part", facts.say("load.title"), tuple(blocks))


def load_figure(facts: Facts, bars: int = _BARS) -> Figure:
    """The ranking as bars, the first so many units."""
    shown = facts.bodies[:bars]
    mean = sum(unit.relations for unit in facts.bodies) / len(facts.bodies)
    caption = facts.say("load.figure", count=len(shown)) if len(shown) < len(facts.bodies) else facts.say("load.figure-all")
    svg = charts.ranked_bars(
        [_bar(unit) for unit in shown],
        name="ranking",
        title=caption,
        description=facts.say("load.figure-text"),
        heads=[facts.say(f"load.head.{name}") for name in ("relations", "without", "interval")],
        average=(mean, facts.say("load.average", mean=decimal(mean))),
    )
    legend = tuple((swatch, facts.say(f"load.legend.{swatch}")) for swatch in ("lead", "share", "reach", "mean"))
    return Figure("ranking", caption, svg, "load", legend)


def _bar(unit: Standing) -> charts.Bar:
    figures = (whole(unit.relations), whole(unit.relations_without_territories or 0), interval(unit.interval))
    return charts.Bar(unit.label, unit.from_leading, unit.from_sharing, unit.interval, figures)


def load_table(facts: Facts, anchor: str, standings: Sequence[Standing]) -> Table:
    """The load of some units, a row each: of those that are no territories, or of territories (``anchor``)."""
    territorial = anchor == "territories"
    names = ["rank", "row:unit", "relations/total", "relations/without", "relations/interval", "relations/leading", "relations/sharing"]
    names += ["tasks/all", "tasks/led", "tasks/shared", "partners", "sections"]
    if territorial:
        names.remove("relations/without")
    rows: list[Row] = []
    for unit in standings:
        figures: list[object] = [whole(unit.relations), unit.relations_without_territories, interval(unit.interval)]
        if territorial:
            del figures[1]
        figures += [unit.from_leading, unit.from_sharing, unit.tasks, unit.led, unit.shared, unit.partners, unit.sections]
        rows.append(Row(local(unit.unit), cells(_rank(facts, unit), unit.label, *figures)))
    part = "territory" if territorial else "load"
    note = facts.say(f"{part}.note") if not territorial else facts.say("territory.note", table=facts.say("load.caption"))
    return Table(anchor, facts.say(f"{part}.caption"), columns(facts, *names), tuple(rows), note)


def _rank(facts: Facts, unit: Standing) -> str:
    best, worst = unit.rank_interval
    return str(unit.rank) if best == worst == unit.rank else facts.say("rank-cell", rank=unit.rank, best=best, worst=worst)


def territory_chapter(facts: Facts) -> Chapter:
    """Territories and zones, ranked by themselves."""
    title = facts.say("territory.title")
    if not facts.territories:
        key = "none" if facts.shown is None else "none-shown"
        return Chapter("territories-part", title, (Paragraph(sentence(f"report.territory.{key}", lang=facts.lang)),))
    text: Sentence = sentence("report.territory.text", lang=facts.lang)
    everywhere = [
        sentence(
            "report.territory.universal-unit",
            lang=facts.lang,
            unit=unit_piece(facts, unit.unit),
            tasks=figure_piece(unit, whole(unit.tasks)),
        )
        for unit in facts.territories
        if unit.universal
    ]
    if everywhere:
        units = listed(everywhere, lang=facts.lang)
        universal = sentence("report.territory.universal", lang=facts.lang, units=units)
        text = joined([*text, Piece(facts.say("join.sentence")), *universal])
    return Chapter("territories-part", title, (Paragraph(text), load_table(facts, "territories", facts.territories)))


def check_chapter(facts: Facts) -> Chapter:
    """What a reader of the print should look at again, with the clause, weightiest first."""
    title = facts.say("check.title")
    weights = list(Severity)
    found = sorted(
        facts.ties.findings,
        key=lambda finding: (-weights.index(finding.severity), finding.code, finding.notice, finding.task or 0, finding.start),
    )
    if not found:
        return Chapter("check-part", title, (Paragraph(sentence("report.check.none", lang=facts.lang)),))
    tasks = {(finding.notice, finding.task) for finding in found if finding.task is not None}
    text = sentence("report.check.text", lang=facts.lang, count=Piece(str(len(found)), "check"), tasks=len(tasks))
    clauses = {(task.notice, task.i): task.clause for task in facts.ties.tasks}
    rows: list[Row] = []
    for number, finding in enumerate(found, 1):
        clause = clauses.get((finding.notice, finding.task or 0), "")
        rows.append(Row(str(number), cells(_where(facts, finding), _finding_words(facts, finding), clause)))
    heads = columns(facts, "row:item", "finding:text", "clause:text")
    return Chapter("check-part", title, (Paragraph(text), Table("check", facts.say("check.caption"), heads, tuple(rows))))


def _finding_words(facts: Facts, finding: FindingRow) -> str:
    return say(f"finding.{finding.code}", lang=facts.lang, **dict(finding.values))


def _where(facts: Facts, finding: FindingRow) -> Sentence:
    if finding.task is not None:
        return items(facts, [(finding.notice, finding.task)])
    place = facts.say("line", line=finding.line) if finding.line else facts.say("whole-text")
    return as_sentence(f"{notice_name(facts.notices[finding.notice])} {place}" if len(facts.notices) > 1 else place)


def tasks_annex(facts: Facts) -> Chapter:
    """The tasks with their leads and shares, so that every figure can be counted again by hand."""
    parties = _parties(facts)
    rows = [
        Row(task_anchor(key), cells(_item(facts, task), task.text, *parties[key]))
        for task in facts.ties.tasks
        if (key := (task.notice, task.i)) in facts.listed
    ]
    every = len(facts.ties.tasks)
    note = facts.say("tasks.note") if len(rows) == every else facts.say("tasks.note-named", count=whole(every))
    heads = columns(facts, "row:item", "wording:text", "lead:text", "others:text")
    table = Table("tasks", facts.say("tasks.caption"), heads, tuple(rows), note)
    return Chapter("tasks-part", facts.say("tasks.title"), (Paragraph(sentence("report.tasks.text", lang=facts.lang)), table))


def _item(facts: Facts, task: TaskRow) -> str:
    item = plain(items(facts, [(task.notice, task.i)]))
    return item if task.number in ("", str(task.i)) else facts.say("item-printed", item=item, number=task.number)


def _parties(facts: Facts) -> dict[tuple[str, int], tuple[Sentence, Sentence]]:
    """Leads and others of every task, units printed themselves first, collective references after them."""
    leads: dict[tuple[str, int], list[object]] = {(task.notice, task.i): [] for task in facts.ties.tasks}
    others: dict[tuple[str, int], list[object]] = {key: [] for key in leads}
    for tie in facts.ties.ties:
        if not tie.through:
            (leads if tie.role is Role.LEAD else others)[tie.notice, tie.task].append(facts.units[tie.unit].label)
    groups = {group.id: group.label for group in facts.ties.groups}
    for reference in facts.ties.references:
        words = facts.say("tasks.group", group=groups[reference.group])
        (leads if reference.role is Role.LEAD else others)[reference.notice, reference.task].append(words)
    none = as_sentence(facts.say("none"))
    return {key: (listed(leads[key], lang=facts.lang) or none, listed(others[key], lang=facts.lang) or none) for key in leads}


def method_chapter(facts: Facts) -> Chapter:
    """How everything was counted: the definition of each measure, then the rules and what chance was given."""
    rules = [
        "readings",
        "unled",
        "title-rule" if facts.tests else "title-rule-untested",
        "absent",
        "ranks",
        "concentration",
        "kinds",
        "words",
    ]
    points = [sentence(f"report.method.{rule}", lang=facts.lang) for rule in rules]
    if facts.tests is not None:
        points += tests_words(facts, facts.tests)
    return Chapter("method-part", facts.say("method.title"), (_measure_terms(facts), Points(tuple(points))))


def _measure_terms(facts: Facts) -> Terms:
    entries: list[tuple[str, Sentence]] = []
    for number, names in _MEASURES:
        for name in names:
            part = "measure" if f"measure.{name}.name" in catalogue(facts.lang) else "report.measure"
            words = [say(f"{part}.{name}.{what}", lang=facts.lang) for what in ("name", "definition")]
            entries.append((facts.say("measure-term", number=number, name=words[0]), as_sentence(words[1])))
    return Terms(tuple(entries))


def tests_words(facts: Facts, tests: Assessment) -> list[Sentence]:
    """With what seed and how many draws the tests ran, so that anyone gets the same figures again."""
    null = "null" if tests.null else "no-null"
    fields = {"seed": tests.seed, "draws": whole(tests.draws), "bootstraps": whole(tests.bootstraps), "null_draws": whole(tests.null_draws)}
    return [
        sentence("report.method.draws", lang=facts.lang, **fields),
        sentence(f"report.method.{null}", lang=facts.lang, **fields),
        sentence("report.method.overturn", lang=facts.lang),
        sentence("report.method.calibration", lang=facts.lang, **_calibration()),
    ]


def _calibration() -> dict[str, object]:
    # Of a soak run: how often the tests call out where there is nothing, and find a unit that carries four times the load.
    found = table("analysis/calibration.toml")
    alarms, four = found["false_alarms"], 2
    volume, span = (
        next(row["shares"][four] for row in found["found"] if row["test"] == test and row.get(key) == value)
        for test, key, value in (("volume", "peers", "unequal"), ("span", "leads", 5))
    )
    named = {"share": percent(alarms["share"], 1), "bound": percent(alarms["bound"], 1), "volume": percent(volume), "span": percent(span)}
    return {"date": found["date"].isoformat(), "seed": found["seed"], "notices": whole(found["notices"]), **named}


def limits_chapter(facts: Facts) -> Chapter:
    """What a notice cannot show."""
    limits = ("effort", "staff", "hidden", "actual", "open", "reading", "census")
    points = Points(tuple(sentence(f"report.limit.{limit}", lang=facts.lang) for limit in limits))
    return Chapter("limits-part", facts.say("limit.title"), (points,))


def source_chapter(facts: Facts) -> Chapter:
    """The documents that were read, with what identifies each."""
    rows = [
        Row(notice.id, cells(notice.title or notice.id, notice.number, notice.issuer, notice.date, notice.sha256))
        for notice in facts.ties.notices
    ]
    heads = columns(facts, "row:document", "number:text", "issuer:text", "date:text", "hash:text")
    table = Table("sources", facts.say("source.caption"), heads, tuple(rows), facts.say("source.note"))
    return Chapter("source-part", facts.say("source.title"), (table,))

"""The parts of a report, one function each: what a part says, its figure and its tables, before HTML or Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kg.analysis.load import Standing
from kg.messages import say
from kg.model import FindingRow, Role, Severity, TaskRow
from kg.views import charts
from kg.views.document import (
    Block,
    Chapter,
    Column,
    Figure,
    Paragraph,
    Piece,
    Points,
    Row,
    Sentence,
    Table,
    Terms,
    as_sentence,
    joined,
    listed,
    plain,
    sentence,
)
from kg.views.facts import (
    PAIRS_SHOWN,
    Facts,
    community_numbers,
    decimal,
    figure_piece,
    interval,
    items,
    local,
    notice_name,
    task_anchor,
    unit_piece,
    whole,
)
from kg.views.headline import printed_units, relation_totals

_BARS = 15
_LEVEL = 3
_PLACES = ("betweenness", "pagerank", "eigenvector", "core")
_MEASURES = (*_PLACES, "community")
_LOADS = ("led", "shared", "tasks", "relations", "relations_without_territories", "interval", "partners", "sections", "gini")


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
    blocks: list[Block] = [Paragraph(joined([*rule, *_after(facts, "load.territories")]))]
    if facts.bodies:
        blocks += [_load_figure(facts), _load_table(facts, "load", facts.bodies)]
    return Chapter("load-part", facts.say("load.title"), tuple(blocks))


def _after(facts: Facts, key: str) -> Sentence:
    """A sentence without blanks, with what stands between two sentences before it."""
    return (Piece(facts.say("join.sentence") + facts.say(key)),)


def _load_figure(facts: Facts) -> Figure:
    shown = facts.bodies[:_BARS]
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


def _columns(facts: Facts, *names: str) -> tuple[Column, ...]:
    """Columns by name: ``row:name`` names the row, ``name:text`` is set left, ``group/name`` stands under a common head."""
    columns: list[Column] = []
    for name in names:
        group, _, label = name.removesuffix(":text").removeprefix("row:").rpartition("/")
        words = say(f"measure.{label}.name", lang=facts.lang) if label in _PLACES else facts.say(f"column.{label}")
        textual = name.endswith(":text") or name.startswith("row:")
        columns.append(Column(words, facts.say(f"column.{group}") if group else "", not textual, name.startswith("row:")))
    return tuple(columns)


def _cells(*values: object) -> tuple[Sentence, ...]:
    return tuple(as_sentence(value) for value in values)


def _load_table(facts: Facts, anchor: str, standings: Sequence[Standing]) -> Table:
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
        rows.append(Row(local(unit.unit), _cells(_rank(facts, unit), unit.label, *figures)))
    part = "territory" if territorial else "load"
    note = facts.say(f"{part}.note") if not territorial else facts.say("territory.note", table=1)
    return Table(anchor, facts.say(f"{part}.caption"), _columns(facts, *names), tuple(rows), note)


def _rank(facts: Facts, unit: Standing) -> str:
    best, worst = unit.rank_interval
    return str(unit.rank) if best == worst == unit.rank else facts.say("rank-cell", rank=unit.rank, best=best, worst=worst)


def territory_chapter(facts: Facts) -> Chapter:
    """Territories and zones, ranked by themselves."""
    title = facts.say("territory.title")
    if not facts.territories:
        return Chapter("territories-part", title, (Paragraph(sentence("report.territory.none", lang=facts.lang)),))
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
    return Chapter("territories-part", title, (Paragraph(text), _load_table(facts, "territories", facts.territories)))


def network_chapter(facts: Facts) -> Chapter:
    """Where units stand in the network of common tasks, one plain sentence a measure, and who is often found together."""
    blocks: list[Block] = [Paragraph(sentence("report.network.text", lang=facts.lang)), _measure_terms(facts, _MEASURES)]
    blocks.append(Paragraph(sentence("report.network.caveat", lang=facts.lang)))
    if facts.central:
        blocks.append(_central_table(facts))
    blocks.append(_group_table(facts) if facts.groups else Paragraph(sentence("report.network.sole", lang=facts.lang)))
    return Chapter("network-part", facts.say("network.title"), tuple(blocks))


def _measure_terms(facts: Facts, names: Iterable[str]) -> Terms:
    named = [(say(f"measure.{name}.name", lang=facts.lang), say(f"measure.{name}.definition", lang=facts.lang)) for name in names]
    return Terms(tuple((name, as_sentence(definition)) for name, definition in named))


def _central_table(facts: Facts) -> Table:
    numbers = community_numbers(facts.groups)
    rows = [
        Row(
            local(entry.unit),
            _cells(
                unit_piece(facts, entry.unit),
                facts.say(f"kind.{entry.kind}"),
                f"{entry.betweenness:.4f}",
                f"{entry.pagerank:.4f}",
                f"{entry.eigenvector:.4f}",
                entry.core,
                numbers.get(entry.unit, facts.say("none-cell")),
            ),
        )
        for entry in facts.central
    ]
    columns = _columns(facts, "row:unit", "kind:text", *_MEASURES)
    return Table("central", facts.say("network.caption"), columns, tuple(rows))


def _group_table(facts: Facts) -> Table:
    place = {unit.unit: position for position, unit in enumerate((*facts.bodies, *facts.territories))}
    rows: list[Row] = []
    for number, group in enumerate(facts.groups, 1):
        members = [unit_piece(facts, unit) for unit in sorted(group, key=place.__getitem__)]
        rows.append(Row(str(number), _cells(str(number), listed(members, lang=facts.lang))))
    columns = _columns(facts, "row:community", "members:text")
    return Table("groups", facts.say("network.groups"), columns, tuple(rows), facts.say("network.groups-note"))


def pairs_chapter(facts: Facts) -> Chapter:
    """The most frequent pairs of a lead and a unit that shares, with the tasks they meet in."""
    title = facts.say("pairs.title")
    if not facts.pairs:
        return Chapter("pairs-part", title, (Paragraph(sentence("report.pairs.none", lang=facts.lang)),))
    text = joined([*_strongest(facts), *_after(facts, "pairs.text"), *_after(facts, "pairs.caveat")])
    rows = [
        Row(
            _pair_key(pair.lead, pair.share),
            _cells(unit_piece(facts, pair.lead), unit_piece(facts, pair.share), len(pair.tasks), items(facts, pair.tasks), pair.back),
        )
        for pair in facts.pairs
    ]
    columns = _columns(facts, "row:lead", "share:text", "common", "items:text", "back")
    table = Table("pairs", facts.say("pairs.caption", count=PAIRS_SHOWN), columns, tuple(rows))
    return Chapter("pairs-part", title, (Paragraph(text), table))


def _strongest(facts: Facts) -> Sentence:
    """The pairs with most tasks in a sentence; none where more than three are level."""
    most = len(facts.pairs[0].tasks)
    level = [pair for pair in facts.pairs if len(pair.tasks) == most]
    if len(level) > _LEVEL:
        return ()
    named: list[Piece] = []
    for pair in level:
        lead, share = unit_piece(facts, pair.lead), unit_piece(facts, pair.share)
        words = sentence("report.pairs.pair", lang=facts.lang, lead=lead, share=share, items=items(facts, pair.tasks))
        named += [*([Piece(facts.say("join.item"))] if named else []), *words]
    return sentence("report.pairs.first", lang=facts.lang, count=Piece(str(most), "pairs"), pairs=tuple(named))


def _pair_key(lead: str, share: str) -> str:
    return f"{local(lead)}.{local(share)}"


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
        rows.append(Row(str(number), _cells(_where(facts, finding), _finding_words(facts, finding), clause)))
    columns = _columns(facts, "row:item", "finding:text", "clause:text")
    return Chapter("check-part", title, (Paragraph(text), Table("check", facts.say("check.caption"), columns, tuple(rows))))


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
        Row(task_anchor(key), _cells(_item(facts, task), task.text, *parties[key]))
        for task in facts.ties.tasks
        if (key := (task.notice, task.i)) in facts.listed
    ]
    every = len(facts.ties.tasks)
    note = facts.say("tasks.note") if len(rows) == every else facts.say("tasks.note-named", count=whole(every))
    columns = _columns(facts, "row:item", "wording:text", "lead:text", "others:text")
    table = Table("tasks", facts.say("tasks.caption"), columns, tuple(rows), note)
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
    """How everything was counted: the definition of each measure, then the rules."""
    rules = ("readings", "unled", "title-rule", "span-rule", "ranks", "concentration", "kinds", "words")
    points = Points(tuple(sentence(f"report.method.{rule}", lang=facts.lang) for rule in rules))
    return Chapter("method-part", facts.say("method.title"), (_measure_terms(facts, _LOADS), points))


def limits_chapter(facts: Facts) -> Chapter:
    """What a notice cannot show."""
    limits = ("effort", "staff", "hidden", "actual", "open", "reading", "tests")
    points = Points(tuple(sentence(f"report.limit.{limit}", lang=facts.lang) for limit in limits))
    return Chapter("limits-part", facts.say("limit.title"), (points,))


def source_chapter(facts: Facts) -> Chapter:
    """The documents that were read, with what identifies each."""
    rows = [
        Row(notice.id, _cells(notice.title or notice.id, notice.number, notice.issuer, notice.date, notice.sha256))
        for notice in facts.ties.notices
    ]
    columns = _columns(facts, "row:document", "number:text", "issuer:text", "date:text", "hash:text")
    table = Table("sources", facts.say("source.caption"), columns, tuple(rows), facts.say("source.note"))
    return Chapter("source-part", facts.say("source.title"), (table,))

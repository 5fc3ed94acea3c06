"""How load is spread: over sections as a heat map, over units as a Lorenz curve."""

from __future__ import annotations

from collections import Counter, defaultdict

from kg.analysis.concentration import effective_number, gini, gini_error, top_share
from kg.analysis.matrix import Mark, matrix
from kg.views.charts import shortened
from kg.views.document import Block, Chapter, Column, Figure, Paragraph, Piece, Row, Sentence, Table, cells, joined
from kg.views.document import sentence as said
from kg.views.facts import Facts, after, columns, decimal, local, notice_name, percent, unit_piece, whole
from kg.views.heat import Grid, heat_map
from kg.views.lorenz import lorenz_curve

_ROWS, _COLUMNS, _HEAD = 20, 12, 8
_TOPS = (1, 3, 5, 10, 20)
_Column = tuple[str, int | None]


def sections_chapter(facts: Facts) -> Chapter:
    """Where the tasks of each unit lie: units by sections, or by documents where there are several."""
    heads = _heads(facts)
    several = len(facts.notices) > 1
    title = facts.say("spread.documents" if several else "spread.sections")
    counts = _counts(facts)
    bodies = [unit for unit in facts.bodies if counts.get(unit.unit)]
    if len(heads) < 2 or not bodies:
        return Chapter("sections-part", title, (Paragraph(said("report.spread.sole", lang=facts.lang)),))
    shown = bodies[:_ROWS]
    figures = {
        (row, column): counts[unit.unit][key][0]
        for row, unit in enumerate(shown)
        for column, key in enumerate(heads)
        if key in counts[unit.unit]
    }
    caption = facts.say("spread.heat", count=len(shown))
    grid = Grid(tuple(unit.label for unit in shown), tuple(f"{number}\n{words}" for number, words in heads.values()), figures)
    svg = heat_map(grid, name="sections-map", title=caption, description=facts.say("spread.heat-text"))
    rows = [
        Row(local(unit.unit), cells(unit_piece(facts, unit.unit), *(_cell(facts, counts[unit.unit].get(key)) for key in heads)))
        for unit in bodies
    ]
    named = [Column(" ".join(filter(None, (number, shortened(words, _HEAD))))) for number, words in heads.values()]
    table = Table(
        "by-section", facts.say("spread.heat-caption"), (*columns(facts, "row:unit"), *named), tuple(rows), facts.say("spread.heat-note")
    )
    text = Paragraph(said("report.spread.heat-intro", lang=facts.lang))
    return Chapter("sections-part", title, (text, Figure("sections-map", caption, svg, "by-section"), table))


def _heads(facts: Facts) -> dict[_Column, tuple[str, str]]:
    """The columns in printed order, each with its number and its words; of many documents those with most tasks."""
    if len(facts.notices) > 1:
        tasks = Counter(task.notice for task in facts.ties.tasks)
        most = sorted(tasks, key=lambda notice: (-tasks[notice], notice))[:_COLUMNS]
        rows = [facts.notices[notice] for notice in facts.notices if notice in most]
        return {(row.id, None): (row.place or notice_name(row), str(row.year) if row.year else notice_name(row)) for row in rows}
    held = {(task.notice, task.section) for task in facts.ties.tasks}
    rows_of = [section for section in facts.ties.sections if (section.notice, section.index) in held]
    return {(section.notice, section.index): (section.number, section.title) for section in rows_of[:_COLUMNS]}


def _counts(facts: Facts) -> dict[str, dict[_Column, tuple[int, int]]]:
    """For every unit and column: the tasks it is printed in, and of them those it leads."""
    several = len(facts.notices) > 1
    counted = matrix(facts.ties)
    found: defaultdict[str, dict[_Column, tuple[int, int]]] = defaultdict(dict)
    for (row, column), mark in sorted(counted.marks.items()):
        if mark is not Mark.GROUP:
            unit, task = counted.units[row].id, counted.tasks[column]
            key = (task.notice, None if several else task.section)
            every, led = found[unit].get(key, (0, 0))
            found[unit][key] = every + 1, led + (mark is Mark.LEAD)
    return dict(found)


def _cell(facts: Facts, counts: tuple[int, int] | None) -> str:
    if counts is None:
        return facts.say("none-cell")
    return facts.say("spread.cell", tasks=counts[0], led=counts[1]) if counts[1] else str(counts[0])


def concentration_chapter(facts: Facts) -> Chapter:
    """How unevenly relations are spread over units: Gini with its error, the shares of the first, the Lorenz curve."""
    title = facts.say("spread.title")
    every = [unit.relations for unit in facts.bodies if unit.tasks]
    without = [load.relations for load in facts.without.values()]
    if not sum(every):
        return Chapter("spread-part", title, (Paragraph(said("report.spread.nothing", lang=facts.lang)),))
    caption = facts.say("spread.lorenz")
    curves = [
        (kind, values, (facts.say(f"spread.curve.{kind}"), facts.say("spread.gini", gini=decimal(gini(values), 2), error=_error(values))))
        for kind, values in (("curve", every), ("curve-without", without))
    ]
    axes = facts.say("spread.axis.units"), facts.say("spread.axis.held")
    svg = lorenz_curve(curves, name="lorenz", title=caption, description=facts.say("spread.lorenz-text"), axes=axes)
    blocks: list[Block] = [
        Paragraph(joined([*concentration_words(facts), *after(facts, "spread.caveat")])),
        Figure("lorenz", caption, svg, "spread"),
        _spread_table(facts, every, without),
    ]
    return Chapter("spread-part", title, tuple(blocks))


def _error(values: list[int]) -> str:
    return decimal(gini_error(values), 2)


def concentration_words(facts: Facts) -> Sentence:
    """How concentrated relations are, in a sentence."""
    every = [unit.relations for unit in facts.bodies if unit.tasks]
    return said(
        "report.spread.text",
        lang=facts.lang,
        gini=Piece(decimal(gini(every), 2), "spread", "gini"),
        error=Piece(_error(every), "spread", "error"),
        top=Piece(percent(top_share(every, 5)), "spread", "top5"),
        number=Piece(decimal(effective_number(every)), "spread", "effective"),
    )


def _spread_table(facts: Facts, every: list[int], without: list[int]) -> Table:
    both = every, without
    rows = [
        Row("units", cells(facts.say("spread.row.units"), *(whole(len(values)) for values in both))),
        Row("relations", cells(facts.say("spread.row.relations"), *(whole(sum(values)) for values in both))),
        Row("gini", cells(facts.say("spread.row.gini"), *(decimal(gini(values), 2) for values in both))),
        Row("error", cells(facts.say("spread.row.error"), *(_error(values) for values in both))),
        Row("effective", cells(facts.say("spread.row.effective"), *(decimal(effective_number(values)) for values in both))),
    ]
    rows += [
        Row(f"top{top}", cells(facts.say("spread.row.top", count=top), *(percent(top_share(values, top)) for values in both)))
        for top in _TOPS
        if top < len(every) or top == 5
    ]
    heads = columns(facts, "row:figure-of", "total-relations", "without")
    return Table("spread", facts.say("spread.caption"), heads, tuple(rows), facts.say("spread.note"))

"""Who works with whom: the most frequent pairs, what of them exceeds chance, and the place of units in the network."""

from __future__ import annotations

from collections import Counter

from kg.analysis.assess import LARGEST
from kg.analysis.nullmodel import NullModel
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
    cells,
    joined,
    listed,
    sentence,
)
from kg.views.facts import PAIRS_SHOWN, Facts, after, columns, community_numbers, decimal, items, local, unit_piece, whole
from kg.views.heat import Grid, heat_map
from kg.views.shape import shape_points, shape_tables

_LEVEL = 3
_LEADS, _SHARES = 12, 15
_CHANCE = 10
_NAMED = 3
_MEASURES = ("betweenness", "pagerank", "eigenvector", "core", "community")


def network_chapter(facts: Facts) -> Chapter:
    """Groups, core and middle of the network of common tasks, one plain sentence each with its caveat."""
    blocks: list[Block] = [Paragraph(sentence("report.network.text", lang=facts.lang))]
    if points := [point for point in (_groups(facts), _core(facts), _middle(facts), _brokers(facts)) if point] + shape_points(facts):
        blocks.append(Points(tuple(points)))
    if facts.groups:
        blocks.append(_group_table(facts))
    if facts.central:
        blocks.append(_central_table(facts))
    if (null := _null(facts)) and null.brokers:
        blocks.append(_broker_table(facts, null))
    blocks += shape_tables(facts)
    return Chapter("network-part", facts.say("network.title"), tuple(blocks))


def _null(facts: Facts) -> NullModel | None:
    return facts.tests.null if facts.tests else None


def _groups(facts: Facts) -> Sentence:
    if not facts.groups:
        return sentence("report.network.sole", lang=facts.lang)
    count = Piece(str(len(facts.groups)), "groups")
    first = facts.groups[0]
    carried = {unit.unit: unit.tasks for unit in facts.bodies}
    most = sorted(first, key=lambda unit: (-carried.get(unit, 0), unit))[:_NAMED]
    units = listed([unit_piece(facts, unit) for unit in most], lang=facts.lang)
    return sentence("report.network.groups-point", lang=facts.lang, count=count, size=Piece(str(len(first)), "groups", "1"), units=units)


def _core(facts: Facts) -> Sentence:
    inner = max((entry.core for entry in facts.central), default=0)
    if not inner:
        return ()
    units = [Piece(facts.units[entry.unit].label, "central", local(entry.unit)) for entry in facts.central if entry.core == inner]
    named = listed(units[:_NAMED], lang=facts.lang)
    return sentence("report.network.core-point", lang=facts.lang, core=Piece(str(inner), "central"), count=len(units), units=named)


def _middle(facts: Facts) -> Sentence:
    first = [entry for entry in facts.central if entry.betweenness > 0][:_NAMED]
    if not first:
        return ()
    named = [
        sentence(
            "report.network.middle-unit",
            lang=facts.lang,
            unit=unit_piece(facts, entry.unit),
            value=Piece(f"{entry.betweenness:.4f}", "central", local(entry.unit)),
        )
        for entry in first
    ]
    return sentence("report.network.middle-point", lang=facts.lang, units=listed(named, lang=facts.lang))


def _brokers(facts: Facts) -> Sentence:
    null = _null(facts)
    if null is None or not null.brokers:
        return ()
    passed = [Piece(one.label, "brokers", local(one.unit)) for one in null.brokers if one.passes]
    if not passed:
        return sentence("report.network.brokers-none", lang=facts.lang)
    return sentence("report.network.brokers-some", lang=facts.lang, units=listed(passed, lang=facts.lang))


def _broker_table(facts: Facts, null: NullModel) -> Table:
    rows = [
        Row(
            local(one.unit),
            cells(
                unit_piece(facts, one.unit),
                one.between,
                decimal(one.expected),
                f"{one.p:.4f}",
                f"{one.q:.3f}",
                facts.say("none-cell") if one.needed is None else one.needed,
            ),
        )
        for one in null.brokers[:_CHANCE]
    ]
    heads = columns(facts, "row:unit", "between", "expected", "p", "q", "needed")
    caption = facts.say("network.brokers", count=len(rows))
    return Table("brokers", caption, heads, tuple(rows), facts.say("network.brokers-note", draws=whole(null.draws), seed=null.seed))


def _central_table(facts: Facts) -> Table:
    numbers = community_numbers(facts.groups)
    rows = [
        Row(
            local(entry.unit),
            cells(
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
        if facts.shows(entry.unit)
    ]
    heads = columns(facts, "row:unit", "kind:text", *_MEASURES)
    return Table("central", facts.say("network.caption"), heads, tuple(rows))


def _group_table(facts: Facts) -> Table:
    place = {unit.unit: position for position, unit in enumerate((*facts.bodies, *facts.territories))}
    rows: list[Row] = []
    for number, group in enumerate(facts.groups, 1):
        members = [unit_piece(facts, unit) for unit in sorted(group, key=lambda unit: (place.get(unit, len(place)), unit))]
        rows.append(Row(str(number), cells(str(number), listed(members, lang=facts.lang))))
    heads = columns(facts, "row:community", "members:text")
    return Table("groups", facts.say("network.groups"), heads, tuple(rows), facts.say("network.groups-note"))


def pairs_chapter(facts: Facts) -> Chapter:
    """The most frequent pairs of a lead and a unit that shares, with the tasks they meet in."""
    title = facts.say("pairs.title")
    if not facts.pairs:
        return Chapter("pairs-part", title, (Paragraph(sentence("report.pairs.none", lang=facts.lang)),))
    text = joined([*_strongest(facts), *after(facts, "pairs.text"), *after(facts, "pairs.caveat")])
    rows = [
        Row(
            _pair_key(pair.lead, pair.share),
            cells(unit_piece(facts, pair.lead), unit_piece(facts, pair.share), len(pair.tasks), items(facts, pair.tasks), pair.back),
        )
        for pair in facts.pairs
    ]
    heads = columns(facts, "row:lead", "share:text", "common", "items:text", "back")
    table = Table("pairs", facts.say("pairs.caption", count=PAIRS_SHOWN), heads, tuple(rows))
    return Chapter("pairs-part", title, (Paragraph(text), *_lead_matrix(facts), table, *_beyond_chance(facts)))


def _lead_matrix(facts: Facts) -> tuple[Block, ...]:
    """Leads by shares as a drawing, and for each lead drawn all its shares in words."""
    given: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    for pair in facts.ties_led:
        given[pair.lead] += len(pair.tasks)
        taken[pair.share] += len(pair.tasks)
    leads = sorted(given, key=lambda unit: (-given[unit], unit))[:_LEADS]
    shares = sorted(taken, key=lambda unit: (-taken[unit], unit))[:_SHARES]
    figures = {
        (leads.index(pair.lead), shares.index(pair.share)): len(pair.tasks)
        for pair in facts.ties_led
        if pair.lead in leads and pair.share in shares
    }
    caption = facts.say("pairs.matrix", leads=len(leads), shares=len(shares))
    labels = {unit.id: unit.label for unit in facts.ties.units}
    grid = Grid(tuple(labels[unit] for unit in leads), tuple(labels[unit] for unit in shares), figures, slanted=True)
    svg = heat_map(grid, name="lead-matrix", title=caption, description=facts.say("pairs.matrix-text"))
    rows: list[Row] = []
    for lead in leads:
        own = [pair for pair in facts.ties_led if pair.lead == lead]
        words = [sentence("report.pairs.share", lang=facts.lang, unit=labels[pair.share], count=len(pair.tasks)) for pair in own]
        rows.append(Row(local(lead), cells(unit_piece(facts, lead), given[lead], len(own), listed(words, lang=facts.lang))))
    heads = columns(facts, "row:lead", "shared-turns", "share-units", "shares:text")
    table = Table("lead-shares", facts.say("pairs.matrix-caption"), heads, tuple(rows), facts.say("pairs.matrix-note"))
    return Figure("lead-matrix", caption, svg, "lead-shares"), table


def _beyond_chance(facts: Facts) -> tuple[Block, ...]:
    """Which pairs exceed chance (O4), and what the test could have seen at all."""
    null = _null(facts)
    if null is None:
        few = facts.tests is None or len(facts.ties.tasks) <= LARGEST
        return (Paragraph(sentence(f"report.chance.{'untested' if few else 'too-many'}", lang=facts.lang, most=whole(LARGEST))),)
    if not null.pairs:
        return ()
    passed = [one for one in null.pairs if one.passes]
    labels = {unit.id: unit.label for unit in facts.ties.units}
    named = [
        Piece(facts.say("chance.pair", one=labels[one.one], other=labels[one.other]), "chance", _pair_key(one.one, one.other))
        for one in passed
    ]
    key = "some" if passed else "none"
    fields = {"tested": Piece(whole(null.pairs_tested), "chance"), "count": Piece(str(len(passed)), "chance")}
    first = sentence(f"report.chance.{key}", lang=facts.lang, pairs=listed(named[:_CHANCE], lang=facts.lang), **fields)
    power = after(facts, "chance.power", reach=Piece(whole(null.pairs_within_reach), "chance"), tested=whole(null.pairs_tested))
    rows = [
        Row(
            _pair_key(one.one, one.other),
            cells(
                unit_piece(facts, one.one), unit_piece(facts, one.other), one.tasks, f"{one.expected:.2f}", f"{one.p:.2g}", f"{one.q:.3f}",
                one.needed, one.most,
            ),
        )
        for one in null.pairs[: max(_CHANCE, len(passed))]
    ]  # fmt: skip
    heads = columns(facts, "row:unit", "other:text", "common", "expected", "p", "q", "needed", "most")
    note = facts.say(
        "chance.note",
        draws=whole(null.draws),
        seed=null.seed,
        tested=whole(null.pairs_tested),
        reach=whole(null.pairs_within_reach),
        moved=f"{null.moved:.0%}",
    )
    return Paragraph(joined([*first, *power])), Table("chance", facts.say("chance.caption", count=len(rows)), heads, tuple(rows), note)


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

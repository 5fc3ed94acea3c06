"""The head of a report: its title, five numbers and the findings in sentences, all computed from the measures."""

from __future__ import annotations

from kg.analysis.load import Standing
from kg.views.document import Number, Piece, Sentence, joined, listed, plain, sentence
from kg.views.facts import Facts, decimal, figure_piece, items, percent, rank_words, unit_piece, whole

_NAMED_IN_TITLE = 3
_NEAR_THE_TOP = 0.9
_LEADS_ENOUGH = 3


def heaviest(facts: Facts) -> list[Standing]:
    """The units a title names: those whose relations reach nine tenths of the highest, three at most, territories apart."""
    greatest = max((unit.relations for unit in facts.bodies), default=0)
    near = [unit for unit in facts.bodies if greatest and unit.relations >= _NEAR_THE_TOP * greatest]
    return near[:_NAMED_IN_TITLE]


def title(facts: Facts) -> str:
    """The finding as a title; it tells who holds most, and judges nobody."""
    units = heaviest(facts)
    if not units:
        return facts.say("title-none", tasks=whole(len(facts.ties.tasks)))
    return facts.say("title", units=plain(listed([unit.label for unit in units], lang=facts.lang)))


def numbers(facts: Facts) -> tuple[Number, ...]:
    """The five numbers at the head."""
    view = facts.overview
    relations = relation_totals(facts)
    units_aside = facts.say(
        "number.units-aside",
        territories=sum(unit.tasks > 0 for unit in facts.territories),
        mean=decimal(view.mean_tasks),
        median=decimal(view.median_tasks),
    )
    return (
        _number(facts, "tasks", whole(len(facts.ties.tasks)), "tasks", facts.say("number.tasks-aside", without=len(view.without_lead))),
        _number(facts, "units", whole(printed_units(facts)), "load", units_aside),
        _number(facts, "relations", whole(relations[0]), "load", facts.say("number.relations-aside", without=whole(relations[1]))),
        _number(facts, "gini", decimal(view.gini, 2), "load", facts.say("number.gini-aside", error=decimal(view.gini_error, 2))),
        _number(facts, "top", percent(view.top5_share), "load", facts.say("number.top-aside")),
    )


def _number(facts: Facts, name: str, value: str, table: str, aside: str) -> Number:
    return Number(facts.say(f"number.{name}"), Piece(value, table), aside)


def printed_units(facts: Facts) -> int:
    """How many units are printed by name; those reached only through a collective reference are not."""
    return sum(unit.tasks > 0 for unit in (*facts.bodies, *facts.territories))


def relation_totals(facts: Facts) -> tuple[int, int]:
    """How many relations there are, all told and without territories; the units' figures count each twice."""
    return facts.overview.relations_total // 2, facts.overview.relations_total_without_territories // 2


def findings(facts: Facts) -> tuple[Sentence, ...]:
    """What a reader should know first: most relations, widest span, tasks without a lead."""
    found = [finding for finding in (_most(facts), _widest(facts), _unled(facts)) if finding]
    return tuple(found)


def _most(facts: Facts) -> Sentence:
    units = heaviest(facts)
    if not units:
        return ()
    named = [
        sentence(
            "report.finding.most-unit",
            lang=facts.lang,
            unit=unit_piece(facts, unit.unit),
            relations=figure_piece(unit, whole(unit.relations)),
            without=figure_piece(unit, whole(unit.relations_without_territories or 0)),
        )
        for unit in units
    ]
    first = sentence("report.finding.most", lang=facts.lang, units=listed(named, lang=facts.lang))
    if all(unit.rank_interval[0] == unit.rank_interval[1] for unit in units):
        second = sentence("report.finding.most-firm", lang=facts.lang)
    else:
        ranks = [
            sentence("report.finding.most-rank", lang=facts.lang, unit=unit.label, rank=figure_piece(unit, rank_words(facts, unit)))
            for unit in units
        ]
        second = sentence("report.finding.most-ranks", lang=facts.lang, ranks=listed(ranks, lang=facts.lang))
    return joined([*first, Piece(facts.say("join.sentence")), *second])


def _widest(facts: Facts) -> Sentence:
    leaders = [unit for unit in facts.bodies if unit.led >= _LEADS_ENOUGH and unit.from_leading]
    if not leaders:
        return ()
    widest = max(leaders, key=lambda unit: (unit.from_leading / unit.led, unit.from_leading, unit.unit))
    inner = facts.without[widest.unit].from_leading
    led = sum(unit.led for unit in facts.bodies)
    first = sentence(
        "report.finding.span",
        lang=facts.lang,
        unit=unit_piece(facts, widest.unit),
        led=figure_piece(widest, str(widest.led)),
        relations=figure_piece(widest, whole(widest.from_leading)),
        mean=decimal(widest.from_leading / widest.led),
        without=whole(inner),
        mean_without=decimal(inner / widest.led),
        all_mean=Piece(decimal(sum(unit.from_leading for unit in facts.bodies) / led), "load"),
        all_mean_without=decimal(sum(load.from_leading for load in facts.without.values()) / led),
    )
    rank = 1 + sum(unit.tasks > widest.tasks for unit in facts.bodies)
    if rank <= 2 * widest.rank:
        return first
    tasks = figure_piece(widest, str(widest.tasks))
    second = sentence("report.finding.span-few", lang=facts.lang, unit=widest.label, tasks=tasks, rank=rank)
    return joined([*first, Piece(facts.say("join.sentence")), *second])


def _unled(facts: Facts) -> Sentence:
    tasks = facts.overview.without_lead
    if not tasks:
        return sentence("report.finding.all-led", lang=facts.lang)
    return sentence(
        "report.finding.no-lead",
        lang=facts.lang,
        count=Piece(str(len(tasks)), "check"),
        items=items(facts, tasks),
        pairs=Piece(whole(sum(facts.unled.get(task, 0) for task in tasks)), "check"),
    )

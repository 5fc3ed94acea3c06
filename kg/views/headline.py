"""The head of a report: its title, five numbers and the findings in sentences, all computed from the measures."""

from __future__ import annotations

from kg.analysis.assess import Assessment
from kg.analysis.load import Standing
from kg.analysis.verdicts import Verdict, verdict_word
from kg.views.document import Number, Piece, Sentence, joined, listed, plain, sentence
from kg.views.facts import Facts, decimal, figure_piece, items, percent, rank_words, unit_piece, whole
from kg.views.grounds import ground_words, strongest_first, verdict_words

_NAMED_IN_TITLE = 3
_WORDS_IN_TITLE = 2
_UNITS = 5
_NEAR_THE_TOP = 0.9
_LEADS_ENOUGH = 3


def heaviest(facts: Facts) -> list[Standing]:
    """The units a title names: those whose relations reach nine tenths of the highest, three at most, territories apart."""
    greatest = max((unit.relations for unit in facts.bodies), default=0)
    near = [unit for unit in facts.bodies if greatest and unit.relations >= _NEAR_THE_TOP * greatest]
    return near[:_NAMED_IN_TITLE]


def title(facts: Facts) -> str:
    """The finding as a title: the strongest verdict in the words of its ladder, else who holds most; it judges nobody."""
    units = heaviest(facts)
    if not units:
        return facts.say("title-none", tasks=whole(len(facts.ties.tasks)))
    if facts.tests and facts.tests.verdicts:
        return _title_by_verdict(facts, facts.tests)
    words = plain(listed([unit.label for unit in units], lang=facts.lang))
    return facts.say("title-untested" if facts.tests is None else "title-no-verdict", units=words)


def _title_by_verdict(facts: Facts, tests: Assessment) -> str:
    named: dict[str, list[str]] = {}
    for verdict in strongest_by_unit(tests):
        named.setdefault(verdict_word(verdict, facts.lang), []).append(verdict.label)
    clauses = [
        facts.say("title-verdict", units=plain(listed(labels[:_NAMED_IN_TITLE], lang=facts.lang)), word=word)
        for word, labels in list(named.items())[:_WORDS_IN_TITLE]
    ]
    return facts.say("title-join").join(clauses)


def strongest_by_unit(tests: Assessment) -> list[Verdict]:
    """The strongest verdict of each unit, the strongest word first."""
    found: dict[str, Verdict] = {}
    for verdict in strongest_first(tests):
        found.setdefault(verdict.unit, verdict)
    return list(found.values())


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
        _number(facts, "units", whole(sum(unit.tasks > 0 for unit in (*facts.bodies, *facts.territories))), "load", units_aside),
        _number(facts, "relations", whole(relations[0]), "load", facts.say("number.relations-aside", without=whole(relations[1]))),
        _number(facts, "gini", decimal(view.gini, 2), "spread", facts.say("number.gini-aside", error=decimal(view.gini_error, 2)), "gini"),
        _number(facts, "top", percent(view.top5_share), "spread", facts.say("number.top-aside"), "top5"),
    )


def _number(facts: Facts, name: str, value: str, table: str, aside: str, row: str = "") -> Number:
    return Number(facts.say(f"number.{name}"), Piece(value, table, row), aside)


def printed_units(facts: Facts) -> int:
    """How many units are printed by name; those reached only through a collective reference are not."""
    return facts.overview.units


def relation_totals(facts: Facts) -> tuple[int, int]:
    """How many relations there are, all told and without territories; the units' figures count each twice."""
    return facts.overview.relations_total // 2, facts.overview.relations_total_without_territories // 2


def findings(facts: Facts) -> tuple[Sentence, ...]:
    """What a reader should know first: who stands out by which test, most relations, tasks without a lead."""
    first = [_widest(facts)] if facts.tests is None else _verdicts(facts, facts.tests)
    return tuple(finding for finding in (*first, most_related(facts), unled(facts)) if finding)


def _verdicts(facts: Facts, tests: Assessment) -> list[Sentence]:
    if not tests.verdicts:
        tested = Piece(str(len(tests.decisions)), "decisions")
        return [sentence("report.finding.no-verdict", lang=facts.lang, count=tested)] if tests.decisions else []
    by_unit: dict[str, list[Sentence]] = {}
    for one in strongest_first(tests):
        by_unit.setdefault(one.unit, []).append(joined([*verdict_words(facts, one), *ground_words(facts, one)]))
    found = [_one_after_another(facts, words) for words in list(by_unit.values())[:_UNITS]]
    if len(by_unit) > _UNITS:
        found.append(sentence("report.finding.more-verdicts", lang=facts.lang, count=Piece(str(len(tests.verdicts)), "verdicts")))
    return found


def _one_after_another(facts: Facts, sentences: list[Sentence]) -> Sentence:
    between = Piece(facts.say("join.sentence"))
    return joined([piece for at, words in enumerate(sentences) for piece in ([between] * bool(at) + list(words))])


def most_related(facts: Facts) -> Sentence:
    """Who holds most relations, and how firm that is over the readings."""
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
    key = "most" if facts.shown is None else "most-shown"
    first = sentence(f"report.finding.{key}", lang=facts.lang, units=listed(named, lang=facts.lang))
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


def unled(facts: Facts) -> Sentence:
    """Which tasks name no lead, and how many pairs of units nobody coordinates there."""
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

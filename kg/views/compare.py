"""The comparison as one HTML file and as Markdown: its finding as the title, five numbers, sentences, chapters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from kg.analysis.compare import Comparison, LeadChange
from kg.analysis.compare_units import BodyLoad, BodyState
from kg.analysis.matching import MatchKind
from kg.messages import language, say
from kg.views.compare_facts import LED_OTHERWISE, Facts, facts_of
from kg.views.compare_tables import (
    kinds_chapter,
    lines_chapter,
    load_chapter,
    method_chapter,
    sources_chapter,
    tasks_chapter,
    units_chapter,
)
from kg.views.document import Chapter, Document, Number, Piece, Sentence, joined, listed, plain, sentence
from kg.views.facts import decimal, local, notice_name, percent, whole
from kg.views.markdown import document_markdown
from kg.views.report import document_html, headed_chapters, numbered_blocks

_NAMED = 3
_CHAPTERS: tuple[Callable[[Facts], Chapter], ...] = (
    tasks_chapter,
    units_chapter,
    load_chapter,
    lines_chapter,
    kinds_chapter,
    method_chapter,
    sources_chapter,
)
_OF_UNITS = (units_chapter, load_chapter)


def compare_html(comparison: Comparison, *, lang: str | None = None) -> str:
    """The comparison as one HTML file that loads nothing, runs nothing and prints on A4.

    Args:
        comparison: what ``kg.analysis.compare.compare`` gives.
        lang: zh or en; the language in use where None.
    """
    return document_html(compare_document(comparison, lang or language()))


def compare_markdown(comparison: Comparison, *, lang: str | None = None) -> str:
    """The comparison as Markdown with tables (GitHub's dialect).

    Args:
        comparison: what ``kg.analysis.compare.compare`` gives.
        lang: zh or en; the language in use where None.
    """
    return document_markdown(compare_document(comparison, lang or language()))


def compare_document(comparison: Comparison, lang: str) -> Document:
    """What the comparison says, in one language, before it is HTML or Markdown."""
    facts = facts_of(comparison, lang)
    chapters = [make(facts) for make in _CHAPTERS if comparison.aligned or make not in _OF_UNITS]
    return Document(
        lang=lang,
        title=_title(facts),
        name=facts.say("name"),
        subject=_subject(facts),
        standfirst=facts.say("standfirst"),
        numbers=_numbers(facts),
        findings=_findings(facts),
        chapters=tuple(numbered_blocks(headed_chapters(chapters, lang), lang)),
    )


def _subject(facts: Facts) -> str:
    sides = []
    for name, side in ((facts.old_name, facts.comparison.old), (facts.new_name, facts.comparison.new)):
        titles = [notice.title or notice_name(notice) for notice in side.notices[:_NAMED]]
        notices = titles[0] if len(side.notices) == 1 else facts.say("several", first=titles[0], count=len(side.notices))
        sides.append(facts.say("subject-side", name=name, notices=notices))
    return facts.say("subject", old=sides[0], new=sides[1])


def _turnover(facts: Facts) -> tuple[int, int, int]:
    """How many old tasks go on, how many old ones are dropped, how many new ones are added."""
    counts = Counter(claim.kind for claim in facts.comparison.claims)
    dropped, added = counts[MatchKind.DROPPED], counts[MatchKind.NEW]
    return facts.comparison.old.tasks - dropped, dropped, added


def _title(facts: Facts) -> str:
    comparison = facts.comparison
    names = {"old": facts.old_name, "new": facts.new_name}
    if not comparison.aligned:
        rates = {"old_rate": decimal(comparison.old.relations_rate, 2), "new_rate": decimal(comparison.new.relations_rate, 2)}
        led = {"old_led": percent(comparison.old.led_rate), "new_led": percent(comparison.new.led_rate)}
        return facts.say("title-apart", **names, **rates, **led)
    if all(claim.kind is MatchKind.SAME and not claim.reassigned for claim in comparison.claims):
        return facts.say("title-same", **names)
    carried, dropped, added = _turnover(facts)
    leads = sum(claim.lead in LED_OTHERWISE for claim in comparison.claims)
    return facts.say("title", **names, old_tasks=comparison.old.tasks, carried=carried, dropped=dropped, added=added, leads=leads)


def _number(facts: Facts, name: str, value: str, table: str, **aside: object) -> Number:
    return Number(facts.say(f"number.{name}"), Piece(value, table), facts.say(f"number.{name}-aside", **aside))


def _numbers(facts: Facts) -> tuple[Number, ...]:
    comparison = facts.comparison
    old, new = comparison.old, comparison.new
    carried, dropped, added = _turnover(facts)
    kinds = Counter(str(claim.kind) for claim in comparison.claims)
    named = {kind: kinds[kind] for kind in ("same", "narrowed", "widened", "split", "merged")}
    tasks = _number(facts, "tasks", facts.arrow(old.tasks, new.tasks), "kinds-of-change", old=old.with_lead, new=new.with_lead)
    rates = facts.arrow(decimal(old.relations_rate, 2), decimal(new.relations_rate, 2))
    table = "load" if comparison.aligned and comparison.loads else "kinds"
    relations = _number(facts, "relations", rates, table, old=whole(old.relations), new=whole(new.relations))
    names = {"old": facts.old_name, "new": facts.new_name}
    shares = {"dropped": percent(dropped / (old.tasks or 1)), "added": percent(added / (new.tasks or 1))}
    if not comparison.aligned:
        led = facts.arrow(percent(old.led_rate), percent(new.led_rate))
        units = facts.arrow(decimal(old.units_rate, 2), decimal(new.units_rate, 2))
        return (
            tasks,
            _number(facts, "led", led, "kinds", old=old.with_lead, new=new.with_lead),
            relations,
            _number(facts, "units", units, "kinds", old=old.units, new=new.units),
            _number(facts, "similar", str(carried), "kinds-of-change", **shares),
        )
    leads = Counter(claim.lead for claim in comparison.claims)
    moved = sum(leads[lead] for lead in LED_OTHERWISE)
    return (
        tasks,
        _number(facts, "carried", str(carried), "kinds-of-change", **named),
        _number(facts, "turnover", f"−{dropped} / +{added}", "kinds-of-change", **names, **shares),
        _number(facts, "leads", str(moved), "leads" if moved else "kinds-of-change", continued=leads[LeadChange.CONTINUED]),
        relations,
    )


def _findings(facts: Facts) -> tuple[Sentence, ...]:
    if not facts.comparison.aligned:
        return tuple(_findings_apart(facts))
    found = [_tasks_finding(facts), _leads_finding(facts)]
    if facts.comparison.elsewhere:
        found.append(
            sentence(
                "compare.finding.elsewhere", lang=facts.lang, places=say("table.join", lang=facts.lang).join(facts.comparison.elsewhere)
            )
        )
    changed = sum(claim.reassigned for claim in facts.comparison.claims)
    if changed:
        found.append(sentence("compare.finding.reassigned", lang=facts.lang, count=Piece(str(changed), "kinds-of-change")))
    states = Counter(body.state for body in facts.comparison.bodies)
    if states[BodyState.GAINED] or states[BodyState.LOST] or states[BodyState.CONTINUED]:
        counts = {str(state): Piece(str(states[state]), str(state) if states[state] else "") for state in BodyState}
        found.append(sentence("compare.finding.units", lang=facts.lang, **counts))
    if facts.comparison.near:
        found.append(sentence("compare.finding.near", lang=facts.lang, count=Piece(str(len(facts.comparison.near)), "near")))
    loads = facts.comparison.loads
    for key, sign in (("more", 1), ("less", -1)):
        moved = [load for load in loads if load.difference.relations * sign > 0][:_NAMED]
        if moved:
            found.append(sentence(f"compare.finding.{key}", lang=facts.lang, units=_moved(facts, moved)))
    return (*found, _rates_finding(facts))


def _tasks_finding(facts: Facts) -> Sentence:
    comparison = facts.comparison
    if all(claim.kind is MatchKind.SAME for claim in comparison.claims):
        return sentence("compare.finding.tasks-same", lang=facts.lang, tasks=comparison.old.tasks)
    carried, dropped, added = _turnover(facts)
    return sentence(
        "compare.finding.tasks",
        lang=facts.lang,
        old=facts.old_name,
        new=facts.new_name,
        old_tasks=comparison.old.tasks,
        new_tasks=comparison.new.tasks,
        carried=Piece(str(carried), "kinds-of-change"),
        dropped=Piece(str(dropped), "claims-dropped" if dropped else ""),
        added=Piece(str(added), "claims-new" if added else ""),
    )


def _leads_finding(facts: Facts) -> Sentence:
    moved = [claim for claim in facts.comparison.claims if claim.lead in LED_OTHERWISE]
    if not moved:
        return sentence("compare.finding.leads-none", lang=facts.lang)
    nobody = facts.say("finding.lead-nobody")
    items = [
        sentence(
            "compare.finding.lead-item",
            lang=facts.lang,
            task=facts.claim_numbers(claim),
            old=facts.labels(claim.leads_old) or nobody,
            new=facts.labels(claim.leads_new) or nobody,
        )
        for claim in moved[:_NAMED]
    ]
    some = listed(items, lang=facts.lang)
    named = sentence("compare.finding.leads-more", lang=facts.lang, items=some) if len(moved) > _NAMED else some
    return sentence("compare.finding.leads", lang=facts.lang, count=Piece(str(len(moved)), "leads"), items=named)


def _moved(facts: Facts, loads: Sequence[BodyLoad]) -> Sentence:
    moves = [
        sentence(
            "compare.finding.move",
            lang=facts.lang,
            unit=Piece(facts.labels(facts.bodies[load.body].new or facts.bodies[load.body].old), "load", local(load.body)),
            old=load.before.relations,
            new=load.after.relations,
        )
        for load in loads
    ]
    return listed(moves, lang=facts.lang)


def _rates_finding(facts: Facts) -> Sentence:
    old, new = facts.comparison.old, facts.comparison.new
    rates = {"old": decimal(old.relations_rate, 2), "new": decimal(new.relations_rate, 2)}
    units = {"old_units": decimal(old.units_rate, 2), "new_units": decimal(new.units_rate, 2)}
    found = sentence("compare.finding.rates", lang=facts.lang, **rates, **units)
    if old.tasks == new.tasks:
        return found
    return joined([*found, Piece(say("report.join.sentence", lang=facts.lang) + facts.say("finding.rates-note"))])


def _findings_apart(facts: Facts) -> list[Sentence]:
    known = facts.comparison.old.places and facts.comparison.new.places
    found = [sentence(f"compare.finding.{'apart' if known else 'apart-unknown'}", lang=facts.lang), _rates_finding(facts)]
    lines = [row for row in facts.comparison.lines if row.key]
    widest = sorted(lines, key=lambda row: (-abs(row.difference.relations_rate), row.key))[:_NAMED]
    moves = [
        sentence(
            "compare.finding.move",
            lang=facts.lang,
            unit=Piece(facts.line(row.key), "lines", row.key),
            old=decimal(row.before.relations_rate, 2),
            new=decimal(row.after.relations_rate, 2),
        )
        for row in widest
        if row.difference.relations_rate
    ]
    if moves:
        found.append(sentence("compare.finding.line", lang=facts.lang, lines=listed(moves, lang=facts.lang)))
    alike = Piece(str(_turnover(facts)[0]), "kinds-of-change")
    return [*found, sentence("compare.finding.apart-claims", lang=facts.lang, count=alike)]


def compare_text(comparison: Comparison, *, lang: str | None = None) -> str:
    """A short summary for a terminal: the title, five numbers, the sentences, and the ten largest changes.

    Args:
        comparison: what ``kg.analysis.compare.compare`` gives.
        lang: zh or en; the language in use where None.
    """
    from kg.views.compare_records import largest_changes

    document = compare_document(comparison, lang or language())
    numbers = [
        f"{number.value.text} {number.label}{say('report.number.with-aside', lang=document.lang, aside=number.aside)}"
        for number in document.numbers
    ]
    sentences = [plain(finding) for finding in document.findings]
    table = largest_changes(facts_of(comparison, document.lang))
    return "\n".join([document.title, "", *numbers, "", *sentences, "", *table, "", say("compare.text.more", lang=document.lang), ""])

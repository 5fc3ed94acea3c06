"""The chapters of a what-if page: steps, units that they name, load, territories, leads, pairs, how it was counted, sources."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kg.analysis.whatif import UnitChange, Whole
from kg.messages import say
from kg.views import charts
from kg.views.compare_facts import BEGINNING, signed
from kg.views.document import Block, Chapter, Column, Figure, Paragraph, Points, Row, Sentence, Table, as_sentence, listed, sentence
from kg.views.facts import decimal, local, percent, task_anchor, whole
from kg.views.whatif_facts import Facts, Words, gini_text

_BARS = 20
_PAIRS = 20
_RANKS = 100
_LIMITS = ("order", "roles", "groups", "split", "gini", "merge", "tests", "work")


def columns(words: Words, *names: str) -> tuple[Column, ...]:
    """Columns by name: ``row:name`` names the row, ``name:text`` is set left, ``group/name`` stands under a common head."""
    found = []
    for name in names:
        group, _, label = name.removesuffix(":text").removeprefix("row:").rpartition("/")
        textual = name.endswith(":text") or name.startswith("row:")
        head = words.say(f"column.{group}") if group else ""
        found.append(Column(words.say(f"column.{label}"), head, not textual, name.startswith("row:")))
    return tuple(found)


def cells(words: Words, *values: object) -> tuple[Sentence, ...]:
    """Table cells; what is empty is a dash."""
    return tuple(as_sentence(value if value not in ("", ()) else words.say("none-cell")) for value in values)


def steps_chapter(facts: Facts) -> Chapter:
    """What each step is, why, and what it does to the figures of the whole."""
    words = facts.words
    rows = [Row("0", cells(words, words.say("steps.start"), *_whole(facts.outcome.before), "", ""))]
    for effect in facts.outcome.steps:
        leads = [words.say("steps.unled", tasks=words.task_list(effect.unled))] if effect.unled else []
        leads += [words.say("steps.led", tasks=words.task_list(effect.led))] if effect.led else []
        lead = say("report.join.item", lang=words.lang).join(leads)
        what = words.say("text.step", number=effect.number, step=words.step(effect.step))
        what = words.say("steps.why", what=what, why=effect.step.why) if effect.step.why else what
        rows.append(Row(str(effect.number), cells(words, what, *_whole(effect.whole), len(effect.changed), lead)))
    ordered = columns(words, "row:what", "relations", "gini", "top", "effective", "changed", "leads")
    table = Table("steps", words.say("steps.caption"), ordered, tuple(rows), words.say("steps.note"))
    return Chapter("steps-part", words.say("steps.title"), (Paragraph(as_sentence(words.say("steps.text"))), table))


def _whole(one: Whole) -> tuple[str, ...]:
    overview = one.overview
    return whole(overview.relations_total), gini_text(overview.gini), percent(overview.top5_share), decimal(one.effective_number)


def touched_sentences(facts: Facts) -> list[Sentence]:
    """For each unit that a step names a sentence on what became of it."""
    return [_touched(facts, one) for one in sorted((one for one in facts.outcome.units if one.touched), key=_first_step)]


def _first_step(change: UnitChange) -> tuple[int, int, str]:
    return (min(change.steps, default=0), not change.exists[0], change.unit)


def _touched(facts: Facts, change: UnitChange) -> Sentence:
    words = facts.words
    figures = {
        name: words.arrow(facts.figure(change, 0, name), facts.figure(change, 1, name))
        for name in ("relations", "led", "shared")
        if all(change.exists)
    }
    if not (change.steps or change.rank_steps):
        return sentence("whatif.touched.same", lang=words.lang, unit=facts.unit(change.unit))
    by = words.by(change.steps)
    if all(change.exists):
        rank = words.arrow(facts.rank(change, 0), facts.rank(change, 1))
        return sentence(
            f"whatif.touched.{_which(change)}",
            lang=words.lang,
            unit=facts.unit(change.unit),
            rank=rank,
            by=by,
            rank_by=words.by(change.rank_steps),
            **figures,
        )
    if not change.exists[1]:
        side = 0 if change.exists[0] else None
        relations = facts.figure(change, 0, "relations") if side == 0 else words.say("none-cell")
        return sentence("whatif.touched.gone", lang=words.lang, unit=facts.unit(change.unit), relations=relations, by=by)
    origins = [facts.changes[unit] for unit in change.origins if unit in facts.changes]
    counts = {name: facts.figure(change, 1, name) for name in ("relations", "led", "shared")}
    parts = listed(
        [words.say("touched.part", unit=one.label, relations=facts.figure(one, 0, "relations")) for one in origins], lang=words.lang
    )
    return sentence(
        "whatif.touched.new", lang=words.lang, unit=facts.unit(change.unit), parts=parts, rank=facts.rank(change, 1), by=by, **counts
    )


def _which(change: UnitChange) -> str:
    if not change.rank_steps:
        return "both-rank-same"
    return "both" if change.steps else "both-load-same"


def touched_chapter(facts: Facts) -> Chapter:
    """What became of the units that steps name."""
    points = Points(tuple(touched_sentences(facts)))
    return Chapter("touched-part", facts.words.say("touched.title"), (Paragraph(as_sentence(facts.words.say("touched.text"))), points))


def load_chapter(facts: Facts) -> Chapter:
    """Departments whose load changes, as bars and as a table."""
    words, changes = facts.words, facts.bodies
    if not changes:
        return Chapter("load-part", words.say("load.title"), (Paragraph(as_sentence(words.say("load.none"))),))
    same = sum(not one.steps and one.before is not None for one in facts.outcome.units)
    blocks: list[Block] = [Paragraph(as_sentence(words.say("load.text", same=same)))]
    moved = [one for one in changes if one.relations]
    if moved:
        blocks.append(_figure(facts, moved))
    blocks.append(_load_table(facts, "load", changes))
    blocks.append(_ranks_table(facts, "ranks", changes))
    beside = [one for one in facts.outcome.units if not one.steps and _moved_beside(facts, one)]
    if beside:
        blocks.append(_ranks_table(facts, "beside", beside))
    return Chapter("load-part", words.say("load.title"), tuple(blocks))


def _figure(facts: Facts, moved: Sequence[UnitChange]) -> Figure:
    words, shown = facts.words, moved[:_BARS]
    caption = words.say("load.figure", count=len(shown)) if len(shown) < len(moved) else words.say("load.figure-all")
    pairs = [
        charts.Pair(
            one.label,
            one.before.relations if one.before else 0,
            one.after.relations if one.after else 0,
            (facts.figure(one, 0, "relations"), facts.figure(one, 1, "relations"), signed(one.relations)),
        )
        for one in shown
    ]
    heads = [words.say(f"column.{name}") for name in ("before", "after", "difference")]
    svg = charts.paired_bars(pairs, name="moves", title=caption, description=words.say("load.figure-text"), heads=heads)
    return Figure("moves", caption, svg, "load", (("share", heads[0]), ("lead", heads[1])))


def _moved_beside(facts: Facts, one: UnitChange) -> bool:
    """Whether the interval or rank of a unit is another in the end."""
    return any(make(one, 0) != make(one, 1) for make in (facts.interval, facts.rank))


def _load_table(facts: Facts, anchor: str, changes: Sequence[UnitChange]) -> Table:
    words = facts.words
    names = ("row:unit", *(f"relations/{side}" for side in ("before", "after", "difference")), "without", "led", "shared", "by")
    rows = []
    for one in changes:
        counts = [words.arrow(facts.figure(one, 0, name), facts.figure(one, 1, name)) for name in _COUNTS]
        relations = facts.figure(one, 0, "relations"), facts.figure(one, 1, "relations"), signed(one.relations)
        rows.append(Row(local(one.unit), cells(words, one.label, *relations, *counts, words.by(one.steps))))
    return Table(anchor, words.say(f"{anchor}.caption"), columns(words, *names), tuple(rows), words.say("load.note"))


_COUNTS = ("relations_without_territories", "led", "shared")


def _ranks_table(facts: Facts, anchor: str, changes: Sequence[UnitChange]) -> Table:
    """Interval and rank, each with the steps that changed it; at most so many rows."""
    words = facts.words
    names = ("row:unit", *(f"{group}/{side}" for group in ("interval", "rank") for side in ("before", "after", "by")))
    rows = []
    for one in changes[:_RANKS]:
        row: list[object] = [one.label]
        for make, steps in ((facts.interval, one.interval_steps), (facts.rank, one.rank_steps)):
            old, new = make(one, 0), make(one, 1)
            row += [old, new, words.by(steps if old != new else ())]
        rows.append(Row(local(one.unit), cells(words, *row)))
    note = [words.say("load.ranks-note")]
    note += [words.say("more", count=len(changes) - _RANKS)] if len(changes) > _RANKS else []
    return Table(
        anchor, words.say(f"load.{anchor}"), columns(words, *names), tuple(rows), say("report.join.sentence", lang=words.lang).join(note)
    )


def territory_chapter(facts: Facts) -> Chapter | None:
    """Territories and zones whose load changes."""
    if not facts.territories:
        return None
    table = _load_table(facts, "territories", facts.territories)
    return Chapter("territories-part", facts.words.say("territories.title"), (table,))


def leads_chapter(facts: Facts) -> Chapter:
    """Tasks that lose their lead, those that get one, and all that have none in the end."""
    words = facts.words
    rows = []
    for effect in facts.outcome.steps:
        for state in ("unled", "led"):
            for task in getattr(effect, state):
                wording = charts.shortened(words.tasks[task].text, BEGINNING)
                shown = (words.task(task), wording, words.say(f"leads.{state}"), words.by([effect.number]))
                rows.append(Row(f"{task_anchor(task)}.{effect.number}", cells(words, *shown)))
    before, after = (one.overview.without_lead for one in (facts.outcome.before, facts.outcome.after))
    every = words.task_list(after) or words.say("none-cell")
    blocks: list[Block] = [Paragraph(as_sentence(words.say("leads.text", before=len(before), after=len(after), tasks=every)))]
    if rows:
        blocks.append(Table("leads", words.say("leads.caption"), columns(words, "row:task", "row:wording", "leads", "by"), tuple(rows)))
    return Chapter("leads-part", words.say("leads.title"), tuple(blocks))


def pairs_chapter(facts: Facts) -> Chapter | None:
    """The strongest pairs and those that change."""
    words = facts.words
    changed = [pair for pair in facts.outcome.pairs if pair.steps]
    shown = list(facts.outcome.pairs[:_PAIRS])
    beside = [pair for pair in changed if pair not in shown]
    shown += beside[:_PAIRS]
    if not shown:
        return None
    rows = []
    for at, pair in enumerate(shown, 1):
        names = (words.labels[pair.lead], words.labels[pair.share])
        rows.append(Row(str(at), cells(words, *names, pair.before, pair.after, signed(pair.after - pair.before), words.by(pair.steps))))
    text = Paragraph(as_sentence(words.say("pairs.text", changed=len(changed))))
    ordered = columns(words, "row:lead", "row:share", "common/before", "common/after", "common/difference", "by")
    note = words.say("more", count=len(beside) - _PAIRS) if len(beside) > _PAIRS else ""
    return Chapter("pairs-part", words.say("pairs.title"), (text, Table("common", words.say("pairs.caption"), ordered, tuple(rows), note)))


def method_chapter(facts: Facts) -> Chapter:
    """How it was counted, and what it cannot show."""
    points = Points(tuple(as_sentence(facts.words.say(f"method.{limit}")) for limit in _LIMITS))
    return Chapter("method-part", facts.words.say("method.title"), (points,))


def sources_chapter(facts: Facts) -> Chapter:
    """The documents that the scenario was tried on."""
    words = facts.words
    rows = [
        Row(notice.id, cells(words, notice.title or notice.id, notice.number, notice.date, notice.sha256))
        for notice in facts.outcome.old.notices
    ]
    ordered = columns(words, "row:document", "number:text", "date:text", "hash:text")
    return Chapter("sources-part", words.say("sources.title"), (Table("sources", words.say("sources.caption"), ordered, tuple(rows)),))


CHAPTERS: tuple[Callable[[Facts], Chapter | None], ...] = (
    steps_chapter,
    touched_chapter,
    load_chapter,
    territory_chapter,
    leads_chapter,
    pairs_chapter,
    method_chapter,
    sources_chapter,
)

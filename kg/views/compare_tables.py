"""The chapters of a comparison: tasks, units, load, lines of work, kinds, how it was counted, sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kg.analysis.compare import DeadlineChange, LeadChange, TaskClaim
from kg.analysis.compare_rates import ShareRow
from kg.analysis.compare_units import Body, BodyLoad, BodyState, Figures
from kg.analysis.matching import MatchKind
from kg.messages import say
from kg.model import TaskRow
from kg.views import charts
from kg.views.compare_facts import BEGINNING, KIND_ORDER, LED_OTHERWISE, Facts, claim_key, claims_table, signed
from kg.views.document import Block, Chapter, Column, Figure, Paragraph, Piece, Points, Row, Sentence, Table, as_sentence, listed, sentence
from kg.views.facts import decimal, local, percent, whole

_BARS = 20
_LIMITS = ("matching", "measured", "lead-rule", "groups", "kinds", "numbers", "open", "causes")


def _columns(facts: Facts, *names: str) -> tuple[Column, ...]:
    """Columns by name: ``row:name`` names the row, ``name:text`` is set left, ``group/name`` stands under a common head."""
    columns = []
    for name in names:
        group, _, label = name.removesuffix(":text").removeprefix("row:").rpartition("/")
        textual = name.endswith(":text") or name.startswith("row:")
        heads = {"before": facts.old_name, "after": facts.new_name}
        heads |= {
            f"{side}_task": facts.say("column.task_of", name=name) for side, name in (("old", facts.old_name), ("new", facts.new_name))
        }
        words = heads.get(label) or facts.say(f"column.{label}")
        columns.append(Column(words, facts.say(f"column.{group}") if group else "", not textual, name.startswith("row:")))
    return tuple(columns)


def _cells(facts: Facts, *values: object) -> tuple[Sentence, ...]:
    return tuple(as_sentence(value if value not in ("", ()) else facts.say("none-cell")) for value in values)


def tasks_chapter(facts: Facts) -> Chapter:
    """What became of the tasks: a summary, those with another lead, then all by kind."""
    comparison = facts.comparison
    blocks: list[Block] = [Paragraph(as_sentence(facts.say("tasks.text" if comparison.aligned else "tasks.text-apart")))]
    blocks.append(_summary(facts))
    moved = [claim for claim in comparison.claims if claim.lead in LED_OTHERWISE]
    if moved:
        rows = [Row(claim_key(claim), _cells(facts, facts.claim_numbers(claim), _beginning(claim), _lead(facts, claim))) for claim in moved]
        blocks.append(Table("leads", facts.say("tasks.leads"), _columns(facts, "row:task", "wording:text", "lead:text"), tuple(rows)))
    for kind in KIND_ORDER:
        claims = [claim for claim in comparison.claims if claim.kind is kind]
        if claims:
            blocks.append(_claims_table(facts, kind, claims))
    return Chapter("tasks-part", facts.say("tasks.title"), tuple(blocks))


def _beginning(claim: TaskClaim) -> str:
    return charts.shortened((*claim.new, *claim.old)[0].text, BEGINNING)


def _summary(facts: Facts) -> Table:
    rows = []
    for kind in KIND_ORDER:
        claims = [claim for claim in facts.comparison.claims if claim.kind is kind]
        name = Piece(facts.say(f"kind.{kind}"), claims_table(kind) if claims else "")
        old, new = (sum(len(side) for side in sides) for sides in zip(*((c.old, c.new) for c in claims), strict=True)) if claims else (0, 0)
        changed = sum(claim.reassigned for claim in claims) if facts.comparison.aligned else facts.say("none-cell")
        rows.append(Row(str(kind), _cells(facts, name, old, new, changed)))
    columns = _columns(facts, "row:kind", "tasks/before", "tasks/after", "reassigned")
    return Table("kinds-of-change", facts.say("tasks.summary"), columns, tuple(rows))


def _claims_table(facts: Facts, kind: MatchKind, claims: Sequence[TaskClaim]) -> Table:
    shown = [claim for claim in claims if claim_key(claim) in facts.shown]
    notes = [facts.say("more", count=len(claims) - len(shown))] if len(shown) < len(claims) else []
    if kind in (MatchKind.DROPPED, MatchKind.NEW):
        columns = _columns(facts, "row:task", "units:text", "deadline:text", "near:text")
        rows = [Row(claim_key(claim), _one_sided(facts, claim)) for claim in shown]
        notes += [facts.say("tasks.note-near")] if any(claim.near for claim in shown) else []
    else:
        columns = _columns(facts, "row:old_task", "new_task:text", "lead:text", "change:text", "deadline:text")
        rows = [Row(claim_key(claim), _two_sided(facts, claim)) for claim in shown]
        notes += [facts.say("tasks.note-deadline")] if any(claim.deadlines_old and claim.deadlines_new for claim in shown) else []
    caption = facts.say("tasks.table", kind=facts.say(f"kind.{kind}"))
    return Table(claims_table(kind), caption, columns, tuple(rows), say("report.join.sentence", lang=facts.lang).join(notes))


def _one_sided(facts: Facts, claim: TaskClaim) -> tuple[Sentence, ...]:
    side, other = facts.comparison.old, facts.comparison.new
    if claim.new:
        side, other = other, side
    (task,) = (*claim.old, *claim.new)
    units = listed([*_held(facts, claim), *_groups(facts, _group_ids(claim))], lang=facts.lang)
    near = [facts.task_piece(key, other) for key in claim.near]
    limits = listed([*claim.deadlines_old, *claim.deadlines_new], lang=facts.lang)
    return _cells(facts, facts.task_words(task, side), units, limits, listed(near, lang=facts.lang))


def _group_ids(claim: TaskClaim) -> tuple[str, ...]:
    return (*claim.groups_old, *claim.groups_new)


def _held(facts: Facts, claim: TaskClaim) -> list[str]:
    leads = {*claim.leads_old, *claim.leads_new}
    units = (*claim.units_old, *claim.units_new)
    mark = _role(facts, "lead")
    ordered = sorted(units, key=lambda unit: unit not in leads)
    return [
        facts.say("lead.cell", leads=facts.units[unit].label, state=mark) if unit in leads else facts.units[unit].label for unit in ordered
    ]


def _groups(facts: Facts, groups: Iterable[str]) -> list[str]:
    return [facts.say("group", label=facts.groups[group].label) for group in groups]


def _two_sided(facts: Facts, claim: TaskClaim) -> tuple[Sentence, ...]:
    old = _tasks(facts, claim.old, first=True)
    if claim.kind is MatchKind.SAME:
        new = as_sentence(facts.task_number(claim.new[0], facts.comparison.new))
    else:
        new = _tasks(facts, claim.new, first=False)
    return _cells(facts, old, new, _lead(facts, claim), _moves(facts, claim), _limits(facts, claim))


def _tasks(facts: Facts, tasks: Sequence[TaskRow], *, first: bool) -> Sentence:
    side = facts.comparison.old if first else facts.comparison.new
    return as_sentence(facts.say("join-tasks").join(facts.task_words(task, side) for task in tasks))


def _lead(facts: Facts, claim: TaskClaim) -> str:
    """Who leads, before and after, and whether that is another body."""
    if claim.lead is LeadChange.NONE:
        return facts.say("none-cell")
    if claim.lead is LeadChange.SAME:
        return facts.labels(claim.leads_new)
    nobody = facts.say("finding.lead-nobody")
    leads = facts.arrow(facts.labels(claim.leads_old) or nobody, facts.labels(claim.leads_new) or nobody)
    return leads if claim.lead is LeadChange.APART else facts.say("lead.cell", leads=leads, state=facts.say(f"lead.{claim.lead}"))


def _moves(facts: Facts, claim: TaskClaim) -> str:
    """Units and groups gained and lost, and roles changed."""
    gained = [*(facts.units[unit].label for unit in claim.gained), *_groups(facts, claim.groups_gained)]
    lost = [*(facts.units[unit].label for unit in claim.lost), *_groups(facts, claim.groups_lost)]
    between = say("report.join.next", lang=facts.lang)
    parts = [facts.say("gained-mark", names=between.join(gained))] if gained else []
    parts += [facts.say("lost-mark", names=between.join(lost))] if lost else []
    for role in claim.roles:
        names = {"unit": facts.body_name(role.body), "old": _role(facts, role.before), "new": _role(facts, role.after)}
        parts.append(facts.say("role-mark", **names))
    return say("report.join.item", lang=facts.lang).join(parts)


def _role(facts: Facts, role: str) -> str:
    return say(f"role.{role}", lang=facts.lang)


def _limits(facts: Facts, claim: TaskClaim) -> str:
    between = say("report.join.next", lang=facts.lang)
    old, new = between.join(claim.deadlines_old), between.join(claim.deadlines_new)
    if claim.deadline is DeadlineChange.NONE or old == new:
        return new
    limits = facts.arrow(old or facts.say("none-cell"), new or facts.say("none-cell"))
    state = facts.say(f"deadline.{claim.deadline}")
    return facts.say("deadline.cell", limit=limits, state=state) if state else limits


def units_chapter(facts: Facts) -> Chapter:
    """Which units go on under another id or name, which came, which are gone, and which may be one."""
    bodies = facts.comparison.bodies
    blocks: list[Block] = [Paragraph(as_sentence(facts.say("units.text")))]
    continued = [body for body in bodies if body.state is BodyState.CONTINUED]
    if continued:
        names = ("row:old_units", "new_units:text", "how:text", "day:text", "method:text", "why:text")
        rows = [Row(local(body.id), _continued(facts, body)) for body in continued]
        blocks.append(Table("continued", facts.say("units.continued"), _columns(facts, *names), tuple(rows)))
    for state, side in ((BodyState.GAINED, "after"), (BodyState.LOST, "before")):
        chosen = {body.id for body in bodies if body.state is state}
        loads = [load for load in facts.comparison.loads if load.body in chosen]
        if loads:
            names = ("row:unit", "category:text", "line:text", "led", "shared", "relations")
            rows = [Row(local(load.body), _one_unit(facts, load.body, getattr(load, side))) for load in loads]
            blocks.append(Table(str(state), facts.say(f"units.{state}"), _columns(facts, *names), tuple(rows)))
    if facts.comparison.near:
        near = [
            Row(str(at), _cells(facts, facts.labels([pair.lost]), facts.labels([pair.gained]), _line_list(facts, pair.lines)))
            for at, pair in enumerate(facts.comparison.near, 1)
        ]
        columns = _columns(facts, "row:lost", "gained:text", "line:text")
        blocks.append(Table("near", facts.say("units.near"), columns, tuple(near), facts.say("units.near-note")))
    if len(blocks) == 1:
        blocks.append(Paragraph(as_sentence(facts.say("units.none"))))
    return Chapter("units-part", facts.say("units.title"), tuple(blocks))


def _line_list(facts: Facts, lines: Iterable[str]) -> Sentence:
    return listed([facts.line(line) for line in lines], lang=facts.lang)


def _continued(facts: Facts, body: Body) -> tuple[Sentence, ...]:
    def each(words: Iterable[str]) -> Sentence:
        return listed(list(dict.fromkeys(word for word in words if word)), lang=facts.lang)

    methods = each(facts.say(f"change.{change.method}") for change in body.changes)
    kinds = each(facts.say(f"change.{change.kind}") for change in body.changes)
    days, reasons = each(change.day for change in body.changes), each(change.why for change in body.changes)
    return _cells(facts, facts.labels(body.old), facts.labels(body.new), kinds, days, methods, reasons)


def _one_unit(facts: Facts, unit: str, held: Figures) -> tuple[Sentence, ...]:
    row = facts.units[unit]
    return _cells(facts, row.label, facts.kind(row.kind), facts.lines(row), held.led, held.shared, held.relations)


def load_chapter(facts: Facts) -> Chapter:
    """The load of each body before and after, as bars and as a table."""
    loads = facts.comparison.loads
    title = facts.say("load.title")
    if not loads:
        return Chapter("load-part", title, (Paragraph(as_sentence(facts.say("load.none"))),))
    blocks: list[Block] = [Paragraph(as_sentence(facts.say("load.text")))]
    changed = [load for load in loads if load.difference.relations]
    if changed:
        blocks.append(_load_figure(facts, changed))
    names = ["row:unit", "relations/before", "relations/after", "relations/difference", "without/before", "without/after"]
    names += [f"{group}/{side}" for group in ("led", "shared", "relations_rate") for side in ("before", "after")]
    rows = tuple(Row(local(load.body), _load_cells(facts, load)) for load in loads)
    blocks.append(Table("load", facts.say("load.caption"), _columns(facts, *names), rows, facts.say("load.note")))
    return Chapter("load-part", title, tuple(blocks))


def _load_cells(facts: Facts, load: BodyLoad) -> tuple[Sentence, ...]:
    before, after = load.before, load.after
    bare = ["" if one.relations_without_territories is None else whole(one.relations_without_territories) for one in (before, after)]
    counts: list[object] = [whole(before.relations), whole(after.relations), signed(load.difference.relations), *bare]
    counts += [before.led, after.led, before.shared, after.shared]
    return _cells(facts, facts.body_name(load.body), *counts, decimal(before.relations_rate, 2), decimal(after.relations_rate, 2))


def _load_figure(facts: Facts, changed: Sequence[BodyLoad]) -> Figure:
    shown = changed[:_BARS]
    caption = facts.say("load.figure", count=len(shown)) if len(shown) < len(changed) else facts.say("load.figure-all")
    pairs = [
        charts.Pair(
            facts.labels(facts.bodies[load.body].new or facts.bodies[load.body].old),
            load.before.relations,
            load.after.relations,
            (whole(load.before.relations), whole(load.after.relations), signed(load.difference.relations)),
        )
        for load in shown
    ]
    heads = [charts.shortened(facts.old_name, 5), charts.shortened(facts.new_name, 5), facts.say("column.difference")]
    svg = charts.paired_bars(pairs, name="moves", title=caption, description=facts.say("load.figure-text"), heads=heads)
    return Figure("moves", caption, svg, "load", (("share", facts.old_name), ("lead", facts.new_name)))


def lines_chapter(facts: Facts) -> Chapter:
    """What the lines of work carry, in rates and counts."""
    text = facts.say("lines.text", count=len(facts.comparison.two_lined))
    rows = [Row(row.key or "unknown", _share_cells(facts, facts.line(row.key), row)) for row in facts.comparison.lines]
    return Chapter("lines-part", facts.say("lines.title"), (Paragraph(as_sentence(text)), _share_table(facts, "lines", "line", rows)))


def kinds_chapter(facts: Facts) -> Chapter:
    """What the kinds of unit carry, in rates and counts."""
    text = as_sentence(facts.say("kinds.text"))
    rows = [Row(row.key, _share_cells(facts, facts.kind(row.key), row)) for row in facts.comparison.kinds]
    return Chapter("kinds-part", facts.say("kinds.title"), (Paragraph(text), _share_table(facts, "kinds", "category", rows)))


def _share_table(facts: Facts, name: str, first: str, rows: Sequence[Row]) -> Table:
    names = [f"row:{first}"]
    names += [f"relations_rate/{side}" for side in ("before", "after", "difference")]
    names += [f"{group}/{side}" for group in ("led_rate", "shared_rate", "count", "led", "relations") for side in ("before", "after")]
    return Table(name, facts.say(f"{name}.caption"), _columns(facts, *names), tuple(rows))


def _share_cells(facts: Facts, label: str, row: ShareRow) -> tuple[Sentence, ...]:
    before, after = row.before, row.after
    rates = [decimal(before.relations_rate, 2), decimal(after.relations_rate, 2), signed(row.difference.relations_rate, 2)]
    rates += [percent(rate) for rate in (before.led_rate, after.led_rate, before.shared_rate, after.shared_rate)]
    return _cells(facts, label, *rates, *row.units, before.led, after.led, whole(before.relations), whole(after.relations))


def method_chapter(facts: Facts) -> Chapter:
    """How it was compared, and what it cannot show."""
    sentences = tuple(sentence(f"compare.method.{name}", lang=facts.lang) for name in _LIMITS)
    return Chapter("method-part", facts.say("method.title"), (Points(sentences),))


def sources_chapter(facts: Facts) -> Chapter:
    """The documents of both sides."""
    rows = []
    for name, side, mark in ((facts.old_name, facts.comparison.old, "o"), (facts.new_name, facts.comparison.new, "n")):
        for notice in side.notices:
            cells = _cells(facts, notice.title or notice.id, notice.number, notice.issuer, notice.date, name, notice.sha256)
            rows.append(Row(f"{mark}.{notice.id}", cells))
    names = ("document", "number", "issuer", "date")
    heads = [Column(say(f"report.column.{key}", lang=facts.lang), numeric=False, names_row=key == "document") for key in names]
    side_head = Column(facts.say("column.side"), numeric=False)
    columns = (*heads, side_head, Column(say("report.column.hash", lang=facts.lang), numeric=False))
    return Chapter("sources-part", facts.say("sources.title"), (Table("sources", facts.say("sources.caption"), columns, tuple(rows)),))

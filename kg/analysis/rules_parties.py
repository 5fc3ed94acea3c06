"""Rules about who is given a task: nobody, one twice, too many, a group that coordinates nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.analysis.rules_words import (
    Hit,
    at_clause,
    groups_by_id,
    joined,
    key,
    leads,
    limit,
    listed,
    pattern,
    printed_parties,
    share,
    units_by_id,
    words,
)
from kg.folding import fold, marks
from kg.model import Assignment, Group, Kind, Notice, Role, Span, Task, Unit

_BLANK_INSIDE = re.compile(r"(?<=[\u4e00-\u9fff])[^\S\n]+(?=[\u4e00-\u9fff])")


def no_party(notice: Notice) -> Iterator[Hit]:
    """A task that nobody is given, person or unit."""
    yield from (Hit(at_clause(task), task.i) for task in notice.tasks if not task.assignments and not task.persons)


def person_alone(notice: Notice) -> Iterator[Hit]:
    """A person is named, and no unit whose work it is."""
    for task in notice.tasks:
        if task.persons and not task.assignments:
            yield Hit(task.persons[0].span, task.i, (("person", task.persons[0].printed),))


def _again(notice: Notice) -> Iterator[tuple[Task, Assignment, Assignment]]:
    # Each further printing of a party in its task, with the first one.
    for task in notice.tasks:
        first: dict[str, Assignment] = {}
        for a in printed_parties(task):
            known = first.setdefault(key(a), a)
            if known is not a:
                yield task, known, a


def unit_twice(notice: Notice) -> Iterator[Hit]:
    """The same name twice in one role of one task."""
    for task, known, a in _again(notice):
        if known.role is a.role and known.name == a.name:
            yield Hit(a.span, task.i, (("unit", a.name),))


def alias_twice(notice: Notice) -> Iterator[Hit]:
    """One unit under two names in one role of one task."""
    for task, known, a in _again(notice):
        if known.role is a.role and known.name != a.name and not a.collective:
            yield Hit(a.span, task.i, (("name", a.name), ("other", known.name)))


def unit_two_roles(notice: Notice) -> Iterator[Hit]:
    """One unit in two roles of one task; where both print the same name and one leads, the reader has said so."""
    met = {(finding.task, finding.span) for finding in notice.findings if finding.code == "lead-also-shares"}
    for task, known, a in _again(notice):
        if known.role is not a.role and (task.i, a.span) not in met:
            yield Hit(a.span, task.i, (("unit", a.name),))


def unit_in_group(notice: Notice) -> Iterator[Hit]:
    """A unit beside a group in the same role that contains it already."""
    groups, units = groups_by_id(notice), units_by_id(notice)
    for task in notice.tasks:
        parties = printed_parties(task)
        for a in parties:
            unit = units.get(a.unit or "")
            if unit is None or a.collective or a.example_of:
                continue
            within = next((g for g in parties if g.collective and g.role is a.role and _contains(groups.get(g.unit or ""), unit)), None)
            if within:
                yield Hit(a.span, task.i, (("unit", a.name), ("group", within.printed)))


def _contains(group: Group | None, unit: Unit) -> bool:
    if group is None:
        return False
    every = group.kind in listed("groups", "departments") and unit.kind is Kind.DEPARTMENT and group.jurisdiction is not None
    return unit.id in group.members or (every and unit.jurisdiction == group.jurisdiction)


def enterprise_alone(notice: Notice) -> Iterator[Hit]:
    """A task whose only parties are enterprises."""
    kinds = {unit.id: unit.kind for unit in notice.units}
    for task in notice.tasks:
        if task.assignments and all(kinds.get(key(a)) is Kind.ENTERPRISE for a in task.assignments):
            yield Hit(task.assignments[0].span, task.i, (("units", joined([a.name for a in task.assignments])),))


def enterprise_leads(notice: Notice) -> Iterator[Hit]:
    """An enterprise leads a task in which others share, and no body of government leads beside it."""
    kinds = {unit.id: unit.kind for unit in notice.units}
    for task in notice.tasks:
        first = leads(task)
        if first and len(first) < len(task.assignments) and all(kinds.get(key(a)) is Kind.ENTERPRISE for a in first):
            yield Hit(first[0].span, task.i, (("units", joined([a.name for a in first])),))


def group_leads(notice: Notice) -> Iterator[Hit]:
    """Only collective references lead."""
    for task in notice.tasks:
        first = [a for a in leads(task) if not a.standing]
        if first and all(a.collective for a in first):
            yield Hit(first[0].span, task.i, (("group", first[0].printed),))


def too_many_parties(notice: Notice) -> Iterator[Hit]:
    """More parties in one clause than anybody can bring to one table."""
    for task in notice.tasks:
        parties = printed_parties(task)
        count = len({key(a) for a in parties})
        if count > limit("most_parties"):
            span = Span(min(a.span.start for a in parties), max(a.span.end for a in parties))
            yield Hit(span, task.i, (("count", str(count)),))


def sole_lead(notice: Notice) -> Iterator[Hit]:
    """A lead without anybody to lead, in a notice whose other leads have somebody.

    Where a rule of the notice makes the first unit the lead, a sole unit is no slip.
    """
    if notice.rules.first_is_lead or notice.rules.comma_divides_lead:
        return
    led = [task for task in notice.tasks if leads(task)]
    alone = [task for task in led if all(a.role is Role.LEAD for a in task.assignments)]
    if len(led) >= limit("many_tasks") and share(len(led) - len(alone), len(led)) >= limit("most"):
        for task in alone:
            yield Hit(leads(task)[0].span, task.i, (("units", joined([a.name for a in leads(task)])),))


def lead_not_first(notice: Notice) -> Iterator[Hit]:
    """The lead printed behind the others, in a notice that otherwise prints it first."""
    both = []
    for task in notice.tasks:
        parties = printed_parties(task)
        first = [a.span.start for a in parties if a.role is Role.LEAD]
        others = [a.span.start for a in parties if a.role is not Role.LEAD]
        if first and others:
            both.append((task, min(first) < min(others)))
    usual = sum(regular for _, regular in both)
    if len(both) >= limit("many_tasks") and share(usual, len(both)) >= limit("nearly_all"):
        yield from (Hit(leads(task)[0].span, task.i, (("unit", leads(task)[0].name),)) for task, regular in both if not regular)


def text_lead(notice: Notice) -> Iterator[Hit]:
    """The wording says who leads (由…牵头), and the clause does not."""
    known, folded = _names(notice), fold(notice.text)
    for task in notice.tasks:
        leading = {key(a) for a in leads(task)}
        end = task.clause.span.start if task.clause else task.span.end
        for hit in pattern("text_lead").finditer(folded, task.span.start, max(end, task.span.start)):
            at = hit.start("names")
            for name in re.split(str(words("text_lead")["joins"]), hit["names"]):
                start = hit.string.index(name, at)
                if name in known and known[name] not in leading:
                    yield Hit(Span(start, start + len(name)), task.i, (("unit", name),))
                at = start + len(name)


def _names(notice: Notice) -> dict[str, str]:
    found = {name: unit.id for unit in notice.units for name in (unit.label, *unit.aliases)}
    return found | {name: key(a) for task in notice.tasks for a in task.assignments for name in (fold(a.printed), fold(a.name))}


def blank_in_name(notice: Notice) -> Iterator[Hit]:
    """A name with a blank between its characters; in a PDF the blank is the page's, not the drafter's."""
    if any(place.page is not None for place in notice.places):
        return
    for task in notice.tasks:
        for a in printed_parties(task):
            if _BLANK_INSIDE.search(a.printed):
                yield Hit(a.span, task.i, (("name", a.printed),))


def not_addressed(notice: Notice) -> Iterator[Hit]:
    """A unit that has tasks but does not stand in the head line, where that names each addressee."""
    addressed = _addressees(notice)
    if not addressed:
        return
    told: set[str] = set()
    for task in notice.tasks:
        for a in printed_parties(task):
            if not a.collective and key(a) not in addressed | told:
                told.add(key(a))
                yield Hit(a.span, task.i, (("unit", a.name),))


def _addressees(notice: Notice) -> set[str]:
    # Only a line in which every item is a known unit is an itemised list; 市政府各部门 names nobody in particular.
    first = min((task.span.start for task in notice.tasks), default=0)
    known = _names(notice)
    for line in fold(notice.text[:first]).splitlines():
        body = line.strip()
        if not body.endswith(marks("colon")) or any(word in body for word in listed("addressees", "collective")):
            continue
        items = [item for item in re.split(str(words("addressees")["joins"]), body[:-1]) if item]
        if len(items) >= limit("few_tasks") and share(sum(item in known for item in items), len(items)) >= limit("most"):
            return {known[item] for item in items if item in known}
    return set()

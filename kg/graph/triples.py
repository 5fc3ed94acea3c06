"""Notices → N-Triples, written as strings: the fastest way into a store, and the same bytes on every run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cache, lru_cache

from kg.graph.iris import assignment_id, code, deadline_id, iri, line_code, section_id, target_id, task_id
from kg.graph.ties import finding_rows
from kg.model import Assignment, Change, Division, FindingRow, Group, Notice, Role, Target, Task, Unit
from kg.resources import ontology_file, table

_ESCAPES = str.maketrans(
    {
        "\\": "\\\\",
        '"': '\\"',
        "\n": "\\n",
        "\r": "\\r",
        "\t": "\\t",
        "\b": "\\b",
        "\f": "\\f",
        **{chr(c): f"\\u{c:04X}" for c in (*range(8), 11, *range(14, 32), 127)},
    }
)


def graph_triples(notices: Sequence[Notice], changes: Sequence[Change] = ()) -> list[str]:
    """The triples of some notices as N-Triples lines without line ends, each once, sorted.

    What notices share (units, groups, divisions, codes) stands once.
    """
    found = {triple for notice in notices for triple in notice_triples(notice)}
    return sorted(found | set(code_triples(notices, changes)) | {triple for change in changes for triple in change_triples(change)})


def notice_triples(notice: Notice) -> Iterator[str]:
    """The triples of one notice and of the units, groups and divisions it points at, in no order."""
    yield from own_triples(notice)
    for unit in notice.units:
        yield from unit_triples(unit)
    for group in notice.groups:
        yield from group_triples(group)
    for division in notice.divisions:
        yield from division_triples(division, division_above(division, notice.divisions))


def own_triples(notice: Notice) -> Iterator[str]:
    """The triples that hang on one notice and on no other: its head, sections, tasks, assignments, targets, deadlines."""
    n = f"notice:{notice.id}"
    yield from _typed(n, "kg:Notice")
    for term, value in (
        ("dcterms:title", notice.title),
        ("kg:documentNumber", notice.number),
        ("kg:issuerName", notice.issuer),
        ("kg:sourceName", notice.source),
        ("kg:sha256", notice.sha256),
    ):
        if value:
            yield triple(n, term, text(value))
    if notice.date:
        yield triple(n, "dcterms:issued", typed(notice.date.isoformat(), "date"))
    if notice.plan_year:
        yield triple(n, "kg:planYear", integer(notice.plan_year))
    if notice.jurisdiction:
        yield triple(n, "kg:jurisdiction", ref(notice.jurisdiction.id))
    for section in notice.sections:
        s = section_id(notice.id, section.index)
        yield from _typed(s, "kg:Section")
        yield triple(s, "kg:inNotice", ref(n))
        yield triple(s, "kg:index", integer(section.index))
        yield triple(s, "dcterms:title", text(section.title))
        if section.number:
            yield triple(s, "kg:number", text(section.number))
        yield from _place(s, section.span.start, section.span.end)
    for running, target in enumerate(notice.targets, 1):
        yield from _target(n, target_id(notice.id, None, running), target)
    members = {group.id: group.members for group in notice.groups}
    for task in notice.tasks:
        yield from _task(notice.id, task, members)
    for finding in finding_rows(notice):
        yield triple(n if finding.task is None else task_id(notice.id, finding.task), "kg:finding", text(finding_text(finding)))


def _task(notice: str, task: Task, members: dict[str, tuple[str, ...]]) -> Iterator[str]:
    t = task_id(notice, task.i)
    yield from _typed(t, "kg:Task")
    yield triple(t, "kg:inNotice", ref(f"notice:{notice}"))
    yield triple(t, "kg:index", integer(task.i))
    yield triple(t, "kg:text", text(task.text))
    if task.number:
        yield triple(t, "kg:number", text(task.number))
    if task.section:
        yield triple(t, "kg:inSection", ref(section_id(notice, task.section)))
    if task.clause:
        yield triple(t, "kg:clauseText", text(task.clause.printed))
    yield from _place(t, task.span.start, task.span.end)
    for running, assignment in enumerate(task.assignments, 1):
        yield from _assignment(t, assignment_id(notice, task.i, running), assignment, task, members)
    for running, target in enumerate(task.targets, 1):
        yield from _target(t, target_id(notice, task.i, running), target)
    if task.deadline:
        d = deadline_id(notice, task.i)
        yield triple(t, "kg:hasDeadline", ref(d))
        yield from _typed(d, "kg:Deadline")
        yield triple(d, "kg:printedText", text(task.deadline.printed))
        if task.deadline.due:
            yield triple(d, "kg:dueBy", typed(task.deadline.due.isoformat(), "date"))
        yield from _place(d, task.deadline.span.start, task.deadline.span.end)


def _assignment(t: str, a: str, made: Assignment, task: Task, members: dict[str, tuple[str, ...]]) -> Iterator[str]:
    yield triple(t, "kg:assignment", ref(a))
    yield from _typed(a, "kg:Assignment")
    yield triple(a, "kg:role", ref(code(made.role)))
    yield triple(a, "kg:printedName", text(made.printed))
    yield from _place(a, made.span.start, made.span.end)
    if made.name != made.printed:
        yield triple(a, "kg:completedName", text(made.name))
    if made.standing:
        yield triple(a, "kg:standing", typed("true", "boolean"))
    if made.example_of:
        group = next((other.unit for other in task.assignments if other.collective and other.printed == made.example_of), None)
        if group:
            yield triple(a, "kg:exampleOf", ref(group))
    if made.unit:
        yield triple(a, "kg:party", ref(made.unit))
        # The short forms follow from the assignments (rules/derive_short_forms.rq), and the opened form from the groups.
        yield triple(t, "kg:ledBy" if made.role is Role.LEAD else "kg:sharedWith", ref(made.unit))
        through = "kg:ledThroughGroup" if made.role is Role.LEAD else "kg:sharedThroughGroup"
        for member in members.get(made.unit, ()):
            yield triple(t, through, ref(member))


def _target(holder: str, g: str, target: Target) -> Iterator[str]:
    yield triple(holder, "kg:hasTarget", ref(g))
    yield from _typed(g, "kg:Target")
    yield triple(g, "kg:value", decimal(target.value))
    yield triple(g, "kg:measureUnit", text(target.unit))
    yield triple(g, "kg:comparator", ref(code(target.comparator)))
    yield triple(g, "kg:printedText", text(target.printed))
    if target.indicator:
        yield triple(g, "kg:indicator", text(target.indicator))
    yield from _place(g, target.span.start, target.span.end)


def finding_text(finding: FindingRow) -> str:
    """A finding as the JSON that stands in the graph: a node of its own would take seven triples, and nothing points at one.

    >>> from kg.model import Severity
    >>> finding_text(FindingRow("n", 60, "no-lead", Severity.WARNING, 7074, 7086, 149, ()))
    '{"code": "no-lead", "severity": "warning", "start": 7074, "end": 7086, "line": 149, "values": {}}'
    """
    fields = {name: getattr(finding, name) for name in ("code", "severity", "start", "end", "line")}
    return json.dumps({**fields, "values": dict(finding.values)}, ensure_ascii=False)


def unit_triples(unit: Unit) -> Iterator[str]:
    """The triples of one unit as one notice prints it."""
    yield from _typed(unit.id, "kg:Unit")
    yield triple(unit.id, "skos:prefLabel", text(unit.label, "zh"))
    for alias in unit.aliases:
        yield triple(unit.id, "skos:altLabel", text(alias, "zh"))
    yield triple(unit.id, "org:classification", ref(code(unit.kind)))
    yield triple(unit.id, "kg:recognisedBy", text(unit.rule))
    if unit.jurisdiction:
        yield triple(unit.id, "kg:jurisdiction", ref(unit.jurisdiction))
    if unit.level:
        yield triple(unit.id, "kg:level", text(unit.level))
    for line in unit.lines:
        yield triple(unit.id, "kg:portfolio", ref(line_code(line)))


def group_triples(group: Group) -> Iterator[str]:
    """The triples of one group."""
    yield from _typed(group.id, "kg:UnitGroup")
    yield triple(group.id, "skos:prefLabel", text(group.label, "zh"))
    yield triple(group.id, "kg:groupKind", ref(code(group.kind)))
    yield triple(group.id, "kg:closure", ref(code(group.closure)))
    if group.jurisdiction:
        yield triple(group.id, "kg:jurisdiction", ref(group.jurisdiction))
    for member in group.members:
        yield triple(group.id, "kg:hasMember", ref(member))


def division_triples(division: Division, upper: str | None) -> Iterator[str]:
    """The triples of one division; ``upper`` is the id of the one it lies in, None where the notice does not point at it."""
    yield from _typed(division.id, "kg:Division")
    yield triple(division.id, "dcterms:identifier", text(division.code))
    yield triple(division.id, "skos:prefLabel", text(division.name, "zh"))
    yield triple(division.id, "kg:level", text(division.level))
    yield triple(division.id, "kg:validFrom", typed(division.first.isoformat(), "date"))
    if division.last:
        yield triple(division.id, "kg:validTo", typed(division.last.isoformat(), "date"))
    if upper:
        yield triple(division.id, "kg:parent", ref(upper))


def division_above(division: Division, known: Iterable[Division]) -> str | None:
    """The id of the division that one lies in, of those that its notice points at."""
    return next((other.id for other in known if other.code == division.parent), None)


def change_triples(change: Change) -> Iterator[str]:
    """The triples of one change of units: an ``org:ChangeEvent`` with its ground."""
    yield from _typed(change.id, "org:ChangeEvent")
    for term, units in (("org:originalOrganization", change.originals), ("org:resultingOrganization", change.results)):
        for unit in units:
            yield triple(change.id, term, ref(unit))
    yield triple(change.id, "kg:changeKind", ref(code(change.kind)))
    yield triple(change.id, "kg:method", text(change.method))
    yield triple(change.id, "dcterms:description", text(change.why, "zh"))
    if change.label:
        yield triple(change.id, "skos:prefLabel", text(change.label, "zh"))
    if change.day:
        yield triple(change.id, "dcterms:date", typed(change.day, "date" if "-" in change.day else "gYear"))


def code_triples(notices: Sequence[Notice], changes: Sequence[Change] = ()) -> Iterator[str]:
    """Type and labels of every code that some notices use, so that questions can show them."""
    used = {used for notice in notices for used in codes_of(notice)}
    yield from concept_triples(used | {code(role.value) for role in Role} | {code(change.kind.value) for change in changes})


def codes_of(notice: Notice) -> set[str]:
    """The codes that one notice uses, as CURIEs or, for lines of work, ``line/`` and the id of the line."""
    used = {unit.kind.value for unit in notice.units}
    used |= {value for group in notice.groups for value in (group.kind, group.closure.value)}
    targets = [*notice.targets, *(target for task in notice.tasks for target in task.targets)]
    used |= {target.comparator.value for target in targets}
    return {code(local) for local in used} | {f"{_LINE}{line}" for unit in notice.units for line in unit.lines}


def concept_triples(used: Iterable[str]) -> Iterator[str]:
    """Type and labels of some codes, given as ``codes_of`` gives them."""
    labels = _code_labels()
    lines = {row["id"]: row for row in table("lexicon/lines.toml")["line"]}
    for one in sorted(used):
        if one.startswith(_LINE):
            line = one.removeprefix(_LINE)
            row = lines.get(line, {"zh": line, "en": line})
            yield from _concept(line_code(line), {"zh": row["zh"], "en": row["en"]})
        else:
            yield from _concept(one, labels.get(one.partition(":")[2], {}))


_LINE = "line/"


def _concept(concept: str, labels: dict[str, str]) -> Iterator[str]:
    yield from _typed(concept, "skos:Concept")
    for lang, label in sorted(labels.items()):
        yield triple(concept, "skos:prefLabel", text(label, lang))


@cache
def _code_labels() -> dict[str, dict[str, str]]:
    import pyoxigraph

    pref, base = iri("skos:prefLabel"), iri("kgv:")
    labels: dict[str, dict[str, str]] = {}
    for quad in pyoxigraph.parse(path=str(ontology_file("codes.ttl"))):
        if quad.predicate.value == pref and quad.subject.value.startswith(base):
            labels.setdefault(quad.subject.value.removeprefix(base), {})[quad.object.language] = quad.object.value
    return labels


def _typed(subject: str, kind: str) -> Iterator[str]:
    yield triple(subject, "rdf:type", ref(kind))


def _place(subject: str, start: int, end: int) -> Iterator[str]:
    yield triple(subject, "kg:start", integer(start))
    yield triple(subject, "kg:end", integer(end))


def triple(subject: str, term: str, value: str) -> str:
    """One N-Triples line: subject and term are CURIEs, the value is written already.

    >>> triple("unit:421000-finance", "rdf:type", ref("kg:Unit")).split(" ")[0]
    '<https://w3id.org/govresp/id/unit/421000-finance>'
    """
    return f"{ref(subject)} {ref(term)} {value} ."


@lru_cache(maxsize=1 << 14)
def ref(name: str) -> str:
    """A CURIE as an N-Triples term.

    Kept, since a node is written some ten times in a row, and a property, a code or a unit thousands of times a notice.
    """
    return f"<{iri(name)}>"


def text(value: str, lang: str = "") -> str:
    r"""A string as an N-Triples literal.

    >>> text('say "hi"\n'), text("市发改委", "zh")
    ('"say \\"hi\\"\\n"', '"市发改委"@zh')
    """
    return f'"{value.translate(_ESCAPES)}"' + (f"@{lang}" if lang else "")


def typed(value: str, datatype: str) -> str:
    """A plain value as a typed N-Triples literal."""
    return f'"{value}"^^{ref("xsd:" + datatype)}'


def integer(value: int) -> str:
    """A whole number as an N-Triples literal."""
    return typed(str(value), "integer")


def decimal(value: Decimal) -> str:
    """A number as an N-Triples literal: an integer if whole, else without trailing noughts, the only forms engines keep.

    >>> decimal(Decimal("260.0")).split("^^")[0], decimal(Decimal("1.40")).split("^^")[0]
    ('"260"', '"1.4"')
    """
    if value == value.to_integral_value():
        return integer(int(value))
    return typed(format(value.normalize(), "f"), "decimal")

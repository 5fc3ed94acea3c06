"""One task sheet a unit: its figures, what it leads and shares, what reaches it through a group, partners, findings."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial

from kg.analysis.load import TaskKey
from kg.analysis.partners import Partner, partners
from kg.errors import UnitAmbiguousError, UnitNotFoundError
from kg.messages import language, say
from kg.model import LOCAL_BODIES, TERRITORIAL, Closure, Role, Tie, Ties
from kg.resources import package_file
from kg.views.apart import labels, named_at, places_of
from kg.views.details import NO_DETAILS, Details
from kg.views.document import Block, Chapter, Column, Document, Number, Paragraph, Piece, Row, Sentence, Table, Terms, as_sentence
from kg.views.facts import interval, local, whole
from kg.views.findings import why_and_mend
from kg.views.ledger import Ledger, finding_words, ledger_of, place_name
from kg.views.report import block_kind, headed_chapters, numbered_blocks, templates

_NAMED = 3
_LABEL = 40
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_MEASURES = ("led", "shared", "relations", "relations_without_territories", "interval", "partners")


@dataclass(frozen=True, slots=True)
class TaskSheet:
    """The sheet of one unit before it is HTML or DOCX. ``name`` is safe as a file name everywhere, without ending."""

    unit: str
    label: str
    name: str
    document: Document


@dataclass(frozen=True, slots=True)
class _Own:
    """One unit within the ledger: its tasks by how they reach it, and its partners."""

    ledger: Ledger
    unit: str
    led: tuple[TaskKey, ...]
    shared: Mapping[TaskKey, Role]
    reached: Mapping[TaskKey, Tie]
    partners: tuple[Partner, ...]

    def say(self, key: str, **fields: object) -> str:
        """A message of the sheets; the key without the leading ``sheets.``."""
        return self.ledger.say(key, **fields)


def task_sheets(ties: Ties, details: Details = NO_DETAILS, *, units: Sequence[str] = (), lang: str | None = None) -> Iterator[TaskSheet]:
    """The sheets of some units, or of all, in the order of the report; each is made when it is asked for.

    Args:
        ties: the ties of one or more notices.
        details: targets, time limits, positions (and persons, where they were asked for) of the tasks.
        units: ids of the units; every unit that has a task or is reached through a group where empty.
        lang: zh or en; the language in use where None.
    """
    ledger = ledger_of(ties, details, lang or language())
    found = partners(ties)
    names = file_names(ledger.labels, ledger.standings)
    wanted = set(units) or set(ledger.standings)
    for unit in (unit for unit in ledger.standings if unit in wanted):
        own = _own(ledger, unit, found.get(unit, ()))
        yield TaskSheet(unit, ledger.labels[unit], names[unit], _document(own))


def units_named(ties: Ties, names: Sequence[str]) -> list[str]:
    """The ids of the units that some names mean: a label, another spelling, also behind its place, or an id, with or without ``unit:``.

    Raises:
        UnitNotFoundError: none has it; its second field holds the nearest names.
        UnitAmbiguousError: several have it; its second field holds their ids.
    """
    called: defaultdict[str, set[str]] = defaultdict(set)
    shown, places = labels(ties, language()), places_of(ties)
    for unit in ties.units:
        for name in (unit.label, shown[unit.id], unit.id, local(unit.id), *unit.aliases):
            called[name].add(unit.id)
        for name in named_at(places.get(unit.id, ""), (unit.label, *unit.aliases)):
            called[name].add(unit.id)
    found: list[str] = []
    for name in names:
        units = called.get(name.strip(), set())
        if not units:
            words = sorted({unit.label for unit in ties.units} | {alias for unit in ties.units for alias in unit.aliases})
            raise UnitNotFoundError(name, ", ".join(get_close_matches(name, words, 5, 0.4)) or "\u2013")
        if len(units) > 1:
            told = (" ".join(filter(None, (places.get(unit), unit))) for unit in sorted(units, key=lambda one: (places.get(one, ""), one)))
            raise UnitAmbiguousError(name, say("table.join").join(told))
        found += units
    return found


def file_names(labels: Mapping[str, str], units: Iterable[str]) -> dict[str, str]:
    """A file name for every unit, without ending: its label cleaned, never a path, no two the same on any system.

    >>> file_names({"unit:a": "市发改委/a", "unit:b": "../..", "unit:c": "CON"}, ["unit:a", "unit:b", "unit:c"])
    {'unit:a': '市发改委_a', 'unit:b': 'b', 'unit:c': 'CON_c'}
    """
    found: dict[str, str] = {}
    taken = {"index"}
    for unit in units:
        key = re.sub(r"[^0-9A-Za-z-]+", "_", local(unit))
        name = re.sub(r"[^\w\u00b7-]+", "_", unicodedata.normalize("NFC", labels[unit])).strip("_")[:_LABEL].rstrip("_")
        name = f"{name}_{key}" if _RESERVED.fullmatch(name) else name or key
        while unicodedata.normalize("NFKC", name).casefold() in taken:
            name = f"{name}_{key}"
        taken.add(unicodedata.normalize("NFKC", name).casefold())
        found[unit] = name
    return found


def _own(ledger: Ledger, unit: str, found: tuple[Partner, ...]) -> _Own:
    ties = ledger.held.get(unit, ())
    led = dict.fromkeys((tie.notice, tie.task) for tie in ties if tie.role is Role.LEAD and not tie.through)
    shared: dict[TaskKey, Role] = {}
    for tie in ties:
        if not tie.through and (tie.notice, tie.task) not in led:
            shared.setdefault((tie.notice, tie.task), tie.role)
    reached = {(tie.notice, tie.task): tie for tie in ties if tie.through}
    return _Own(ledger, unit, tuple(led), shared, reached, found)


def sheet_html(sheet: TaskSheet) -> str:
    """A sheet as one HTML file that loads nothing, runs nothing and prints on A4."""
    return _html("report.html.j2", sheet.document.lang, report=sheet.document, kind_of=block_kind)


def index_html(sheets: Sequence[tuple[str, Sequence[object]]], ties: Ties, *, lang: str | None = None) -> str:
    """The list of the sheets, as one HTML file beside them.

    Args:
        sheets: for each sheet the name of its file, and what ``index_row`` says of it.
        ties: the ties that they were made from.
        lang: zh or en; the language in use where None.
    """
    lang = lang or language()
    heads = [say(f"sheets.index.{name}", lang=lang) for name in ("unit", "kind", "led", "shared", "reached", "relations")]
    return _html("sheets.html.j2", lang, heads=heads, sheets=sheets, subject=_subject(ties, lang))


def index_row(ledger_sheet: TaskSheet) -> list[object]:
    """What the list of sheets says of one: unit, kind and its figures."""
    document = ledger_sheet.document
    return [ledger_sheet.label, document.name, *(number.value.text for number in document.numbers[:4])]


def _html(template: str, lang: str, **fields: object) -> str:
    css = "".join(package_file(f"views/templates/{name}.css").read_text(encoding="utf-8") for name in ("report", "sheet"))
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode("ascii")
    return templates().get_template(template).render(lang=lang, css=css, digest=digest, say=partial(say, lang=lang), **fields)


def _document(own: _Own) -> Document:
    lang, unit = own.ledger.lang, own.ledger.units[own.unit]
    makers: tuple[Callable[[_Own], Chapter], ...] = (_led, _shared, _reached, _perhaps, _partners, _check, _terms)
    chapters = headed_chapters([make(own) for make in makers], lang)
    place = place_name(own.ledger.ties, unit)
    kind = say(f"report.kind.{unit.kind}", lang=lang)
    about = own.say("join.item").join(word for word in (place, kind) if word and not word.isdigit())
    return Document(
        lang=lang,
        title=own.say("title", unit=own.ledger.labels[own.unit]),
        name=kind,
        subject=_subject(own.ledger.ties, lang),
        standfirst=own.say("standfirst", about=about),
        numbers=_numbers(own),
        findings=_points(own),
        chapters=tuple(numbered_blocks(chapters, lang)),
    )


def _subject(ties: Ties, lang: str) -> str:
    titles = [
        say("report.subject", lang=lang, title=one.title, number=one.number)
        if one.title and one.number
        else one.title or one.number or one.id
        for one in ties.notices
    ]
    joined = say("report.join.next", lang=lang).join(titles)
    return joined if len(titles) == 1 else say("report.subject-several", lang=lang, count=len(titles), titles=joined)


def _numbers(own: _Own) -> tuple[Number, ...]:
    one = own.ledger.standings[own.unit]
    together = sum(len({tie.unit for tie in own.ledger.named[key] if tie.role is Role.LEAD}) > 1 for key in own.led)
    figures = {
        "led": (one.led, own.say("number.led-together", count=together) if together else own.say("number.led-aside")),
        "shared": (one.shared, own.say("number.shared-aside")),
        "reached": (len(own.reached), own.say("number.reached-aside")),
        "relations": (one.relations, own.say("number.relations-aside", leading=one.from_leading, sharing=one.from_sharing)),
        "partners": (one.partners, own.say("number.partners-aside")),
    }
    part = {"relations": "partners-part"}
    return tuple(
        Number(own.say(f"number.{name}"), Piece(whole(figure), part.get(name, f"{name}-part")), aside)
        for name, (figure, aside) in figures.items()
    )


def _points(own: _Own) -> tuple[Sentence, ...]:
    one = own.ledger.standings[own.unit]
    among = own.say("among.territories" if one.kind in TERRITORIAL else "among.bodies")
    best, worst = one.rank_interval
    points = [own.say("point.rank", relations=whole(one.relations), among=among, rank=one.rank)]
    if len(set(one.interval)) > 1:
        points.append(own.say("point.interval", interval=interval(one.interval), best=best, worst=worst))
    elif best != worst:
        points.append(own.say("point.steady", best=best, worst=worst))
    if one.relations_without_territories is not None:
        points.append(own.say("point.without", relations=whole(one.relations_without_territories)))
    if own.partners:
        chief = [own.say("point.partner", unit=own.ledger.labels[two.unit], relations=two.relations) for two in own.partners[:_NAMED]]
        points.append(own.say("point.partners", partners=own.ledger.listed(chief)))
    found = sum(bool(own.ledger.findings.get(key)) for key in (*own.led, *own.shared))
    points.append(own.say("point.findings", count=found) if found else own.say("point.no-findings"))
    return tuple(map(as_sentence, points))


def _table(own: _Own, anchor: str, columns: Sequence[str], rows: Iterable[tuple[str, Sequence[object]]]) -> Chapter:
    """A chapter of one table; columns ending in ``#`` hold figures, the first names its row."""
    heads = tuple(
        Column(own.say(f"head.{name.rstrip('#')}"), numeric=name.endswith("#"), names_row=place == 0) for place, name in enumerate(columns)
    )
    made = tuple(Row(key, tuple(as_sentence(value) for value in values)) for key, values in rows)
    title = own.say(f"chapter.{anchor}", count=len(made))
    block: Block = Table(anchor, own.say(f"caption.{anchor}"), heads, made) if made else Paragraph(as_sentence(own.say(f"none.{anchor}")))
    return Chapter(f"{anchor}-part", title, (block,))


def _led(own: _Own) -> Chapter:
    columns = ("item", "wording", "partners", "targets", "deadline", "clause", "where")
    return _table(own, "led", columns, ((_key(key), _task(own, key, [_company(own, key)])) for key in own.led))


def _shared(own: _Own) -> Chapter:
    columns = ("item", "wording", "role", "lead", "targets", "deadline", "clause", "where")
    rows = ((_key(key), _task(own, key, [own.ledger.role(role), _lead(own, key)])) for key, role in own.shared.items())
    return _table(own, "shared", columns, rows)


def _reached(own: _Own) -> Chapter:
    columns = ("item", "wording", "role", "group", "lead", "targets", "deadline", "where")
    rows = []
    for key, tie in own.reached.items():
        cells = _task(own, key, [own.ledger.role(tie.role), own.ledger.labels[tie.through], _lead(own, key)])
        rows.append((_key(key), [*cells[:-2], cells[-1]]))
    return _table(own, "reached", columns, rows)


def _perhaps(own: _Own) -> Chapter:
    """Tasks for all departments or departments concerned, which may mean this unit: a local body of a notice that prints them."""
    columns = ("item", "wording", "role", "group", "lead", "targets", "deadline", "where")
    local_body = own.ledger.units[own.unit].kind in LOCAL_BODIES
    notices = {tie.notice for tie in own.ledger.held.get(own.unit, ())} if local_body else set()
    open_groups = {group.id for group in own.ledger.ties.groups if group.kind in _MAY_MEAN and group.closure is not Closure.LISTED}
    mine = {*own.led, *own.shared, *own.reached}
    rows = []
    for key, references in own.ledger.references.items():
        for one in references:
            if key[0] in notices and key not in mine and one.group in open_groups:
                mine.add(key)
                cells = _task(own, key, [own.ledger.role(one.role), own.ledger.labels[one.group], _lead(own, key)])
                rows.append((_key(key), [*cells[:-2], cells[-1]]))
    return _table(own, "perhaps", columns, rows)


_MAY_MEAN = frozenset({"allDepartments", "departmentsConcerned"})
"""Kinds of references whose members nobody lists, and which any department may be one of."""


def _key(key: TaskKey) -> str:
    return f"{key[0]}.{key[1]}"


def _task(own: _Own, key: TaskKey, middle: Sequence[str]) -> list[object]:
    """The cells of a task: item, wording, what the table says of the parties, targets, time limit, clause, position."""
    ledger, detail, task = own.ledger, own.ledger.detail(key), own.ledger.tasks[key]
    where = own.say("where", line=detail.line, start=detail.start, end=detail.end) if detail.end else ""
    clause = own.say("join.person").join([task.clause, *detail.persons])
    return [_item(own, key), task.text, *middle, ledger.targets(key), _limit(own, key), clause, where]


def _limit(own: _Own, key: TaskKey) -> str:
    detail = own.ledger.detail(key)
    return own.say("limit", printed=detail.deadline, due=detail.due) if detail.due else detail.deadline


def _item(own: _Own, key: TaskKey) -> str:
    item, number = str(key[1]), own.ledger.tasks[key].number
    if len(own.ledger.notices) > 1:
        item = say("report.items-in", lang=own.ledger.lang, notice=own.ledger.notice(key[0]), numbers=item)
    return item if number in ("", str(key[1])) else say("report.item-printed", lang=own.ledger.lang, item=item, number=number)


def _lead(own: _Own, key: TaskKey) -> str:
    return own.ledger.parties(key, Role.LEAD) or own.say("no-lead")


def _company(own: _Own, key: TaskKey) -> str:
    """The others of a task by role, groups last."""
    ledger = own.ledger
    lines = []
    for role in Role:
        others = dict.fromkeys(tie.unit for tie in ledger.named[key] if tie.role is role and tie.unit != own.unit)
        if others:
            lines.append(own.say(f"company.{role}", units=ledger.listed([ledger.labels[unit] for unit in others])))
    if groups := ledger.groups(key):
        lines.append(own.say("company.group", units=groups))
    return own.say("join.item").join(lines) or own.say("company.none")


def _partners(own: _Own) -> Chapter:
    rows = [
        (
            local(one.unit),
            [own.ledger.labels[one.unit], one.relations, len(one.leading), len(one.together), len(one.sharing), _items(own, one)],
        )
        for one in own.partners
    ]
    return _table(own, "partners", ("partner", "relations#", "leading#", "together#", "sharing#", "items"), rows)


def _items(own: _Own, one: Partner) -> str:
    return own.ledger.listed([_item(own, key) for key in one.tasks])


def _check(own: _Own) -> Chapter:
    keys = sorted({*own.led, *own.shared})
    found = [(key, finding) for key in keys for finding in own.ledger.findings.get(key, ())]
    rows = [
        (f"{number}", [_item(own, key), finding_words(one, own.ledger.lang), *why_and_mend(one.code, lang=own.ledger.lang)])
        for number, (key, one) in enumerate(found, 1)
    ]
    return _table(own, "check", ("item", "finding", "why", "mend"), rows)


def _terms(own: _Own) -> Chapter:
    lang = own.ledger.lang
    named = [(say(f"measure.{one}.name", lang=lang), as_sentence(say(f"measure.{one}.definition", lang=lang))) for one in _MEASURES]
    named.append((own.say("number.reached-name"), as_sentence(own.say("number.reached-definition"))))
    return Chapter("terms-part", own.say("chapter.terms"), (Terms(tuple(named)), Paragraph(as_sentence(own.say("terms-note")))))

"""The sheets of the workbook before they are cells: what stands in which column, and what each column means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from kg.analysis.load import Standing
from kg.messages import catalogue, say
from kg.model import FindingRow, Role, Severity, UnitRow
from kg.views.findings import why_and_mend
from kg.views.ledger import Ledger, finding_words, line_names, place_name

Value = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its name in the catalogue, its width in Latin characters, and whether bars show its figures."""

    name: str
    width: int
    bars: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name in the catalogue, its columns, and its rows."""

    name: str
    fields: tuple[Field, ...]
    rows: list[list[Value]] = field(default_factory=list)


_TASKS = (
    Field("notice", 16), Field("item", 6), Field("number", 7), Field("section", 18), Field("wording", 54), Field("leads", 18),
    Field("responsible", 32), Field("cooperating", 14), Field("groups", 20), Field("targets", 22), Field("deadline", 12),
    Field("due", 12), Field("clause", 40), Field("line", 7), Field("findings", 26),
)  # fmt: skip
_UNITS = (
    Field("unit", 24), Field("place", 9), Field("kind", 13), Field("level", 8), Field("lines", 14), Field("tasks", 9, True),
    Field("led", 9), Field("led_fractional", 9), Field("shared", 9), Field("through-tasks", 10), Field("relations", 10, True),
    Field("relations_without_territories", 12, True), Field("relations_resolved", 11), Field("relations_upper", 11),
    Field("rank", 7), Field("rank_best", 7), Field("rank_worst", 7), Field("partners", 9), Field("effective_partners", 10),
    Field("repetition", 9), Field("balance", 9), Field("sections", 9), Field("aliases", 24), Field("id", 38),
)  # fmt: skip
_TIES = (
    Field("notice", 22), Field("item", 7), Field("number", 8), Field("section-number", 8), Field("unit", 28), Field("kind", 14),
    Field("role", 8), Field("through", 24), Field("id", 38),
)  # fmt: skip
_FINDINGS = (
    Field("notice", 18), Field("item", 7), Field("severity", 8), Field("finding", 36), Field("why", 36), Field("mend", 36),
    Field("clause", 44), Field("line", 7), Field("code", 20),
)  # fmt: skip
_TERMS = (Field("term-sheet", 12), Field("term", 26), Field("definition", 110))


def task_sheet(ledger: Ledger, *, persons: bool) -> Sheet:
    """A row for every task; the persons whom its clause names only where they are asked for."""
    sheet = Sheet("tasks", (*_TASKS, Field("persons", 18)) if persons else _TASKS)
    for key, task in ledger.tasks.items():
        detail = ledger.detail(key)
        parties = [ledger.parties(key, role) for role in (Role.LEAD, Role.RESPONSIBLE, Role.COOPERATING)]
        found = ledger.say("join.item").join(finding_words(one, ledger.lang) for one in ledger.findings.get(key, ()))
        row: list[Value] = [ledger.notice(task.notice), task.i, number(task.number), ledger.section(key), task.text, *parties]
        row += [ledger.groups(key), ledger.targets(key), detail.deadline, day(detail.due), task.clause, detail.line or None, found]
        sheet.rows.append([*row, ledger.listed(detail.persons)] if persons else row)
    return sheet


def number(printed: str) -> Value:
    """A printed number, as a number where it is one.

    >>> number("12"), number("012"), number("（二）"), number("")
    (12, '012', '（二）', None)
    """
    plain = printed.isascii() and printed.isdigit() and not printed.startswith("0") and len(printed) < 10
    return int(printed) if plain else printed or None


def day(iso: str) -> Value:
    """A day that spreadsheets can sort; one before their calendar stays text.

    >>> day("2024-10-31"), day("1899-01-01"), day("")
    (datetime.date(2024, 10, 31), '1899-01-01', None)
    """
    return (date.fromisoformat(iso) if iso >= "1901" else iso) if iso else None


def unit_sheet(ledger: Ledger) -> Sheet:
    """A row for every unit with its load, in the order of the report."""
    return Sheet("units", _UNITS, [_unit(ledger, standing, ledger.units[unit]) for unit, standing in ledger.standings.items()])


def _unit(ledger: Ledger, one: Standing, unit: UnitRow) -> list[Value]:
    level = say(f"units.levels.{unit.level}", lang=ledger.lang) if unit.level else ""
    kind = say(f"report.kind.{unit.kind}", lang=ledger.lang)
    through = len({(tie.notice, tie.task) for tie in ledger.held.get(unit.id, ()) if tie.through})
    row: list[Value] = [ledger.labels[unit.id], place_name(ledger.ties, unit), kind, level, line_names(unit.lines, ledger.lang)]
    row += [one.tasks, one.led, round(one.led_fractional, 2), one.shared, through, one.relations, one.relations_without_territories]
    row += [*one.interval[1:], one.rank, *one.rank_interval, one.partners, round(one.effective_partners, 1), round(one.repetition, 2)]
    row += [None if one.balance is None else round(one.balance, 2), one.sections, ledger.listed(unit.aliases), unit.id]
    return row


def tie_sheet(ledger: Ledger) -> Sheet:
    """A row for every tie of a unit and a task."""
    sheet = Sheet("ties", _TIES)
    for tie in ledger.ties.ties:
        key = tie.notice, tie.task
        kind = say(f"report.kind.{ledger.units[tie.unit].kind}", lang=ledger.lang)
        section = ledger.sections[key[0], held].number if (held := ledger.tasks[key].section) else ""
        row: list[Value] = [ledger.notice(tie.notice), tie.task, number(ledger.tasks[key].number), section]
        row += [ledger.labels[tie.unit], kind, ledger.role(tie.role), ledger.labels.get(tie.through, ""), tie.unit]
        sheet.rows.append(row)
    return sheet


def finding_sheet(ledger: Ledger) -> Sheet:
    """A row for every finding, weightiest first, with why it matters and how to mend it."""
    weights = list(Severity)
    found = sorted(ledger.ties.findings, key=lambda one: (-weights.index(one.severity), one.notice, one.task or 0, one.start))
    return Sheet("findings", _FINDINGS, [_finding(ledger, one) for one in found])


def _finding(ledger: Ledger, one: FindingRow) -> list[Value]:
    task = ledger.tasks.get((one.notice, one.task or 0))
    severity = say(f"severity.{one.severity}", lang=ledger.lang)
    words = finding_words(one, ledger.lang), *why_and_mend(one.code, lang=ledger.lang)
    return [ledger.notice(one.notice), one.task, severity, *words, task.clause if task else None, one.line or None, one.code]


_METHODS = ("readings", "unled", "ranks", "kinds", "words")
_LIMITS = ("effort", "staff", "hidden", "actual", "open", "reading")


def term_sheet(ledger: Ledger, sheets: list[Sheet]) -> Sheet:
    """What every sheet and column means, then the rules of counting and what a notice cannot show."""
    rows: list[list[Value]] = [[ledger.say("sheet.matrix"), "", ledger.say("about.matrix")]]
    for sheet in sheets:
        title = ledger.say(f"sheet.{sheet.name}")
        rows.append([title, "", ledger.say(f"about.{sheet.name}")])
        rows += [[title, head(one.name, ledger.lang), definition(one.name, ledger.lang)] for one in sheet.fields]
    for part, names in (("method", _METHODS), ("limit", _LIMITS)):
        title = say(f"report.{part}.title", lang=ledger.lang)
        rows += [[title, "", say(f"report.{part}.{name}", lang=ledger.lang)] for name in names]
    for notice in ledger.ties.notices:
        words = [word for word in (notice.title, notice.number, notice.issuer, notice.date, notice.sha256) if word]
        rows.append([say("report.source.title", lang=ledger.lang), ledger.notice(notice.id), ledger.say("join.item").join(words)])
    return Sheet("terms", _TERMS, rows)


def head(name: str, lang: str) -> str:
    """The head of a column: a measure's own name, else the sheets' word for it."""
    return say(_key(name, "name", lang), lang=lang)


def definition(name: str, lang: str) -> str:
    """What a column means."""
    return say(_key(name, "definition", lang), lang=lang)


def _key(name: str, what: str, lang: str) -> str:
    own = f"sheets.column.{name}.{what}"
    return own if own in catalogue(lang) else f"measure.{name}.{what}"


def all_sheets(ledger: Ledger, *, persons: bool) -> Iterator[Sheet]:
    """The sheets that are lists, in the order in which they stand; the matrix stands before the findings."""
    sheets = [task_sheet(ledger, persons=persons), unit_sheet(ledger), tie_sheet(ledger), finding_sheet(ledger)]
    yield from (*sheets, term_sheet(ledger, sheets))

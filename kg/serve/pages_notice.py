"""The pages of a notice, of its sections and of its tasks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial
from pathlib import PurePath
from typing import Any

from kg.graph.iris import section_id, task_id
from kg.messages import say
from kg.model import Role, Tie
from kg.serve.pages_parts import Asked, Block, Column, Fact, Listing, Number, Page, Prose, Ref, Value, path_of, with_query
from kg.serve.pages_print import clause_print, whole_print
from kg.serve.pages_words import (
    UNIT_COLUMNS,
    finding_listing,
    ledger,
    missing,
    notice_ref,
    party,
    place_in_text,
    section_ref,
    section_words,
    task_listing,
    task_ref,
    unit_row,
)
from kg.serve.site import Site

SECTION_COLUMNS = (Column("section", head=True, wide=True), Column("tasks", numeric=True), Column("units", numeric=True), Column("chief"))


def notice_page(site: Site, asked: Asked, key: str) -> Page:
    """The text of a notice with all that was read in it, its sections, units, findings and tasks."""
    row = ledger(site, asked).notices.get(key)
    if row is None:
        raise missing(site, asked, "notice", key)
    tasks, found = site.tasks_of.get(key, ()), site.findings_of.get(key, ())
    inside = site.standings_in(key)
    facts = [
        Fact("document-number", row.number),
        Fact("issuer", row.issuer),
        Fact("date", row.date),
        Fact("year", row.year, bare=True),
        Fact("place", row.place),
        Fact("targets", [target["printed"] for target in site.record(key)["targets"]]),
        Fact("source", PurePath(site.record(key)["notice"]["source"]).name),
        Fact("sha256", row.sha256),
        Fact("id", f"notice:{key}"),
    ]
    path = path_of(f"notice:{key}")
    units = Listing("units", UNIT_COLUMNS, list(inside.values()), partial(unit_row, site, asked), asked.say("list.units-within"))
    return Page(
        kind="notice",
        path=path,
        title=row.title or row.number or row.id,
        crumbs=(Ref(asked.say("title.notices"), "/notices"),),
        standfirst=asked.say("standfirst-notice"),
        numbers=(
            Number("tasks", len(tasks), path=with_query("/tasks", notice=key)),
            Number("units", sum(one.tasks > 0 for one in inside.values())),
            Number("findings", len(found), path=with_query("/findings", notice=key)),
        ),
        facts=tuple(facts),
        blocks=(
            _sections(site, asked, key),
            whole_print(site, asked, key),
            units,
            finding_listing(site, asked, found),
            task_listing(site, asked, "tasks", [(key, task.i) for task in tasks]),
        ),
        id=f"notice:{key}",
        downloads=(Ref(asked.say("download.text"), f"{path}/text"),),
    )


def _sections(site: Site, asked: Asked, notice: str) -> Listing:
    rows = site.sections_of.get(notice, ())
    held = {row.index: _counted(site, asked, notice, row.index) for row in rows}
    sizes = Counter(task.section for task in site.tasks_of.get(notice, ()))

    def row(index: int) -> tuple[Value, ...]:
        section = next(one for one in rows if one.index == index)
        units = held[index]
        chief = max(units, key=lambda unit: (units[unit], unit), default="")
        return section_ref(asked, section), sizes[index], len(units), party(site, asked, chief) if chief else None

    return Listing("sections", SECTION_COLUMNS, [one.index for one in rows], row)


def _ties(site: Site, asked: Asked, notice: str, section: int) -> list[Tie]:
    named = ledger(site, asked).named
    return [tie for task in site.tasks_of.get(notice, ()) if task.section == section for tie in named.get((notice, task.i), ())]


def _counted(site: Site, asked: Asked, notice: str, section: int) -> Counter[str]:
    return Counter(unit for unit, _ in dict.fromkeys((tie.unit, tie.task) for tie in _ties(site, asked, notice, section)))


def section_page(site: Site, asked: Asked, key: str) -> Page:
    """A section of a notice: its tasks, and who stands in them."""
    notice, _, index = key.rpartition(".s")
    row = next((one for one in site.sections_of.get(notice, ()) if str(one.index) == index), None)
    if row is None:
        raise missing(site, asked, "section", notice or key)
    head = ledger(site, asked).notices[notice]
    tasks = [(notice, task.i) for task in site.tasks_of.get(notice, ()) if task.section == row.index]
    leading = {(tie.unit, tie.task) for tie in _ties(site, asked, notice, row.index) if tie.role is Role.LEAD}
    led = Counter(unit for unit, _ in leading)
    every = _counted(site, asked, notice, row.index)

    def unit(one: str) -> tuple[Value, ...]:
        return party(site, asked, one), every[one], led[one], every[one] - led[one]

    columns = (Column("unit", head=True), *(Column(name, numeric=True) for name in ("tasks", "led", "shared")))
    units = Listing("units", columns, sorted(every, key=lambda one: (-every[one], -led[one], one)), unit)
    start = site.record(notice)["sections"][row.index - 1]["start"]
    return Page(
        kind="section",
        path=path_of(section_id(notice, row.index)),
        title=section_words(asked, row),
        crumbs=(Ref(asked.say("title.notices"), "/notices"), notice_ref(head)),
        numbers=(
            Number("tasks", len(tasks)),
            Number("units", len(every)),
            Number("without-lead", sum(not _led(site, asked, task) for task in tasks)),
        ),
        facts=(Fact("place-in-text", Ref(asked.say("to-text"), place_in_text(site, notice, start, f"s{row.index}"))),),
        blocks=(task_listing(site, asked, "tasks", tasks), units),
        id=section_id(notice, row.index),
    )


def _led(site: Site, asked: Asked, key: tuple[str, int]) -> bool:
    return any(tie.role is Role.LEAD for tie in ledger(site, asked).named.get(key, ()))


PARTY_COLUMNS = (
    Column("role"),
    Column("party", head=True),
    Column("printed"),
    Column("ground", wide=True),
    Column("start", numeric=True, bare=True),
    Column("end", numeric=True, bare=True),
)

REACHED_COLUMNS = (Column("party", head=True), Column("role"), Column("through"))
TARGET_COLUMNS = (Column("printed", head=True), Column("indicator", wide=True), Column("value", numeric=True, bare=True), Column("measure"))


def task_page(site: Site, asked: Asked, key: str) -> Page:
    """A task: its wording and clause, who leads and shares it and on what ground, its targets, time limit and findings."""
    book = ledger(site, asked)
    notice, _, running = key.rpartition(".")
    at = (notice, int(running)) if running.isdecimal() and len(running) < 10 else (notice, 0)
    if at not in book.tasks:
        raise missing(site, asked, "task", key)
    row, record = book.tasks[at], _task_record(site, notice, at[1])
    section = book.sections.get((notice, row.section or 0))
    reached, clause = site.reached.get(at, ()), record["clause"]
    blocks: list[Block] = [Prose(((row.text,),), asked.say("list.wording"))]
    if clause:
        blocks.append(clause_print(site, asked, notice, clause["start"], clause["end"]))
    blocks.append(Listing("parties", PARTY_COLUMNS, record["assignments"], partial(_party, site, asked)))
    if reached:
        blocks.append(Listing("reached", REACHED_COLUMNS, reached, partial(_reached, site, asked), note=asked.say("note.reached")))
    if record["targets"]:
        blocks.append(Listing("targets", TARGET_COLUMNS, record["targets"], _target))
    blocks.append(finding_listing(site, asked, book.findings.get(at, ())))
    return Page(
        kind="task",
        path=path_of(task_id(*at)),
        title=asked.say("title.task", i=at[1], text=_short(row.text)),
        crumbs=(
            Ref(asked.say("title.notices"), "/notices"),
            notice_ref(book.notices[notice]),
            *([section_ref(asked, section)] if section else []),
        ),
        facts=_task_facts(site, asked, at, record),
        blocks=tuple(blocks),
        id=task_id(*at),
    )


def _task_record(site: Site, notice: str, i: int) -> Mapping[str, Any]:
    found: Mapping[str, Any] = next(task for task in site.record(notice)["tasks"] if task["i"] == i)
    return found


def _task_facts(site: Site, asked: Asked, at: tuple[str, int], record: Mapping[str, Any]) -> tuple[Fact, ...]:
    book = ledger(site, asked)
    notice, i = at
    leads = dict.fromkeys(tie.unit for tie in book.named.get(at, ()) if tie.role is Role.LEAD)
    rule = (record["clause"] or {}).get("rule")
    limit = record["deadline"]
    beside = [task_ref(site, asked, (notice, near)) for near in (i - 1, i + 1) if (notice, near) in book.tasks]
    return (
        Fact("number", record["number"]),
        Fact("leads", [party(site, asked, unit) for unit in leads] or asked.say("lead.none")),
        Fact("deadline", limit["printed"] if limit else None),
        Fact("due", limit["due"] if limit else None),
        Fact(
            "rule",
            say("rule.join", lang=asked.lang).join(say(f"rule.{part}", lang=asked.lang) for part in rule.split("+")) if rule else None,
        ),
        Fact(
            "place-in-text",
            Ref(asked.say("where", start=record["start"], end=record["end"]), place_in_text(site, notice, record["start"], f"t{i}")),
        ),
        Fact("beside", beside),
        Fact("id", task_id(notice, i)),
    )


def _reached(site: Site, asked: Asked, tie: Tie) -> tuple[Value, ...]:
    return party(site, asked, tie.unit), _role(asked, tie.role), party(site, asked, tie.through)


def _target(one: Mapping[str, Any]) -> tuple[Value, ...]:
    return one["printed"], one["indicator"], one["value"], one["unit"]


def _role(asked: Asked, role: str) -> str:
    return say(f"role.{role}", lang=asked.lang)


def _party(site: Site, asked: Asked, one: Mapping[str, Any]) -> tuple[Value, ...]:
    book, known = ledger(site, asked), one["unit"] in ledger(site, asked).labels
    named: Value = party(site, asked, one["unit"]) if known else one["name"]
    return _role(asked, one["role"]), named, one["printed"], _ground(site, asked, one, book.units), one["start"], one["end"]


def _ground(site: Site, asked: Asked, one: Mapping[str, Any], units: Mapping[str, Any]) -> str:
    """Why the print was taken for this unit."""
    grounds: list[str] = []
    if one["collective"]:
        closure = next((group.closure for group in site.ties.groups if group.id == one["unit"]), None)
        grounds += [asked.say(f"closure.{closure}")] if closure else []
    elif one["unit"] in units:
        grounds.append(asked.say("recognised", rule=say(f"units.rule.{units[one['unit']].rule}", lang=asked.lang)))
    else:
        grounds.append(asked.say("unrecognised"))
    if one["name"] != one["printed"]:
        grounds.append(asked.say("completed", name=one["name"]))
    if one["standing"]:
        grounds.append(say("rule.standing", lang=asked.lang))
    if one["example_of"]:
        grounds.append(asked.say("example", group=one["example_of"]))
    return asked.say("join").join(grounds)


def _short(text: str, size: int = 40) -> str:
    """The beginning of a wording, as a title.

    >>> _short("abcdef", 4)
    'abc…'
    """
    words = " ".join(text.split())
    return words if len(words) <= size else words[: size - 1] + "…"

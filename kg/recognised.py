"""Who was recognised: the units of some notices, one name explained, or a list of names, for the command and for Python."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from kg.building.line import Batch, Knowledge, read_notices
from kg.building.output import write_whole
from kg.errors import IssuerUnknownError, KgError, NameNotPrintedError, NothingToRecogniseError
from kg.naming.overview import explain_name, overview, setting_for
from kg.naming.units import Names, load_names, resolve, setting_of
from kg.naming.wording import name_key
from kg.reading.files import read_query
from kg.resources import use_lexicons
from kg.views.units import explained, register_drafts, skeleton, units_csv, units_json, units_text


def recognised(
    sources: Sequence[Path],
    knowledge: Knowledge = Knowledge(),
    *,
    explain: str | None = None,
    listed: Path | None = None,
    issuer: str | None = None,
    day: datetime | None = None,
    form: str = "text",
    write: Path | None = None,
    draft: Path | None = None,
) -> tuple[str, tuple[KgError, ...]]:
    """What ``kg units`` prints, and what stood in the way of single files.

    Args:
        sources: notices; none where names are given with an issuer.
        knowledge: tables of the user's own.
        explain: one name, explained as it is read in the notices, or at the issuer's place.
        listed: a file with one name a line; each is told as it would be read at the issuer's place.
        issuer: whose place is meant where there is no notice; ``day`` on which day, today where None.
        form: text, json or csv.
        draft: a folder for drafts of registers, one a place, of the units that nothing but their spelling told.
        write: where a skeleton of a decisions file goes, for what waits for a decision.

    Raises:
        NothingToRecogniseError: neither notices nor names with an issuer, or both.
        NameNotPrintedError: the name to explain stands in none of the notices.
    """
    names = load_names(knowledge.registers, knowledge.decisions)
    with use_lexicons(knowledge.lexicons):
        if not sources:
            return _told(_asked(explain, listed), names, issuer, day, form), ()
        if listed is not None or issuer is not None:
            raise NothingToRecogniseError()
        batch = read_notices(sources, knowledge)
        if explain is not None:
            return _shown(_in_notices(explain, batch, names), form), batch.failures
        found = overview(batch.notices, names)
        if write is not None:
            write_whole(write, skeleton(found["waiting"], date.today().isoformat()))
        if draft is not None:
            for name, text in register_drafts(found["units"]).items():
                write_whole(draft / name, text)
        if form == "csv":
            return units_csv(found["units"]), batch.failures
        return (units_json if form == "json" else units_text)(found), batch.failures


def _asked(explain: str | None, listed: Path | None) -> list[str]:
    lines = read_query(listed).splitlines() if listed else []
    asked = [*([explain] if explain else []), *(line.strip() for line in lines if line.strip())]
    if not asked:
        raise NothingToRecogniseError()
    return asked


def _told(asked: Sequence[str], names: Names, issuer: str | None, day: datetime | None, form: str) -> str:
    if not issuer:
        raise NothingToRecogniseError()
    setting = setting_for(issuer, day.date() if day else date.today())
    if setting.place is None:
        raise IssuerUnknownError(issuer)
    return _shown([explain_name(name, setting, names) for name in asked], form)


def _in_notices(name: str, batch: Batch, names: Names) -> list[dict[str, Any]]:
    # The name as printed, or another spelling of a unit that is.
    settings = [(notice, setting_of(notice, names)) for notice in batch.notices]
    printing = [(n, s) for n, s in settings if any(name_key(a.name) == name_key(name) for task in n.tasks for a in task.assignments)]
    printing = printing or [(n, s) for n, s in settings if resolve(name, s, names).id in {unit.id for unit in n.units}]
    if not printing:
        raise NameNotPrintedError(name)
    return [explain_name(name, setting, names) for _, setting in printing]


def _shown(rows: Sequence[dict[str, Any]], form: str) -> str:
    if form == "json":
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return units_csv(rows) if form == "csv" else "\n\n".join(map(explained, rows))

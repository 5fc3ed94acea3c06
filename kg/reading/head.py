"""The head of a notice: title, number, issuer, date, plan year. What a document does not print is None."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kg.reading.characters import Line
from kg.reading.ordinals import begins_item, han_number, read_ordinal
from kg.resources import table


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A document number such as 荆政办发〔2020〕1号, with its parts."""

    printed: str
    series: str
    year: int
    serial: int


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a notice prints."""

    title: str | None
    number: DocumentNumber | None
    issuer: str | None
    date: date | None
    plan_year: int | None


def _words() -> dict[str, Any]:
    return table("lexicon/head.toml")


def read_head(front: Sequence[Line], back: Sequence[Line] = ()) -> Head:
    """The head of a notice, from the lines before its first section and task; a letter prints its date behind its last task."""
    number = next(filter(None, map(read_number, front)), None)
    title = next(filter(None, (*map(_title, front), *map(_list_title, front))), None)
    issued = next(filter(None, map(read_date, (*front, *back))), None)
    return Head(title, number, _issuer(title), issued, _plan_year(title, front, issued, number))


def title_line(lines: Sequence[Line]) -> int:
    """The index of the line with the title of a document; 0 where none stands near its start, or something numbered before it.

    What a web page prints above it (索引号：…, 责任部门：…) describes the document, and gives nobody a task.
    """
    near = lines[: _words()["title"]["lines"]]
    at = next((at for at, line in enumerate(near) if _title(line)), 0)
    return 0 if any(begins_item(line.folded) for line in near[:at]) else at


def read_number(line: Line) -> DocumentNumber | None:
    """The first document number of a line."""
    hit = re.search(_words()["number"]["pattern"], line.folded)
    if not hit:
        return None
    return DocumentNumber(line.text[hit.start() : hit.end()], hit["series"], int(hit["year"]), int(hit["serial"]))


def read_date(line: Line) -> date | None:
    """The date that a line consists of; None where it holds anything else."""
    if hit := re.fullmatch(_words()["date"]["pattern"], line.folded):
        parts = [int(hit[name]) for name in ("year", "month", "day")]
    elif hit := re.fullmatch(_words()["date"]["han_pattern"], line.folded):
        parts = [han_number(hit[name]) for name in ("year", "month", "day")]
    else:
        return None
    try:
        return date(*parts)
    except ValueError:
        return None


def _title(line: Line) -> str | None:
    words = _words()["title"]
    text = line.folded
    if hit := re.search(rf"\(?{_words()['number']['pattern']}\)?$", text):
        text = text[: hit.start()]
    text = text.rstrip()
    is_title = words["about"] in text and any(text.endswith(ending) for ending in words["endings"])
    return line.text[: len(text)] if is_title and len(text) <= words["longest"] else None


def _list_title(line: Line) -> str | None:
    words = _words()["title"]
    is_title = line.folded.endswith(tuple(words["lists"])) and len(line.folded) <= words["longest"] and read_ordinal(line.folded) is None
    return line.text if is_title else None


def _issuer(title: str | None) -> str | None:
    if not title:
        return None
    before = title.split(_words()["title"]["about"], 1)[0].strip()
    return before if any(before.endswith(ending) for ending in _words()["issuer"]["endings"]) else None


def _plan_year(title: str | None, front: Sequence[Line], issued: date | None, number: DocumentNumber | None) -> int | None:
    # The title says it, or the annex (its title, its preamble), which stands behind the date; else the year of issue.
    pattern = re.compile(_words()["plan"]["pattern"])
    if title and (hit := pattern.search(title)):
        return int(hit["year"])
    dated = next((at for at, line in enumerate(front) if read_date(line)), None)
    for line in front[dated + 1 :] if dated is not None else ():
        if (hit := pattern.match(line.folded)) and not read_date(line):
            return int(hit["year"])
    return issued.year if issued else number.year if number else None

"""The text of a notice with what was read in it: clauses marked, every printed unit a link, findings in their place."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.messages import say
from kg.model import FindingRow, Severity
from kg.serve.pages_parts import Asked, Line, Print, Run, Stretch, path_of
from kg.serve.pages_words import PART, ledger, section_ref, task_ref
from kg.serve.site import Site
from kg.views.ledger import finding_words

_LONGEST = 5000
"""A line is shown in pieces of at most so many characters."""


@dataclass(frozen=True, slots=True)
class _Spot:
    """A span of the text and what is said of it: a clause, a link, or a finding."""

    start: int
    end: int
    clause: bool = False
    path: str = ""
    severity: str = ""
    title: str = ""


def whole_print(site: Site, asked: Asked, notice: str) -> Print:
    """The part of a notice's text that the request asks for; the whole where it is no longer than ``PART``."""
    text = site.text(notice)
    lines = line_spans(text)
    pages = max(1, -(-len(text) // PART))
    page = min(asked.page, pages) if asked.list == "text" else 1
    mine = [(number, start, end) for number, start, end in lines if start // PART + 1 == page]
    behind = next((start for _, start, _ in lines if start // PART + 1 > page), len(text) + 1)
    shown = _lines(site, asked, notice, text, mine, behind)
    start, end = (mine[0][1], mine[-1][2]) if mine else (0, 0)
    return Print(tuple(shown), start, end, page, pages, len(text))


def clause_print(site: Site, asked: Asked, notice: str, start: int, end: int) -> Print:
    """The lines of a notice's text between two positions, cut there."""
    text = site.text(notice)
    mine = [(n, max(a, start), min(b, end)) for n, a, b in line_spans(text) if a < end and b > start]
    return Print(tuple(_lines(site, asked, notice, text, mine, end)), start, end, total=end - start)


def line_spans(text: str) -> list[tuple[int, int, int]]:
    r"""Number, start and end of every line that is not blank, without its line end; very long ones in pieces.

    >>> line_spans("a\n\nbc\n")
    [(1, 0, 1), (3, 3, 5)]
    """
    found, at = [], 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            found += [(number, at + cut, at + min(len(line), cut + _LONGEST)) for cut in range(0, len(line), _LONGEST)]
        at += len(line) + 1
    return found


def _lines(site: Site, asked: Asked, notice: str, text: str, spans: Sequence[tuple[int, int, int]], limit: int) -> Iterable[Line]:
    record, starts = site.record(notice), [start for _, start, _ in spans]
    first_start = line_spans(text)[0][1] if text.strip() else 0
    spots = _bucketed([*_clauses(record), *_links(site, asked, record), *_found(site, asked, notice)], spans)
    tasks = _at(starts, limit, [(task["start"], task["i"]) for task in record["tasks"]])
    sections = _at(starts, limit, [(section["start"], index) for index, section in enumerate(record["sections"], 1)])
    findings = _at(starts, limit, [(one.start if one.end else first_start, one) for one in site.findings_of.get(notice, ())])
    rows = {row.index: row for row in site.sections_of.get(notice, ())}
    known = ledger(site, asked).tasks
    first: set[int] = set()
    for at, (number, start, end) in enumerate(spans):
        heads = [section_ref(asked, rows[index]) for index in sections.get(at, ()) if index in rows]
        anchors = [f"s{index}" for index in sections.get(at, ())] + [f"t{i}" for i in tasks.get(at, ())]
        yield Line(
            stretches=tuple(_stretches(text, start, end, spots.get(at, ()))),
            tasks=(*heads, *(task_ref(site, asked, (notice, i)) for i in tasks.get(at, ()) if (notice, i) in known)),
            anchors=(*([] if number in first else [f"l{number}"]), *anchors),
            notes=tuple(_note(asked, one) for one in findings.get(at, ())),
            heading=bool(heads),
        )
        first.add(number)


def _at(starts: Sequence[int], limit: int, items: Iterable[tuple[int, Any]]) -> dict[int, list[Any]]:
    """Items by the line on which their position stands, or which is before it; the others are left out."""
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for position, item in items:
        line = bisect_right(starts, position) - 1
        if line >= 0 and position < limit:
            found[line].append(item)
    return found


def _bucketed(spots: Iterable[_Spot], spans: Sequence[tuple[int, int, int]]) -> Mapping[int, Sequence[_Spot]]:
    starts = [start for _, start, _ in spans]
    found: defaultdict[int, list[_Spot]] = defaultdict(list)
    for spot in spots:
        for at in range(max(0, bisect_right(starts, spot.start) - 1), bisect_right(starts, max(spot.start, spot.end - 1))):
            if spans[at][1] < spot.end and spot.start < spans[at][2]:
                found[at].append(spot)
    return found


def _clauses(record: Mapping[str, Any]) -> Iterable[_Spot]:
    return [_Spot(task["clause"]["start"], task["clause"]["end"], clause=True) for task in record["tasks"] if task["clause"]]


def _links(site: Site, asked: Asked, record: Mapping[str, Any]) -> Iterable[_Spot]:
    labels, seen = ledger(site, asked).labels, set()
    for task in record["tasks"]:
        for one in task["assignments"]:
            span = (one["start"], one["end"])
            if one["unit"] in labels and span not in seen:
                seen.add(span)
                role = say(f"role.{one['role']}", lang=asked.lang)
                yield _Spot(*span, path=path_of(one["unit"]), title=asked.say("printed-as", role=role, unit=labels[one["unit"]]))


def _found(site: Site, asked: Asked, notice: str) -> Iterable[_Spot]:
    return [
        _Spot(one.start, one.end, severity=one.severity.value, title=finding_words(one, asked.lang))
        for one in site.findings_of.get(notice, ())
        if one.end > one.start
    ]


def _note(asked: Asked, one: FindingRow) -> tuple[str, str]:
    return one.severity.value, asked.say(
        "found", severity=say(f"severity.{one.severity}", lang=asked.lang), words=finding_words(one, asked.lang)
    )


def _stretches(text: str, start: int, end: int, spots: Sequence[_Spot]) -> Iterable[Stretch]:
    cuts = sorted({start, end, *(at for spot in spots for at in (spot.start, spot.end) if start < at < end)})
    order = [severity.value for severity in Severity]
    runs: list[Run] = []
    inside = False
    for a, b in zip(cuts, cuts[1:], strict=False):
        over = [spot for spot in spots if spot.start <= a and spot.end >= b]
        clause = any(spot.clause for spot in over)
        if clause is not inside and runs:
            yield Stretch(inside, tuple(runs))
            runs = []
        inside = clause
        link = next((spot for spot in over if spot.path), None)
        worst = max((spot for spot in over if spot.severity), key=lambda spot: order.index(spot.severity), default=None)
        runs.append(
            Run(text[a:b], link.path if link else "", worst.severity if worst else "", worst.title if worst else link.title if link else "")
        )
    if runs:
        yield Stretch(inside, tuple(runs))


def printed_text(part: Print) -> str:
    """The plain text of some lines."""
    return "\n".join("".join(run.text for stretch in line.stretches for run in stretch.runs) for line in part.lines)

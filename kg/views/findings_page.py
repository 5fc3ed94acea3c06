"""Findings as one HTML file: the text of each notice with what was found marked in it and told beside it."""

from __future__ import annotations

import base64
import hashlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from kg.messages import language, say
from kg.model import Finding, Notice, Severity
from kg.resources import package_file
from kg.views.findings import Found, counts_by_severity, task_words, why_and_mend
from kg.views.places import place_words
from kg.views.report import templates


@dataclass(frozen=True, slots=True)
class Note:
    """One finding beside the text; ``number`` counts through the page from 1."""

    number: int
    code: str
    severity: Severity
    message: str
    mend: str
    where: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that looks alike: in a clause or not, and the weight of the heaviest finding on it."""

    text: str
    clause: bool
    severity: Severity | None
    notes: tuple[Note, ...] = ()
    """Findings that begin here."""


@dataclass(frozen=True, slots=True)
class Row:
    """One paragraph of the text with the findings that begin in it."""

    line: int
    pieces: tuple[Piece, ...]

    @property
    def notes(self) -> tuple[Note, ...]:
        """The findings beside the paragraph, in order."""
        return tuple(note for piece in self.pieces for note in piece.notes)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One notice on the page."""

    anchor: str
    name: str
    source: str
    sum: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """One code with why it matters, how to mend it, and its findings."""

    code: str
    severity: Severity
    why: str
    mend: str
    notes: tuple[Note, ...]


def findings_html(found: Found, *, lang: str | None = None) -> str:
    """The findings as one HTML file that loads nothing, runs nothing and prints on A4.

    Args:
        found: notices with their findings.
        lang: zh or en; the language in use where None.
    """
    lang = lang or language()
    sheets, notes, at = [], [], 1
    for index, (notice, findings) in enumerate(found, 1):
        beside = [_note(notice, finding, number, lang) for number, finding in enumerate(findings, at)]
        at += len(beside)
        notes += beside
        sheets.append(_sheet(f"notice-{index}", notice, findings, beside, lang))
    counts = counts_by_severity([finding for _, findings in found for finding in findings])
    css = package_file("views/templates/findings.css").read_text(encoding="utf-8")
    return (
        templates()
        .get_template("findings.html.j2")
        .render(
            lang=lang,
            name=say("table.join", lang=lang).join(sheet.name for sheet in sheets[:3]),
            sheets=sheets,
            counts=counts,
            levels=[level.value for level in (Severity.ERROR, Severity.WARNING, Severity.INFO)],
            explained=list(_explained(notes, lang)),
            css=css,
            digest=base64.b64encode(hashlib.sha256(css.encode()).digest()).decode("ascii"),
            say=partial(say, lang=lang),
        )
    )


def _note(notice: Notice, finding: Finding, number: int, lang: str) -> Note:
    message = say(f"finding.{finding.code}", lang=lang, **dict(finding.values))
    task = task_words(notice, finding, "lint.page", lang=lang)
    place = place_words(notice, finding.span.start, lang=lang)
    where = " · ".join(part for part in (task, place) if part)
    return Note(number, finding.code, finding.severity, message, why_and_mend(finding.code, lang=lang)[1], where)


def _explained(notes: Sequence[Note], lang: str) -> Iterator[Explained]:
    by_code: dict[str, list[Note]] = {}
    for note in notes:
        by_code.setdefault(note.code, []).append(note)
    order = (Severity.ERROR, Severity.WARNING, Severity.INFO)
    for code, alike in sorted(by_code.items(), key=lambda entry: (order.index(entry[1][0].severity), entry[0])):
        why, mend = why_and_mend(code, lang=lang)
        yield Explained(code, alike[0].severity, why, mend, tuple(alike))


def _sheet(anchor: str, notice: Notice, findings: Sequence[Finding], notes: Sequence[Note], lang: str) -> Sheet:
    counts = counts_by_severity(findings)
    total = say("lint.page.sum", lang=lang, error=counts["error"], warning=counts["warning"], info=counts["info"])
    name = notice.title or notice.number or notice.source
    return Sheet(anchor, name, notice.source, total, tuple(_rows(notice, findings, notes)))


def _rows(notice: Notice, findings: Sequence[Finding], notes: Sequence[Note]) -> Iterator[Row]:
    """The lines of the text that hold something; a finding on a blank line goes to the line before it, else to the first."""
    lines = list(_lines(notice.text))
    starts = [start for _, start, _ in lines]
    begin: dict[int, list[Note]] = {}
    for finding, note in zip(findings, notes, strict=True):
        if lines:
            number = max(0, bisect_right(starts, finding.span.start) - 1)
            _, start, end = lines[number]
            begin.setdefault(min(max(finding.span.start, start), end - 1), []).append(note)
    changes = _changes(notice, findings)
    cuts = sorted({*changes, *begin})
    active: Counter[str] = Counter()
    at = 0
    for line, start, end in lines:
        pieces: list[Piece] = []
        while at < len(cuts) and cuts[at] <= start:
            active.update(changes.get(cuts[at], {}))
            at += 1
        left = start
        while left < end:
            right = min(cuts[at], end) if at < len(cuts) else end
            pieces.append(Piece(notice.text[left:right], active["clause"] > 0, _heaviest(active), tuple(begin.get(left, ()))))
            left = right
            if at < len(cuts) and cuts[at] == right and right < end:
                active.update(changes.get(right, {}))
                at += 1
        yield Row(line, tuple(pieces))


def _lines(text: str) -> Iterator[tuple[int, int, int]]:
    # Number, start and end of each line with something in it; blanks at both ends are left out.
    at = 0
    for number, line in enumerate(text.split("\n"), 1):
        if body := line.strip():
            start = at + line.index(body)
            yield number, start, start + len(body)
        at += len(line) + 1


def _changes(notice: Notice, findings: Sequence[Finding]) -> dict[int, Counter[str]]:
    """Where clauses and findings begin and end: how many more of each kind hold from a position on."""
    changes: dict[int, Counter[str]] = {}
    spans = [("clause", task.clause.span) for task in notice.tasks if task.clause]
    spans += [(finding.severity.value, finding.span) for finding in findings]
    for kind, span in spans:
        if span.start < span.end:
            changes.setdefault(span.start, Counter())[kind] += 1
            changes.setdefault(span.end, Counter())[kind] -= 1
    return changes


def _heaviest(active: Mapping[str, int]) -> Severity | None:
    return next((level for level in (Severity.ERROR, Severity.WARNING, Severity.INFO) if active.get(level.value, 0) > 0), None)

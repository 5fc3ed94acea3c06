"""Findings of ``kg lint`` for people and programs: file, line, what, why it matters, how to mend it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from kg.analysis.baseline import fingerprints
from kg.analysis.lint import rule_of
from kg.messages import catalogue, language, say
from kg.model import Finding, Notice, Severity
from kg.views.places import place_words
from kg.views.record import finding_message

Found = Sequence[tuple[Notice, Sequence[Finding]]]
"""Notices with their findings, as ``lint_notice`` gives them."""


def line_and_column(text: str, at: int) -> tuple[int, int]:
    """The line and column of a code point, both from 1.

    >>> line_and_column("甲\\n乙丙", 3)
    (2, 2)
    """
    return text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1


def why_and_mend(code: str, *, lang: str | None = None) -> tuple[str, str]:
    """Why a finding of this code matters, and how to mend it; both empty for a code without a rule."""
    known = f"lint.why.{code}" in catalogue(lang or language())
    return (say(f"lint.why.{code}", lang=lang), say(f"lint.mend.{code}", lang=lang)) if known else ("", "")


def findings_text(found: Found) -> str:
    """One line a finding, as compilers print them, a count a notice, and at the end what each code means."""
    lines = []
    for notice, findings in found:
        lines += [_line(notice, finding) for finding in findings]
        counts = counts_by_severity(findings)
        lines.append(say("lint.sum", source=notice.source, error=counts["error"], warning=counts["warning"], info=counts["info"]))
    return "\n".join([*lines, *_explanations({finding.code for _, findings in found for finding in findings})])


def task_words(notice: Notice, finding: Finding, key: str, *, lang: str | None = None) -> str:
    """Which task a finding is about: its running number, and the printed one where that differs; empty for none."""
    if not finding.task:
        return ""
    number = next((task.number for task in notice.tasks if task.i == finding.task), None)
    if number in (None, str(finding.task)):
        return say(f"{key}.task", lang=lang, i=finding.task)
    return say(f"{key}.task-numbered", lang=lang, i=finding.task, number=number)


def _line(notice: Notice, finding: Finding) -> str:
    task = task_words(notice, finding, "lint")
    place = _place(notice, finding.span.start)
    line, column = line_and_column(notice.text, finding.span.start)
    # Lines of the text are no lines of a file of pages or tables.
    source = notice.source if place else f"{notice.source}:{line}:{column}"
    where = say("lint.place.shown", place=place) if place else ""
    severity = say(f"severity.{finding.severity}")
    return f"{source}: {severity} [{finding.code}] {task}{finding_message(finding)}{where}"


_QUOTED = 12
"""Characters of a paragraph by which people find it: nobody counts paragraphs in Word."""


def _place(notice: Notice, at: int) -> str:
    place = place_words(notice, at)
    beginnings = [one for one in notice.places if one.start <= at]
    if not beginnings or beginnings[-1].paragraph is None:
        return place
    start = beginnings[-1].start
    words = notice.text[start:].split("\n", 1)[0].strip()
    shown = words if len(words) <= _QUOTED else words[:_QUOTED] + say("lint.place.cut")
    return say("lint.place.quoted", place=place, words=shown)


def finding_words(finding: Finding) -> str:
    """A finding in a few lines, for a comment: how severe, what, and how to mend it."""
    mend = why_and_mend(finding.code)[1]
    head = say("lint.comment", severity=say(f"severity.{finding.severity}"), message=finding_message(finding))
    return "\n".join(filter(None, (head, mend and say("lint.comment-mend", mend=mend))))


def counts_by_severity(findings: Sequence[Finding]) -> dict[str, int]:
    """How many errors, warnings and infos there are."""
    counts = Counter(finding.severity for finding in findings)
    return {level.value: counts[level] for level in (Severity.ERROR, Severity.WARNING, Severity.INFO)}


def _explanations(codes: set[str]) -> list[str]:
    explained = [(code, *why_and_mend(code)) for code in sorted(codes)]
    rows = [say("lint.explained-rule", code=code, why=why, mend=mend) for code, why, mend in explained if why]
    return ["", say("lint.explained"), *rows] if rows else []


def findings_json(found: Found) -> str:
    """The same as JSON: one object a finding, in a list a notice."""
    return json.dumps(
        [
            {
                "notice": notice.id,
                "source": notice.source,
                "findings": [_finding(notice, *pair) for pair in zip(findings, fingerprints(notice, findings), strict=True)],
            }
            for notice, findings in found
        ],
        ensure_ascii=False,
        indent=1,
    )


def _finding(notice: Notice, finding: Finding, known: str) -> dict[str, Any]:
    line, column = line_and_column(notice.text, finding.span.start)
    why, mend = why_and_mend(finding.code)
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "scope": rule_of(finding.code).scope.value,
        "task": finding.task,
        "message": finding_message(finding),
        "why": why,
        "mend": mend,
        "printed": notice.text[finding.span.start : finding.span.end],
        "line": line,
        "column": column,
        "place": place_words(notice, finding.span.start) or None,
        "start": finding.span.start,
        "end": finding.span.end,
        "fingerprint": known,
    }

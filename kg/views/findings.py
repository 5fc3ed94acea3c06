"""Findings of ``kg lint`` for people and programs: file, line, what."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from kg.messages import say
from kg.model import Finding, Notice, Severity
from kg.views.record import finding_message


def line_and_column(text: str, at: int) -> tuple[int, int]:
    """The line and column of a code point, both from 1.

    >>> line_and_column("甲\\n乙丙", 3)
    (2, 2)
    """
    return text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1


def findings_text(found: Sequence[tuple[Notice, Sequence[Finding]]]) -> str:
    """One line a finding, as compilers print them, and a count at the end."""
    lines = []
    for notice, findings in found:
        for finding in findings:
            line, column = line_and_column(notice.text, finding.span.start)
            task = say("lint.task", i=finding.task) if finding.task else ""
            severity = say(f"severity.{finding.severity}")
            lines.append(f"{notice.source}:{line}:{column}: {severity} [{finding.code}] {task}{finding_message(finding)}")
        counts = Counter(finding.severity for finding in findings)
        error, warning, info = (counts[level] for level in (Severity.ERROR, Severity.WARNING, Severity.INFO))
        lines.append(say("lint.sum", source=notice.source, error=error, warning=warning, info=info))
    return "\n".join(lines)


def findings_json(found: Sequence[tuple[Notice, Sequence[Finding]]]) -> str:
    """The same as JSON: one object a finding, in a list a notice."""
    return json.dumps(
        [
            {
                "notice": notice.id,
                "source": notice.source,
                "findings": [
                    {
                        "code": finding.code,
                        "severity": finding.severity.value,
                        "task": finding.task,
                        "message": finding_message(finding),
                        "printed": notice.text[finding.span.start : finding.span.end],
                        "line": line_and_column(notice.text, finding.span.start)[0],
                        "start": finding.span.start,
                        "end": finding.span.end,
                    }
                    for finding in findings
                ],
            }
            for notice, findings in found
        ],
        ensure_ascii=False,
        indent=1,
    )

"""What a careful drafter would mend in a notice before it is issued."""

from __future__ import annotations

from kg.model import Finding, Notice, Severity

_ORDER = (Severity.INFO, Severity.WARNING, Severity.ERROR)


def lint_notice(notice: Notice) -> list[Finding]:
    """The findings about a notice, in the order of the text: what its reader and the naming of its units met."""
    return sorted(notice.findings, key=lambda finding: (finding.span, finding.code))


def at_least(finding: Finding, level: str) -> bool:
    """Whether a finding is as severe as ``level``: info, warning, error, or never.

    >>> from kg.model import Span
    >>> at_least(Finding("no-lead", Severity.WARNING, Span(0, 1)), "info")
    True
    """
    return level != "never" and _ORDER.index(finding.severity) >= _ORDER.index(Severity(level))

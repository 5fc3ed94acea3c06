"""What a careful drafter would mend in a notice before it is issued."""

from __future__ import annotations

from collections.abc import Iterator

from kg.analysis.rules import RULES, LintRule, Scope
from kg.model import Finding, Notice, Severity

_ORDER = (Severity.INFO, Severity.WARNING, Severity.ERROR)


def lint_notice(notice: Notice) -> list[Finding]:
    """The findings about a notice, in the order of the text: what its reader and the naming of its units met, and the rules.

    What the reader has said already no rule says again.
    """
    met = {(finding.code, finding.task, finding.span) for finding in notice.findings}
    ruled = [finding for finding in _ruled(notice) if (finding.code, finding.task, finding.span) not in met]
    return sorted((*notice.findings, *ruled), key=lambda finding: (finding.span, finding.code, finding.values))


def _ruled(notice: Notice) -> Iterator[Finding]:
    for rule in RULES:
        if rule.check:
            for hit in rule.check(notice):
                yield Finding(rule.code, rule.severity, hit.span, hit.task, hit.values)


def rule_of(code: str) -> LintRule:
    """The rule of a code; one that a reader newly gives is a warning about a task.

    >>> rule_of("list-broken").severity.value
    'warning'
    """
    return next((rule for rule in RULES if rule.code == code), LintRule(code, Severity.WARNING, Scope.TASK))


def at_least(finding: Finding, level: str) -> bool:
    """Whether a finding is as severe as ``level``: info, warning, error, or never.

    >>> from kg.model import Span
    >>> at_least(Finding("no-lead", Severity.WARNING, Span(0, 1)), "info")
    True
    """
    return level != "never" and _ORDER.index(finding.severity) >= _ORDER.index(Severity(level))

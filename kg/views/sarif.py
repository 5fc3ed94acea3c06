"""Findings as SARIF 2.1.0, which editors and code reviews show beside the text.

Positions count code points. Where the text was taken out of a file of pages or tables, lines of the text are no lines of the
file: then the place is said in words, and a region is left out.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePath, PureWindowsPath
from typing import Any
from urllib.parse import quote

from kg import __version__
from kg.analysis.baseline import fingerprints
from kg.analysis.lint import rule_of
from kg.messages import language
from kg.model import Finding, Notice, Severity
from kg.views.findings import Found, line_and_column, task_words, why_and_mend
from kg.views.places import place_words
from kg.views.record import finding_message

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.INFO: "note", Severity.WARNING: "warning", Severity.ERROR: "error"}


def findings_sarif(found: Found) -> str:
    """One run with the findings of all notices, and the rules that they come from."""
    codes = sorted({finding.code for _, findings in found for finding in findings})
    sources = list(dict.fromkeys(notice.source for notice, _ in found))
    results = [result for notice, findings in found for result in _results(notice, findings, codes, sources)]
    run = {
        "tool": {"driver": {"name": "govresp", "version": __version__, "language": _language(), "rules": [_rule(code) for code in codes]}},
        "language": _language(),
        "columnKind": "unicodeCodePoints",
        "artifacts": [{"location": {"uri": artifact_uri(source)}} for source in sources],
        "results": results,
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1)


def _language() -> str:
    return {"zh": "zh-CN"}.get(language(), language())


def artifact_uri(source: str) -> str:
    """A path as a relative URI reference, percent-encoded; an absolute path becomes a file URI.

    >>> artifact_uri("草稿/2020 分工.txt")
    '%E8%8D%89%E7%A8%BF/2020%20%E5%88%86%E5%B7%A5.txt'
    >>> artifact_uri("C:\\\\通知.txt"), artifact_uri("/tmp/a.txt"), artifact_uri("a:b.txt")
    ('file:///C:/%E9%80%9A%E7%9F%A5.txt', 'file:///tmp/a.txt', './a%3Ab.txt')
    """
    path = PureWindowsPath(source) if PureWindowsPath(source).drive and "\\" in source else PurePath(source)
    if path.is_absolute():
        drive = path.drive if isinstance(path, PureWindowsPath) else ""
        return "file://" + ("/" + drive if drive else "") + quote(path.as_posix().removeprefix(drive))
    uri = quote(path.as_posix())
    return "./" + uri if ":" in path.as_posix().split("/")[0] else uri


def _rule(code: str) -> dict[str, Any]:
    rule = rule_of(code)
    why, mend = why_and_mend(code)
    descriptor: dict[str, Any] = {
        "id": code,
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"scope": rule.scope.value},
    }
    if why:
        descriptor |= {"shortDescription": {"text": why}, "fullDescription": {"text": why}, "help": {"text": mend}}
    return descriptor


def _results(notice: Notice, findings: Sequence[Finding], codes: Sequence[str], sources: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {
            "ruleId": finding.code,
            "ruleIndex": codes.index(finding.code),
            "level": _LEVELS[finding.severity],
            "message": {"text": task_words(notice, finding, "lint") + finding_message(finding)},
            "locations": [_location(notice, finding, sources.index(notice.source))],
            "partialFingerprints": {"govresp/v1": known},
            "properties": {"notice": notice.id, "task": finding.task},
        }
        for finding, known in zip(findings, fingerprints(notice, findings), strict=True)
    ]


def _location(notice: Notice, finding: Finding, index: int) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": artifact_uri(notice.source), "index": index}}
    if place := place_words(notice, finding.span.start):
        return {"physicalLocation": physical, "message": {"text": place}}
    start, end = finding.span.start, finding.span.end
    line, column = line_and_column(notice.text, start)
    end_line, end_column = line_and_column(notice.text, end)
    physical["region"] = {
        "startLine": line,
        "startColumn": column,
        "endLine": end_line,
        "endColumn": end_column,
        "charOffset": start,
        "charLength": end - start,
        "snippet": {"text": notice.text[start:end]},
    }
    return {"physicalLocation": physical}

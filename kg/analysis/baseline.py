"""The findings that a drafter has seen and leaves as they are: kept in a file, so that only new ones are told."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kg.errors import SourceMissingError, TableError
from kg.model import Finding, Notice, Task

SCHEMA = 1


def fingerprint(notice: Notice, finding: Finding) -> str:
    """What a finding is known by, as 32 hexadecimal digits: its code, its words, and the number and wording of its task.

    It counts no characters, so changes elsewhere in the text leave it as it is. Blanks do not matter. A task whose wording
    stands once in its notice is known by that alone: when another task is put in before it, its number changes, not it.
    """
    return fingerprints(notice, [finding])[0]


def fingerprints(notice: Notice, findings: Sequence[Finding]) -> list[str]:
    """The fingerprints of several findings of one notice, in their order."""
    wordings = {task.i: _essence(task.text) for task in notice.tasks}
    times = Counter(wordings.values())
    tasks = {task.i: task for task in notice.tasks}
    found = []
    for finding in findings:
        printed = _essence(notice.text[finding.span.start : finding.span.end])
        number, wording = "", wordings.get(finding.task or 0, "")
        if finding.task in tasks and (not wording or times[wording] > 1):
            number = _number(tasks[finding.task])
        known = "\n".join((finding.code, number, wording, printed))
        found.append(hashlib.sha256(known.encode("utf-8")).hexdigest()[:32])
    return found


def _essence(text: str) -> str:
    return "".join(text.split())


def _number(task: Task) -> str:
    return task.number or str(task.i)


def baseline_text(found: Sequence[tuple[Notice, Sequence[Finding]]]) -> str:
    """The baseline file of some findings: JSON, one line a kind of finding, in an order that keeps differences small."""
    entries: dict[str, dict[str, Any]] = {}
    for notice, findings in found:
        tasks = {task.i: task for task in notice.tasks}
        for finding, known in zip(findings, fingerprints(notice, findings), strict=True):
            task = tasks.get(finding.task or 0)
            printed = _essence(notice.text[finding.span.start : finding.span.end])[:40]
            entry = {"fingerprint": known, "code": finding.code, "task": _number(task) if task else None, "printed": printed, "count": 0}
            entries.setdefault(known, entry)["count"] += 1
    rows = sorted(entries.values(), key=lambda entry: (entry["code"], entry["printed"], entry["fingerprint"]))
    lines = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in rows)
    return f'{{\n "schema": {SCHEMA},\n "findings": [\n{lines}\n ]\n}}\n' if rows else f'{{\n "schema": {SCHEMA},\n "findings": []\n}}\n'


def read_baseline(path: Path) -> Mapping[str, int]:
    """How often each finding stands in a baseline file, by fingerprint.

    Raises:
        SourceMissingError: there is no such file.
        TableError: it is no baseline.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SourceMissingError(path) from None
    except (ValueError, OSError) as error:
        raise TableError(path, error) from error
    if not isinstance(content, dict) or content.get("schema") != SCHEMA or not isinstance(content.get("findings"), list):
        raise TableError(path, f'"schema": {SCHEMA}, "findings": […]')
    counts: Counter[str] = Counter()
    for at, entry in enumerate(content["findings"], 1):
        if not isinstance(entry, dict) or not isinstance(entry.get("fingerprint"), str):
            raise TableError(path, f"findings {at}: fingerprint")
        count = entry.get("count", 1)
        if not isinstance(count, int) or count < 1:
            raise TableError(path, f"findings {at}: count")
        counts[entry["fingerprint"]] += count
    return counts


def new_findings(found: Sequence[tuple[Notice, Sequence[Finding]]], baseline: Mapping[str, int]) -> list[tuple[Notice, list[Finding]]]:
    """The findings that a baseline does not hold, notice by notice; where it holds one of two alike, the second is new."""
    left = Counter(baseline)
    new: list[tuple[Notice, list[Finding]]] = []
    for notice, findings in found:
        kept: list[Finding] = []
        for finding, known in zip(findings, fingerprints(notice, findings), strict=True):
            if left[known] > 0:
                left[known] -= 1
            else:
                kept.append(finding)
        new.append((notice, kept))
    return new

"""``kg lint``: a draft checked before it is issued, told as text, page, comments in a copy of the Word file, JSON or SARIF."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands import PATH, command, complain, knowledge, knowledge_of, option, output, sources, write
from kg.console import DONE, FINDINGS
from kg.errors import NoNoticesError
from kg.messages import say

if TYPE_CHECKING:
    from kg.model import Finding, Span
    from kg.reading.word_comments import Comment
    from kg.views.findings import Found

_FORM_BY_ENDING = {".html": "html", ".htm": "html", ".docx": "docx", ".json": "json", ".sarif": "sarif", ".txt": "text"}


@command
@sources
@option("--format", "form", type=click.Choice(["text", "html", "docx", "json", "sarif"]), default=None)
@option("--fail-on", type=click.Choice(["info", "warning", "error", "never"]), default="warning", show_default=True)
@option("--ignore", "ignored", multiple=True, metavar="CODE")
@option("--baseline", type=PATH, default=None)
@option("--write-baseline", type=PATH, default=None)
@output
@knowledge
def lint(
    sources: tuple[Path, ...],
    form: str | None,
    fail_on: str,
    ignored: tuple[str, ...],
    baseline: Path | None,
    write_baseline: Path | None,
    output: Path | None,
    **tables: tuple[Path, ...],
) -> int:
    """What is odd in a notice."""
    from kg.analysis.baseline import baseline_text, new_findings, read_baseline
    from kg.analysis.lint import at_least, lint_notice
    from kg.building.line import read_notices

    form = form or _form_of(output)
    _check_codes(ignored)
    known = read_baseline(baseline) if baseline else {}
    drafts = _drafts(sources)
    batch = read_notices(drafts, knowledge_of(**tables))
    found: Found = [(notice, [one for one in lint_notice(notice) if one.code not in ignored]) for notice in batch.notices]
    if write_baseline:
        write(baseline_text(found), write_baseline)
        click.echo(say("lint.baseline-written", write_baseline, sum(len(findings) for _, findings in found)), err=True)
        return complain(batch.failures)
    found = new_findings(found, known)
    if form == "docx":
        _write_word(drafts, found, output)
    else:
        write(_findings_writer(form)(found), output)
    _tell(found, output)
    failing = any(at_least(finding, fail_on) for _, findings in found for finding in findings)
    return complain(batch.failures) or (FINDINGS if failing else DONE)


def _drafts(sources: tuple[Path, ...]) -> list[Path]:
    # Of a folder, the drafts without what earlier checks of them have left there; a file that is named is read.
    from kg.reading.files import source_files
    from kg.versions import is_build

    found: list[Path] = []
    for source in sources:
        inside = dict.fromkeys(file.path for file in source_files([source], is_build)) if source.is_dir() else {}
        drafts = [path for path in inside if not _is_own(path)]
        if inside and not drafts:
            raise NoNoticesError(source)
        found += drafts or [source]
    return found


def _is_own(path: Path) -> bool:
    from kg.views.packages import COPY

    try:
        content = path.read_bytes() if path.suffix.lower() in {".html", ".htm", ".docx"} else b""
    except OSError:
        # Told as one bad file of the batch, when it is its turn.
        return False
    return content.endswith(COPY) or b'<meta name="generator" content="govresp">' in content[:_HEAD]


_HEAD = 512
"""Bytes of a page within which it says who made it."""


def _form_of(output: Path | None) -> str:
    ending = output.suffix.lower() if output else ""
    if ending and ending not in _FORM_BY_ENDING:
        raise click.UsageError(say("usage.ending", ending, ", ".join(_FORM_BY_ENDING)))
    return _FORM_BY_ENDING.get(ending, "text")


def _check_codes(codes: tuple[str, ...]) -> None:
    from difflib import get_close_matches

    from kg.analysis.rules import RULES

    known = [rule.code for rule in RULES]
    for code in codes:
        if code not in known:
            near = get_close_matches(code, known, 3, 0.5) or known[:3]
            raise click.UsageError(say("lint.no-code", code, say("table.join").join(near)))


def _findings_writer(form: str) -> Callable[[Found], str]:
    if form == "html":
        from kg.views.findings_page import findings_html

        return findings_html
    if form == "sarif":
        from kg.views.sarif import findings_sarif

        return findings_sarif
    from kg.views.findings import findings_json, findings_text

    return findings_json if form == "json" else findings_text


def _tell(found: Found, output: Path | None) -> None:
    # Whoever looks at a file hears on the console what is in it.
    if output is None or str(output) == "-":
        return
    from kg.views.findings import counts_by_severity

    counts = counts_by_severity([finding for _, findings in found for finding in findings])
    click.echo(say("lint.written", path=output, error=counts["error"], warning=counts["warning"], info=counts["info"]), err=True)


def _write_word(sources: Sequence[Path], found: Found, output: Path | None) -> None:
    from kg.building.output import write_whole
    from kg.reading.files import source_files
    from kg.reading.word_comments import with_comments, word_file
    from kg.versions import is_build
    from kg.views.packages import fixed_package

    files = source_files(sources, is_build)
    if len(files) != 1:
        raise click.UsageError(say("lint.one-word-file", len(files)))
    if output is None or str(output) == "-" and sys.stdout.isatty():
        raise click.UsageError(say("lint.word-needs-output"))
    notice, findings = found[0]
    comments = _comments(findings)
    made = with_comments(word_file(files[0]), files[0].name, notice.text, notice.places, comments)
    made = fixed_package(made, own_days=True)
    if str(output) == "-":
        sys.stdout.buffer.write(made)
        sys.stdout.buffer.flush()
    else:
        write_whole(output, made)


def _comments(findings: Sequence[Finding]) -> list[Comment]:
    # What is said about the same words is one comment.
    from kg.reading.word_comments import Comment
    from kg.views.findings import finding_words

    texts: dict[Span, list[str]] = {}
    for finding in findings:
        texts.setdefault(finding.span, []).append(finding_words(finding))
    return [Comment(span, "\n".join(said)) for span, said in texts.items()]

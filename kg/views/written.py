"""A report as the files that one command writes: one text, or Markdown with its drawings beside it."""

from __future__ import annotations

from kg.messages import language
from kg.model import Ties
from kg.views.assessed import Settings
from kg.views.brief import brief_document, brief_html
from kg.views.markdown import document_markdown, markdown_files
from kg.views.report import report_document, report_html
from kg.views.report_csv import load_csv


def report_files(ties: Ties, settings: Settings, form: str, file: str | None, *, brief: bool = False) -> dict[str, str]:
    """What a report is written as, by file name, in the language in use.

    Args:
        ties: the ties of one or more notices.
        settings: of the tests.
        form: html, md or csv.
        file: name of the file; without one there are no drawings beside a Markdown text.
        brief: one page instead of the report.
    """
    if form == "html":
        return {file or "": (brief_html if brief else report_html)(ties, settings=settings)}
    if form == "csv":
        return {file or "": load_csv(ties, settings=settings)}
    document = (brief_document if brief else report_document)(ties, language(), settings)
    return markdown_files(document, file) if file else {"": document_markdown(document)}

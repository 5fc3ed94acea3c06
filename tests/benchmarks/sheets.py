"""Speed of the task sheets and the workbook, on an idle machine: ``python -m tests.benchmarks.sheets``."""

from __future__ import annotations

from kg.building.line import one_notice
from kg.graph.ties import ties_of
from kg.views.details import details_of_notices
from kg.views.sheets import sheet_html, task_sheets
from kg.views.word import document_docx
from kg.views.workbook import workbook_bytes

from .reading import SEED
from .timing import cpu

SHEETS = 64


def sheet_rows() -> list[tuple[str, float, str]]:
    """What is measured, CPU seconds, and the budget: 64 sheets as DOCX, as HTML, and the workbook."""
    notice = one_notice(SEED)
    ties, details = ties_of([notice]), details_of_notices([notice])
    units = [sheet.unit for sheet in task_sheets(ties, details)][:SHEETS]
    return [
        ("64 task sheets, DOCX", cpu(lambda: [document_docx(one.document) for one in task_sheets(ties, details, units=units)]), "≤ 5"),
        ("64 task sheets, HTML", cpu(lambda: [sheet_html(one) for one in task_sheets(ties, details, units=units)]), "≤ 5"),
        ("workbook, XLSX", cpu(lambda: workbook_bytes(ties, details)), ""),
    ]


if __name__ == "__main__":
    for name, seconds, budget in sheet_rows():
        print(f"{name:40s} {seconds:8.3f}  {budget}")

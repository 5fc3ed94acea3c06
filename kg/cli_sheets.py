"""``kg sheets``: one task sheet a unit, as DOCX or HTML, with a list of them; and the workbook of ``kg export``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands import PATH, command, complain, graph, graph_of, knowledge, knowledge_of, need, option, with_persons
from kg.messages import say

if TYPE_CHECKING:
    from kg.api import KG
    from kg.views.sheets import TaskSheet


@command
@graph
@option("-o", "--output", type=PATH, default=Path("sheets"), show_default=True, metavar="DIR")
@option("--format", "form", type=click.Choice(["docx", "html"]), default="docx", show_default=True)
@option("--unit", "names", multiple=True, metavar="NAME")
@knowledge
@with_persons
@option("-q", "--quiet", is_flag=True)
def sheets(
    sources: tuple[str | Path, ...], output: Path, form: str, names: tuple[str, ...], persons: bool, quiet: bool, **tables: tuple[Path, ...]
) -> int:
    """One task sheet a unit."""
    if form == "docx":
        need("Word", "office", "docx")
    opened = graph_of(sources, knowledge_of(**tables), persons)
    count = write_sheets(opened, output, form, names, persons=persons)
    if not quiet:
        click.echo(say("sheets.done.written", count=count, path=output / "index.html"), err=True)
    return complain(opened.failures)


def write_sheets(opened: KG, output: Path, form: str, names: tuple[str, ...] = (), *, persons: bool = False) -> int:
    """Write the sheets of some units, or of all, into a folder, and the list of them last; how many there are.

    Raises:
        UnitNotFoundError, UnitAmbiguousError: a name that no unit has, or several; nothing is written then.
        ExtraError: python-docx is not installed.
        OutputError: the folder cannot be written to.
    """
    from kg.building.output import write_whole
    from kg.details import details_of
    from kg.views.sheets import index_html, index_row, task_sheets, units_named

    units = units_named(opened.ties, names)
    details = details_of(opened, persons=persons)
    listed: list[tuple[str, list[object]]] = []
    for sheet in task_sheets(opened.ties, details, units=units):
        file = f"{sheet.name}.{form}"
        write_whole(output / file, _content(sheet, form))
        listed.append((file, index_row(sheet)))
    write_whole(output / "index.html", index_html(listed, opened.ties))
    return len(listed)


def _content(sheet: TaskSheet, form: str) -> str | bytes:
    if form == "html":
        from kg.views.sheets import sheet_html

        return sheet_html(sheet)
    from kg.views.word import document_docx

    return document_docx(sheet.document)


def write_workbook(opened: KG, path: Path | None, *, persons: bool = False) -> None:
    """Write the workbook to a file, or as bytes to standard output.

    Raises:
        ExtraError: openpyxl is not installed.
        OutputError: the place cannot be written to.
    """
    from kg.building.output import write_whole
    from kg.details import details_of
    from kg.views.workbook import workbook_bytes

    content = workbook_bytes(opened.ties, details_of(opened, persons=persons), persons=persons)
    if path is None or str(path) == "-":
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        write_whole(path, content)

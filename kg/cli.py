"""The commands: each parses its options, calls one function, and writes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg import cli_build, cli_lint, cli_parquet, cli_query, cli_report, cli_serve, cli_sheets, cli_whatif
from kg.commands import (
    GRAPH,
    PATH,
    cli,
    command,
    complain,
    form_of,
    graph,
    graph_of,
    knowledge,
    knowledge_of,
    need,
    option,
    output,
    sources,
    with_persons,
    write,
)
from kg.console import DONE, FINDINGS, run
from kg.errors import TaskMissingError
from kg.messages import say

if TYPE_CHECKING:
    from kg.analysis.compare import Comparison
    from kg.model import Ties

__all__ = ["cli", "cli_build", "cli_lint", "cli_parquet", "cli_query", "cli_report", "cli_serve", "cli_sheets", "cli_whatif", "main"]


def main() -> None:
    """Run ``kg``."""
    sys.exit(run(cli))


@command
@sources
@option("--format", "form", type=click.Choice(["json", "text", "table", "csv"]), default="json", show_default=True)
@option("--explain", type=int, default=None, metavar="I")
@output
@knowledge
def extract(sources: tuple[Path, ...], form: str, explain: int | None, output: Path | None, **tables: tuple[Path, ...]) -> int:
    """What was read, task by task."""
    from kg.building.line import read_notices
    from kg.views import record

    batch = read_notices(sources, knowledge_of(**tables))
    if explain is not None:
        for notice in batch.notices:
            if not any(task.i == explain for task in notice.tasks):
                raise TaskMissingError(notice.source, explain, len(notice.tasks))
        write("\n\n".join(record.explain(notice, explain) for notice in batch.notices), output)
    elif form == "text":
        _write_text("".join(notice.text for notice in batch.notices), output)
    elif form == "csv":
        write(record.assignment_csv(batch.notices), output, bom=True)
    elif form == "table":
        from kg.views.text import text_table

        columns, *rows = record.task_table(batch.notices)
        write(text_table(columns, rows), output)
    else:
        write("".join(record.record_line(notice) + "\n" for notice in batch.notices), output)
    return complain(batch.failures)


def _write_text(text: str, path: Path | None) -> None:
    # The frozen text exactly: no line end is added or changed.
    if path is None or str(path) == "-":
        sys.stdout.buffer.write(text.encode("utf-8"))
        sys.stdout.buffer.flush()
    else:
        write(text, path)


@command
@graph
@output
@knowledge
@with_persons
def draw(sources: tuple[str | Path, ...], output: Path | None, persons: bool, **tables: tuple[Path, ...]) -> int:
    """The interactive picture, one file."""
    if output is not None and output.suffix.lower() not in ("", ".html", ".htm"):
        raise click.UsageError(say("usage.page-only", output.suffix))
    form_of(output, ("html", "htm"), "html")
    opened = graph_of(sources, knowledge_of(**tables), persons)
    beside = output is not None and str(output) != "-" and (output.is_file() or not output.exists())
    if output and beside:
        for name, page in opened.pages(output.name):
            write(page, output.with_name(name))
    else:
        write(opened.page(), output)
    return complain(opened.failures)


@command
@click.argument("old", type=GRAPH, metavar="OLD")
@click.argument("new", type=GRAPH, metavar="NEW")
@option("--format", "form", type=click.Choice(["html", "md", "csv", "json", "text", "page"]), default=None)
@output
@knowledge
def compare(old: str | Path, new: str | Path, form: str | None, output: Path | None, **tables: tuple[Path, ...]) -> int:
    """Two notices, folders or builds side by side."""
    from kg.sides import compare_sources
    from kg.views import compare as pages
    from kg.views.compare_records import compare_csv, compare_json

    compared = compare_sources(old, new, knowledge_of(**tables))
    if form == "page":
        from kg.views.page_difference import draw_difference

        write(draw_difference(compared.ties, compared.comparison), output)
        return complain(compared.failures)
    makers: dict[str, Callable[[Comparison], str]] = {"html": pages.compare_html, "md": pages.compare_markdown, "csv": compare_csv}
    makers |= {"json": compare_json, "text": pages.compare_text}
    ending = output.suffix.lower() if output else ""
    if form is None and ending not in {"", ".txt", *_FORM_BY_ENDING}:
        raise click.UsageError(say("usage.ending", ending, ", ".join(_FORM_BY_ENDING)))
    form = form or _FORM_BY_ENDING.get(ending, "text")
    write(makers[form](compared.comparison), output, bom=form == "csv")
    return complain(compared.failures)


_FORM_BY_ENDING = {".html": "html", ".htm": "html", ".md": "md", ".csv": "csv", ".json": "json"}


@command
@graph
@option("--reference", is_flag=True)
@option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@output
def validate(sources: tuple[str | Path, ...], reference: bool, form: str, output: Path | None) -> int:
    """Whether the graph conforms to the shapes."""
    from kg.graph.shacl import conforms, validate_fast, validate_reference
    from kg.views.answers import validation_text

    if reference:
        need("pyshacl", "shacl", "pyshacl")
    opened = graph_of(sources)
    results = validate_reference(opened.store) if reference else validate_fast(opened.store)
    write(validation_text(results, form), output)
    return complain(opened.failures) or (DONE if conforms(results) else FINDINGS)


_EXPORTS = ("ttl", "trig", "nt", "nq", "jsonld", "graphml", "gexf", "csv", "xlsx", "parquet")


@command
@graph
@option("--format", "form", type=click.Choice(_EXPORTS), default=None)
@output
@knowledge
@with_persons
def export(sources: tuple[str | Path, ...], form: str | None, output: Path | None, persons: bool, **tables: tuple[Path, ...]) -> int:
    """The graph for other programs."""
    from kg.graph.serialise import serialise_store
    from kg.views import networks

    form = form or form_of(output, _EXPORTS)
    if form == "parquet":
        need("Parquet", "parquet", "pyarrow")
        cli_parquet.check_folder(output)
    elif form == "xlsx":
        need("Excel", "office", "openpyxl")
    opened = graph_of(sources, knowledge_of(**tables), persons)
    if form == "parquet":
        cli_parquet.write_tables(opened, output)
        return complain(opened.failures)
    if form == "xlsx":
        cli_sheets.write_workbook(opened, output, persons=persons)
        return complain(opened.failures)
    makers: dict[str, Callable[[Ties], str]] = {"graphml": networks.graphml, "gexf": networks.gexf, "csv": networks.ties_csv}
    write(makers[form](opened.ties) if form in makers else serialise_store(opened.store, form), output, bom=form == "csv")
    return complain(opened.failures)


@command
@click.argument("sources", nargs=-1, metavar="[SOURCE...]", type=PATH)
@option("--explain", default=None, metavar="NAME")
@option("--names", "listed", type=PATH, default=None)
@option("--issuer", default=None)
@option("--date", "day", type=click.DateTime(["%Y-%m-%d", "%Y"]), default=None, metavar="YYYY-MM-DD")
@option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
@option("--write", type=PATH, default=None)
@option("--write-register", "draft", type=PATH, default=None, metavar="DIR")
@output
@knowledge
def units(sources: tuple[Path, ...], output: Path | None, **options: Any) -> int:
    """Who was recognised, and what waits for a decision."""
    from kg.recognised import recognised

    given = {name: options.pop(name) for name in ("explain", "listed", "issuer", "day", "form", "write", "draft")}
    text, failures = recognised(sources, knowledge_of(**options), **given)
    write(text, output, bom=given["form"] == "csv")
    return complain(failures)


@command
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> int:
    """The completion script of a shell."""
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    if made is not None:
        click.echo(made(cli, {}, "kg", "_KG_COMPLETE").source())
    return DONE

"""``kg report``: the load report of a graph, or of a part of it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kg.commands import (
    PATH,
    command,
    complain,
    form_of,
    graph,
    graph_of,
    knowledge,
    knowledge_of,
    option,
    output,
    part,
    with_persons,
    write,
)
from kg.messages import say


@command
@graph
@option("--format", "form", type=click.Choice(["html", "md", "csv"]), default=None)
@option("--brief", is_flag=True)
@part
@option("--seed", type=click.IntRange(min=0), default=None, metavar="N")
@option("--staff", type=PATH, default=None)
@output
@knowledge
@with_persons
def report(
    sources: tuple[str | Path, ...],
    form: str | None,
    brief: bool,
    places: tuple[str, ...],
    years: tuple[str, ...],
    notices: tuple[str, ...],
    sections: tuple[str, ...],
    kinds: tuple[str, ...],
    lines: tuple[str, ...],
    levels: tuple[str, ...],
    seed: int | None,
    staff: Path | None,
    output: Path | None,
    persons: bool,
    **tables: tuple[Path, ...],
) -> int:
    """Who carries and coordinates how much."""
    from kg.analysis.choice import Choice, choose
    from kg.views.assessed import FEW, settings_for
    from kg.views.written import report_files

    form = form or form_of(output, ("html", "md", "csv"), "html")
    if brief and form == "csv":
        raise click.UsageError(say("report.brief.no-csv"))
    opened = graph_of(sources, knowledge_of(**tables), persons)
    chosen = choose(opened.ties, Choice(notices, sections, kinds, lines, levels, places, years))
    if len(chosen.ties.tasks) > FEW and sys.stderr.isatty():
        click.echo(say("progress.tests", tasks=len(chosen.ties.tasks)), err=True)
    settings = settings_for(chosen.ties, seed, staff, chosen.words, chosen.units)
    beside = output is not None and str(output) != "-" and (output.is_file() or not output.exists())
    files = report_files(chosen.ties, settings, form, output.name if output and beside else None, brief=brief)
    for name, text in files.items():
        write(text, output.with_name(name) if output and beside else output, bom=form == "csv")
    return complain(opened.failures)

"""The commands: each parses its options, calls one function, and writes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kg import __version__
from kg.console import BAD_INPUT, DONE, FINDINGS, SpokenCommand, SpokenGroup, SpokenOption, run
from kg.errors import ParameterError, TaskMissingError
from kg.messages import LANGUAGES, say, use_language

if TYPE_CHECKING:
    from kg.analysis.compare import Comparison
    from kg.api import KG
    from kg.graph.queries import Answer
    from kg.line import Knowledge, Tell
    from kg.model import Ties
    from kg.views.findings import Found

F = TypeVar("F", bound=Callable[..., Any])
PATH = click.Path(path_type=Path)
option = partial(click.option, cls=SpokenOption)
sources = click.argument("sources", nargs=-1, required=True, metavar="SOURCE...", type=PATH)
graph = click.argument("sources", nargs=-1, required=True, metavar="OUT|SOURCE...", type=PATH)
output = option("-o", "--output", type=PATH, default=None)
with_persons = option("--persons", is_flag=True)


def main() -> None:
    """Run ``kg``."""
    sys.exit(run(cli))


def languages(command: F) -> F:
    """Every command takes ``--lang``; it is heard before parsing too, so that help and usage errors speak it."""
    with_help = option("--help", is_flag=True, expose_value=False, is_eager=True, callback=_show_help)(command)
    spoken: F = option("--lang", type=click.Choice(LANGUAGES), expose_value=False, is_eager=True, callback=_speak)(with_help)
    return spoken


def _speak(_context: click.Context, _parameter: click.Parameter, name: str | None) -> None:
    if name:
        use_language(name)


def _show_version(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(f"govresp {__version__}")
        context.exit()


def _show_help(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(context.get_help(), color=context.color)
        context.exit()


def knowledge(command: F) -> F:
    """The options with which a user adds to what the package knows."""
    for name in ("corrections", "decisions", "lexicon", "register"):
        command = option(f"--{name}", multiple=True, type=PATH)(command)
    return command


def talk(command: F) -> F:
    """The options that say how much is told on stderr."""
    return option("-v", "--verbose", count=True)(option("-q", "--quiet", is_flag=True)(command))


@click.group(cls=SpokenGroup, name="kg", add_help_option=False, context_settings={"max_content_width": 110})
@languages
@option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version)
def cli() -> None:
    """Build, ask, measure and draw a graph of responsibilities."""


def command(function: Callable[..., Any]) -> click.Command:
    """Make a function one of the commands, under its own name without the trailing underscore."""
    name = function.__name__.rstrip("_")
    return cli.command(name, cls=SpokenCommand, add_help_option=False)(languages(function))


def _knowledge(
    register: tuple[Path, ...], lexicon: tuple[Path, ...], decisions: tuple[Path, ...], corrections: tuple[Path, ...]
) -> Knowledge:
    from kg.line import Knowledge

    return Knowledge(register, lexicon, decisions, corrections)


def _tell(verbose: int, quiet: bool) -> Tell:
    """Progress on stderr for work that takes time: on a terminal, or where asked for."""
    from kg.line import silent

    if quiet or not (verbose or sys.stderr.isatty()):
        return silent
    return lambda what, done, all_of: click.echo(say(f"progress.{what}", done=done + 1, all=all_of), err=True)


def _complain(batch_failures: tuple[Exception, ...]) -> int:
    """Say what went wrong with single files of a batch; the exit status."""
    for failure in batch_failures:
        click.echo(say("usage.error", failure), err=True)
    return BAD_INPUT if batch_failures else DONE


def _write(text: str, path: Path | None, *, bom: bool = False) -> None:
    from kg.output import write_whole

    if path is None or str(path) == "-":
        click.echo(text, nl=not text.endswith("\n"))
    else:
        write_whole(path, ("\ufeff" if bom else "") + text)


def _graph_of(paths: tuple[Path, ...], with_knowledge: Knowledge | None = None, persons: bool = False) -> KG:
    """A build folder as it is; anything else is read and built for this run."""
    from kg import api
    from kg.line import Knowledge
    from kg.output import is_build

    if len(paths) == 1 and (is_build(paths[0]) or (paths[0].is_file() and paths[0].suffix.lower() in RDF_SUFFIXES)):
        if persons or with_knowledge not in (None, Knowledge()):
            raise click.UsageError(say("usage.built-already", paths[0]))
        return api.load(paths[0])
    return api.build(paths, None, with_knowledge or Knowledge(), persons=persons)


RDF_SUFFIXES = frozenset({".ttl", ".nt", ".trig", ".nq", ".jsonld", ".rdf", ".xml"})
"""RDF files, told from notices without loading the RDF libraries."""


@command
@sources
@option("-o", "--output", type=PATH, default=Path("out"), show_default=True)
@knowledge
@with_persons
@talk
def build(sources: tuple[Path, ...], output: Path, persons: bool, verbose: int, quiet: bool, **tables: tuple[Path, ...]) -> int:
    """Notices in; graph, report and page out."""
    from kg import api

    built = api.build(sources, output, _knowledge(**tables), _tell(verbose, quiet), persons=persons)
    if not quiet:
        click.echo(_summary(built, output), err=True)
    return _complain(built.failures)


def _summary(built: KG, output: Path) -> str:
    figures = built.overview()
    lines = [say("build.read", notices=len(built.ties.notices), tasks=figures.tasks, units=figures.units)]
    if figures.without_lead and figures.notices == 1:
        shown = say("table.join").join(str(i) for _, i in figures.without_lead)
        lines.append(say("build.without-lead", count=len(figures.without_lead), tasks=shown))
    elif figures.without_lead:
        lines.append(say("build.without-lead-many", count=len(figures.without_lead)))
    repeated = [finding for notice in built.notices for finding in notice.findings if finding.code == "duplicate-notice"]
    lines += [say("finding.duplicate-notice", **dict(finding.values)) for finding in repeated]
    lines += [say("build.open", path=output / name, what=say(f"build.{key}")) for key, name in _FILES]
    return "\n".join([*lines, say("build.next", out=output)])


_FILES = (("report", "report.html"), ("page", "page.html"), ("graph", "graph.ttl"))


@command
@sources
@option("--format", "form", type=click.Choice(["json", "text", "table", "csv"]), default="json", show_default=True)
@option("--explain", type=int, default=None, metavar="I")
@output
@knowledge
def extract(sources: tuple[Path, ...], form: str, explain: int | None, output: Path | None, **tables: tuple[Path, ...]) -> int:
    """What was read, task by task."""
    from kg.line import read_notices
    from kg.views import record

    batch = read_notices(sources, _knowledge(**tables))
    if explain is not None:
        for notice in batch.notices:
            if not any(task.i == explain for task in notice.tasks):
                raise TaskMissingError(notice.source, explain, len(notice.tasks))
        _write("\n\n".join(record.explain(notice, explain) for notice in batch.notices), output)
    elif form == "text":
        _write_text("".join(notice.text for notice in batch.notices), output)
    elif form == "csv":
        _write(record.assignment_csv(batch.notices), output, bom=True)
    elif form == "table":
        from kg.views.text import text_table

        columns, *rows = record.task_table(batch.notices)
        _write(text_table(columns, rows), output)
    else:
        _write("".join(record.record_line(notice) + "\n" for notice in batch.notices), output)
    return _complain(batch.failures)


def _write_text(text: str, path: Path | None) -> None:
    # The frozen text exactly: no line end is added or changed.
    if path is None or str(path) == "-":
        sys.stdout.buffer.write(text.encode("utf-8"))
        sys.stdout.buffer.flush()
    else:
        _write(text, path)


@command
@sources
@option("--format", "form", type=click.Choice(["text", "json", "sarif", "html"]), default="text", show_default=True)
@option("--fail-on", type=click.Choice(["info", "warning", "error", "never"]), default="warning", show_default=True)
@option("--baseline", type=PATH, default=None)
@option("--write-baseline", type=PATH, default=None)
@output
@knowledge
def lint(
    sources: tuple[Path, ...],
    form: str,
    fail_on: str,
    baseline: Path | None,
    write_baseline: Path | None,
    output: Path | None,
    **tables: tuple[Path, ...],
) -> int:
    """What is odd in a notice."""
    from kg.analysis.baseline import baseline_text, new_findings, read_baseline
    from kg.analysis.lint import at_least, lint_notice
    from kg.line import read_notices

    known = read_baseline(baseline) if baseline else {}
    batch = read_notices(sources, _knowledge(**tables))
    found = [(notice, lint_notice(notice)) for notice in batch.notices]
    if write_baseline:
        _write(baseline_text(found), write_baseline)
        click.echo(say("lint.baseline-written", write_baseline, sum(len(findings) for _, findings in found)), err=True)
        return _complain(batch.failures)
    found = new_findings(found, known)
    _write(_findings_writer(form)(found), output)
    failing = any(at_least(finding, fail_on) for _, findings in found for finding in findings)
    return _complain(batch.failures) or (FINDINGS if failing else DONE)


def _findings_writer(form: str) -> Callable[[Found], str]:
    if form == "html":
        from kg.views.findings_page import findings_html

        return findings_html
    if form == "sarif":
        from kg.views.sarif import findings_sarif

        return findings_sarif
    from kg.views.findings import findings_json, findings_text

    return findings_json if form == "json" else findings_text


@command
@click.argument("question", required=False, metavar="NAME|SPARQL")
@option("-f", "--file", "file", type=PATH, default=None)
@option("-p", "--param", "parameters", multiple=True, metavar="NAME=VALUE")
@option("--graph", "source", type=PATH, default=Path("out"), show_default=True)
@option("--format", "form", type=click.Choice(["table", "csv", "json", "ttl"]), default="table", show_default=True)
@option("--list", "listing", is_flag=True)
@output
def query(
    question: str | None, file: Path | None, parameters: tuple[str, ...], source: Path, form: str, listing: bool, output: Path | None
) -> int:
    """A canned question, or SPARQL of your own."""
    from kg.graph.queries import ask, ask_text, is_sparql, questions
    from kg.graph.store import open_store
    from kg.reading.files import read_query
    from kg.views.answers import answer_text, question_list

    if listing:
        _write(question_list(questions()), output)
        return DONE
    if question is None and file is None:
        raise click.UsageError(say("query.none"))
    text = read_query(file) if file else str(question)
    store = open_store(source)
    if file or is_sparql(text):
        answer: Answer = ask_text(store, text)
    else:
        answer = ask(store, text, _pairs(text, parameters))
    _write(answer_text(answer, form), output, bom=form == "csv")
    return DONE


def _pairs(question: str, parameters: tuple[str, ...]) -> dict[str, str]:
    pairs = [parameter.partition("=") for parameter in parameters]
    for name, equals, _ in pairs:
        if not equals:
            raise ParameterError(question, name, "NAME=VALUE")
    return {name: value for name, _, value in pairs}


@command
@graph
@option("--format", "form", type=click.Choice(["html", "md", "csv"]), default="html", show_default=True)
@output
@knowledge
@with_persons
def report(sources: tuple[Path, ...], form: str, output: Path | None, persons: bool, **tables: tuple[Path, ...]) -> int:
    """Who carries and coordinates how much."""
    from kg.views.markdown import report_markdown
    from kg.views.report import load_csv, report_html

    opened = _graph_of(sources, _knowledge(**tables), persons)
    makers: dict[str, Callable[[Ties], str]] = {"html": report_html, "md": report_markdown, "csv": load_csv}
    _write(makers[form](opened.ties), output, bom=form == "csv")
    return _complain(opened.failures)


@command
@graph
@output
@knowledge
@with_persons
def draw(sources: tuple[Path, ...], output: Path | None, persons: bool, **tables: tuple[Path, ...]) -> int:
    """The interactive picture, one file."""
    opened = _graph_of(sources, _knowledge(**tables), persons)
    _write(opened.page(), output)
    return _complain(opened.failures)


@command
@click.argument("old", type=PATH, metavar="OLD")
@click.argument("new", type=PATH, metavar="NEW")
@option("--format", "form", type=click.Choice(["html", "md", "csv", "json", "text"]), default=None)
@output
@knowledge
def compare(old: Path, new: Path, form: str | None, output: Path | None, **tables: tuple[Path, ...]) -> int:
    """Two notices, folders or builds side by side."""
    from kg.sides import compare_sources
    from kg.views import compare as pages
    from kg.views.compare_records import compare_csv, compare_json

    compared = compare_sources(old, new, _knowledge(**tables))
    makers: dict[str, Callable[[Comparison], str]] = {"html": pages.compare_html, "md": pages.compare_markdown, "csv": compare_csv}
    makers |= {"json": compare_json, "text": pages.compare_text}
    ending = output.suffix.lower() if output else ""
    if form is None and ending not in {"", ".txt", *_FORM_BY_ENDING}:
        raise click.UsageError(say("usage.ending", ending, ", ".join(_FORM_BY_ENDING)))
    form = form or _FORM_BY_ENDING.get(ending, "text")
    _write(makers[form](compared.comparison), output, bom=form == "csv")
    return _complain(compared.failures)


_FORM_BY_ENDING = {".html": "html", ".htm": "html", ".md": "md", ".csv": "csv", ".json": "json"}


@command
@graph
@option("--reference", is_flag=True)
@option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@output
def validate(sources: tuple[Path, ...], reference: bool, form: str, output: Path | None) -> int:
    """Whether the graph conforms to the shapes."""
    from kg.graph.shacl import conforms, validate_fast, validate_reference
    from kg.views.answers import validation_text

    opened = _graph_of(sources)
    results = validate_reference(opened.store) if reference else validate_fast(opened.store)
    _write(validation_text(results, form), output)
    return _complain(opened.failures) or (DONE if conforms(results) else FINDINGS)


@command
@graph
@option("--format", "form", type=click.Choice(["ttl", "trig", "nt", "nq", "jsonld", "graphml", "gexf", "csv", "xlsx"]), required=True)
@output
@knowledge
@with_persons
def export(sources: tuple[Path, ...], form: str, output: Path | None, persons: bool, **tables: tuple[Path, ...]) -> int:
    """The graph for other programs."""
    from kg.graph.serialise import serialise_store
    from kg.views import networks

    opened = _graph_of(sources, _knowledge(**tables), persons)
    if form == "xlsx":
        cli_sheets.write_workbook(opened, output, persons=persons)
        return _complain(opened.failures)
    makers: dict[str, Callable[[Ties], str]] = {"graphml": networks.graphml, "gexf": networks.gexf, "csv": networks.ties_csv}
    _write(makers[form](opened.ties) if form in makers else serialise_store(opened.store, form), output, bom=form == "csv")
    return _complain(opened.failures)


@command
@click.argument("sources", nargs=-1, metavar="[SOURCE...]", type=PATH)
@option("--explain", default=None, metavar="NAME")
@option("--names", "listed", type=PATH, default=None)
@option("--issuer", default=None)
@option("--date", "day", type=click.DateTime(["%Y-%m-%d", "%Y"]), default=None, metavar="YYYY-MM-DD")
@option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
@option("--write", type=PATH, default=None)
@output
@knowledge
def units(sources: tuple[Path, ...], output: Path | None, **options: Any) -> int:
    """Who was recognised, and what waits for a decision."""
    from kg.recognised import recognised

    given = {name: options.pop(name) for name in ("explain", "listed", "issuer", "day", "form", "write")}
    text, failures = recognised(sources, _knowledge(**options), **given)
    _write(text, output, bom=given["form"] == "csv")
    return _complain(failures)


@command
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> int:
    """The completion script of a shell."""
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    if made is not None:
        click.echo(made(cli, {}, "kg", "_KG_COMPLETE").source())
    return DONE


from kg import cli_sheets  # noqa: E402  # the commands that stand in modules of their own

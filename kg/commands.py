"""What all commands have in common: the group, shared options, reading what is named, writing results, saying what failed."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kg import __version__
from kg.console import BAD_INPUT, DONE, SpokenCommand, SpokenGroup, SpokenOption
from kg.errors import ExtraError, SourceAddressError
from kg.messages import LANGUAGES, say, use_language

if TYPE_CHECKING:
    from kg.api import KG
    from kg.building.line import Knowledge, Tell

F = TypeVar("F", bound=Callable[..., Any])
PATH = click.Path(path_type=Path)


class GraphPath(click.ParamType[str | Path]):
    """A path, or the address of a SPARQL endpoint, which stays a text."""

    name = "path"

    def convert(self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None) -> str | Path:
        """A text with a scheme of the web as it is, anything else as a path."""
        return value if isinstance(value, Path) or re.match(r"(?i)https?://", value) else Path(value)


class SourcePath(click.ParamType[Path]):
    """A file or folder to be read; an address of the web is refused, which a path would silently mangle."""

    name = "path"

    def convert(self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path.

        Raises:
            SourceAddressError: it has a scheme of the web.
        """
        if not isinstance(value, Path) and re.match(r"(?i)https?://", value):
            raise SourceAddressError(value)
        return Path(value)


GRAPH = GraphPath()
option = partial(click.option, cls=SpokenOption)
sources = click.argument("sources", nargs=-1, required=True, metavar="SOURCE...", type=SourcePath())
graph = click.argument("sources", nargs=-1, required=True, metavar="OUT|URL|SOURCE...", type=GRAPH)
output = option("-o", "--output", type=PATH, default=None)
with_persons = option("--persons", is_flag=True)


def languages(command: F) -> F:
    """Every command takes ``--lang``; it is heard before parsing too, so that help and usage errors speak it."""
    short = option("-h", "short_help", is_flag=True, expose_value=False, is_eager=True, hidden=True, callback=_show_help)(command)
    with_help = option("--help", is_flag=True, expose_value=False, is_eager=True, callback=_show_help)(short)
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


def part(command: F) -> F:
    """The options that choose a part of the graph: which tasks, and which units are counted."""
    for name in ("level", "line", "kind", "section", "notice", "year", "place"):
        command = option(f"--{name}", f"{name}s", multiple=True, metavar="NAME")(command)
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


def knowledge_of(
    register: tuple[Path, ...], lexicon: tuple[Path, ...], decisions: tuple[Path, ...], corrections: tuple[Path, ...]
) -> Knowledge:
    """The tables of the user's own, from the options of ``knowledge``."""
    from kg.building.line import Knowledge

    return Knowledge(*(tuple(_tables(paths)) for paths in (register, lexicon, decisions, corrections)))


def _tables(paths: tuple[Path, ...]) -> Iterator[Path]:
    # A folder stands for the tables in it; one without any is told as a table that cannot be read.
    for path in paths:
        yield from (sorted(path.glob("*.toml")) if path.is_dir() else ()) or [path]


def tell_of(verbose: int, quiet: bool) -> Tell:
    """Progress on stderr for work that takes time: on a terminal, or where asked for."""
    from kg.building.line import silent

    if quiet or not (verbose or sys.stderr.isatty()):
        return silent
    from kg.progress import progress

    return progress(partial(click.echo, err=True))


def need(part: str, extra: str, *modules: str) -> None:
    """Look for the libraries of an extra before anything is read, so that nobody waits for a message that could have come at once.

    Raises:
        ExtraError: one of them is not installed; it names ``part``, which needs them.
    """
    from importlib.util import find_spec

    if any(find_spec(module) is None for module in modules):
        raise ExtraError(part, extra)


_TOLD = 20
"""Failures that are told one by one where a file lists them all."""


def complain(batch_failures: tuple[Exception, ...], listed: Path | None = None) -> int:
    """Say what went wrong with single files of a batch, or with the first of them where ``listed`` has all; the exit status."""
    told = batch_failures[:_TOLD] if listed else batch_failures
    for failure in told:
        click.echo(say("usage.error", failure), err=True)
    if listed and batch_failures:
        click.echo(say("build.failed", count=len(batch_failures), path=listed), err=True)
    return BAD_INPUT if batch_failures else DONE


def form_of(path: Path | None, forms: Sequence[str], otherwise: str = "") -> str:
    """The format that the ending of an output file means, before anything is read.

    Args:
        path: the file; none, or ``-``, where the result goes to stdout.
        forms: the formats there are, which are the endings too.
        otherwise: what is meant without an ending; on a terminal a file must be named then, for nobody reads such a result there.

    Raises:
        click.UsageError: the ending means none of them, or nothing tells which is meant.
    """
    ending = path.suffix.lower().removeprefix(".") if path else ""
    if ending:
        if ending not in forms:
            raise click.UsageError(say("usage.ending", f".{ending}", ", ".join(f".{form}" for form in forms)))
        return ending
    if not otherwise:
        raise click.UsageError(say("usage.which-format", ", ".join(forms)))
    if path is None and sys.stdout.isatty():
        raise click.UsageError(say("usage.needs-file", otherwise))
    return otherwise


def write(text: str, path: Path | None, *, bom: bool = False) -> None:
    """Write a result whole into a file, or to stdout where none is named; ``bom`` is the mark that spreadsheets want."""
    from kg.building.output import write_whole

    if path is None or str(path) == "-":
        click.echo(text, nl=not text.endswith("\n"))
    else:
        write_whole(path, ("\ufeff" if bom else "") + text)
        if sys.stderr.isatty():
            click.echo(say("usage.written", path), err=True)


def graph_of(paths: tuple[str | Path, ...], with_knowledge: Knowledge | None = None, persons: bool = False) -> KG:
    """A build folder, an RDF file or an endpoint as it is; anything else is read and built for this run."""
    from kg import api
    from kg.building.line import Knowledge

    addresses = [path for path in paths if isinstance(path, str)]
    if addresses and len(paths) > 1:
        raise click.UsageError(say("usage.one-address", addresses[0]))
    if len(paths) == 1 and api.is_graph(paths[0]):
        if persons or with_knowledge not in (None, Knowledge()):
            raise click.UsageError(say("usage.built-already", paths[0]))
        return api.load(paths[0])
    return api.build(paths, None, with_knowledge or Knowledge(), persons=persons)

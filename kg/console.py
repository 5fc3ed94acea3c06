"""How the command line speaks: help, usage errors and exit statuses in the language in use."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from kg.errors import KgError, SourceUnreadableError
from kg.messages import LANGUAGES, catalogue, language, say, use_language
from kg.messages.foreign import spoken
from kg.resources import table

DONE, FINDINGS, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
"""Exit statuses: done; findings of the asked severity or data that does not conform; bad input or usage; Ctrl-C."""


class SpokenCommand(click.Command):
    """A command whose help comes from the catalogue: ``cli.<name>.help`` and ``cli.<name>.example``."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, unless it would write over a file that it is to read."""
        # A baseline that is brought up to date is both, and meant to be.
        renewed = ctx.params.get("baseline") if ctx.params.get("write_baseline") else None
        read = [path for path in _paths(ctx, outputs=False) if path != renewed and path.is_file()]
        for path in _paths(ctx, outputs=True):
            # Resolved as the writer does, so that a folder that is not there makes no other file of it.
            if any((at := path.resolve()).is_file() and at.samefile(source) for source in read):
                raise click.UsageError(say("usage.over-source", path), ctx)
        return super().invoke(ctx)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix=say("usage.usage") + " ")

    def get_short_help_str(self, limit: int = 45) -> str:
        """The line of the command in the list of commands."""
        return say(f"cli.{self.name}.short")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does, and an example."""
        formatter.write_paragraph()
        for line in say(f"cli.{self.name}.help").strip().splitlines():
            formatter.write(f"  {line}\n")
        formatter.write_paragraph()
        for line in say(f"cli.{self.name}.example").strip().splitlines():
            formatter.write(f"    {line}\n")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        options = [parameter for parameter in self.get_params(ctx) if isinstance(parameter, click.Option)]
        rows = [row for option in options if (row := option.get_help_record(ctx)) is not None]
        with formatter.section(say("usage.options")):
            formatter.write_dl(rows)


_OUTPUTS = frozenset({"output", "write", "write_baseline"})
"""Parameters that say where something is written."""


def _paths(ctx: click.Context, *, outputs: bool) -> list[Path]:
    values = [value for name, value in ctx.params.items() if (name in _OUTPUTS) is outputs]
    return [path for value in values for path in (value if isinstance(value, tuple) else (value,)) if isinstance(path, Path)]


_ORDER = (
    *("build", "extract", "lint", "units", "query", "serve", "report", "draw", "compare", "whatif", "sheets", "export", "validate"),
    "completion",
)
"""The commands as they are listed."""


class SpokenGroup(click.Group, SpokenCommand):
    """The group of all commands."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the commands."""
        SpokenCommand.format_options(self, ctx, formatter)
        with formatter.section(say("usage.commands")):
            formatter.write_dl([(name, self.commands[name].get_short_help_str()) for name in self.list_commands(ctx)])

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which they are used, not of the alphabet nor of the modules that hold them."""
        place = {name: at for at, name in enumerate(_ORDER)}
        return sorted(self.commands, key=lambda name: (place.get(name, len(place)), name))


class SpokenOption(click.Option):
    """An option whose help is ``option.<name>`` of the catalogue."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option and what it does."""
        if self.hidden:
            return None
        value = "" if self.is_flag or self.count else f" {self._value_name(ctx)}"
        shown = f"  [{say('option.default')} {self.default}]" if self.show_default and self.default not in (None, ()) else ""
        own, shared = f"option.{ctx.command.name}.{self.name}", f"option.{self.name}"
        return ", ".join(self.opts) + value, say(own if own in catalogue(language()) else shared) + shown

    def _value_name(self, ctx: click.Context) -> str:
        if isinstance(self.type, click.Choice):
            return "[" + "|".join(map(str, self.type.choices)) + "]"
        return self.metavar or {"integer": "N", "integer range": "N", "float": "N", "float range": "N"}.get(
            self.type.name, "FILE" if isinstance(self.type, click.Path) else "TEXT"
        )


def run(command: click.Command, arguments: Sequence[str] | None = None) -> int:
    """Run a command line and give its exit status; every error becomes one clear message on stderr."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    use_language(asked_language(words))
    _survive_narrow_consoles()
    if dash := _wrong_dash(words):
        return _fail(dash)
    try:
        status = command.main(words, prog_name="kg", standalone_mode=False)
        return status if isinstance(status, int) else DONE
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "", err=True)
        return BAD_INPUT
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "kg"
        return _fail(usage_message(error), say("usage.try", path))
    except click.Abort:
        return INTERRUPTED
    except click.ClickException as error:
        return _fail(error.format_message())
    except KgError as error:
        return _fail(str(error))
    except BrokenPipeError:
        # The reader of a pipe has enough (kg query … | head).
        sys.stdout = None  # nothing may flush into the closed pipe at exit
        return DONE
    except OSError as error:
        # A full disk behind the standard output, or a path that no system takes (a name that is too long).
        said = str(error.strerror or error)
        return _fail(str(SourceUnreadableError(error.filename, said)) if error.filename else spoken(said))


def asked_language(words: Sequence[str]) -> str | None:
    """The language that a command line asks for, before it is parsed, so that help and usage errors speak it too.

    >>> asked_language(["report", "out", "--lang", "en"]), asked_language(["--lang=zh"]), asked_language([])
    ('en', 'zh', None)
    """
    for word, following in zip(words, [*words, ""][1:], strict=True):
        if word == "--lang" and following in LANGUAGES:
            return following
        if word.startswith("--lang=") and word.removeprefix("--lang=") in LANGUAGES:
            return word.removeprefix("--lang=")
    return None


def _fail(*lines: str) -> int:
    click.echo(say("usage.error", lines[0]), err=True)
    for line in lines[1:]:
        click.echo(line, err=True)
    return BAD_INPUT


def usage_message(error: click.UsageError) -> str:
    """The words of a usage error in the language in use."""
    if isinstance(error, click.NoSuchOption):
        near = (error.possibilities or [""])[0]
        return say("usage.no-option-near", error.option_name, near) if near else say("usage.no-option", error.option_name)
    if isinstance(error, click.exceptions.NoSuchCommand):
        if is_there(error.command_name):
            return say("usage.no-command-path", error.command_name)
        near = (error.possibilities or meant_command(error.command_name) or [""])[0]
        return say("usage.no-command-near", error.command_name, near) if near else say("usage.no-command", error.command_name)
    if isinstance(error, click.MissingParameter):
        return say("usage.missing", _shown(error.param))
    if isinstance(error, click.BadParameter):
        return _bad_value(error)
    if isinstance(error, click.BadOptionUsage):
        return say("usage.no-value", error.option_name)
    if "unexpected extra argument" in error.message:
        # A query without quotation marks comes as many words.
        asks = error.ctx is not None and error.ctx.command.name == "query"
        return say("usage.unexpected-query" if asks else "usage.unexpected")
    return say("usage.other", error.format_message())


def is_there(word: str) -> bool:
    """Whether a word is a path to something; a text that is too long for a path is none."""
    try:
        return Path(word).exists()
    except OSError:
        return False


def meant_command(word: str) -> list[str]:
    """The commands for which somebody may say another word, such as check.

    >>> meant_command("check"), meant_command("xyz")
    (['lint'], [])
    """
    return [name for name, said in table("lexicon/commands.toml")["meant"].items() if word.lower() in said]


def _wrong_dash(words: Sequence[str]) -> str:
    # «—format» is what Word makes of --format, and Chinese input of a dash; no file begins so.
    for word in words:
        bare = word.lstrip(_DASHES)
        if bare != word and bare and not is_there(word):
            return say("usage.dash", word, "--" + unicodedata.normalize("NFKC", bare).replace("\u2014", "-"))
    return ""


_DASHES = "\u2012\u2013\u2014\u2015\u2010\u2212\uff0d\ufe63"
"""Signs that look like the hyphen of an option."""


def _bad_value(error: click.BadParameter) -> str:
    if error.param is not None and isinstance(error.param.type, click.Choice):
        value = error.message.split("'")[1] if "'" in error.message else ""
        return say("usage.bad-choice", _shown(error.param), value, say("table.join").join(map(str, error.param.type.choices)))
    return say("usage.bad-value", _shown(error.param), (error.param and _wanted(error.param.type, error.message)) or spoken(error.message))


def _wanted(kind: click.ParamType[Any], said: str) -> str:
    # What a number must be; click says it in English only.
    if not isinstance(kind, click.types.IntParamType | click.types.FloatParamType):
        return ""
    value = said.split("'")[1] if "'" in said else said.split(" ")[0]
    number = say("usage.whole-number" if isinstance(kind, click.types.IntParamType) else "usage.number")
    low, high = getattr(kind, "min", None), getattr(kind, "max", None)
    between = "" if low is None and high is None else "-from" if high is None else "-to" if low is None else "-between"
    return say(f"usage.not-number{between}", value, number, low, high)


def _shown(parameter: click.Parameter | None) -> str:
    if parameter is None:
        return ""
    return parameter.opts[0] if isinstance(parameter, click.Option) else parameter.metavar or parameter.opts[0]


def _survive_narrow_consoles() -> None:
    # A console in GBK cannot print every sign, and no console the bytes of a name that is no text: better a question mark than a traceback.
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        narrow = (stream.encoding or "").lower().replace("-", "") != "utf8"
        if reconfigure is not None and (narrow or stream.errors == "strict"):
            reconfigure(errors="replace")

"""The command ``kg whatif``: a change tried out, or single moves suggested."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands import GRAPH, command, complain, knowledge, knowledge_of, option, output, write
from kg.messages import say

if TYPE_CHECKING:
    from kg.building.line import Knowledge

_FORM_BY_ENDING = {".html": "html", ".htm": "html", ".md": "md", ".json": "json"}


@command
@click.argument("paths", nargs=-1, metavar="[SCENARIO] [OUT|URL|SOURCE...]", type=GRAPH)
@option("--suggest", "wanted", type=click.IntRange(1, 10_000), default=None, metavar="N")
@option("--format", "form", type=click.Choice(["html", "md", "json", "text"]), default=None)
@output
@knowledge
def whatif(paths: tuple[str | Path, ...], wanted: int | None, form: str | None, output: Path | None, **tables: tuple[Path, ...]) -> int:
    """A change tried out: what would be different."""
    from kg.building.line import Knowledge

    form = form or _FORM_BY_ENDING.get(output.suffix.lower() if output else "", "text")
    given = knowledge_of(**tables)
    _no_tables_for_a_build(paths[-1:], given != Knowledge())
    text, failures = _suggested(paths, wanted, form, given) if wanted else _tried(paths, form, given)
    write(text, output)
    return complain(failures)


def _no_tables_for_a_build(paths: tuple[str | Path, ...], with_tables: bool) -> None:
    from kg.api import is_graph

    if with_tables and any(is_graph(path) for path in paths):
        raise click.UsageError(say("usage.built-already", paths[-1]))


def _tried(paths: tuple[str | Path, ...], form: str, given: Knowledge) -> tuple[str, tuple[Exception, ...]]:
    from kg.analysis.whatif import Outcome
    from kg.errors import ScenarioMissingError
    from kg.trial import try_scenario
    from kg.views import whatif as pages
    from kg.views.whatif_records import whatif_json

    if not paths:
        raise ScenarioMissingError
    trial = try_scenario(paths[0], paths[1:], given)
    makers: dict[str, Callable[[Outcome], str]] = {"html": pages.whatif_html, "md": pages.whatif_markdown, "json": whatif_json}
    return makers.get(form, pages.whatif_text)(trial.outcome), trial.failures


def _suggested(paths: tuple[str | Path, ...], wanted: int, form: str, given: Knowledge) -> tuple[str, tuple[Exception, ...]]:
    from kg.trial import suggest_moves
    from kg.views import suggestions as pages
    from kg.views.whatif_records import suggestions_json

    found = suggest_moves(paths, wanted, given)
    makers = {"html": pages.suggestions_html, "md": pages.suggestions_markdown, "json": suggestions_json}
    return makers.get(form, pages.suggestions_text)(found.ties, found.moves), found.failures

"""The command ``kg query``: canned questions, SPARQL of one's own, and the words that there are for it."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands import GRAPH, PATH, command, option, output, write
from kg.console import DONE, INTERRUPTED, is_there
from kg.errors import ParameterFormError, ParameterTwiceError, QuestionFileError, TriplesFormError
from kg.messages import say

if TYPE_CHECKING:
    from kg.graph.queries import Answer

_ENDINGS = {".csv": "csv", ".tsv": "tsv", ".json": "json", ".ttl": "ttl", ".nt": "nt", ".txt": "table", "": "table"}
_TRIPLES = {"table", "ttl", "nt"}
_STACK = 64 << 20
"""Bytes of stack of the thread that asks: the engine's parser calls itself for every bracket."""
_PATIENCE = 10.0
"""Seconds after which whoever waits is told that the query still runs."""
_LOOK = 0.2
"""Seconds between two looks at whether it has ended."""


@command
@click.argument("question", required=False, metavar="NAME|SPARQL")
@click.argument("place", required=False, type=GRAPH, metavar="[OUT|URL]")
@option("-f", "--file", "file", type=PATH, default=None)
@option("-p", "--param", "parameters", multiple=True, metavar="NAME=VALUE")
@option("--graph", "source", type=GRAPH, default=Path("out"), show_default=True, metavar="OUT|URL")
@option("--format", "form", type=click.Choice(["table", "csv", "tsv", "json", "ttl", "nt"]), default=None)
@option("--list", "listing", is_flag=True)
@option("--terms", "terms", is_flag=True)
@output
def query(
    question: str | None,
    place: str | Path | None,
    file: Path | None,
    parameters: tuple[str, ...],
    source: str | Path,
    form: str | None,
    listing: bool,
    terms: bool,
    output: Path | None,
) -> int:
    """A canned question, or SPARQL of your own."""
    if listing or terms:
        write(_words() if terms else _questions(), output)
        return DONE
    if file is not None and place is None and question is not None and _is_place(question):
        place = question if "://" in question else Path(question)
        question = None
    text, own = _asked(question, file)
    form = form or _form_of(output)
    values = _pairs(text if not own else "SPARQL", parameters)
    answer = _waiting(lambda: _answer(place or source, text, values, own=own))
    write(_written(answer, form, "" if own else text), output, bom=form == "csv")
    for note in answer.notes:
        click.echo(say("note.line", note), err=True)
    return DONE


def _is_place(word: str) -> bool:
    # With a file to ask, a word beside it is the graph, but for the name of a question.
    return word.startswith(("http://", "https://")) or is_there(word)


def _questions() -> str:
    from kg.graph.queries import questions
    from kg.views.answers import question_list

    return question_list(questions())


def _words() -> str:
    from kg.graph.iris import PREFIXES
    from kg.graph.vocabulary import BORROWED, words
    from kg.messages import language
    from kg.views.answers import word_list

    return word_list(words(language()), PREFIXES, BORROWED)


def _asked(question: str | None, file: Path | None) -> tuple[str, bool]:
    # The name of a question or a SPARQL text, and whether it is the latter.
    from kg.errors import QuestionAndFileError
    from kg.graph.queries import is_sparql
    from kg.reading.files import read_query

    if file is not None:
        if question is not None:
            raise QuestionAndFileError(question, file)
        return read_query(file), True
    if question is None:
        raise click.UsageError(say("query.none"))
    own = is_sparql(question)
    if not own and (question == "-" or question.lower().endswith((".rq", ".sparql"))):
        raise QuestionFileError(question)
    return question, own


def _form_of(output: Path | None) -> str:
    if output is None or str(output) == "-":
        return "table"
    ending = output.suffix.lower()
    if ending not in _ENDINGS:
        raise click.UsageError(say("usage.ending", ending, " ".join(known for known in _ENDINGS if known)))
    return _ENDINGS[ending]


def _answer(source: str | Path, text: str, values: Mapping[str, str], *, own: bool) -> Answer:
    from kg import api
    from kg.graph.queries import ask, ask_text

    graph = api.load(source).graph
    return ask_text(graph, text, values) if own else ask(graph, text, values)


def _waiting(work: Callable[[], Answer]) -> Answer:
    """What the work gives; it runs beside, for a running query hears no Ctrl-C, and whoever waits is told after some seconds."""
    before = threading.stack_size(_STACK)
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(copy_context().run, work)
        threading.stack_size(before)
        try:
            # In pieces, for Windows hears Ctrl-C between them only.
            told, end = not sys.stderr.isatty(), time.monotonic() + _PATIENCE
            while wait([found], _LOOK).not_done:
                if not told and time.monotonic() > end:
                    told = True
                    click.echo(say("note.slow"), err=True)
        except KeyboardInterrupt:
            # The query cannot be stopped; it reads only, so nothing is left behind.
            os._exit(INTERRUPTED)
        return found.result()


def _written(answer: Answer, form: str, name: str) -> str:
    from kg.graph.queries import question_named
    from kg.graph.serialise import turtle
    from kg.views.answers import answer_text

    if answer.triples is not None:
        if form not in _TRIPLES:
            raise TriplesFormError(form)
        answer = answer if form == "nt" else replace(answer, triples=turtle(answer.triples))
    return answer_text(answer, form, question_named(name).title if name else "")


def _pairs(question: str, parameters: tuple[str, ...]) -> dict[str, str]:
    pairs = [parameter.partition("=") for parameter in parameters]
    for at, (name, equals, _) in enumerate(pairs):
        if not equals:
            raise ParameterFormError(name)
        if name in {other for other, _, _ in pairs[:at]}:
            raise ParameterTwiceError(question, name)
    return {name: value for name, _, value in pairs}

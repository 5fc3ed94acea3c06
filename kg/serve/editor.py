"""The page on which people write queries: canned questions with their parameters, completion, the answer as a table.

It works as plain forms; its script only makes it handier. No editor component comes inside a Python package without asking other
servers for its parts, so this one is our own, and small.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from kg.errors import KgError
from kg.graph.iris import PREFIXES, curie
from kg.graph.queries import Question, question_named, questions
from kg.messages import catalogue, language, say
from kg.resources import package_file
from kg.serve.pages_html import NAVIGATION
from kg.serve.pages_parts import Asked as PageAsked
from kg.serve.pages_parts import Page, path_of, with_query
from kg.serve.problems import Problem
from kg.serve.spoken import web_words
from kg.serve.terms import completions
from kg.serve.worker import Reply

if TYPE_CHECKING:
    from jinja2 import Environment

PATH = "/sparql"
_TABLES = (("CSV", "csv"), ("TSV", "tsv"), ("JSON", "json"), ("XML", "xml"))
_GRAPHS = (("Turtle", "ttl"), ("N-Triples", "nt"), ("JSON-LD", "jsonld"), ("RDF/XML", "rdf"))
_NUMBERS = frozenset(PREFIXES["xsd"] + name for name in ("integer", "decimal", "double", "float", "int", "long"))
_PAGES = ("notice", "section", "task", "unit", "group")
"""Kinds of things that have a page."""
_FIRST = """PREFIX kg: <https://w3id.org/govresp/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?unit (COUNT(DISTINCT ?task) AS ?tasks) WHERE {
  ?task kg:ledBy ?u .
  ?u skos:prefLabel ?unit .
} GROUP BY ?unit ORDER BY DESC(?tasks) ?unit LIMIT 20
"""
"""What stands in the editor before anything is asked."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the editor: a query, and the canned question with the values that it came from."""

    query: str = ""
    question: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the answer: what it shows, where it leads, what it says in full, whether it is a number."""

    text: str = ""
    path: str = ""
    title: str = ""
    number: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as the page shows it: a table, or triples as text, or a sentence; ``more`` is True where not all is shown."""

    heads: tuple[Cell, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    turtle: str = ""
    sentence: str = ""
    more: bool = False
    notes: tuple[str, ...] = ()
    """What should be known of it, as why it is empty."""
    downloads: tuple[tuple[str, str, str], ...] = ()
    """Name, address and file name."""


def editor_page(request: Request, draft: Draft, *, reply: Reply | None = None, problem: KgError | None = None) -> Response:
    """The page as a response: with the answer to its query, or with what is wrong with it, or with neither."""
    script, style = _source("editor.js"), _source("editor.css")
    lang = language()
    asked_lang = request.query_params.get("lang", "")
    question = question_named(draft.question) if draft.question else None
    shown = _shown(reply, draft, asked_lang) if reply else None
    fields: dict[str, Any] = {
        "draft": draft,
        "question": question,
        "titled": _title,
        "questions": questions(),
        "query": draft.query or (question.sparql if question else "" if problem else _FIRST),
        "shown": shown,
        "problem": web_words(problem) if problem else "",
        "place": _place(problem),
        "asked_lang": asked_lang,
        "data": json.dumps(_data(lang), ensure_ascii=False).replace("<", "\\u003c"),
        "script": script,
        "style": style,
        "tell": say,
    }
    body = _environment().get_template("editor.html.j2").render(**frame_fields(request, lang), **fields)
    status = problem.status if isinstance(problem, Problem) else 400 if problem else 200
    headers = {"Content-Security-Policy": _policy(script, style), "X-Frame-Options": "DENY", "Vary": "Accept, Accept-Language"}
    return Response(body, status, {**headers, **(problem.headers if isinstance(problem, Problem) else {})}, "text/html; charset=utf-8")


def frame_fields(request: Request, lang: str) -> dict[str, Any]:
    """What the frame that all pages share needs to know."""
    spoken = request.query_params.get("lang", "") == lang
    asked = PageAsked(lang=lang, spoken=spoken)
    url = partial(with_query, lang=lang if spoken else "")
    given = {name: value for name, value in request.query_params.items() if name != "lang"}
    return {
        "lang": lang,
        "html_lang": "zh-CN" if lang == "zh" else lang,
        "page": Page("ask", PATH, say("editor.title")),
        "asked": asked,
        "say": asked.say,
        "url": url,
        "navigation": [(asked.say(f"nav.{name}"), url(path), path == PATH) for name, path in (*NAVIGATION, ("ask", PATH))],
        "alternates": (),
        "other": with_query(request.url.path, **given, lang="en" if lang == "zh" else "zh"),
    }


def _title(question: Question) -> str:
    return question.title


def _data(lang: str) -> dict[str, object]:
    words = {key.removeprefix("editor.script."): text for key, text in catalogue(lang).items() if key.startswith("editor.script.")}
    return {"prefixes": PREFIXES, "terms": completions(lang), "words": words}


def _place(problem: KgError | None) -> tuple[int, int] | None:
    # Where the parser stopped, so that the script can go there.
    if problem is not None and problem.code == "serve.syntax":
        return int(str(problem.args[0])), int(str(problem.args[1]))
    return None


def _shown(reply: Reply, draft: Draft, asked_lang: str) -> Shown:
    found = json.loads(reply.body)
    notes = tuple(found.get("notes", ()))
    if "yes" in found:
        return Shown(
            sentence=say("query.yes" if found["yes"] else "query.no"), notes=notes, downloads=_downloads(draft, _TABLES, asked_lang)
        )
    if "turtle" in found:
        return Shown(turtle=found["turtle"], more=found["more"], notes=notes, downloads=_downloads(draft, _GRAPHS, asked_lang))
    canned = bool(draft.question)
    rows = tuple(tuple(cell_of(cell, in_words=canned) for cell in row) for row in found["rows"])
    numeric = [all(cell.number or not cell.text for cell in column) for column in zip(*rows, strict=True)] or [False] * len(
        found["columns"]
    )
    heads = tuple(Cell(_head(column, canned), number=number) for column, number in zip(found["columns"], numeric, strict=True))
    return Shown(heads, rows, more=found["more"], notes=notes, downloads=_downloads(draft, _TABLES, asked_lang))


def _head(column: str, canned: bool) -> str:
    # The columns of canned questions have words; those of one's own queries are what one called them.
    key = f"column.{column}"
    return say(key) if canned and key in catalogue(language()) else column


def cell_of(term: Sequence[str] | None, *, in_words: bool = False) -> Cell:
    """A term of the answer as a cell: what has a page here leads to it, codes are explained by their words, or replaced by them.

    >>> cell_of(("iri", "https://w3id.org/govresp/id/unit/421000-finance", "")).path, cell_of(None).text
    ('/unit/421000-finance', '')
    """
    if term is None:
        return Cell()
    kind, text, more = term
    if kind == "iri":
        short = curie(text)
        prefix, _, local = short.partition(":")
        key = f"code.{local}"
        if prefix in ("kg", "kgv") and key in catalogue(language()):
            return Cell(say(key), title=short) if in_words else Cell(short, title=say(key))
        return Cell(short, path_of(short) if prefix in _PAGES else "", text)
    return Cell(text, title="" if more.startswith("http") else more, number=more in _NUMBERS)


def _downloads(draft: Draft, forms: Sequence[tuple[str, str]], asked_lang: str) -> tuple[tuple[str, str, str], ...]:
    lang = {"lang": asked_lang} if asked_lang else {}
    if draft.question:
        name, path, values = draft.question, "/ask", {"question": draft.question, **draft.values}
    else:
        name, path, values = "answer", "/sparql", {"query": draft.query}
    return tuple((words, f"{path}?{urlencode({**values, 'format': form, **lang})}", f"{name}.{form}") for words, form in forms)


@cache
def _source(name: str) -> str:
    return package_file(f"serve/templates/{name}").read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    folder = package_file("serve/templates")
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@cache
def _policy(script: str, style: str) -> str:
    # The answer is fetched from here; nothing else is loaded from anywhere.
    return (
        f"default-src 'none'; script-src {_hash(script)}; style-src 'self' {_hash(style)}; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"

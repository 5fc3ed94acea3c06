"""A request to the endpoint, taken apart by the rules of the SPARQL 1.1 Protocol."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from kg.graph.queries import is_sparql, question_named
from kg.messages import say
from kg.serve.formats import FORMS, is_form, wanted
from kg.serve.problems import Problem
from kg.serve.settings import Settings

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
_COMMON = ("timeout", "lang")
_FORMATS = ("format", "output", "results")
_SYNONYMS = ("output", "results")
"""What some clients send beside ``format``, or instead."""
_GRAPHS = ("default-graph-uri", "named-graph-uri")
_UPDATES = ("update", "using-graph-uri", "using-named-graph-uri")
_FIELDS = 100
_BODY_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks. ``query`` is None where it holds no SPARQL; ``form`` is a short name that goes before ``Accept``."""

    query: str | None = None
    form: str | None = None
    seconds: float = 0.0
    question: str = ""
    """The name of a canned question."""
    parameters: tuple[tuple[str, str], ...] = ()
    complete: bool = True
    """Whether every parameter that the question must have is given."""


async def asked_of(request: Request, settings: Settings) -> Asked:
    """What a GET, HEAD or POST asks.

    Raises:
        Problem: 400, 403, 408, 413 or 415; nothing of the request is done.
    """
    pairs = _pairs(request.scope["query_string"])
    if request.method != "POST":
        return _asked(pairs, settings)
    media = _media_of(request)
    body = await _body(request, settings.max_body)
    if media == FORM:
        return _asked(pairs + _pairs(body), settings)
    return _asked([*pairs, ("query", _text(body))], settings)


async def canned_of(request: Request, settings: Settings) -> Asked:
    """What a GET asks of the canned questions: ``question`` names one, its parameters stand beside it under their names.

    Raises:
        Problem: 400, a parameter is not known, given twice or does not fit.
        QuestionError: there is no such question.
    """
    pairs = _pairs(request.scope["query_string"])
    values = dict(pairs)
    name = values.get("question", "")
    question = question_named(name) if name else None
    own = {parameter.name: parameter.default for parameter in question.parameters} if question else {}
    _once(pairs, ("question", *own, *_COMMON), _FORMATS)
    given = {key: values[key] for key in own if values.get(key, "").strip()}
    # A language is that of the request where none is named.
    needed = [one.name for one in question.parameters if one.default is None and one.kind != "language"] if question else []
    complete = all(key in given for key in needed)
    return Asked(None, _form(pairs), _seconds(values.get("timeout"), settings.timeout), name, tuple(given.items()), complete)


def _media_of(request: Request) -> str:
    header = Message()
    header["content-type"] = request.headers.get("content-type", "")
    media = header.get_content_type() if request.headers.get("content-type") else ""
    if media == UPDATE:
        raise Problem(403, "read-only")
    if media not in (FORM, QUERY):
        raise Problem(415, "media-type", media or "–", headers={"Accept-Post": f"{FORM}, {QUERY}"})
    charset = header.get_param("charset", "utf-8")
    if str(charset).lower() not in ("utf-8", "utf8", "us-ascii"):
        raise Problem(415, "charset", charset)
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Problem(415, "encoding", request.headers["content-encoding"])
    return media


async def _body(request: Request, limit: int) -> bytes:
    announced = request.headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > limit:
        raise Problem(413, "body-too-long", limit)
    body = bytearray()
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limit:
                    raise Problem(413, "body-too-long", limit)
    except TimeoutError:
        raise Problem(408, "body-too-slow", f"{_BODY_SECONDS:g}") from None
    except ClientDisconnect:
        raise Problem(400, "not-utf-8") from None
    return bytes(body)


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Problem(400, "not-utf-8") from None


def _pairs(raw: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(raw.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=_FIELDS)
    except UnicodeDecodeError:
        raise Problem(400, "not-utf-8") from None
    except ValueError:
        raise Problem(400, "too-many-fields", _FIELDS) from None


def _asked(pairs: Sequence[tuple[str, str]], settings: Settings) -> Asked:
    if any(name in _UPDATES for name, _ in pairs):
        raise Problem(403, "read-only")
    _once(pairs, ("query", *_COMMON), (*_FORMATS, *_GRAPHS))
    # An empty name of a graph is what forms send that leave the field blank.
    if any(name in _GRAPHS and value for name, value in pairs):
        raise Problem(403, "dataset")
    values = dict(pairs)
    query = values.get("query")
    if query is not None:
        query = query.removeprefix("\ufeff")
        if not query.strip():
            raise Problem(400, "no-query")
    return Asked(query, _form(pairs), _seconds(values.get("timeout"), settings.timeout))


def _once(pairs: Sequence[tuple[str, str]], once: Sequence[str], often: Sequence[str] = ()) -> None:
    names = [name for name, _ in pairs]
    for name in names:
        if name not in once and name not in often:
            if "query" in once and is_sparql(name):
                raise Problem(400, "unnamed-query")
            shown = [known for known in (*once, *often) if known not in _SYNONYMS]
            raise Problem(400, "unknown-parameter", name[:80], say("table.join").join(shown))
        if name in once and names.count(name) > 1:
            raise Problem(400, "twice", name)


def _form(pairs: Sequence[tuple[str, str]]) -> str | None:
    # Some clients name the form in three parameters at once, each time as a short name and as media types: what is known must agree.
    named = [part for name, value in pairs if name in _FORMATS for part in value.split(",") if part.strip()]
    if not named:
        return None
    known = [name for name in named if is_form(name)]
    if not known:
        raise Problem(400, "bad-format", named[0][:80], ", ".join(FORMS))
    if len({wanted("", name) for name in known}) > 1:
        raise Problem(400, "twice", "format")
    return known[0]


def _seconds(given: str | None, limit: float) -> float:
    # A client may ask for less time than there is, never for more.
    if not given:
        return limit
    try:
        seconds = float(given)
    except ValueError:
        raise Problem(400, "bad-timeout", given[:80]) from None
    if not 0 < seconds < float("inf"):
        raise Problem(400, "bad-timeout", given[:80])
    return min(seconds, limit)

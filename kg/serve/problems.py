"""What is refused, and how that is said: a status, one plain message in the client's language, as text, JSON or a page."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kg.errors import KgError
from kg.messages import catalogue, language, say
from kg.serve.negotiate import best
from kg.serve.spoken import web_words

_PAGE = (
    '<!doctype html><html lang="{lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '<title>{title}</title><h1>{title}</h1><p>{text}</p><p><a href="/">{home}</a></p></html>\n'
)


class Problem(KgError):
    """A request that is refused. Fields of the message ``error.serve.<what>`` follow."""

    def __init__(self, status: int, what: str, *fields: object, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(*fields)
        self.status = status
        self.code = f"serve.{what}"
        self.headers = dict(headers or {})


def answer_problem(request: Request, problem: Problem) -> Response:
    """The response that says what went wrong, in the form that the client takes: a page, JSON, else plain text."""
    return spoken(request.headers.get("accept", ""), problem.status, str(problem), problem.headers)


def spoken(accept: str, status: int, text: str, headers: Mapping[str, str] | None = None) -> Response:
    """A response of some status that carries one message.

    Args:
        accept: the client's ``Accept`` header.
        status: an HTTP status from 400 on.
        text: the message.
        headers: further headers.
    """
    media = best(accept, ("text/plain", "application/json", "text/html")) or "text/plain"
    if media == "application/json":
        body = json.dumps({"status": status, "message": text}, ensure_ascii=False) + "\n"
    elif media == "text/html":
        title = say("serve.refused", status=status)
        body = _PAGE.format(lang=language(), title=title, text=html.escape(text), home=say("serve.home"))
    else:
        body = text + "\n"
    return Response(body, status, {"Vary": "Accept, Accept-Language", **(headers or {})}, f"{media}; charset=utf-8")


def answer_http_exception(request: Request, error: Exception) -> Response:
    """The response to what the framework itself refuses: no such page, no such method."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    key = f"error.serve.status-{status}"
    known = key in catalogue(language())
    text = say(key, request.url.path) if known else say("serve.refused", status=status)
    return spoken(request.headers.get("accept", ""), status, text, getattr(error, "headers", None))


def answer_kg_error(request: Request, error: Exception) -> Response:
    """The response to an error that the pages raise: a unit that is not there, a parameter that does not fit."""
    if isinstance(error, Problem):
        return answer_problem(request, error)
    return spoken(request.headers.get("accept", ""), 400, web_words(error) if isinstance(error, KgError) else str(error))


def answer_crash(request: Request, _error: Exception) -> Response:
    """The response to an error of ours; what it was goes to the log only. It is made outside of all else, so it brings its headers."""
    headers = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "X-Content-Type-Options": "nosniff"}
    return spoken(request.headers.get("accept", ""), 500, say("error.serve.status-500", request.url.path), headers)

"""The endpoint ``/sparql`` by the SPARQL 1.1 Protocol, queries only; and ``/ask`` for the canned questions, by the same rules."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from kg.errors import KgError, ParameterMissingError
from kg.graph.queries import question_named
from kg.messages import language, say
from kg.serve.asked import Asked, asked_of, canned_of
from kg.serve.editor import Draft, editor_page
from kg.serve.formats import GRAPHS, HTML, wanted
from kg.serve.problems import Problem, answer_kg_error
from kg.serve.refused import refuse_foreign
from kg.serve.service import description
from kg.serve.settings import Settings
from kg.serve.turns import client_of
from kg.serve.worker import Job, Reply
from kg.serve.workers import Pool

PATH = "/sparql"
CANNED = "/ask"
_VARY = {"Vary": "Accept, Accept-Language"}
_Reader = Callable[[Request, Settings], Awaitable[Asked]]


def routes(pool: Pool, settings: Settings) -> list[BaseRoute]:
    """The routes of the endpoint and of the canned questions; the pool answers their queries."""
    return [
        Route(PATH, _endpoint(asked_of, pool, settings, "GET, HEAD, OPTIONS, POST"), methods=["GET", "HEAD", "POST", "OPTIONS"]),
        Route(CANNED, _endpoint(canned_of, pool, settings, "GET, HEAD, OPTIONS"), methods=["GET", "HEAD", "OPTIONS"]),
    ]


def _endpoint(read: _Reader, pool: Pool, settings: Settings, allow: str) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": allow})
        asked = Asked()
        try:
            asked = await read(request, settings)
            return await _answer(request, asked, pool, settings)
        except KgError as problem:
            if getattr(problem, "status", 400) != 406 and _for_people(request, asked):
                return editor_page(request, _draft(asked), problem=problem)
            return answer_kg_error(request, problem)

    return endpoint


def _for_people(request: Request, asked: Asked) -> bool:
    return asked.form in (None, "html") and wanted(request.headers.get("accept", ""), asked.form)[0] == HTML


def _draft(asked: Asked) -> Draft:
    return Draft(asked.query or "", asked.question, dict(asked.parameters))


async def _answer(request: Request, asked: Asked, pool: Pool, settings: Settings) -> Response:
    table, graph = wanted(request.headers.get("accept", ""), asked.form)
    if asked.query is None and (not asked.complete or not asked.question):
        return _described(request, asked, graph)
    if table is None and graph is None:
        raise Problem(406, "not-acceptable")
    if asked.query is not None:
        refuse_foreign(asked.query)
    limits = (settings.max_rows, settings.shown_rows, settings.max_answer, asked.seconds)
    job = Job(asked.query or "", asked.question, asked.parameters, language(), table, graph, *limits)
    reply = await _unless_gone(request, pool, job)
    if reply.media == HTML:
        return editor_page(request, Draft(reply.query, asked.question, dict(asked.parameters)), reply=reply)
    return Response(reply.body, headers=_VARY, media_type=f"{reply.media}; charset=utf-8")


def _described(request: Request, asked: Asked, graph: str | None) -> Response:
    if request.method == "POST":
        raise Problem(400, "no-query")
    if graph == HTML:
        return editor_page(request, _draft(asked))
    if request.url.path != PATH:
        raise _missing(asked) if asked.question else Problem(400, "no-question")
    if graph is None:
        raise Problem(406, "not-acceptable")
    endpoint = str(request.url.replace(query="", fragment=""))
    return Response(description(endpoint, GRAPHS[graph]), headers=_VARY, media_type=f"{graph}; charset=utf-8")


def _missing(asked: Asked) -> KgError:
    # A program that forgot a parameter is told which; people find it as a field of the page.
    given = dict(asked.parameters)
    wanted_ones = [one for one in question_named(asked.question).parameters if one.default is None and one.name not in given]
    return ParameterMissingError(asked.question, wanted_ones[0].name, say(f"parameter.{wanted_ones[0].kind}"))


async def _unless_gone(request: Request, pool: Pool, job: Job) -> Reply:
    # A client that hangs up wants no answer: its query is stopped.
    asking = asyncio.create_task(pool.run(job, client_of(request.client.host if request.client else "")))
    going = asyncio.create_task(_gone(request))
    try:
        await asyncio.wait({asking, going}, return_when=asyncio.FIRST_COMPLETED)
        if asking.done():
            return asking.result()
        raise Problem(503, "gone")
    finally:
        asking.cancel()
        going.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass

"""The endpoint ``/sparql`` by the SPARQL 1.1 Protocol: queries only."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from kg.serve.asked import Asked, asked_of, unknown_form
from kg.serve.editor import editor_page
from kg.serve.formats import GRAPHS, HTML, wanted
from kg.serve.problems import Problem, answer_problem
from kg.serve.refused import refuse_foreign
from kg.serve.service import description
from kg.serve.settings import Settings
from kg.serve.worker import Job, Reply
from kg.serve.workers import Pool

PATH = "/sparql"
_ALLOW = "GET, HEAD, OPTIONS, POST"
_VARY = {"Vary": "Accept, Accept-Language"}


def routes(pool: Pool, settings: Settings) -> list[BaseRoute]:
    """The routes of the endpoint; its queries are answered by the pool."""

    async def endpoint(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": _ALLOW})
        asked = None
        try:
            asked = await asked_of(request, settings)
            return await _answer(request, asked, pool, settings)
        except Problem as problem:
            if problem.status != 406 and _for_people(request, asked):
                return editor_page(request, asked.query if asked else None, problem=problem)
            return answer_problem(request, problem)

    return [Route(PATH, endpoint, methods=["GET", "HEAD", "POST", "OPTIONS"])]


def _for_people(request: Request, asked: Asked | None) -> bool:
    form = asked.form if asked else None
    return form in (None, "html") and wanted(request.headers.get("accept", ""), form)[0] == HTML


async def _answer(request: Request, asked: Asked, pool: Pool, settings: Settings) -> Response:
    try:
        table, graph = wanted(request.headers.get("accept", ""), asked.form)
    except ValueError:
        raise unknown_form(asked.form or "") from None
    if asked.query is None:
        return _described(request, graph)
    if table is None and graph is None:
        raise Problem(406, "not-acceptable")
    refuse_foreign(asked.query)
    job = Job(asked.query, table, graph, settings.max_rows, settings.shown_rows, settings.max_answer, asked.seconds)
    reply = await _unless_gone(request, pool, job)
    if reply.media == HTML:
        return editor_page(request, asked.query, reply=reply)
    return Response(reply.body, headers=_VARY, media_type=f"{reply.media}; charset=utf-8")


def _described(request: Request, graph: str | None) -> Response:
    if request.method == "POST":
        raise Problem(400, "no-query")
    if graph is None:
        raise Problem(406, "not-acceptable")
    if graph == HTML:
        return editor_page(request, None)
    endpoint = str(request.url.replace(query="", fragment=""))
    return Response(description(endpoint, GRAPHS[graph]), headers=_VARY, media_type=f"{graph}; charset=utf-8")


async def _unless_gone(request: Request, pool: Pool, job: Job) -> Reply:
    # A client that hangs up wants no answer: its query is stopped.
    asking = asyncio.create_task(pool.run(job))
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

"""The page at ``/sparql`` on which people write queries: canned questions, completion, the answer as a table."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kg.serve.problems import Problem, answer_problem
from kg.serve.worker import Reply


def editor_page(request: Request, query: str | None, *, reply: Reply | None = None, problem: Problem | None = None) -> Response:
    """The page, with the answer to a query or with what was wrong."""
    if problem:
        return answer_problem(request, problem)
    return Response(reply.body if reply else "", media_type="text/html")

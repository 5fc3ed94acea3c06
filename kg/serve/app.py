"""The application put together: the endpoint, the editor and the pages over one build folder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from kg.errors import KgError
from kg.serve import pages, protocol
from kg.serve.headers import Guard, Hosts
from kg.serve.problems import answer_crash, answer_http_exception, answer_kg_error
from kg.serve.settings import Settings
from kg.serve.site import open_site
from kg.serve.workers import Pool


def application(folder: Path, settings: Settings, ready: Callable[[], None] = lambda: None) -> Starlette:
    """The web application over a build folder.

    Args:
        folder: what ``kg build`` made; it may be built again while the application runs.
        settings: its limits.
        ready: called once the worker processes are there, before the first request is answered.

    Raises:
        GraphError, StoreVersionError: the folder is no build, or one of another version.
    """
    pool = Pool(folder, settings)

    @asynccontextmanager
    async def life(_app: Starlette) -> AsyncIterator[None]:
        await pool.start()
        try:
            ready()
            yield
        finally:
            await pool.stop()

    app = Starlette(
        routes=[*protocol.routes(pool, settings), *pages.routes(open_site(folder))],
        middleware=[Middleware(Guard, settings.max_url), Middleware(Hosts, settings.hosts), *_cors(settings)],
        exception_handlers={HTTPException: answer_http_exception, KgError: answer_kg_error, Exception: answer_crash},
        lifespan=life,
    )
    app.state.pool = pool
    return app


def _cors(settings: Settings) -> list[Middleware]:
    if not settings.cors:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=list(settings.cors),
            allow_methods=["GET", "HEAD", "POST"],
            allow_headers=["Accept", "Accept-Language", "Content-Type"],
            expose_headers=["Retry-After"],
            max_age=86_400,
        )
    ]

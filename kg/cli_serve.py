"""The command ``kg serve``: the graph in the browser, and as a SPARQL endpoint."""

from __future__ import annotations

from pathlib import Path

import click

from kg.commands import PATH, command, need, option
from kg.console import DONE
from kg.errors import GraphError
from kg.messages import say

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@command
@click.argument("out", required=False, default=Path("out"), metavar="[OUT]", type=PATH)
@option("--port", type=click.IntRange(0, 65_535), default=8000, show_default=True)
@option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS")
@option("--timeout", type=click.FloatRange(0.1, 3600), default=30.0, show_default=True, metavar="SECONDS")
@option("--max-rows", type=click.IntRange(1, 100_000_000), default=100_000, show_default=True)
@option("--workers", type=click.IntRange(1, 64), default=4, show_default=True)
@option("--memory", type=click.IntRange(16, 1_000_000), default=2_048, show_default=True)
@option("--cors", multiple=True, metavar="ORIGIN")
@option("--allow-host", "allowed", multiple=True, metavar="NAME")
@option("-v", "--verbose", count=True)
def serve(
    out: Path,
    port: int,
    host: str,
    timeout: float,
    max_rows: int,
    workers: int,
    memory: int,
    cors: tuple[str, ...],
    allowed: tuple[str, ...],
    verbose: int,
) -> int:
    """The graph in the browser, and as a SPARQL endpoint."""
    from kg.versions import is_build

    need("kg serve", "serve", "starlette", "uvicorn")
    from kg.serve.run import FileServedError, run_server
    from kg.serve.settings import Settings, host_name, origin

    if out.is_file():
        raise FileServedError(out)
    if not is_build(out):
        raise GraphError(out)
    allowed = tuple(map(host_name, allowed))
    cors = tuple(map(origin, cors))
    host = host.removeprefix("[").removesuffix("]")
    open_to_all = host not in _LOOPBACK
    if open_to_all:
        click.echo(say("serve.warning-host", host), err=True)
    # Who names the server keeps its own names: a check from this machine goes on working, and no page elsewhere can take them.
    hosts = ("*",) if open_to_all and not allowed else Settings().hosts + allowed
    settings = Settings(timeout=timeout, max_rows=max_rows, workers=workers, memory=memory << 20, cors=cors, hosts=hosts)
    run_server(out, settings, host, port, lambda url: click.echo(say("serve.open", url)), verbose=bool(verbose))
    return DONE

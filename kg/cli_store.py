"""``kg build --store URL``: the graph written to a SPARQL 1.1 server too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kg.commands import option
from kg.messages import say

if TYPE_CHECKING:
    from kg.building.line import Tell

F = TypeVar("F", bound=Callable[..., Any])


def with_store(command: F) -> F:
    """The options that name a server."""
    return option("--store", default=None, metavar="URL")(option("--store-overwrite", is_flag=True)(command))


def look_first(address: str | None, *, overwrite: bool) -> None:
    """See before anything is read that the server is there, and that its graph may be written.

    Raises:
        click.UsageError: there is something to overwrite, and no server.
        KgError: as ``kg.graph.sending.look_first``.
    """
    if address is not None:
        from kg.graph.sending import look_first

        look_first(address, overwrite=overwrite)
    elif overwrite:
        raise click.UsageError(say("store.overwrite-what"))


def send_to(out: Path, address: str | None, tell: Tell, *, overwrite: bool, quiet: bool) -> None:
    """Make the graph on a server equal to what was built into a folder, where one is named, and say what was done.

    Raises:
        KgError: as ``KG.send``.
    """
    if address is None:
        return
    from kg import api

    sent = api.load(out).send(address, tell, overwrite=overwrite)
    if quiet:
        return
    if sent.again:
        click.echo(say("store.again"), err=True)
    if sent.sent or sent.removed:
        click.echo(say("store.sent", address=address, triples=sent.triples, sent=sent.sent, removed=sent.removed, kept=sent.kept), err=True)
    else:
        click.echo(say("store.nothing", address=address, triples=sent.triples), err=True)

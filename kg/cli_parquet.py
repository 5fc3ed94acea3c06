"""``kg export --format parquet``: the ties as tables in a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.messages import say

if TYPE_CHECKING:
    from kg.api import KG


def check_folder(folder: Path | None) -> Path:
    """The folder that was named, before anything is read.

    Raises:
        click.UsageError: none is named; several files do not go to standard output.
    """
    if folder is None or str(folder) == "-":
        raise click.UsageError(say("parquet.needs-folder"))
    return folder


def write_tables(opened: KG, named: Path | None) -> None:
    """Write the tables into a folder, and say on stderr how they are read.

    Raises:
        click.UsageError: as ``check_folder``.
        ExtraError, OutputForeignError, OutputError: as ``KG.parquet``.
    """
    from kg.views.parquet import TABLES

    folder = check_folder(named)
    opened.parquet(folder)
    click.echo(say("parquet.written", count=len(TABLES), path=folder.as_posix()), err=True)

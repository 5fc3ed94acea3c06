"""``kg build``: notices in; graph, report and picture out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli_store import look_first, send_to, with_store
from kg.commands import PATH, command, complain, knowledge, knowledge_of, option, sources, talk, tell_of, with_persons
from kg.messages import say

if TYPE_CHECKING:
    from kg.building.whole import Built, Way

_FILES = (("report", "report.html"), ("page", "page.html"), ("graph", "graph.ttl"))


@command
@sources
@option("-o", "--output", type=PATH, default=Path("out"), show_default=True)
@option("--jobs", type=click.IntRange(min=0), default=0, metavar="N")
@option("--wait", is_flag=True)
@option("--cluster", default=None, metavar="ADDRESS")
@option("--shards", "place", default=None, metavar="URL")
@with_store
@knowledge
@with_persons
@talk
def build(
    sources: tuple[Path, ...],
    output: Path,
    jobs: int,
    wait: bool,
    cluster: str | None,
    place: str | None,
    store: str | None,
    store_overwrite: bool,
    persons: bool,
    verbose: int,
    quiet: bool,
    **tables: tuple[Path, ...],
) -> int:
    """Notices in; graph, report and page out."""
    from kg.building.shards import Terms
    from kg.building.whole import build_folder
    from kg.messages import language

    look_first(store, overwrite=store_overwrite)
    terms = Terms(knowledge_of(**tables), persons, language())
    with _way(jobs, wait, cluster, place) as way:
        built = build_folder(sources, output, terms, way, tell_of(verbose, quiet))
    if not quiet:
        click.echo("\n".join([*_summary(built, output), *_to_look_at(built, sources), say("build.next", out=output)]), err=True)
    send_to(output, store, tell_of(verbose, quiet), overwrite=store_overwrite, quiet=quiet)
    return complain(tuple(failure.error for failure in built.failures), output / "failures.csv")


@contextmanager
def _way(jobs: int, wait: bool, cluster: str | None, place: str | None) -> Iterator[Way]:
    from kg.building.whole import Way

    if cluster is None:
        if place is not None:
            raise click.UsageError(say("cluster.needs-cluster"))
        yield Way(jobs, wait)
        return
    if jobs:
        raise click.UsageError(say("cluster.no-jobs"))
    from kg.building.cluster import cluster_reader

    with cluster_reader(cluster, place) as reader:
        yield Way(wait=wait, reader=reader)


_SHOWN = 20
"""Files of one kind that are named one by one."""


def _to_look_at(built: Built, sources: tuple[Path, ...]) -> list[str]:
    """What may be missing or counted twice: it would go unnoticed in a folder of many files."""
    from kg.building.doubts import doubts_of
    from kg.reading.files import passed_over
    from kg.versions import is_build

    doubts = doubts_of(built.folder)
    lines = [say("build.empty", count=len(doubts.empty))] if doubts.empty else []
    for one in doubts.empty[:_SHOWN]:
        annexes = say("table.join").join(one.annexes[:5])
        lines.append(say("build.empty-annex", source=one.source, annexes=annexes) if annexes else say("build.empty-one", source=one.source))
    lines += [say("build.again", source=a.source, other=a.other, number=a.number, count=a.tasks) for a in doubts.again[:_SHOWN]]
    if passed := passed_over(sources, is_build):
        counted = (say("build.of-format", suffix=suffix, count=count) for suffix, count in passed.items())
        lines.append(say("build.passed-over", formats=say("table.join").join(counted)))
    return lines


def _summary(built: Built, output: Path) -> list[str]:
    figures = built.figures
    lines = [say(f"build.anew.{built.anew}")] if built.anew else []
    lines.append(say("build.read", notices=figures.notices, tasks=figures.tasks, units=figures.units))
    if built.known:
        lines.append(say("build.known", read=built.read, known=built.known))
    if figures.unled and figures.notices == 1:
        lines.append(say("build.without-lead", count=figures.unled, tasks=say("table.join").join(map(str, built.unled()))))
    elif figures.unled:
        lines.append(say("build.without-lead-many", count=figures.unled))
    lines += [say("build.copy", source=source) for source in built.copies]
    lines += [say("build.open", path=output / name, what=say(f"build.{key}")) for key, name in _FILES if (output / name).exists()]
    if not figures.pages:
        lines.append(say("build.no-pages", out=output))
    if not figures.turtle:
        lines.append(say("build.no-turtle", out=output))
    return lines

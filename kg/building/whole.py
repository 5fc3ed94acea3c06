"""The whole line at any scale: files → shards → one version of a build, whole or not at all."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from kg.building.company import Head
from kg.building.filling import Filling, fill_anew, fill_grown, list_contents
from kg.building.finishing import Figures, figures_of, finish, unled_tasks
from kg.building.health import PARTS, Base, last_good
from kg.building.inventory import Entry, entry_of, head_of, heads_in, members_of, name_of
from kg.building.line import Tell, check_lexicons, silent
from kg.building.output import SHARDS, clear_old, new_version, publish, show, sole_writer, write_whole
from kg.building.readers import read_all
from kg.building.shards import Failure, Outcome, Shard, Terms, Wanted, digest_of, key_of, shard_at, terms_digest
from kg.errors import BatchError, KgError, OutputError
from kg.messages import say
from kg.naming.units import load_names
from kg.reading.corrections import read_corrections
from kg.reading.files import SourceFile, content_of, source_files
from kg.resources import use_lexicons
from kg.versions import is_build

Reader = Callable[[Sequence[Wanted], Terms, Path, int, Tell], Outcome]
"""How files become shards: in this process, in workers, or on other machines."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a build goes about it; none of it changes what comes out."""

    jobs: int = 1
    """Worker processes; 0 takes one for each processor where there are many files."""
    wait: bool = False
    """Whether to wait for another writer of the same folder."""
    reader: Reader = read_all


@dataclass(frozen=True, slots=True)
class Built:
    """What a build came to."""

    folder: Path
    """Of the version."""
    figures: Figures
    failures: tuple[Failure, ...]
    read: int
    """Files that were read in this run, or tried."""
    known: int
    """Files that the version before holds already, or that a build that did not end had read."""
    copies: tuple[str, ...] = ()
    """Files that hold a notice that another holds."""
    anew: str = ""
    """Why the version before was not built upon, as a key of ``build.anew``; empty where it was, or there was none."""

    def unled(self) -> list[int]:
        """The running numbers of the tasks that print no lead, for a build of one notice."""
        return unled_tasks(self.folder)


@dataclass(frozen=True, slots=True)
class _Known:
    """One file whose head is known."""

    wanted: Wanted
    key: str
    """Of its shard where no other file has a say in it."""
    content: str
    head: Head


def build_folder(sources: Sequence[str | Path], out: Path, terms: Terms = Terms(), way: Way = Way(), tell: Tell = silent) -> Built:
    """Build the graph of some files and folders into ``out``, reading only what was not read before.

    The result is the same, triple for triple and text for text, whatever was built there before, in how many processes and
    batches; a killed build goes on from what it has read. Readers find the version before until the new one is whole.

    Raises:
        SourceMissingError, NoNoticesError: a path leads nowhere.
        TableError: one of the user's own tables does not fit.
        BatchError, KgError: nothing could be read.
        OutputError, OutputForeignError, OutputBusyError: ``out`` cannot be written to, holds other things, or is being written.
    """
    files = source_files(sources, is_build)
    knowledge = terms.knowledge
    load_names(knowledge.registers, knowledge.decisions)
    read_corrections(knowledge.corrections)
    with use_lexicons(knowledge.lexicons):
        check_lexicons(knowledge.lexicons)
    with sole_writer(out, wait=way.wait):
        try:
            return _build(files, out, terms, way, tell)
        except (OSError, sqlite3.Error) as error:
            raise OutputError(out, getattr(error, "strerror", None) or error) from error


def _build(files: Sequence[SourceFile], out: Path, terms: Terms, way: Way, tell: Tell) -> Built:
    (out / SHARDS).mkdir(parents=True, exist_ok=True)
    tell("check", 0, len(files))
    base, anew = last_good(out)
    digest = terms_digest(terms)
    known, failures, fresh = _known_files(files, base, digest, out, terms, way, tell)
    while True:
        members = _members(known, digest)
        base = _worth_it(base, members)
        missing = [wanted for key, wanted in members.items() if not (base and key in base.entries) and not shard_at(out / SHARDS, key)]
        again = way.reader(missing, terms, out / SHARDS, way.jobs, tell)
        failures |= {failure.source: failure for failure in again.failures}
        if not again.failures:
            break
        # A file went while others were read: another may hold its notice.
        known = [one for one in known if one.wanted.file.name not in failures]
    told = tuple(failures[file.name] for file in files if file.name in failures)
    if not members:
        raise told[0].error if len(files) == 1 else BatchError(len(told), "\n".join(str(failure.error) for failure in told))
    figures, folder = _version(out, base, members, {one.key: one.head for one in known}, terms, tell)
    _write_failures(out, told)
    clear_old(out, folder.name)
    copies = tuple(copy for wanted in members.values() for copy in wanted.copies)
    return Built(folder, figures, told, fresh + len(told), len(known) - fresh, copies, anew)


def _write_failures(out: Path, failures: Sequence[Failure]) -> None:
    from kg.views.tables import csv_text

    # The name of a file stands in the first column; in the second it would hide the reason.
    rows = [(failure.source, _LED.sub("", str(failure.error).removeprefix(failure.source))) for failure in failures]
    # The mark that spreadsheets want.
    text = "\ufeff" + csv_text([say("build.failed-file"), say("build.failed-why")], rows)
    if rows:
        write_whole(out / FAILURES, text)
    else:
        (out / FAILURES).unlink(missing_ok=True)


_LED = re.compile(r"^[:：]\s*")
FAILURES = "failures.csv"
"""Which files of the last build failed, and why; without any there is no such file."""


def _known_files(
    files: Sequence[SourceFile], base: Base | None, digest: str, out: Path, terms: Terms, way: Way, tell: Tell
) -> tuple[list[_Known], dict[str, Failure], int]:
    """The files that can be read, in their order, with their heads; those that cannot; how many of the first were read now."""
    contents, failures = _contents(files)
    keys = {file.name: key_of(Wanted(file), contents[file.name], digest) for file in files if file.name in contents}
    heads = _heads(base, keys.values(), out / SHARDS)
    unread = [Wanted(file) for file in files if file.name in keys and keys[file.name] not in heads]
    outcome = way.reader(unread, terms, out / SHARDS, way.jobs, tell)
    failures |= {failure.source: failure for failure in outcome.failures}
    for shard in outcome.shards:
        # By what the reader saw, should the file have changed since.
        keys[shard.source], contents[shard.source], heads[shard.key] = shard.key, shard.content, head_of(shard)
    good = [file for file in files if file.name in keys and file.name not in failures]
    return (
        [_Known(Wanted(file), keys[file.name], contents[file.name], heads[keys[file.name]]) for file in good],
        failures,
        len(outcome.shards),
    )


def _contents(files: Sequence[SourceFile]) -> tuple[dict[str, str], dict[str, Failure]]:
    contents: dict[str, str] = {}
    failures: dict[str, Failure] = {}
    for file in files:
        try:
            contents[file.name] = digest_of(content_of(file))
        except KgError as error:
            failures[file.name] = Failure(file.name, error)
    return contents, failures


def _heads(base: Base | None, keys: Iterable[str], shards: Path) -> dict[str, Head]:
    wanted = list(keys)
    heads: dict[str, Head] = {}
    if base:
        with closing(sqlite3.connect(base.folder / PARTS)) as connection:
            heads = heads_in(connection, wanted)
    for key in wanted:
        if key not in heads and (shard := shard_at(shards, key)):
            heads[key] = head_of(shard)
    return heads


def _members(known: Sequence[_Known], digest: str) -> dict[str, Wanted]:
    """The notices of the build: the key of each shard → the file that it is read from, and how."""
    contents = {one.wanted.file.name: one.content for one in known}
    found = members_of([one.wanted for one in known], [one.head for one in known])
    return {key_of(wanted, contents[wanted.file.name], digest): wanted for wanted in found}


_GONE_COSTS = 4
"""Taking a notice out of a graph takes as long as reading some others."""


def _worth_it(base: Base | None, members: dict[str, Wanted]) -> Base | None:
    if base is None:
        return None
    stay = sum(1 for key in base.entries if key in members)
    return base if stay and (len(base.entries) - stay) * _GONE_COSTS <= stay else None


def _version(
    out: Path, base: Base | None, members: dict[str, Wanted], heads: Mapping[str, Head], terms: Terms, tell: Tell
) -> tuple[Figures, Path]:
    """Make the version of these notices the current one; where it is already, nothing is written."""
    name = name_of(members)
    if base and base.folder.name.partition("-")[0] == name:
        show(out, base.folder.name)
        return figures_of(base.folder), base.folder
    shards = [shard for key in members if not (base and key in base.entries) and (shard := shard_at(out / SHARDS, key))]
    entries, gone = _entries(base, members, shards)
    names = load_names(terms.knowledge.registers, terms.knowledge.decisions)
    folder = new_version(out)
    try:
        filling = Filling(shards, gone, names, tell)
        triples = fill_grown(folder, base, filling) if base else fill_anew(folder, filling)
        list_contents(folder, heads, entries)
        figures = finish(folder, base, triples, entries, tell)
        place = publish(out, name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return figures, place


def _entries(base: Base | None, members: dict[str, Wanted], shards: Sequence[Shard]) -> tuple[list[Entry], list[Entry]]:
    """The notices of the new version by id, and those of the version before that it does not have."""
    kept = [entry for key, entry in base.entries.items() if key in members] if base else []
    gone = [entry for key, entry in base.entries.items() if key not in members] if base else []
    return sorted([*kept, *map(entry_of, shards)], key=lambda entry: entry.notice), gone

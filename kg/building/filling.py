"""Shards → one version of a build: store, tables, records and texts, filled anew or out of the version before."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from shutil import copyfile

import pyoxigraph

from kg.building.company import Head
from kg.building.health import PARTS, TEXTS, Base
from kg.building.inventory import Entry, create_inventory, write_inventory
from kg.building.line import Tell
from kg.building.shards import Shard, member_of
from kg.graph.iris import code
from kg.graph.loading import change_store, load_store
from kg.graph.parts import (
    add_notice,
    create_parts,
    drop_notices,
    foreign_places,
    group_rows,
    part_triples,
    parts_used,
    triples_of_parts,
    unit_rows,
    units_seen,
)
from kg.graph.store import copy_store, quads_of_notice, triple_quads
from kg.graph.ties import Place, changes_in, create_ties, delete_notices, insert_rows, replace_rows, units_in
from kg.graph.triples import change_triples, concept_triples
from kg.model import Change, Role
from kg.naming.changes import changes_of_seen
from kg.naming.units import Names
from kg.versions import link_or_copy

TIES = "ties.sqlite"
RECORDS = "notices.jsonl"
_LINES = 10_000
"""Lines that are handed to the loader at once."""


@dataclass(frozen=True, slots=True)
class Filling:
    """What a version is to be made of."""

    shards: Sequence[Shard]
    """Shards of the notices that the version before does not have, or of all of them."""
    gone: Collection[Entry]
    """Notices of the version before that are no more, or not as they were."""
    names: Names
    tell: Tell


def fill_anew(folder: Path, filling: Filling) -> int:
    """Fill an empty version with all its notices; how many triples it has."""
    with closing(_table(folder / PARTS)) as parts, closing(_table(folder / TIES)) as ties, parts, ties:
        create_parts(parts)
        create_inventory(parts)
        create_ties(ties)
        (folder / TEXTS).mkdir()
        counted = [0]
        own = sum(shard.triples for shard in filling.shards)
        load_store(folder / "store", _all_triples(folder, filling, parts, ties, counted), own)
        return own + counted[0]


def _table(path: Path) -> sqlite3.Connection:
    # Whatever happens, a version that is not finished is thrown away: no journal is needed.
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    return connection


def _all_triples(
    folder: Path, filling: Filling, parts: sqlite3.Connection, ties: sqlite3.Connection, counted: list[int]
) -> Iterator[bytes]:
    # Tables and texts are written on the way, while the loader sorts what it has.
    with (folder / RECORDS).open("wb") as records:
        for shard in _put_in(folder, filling, parts, ties):
            records.write(member_of(shard, "record.json"))
            yield member_of(shard, "own.nt")
    changes = _write_shared(filling, parts, ties, foreign_places(parts))
    lines = iter(sorted(_of_changes(changes) | set(concept_triples(code(role) for role in Role))))
    for some in (lines, part_triples(parts)):
        while batch := list(islice(some, _LINES)):
            counted[0] += len(batch)
            yield "\n".join([*batch, ""]).encode("utf-8")


def _put_in(folder: Path, filling: Filling, parts: sqlite3.Connection, ties: sqlite3.Connection) -> Iterator[Shard]:
    """Put the notices of shards into tables and texts, by id, one after the other."""
    ordered = sorted(filling.shards, key=lambda shard: shard.notice)
    for at, shard in enumerate(ordered):
        filling.tell("graph", at, len(ordered))
        for name, cells in json.loads(member_of(shard, "rows.json")).items():
            insert_rows(ties, name, cells)
        add_notice(parts, shard.notice, shard.day, shard.place, map(tuple, json.loads(member_of(shard, "parts.json"))))
        (folder / TEXTS / f"{shard.notice}.txt").write_bytes(member_of(shard, "text.txt"))
        yield shard


def _write_shared(
    filling: Filling,
    parts: sqlite3.Connection,
    ties: sqlite3.Connection,
    foreign: Mapping[str, Place],
    units: Collection[str] | None = None,
    groups: Collection[str] | None = None,
) -> tuple[Change, ...]:
    """Write the rows of all units and groups, or of those alone that may have become others."""
    filling.tell("ties", 0, 1)
    changes = changes_of_seen(units_seen(parts), filling.names)
    replace_rows(ties, "unit", unit_rows(parts, foreign, units), units)
    replace_rows(ties, "group_", group_rows(parts, groups), groups)
    replace_rows(ties, "change_", changes)
    return changes


def _of_changes(changes: Iterable[Change]) -> set[str]:
    made = list(changes)
    kinds = {code(change.kind) for change in made}
    return {line for change in made for line in change_triples(change)} | set(concept_triples(kinds))


def fill_grown(folder: Path, base: Base, filling: Filling) -> int:
    """Fill an empty version with what the version before has, but for what is gone and what is new; how many triples it has."""
    for name in (PARTS, TIES):
        copyfile(base.folder / name, folder / name)
    copy_store(base.folder / "store", folder / "store")
    (folder / TEXTS).mkdir()
    gone = {entry.notice for entry in filling.gone}
    with closing(_table(folder / PARTS)) as parts, closing(_table(folder / TIES)) as ties, parts, ties:
        touched = parts_used(parts, gone) | _parts_of_shards(filling.shards)
        before = triples_of_parts(parts, touched) | _of_changes(changes_in(ties))
        were = foreign_places(parts)
        drop_notices(parts, gone)
        delete_notices(ties, gone)
        new = {shard.notice: shard for shard in _put_in(folder, filling, parts, ties)}
        foreign = foreign_places(parts)
        # A place that notices come from now, or no more, shows its bodies otherwise.
        moved = {place for place in were.keys() | foreign.keys() if were.get(place) != foreign.get(place)}
        units = _of_sort(touched, "unit") | set(units_in(ties, moved))
        changes = _write_shared(filling, parts, ties, foreign, units, _of_sort(touched, "group"))
        after = _of_changes(changes) | triples_of_parts(parts, touched)
    _merge_records(base.folder / RECORDS, folder / RECORDS, gone, new)
    _link_texts(base.folder, folder, gone)
    lost, won = before - after, after - before
    store = pyoxigraph.Store.read_only(str(base.folder / "store"))
    quads = (quad for notice in sorted(gone) for quad in quads_of_notice(store, f"notice:{notice}"))
    chunks = chain((member_of(shard, "own.nt") for shard in new.values()), ["".join(f"{line}\n" for line in sorted(won)).encode("utf-8")])
    change_store(folder / "store", chain(quads, triple_quads(sorted(lost))), chunks, sum(shard.triples for shard in filling.shards))
    own = sum(shard.triples for shard in filling.shards) - sum(entry.triples for entry in filling.gone)
    return base.triples + own + len(won) - len(lost)


def _of_sort(touched: Iterable[tuple[str, str]], sort: str) -> set[str]:
    return {key for one, key in touched if one == sort}


def _parts_of_shards(shards: Iterable[Shard]) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for shard in shards:
        found |= {(sort, key) for sort, key, _ in json.loads(member_of(shard, "parts.json"))}
    return found


_ID = re.compile(rb'"notice":\{"id":"((?:[^"\\]|\\.)*)"')


def _merge_records(old: Path, path: Path, gone: Collection[str], new: dict[str, Shard]) -> None:
    waiting = sorted(new)
    with old.open("rb") as before, path.open("wb") as after:
        for line in before:
            found = _ID.search(line)
            notice = json.loads(b'"' + found[1] + b'"') if found else ""
            while waiting and waiting[0] <= notice:
                after.write(member_of(new[waiting.pop(0)], "record.json"))
            if notice not in gone:
                after.write(line)
        for notice in waiting:
            after.write(member_of(new[notice], "record.json"))


def _link_texts(base: Path, folder: Path, gone: Collection[str]) -> None:
    for path in (base / TEXTS).iterdir():
        place = folder / TEXTS / path.name
        if path.name.removesuffix(".txt") not in gone and not place.exists():
            link_or_copy(path, place)


def list_contents(folder: Path, heads: Mapping[str, Head], entries: Iterable[Entry]) -> None:
    """Write down what was read and what the version holds, for the next build."""
    with closing(_table(folder / PARTS)) as parts, parts:
        write_inventory(parts, heads, entries)

"""What the pages rest on: one build, read once, with what is costly made at its first use."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from kg import __version__
from kg.analysis.load import Overview, Standing, TaskKey, overview, standings
from kg.analysis.partners import Partner, partners
from kg.errors import GraphError
from kg.graph.store import open_store
from kg.graph.ties import read_ties
from kg.messages import LANGUAGES
from kg.model import Change, FindingRow, Reference, SectionRow, TaskRow, Tie, Ties
from kg.versions import current
from kg.views.apart import labels
from kg.views.details import NO_DETAILS
from kg.views.ledger import Ledger, ledger_of
from kg.views.pinyin import spellings

if TYPE_CHECKING:
    import pyoxigraph

T = TypeVar("T")
K = TypeVar("K")
_ID = re.compile(rb'\{"schema":\d+,"notice":\{"id":("(?:[^"\\]|\\.)*")')
_TEXTS_KEPT = 64


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """A build as its pages need it. Rows are in the order of the ties table; what is a function is made when first asked for."""

    folder: Path
    ties: Ties
    store: pyoxigraph.Store
    ledgers: Mapping[str, Ledger]
    """The ties looked up by task and unit, in every language; the same rows under other words."""
    tasks_of: Mapping[str, tuple[TaskRow, ...]]
    sections_of: Mapping[str, tuple[SectionRow, ...]]
    findings_of: Mapping[str, tuple[FindingRow, ...]]
    reached: Mapping[TaskKey, tuple[Tie, ...]]
    """The ties of each task that a group opens."""
    references_to: Mapping[str, tuple[Reference, ...]]
    """By group."""
    changes_of: Mapping[str, tuple[Change, ...]]
    """By unit, those that it comes from and those that it comes out of."""
    members_of: Mapping[str, tuple[str, ...]]
    """Units of each group that can be listed, by id."""
    groups_of: Mapping[str, tuple[str, ...]]
    """Groups that a unit is a member of."""
    mark: str
    """Changes with the build and with the program: what caches of pages go by."""
    modified: float
    """When the build was written, in seconds since 1970."""
    overview: Callable[[], Overview]
    places: Callable[[], Mapping[str, str]]
    """Names of divisions by code, as the graph holds them."""
    partners: Callable[[], Mapping[str, tuple[Partner, ...]]]
    spellings: Callable[[], Mapping[str, tuple[str, ...]]]
    """Full pinyin and initials of all names of every unit and group, by id."""
    standings_in: Callable[[str], Mapping[str, Standing]]
    """Load and rank of the units within one notice."""
    record: Callable[[str], Mapping[str, Any]]
    """The extraction record of a notice."""
    text: Callable[[str], str]
    """The frozen text of a notice; persons are masked as everywhere, unless the build was made with them."""


def open_site(folder: Path) -> Site:
    """The build in a folder, opened read only.

    Raises:
        GraphError: it is no build, or a part of it is missing or broken.
        StoreVersionError: another version of the program built it.
    """
    # Before anything is read: where the folder changes meanwhile, it is opened again at the next request.
    mark = state_of(folder)
    version = current(folder)
    ties = read_ties(version / "ties.sqlite")
    store = open_store(folder)
    chinese = ledger_of(ties, NO_DETAILS, "zh")
    groups = {group.id: group.label for group in ties.groups}
    members = _members(store, ties)
    record = lru_cache(maxsize=_TEXTS_KEPT)(partial(_record, version, _places(version)))
    tasks_of = _by(ties.tasks, lambda row: row.notice)
    return Site(
        folder=folder,
        ties=ties,
        store=store,
        ledgers={lang: replace(chinese, lang=lang, labels=labels(ties, lang) | groups) for lang in LANGUAGES},
        tasks_of=tasks_of,
        sections_of=_by(ties.sections, lambda row: row.notice),
        findings_of=_by(ties.findings, lambda row: row.notice),
        reached=_by([tie for tie in ties.ties if tie.through], lambda row: (row.notice, row.task)),
        references_to=_by(ties.references, lambda row: row.group),
        changes_of=_changes_of(ties),
        members_of=members,
        groups_of=_turned(members),
        mark=mark,
        modified=(folder / "manifest.json").stat().st_mtime,
        overview=once(partial(overview, ties)),
        places=once(partial(_place_names, store)),
        partners=once(partial(partners, ties)),
        spellings=once(partial(_spellings, ties)),
        standings_in=lru_cache(maxsize=512)(partial(_standings_in, ties, tasks_of, _by(ties.ties, lambda row: row.notice))),
        record=record,
        text=lru_cache(maxsize=_TEXTS_KEPT)(partial(_text, version, tasks_of, record)),
    )


def once(make: Callable[[], T]) -> Callable[[], T]:
    """The same result for every caller: the first one makes it while the others wait.

    >>> number = once(iter([1, 2]).__next__)
    >>> number(), number()
    (1, 1)
    """
    lock, made = Lock(), list[T]()

    def result() -> T:
        with lock:
            if not made:
                made.append(make())
        return made[0]

    return result


def _by(rows: Sequence[T], key: Callable[[T], K]) -> dict[K, tuple[T, ...]]:
    found: defaultdict[K, list[T]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return {name: tuple(some) for name, some in found.items()}


def _place_names(store: pyoxigraph.Store) -> dict[str, str]:
    from kg.graph.iris import PREFIXES

    rows = store.query("SELECT ?d ?name WHERE { ?d a kg:Division ; skos:prefLabel ?name }", prefixes=PREFIXES)
    named = sorted((row[0].value.removeprefix(PREFIXES["division"]), row[1].value) for row in rows)  # type: ignore[union-attr]
    # The id of a division is its code and its first year; the last of several names stands.
    return {identity.partition("-")[0]: name for identity, name in named}


def _members(store: pyoxigraph.Store, ties: Ties) -> dict[str, tuple[str, ...]]:
    import pyoxigraph

    from kg.graph.iris import curie, iri

    known, member = {unit.id for unit in ties.units}, pyoxigraph.NamedNode(iri("kg:hasMember"))
    found = {}
    for group in ties.groups:
        quads = store.quads_for_pattern(pyoxigraph.NamedNode(iri(group.id)), member, None, None)
        ids = sorted(curie(quad.object.value) for quad in quads if isinstance(quad.object, pyoxigraph.NamedNode))
        found[group.id] = tuple(unit for unit in ids if unit in known)
    return found


def _turned(members: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for group, units in members.items():
        for unit in units:
            found[unit].append(group)
    return {unit: tuple(groups) for unit, groups in found.items()}


def _changes_of(ties: Ties) -> dict[str, tuple[Change, ...]]:
    found: defaultdict[str, list[Change]] = defaultdict(list)
    for change in sorted(ties.changes, key=lambda one: (one.day, one.id)):
        for unit in dict.fromkeys((*change.originals, *change.results)):
            found[unit].append(change)
    return {unit: tuple(changes) for unit, changes in found.items()}


def _spellings(ties: Ties) -> dict[str, tuple[str, ...]]:
    names = {unit.id: (unit.label, *unit.aliases) for unit in ties.units} | {group.id: (group.label,) for group in ties.groups}
    return {key: tuple(dict.fromkeys(word for name in some for word in spellings(name))) for key, some in names.items()}


def _standings_in(
    ties: Ties, tasks_of: Mapping[str, tuple[TaskRow, ...]], ties_of: Mapping[str, tuple[Tie, ...]], notice: str
) -> dict[str, Standing]:
    # As kg.analysis.selection.select, but without going over the whole table for every notice.
    inside = ties_of.get(notice, ())
    units = {tie.unit for tie in inside}
    one = replace(
        ties,
        notices=tuple(row for row in ties.notices if row.id == notice),
        tasks=tasks_of.get(notice, ()),
        units=tuple(row for row in ties.units if row.id in units),
        ties=inside,
        references=tuple(row for row in ties.references if row.notice == notice),
    )
    return {standing.unit: standing for standing in standings(one)}


def _places(folder: Path) -> dict[str, tuple[int, int]]:
    """Where the record of each notice begins and how long it is, in bytes: records of many notices are never in memory together."""
    path, found, at = folder / "notices.jsonl", dict[str, tuple[int, int]](), 0
    try:
        with path.open("rb") as file:
            for line in file:
                if head := _ID.match(line):
                    found[json.loads(head[1])] = (at, len(line))
                elif line.strip():
                    found[str(json.loads(line)["notice"]["id"])] = (at, len(line))
                at += len(line)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GraphError(path) from error
    return found


def _record(folder: Path, places: Mapping[str, tuple[int, int]], notice: str) -> Mapping[str, Any]:
    path = folder / "notices.jsonl"
    try:
        start, size = places[notice]
        with path.open("rb") as file:
            file.seek(start)
            found: dict[str, Any] = json.loads(file.read(size))
    except (OSError, ValueError, KeyError) as error:
        raise GraphError(path) from error
    return found


def _text(folder: Path, tasks_of: Mapping[str, Sequence[TaskRow]], record: Callable[[str], Mapping[str, Any]], notice: str) -> str:
    path = folder / "texts" / f"{notice}.txt"
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, ValueError) as error:
        raise GraphError(path) from error
    printed = {task.i: task.clause for task in tasks_of.get(notice, ())}
    for task in record(notice)["tasks"]:
        clause, shown = task["clause"], printed.get(task["i"], "")
        # The ties hold the clause with persons masked, at the same length.
        if clause and shown and len(shown) == clause["end"] - clause["start"]:
            text = text[: clause["start"]] + shown + text[clause["end"] :]
    return text


def state_of(folder: Path) -> str:
    """A mark that changes whenever the folder is built again, and with the program; empty where there is no build."""
    found = hashlib.sha256(_program())
    try:
        for name in ("manifest.json", "ties.sqlite"):
            state = (folder / name).stat()
            found.update(f"{state.st_ino} {state.st_mtime_ns} {state.st_size} ".encode())
    except OSError:
        return ""
    return found.hexdigest()[:20]


@cache
def _program() -> bytes:
    found = hashlib.sha256(__version__.encode())
    here = Path(__file__).parent
    for path in sorted([*here.glob("*.py"), *here.glob("templates/*"), *here.parent.glob("messages/*/*.toml")]):
        found.update(path.read_bytes())
    return found.digest()

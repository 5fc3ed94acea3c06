"""A graph sent to a SPARQL 1.1 server, so that it holds our triples and no others, whatever it held and however often it was cut off.

What the server has already is written down on the server, where it is true for whoever writes next from whichever machine: a small
graph of marks beside the graph holds the hash of every part that is there whole. A part is a notice, or a share of what notices have
in common. A run takes away the marks of the parts that changed, then what hangs on them, then sends them in batches and marks each
when it is there; a killed run is gone on with by the next. Parts without a mark are taken away first, so nothing half sent is left.
In the end the server counts: all of ours was accepted, so as many triples as ours are ours. Where it counts another number, because
somebody else wrote into the graph, everything is sent once more from the start.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from kg.graph.iris import ID, iri
from kg.graph.portions import DOWN, REGISTER, SHARED_KINDS, Parts, part_of_notice, parts_of, share_of
from kg.graph.remote import Server, find_server, paged, post, select, update
from kg.graph.remote_errors import RemoteDeniedError, RemoteDiffersError, RemoteForeignError, RemoteRefusedError

if TYPE_CHECKING:
    import pyoxigraph

BATCH = 10_000
"""Triples of a request: some 1.5 MB."""
TOGETHER = 200
"""Subjects that a request takes away, and marks that one sets: small requests, for engines compile them whole."""
SENT = "https://w3id.org/govresp/sent#"
"""The namespace of the marks."""
T = TypeVar("T")
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Sent:
    """What a run did: triples of the graph, parts sent, parts taken away or replaced, parts that were there already."""

    triples: int
    sent: int
    removed: int
    kept: int
    again: bool = False
    """Whether the graph had been changed by others, so that everything was sent anew."""


@dataclass(frozen=True, slots=True)
class _Held:
    """What the marks say: the hash of each part, and how many triples there were when a run ended, -1 while one is under way."""

    ours: bool
    parts: dict[str, str]
    whole: int = -1
    empty: bool = False
    """Whether the graph was cleared just now."""


def send_graph(store: pyoxigraph.Store, address: str, tell: Tell = lambda *_: None, *, overwrite: bool = False, batch: int = BATCH) -> Sent:
    """Make a graph on a server equal to ours.

    Args:
        store: our graph, in its default graph.
        address: of the server, as ``find_server`` takes it.
        overwrite: whether a graph that we did not write may be replaced; then all is sent, whatever the marks say.
        batch: triples of a request.

    Raises:
        RemoteForeignError: the graph holds what we did not write, and ``overwrite`` is not set; nothing was changed.
        RemoteDiffersError: the server holds another number of triples even after everything was sent anew.
        KgError: as ``find_server`` and ``exchange`` say.
    """
    server, there, held = _looked_at(address, overwrite)
    parts = parts_of(store)
    changed = held.whole not in {-1, there}
    if overwrite or changed or not there:
        held = _cleared(server)
    sent, wanted = _made_equal(server, parts, held, tell, batch)
    if _count(server) != wanted:
        # Updates alone from here on: a service that took the triples as a graph of another name is not asked again.
        server, changed = replace(server, stores=()), True
        sent, wanted = _made_equal(server, parts, _cleared(server), tell, batch)
    if (there := _count(server)) != wanted:
        raise RemoteDiffersError(address, there, wanted)
    update(server, [_mark(server, "whole", str(wanted))])
    return replace(sent, again=changed)


def look_first(address: str, *, overwrite: bool = False) -> None:
    """See that a server is there and that its graph may be written, and change nothing: better before hours of reading than after.

    Raises:
        RemoteForeignError, KgError: as ``send_graph``.
    """
    _looked_at(address, overwrite)


def _looked_at(address: str, overwrite: bool) -> tuple[Server, int, _Held]:
    server = find_server(address)
    there, held = _count(server), _held(server)
    if there and not held.ours and not overwrite:
        raise RemoteForeignError(address, server.graph or "DEFAULT", there)
    return server, there, held


def _made_equal(server: Server, parts: Parts, held: _Held, tell: Tell, batch: int) -> tuple[Sent, int]:
    prints = {name: parts.print_of(name) for name in parts.names()}
    fresh = [name for name, found in prints.items() if held.parts.get(name) != found.digest]
    gone = sorted(held.parts.keys() - prints.keys())
    wanted = sum(found.triples for found in prints.values())
    if fresh or gone or held.whole == -1:
        _unmark(server, ["whole", *gone, *(name for name in fresh if name in held.parts)])
        if not held.empty:
            shares = held.whole == -1 or any(name.startswith(REGISTER) for name in (*fresh, *gone))
            _take_away(server, set(prints) - set(fresh), SHARED_KINDS if shares else ())
        _send(server, parts, {name: prints[name].digest for name in fresh}, tell, batch)
    return Sent(wanted, len(fresh), len(gone), len(prints) - len(fresh)), wanted


# What is there


def _count(server: Server) -> int:
    return int(select(server, f"SELECT (COUNT(*) AS ?n) {{ {server.within('?s ?p ?o')} }}")[0][0])


def _held(server: Server) -> _Held:
    ours, parts, whole = False, {}, -1
    for subject, value in paged(server, f"GRAPH <{_marks(server)}> {{ ?s <{SENT}is> ?v }}"):
        name = subject.removeprefix(f"{_marks(server)}/")
        if name == "whole":
            whole = int(value)
        elif name == "begun":
            ours = True
        else:
            parts[name] = value
    return _Held(ours, parts, whole)


def _cleared(server: Server) -> _Held:
    # The mark that the graph is ours comes before the first triple.
    graph = f"GRAPH <{server.graph}>" if server.graph else "DEFAULT"
    update(server, [f"CLEAR SILENT {graph}", f"CLEAR SILENT GRAPH <{_marks(server)}>", _mark(server, "begun", "yes")])
    return _Held(True, {}, empty=True)


# Marks


def _marks(server: Server) -> str:
    which = f"-{hashlib.sha256(server.graph.encode()).hexdigest()[:8]}" if server.graph else ""
    return f"{ID}graph/sent{which}"


def _mark(server: Server, name: str, value: str) -> str:
    return f'INSERT DATA {{ GRAPH <{_marks(server)}> {{ <{_marks(server)}/{name}> <{SENT}is> "{value}" }} }}'


def _unmark(server: Server, names: Iterable[str]) -> None:
    marks = replace(server, graph=_marks(server))
    _remove(marks, (f"{_marks(server)}/{name}" for name in names))


# What goes, and what comes


def _take_away(server: Server, good: set[str], kinds: Sequence[str]) -> None:
    """Remove every notice, and every shared subject of some kinds, that is in no good part."""
    for notice in [one for one in _subjects(server, _is_a("kg:Notice")) if part_of_notice(one) not in good]:
        _remove(server, _hanging_on(server, notice))
    for kind in kinds:
        _remove(server, [one for one in _subjects(server, _is_a(kind)) if share_of(one) not in good])


def _is_a(kind: str) -> str:
    return f"?s <{iri('rdf:type')}> <{iri(kind)}>"


def _subjects(server: Server, pattern: str) -> Iterator[str]:
    return (row[0] for row in paged(server, server.within(pattern)))


def _hanging_on(server: Server, notice: str) -> Iterator[str]:
    # From below, so that where a server stops halfway the rest can still be found from above.
    inside = f"<{iri('kg:inNotice')}> <{notice}>"
    for link in DOWN:
        yield from _subjects(server, f"?t {inside} . ?t <{iri(link)}> ?s")
        yield from _subjects(server, f"<{notice}> <{iri(link)}> ?s")
    yield from _subjects(server, f"?s {inside}")
    yield notice


def _remove(server: Server, subjects: Iterable[str]) -> None:
    # By name: where they are found and removed in one pattern, some engines look at every triple there is.
    for some in _some(subjects, TOGETHER):
        named = f"VALUES ?s {{ {' '.join(f'<{one}>' for one in some)} }} ?s ?p ?o"
        update(server, [f"DELETE {{ {server.within('?s ?p ?o')} }} WHERE {{ {server.within(named)} }}"])


def _send(server: Server, parts: Parts, fresh: dict[str, str], tell: Tell, batch: int) -> None:
    stores = list(server.stores)
    done = 0
    for names, lines in _batches(parts, fresh, batch):
        tell("send", done, len(fresh))
        _add(server, stores, lines)
        done += len(names)
        for some in _some(names, TOGETHER):
            update(server, [_marked(server, [(name, fresh[name]) for name in some])])


def _marked(server: Server, marks: Sequence[tuple[str, str]]) -> str:
    lines = " . ".join(f'<{_marks(server)}/{name}> <{SENT}is> "{digest}"' for name, digest in marks)
    return f"INSERT DATA {{ GRAPH <{_marks(server)}> {{ {lines} }} }}"


def _batches(parts: Parts, fresh: Iterable[str], size: int) -> Iterator[tuple[list[str], list[str]]]:
    """Names of the parts that are whole with a batch, and its lines; a part that is larger than a batch comes in several."""
    names: list[str] = []
    lines: list[str] = []
    for name in fresh:
        lines += parts.lines(name)
        while len(lines) > size:
            yield names, lines[:size]
            names, lines = [], lines[size:]
        names.append(name)
    if names:
        yield names, lines


def _add(server: Server, stores: list[str], lines: Sequence[str]) -> None:
    """Add triples by the first service that takes a graph; those that refuse are struck off, and updates remain."""
    body = "\n".join([*lines, ""])
    while stores:
        try:
            post(stores[0], server.graph, body.encode("utf-8"))
            return
        except (RemoteRefusedError, RemoteDeniedError):
            stores.pop(0)
    # Not so many at once: what engines take as a graph is parsed as it comes, an update is compiled whole.
    for some in _some(lines, 1000):
        update(server, [f"INSERT DATA {{ {server.within(' '.join(some))} }}"])


def _some(items: Iterable[T], size: int) -> Iterator[list[T]]:
    waiting = iter(items)
    while found := list(islice(waiting, size)):
        yield found

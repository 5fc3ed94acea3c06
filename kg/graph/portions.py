"""A graph in parts that can be sent, compared and replaced one by one: each notice with all that hangs on it, and shares of the rest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph

from kg.graph.iris import PREFIXES, iri

SHARES = 1024
"""How many parts there are of what notices share (units, groups, divisions, changes, codes): some 8,000 triples each for a country."""
REGISTER = "register-"
"""How the names of those parts begin; no notice is called so, for ids of notices begin with a place or a hash."""
DOWN = ("kg:assignment", "kg:hasTarget", "kg:hasDeadline")
"""What leads from a notice or a task to what hangs on it."""
SHARED_KINDS = ("kg:Unit", "kg:UnitGroup", "kg:Division", "org:ChangeEvent", "skos:Concept")
_TYPE, _INSIDE, _NOTICE = (pyoxigraph.NamedNode(iri(term)) for term in ("rdf:type", "kg:inNotice", "kg:Notice"))


@dataclass(frozen=True, slots=True)
class Print:
    """What tells a part from another: the hash of its triples, and how many there are."""

    digest: str
    triples: int


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a graph by name: of notices by their IRIs, of the rest by the subjects they hold."""

    store: pyoxigraph.Store
    notices: Mapping[str, str]
    shares: Mapping[str, tuple[str, ...]]

    def names(self) -> Iterator[str]:
        """What notices share first, then the notices."""
        yield from self.shares
        yield from self.notices

    def lines(self, name: str) -> list[str]:
        """The triples of a part as N-Triples, a notice from the top down: what was cut off can be found from its top again."""
        if name in self.shares:
            return [line for subject in self.shares[name] for line in _lines(self.store, pyoxigraph.NamedNode(subject))]
        return [line for node in _below(self.store, pyoxigraph.NamedNode(self.notices[name])) for line in _lines(self.store, node)]

    def print_of(self, name: str) -> Print:
        """The print of a part."""
        lines = self.lines(name)
        return Print(hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest(), len(lines))


def parts_of(store: pyoxigraph.Store) -> Parts:
    """The parts of a graph. Their subjects, not their triples, of what notices share are held in memory."""
    notices = sorted(_of_kind(store, _NOTICE))
    shares: dict[str, list[str]] = {}
    for subject in sorted({subject for kind in SHARED_KINDS for subject in _of_kind(store, pyoxigraph.NamedNode(iri(kind)))}):
        shares.setdefault(share_of(subject), []).append(subject)
    return Parts(store, {part_of_notice(one): one for one in notices}, {name: tuple(shares[name]) for name in sorted(shares)})


def part_of_notice(subject: str) -> str:
    """The name of the part of a notice, its id.

    >>> part_of_notice("https://w3id.org/govresp/id/notice/421000-2020-jzbf-1")
    '421000-2020-jzbf-1'
    """
    return subject.removeprefix(PREFIXES["notice"])


def share_of(subject: str) -> str:
    """The name of the part that a unit, group, division, change or code lies in: always the same one.

    >>> share_of("https://w3id.org/govresp/id/unit/421000-finance")
    'register-995'
    """
    return f"{REGISTER}{int(hashlib.sha256(subject.encode('utf-8')).hexdigest()[:8], 16) % SHARES}"


def _of_kind(store: pyoxigraph.Store, kind: pyoxigraph.NamedNode) -> Iterator[str]:
    return (node.value for node in _named(quad.subject for quad in store.quads_for_pattern(None, _TYPE, kind)))


def _below(store: pyoxigraph.Store, notice: pyoxigraph.NamedNode) -> Iterator[pyoxigraph.NamedNode]:
    links = [pyoxigraph.NamedNode(iri(term)) for term in DOWN]
    tops = [notice, *_named(quad.subject for quad in store.quads_for_pattern(None, _INSIDE, notice))]
    yield from tops
    for top in tops:
        for link in links:
            yield from _named(quad.object for quad in store.quads_for_pattern(top, link, None))


def _named(nodes: Iterable[object]) -> list[pyoxigraph.NamedNode]:
    # We write no blank nodes, so every node has a name.
    return sorted((node for node in nodes if isinstance(node, pyoxigraph.NamedNode)), key=str)


def _lines(store: pyoxigraph.Store, subject: pyoxigraph.NamedNode) -> list[str]:
    return sorted(f"{quad.subject} {quad.predicate} {quad.object} ." for quad in store.quads_for_pattern(subject, None, None))

"""What the notices of one build make of each other: copies told, and each with an id of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kg.model import Finding, Notice, Severity, Span


@dataclass(frozen=True, slots=True)
class Head:
    """What the others need to know of a notice that was read by itself."""

    notice: str
    """Its id where no other has a say in it."""
    sha256: str
    essence: str


@dataclass(frozen=True, slots=True)
class Place:
    """One notice that stays, among those that were read."""

    at: int
    hashed: bool
    """Whether another notice has its id already, so that it gets its hash into it."""
    copies: tuple[int, ...]
    """Places of those that are the same notice once more."""


def essence_of(text: str) -> str:
    """The hash of a text without its blanks and line ends: the same for one notice in two formats."""
    return hashlib.sha256("".join(text.split()).encode("utf-8", "surrogatepass")).hexdigest()


def settled(heads: Sequence[Head]) -> list[Place]:
    """The notices that stay, in the order given.

    The same text twice, whatever its blanks and line ends, is one notice: the first wins, and is told of the others. Two texts
    under one document number are two notices; the later one gets its hash into its id.

    >>> settled([Head("n", "a1", "x"), Head("n", "b2", "y"), Head("n", "c3", "x")])
    [Place(at=0, hashed=False, copies=(2,)), Place(at=1, hashed=True, copies=())]
    """
    first: dict[str, int] = {}
    copies: dict[int, list[int]] = {}
    for at, head in enumerate(heads):
        holder = first.setdefault(head.essence, at)
        copies.setdefault(holder, [])
        if holder != at:
            copies[holder].append(at)
    ids: set[str] = set()
    found: list[Place] = []
    for at in sorted(copies):
        head = heads[at]
        hashed = head.notice in ids
        ids.add(with_hash(head.notice, head.sha256) if hashed else head.notice)
        found.append(Place(at, hashed, tuple(copies[at])))
    return found


def with_hash(notice: str, sha256: str) -> str:
    """The id of a notice with the beginning of its hash in it."""
    return f"{notice}-{sha256[:8]}"


def in_company(notice: Notice, hashed: bool, copies: Sequence[str]) -> Notice:
    """The notice as it stands beside the others: with an id of its own, its copies told by the names of their files."""
    told = tuple(Finding("duplicate-notice", Severity.INFO, Span(0, 0), None, (("source", copy),)) for copy in reversed(copies))
    own = with_hash(notice.id, notice.sha256) if hashed else notice.id
    return replace(notice, id=own, findings=(*told, *notice.findings))

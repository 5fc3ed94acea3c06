"""Two units that may be one body: offered to people for a decision, never joined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from kg.model import Kind, Unit
from kg.naming.bodies import ending_of
from kg.naming.wording import name_key


@dataclass(frozen=True, slots=True)
class Near:
    """Two units of one place that may be one body."""

    one: str
    """Ids of the units, in order."""
    other: str
    why: str
    """``short`` (one name may be short for the other), ``typo`` (one character differs) or ``bracket`` (a second name in brackets)."""


def near_units(units: Iterable[Unit]) -> Iterator[Near]:
    """The pairs of units of one place that may be one body, in the order of their ids.

    Units of no known place are those of one notice, which their ids begin with.
    """
    by_place: dict[str, list[Unit]] = {}
    for unit in sorted(units, key=lambda unit: unit.id):
        by_place.setdefault(unit.jurisdiction or unit.id.partition("-")[0], []).append(unit)
    for members in by_place.values():
        found = {
            (one.id, other.id): why
            for bucket in _buckets(members)
            for one, other in combinations(bucket, 2)
            if (why := nearness(one, other))
        }
        yield from (Near(one, other, why) for (one, other), why in sorted(found.items()))


def _buckets(members: Sequence[Unit]) -> Iterable[list[Unit]]:
    # Names that may be near begin alike or end alike; few of the pairs of a large place need a look.
    starts: dict[str, list[Unit]] = {}
    for unit in members:
        for mark in {mark for name in _names(unit) for mark in (name[:2], name[0] + name[-2:], "…" + name[-3:])}:
            starts.setdefault(mark, []).append(unit)
    return starts.values()


def nearness(one: Unit, other: Unit) -> str:
    """Why two units of one place may be one body; empty where nothing in their names says so.

    A name is short for another of the same kind if its characters stand in the other in their order, the first and the last
    being the same (市重大办, 市重大项目办); zones may lose their last word (开发区, 开发区管委会). 市水务局 is not near 市税务局.
    """
    if one.jurisdiction != other.jurisdiction or (one.kind is not other.kind and {one.kind, other.kind} & _APART):
        return ""
    pairs = [(a, b) for a in _names(one) for b in _names(other)]
    if any(_bare(a) == _bare(b) for a, b in pairs):
        return "bracket"
    if any(is_short_for(*sorted(pair, key=len), loose=one.kind is other.kind is Kind.ZONE or _land(one, other)) for pair in pairs):
        return "short"
    return "typo" if any(is_typo(a, b) for a, b in pairs) else ""


_APART = frozenset({Kind.ENTERPRISE, Kind.TERRITORY, Kind.ZONE, Kind.COURT, Kind.UNIVERSITY})
"""Kinds that are never a body of another kind."""


def _land(one: Unit, other: Unit) -> bool:
    return one.kind is Kind.TERRITORY and other.kind is Kind.TERRITORY


def _names(unit: Unit) -> set[str]:
    return {name_key(name) for name in (unit.label, *unit.aliases)}


def _bare(name: str) -> str:
    return name.partition("(")[0]


def is_short_for(short: str, long: str, *, loose: bool = False) -> bool:
    """Whether one name may be short for another: its characters in order, beginning alike and, unless ``loose``, ending alike.

    >>> is_short_for("市重大办", "市重大项目办"), is_short_for("市政府", "市政府办公室"), is_short_for("市水务局", "市税务局")
    (True, False, False)
    """
    if len(short) >= len(long) or len(short) < (_SHORTEST - loose):
        return False
    if not loose and not (_ends_alike(short, long) and (short[0] == long[0] or (long.endswith(short) and len(short) > _SHORTEST))):
        return False
    rest = iter(long)
    return all(character in rest for character in short)


_SHORTEST = 3


def _ends_alike(short: str, long: str) -> bool:
    # 办 and 办公室, 委 and 委员会.
    return short[-1] == long[-1] or bool(ending_of(short)) and ending_of(short) == ending_of(long)


def is_typo(one: str, other: str, *, shortest: int = 6) -> bool:
    """Whether two names of at least ``shortest`` characters differ in one, and not in the first.

    >>> is_typo("市文化和旅游局", "市文化和旅行局"), is_typo("市水务局", "市税务局")
    (True, False)
    >>> is_typo("市经信据", "市经信局", shortest=4)
    True
    """
    if len(one) != len(other) or len(one) < shortest or one[0] != other[0]:
        return False
    return sum(a != b for a, b in zip(one, other, strict=True)) == 1

"""The bodies of a place in a year: how they are printed, how often they lead and share, what their tasks say."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from .places import Place

LEVELS = ("province", "prefecture", "county")
STYLES = ("full", "common", "short")
_IN_FULL = {"委": "委员会", "办": "办公室"}


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """One body of one place and year; the same one is the same object."""

    key: str
    names: tuple[str, str, str]
    """In full, as usual, and short."""
    works: tuple[str, ...]
    aims: tuple[tuple[str, int, int, str, int], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the list of tasks: its titles, and who may lead in it, with running sums of their weights."""

    titles: tuple[str, ...]
    leaders: tuple[Body, ...]
    weights: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Staff:
    """All bodies of a level in a year, with running sums of how often they share."""

    bodies: tuple[Body, ...]
    weights: tuple[int, ...]
    parts: tuple[Part, ...]


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads((Path(__file__).parent / "bodies.toml").read_text(encoding="utf-8"))


def staff_of(place: Place, year: int) -> Staff:
    """The bodies of a place in a year."""
    return _staff(place.level, place.word, year)


@cache
def _staff(level: str, word: str, year: int) -> Staff:
    rows = [row for row in _table()["body"] if row.get("first", 0) <= year <= row.get("last", 9999) and level in row.get("levels", LEVELS)]
    bodies = {row["key"]: _body(row, level, word) for row in rows}
    leads = {row["key"]: row["lead"] for row in rows}
    parts = []
    for row in _table()["section"]:
        keys = [key for key in row["bodies"] if key in bodies]
        parts.append(Part(tuple(row["titles"]), tuple(bodies[key] for key in keys), tuple(accumulate(leads[key] for key in keys))))
    # The square of the share: in the notice of Jingzhou the Gini of departments is 0.52.
    return Staff(tuple(bodies.values()), tuple(accumulate(row["share"] ** 2 for row in rows)), tuple(parts))


def _body(row: Mapping[str, Any], level: str, word: str) -> Body:
    ending = row["ending"][LEVELS.index(level)]
    before = f"{word}委" if row.get("party") else word
    full, common, short = (f"{before}{row[style]}" for style in STYLES)
    names = (full + _IN_FULL.get(ending, ending), common + ending, short + ending)
    if level == "province" and row["key"] == "government-office":
        names = tuple(name.replace("办公室", "办公厅") for name in names)  # type: ignore[assignment]
    aims = tuple((*aim, 1) if len(aim) == 4 else tuple(aim) for aim in row["targets"])
    return Body(row["key"], names, tuple(row["works"]), aims)


def style_of(code: str, year: int, seed: int) -> int:
    """How a place prints names in a year: an index of STYLES. Most keep to theirs; some change once, when an office changes."""
    chance = random.Random(f"style {seed} {code}")
    first, then, since = chance.choice((0, 1, 2, 2, 2)), chance.choice((1, 2)), chance.randint(2008, 2040)
    return then if year >= since else first


def drawn(chance: random.Random, bodies: Sequence[Body], weights: Sequence[int], count: int, without: Sequence[Body]) -> list[Body]:
    """So many different bodies by weight, none of ``without``; fewer where there are not so many."""
    found: list[Body] = []
    for picked in chance.choices(bodies, cum_weights=weights, k=3 * count):
        if len(found) == count:
            break
        if picked not in found and picked not in without:
            found.append(picked)
    return found

"""The reforms of the whole country: which body became which, by when, and what took over the work of a body that is gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Any

from kg.model import Level
from kg.naming.bodies import Core, bodies
from kg.resources import per_lexicon, table


@per_lexicon
def reforms() -> tuple[Mapping[str, Any], ...]:
    """The rows of the table, the latest first: of two reforms that could join two bodies the nearer one did."""
    return tuple(sorted(table("lexicon/reforms.toml")["reform"], key=lambda row: row["first"], reverse=True))


_CARRIED_OUT = 3
"""Years in which a reform whose end is not known reaches the counties."""


def carried_out_by(row: Mapping[str, Any]) -> date:
    """The day by which a reform had reached the counties."""
    last: date | None = row.get("last")
    return last or date(row["first"].year + _CARRIED_OUT, 12, 31)


def classes_of(words: Sequence[str]) -> set[str]:
    """The classes of these endings of names, and the endings themselves."""
    rows = table("lexicon/kinds.toml")["ending"]
    return {row["class"] for row in rows if set(row["words"]) & set(words)} | set(words)


def successors_of(core: Core, level: Level | None, day: date) -> tuple[int, tuple[str, ...]] | None:
    """When a body was renamed or merged everywhere, and what does its work on a day; None for a body that may well exist.

    Only a reform that was done everywhere and carried out before that day counts, and only one that gave the body another
    name: what went into another body often keeps its plate.

    >>> from kg.naming.bodies import divide
    >>> successors_of(divide("卫生和计划生育委员会"), Level.MUNICIPAL, date(2026, 2, 10))
    (2018, ('卫生健康',))
    >>> successors_of(divide("卫生和计划生育委员会"), Level.MUNICIPAL, date(2018, 6, 1)) is None
    True
    """
    if core.body is None:
        return None
    for row in _leading_from(core.body.name, core.ending, level, day):
        if row["kind"] in {"rename", "merge"}:
            return row["first"].year, tuple(dict.fromkeys(_now(row["to"], level, day)))
    return None


def _leading_from(name: str, ending: str | None, level: Level | None, day: date) -> Iterator[Mapping[str, Any]]:
    # Reforms that ended a body; none where a later one made a body of that name again.
    for row, made in _mentions().get(name, ()):
        if made:
            return
        endings = row.get("endings", [[], []])[0]
        fits = level is None or level in row.get("levels", list(Level))
        if (
            row.get("universal", True)
            and fits
            and carried_out_by(row) < day
            and (ending is None or not endings or ending in classes_of(endings))
        ):
            yield row


@per_lexicon
def _mentions() -> dict[str, list[tuple[Mapping[str, Any], bool]]]:
    # Every body that reforms name → the reforms, the latest first, and whether each made it.
    found: dict[str, list[tuple[Mapping[str, Any], bool]]] = {}
    for row in reforms():
        made = set(map(shown, row["to"]))
        for name in made | set(map(shown, row["from"])):
            found.setdefault(name, []).append((row, name in made))
    return found


def is_reformed(name: str) -> bool:
    """Whether any reform names a body, by the form that it is shown by."""
    return name in _mentions()


@dataclass(frozen=True, slots=True)
class Side:
    """The bodies before a reform or after it, and which of that name are meant."""

    bodies: tuple[str, ...]
    """The forms that they are shown by, in the order of the row."""
    endings: Set[str]
    """Classes of their endings; empty where any will do."""
    levels: Set[str]


@per_lexicon
def reforms_by_side() -> tuple[tuple[Mapping[str, Any], Side, Side], ...]:
    """The rows of ``reforms()``, each with its two sides."""
    return tuple((row, _side(row, "from", 0), _side(row, "to", 1)) for row in reforms())


def _side(row: Mapping[str, Any], key: str, at: int) -> Side:
    endings = row.get("endings", [[], []])[at]
    levels = frozenset(row.get("levels", [level.value for level in Level]))
    return Side(tuple(map(shown, row[key])), classes_of(endings) if endings else frozenset(), levels)


def ended_by(name: str) -> tuple[int, ...]:
    """Places in ``reforms()`` of those that begin with a body."""
    return _ended_by().get(name, ())


@per_lexicon
def _ended_by() -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for at, row in enumerate(reforms()):
        for name in sorted(set(map(shown, row["from"]))):
            found[name] = (*found.get(name, ()), at)
    return found


def _now(names: Sequence[str], level: Level | None, day: date) -> Iterator[str]:
    for name in names:
        later = next(_leading_from(shown(name), None, level, day), None)
        yield from _now(later["to"], level, day) if later else [name]


def shown(name: str) -> str:
    """The form by which a body is shown, of any of its names.

    >>> shown("发改"), shown("天工开物")
    ('发展改革', '天工开物')
    """
    found = bodies().get(name)
    return found.name if found else name

"""Collective references: 各县市区政府, 有关部门, 各市、州、县人民政府. One party each, whatever stands inside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.folding import marks
from kg.reading.characters import trim
from kg.resources import per_lexicon, table


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One row of the collective references: what a printed phrase of this pattern stands for."""

    kind: str
    closure: str
    pattern: re.Pattern[str]
    finding: str | None
    prose: bool
    """Whether the phrase may hold words that names do not: 有农业的区县."""


@dataclass(frozen=True, slots=True)
class _Places:
    unfinished: re.Pattern[str]
    """各市, 有关区: places without a seat, which the next member of the list may finish."""
    finishing: re.Pattern[str]
    """县人民政府, 街道: nothing but kinds of places, with or without a seat."""
    pair: re.Pattern[str]
    """各市委、市政府: two halves of one reference."""
    opening: re.Pattern[str]
    """各, 有关, 其他: words that open a reference to many."""


def _one_of(*names: str) -> str:
    words = sorted((word for name in names for word in table("lexicon/collectives.toml")[name]["words"]), key=len, reverse=True)
    return f"(?:{'|'.join(map(re.escape, words))})"


def _run_of_places(*names: str) -> str:
    place = _one_of(*names)
    inner = rf"[{re.escape(marks('open'))}](?:{place}|{marks('enumeration')})+[{re.escape(marks('close'))}]"
    return f"(?:{place}(?:{inner})?|{inner})"


@per_lexicon
def group_rows() -> tuple[GroupRow, ...]:
    """The table of collective references, in the order in which rows are tried."""
    parts = {
        "{opening}": _one_of("opening"),
        "{places}": _run_of_places("places", "zones"),
        "{seats}": _one_of("seats"),
        "{generic}": _one_of("generic"),
    }
    found = []
    for row in table("lexicon/collectives.toml")["group"]:
        pattern = row["pattern"]
        for name, part in parts.items():
            pattern = pattern.replace(name, part)
        found.append(GroupRow(row["kind"], row["closure"], re.compile(pattern), row.get("finding"), row.get("prose", False)))
    return tuple(found)


MOST_KEPT = 50_000
"""Names about which answers are kept."""


@per_lexicon
def _known() -> dict[str, GroupRow | None]:
    return {}


def group_row(folded: str) -> GroupRow | None:
    """The first row whose pattern is the whole folded name, None where the name is no collective reference.

    >>> group_row("各县市区政府").kind, group_row("市发改委")
    ('allCounties', None)
    """
    known = _known()
    if folded not in known:
        if len(known) > MOST_KEPT:
            known.clear()
        known[folded] = next((row for row in group_rows() if row.pattern.fullmatch(folded)), None)
    return known[folded]


@per_lexicon
def _places() -> _Places:
    run, seat = _run_of_places("places"), _one_of("seats")
    lead = _one_of("opening")
    return _Places(re.compile(f"{lead}?(?:{run})+"), re.compile(f"(?:{run})+{seat}?"), re.compile(_pair()), re.compile(lead))


def _pair() -> str:
    pattern: str = table("lexicon/collectives.toml")["pairs"]["pattern"]
    return pattern.replace("{places}", _run_of_places("places"))


def begins_reference(folded: str) -> bool:
    """Whether a text begins as references to many do.

    >>> begins_reference("其他负有监管职责的部门"), begins_reference("由原单位")
    (True, False)
    """
    return _places().opening.match(folded) is not None


def finishes_places(folded: str) -> bool:
    """Whether a name is nothing but a kind of place with or without a seat, so that it goes on with what stands before it.

    >>> finishes_places("县人民政府"), finishes_places("荆州区政府")
    (True, False)
    """
    return _places().finishing.fullmatch(folded) is not None


def collective_end(folded: str, start: int, cuts: Sequence[int]) -> int | None:
    """Where a reference to many places that begins at ``start`` and is divided by 、 ends; None where none begins.

    Args:
        cuts: where the members of the list from ``start`` on end, the end of the list last.

    >>> text = "各市、州、县人民政府、省财政厅"
    >>> text[: collective_end(text, 0, [2, 4, 10, 15])]
    '各市、州、县人民政府'
    """
    places = _places()
    left, right = trim(folded, start, cuts[0])
    if hit := places.pair.match(folded, left, cuts[-1]):
        return next((stop for stop in cuts if stop >= hit.end()), cuts[-1])
    if len(cuts) < 2 or not places.unfinished.fullmatch(folded, left, right):
        return None
    found: int | None = None
    for before, stop in zip(cuts, cuts[1:], strict=False):
        left, right = trim(folded, before + 1, stop)
        if not places.finishing.fullmatch(folded, left, right):
            break
        found = stop
        if not places.unfinished.fullmatch(folded, left, right):
            break
    return found

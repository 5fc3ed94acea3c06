"""Units of one name told apart, where a graph holds several places: 市财政局 (襄阳市), 市财政局 (绵阳市)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from kg.messages import say
from kg.model import Ties


def labels(ties: Ties, lang: str) -> dict[str, str]:
    """A name for every unit, told apart where several units are called the same: by place, else by id."""
    places = places_of(ties)
    found = {unit.id: unit.label for unit in ties.units}
    for words in (places, {unit.id: _local(unit.id) for unit in ties.units}):
        times = Counter(found.values())
        for unit in ties.units:
            if times[found[unit.id]] > 1 and (word := words[unit.id]):
                found[unit.id] = say("sheets.label-placed", lang=lang, label=unit.label, place=word)
    return found


def told_apart(ties: Ties, lang: str) -> Ties:
    """The same ties with these names as the labels of their units, so that whatever is measured from them carries them."""
    if len({unit.label for unit in ties.units}) == len(ties.units):
        return ties
    named = labels(ties, lang)
    return replace(ties, units=tuple(replace(unit, label=named[unit.id]) for unit in ties.units))


def places_of(ties: Ties) -> dict[str, str]:
    """The place that each unit serves: its name where a notice of that place is there, else its code; empty where unknown."""
    names = {notice.jurisdiction: notice.place for notice in reversed(ties.notices) if notice.place}
    codes = {unit.id: _local(unit.jurisdiction).partition("-")[0] for unit in ties.units}
    return {unit: names.get(code, code) for unit, code in codes.items()}


def named_at(place: str, names: Iterable[str]) -> set[str]:
    """How people call a unit with its place in front.

    >>> sorted(named_at("襄阳市", ["市发改委"]))
    ['襄阳发改委', '襄阳市发改委', '襄阳市市发改委']
    """
    if len(place) < 2:
        return set()
    short = place[:-1]
    return {called for name in names for called in (place + name, short + name, short + name.removeprefix(place[-1]))}


def _local(curie: str) -> str:
    return curie.rpartition(":")[2]

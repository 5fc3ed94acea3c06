"""Collective references → groups: whom they stand for, on the day of the notice, and whether anybody can say."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kg.model import Closure, Division, Group, Unit
from kg.naming.divisions import below, counties_of, members_since, prefectures_of
from kg.naming.wording import Setting, name_key
from kg.resources import per_lexicon, table

_SLUGS = {
    "allCounties": "counties",
    "allDepartments": "departments",
    "departmentsConcerned": "departments-concerned",
    "bodyMembers": "members",
    "places": "places",
    "bodies": "bodies",
}
_PLACES = frozenset({"allCounties", "places"})
"""Kinds of references to governments of places, which the table of divisions can open."""


@dataclass(frozen=True, slots=True)
class Members:
    """Whom a reference to all governments of some level stands for."""

    slug: str
    """What they are, for the id of the group."""
    since: date
    """The first day of the list, as far as it is known."""
    divisions: tuple[Division, ...]


def group_of(printed: str, kind: str, setting: Setting, government: Callable[[Division], Unit]) -> tuple[Group, tuple[Unit, ...]]:
    """The group that a collective reference stands for, and its members.

    Args:
        printed: the reference as printed; ``kind`` is that of its row in the lexicon.
        setting: the notice's place and day, on which members are looked up.
        government: the unit of the government of a division.

    Returns:
        A group; one that could be listed but whose members are not known here is external, never guessed. All spellings of a
        list (各县市区政府, 各县（市、区）人民政府) are one group of one label.
    """
    place = setting.place
    members = members_of(printed, place, setting.day) if kind in _PLACES and place else None
    if place and members:
        units = tuple(sorted(map(government, members.divisions), key=lambda unit: unit.id))
        since = members.since
        stamp = since.isoformat() if (since.month, since.day) != (1, 1) else str(since.year)
        label = table("lexicon/collectives.toml")["listed"][members.slug]
        ids = tuple(unit.id for unit in units)
        return Group(f"group:{place.code}-{members.slug}-{stamp}", label, "allCounties", Closure.LISTED, place.id, ids), units
    where = place.code if place else setting.scope
    digest = hashlib.sha256(name_key(printed).encode("utf-8")).hexdigest()[:4]
    closure = closure_of(kind)
    known = closure if closure is not Closure.LISTED else Closure.EXTERNAL
    return Group(f"group:{where}-{_SLUGS[kind]}-{digest}", printed, kind, known, place.id if place else None), ()


def members_of(printed: str, place: Division, day: date) -> Members | None:
    """The divisions that a reference to all governments opens to, None where the table cannot tell.

    The words of the reference say which: in a city 各区 are its districts, 各县 its counties and 各县市区 all of them; in a province
    各市州 are its prefectures. Where two kinds of counties are printed all are meant, since 各区县 is the usual way to say so.

    >>> from kg.naming.divisions import division_on
    >>> found = members_of("各县市区政府", division_on("421000", date(2020, 1, 7)), date(2020, 1, 7))
    >>> found.slug, [division.name for division in found.divisions]
    ('counties', ['沙市区', '荆州区', '公安县', '监利县', '江陵县', '石首市', '洪湖市', '松滋市'])
    """
    words = _printed_places(name_key(printed))
    if not words:
        return None
    if place.level == "nation":
        return _listed("provinces", place, day, _provinces(place, day), words <= _of("province"))
    if place.level == "province" and not _is_municipality(place, day):
        prefectures = prefectures_of(place.code, day)
        if words & _of("direct"):
            cities = tuple(county for county in counties_of(place.code, day) if _sort_of(county) == "city")
            fits = words <= _of("direct") | _of("prefecture")
            return _listed("prefectures-direct", place, day, (*prefectures, *cities), fits)
        if words & _of("county") - _of("prefecture"):
            every = (*prefectures, *counties_of(place.code, day), *(c for p in prefectures for c in counties_of(p.code, day)))
            return _listed("prefectures-counties", place, day, every, words <= _of("prefecture") | _of("county"))
        return _listed("prefectures", place, day, prefectures, words <= _of("prefecture"))
    counties = counties_of(place.code, day)
    if place.level == "county" or not counties or not words <= _of("county"):
        return None
    sorts = {_opened()["sorts"][word] for word in words}
    if len(sorts) == 1:
        (only,) = sorts
        some = tuple(county for county in counties if _sort_of(county) == only)
        return _listed(f"counties-{only}" if len(some) < len(counties) else "counties", place, day, some, bool(some))
    return _listed("counties", place, day, counties, True)


def _listed(slug: str, place: Division, day: date, members: Sequence[Division], fits: bool) -> Members | None:
    if not fits:
        return None
    level = next((level for level, ends in _LEVELS.items() if slug.endswith(ends) or slug.startswith("counties")), "prefecture")
    since = [members_since(place.code, day, level)]
    if slug == "prefectures-direct":
        since.append(members_since(place.code, day, "county"))
    if slug == "prefectures-counties":
        since += [members_since(upper.code, day, "county") for upper in members if upper.level == "prefecture"]
    return Members(slug, max(since), tuple(members))


_LEVELS = {"county": "counties", "prefecture": "prefectures", "province": "provinces"}


def _is_municipality(place: Division, day: date) -> bool:
    return not prefectures_of(place.code, day)


@per_lexicon
def _pattern() -> re.Pattern[str]:
    return re.compile(_opened()["pattern"])


def _printed_places(reference: str) -> frozenset[str]:
    # The kinds of places that 各… prints, as 县, 市, 区 of 各县(市、区)政府; empty where it prints anything else.
    found = _pattern().fullmatch(reference)
    if not found:
        return frozenset()
    words: list[str] = _opened()["words"]
    return frozenset(re.findall("|".join(sorted(words, key=len, reverse=True)), found["places"]))


def _of(level: str) -> frozenset[str]:
    return frozenset(_opened()[level])


def _opened() -> dict[str, Any]:
    found: dict[str, Any] = table("lexicon/collectives.toml")["opened"]
    return found


def _sort_of(county: Division) -> str:
    return next((str(sort) for end, sort in _opened()["ends"].items() if county.name.endswith(end)), "")


def _provinces(nation: Division, day: date) -> tuple[Division, ...]:
    return tuple(province for province in below(nation.code, day) if province.code not in _opened()["never"])


def closure_of(kind: str) -> Closure:
    """The closure that the lexicon gives a kind of group."""
    return next(Closure(row["closure"]) for row in table("lexicon/collectives.toml")["group"] if row["kind"] == kind)

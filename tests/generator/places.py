"""Which governments issue the generated notices, and what their places are called: real divisions of the package's table."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from kg.model import Division
from kg.naming.divisions import by_name, counties_of, division_on, divisions, prefectures_of, short_name

_NO_NOTICES = ("71", "81", "82")
"""台湾, 香港 and 澳门 issue no such notices."""
_WORDS = ("自治区", "地区", "省", "市", "州", "盟", "县", "区", "旗")


@dataclass(frozen=True, slots=True)
class Place:
    """A government on the day of its notice."""

    code: str
    level: str
    """province, prefecture or county."""
    name: str
    full: str
    """With the places above it, where the name alone would not tell which one is meant."""
    short: str
    word: str
    """What stands before the names of its bodies: 省, 市, 州, 县, 区."""
    below: tuple[Division, ...]
    """The places that it rules directly."""


@lru_cache(maxsize=512)
def place_on(code: str, day: date) -> Place:
    """The place with a code on a day.

    Raises:
        LookupError: no place has it then.
    """
    division = division_on(code, day)
    if division is None:
        raise LookupError(code, day)
    lower = prefectures_of(code, day) if division.level == "province" else counties_of(code, day) if division.level == "prefecture" else ()
    if division.level == "province" and not lower:
        lower = counties_of(code, day)
    return Place(code, division.level, division.name, _full(division, day), short_name(division), _word(division.name), lower)


def _word(name: str) -> str:
    return next(word for word in _WORDS if name.endswith(word))


def _full(division: Division, day: date) -> str:
    # Districts print their city, and so does whoever shares a name.
    if division.level != "county" or not (division.name.endswith("区") or len(by_name(division.name, day)) > 1):
        return division.name
    above = division.parent and division_on(division.parent, day)
    return f"{above.name}{division.name}" if above else division.name


@cache
def _governments() -> tuple[str, ...]:
    governed = {division.code for division in divisions() if division.level in ("province", "prefecture", "county")}
    return tuple(sorted(code for code in governed if code[:2] not in _NO_NOTICES))


def places(count: int, years: Sequence[int], seed: int) -> list[str]:
    """Codes of so many governments that are there in all the years, some of each level, the same first ones for every count.

    Raises:
        ValueError: there are not so many.
    """
    order = list(_governments())
    random.Random(f"places {seed}").shuffle(order)
    days = [date(year, month, 1) for year in years for month in (1, 4)]
    found = [code for code in order if all(division_on(code, day) for day in days)]
    if len(found) < count:
        raise ValueError(f"{count} places asked for, {len(found)} are there in {years[0]}–{years[-1]}")
    return found[:count]

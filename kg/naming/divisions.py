"""Which place is meant, on a day: provinces, prefectures and counties with the time in which they hold."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from kg.model import Division
from kg.resources import table


@cache
def divisions() -> tuple[Division, ...]:
    """All divisions of the table, in the order of their codes and first days."""
    rows = table("register/divisions.toml")["division"]
    return tuple(sorted(map(_division, rows), key=lambda division: (division.code, division.first)))


def _division(row: dict[str, Any]) -> Division:
    first = row["first"] if isinstance(row["first"], date) else date(row["first"], 1, 1)
    last = row.get("last")
    return Division(
        id=f"division:{row['code']}-{first.year}",
        code=row["code"],
        name=row["name"],
        level=row["level"],
        parent=row.get("parent"),
        first=first,
        last=date(last, 12, 31) if isinstance(last, int) else last,
        short=row.get("short"),
    )


def holds(division: Division, day: date) -> bool:
    """Whether code and name of a division hold on a day."""
    return division.first <= day and (division.last is None or day <= division.last)


def division_on(code: str, day: date) -> Division | None:
    """The division that has this code on a day."""
    return next((division for division in divisions() if division.code == code and holds(division, day)), None)


def counties_of(code: str, day: date) -> tuple[Division, ...]:
    """The counties, districts and county-level cities below a division on a day; zones are none.

    >>> [county.name for county in counties_of("421000", date(2020, 1, 7))]
    ['沙市区', '荆州区', '公安县', '监利县', '江陵县', '石首市', '洪湖市', '松滋市']
    """
    return tuple(division for division in divisions() if division.parent == code and division.level == "county" and holds(division, day))


def members_since(code: str, day: date) -> date:
    """The first day of the list of counties that holds on a day: the last change of it that is known."""
    below = [division for division in divisions() if division.parent == code and division.level == "county"]
    return max((division.first for division in below if division.first <= day), default=day)


def place_of(name: str, day: date) -> Division | None:
    """The division whose name an organ's name begins with; the longest, None where none is known.

    >>> place_of("荆州市人民政府办公室", date(2020, 1, 7)).code
    '421000'
    """
    fits = [division for division in divisions() if holds(division, day) and name.startswith(division.name)]
    return max(fits, key=lambda division: len(division.name), default=None)

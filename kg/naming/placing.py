"""The division that a notice belongs to: whose issuer speaks, on the day of the notice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kg.model import Division, Level, Notice
from kg.naming.divisions import place_of
from kg.naming.levels import standing_of
from kg.naming.wording import Setting, wording_of


def day_of(notice: Notice) -> date:
    """The day on which a notice's names hold: its date, else the first day of its plan year, else the end of time.

    >>> from kg.model import Notice
    >>> day_of(Notice("n", None, None, None, None, 2020, None, "", "", ""))
    datetime.date(2020, 1, 1)
    """
    return notice.date or date(notice.plan_year or date.max.year, 1, 1)


def place_of_notice(notice: Notice, declared: Sequence[Division] = ()) -> Division | None:
    """The division of a notice: that of its issuer, else that of its title; None where neither prints a place.

    Args:
        notice: the notice as read.
        declared: divisions that the user's registers declare; they go before those of the table.
    """
    day = day_of(notice)
    for text in (notice.issuer, notice.title):
        if text:
            place = next((place for place in declared if text.startswith(place.name)), None) or place_of(text, day) or _ministry(text, day)
            if place is not None:
                return place
    return None


def _ministry(text: str, day: date) -> Division | None:
    # 财政部 教育部: an issuer without a place that can only be one of the whole country.
    first = text.split()[0] if text.split() else text
    setting = Setting(None, day, "")
    standing = standing_of(wording_of(first, setting), setting)
    return standing.place if standing.level is Level.NATIONAL else None

"""The division that a notice belongs to: whose issuer speaks, on the day of the notice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain

from kg.model import Division, Level, Notice
from kg.naming.divisions import NATION, place_of
from kg.naming.levels import standing_of
from kg.naming.wording import Setting, name_key, wording_of
from kg.resources import table


def day_of(notice: Notice) -> date:
    """The day on which a notice's names hold: its date, else the first day of its plan year, else the end of time.

    >>> from kg.model import Notice
    >>> day_of(Notice("n", None, None, None, None, 2020, None, "", "", ""))
    datetime.date(2020, 1, 1)
    """
    return notice.date or date(notice.plan_year or date.max.year, 1, 1)


def place_of_notice(notice: Notice, declared: Sequence[Division] = ()) -> Division | None:
    """The division of a notice: that of its issuer, else of its title, else of a line before its tasks; None where none prints one.

    Args:
        notice: the notice as read.
        declared: divisions that the user's registers declare; they go before those of the table.
    """
    day = day_of(notice)
    for text in (notice.issuer, notice.title):
        if text and (place := _place(text, day, declared) or _ministry(text, day)):
            return place
    inside = (place for text in _inside_title(notice.title or "") if (place := _place(text, day, declared)))
    beside = (place for line in _front(notice) if (place := _place(line, day, declared)) and place.code != NATION)
    return next(chain(inside, beside), None)


def _place(text: str, day: date, declared: Sequence[Division]) -> Division | None:
    return next((place for place in declared if text.startswith(place.name)), None) or place_of(text, day)


def _inside_title(title: str) -> Iterator[str]:
    # 2024年北京市…, 关于印发浙江省…的通知, then what it quotes: 《浙江省…》.
    words = table("lexicon/head.toml")["placing"]
    for text in (title, *re.findall(words["quoted"], title)):
        yield re.sub(f"^{words['before']}", "", text)


def _front(notice: Notice) -> Iterator[str]:
    # Short lines before the first task that are neither sentences nor addressees.
    words = table("lexicon/head.toml")["placing"]
    end = notice.tasks[0].span.start if notice.tasks else len(notice.text)
    for line in notice.text[:end].splitlines()[: words["lines"]]:
        text = name_key(line)
        if 0 < len(text) <= words["longest"] and not re.search(words["never"], text):
            yield re.sub(f"^{words['before']}", "", text)


def _ministry(text: str, day: date) -> Division | None:
    # 财政部 教育部: an issuer without a place that can only be one of the whole country.
    first = text.split()[0] if text.split() else text
    setting = Setting(None, day, "")
    standing = standing_of(wording_of(first, setting), setting)
    return standing.place if standing.level is Level.NATIONAL else None

"""Time limits: which part of a clause is one, and the last day that it allows."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Any

from kg.folding import fold, marks
from kg.model import Deadline
from kg.reading.characters import Line, split_outside, trim
from kg.reading.parties import is_body
from kg.resources import per_lexicon, table


def _words() -> dict[str, Any]:
    return table("lexicon/deadlines.toml")


@per_lexicon
def _date() -> re.Pattern[str]:
    return re.compile(f"(?:{_words()['date']['dotted']})".replace("?P<", "?P<d_") + f"|{_words()['date']['pattern']}")


@per_lexicon
def _part() -> re.Pattern[str]:
    date_words, going = _words()["date"], _words()["going_on"]
    dated = rf"{date_words['prefix']}{date_words['begins']}(?:{date_words['pattern']})(?P<after>{date_words['after']})"
    words = "|".join(sorted(going["words"], key=len, reverse=True))
    return re.compile(rf"{dated}|(?P<going>{words}){going['after']}")


@per_lexicon
def _hint() -> re.Pattern[str]:
    # What every time limit holds: most lists of parties hold nothing of it.
    return re.compile("|".join([_words()["date"]["hint"], *_words()["going_on"]["words"]]))


def is_deadline(folded: str) -> bool:
    """Whether a part of a clause is a time limit.

    >>> is_deadline("2023年10月底前完成并持续推进"), is_deadline("长期坚持"), is_deadline("市发改委")
    (True, True, False)
    """
    hit = _part().fullmatch(folded)
    if hit is None:
        return False
    if hit["going"]:
        return not is_body(folded)
    return any(hit[name] for name in ("year", "relative", "month", "quarter", "half", "end")) and not is_body(hit["after"])


def deadline_parts(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """The parts between commas that are time limits, as runs without blanks."""
    if _hint().search(folded, start, end) is None:
        return []
    runs = [trim(folded, *run) for run in split_outside(folded, marks("list_break") + marks("sentence_end"), start, end)]
    return [(left, right) for left, right in runs if right - left >= 2 and is_deadline(folded[left:right])]


def read_deadline(line: Line, start: int, end: int) -> Deadline | None:
    """The time limit printed in ``line.text[start:end]``, None where nothing is; its day is told by ``due_of``."""
    start, end = trim(line.folded, start, end)
    while end > start and (line.folded[end - 1] in marks("stop") or line.folded[end - 1].isspace()):
        end -= 1
    if start >= end or line.folded[start:end] in table("lexicon/names.toml")["nobody"]["words"]:
        return None
    return Deadline(line.text[start:end], line.span(start, end), None)


def due_of(printed: str, plan_year: int | None = None) -> date | None:
    """The last day that a printed time limit allows; None where it names none.

    A month without a year is that of the plan; of two stages the later counts.

    >>> due_of("2024年10月"), due_of("年底前", 2020), due_of("长期坚持", 2020), due_of("6月底前完成阶段任务,2026年底前全部完成", 2025)
    (datetime.date(2024, 10, 31), datetime.date(2020, 12, 31), None, datetime.date(2026, 12, 31))
    """
    year, days = plan_year, []
    for hit in _date().finditer(fold(printed)):
        parts = hit.groupdict()
        if parts["d_year"]:
            year = int(parts["d_year"])
            days.append(_day(year, int(parts["d_month"]), int(parts["d_day"] or 0)))
            continue
        if not any(parts[name] for name in ("year", "relative", "month", "quarter", "half", "end")):
            continue
        if parts["year"]:
            year = int(parts["year"])
        if year is not None:
            days.append(_last_day(parts, year))
    known = [day for day in days if day]
    return max(known, default=None)


def _last_day(parts: dict[str, str | None], year: int) -> date | None:
    words = _words()
    if parts["relative"] in words["years"]["next"]:
        year += 1
    if parts["month"]:
        third = words["thirds"].get(parts["third"] or "", 0)
        return _day(year, int(parts["month"]), int(parts["day"] or third))
    if parts["quarter"]:
        return _day(year, 3 * int(words["quarters"].get(parts["quarter"], parts["quarter"])), 0)
    if parts["half"]:
        return _day(year, words["halves"][parts["half"]], 0)
    if parts["end"] in words["years"]["start"]:
        return _day(year, 1, 31)
    return _day(year, 12, 31)


def _day(year: int, month: int, day: int) -> date | None:
    last = monthrange(year, month)[1]
    return date(year, month, day or last) if day <= last else None

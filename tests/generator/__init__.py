"""Notices with known answers: any number of places and years, many layouts, the same bytes for the same seed.

A notice depends on the seed, the code of its place and its year alone: whatever else is generated, in whatever order or
process, its bytes and answers are the same. ``python -m tests.generator OUT --places N --years 2015-2024 --seed S`` writes
them to a folder; in Python, lazily::

    for notice in generate(places(1000, [2024], seed=1), [2024], seed=1):
        notice.name, notice.content, notice.answers
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence

from .answers import Answers, Generated, Limit, Party, Quantity, TaskAnswer
from .layouts import LAYOUTS, USUAL, printed
from .places import places
from .plan import plan_of

__all__ = [
    "LAYOUTS",
    "USUAL",
    "Answers",
    "Generated",
    "Limit",
    "Party",
    "Quantity",
    "TaskAnswer",
    "generate",
    "layout_of",
    "notice_of",
    "places",
]


def layout_of(code: str, year: int, seed: int, layouts: Sequence[str] = ()) -> str:
    """The layout of a place in a year: an office keeps its own, and changes it now and then."""
    chance = random.Random(f"layout {seed} {code}")
    choices = sorted(layouts or USUAL)
    kept = chance.choice(choices)
    for at in range(2000, year + 1):
        if chance.random() < 0.08 and at > 2000:
            kept = chance.choice(choices)
    return kept


def notice_of(code: str, year: int, seed: int, *, layout: str | None = None, tasks: int | None = None) -> Generated:
    """The notice of one place in one year.

    Args:
        code: of a division.
        layout: one of LAYOUTS; None for that of the place, one of USUAL.
        tasks: how many; None for 30 to 200, 117 on average.

    Raises:
        LookupError: the place is not there on the day of the notice.
    """
    return printed(plan_of(code, year, seed, tasks), layout or layout_of(code, year, seed))


def generate(
    codes: Iterable[str], years: Sequence[int], seed: int, *, layouts: Sequence[str] = (), tasks: int | None = None
) -> Iterator[Generated]:
    """The notices of some places in some years, place by place, each made when it is asked for."""
    for code in codes:
        for year in years:
            yield notice_of(code, year, seed, layout=layout_of(code, year, seed, layouts), tasks=tasks)

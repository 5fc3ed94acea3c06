"""Generated notices as a hypothesis strategy, for property tests: any place, year and layout, shrinking to few tasks."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from . import LAYOUTS, Generated, notice_of, places

YEARS = range(2010, 2026)


@cache
def _codes() -> tuple[str, ...]:
    # Places that are there in all the years, so that none has to be drawn again.
    return tuple(places(400, YEARS, seed=0))


def notices(*, tasks: int | None = None, layouts: tuple[str, ...] = tuple(LAYOUTS)) -> st.SearchStrategy[Generated]:
    """A notice of any place of some 400, a year of 2010 to 2025, and one of the layouts.

    Args:
        tasks: exactly so many; None for 1 to 40.
    """
    return st.builds(
        lambda code, year, seed, layout, count: notice_of(code, year, seed, layout=layout, tasks=count),
        st.sampled_from(_codes()),
        st.sampled_from(YEARS),
        st.integers(0, 9999),
        st.sampled_from(layouts),
        st.just(tasks) if tasks else st.integers(1, 40),
    )

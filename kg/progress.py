"""Progress in words: what is being done, how far it is, how fast, and how long it will take."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from kg.messages import say

_EVERY = 2.0
"""Seconds between two lines of one step."""
_ALWAYS = 10
"""Steps of at most so many parts tell each of them."""
_WARM = 3.0
"""Seconds after which a rate can be told."""


def progress(write: Callable[[str], None], clock: Callable[[], float] = monotonic) -> Callable[[str, int, int], None]:
    """A function that is told how far the work is, and writes a line of it now and then.

    Args:
        write: takes one line.
        clock: seconds; another one in tests.
    """
    started: dict[str, tuple[float, int]] = {}
    last: dict[str, float] = {}

    def tell(what: str, done: int, all_of: int) -> None:
        now = clock()
        began, before = started.setdefault(what, (now, done))
        if what in last and now - last[what] < _EVERY and all_of > _ALWAYS and done + 1 < all_of:
            return
        last[what] = now
        line = say(f"progress.{what}", done=done + 1, all=all_of)
        passed, parts = now - began, done - before
        if passed >= _WARM and parts > 0 and done + 1 < all_of:
            rate = parts / passed
            line += say("progress.rate", rate=f"{rate:.3g}", left=duration((all_of - done - 1) / rate))
        write(line)

    return tell


def duration(seconds: float) -> str:
    """A time in words: seconds, minutes or hours, rounded up.

    >>> from kg.messages import use_language
    >>> use_language("en")
    >>> duration(42), duration(150), duration(7300)
    ('42 s', '3 min', '2.0 h')
    >>> use_language(None)
    """
    if seconds < 60:
        return say("progress.seconds", f"{max(1, round(seconds))}")
    if seconds < 3600:
        return say("progress.minutes", f"{-int(-seconds // 60)}")
    return say("progress.hours", f"{seconds / 3600:.1f}")

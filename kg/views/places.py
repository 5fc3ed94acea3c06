"""Where in a file of pages or tables a position stands, in words."""

from __future__ import annotations

from bisect import bisect_right

from kg.messages import say
from kg.model import Notice


def place_words(notice: Notice, at: int, *, lang: str | None = None) -> str:
    """Where a code point stands in a file of pages or tables, as 第3页第2段; empty where the text is the file."""
    behind = bisect_right(notice.places, at, key=lambda place: place.start)
    if not behind:
        return ""
    place = notice.places[behind - 1]
    levels = ("page", "table", "row", "column") if place.table is not None else ("page", "paragraph")
    parts = [say(f"lint.place.{level}", lang=lang, **{level: value}) for level in levels if (value := getattr(place, level)) is not None]
    return say("lint.place.join", lang=lang).join(parts)

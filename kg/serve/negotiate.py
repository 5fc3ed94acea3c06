"""What a client wants: the media type and the language, from its headers (RFC 9110)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.messages import LANGUAGES

_PART = re.compile(r'(?:[^",]|"(?:[^"\\]|\\.)*")+')
_QUALITY = re.compile(r';\s*q\s*=\s*"?(\d(?:\.\d*)?|\.\d+)"?', re.I)


def best(accept: str, offered: Sequence[str]) -> str | None:
    """The media type that suits a client best; None where none does.

    Of equal weight, the one that the client names most closely wins, then the first of ``offered``.

    Args:
        accept: the ``Accept`` header; where it is empty everything suits.
        offered: media types without parameters, the preferred one first.

    >>> best("text/html;q=0.9, */*;q=0.1", ["application/json", "text/html"])
    'text/html'
    >>> best("", ["application/json"]), best("image/png", ["application/json"]), best("text/*;q=0", ["text/csv"])
    ('application/json', None, None)
    """
    ranges = _weighted(accept) or [("*/*", 1.0)]
    found: tuple[float, int] = (0.0, 0)
    chosen = None
    for media in offered:
        quality, closeness = _suits(media, ranges)
        if quality > 0 and (quality, closeness) > found:
            found, chosen = (quality, closeness), media
    return chosen


def _weighted(header: str) -> list[tuple[str, float]]:
    found = []
    for part in _PART.findall(header):
        name = part.partition(";")[0].strip().lower()
        quality = _QUALITY.search(part)
        if name:
            found.append((name, min(float(quality[1]), 1.0) if quality else 1.0))
    return found


def _suits(media: str, ranges: Sequence[tuple[str, float]]) -> tuple[float, int]:
    # The closest range decides, also where it says "not this one" and a wider one would take it.
    kind = media.partition("/")[0]
    for closeness, name in ((3, media), (2, f"{kind}/*"), (1, "*/*")):
        weights = [quality for named, quality in ranges if named == name]
        if weights:
            return max(weights), closeness
    return 0.0, 0


def best_language(asked: str | None, accepted: str, otherwise: str) -> str:
    """The language to speak: the one asked for in the address, else the one the client prefers, else ``otherwise``.

    >>> best_language(None, "de, en-GB;q=0.8", "zh"), best_language("zh", "en", "en"), best_language("fr", "", "zh")
    ('en', 'zh', 'zh')
    """
    if asked in LANGUAGES:
        return str(asked)
    weights = dict.fromkeys(LANGUAGES, 0.0)
    for tag, quality in _weighted(accepted):
        name = tag.partition("-")[0]
        if name in weights:
            weights[name] = max(weights[name], quality)
    chosen = max(LANGUAGES, key=lambda name: (weights[name], name == otherwise))
    return chosen if weights[chosen] else otherwise

"""What sort of body a name is, by rules that are rows of the lexicon, with the reason."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.model import Division, Kind, Level
from kg.naming.divisions import by_short_name
from kg.naming.wording import Setting, Wording
from kg.resources import per_lexicon, table

LANDLESS = frozenset({Kind.ENTERPRISE, Kind.UNIVERSITY, Kind.ZONE, Kind.TERRITORY})
"""Kinds whose name is no line of work: 文旅 in 纪南文旅区 is the zone's name."""


@dataclass(frozen=True, slots=True)
class _Row:
    kind: Kind
    why: str
    pattern: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    lines: frozenset[str]
    endings: frozenset[str]
    unknown: bool
    party: bool
    bare: bool
    above: bool
    level: Level | None


def kind_of(wording: Wording, lines: tuple[str, ...], setting: Setting) -> tuple[Kind, str, Level | None]:
    """The kind of a body, the key of the reason (``units.kind.<why>`` in the messages), and the level where the kind says it.

    Args:
        wording: its name taken apart.
        lines: the lines of work that the name says.
        setting: where and when it is printed.
    """
    if wording.place and not wording.rest:
        return Kind.TERRITORY, "place", None
    return next(((row.kind, row.why, row.level) for row in _rows() if _fits(row, wording, lines, setting)), (Kind.OTHER, "other", None))


def _fits(row: _Row, wording: Wording, lines: tuple[str, ...], setting: Setting) -> bool:
    text = wording.rest or wording.name
    return (
        (row.pattern is None or row.pattern.fullmatch(text) is not None)
        and (row.unless is None or row.unless.fullmatch(wording.name) is None)
        and (not row.lines or any(line in row.lines for line in lines))
        and (not row.endings or wording.core.ending in row.endings)
        and (not row.unknown or wording.core.body is None)
        and (not row.party or wording.party)
        and (row.bare or bool(wording.place or wording.word or not lines))
        and (not row.above or _serves_below(wording, setting))
    )


def _serves_below(wording: Wording, setting: Setting) -> bool:
    # 湖北省洪湖分蓄洪区工程管理局: the province's name, and behind it a place of the province.
    if wording.short or not (wording.level is Level.PROVINCIAL or (wording.place and wording.place.level == "province")):
        return False
    province = wording.place or setting.place
    starts = (by_short_name(wording.rest[:size], setting.day) for size in (4, 3, 2))
    return province is not None and any(_inside(division, province) for found in starts for division in found)


def _inside(division: Division, province: Division) -> bool:
    return division.code != province.code and division.code[:2] == province.code[:2]


@per_lexicon
def _rows() -> tuple[_Row, ...]:
    return tuple(
        _Row(
            Kind(row["kind"]),
            row["why"],
            re.compile(row["pattern"]) if "pattern" in row else None,
            re.compile(row["unless"]) if "unless" in row else None,
            frozenset(row.get("lines", ())),
            frozenset(row.get("endings", ())),
            row.get("unknown", False),
            row.get("party", False),
            row.get("bare", True),
            row.get("above", False),
            Level(row["level"]) if "level" in row else None,
        )
        for row in table("lexicon/kinds.toml")["kind"]
    )

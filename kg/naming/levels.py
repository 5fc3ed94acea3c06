"""At which level of government a body stands, and which place it serves, with the reason."""

from __future__ import annotations

from dataclasses import dataclass

from kg.model import Division, Level
from kg.naming.divisions import NATION, division_on
from kg.naming.wording import Setting, Wording
from kg.resources import per_lexicon, table

LEVEL_OF = {"nation": Level.NATIONAL, "province": Level.PROVINCIAL, "prefecture": Level.MUNICIPAL, "county": Level.COUNTY}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a body stands."""

    place: Division | None
    """None where the name tells a level and not which place of it (区教育局 in the notice of a city)."""
    level: Level | None
    why: str
    """``place``, ``word``, ``issuer``, ``head``, ``row`` or ``unknown`` (``units.level.<why>`` in the messages)."""


def standing_of(wording: Wording, setting: Setting) -> Standing:
    """The place and level of a body: from the place or level word that its name prints, else from the issuer.

    A branch stands at the level of the place it serves; 市 is the place's own in the notice of a city, the prefecture above in
    that of a county, and a province in a municipality.
    """
    if wording.place and wording.level:
        return Standing(_at(wording.level, wording.place, setting), wording.level, "row")
    if wording.place:
        return Standing(wording.place, LEVEL_OF[wording.place.level], "place")
    if wording.level:
        place = _meant(wording, setting)
        return Standing(place, LEVEL_OF[place.level] if place else wording.level, "word" if wording.word else "row")
    if wording.core.ending in _national_endings() or _is_ministry(wording):
        return Standing(division_on(NATION, setting.day), Level.NATIONAL, "head")
    if setting.place is None:
        return Standing(None, None, "unknown")
    return Standing(setting.place, LEVEL_OF[setting.place.level], "issuer")


@per_lexicon
def _national_endings() -> frozenset[str]:
    return frozenset(row["class"] for row in table("lexicon/kinds.toml")["ending"] if row.get("national"))


def _is_ministry(wording: Wording) -> bool:
    body = wording.core.body
    return wording.core.ending in _ministry_endings() and body is not None and not set(body.lines) & _party_lines()


@per_lexicon
def _ministry_endings() -> frozenset[str]:
    return frozenset(row["class"] for row in table("lexicon/kinds.toml")["ending"] if row.get("ministry"))


@per_lexicon
def _party_lines() -> frozenset[str]:
    rows = table("lexicon/kinds.toml")["kind"]
    return frozenset(line for row in rows if row["kind"] in ("partyOrgan", "military") for line in row.get("lines", ())) | {"military"}


def above(place: Division | None, setting: Setting) -> list[Division]:
    """A place and what stands over it, the place first."""
    found: list[Division] = []
    while place is not None:
        found.append(place)
        place = division_on(place.parent, setting.day) if place.parent else None
    return found


def _meant(wording: Wording, setting: Setting) -> Division | None:
    # The place that a level word means here: the issuer's own or the one above it that is called so.
    wanted = wording.level
    if wanted is Level.NATIONAL:
        return division_on(NATION, setting.day)
    line = above(setting.place, setting)
    called = next((place for place in line if place.name.endswith(wording.word)), None) if wording.word else None
    return called or _at(wanted, setting.place, setting)


def _at(level: Level | None, place: Division | None, setting: Setting) -> Division | None:
    return next((one for one in above(place, setting) if LEVEL_OF[one.level] is level), None)

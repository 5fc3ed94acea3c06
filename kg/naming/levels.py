"""At which level of government a body stands, and which place it serves, with the reason."""

from __future__ import annotations

from dataclasses import dataclass

from kg.model import Division, Level
from kg.naming.divisions import NATION, above, division_on
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
    if not wording.zone and _is_national(wording):
        return Standing(division_on(NATION, setting.day), Level.NATIONAL, "head")
    if setting.place is None:
        return Standing(None, None, "unknown")
    return Standing(setting.place, LEVEL_OF[setting.place.level], "issuer")


def _is_national(wording: Wording) -> bool:
    # 财政部 and 海关总署 are of the whole country wherever they are printed; 农垦总局 and 规划建设部 need not be.
    body = wording.core.body
    return body is not None and body.name in _national_bodies().get(wording.core.ending, ())


@per_lexicon
def _national_bodies() -> dict[str, frozenset[str]]:
    return {ending: frozenset(names) for ending, names in table("lexicon/kinds.toml")["national"].items()}


def _meant(wording: Wording, setting: Setting) -> Division | None:
    # The place that a level word means here: the issuer's own or the one above it that is called so.
    wanted = wording.level
    if wanted is Level.NATIONAL:
        return division_on(NATION, setting.day)
    line = above(setting.place, setting.day)
    called = next((place for place in line if place.name.endswith(wording.word)), None) if wording.word else None
    return called or _at(wanted, setting.place, setting)


def _at(level: Level | None, place: Division | None, setting: Setting) -> Division | None:
    return next((one for one in above(place, setting.day) if LEVEL_OF[one.level] is level), None)

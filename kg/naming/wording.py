"""A printed name, taken apart: place, level word, seat, core and ending, with the reason for each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from kg.folding import fold
from kg.model import Division, Level
from kg.naming.bodies import Core, bodies, divide
from kg.naming.divisions import NATION, by_name, by_short_name, division_on, longest_name
from kg.resources import per_lexicon, table


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when a name is printed."""

    place: Division | None
    """The division of the notice, None where it is unknown."""
    day: date
    scope: str
    """Stands for the place in ids where it is unknown, so that equal names of two unknown places are never one unit."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What the wording of one name says, before anybody is asked who it is."""

    name: str
    """The folded name without blanks."""
    core: Core
    place: Division | None = None
    """The division that the name prints."""
    word: str = ""
    """The level word that it prints in place of one (市, 省)."""
    level: Level | None = None
    """The level that the name itself says, whatever the issuer."""
    head: str = ""
    """The head of a vertical system that it begins with (国家税务总局)."""
    party: bool = False
    """Whether 委 stands between place and work."""
    rest: str = ""
    """The name without place, level word and seat."""
    bracket: str = ""
    """What stands in brackets at the end: a second name."""
    short: bool = False
    """Whether the place is printed by its short name (荆州 for 荆州市)."""
    zone: bool = False
    """Whether ``word`` is a zone's (园区税务局)."""
    seat: str = ""
    """The town that a branch is named after where it serves the whole province: 人行武汉分行, 黄埔海关."""
    row: bool = False
    """Whether a row of the lexicon takes the name whole."""
    line: str = ""
    """The line of work that a row of the lexicon gives to just this wording."""


def name_key(name: str) -> str:
    """What two spellings of one name have in common: width, radicals and blanks do not count.

    >>> name_key("市发 改委（市数据局）")
    '市发改委(市数据局)'
    """
    return "".join(fold(unicodedata.normalize("NFKC", name)).split())


def wording_of(name: str, setting: Setting) -> Wording:
    """A name taken apart in its setting.

    Of several ways to take it apart, the first whose core the lexicon knows wins, and where none is known the first at all:
    市场监管局 is no 场监管局 of a 市.

    >>> w = wording_of("市市场监管局", Setting(None, date(2020, 1, 7), ""))
    >>> w.word, w.core.text, w.core.ending
    ('市', '市场监管', '局')
    """
    key = name_key(name)
    for ending in _opening():
        key = key.removeprefix(ending) if key != ending else key
    plain, bracket = _bracketed(key)
    special = _special(plain, setting)
    if special:
        return replace(special, name=key, bracket=bracket)
    ways: list[Wording] = []
    for way in _ways(plain, setting):
        ways.append(_seated(way))
        # The rest need not be tried.
        if ways[-1].core.body:
            break
    chosen = ways[-1] if ways[-1].core.body else next(way for way in ways if not way.short or _is_place_like(way))
    return replace(chosen, name=key, bracket=bracket, line=_override(plain, setting.day))


def _bracketed(key: str) -> tuple[str, str]:
    found = re.fullmatch(r"(.+?)\(([^()]*)\)", key)
    return (found[1], found[2]) if found else (key, "")


def _ways(plain: str, setting: Setting) -> Iterator[Wording]:
    empty = Core("", "", None)
    for head in _heads():
        if plain.startswith(head) and plain != head:
            rest = re.sub(r"^\((.+?)\)", r"\1", plain.removeprefix(head))
            for place, short, size in _places(rest, setting):
                # 银保监会荆州监管分局: what is left alone is an ending, and the head is the work.
                left = rest[size:]
                yield Wording(plain, empty, place, head=head, short=short, rest=head + left if left in _bare_endings() else left)
    for place, short, size in _places(plain, setting):
        if len(plain) > size:
            yield Wording(plain, empty, place, short=short, rest=plain[size:])
        elif not short:
            yield Wording(plain, empty, place)
    followed = table("lexicon/kinds.toml")["levels"]["followed"]
    for word, level in _level_words():
        if plain.startswith(word + followed.get(word, "")) and plain != word and not _township().fullmatch(plain):
            yield Wording(plain, empty, word=word, level=level, rest=plain[len(word) :])
    yield Wording(plain, empty, rest=plain)
    for word in table("lexicon/kinds.toml")["levels"]["zones"]:
        if plain.startswith(word) and plain != word:
            yield Wording(plain, empty, word=word, zone=True, rest=plain[len(word) :])


def _places(text: str, setting: Setting) -> Iterator[tuple[Division, bool, int]]:
    # Full names before short ones, long before short; a chain (湖北省荆州市) counts as its last.
    for short in (False, True):
        for size in range(min(len(text), longest_name()), 1, -1):
            found = (by_short_name if short else by_name)(text[:size], setting.day)
            place = _meant(found, text[:size], short, setting.place) if found else None
            if place is None:
                continue
            for inner, inner_short, more in _places(text[size:], replace(setting, place=place)):
                # 苏州市昆山生态环境局 is of 昆山市, but 四川省都江堰水利发展中心 of the province.
                below = inner.code != place.code and inner.code.startswith(_stem(place.code))
                if below and not (inner_short and place.level != "prefecture"):
                    yield inner, short or inner_short, size + more
            yield place, short, size


def _stem(code: str) -> str:
    # The part of a code that all below it share; the whole country shares none.
    return "" if not code.isdigit() else code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def _meant(found: tuple[Division, ...], text: str, short: bool, near: Division | None) -> Division | None:
    """Of divisions of one name the one that a name printed near a place can mean, None where that is not sure.

    The one in the same prefecture goes first, else the one in the same province. From elsewhere only a full name of three
    characters is taken, of a prefecture or province, or where no place is known: 新区 and 东区 are districts of some cities and zones
    of others.
    """
    if near is not None and near.code != NATION:
        for size in (6, 4, 2):
            inside = [division for division in found if division.code[:size] == near.code[:size]]
            if len(inside) == 1 and (size > 2 or len(text) > 2 or inside[0].level != "county"):
                return inside[0]
            if inside and short:
                # 荆州 is the prefecture before the district of that name.
                return inside[0] if inside[0].level != "county" and size > 2 else None
        return found[0] if len(found) == 1 and not short and len(text) > 2 and found[0].level != "county" else None
    if near is None or short:
        sure = [division for division in found if division.level != "county" or len(text) > 2]
        return sure[0] if len(sure) == 1 and (not short or sure[0].level != "county") else None
    return found[0] if len(found) == 1 and len(text) > 2 else None


def _seated(way: Wording) -> Wording:
    # 委 and 政府 between place and work are no part of the work; a name that the lexicon knows with them is left whole.
    known = divide(way.rest)
    if way.word in table("lexicon/kinds.toml")["seats"]["words"]:
        way = replace(way, party=True)
    if known.body or not (way.word or way.place or way.head):
        return replace(way, core=known)
    seats = table("lexicon/kinds.toml")["seats"]
    for kind in ("party", "government"):
        for seat in seats[kind]:
            rest = way.rest.removeprefix(seat)
            if rest != way.rest and rest:
                return replace(way, core=divide(rest), rest=rest, party=kind == "party")
    return replace(way, core=known)


def _is_place_like(way: Wording) -> bool:
    # A short name counts only before what the lexicon knows, or before a zone: 公安局 is no 局 of 公安县.
    return any(re.fullmatch(pattern, way.rest) for pattern in _zones())


def _special(plain: str, setting: Setting) -> Wording | None:
    for row in _specials():
        found = row["pattern"].fullmatch(plain) if setting.day <= row.get("until", date.max) else None
        if found and not (row["unless"] and row["unless"].fullmatch(plain)):
            made = _by_row(row, plain, found.groupdict(), setting)
            if made is not None:
                return made
    return None


def _by_row(row: dict[str, Any], plain: str, parts: dict[str, str | None], setting: Setting) -> Wording | None:
    printed = parts.get("place") or parts.get("seat")
    place = division_on(row["code"], setting.day) if "code" in row else _inside(printed, setting)
    ending, word = row.get("ending", ""), parts.get("level") or ""
    if parts.get("within"):
        place = _within(str(parts["within"]), setting)
        if place is None:
            return None
    if parts.get("upper"):
        upper = wording_of(str(parts["upper"]), setting)
        if place is None or upper.core.body is None:
            return None
        core = replace(upper.core, ending=ending)
    elif parts.get("body") or "body" in row:
        body = row.get("names", {}).get(parts.get("body"), row.get("body"))
        core = Core(body, ending, bodies().get(body))
    else:
        core = Core(plain, ending, None)
    level = Level(row["level"]) if "level" in row else dict(_level_words()).get(word)
    return Wording(plain, core, place, word, level, party=row.get("party", False), rest=plain, seat=parts.get("seat") or "", row=True)


def _inside(text: str | None, setting: Setting) -> Division | None:
    if not text:
        return None
    return next((place for place, _, size in _places(text, setting) if size == len(text)), None)


def _within(text: str, setting: Setting) -> Division | None:
    # The place at the end of a text: 电信荆州, 石化湖北荆州.
    return next((place for at in range(len(text) - 1) if (place := _inside(text[at:], setting))), None)


def _override(plain: str, day: date) -> str:
    for row in _overrides():
        if day <= row.get("until", date.max) and row["pattern"].fullmatch(plain):
            return str(row["line"])
    return ""


@per_lexicon
def _level_words() -> tuple[tuple[str, Level], ...]:
    rows = table("lexicon/kinds.toml")["levels"]
    pairs = [(word, level) for level in Level for word in rows[level.value]]
    pairs += [(word, Level.MUNICIPAL) for word in rows["followed"]]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


@per_lexicon
def _township() -> re.Pattern[str]:
    # 市桥街道 is no 桥街道 of a 市.
    return re.compile(next(row["pattern"] for row in table("lexicon/kinds.toml")["kind"] if row.get("level") == "township"))


@per_lexicon
def _opening() -> tuple[str, ...]:
    return tuple(table("lexicon/kinds.toml")["opening"]["words"])


@per_lexicon
def _heads() -> tuple[str, ...]:
    return tuple(sorted(table("lexicon/kinds.toml")["heads"]["words"], key=len, reverse=True))


@per_lexicon
def _bare_endings() -> frozenset[str]:
    return frozenset(word for row in table("lexicon/kinds.toml")["ending"] for word in row["words"])


@per_lexicon
def _zones() -> tuple[str, ...]:
    return tuple(row["pattern"] for row in table("lexicon/kinds.toml")["kind"] if row["kind"] == "zone")


@per_lexicon
def _specials() -> tuple[dict[str, Any], ...]:
    rows = table("lexicon/kinds.toml")["special"]
    return tuple(
        {**row, "pattern": re.compile(row["pattern"]), "unless": re.compile(row["unless"]) if "unless" in row else None} for row in rows
    )


@per_lexicon
def _overrides() -> tuple[dict[str, Any], ...]:
    return tuple({**row, "pattern": re.compile(row["pattern"])} for row in table("lexicon/kinds.toml")["override"])

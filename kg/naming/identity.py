"""The identity of a name that no register knows, by rule: where it stands, its kind, its lines of work, an id that never changes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from kg.model import Division, Kind, Level, Unit
from kg.naming.bodies import Core, divide
from kg.naming.divisions import short_name
from kg.naming.kinds import LANDLESS, kind_of
from kg.naming.levels import Standing, standing_of
from kg.naming.wording import Setting, Wording, wording_of
from kg.resources import per_lexicon, table


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that the rules say about one printed name."""

    wording: Wording
    standing: Standing
    kind: Kind
    kind_why: str
    lines: tuple[str, ...]
    lines_why: str
    """``form`` (the lexicon knows the core), ``parts`` (it is made of several), ``row`` (a row for this wording), ``about`` (a word
    in an unknown core), ``kind`` (names of this kind say no line) or ``none``."""
    unit: Unit


def unit_by_rule(name: str, setting: Setting) -> Unit:
    """The unit that a printed name stands for where no register knows it.

    Args:
        name: the completed name.
        setting: the place and day of the notice.

    Returns:
        A unit that depends on nothing but the name, its place and the day: the spellings of one body (市发改委,
        市发展和改革委员会, 荆州市发展改革委) are one unit in every notice. Its id is made of jurisdiction, line of work and eight
        characters of a hash (four collided in 21 of 1,400 names of one line), or of jurisdiction and hash where no line is found.
    """
    return read_name(name, setting).unit


def read_name(name: str, setting: Setting) -> Reading:
    """A printed name with all that the rules say about it, and why."""
    wording = wording_of(name, setting)
    standing = standing_of(wording, setting)
    second = divide_second(wording.bracket)
    lines, lines_why = _lines(wording, second)
    label = _label(wording, standing, second)
    # The kind is that of the form by which the body is shown, so that no spelling of it makes another one.
    kind, kind_why, level = kind_of(replace(wording, name=label, rest=_canonical(wording)), lines, setting)
    if level:
        standing = Standing(standing.place, level, "kind")
    if kind in LANDLESS:
        lines, lines_why = (), "kind"
    unit = _unit(wording, standing, kind, lines, label, setting)
    return Reading(wording, standing, kind, kind_why, lines, lines_why, unit)


def divide_second(bracket: str) -> Core:
    """The second name of a body, which stands in brackets, divided: 区委人才办 and 人才办 are one."""
    if not bracket:
        return Core("", "", None)
    ways = [bracket]
    words = table("lexicon/kinds.toml")
    starts = [word for level in ("national", "provincial", "municipal", "county") for word in words["levels"][level]]
    for start in starts:
        if bracket.startswith(start) and bracket != start:
            rest = bracket.removeprefix(start)
            ways += [rest, *(rest.removeprefix(seat) for seats in words["seats"].values() for seat in seats if rest.startswith(seat))]
    cores = [divide(way) for way in ways]
    return next((core for core in cores if core.body), Core(bracket, "", None))


def _canonical(wording: Wording) -> str:
    # Without place and level, in the form that the body is shown by.
    body = wording.core.body
    return wording.rest if body is None else _shown_form(wording.core)


def _shown_form(core: Core) -> str:
    # 安全生产委员会: a form that ends like the class is not given its ending twice.
    body = core.body
    if body is None:
        return f"{core.text}{core.ending}"
    return body.name if body.whole or (core.ending and body.name.endswith(core.ending)) else f"{body.name}{core.ending}"


def _lines(wording: Wording, second: Core) -> tuple[tuple[str, ...], str]:
    if wording.line:
        return (wording.line,), "row"
    if body := wording.core.body:
        # 市商务局（口岸办） is on the line of its second name too.
        lines = tuple(dict.fromkeys((*body.lines, *(second.body.lines if second.body else ()))))
        return lines, "form" if len(lines) == 1 else "parts"
    about = next((line for line, words in _about() if any(word in wording.rest for word in words)), None)
    return ((about,), "about") if about else ((), "none")


@per_lexicon
def _about() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((row["id"], tuple(row["about"])) for row in table("lexicon/lines.toml")["line"] if "about" in row)


def _unit(wording: Wording, standing: Standing, kind: Kind, lines: tuple[str, ...], label: str, setting: Setting) -> Unit:
    place = standing.place
    where = place.code if place else setting.place.code if setting.place else setting.scope
    if kind is Kind.TERRITORY and place and _is_seat(wording):
        return government_of(place, standing.level)
    digest = hashlib.sha256(_key(wording, standing).encode("utf-8")).hexdigest()[:8]
    local = f"{where}-{lines[0]}-{digest}" if lines else f"{where}-{digest}"
    rule = "line" if wording.core.body else "name"
    return Unit(f"unit:{local}", label, kind, place.id if place else None, standing.level, lines, (), rule)


def government_of(place: Division, level: Level | None = None) -> Unit:
    """The government of a division.

    >>> from kg.naming.divisions import division_on
    >>> from datetime import date
    >>> unit = government_of(division_on("421003", date(2020, 1, 7)))
    >>> unit.id, unit.label
    ('unit:421003-government', '荆州区政府')
    """
    from kg.naming.levels import LEVEL_OF

    seat = table("lexicon/kinds.toml")["seats"]["government"]
    names = tuple(sorted(place.name + word for word in seat if word != seat[-1]))
    return Unit(
        f"unit:{place.code}-government", place.name + seat[-1], Kind.TERRITORY, place.id, level or LEVEL_OF[place.level], (), names, "place"
    )


def _is_seat(wording: Wording) -> bool:
    return wording.rest in ("", *table("lexicon/kinds.toml")["seats"]["government"])


def _key(wording: Wording, standing: Standing) -> str:
    # What makes two spellings one body in one place. The level word counts where it says more than the place does; a name whose
    # core nobody knows is its own spelling, since 城投集团 need not be 市城投集团.
    body, core, second = wording.core.body, wording.core, divide_second(wording.bracket)
    bracket = _shown_form(second)
    if body is None:
        return "|".join(("?", _start(wording, standing), wording.rest, bracket))
    word = "" if _is_of(wording.word, standing.place) else wording.word
    ending = "" if body.whole else core.ending
    return "|".join((word, wording.seat, "party" if wording.party else "", body.name, ending, bracket))


def _start(wording: Wording, standing: Standing) -> str:
    # What stands before the core: the place's own full name counts as its level word.
    seat = table("lexicon/kinds.toml")["seats"]["party"][-1] if wording.party else ""
    if wording.row:
        return ""
    if wording.place is None or standing.place is None:
        return wording.word + seat
    return (short_name(wording.place) if wording.short else _level_word(standing.place)) + seat


def _is_of(word: str, place: Division | None) -> bool:
    # 市 before the bodies of 荆州市 says nothing more; 兵团 is another government in the same place, and 园区 a part of it.
    if place is None:
        return False
    return word in table("lexicon/kinds.toml")["levels"]["national"] if place.level == "nation" and word else place.name.endswith(word)


def _label(wording: Wording, standing: Standing, second: Core) -> str:
    # As a reader of the place would print it, and the same whichever spelling was met first.
    place, body = standing.place, wording.core.body
    bracket = f"({_shown_form(second)})" if wording.bracket else ""
    if body is None:
        return f"{_start(wording, standing)}{wording.rest}{bracket}"
    shown = _shown().get(body.lines[0])
    start = _level_word(place) if place and _is_of(wording.word, place) else wording.word
    if shown and place is not None and place.level != "nation":
        short, full = wording.seat or short_name(place), wording.seat or place.name
        return shown.format(short=short, place=full, word=start, body=body.name, ending=wording.core.ending) + bracket
    seat = table("lexicon/kinds.toml")["seats"]["party"][-1] if wording.party and not body.whole else ""
    return f"{start}{seat}{_shown_form(wording.core)}{bracket}"


@per_lexicon
def _shown() -> dict[str, str]:
    return {row["id"]: row["shown"] for row in table("lexicon/lines.toml")["line"] if "shown" in row}


def _level_word(place: Division) -> str:
    # 市 of 荆州市, 区 of 广西壮族自治区 is 自治区; the whole country has none before the name of a ministry.
    words = table("lexicon/kinds.toml")["levels"]
    if place.level == "nation":
        return ""
    return next((word for level in Level for word in sorted(words[level.value], key=len, reverse=True) if place.name.endswith(word)), "")

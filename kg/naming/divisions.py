"""Which place is meant, on a day: the nation, provinces, prefectures and counties with the time in which they hold.

The table ``register/divisions.tsv`` says where it comes from and what it does not know. A division is one period of a
code and a name; codes are used again, so that the id holds the first year too. Zones are no divisions.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache, lru_cache

from kg.model import Division
from kg.resources import package_file, table

NATION = "CN"
_LEVELS = ("nation", "province", "prefecture", "county")


@cache
def divisions() -> tuple[Division, ...]:
    """All divisions of the table, in the order of their codes and first days."""
    rows = list(_printed_rows())
    prefectures: dict[str, list[tuple[date, date]]] = defaultdict(list)
    for code, _, first, last, _, _ in rows:
        if code[4:] == "00" and code[2:] != "0000":
            prefectures[code].append((_start(first), _end(last) or date.max))
    return tuple(_division(row, prefectures) for row in rows)


def _division(row: Sequence[str], prefectures: Mapping[str, Sequence[tuple[date, date]]]) -> Division:
    code, name, first, last, successors, _ = row
    start, end = _start(first), _end(last)
    parent = _parent(code, start, end or date.max, prefectures)
    exact = len(first) > 4, len(last) != 4
    return Division(f"division:{code}-{first[:4]}", code, name, _level(code), parent, start, end, tuple(successors.split()), *exact)


def _printed_rows() -> Iterator[list[str]]:
    with package_file("register/divisions.tsv").open(encoding="utf-8", newline="") as file:
        while file.readline().startswith("#"):
            continue  # The last that is read is the line of headings.
        yield from csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


@cache
def _start(printed: str) -> date:
    return date.fromisoformat(printed if len(printed) > 4 else f"{printed}-01-01")


@cache
def _end(printed: str) -> date | None:
    if not printed:
        return None
    return date.fromisoformat(printed if len(printed) > 4 else f"{printed}-12-31")


def _level(code: str) -> str:
    if code[4:] != "00":
        return "nation" if code == NATION else "county"
    return "province" if code[2:] == "0000" else "prefecture"


def _parent(code: str, first: date, last: date, prefectures: Mapping[str, Sequence[tuple[date, date]]]) -> str | None:
    # A county whose code names no prefecture of its time is ruled by the province.
    if code[2:] == "0000":
        return NATION
    above = code[:4] + "00"
    if above != code:
        for start, end in prefectures.get(above, ()):
            if start <= last and first <= end:
                return above
    return code[:2] + "0000" if code != NATION else None


def holds(division: Division, day: date) -> bool:
    """Whether code and name of a division hold on a day.

    >>> holds(division_on("421088", date(2020, 6, 12)), date(2020, 6, 11))
    False
    """
    return division.first <= day and (division.last is None or day <= division.last)


@cache
def _by_code() -> dict[str, tuple[Division, ...]]:
    return _grouped((division.code, division) for division in divisions())


@cache
def _by_parent() -> dict[str, tuple[Division, ...]]:
    return _grouped((division.parent, division) for division in divisions() if division.parent)


def _grouped(pairs: Iterable[tuple[str, Division]]) -> dict[str, tuple[Division, ...]]:
    found: dict[str, list[Division]] = defaultdict(list)
    for key, division in pairs:
        found[key].append(division)
    return {key: tuple(members) for key, members in found.items()}


def division_on(code: str, day: date) -> Division | None:
    """The division that has this code on a day, None where none has.

    >>> division_on("420600", date(2010, 11, 25)).name, division_on("420600", date(2010, 11, 26)).name
    ('襄樊市', '襄阳市')
    """
    return next((division for division in _by_code().get(code, ()) if holds(division, day)), None)


@cache
def _by_id() -> dict[str, Division]:
    return {division.id: division for division in divisions()}


@cache
def last_names() -> dict[str, str]:
    """The name that each code had last.

    >>> last_names()["420600"]
    '襄阳市'
    """
    return {code: max(named, key=lambda division: division.first).name for code, named in _by_code().items()}


def division_by_id(id_: str) -> Division | None:
    """The division with an id, None where the table has none.

    >>> division_by_id("division:421000-1996").name
    '荆州市'
    """
    return _by_id().get(id_)


def is_code(code: str) -> bool:
    """Whether a code is, or once was, that of a division, or of the whole country."""
    return code in _by_code()


def below(code: str, day: date) -> tuple[Division, ...]:
    """The divisions directly below one on a day, in the order of their codes.

    >>> [division.level for division in below("420000", date(2020, 1, 7))].count("prefecture")
    13
    """
    return tuple(division for division in _by_parent().get(code, ()) if holds(division, day))


def counties_of(code: str, day: date) -> tuple[Division, ...]:
    """The counties, districts and county-level cities directly below a division on a day; zones are none.

    >>> [county.name for county in counties_of("421000", date(2020, 1, 7))]
    ['沙市区', '荆州区', '公安县', '监利县', '江陵县', '石首市', '洪湖市', '松滋市']
    >>> [county.name for county in counties_of("420000", date(2020, 1, 7))]
    ['仙桃市', '潜江市', '天门市', '神农架林区']
    """
    return tuple(division for division in below(code, day) if division.level == "county")


def prefectures_of(code: str, day: date) -> tuple[Division, ...]:
    """The prefectures of a province on a day, prefecture-level cities among them; a municipality has none.

    >>> len(prefectures_of("370000", date(2018, 12, 25))), len(prefectures_of("370000", date(2019, 1, 1)))
    (17, 16)
    """
    return tuple(division for division in below(code, day) if division.level == "prefecture")


def members_since(code: str, day: date, level: str = "county") -> date:
    """The first day of the list of members that holds on a day: the last change of it that is known.

    >>> members_since("421000", date(2021, 1, 1))
    datetime.date(2020, 6, 12)
    """
    members = [division for division in _by_parent().get(code, ()) if division.level == level]
    starts = [division.first for division in members]
    ends = [division.last + timedelta(days=1) for division in members if division.last]
    return max((change for change in (*starts, *ends) if change <= day), default=day)


def above(division: Division | None, day: date) -> list[Division]:
    """A division and all that stand over it on a day, the division first.

    >>> [division.name for division in above(division_on("421003", date(2020, 1, 7)), date(2020, 1, 7))]
    ['荆州区', '荆州市', '湖北省', '中国']
    """
    found: list[Division] = []
    while division is not None:
        found.append(division)
        division = _upper(division, day)
    return found


def _upper(division: Division, day: date) -> Division | None:
    # The place above on the day; for a place of another time, the one of its own time.
    if division.parent is None:
        return None
    return (
        division_on(division.parent, day)
        or division_on(division.parent, division.last or day)
        or division_on(division.parent, division.first)
    )


def short_name(division: Division) -> str:
    """The name of a division without its level, and without the nationalities of an autonomous place.

    >>> [short_name(division_on(code, date(2020, 1, 7))) for code in ("421000", "422800", "420000", "450000", "632726")]
    ['荆州', '恩施', '湖北', '广西', '曲麻莱']
    """
    return _without_level(division.name, division.level)


def by_short_name(short: str, day: date) -> tuple[Division, ...]:
    """The divisions with a short name that hold on a day, of all levels, the highest first.

    >>> [division.name for division in by_short_name("荆州", date(2020, 1, 7))]
    ['荆州市', '荆州区']
    """
    return tuple(division for division in _by_short().get(short, ()) if holds(division, day))


@cache
def _by_short() -> dict[str, tuple[Division, ...]]:
    ranked = sorted(divisions(), key=lambda division: _LEVELS.index(division.level))
    return _grouped((short_name(division), division) for division in ranked)


@cache
def _without_level(name: str, level: str) -> str:
    # 恩施土家族苗族自治州 → 恩施; 东乡族自治县 → 东乡; 荆州市 → 荆州; 易县 stays.
    if end := _autonomous_end(name):
        bare = name.removesuffix(end)
        stem = _nationalities().sub("", bare)
        return stem if len(stem) >= 2 else bare.removesuffix(_folk())
    stem_and_level = _levels()[level].fullmatch(name)
    return stem_and_level[1] if stem_and_level else name


@cache
def _levels() -> dict[str, re.Pattern[str]]:
    suffixes: Mapping[str, list[str]] = table("lexicon/places.toml")["suffixes"]
    return {level: re.compile(f"(.{{2,}}?)(?:{'|'.join(suffixes.get(level, ['$']))})") for level in _LEVELS}


@cache
def _folk() -> str:
    folk: str = table("lexicon/places.toml")["autonomous"]["folk"]
    return folk


@cache
def _nationalities() -> re.Pattern[str]:
    words = table("lexicon/places.toml")["autonomous"]
    with_folk = "|".join(word + _folk() for word in words["nationalities"])
    return re.compile(f"(?:{with_folk}|{'|'.join(words['bare'])})+$")


@cache
def _ends() -> tuple[str, ...]:
    return tuple(sorted(table("lexicon/places.toml")["autonomous"]["ends"], key=len, reverse=True))


def _autonomous_end(name: str) -> str | None:
    # A district is autonomous by the nationality in its name alone: 管城回族区.
    if not name.endswith(_ends()):
        return None
    end = next(end for end in _ends() if name.endswith(end))
    return end if len(end) > 1 or _folk() in name else None


def by_name(name: str, day: date) -> tuple[Division, ...]:
    """The divisions with a name that hold on a day; where none does, those that ended last before it.

    >>> [division.code for division in by_name("监利县", date(2021, 1, 1))], by_name("监利市", date(2020, 1, 7))
    (['421023'], ())
    """
    return _of_the_day(_by_name().get(name, ()), None, day)


@cache
def _by_name() -> dict[str, tuple[Division, ...]]:
    # Names, the short forms of autonomous places, and the aliases of the lexicon.
    words = table("lexicon/places.toml")
    pairs = [(division.name, division) for division in divisions()]
    ends: Mapping[str, str] = words["autonomous"]["ends"]
    for division in divisions():
        end = _autonomous_end(division.name)
        if end is not None and (form := short_name(division) + ends[end]) != division.name:
            pairs.append((form, division))
    pairs += [(alias, division) for alias, code in words["aliases"].items() for division in _by_code().get(code, ())]
    return _grouped(pairs)


@cache
def longest_name() -> int:
    """The number of characters of the longest name of a division."""
    return max(map(len, _by_name()))


@lru_cache(maxsize=1 << 14)
def place_of(name: str, day: date) -> Division | None:
    """The division that an organ's name begins with or is about, the lowest that it prints.

    Args:
        name: an organ's name, a title or a place, as 杭州市上城区人民政府办公室.
        day: places that hold on it are preferred; where none does, the one that ended last before it.

    Returns:
        None where no place is printed, or where what is printed fits several places.

    >>> day = date(2020, 1, 7)
    >>> [place_of(name, day).code for name in ("荆州市人民政府办公室", "中共北京市朝阳区委", "恩施州卫健委", "荆州开发区管委会")]
    ['421000', '110105', '422800', '421000']
    >>> place_of("国务院办公厅", day).code, place_of("鼓楼区教育局", day), place_of("市教育局", day)
    ('CN', None, None)
    >>> place_of("监利县人民政府", date(2021, 1, 1)).id
    'division:421023-1994'
    """
    rest = _without_head(name)
    found = _read(rest, None, day) or (_read(name, None, day) if rest != name else None)
    if found is not None:
        return found
    words = table("lexicon/places.toml")["nation"]
    national = name.startswith(tuple(words["words"])) and not name.startswith(tuple(words["except"]))
    return division_on(NATION, day) if national else None


def _without_head(name: str) -> str:
    heads = [word for word in table("lexicon/places.toml")["before"]["words"] if name.startswith(word)]
    return name.removeprefix(max(heads, key=len)) if heads else name


def _read(rest: str, above: Sequence[Division] | None, day: date) -> Division | None:
    """The lowest place of the chain of places that a text begins with, below one of ``above`` where that is given."""
    for length in range(min(longest_name(), len(rest)), 1, -1):
        places = _places(rest[:length], above, day)
        if places:
            lower = _read(_after(rest, length), places, day)
            if lower is not None:
                return lower
            if above is not None or rest[:length] not in table("lexicon/places.toml")["names"]["only_below"]:
                return _only_one(places, day)
    return _read_short(rest, above, day)


def _after(rest: str, length: int) -> str:
    left = rest[length:]
    between = re.match(table("lexicon/places.toml")["before"]["between"], left)
    return left[between.end() :] if between else left


def _places(name: str, above: Sequence[Division] | None, day: date) -> tuple[Division, ...]:
    return _of_the_day(_by_name().get(name, ()), above, day)


def _of_the_day(known: Sequence[Division], above: Sequence[Division] | None, day: date) -> tuple[Division, ...]:
    # Those that hold on the day; else those that ended last before it. What begins later is not meant.
    if not known:
        return ()
    inside = [place for place in known if above is None or any(_lies_in(place, upper, day) for upper in above)]
    now = tuple(place for place in inside if holds(place, day))
    ended = [place for place in inside if place.last and place.last < day]
    latest = max((place.last for place in ended if place.last), default=None)
    return now or tuple(place for place in ended if place.last == latest)


def _lies_in(place: Division, upper: Division, day: date) -> bool:
    above = _upper(place, day)
    while above is not None:
        if above.code == upper.code:
            return True
        above = _upper(above, day)
    return False


def _only_one(places: Sequence[Division], day: date) -> Division | None:
    # The one place, or the highest of several that lie in one another.
    highest = min(places, key=lambda place: _LEVELS.index(place.level), default=None)
    if highest is not None and all(place is highest or _lies_in(place, highest, day) for place in places):
        return highest
    return None


def _read_short(rest: str, above: Sequence[Division] | None, day: date) -> Division | None:
    """The place that a text begins with without its level: before a place below it, an organ or a zone."""
    words = table("lexicon/places.toml")["short"]
    for length in range(min(longest_name(), len(rest)), 1, -1):
        places = _of_the_day(_by_short().get(rest[:length], ()), above, day)
        if not places:
            continue
        left = rest[length:]
        lower = _read(_after(rest, length), places, day) if above is None else None
        if lower is not None:
            return lower
        if re.match(words["zones"], left):
            return _in_a_zone(places, day)
        if re.fullmatch(words["organs"], left) and not re.search(words["not_organs"], left):
            return _only_one([place for place in places if place.level != "county"], day)
    return None


def _in_a_zone(places: Sequence[Division], day: date) -> Division | None:
    # Zones are founded by cities: of a province and a city that lies in it, the city. The name of a district alone says
    # nothing: 东湖高新区 lies in 武汉, which has no 东湖区.
    one = _only_one(places, day)
    if one is None or one.name.endswith(table("lexicon/places.toml")["short"]["district"]):
        return None
    if one.level != "province":
        return one
    cities = [place for place in places if place.level == "prefecture"]
    return _only_one(cities, day) or one

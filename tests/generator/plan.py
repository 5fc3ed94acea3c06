"""What a notice is about, before a layout prints it: drawn by chance, from the bodies of its place and year."""

from __future__ import annotations

import random
from bisect import bisect
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from kg.model import Division
from kg.naming.divisions import short_name

from .answers import Limit, Party, Quantity
from .bodies import STYLES, Body, drawn, staff_of, style_of
from .places import Place, place_on

FEWEST, MOST = 30, 200
TAILS = ("健全长效机制", "确保取得实效", "完善配套政策", "推动各项举措落地见效", "形成一批可复制经验", "建立健全工作台账", "", "", "")
ABOVE, TEN_THOUSAND = "以上", "万"
ZONES = ("开发区", "高新区", "经济开发区")
# Collective references: as printed, what they stand for where several are printed for the same, and how often.
COLLECTIVES = {
    "province": (("各市州政府", "prefectures", 6), ("各市（州）人民政府", "prefectures", 3), ("省直有关部门", "", 2)),
    "municipality": (("各区县政府", "counties", 9), ("市有关部门", "", 2)),
    "prefecture": (
        ("各县市区政府", "counties", 5),
        ("各县（市、区）人民政府", "counties", 3),
        ("各县（市、区）政府", "counties", 2),
        ("市直有关部门", "", 2),
        ("市政府各部门", "", 1),
    ),
    "county": (("各乡镇政府", "", 6), ("各乡镇人民政府", "", 3), ("各镇（街道）", "", 2), ("县直有关部门", "", 2), ("县政府各部门", "", 1)),
}
SYSTEMS = "省市县"


@dataclass(slots=True)
class PlannedTask:
    """A task: who, what, until when. The lists are parties without a role yet."""

    wording: str
    quantities: tuple[Quantity, ...]
    leads: list[Party]
    others: list[Party]
    together: list[Party]
    """Territories, zones and collective references, printed behind the departments."""
    limit: Limit | None


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """A section with its tasks."""

    title: str
    tasks: tuple[PlannedTask, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole notice."""

    place: Place
    year: int
    day: date
    serial: int
    parts: tuple[PlannedPart, ...]

    @property
    def issuer(self) -> str:
        """The office that signs."""
        office = "办公厅" if self.place.level == "province" else "办公室"
        seat = "行政公署" if self.place.word in ("地区", "盟") else "人民政府"
        return f"{self.place.full}{seat}{office}"

    @property
    def number(self) -> str:
        """The document number."""
        return f"{self.place.short[0]}政办发〔{self.year}〕{self.serial}号"


def plan_of(code: str, year: int, seed: int, tasks: int | None = None) -> Plan:
    """The notice of a place in a year; with ``tasks`` exactly so many, else 30 to 200, 117 on average.

    Raises:
        LookupError: there is no such place on the day of the notice.
    """
    chance = random.Random(f"notice {seed} {code} {year}")
    day = date(year, chance.randint(1, 3), chance.randint(2, 28))
    place = place_on(code, day)
    count = tasks or round(FEWEST + (MOST - FEWEST) * chance.betavariate(2.3, 2.2))
    drawer = _Drawer(chance, place, year, style_of(code, year, seed))
    return Plan(place, year, day, chance.randint(1, 60), drawer.parts(count))


class _Drawer:
    """The chance of one notice, and how it prints names."""

    def __init__(self, chance: random.Random, place: Place, year: int, style: int) -> None:
        self.chance, self.place, self.year, self.style = chance, place, year, style
        self.staff = staff_of(place, year)
        self.known: dict[str, Party] = {}
        rows = COLLECTIVES["municipality" if place.level == "province" and place.word == "市" else place.level]
        names = [(_local(name, place), body) for name, body, _ in rows]
        self.collectives = [Party("", name, name, body or name, True) for name, body in names]
        self.weights = tuple(accumulate(weight for *_, weight in rows))
        self.zones = chance.sample(ZONES, 2) if place.level != "province" else []
        self.habit = chance.random()

    def parts(self, count: int) -> tuple[PlannedPart, ...]:
        chance = self.chance
        chosen = [part for part in self.staff.parts if part.leaders]
        if count < len(chosen):
            chosen = chosen[:count]
        sizes = [1] * len(chosen)
        for at in chance.choices(range(len(chosen)), k=count - len(chosen)):
            sizes[at] += 1
        return tuple(
            PlannedPart(part.titles[chance.random() < 0.5], tuple(self.task(part.leaders, part.weights) for _ in range(size)))
            for part, size in zip(chosen, sizes, strict=True)
        )

    def task(self, leaders: tuple[Body, ...], weights: tuple[int, ...]) -> PlannedTask:
        chance = self.chance
        first = leaders[bisect(weights, chance.random() * weights[-1])]
        leads = [first]
        if chance.random() < 0.06:
            leads += drawn(chance, self.staff.bodies, self.staff.weights, 1, leads)
        # Sizes of real notices: many with one or two others, a few with a dozen.
        size = min(12, int(chance.expovariate(0.5)))
        others = drawn(chance, self.staff.bodies, self.staff.weights, size, leads) if size else []
        wording, quantities = self.wording(first)
        return PlannedTask(
            wording, quantities, [self.party(body) for body in leads], [self.party(body) for body in others], self.together(), self.limit()
        )

    def party(self, body: Body) -> Party:
        party = self.known.get(body.key)
        if party is None:
            style = self.style if self.chance.random() < 0.95 else self.chance.randrange(len(STYLES))
            name = body.names[style]
            party = self.known[body.key] = Party("", name, name, body.key)
        return party

    def together(self) -> list[Party]:
        chance, found = self.chance, []
        what = chance.random()
        if what < 0.55:
            found.append(self.collectives[bisect(self.weights, chance.random() * self.weights[-1])])
        elif what < 0.65 and len(self.place.below) > 3:
            several = [(_shown(place), place.code) for place in chance.sample(self.place.below, chance.randint(1, 3))]
            if self.habit < 0.5:
                # The seat is printed once, behind the last.
                found += [Party("", name, f"{name}政府", code) for name, code in several[:-1]]
                several = several[-1:]
            found += [Party("", f"{name}政府", f"{name}政府", code) for name, code in several]
        if what < 0.65 and self.zones and chance.random() < 0.4:
            names = [f"{self.place.short}{zone}" for zone in self.zones[: chance.randint(1, 2)]]
            found += [Party("", name, f"{name}管委会", name) for name in names[:-1]]
            found.append(Party("", f"{names[-1]}管委会", f"{names[-1]}管委会", names[-1]))
        return found

    def wording(self, body: Body) -> tuple[str, tuple[Quantity, ...]]:
        chance = self.chance
        works = body.works
        at = int(chance.random() * len(works))
        said = [works[at]]
        if len(works) > 1 and chance.random() < 0.6:
            said.append(works[(at + 1 + int(chance.random() * (len(works) - 1))) % len(works)])
        quantities: tuple[Quantity, ...] = ()
        if chance.random() < 0.45:
            template, low, high, unit, factor = body.aims[int(chance.random() * len(body.aims))]
            number = low + int(chance.random() * (high - low + 1))
            phrase = template.replace("{n}", str(number))
            behind = ABOVE if phrase.endswith(ABOVE) else ""
            printed = f"{number}{TEN_THOUSAND if factor > 1 else ''}{unit}{behind}"
            quantities = (Quantity(printed, number * factor, unit, "atLeast" if behind else "exactly"),)
            said.append(phrase)
        if tail := TAILS[int(chance.random() * len(TAILS))]:
            said.append(tail)
        return ",".join(said) + "。", quantities

    def limit(self) -> Limit | None:
        what = self.chance.random()
        if what < 0.2:
            return Limit("年底前", date(self.year, 12, 31))
        if what < 0.3:
            return Limit(self.chance.choice(("长期坚持", "持续推进")), None)
        month = self.chance.randint(3, 12)
        due = date(self.year, month, monthrange(self.year, month)[1])
        return Limit(f"{month}月底前" if what < 0.6 else f"{self.year}年{month}月底前", due)


def _local(name: str, place: Place) -> str:
    # 县直有关部门 of a district is 区直有关部门; an autonomous region has 自治区直.
    return place.word + name[1:] if name[0] in SYSTEMS else name


def _shown(division: Division) -> str:
    # 恩施土家族苗族自治州 is printed as 恩施州.
    return short_name(division) + "州" if division.name.endswith("自治州") else division.name

"""Whom a collective reference stands for, by the words that it prints, the place of the notice and its day."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest

from kg.model import Closure, Notice
from kg.naming.divisions import division_on, place_of
from kg.naming.groups import members_of
from kg.naming.units import name_units
from kg.reading.notice import notice_of_text
from kg.reading.source import SourceText

DAYS = [
    pytest.param(date(2019, 12, 31), "监利县", id="the-year-before"),
    pytest.param(date(2020, 1, 7), "监利县", id="the-day-of-the-first-notice"),
    pytest.param(date(2020, 6, 11), "监利县", id="the-last-day-of-the-county"),
    pytest.param(date(2020, 6, 12), "监利市", id="the-first-day-of-the-city"),
    pytest.param(date(2021, 1, 1), "监利市", id="the-year-after"),
]


@pytest.mark.parametrize(("day", "jianli"), DAYS)
def test_the_counties_of_jingzhou_on_a_day(day: date, jianli: str) -> None:
    found = members_of("各县市区政府", division_on("421000", day), day)
    assert found is not None
    others = {"荆州区", "沙市区", "江陵县", "松滋市", "公安县", "石首市", "洪湖市"}
    assert {division.name for division in found.divisions} == others | {jianli}


# The place, the reference, what it opens to and how many they are on 2020-01-07; None where the table cannot tell.
OPENED = [
    pytest.param("421000", "各县（市、区）人民政府", "counties", 8, id="brackets"),
    pytest.param("421000", "各县市区", "counties", 8, id="without-a-seat"),
    pytest.param("421000", "各区县政府", "counties", 8, id="two-sorts-mean-all"),
    pytest.param("421000", "各区政府", "counties-district", 2, id="districts-only"),
    pytest.param("421000", "各县政府", "counties-county", 3, id="counties-only"),
    pytest.param("110000", "各区人民政府", "counties", 16, id="a-municipality-has-districts-alone"),
    pytest.param("500000", "各区县（自治县）政府", "counties", 38, id="autonomous-counties-of-a-municipality"),
    pytest.param("420000", "各市、州人民政府", "prefectures", 13, id="prefectures-of-a-province"),
    pytest.param("440000", "各地级以上市人民政府", "prefectures", 21, id="guangdong"),
    pytest.param("650000", "各地、州、市人民政府", "prefectures", 14, id="prefectures-of-xinjiang"),
    pytest.param("150000", "各盟行政公署、市人民政府", None, 0, id="two-references-in-one-are-left-alone"),
    pytest.param("420000", "各市、州、县人民政府", "prefectures-counties", 116, id="prefectures-and-counties-of-hubei"),
    pytest.param("420000", "各市、州、直管市人民政府", "prefectures-direct", 16, id="and-cities-that-the-province-rules"),
    pytest.param("CN", "各省、自治区、直辖市人民政府", "provinces", 31, id="without-the-special-regions-and-taiwan"),
    pytest.param("421000", "各县市区政府、开发区", None, 0, id="zones-stand-apart"),
    pytest.param("421000", "各乡镇人民政府", None, 0, id="no-table-of-townships"),
    pytest.param("421003", "各区政府", None, 0, id="a-district-has-no-districts"),
    pytest.param("421000", "各县市区公安局", None, 0, id="not-the-governments"),
    pytest.param("421000", "有关县市区政府", None, 0, id="not-all-of-them"),
]


@pytest.mark.parametrize(("code", "printed", "slug", "count"), OPENED)
def test_a_reference_opens_to(code: str, printed: str, slug: str | None, count: int) -> None:
    day = date(2020, 1, 7)
    place = division_on(code, day)
    assert place is not None
    found = members_of(printed, place, day)
    assert (found.slug if found else None, len(found.divisions) if found else 0) == (slug, count)


def read(issuer: str, text: str, day: str = "2020年1月7日") -> Notice:
    whole = f"{issuer}关于分解任务的通知\n\n{day}\n\n{text}"
    return name_units(notice_of_text(SourceText("n.txt", whole, hashlib.sha256(whole.encode()).hexdigest(), "utf-8")))


def test_spellings_of_one_list_are_one_group_and_the_print_is_kept() -> None:
    notice = read("泰安市人民政府办公室", "1.修路。(责任单位:各县市区政府)\n2.架桥。(责任单位:各县（市、区）人民政府)")
    (group,) = notice.groups
    assert group.closure is Closure.LISTED
    assert group.label == "各县市区政府"
    assert [a.printed for task in notice.tasks for a in task.assignments] == ["各县市区政府", "各县（市、区）人民政府"]
    assert set(group.members) == {unit.id for unit in notice.units}
    assert "unit:370902-government" in group.members, "泰山区"


def test_members_that_are_named_too_are_one_unit() -> None:
    notice = read("泰安市人民政府办公室", "1.修路。(牵头单位:泰山区政府;责任单位:各县市区政府)")
    assert notice.tasks[0].assignments[0].unit in notice.groups[0].members


def test_what_cannot_be_listed_is_external_or_open() -> None:
    notice = read("泰安市人民政府办公室", "1.修路。(牵头单位:市交通运输局;责任单位:市政府各部门、各成员单位、市政府有关部门)")
    closures = {group.label: group.closure.value for group in notice.groups}
    assert closures == {"市政府各部门": "external", "各成员单位": "external", "市政府有关部门": "open"}


def test_a_place_that_is_not_known_opens_nothing() -> None:
    (group,) = read("某地人民政府办公室", "1.修路。(责任单位:各县市区政府)").groups
    assert (group.closure, group.members) == (Closure.EXTERNAL, ())


def test_zones_are_no_members_though_they_lie_in_the_city() -> None:
    day = date(2020, 1, 7)
    place = place_of("成都市", day)
    assert place is not None
    found = members_of("各区（市）县政府", place, day)
    assert found is not None and len(found.divisions) == 20
    assert not [division for division in found.divisions if division.name.endswith("新区")]

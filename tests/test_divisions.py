"""Which place is meant, on a day: the national table, what stands below what, and the places that organs print."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from kg.model import Division
from kg.naming.divisions import (
    above,
    below,
    by_short_name,
    counties_of,
    division_on,
    divisions,
    holds,
    members_since,
    place_of,
    prefectures_of,
    short_name,
)
from kg.resources import package_file

DAY = date(2020, 1, 7)
NOW = date(2026, 6, 1)


def names(found: tuple[Division, ...]) -> list[str]:
    return [division.name for division in found]


# --- Jingzhou, whose days the notices of 2019 to 2021 need ---

JINGZHOU = [
    pytest.param(date(2019, 12, 31), "沙市区 荆州区 公安县 监利县 江陵县 石首市 洪湖市 松滋市", id="end-of-2019"),
    pytest.param(DAY, "沙市区 荆州区 公安县 监利县 江陵县 石首市 洪湖市 松滋市", id="day-of-the-seed"),
    pytest.param(date(2020, 6, 11), "沙市区 荆州区 公安县 监利县 江陵县 石首市 洪湖市 松滋市", id="eve-of-the-city"),
    pytest.param(date(2020, 6, 12), "沙市区 荆州区 公安县 江陵县 石首市 洪湖市 松滋市 监利市", id="day-of-the-approval"),
    pytest.param(date(2021, 1, 1), "沙市区 荆州区 公安县 江陵县 石首市 洪湖市 松滋市 监利市", id="2021"),
]


@pytest.mark.parametrize(("day", "counties"), JINGZHOU)
def test_the_counties_of_jingzhou_are_those_of_the_day(day: date, counties: str) -> None:
    assert names(counties_of("421000", day)) == counties.split()


def test_the_ids_of_jingzhou_stay() -> None:
    ids = {division.id for division in divisions()}
    assert ids >= {
        f"division:{row}"
        for row in (
            "420000-1980", "421000-1996", "421002-1994", "421003-1994", "421022-1994", "421023-1994",
            "421024-1998", "421081-1995", "421083-1995", "421087-1995", "421088-2020",
        )
    }  # fmt: skip


def test_a_county_that_became_a_city_ends_on_the_eve_and_names_what_followed() -> None:
    county = division_on("421023", DAY)
    assert county is not None
    assert (county.last, county.successors, county.first_exact, county.last_exact) == (date(2020, 6, 11), ("421088",), False, True)
    city = division_on("421088", NOW)
    assert city is not None
    assert (city.first, city.last, city.first_exact) == (date(2020, 6, 12), None, True)


def test_the_list_of_members_changes_with_what_came_and_what_went() -> None:
    assert members_since("421000", DAY) == date(1998, 1, 1), "江陵县 came, 江陵区 went"
    assert members_since("421000", date(2021, 1, 1)) == date(2020, 6, 12)
    assert members_since("110000", date(2012, 1, 1)) == date(2010, 6, 28), "崇文区 and 宣武区 went, nothing came"
    assert members_since("420000", DAY, "prefecture") == date(2010, 11, 26), "襄樊市 was renamed"
    assert members_since("999900", DAY) == DAY


# --- the shape of the table ---


def test_the_rows_are_sorted_by_code_and_first_day_and_no_code_holds_twice() -> None:
    rows = divisions()
    assert [(d.code, d.first) for d in rows] == sorted((d.code, d.first) for d in rows)
    for one, other in zip(rows, rows[1:], strict=False):
        if one.code == other.code:
            assert one.last is not None and one.last < other.first, (one.id, other.id)


def test_ids_are_unique_days_in_order_and_levels_follow_the_code() -> None:
    rows = divisions()
    assert len({d.id for d in rows}) == len(rows) > 7600
    for d in rows:
        assert d.last is None or d.first <= d.last, d.id
        assert d.first >= date(1980, 1, 1) or d.code == "CN"
        assert d.level == (
            "nation" if d.code == "CN" else "province" if d.code[2:] == "0000" else "prefecture" if d.code[4:] == "00" else "county"
        )


def test_what_followed_stands_in_the_table_and_held_on_the_next_day() -> None:
    for d in divisions():
        assert not d.successors or d.last is not None, d.id
        for code in d.successors:
            assert d.last is not None and division_on(code, d.last + timedelta(days=1)), (d.id, code)


def test_all_but_a_few_have_a_successor_since_2006() -> None:
    """Before 2009 what followed a merger is not known; since 2007 it is, for every one."""
    assert [d.id for d in divisions() if d.last and not d.successors and d.last.year >= 2007] == []


GAPS = {
    # The lists of 1982 and 1983 drop a prefecture a year or two before or after its counties.
    "410500": "安阳市: not in the lists of 1982 and 1983, its 郊区 is",
    "412100": "安阳地区: not in the list of 1983, its counties are",
    "610400": "咸阳市: first in the list of 1984, its counties in that of 1983",
}


def test_every_parent_holds_while_the_child_does() -> None:
    gaps = set()
    for d in divisions():
        if d.parent is None:
            assert d.code == "CN"
            continue
        for day in (d.first, min(d.last or NOW, NOW)):
            if division_on(d.parent, day) is None:
                gaps.add(d.parent)
                assert day < date(1985, 1, 1), d.id
    assert gaps <= GAPS.keys()


def test_pseudo_entries_are_left_out() -> None:
    printed = {d.name for d in divisions()}
    assert not printed & {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "省直辖县级行政单位"}
    assert len([d for d in divisions() if d.code[:2] in ("71", "81", "82")]) == 3, "without counties"


def test_the_sources_of_the_rows_are_explained() -> None:
    lines = package_file("register/divisions.tsv").read_text(encoding="utf-8").splitlines()
    comment = "\n".join(line for line in lines if line.startswith("#"))
    keys = {key for line in lines[comment.count("\n") + 2 :] for key in line.split("\t")[5].split()}
    assert {key for key in keys if key.isascii()} == {"timeline", "areacodes", "npc", "constitution"}
    assert all(word in comment for word in ("timeline", "areacodes", "npc", "constitution", "国函", "民函", "公告", "渝府发", "~"))
    assert "http" not in "".join(lines)


# --- how many there are, against counts that others published ---

NATIONAL = [
    # year, prefectures, counties at its end, as the statistical yearbooks and 民政部's yearly statistics give them. Pages with them were
    # opened for 2007 and 2011 (yearbooks of 2008 and 2012), 2020 and 2021 (360doc 1031544098); the others are as they were published then.
    (1999, 331, 2858), (2000, 333, 2861), (2001, 332, 2861), (2002, 332, 2860), (2003, 333, 2861), (2004, 333, 2862), (2005, 333, 2862),
    (2006, 333, 2860), (2007, 333, 2859), (2008, 333, 2859), (2009, 333, 2858), (2010, 333, 2856), (2011, 332, 2853), (2012, 333, 2852),
    (2013, 333, 2853), (2014, 333, 2854), (2015, 334, 2850), (2016, 334, 2851), (2017, 334, 2851), (2018, 333, 2851), (2019, 333, 2846),
    (2020, 333, 2844), (2021, 333, 2843), (2022, 333, 2843), (2023, 333, 2844), (2024, 333, 2846),
]  # fmt: skip


@pytest.mark.parametrize(("year", "prefectures", "counties"), NATIONAL)
def test_the_national_totals_are_those_published(year: int, prefectures: int, counties: int) -> None:
    held = Counter(d.level for d in divisions() if holds(d, date(year, 12, 31)))
    assert held == {"nation": 1, "province": 34, "prefecture": prefectures, "county": counties}


# 中国统计年鉴 2008, table 1-1: prefectures and counties of each province at the end of 2007.
YEARBOOK_2007 = """110000 0 18|120000 0 18|130000 11 172|140000 11 119|150000 12 101|210000 14 100|220000 9 60|230000 13 128|310000 0 19|320000 13 106
330000 11 90|340000 17 105|350000 9 85|360000 11 99|370000 17 140|410000 17 159|420000 13 102|430000 14 122|440000 21 121|450000 14 109|460000 2 20
500000 0 40|510000 21 181|520000 9 88|530000 16 129|540000 7 73|610000 10 107|620000 14 86|630000 8 43"""
# 中国统计年鉴 2012, table 1-1 (stats.gov.cn): the same at the end of 2011.
YEARBOOK_2011 = """110000 0 16|120000 0 16|130000 11 172|140000 11 119|150000 12 101|210000 14 100|220000 9 60|230000 13 128|310000 0 17|320000 13 104
330000 11 90|340000 16 105|350000 9 85|360000 11 100|370000 17 140|410000 17 159|420000 13 103|430000 14 122|440000 21 121|450000 14 109|460000 2 20"""


@pytest.mark.parametrize(
    ("printed", "day"), [(YEARBOOK_2007, date(2007, 12, 31)), (YEARBOOK_2011, date(2011, 12, 31))], ids=["2007", "2011"]
)
def test_the_provinces_hold_what_the_yearbook_counts(printed: str, day: date) -> None:
    for row in printed.replace("\n", "|").split("|"):
        code, prefectures, counties = row.split()
        cities = prefectures_of(code, day)
        all_counties = len(counties_of(code, day)) + sum(len(counties_of(city.code, day)) for city in cities)
        assert (code, len(cities), all_counties) == (code, int(prefectures), int(counties))


COUNTED = [
    pytest.param("421000", DAY, 8, "page on the counties of 荆州 (gzjll.com 4838926): 8 county-level divisions", id="jingzhou"),
    pytest.param("422800", date(2022, 12, 31), 8, "zh.wikipedia 恩施州: 2 cities, 6 counties", id="enshi"),
    pytest.param(
        "330100",
        date(2024, 12, 31),
        13,
        "page on 杭州行政区划 (ugtv8.com): 10 districts, 2 counties, 1 city at the end of 2024",
        id="hangzhou",
    ),
    pytest.param(
        "220100", date(2019, 12, 31), 10, "report on 公主岭 (hjlcz.com): 7 districts, 1 county, 2 cities at the end of 2019", id="changchun"
    ),
    pytest.param("220200", date(2018, 6, 30), 9, "吉林行政区域划分 2018 (gkzzy.com): 4 districts, 1 county, 4 cities", id="jilin-city"),
    pytest.param("220300", date(2018, 6, 30), 6, "the same: 2 districts, 2 counties, 2 cities", id="siping"),
    pytest.param("220400", date(2018, 6, 30), 4, "the same: 2 districts, 2 counties", id="liaoyuan"),
    pytest.param("220500", date(2018, 6, 30), 7, "the same: 2 districts, 3 counties, 2 cities", id="tonghua"),
    pytest.param("220600", date(2018, 6, 30), 6, "the same: 2 districts, 3 counties, 1 city", id="baishan"),
    pytest.param("220700", date(2018, 6, 30), 5, "the same: 1 district, 3 counties, 1 city", id="songyuan"),
    pytest.param("513400", date(2017, 12, 31), 17, "凉山州概况 (scgoo.cn): lists 17 by name, 会理县 among them", id="liangshan-2017"),
    pytest.param("513400", date(2021, 6, 30), 17, "凉山州 (730xs.com): 2 cities, 15 counties after 会理市", id="liangshan-2021"),
    pytest.param("653200", date(2010, 12, 31), 8, "zh.wikipedia 和田地区, state of 2010: 1 city, 7 counties", id="hotan"),
    pytest.param("653200", date(2025, 1, 1), 10, "government of 新疆, 2024-12-27: 和安县 and 和康县 are added", id="hotan-2025"),
    pytest.param("150400", date(2023, 12, 24), 12, "government of 赤峰: 3 districts, 7 banners, 2 counties", id="chifeng"),
    pytest.param("370100", date(2019, 1, 9), 12, "press conference of 山东省, 2019-01-09: 10 districts, 2 counties", id="jinan"),
    pytest.param("371200", date(2015, 12, 31), 2, "zh.wikipedia 莱芜市: 2 districts", id="laiwu"),
    pytest.param("230700", date(2018, 12, 31), 17, "澎湃新闻 2019-07-23: before, 1 city, 1 county, 15 districts", id="yichun-before"),
    pytest.param("230700", date(2019, 12, 31), 10, "the same: after, 1 city, 5 counties, 4 districts", id="yichun-after"),
    pytest.param("340200", date(2020, 7, 6), 7, "澎湃新闻 2020-07-06: 1 city, 5 districts, 1 county", id="wuhu"),
    pytest.param("140200", date(2022, 12, 31), 10, "book on 大同 (76n.net): 4 districts, 6 counties", id="datong"),
    pytest.param("370600", date(2020, 6, 4), 12, "澎湃新闻 2020-06-22: before, 4 districts, 1 county, 7 cities", id="yantai"),
    pytest.param("130300", date(2015, 7, 22), 7, "长城网 2015-08-22: before, 3 districts, 4 counties", id="qinhuangdao-before"),
    pytest.param("130300", date(2015, 7, 23), 7, "the same: after, 4 districts, 3 counties", id="qinhuangdao-after"),
    pytest.param("540200", date(2014, 12, 31), 18, "report on 日喀则 2014: 1 district, 17 counties", id="shigatse"),
    pytest.param("540600", date(2018, 5, 7), 11, "国函〔2017〕109号 as printed: 10 counties and 色尼区", id="nagqu"),
    pytest.param("511200", date(1993, 6, 30), 11, "国函〔1992〕194号 (wikisource): 3 districts, 8 counties", id="wanxian"),
    pytest.param(
        "500000", date(2025, 11, 6), 37, "government of 重庆, 2025-11-06: 25 districts, 8 counties, 4 autonomous counties", id="chongqing"
    ),
]


@pytest.mark.parametrize(("code", "day", "number", "source"), COUNTED)
def test_a_prefecture_has_as_many_counties_as_others_count(code: str, day: date, number: int, source: str) -> None:
    assert len(counties_of(code, day)) == number, source


def test_counties_that_a_province_rules_itself_stand_below_it() -> None:
    assert names(counties_of("410000", NOW)) == ["济源市"]
    assert names(counties_of("420000", NOW)) == ["仙桃市", "潜江市", "天门市", "神农架林区"]
    assert len(counties_of("460000", NOW)) == 15
    assert names(counties_of("650000", NOW))[-3:] == ["新星市", "白杨市", "草湖市"]
    assert [d.level for d in below("310000", NOW)] == ["county"] * 16
    assert [d.level for d in below("CN", NOW)] == ["province"] * 34
    assert counties_of("441900", NOW) == (), "东莞市 has none"


# --- which place an organ's name says ---

ISSUERS = [
    # Provinces, autonomous regions, municipalities
    pytest.param("湖北省人民政府", DAY, "420000", "a province", id="province"),
    pytest.param("湖北省农业农村厅", date(2021, 1, 1), "420000", "an organ of a province", id="department-of-a-province"),
    pytest.param("浙江省制造业高质量发展(数字经济发展)领导小组办公室", date(2024, 1, 1), "330000", "brackets inside", id="leading-group"),
    pytest.param("广东省发展和改革委员会", NOW, "440000", "an organ of a province", id="guangdong"),
    pytest.param("内蒙古自治区人民政府办公厅", DAY, "150000", "an autonomous region", id="inner-mongolia"),
    pytest.param("内蒙古发展和改革委员会", DAY, "150000", "short, by rule", id="inner-mongolia-short"),
    pytest.param("广西壮族自治区财政厅", DAY, "450000", "a nationality in the name", id="guangxi"),
    pytest.param("广西财政厅", DAY, "450000", "short, by rule", id="guangxi-short"),
    pytest.param("宁夏回族自治区党委办公厅", DAY, "640000", "a nationality in the name", id="ningxia"),
    pytest.param("西藏自治区人民政府", DAY, "540000", "no nationality in the name", id="tibet"),
    pytest.param("新疆维吾尔自治区人民政府", DAY, "650000", "a nationality without 族", id="xinjiang"),
    pytest.param("新疆生产建设兵团发展和改革委员会", DAY, "650000", "the corps lies in Xinjiang", id="corps"),
    pytest.param(
        "新疆生产建设兵团第一师阿拉尔市人民政府", DAY, "659002", "the division of the corps stands between", id="city-of-the-corps"
    ),
    pytest.param("胡杨河市人民政府", DAY, "659010", "a city of the corps", id="city-of-the-corps-alone"),
    pytest.param("北京市政务服务管理局", date(2020, 1, 1), "110000", "a municipality", id="beijing"),
    pytest.param("重庆市人民政府办公厅", date(2021, 1, 1), "500000", "a municipality", id="chongqing"),
    pytest.param("香港特别行政区政府", DAY, "810000", "a special region", id="hongkong"),
    pytest.param("湖北银保监局", DAY, "420000", "a province without 省 before an organ", id="province-short-before-an-organ"),
    pytest.param("浙江大学", DAY, None, "a province without 省 before what is no organ", id="a-university"),
    pytest.param("国网湖北省电力有限公司", DAY, "420000", "the company serves the province", id="a-company"),
    # The whole country
    pytest.param("国务院", date(2019, 1, 1), "CN", "the State Council", id="state-council"),
    pytest.param("国务院办公厅", date(2018, 1, 1), "CN", "its office", id="office-of-the-state-council"),
    pytest.param("国家发展改革委", DAY, "CN", "a department of the state", id="ndrc"),
    pytest.param("中共中央办公厅", DAY, "CN", "the party's centre", id="central-office"),
    pytest.param("中央网信办", DAY, "CN", "the party's centre", id="cac"),
    pytest.param("中国人民银行", DAY, "CN", "the bank without a place", id="pboc"),
    pytest.param("中国人民银行荆州市中心支行", DAY, "421000", "its branch serves a place", id="branch-of-the-pboc"),
    pytest.param("国家税务总局荆州市税务局", DAY, "421000", "the tax office serves a place", id="tax-office"),
    pytest.param("国家税务总局", DAY, "CN", "the state's tax office", id="sta"),
    # Prefectures
    pytest.param("荆州市人民政府办公室", DAY, "421000", "the seed", id="seed"),
    pytest.param("中共荆州市委办公室", DAY, "421000", "中共 before, 委 after", id="party-office"),
    pytest.param("中国共产党荆州市委员会", DAY, "421000", "the party's full name before", id="party-in-full"),
    pytest.param("泰安市人民政府办公室", NOW, "370900", "a city", id="taian"),
    pytest.param("恩施土家族苗族自治州人民政府", DAY, "422800", "two nationalities", id="enshi-in-full"),
    pytest.param("恩施州卫生健康委", DAY, "422800", "without the nationalities", id="enshi-short"),
    pytest.param("延边州农业农村局", DAY, "222400", "without the nationality", id="yanbian"),
    pytest.param("黔东南州人民政府办公室", DAY, "522600", "without the nationalities", id="qiandongnan"),
    pytest.param("克州党委", DAY, "653000", "an alias that no rule gives", id="kezhou"),
    pytest.param("博尔塔拉州政府", DAY, "652700", "蒙古 without 族 is left out", id="bortala"),
    pytest.param("锡林郭勒盟行政公署", DAY, "152500", "a league", id="league"),
    pytest.param("大兴安岭地区行署", DAY, "232700", "a prefecture", id="daxinganling"),
    pytest.param("吉林市人民政府", DAY, "220200", "the city, not the province", id="jilin-city"),
    pytest.param("荆州海关", DAY, "421000", "without 市 before an organ", id="customs"),
    pytest.param("襄樊市人民政府", date(2010, 1, 1), "420600", "the old name of its time", id="xiangfan"),
    # Counties
    pytest.param("杭州市上城区人民政府办公室", NOW, "330102", "city, then district", id="shangcheng"),
    pytest.param("浙江省杭州市上城区人民政府", NOW, "330102", "province, city, district", id="chain-of-three"),
    pytest.param("浙江省苍南县人民政府", NOW, "330327", "the city left out", id="chain-with-a-gap"),
    pytest.param("苍南县大数据管理中心", NOW, "330327", "a county alone, the only one of the name", id="cangnan"),
    pytest.param("湖北省荆州市沙市区教育局", DAY, "421002", "market within a city's name", id="shashi"),
    pytest.param("荆州区人民政府", DAY, "421003", "not the city of the same name", id="jingzhou-district"),
    pytest.param("中共北京市朝阳区委", DAY, "110105", "below Beijing", id="chaoyang-of-beijing"),
    pytest.param("长春市朝阳区教育局", DAY, "220104", "below Changchun", id="chaoyang-of-changchun"),
    pytest.param("朝阳区教育局", DAY, None, "two districts have the name", id="chaoyang-alone"),
    pytest.param("鼓楼区人民政府", DAY, None, "several districts have the name", id="gulou-alone"),
    pytest.param("福州市鼓楼区人民政府", DAY, "350102", "below Fuzhou", id="gulou-of-fuzhou"),
    pytest.param("上海市浦东新区人民政府", DAY, "310115", "新区 that is a district", id="pudong"),
    pytest.param("晋城市城区人民政府", DAY, "140502", "a name that counts below a city alone", id="chengqu"),
    pytest.param("城区教育局", DAY, None, "which city's?", id="chengqu-alone"),
    pytest.param("矿区办事处", DAY, None, "a common word, though one district has the name", id="kuangqu-alone"),
    pytest.param("阜新县人民政府", DAY, "210921", "an autonomous county without the nationality", id="fuxin"),
    pytest.param("东乡县人民政府", DAY, "622926", "the nationality is the name; 东乡县 of 江西 is a district by then", id="dongxiang"),
    pytest.param("景宁畲族自治县人民政府", DAY, "331127", "an autonomous county in full", id="jingning"),
    pytest.param("莫力达瓦旗人民政府", DAY, "150722", "an autonomous banner without the nationality", id="morin-dawa"),
    pytest.param("鄂伦春自治旗人民政府", DAY, "150723", "an autonomous banner, no 族", id="oroqen"),
    pytest.param("科尔沁左翼中旗人民政府", DAY, "150521", "a banner", id="banner"),
    pytest.param("郑州市管城区人民政府", DAY, "410104", "a district without its nationality", id="guancheng"),
    pytest.param("恩施州恩施市人民政府", DAY, "422801", "prefecture and county share the name", id="enshi-city"),
    pytest.param("浙江杭州市余杭区人民政府", DAY, "330110", "the province without 省", id="province-short-before-a-city"),
    pytest.param("天津滨海新区政府", DAY, "120116", "the municipality without 市", id="tianjin-binhai"),
    pytest.param("仙桃市人民政府", DAY, "429004", "a city ruled by the province", id="xiantao"),
    pytest.param("河南省济源市人民政府", DAY, "419001", "a city ruled by the province", id="jiyuan"),
    pytest.param("三沙市西沙区人民政府", NOW, "460302", "districts since 2020", id="xisha"),
    pytest.param("神农架林区人民政府", DAY, "429021", "a forest district", id="shennongjia"),
    pytest.param("重庆两江新区管委会", DAY, "500000", "a zone then, a district since 2025", id="liangjiang-zone"),
    pytest.param("两江新区人民政府", NOW, "500157", "the district", id="liangjiang-district"),
    # Zones are no divisions: the place that they lie in
    pytest.param("荆州开发区管委会", DAY, "421000", "a city without 市", id="zone-of-jingzhou"),
    pytest.param("荆州高新区管委会", DAY, "421000", "a city without 市", id="high-tech-zone"),
    pytest.param("荆州市开发区管委会", DAY, "421000", "a city", id="zone-of-a-city-in-full"),
    pytest.param("郑州航空港经济综合实验区管委会", DAY, "410100", "words between", id="zhengzhou-airport"),
    pytest.param("吉林高新区管委会", DAY, "220200", "of province and city of one name the city", id="zone-of-jilin"),
    pytest.param("朝阳开发区管委会", DAY, None, "a city and two districts have the name", id="zone-of-chaoyang"),
    pytest.param("滨海新区政府", DAY, "120116", "is a district", id="binhai"),
    pytest.param("东湖高新区管委会", DAY, None, "lies in 武汉; the one 东湖区 is in 南昌", id="zone-named-like-a-district"),
    pytest.param("东区管委会", DAY, None, "a common word", id="eastern-zone"),
    pytest.param("仙桃高新区管委会", DAY, "429004", "a county-level city without 市", id="zone-of-xiantao"),
    pytest.param("雄安新区管委会", DAY, None, "no place has the name", id="xiongan"),
    pytest.param("纪南文旅区管委会", DAY, None, "no place has the name", id="jinan-zone"),
    # Nothing, or nothing that is known
    pytest.param("市政务服务和大数据管理局", DAY, None, "only a level", id="a-level"),
    pytest.param("省发展改革委", DAY, None, "only a level", id="another-level"),
    pytest.param("各县市区人民政府", DAY, None, "a collective", id="a-collective"),
    pytest.param("", DAY, None, "nothing", id="nothing"),
]


@pytest.mark.parametrize(("name", "day", "code", "why"), ISSUERS)
def test_an_issuer_says_its_place(name: str, day: date, code: str | None, why: str) -> None:
    found = place_of(name, day)
    assert (found.code if found else None) == code, why


def test_a_name_printed_after_the_change_finds_the_place_that_stood() -> None:
    found = place_of("监利县人民政府", date(2021, 1, 1))
    assert found is not None and found.id == "division:421023-1994"
    assert place_of("监利市人民政府", date(2019, 1, 1)) is None, "nobody prints what is to come"
    renamed = place_of("襄樊市襄阳区人民政府", NOW)
    assert renamed is not None and renamed.name == "襄阳区"


def test_the_same_name_is_another_place_on_another_day() -> None:
    before, after = place_of("巢湖市人民政府", date(2011, 7, 13)), place_of("巢湖市人民政府", date(2011, 7, 14))
    assert before is not None and after is not None
    assert (before.code, after.code) == ("341400", "340181")


def test_the_last_day_there_is_will_do() -> None:
    assert names(counties_of("421000", date.max))[-1] == "监利市"
    found = place_of("北京市东城区人民政府", date.max)
    assert found is not None and found.code == "110101"


CHAINS = [
    pytest.param("330102", NOW, ["浙江省", "杭州市", "上城区"], id="county"),
    pytest.param("110105", NOW, ["北京市", None, "朝阳区"], id="district-of-a-municipality"),
    pytest.param("429004", NOW, ["湖北省", None, "仙桃市"], id="ruled-by-the-province"),
    pytest.param("421000", NOW, ["湖北省", "荆州市", None], id="prefecture"),
    pytest.param("420000", NOW, ["湖北省", None, None], id="province"),
    pytest.param("CN", NOW, [None, None, None], id="nation"),
    pytest.param("371202", date(2010, 1, 1), ["山东省", "莱芜市", "莱城区"], id="of-its-time"),
]


@pytest.mark.parametrize(("code", "day", "chain"), CHAINS)
def test_the_chain_goes_up_to_the_whole_country(code: str, day: date, chain: list[str | None]) -> None:
    division = division_on(code, day)
    assert division is not None
    assert [place.name for place in above(division, day)] == [*reversed([name for name in chain if name]), "中国"]


SHORT = [
    ("420000", "湖北"), ("150000", "内蒙古"), ("450000", "广西"), ("650000", "新疆"), ("810000", "香港"), ("110000", "北京"), ("421000", "荆州"),
    ("422800", "恩施"), ("652700", "博尔塔拉"), ("653000", "克孜勒苏"), ("152200", "兴安"), ("232700", "大兴安岭"), ("421022", "公安"),
    ("130433", "馆陶"), ("130133", "赵县"), ("210921", "阜新"), ("622926", "东乡"), ("150722", "莫力达瓦"), ("310115", "浦东"), ("410104", "管城"),
    ("429021", "神农架"), ("632726", "曲麻莱"), ("533103", "芒市"), ("451224", "东兰"), ("450328", "龙胜"), ("CN", "中国"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "short"), SHORT)
def test_the_short_name_leaves_level_and_nationalities_out(code: str, short: str) -> None:
    division = division_on(code, DAY)
    assert division is not None and short_name(division) == short
    assert division in by_short_name(short, DAY)


def test_short_names_are_found_on_all_levels_the_highest_first() -> None:
    assert names(by_short_name("吉林", DAY)) == ["吉林省", "吉林市"]
    assert names(by_short_name("荆州", DAY)) == ["荆州市", "荆州区"]
    assert names(by_short_name("监利", DAY)) == ["监利县"]
    assert names(by_short_name("监利", NOW)) == ["监利市"]
    assert by_short_name("郓", DAY) == ()

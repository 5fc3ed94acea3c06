"""What the wording of a name says: place, level, kind, lines of work, and which spellings are one body."""

from __future__ import annotations

import csv
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.building.line import one_notice
from kg.model import Kind, Unit
from kg.naming.bodies import bodies, divide
from kg.naming.divisions import place_of
from kg.naming.identity import read_name
from kg.naming.near import nearness
from kg.naming.wording import Setting
from kg.resources import table

from .conftest import ROOT

DAY = date(2020, 6, 1)


def at(issuer: str, day: date = DAY) -> Setting:
    return Setting(place_of(issuer, day), day, "n00000000")


# Issuer, name; then kind, level, lines of work, code of the place.
NAMES = [
    pytest.param("荆州市", "市发改委", "department", "municipal", "development-reform", "421000", id="short-form"),
    pytest.param("荆州市", "荆州市发展和改革委员会", "department", "municipal", "development-reform", "421000", id="full-name"),
    pytest.param("荆州市", "省发改委", "department", "provincial", "development-reform", "420000", id="of-the-province-above"),
    pytest.param("荆州市", "国家发展改革委", "department", "national", "development-reform", "CN", id="of-the-country"),
    pytest.param("荆州市", "财政部", "department", "national", "finance", "CN", id="a-ministry-is-national-wherever-printed"),
    pytest.param(
        "荆州市", "市委组织部", "partyOrgan", "municipal", "organisation-department", "421000", id="a-party-department-is-no-ministry"
    ),
    pytest.param("国务院", "市场监管总局", "department", "national", "market-regulation", "CN", id="市-of-市场-is-no-level"),
    pytest.param("湖北省", "省市场监管局", "department", "provincial", "market-regulation", "420000", id="省市-is-one-level"),
    pytest.param("苍南县", "县市监局", "department", "county", "market-regulation", "330327", id="县市-is-one-level"),
    pytest.param("北京市", "市市场监管局", "department", "provincial", "market-regulation", "110000", id="a-municipality-is-a-province"),
    pytest.param("杭州市上城区", "市教育局", "department", "municipal", "education", "330100", id="市-in-a-district-is-the-city-above"),
    pytest.param("昆山市", "市教育局", "department", "county", "education", "320583", id="市-in-a-county-level-city-is-its-own"),
    pytest.param("恩施州", "州林业局", "department", "municipal", "forestry", "422800", id="autonomous-prefecture"),
    pytest.param("广西壮族自治区", "自治区水利厅", "department", "provincial", "water", "450000", id="autonomous-region"),
    pytest.param("阿鲁科尔沁旗", "旗农牧局", "department", "county", "agriculture-rural", "150421", id="banner"),
    pytest.param("广东省", "财政厅", "department", "provincial", "finance", "440000", id="省-printed-once-at-the-head-of-the-list"),
    pytest.param("广东省", "深圳市财政局", "department", "municipal", "finance", "440300", id="another-place-by-its-full-name"),
    pytest.param("湖北省", "湖北银保监局", "centralAgency", "provincial", "banking-insurance", "420000", id="branch-by-short-name"),
    pytest.param("荆州市", "银保监会荆州监管分局", "centralAgency", "municipal", "banking-insurance", "421000", id="head-before-the-place"),
    pytest.param("荆州市", "国家税务总局荆州市税务局", "centralAgency", "municipal", "tax", "421000", id="head-and-branch"),
    pytest.param("荆州市", "国家统计局荆州调查队", "centralAgency", "municipal", "statistics", "421000", id="survey-team"),
    pytest.param("荆州市", "银保监会", "centralAgency", "national", "banking-insurance", "CN", id="the-head-alone-is-national"),
    pytest.param(
        "湖北省", "人行武汉分行", "centralAgency", "provincial", "central-bank", "420000", id="one-of-nine-branches-serves-provinces"
    ),
    pytest.param("荆州市", "人行荆州市中心支行", "centralAgency", "municipal", "central-bank", "421000", id="branch-of-a-prefecture"),
    pytest.param("重庆市", "重庆海关", "centralAgency", "provincial", "customs", "500000", id="customs-directly-under-the-administration"),
    pytest.param("荆州市", "荆州海关", "centralAgency", "municipal", "customs", "421000", id="customs-under-another"),
    pytest.param("咸宁市", "市气象局", "centralAgency", "municipal", "meteorology", "421200", id="vertical-system-with-a-level-word"),
    pytest.param(
        "绛县", "市生态环境局绛县分局", "department", "county", "ecology-environment", "140826", id="sub-bureau-of-the-city-above"
    ),
    pytest.param(
        "上海市", "市地方金融监管局", "department", "provincial", "financial-work", "310000", id="local-finance-is-no-central-agency"
    ),
    pytest.param("成都市", "市金融监管局", "department", "municipal", "financial-work", "510100", id="before-2023-the-place's-own"),
    pytest.param("荆州市", "市直机关工委", "partyOrgan", "municipal", "offices-party-work", "421000", id="committee-of-offices"),
    pytest.param("荆州市", "市纪委监委", "partyOrgan", "municipal", "discipline", "421000", id="discipline"),
    pytest.param("荆州市", "团市委", "massOrganisation", "municipal", "youth-league", "421000", id="level-inside-the-name"),
    pytest.param("荆州市", "市妇女联合会", "massOrganisation", "municipal", "women-federation", "421000", id="whole-name"),
    pytest.param("荆州市", "市供销社", "massOrganisation", "municipal", "supply-marketing", "421000", id="cooperatives"),
    pytest.param("荆州市", "市中级人民法院", "court", "municipal", "courts", "421000", id="court"),
    pytest.param("荆州市", "荆州军分区", "military", "municipal", "military", "421000", id="military"),
    pytest.param("荆州市", "公安县政府", "territory", "county", "", "421022", id="公安-is-a-place-here"),
    pytest.param("荆州市", "沙市区人民政府", "territory", "county", "", "421002", id="沙市-is-a-name"),
    pytest.param("荆州市", "纪南文旅区管委会", "zone", "municipal", "", "421000", id="文旅-is-the-zone's-name"),
    pytest.param("苍南县", "县经开区", "zone", "county", "", "330327", id="zone-without-committee"),
    pytest.param("荆州市", "市城管委", "department", "municipal", "urban-management", "421000", id="城市管理委员会-is-no-zone"),
    pytest.param("荆州市", "荆旅集团", "enterprise", "municipal", "", "421000", id="a-firm-has-no-line"),
    pytest.param("荆州市", "中国电信荆州分公司", "enterprise", "municipal", "", "421000", id="branch-of-a-national-firm"),
    pytest.param("荆州市", "市邮政管理局", "centralAgency", "municipal", "post", "421000", id="post-administration"),
    pytest.param("番禺区", "石楼镇人民政府", "territory", "township", "", "440113", id="township"),
    pytest.param("番禺区", "市桥街道", "territory", "township", "", "440113", id="市桥-is-a-name"),
    pytest.param("荆州市", "长江大学", "university", "provincial", "", "420000", id="universities-are-the-province's"),
    pytest.param("荆州市", "武汉大学", "university", "national", "", "CN", id="of-the-ministry"),
    pytest.param("荆州市", "市招商促进中心", "institution", "municipal", "investment-promotion", "421000", id="centre"),
    pytest.param("荆州市", "市创卫办", "temporaryOffice", "municipal", "health", "421000", id="campaign-office"),
    pytest.param("荆州市", "市扶贫办", "department", "municipal", "rural-revitalisation", "421000", id="a-standing-办"),
    pytest.param("荆州市", "市重大项目建设指挥部", "temporaryOffice", "municipal", "major-projects", "421000", id="headquarters"),
    pytest.param("荆州市", "省汉江河道管理局", "department", "provincial", "water", "420000", id="a-word-in-an-unknown-core"),
    pytest.param(
        "荆州市",
        "湖北省洪湖分蓄洪区工程管理局",
        "provincialAgency",
        "provincial",
        "water",
        "420000",
        id="province's-name-and-a-place-below",
    ),
    pytest.param("上城区", "区科技经信局", "department", "county", "science-technology;industry-informatisation", "330102", id="two-lines"),
    pytest.param("上城区", "区教体局", "department", "county", "education;sports", "330102", id="two-lines-shortened"),
    pytest.param("荆州市", "新疆生产建设兵团", "territory", "provincial", "", "650000", id="兵团"),
    pytest.param("某地", "市教育局", "department", "municipal", "education", "", id="no-place-and-still-a-level"),
]


@pytest.mark.parametrize(("issuer", "name", "kind", "level", "lines", "code"), NAMES)
def test_a_name_says(issuer: str, name: str, kind: str, level: str, lines: str, code: str) -> None:
    reading = read_name(name, at(issuer))
    place = reading.standing.place
    got = (reading.kind.value, str(reading.standing.level or ""), ";".join(reading.lines), place.code if place else "")
    assert got == (kind, level, lines, code)


def test_a_bureau_of_financial_regulation_is_central_from_2023_on() -> None:
    after = read_name("市金融监管局", at("成都市", date(2024, 1, 1)))
    assert (after.lines, after.kind) == (("banking-insurance",), Kind.CENTRAL_AGENCY)


# Issuer, names of one body.
ONE_BODY = [
    pytest.param("荆州市", ["市发改委", "市发展改革委", "市发展和改革委员会", "荆州市发展和改革委员会", "发改委"], id="forms-and-place"),
    pytest.param("苍南县", ["县人社局", "县人力社保局", "县人力资源和社会保障局"], id="short-forms-of-two-provinces"),
    pytest.param("广东省", ["省工业和信息化厅", "工业和信息化厅", "广东省工信厅"], id="省-printed-once"),
    pytest.param("国务院", ["发展改革委", "国家发展改革委", "国家发展和改革委员会"], id="with-and-without-国家"),
    pytest.param("荆州市", ["市政务服务和大数据管理局", "市政务服务和大数据局"], id="管理-left-out"),
    pytest.param("上城区", ["区委组织部（人才办）", "区委组织部（区委人才办）"], id="level-in-the-brackets"),
    pytest.param("浙江省", ["省发展改革委", "省发展改⾰委"], id="radical-code-points"),
    pytest.param("荆州市", ["人行荆州市中心支行", "中国人民银行荆州市分行"], id="central-bank-renamed-in-2023"),
    pytest.param("荆州市", ["市扶贫办", "市扶贫开发领导小组办公室"], id="office-of-a-leading-group"),
    pytest.param("荆州市", ["监利县政府", "监利县人民政府"], id="government"),
    pytest.param("荆州市", ["市总工会", "荆州市总工会"], id="whole-names"),
]


@pytest.mark.parametrize(("issuer", "names"), ONE_BODY)
def test_spellings_of_one_body_are_one_unit(issuer: str, names: list[str]) -> None:
    units = [read_name(name, at(issuer)).unit for name in names]
    assert len({unit.id for unit in units}) == 1
    assert len({(unit.label, unit.kind, unit.level, unit.lines, unit.rule) for unit in units}) == 1, "whichever was met first"


# Issuers and names of two bodies, and whether they are offered to a person.
TWO_BODIES = [
    pytest.param("北京市", "市发展改革委", "泰安市", "市发展改革委", "", id="one-string-two-cities"),
    pytest.param("北京市", "市城市管理委", "北京市", "市城管执法局", "", id="one-line-two-bodies"),
    pytest.param("上城区", "区审管办", "上城区", "区数据资源局", "", id="approvals-and-data"),
    pytest.param("荆州市", "市水利和湖泊局", "荆州市", "市税务局", "", id="one-character-of-two"),
    pytest.param("荆州市", "市水务局", "荆州市", "市税务局", "", id="水务-is-not-near-税务"),
    pytest.param("广东省", "广东证监局", "广东省", "深圳证监局", "", id="two-branches"),
    pytest.param("广州市", "广州海关", "广州市", "黄埔海关", "", id="two-customs-of-one-province"),
    pytest.param("广东省", "省委金融办", "广东省", "广东金融监管局", "", id="party-office-and-regulator"),
    pytest.param("新疆维吾尔自治区", "兵团财政局", "新疆维吾尔自治区", "自治区财政厅", "", id="two-governments-in-one-place"),
    pytest.param("荆州市", "市政府办公室", "荆州市", "市委办公室", "", id="government-and-party"),
    pytest.param("荆州市", "市扶贫办", "荆州市", "市政府办公室", "", id="two-offices"),
    pytest.param("荆州市", "荆旅集团", "荆州市", "市文旅局", "", id="firm-and-department"),
    pytest.param("荆州市", "市城投集团", "荆州市", "城投集团", "short", id="a-core-that-nobody-knows-is-not-joined"),
    pytest.param("荆州市", "荆州经开区管委会", "荆州市", "荆州经济技术开发区管委会", "short", id="zone-by-its-short-name"),
    pytest.param("天津市", "市市场监管委", "天津市", "市市场和质量监督管理委员会", "short", id="short-for-a-longer-name"),
    pytest.param("荆州市", "市委组织部", "荆州市", "市委组织部（人才办）", "bracket", id="a-second-name-in-brackets"),
    pytest.param("荆州市", "高新区应急管理部", "国务院", "应急管理部", "", id="a-department-of-a-zone-is-no-ministry"),
    pytest.param("荆州市", "高新区经济发展部", "宜昌市", "高新区经济发展部", "", id="departments-of-zones-of-two-cities"),
    pytest.param("宜昌市", "西湾水库管理处", "宜昌市", "洋湾水库管理处", "", id="unknown-cores-of-one-line"),
    pytest.param("荆州市", "市技师学院", "宜昌市", "市技师学院", "", id="schools-of-two-cities"),
    pytest.param("荆州市", "市教育学会", "荆州市", "市教育基金会", "", id="two-associations"),
    pytest.param("荆州市", "市应急指挥中心", "荆州市", "市应急保障中心", "", id="two-centres"),
    pytest.param("荆州市", "市中医院", "荆州市", "市中医药研究院", "short", id="hospital-and-institute"),
    pytest.param("荆州市", "市人大常委会", "荆州市", "市人大常委会办公室", "", id="a-body-and-its-office"),
    pytest.param("荆州市", "市教委办公室", "荆州市", "市教育办", "", id="office-of-a-commission"),
    pytest.param("荆州市", "市民中心", "荆州市", "市民族中心", "short", id="市民-is-no-民族"),
    pytest.param("荆州市", "市消防支队", "荆州市", "市消防大队", "typo", id="two-ranks"),
    pytest.param("武汉市", "东湖高新区管委会", "南昌市", "东湖高新区管委会", "", id="a-zone-named-like-a-district-elsewhere"),
    pytest.param("荆州市", "新区管委会", "唐山市", "新区管委会", "", id="a-zone-named-like-an-abolished-district"),
    pytest.param("荆州市", "市航空产业办公室", "荆州市", "市航天产业办公室", "typo", id="one-character-of-many"),
]


@pytest.mark.parametrize(("issuer", "name", "other_issuer", "other", "near"), TWO_BODIES)
def test_two_bodies_stay_two_and_may_be_offered(issuer: str, name: str, other_issuer: str, other: str, near: str) -> None:
    one, two = read_name(name, at(issuer)).unit, read_name(other, at(other_issuer)).unit
    assert one.id != two.id
    assert nearness(one, two) == nearness(two, one) == near


def test_where_no_place_is_known_ids_hang_on_the_text() -> None:
    here, there = Setting(None, DAY, "n1"), Setting(None, DAY, "n2")
    assert read_name("市教育局", here).unit.id != read_name("市教育局", there).unit.id
    assert read_name("荆州市教育局", here).unit.id == read_name("市教育局", at("荆州市")).unit.id, "a printed place is known anywhere"


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="市省县区委局办厅部国家发改财政教育和（）()荆州公安中心公司集团管理团大学a1 ", max_size=14))
def test_any_name_is_read_and_read_alike_twice(name: str) -> None:
    first, again = read_name(name, at("荆州市")), read_name(f" {name}\u3000", at("荆州市"))
    assert first.unit == again.unit
    assert first.unit.id.isascii() and first.unit.kind in Kind


FORMS = sorted(form for form, body in bodies().items() if len(form) > 1 and not body.whole)
ENDINGS = sorted(word for row in table("lexicon/kinds.toml")["ending"] for word in row["words"])


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(FORMS), st.sampled_from(ENDINGS), st.sampled_from(["", "市", "市委", "市政府", "荆州市", "园区", "省"]))
def test_every_spelling_of_a_body_is_the_same_in_everything(form: str, ending: str, start: str) -> None:
    # The form itself, and the one that the body is shown by: one id, one label, one kind, one level, one set of lines.
    found = divide(form + ending)
    assert found.body is not None
    spellings = [form + ending, (found.body.name if found.text == form else form) + ending]
    units = [read_name(start + spelling, at("荆州市")).unit for spelling in spellings]
    by_id = {unit.id: unit for unit in units}
    assert all(by_id[unit.id] == unit for unit in units)


SETTING = at("荆州市")
SEVERAL = [word for row in table("lexicon/kinds.toml")["ending"] if len(row["words"]) > 1 for word in row["words"]]
"""Endings that are other ways to end the same name."""


def test_no_id_has_two_kinds_labels_or_levels() -> None:
    found: dict[str, Unit] = {}
    for form, body in bodies().items():
        for ending in [""] if body.whole else SEVERAL:
            unit = read_name(f"市{form}{ending}", SETTING).unit
            assert found.setdefault(unit.id, unit) == unit, (form, ending)


def test_the_lexicon_names_each_body_once() -> None:
    rows = table("lexicon/lines.toml")
    names = [name for row in rows["line"] for names in row["bodies"] for name in names] + [n for row in rows["joint"] for n in row["names"]]
    assert [name for name in set(names) if names.count(name) > 1] == []
    ids = [row["id"] for row in rows["line"]]
    assert len(ids) == len(set(ids)) >= 75
    assert all(row["zh"] and row["en"] and row["id"].isascii() for row in rows["line"])
    assert {line for row in rows["joint"] for line in row["lines"]} <= set(ids)


# Names that are kept outside the repository, judged by hand.
CORPUS = ROOT.parent / "shared" / "corpus"
needs_corpus = pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not on this machine")
KINDS = {
    "central agency": Kind.CENTRAL_AGENCY,
    "party organ": Kind.PARTY_ORGAN,
    "mass organisation": Kind.MASS_ORGANISATION,
    "court or procuratorate": Kind.COURT,
    "temporary office": Kind.TEMPORARY_OFFICE,
    "provincial agency present locally": Kind.PROVINCIAL_AGENCY,
}


def rows_of(name: str) -> list[dict[str, str]]:
    with (CORPUS / "names" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def corpus_settings() -> dict[str, Setting]:
    return {row["doc"]: at(row["issuer"].replace("-", "浙江省"), date(int(row["year"]), 6, 1)) for row in rows_of("issuers.tsv")}


@needs_corpus
def test_kinds_levels_and_lines_of_the_corpus() -> None:
    settings, rows = corpus_settings(), rows_of("names.tsv")
    read = [read_name(row["name"], settings[row["doc"]]) for row in rows]
    kinds = sum(reading.kind == KINDS.get(row["kind"], row["kind"]) for reading, row in zip(read, rows, strict=True))
    levels = sum(reading.standing.level == row["level"] for reading, row in zip(read, rows, strict=True))
    assert kinds / len(rows) >= 0.98
    assert levels / len(rows) >= 0.98
    lined = [(row["line"], reading.lines) for reading, row in zip(read, rows, strict=True) if row["line"] != "-"]
    pairs = [(a[0] == b[0], a[1] == b[1] and bool(a[1])) for a, b in combinations(lined, 2)]
    both = sum(wanted and got for wanted, got in pairs)
    assert 2 * both / (sum(wanted for wanted, _ in pairs) + sum(got for _, got in pairs)) >= 0.98


@needs_corpus
def test_look_alikes_of_the_corpus_stay_apart_and_spellings_join() -> None:
    settings = corpus_settings()
    for row in rows_of("same.tsv"):
        one, two = (read_name(row[f"name_{side}"], settings[row[f"doc_{side}"]]).unit for side in "ab")
        if row["relation"] == "different":
            assert one.id != two.id, row
        elif row["relation"].startswith("same"):
            assert one.id == two.id or nearness(one, two), row


@needs_corpus
@pytest.mark.parametrize("row", rows_of("issuers.tsv") if CORPUS.exists() else [], ids=lambda row: row["doc"])
def test_every_notice_of_the_corpus_is_placed(row: dict[str, str]) -> None:
    paths: list[Path] = sorted((CORPUS / "docs").glob(f"{row['doc']}.*")) or [ROOT / "seeds" / "jingzhou-2020-1.txt"]
    for path in paths:
        place = one_notice(path).jurisdiction
        assert place is not None and place.code == row["code"].replace("-", "CN")

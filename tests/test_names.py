"""Lists of parties: shared suffixes, collective references, open lists."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.folding import fold
from kg.reading.characters import Line, lines_of
from kg.reading.collectives import group_row
from kg.reading.names import read_names
from kg.reading.parties import is_party
from kg.reading.suffixes import share_suffix, suffixes

LISTS = [
    pytest.param("荆州区、沙市区政府", ["荆州区政府", "沙市区政府"], id="shared-government"),
    pytest.param(
        "东区开发区、西湖文旅区、北高新区管委会", ["东区开发区管委会", "西湖文旅区管委会", "北高新区管委会"], id="shared-committee"
    ),
    pytest.param("广州、深圳、东莞市政府", ["广州市政府", "深圳市政府", "东莞市政府"], id="shared-city-government"),
    pytest.param("市发改委、沙市区、江陵县政府", ["市发改委", "沙市区政府", "江陵县政府"], id="complete-name-before-places"),
    pytest.param("和田地区、克拉玛依市政府", ["和田地区政府", "克拉玛依市政府"], id="a-prefecture-called-area-shares"),
    pytest.param("点军区、宜都市政府", ["点军区政府", "宜都市政府"], id="a-district-that-ends-like-an-army-shares"),
    pytest.param("省军区、宜昌市政府", ["省军区", "宜昌市政府"], id="an-army-shares-nothing"),
    pytest.param("恩施州、广州、宜昌市政府", ["恩施州政府", "广州市政府", "宜昌市政府"], id="a-prefecture-and-a-city-called-zhou"),
    pytest.param("广安市、阿坝州政府", ["广安市政府", "阿坝州政府"], id="a-city-before-a-prefecture-is-whole"),
    pytest.param("新市、李河镇政府", ["新市镇政府", "李河镇政府"], id="a-town-that-ends-like-a-city"),
    pytest.param("兴安盟、赤峰市政府", ["兴安盟政府", "赤峰市政府"], id="a-league-shares"),
    pytest.param("各地区、克拉玛依市政府", ["各地区", "克拉玛依市政府"], id="all-areas-share-nothing"),
    pytest.param("长江大学、市经信局", ["长江大学", "市经信局"], id="nothing-shared"),
    pytest.param("江陵县、沙市区政府,甲开发区管委会", ["江陵县政府", "沙市区政府", "甲开发区管委会"], id="comma-ends-a-list"),
    pytest.param("甲区,乙区政府", ["甲区", "乙区政府"], id="no-sharing-over-a-comma"),
    pytest.param("市委组织部（人才办、党建办）、市人社局", ["市委组织部（人才办、党建办）", "市人社局"], id="bracket-inside-a-name"),
    pytest.param(" 市发改委 、市财政局 ", ["市发改委", "市财政局"], id="blanks-around"),
    pytest.param("市发改委、、市财政局", ["市发改委", "市财政局"], id="empty-member"),
    pytest.param("五星、新闸街道", ["五星街道", "新闸街道"], id="shared-street"),
    pytest.param("灌口镇、杏林、侨英街道", ["灌口镇", "杏林街道", "侨英街道"], id="a-town-is-no-street"),
    pytest.param("牡丹区、鲁西新区管委会", ["牡丹区", "鲁西新区管委会"], id="a-district-has-no-committee"),
    pytest.param("白洋工业园、姚家港化工园管委会", ["白洋工业园管委会", "姚家港化工园管委会"], id="shared-committee-of-parks"),
    pytest.param("桥江、大江口、卢峰镇人民政府", ["桥江镇人民政府", "大江口镇人民政府", "卢峰镇人民政府"], id="shared-town-government"),
    pytest.param("景德镇、上饶市政府", ["景德镇市政府", "上饶市政府"], id="a-city-that-ends-like-a-town"),
    pytest.param("德宏、西双版纳、红河州人民政府", ["德宏州人民政府", "西双版纳州人民政府", "红河州人民政府"], id="shared-prefecture"),
    pytest.param("徐州、宿迁、淮安海关", ["徐州海关", "宿迁海关", "淮安海关"], id="shared-customs"),
    pytest.param("荆州市、武汉海关", ["荆州市", "武汉海关"], id="a-city-is-no-customs"),
    pytest.param("分水、高峰、李河镇", ["分水镇", "高峰镇", "李河镇"], id="shared-town"),
    pytest.param("组织部、督导办、指导中心", ["组织部", "督导办", "指导中心"], id="names-that-begin-like-a-verb"),
    pytest.param("宣传、组织、城关镇", ["宣传", "组织", "城关镇"], id="offices-are-no-towns"),
    pytest.param("格力、京东方、荆州区政府", ["格力", "京东方", "荆州区政府"], id="firms-are-no-districts"),
    pytest.param("甲区、各街道、乙区政府", ["甲区", "各街道", "乙区政府"], id="a-reference-ends-what-is-shared"),
    pytest.param("三封寺镇、新河旗镇", ["三封寺镇", "新河旗镇"], id="two-towns"),
    pytest.param("教育局\n团委\n妇联", ["教育局", "团委", "妇联"], id="short-bodies-line-by-line"),
    pytest.param("市委 组织部", ["市委组织部"], id="a-blank-behind-the-head-of-a-name"),
    pytest.param("市自然资源和\n规划局\n市交通运输局", ["市自然资源和规划局", "市交通运输局"], id="a-name-over-two-lines-of-a-cell"),
    pytest.param("市教育局（按职责）", ["市教育局"], id="a-remark-behind-a-name"),
    pytest.param("市发改委\\市财政局", ["市发改委", "市财政局"], id="a-backslash-between"),
    pytest.param("省工业和信息化厅、财政厅", ["省工业和信息化厅", "财政厅"], id="a-prefix-is-not-given"),
    pytest.param("市发展 改革委、市财政\u3000局", ["市发展改革委", "市财政局"], id="blanks-inside-names"),
    pytest.param("市委组织部(人才办)、市人社局", ["市委组织部(人才办)", "市人社局"], id="half-width-bracket"),
    pytest.param("*市发改委、市财政局*", ["市发改委", "市财政局"], id="asterisks"),
]


@pytest.mark.parametrize(("printed", "names"), LISTS)
def test_a_list_gives_completed_names(printed: str, names: list[str]) -> None:
    line = Line(printed, fold(printed), range(len(printed)))
    found = read_names(line, 0, len(line.text))
    assert [name.name for name in found] == names


GROUPS = [
    pytest.param("各县市区政府", ["各县市区政府"], id="all-counties"),
    pytest.param("各市、州、县人民政府", ["各市、州、县人民政府"], id="inner-enumeration-divides-nothing"),
    pytest.param("各区〔县、市〕政府、市公安局", ["各区〔县、市〕政府", "市公安局"], id="group-then-unit"),
    pytest.param("各县（市、区）政府", ["各县（市、区）政府"], id="inner-bracket"),
    pytest.param("市公安局等市政府有关部门", ["市公安局", "市政府有关部门"], id="open-list"),
    pytest.param("市信访局、市应急管理局等有关部门", ["市信访局", "市应急管理局", "有关部门"], id="open-list-of-two"),
    pytest.param("市民政局等单位", ["市民政局", "单位"], id="open-list-of-units"),
    pytest.param("各有关部门和单位、各市人民政府", ["各有关部门和单位", "各市人民政府"], id="a-bare-word-is-no-party"),
    pytest.param("各有关部门、单位", ["各有关部门、单位"], id="a-bare-word-behind-the-mark"),
    pytest.param("各市委、市政府", ["各市委、市政府"], id="committee-and-government-of-the-same-places"),
    pytest.param("各县（市、区）人民政府、功能区管委会", ["各县（市、区）人民政府", "功能区管委会"], id="two-references"),
    pytest.param("市发展改革委和有关区县政府", ["市发展改革委", "有关区县政府"], id="and-before-the-last"),
    pytest.param("国家发展改革委、财政部等和各省级人民政府", ["国家发展改革委", "财政部", "各省级人民政府"], id="etc-and"),
    pytest.param("市财政局，以及国务院相关部门", ["市财政局", "国务院相关部门"], id="as-well-as"),
    pytest.param("市“双随机、一公开”联席会议各成员单位", ["市“双随机、一公开”联席会议各成员单位"], id="quotation-marks-hold-together"),
    pytest.param("有农业的区县人民政府", ["有农业的区县人民政府"], id="a-phrase-that-says-which"),
    pytest.param("甲公司和各州、市人民政府", ["甲公司", "各州、市人民政府"], id="and-before-a-reference-of-two-parts"),
    pytest.param("各县（市、区）党委、政府，市农业农村局", ["各县（市、区）党委、政府", "市农业农村局"], id="committee-and-government"),
    pytest.param("各县区、功能板块", ["各县区", "功能板块"], id="places-and-zones"),
    pytest.param("县第一中学等六所县直学校", ["县第一中学", "六所县直学校"], id="a-number-of-bodies"),
    pytest.param("和田地区行署、各地区", ["和田地区行署", "各地区"], id="a-name-that-begins-with-a-joining-word"),
    pytest.param("市发展和改革委员会、市财政局", ["市发展和改革委员会", "市财政局"], id="a-name-that-holds-a-joining-word"),
    pytest.param("甲街道 乙街道 各镇", ["甲街道", "乙街道", "各镇"], id="blanks-are-all-that-divides"),
    pytest.param("市财政局、/", ["市财政局"], id="nobody"),
    pytest.param("市扶贫攻坚领导小组各成员单位", ["市扶贫攻坚领导小组各成员单位"], id="members-of-a-body"),
]


@pytest.mark.parametrize(("printed", "names"), GROUPS)
def test_collective_references_stay_whole(printed: str, names: list[str]) -> None:
    (line,) = lines_of(printed)
    assert [name.printed for name in read_names(line, 0, len(line.text))] == names


def test_examples_point_at_their_open_reference() -> None:
    (line,) = lines_of("市经信局、市发改委等市政府有关部门,各县市区政府")
    found = {name.printed: (name.group_kind, name.example_of) for name in read_names(line, 0, len(line.text))}
    assert found == {
        "市经信局": (None, "市政府有关部门"),
        "市发改委": (None, "市政府有关部门"),
        "市政府有关部门": ("departmentsConcerned", None),
        "各县市区政府": ("allCounties", None),
    }


NO_GROUPS = [
    "市发改委",
    "荆州区政府",
    "各",
    "市政府办公室",
    "有关",
    "洪湖市政府",
    "市政府项目办",
    "荆州开发区管委会",
    "保税港区管委会",
    "五家渠市",
    "八家子镇",
    "王各庄镇",
    "各塘镇",
]

ORDINARY = [
    "高要区",
    "美的集团",
    "应对气候变化司",
    "可克达拉市",
    "须江街道",
    "向塘镇",
    "不锈钢公司",
    "市一中",
    "市政协",
    "市监狱",
    "格力电器",
    "应急管理局",
    "退役军人事务局",
]


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_name_is_a_party(name: str) -> None:
    assert is_party(fold(name))


@pytest.mark.parametrize("name", NO_GROUPS)
def test_a_unit_is_no_collective_reference(name: str) -> None:
    assert group_row(fold(name)) is None


NAME = st.text(alphabet="甲乙丙丁戊市县区局委办政府管委会", min_size=1, max_size=8)


@given(st.lists(NAME, max_size=8))
def test_sharing_keeps_count_and_order_and_is_idempotent(names: list[str]) -> None:
    once = share_suffix(names, suffixes())
    assert len(once) == len(names)
    assert all(long.startswith(short) for short, long in zip(names, once, strict=True))
    assert share_suffix(once, suffixes()) == once


@given(
    st.lists(
        st.sampled_from(["市发改委", "甲区", "乙县政府", "各县市区政府", "市公安局等有关部门", "丙(丁、戊)局"]), min_size=1, max_size=6
    ),
    st.sampled_from("、,;"),
)
def test_every_name_points_at_what_is_printed(members: list[str], mark: str) -> None:
    text = mark.join(members)
    (line,) = lines_of("  " + text)
    for name in read_names(line, 0, len(line.text)):
        assert ("  " + text)[name.span.start : name.span.end] == name.printed

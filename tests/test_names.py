"""Lists of parties: shared suffixes, collective references, open lists."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.reading.characters import fold, lines_of
from kg.reading.names import group_row, read_names, share_suffix

LISTS = [
    pytest.param("荆州区、沙市区政府", ["荆州区政府", "沙市区政府"], id="shared-government"),
    pytest.param(
        "东区开发区、西湖文旅区、北高新区管委会", ["东区开发区管委会", "西湖文旅区管委会", "北高新区管委会"], id="shared-committee"
    ),
    pytest.param("广州、深圳、东莞市政府", ["广州市政府", "深圳市政府", "东莞市政府"], id="shared-city-government"),
    pytest.param("市发改委、沙市区、江陵县政府", ["市发改委", "沙市区政府", "江陵县政府"], id="complete-name-before-places"),
    pytest.param("长江大学、市经信局", ["长江大学", "市经信局"], id="nothing-shared"),
    pytest.param("江陵县、沙市区政府,甲开发区管委会", ["江陵县政府", "沙市区政府", "甲开发区管委会"], id="comma-ends-a-list"),
    pytest.param("甲区,乙区政府", ["甲区", "乙区政府"], id="no-sharing-over-a-comma"),
    pytest.param("市委组织部（人才办、党建办）、市人社局", ["市委组织部（人才办、党建办）", "市人社局"], id="bracket-inside-a-name"),
    pytest.param(" 市发改委 、市财政局 ", ["市发改委", "市财政局"], id="blanks-around"),
    pytest.param("市发改委、、市财政局", ["市发改委", "市财政局"], id="empty-member"),
]


@pytest.mark.parametrize(("printed", "names"), LISTS)
def test_a_list_gives_completed_names(printed: str, names: list[str]) -> None:
    (line,) = lines_of(printed)
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
    pytest.param("市公安局、市司法局按职责分工负责", ["市公安局", "市司法局"], id="tail-of-a-list"),
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


NO_GROUPS = ["市发改委", "荆州区政府", "各", "市政府办公室", "有关", "洪湖市政府", "市政府项目办"]


@pytest.mark.parametrize("name", NO_GROUPS)
def test_a_unit_is_no_collective_reference(name: str) -> None:
    assert group_row(fold(name)) is None


NAME = st.text(alphabet="甲乙丙丁戊市县区局委办政府管委会", min_size=1, max_size=8)


@given(st.lists(NAME, max_size=8))
def test_sharing_keeps_count_and_order_and_is_idempotent(names: list[str]) -> None:
    tables = ({"政府", "管委会"}, {"局", "委", "办"}, ["区", "县", "市"])
    once = share_suffix(names, *tables)
    assert len(once) == len(names)
    assert all(long.startswith(short) for short, long in zip(names, once, strict=True))
    assert share_suffix(once, *tables) == once


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

"""Quantities that a wording promises, and figures that promise nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Target
from kg.reading.characters import lines_of
from kg.reading.targets import read_targets


def targets_of(text: str) -> list[Target]:
    return [target for line in lines_of(text) for target in read_targets(line)]


TARGETS = [
    pytest.param(
        "确保6280户13227人脱贫出列。", [("6280户", "6280", "户", "exactly"), ("13227人", "13227", "人", "exactly")], id="two-in-a-row"
    ),
    pytest.param("植树造林30万亩", [("30万亩", "300000", "亩", "exactly")], id="ten-thousand-belongs-to-the-number"),
    pytest.param("贷款净增260亿元以上。", [("260亿元以上", "260", "亿元", "atLeast")], id="hundred-million-belongs-to-the-unit"),
    pytest.param("失业率控制在4.5%以内", [("4.5%以内", "4.5", "%", "atMost")], id="at-most"),
    pytest.param("增长7.5%左右", [("7.5%左右", "7.5", "%", "about")], id="about"),
    pytest.param("优良率不低于80%", [("80%", "80", "%", "atLeast")], id="direction-before"),
    pytest.param("引进1个50亿元以上项目", [("1个", "1", "个", "exactly")], id="an-amount-that-says-which-project"),
    pytest.param("通关时间再压缩一半", [("一半", "50", "%", "exactly")], id="a-half"),
    pytest.param("提高1.4个百分点", [("1.4个百分点", "1.4", "个百分点", "exactly")], id="points"),
    pytest.param("新增就业１２万人次", [("１２万人次", "120000", "人次", "exactly")], id="full-width-digits"),
    pytest.param("增长8%—10%", [("8%—10%", "8", "%", "atLeast")], id="range-of-shares"),
    pytest.param("引进1至2家总部", [("1至2家", "1", "家", "atLeast")], id="range-in-words"),
    pytest.param("新建5—8万亩", [("5—8万亩", "50000", "亩", "atLeast")], id="range-with-one-power"),
    pytest.param("投资1,200万元", [("1,200万元", "12000000", "元", "exactly")], id="thousands-comma"),
]


@pytest.mark.parametrize(("text", "expected"), TARGETS)
def test_quantities(text: str, expected: list[tuple[str, str, str, str]]) -> None:
    found = targets_of(text)
    assert [(t.printed, str(t.value), t.unit, t.comparator.value) for t in found] == expected
    assert all(text[t.span.start : t.span.end] == t.printed for t in found)


NONE = [
    pytest.param("编制实施《荆州制造2025行动方案》", id="plan-name"),
    pytest.param("落实“健康荆州2030”行动纲要", id="plan-in-quotes"),
    pytest.param("布局5G、区块链", id="technology"),
    pytest.param("2023-2025年建设规划", id="range-of-years"),
    pytest.param("“十四五”规划实施", id="five-year-plan"),
    pytest.param("10个工作日内办结", id="time-for-an-answer"),
    pytest.param("加快古城5A景区创建", id="grade"),
    pytest.param("“3550+100”重点改革全面落实", id="slogan"),
    pytest.param("2020年6月30日前完成", id="date"),
    pytest.param("3个月内办结", id="months"),
    pytest.param("引进亿元以上项目", id="amount-without-number"),
    pytest.param("做好全国第7次人口普查", id="ordinal"),
]


@pytest.mark.parametrize("text", NONE)
def test_figures_that_promise_nothing(text: str) -> None:
    assert targets_of(text) == []


INDICATORS = [
    pytest.param("全年完成工业投资520亿元。", "完成工业投资", id="opener-left-out"),
    pytest.param("“一窗受理”事项达到500项", "“一窗受理”事项", id="closer-left-out"),
    pytest.param("实施180亿元的政府投资项目", "政府投资项目", id="noun-behind"),
    pytest.param("完成240个以上行政村的整治任务", "行政村的整治任务", id="noun-behind-a-direction"),
    pytest.param("新引进项目450个以上、其中工业项目320个", "工业项目", id="after-another-quantity"),
]


@pytest.mark.parametrize(("text", "indicator"), INDICATORS)
def test_what_is_measured(text: str, indicator: str) -> None:
    assert targets_of(text)[-1].indicator == indicator


@given(st.text(alphabet="新增0123456789.,万亿元个家%以上左右年月、。“”()的 ", max_size=40))
def test_any_text_gives_spans_that_quote_it(text: str) -> None:
    for target in targets_of(text):
        assert text[target.span.start : target.span.end] == target.printed
        assert target.value >= 0

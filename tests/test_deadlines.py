"""Time limits: which words are one, and the last day that they allow."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.reading.deadlines import due_of, is_deadline

DUE = [
    pytest.param("2024年10月", date(2024, 10, 31), id="a-month"),
    pytest.param("10月底前", date(2024, 10, 31), id="a-month-of-the-plan-year"),
    pytest.param("6月15日前", date(2024, 6, 15), id="a-day"),
    pytest.param("2月", date(2024, 2, 29), id="a-leap-year"),
    pytest.param("2025年底", date(2025, 12, 31), id="end-of-a-year"),
    pytest.param("年底前", date(2024, 12, 31), id="end-of-the-plan-year"),
    pytest.param("明年6月", date(2025, 6, 30), id="next-year"),
    pytest.param("第三季度", date(2024, 9, 30), id="a-quarter"),
    pytest.param("上半年", date(2024, 6, 30), id="a-half"),
    pytest.param("6月上旬", date(2024, 6, 10), id="a-third"),
    pytest.param("2024.06", date(2024, 6, 30), id="dotted"),
    pytest.param("2024/6/5", date(2024, 6, 5), id="slashes"),
    pytest.param("6月底前启动，年底前完成", date(2024, 12, 31), id="two-stages"),
    pytest.param("2024年6月底前完成阶段任务，2026年底前全部完成", date(2026, 12, 31), id="two-stages-two-years"),
    pytest.param("长期坚持", None, id="no-day"),
    pytest.param("每月底前", None, id="each-month"),
    pytest.param("每季度末", None, id="each-quarter"),
    pytest.param("三年内", None, id="a-span-of-years"),
    pytest.param("摸清底数", None, id="no-date-at-all"),
    pytest.param("2024年2月30日", None, id="no-such-day"),
]


@pytest.mark.parametrize(("printed", "due"), DUE)
def test_the_last_day_that_a_time_limit_allows(printed: str, due: date | None) -> None:
    assert due_of(printed, 2024) == due


def test_a_month_without_any_year_has_no_day() -> None:
    assert due_of("10月底前") is None


YES = ["2023年10月底前完成并持续推进", "6月底完成", "年底前", "持续推进", "长期坚持", "2024年12月", "第三季度完成"]
NO = ["市发改委", "持续发展办公室", "全年龄友好办", "市财政局", "三年行动办公室"]


@pytest.mark.parametrize(("printed", "expected"), [*((word, True) for word in YES), *((word, False) for word in NO)])
def test_a_part_of_a_clause_that_is_a_time_limit(printed: str, expected: bool) -> None:
    assert is_deadline(printed) is expected


@given(st.text(alphabet="0123456789年月日底前上下半季度旬初末每.-/ 第一二三四", max_size=24))
def test_any_print_gives_a_day_or_none(printed: str) -> None:
    found = due_of(printed, 2024)
    assert found is None or 1900 <= found.year <= 2100

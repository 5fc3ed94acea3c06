"""The real notice, read whole: what it says, counted by hand."""

from __future__ import annotations

import gc
import hashlib
import tomllib
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import KgError, NotANoticeError
from kg.model import Comparator, Notice, Role
from kg.reading.notice import notice_of_text
from kg.reading.source import SourceText

from .conftest import SEED

NO_LEAD = [60, 63, 64, 66, 80, 113]


def of_text(text: str) -> Notice:
    return notice_of_text(SourceText("notice.txt", text, hashlib.sha256(text.encode()).hexdigest(), "utf-8"))


def test_the_seed_is_what_its_sidecar_says(jingzhou: Notice) -> None:
    sidecar = tomllib.loads(SEED.with_suffix(".toml").read_text(encoding="utf-8"))
    assert jingzhou.sha256 == sidecar["sha256"] == hashlib.sha256(SEED.read_bytes()).hexdigest()
    assert len(jingzhou.text) == sidecar["characters"]
    head = (jingzhou.title, jingzhou.number, jingzhou.issuer, jingzhou.date)
    assert head == (sidecar["title"], sidecar["number"], sidecar["issuer"], sidecar["date"])


def test_the_head_gives_id_year_and_place(jingzhou: Notice) -> None:
    assert (jingzhou.id, jingzhou.plan_year, jingzhou.date) == ("421000-2020-jzbf-1", 2020, date(2020, 1, 7))
    assert jingzhou.jurisdiction is not None
    assert (jingzhou.jurisdiction.code, jingzhou.jurisdiction.name) == ("421000", "荆州市")


def test_the_six_sections_are_those_of_the_annex(jingzhou: Notice) -> None:
    assert [section.number for section in jingzhou.sections] == list("一二三四五六")
    assert jingzhou.sections[0].title == "坚决打好三大攻坚战,决胜全面建成小康社会"
    assert Counter(task.section for task in jingzhou.tasks) == {1: 23, 2: 33, 3: 15, 4: 15, 5: 20, 6: 8}


def test_the_preamble_promises_six_figures(jingzhou: Notice) -> None:
    found = [(target.indicator, str(target.value), target.comparator) for target in jingzhou.targets]
    assert found == [
        ("地区生产总值增长", "7.5", Comparator.ABOUT),
        ("固定资产投资增长", "11", Comparator.EXACTLY),
        ("规模以上工业增加值增长", "7.5", Comparator.EXACTLY),
        ("社会消费品零售总额增长", "11", Comparator.EXACTLY),
        ("地方一般公共预算收入增长", "5.5", Comparator.EXACTLY),
        ("城镇登记失业率", "4.5", Comparator.AT_MOST),
    ]


def test_tasks_and_assignments_are_all_there(jingzhou: Notice) -> None:
    assert [(task.i, task.number) for task in jingzhou.tasks] == [(i, str(i)) for i in range(1, 115)]
    kinds = Counter((a.role, a.collective) for task in jingzhou.tasks for a in task.assignments)
    assert kinds == {(Role.LEAD, False): 111, (Role.RESPONSIBLE, False): 492, (Role.RESPONSIBLE, True): 111}
    groups = Counter(a.printed for task in jingzhou.tasks for a in task.assignments if a.collective)
    assert groups == {
        "各县市区政府": 91,
        "市政府有关部门": 9,
        "市政府各部门": 9,
        "市扶贫攻坚领导小组各成员单位": 1,
        "市环境保护督察反馈意见整改攻坚指挥部各成员单位": 1,
    }


def test_thirty_seven_targets_stand_in_twenty_tasks(jingzhou: Notice) -> None:
    held = [task.i for task in jingzhou.tasks if task.targets]
    assert sum(len(task.targets) for task in jingzhou.tasks) == 37
    assert len(held) == 20


FINDINGS = [
    pytest.param("no-lead", NO_LEAD, id="no-lead"),
    pytest.param("several-leads", [22, 62, 102], id="several-leads"),
    pytest.param("separator-irregular", [20], id="separator"),
    pytest.param("open-reference", [23, 44, 53, 56, 58, 66, 67, 72, 90], id="open"),
    pytest.param("everyone", [62, *range(107, 115)], id="everyone"),
    pytest.param("members-undefined", [1, 7], id="members"),
    pytest.param("alias-varies", [111], id="alias"),
]


@pytest.mark.parametrize(("code", "tasks"), FINDINGS)
def test_what_is_odd_in_the_print_is_found_and_nothing_else(jingzhou: Notice, code: str, tasks: list[int]) -> None:
    assert [finding.task for finding in jingzhou.findings if finding.code == code] == tasks
    assert {finding.code for finding in jingzhou.findings} == {row.values[0] for row in FINDINGS}


def test_every_record_quotes_the_text(jingzhou: Notice) -> None:
    text = jingzhou.text
    for task in jingzhou.tasks:
        assert task.clause is not None
        assert text[task.clause.span.start : task.clause.span.end] == task.clause.printed
        assert text[task.span.start : task.span.end].endswith(task.clause.printed)
        assert task.text in text[task.span.start : task.clause.span.start]
        for part in (*task.assignments, *task.targets):
            assert text[part.span.start : part.span.end] == part.printed
        assert all(task.clause.span.start <= a.span.start < a.span.end <= task.clause.span.end for a in task.assignments)


def test_responsibility_that_no_rule_reads_is_reported_not_guessed() -> None:
    text = "1.修路。(牵头单位:甲局)\n2.要明确责任单位:乙局和丙局,尽快落实。\n各牵头单位要抓好落实。\n3.架桥(甲局、我们自己的人负责)。"
    notice = of_text(text)
    assert len(notice.tasks) == 1
    found = [text[f.span.start : f.span.end] for f in notice.findings if f.code == "unread-clause"]
    assert found == ["(甲局、我们自己的人负责)"]


def test_what_a_clause_holds_beside_its_parties_is_reported() -> None:
    text = "1.修路。(牵头单位:甲局;责任单位:乙局、不符合条件的除外)"
    (finding,) = [f for f in of_text(text).findings if f.code == "unread-part"]
    assert text[finding.span.start : finding.span.end] == "不符合条件的除外"


def test_a_policy_without_clauses_is_a_notice_without_tasks_and_says_so() -> None:
    text = "甲市人民政府关于促进就业的意见\n一、总体要求\n各牵头单位要加大力度,由市发展改革委牵头建立协调机制。"
    notice = of_text(text)
    assert (notice.tasks, [f.code for f in notice.findings]) == ((), ["no-responsibility"])


def test_what_the_web_page_left_behind_is_no_task(jingzhou: Notice) -> None:
    assert "评论" not in "".join(task.text for task in jingzhou.tasks)


NOT_NOTICES = [
    pytest.param("春眠不觉晓,处处闻啼鸟。", id="a-poem"),
    pytest.param("各牵头单位要加大督促力度。各责任单位要积极配合。", id="prose-about-responsibility"),
    pytest.param("1.一\n2.二\n3.三", id="only-numbers"),
]


@pytest.mark.parametrize("text", NOT_NOTICES)
def test_a_text_without_clauses_is_no_notice(text: str) -> None:
    with pytest.raises(NotANoticeError):
        of_text(text)


def test_a_notice_without_head_sections_and_numbers_is_read() -> None:
    notice = of_text("抓好春耕。(牵头单位:市农业农村局)\n修路。(责任单位:市交通运输局)")
    assert [(task.number, task.section, task.text) for task in notice.tasks] == [(None, None, "抓好春耕。"), (None, None, "修路。")]
    assert (notice.title, notice.number, notice.date, notice.plan_year) == (None, None, None, None)
    assert notice.id == notice.sha256[:8]


def test_two_clauses_of_one_paragraph_are_two_tasks() -> None:
    notice = of_text("1.修路。(牵头单位:甲局)架桥。(牵头单位:乙局)")
    assert [(task.i, task.number, task.text) for task in notice.tasks] == [(1, "1", "修路。"), (2, None, "架桥。")]


def test_a_wording_over_several_lines_is_one_task() -> None:
    notice = of_text("(一)强基础\n1.修路。\n还要架桥。\n(牵头单位:甲局)")
    assert [(task.number, "".join(task.text.split())) for task in notice.tasks] == [("1", "修路。还要架桥。")]


def test_line_ends_and_width_change_nothing_but_positions() -> None:
    plain = SEED.read_text(encoding="utf-8")
    wide = plain.translate(str.maketrans("(),:;", "（），：；")).replace("\n", "\r\n")

    def essence(notice: Notice) -> list[object]:
        return [[(a.role, a.name, a.collective) for a in task.assignments] for task in notice.tasks]

    assert essence(of_text(plain)) == essence(of_text(wide))


@given(st.text(alphabet="一二、1.()（）牵头责任单位:：；;,，。市发改委财政局等有关部门各县区政府\n \r", max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        notice = of_text(text)
    except KgError:
        return
    for task in notice.tasks:
        for a in task.assignments:
            assert text[a.span.start : a.span.end] == a.printed


def test_reading_is_the_same_each_time(jingzhou: Notice) -> None:
    from kg.building.line import one_notice

    assert one_notice(Path(SEED)) == replace(jingzhou)


@pytest.mark.parametrize("text", ["1.修路。（牵头单位：市发改委）\n", "今天天气很好。\n"], ids=["a notice", "none"])
@pytest.mark.parametrize("collects", [True, False])
def test_the_collector_is_left_as_it_was(text: str, collects: bool) -> None:
    (gc.enable if collects else gc.disable)()
    try:
        with suppress(NotANoticeError):
            of_text(text)
        assert gc.isenabled() is collects
    finally:
        gc.enable()


def test_reading_leaves_no_cycles_for_the_collector() -> None:
    # It is off meanwhile: what only it could free would pile up.
    text = SEED.read_text(encoding="utf-8")
    of_text(text)
    gc.collect()
    of_text(text)
    assert gc.collect() < 50

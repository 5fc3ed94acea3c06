"""Clauses: where they are, and who has which role. Each row is a way of writing responsibility that notices use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Role
from kg.reading.characters import lines_of
from kg.reading.clauses import Reading, find_clauses

L, R, C = Role.LEAD, Role.RESPONSIBLE, Role.COOPERATING


def clauses_of(text: str, bare: int = 0) -> list[Reading]:
    (line,) = lines_of(text)
    return find_clauses(line, bare)


LABELLED = [
    pytest.param("(牵头单位:甲局;责任单位:乙局、丙委)", [(L, "甲局"), (R, "乙局"), (R, "丙委")], id="lead-and-responsible"),
    pytest.param("（牵头单位：甲局；责任单位：乙局）", [(L, "甲局"), (R, "乙局")], id="full-width"),
    pytest.param("(牵头单位:甲局,责任单位:乙局)", [(L, "甲局"), (R, "乙局")], id="comma-between-roles"),
    pytest.param("(牵头单位:甲局。责任单位:乙局)", [(L, "甲局"), (R, "乙局")], id="full-stop-between-roles"),
    pytest.param("(牵头单位:甲局 责任单位:乙局)", [(L, "甲局"), (R, "乙局")], id="blank-between-roles"),
    pytest.param("(牵头单位:甲局、乙局)", [(L, "甲局"), (L, "乙局")], id="two-leads"),
    pytest.param("(责任单位:甲局)", [(R, "甲局")], id="no-lead"),
    pytest.param("(牵头单位:甲局;配合单位:乙局)", [(L, "甲局"), (C, "乙局")], id="cooperating"),
    pytest.param("(主办单位:甲局;协办单位:乙局)", [(L, "甲局"), (C, "乙局")], id="main-and-helping-office"),
    pytest.param("(牵头部门:甲局;协助部门:乙局)", [(L, "甲局"), (C, "乙局")], id="departments"),
    pytest.param("(牵头责任单位:甲局;协同责任单位:乙局)", [(L, "甲局"), (C, "乙局")], id="words-in-the-middle"),
    pytest.param("(市级牵头单位:甲局;落实单位:乙局)", [(L, "甲局"), (R, "乙局")], id="level-before-the-label"),
    pytest.param("(牵头单位:甲部(乙、丙办);责任单位:丁局)", [(L, "甲部(乙、丙办)"), (R, "丁局")], id="bracket-in-a-name"),
    pytest.param("（牵头单位：甲部(人才办），责任单位：丁局）", [(L, "甲部(人才办）"), (R, "丁局")], id="bracket-closes-in-another-width"),
    pytest.param("(牵头单位:;责任单位:乙局)", [(R, "乙局")], id="empty-lead"),
    pytest.param("( 牵头单位 : 甲局 ; 责任单位: 乙局 )", [(L, "甲局"), (R, "乙局")], id="blanks"),
    pytest.param("【责任单位：甲局】", [(R, "甲局")], id="black-brackets"),
    pytest.param("〔责任单位：甲局〕", [(R, "甲局")], id="shell-brackets"),
    pytest.param("［责任单位：甲局］", [(R, "甲局")], id="square-brackets"),
    pytest.param("(責任單位:甲局)", [(R, "甲局")], id="traditional-characters"),
    pytest.param("(责任单位:甲局(牵头)、乙局)", [(L, "甲局"), (R, "乙局")], id="role-behind-the-name"),
    pytest.param("(监督单位:甲委;责任单位:乙局)", [(R, "乙局")], id="who-only-watches-has-no-task"),
    pytest.param("(牵头单位:甲局按职责分工负责)", [(L, "甲局")], id="a-verb-behind-a-label-changes-no-role"),
    pytest.param("(责任单位:甲局牵头,乙局配合)", [(L, "甲局"), (C, "乙局")], id="verbs-inside-a-label"),
]

VERBS = [
    pytest.param("(甲局负责)", [(R, "甲局")], id="sole"),
    pytest.param("(甲局、乙局负责)", [(R, "甲局"), (R, "乙局")], id="both"),
    pytest.param("(甲局、乙局等负责)", [(R, "甲局"), (R, "乙局")], id="a-bare-etc-is-nobody"),
    pytest.param("(甲局等有关部门负责)", [(R, "甲局"), (R, "有关部门")], id="open-list"),
    pytest.param(
        "(甲部牵头,乙部、丙部等国务院相关部门及各地区按职责分工负责)",
        [(L, "甲部"), (R, "乙部"), (R, "丙部"), (R, "国务院相关部门"), (R, "各地区")],
        id="state-council",
    ),
    pytest.param("(甲局、乙局按职责分工负责)", [(R, "甲局"), (R, "乙局")], id="by-duty-no-lead"),
    pytest.param("(甲局负责,乙局按职责分工负责)", [(R, "甲局"), (R, "乙局")], id="by-duty-two-parts"),
    pytest.param("(甲局、乙局按各自职责分工负责)", [(R, "甲局"), (R, "乙局")], id="by-own-duty"),
    pytest.param("(甲局、乙局分别负责落实)", [(R, "甲局"), (R, "乙局")], id="each-its-part"),
    pytest.param("(甲局牵头负责)", [(L, "甲局")], id="leads-and-answers"),
    pytest.param(
        "(甲厅牵头负责,乙厅、丙厅,各市人民政府配合)", [(L, "甲厅"), (C, "乙厅"), (C, "丙厅"), (C, "各市人民政府")], id="cooperate"
    ),
    pytest.param("(甲局牵头,乙局配合)", [(L, "甲局"), (C, "乙局")], id="lead-and-help"),
    pytest.param("(甲局牵头、乙局配合)", [(L, "甲局"), (C, "乙局")], id="enumeration-mark-between-verbs"),
    pytest.param("(甲局会同乙局负责)", [(L, "甲局"), (C, "乙局")], id="together-with"),
    pytest.param("(甲局、丁局会同乙局负责)", [(L, "甲局"), (L, "丁局"), (C, "乙局")], id="two-together-with"),
    pytest.param("(由甲局牵头,乙局参与)", [(L, "甲局"), (C, "乙局")], id="by-before-the-name"),
    pytest.param("(甲局具体负责)", [(R, "甲局")], id="in-particular"),
    pytest.param("(甲局牵头;乙局、丙局)", [(L, "甲局"), (R, "乙局"), (R, "丙局")], id="others-without-a-verb"),
    pytest.param("(甲局主办,乙局协办)", [(L, "甲局"), (C, "乙局")], id="main-and-help"),
    pytest.param("(甲局和有关区县政府具体负责)", [(R, "甲局"), (R, "有关区县政府")], id="and-before-the-last"),
]


@pytest.mark.parametrize(("printed", "roles"), [*LABELLED, *VERBS])
def test_a_clause_gives_roles_in_printed_order(printed: str, roles: list[tuple[Role, str]]) -> None:
    text = "1.抓好春耕。" + printed
    (found,) = clauses_of(text)
    assert [(party.role, party.name.printed) for party in found.parties] == roles
    assert all(text[p.name.span.start : p.name.span.end] == p.name.printed for p in found.parties)


def test_which_rule_read_a_clause_is_kept() -> None:
    rows = {
        "修路。(牵头单位:甲局)": "bracket-labelled",
        "修路。(甲局负责)": "bracket-verb",
        "牵头单位:甲局": "line-labelled",
        "修路。责任单位:甲局": "inline-labelled",
    }
    assert {text: clauses_of(text)[0].run.rule for text in rows} == rows


NOT_CLAUSES = [
    pytest.param("各牵头单位要加大督促和协调力度。", id="prose"),
    pytest.param("由市发展改革委牵头建立协调机制,各部门要各负其责。", id="prose-with-a-lead"),
    pytest.param("工程(技术)研究中心", id="a-bracket-that-is-none"),
    pytest.param("(荆政办发〔2020〕1号)", id="document-number"),
    pytest.param("(建议责任单位:甲局)", id="a-suggestion"),
    pytest.param("(监督电话:12345)", id="a-telephone"),
    pytest.param("报省人工智能办公室(省发展改革委牵头),重大事项及时报告。", id="a-bracket-that-says-what-an-office-is"),
    pytest.param("(以下简称牵头单位)", id="a-definition"),
    pytest.param("(各场景牵头部门)", id="a-role-instead-of-a-name"),
    pytest.param("(不符合条件的由原单位负责)", id="a-remark"),
    pytest.param("要落实主体责任(企业负责),确保安全。", id="not-a-body-in-mid-sentence"),
]


@pytest.mark.parametrize("text", NOT_CLAUSES)
def test_prose_gives_no_clause(text: str) -> None:
    assert clauses_of(text) == []


def test_several_clauses_of_one_line_and_one_that_never_closes() -> None:
    first, second = clauses_of("一是修路。(牵头单位:甲局)二是架桥。(牵头单位:乙局")
    assert (first.run.closed, second.run.closed) == (True, False)
    assert [party.name.printed for party in second.parties] == ["乙局"]


DEADLINES = [
    pytest.param("(甲局负责落实,完成时限:2024年10月)", "2024年10月", id="labelled"),
    pytest.param("(甲局牵头,乙局负责落实,2023年10月底前完成并持续推进)", "2023年10月底前完成并持续推进", id="a-part"),
    pytest.param("(责任单位:甲局、丙委,6月底完成)", "6月底完成", id="a-month"),
    pytest.param("(责任单位:甲局;完成时限:长期坚持)", "长期坚持", id="no-day"),
    pytest.param("(甲局负责,6月底前启动,年底前完成)", "6月底前启动,年底前完成", id="two-stages"),
    pytest.param("(甲局负责)", None, id="none"),
]


@pytest.mark.parametrize(("printed", "deadline"), DEADLINES)
def test_a_clause_may_hold_a_deadline_that_is_no_party(printed: str, deadline: str | None) -> None:
    (found,) = clauses_of("修路。" + printed)
    assert (found.deadline.printed if found.deadline else None) == deadline
    assert all(party.name.name in {"甲局", "乙局", "丙委"} for party in found.parties)


def test_leaders_are_persons_and_never_units() -> None:
    (found,) = clauses_of("分管领导:张某某;牵头单位:甲局")
    assert [(person.office, person.printed) for person in found.persons] == [("分管领导", "张某某")]
    assert [party.name.printed for party in found.parties] == ["甲局"]


def test_bare_brackets_are_clauses_only_where_the_notice_is_written_so() -> None:
    text = "修好路。（县交通局，县财政局、县水利局）"
    assert clauses_of(text) == []
    (found,) = clauses_of(text, bare=1)
    assert [party.name.printed for party in found.parties] == ["县交通局", "县财政局", "县水利局"]
    assert clauses_of("推进改革（县数据局）。", bare=1) == []


def test_a_word_that_no_rule_reads_is_kept_as_unread() -> None:
    (found,) = clauses_of("修路。(牵头单位:甲局;关注要点:安全)")
    text = "修路。(牵头单位:甲局;关注要点:安全)"
    assert [text[span.start : span.end] for span in found.unread] == ["关注要点:安全"]


NAMES = st.lists(
    st.sampled_from(["市发改委", "市财政局", "甲县政府", "市委组织部(人才办)", "各县市区政府", "乙大学"]),
    min_size=1,
    max_size=4,
    unique=True,
)


@given(NAMES, NAMES, st.sampled_from("；;，,"), st.sampled_from("：:"), st.sampled_from(["()", "（）", "【】", "〔〕"]))
def test_a_clause_that_is_printed_again_is_read_as_before(lead: list[str], share: list[str], mark: str, colon: str, brackets: str) -> None:
    printed = f"{brackets[0]}牵头单位{colon}{'、'.join(lead)}{mark}责任单位{colon}{'、'.join(share)}{brackets[1]}"
    (found,) = clauses_of("修路。" + printed)
    assert [(p.role, p.name.name) for p in found.parties] == [*((L, name) for name in lead), *((R, name) for name in share)]

"""Clauses: where they are, and who has which role."""

from __future__ import annotations

import pytest

from kg.model import Role
from kg.reading.characters import lines_of
from kg.reading.clauses import find_clauses, read_clause

LEAD, SHARE, HELP = Role.LEAD, Role.RESPONSIBLE, Role.COOPERATING

CLAUSES = [
    pytest.param("(牵头单位:甲局;责任单位:乙局、丙委)", [(LEAD, "甲局"), (SHARE, "乙局"), (SHARE, "丙委")], id="lead-and-responsible"),
    pytest.param("（牵头单位：甲局；责任单位：乙局）", [(LEAD, "甲局"), (SHARE, "乙局")], id="full-width"),
    pytest.param("(牵头单位:甲局,责任单位:乙局)", [(LEAD, "甲局"), (SHARE, "乙局")], id="comma-between-roles"),
    pytest.param("(牵头单位:甲局。责任单位:乙局)", [(LEAD, "甲局"), (SHARE, "乙局")], id="full-stop-between-roles"),
    pytest.param("(牵头单位:甲局、乙局)", [(LEAD, "甲局"), (LEAD, "乙局")], id="two-leads"),
    pytest.param("(责任单位:甲局)", [(SHARE, "甲局")], id="no-lead"),
    pytest.param("(牵头单位:甲局;配合单位:乙局)", [(LEAD, "甲局"), (HELP, "乙局")], id="cooperating"),
    pytest.param("(牵头单位:甲部(乙、丙办);责任单位:丁局)", [(LEAD, "甲部(乙、丙办)"), (SHARE, "丁局")], id="bracket-in-a-name"),
    pytest.param("(牵头单位:;责任单位:乙局)", [(SHARE, "乙局")], id="empty-lead"),
    pytest.param("( 牵头单位 : 甲局 ; 责任单位: 乙局 )", [(LEAD, "甲局"), (SHARE, "乙局")], id="blanks"),
]


@pytest.mark.parametrize(("printed", "roles"), CLAUSES)
def test_a_clause_gives_roles_in_printed_order(printed: str, roles: list[tuple[Role, str]]) -> None:
    text = "1.抓好春耕。" + printed
    (line,) = lines_of(text)
    (run,) = find_clauses(line)
    found = read_clause(line, run)
    assert [(a.role, a.printed) for a in found] == roles
    assert all(text[a.span.start : a.span.end] == a.printed for a in found)


NOT_CLAUSES = [
    pytest.param("各牵头单位要加大督促和协调力度。", id="prose"),
    pytest.param("工程(技术)研究中心", id="a-bracket-that-is-none"),
    pytest.param("(荆政办发〔2020〕1号)", id="document-number"),
    pytest.param("(建议责任单位:甲局)", id="a-suggestion"),
]


@pytest.mark.parametrize("text", NOT_CLAUSES)
def test_prose_gives_no_clause(text: str) -> None:
    (line,) = lines_of(text)
    assert find_clauses(line) == []


def test_several_clauses_of_one_line_and_one_that_never_closes() -> None:
    (line,) = lines_of("一是修路。(牵头单位:甲局)二是架桥。(牵头单位:乙局")
    first, second = find_clauses(line)
    assert (first.closed, second.closed) == (True, False)
    assert [a.printed for a in read_clause(line, second)] == ["乙局"]

"""Who is meant by a printed name: register, rule, decision, or nobody that is known."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

from kg.errors import TableError
from kg.line import Knowledge, read_notices
from kg.model import Closure, Kind, Notice
from kg.naming.decisions import Verdict, read_decisions
from kg.naming.divisions import counties_of, division_on, divisions, holds, members_since
from kg.naming.identity import kind_of, line_of, unit_by_rule
from kg.naming.register import load_register, name_key
from kg.naming.units import load_names, name_units
from kg.reading.notice import notice_of_text
from kg.reading.source import SourceText
from kg.resources import table

HEAD = "{issuer}关于分解任务的通知(荆政办发〔{year}〕9号)\n\n{year}年8月1日\n\n"


def read(text: str, *, issuer: str = "荆州市人民政府办公室", year: int = 2020) -> Notice:
    whole = HEAD.format(issuer=issuer, year=year) + text
    return name_units(notice_of_text(SourceText("n.txt", whole, hashlib.sha256(whole.encode()).hexdigest(), "utf-8")))


def test_sixty_five_printed_names_are_sixty_four_units(jingzhou: Notice) -> None:
    named = [a for task in jingzhou.tasks for a in task.assignments if not a.collective]
    assert (len({a.name for a in named}), len({a.unit for a in named})) == (65, 64)
    assert all(a.unit for task in jingzhou.tasks for a in task.assignments)
    assert len(jingzhou.units) == 65, "石首市政府 is only reached through the group"


def test_the_group_of_counties_is_the_eight_of_that_day(jingzhou: Notice) -> None:
    (group,) = [group for group in jingzhou.groups if group.closure is Closure.LISTED]
    labels = {unit.id: unit.label for unit in jingzhou.units}
    assert sorted(labels[member] for member in group.members) == sorted(
        ["荆州区政府", "沙市区政府", "江陵县政府", "松滋市政府", "公安县政府", "石首市政府", "监利县政府", "洪湖市政府"]
    )
    assert not any(Kind.ZONE is unit.kind for unit in jingzhou.units if unit.id in group.members)


def test_the_same_group_half_a_year_later_holds_the_new_city() -> None:
    notice = read("1.修路。(牵头单位:市交通运输局;责任单位:各县市区政府、监利市政府)")
    (group,) = notice.groups
    assert group.id == "group:421000-counties-2020-06-12"
    assert "unit:421088-government" in group.members
    assert "unit:421023-government" not in group.members
    assert "unit:421088-government" in {a.unit for a in notice.tasks[0].assignments}


KINDS = [
    pytest.param("市委政法委", "partyOrgan", "political-legal", id="party-organ"),
    pytest.param("省发展和改革委员会", "department", "development-reform", id="long-form"),
    pytest.param("县人力社保局", "department", "human-resources", id="another-short-form"),
    pytest.param("国家发展改革委", "department", "development-reform", id="national"),
    pytest.param("区税务局", "centralAgency", "tax", id="vertical"),
    pytest.param("市中级人民法院", "court", None, id="court"),
    pytest.param("重庆警备区", "military", None, id="military"),
    pytest.param("市城投集团", "enterprise", None, id="enterprise"),
    pytest.param("天府新区管委会", "zone", None, id="zone"),
    pytest.param("某某", "other", None, id="unknown"),
    pytest.param("市总工会", "massOrganisation", "trade-unions", id="mass-organisation"),
    pytest.param("浙江大学", "university", None, id="university"),
    pytest.param("市攻坚办", "temporaryOffice", None, id="temporary-office"),
    pytest.param("成华区人民政府", "territory", "government", id="district-government"),
]


@pytest.mark.parametrize(("name", "kind", "line"), KINDS)
def test_kind_and_line_of_a_bare_name(name: str, kind: str, line: str | None) -> None:
    assert (kind_of(name).value, line_of(name)) == (kind, line)


def test_a_name_of_one_place_is_another_unit_elsewhere() -> None:
    here, there = division_on("421000", date(2020, 1, 1)), division_on("421083", date(2020, 1, 1))
    assert unit_by_rule("市某局", here, "n1").id != unit_by_rule("市某局", there, "n1").id
    assert unit_by_rule("市某局", None, "n1").id != unit_by_rule("市某局", None, "n2").id
    assert unit_by_rule("市教育局", None, "n1").id == "unit:n1-education-" + hashlib.sha256("市教育局".encode()).hexdigest()[:4]


def test_names_that_no_register_has_are_named_by_rule_and_reported() -> None:
    notice = read("1.修路。(牵头单位:市交通局;责任单位:市航天局、荆州市发展改革委)")
    units = {unit.label: unit for unit in notice.units}
    assert units["市航天局"].rule == "name"
    assert units["市发改委"].rule == "register", "the city's own name in front is no other unit"
    found = {finding.code: dict(finding.values) for finding in notice.findings if finding.code.startswith("unknown-unit")}
    assert found["unknown-unit-near"] in ({"name": "市交通局", "near": "市交通运输局"}, {"name": "市航天局", "near": "市教育局"})


def test_where_no_place_is_known_ids_hang_on_the_text() -> None:
    notice = read("1.修路。(牵头单位:市交通局)", issuer="某地人民政府办公室")
    assert notice.jurisdiction is None
    assert notice.id.endswith(notice.sha256[:8])
    assert notice.units[0].id.startswith(f"unit:n{notice.sha256[:8]}-transport-")


def test_a_register_of_the_user_comes_first(tmp_path: Path) -> None:
    register = tmp_path / "登记 表.toml"
    register.write_text(
        'division = "421000"\n[[unit]]\nid = "421000-space"\nlabel = "市航天局"\nkind = "department"\naliases = ["市航天办"]\n',
        encoding="utf-8",
    )
    notice_path = tmp_path / "n.txt"
    notice_path.write_text(HEAD.format(issuer="荆州市人民政府办公室", year=2020) + "1.上天。(牵头单位:市航天办)", encoding="utf-8")
    (notice,) = read_notices([notice_path], Knowledge(registers=(register,))).notices
    assert notice.tasks[0].assignments[0].unit == "unit:421000-space"


BROKEN = [
    pytest.param("division = ", id="no-toml"),
    pytest.param('division = "421000"\n', id="no-units"),
    pytest.param('division = "421000"\n[[unit]]\nid = "x"\nlabel = "市甲局"\nkind = "ministry"\n', id="no-such-kind"),
    pytest.param('division = "421000"\n[[unit]]\nid = "x"\nkind = "department"\n', id="no-label"),
    pytest.param(
        'division = "421000"\n[[unit]]\nid = "x"\nlabel = "市甲局"\nkind = "department"\n[[unit]]\nid = "y"\nlabel = "市乙局"\n'
        'kind = "department"\naliases = ["市甲局"]\n',
        id="one-name-two-units",
    ),
]


@pytest.mark.parametrize("content", BROKEN)
def test_a_register_that_does_not_fit_names_its_file(tmp_path: Path, content: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(content, encoding="utf-8")
    place = division_on("421000", date(2020, 1, 1))
    assert place is not None
    with pytest.raises(TableError, match="mine.toml"):
        load_register(place, date(2020, 1, 1), [path])


DECISION = '[[decision]]\ndivision = "421000"\nnames = ["市交通运输局", "市交通局"]\nverdict = "{verdict}"\nwhy = "w"\nwhen = 2026-01-01\nby = "b"\n'


def test_a_decision_joins_or_keeps_apart(tmp_path: Path) -> None:
    path = tmp_path / "decisions.toml"
    path.write_text(DECISION.format(verdict="same"), encoding="utf-8")
    whole = HEAD.format(issuer="荆州市人民政府办公室", year=2020) + "1.修路。(牵头单位:市交通局)"
    notice = notice_of_text(SourceText("n.txt", whole, "0" * 64, "utf-8"))
    named = name_units(notice, load_names([], [path]))
    assert named.tasks[0].assignments[0].unit == "unit:421000-transport"
    assert named.units[0].rule == "decision"
    path.write_text(
        DECISION.format(verdict="different").replace("市交通局", "市发改委").replace("市交通运输局", "市发展改革委"), encoding="utf-8"
    )
    apart = name_units(
        notice_of_text(SourceText("n.txt", whole.replace("市交通局", "市发改委"), "0" * 64, "utf-8")), load_names([], [path])
    )
    assert apart.tasks[0].assignments[0].unit != "unit:421000-development-reform"


@pytest.mark.parametrize("change", ['verdict = "maybe"', 'names = ["甲"]', 'why = ""', 'when = "today"'])
def test_a_decision_that_lacks_something_is_refused(tmp_path: Path, change: str) -> None:
    key = change.split(" ")[0]
    lines = [change if line.startswith(key) else line for line in DECISION.format(verdict="same").splitlines()]
    path = tmp_path / "d.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(TableError, match="d.toml"):
        read_decisions([path])


def test_unsure_is_a_verdict(tmp_path: Path) -> None:
    path = tmp_path / "d.toml"
    path.write_text(DECISION.format(verdict="unsure"), encoding="utf-8")
    assert read_decisions([path])[0].verdict is Verdict.UNSURE


def test_divisions_hold_once_and_know_their_successor() -> None:
    for one in divisions():
        assert [other for other in divisions() if other.code == one.code and holds(other, one.first)] == [one]
        assert one.last is None or one.last > one.first
    assert len(counties_of("421000", date(2020, 6, 11))) == len(counties_of("421000", date(2020, 6, 12))) == 8
    assert members_since("421000", date(2021, 1, 1)) == date(2020, 6, 12)


def test_no_form_stands_for_two_lines_and_no_id_twice() -> None:
    rows = table("lexicon/lines.toml")["line"]
    forms = [form for row in rows for form in row["forms"]]
    assert len(forms) == len(set(forms))
    ids = [row["id"] for row in rows]
    assert len(ids) == len(set(ids))
    assert all(row["zh"] and row["en"] and row["id"].isascii() for row in rows)


def test_every_registered_unit_has_a_known_line_and_an_ascii_id() -> None:
    place = division_on("421000", date(2020, 1, 7))
    assert place is not None
    register = load_register(place, date(2020, 1, 7))
    assert register is not None
    lines = {row["id"] for row in table("lexicon/lines.toml")["line"]}
    for unit in register.by_name.values():
        assert unit.id.isascii()
        assert unit.line is None or unit.line in lines


def test_keys_fold_width_and_blanks() -> None:
    assert name_key("市委 组织部（人才办）") == name_key("市委组织部(人才办)")

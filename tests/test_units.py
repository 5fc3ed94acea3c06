"""Who is meant by a printed name: register, rule, decision, or nobody that is known."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

from kg.building.line import Knowledge, read_notices
from kg.errors import TableError
from kg.model import Closure, Kind, Notice
from kg.naming.divisions import division_on
from kg.naming.register import load_register
from kg.naming.units import name_units
from kg.naming.wording import name_key
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


def test_names_that_no_register_has_are_named_by_rule_and_reported() -> None:
    notice = read("1.修路。(牵头单位:市交通局;责任单位:市航天局、荆州市发展改革委、市水利湖泊局、市税务局、市水务局)")
    units = {unit.label: unit for unit in notice.units}
    assert units["市航天局"].rule == "name"
    assert units["市发改委"].rule == "register", "the city's own name in front is no other unit"
    assert units["市交通运输局"].rule == "register", "a form that the lexicon knows leads to the unit of the register"
    found = [(finding.code, *dict(finding.values).values()) for finding in notice.findings if finding.code.startswith("unknown-unit")]
    assert found == [("unknown-unit", "市航天局", ""), ("unknown-unit", "市水务局", "")], "市税务局 is not near 市水务局"


def test_a_name_that_may_be_short_for_a_registered_one_says_so() -> None:
    notice = read("1.修路。(牵头单位:市湖泊局;责任单位:市机关事务服务管理中心)")
    near = {value for finding in notice.findings if finding.code == "unknown-unit-near" for name, value in finding.values if name == "near"}
    assert near == {"市水利和湖泊局"}


def test_a_body_of_the_level_above_is_no_unknown_unit_of_the_city() -> None:
    notice = read("1.修路。(牵头单位:省发展改革委;责任单位:国家税务总局荆州市税务局)")
    province = next(unit for unit in notice.units if unit.level == "provincial")
    assert province.id.startswith("unit:420000-development-reform-")
    assert {division.code for division in notice.divisions} == {"420000", "421000"}
    assert not [finding for finding in notice.findings if finding.code.startswith("unknown")]


def test_the_same_body_in_two_years_is_one_unit_without_a_register() -> None:
    issuer = "泰安市人民政府办公室"
    notices = [
        read(f"1.修路。(牵头单位:{name})", issuer=issuer, year=year) for name, year in (("市发改委", 2020), ("市发展和改革委员会", 2022))
    ]
    assert len({notice.tasks[0].assignments[0].unit for notice in notices}) == 1
    assert len({notice.units[0].label for notice in notices}) == 1
    assert {unit.aliases for notice in notices for unit in notice.units} == {("市发改委",), ("市发展和改革委员会",)}


def test_a_name_of_another_place_is_that_place_s_unit() -> None:
    notice = read("1.修路。(牵头单位:荆州市发展改革委、荆州区政府)", issuer="湖北省人民政府办公厅")
    assert [unit.id for unit in notice.units] == ["unit:421000-development-reform", "unit:421003-government"]


def test_a_notice_that_cannot_be_placed_works_and_says_so() -> None:
    notice = read("1.修路。(牵头单位:市交通局)", issuer="某地人民政府办公室")
    assert notice.jurisdiction is None
    assert notice.id.endswith(notice.sha256[:8])
    assert notice.units[0].id.startswith(f"unit:n{notice.sha256[:8]}-transport-")
    (finding,) = [finding for finding in notice.findings if finding.code == "issuer-unplaced"]
    assert dict(finding.values) == {"issuer": "某地人民政府办公室"}


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


def test_every_registered_unit_has_a_known_line_and_an_ascii_id() -> None:
    place = division_on("421000", date(2020, 1, 7))
    assert place is not None
    register = load_register(place, date(2020, 1, 7))
    assert register is not None
    lines = {row["id"] for row in table("lexicon/lines.toml")["line"]}
    for unit in register.by_name.values():
        assert unit.id.isascii()
        assert set(unit.lines) <= lines


def test_keys_fold_width_and_blanks() -> None:
    assert name_key("市委 组织部（人才办）") == name_key("市委组织部(人才办)")

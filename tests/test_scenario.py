"""Scenarios: what each step does to the ties, what must always hold, and what is said about a file that does not fit."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kg.analysis.load import Reading, TaskKey, Team, measure_load, teams
from kg.analysis.scenario import (
    AddUnit,
    Dissolve,
    DropUnit,
    Merge,
    MoveLead,
    Scenario,
    SetRole,
    Split,
    Step,
    apply,
    roster_of,
    stages,
    step_name,
)
from kg.analysis.scenario_check import new_unit
from kg.analysis.scenario_file import FIELDS, read_scenario, scenario_of
from kg.errors import ScenarioError, SourceMissingError, TableError
from kg.messages import LANGUAGES, use_language
from kg.model import Closure, GroupRow, Kind, Reference, Role, SectionRow, Tie, Ties, UnitRow

from .conftest import ROOT
from .test_load import LEAD, SHARE, small

EXAMPLE = ROOT / "tests" / "whatif.toml"
MEMBERS = "efg"
Printed = Sequence[tuple[list[str], list[str]]]


def covered(tasks: Printed, group: Collection[int] = ()) -> Ties:
    """Ties of one notice; the tasks in ``group`` name a listed group too, whose members are e, f and g."""
    ties = small([*tasks], {"g": Kind.ZONE})
    named = {i: {unit for side in sides for unit in side} for i, sides in enumerate(tasks, 1)}
    opened = [Tie("n", i, member, SHARE, "listed") for i in sorted(group) for member in MEMBERS if member not in named[i]]
    known = {unit.id for unit in ties.units}
    missing = [UnitRow(name, name, Kind.DEPARTMENT, "", (), "", (), "name") for name in "abcdefg" if name not in known]
    return replace(
        ties,
        units=tuple(sorted((*ties.units, *missing), key=lambda unit: unit.id)),
        groups=(*ties.groups, GroupRow("listed", "各县", "allCounties", Closure.LISTED)),
        ties=tuple(sorted((*ties.ties, *opened), key=lambda tie: tie.task)),
        references=tuple(Reference("n", i, "listed", SHARE) for i in sorted(group)),
    )


def row(ties: Ties, unit: str) -> UnitRow:
    return next(one for one in ties.units if one.id == unit)


def new(name: str) -> UnitRow:
    return UnitRow(name, name, Kind.DEPARTMENT, "", (), "", (), "scenario")


def tried(ties: Ties, *steps: Step) -> Ties:
    return apply(ties, Scenario("t", steps))


def shown(ties: Ties, reading: Reading = Reading.PRINTED) -> list[tuple[str, str]]:
    """Leads and others of each task as two words."""
    found = teams(ties, reading)
    return [("".join(sorted(team.leads)), "".join(sorted(team.others))) for team in found.values()]


def unordered(ties: Ties) -> Ties:
    return replace(ties, ties=tuple(sorted(ties.ties, key=repr)))


T1: TaskKey = ("n", 1)
EFFECTS = [
    pytest.param(Merge(("a", "b"), new("x")), [("x", "c")], "of two roles the lead wins, the relation of a and b is gone", id="merge"),
    pytest.param(Merge(("b", "c"), new("x")), [("a", "x")], "two shares are one", id="merge-shares"),
    pytest.param(Merge(("b",), row(covered([(["a"], [])]), "a")), [("a", "c")], "an existing unit takes the other in", id="merge-into"),
    pytest.param(Split("a", new("x"), new("y"), (T1,)), [("y", "bc")], "what is listed goes to the second", id="split-second"),
    pytest.param(Split("b", new("x"), new("y"), (("n", 9),)), [("a", "cx")], "all else goes to the first", id="split-first"),
    pytest.param(Dissolve("a"), [("", "bc")], "nobody leads any longer", id="dissolve"),
    pytest.param(Dissolve("a", "c"), [("c", "b")], "the heir leads where it shared", id="dissolve-heir"),
    pytest.param(MoveLead(T1, "a", "b"), [("b", "ac")], "the two exchange roles", id="move-inside"),
    pytest.param(MoveLead(T1, "a", "d"), [("d", "bc")], "who was not there gives no role in return", id="move-outside"),
    pytest.param(SetRole(T1, "b", LEAD), [("ab", "c")], "a second lead", id="role-lead"),
    pytest.param(SetRole(T1, "a", SHARE), [("", "abc")], "the lead becomes a share", id="role-share"),
    pytest.param(AddUnit(T1, "d"), [("a", "bcd")], "one more shares", id="add"),
    pytest.param(AddUnit(T1, "d", LEAD), [("ad", "bc")], "one more leads", id="add-lead"),
    pytest.param(DropUnit(T1, "b"), [("a", "c")], "one less", id="drop"),
]


@pytest.mark.parametrize(("step", "expected", "why"), EFFECTS)
def test_what_a_step_does(step: Step, expected: list[tuple[str, str]], why: str) -> None:
    assert shown(tried(covered([(["a"], ["b", "c"])]), step)) == expected, why


GROUPED = [
    pytest.param(Merge(("e", "f"), new("x")), [("a", "gx")], "merged members are opened once", id="members-merged"),
    pytest.param(Merge(("a", "e"), new("x")), [("x", "fg")], "a member that the task prints is counted once", id="named-and-covered"),
    pytest.param(Split("e", new("x"), new("y"), (("n", 9),)), [("a", "fgxy")], "both parts of a member are covered", id="member-split"),
    pytest.param(Dissolve("e"), [("a", "fg")], "who is gone is no member", id="member-gone"),
    pytest.param(AddUnit(T1, "e", LEAD), [("ae", "fg")], "a member that is named is not opened as well", id="member-named"),
    pytest.param(MoveLead(T1, "a", "e"), [("e", "fg")], "a member may be given the lead", id="member-leads"),
]


@pytest.mark.parametrize(("step", "expected", "why"), GROUPED)
def test_groups_stay_open_rightly(step: Step, expected: list[tuple[str, str]], why: str) -> None:
    after = tried(covered([(["a"], [])], {1}), step)
    assert shown(after, Reading.RESOLVED) == expected, why
    assert len({(tie.task, tie.unit) for tie in after.ties}) == len(after.ties), "each unit once in a task"


def test_a_member_that_is_struck_out_is_still_covered_by_its_group() -> None:
    ties = covered([(["e"], ["a"]), (["a"], [])], {1, 2})
    assert shown(tried(ties, DropUnit(T1, "e")), Reading.RESOLVED)[0] == ("", "aefg")


def test_units_that_end_leave_and_new_ones_come() -> None:
    ties = tried(covered([(["a"], ["b"])]), Merge(("a", "b"), new("x")), Dissolve("c"), Split("d", new("y"), new("z"), (T1,)))
    assert [unit.id for unit in ties.units] == ["e", "f", "g", "x", "y", "z"]


def test_without_a_change_nothing_is_rebuilt(ties: Ties) -> None:
    assert apply(ties, Scenario("t", ())) is ties
    task = next(tie for tie in ties.ties if tie.role is Role.LEAD)
    there = MoveLead((task.notice, task.task), task.unit, "unit:421000-audit")
    assert tried(ties, there, MoveLead(there.task, there.taker, there.giver)) == ties


# What must always hold, on random ties.

SIDE = st.lists(st.sampled_from("abcdefg"), max_size=4, unique=True)
TASKS = st.lists(st.tuples(SIDE, SIDE), min_size=1, max_size=6)
TIES = st.builds(lambda tasks, some: covered(tasks, {i for i in some if i <= len(tasks)}), TASKS, st.sets(st.integers(1, 6), max_size=3))


@st.composite
def steps_for(draw: st.DrawFn, ties: Ties) -> Step:
    """Any step that means something for these ties."""
    roster = roster_of(ties)
    units = st.sampled_from(sorted(roster.units))
    task = draw(st.sampled_from(sorted(roster.printed)))
    posts = roster.printed[task]
    one, other = draw(units), draw(units)
    choices: list[Step] = [AddUnit(task, one, draw(st.sampled_from(Role)))] if one not in posts else [DropUnit(task, one)]
    choices += [SetRole(task, unit, draw(st.sampled_from(Role))) for unit in posts]
    choices += [MoveLead(task, unit, one) for unit, role in posts.items() if role is LEAD and one != unit]
    if len(roster.units) > 2 and one != other:
        held = tuple(key for key, there in roster.printed.items() if one in there and draw(st.booleans()))
        fresh = new(f"x{len(roster.units)}{one}")
        choices += [Merge((one, other), fresh), Merge((one,), roster.units[other]), Dissolve(one, other), Dissolve(one)]
        choices += [Split(one, roster.units[one], fresh, held)]
    return draw(st.sampled_from(choices))


def pairs(ties: Ties, reading: Reading, territorial: bool) -> int:
    found = teams(ties, reading, territorial=territorial).values()
    return sum(len(team.leads) * len(team.others) + len(team.leads) * (len(team.leads) - 1) // 2 for team in found)


@given(TIES, st.data(), st.sampled_from(Reading), st.booleans())
def test_sums_hold_after_every_step(ties: Ties, data: st.DataObject, reading: Reading, territorial: bool) -> None:
    steps: list[Step] = []
    for _ in range(data.draw(st.integers(1, 4))):
        steps.append(data.draw(steps_for(tried(ties, *steps))))
    rows = stages(ties, Scenario("t", tuple(steps)))
    assert rows[-1] == tried(ties, *steps)
    for one in rows:
        loads = measure_load(one, reading=reading, territorial=territorial)
        assert sum(load.relations for load in loads) == 2 * pairs(one, reading, territorial)
        assert one.tasks == ties.tasks
        assert {tie.unit for tie in one.ties} <= {unit.id for unit in one.units}
        opened = [(tie.task, tie.unit) for tie in one.ties if tie.through]
        assert len(opened) == len(set(opened))
        assert not {(tie.task, tie.unit) for tie in one.ties if not tie.through} & set(opened), "named and covered counts once"


@given(TIES, st.permutations("abcd"), st.booleans())
def test_a_merger_split_back_by_the_same_tasks_changes_nothing(ties: Ties, units: list[str], fresh: bool) -> None:
    ties = deduplicated(ties)
    one, other = units[:2]
    held = {unit: {task for task, posts in roster_of(ties).printed.items() if unit in posts} for unit in (one, other)}
    assume(not held[one] & held[other])
    into = new("x") if fresh else row(ties, one)
    back = Split(into.id, row(ties, one), row(ties, other), tuple(sorted(held[other])))
    assert unordered(tried(ties, Merge((one, other), into), back)) == unordered(ties)


def deduplicated(ties: Ties) -> Ties:
    """A unit that a task prints in two roles once, in the stronger, as steps leave it."""
    both = {(tie.task, tie.unit) for tie in ties.ties if tie.role is LEAD}
    kept = [tie for tie in ties.ties if tie.through or tie.role is LEAD or (tie.task, tie.unit) not in both]
    return replace(ties, ties=tuple(kept))


@given(TIES, st.data())
def test_a_merger_of_members_split_back_changes_nothing(ties: Ties, data: st.DataObject) -> None:
    one, other = data.draw(st.permutations(MEMBERS))[:2]
    printed = roster_of(ties).printed
    assume(not any({one, other} & posts.keys() for posts in printed.values()))
    steps = Merge((one, other), new("x")), Split("x", row(ties, one), row(ties, other), ())
    assert unordered(tried(ties, *steps)) == unordered(ties)


@given(TIES, st.data())
def test_moving_a_task_there_and_back_changes_nothing(ties: Ties, data: st.DataObject) -> None:
    printed = deduplicated(ties)
    roster = roster_of(printed)
    leads = [(task, unit) for task, posts in roster.printed.items() for unit, role in posts.items() if role is LEAD]
    assume(leads)
    task, giver = data.draw(st.sampled_from(sorted(leads)))
    taker = data.draw(st.sampled_from(sorted(roster.units.keys() - {giver})))
    # Of a member that only this task could have shown to be one, nobody knows that it is.
    assume(all(set(units) == set(MEMBERS) for units in roster.members.values()))
    assert tried(printed, MoveLead(task, giver, taker), MoveLead(task, taker, giver)) == printed


@given(TIES, st.data())
def test_independent_steps_may_change_places(ties: Ties, data: st.DataObject) -> None:
    tasks = sorted(roster_of(ties).printed)
    of_tasks = [step for task in tasks if (step := _on(ties, task, data))]
    steps: list[Step] = [*of_tasks[:2], Merge(("a", "b"), new("x")), Dissolve("c", "d")]
    outcomes = [unordered(tried(ties, *order)) for order in permutations(steps)]
    assert all(outcome == outcomes[0] for outcome in outcomes)


def _on(ties: Ties, task: TaskKey, data: st.DataObject) -> Step | None:
    posts = roster_of(ties).printed[task]
    unit = data.draw(st.sampled_from(MEMBERS))
    return data.draw(st.sampled_from([DropUnit(task, unit), SetRole(task, unit, LEAD)])) if unit in posts else AddUnit(task, unit)


# Files.


def test_the_example_is_read(ties: Ties) -> None:
    scenario = read_scenario(EXAMPLE, ties)
    assert [step_name(step) for step in scenario.steps] == ["merge", "split", "dissolve", "role", "move", "add", "drop"]
    assert {step_name(step) for step in scenario.steps} == FIELDS.keys()
    merge, split, *_ = scenario.steps
    assert isinstance(merge, Merge)
    assert isinstance(split, Split)
    assert (merge.into.label, merge.into.kind, merge.into.lines) == (
        "市经济发展局",
        Kind.DEPARTMENT,
        ("commerce", "industry-informatisation"),
    )
    assert (split.first.id, [i for _, i in split.tasks]) == ("unit:421000-natural-resources", [42, 57, 61])
    assert scenario.steps[2].why == "临时机构到期"


HEAD = 'title = "t"\n'
BAD = [
    pytest.param("", ["title", "[[step]]"], "an empty file", id="empty"),
    pytest.param('title = " "\n[[step]]\ndo = "drop"\ntask = 80\nunit = "市教育局"', ["title"], "a blank title", id="blank-title"),
    pytest.param(HEAD + "step = 3", ["[[step]]"], "steps are rows", id="step-no-rows"),
    pytest.param(HEAD + "steps = []\n", ["steps", "[[step]]"], "a field that nobody knows at the top", id="unknown-top"),
    pytest.param(HEAD + 'step = ["x"]', ["[[step]] 1", "[[step]]"], "a row that is a word", id="row-no-table"),
    pytest.param(HEAD + '[[step]]\ndo = "fuse"', ["fuse", "merge, split"], "no such step", id="do"),
    pytest.param(HEAD + "[[step]]\ndo = 3", ["do 不能是 3"], "do is no word", id="do-number"),
    pytest.param(HEAD + '[[step]]\ndo = "merge"\ninto = "x"', ["缺少字段 units"], "a field missing", id="missing"),
    pytest.param(HEAD + '[[step]]\ndo = "drop"\ntask = 80\nunit = "市教育局"\nunits = 1', ["不认识的字段 units"], "a field of another step", id="field"),
    pytest.param(HEAD + '[[step]]\ndo = "drop"\ntask = "80"\nunit = "市教育局"', ["task", "序号"], "a number in quotes", id="task-text"),
    pytest.param(HEAD + '[[step]]\ndo = "drop"\ntask = true\nunit = "市教育局"', ["task", "序号"], "true is no number", id="task-true"),
    pytest.param(HEAD + '[[step]]\ndo = "merge"\nunits = "市教育局"\ninto = "x"', ["units", "列表"], "one text for a list", id="units-text"),
    pytest.param(HEAD + '[[step]]\ndo = "drop"\ntask = 80\nunit = "市教育厅"', ["市教育厅", "市教育局"], "the nearest is named", id="unit"),
    pytest.param(HEAD + '[[step]]\ndo = "drop"\ntask = 115\nunit = "市教育局"', ["115", "114"], "no such task", id="task"),
    pytest.param(HEAD + '[[step]]\ndo = "drop"\ntask = 0\nunit = "市教育局"', ["第 0 项"], "tasks start at 1", id="task-zero"),
    pytest.param(HEAD + '[[step]]\ndo = "drop"\ntask = 1\nunit = "市教育局"\nnotice = "n"', ["“n”", "421000-2020-jzbf-1"], "no such notice", id="notice"),
    pytest.param(HEAD + '[[step]]\ndo = "drop"\ntask = 18\nunit = "市教育局"', ["第 18 项没有列出“市教育局”"], "not in the task", id="not-in"),
    pytest.param(HEAD + '[[step]]\ndo = "drop"\ntask = 22\nunit = "公安县政府"', ["各县市区政府"], "in the task through a group only", id="through"),
    pytest.param(HEAD + '[[step]]\ndo = "add"\ntask = 80\nunit = "市教育局"', ["已列有“市教育局”"], "there already", id="in-already"),
    pytest.param(HEAD + '[[step]]\ndo = "add"\ntask = 18\nunit = "市教育局"\nrole = "boss"', ["boss", "lead, responsible"], "no such role", id="role"),
    pytest.param(HEAD + '[[step]]\ndo = "role"\ntask = 22\nunit = "市财政局"\nrole = "lead"', ["什么也没有改"], "leads already", id="role-same"),
    pytest.param(HEAD + '[[step]]\ndo = "move"\ntask = 18\nfrom = "市发改委"\nto = "市教育局"', ["牵头的是：市审计局"], "is no lead", id="no-lead"),
    pytest.param(HEAD + '[[step]]\ndo = "move"\ntask = 22\nfrom = "市财政局"\nto = "市国资委"', ["“市国资委”已是"], "both lead", id="leads-already"),
    pytest.param(HEAD + '[[step]]\ndo = "move"\ntask = 18\nfrom = "市审计局"\nto = "市审计局"', ["“市审计局”已是"], "to itself", id="move-self"),
    pytest.param(HEAD + '[[step]]\ndo = "merge"\nunits = ["市教育局", "市教育局"]\ninto = "x"', ["两个不同的单位"], "one unit twice", id="merge-self"),
    pytest.param(HEAD + '[[step]]\ndo = "merge"\nunits = ["市教育局"]\ninto = "市教育局"', ["两个不同的单位"], "into itself", id="merge-into-self"),
    pytest.param(HEAD + '[[step]]\ndo = "dissolve"\nunit = "市教育局"\nheir = "市教育局"', ["自己承接"], "its own heir", id="own-heir"),
    pytest.param(HEAD + '[[step]]\ndo = "split"\nunit = "市教育局"\ninto = ["x"]\ntasks = [80]', ["两个不同的名称"], "one part", id="split-one"),
    pytest.param(HEAD + '[[step]]\ndo = "split"\nunit = "市教育局"\ninto = ["x", "y"]', ["没有任务划给"], "nothing goes", id="split-nothing"),
    pytest.param(HEAD + '[[step]]\ndo = "split"\nunit = "市公交公司"\ninto = ["x", "y"]\ntasks = [60]', ["没有留下"], "all goes", id="split-all"),
    pytest.param(HEAD + '[[step]]\ndo = "split"\nunit = "市教育局"\ninto = ["x", "市财政局"]\ntasks = [80]', ["现有单位"], "a name in use", id="name-taken"),
    pytest.param(HEAD + '[[step]]\ndo = "split"\nunit = "市教育局"\ninto = ["x", "y"]\ntasks = [18]', ["第 18 项没有"], "not its task", id="split-task"),
    pytest.param(HEAD + '[[step]]\ndo = "split"\nunit = "市教育局"\ninto = ["x", "y"]\nsections = ["九"]', ["没有叫“九”的章节"], "no such section", id="section"),
    pytest.param(HEAD + '[[step]]\ndo = "split"\nunit = "市教育局"\ninto = ["x", "y"]\ntasks = [80]\nlines = ["educaton"]', ["educaton", "education"], "no such line of work", id="line"),
    pytest.param(HEAD + '[[step]]\ndo = "merge"\nunits = ["市教育局", "市科技局"]\ninto = " "', ["缺少字段 into"], "a blank name", id="blank-name"),
    pytest.param(
        HEAD + '[[step]]\ndo = "merge"\nunits = ["市教育局", "市科技局"]\ninto = "x"\n[[step]]\ndo = "drop"\ntask = 80\nunit = "市教育局"',
        ["[[step]] 2", "已被第 1 步撤并"], "a unit that an earlier step merged", id="gone",
    ),
    pytest.param(
        HEAD + '[[step]]\ndo = "add"\ntask = 18\nunit = "市教育局"\n[[step]]\ndo = "add"\ntask = 17\nunit = "市教育局"\n'
        '[[step]]\ndo = "drop"\ntask = 18\nunit = "市教育局"',
        ["[[step]] 3", "第 1 步以来"], "added, then dropped", id="undone",
    ),
    pytest.param(
        HEAD + '[[step]]\ndo = "move"\ntask = 18\nfrom = "市审计局"\nto = "市教育局"\n[[step]]\ndo = "move"\ntask = 18\nfrom = "市教育局"\nto = "市审计局"',
        ["[[step]] 2", "互相矛盾"], "moved there and back", id="there-and-back",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said", "why"), BAD)
def test_a_bad_file_says_where_and_what(ties: Ties, tmp_path: Path, text: str, said: list[str], why: str) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(text, encoding="utf-8")
    use_language("zh")
    try:
        with pytest.raises(ScenarioError) as caught:
            read_scenario(path, ties)
        assert str(path) in str(caught.value)
        assert all(words in str(caught.value) for words in said), (why, str(caught.value))
    finally:
        use_language(None)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_faults_are_told_at_once_and_a_fault_makes_no_others(ties: Ties, lang: str) -> None:
    steps = [
        {"do": "merge", "units": ["市教育厅", "市科技局"], "into": "市教科局"},
        {"do": "add", "task": 18, "unit": "市教科局"},
        {"do": "drop", "task": 999, "unit": "市教育局"},
        {"do": "dissolve", "unit": "市教育局"},
        {"do": "dissolve", "unit": "市教育局"},
    ]
    use_language(lang)
    try:
        with pytest.raises(ScenarioError) as caught:
            scenario_of({"title": "t", "step": steps}, ties)
        faults = caught.value.args[2].splitlines()
        assert [fault.partition(":")[0] for fault in faults] == ["scenario [[step]] 1", "scenario [[step]] 3", "scenario [[step]] 5"]
        assert caught.value.args[1] == 3
    finally:
        use_language(None)


def test_a_file_that_is_missing_or_no_toml(ties: Ties, tmp_path: Path) -> None:
    with pytest.raises(SourceMissingError):
        read_scenario(tmp_path / "nowhere.toml", ties)
    (tmp_path / "broken.toml").write_text("title = ", encoding="utf-8")
    with pytest.raises(TableError):
        read_scenario(tmp_path / "broken.toml", ties)


def test_names_are_looked_up_folded_as_aliases_and_as_ids(ties: Ties) -> None:
    for name in ("市生态环境局", " 市生态环境局 ", "unit:421000-ecology-environment", "荆州银保监分局"):
        (step,) = scenario_of({"title": "t", "step": [{"do": "dissolve", "unit": name}]}, ties).steps
        assert isinstance(step, Dissolve)


def test_several_notices_need_the_name_of_one_and_equal_names_an_id() -> None:
    one, other = small([(["a"], ["b"])]), small([(["a"], ["c"])])
    both = replace(
        one,
        notices=(replace(one.notices[0], number="〔2020〕1号"), replace(other.notices[0], id="m", number="〔2021〕1号")),
        tasks=(*one.tasks, *(replace(task, notice="m") for task in other.tasks)),
        units=(*one.units, replace(row(other, "c"), label="b")),
        ties=(*one.ties, *(replace(tie, notice="m") for tie in other.ties)),
    )
    move = {"do": "move", "task": 1, "from": "a", "to": "c"}
    with pytest.raises(ScenarioError, match="notice"):
        scenario_of({"title": "t", "step": [move]}, both)
    (step,) = scenario_of({"title": "t", "step": [{**move, "notice": "〔2021〕1号"}]}, both).steps
    assert isinstance(step, MoveLead)
    assert step.task == ("m", 1)
    alike = replace(both, units=tuple(replace(unit, label="乙") if unit.id != "a" else unit for unit in both.units))
    with pytest.raises(ScenarioError, match="b.+c"):
        scenario_of({"title": "t", "step": [{"do": "dissolve", "unit": "乙"}]}, alike)


def test_a_unit_that_a_step_ended_can_come_back() -> None:
    ties = covered([(["a"], ["c"]), (["b"], ["c"])])
    steps = [{"do": "merge", "units": ["a", "b"], "into": "x"}, {"do": "split", "unit": "x", "into": ["a", "y"], "tasks": [2]}]
    after = apply(ties, scenario_of({"title": "t", "step": steps}, ties))
    assert [tie.unit for tie in after.ties if tie.role is LEAD][0] == "a"
    assert row(after, "a") == row(ties, "a")


def test_a_section_by_index_number_or_title() -> None:
    ties = covered([(["a"], ["b"]), (["a"], [])])
    tasks = tuple(replace(task, section=task.i) for task in ties.tasks)
    ties = replace(ties, tasks=tasks, sections=(SectionRow("n", 1, "一", "经济"), SectionRow("n", 2, "二", "民生")))
    for name in (2, "二", "民生"):
        (step,) = scenario_of({"title": "t", "step": [{"do": "split", "unit": "a", "into": ["a", "y"], "sections": [name]}]}, ties).steps
        assert isinstance(step, Split)
        assert step.tasks == (("n", 2),)


def test_a_new_unit_is_the_same_on_every_run_and_another_elsewhere() -> None:
    part = UnitRow("a", "a", Kind.DEPARTMENT, "municipal", ("finance",), "division:421000", (), "name")
    assert new_unit("新局", [part]) == new_unit(" 新局", [part])
    assert new_unit("新局", [part]).id != new_unit("新局", [replace(part, jurisdiction="division:420500")]).id
    assert new_unit("新局", [part]).id.isascii()


def test_the_example_of_the_help_is_a_scenario(ties: Ties) -> None:
    from kg.messages import catalogue

    for lang in LANGUAGES:
        lines = catalogue(lang)["cli.whatif.example"].split("plan.toml", 3)[-1].splitlines()[1:]
        scenario = scenario_of(tomllib.loads("\n".join(line.strip() for line in lines)), ties)
        assert [step_name(step) for step in scenario.steps] == ["merge", "move"]


def test_teams_are_as_the_steps_say(ties: Ties) -> None:
    after = apply(ties, read_scenario(EXAMPLE, ties))
    names = {unit.id: unit.label for unit in after.units}
    team: Team = teams(after)["421000-2020-jzbf-1", 18]
    assert {names[unit] for unit in team.leads} == {"市自然资源和规划局"}
    assert "市审计局" in {names[unit] for unit in team.others}

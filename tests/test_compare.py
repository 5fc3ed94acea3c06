"""Two years of one place, and two places: what became of tasks, units and load."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from kg.analysis.compare import Comparison, DeadlineChange, LeadChange, RoleChange, compare
from kg.analysis.compare_units import BodyState, NearBodies, as_bodies, part_of
from kg.analysis.load import measure_load
from kg.building.line import read_notices
from kg.graph.ties import ties_of
from kg.model import Change, ChangeKind, Closure, GroupRow, Notice, Reference, Role, Tie, Ties
from kg.sides import joined, renamed

from .conftest import ROOT
from .years import CHANGES, NEW, OLD, limits, two_years

CORPUS = ROOT.parent / "shared" / "corpus"


def compared(changes: tuple[Change, ...] = CHANGES) -> Comparison:
    return compare(two_years(changes), [OLD], [NEW], limits())


Row = tuple[str, list[int], list[int], str, tuple[str, ...], tuple[str, ...], str]
EXPECTED: list[Row] = [
    # What became of it, old and new tasks, lead, units gained, units lost, time limit.
    ("same", [1], [1], "same", (), (), "same"),  # only the number and the year differ
    ("widened", [2], [2], "changed", (), ("zone",), "earlier"),  # lead and share change places, the zone goes
    ("continued", [3], [3], "continued", (), (), "same"),  # the lead was merged
    ("continued", [4], [4], "continued", (), (), "same"),  # lead and share were merged into one
    ("continued", [5], [5], "continued", (), (), "same"),  # the lead was renamed
    ("split", [6], [6, 7], "same", (), (), "same"),  # two leads, one for each part
    ("same", [7], [8], "changed", ("sports-bureau",), ("sports",), "same"),  # perhaps a rename, but nobody said so
    ("dropped", [8], [], "none", (), (), "none"),
    ("dropped", [9], [], "none", (), (), "none"),
    ("merged", [10, 11], [10], "continued", (), ("ndrc",), "same"),  # the later limit of the two counts
    ("new", [], [9], "none", (), (), "none"),
    ("new", [], [11], "none", (), (), "none"),
]


def test_two_years_of_a_city_compared_whole() -> None:
    found = [
        (str(c.kind), [t.i for t in c.old], [t.i for t in c.new], str(c.lead), c.gained, c.lost, str(c.deadline)) for c in compared().claims
    ]
    assert found == EXPECTED


def test_roles_that_changed_are_told() -> None:
    roles = {claim.old[0].i: claim.roles for claim in compared().claims if claim.roles}
    assert roles == {2: (RoleChange("mof", Role.LEAD, Role.RESPONSIBLE), RoleChange("ndrc", Role.RESPONSIBLE, Role.LEAD))}


def test_units_that_changes_tie_go_on() -> None:
    states = {body.id: (body.state, body.old, body.new, tuple(c.id for c in body.changes)) for body in compared().bodies}
    assert states["culture-tourism"] == (BodyState.CONTINUED, ("culture", "tourism"), ("culture-tourism",), ("change:1",))
    assert states["services-data"] == (BodyState.CONTINUED, ("services",), ("services-data",), ("change:2",))
    assert states["sports"][0] is BodyState.LOST
    assert states["sports-bureau"][0] is BodyState.GAINED
    assert {body for body, (state, *_) in states.items() if state is BodyState.KEPT} == {"edu", "health", "mof", "ndrc", "zone"}


def test_a_lost_and_a_gained_unit_of_one_line_are_offered_and_not_merged() -> None:
    assert compared().near == (NearBodies("sports", "sports-bureau", ("sports",)),)


def test_without_its_changes_every_unit_stands_for_itself() -> None:
    found = compared(())
    assert {body.id for body in found.bodies if body.state is BodyState.LOST} == {"culture", "tourism", "services", "sports"}
    assert {near.lost for near in found.near} == {"culture", "tourism", "services", "sports"}
    assert [str(claim.lead) for claim in found.claims].count("changed") == 6


def test_load_follows_the_bodies() -> None:
    loads = {load.body: load for load in compared().loads}
    merged = loads["culture-tourism"]
    # 文化局 and 旅游局 shared task 4: as one body they hold it once, and have no relation in it.
    assert (merged.before.led, merged.after.led, merged.before.relations, merged.after.relations) == (2, 2, 1, 1)
    assert (loads["mof"].before.led, loads["mof"].after.led, loads["mof"].difference.led) == (2, 0, -2)
    assert loads["mof"].before.led_rate == pytest.approx(2 / 11)
    assert loads["zone"].before.relations_without_territories is None
    assert [load.body for load in compared().loads][0] == "mof"


def test_each_side_is_measured_alone() -> None:
    found, ties = compared(), two_years()
    for side, notice in ((found.old, OLD), (found.new, NEW)):
        loads = measure_load(part_of(ties, [notice]))
        assert 2 * side.relations == sum(load.relations for load in loads)
        assert side.units == len(loads)
    for load in found.loads:
        own = {one.unit: one for one in measure_load(as_bodies(part_of(ties, [OLD]), found.bodies))}
        assert load.before.relations == (own[load.body].relations if load.body in own else 0)


def test_lines_of_work_count_a_body_with_two_lines_in_both() -> None:
    found = compared()
    lines = {row.key: row for row in found.lines}
    assert found.two_lined == ("culture-tourism",)
    assert (lines["culture"].after.led, lines["tourism"].after.led) == (2, 2)
    assert lines["culture"].units == (1, 1)
    assert lines["development-reform"].difference.led_rate == pytest.approx(1 / 11)
    kinds = {row.key: row for row in found.kinds}
    assert (kinds["zone"].before.shared, kinds["zone"].after.shared) == (1, 1)
    assert kinds["department"].before.led == 11


def test_two_places_are_compared_by_lines_and_kinds_only() -> None:
    found = compare(two_years((), ("荆州市", "宜昌市")), [OLD], [NEW], limits())
    assert not found.aligned
    assert (found.bodies, found.loads, found.near) == ((), (), ())
    assert {claim.lead for claim in found.claims if claim.old and claim.new} == {LeadChange.APART}
    assert all(not (claim.gained or claim.lost or claim.roles) for claim in found.claims)
    assert found.lines == compared().lines
    assert found.kinds == compared().kinds


@pytest.mark.parametrize("ids", [[OLD], [NEW]])
def test_a_notice_compared_with_itself_is_all_the_same(ids: list[str]) -> None:
    found = compare(two_years(), ids, ids, limits())
    assert {str(claim.kind) for claim in found.claims} == {"same"}
    assert not any(claim.reassigned for claim in found.claims)
    assert {claim.deadline for claim in found.claims} <= {DeadlineChange.SAME, DeadlineChange.NONE}
    assert {body.state for body in found.bodies} == {BodyState.KEPT}
    assert not any(load.difference.relations for load in found.loads)


def one_task(before: str, after: str, *changes: Change) -> Comparison:
    """One task on each side, its units by first letters; capitals lead."""
    base = two_years(changes)
    ties = [
        Tie(notice, 1, unit.lower(), Role.LEAD if unit.isupper() else Role.RESPONSIBLE)
        for notice, units in ((OLD, before), (NEW, after))
        for unit in units
    ]
    units = tuple(replace(base.units[0], id=letter, label=letter, lines=()) for letter in "abcdef")
    return compare(replace(base, units=units, ties=tuple(ties), references=()), [OLD], [NEW])


def change(kind: ChangeKind, originals: str, results: str, day: str = "2024") -> Change:
    return Change(f"change:{kind}-{originals}-{results}", kind, day, tuple(originals), tuple(results), "decision", "test")


LEADS = [
    pytest.param("A", "A", [], LeadChange.SAME, id="same"),
    pytest.param("A", "B", [], LeadChange.CHANGED, id="changed"),
    pytest.param("Ab", "aB", [], LeadChange.CHANGED, id="lead-and-share-change-places"),
    pytest.param("AB", "A", [], LeadChange.CHANGED, id="one-of-two-leads-goes"),
    pytest.param("A", "a", [], LeadChange.REMOVED, id="lead-becomes-share"),
    pytest.param("a", "A", [], LeadChange.ADDED, id="share-becomes-lead"),
    pytest.param("a", "b", [], LeadChange.NONE, id="no-lead-on-either-side"),
    pytest.param("A", "B", [change(ChangeKind.RENAME, "a", "b")], LeadChange.CONTINUED, id="rename-under-another-id"),
    pytest.param("A", "A", [change(ChangeKind.RENAME, "a", "a")], LeadChange.CONTINUED, id="rename-under-one-id"),
    pytest.param("A", "A", [change(ChangeKind.RENAME, "a", "a", "2018")], LeadChange.SAME, id="rename-before-both-sides"),
    pytest.param("AB", "C", [change(ChangeKind.MERGE, "ab", "c")], LeadChange.CONTINUED, id="merger"),
    pytest.param("A", "C", [change(ChangeKind.MERGE, "ab", "c")], LeadChange.CONTINUED, id="merger-with-a-body-that-has-no-task"),
    pytest.param("A", "A", [change(ChangeKind.MERGE, "ab", "a")], LeadChange.SAME, id="takes-in-a-body-that-has-no-task"),
    pytest.param("A", "B", [change(ChangeKind.SPLIT, "a", "bc")], LeadChange.CONTINUED, id="split"),
    pytest.param("A", "C", [change(ChangeKind.RENAME, "a", "b"), change(ChangeKind.RENAME, "b", "c")], LeadChange.CONTINUED, id="chain"),
    pytest.param("A", "B", [change(ChangeKind.MERGE, "ab", "c")], LeadChange.CHANGED, id="both-merge-only-later"),
    pytest.param("Ab", "aB", [change(ChangeKind.MERGE, "ab", "c", "2030")], LeadChange.CHANGED, id="both-stand-on-both-sides"),
    pytest.param("B", "A", [change(ChangeKind.RENAME, "a", "b")], LeadChange.CONTINUED, id="later-side-given-first"),
    pytest.param("A", "B", [change(ChangeKind.RENAME, "a", "c")], LeadChange.CHANGED, id="renamed-to-somebody-else"),
]


@pytest.mark.parametrize(("before", "after", "changes", "expected"), LEADS)
def test_a_rename_is_no_change_of_lead(before: str, after: str, changes: list[Change], expected: LeadChange) -> None:
    (claim,) = [claim for claim in one_task(before, after, *changes).claims if claim.old and claim.old[0].i == 1]
    assert claim.lead is expected


GROUPS = [
    pytest.param(("allCounties", "各县市区政府", "listed"), ("allCounties", "各区政府", "external"), True, id="a-list-and-one-not-known"),
    pytest.param(
        ("allCounties", "各县市区政府", "listed"), ("allCounties", "各县市区政府", "listed"), True, id="other-members-in-another-year"
    ),
    pytest.param(("allCounties", "各县市区政府", "listed"), ("allCounties", "各市州政府", "listed"), False, id="two-lists"),
    pytest.param(("allDepartments", "各部门", "open"), ("allDepartments", "市政府各部门", "external"), True, id="all-departments"),
    pytest.param(
        ("bodyMembers", "双创领导小组成员单位", "external"), ("bodyMembers", "防汛指挥部成员单位", "external"), False, id="two-bodies"
    ),
    pytest.param(("departmentsConcerned", "有关部门", "open"), ("allDepartments", "各部门", "open"), False, id="two-kinds"),
]


@pytest.mark.parametrize(("before", "after", "same"), GROUPS)
def test_a_collective_reference_is_told_by_what_it_means(before: tuple[str, str, str], after: tuple[str, str, str], same: bool) -> None:
    base = two_years()
    groups = tuple(
        GroupRow(key, label, kind, Closure(closure)) for key, (kind, label, closure) in (("group:1", before), ("group:2", after))
    )
    references = (Reference(OLD, 1, "group:1", Role.RESPONSIBLE), Reference(NEW, 1, "group:2", Role.RESPONSIBLE))
    (claim, *_) = compare(replace(base, groups=groups, references=references), [OLD], [NEW]).claims
    assert (claim.groups_gained, claim.groups_lost) == (((), ()) if same else (("group:2",), ("group:1",)))


def test_every_unit_is_in_exactly_one_body() -> None:
    for found in (
        compared(),
        compared(()),
        one_task("AbC", "dEa", change(ChangeKind.SPLIT, "b", "de"), change(ChangeKind.MERGE, "bc", "f")),
    ):
        for side, notice in (("old", OLD), ("new", NEW)):
            held = [unit for body in found.bodies for unit in getattr(body, side)]
            assert len(held) == len(set(held)), notice
            assert set(held) == {unit for claim in found.claims for unit in getattr(claim, f"units_{side}")}


def test_ties_of_two_builds_join_into_one() -> None:
    both = two_years()
    assert joined(part_of(both, [OLD]), part_of(both, [NEW])) == both
    assert joined(both, part_of(both, [NEW])) == both


def test_a_notice_under_one_id_and_another_text_gets_an_id_of_its_own() -> None:
    first = part_of(two_years(), [OLD])
    second = renamed(first, {OLD: f"{OLD}-x"})
    both = joined(first, second)
    assert [notice.id for notice in both.notices] == [OLD, f"{OLD}-x"]
    assert {str(claim.kind) for claim in compare(both, [OLD], [f"{OLD}-x"]).claims} == {"same"}


def as_printed(notice: Notice) -> Notice:
    """The notice with every unit under its printed name, so that the test rests on comparing and not on naming."""
    units = {unit.id: unit for unit in notice.units}
    named = {f"unit:{a.name}": units[a.unit] for task in notice.tasks for a in task.assignments if a.unit in units}
    tasks = tuple(
        replace(task, assignments=tuple(replace(a, unit=f"unit:{a.name}") if a.unit in units else a for a in task.assignments))
        for task in notice.tasks
    )
    printed = tuple(replace(unit, id=key, label=key.removeprefix("unit:"), aliases=()) for key, unit in sorted(named.items()))
    return replace(notice, units=printed, groups=tuple(replace(group, members=()) for group in notice.groups), tasks=tasks)


@pytest.mark.skipif(not (CORPUS / "years").exists(), reason="the corpus is not on this machine")
def test_responsibilities_of_two_years_are_compared_as_by_hand() -> None:
    gold = json.loads((CORPUS / "years" / "pair_D.json").read_text(encoding="utf-8"))
    sides = [as_printed(read_notices([CORPUS / "docs" / gold[side]]).notices[0]) for side in ("old", "new")]
    renames = [("市政务服务局", "市政务服务和数据管理局"), ("市重大办", "市重大项目办"), ("市退役军人事务局", "市退役军人局")]
    known = {unit.id for notice in sides for unit in notice.units}
    changes = [
        Change(f"change:{at}", ChangeKind.RENAME, "2024", (f"unit:{a}",), (f"unit:{b}",), "decision", "renames.json")
        for at, (a, b) in enumerate(renames)
        if {f"unit:{a}", f"unit:{b}"} <= known
    ]
    ties: Ties = ties_of(sides, changes)
    labels = {unit.id: unit.label for unit in ties.units}
    printed = {(match["old"], match["new"]): match["responsibility"] for match in gold["matches"]}
    checked = agreed = 0
    for claim in compare(ties, [sides[0].id], [sides[1].id]).claims:
        answer = printed.get((claim.old[0].i, claim.new[0].i)) if len(claim.old) == len(claim.new) == 1 else None
        if answer is None:
            continue
        checked += 1
        led = claim.lead in (LeadChange.CHANGED, LeadChange.ADDED, LeadChange.REMOVED)
        moved = [sorted(labels[unit] for unit in units) for units in (claim.gained, claim.lost)]
        agreed += led == answer["lead_changed"] and moved == [sorted(answer["units_gained"]), sorted(answer["units_lost"])]
    assert checked >= 25
    assert agreed >= checked - 1

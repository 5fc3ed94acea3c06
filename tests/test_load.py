"""Load: the figures of the Jingzhou notice counted by hand, small cases, and what must always hold."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from math import prod
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.analysis.concentration import concentrate
from kg.analysis.load import Reading, Standing, concentrations, measure_load, overview, standings, teams, unled_relations
from kg.model import LOCAL_BODIES, TERRITORIAL, Closure, GroupRow, Kind, NoticeRow, Reference, Role, TaskRow, Tie, Ties, UnitRow

LEAD, SHARE = Role.LEAD, Role.RESPONSIBLE


@pytest.fixture(scope="module")
def by_label(ties: Ties) -> dict[str, Standing]:
    return {one.label: one for one in standings(ties)}


JINGZHOU = [
    pytest.param("市生态环境局", 58, 54, 4, 40, (58, 90, 107), (5, 4), id="ecology"),
    pytest.param("市发改委", 57, 42, 15, 32, (57, 105, 163), (9, 18), id="development-reform"),
    pytest.param("市经信局", 41, 28, 13, 18, (41, 105, 121), (8, 14), id="industry"),
    pytest.param("市住建局", 34, 23, 11, 26, (34, 42, 58), (4, 11), id="housing"),
    pytest.param("市农业农村局", 33, 27, 6, 11, (33, 81, 140), (8, 7), id="agriculture"),
    pytest.param("市财政局", 32, 22, 10, 18, (32, 56, 73), (5, 10), id="finance"),
]


@pytest.mark.parametrize(("label", "relations", "leading", "sharing", "bare", "interval", "tasks"), JINGZHOU)
def test_the_heaviest_units_of_jingzhou(
    by_label: dict[str, Standing],
    label: str,
    relations: int,
    leading: int,
    sharing: int,
    bare: int,
    interval: tuple[int, ...],
    tasks: tuple[int, int],
) -> None:
    one = by_label[label]
    assert (one.relations, one.from_leading, one.from_sharing) == (relations, leading, sharing)
    assert (one.relations_without_territories, one.interval, (one.led, one.shared)) == (bare, interval, tasks)


def test_the_whole_of_jingzhou(ties: Ties) -> None:
    figures = overview(ties)
    assert (figures.tasks, figures.units, figures.leads, figures.shares, figures.references) == (114, 64, 111, 492, 111)
    assert (figures.relations_total, figures.relations_total_without_territories) == (976, 334)
    assert [i for _, i in figures.without_lead] == [60, 63, 64, 66, 80, 113]
    assert [i for _, i in figures.several_leads] == [22, 62, 102]
    assert len({tie.unit for tie in ties.ties if not tie.through} & {unit.id for unit in ties.units if unit.kind in LOCAL_BODIES}) == 44
    assert [load.led for load in sorted(measure_load(ties), key=lambda load: -load.led)][:4] == [9, 8, 8, 6]


def test_territories_are_ranked_apart_and_come_last(ties: Ties) -> None:
    found = standings(ties)
    apart = [one.kind in {Kind.TERRITORY, Kind.ZONE} for one in found]
    assert apart == sorted(apart)
    assert found[0].rank == 1
    assert found[apart.index(True)].rank == 1
    assert [one.label for one in found if one.universal] == ["荆州开发区管委会", "荆州高新区管委会", "纪南文旅区管委会"]
    assert all(one.relations_without_territories is None for one in found if one.kind is Kind.ZONE)


def test_pairs_that_nobody_coordinates(ties: Ties) -> None:
    assert {i: pairs for (_, i), pairs in unled_relations(ties).items()} == {60: 0, 63: 1, 64: 0, 66: 1, 80: 21, 113: 3}


def small(
    tasks: list[tuple[list[str], list[str]]], kinds: dict[str, Kind] | None = None, references: list[Reference] | None = None
) -> Ties:
    """Ties of one notice from leads and others by task."""
    units = sorted({unit for leads, others in tasks for unit in (*leads, *others)})
    rows = [
        Tie("n", i, unit, role)
        for i, (leads, others) in enumerate(tasks, 1)
        for role, names in ((LEAD, leads), (SHARE, others))
        for unit in names
    ]
    return Ties(
        (NoticeRow("n", "", "", "", "", 2020, "", "", ""),),
        (),
        tuple(TaskRow("n", i, "", None, "", "", 0, 0) for i in range(1, len(tasks) + 1)),
        tuple(UnitRow(unit, unit, (kinds or {}).get(unit, Kind.DEPARTMENT), "", (), "", (), "name") for unit in units),
        (GroupRow("g", "有关部门", "departmentsConcerned", Closure.OPEN), GroupRow("m", "成员单位", "bodyMembers", Closure.EXTERNAL)),
        tuple(rows),
        tuple(references or ()),
        (),
    )


CASES = [
    pytest.param([(["a"], ["b", "c"])], {"a": 2, "b": 1, "c": 1}, "the lead has one with each other, they have none", id="one-lead"),
    pytest.param([(["a", "b"], ["c"])], {"a": 2, "b": 2, "c": 2}, "leads coordinate each other too", id="two-leads"),
    pytest.param([([], ["a", "b"])], {"a": 0, "b": 0}, "without a lead there is nothing but M4", id="nobody-leads"),
    pytest.param([(["a"], [])], {"a": 0}, "a lead without company coordinates nobody", id="alone"),
    pytest.param([(["a"], ["a", "b"])], {"a": 1, "b": 1}, "S_t is without L_t", id="lead-among-the-others"),
    pytest.param([(["a"], ["b", "b"])], {"a": 1, "b": 1}, "a unit printed twice in a task counts once", id="printed-twice"),
    pytest.param([(["a"], ["b"]), (["b"], ["a"])], {"a": 2, "b": 2}, "added up task by task", id="two-tasks"),
]


@pytest.mark.parametrize(("tasks", "expected", "why"), CASES)
def test_relations_of_small_cases(tasks: list[tuple[list[str], list[str]]], expected: dict[str, int], why: str) -> None:
    assert {load.unit: load.relations for load in measure_load(small(tasks))} == expected, why


def test_tasks_of_several_notices_stay_apart() -> None:
    one, other = small([(["a"], ["b"]), ([], ["c"])]), small([(["b"], ["c", "d"])], references=[Reference("n", 1, "g", SHARE)])
    both = replace(
        one,
        notices=(*one.notices, replace(other.notices[0], id="m")),
        tasks=(*one.tasks, *(replace(task, notice="m") for task in other.tasks)),
        units=tuple(sorted({*one.units, *other.units}, key=lambda unit: unit.id)),
        ties=(*one.ties, *(replace(tie, notice="m") for tie in other.ties)),
        references=tuple(replace(reference, notice="m") for reference in other.references),
    )
    assert {load.unit: load.relations for load in measure_load(both)} == {"a": 1, "b": 3, "c": 1, "d": 1}
    assert measure_load(both, reading=Reading.UPPER) == measure_load(both), "a is named in the other notice only"
    assert overview(both).without_lead == (("n", 2),)


def test_other_measures_of_a_small_case() -> None:
    (a, *_) = measure_load(small([(["a"], ["b", "c"]), (["a", "b"], []), (["c"], ["a"])]))
    assert (a.unit, a.led, a.led_fractional, a.shared, a.tasks) == ("a", 2, 1.5, 1, 3)
    assert (a.relations, a.from_leading, a.from_sharing, a.partners) == (4, 3, 1, 2)
    assert a.repetition == 2
    assert a.balance == 0.5
    assert a.effective_partners == pytest.approx(2.0)


def test_an_open_reference_is_at_most_every_local_body_named() -> None:
    kinds = {"a": Kind.DEPARTMENT, "b": Kind.PARTY_ORGAN, "firm": Kind.ENTERPRISE, "zone": Kind.ZONE}
    open_task = Reference("n", 1, "g", SHARE)
    members = Reference("n", 2, "m", SHARE)
    ties = small([(["a"], []), (["b"], ["firm", "zone"])], kinds, [open_task, members])
    upper = {load.unit: load.relations for load in measure_load(ties, reading=Reading.UPPER)}
    assert upper == {"a": 1, "b": 3, "firm": 1, "zone": 1}, "b joins task 1; the members of a body are never guessed"


def test_a_listed_group_opens_in_the_resolved_reading_only() -> None:
    ties = small([(["a"], ["b"])], {"b": Kind.DEPARTMENT})
    ties = replace(
        ties,
        ties=(*ties.ties, Tie("n", 1, "c", SHARE, "group")),
        units=(*ties.units, UnitRow("c", "c", Kind.TERRITORY, "", (), "", (), "register")),
    )
    assert [load.unit for load in measure_load(ties)] == ["a", "b"]
    assert {load.unit: load.relations for load in measure_load(ties, reading=Reading.RESOLVED)} == {"a": 2, "b": 1, "c": 1}
    (last,) = [one for one in standings(ties) if one.unit == "c"]
    assert (last.tasks, last.interval) == (0, (0, 1, 1))


UNITS = st.lists(st.sampled_from("abcdefg"), max_size=5)


@given(st.lists(st.tuples(UNITS, UNITS), min_size=1, max_size=8), st.sampled_from(Reading), st.booleans())
def test_the_sum_of_relations_is_twice_the_pairs_coordinated(
    tasks: list[tuple[list[str], list[str]]], reading: Reading, territorial: bool
) -> None:
    references = [Reference("n", i, "g", SHARE) for i in range(1, len(tasks) + 1, 2)]
    ties = small(tasks, {"a": Kind.ZONE, "b": Kind.TERRITORY, "c": Kind.ENTERPRISE}, references)
    loads = measure_load(ties, reading=reading, territorial=territorial)
    pairs = sum(
        len(team.leads) * len(team.others) + len(team.leads) * (len(team.leads) - 1) // 2
        for team in teams(ties, reading, territorial=territorial).values()
    )
    assert sum(load.relations for load in loads) == 2 * pairs


@given(st.lists(st.tuples(UNITS, UNITS), min_size=1, max_size=8))
def test_every_load_by_its_definition(tasks: list[tuple[list[str], list[str]]]) -> None:
    """M1 to M7 once more, from the sets of leads and others and the formulae of method.md alone."""
    ties = small(tasks)
    ties = replace(ties, tasks=tuple(replace(task, section=task.i % 3 or None) for task in ties.tasks))
    sets = [(set(leads), set(others) - set(leads)) for leads, others in tasks]
    for load in measure_load(ties):
        u = load.unit
        weights = {v: sum((u in L and v in L | S) or (u in S and v in L) for L, S in sets) for v in "abcdefg" if v != u}
        touched = Counter(i % 3 for i, (L, S) in enumerate(sets, 1) if u in L | S and i % 3)
        assert load.led_fractional == pytest.approx(sum(1 / len(L) for L, _ in sets if u in L), abs=1e-9)
        assert (load.led, load.shared) == (sum(u in L for L, _ in sets), sum(u in S for _, S in sets))
        assert load.from_leading == sum(len(S) + len(L) - 1 for L, S in sets if u in L)
        assert load.from_sharing == sum(len(L) for L, S in sets if u in S)
        assert load.relations == sum(weights.values())
        assert load.partners == sum(weight > 0 for weight in weights.values())
        assert load.effective_partners == pytest.approx(hill(list(weights.values())), abs=1e-9)
        assert load.repetition == pytest.approx(load.relations / load.partners if load.partners else 0, abs=1e-9)
        assert load.balance == ((load.from_leading - load.from_sharing) / load.relations if load.relations else None)
        assert (load.sections, load.effective_sections) == (len(touched), pytest.approx(hill(list(touched.values())), abs=1e-9))


def hill(counts: list[int]) -> float:
    """Π p^(−p): the Hill number of order 1 without a logarithm."""
    whole = sum(counts)
    return prod((count / whole) ** (-count / whole) for count in counts if count) if whole else 0


@given(st.lists(st.tuples(UNITS, UNITS), min_size=1, max_size=8), st.permutations("abcdefg"), st.randoms(use_true_random=False))
def test_new_names_and_another_order_change_no_load(tasks: list[tuple[list[str], list[str]]], names: list[str], chance: Random) -> None:
    named = dict(zip("abcdefg", names, strict=True))
    kinds = {"a": Kind.ZONE, "b": Kind.TERRITORY, "c": Kind.ENTERPRISE}
    ties = small(tasks, kinds, [Reference("n", 1, "g", SHARE)])
    renamed = small(
        [([named[u] for u in leads], [named[u] for u in others]) for leads, others in tasks],
        {named[unit]: kind for unit, kind in kinds.items()},
        [Reference("n", 1, "g", SHARE)],
    )
    shuffled = replace(renamed, ties=tuple(chance.sample(renamed.ties, len(renamed.ties))))
    before = {named[one.unit]: replace(one, unit=named[one.unit], label=named[one.unit]) for one in standings(ties)}
    assert {one.unit: one for one in standings(shuffled)} == before
    assert replace(overview(shuffled), gini_error=0) == replace(overview(ties), gini_error=0)


def test_concentration_of_jingzhou(ties: Ties) -> None:
    found, figures = concentrations(ties), overview(ties)
    m3 = found["relations"]
    assert (m3.gini, m3.gini_error, m3.top_share) == (figures.gini, figures.gini_error, figures.top5_share)
    assert list(found) == ["led", "shared", "relations", "relations_without_territories"]
    assert {one.units for one in found.values()} == {len([one for one in standings(ties) if one.tasks and one.kind not in TERRITORIAL])}
    bare = [one.relations_without_territories or 0 for one in standings(ties) if one.tasks and one.kind not in TERRITORIAL]
    assert found["relations_without_territories"] == concentrate(bare)


@given(st.lists(st.tuples(UNITS, UNITS), min_size=1, max_size=6))
def test_readings_only_widen(tasks: list[tuple[list[str], list[str]]]) -> None:
    ties = small(tasks, {}, [Reference("n", 1, "g", SHARE)])
    for one in standings(ties):
        assert one.interval[0] <= one.interval[1] <= one.interval[2]
        assert one.rank_interval[0] <= one.rank <= one.rank_interval[1]
        assert one.relations == one.from_leading + one.from_sharing == one.interval[0]


def test_nothing_at_all() -> None:
    figures = overview(small([]))
    assert (figures.tasks, figures.relations_total, figures.gini, figures.mean_tasks) == (0, 0, 0.0, 0.0)
    assert standings(small([])) == []
